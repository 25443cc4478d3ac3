"""graficar_activaciones: las curvas de Keras, y sus derivadas contra una diferencia central."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
import tensorflow as tf

from cursokeras._backend import keras
from cursokeras.desde_cero import activations
from cursokeras.graficos import graficar_activaciones

NOMBRES = ["sigmoid", "tanh", "relu", "linear"]


def curvas(ax):
    return {
        linea.get_label(): linea.get_xydata().T for linea in ax.lines if linea.get_label()[0] != "_"
    }


def test_son_las_de_keras_con_las_derivadas_de_tensorflow():
    arriba, abajo = graficar_activaciones(NOMBRES)
    assert list(curvas(arriba)) == list(curvas(abajo)) == NOMBRES
    for nombre in NOMBRES:
        z, a = curvas(arriba)[nombre]
        variable = tf.Variable(z)
        with tf.GradientTape() as cinta:
            de_keras = keras.activations.get(nombre)(variable)
        np.testing.assert_allclose(a, de_keras, atol=1e-12)
        np.testing.assert_allclose(
            curvas(abajo)[nombre][1], cinta.gradient(de_keras, variable), atol=1e-12
        )


def test_se_rotula_en_espanol_y_cada_una_con_su_trazo():
    arriba, abajo = graficar_activaciones()
    assert [ax.get_title() for ax in (arriba, abajo)] == ["Activaciones", "Sus derivadas"]
    assert [abajo.get_xlabel(), arriba.get_ylabel(), abajo.get_ylabel()] == [
        "z", "a = f(z)", "f′(z)",
    ]  # fmt: skip
    estilos = {(linea.get_color(), linea.get_linestyle()) for linea in arriba.lines[:3]}
    assert len({color for color, _ in estilos}) == len({trazo for _, trazo in estilos}) == 3


def test_sobre_los_ejes_que_se_dan_y_entre_los_valores_que_se_piden():
    _, ejes = plt.subplots(1, 2)
    arriba, _ = graficar_activaciones("relu", ejes, desde=-1, hasta=2)
    assert arriba is ejes[0]
    np.testing.assert_allclose(curvas(arriba)["relu"][0][[0, -1]], [-1, 2])


def test_una_funcion_de_keras_es_la_de_ese_nombre():
    arriba, _ = graficar_activaciones(keras.activations.tanh)
    assert list(curvas(arriba)) == ["tanh"]


def test_una_propia_tambien():
    class Escalon(activations.Activacion):
        name = "escalón"

        def forward(self, z):
            return np.where(z > 0, 1.0, 0.0)

        def backward(self, grad, z, a):
            return 0 * grad

    _, abajo = graficar_activaciones([Escalon()])
    assert np.ptp(curvas(abajo)["escalón"][1]) == 0


@pytest.mark.parametrize(
    ("argumentos", "opciones", "explicacion"),
    [
        (("rellu",), {}, "No existe la activación 'rellu'"),
        (("softmax",), {}, r"mezcla los puntajes.*tablas_clase\.softmax"),
        (([],), {}, "La lista de activaciones está vacía"),
        (("relu", plt), {}, r"se esperaba un par.*plt.subplots\(2, 1\)"),
        (("relu", [plt, plt]), {}, r"se esperaban unos ejes.*plt.subplots\(2, 1\)"),
        ((3,), {}, "No existe la activación 3"),
        (("relu",), {"desde": 3, "hasta": 1}, "desde=3 y hasta=1"),
        (("relu",), {"hasta": np.nan}, "hasta=nan"),
    ],
    ids=[
        "mal escrita",
        "softmax",
        "ninguna",
        "sin ejes",
        "otros ejes",
        "un número",
        "al revés",
        "nan",
    ],
)
def test_dice_que_llego_y_que_escribir(argumentos, opciones, explicacion):
    with pytest.raises(ValueError, match=explicacion):
        graficar_activaciones(*argumentos, **opciones)
