"""Restricciones: cómo se corrigen los pesos después de cada paso."""

import numpy as np

from cursokeras.desde_cero import nombres
from cursokeras.desde_cero.revision import revisar_numero

__all__ = ["Constraint", "MaxNorm", "NonNeg", "UnitNorm", "get", "max_norm", "non_neg", "unit_norm"]

_EPSILON = 1e-7


class Constraint:
    """Base: al llamarla con unos pesos devuelve los pesos corregidos."""

    def __call__(self, w):
        """Devuelve los pesos corregidos, con la misma forma."""
        raise NotImplementedError(f"A {type(self).__name__} le falta __call__(self, w).")


class MaxNorm(Constraint):
    """Acorta los pesos que llegan a cada neurona si su norma pasa de max_value.

    Argumentos:
        max_value: la norma máxima.
        axis: el eje de las entradas.
    """

    def __init__(self, max_value=2, axis=0):
        revisar_numero("max_value", max_value)
        self.max_value, self.axis = max_value, axis

    def __call__(self, w):
        norma = np.sqrt((w * w).sum(axis=self.axis, keepdims=True))
        return w * (np.clip(norma, 0, self.max_value) / (_EPSILON + norma))


class NonNeg(Constraint):
    """Lleva a cero los pesos negativos."""

    def __call__(self, w):
        return np.maximum(w, 0)


class UnitNorm(Constraint):
    """Lleva a 1 la norma de los pesos que llegan a cada neurona."""

    def __init__(self, axis=0):
        self.axis = axis

    def __call__(self, w):
        return w / (_EPSILON + np.sqrt((w * w).sum(axis=self.axis, keepdims=True)))


max_norm, non_neg, unit_norm = MaxNorm, NonNeg, UnitNorm
_obtener = nombres.buscador(__name__, Constraint, "la restricción")


def get(identificador):
    """Devuelve la restricción de un nombre como "max_norm"; `None` es ninguna."""
    return None if identificador is None else _obtener(identificador)
