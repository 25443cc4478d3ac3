"""Las filas con que se entrena o se mide: x, y y cuánto pesa cada una."""

from typing import NamedTuple

import numpy as np

from cursokeras.desde_cero import revision


class Filas(NamedTuple):
    """Filas ya preparadas.

    Argumentos:
        x: entradas, (n, ...).
        y: objetivos, como los prepara la pérdida.
        pesos: cuánto pesa cada fila en la pérdida, (n,); `None` si todas pesan 1.
    """

    x: np.ndarray
    y: np.ndarray
    pesos: np.ndarray | None = None

    def con_pesos(self, sample_weight, class_weight=None):
        """Devuelve las mismas filas con el peso que les dan `sample_weight` o `class_weight`."""
        pesos = revision.pesos_de_las_filas(sample_weight, class_weight, self.y, self.x.dtype)
        return self if pesos is None else self._replace(pesos=pesos)

    def apartar(self, fraccion):
        """Devuelve (para entrenar, para validar): las últimas, sin mezclar, o `None` si es 0."""
        if not fraccion:
            return self, None
        corte = revision.corte_de_validacion(len(self.x), fraccion)
        return self.elegir(slice(corte)), self.elegir(slice(corte, None))

    def elegir(self, cuales):
        """Devuelve las filas de esas posiciones."""
        return Filas(*(None if arreglo is None else arreglo[cuales] for arreglo in self))

    def lotes(self, batch_size, azar=None):
        """Da las filas lote a lote: en orden o, con un generador de NumPy, en un orden nuevo."""
        orden = np.arange(len(self.x)) if azar is None else azar.permutation(len(self.x))
        for inicio in range(0, len(orden), batch_size):
            yield self.elegir(orden[inicio : inicio + batch_size])


class Plan:
    """Lo que se recorre en cada época de un entrenamiento.

    Argumentos:
        filas: las `Filas` con que se entrena.
        validacion: las `Filas` con que se valida, o `None`.
        batch_size: filas por lote; `None` son 32.
    """

    def __init__(self, filas, validacion, batch_size):
        self.filas, self.validacion = filas, validacion
        self.lote = leer_lote(batch_size)
        self.pasos = -(-len(filas.x) // self.lote)

    def validar_cada(self, validation_freq, validation_batch_size):
        """Fija en qué épocas se valida, y con cuántas filas por lote (`None`, las mismas)."""
        self._toca = revision.cuando_validar(validation_freq)
        self.lote_al_validar = leer_lote(validation_batch_size or self.lote)

    def toca_validar(self, epoca):
        """Dice si se valida en esa época, contada desde 0."""
        return self.validacion is not None and self._toca(epoca)


def leer_lote(batch_size):
    """Devuelve las filas por lote, 32 si es `None`, o lanza ValueError."""
    batch_size = 32 if batch_size is None else batch_size
    revision.revisar_enteros_positivos(batch_size=batch_size)
    return batch_size
