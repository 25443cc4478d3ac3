"""De dónde salen los lotes de cada época: arreglos, un `Lotes` o un `tf.data.Dataset`.

Todas las fuentes hablan igual: `pasos` por época, la `firma` de un lote y, al comenzar cada época,
un `iterador()` con sus lotes. Las que están en memoria tienen además sus `tensores` y el `orden()`.
"""

from functools import partial

import numpy as np

from cursokeras._backend import keras, tf
from cursokeras._comun.lotes import Lotes
from cursokeras.aceleracion import datos
from cursokeras.aceleracion.piezas_privadas import hay_semilla_global, ordenes_de_keras
from cursokeras.aceleracion.recaida import exigir


class EnMemoria:
    """Filas en tensores y un orden para cada época, o `None` si van tal como están.

    Argumentos:
        tensores: los `Tensores` con las filas.
        orden: función sin argumentos que al comenzar cada época devuelve los índices (n,).
    """

    def __init__(self, tensores, orden):
        self.tensores, self.orden = tensores, orden
        self.pasos, self.firma = tensores.pasos, tensores.firma()

    def iterador(self):
        """Iterador de `tf.data` con los lotes de esta época, para recorrerlos de a uno."""
        tensores, orden = self.tensores, self.orden()
        filas = keras.tree.pack_sequence_as(
            tensores.estructura, tensores.tramo(0, tensores.pasos, orden)
        )
        lotes = tf.data.Dataset.from_tensor_slices(filas)
        completos = tensores.lotes_completos
        return iter(lotes.batch(tensores.batch_size, drop_remainder=completos))


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
        self.firma = flujo.element_spec
        self._flujo = flujo
        self._iterador = None

    def iterador(self):
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
        exigir(not shuffle, "Lotes con shuffle=True: Keras mezclaría también los lotes")
        partes = datos.empaquetar(x.x, x.y, _pesos(x.y, x.sample_weight, class_weight))
        exigir(_son_del_tipo_usual(partes), "Keras no convierte los decimales de un PyDataset")
        tensores = datos.Tensores(partes, batch_size=x.batch_size)
        return EnMemoria(tensores, lambda: x.orden(x.epoca) if x.shuffle else None)
    exigir(x is not None and not isinstance(x, keras.utils.PyDataset), "los datos no son arreglos")
    partes = datos.empaquetar(x, y, _pesos(y, sample_weight, class_weight))
    tensores = datos.Tensores(partes, batch_size=batch_size or 32)
    return EnMemoria(tensores, _orden_de_keras(tensores.n, shuffle))


def _orden_de_keras(filas, shuffle):
    """El orden en que Keras mezclaría las filas en cada época, con la misma semilla."""
    exigir(isinstance(shuffle, bool), f"shuffle={shuffle!r}")
    if not shuffle:
        return lambda: None
    semilla = hay_semilla_global()
    if semilla is False:  # Keras tampoco repite ninguno: cualquiera da lo mismo.
        return partial(np.random.default_rng().permutation, filas)
    ordenes = ordenes_de_keras(filas)
    exigir(ordenes is not None, "shuffle=True: este Keras no dice en qué orden mezcla las filas")
    primeros = []

    def siguiente():
        # Con una semilla, Keras 3.15 repite en cada época el primer orden. Pedirlo tarda 15 ms.
        if semilla and len(primeros) == 2 and np.array_equal(*primeros):
            return primeros[0]
        orden = next(iter(ordenes)).numpy()
        if len(primeros) < 2:
            primeros.append(orden)
        return orden

    return siguiente


def _son_del_tipo_usual(partes):
    tipos = [getattr(hoja, "dtype", None) for hoja in keras.tree.flatten(partes)]
    return all(getattr(t, "kind", "") != "f" or t == keras.config.floatx() for t in tipos)


def _pesos(y, sample_weight, class_weight):
    if class_weight is None:
        return sample_weight
    exigir(sample_weight is None, "class_weight y sample_weight a la vez")
    return datos.pesos_de_clase(y, class_weight)
