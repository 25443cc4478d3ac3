"""`comparar`: contra el entrenamiento real de Keras, con redes ajenas y en los casos de borde."""

import random
import sys

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

import cursokeras as ck
from cursokeras._backend import keras
from cursokeras._comun.lotes import Lotes


def datos(n=20, d_in=3, d_out=1, semilla=0):
    azar = np.random.default_rng(semilla)
    x = azar.normal(size=(n, d_in)).astype("float32")
    return x, azar.normal(size=(n, d_out)).astype("float32")


def regresion(d_out=1, **opciones):
    opciones = {"ocultas": (4,), "activacion": "tanh", "optimizer": "sgd"} | opciones
    return ck.crear_regresion(3, d_out, semilla=0, **opciones)


class RedPropia:
    """La red de un estudiante, sin nada de cursokeras: una capa oculta tanh y SGD."""

    def __init__(self, tasa=0.01):
        self.tasa = tasa

    def set_weights(self, pesos):
        self.w1, self.b1, self.w2, self.b2 = pesos

    def get_weights(self):
        return [self.w1, self.b1, self.w2, self.b2]

    def train_on_batch(self, x, y):
        h = np.tanh(x @ self.w1 + self.b1)
        error = h @ self.w2 + self.b2 - y
        d2 = 2 * error / error.size
        d1 = d2 @ self.w2.T * (1 - h**2)
        self.ultimos = [x.T @ d1, d1.sum(axis=0), h.T @ d2, d2.sum(axis=0)]
        for w, g in zip(self.get_weights(), self.ultimos, strict=True):
            w -= self.tasa * g
        return np.mean(error**2)


class RedQueMuestra(RedPropia):
    """La misma, que además muestra sus predicciones y sus gradientes."""

    def forward(self, x):
        return np.tanh(x @ self.w1 + self.b1) @ self.w2 + self.b2

    @property
    def grads(self):
        return self.ultimos


# ---- Contra el entrenamiento de Keras ----


def copia(modelo):
    otro = keras.models.clone_model(modelo)
    otro.set_weights(modelo.get_weights())
    config = modelo.optimizer.get_config()
    optimizador = type(modelo.optimizer).from_config(config)
    otro.compile(optimizer=optimizador, loss=modelo.loss, metrics=["mae"])
    return otro


MODELOS = {
    "regresión con SGD": lambda: (regresion(), *datos()),
    "dos salidas con momento": lambda: (
        regresion(2, optimizer=keras.optimizers.SGD(0.1, momentum=0.9)),
        *datos(d_out=2),
    ),
    "clasificación con Adam": lambda: (
        ck.crear_clasificacion(3, 3, ocultas=(4,), learning_rate=0.05, semilla=0),
        datos()[0],
        np.arange(20) % 3,
    ),
    "binaria con RMSprop": lambda: (
        ck.crear_binaria(3, ocultas=(4,), optimizer="rmsprop", semilla=0),
        datos()[0],
        np.arange(20) % 2,
    ),
}


@pytest.mark.parametrize("crear", [pytest.param(v, id=k) for k, v in MODELOS.items()])
def test_la_perdida_de_keras_es_la_de_su_propio_entrenamiento(crear):
    modelo, x, y = crear()
    resultado = ck.comparar(modelo, x, y, epochs=2, batch_size=8, semilla=5)
    assert resultado.iguales, resultado.explicacion
    original = copia(modelo)
    lotes, perdidas = Lotes(x, y.reshape(len(y), -1), batch_size=8, semilla=5), []
    for epoca in range(2):
        lotes.epoca = epoca
        perdidas += [original.train_on_batch(*lotes[i])[0] for i in range(len(lotes))]
    np.testing.assert_allclose(resultado.tabla["pérdida_keras"], perdidas, rtol=1e-5)


