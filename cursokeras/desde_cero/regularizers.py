"""Penalizaciones que se suman a la pérdida para que los pesos no crezcan."""

import numpy as np

from cursokeras.desde_cero import nombres
from cursokeras.desde_cero.revision import revisar_numero

__all__ = ["L1", "L1L2", "L2", "Regularizer", "get", "l1", "l1_l2", "l2"]


class Regularizer:
    """Base: al llamarlo da la penalización de unos pesos; `backward`, su gradiente."""

    def __call__(self, w):
        """Devuelve la penalización, un número."""
        raise NotImplementedError(f"A {type(self).__name__} le falta __call__(self, w).")

    def backward(self, w):
        """Devuelve el gradiente de la penalización, con la forma de `w`."""
        raise NotImplementedError(f"A {type(self).__name__} le falta backward(self, w).")


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


class L1L2(Regularizer):
    """Las dos juntas: l1 · Σ|w| + l2 · Σw²; por defecto, ninguna de las dos pesa."""

    def __init__(self, l1=0.0, l2=0.0):
        revisar_numero("l1", l1)
        revisar_numero("l2", l2)
        self.l1, self.l2 = l1, l2

    def __call__(self, w):
        return self.l1 * np.abs(w).sum() + self.l2 * (w * w).sum()

    def backward(self, w):
        return self.l1 * np.sign(w) + 2 * self.l2 * w


l1, l2, l1_l2 = L1, L2, L1L2
_obtener = nombres.buscador(__name__, Regularizer, "el regularizador")


def get(identificador):
    """Devuelve el regularizador de un nombre como "l2"; `None` es ninguno."""
    return None if identificador is None else _obtener(identificador)
