"""La forma funcional de una cadena de capas, contra la de Keras."""

import numpy as np
import pytest

from cursokeras import desde_cero
from cursokeras._backend import keras

X = np.random.default_rng(0).normal(size=(40, 2, 3))


def _funcional(k):
    entrada = k.Input(shape=(2, 3))
    x = k.layers.Flatten()(entrada)
    x = k.layers.Dense(5, activation="relu", name="oculta")(x)
    x = k.layers.BatchNormalization()(x)
    return k.Model(inputs=entrada, outputs=k.layers.Dense(2, "softmax")(x), name="red")


def test_una_cadena_entrena_como_keras():
    y, redes = np.arange(40) % 2, [_funcional(k) for k in (keras, desde_cero)]
    redes[1].set_weights(redes[0].get_weights())
    for red in redes:
        red.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    historias = [red.fit(X, y, epochs=3, shuffle=False, verbose=0).history for red in redes]
    assert list(historias[0]) == list(historias[1])
    for medida in historias[0]:
        np.testing.assert_allclose(historias[1][medida], historias[0][medida], rtol=1e-4)
    np.testing.assert_allclose(
        redes[1].predict(X), redes[0].predict(X, verbose=0), rtol=1e-4, atol=1e-6
    )


def test_las_capas_se_numeran_como_en_keras():
    de_keras, propia = _funcional(keras), _funcional(desde_cero)
    clases = [[type(capa).__name__ for capa in red.layers] for red in (de_keras, propia)]
    assert clases[0] == clases[1]
    assert clases[1][0] == "InputLayer"
    assert propia.get_layer("oculta") is propia.layers[2] is propia.get_layer(index=2)
    assert propia.count_params() == de_keras.count_params()
    with pytest.raises(ValueError, match=r"No hay una capa 'otra'. Hay: input_layer, flatten"):
        propia.get_layer("otra")
    with pytest.raises(ValueError, match=r"No hay una capa 9\. Hay: 0, 1"):
        propia.get_layer(index=9)


def test_una_lista_de_una_entrada_vale():
    entrada = desde_cero.Input((3,))
    salida = desde_cero.layers.Dense(1)(entrada)
    assert "de forma (None, 1)" in repr(salida)
    assert desde_cero.models.Model([entrada], [salida]).output_shape == (None, 1)


def _entradas():
    return desde_cero.Input((3,)), desde_cero.Input((3,))


IMPOSIBLES = {
    "dos entradas": (
        lambda a, b: desde_cero.Model([a, b], desde_cero.layers.Dense(1)(a)),
        "una sola cadena de capas",
    ),
    "dos salidas": (
        lambda a, b: desde_cero.Model(a, [desde_cero.layers.Dense(1)(a)] * 2),
        "outputs trae 2",
    ),
    "otra entrada": (
        lambda a, b: desde_cero.Model(a, desde_cero.layers.Dense(1)(b)),
        "una misma cadena",
    ),
    "sin capas": (lambda a, b: desde_cero.Model(a, a), "una misma cadena"),
    "heredar de Model": (
        lambda a, b: type("MiRed", (desde_cero.Model,), {}),
        "La clase MiRed hereda de keras.Model",
    ),
    "dos ramas que se juntan": (
        lambda a, b: desde_cero.layers.Dense(1)([a, b]),
        "una sola entrada",
    ),
}


@pytest.mark.parametrize(("crear", "mensaje"), IMPOSIBLES.values(), ids=IMPOSIBLES)
def test_lo_que_no_es_una_cadena_se_explica(crear, mensaje):
    with pytest.raises(ValueError, match=mensaje):
        crear(*_entradas())