def test_doscientos_pasos_con_adam_siguen_juntos():
    modelo, (x, y) = regresion(ocultas=(8, 4), optimizer="adam"), datos(64)
    resultado = ck.comparar(modelo, x, y, epochs=25, batch_size=8)
    assert len(resultado.tabla) == 200
    assert resultado.tabla["pesos"].max() < 5e-5


def test_el_modelo_queda_como_estaba():
    modelo = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
    modelo.compile(optimizer="adam", loss="mse", metrics=["mae"])
    keras.utils.set_random_seed(7)
    pesos, azar, de_numpy = modelo.get_weights(), random.getstate(), np.random.get_state()[1]
    ck.comparar(modelo, *datos(), epochs=1)
    assert random.getstate() == azar
    np.testing.assert_array_equal(np.random.get_state()[1], de_numpy)
    for w, antes in zip(modelo.get_weights(), pesos, strict=True):
        np.testing.assert_array_equal(w, antes)
    assert not modelo.optimizer.built
    assert modelo.train_function is None
    assert keras.layers.Dropout(0.5, seed=None).seed_generator is not None
    historia = modelo.fit(*datos(), epochs=1, verbose=0)
    assert set(historia.history) == {"loss", "mae"}


def test_el_estado_de_un_optimizador_que_ya_entreno_no_cambia():
    modelo, (x, y) = regresion(optimizer="adam"), datos()
    modelo.fit(x, y, epochs=2, verbose=0)
    antes = [v.numpy() for v in modelo.optimizer.variables]
    assert ck.comparar(modelo, x, y, epochs=1).iguales
    for variable, valor in zip(modelo.optimizer.variables, antes, strict=True):
        np.testing.assert_array_equal(variable.numpy(), valor)


# ---- Formas de los datos ----


@pytest.mark.parametrize(
    ("n", "batch_size", "filas"),
    [
        pytest.param(1, 32, [1], id="una fila"),
        pytest.param(5, 32, [5], id="lote mayor que los datos"),
        pytest.param(10, 4, [4, 4, 2], id="último lote incompleto"),
        pytest.param(4, 1, [1, 1, 1, 1], id="lotes de una fila"),
    ],
)
@pytest.mark.parametrize("d_out", [1, 3])
def test_los_lotes_incompletos_tambien_se_comparan(n, batch_size, filas, d_out):
    resultado = ck.comparar(
        regresion(d_out), *datos(n, d_out=d_out), epochs=1, batch_size=batch_size
    )
    assert resultado.iguales, resultado.explicacion
    assert resultado.tabla["filas"].tolist() == filas
    assert resultado.diferencia_maxima < 1e-5


def test_acepta_listas_tablas_y_objetivos_de_una_dimension():
    x, y = datos()
    esperada = ck.comparar(regresion(), x, y, epochs=1).tabla
    for otra_x, otra_y in ((x.tolist(), y[:, 0].tolist()), (pd.DataFrame(x), pd.Series(y[:, 0]))):
        tabla = ck.comparar(regresion(), otra_x, otra_y, epochs=1).tabla
        pd.testing.assert_frame_equal(tabla, esperada)


def test_la_precision_doble_se_compara_en_precision_doble():
    modelo = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1, dtype="float64")])
    modelo.compile(optimizer="sgd", loss="mse")
    assert ck.comparar(modelo, *datos(), epochs=2).diferencia_maxima < 1e-13


def test_la_semilla_cambia_el_orden_de_las_filas():
    x, y = datos()
    una, otra = (ck.comparar(regresion(), x, y, batch_size=8, semilla=s).tabla for s in (0, 1))
    assert not np.allclose(una["pérdida_keras"], otra["pérdida_keras"])


# ---- Ruido que no es un error ----


def test_un_gradiente_que_se_cancela_no_es_un_error():
    # Con pesos en cero la probabilidad es 0.5 y los errores de XOR suman cero: solo queda ruido.
    modelo = ck.crear_binaria(2, ocultas=(8,), activacion="tanh", semilla=0)
    modelo.layers[-1].kernel.assign(np.zeros((8, 1)))
    assert ck.comparar(modelo, *ck.datos.xor(), epochs=20).iguales


