"""Lo que miran todas las comprobaciones: el modelo, los datos convertidos y un resumen de x."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from cursokeras.entradas import cabeza_de
from cursokeras.entradas.arreglos import nombrar_columna, nombres_de_columnas
from cursokeras.entradas.rangos import extremos, parece_imagen

# Filas que se miran cuando no hace falta mirarlas todas.
_FILAS_DE_MUESTRA = 2000
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
    def clases(self):
        """La clase de cada fila, (n,) enteros; `None` si las filas no son de una sola clase."""
        return self.cabeza.clase_de_cada_fila(self.y)

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
    def extremos(self):
        """El menor y el mayor valor de cada columna de x."""
        return extremos(self.x)

    @property
    def minimo(self):
        return self.extremos[0]

    @property
    def maximo(self):
        return self.extremos[1]

    @cached_property
    def parece_imagen(self):
        """Si x guarda píxeles, no columnas que signifiquen algo por separado."""
        return parece_imagen(self.x, nombres_de_columnas(self.original))

    @cached_property
    def se_escala_sola(self):
        """Si el modelo empieza por una capa que escala x."""
        return any(type(capa).__name__ in _CAPAS_QUE_ESCALAN for capa in self.modelo.layers[:3])

    def nombrar_clase(self, i):
        """Cómo llamar a la clase `i` en un mensaje: por su nombre si lo tiene, o por su número."""
        return str(i) if self.cabeza.nombres is None else repr(self.cabeza.nombres[i])

    def nombre(self, i):
        """Cómo llamar a la columna `i` de x en un mensaje."""
        return nombrar_columna(self.original, i)
