"""graficar_historia: qué curvas dibuja, qué época marca, qué escala elige y qué errores explica."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

import cursokeras as ck
from cursokeras.graficos import graficar_historia

LOSS, VAL_LOSS = [3.0, 2.0, 1.5, 1.2], [3.1, 2.2, 2.4, 2.6]
HISTORIA = {
    "loss": LOSS,
    "val_loss": VAL_LOSS,
    "mae": [1.7, 1.4, 1.2, 1.1],
    "val_mae": [1.8, 1.5, 1.4, 1.6],
}
NAN, INF = float("nan"), float("inf")


def rotulos(ejes):
    return ejes.get_legend_handles_labels()[1]


def curva(ejes, rotulo):
    """La única línea cuyo rótulo empieza así."""
    (linea,) = [linea for linea in ejes.lines if linea.get_label().startswith(rotulo)]
    return linea


def epoca_marcada(linea):
    (posicion,) = linea.get_markevery()
    assert linea.get_marker() == "o"
    return linea.get_xdata()[posicion]


@pytest.fixture(scope="module")
def entrenada():
    """Una Historia de verdad, con validación y una métrica."""
    x, y = ck.datos.lineal(n=60, semilla=0)
    modelo = ck.crear_regresion(2, learning_rate=0.3, semilla=0)
    return ck.entrenar(modelo, x, y, epochs=6, patience=None, semilla=0, verbose=0)


def hacer_history(historia):
    from cursokeras._backend import keras

    registro = keras.callbacks.History()
    registro.history = historia
    return registro


class TestCurvas:
    @pytest.mark.parametrize(
        "convertir",
        [dict, pd.DataFrame, hacer_history, lambda h: {k: np.array(v) for k, v in h.items()}],
        ids=["diccionario", "tabla", "History de Keras", "diccionario de arreglos"],
    )
    def test_dibuja_las_dos_curvas_desde_la_epoca_1(self, convertir):
        ejes = graficar_historia(convertir(HISTORIA))
        for rotulo, valores in (("entrenamiento", LOSS), ("validación", VAL_LOSS)):
            linea = curva(ejes, rotulo)
            np.testing.assert_array_equal(linea.get_xdata(), [1, 2, 3, 4])
            np.testing.assert_array_equal(linea.get_ydata(), valores)
        assert ejes.get_title() == "Pérdida por época"
        assert (ejes.get_xlabel(), ejes.get_ylabel()) == ("Época", "Pérdida")

    def test_las_curvas_se_distinguen_sin_color(self):
        ejes = graficar_historia(HISTORIA)
        trazos = {curva(ejes, nombre).get_linestyle() for nombre in ("entrenamiento", "validación")}
        assert len(trazos) == 2

    def test_una_historia_de_entrenar_y_su_tabla_dan_lo_mismo(self, entrenada):
        de_historia, de_tabla = graficar_historia(entrenada), graficar_historia(entrenada.tabla())
        assert rotulos(de_historia) == rotulos(de_tabla)
        linea = curva(de_historia, "validación")
        np.testing.assert_array_equal(linea.get_ydata(), entrenada.history["val_loss"])
        assert epoca_marcada(linea) == entrenada.mejor_epoca

    def test_una_historia_de_desde_cero(self):
        desde_cero = ck.desde_cero
        modelo = desde_cero.Sequential([desde_cero.Input((1,)), desde_cero.layers.Dense(1)])
        modelo.compile(loss="mse", optimizer="sgd")
        historia = modelo.fit(np.ones((4, 1)), np.ones((4, 1)), epochs=3, verbose=0)
        linea = curva(graficar_historia(historia), "entrenamiento")
        np.testing.assert_array_equal(linea.get_ydata(), historia.history["loss"])

    @pytest.mark.parametrize("metrica", ["mae", "val_mae"])
    def test_otra_medida_con_su_nombre_en_espanol(self, metrica):
        ejes = graficar_historia(HISTORIA, metrica)
        np.testing.assert_array_equal(curva(ejes, "validación").get_ydata(), HISTORIA["val_mae"])
        assert ejes.get_ylabel() == "Error absoluto medio"

    def test_una_medida_desconocida_sale_como_se_llama(self):
        assert graficar_historia({"mi_medida": [1, 2]}).get_ylabel() == "mi_medida"

    def test_dibuja_en_los_ejes_que_recibe(self):
        figura, (izquierda, derecha) = plt.subplots(1, 2)
        assert graficar_historia(HISTORIA, ax=derecha) is derecha
        assert not izquierda.lines
        assert plt.get_fignums() == [figura.number]


@pytest.mark.parametrize("epocas", [1, 2, 5, 6, 48, 1000])
def test_las_marcas_del_eje_son_epocas_que_existen(epocas):
    ejes = graficar_historia({"loss": np.linspace(2, 1, epocas)})
    ejes.figure.canvas.draw()
    marcas = ejes.get_xticks()
    assert len(marcas)
    assert all(marcas >= 1)
    assert [t.get_text() for t in ejes.get_xticklabels()] == [f"{marca:.0f}" for marca in marcas]


class TestMejorEpoca:
    def test_es_la_de_menor_perdida_de_validacion(self):
        ejes = graficar_historia(HISTORIA)
        assert epoca_marcada(curva(ejes, "validación")) == 2
        assert rotulos(ejes) == ["entrenamiento", "validación (mejor época: 2, con 2.2)"]

    def test_sin_validacion_es_la_de_menor_perdida(self):
        ejes = graficar_historia({"loss": LOSS})
        assert rotulos(ejes) == ["entrenamiento (mejor época: 4, con 1.2)"]

    def test_en_otra_medida_marca_la_misma_epoca(self):
        linea = curva(graficar_historia(HISTORIA, "mae"), "validación")
        assert epoca_marcada(linea) == 2
        assert linea.get_label() == "validación (mejor época: 2, con 1.5)"

    def test_sin_perdidas_no_marca_ninguna(self):
        assert rotulos(graficar_historia({"mae": [2, 1]})) == ["entrenamiento"]

    def test_una_sola_epoca_se_ve(self):
        ejes = graficar_historia({"loss": [2.0], "val_loss": [2.1]})
        assert [linea.get_marker() for linea in ejes.lines] == ["o", "o"]
        assert 1 in ejes.get_xticks()

    @pytest.mark.parametrize(
        ("valor", "escrito"),
        [
            (1_234_567.8, "1 234 568"),
            (999.7, "1 000"),
            (0.01234, "0.0123"),
            (8.633e-5, r"$8.63\cdot10^{-5}$"),
            (3e20, r"$3\cdot10^{20}$"),
            (0, "0"),
        ],
        ids=["miles", "casi mil", "decimales", "muy pequeño", "enorme", "cero"],
    )
    def test_el_valor_se_escribe_corto(self, valor, escrito):
        (rotulo,) = rotulos(graficar_historia({"loss": [9e30, valor]}))
        assert rotulo == f"entrenamiento (mejor época: 2, con {escrito})"


class TestValoresNoFinitos:
    @pytest.mark.parametrize("malo", [NAN, INF], ids=["nan", "infinito"])
    def test_senala_la_primera_epoca_y_marca_la_mejor_de_las_demas(self, malo):
        ejes = graficar_historia({"loss": [3.0, 2.0, malo, malo]})
        assert rotulos(ejes) == [
            "entrenamiento (mejor época: 2, con 2)",
            "entrenamiento: nan o infinito en la época 3",
        ]
        assert list(ejes.lines[1].get_xdata()) == [3, 3]
        assert ejes.get_xlim()[1] > 4

    def test_todo_nan_se_dibuja_y_se_dice(self):
        ejes = graficar_historia({"loss": [NAN, NAN]})
        assert rotulos(ejes)[-1] == "entrenamiento: nan o infinito en la época 1"


class TestEscala:
    @pytest.mark.parametrize(
        ("valores", "escala"),
        [
            ([100, 10, 1], "log"),
            ([3.1, 40, 900, NAN], "log"),
            ([3, 2, 1], "linear"),
            ([100, 10, 0], "linear"),
            ([100, 1, -1], "linear"),
        ],
        ids=["dos décadas", "diverge", "menos de una década", "llega a cero", "negativos"],
    )
    def test_es_logaritmica_si_recorre_decadas_y_todo_es_positivo(self, valores, escala):
        ejes = graficar_historia({"loss": valores})
        assert ejes.get_yscale() == escala
        assert ("escala logarítmica" in ejes.get_ylabel()) == (escala == "log")

    @pytest.mark.parametrize(
        ("valores", "marcas"),
        [
            ([40, 0.3], ["0.5", "1", "2", "5", "10", "20"]),
            ([1e8, 2e6], [r"$2\cdot10^{6}$", r"$5\cdot10^{6}$", "$10^{7}$"]),
            ([1e6, 1], ["1", "10", "100", "1000", "$10^{4}$"]),
        ],
        ids=["números cortos", "millones", "muchas décadas"],
    )
    def test_la_escala_logaritmica_lleva_numeros_legibles(self, valores, marcas):
        ejes = graficar_historia({"loss": valores})
        ejes.figure.canvas.draw()
        abajo, arriba = ejes.get_ylim()
        vistas = [
            t.get_text() for t in ejes.get_yticklabels() if abajo <= t.get_position()[1] <= arriba
        ]
        assert vistas[: len(marcas)] == marcas

    def test_la_lineal_tampoco_usa_la_notacion_e(self):
        ejes = graficar_historia({"loss": [3e-5, 2e-5]})
        ejes.figure.canvas.draw()
        exponente = ejes.yaxis.get_offset_text().get_text()
        assert "1e" not in exponente
        assert "10^{" in exponente


class TestComparar:
    @pytest.mark.parametrize(
        ("historias", "nombres"),
        [
            ({"adam": HISTORIA, "sgd": {"loss": LOSS}}, ("adam", "sgd")),
            ({0.1: HISTORIA, 0: {"loss": LOSS}}, ("0.1", "0")),
            ([HISTORIA, pd.DataFrame({"loss": LOSS})], ("historia 1", "historia 2")),
        ],
        ids=["con nombres", "con números", "en una lista"],
    )
    def test_cada_historia_con_su_nombre_y_su_color(self, historias, nombres):
        ejes = graficar_historia(historias)
        uno, otro = nombres
        assert rotulos(ejes) == [
            f"{uno} · entrenamiento",
            f"{uno} · validación (mejor época: 2, con 2.2)",
            f"{otro} · entrenamiento (mejor época: 4, con 1.2)",
        ]
        colores = [linea.get_color() for linea in ejes.lines]
        assert colores[0] == colores[1] != colores[2]

    def test_las_de_distinto_largo_caben(self):
        ejes = graficar_historia([{"loss": LOSS}, {"loss": LOSS * 3}])
        assert ejes.get_xlim()[1] > 12


class TestErrores:
    @pytest.mark.parametrize(
        ("argumentos", "explicacion"),
        [
            ((HISTORIA, "accuracy"), "No existe la medida 'accuracy'.*: 'loss', 'mae'"),
            ((HISTORIA, ["mae"]), "No existe la medida"),
            (({"a": HISTORIA, "b": {"loss": LOSS}}, "mae"), "en la historia 'b'"),
            (({},), "vacía"),
            (({"loss": []},), "no terminó ninguna época"),
            (([],), "lista de historias está vacía"),
            (([3.0, 2.0],), "'historia 1' es de tipo float"),
            ((None,), "Pasa lo que devuelve entrenar"),
            (({"loss": LOSS, "val_loss": [1, 2]},), "validation_freq"),
            (({"loss": ["a", "b"]},), "no es un número por época"),
            (({"loss": LOSS, "f1": np.ones((4, 3))}, "f1"), "no es un número por época"),
            ((HISTORIA, None, plt), "se esperaban unos ejes de Matplotlib"),
        ],
        ids=[
            "medida que no existe", "medida en una lista", "medida que le falta a una", "vacía",
            "sin épocas", "lista vacía", "lista de números", "nada", "largos distintos", "textos",
            "varios valores por época", "ejes que no lo son",
        ],
    )  # fmt: skip
    def test_dice_que_llego_y_que_escribir(self, argumentos, explicacion):
        with pytest.raises(ValueError, match=explicacion):
            graficar_historia(*argumentos)

    def test_un_modelo_no_es_una_historia(self):
        with pytest.raises(ValueError, match="es de tipo Sequential"):
            graficar_historia(ck.crear_regresion(2))
