"""El reloj y lo que anota de cada entrenamiento."""

import time
from dataclasses import dataclass

import numpy as np


@dataclass
class Marca:
    """Lo que tardó un contendiente: total, mediana por época en régimen, y pérdida final."""

    segundos: float
    por_epoca: float
    perdida: float


class Reloj:
    """Toma el tiempo total y el de cada época."""

    def __init__(self):
        self._inicio = time.perf_counter()
        self._cortes = [self._inicio]

    def epoca(self):
        """Anota que terminó una época."""
        self._cortes.append(time.perf_counter())

    def marca(self, perdida):
        """Devuelve la `Marca`; las dos primeras épocas no cuentan como régimen si hay más."""
        total = time.perf_counter() - self._inicio
        duraciones = np.diff(self._cortes)
        return Marca(
            total,
            float(np.median(duraciones[2:] if len(duraciones) > 4 else duraciones[-1:])),
            float(perdida),
        )
