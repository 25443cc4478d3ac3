"""Lo que queda en un cuaderno: la línea de progreso, los avisos, los errores y ninguna traza."""

import re
import types
import warnings

import pytest

from cursokeras._comun import cuaderno as modulo
from cursokeras._comun.hallazgos import Hallazgo
from tests._comun.un_cuaderno import correr

PREPARAR = """
import warnings
import numpy as np
import cursokeras as ck
from cursokeras import graficos
from cursokeras._backend import keras
from IPython.display import display

x, y = ck.datos.lineal(n=64, semilla=0)
azar = np.random.default_rng(0).normal(size=64)

def modelo():
    return ck.crear_regresion(2, learning_rate=0.1, semilla=0)

def con_aviso():
    ck.entrenar(modelo(), x * [1, 0], y, epochs=1, verbose=0)

class Pulsar(keras.callbacks.Callback):
    def on_epoch_begin(self, epoch, logs=None):
        if epoch == 2:
            import signal
            signal.raise_signal(signal.SIGINT)
"""

CELDAS = {
    "entrenar": "h = ck.entrenar(modelo(), x, azar, epochs=400, patience=3, semilla=0)",
    "otra vez": "h = ck.entrenar(modelo(), x, y, epochs=2, semilla=0)",
    "interrumpir": "h = ck.entrenar(modelo(), x, y, callbacks=[Pulsar()], semilla=0)",
    "aviso": "pass\nck.entrenar(modelo(), x * [1, 0], y, epochs=1, verbose=0);",
    "aviso callado": "with warnings.catch_warnings():\n"
    "    warnings.simplefilter('ignore')\n    con_aviso()",
    "aviso como error": "with warnings.catch_warnings():\n"
    "    warnings.simplefilter('error')\n    con_aviso()",
    "aviso recogido": "with warnings.catch_warnings(record=True) as avisos:\n"
    "    warnings.simplefilter('always')\n    con_aviso()\n"
    "print(len(avisos), type(avisos[0].message).__name__)",
    "aviso de otro": "warnings.warn('de otro')",
    "error": "def clase(x):\n    return ck.entrenar(modelo(), x, y)\n\nclase(x[:, :1])",
    "error de graficar": "ck.graficar_historia(3)",
    "la traza entera": "%tb",
    "dos errores": "ck.entrenar(modelo(), x, y, epochs=0, semilla=-1)",
    "con etiquetas": "ck.datos.leer_tabla('<b>no.csv')",
    "del usuario": "int('a')",
    "de su callback": "class Propio(keras.callbacks.Callback):\n"
    "    def on_epoch_end(self, epoch, logs=None):\n        {}['clave']\n"
    "ck.entrenar(modelo(), x, y, callbacks=[Propio()], verbose=0)",
    "mal escrita": "x = = 3",
    "mal sangrada": "if True:\nx = 3",
    "fallo nuestro": "graficos.lienzo.plt = None\nck.graficar_historia({'loss': [1.0]})",
    "revisar": "display(ck.revisar(modelo(), x * [1, 0], y))",
    "historia": "display(h)",
    "autos": "display(ck.datos.autos())",
    "moda": "display(ck.datos.moda())",
    "evaluar": "display(ck.evaluar(modelo(), x, y))",
    "comparar": "display(ck.comparar(modelo(), x, y, epochs=1))",
}


@pytest.fixture(scope="module")
def cuaderno():
    """Las salidas guardadas de cada celda, por su nombre."""
    primera, *demas = correr(PREPARAR, *CELDAS.values())
    assert primera == []
    return dict(zip(CELDAS, demas, strict=True))


def de_tipo(salidas, tipo):
    return [salida for salida in salidas if salida["tipo"] == tipo]


