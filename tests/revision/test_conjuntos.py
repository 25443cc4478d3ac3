"""Un `tf.data.Dataset` que no sirve para `modelo.fit` se reconoce sin leer sus datos."""

import numpy as np
import pytest

import cursokeras as ck
from cursokeras._backend import tf
from tests.revision.comun import CABEZAS

X = np.zeros((12, 3), "float32")
CLASES = np.arange(12) % 3


def _conjunto(*partes, lote=4):
    conjunto = tf.data.Dataset.from_tensor_slices(partes)
    return conjunto.batch(lote) if lote else conjunto


BUENOS = {
    "clases": ("clasificacion", _conjunto(X, CLASES)),
    "clases en columna": ("clasificacion", _conjunto(X, CLASES[:, None])),
    "con pesos": ("clasificacion", _conjunto(X, CLASES, np.ones(12))),
    "one-hot": ("one_hot", _conjunto(X, np.eye(3)[CLASES])),
    "un número": ("regresion", _conjunto(X, CLASES * 0.5)),
    "dos números": ("dos_salidas", _conjunto(X, X[:, :2])),
    "lotes de tamaño fijo": ("binaria", _conjunto(X, CLASES % 2).unbatch().batch(4, True)),
}
MALOS = {
    "sin lotes": ("regresion", _conjunto(X, CLASES, lote=0), "dataset.batch(32)"),
    "lotes de lotes": ("regresion", _conjunto(X, CLASES).batch(2), "(None, None, 3)"),
    "sin y": ("regresion", tf.data.Dataset.from_tensor_slices(X).batch(4), "un par (x, y)"),
    "columnas de menos": ("regresion", _conjunto(X[:, :2], CLASES), "tiene forma (None, 2)"),
    "clases con one-hot": ("one_hot", _conjunto(X, CLASES), "espera (None, 3)"),
    "one-hot con clases": ("clasificacion", _conjunto(X, np.eye(3)[CLASES]), "espera (None, 1)"),
    "textos": ("binaria", _conjunto(X, CLASES.astype(str)), "y del Dataset tiene textos"),
    "un diccionario": ("regresion", _conjunto({"a": X}, CLASES), "es de tipo dict"),
}


@pytest.mark.parametrize("caso", BUENOS)
def test_conjunto_bueno(caso):
    cabeza, conjunto = BUENOS[caso]
    modelo = CABEZAS[cabeza][0]()
    assert not ck.revisar(modelo, conjunto)
    modelo.fit(conjunto, verbose=0)


@pytest.mark.parametrize("caso", MALOS)
def test_conjunto_malo(caso):
    cabeza, conjunto, texto = MALOS[caso]
    errores = ck.revisar(CABEZAS[cabeza][0](), conjunto).errores
    assert texto in " ".join(map(str, errores))
