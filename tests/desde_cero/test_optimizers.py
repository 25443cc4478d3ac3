"""Los optimizadores contra los de Keras, con los mismos gradientes paso a paso."""

import numpy as np
import pytest

from cursokeras import desde_cero
from cursokeras._backend import keras, tf

CASOS = {
    "SGD": lambda k: k.optimizers.SGD(),
    "SGD con momento": lambda k: k.optimizers.SGD(0.1, momentum=0.9),
    "SGD de Nesterov": lambda k: k.optimizers.SGD(0.1, momentum=0.9, nesterov=True),
    "Adam": lambda k: k.optimizers.Adam(),
    "Adam con otros valores": lambda k: k.optimizers.Adam(0.1, beta_1=0.5, beta_2=0.9, epsilon=0.1),
    "RMSprop": lambda k: k.optimizers.RMSprop(),
    "RMSprop con otro epsilon": lambda k: k.optimizers.RMSprop(0.01, epsilon=0.1),
    "RMSprop con momento": lambda k: k.optimizers.RMSprop(0.01, rho=0.5, momentum=0.9),
}


@pytest.mark.parametrize("crear", CASOS.values(), ids=CASOS)
def test_cuarenta_pasos_como_keras(crear, azar):
    formas = [(3, 4), (4,)]
    pesos = [azar.normal(size=forma).astype("float32") for forma in formas]
    variables = [tf.Variable(w) for w in pesos]
    de_keras, propio = crear(keras), crear(desde_cero)
    for paso in range(40):
        escala = 10.0 ** -(paso % 5)  # Gradientes de tamaños muy distintos
        grads = [(escala * azar.normal(size=forma)).astype("float32") for forma in formas]
        de_keras.apply(grads, variables)
        propio.apply(grads, pesos)
    assert propio.iterations == 40
    for w, variable in zip(pesos, variables, strict=True):
        np.testing.assert_allclose(w, variable.numpy(), rtol=2e-6, atol=2e-6)


@pytest.mark.parametrize("nombre", ["sgd", "adam", "rmsprop", "SGD", "Adam", "RMSprop"])
def test_valores_por_defecto_de_keras(nombre):
    propio, de_keras = desde_cero.optimizers.get(nombre), keras.optimizers.get(nombre)
    config = de_keras.get_config()
    for atributo in {"learning_rate", "momentum", "nesterov", "beta_1", "beta_2", "rho", "epsilon"}:
        if hasattr(propio, atributo):
            assert getattr(propio, atributo) == pytest.approx(config[atributo], rel=1e-6)


def test_cambia_los_arreglos_en_su_lugar():
    w = np.ones(2, "float32")
    desde_cero.optimizers.SGD(0.5).apply([np.ones(2, "float32")], [w])
    np.testing.assert_array_equal(w, [0.5, 0.5])


@pytest.mark.parametrize("tasa", [0, -0.1, "0.01", float("nan"), float("inf"), None, [0.1]])
def test_tasa_de_aprendizaje_imposible(tasa):
    with pytest.raises(ValueError, match="tasa de aprendizaje"):
        desde_cero.optimizers.Adam(learning_rate=tasa)


IMPOSIBLES = {
    "momentum=9": lambda o: o.SGD(momentum=9),
    "momentum='0.9'": lambda o: o.RMSprop(momentum="0.9"),
    "rho=-1": lambda o: o.RMSprop(rho=-1),
    "beta_1=2": lambda o: o.Adam(beta_1=2),
    "beta_2=nan": lambda o: o.Adam(beta_2=float("nan")),
    "epsilon=-1": lambda o: o.Adam(epsilon=-1),
}


@pytest.mark.parametrize(("mensaje", "crear"), IMPOSIBLES.items(), ids=IMPOSIBLES)
def test_opciones_imposibles(mensaje, crear):
    with pytest.raises(ValueError, match=f"{mensaje} debe ser un número"):
        crear(desde_cero.optimizers)