def test_un_modelo_que_llego_al_minimo_sigue_siendo_igual():
    # Cerca del mínimo el gradiente es casi todo redondeo.
    x, y = ck.datos.lineal(n=50, ruido=0)
    modelo = ck.crear_regresion(2, optimizer="sgd", learning_rate=0.5, semilla=0)
    resultado = ck.comparar(modelo, x, y, epochs=60, batch_size=50)
    assert resultado.iguales, resultado.explicacion
    assert resultado.tabla["pérdida_keras"].iloc[-1] < 1e-9


def test_unos_pesos_que_se_apagan_no_se_separan():
    # En XOR sin capa oculta el mínimo está en pesos cero: al final solo queda redondeo.
    modelo = ck.crear_binaria(2, optimizer="sgd", learning_rate=4.0, semilla=0)
    resultado = ck.comparar(modelo, *ck.datos.xor(), epochs=150)
    assert resultado.iguales, resultado.explicacion
    assert resultado.tabla["pérdida_keras"].iloc[-1] == pytest.approx(np.log(2), abs=1e-7)


class _SumaEnOtroOrden(RedPropia):
    """Una capa lineal que suma las filas al revés: el mismo número, con otro redondeo."""

    def set_weights(self, pesos):
        self.w, self.b = pesos

    def get_weights(self):
        return [self.w, self.b]

    def train_on_batch(self, x, y):
        error = x @ self.w + self.b - y
        for w, g in ((self.w, x.T @ error), (self.b, error[::-1].cumsum(axis=0)[-1])):
            w -= self.tasa * 2 * g / error.size
        return np.mean(error**2)


def test_un_sesgo_que_no_sale_de_cero_no_se_separa():
    # Los objetivos suman cero y x también: el sesgo se queda en cero salvo por el redondeo.
    x, y = datos(37)
    modelo = ck.crear_regresion(3, optimizer="sgd", semilla=0)
    modelo.set_weights([np.zeros((3, 1)), np.zeros(1)])
    otra = _SumaEnOtroOrden()
    resultado = ck.comparar(
        modelo, x - x.mean(axis=0), y - y.mean(), contra=otra, batch_size=37, epochs=3
    )
    assert resultado.iguales, resultado.explicacion
    assert 0 < np.abs(otra.b).max() < 1e-8


def test_el_redondeo_acumulado_se_distingue_de_un_error():
    resultado = ck.comparar(regresion(), *datos(), epochs=10, batch_size=4, tolerancia=1e-7)
    assert resultado.causa == "redondeo_acumulado"
    assert "No es un error" in resultado.explicacion
    assert "≈ Se separan por redondeo" in resultado._repr_html_()
    assert resultado.primer_paso_distinto.que == "peso"


# ---- Lo que deja de ser un número ----


def test_si_las_dos_divergen_se_dice_y_se_termina():
    # El programa de la clase 4: SGD con 0.01 sobre las columnas sin escalar.
    x, y = ck.datos.estudiantes("notas")
    modelo = ck.crear_regresion(3, 2, optimizer="sgd", learning_rate=0.5, semilla=0)
    resultado = ck.comparar(modelo, x, y, epochs=200)
    assert resultado.iguales
    assert len(resultado.tabla) < 200
    assert "las dos redes divergen" in resultado.explicacion
    assert resultado.tabla["pesos"].isna().tolist() == [False] * (len(resultado.tabla) - 1) + [True]
    assert "Escala las columnas" in resultado.explicacion


def test_si_divergen_en_el_primer_lote_no_se_afirma_nada():
    x, y = datos()
    resultado = ck.comparar(regresion(), x, 1e30 * y)
    assert not resultado.iguales
    assert "No hay ningún lote" in resultado.explicacion
    assert np.isnan(resultado.diferencia_maxima)
    resultado._repr_html_()


