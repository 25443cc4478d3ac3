"""Los regularizadores y sus gradientes contra TensorFlow."""

import numpy as np
import pytest

from cursokeras._backend import keras, tf
from cursokeras.desde_cero import regularizers

CASOS = {
    "L1": lambda m: m.L1(),
    "L1 de 0.3": lambda m: m.L1(0.3),
    "L2": lambda m: m.L2(),
    "L2 de 0.3": lambda m: m.L2(l2=0.3),
    "por nombre, l1": lambda m: m.get("l1"),
    "por nombre, L2": lambda m: m.get("L2"),
}


@pytest.mark.parametrize("crear", CASOS.values(), ids=CASOS)
def test_penalizacion_y_gradiente_como_keras(crear, azar):
    w = azar.normal(size=(4, 3)).astype("float32")
    w[0, 0] = 0  # En el quiebre de |w| TensorFlow también toma 0
    tensor = tf.Variable(w)
    with tf.GradientTape() as cinta:
        esperada = crear(keras.regularizers)(tensor)
    propio = crear(regularizers)
    assert propio(w) == pytest.approx(float(esperada), rel=1e-6)
    np.testing.assert_allclose(propio.backward(w), cinta.gradient(esperada, tensor), rtol=1e-6)
    assert propio.backward(w).dtype == "float32"


def test_none_es_ninguno_y_lo_imposible_se_explica():
    assert regularizers.get(None) is None
    with pytest.raises(ValueError, match="No existe el regularizador 'l3'"):
        regularizers.get("l3")
    with pytest.raises(ValueError, match=r"No existe el regularizador 0\.01"):
        regularizers.get(0.01)
    for clase, mensaje in ((regularizers.L1, "l1='a'"), (regularizers.L2, "l2='a'")):
        with pytest.raises(ValueError, match=mensaje):
            clase("a")
        with pytest.raises(ValueError, match="debe ser un número desde 0"):
            clase(-0.01)
