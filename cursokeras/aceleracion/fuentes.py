"""De dónde salen los lotes de cada época: arreglos, un `Lotes` o un `tf.data.Dataset`.

Todas las fuentes hablan igual: `pasos` por época, y `epoca()` al comenzar cada una para lo que el
recorrido necesita de ella.
"""

import numpy as np

from cursokeras._backend import keras, tf
from cursokeras._comun.lotes import Lotes
from cursokeras.aceleracion import datos
from cursokeras.aceleracion.recaida import exigir


class EnMemoria:
    """Arreglos que el usuario pasó a `fit`; con `shuffle`, un orden al azar en cada época."""

    def __init__(self, x, y, *, batch_size, sample_weight, class_weight, shuffle):
        exigir(isinstance(shuffle, bool), f"shuffle={shuffle!r}")
        pesos = _pesos(y, sample_weight, class_weight)
        self.filas = datos.Filas(datos.empaquetar(x, y, pesos), batch_size=batch_size)
        self.pasos = self.filas.pasos
        self._shuffle = shuffle

    def epoca(self):
        """Índices de las filas en esta época, o `None` si van tal como están."""
        return np.random.permutation(self.filas.n).astype("int32") if self._shuffle else None


class DeLotes:
    """Filas de un `Lotes`, que conoce el orden de cada época."""

    def __init__(self, lotes, *, class_weight, shuffle):
        exigir(not shuffle, "Lotes con shuffle=True: Keras mezclaría también los lotes")
        pesos = _pesos(lotes.y, lotes.sample_weight, class_weight)
        partes = datos.empaquetar(lotes.x, lotes.y, pesos)
        self.filas = datos.Filas(partes, batch_size=lotes.batch_size)
        self.pasos = self.filas.pasos
        self._lotes = lotes

    def epoca(self):
        """Índices de las filas en esta época, o `None` si van tal como están."""
        return self._lotes.orden(self._lotes.epoca) if self._lotes.shuffle else None


class DeFlujo:
    """Lotes de un `tf.data.Dataset` de longitud conocida, o infinito con `steps_per_epoch`."""

    def __init__(self, flujo, *, pasos):
        total = int(flujo.cardinality())
        self._infinito = total == tf.data.INFINITE_CARDINALITY
        exigir(total > 0 or self._infinito, "el Dataset no declara cuántos lotes tiene")
        exigir(self._infinito == (pasos is not None), "un Dataset finito con un número de pasos")
        for hoja in tf.nest.flatten(flujo.element_spec):
            exigir(isinstance(hoja, tf.TensorSpec), "el Dataset tiene tensores no densos")
        self.pasos = pasos or total
        self.element_spec = flujo.element_spec
        self._flujo = flujo
        self._iterador = None

    def epoca(self):
        """Iterador de esta época: uno nuevo, o el mismo de siempre si los datos no terminan."""
        if self._iterador is None or not self._infinito:
            self._iterador = iter(self._flujo)
        return self._iterador


def elegir(
    x,
    y=None,
    *,
    batch_size=None,
    sample_weight=None,
    class_weight=None,
    shuffle=False,
    pasos=None,
):
    """Elige la fuente de los argumentos de `fit` o `evaluate`, o dice por qué no hay ninguna."""
    if isinstance(x, tf.data.Dataset):
        exigir(y is None and sample_weight is None, "el Dataset ya trae y y sus pesos")
        exigir(class_weight is None, "class_weight con un Dataset")
        return DeFlujo(x, pasos=pasos)
    exigir(not hasattr(x, "__next__"), "los datos vienen de un generador")
    exigir(pasos is None, "un número de pasos por época con datos en memoria")
    if isinstance(x, Lotes):
        exigir(y is None and sample_weight is None, "Lotes ya trae y y sus pesos")
        return DeLotes(x, class_weight=class_weight, shuffle=shuffle)
    exigir(x is not None and not isinstance(x, keras.utils.PyDataset), "los datos no son arreglos")
    return EnMemoria(
        x,
        y,
        batch_size=batch_size or 32,
        sample_weight=sample_weight,
        class_weight=class_weight,
        shuffle=shuffle,
    )


def _pesos(y, sample_weight, class_weight):
    if class_weight is None:
        return sample_weight
    exigir(sample_weight is None, "class_weight y sample_weight a la vez")
    return datos.pesos_de_clase(y, class_weight)