class _DaNan(RedQueMuestra):
    def train_on_batch(self, x, y):
        perdida = super().train_on_batch(x, y)
        self.w1[:] = np.nan
        return perdida


def test_si_solo_la_otra_llega_a_nan_se_dice_donde():
    resultado = ck.comparar(regresion(), *datos(), contra=_DaNan())
    assert resultado.primer_paso_distinto[:2] == (1, 1)
    assert resultado.primer_paso_distinto.que == "peso"
    assert "los números de tu red" in resultado.explicacion
    assert resultado.diferencia_maxima == np.inf


# ---- Redes ajenas ----


def test_una_red_correcta_escrita_por_otro_es_igual():
    resultado = ck.comparar(regresion(), *datos(), contra=RedQueMuestra(), batch_size=8)
    assert resultado.iguales, resultado.explicacion
    assert resultado.nombre == "tu red"
    assert resultado.segundos.keys() == {"Keras", "tu red"}


def test_lo_que_la_red_no_muestra_no_se_compara_y_se_dice():
    resultado = ck.comparar(regresion(), *datos(), contra=RedPropia())
    assert resultado.iguales
    assert resultado.tabla[["activaciones", "gradientes"]].isna().all(axis=None)
    assert "No se compararon sus activaciones ni sus gradientes" in resultado.explicacion


def test_sin_gradientes_tambien_se_encuentra_la_tasa():
    resultado = ck.comparar(regresion(), *datos(), contra=RedPropia(tasa=0.02))
    assert resultado.primer_paso_distinto[:4] == (1, 1, "", "peso")
    assert resultado.causa == "tasa_de_aprendizaje"
    assert "0.02" in resultado.explicacion
    assert "0.01" in resultado.explicacion


class _OlvidaLaDerivada(RedQueMuestra):
    def train_on_batch(self, x, y):
        h = np.tanh(x @ self.w1 + self.b1)
        error = h @ self.w2 + self.b2 - y
        d2 = 2 * error / error.size
        d1 = d2 @ self.w2.T
        self.ultimos = [x.T @ d1, d1.sum(axis=0), h.T @ d2, d2.sum(axis=0)]
        for w, g in zip(self.get_weights(), self.ultimos, strict=True):
            w -= self.tasa * g
        return np.mean(error**2)


def test_el_error_de_una_red_ajena_tambien_se_reconoce():
    modelo = regresion()
    resultado = ck.comparar(modelo, *datos(), contra=_OlvidaLaDerivada())
    capa = modelo.layers[0].name
    assert resultado.primer_paso_distinto[:4] == (1, 1, capa, "gradiente")
    assert resultado.causa == "sin_derivada"


class _OlvidaYNoMuestra(_OlvidaLaDerivada):
    grads = None


def test_los_gradientes_que_no_se_muestran_se_deducen_de_los_pesos():
    modelo = regresion()
    resultado = ck.comparar(modelo, *datos(), contra=_OlvidaYNoMuestra())
    assert resultado.primer_paso_distinto[2:4] == (modelo.layers[0].name, "peso")
    assert resultado.causa == "sin_derivada"
    assert "si su tasa es la de Keras" in resultado.explicacion


class _SigmoideAdentro(RedQueMuestra):
    """Se equivoca en la capa oculta, que no muestra: solo se ve la salida."""

    def forward(self, x):
        return 1 / (1 + np.exp(-(x @ self.w1 + self.b1))) @ self.w2 + self.b2


def test_el_error_de_una_capa_que_no_se_muestra_se_busca_hacia_atras():
    modelo = regresion()
    resultado = ck.comparar(modelo, *datos(), contra=_SigmoideAdentro())
    assert resultado.primer_paso_distinto[2:4] == ("", "activación")
    assert resultado.causa == "otra_activacion"
    assert f"la capa {modelo.layers[0].name!r} usa sigmoid" in resultado.explicacion


class _EnsuciaLosDatos(RedQueMuestra):
    def train_on_batch(self, x, y):
        perdida = super().train_on_batch(x, y)
        x[:], y[:] = 0, 0
        return perdida


