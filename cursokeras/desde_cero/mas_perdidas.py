"""Otras pérdidas, que se ofrecen también en `losses`: se leen después de aquellas."""

import numpy as np

from cursokeras.desde_cero import losses
from cursokeras.desde_cero.losses import EPSILON, Loss

__all__ = [
    "Hinge",
    "KLDivergence",
    "LogCosh",
    "MeanAbsolutePercentageError",
    "MeanSquaredLogarithmicError",
    "Poisson",
    "SquaredHinge",
    "binary_crossentropy",
    "categorical_crossentropy",
    "hinge",
    "huber",
    "kl_divergence",
    "log_cosh",
    "mean_absolute_error",
    "mean_absolute_percentage_error",
    "mean_squared_error",
    "mean_squared_logarithmic_error",
    "poisson",
    "sparse_categorical_crossentropy",
    "squared_hinge",
]


class MeanSquaredLogarithmicError(Loss):
    """(1/d) Σ (ln(1 + ŷ) − ln(1 + y))², con los negativos en 0."""

    name = "mean_squared_logarithmic_error"

    def por_fila(self, y, y_pred):
        error = _log(y_pred) - _log(y)
        return (error * error).sum(axis=-1) / y.shape[-1]

    def gradiente_por_fila(self, y, y_pred):
        pendiente = (y_pred > EPSILON) / (1 + np.maximum(y_pred, EPSILON))
        return 2 * (_log(y_pred) - _log(y)) * pendiente / y.shape[-1]


def _log(y):
    return np.log(np.maximum(y, EPSILON) + 1)


class MeanAbsolutePercentageError(Loss):
    """(100/d) Σ |y − ŷ| / |y|."""

    name = "mean_absolute_percentage_error"

    def por_fila(self, y, y_pred):
        return 100 * (np.abs(y - y_pred) / self._tamano(y)).sum(axis=-1) / y.shape[-1]

    def gradiente_por_fila(self, y, y_pred):
        return 100 * np.sign(y_pred - y) / self._tamano(y) / y.shape[-1]

    def _tamano(self, y):
        return np.maximum(np.abs(y), EPSILON)


class LogCosh(Loss):
    """(1/d) Σ ln cosh(ŷ − y): como ½ e² con errores chicos y como |e| con los grandes."""

    name = "log_cosh"

    def por_fila(self, y, y_pred):
        error = np.abs(y_pred - y)
        return (error + np.log1p(np.exp(-2 * error)) - np.log(2.0)).sum(axis=-1) / y.shape[-1]

    def gradiente_por_fila(self, y, y_pred):
        return np.tanh(y_pred - y) / y.shape[-1]


class Hinge(Loss):
    """(1/d) Σ máx(0, 1 − y ŷ), con y en ±1; si llega en 0 y 1, se convierte."""

    name = "hinge"

    def por_fila(self, y, y_pred):
        return np.maximum(1 - _en_mas_menos_1(y) * y_pred, 0).sum(axis=-1) / y.shape[-1]

    def gradiente_por_fila(self, y, y_pred):
        y = _en_mas_menos_1(y)
        return -y * (1 - y * y_pred > 0) / y.shape[-1]


class SquaredHinge(Loss):
    """(1/d) Σ máx(0, 1 − y ŷ)², con y en ±1; si llega en 0 y 1, se convierte."""

    name = "squared_hinge"

    def por_fila(self, y, y_pred):
        falta = np.maximum(1 - _en_mas_menos_1(y) * y_pred, 0)
        return (falta * falta).sum(axis=-1) / y.shape[-1]

    def gradiente_por_fila(self, y, y_pred):
        y = _en_mas_menos_1(y)
        return -2 * y * np.maximum(1 - y * y_pred, 0) / y.shape[-1]


def _en_mas_menos_1(y):
    return 2 * y - 1 if ((y == 0) | (y == 1)).all() else y


class KLDivergence(Loss):
    """Σ y ln(y/ŷ), con los dos recortados a [ε, 1]."""

    name = "kl_divergence"

    def por_fila(self, y, y_pred):
        y, p = np.clip(y, EPSILON, 1), np.clip(y_pred, EPSILON, 1)
        return (y * np.log(y / p)).sum(axis=-1)

    def gradiente_por_fila(self, y, y_pred):
        p = np.clip(y_pred, EPSILON, 1)
        return (p == y_pred) * -np.clip(y, EPSILON, 1) / p


class Poisson(Loss):
    """(1/d) Σ (ŷ − y ln ŷ), para contar casos."""

    name = "poisson"

    def por_fila(self, y, y_pred):
        return (y_pred - y * np.log(y_pred + EPSILON)).sum(axis=-1) / y.shape[-1]

    def gradiente_por_fila(self, y, y_pred):
        return (1 - y / (y_pred + EPSILON)) / y.shape[-1]


# Los nombres en minúsculas con que se pide una pérdida: loss=keras.losses.mean_squared_error.
mean_squared_error, mean_absolute_error = losses.MeanSquaredError, losses.MeanAbsoluteError
mean_squared_logarithmic_error = MeanSquaredLogarithmicError
mean_absolute_percentage_error = MeanAbsolutePercentageError
binary_crossentropy = losses.BinaryCrossentropy
categorical_crossentropy = losses.CategoricalCrossentropy
sparse_categorical_crossentropy = losses.SparseCategoricalCrossentropy
huber, log_cosh, hinge, squared_hinge = losses.Huber, LogCosh, Hinge, SquaredHinge
kl_divergence, poisson = KLDivergence, Poisson
