"""Los inicializadores contra los de Keras: la misma distribución, no los mismos números."""

import inspect

import numpy as np
import pytest

from cursokeras._backend import keras
from cursokeras.desde_cero import initializers

FORMA = (300, 200)


@pytest.mark.parametrize(
    "crear",
    [
        lambda m: m.GlorotUniform(seed=1),
        lambda m: m.RandomNormal(seed=1),
        lambda m: m.RandomNormal(mean=2.0, stddev=0.5, seed=1),
        lambda m: m.Zeros(),
    ],
    ids=["GlorotUniform", "RandomNormal", "RandomNormal con media", "Zeros"],
)
def test_misma_distribucion_que_keras(crear):
    """60 000 números: los cuantiles de las dos muestras difieren en menos del 3 % del ancho."""
    propio, de_keras = crear(initializers)(FORMA), np.array(crear(keras.initializers)(FORMA))
    assert propio.shape == FORMA
    assert propio.dtype == de_keras.dtype == "float32"
    cuantos = np.linspace(0.02, 0.98, 25)
    cuantiles = [np.quantile(w, cuantos) for w in (propio, de_keras)]
    np.testing.assert_allclose(*cuantiles, atol=0.03 * de_keras.std() + 1e-12, rtol=0)


@pytest.mark.parametrize("nombre", ["glorot_uniform", "random_normal", "zeros"])
def test_nombres_y_valores_por_defecto(nombre):
    propio, de_keras = initializers.get(nombre), keras.initializers.get(nombre)
    assert type(propio).__name__ == type(de_keras).__name__
    assert type(initializers.get(type(propio).__name__)) is type(propio)
    assert type(initializers.get(type(propio))) is type(propio)
    assert initializers.get(propio) is propio
    for argumento, parametro in inspect.signature(type(propio)).parameters.items():
        esperado = inspect.signature(type(de_keras)).parameters[argumento].default
        assert parametro.default == esperado


def test_con_semilla_se_repite_y_sin_semilla_no():
    """Como en Keras, un mismo objeto da siempre lo mismo; dos objetos sin semilla, no."""
    for clase in (initializers.GlorotUniform, initializers.RandomNormal):
        np.testing.assert_array_equal(clase(seed=3)((4, 4)), clase(seed=3)((4, 4)))
        assert not np.array_equal(clase(seed=3)((4, 4)), clase(seed=4)((4, 4)))
        assert not np.array_equal(clase()((4, 4)), clase()((4, 4)))
        sin_semilla = clase()
        np.testing.assert_array_equal(sin_semilla((4, 4)), sin_semilla((4, 4)))


def test_doble_precision():
    for nombre in ("glorot_uniform", "random_normal", "zeros"):
        assert initializers.get(nombre)((2, 2), "float64").dtype == "float64"


def test_lo_imposible_se_explica():
    with pytest.raises(ValueError, match="¿Quisiste escribir 'glorot_uniform'"):
        initializers.get("glorot_unifrom")
    with pytest.raises(ValueError, match="stddev=-1 debe ser"):
        initializers.RandomNormal(stddev=-1)