def test_una_red_que_cambia_los_datos_no_cambia_los_de_keras():
    x, y = datos()
    copia_x = x.copy()
    assert ck.comparar(regresion(), x, y, contra=_EnsuciaLosDatos(), batch_size=8).iguales
    np.testing.assert_array_equal(x, copia_x)


class _DosErrores(_OlvidaLaDerivada):
    """La tasa está mal siempre; la derivada, solo desde el segundo lote."""

    def train_on_batch(self, x, y):
        self.pasos = getattr(self, "pasos", 0) + 1
        clase = RedQueMuestra if self.pasos == 1 else _OlvidaLaDerivada
        return clase.train_on_batch(self, x, y)


def test_de_dos_errores_se_informa_el_primero():
    resultado = ck.comparar(regresion(), *datos(), contra=_DosErrores(tasa=0.1), batch_size=8)
    assert resultado.primer_paso_distinto[:4] == (1, 1, "", "peso")
    assert resultado.causa == "tasa_de_aprendizaje"


class _ConRuido(RedQueMuestra):
    def train_on_batch(self, x, y):
        perdida = super().train_on_batch(x, y)
        azar = np.random.default_rng(0)
        self.ultimos = [g * azar.normal(size=g.shape) for g in self.ultimos]
        return perdida


class _OtraFormula(RedQueMuestra):
    def forward(self, x):
        return super().forward(x) ** 3 + 0.1


@pytest.mark.parametrize(
    ("red", "que"),
    [
        pytest.param(_OtraFormula(), "activación", id="otra fórmula"),
        pytest.param(_ConRuido(), "gradiente", id="ruido"),
    ],
)
def test_lo_que_no_se_reconoce_se_dice(red, que):
    resultado = ck.comparar(regresion(), *datos(), contra=red)
    assert resultado.primer_paso_distinto.que == que
    assert resultado.causa == ""
    assert "No reconozco la causa" in resultado.explicacion


class _FallaAdentro(RedPropia):
    def train_on_batch(self, x, y):
        return {}["no_existe"]


def test_una_excepcion_de_la_red_que_no_se_sabe_explicar_dice_de_que_metodo_viene():
    with pytest.raises(ValueError, match=r"train_on_batch.*KeyError.*no_existe") as lanzado:
        ck.comparar(regresion(), *datos(), contra=_FallaAdentro())
    assert isinstance(lanzado.value.__cause__, KeyError)


class _SinSumar(RedQueMuestra):
    def train_on_batch(self, x, y):
        h = np.tanh(x @ self.w1 + self.b1)
        d2 = 2 * (h @ self.w2 + self.b2 - y) / y.size
        d1 = d2 @ self.w2.T * (1 - h**2)
        self.ultimos = [x.T @ d1, d1, h.T @ d2, d2.sum(axis=0)]
        for w, g in zip(self.get_weights(), self.ultimos, strict=True):
            w -= self.tasa * g


def test_una_excepcion_que_se_sabe_explicar_se_explica():
    modelo = regresion()
    resultado = ck.comparar(modelo, *datos(), contra=_SinSumar())
    assert resultado.primer_paso_distinto[:4] == (1, 1, modelo.layers[0].name, "gradiente")
    assert resultado.causa == "sesgo_sin_sumar"
    assert "tu red lanzó ValueError" in resultado.explicacion


class _FaltaUnGradiente(RedQueMuestra):
    @property
    def grads(self):
        return self.ultimos[:3]


class _IgnoraLosPesos(RedPropia):
    """Empieza siempre desde cero, sin mirar los pesos que se le dan."""

    def set_weights(self, pesos):
        super().set_weights([0 * w for w in pesos])


class _PesosAlReves(RedPropia):
    def get_weights(self):
        return [self.w1.T, self.b1, self.w2, self.b2]


