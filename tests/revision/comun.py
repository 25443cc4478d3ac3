"""Una red pequeña por cabeza, con datos que le sirven, para estropearlos de muchas maneras."""

import numpy as np
import pandas as pd

import cursokeras as ck
from cursokeras._backend import keras

COLUMNAS = ["edad", "ingreso", "año"]
CLASES = 3
FILAS = 12


def _one_hot(y):
    return np.eye(CLASES)[y]


# Por cabeza: cómo crear la red y cómo se escribe su objetivo a partir de clases 0, 1, 2.
CABEZAS = {
    "regresion": (lambda: ck.crear_regresion(3, semilla=0), lambda y: y * 0.7 - 0.5),
    "dos_salidas": (
        lambda: ck.crear_regresion(3, 2, semilla=0),
        lambda y: np.column_stack([y * 0.7 - 0.5, 1 - y]),
    ),
    "clasificacion": (lambda: ck.crear_clasificacion(3, CLASES, semilla=0), lambda y: y),
    "one_hot": (lambda: ck.crear_clasificacion(3, CLASES, one_hot=True, semilla=0), _one_hot),
    "binaria": (lambda: ck.crear_binaria(3, semilla=0), lambda y: y % 2),
}
FORMATOS = {
    "arreglo": np.asarray,
    "lista": lambda tabla: np.asarray(tabla).tolist(),
    "tabla": lambda tabla: tabla,
}


def crear(cabeza):
    """La red de esa cabeza, de 3 columnas, que se niega a entrenar."""
    modelo = CABEZAS[cabeza][0]()
    modelo.fit = _no_debe_entrenar
    return modelo


def x_buena(n=FILAS):
    """Una tabla (n, 3) de números de tamaño parecido."""
    azar = np.random.default_rng(0)
    return pd.DataFrame(azar.normal(size=(n, 3)).round(3), columns=COLUMNAS)


def y_buena(cabeza, n=FILAS):
    """El objetivo de esa cabeza como tabla, con todas las clases."""
    y = CABEZAS[cabeza][1](np.arange(n) % CLASES)
    y = y[:, None] if y.ndim == 1 else y
    return pd.DataFrame(y, columns=[f"objetivo_{i}" for i in range(y.shape[1])])


def _no_debe_entrenar(*args, **kwargs):
    raise AssertionError("Se entrenó con datos que no servían.")


def red(*capas, d_in=3, loss="mse", **compilacion):
    """Una red de Keras escrita a mano."""
    modelo = keras.Sequential([keras.Input((d_in,)), *capas])
    modelo.compile(loss=loss, **compilacion)
    return modelo