class TestProgreso:
    def test_queda_una_sola_linea_con_lo_ultimo(self, cuaderno):
        (linea,) = de_tipo(cuaderno["entrenar"], "display")
        assert re.fullmatch(
            r"época \d+/400 · 0:\d\d · pérdida \S+ · validación \S+ · mejor \S+",
            linea["text/plain"],
        )
        assert linea["cambios"] >= 1
        assert set(linea) == {"tipo", "id", "cambios", "text/plain"}

    def test_parar_a_tiempo_no_es_un_error(self, cuaderno):
        linea, salida = cuaderno["entrenar"]
        epoca = re.match(r"época (\d+)/400", linea["text/plain"])
        assert salida["tipo"] == "stdout"
        assert salida["texto"].startswith(f"Se detuvo en la época {epoca[1]}: ")

    def test_cada_entrenamiento_tiene_su_linea(self, cuaderno):
        una, otra = (de_tipo(cuaderno[c], "display") for c in ("entrenar", "otra vez"))
        assert len(una) == len(otra) == 1
        assert una[0]["id"] != otra[0]["id"]
        assert otra[0]["text/plain"].startswith("época 2/2 · ")

    def test_interrumpir_se_dice_como_en_un_cuaderno(self, cuaderno):
        linea, salida = cuaderno["interrumpir"]
        assert salida["texto"].startswith("Interrumpido con ■ después de 2 épocas")
        assert "Ctrl-C" not in str(cuaderno["interrumpir"])
        assert linea["text/plain"].startswith("época 2/100 · ")


class TestAvisos:
    def test_sale_en_un_cuadro_y_no_en_rojo(self, cuaderno):
        (cuadro,) = cuaderno["aviso"]
        assert "⚠ Aviso · línea 2" in cuadro["text/html"]
        assert "mismo valor en todas las filas" in cuadro["text/html"]
        assert "→ No enseñan nada: quítalas" in cuadro["text/html"]
        assert "230,159,0" in cuadro["text/html"]
        assert cuadro["text/plain"].startswith("Aviso (línea 2): ")
        assert "/tmp" not in str(cuadro)

    def test_obedece_a_los_filtros(self, cuaderno):
        assert cuaderno["aviso callado"] == []
        tipos = [salida["tipo"] for salida in cuaderno["aviso como error"]]
        assert tipos == ["error"]

    def test_los_que_recoge_un_programa_no_se_muestran(self, cuaderno):
        assert cuaderno["aviso recogido"] == [{"tipo": "stdout", "texto": "1 AvisoDeDatos\n"}]

    def test_los_de_otros_siguen_siendo_de_otros(self, cuaderno):
        (salida,) = cuaderno["aviso de otro"]
        assert salida["tipo"] == "stderr"
        assert "UserWarning: de otro" in salida["texto"]


