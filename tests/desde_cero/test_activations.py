"""Las activaciones y sus derivadas contra TensorFlow."""

import copy
import pickle

import numpy as np
import pytest

from cursokeras._backend import keras, tf
from cursokeras.desde_cero import activations

NOMBRES = ["linear", "relu", "tanh", "sigmoid", "softmax"]
CASOS_DE_Z = {
    "valores normales": np.random.default_rng(0).normal(size=(6, 4)) * 2,
    "valores enormes": np.array([[1000.0, 1000.0, 0.0, -1000.0], [-90.0, 90.0, 30.0, -30.0]]),
    "ceros": np.zeros((2, 4)),
}


@pytest.mark.parametrize("z", CASOS_DE_Z.values(), ids=CASOS_DE_Z)
@pytest.mark.parametrize("nombre", NOMBRES)
def test_valor_y_derivada_como_keras(nombre, z):
    activacion = activations.get(nombre)
    grad = np.random.default_rng(1).normal(size=z.shape)
    tensor = tf.constant(z)
    with tf.GradientTape() as cinta:
        cinta.watch(tensor)
        esperado = keras.activations.get(nombre)(tensor)
    derivada = cinta.gradient(esperado, tensor, output_gradients=tf.constant(grad))
    a = activacion.forward(z)
    np.testing.assert_allclose(a, esperado, rtol=1e-12, atol=1e-300)
    np.testing.assert_allclose(activacion.backward(grad, z, a), derivada, rtol=1e-9, atol=1e-15)


def test_softmax_de_la_diapositiva():
    p = activations.softmax([4, 8, 3])
    np.testing.assert_allclose(p.round(3), [0.018, 0.976, 0.007])


def test_softmax_de_dos_clases_es_la_sigmoide_de_la_diferencia():
    np.testing.assert_allclose(activations.softmax([1.3, -0.4])[0], activations.sigmoid(1.7))


def test_conserva_float32():
    for nombre in NOMBRES:
        assert activations.get(nombre)(np.ones((2, 3), "float32")).dtype == "float32"


def test_los_enteros_se_vuelven_decimales():
    for nombre in NOMBRES:
        assert activations.get(nombre)([4, 8, 3]).dtype == "float64"


def test_none_es_lineal_y_none_con_comillas_se_explica():
    assert activations.get(None) is activations.linear
    with pytest.raises(ValueError, match="activation=None, sin comillas"):
        activations.get("none")


def test_un_nombre_mal_escrito_sugiere_el_parecido():
    with pytest.raises(ValueError, match="¿Quisiste escribir 'relu'"):
        activations.get("ReLU")


class _Cuadrado(activations.Activacion):
    name = "cuadrado"

    def forward(self, z):
        return z * z


@pytest.mark.parametrize(
    "copiar", [copy.deepcopy, lambda a: pickle.loads(pickle.dumps(a))], ids=["deepcopy", "pickle"]
)
def test_la_copia_es_la_misma_activacion(copiar):
    """Una red reconoce su cabeza softmax con `is`: si se copia, debe seguir derivando desde z."""
    for nombre in NOMBRES:
        assert copiar(activations.get(nombre)) is activations.get(nombre)
    assert copiar(_Cuadrado())(3.0) == 9
