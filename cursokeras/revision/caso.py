"""Lo que miran todas las comprobaciones: el modelo, los datos convertidos y un resumen de x."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from cursokeras.entradas import cabeza_de
from cursokeras.entradas.arreglos import nombrar_columna

# Filas que se miran cuando no hace falta mirarlas todas.
_FILAS_DE_MUESTRA = 2000
# Desde cuántas columnas sin nombre es más probable que cada una sea un píxel.
_COLUMNAS_DE_IMAGEN = 64
# NumPy recorre mucho más rápido filas de este ancho que filas de pocas columnas.
_ANCHO = 1024
_CAPAS_QUE_ESCALAN = ("Rescaling", "Normalization", "BatchNormalization")


@dataclass(frozen=True)
class Caso:
    """Un modelo con sus datos.

    Argumentos:
        modelo: modelo de Keras compilado.
        x: arreglo float32 (n, ...) que salió de `convertir_x`.
        y: arreglo (n, k) que salió de `convertir_y`.
        original: la x que dio el usuario, que puede traer nombres de columnas.
        validacion: `(x, y)` convertidos, o `None`.
    """

    modelo: Any
    x: np.ndarray
    y: np.ndarray
    original: Any
    validacion: tuple | None = None

    @cached_property
    def cabeza(self):
        return cabeza_de(self.modelo)

    @cached_property
    def filas(self):
        """Índices de las filas de la muestra, en orden; son todas si hay pocas."""
        n = len(self.x)
        if n <= _FILAS_DE_MUESTRA:
            return np.arange(n)
        return np.unique(np.random.default_rng(0).integers(0, n, _FILAS_DE_MUESTRA))

    @cached_property
    def muestra(self):
        """Las filas de la muestra de x."""
        return self.x[self.filas]

    @cached_property
    def minimo(self):
        return _por_columna(np.min, self.x)

    @cached_property
    def maximo(self):
        return _por_columna(np.max, self.x)

    @cached_property
    def parece_imagen(self):
        """Si x guarda píxeles, no columnas que signifiquen algo por separado."""
        sin_nombres = nombrar_columna(self.original, 0) == "0"
        return self.x.ndim > 2 or (self.x.shape[1] >= _COLUMNAS_DE_IMAGEN and sin_nombres)

    @cached_property
    def se_escala_sola(self):
        """Si el modelo empieza por una capa que escala x."""
        return any(type(capa).__name__ in _CAPAS_QUE_ESCALAN for capa in self.modelo.layers[:3])

    def nombre(self, i):
        """Cómo llamar a la columna `i` de x en un mensaje."""
        return nombrar_columna(self.original, i)


def _por_columna(funcion, x):
    """El mínimo o el máximo de cada columna; con pocas columnas, en filas largas, que es rápido."""
    if x.flags.f_contiguous:
        return funcion(x, axis=0)
    n, d = x.shape
    juntas = max(_ANCHO // d, 1)
    bloque = x[: n // juntas * juntas].reshape(-1, juntas * d)
    resto = x[len(bloque) * juntas :]
    if len(bloque):
        resto = np.vstack([resto, funcion(bloque, axis=0).reshape(juntas, d)])
    return funcion(resto, axis=0)
