"""Penalizaciones que se suman a la pérdida para que los pesos no crezcan."""

import numpy as np

from cursokeras.desde_cero.nombres import resolver
from cursokeras.desde_cero.revision import revisar_numero

__all__ = ["L1", "L2", "Regularizer", "get"]


class Regularizer:
    """Base: al llamarlo da la penalización de unos pesos; `backward`, su gradiente."""

    def __call__(self, w):
        """Devuelve la penalización, un número."""
        raise NotImplementedError

    def backward(self, w):
        """Devuelve el gradiente de la penalización, con la forma de `w`."""
        raise NotImplementedError


class L1(Regularizer):
    """l1 · Σ|w|: empuja los pesos chicos hasta cero. Por defecto l1 = 0.01."""

    def __init__(self, l1=0.01):
        revisar_numero("l1", l1)
        self.l1 = l1

    def __call__(self, w):
        return self.l1 * np.abs(w).sum()

    def backward(self, w):
        return self.l1 * np.sign(w)


class L2(Regularizer):
    """l2 · Σw²: encoge todos los pesos en proporción. Por defecto l2 = 0.01."""

    def __init__(self, l2=0.01):
        revisar_numero("l2", l2)
        self.l2 = l2

    def __call__(self, w):
        return self.l2 * (w * w).sum()

    def backward(self, w):
        return 2 * self.l2 * w


_TABLA = {"l1": L1, "L1": L1, "l2": L2, "L2": L2}


def get(identificador):
    """Devuelve el regularizador de un nombre como "l2"; `None` es ninguno.

    Lanza:
        ValueError: si el nombre no existe.
    """
    if identificador is None:
        return None
    return resolver(identificador, _TABLA, Regularizer, "el regularizador")
