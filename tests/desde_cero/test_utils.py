"""La semilla y one-hot, contra Keras."""

import random

import numpy as np
import pytest

from cursokeras._backend import keras
from cursokeras.desde_cero import initializers, utils


@pytest.mark.parametrize(
    ("x", "clases"),
    [([0, 2, 1], None), ([0, 1], 4), ([[0], [3]], None), ([1.0, 0.0], None), (2, None)],
    ids=["tres clases", "con una clase ausente", "columna", "enteros en float", "un número"],
)
def test_to_categorical_como_keras(x, clases):
    obtenido, esperado = (m.to_categorical(x, clases) for m in (utils, keras.utils))
    np.testing.assert_array_equal(obtenido, esperado)
    assert obtenido.dtype == esperado.dtype


@pytest.mark.parametrize(
    ("x", "clases", "mensaje"),
    [
        ([], None, "está vacío"),
        ([0, 5], 3, "Llegó la etiqueta 5, pero con 3 clases"),
        ([0, 3], 3, "Llegó la etiqueta 3, pero con 3 clases"),
        ([0, -1], None, "Llegó la etiqueta -1"),
        ([0, 1.5], None, r"por ejemplo, 1\.5"),
        ([0, float("nan")], None, "por ejemplo, nan"),
        (["gato", "perro"], None, "por ejemplo, gato.*return_inverse"),
        ([0, None], None, "enteros desde 0"),
    ],
    ids=["vacío", "fuera", "justo fuera", "negativa", "decimal", "nan", "texto", "None"],
)
def test_etiquetas_imposibles(x, clases, mensaje):
    with pytest.raises(ValueError, match=mensaje):
        utils.to_categorical(x, clases)


def test_la_semilla_fija_python_y_numpy():
    def sorteo():
        return random.random(), np.random.normal(), initializers.GlorotUniform()((2, 2)).tolist()

    utils.set_random_seed(7)
    primero = sorteo()
    utils.set_random_seed(np.int64(7))
    assert sorteo() == primero
    utils.set_random_seed(8)
    assert sorteo() != primero


def test_crear_capas_no_altera_los_numeros_de_numpy():
    """Así un programa sortea los mismos datos con Keras y con `desde_cero`."""
    utils.set_random_seed(7)
    esperado = np.random.normal()
    utils.set_random_seed(7)
    initializers.GlorotUniform()((3, 3))
    utils.generador().random()
    assert np.random.normal() == esperado


@pytest.mark.parametrize("semilla", ["42", 1.5, -1, 2**32, None])
def test_semilla_imposible(semilla):
    with pytest.raises(ValueError, match=r"seed=.* debe ser un entero no negativo"):
        utils.set_random_seed(semilla)
