"""graficar_imagenes: qué imágenes salen, en qué orden y con qué texto."""

import numpy as np
import pytest

import cursokeras as ck
from cursokeras._comun.paleta import PALETA
from cursokeras.graficos import graficar_imagenes

# Cuatro imágenes lisas, cada una de otro gris: por su color se sabe cuál es.
X = np.full((4, 6, 6), 0.0) + np.array([0, 1, 2, 4]).reshape(4, 1, 1) / 4
Y = [0, 1, 2, 2]
P = np.array([[0.9, 0.1, 0.0], [0.2, 0.7, 0.1], [0.6, 0.3, 0.1], [0.3, 0.3, 0.4]])
CLASES = ["té", "café", "mate"]


def dibujadas(ejes):
    return [float(imagen.get_array()[0, 0]) for imagen in ejes.images]


def textos(ejes):
    return [texto.get_text() for texto in ejes.texts]


class TestPeoresPrimero:
    def test_por_la_probabilidad_de_la_clase_real(self):
        ejes = graficar_imagenes(X, Y, P, clases=CLASES)
        assert dibujadas(ejes) == [0.5, 1, 0.25, 0]
        assert textos(ejes) == [
            "real: mate\n✗ té, 60 %",
            "real: mate\n✓ mate, 40 %",
            "real: café\n✓ café, 70 %",
            "real: té\n✓ té, 90 %",
        ]
        assert ejes.get_title() == "Las 4 imágenes, la peor primero: accuracy 75.0 %"

    def test_el_error_tambien_se_ve_sin_colores(self):
        ejes = graficar_imagenes(X, Y, P)
        colores = [texto.get_color() for texto in ejes.texts]
        assert colores == [PALETA.bermellon, PALETA.azul, PALETA.azul, PALETA.azul]
        assert ["✗" in texto for texto in textos(ejes)] == [True, False, False, False]

    def test_con_clases_predichas_los_errores_van_antes(self):
        ejes = graficar_imagenes(X, Y, [0, 1, 0, 2])
        assert dibujadas(ejes)[0] == 0.5
        assert textos(ejes)[0] == "real: 2\n✗ 0"

    def test_binaria_con_una_columna(self):
        ejes = graficar_imagenes(X, [0, 1, 0, 1], [[0.1], [0.2], [0.3], [0.9]])
        assert dibujadas(ejes) == [0.25, 0.5, 0, 1]
        assert textos(ejes)[0] == "real: 1\n✗ 0, 80 %"

    def test_solo_las_que_se_piden(self):
        ejes = graficar_imagenes(X, Y, P, cuantas=2)
        assert dibujadas(ejes) == [0.5, 1]
        assert ejes.get_title() == "Las 2 peores de 4 imágenes: accuracy 75.0 %"

    def test_son_las_filas_que_dice_peores(self):
        ropa = ck.datos.moda()
        x, y = ropa.x_prueba[:200], ropa.y_prueba[:200]
        modelo = ck.crear_clasificacion((28, 28), 10, semilla=0)
        ejes = graficar_imagenes(x, y, ck.predecir(modelo, x), cuantas=6)
        for imagen, fila in zip(ejes.images, ck.peores(modelo, x, y, n=6).index, strict=True):
            np.testing.assert_allclose(imagen.get_array(), x[fila], atol=1e-6)


class TestSinPredecir:
    def test_las_primeras_con_su_clase(self):
        ejes = graficar_imagenes(X, Y, cuantas=3, clases=CLASES)
        assert dibujadas(ejes) == [0, 0.25, 0.5]
        assert textos(ejes) == ["té", "café", "mate"]
        assert ejes.get_title() == "Las 3 primeras de 4 imágenes"

    def test_ninguna_tapa_a_otra(self):
        ejes = graficar_imagenes(np.zeros((12, 4, 8)), np.arange(12), cuantas=12)
        cajas = [imagen.get_extent() for imagen in ejes.images]
        for i, (x0, x1, y0, y1) in enumerate(cajas):
            assert (x1 - x0) == pytest.approx(2 * (y1 - y0))
            for a0, a1, b0, b1 in cajas[:i]:
                assert x0 >= a1 or a0 >= x1 or y0 >= b1 or b0 >= y1


@pytest.mark.parametrize(
    ("x", "forma"),
    [
        (X.reshape(4, 36), (6, 6)),
        (X[..., None], (6, 6)),
        (np.repeat(X[..., None], 3, axis=3), (6, 6, 3)),
        ((255 * X).astype("uint8"), (6, 6)),
    ],
    ids=["en fila", "con canal", "en color", "de 0 a 255"],
)
def test_otras_formas_de_imagen(x, forma):
    ejes = graficar_imagenes(x, Y, P)
    assert ejes.images[0].get_array().shape == forma
    assert float(ejes.images[0].get_array().ravel()[0]) == pytest.approx(0.5, abs=0.01)


def test_una_sola_imagen_lisa():
    ejes = graficar_imagenes(np.ones((1, 5, 5)), [3], [3])
    assert textos(ejes) == ["real: 3\n✓ 3"]


@pytest.mark.parametrize(
    ("argumentos", "opciones", "explicacion"),
    [
        ((np.zeros((4, 35)), Y), {}, r"forma \(4, 35\) y se esperaban imágenes.*reshape"),
        ((np.zeros((0, 6, 6)), []), {}, r"forma \(0, 6, 6\)"),
        ((X * np.nan, Y), {}, "píxeles nan"),
        ((X, Y[:3]), {}, "x tiene 4 filas e y tiene 3"),
        ((X, Y, P[:3]), {}, "mismas filas"),
        ((X, Y, P), {"cuantas": 0}, "cuantas=0: se esperaba un entero de 1 a"),
        ((X, [0, 1, 2, 5], P), {}, "clase 5 y las predicciones distinguen 3"),
        ((ck, Y), {}, "se esperaban imágenes"),
        ((X, None), {}, r"y tiene la forma \(\)"),
        ((X, Y, 10 * P), {}, r"van de 0 a 9, y una.*ck\.predecir"),
        ((X, Y, ck.crear_regresion(1)), {}, r"y_pred es un modelo.*ck\.predecir\(modelo, x\)"),
    ],
    ids=[
        "no cuadrada", "ninguna", "nan", "menos y", "menos p", "cuantas", "clase de más", "no",
        "sin y", "logits", "modelo",
    ],
)  # fmt: skip
def test_dice_que_llego_y_que_escribir(argumentos, opciones, explicacion):
    with pytest.raises(ValueError, match=explicacion):
        graficar_imagenes(*argumentos, **opciones)
