"""Datos, redes y la comparación con Keras que comparten estas pruebas."""

import numpy as np

from cursokeras import acelerar
from cursokeras._backend import keras


def tabla(n=100, columnas=6):
    """Devuelve x (n, columnas) e y (n, 1), con ruido fijo."""
    azar = np.random.default_rng(0)
    x = azar.standard_normal((n, columnas)).astype("float32")
    y = np.tanh(x @ azar.standard_normal((columnas, 1))).astype("float32")
    return x, y


def clases(n=100, columnas=6, k=3):
    """Devuelve x (n, columnas) y la clase (n,) de cada fila, de 0 a k - 1."""
    x, y = tabla(n, columnas)
    return x, np.digitize(y[:, 0], np.linspace(-1, 1, k + 1)[1:-1])


def red(optimizer="sgd", *, capas=(), salida=None, d_in=6, **compilacion):
    """Crea una red compilada con una capa oculta y las que se agreguen."""
    capas = [keras.layers.Dense(8, "tanh"), *capas, salida or keras.layers.Dense(1)]
    modelo = keras.Sequential([keras.Input((d_in,)), *capas])
    modelo.compile(optimizer, **{"loss": "mse", "metrics": ["mae"], **compilacion})
    return modelo


def comparar_con_keras(
    crear, entrenar, *, rtol=1e-5, motivo=None, sembrar=keras.utils.set_random_seed
):
    """Entrena dos modelos iguales, uno acelerado: mismo historial, pesos y optimizador."""
    sembrar(1)
    de_keras = crear()
    esperada = entrenar(de_keras)
    sembrar(1)
    acelerado = crear()
    with acelerar(acelerado) as acelerador:
        obtenida = entrenar(acelerado)
    assert motivo in (acelerador.motivo or "") if motivo else acelerador.motivo is None
    iguales(obtenida, esperada, rtol)
    estado = [
        m.get_weights() + [v.numpy() for v in m.optimizer.variables] for m in (acelerado, de_keras)
    ]
    for peso, otro in zip(*estado, strict=True):
        np.testing.assert_allclose(peso, otro, rtol, atol=1e-6)


def iguales(obtenida, esperada, rtol=1e-5):
    """Exige que dos `History` digan lo mismo."""
    assert obtenida.params == esperada.params
    assert obtenida.epoch == esperada.epoch
    assert list(obtenida.history) == list(esperada.history)
    for nombre, valores in esperada.history.items():
        np.testing.assert_allclose(obtenida.history[nombre], valores, rtol, atol=1e-6)
