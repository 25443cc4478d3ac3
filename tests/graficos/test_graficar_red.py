"""graficar_red: cada capa con su forma y sus parámetros, los mismos que cuenta Keras."""

import numpy as np
import pytest

import cursokeras as ck
from cursokeras import desde_cero
from cursokeras._backend import keras
from cursokeras.graficos import graficar_red

CAPAS = keras.layers


def circulos(ejes):
    return [len(nube.get_offsets()) for nube in ejes.collections]


def textos(ejes):
    return [texto.get_text() for texto in ejes.texts]


def test_cada_capa_con_su_forma_y_sus_parametros():
    modelo = ck.crear_clasificacion(3, 3, ocultas=(4, 5), activacion=("tanh", "relu"))
    ejes = graficar_red(modelo)
    assert circulos(ejes) == [3, 4, 5, 3]
    assert textos(ejes) == [
        "entrada", "(n, 3)",
        "Dense\ntanh", "(n, 4)\n16 parámetros",
        "Dense\nrelu", "(n, 5)\n25 parámetros",
        "Dense\nsoftmax", "(n, 3)\n18 parámetros",
    ]  # fmt: skip
    assert ejes.get_title() == f"Red: 3 capas y {modelo.count_params()} parámetros"
    assert len(ejes.lines) == 3 * 4 + 4 * 5 + 5 * 3


def test_las_de_desde_cero_se_dibujan_igual():
    modelo = ck.crear_binaria(2, ocultas=(8,), dropout=0.2)
    de_keras, propia = graficar_red(modelo), graficar_red(ck.desde_keras(modelo))
    assert textos(de_keras) == textos(propia)
    assert "Dropout\n0.2" in textos(propia)
    assert de_keras.get_title() == propia.get_title()


def test_solo_una_densa_conecta_todas_con_todas():
    ejes = graficar_red(ck.crear_regresion(4, ocultas=(4,), dropout=0.1))
    assert circulos(ejes) == [4, 4, 4, 1]
    assert len(ejes.lines) == 4 * 4 + 4 + 4


def test_muchas_neuronas_son_unas_pocas_y_puntos():
    ejes = graficar_red(ck.crear_regresion(300, 2, ocultas=(1000,)))
    assert circulos(ejes) == [8, 8, 2]
    assert textos(ejes).count("⋮") == 2
    assert "(n, 1000)\n301 000 parámetros" in textos(ejes)


def test_lo_que_no_va_en_fila_es_un_recuadro():
    modelo = keras.Sequential(
        [
            keras.Input((8, 8, 1)),
            CAPAS.Conv2D(4, 3, activation="relu"),
            CAPAS.MaxPooling2D(),
            CAPAS.Flatten(),
            CAPAS.Dense(2, activation="softmax"),
        ]
    )
    ejes = graficar_red(modelo)
    assert "6 × 6 × 4" in textos(ejes)
    assert "(n, 3, 3, 4)" in textos(ejes)
    assert circulos(ejes) == [8, 2]
    assert f"y {modelo.count_params()} parámetros" in ejes.get_title()


def test_una_funcional_en_fila_y_los_pesos_fijos():
    entrada = keras.Input((3,))
    normal = CAPAS.BatchNormalization()(CAPAS.Dense(2)(entrada))
    modelo = keras.Model(entrada, CAPAS.Dense(1)(normal), name="corta")
    ejes = graficar_red(modelo)
    assert circulos(ejes) == [3, 2, 2, 1]
    assert ejes.get_title() == "corta: 3 capas y 19 parámetros (4 fijos)"


def con_ramas():
    entrada = keras.Input((3,))
    partes = [CAPAS.Dense(2)(entrada), CAPAS.Dense(2)(entrada)]
    return keras.Model(entrada, CAPAS.Add()(partes))


class Subclase(keras.Model):
    def __init__(self):
        super().__init__()
        self.capa = CAPAS.Dense(1)

    def call(self, x):
        return self.capa(x)


@pytest.mark.parametrize(
    ("modelo", "explicacion"),
    [
        (lambda: keras.Sequential([CAPAS.Dense(1)]), r"no sabe la forma.*keras\.Input"),
        (lambda: keras.Sequential(), "no sabe la forma"),
        (lambda: desde_cero.Sequential([desde_cero.Input((2,))]), "no tiene capas"),
        (con_ramas, "tiene ramas.*summary"),
        (Subclase, "no sabe la forma"),
        (lambda: keras.Sequential, "recibió Sequential y espera una red"),
        (lambda: np.zeros(3), "recibió ndarray"),
        (
            lambda: keras.Sequential([keras.Input((2,)), *(CAPAS.Dense(1) for _ in range(20))]),
            "tiene 20 capas y aquí caben 15",
        ),
    ],
    ids=["sin Input", "vacía", "solo Input", "ramas", "subclase", "clase", "arreglo", "larga"],
)
def test_dice_que_llego_y_que_escribir(modelo, explicacion):
    with pytest.raises(ValueError, match=explicacion):
        graficar_red(modelo())
