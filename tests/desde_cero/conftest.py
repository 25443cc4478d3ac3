"""Pares de redes gemelas: la misma arquitectura y los mismos pesos en Keras y en desde_cero."""

import numpy as np
import pytest

from cursokeras import desde_cero
from cursokeras._backend import keras


def _usar_precision(nombre):
    keras.config.set_floatx(nombre)
    keras.config.set_dtype_policy(nombre)  # Keras guarda la primera que se usó


@pytest.fixture
def floatx64():
    """Keras en doble precisión mientras dura la prueba."""
    _usar_precision("float64")
    yield
    _usar_precision("float32")


@pytest.fixture
def gemelas():
    """Función que construye (red de Keras, red de desde_cero) con los mismos pesos."""
    return construir_gemelas


def construir_gemelas(crear_capas, *, dtype="float32"):
    """`crear_capas(keras)` devuelve la lista de capas con cualquiera de los dos módulos."""
    keras.utils.set_random_seed(0)
    con_keras = keras.Sequential(crear_capas(keras))
    propia = desde_cero.Sequential(crear_capas(desde_cero), dtype=dtype)
    propia.set_weights(con_keras.get_weights())
    return con_keras, propia


@pytest.fixture
def azar():
    return np.random.default_rng(0)
