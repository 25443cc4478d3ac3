"""`acelerar` da los números de Keras: mismo historial y mismos pesos que el `fit` de siempre."""

import numpy as np
import pytest

from cursokeras import acelerar
from cursokeras._backend import keras
from cursokeras.lotes import Lotes


def tabla(n=150, columnas=6):
    azar = np.random.default_rng(0)
    x = azar.standard_normal((n, columnas)).astype("float32")
    y = np.tanh(x @ azar.standard_normal((columnas, 1))).astype("float32")
    return x, y


def red(optimizador="sgd", capas=None, **compilacion):
    keras.utils.set_random_seed(1)
    capas = capas or [keras.layers.Dense(8, "relu"), keras.layers.Dense(1)]
    modelo = keras.Sequential([keras.Input((6,)), *capas])
    modelo.compile(optimizador, **{"loss": "mse", "metrics": ["mae"], **compilacion})
    return modelo


def comparar_con_keras(crear, entrenar, rtol=1e-5):
    """Entrena dos modelos iguales, uno acelerado, y exige el mismo historial y pesos."""
    de_keras, acelerado = crear(), crear()
    esperada = entrenar(de_keras)
    with acelerar(acelerado) as acelerador:
        obtenida = entrenar(acelerado)
    assert acelerador.motivo is None
    assert obtenida.params == esperada.params
    assert obtenida.epoch == esperada.epoch
    assert list(obtenida.history) == list(esperada.history)
    for nombre, valores in esperada.history.items():
        np.testing.assert_allclose(obtenida.history[nombre], valores, rtol, atol=1e-7)
    for peso, otro in zip(acelerado.get_weights(), de_keras.get_weights(), strict=True):
        np.testing.assert_allclose(peso, otro, rtol, atol=1e-6)


@pytest.mark.parametrize("batch_size", [30, 32, 200], ids=["justo", "con resto", "un solo lote"])
def test_arreglos_en_orden(batch_size):
    x, y = tabla()
    comparar_con_keras(
        red,
        lambda m: m.fit(
            x,
            y,
            batch_size=batch_size,
            epochs=30,
            shuffle=False,
            validation_data=(x[:41], y[:41]),
            verbose=0,
        ),
    )


def test_lotes_con_orden_por_epoca():
    x, y = tabla()
    comparar_con_keras(
        red,
        lambda m: m.fit(Lotes(x, y, batch_size=32, semilla=5), shuffle=False, epochs=5, verbose=0),
    )
