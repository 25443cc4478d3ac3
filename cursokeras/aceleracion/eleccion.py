"""Cómo correr: con XLA o con un grafo, y cuántos lotes por llamada."""

import time

from cursokeras._backend import keras

# XLA ahorra de 60 a 100 µs por paso y compilar le cuesta entre 0.5 s (SGD) y 1 s (Adam), medido
# en dos núcleos: con estos pasos empatan, y de ahí en adelante gana.
_PASOS_QUE_PAGAN_XLA = 7000
# Con lotes y capas más grandes manda la aritmética, y la de TensorFlow usa todos los núcleos.
_MAX_PRODUCTOS_POR_LOTE = 500_000
_SEGUNDOS_POR_LLAMADA = 0.25


def conviene_xla(modelo, tensores, pasos):
    """Dice si compilar con XLA ahorra más de lo que cuesta.

    Argumentos:
        modelo: modelo compilado.
        tensores: los `Tensores` que se recorren.
        pasos: lotes que se correrán en total, con los que ya corrieron los modelos iguales.
    """
    if tensores.n < tensores.batch_size:
        return False
    return modelo.jit_compile or (pasos >= _PASOS_QUE_PAGAN_XLA and es_menudo(modelo, tensores))


def es_menudo(modelo, tensores):
    """Dice si cada operación es tan corta que organizarlas cuesta más que hacerlas.

    Son así las redes densas de clase, con lotes pequeños; no las convoluciones ni las recurrentes.
    Además la pérdida tiene que estar a la vista, porque si deja de ser finita hay que ir con calma.
    """
    x = keras.tree.flatten(keras.utils.unpack_x_y_sample_weight(tensores.firma())[0])
    return (
        modelo.built
        and "loss" in modelo.metrics_names
        and modelo.count_params() * tensores.batch_size <= _MAX_PRODUCTOS_POR_LOTE
        and all(hoja.dtype.is_floating and hoja.shape.rank <= 2 for hoja in x)
        and all(len(peso.shape) <= 2 for peso in modelo.weights)
        and all(capa.compute_dtype == "float32" for capa in modelo.layers)
    )


class Ritmo:
    """Reparte los lotes en llamadas cortas, para que Ctrl-C y la barra de avance no esperen.

    La primera llamada es de un lote y cada una siguiente puede doblar el tamaño mientras dure
    menos de un octavo de segundo. El tamaño no cambia los números: los pasos son los mismos.
    """

    def __init__(self):
        self._pasos = 1

    def trozos(self, desde, hasta):
        """Genera parejas seguidas (inicio, fin) que cubren los lotes de `desde` a `hasta`."""
        while desde < hasta:
            fin = min(desde + self._pasos, hasta)
            inicio = time.perf_counter()
            yield desde, fin
            self._ajustar(fin - desde, time.perf_counter() - inicio)
            desde = fin

    def _ajustar(self, pasos, segundos):
        if pasos == self._pasos and segundos < _SEGUNDOS_POR_LLAMADA / 2:
            self._pasos *= 2
        elif segundos > _SEGUNDOS_POR_LLAMADA:
            self._pasos = max(1, self._pasos // 2)