class TestErrores:
    def test_el_nuestro_es_un_cuadro_y_las_lineas_del_usuario(self, cuaderno):
        cuadro, error = cuaderno["error"]
        assert "✗ ErrorDeDatos" in cuadro["text/html"]
        assert "→ " in cuadro["text/html"]
        assert "213,94,0" in cuadro["text/html"]
        assert error["ename"] == "ErrorDeDatos"
        lineas = [linea for linea in error["texto"].splitlines() if not linea.startswith("     ")]
        celda = re.match(r"Celda (In\[\d+\]), ", lineas[0])[1]
        assert lineas == [
            f"Celda {celda}, línea 4",
            "---->   4 clase(x[:, :1])",
            f"Celda {celda}, línea 2, en clase",
            "---->   2     return ck.entrenar(modelo(), x, y)",
            "ErrorDeDatos (%tb muestra también los pasos dentro de cursokeras)",
        ]

    def test_el_de_un_grafico_tambien(self, cuaderno):
        cuadro, error = cuaderno["error de graficar"]
        assert "La historia es de tipo int" in cuadro["text/html"]
        assert "cursokeras/" not in error["texto"]

    def test_con_tb_se_ve_la_traza_entera(self, cuaderno):
        (error,) = cuaderno["la traza entera"]
        assert "_comun/historias.py" in error["texto"]
        assert "La historia es de tipo int" in error["texto"]

    def test_varios_problemas_van_en_el_mismo_cuadro(self, cuaderno):
        cuadro, _ = cuaderno["dos errores"]
        assert "ErrorDeDatos: 2 problemas" in cuadro["text/html"]
        assert cuadro["text/html"].count("→ ") == 2

    def test_el_texto_del_usuario_no_es_html(self, cuaderno):
        cuadro, _ = cuaderno["con etiquetas"]
        assert "&lt;b&gt;" in cuadro["text/html"]
        assert "<b>" not in cuadro["text/html"]

    def test_un_error_del_usuario_se_ve_como_siempre(self, cuaderno):
        (error,) = cuaderno["del usuario"]
        assert "invalid literal for int" in error["texto"]
        assert "Traceback" in error["texto"]

    def test_el_de_su_callback_se_ve_sin_lo_que_hay_en_medio(self, cuaderno):
        (error,) = cuaderno["de su callback"]
        assert error["ename"] == "KeyError"
        assert "{}['clave']" in error["texto"]
        assert "ck.entrenar(modelo(), x, y, callbacks=[Propio()]" in error["texto"]
        assert "cursokeras/" not in error["texto"]
        assert "site-packages" not in error["texto"]

    @pytest.mark.parametrize(
        ("celda", "ename"), [("mal escrita", "SyntaxError"), ("mal sangrada", "IndentationError")]
    )
    def test_uno_de_sintaxis_tambien(self, cuaderno, celda, ename):
        (error,) = cuaderno[celda]
        assert error["ename"] == ename
        assert "interactiveshell" not in error["texto"]

    def test_un_fallo_nuestro_se_ve_entero(self, cuaderno):
        (error,) = cuaderno["fallo nuestro"]
        assert error["ename"] == "AttributeError"
        assert "cursokeras/graficos/lienzo.py" in error["texto"]


class TestObjetos:
    @pytest.mark.parametrize(
        ("celda", "texto"),
        [
            ("revisar", "⚠ Aviso"),
            ("historia", "val_loss"),
            ("autos", "Fuel_Type"),
            ("moda", "clases"),
            ("evaluar", "rmse"),
            ("comparar", "Keras"),
        ],
    )
    def test_lo_que_devuelve_se_ve(self, cuaderno, celda, texto):
        assert texto in cuaderno[celda][-1]["text/html"]


@pytest.mark.parametrize("gravedad", ["error", "aviso", "nota"])
def test_el_cuadro_usa_la_letra_del_tema_y_un_fondo_casi_transparente(gravedad):
    cuadro = modulo.caja(Hallazgo(gravedad, "c", "x", "Llegó x.", "Escribe y."))
    assert not re.search(r"(?<![-\w])color:", cuadro)
    assert re.search(r"background:rgba\([\d,]+,\.1\d\)", cuadro)


@pytest.mark.parametrize(
    ("archivo", "nombre"),
    [
        ("<ipython-input-3-0a1b2c>", "Celda In[3]"),
        ("/tmp/ipython-input-12-123456.py", "Celda In[12]"),
        ("/home/ana/red.py", "/home/ana/red.py"),
    ],
)
def test_en_ipython_7_el_numero_de_la_celda_esta_en_su_archivo(archivo, nombre):
    interprete = types.SimpleNamespace(compile=object())
    assert modulo._nombrar(archivo, interprete) == nombre


def test_en_una_terminal_de_ipython_no_hay_cuadro():
    _, celda = correr("import cursokeras as ck", "ck.graficar_historia(3)", nucleo=False)
    (error,) = celda
    ultima = error["texto"].splitlines()[-1]
    assert ultima.startswith("ErrorDeDatos: La historia es de tipo int.")
    assert "cursokeras/" not in error["texto"]


def test_el_manejador_de_otro_se_respeta():
    poner = "get_ipython().set_custom_exc((Exception,), lambda *a, **k: print('el de otro'))"
    *_, celda = correr(poner, "import cursokeras as ck", "ck.graficar_historia(3)")
    assert celda == [{"tipo": "stdout", "texto": "el de otro\n"}]


def test_fuera_de_ipython_nada_cambia():
    antes = warnings.showwarning
    modulo.instalar()
    assert warnings.showwarning is antes
