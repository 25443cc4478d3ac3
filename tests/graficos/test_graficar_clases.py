"""graficar_confusion y graficar_regiones: las cuentas, las regiones y cómo se leen las clases."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import confusion_matrix
from sklearn.tree import DecisionTreeClassifier

import cursokeras as ck
from cursokeras.graficos import graficar_confusion, graficar_regiones
from cursokeras.graficos.etiquetas import leer_clases

CARRERAS = ["LS", "LI", "IC"]
P = np.array([[0.1, 0.3, 0.6], [0.3, 0.2, 0.5], [0.8, 0.1, 0.1]])


def cuentas(ejes):
    numeros = [int(texto.get_text()) for texto in ejes.texts]
    lado = int(len(numeros) ** 0.5)
    return np.reshape(numeros, (lado, lado))


def nombres(eje):
    return [texto.get_text() for texto in eje.get_ticklabels()]


class TestLeerClases:
    @pytest.mark.parametrize(
        "y",
        [[0, 2, 1], [0.0, 2.0, 1.0], [[0], [2], [1]], np.eye(3)[[0, 2, 1]],
         pd.Series([0, 2, 1], dtype="Int64"), pd.DataFrame({"Carrera": [0, 2, 1]})],
        ids=["enteros", "decimales enteros", "columna", "one-hot", "Int64 de pandas", "tabla"],
    )  # fmt: skip
    def test_las_mismas_clases_escritas_de_otro_modo(self, y):
        reales, predichas, hay = leer_clases(y, P)
        assert (reales.tolist(), predichas.tolist()) == ([0, 2, 1], [2, 2, 0])
        assert hay.tolist() == ["0", "1", "2"]

    @pytest.mark.parametrize(
        "y_pred",
        [[[0.2], [0.9], [0.5]], [0.2, 0.9, 0.5], [0, 1, 0], [False, True, False]],
        ids=["sigmoide (n, 1)", "sigmoide (n,)", "clases", "booleanos"],
    )
    def test_la_binaria_elige_1_si_pasa_de_un_medio(self, y_pred):
        assert leer_clases([0, 1, 1], y_pred)[1].tolist() == [0, 1, 0]

    def test_los_textos_se_ordenan_y_con_clases_mandan_ellas(self):
        y = pd.Series(["LS", "LI", "LS"], dtype="category")
        reales, _, hay = leer_clases(y, ["LI", "LI", "LS"])
        assert (reales.tolist(), hay.tolist()) == ([1, 0, 1], ["LI", "LS"])
        reales, predichas, hay = leer_clases(y, P, CARRERAS)
        assert (reales.tolist(), predichas.tolist()) == ([0, 1, 0], [2, 2, 0])
        assert hay.tolist() == CARRERAS

    def test_las_etiquetas_no_tienen_que_empezar_en_cero(self):
        reales, predichas, hay = leer_clases([-1, 1], [1, 1])
        assert (reales.tolist(), predichas.tolist()) == ([0, 1], [1, 1])
        assert hay.tolist() == ["-1", "1"]

    def test_una_clase_que_no_aparece_conserva_su_lugar(self):
        assert leer_clases([0, 0, 0], P[2:].repeat(3, axis=0))[2].tolist() == ["0", "1", "2"]

    @pytest.mark.parametrize(
        ("y", "y_pred", "clases", "explicacion"),
        [
            ([0.5, 1.5], [0, 1], None, "números con decimales, como 0.5"),
            ([[1, 1], [0, 1]], [0, 1], None, "no es one-hot"),
            ([0, 1], [12.5, 3.1], None, "no son clases ni probabilidades"),
            ([0, 1], [0.5, -0.1], None, "no son clases ni probabilidades"),
            (["LS", "LI"], [0, 1], None, "unas son textos y otras números"),
            ([0, 3], [0, 1], CARRERAS, "Hay filas de la clase 3"),
            ([0, -1], [0, 1], CARRERAS, "Hay filas de la clase -1"),
            (["LS", "MM"], ["LS", "LS"], CARRERAS, "Hay filas de la clase 'MM'"),
            ([0, 1], [0.5, np.nan], None, "y_pred tiene valores que faltan"),
            (["a", None], ["a", "a"], None, "y tiene valores que faltan"),
            ([], [], None, r"y tiene la forma \(0,\)"),
            (np.zeros((2, 2, 2)), [0, 1], None, r"forma \(2, 2, 2\)"),
        ],
        ids=["y con decimales", "y con dos unos", "regresión", "negativas", "textos y números",
             "clase de más", "clase negativa", "texto sin nombre", "nan", "texto que falta",
             "vacía", "3-D"],
    )  # fmt: skip
    def test_dice_que_llego_y_que_escribir(self, y, y_pred, clases, explicacion):
        with pytest.raises(ValueError, match=explicacion):
            leer_clases(y, y_pred, clases)


class TestConfusion:
    @pytest.mark.filterwarnings("ignore:A single label")  # De scikit-learn, no nuestro.
    @settings(max_examples=10, deadline=None)
    @given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=60))
    def test_las_cuentas_son_las_de_scikit_learn(self, pares):
        y, y_pred = np.transpose(pares)
        ejes = graficar_confusion(y, y_pred)
        esperadas = confusion_matrix(y, y_pred, labels=np.union1d(y, y_pred))
        np.testing.assert_array_equal(cuentas(ejes), esperadas)
        assert f"accuracy {100 * np.mean(y == y_pred):.1f} %" in ejes.get_title()

    def test_el_color_es_la_parte_de_cada_clase_real(self):
        ejes = graficar_confusion([0, 0, 0, 0, 1], [0, 0, 0, 1, 1])
        (imagen,) = ejes.images
        np.testing.assert_allclose(imagen.get_array(), [[0.75, 0.25], [0, 1]])
        assert imagen.get_clim() == (0, 1)

    def test_una_clase_sin_filas_queda_en_blanco(self):
        ejes = graficar_confusion([0, 0, 2], P, clases=CARRERAS)
        np.testing.assert_array_equal(ejes.images[0].get_array()[1], [0, 0, 0])
        assert (nombres(ejes.xaxis), nombres(ejes.yaxis)) == (CARRERAS, CARRERAS)
        assert (ejes.get_xlabel(), ejes.get_ylabel()) == ("Clase predicha", "Clase real")

    def test_filas_distintas(self):
        with pytest.raises(ValueError, match="mismas filas"):
            graficar_confusion([0, 1], [0, 1, 1])


X = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])


class Escalones:
    """Un clasificador cuya frontera se conoce: la clase cambia en x₁ = 1/3 y en x₁ = 2/3."""

    def __init__(self, salida):
        self.salida = salida

    def predict(self, x):
        return self.salida((3 * np.asarray(x)[:, 0]).clip(0, 2).astype(int))


def clase_pintada(ejes, x1, x2):
    """El número de la clase cuyo color se ve en ese punto, según los colores de la leyenda."""
    (imagen,) = ejes.images
    assert imagen.origin == "lower"
    izquierda, derecha, abajo, arriba = imagen.get_extent()
    colores = imagen.get_array()
    columna = round((x1 - izquierda) / (derecha - izquierda) * (colores.shape[1] - 1))
    fila = round((x2 - abajo) / (arriba - abajo) * (colores.shape[0] - 1))
    puros = [nube.get_facecolor()[0][:3] for nube in ejes.collections if nube.get_label()[0] != "_"]
    # El color se aclara donde el modelo duda: lo que se compara es su tono.
    tonos = 1 - np.array([*puros, colores[fila, columna]])
    *tonos, visto = tonos / np.linalg.norm(tonos, axis=1, keepdims=True)
    return int((tonos @ visto).argmax())


class TestRegiones:
    @pytest.mark.parametrize(
        "salida",
        [lambda k: k, lambda k: np.eye(3)[k], lambda k: 0.4 * np.eye(3)[k] + 0.2,
         lambda k: np.array(["a", "b", "c"])[k]],
        ids=["clases", "one-hot", "softmax", "textos"],
    )  # fmt: skip
    def test_cada_punto_tiene_el_color_de_su_clase(self, salida):
        y = salida(np.array([0, 2, 0, 2]))
        ejes = graficar_regiones(Escalones(salida), X, y if y.ndim == 1 else [0, 2, 0, 2])
        vistas = [clase_pintada(ejes, x1, 0.5) for x1 in (0.1, 0.5, 0.9)]
        assert vistas == [0, 1, 2]
        assert ejes.get_title() == "Regiones de decisión: accuracy 100.0 %"

    def test_el_color_es_la_seguridad_y_donde_no_decide_es_blanco(self):
        class Rampa:
            def predict(self, x):
                return np.asarray(x)[:, :1].clip(0, 1)

        ejes = graficar_regiones(Rampa(), X, [0, 0, 1, 1])
        colores = ejes.images[0].get_array()
        fuerza = (1 - colores.min(axis=2))[150]
        assert fuerza.min() < 0.01
        assert fuerza[0] == fuerza[-1] == pytest.approx(0.45)
        assert np.all(np.diff(fuerza[160:250]) > 0)
        assert len(ejes.collections) == 3

    def test_quien_responde_un_medio_en_todas_partes_no_tiene_frontera(self):
        azar = np.random.default_rng(0)

        class Medio:
            def predict(self, x):
                return 0.5 + 1e-6 * azar.normal(size=(len(x), 1))

        ejes = graficar_regiones(Medio(), X, [0, 1, 1, 0])
        assert len(ejes.collections) == 2
        assert ejes.images[0].get_array().min() > 0.99
        assert [texto.get_text() for texto in ejes.texts] == ["no se decide en ninguna parte"]

    def test_la_leyenda_no_tapa_el_plano(self):
        ejes = graficar_regiones(DecisionTreeClassifier().fit(X, [0, 0, 1, 1]), X, [0, 0, 1, 1])
        ejes.figure.canvas.draw()
        assert not ejes.get_legend().get_window_extent().overlaps(ejes.get_window_extent())

    def test_arriba_es_el_segundo_eje(self):
        ejes = graficar_regiones(DecisionTreeClassifier().fit(X, [0, 0, 1, 1]), X, [0, 0, 1, 1])
        assert [clase_pintada(ejes, 0.5, x2) for x2 in (0.1, 0.9)] == [0, 1]

    @pytest.mark.parametrize("convertir", [np.ravel, lambda p: p], ids=["(n,)", "(n, 1)"])
    def test_una_sigmoide_parte_el_plano_en_un_medio(self, convertir):
        class Sigmoide:
            def predict(self, x):
                return convertir(1 / (1 + np.exp(-20 * (x[:, :1] - 0.5))))

        ejes = graficar_regiones(Sigmoide(), X, [0, 1, 0, 0], clases=["no", "sí"])
        assert [clase_pintada(ejes, x1, 0.5) for x1 in (0.45, 0.55)] == [0, 1]
        assert ejes.get_legend_handles_labels()[1] == ["no", "sí"]
        assert "75.0 %" in ejes.get_title()

    def test_los_puntos_son_los_datos_por_clase(self):
        ejes = graficar_regiones(LogisticRegression().fit(X, [0, 1, 0, 1]), X, [0, 1, 0, 1])
        nubes = {nube.get_label(): nube for nube in ejes.collections}
        np.testing.assert_array_equal(nubes["1"].get_offsets(), X[[1, 3]])
        assert (ejes.get_xlabel(), ejes.get_ylabel()) == ("x₁", "x₂")

    @pytest.mark.filterwarnings("error")
    def test_una_tabla_nombra_los_ejes_y_llega_al_modelo_con_sus_columnas(self):
        tabla = pd.DataFrame(X, columns=["Estudio", "Promedio"])
        arbol = DecisionTreeClassifier().fit(tabla, ["no", "sí", "no", "sí"])
        ejes = graficar_regiones(arbol, tabla, ["no", "sí", "no", "sí"])
        assert (ejes.get_xlabel(), ejes.get_ylabel()) == ("Estudio", "Promedio")

    @pytest.mark.parametrize("one_hot", [False, True], ids=["enteros", "one-hot"])
    def test_un_modelo_de_keras_callado(self, capfd, one_hot):
        modelo = ck.crear_clasificacion(2, 3, semilla=0)
        pesos = np.array([[-6.0, 0.0, 6.0], [0.0, 0.0, 0.0]])
        modelo.set_weights([pesos, np.array([2.0, 0.0, -4.0])])
        y = [0, 2, 0, 2]
        ejes = graficar_regiones(modelo, X, np.eye(3)[y] if one_hot else y)
        assert [clase_pintada(ejes, x1, 0.5) for x1 in (0.25, 0.5, 0.75)] == [0, 1, 2]
        assert capfd.readouterr().out == ""

    def test_un_modelo_desde_cero(self):
        desde_cero = ck.desde_cero
        modelo = desde_cero.Sequential(
            [desde_cero.Input((2,)), desde_cero.layers.Dense(1, activation="sigmoid")]
        )
        modelo.set_weights([np.array([[8.0], [0.0]]), np.array([-4.0])])
        ejes = graficar_regiones(modelo, X, [0, 1, 0, 1])
        assert [clase_pintada(ejes, x1, 0.5) for x1 in (0.4, 0.6)] == [0, 1]

    @pytest.mark.filterwarnings("error")
    def test_una_columna_constante_tiene_margen(self):
        ejes = graficar_regiones(Escalones(lambda k: k), X * [1, 0], [0, 2, 0, 2])
        assert ejes.get_ylim()[0] < 0 < ejes.get_ylim()[1]

    @pytest.mark.parametrize(
        ("x", "y", "explicacion"),
        [
            (np.ones((4, 3)), [0, 1, 0, 1], r"forma \(4, 3\).*dos variables"),
            (np.ones((4, 2, 1)), [0, 1, 0, 1], r"forma \(4, 2, 1\)"),
            ([1.0, 2.0], [0, 1], r"forma \(2,\)"),
            (X, [0, 1], "mismas filas"),
            (X, [0.5, 1, 0, 1], "números con decimales"),
            ([["a", "b"]], [0], "deja solo números"),
            (X * np.nan, [0, 1, 0, 1], "deja solo números"),
        ],
        ids=["tres columnas", "3-D", "1-D", "filas distintas", "regresión", "textos", "nan"],
    )
    def test_dice_que_llego_y_que_escribir(self, x, y, explicacion):
        with pytest.raises(ValueError, match=explicacion):
            graficar_regiones(Escalones(lambda k: k), x, y)

    def test_una_red_de_regresion_no_tiene_regiones(self):
        modelo = ck.crear_regresion(2, semilla=0)
        modelo.set_weights([np.array([[50.0], [3.0]]), np.array([7.0])])
        with pytest.raises(ValueError, match="Usa un clasificador"):
            graficar_regiones(modelo, X, [0, 1, 0, 1])
