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

    def entre(self, inicio, fin):
        """Devuelve las filas de la posición `inicio` a la `fin`, sin incluirla."""
        return self.elegir(slice(inicio, fin))

    def elegir(self, cuales):
        """Devuelve las filas de esas posiciones."""
        return Filas(*(None if arreglo is None else arreglo[cuales] for arreglo in self))

    def cuantos_lotes(self, batch_size):
        """Devuelve en cuántos lotes se parten; el último puede traer menos filas."""
        return -(-len(self.x) // batch_size)

    def lotes(self, batch_size, azar=None):
        """Da las filas lote a lote: en orden o, con un generador de NumPy, en un orden nuevo."""
        orden = np.arange(len(self.x)) if azar is None else azar.permutation(len(self.x))
        for inicio in range(0, len(orden), batch_size):
            yield self.elegir(orden[inicio : inicio + batch_size])