def _con_dropout():
    capas = [keras.layers.Dense(4), keras.layers.Dropout(0.5, name="apaga"), keras.layers.Dense(1)]
    modelo = keras.Sequential([keras.Input((3,)), *capas])
    modelo.compile(loss="mse")
    return modelo


def _con(**metodos):
    """Una red correcta a la que se le cambian unos métodos."""
    return type("MiRed", (RedPropia,), metodos)()


def _con_mish():
    modelo = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1, "mish")])
    modelo.compile(loss="mse")
    return modelo


def _sin_pesos():
    modelo = keras.Sequential([keras.Input((3,)), keras.layers.Flatten()])
    modelo.compile(loss="mse")
    return modelo


def _sin_compilar():
    return keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])


@pytest.mark.parametrize(
    ("modelo", "opciones", "mensaje"),
    [
        pytest.param(regresion, {"contra": object()}, "le falta get_weights", id="sin métodos"),
        pytest.param(
            regresion, {"contra": _FaltaUnGradiente()}, "3 gradientes", id="falta un gradiente"
        ),
        pytest.param(regresion, {"contra": _PesosAlReves()}, "kernel", id="pesos transpuestos"),
        pytest.param(
            regresion, {"contra": _IgnoraLosPesos()}, "pesos.0.", id="pesos que no se guardan"
        ),
        pytest.param(regresion, {"contra": RedPropia}, r"RedPropia\(\), con", id="una clase"),
        pytest.param(regresion, {"contra": regresion()}, "modelo de Keras", id="otro modelo"),
        pytest.param(
            regresion, {"contra": _con(set_weights=lambda s: None)}, "TypeError", id="mal declarado"
        ),
        pytest.param(
            regresion, {"contra": _con(get_weights=lambda s: 3)}, "int", id="un número por pesos"
        ),
        pytest.param(
            regresion, {"contra": _con(forward=lambda s, x: "a")}, "return a", id="forward de texto"
        ),
        pytest.param(
            regresion, {"contra": _con(grads=lambda s: [])}, "@property", id="grads sin property"
        ),
        pytest.param(
            regresion,
            {"contra": _con(train_on_batch=lambda *_: [])},
            "return perdida",
            id="lista vacía",
        ),
        pytest.param(_con_mish, {}, "'mish', y solo hay linear", id="activación sin gemela"),
        pytest.param(_sin_pesos, {}, "no tiene pesos", id="sin pesos"),
        pytest.param(lambda: ck.desde_keras(regresion()), {}, "a_keras", id="al revés"),
        pytest.param(
            regresion, {"semilla": 1.5}, "semilla=1.5: se esperaba", id="semilla no entera"
        ),
        pytest.param(regresion, {"tolerancia": None}, "tolerancia=None", id="tolerancia vacía"),
        pytest.param(regresion, {"contra": "jax"}, "'jax' no existe", id="contra qué"),
        pytest.param(regresion, {"epochs": 0}, "epochs=0", id="sin épocas"),
        pytest.param(regresion, {"batch_size": 2.5}, "batch_size=2.5", id="lote no entero"),
        pytest.param(regresion, {"tolerancia": 0}, "tolerancia=0", id="sin tolerancia"),
        pytest.param(regresion, {"tolerancia": "poca"}, "'poca'", id="tolerancia con letras"),
        pytest.param(_con_dropout, {}, "Dropout .apaga.", id="dropout"),
        pytest.param(_sin_compilar, {}, "compile", id="sin compilar"),
    ],
)
def test_lo_que_no_se_puede_comparar_se_explica(modelo, opciones, mensaje):
    with pytest.raises(ValueError, match=mensaje):
        ck.comparar(modelo(), *datos(), **opciones)


def test_los_datos_que_no_son_para_el_modelo_se_explican():
    x, y = datos()
    with pytest.raises(ValueError, match="columnas"):
        ck.comparar(regresion(), x[:, :2], y)
    with pytest.raises(ValueError, match="filas"):
        ck.comparar(regresion(), x, y[:5])


def test_sin_pytorch_se_dice_que_instalar(monkeypatch):
    # Un None en sys.modules hace que importarlo falle, como si no estuviera instalado.
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(ModuleNotFoundError, match="pip install torch"):
        ck.comparar(regresion(), *datos(), contra="torch")


# ---- A la vista ----


@pytest.fixture(scope="module")
def distinta():
    return ck.comparar(regresion(), *datos(), contra=_OlvidaLaDerivada(), batch_size=8)


def test_el_grafico_tiene_las_dos_perdidas_y_las_diferencias(distinta):
    arriba, abajo = distinta.graficar()
    rotulos = [linea.get_label() for linea in arriba.lines[:2]]
    assert rotulos == ["Keras", "tu red"]
    np.testing.assert_allclose(arriba.lines[0].get_ydata(), distinta.tabla["pérdida_keras"])
    assert abajo.get_yscale() == "log"
    assert [linea.get_label() for linea in abajo.lines[:4]] == [
        "activaciones",
        "pérdida",
        "gradientes",
        "pesos",
    ]
    assert "lote" in abajo.get_xlabel()
    assert abajo.get_ylabel().startswith("diferencia relativa")
    plt.close("all")


def test_el_grafico_usa_los_ejes_que_se_le_dan(distinta):
    _, ejes = plt.subplots(2)
    assert distinta.graficar(ejes) is ejes
    assert len(plt.get_fignums()) == 1
    plt.close("all")


def test_la_lamina_tiene_veredicto_explicacion_grafico_y_tabla(distinta):
    html = distinta._repr_html_()
    for parte in ("✗ Se separan", "Causa probable", "data:image/png;base64,", "<table"):
        assert parte in html
    assert not plt.get_fignums()
    assert "✓ Coinciden" in ck.comparar(regresion(), *datos(), epochs=1)._repr_html_()


class _SinSumarEnOtroArreglo(_SinSumar):
    """Al restar sin modificar el arreglo, NumPy agranda el sesgo y no se queja."""

    def train_on_batch(self, x, y):
        h = np.tanh(x @ self.w1 + self.b1)
        error = h @ self.w2 + self.b2 - y
        d2 = 2 * error / y.size
        d1 = d2 @ self.w2.T * (1 - h**2)
        self.ultimos = [x.T @ d1, d1, h.T @ d2, d2.sum(axis=0)]
        pesos = zip(self.get_weights(), self.ultimos, strict=True)
        self.w1, self.b1, self.w2, self.b2 = [w - self.tasa * g for w, g in pesos]
        return np.mean(error**2)


class _SinSumarNiMostrar(_SinSumarEnOtroArreglo):
    grads = None


@pytest.mark.parametrize(
    ("red", "que"),
    [
        pytest.param(_SinSumarEnOtroArreglo(), "gradiente", id="muestra los gradientes"),
        pytest.param(_SinSumarNiMostrar(), "peso", id="no los muestra"),
    ],
)
def test_un_sesgo_que_crece_se_explica(red, que):
    resultado = ck.comparar(regresion(), *datos(), contra=red)
    assert resultado.primer_paso_distinto.que == que
    assert resultado.causa == "sesgo_sin_sumar"
    assert "de forma (4,) a (20, 4)" in resultado.explicacion


class _ErrorConHtml(_SinSumar):
    def train_on_batch(self, x, y):
        try:
            super().train_on_batch(x, y)
        except ValueError:
            raise ValueError("<b>x</b>") from None


def test_la_lamina_no_deja_pasar_html_ajeno():
    html = ck.comparar(regresion(), *datos(), contra=_ErrorConHtml())._repr_html_()
    assert "<b>x</b>" not in html
    assert "&lt;b&gt;x" in html


def test_al_mostrarla_se_lee_la_explicacion(distinta):
    assert repr(distinta) == distinta.explicacion
    assert "Keras y tu red se separan en la época 1, lote 1" in distinta.explicacion
