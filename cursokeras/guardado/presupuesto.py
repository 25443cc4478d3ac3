"""Cuánta memoria puede pedir un archivo: cada cosa se anota antes de que Keras la cree.

Un archivo de dos mil bytes puede declarar un modelo de cinco gigas, de muchas maneras, y las más
difíciles de prever salen de Keras mismo: lo que crea una métrica, un optimizador o una capa con
cierta opción. Por eso hay una sola bolsa de bytes, del tamaño del archivo, de la que todo se
descuenta a un precio medido; las variables, en el momento en que Keras va a crearlas.
"""

import contextlib
import math
import operator
import threading

from cursokeras._backend import keras
from cursokeras.aceleracion.atributos import atributos

_FIJO = 56 * 2**20
_POR_BYTE_DEL_ARCHIVO = 140
# Lo que ocupa una variable mientras se inicia, en el peor caso: la de Orthogonal descompone una
# matriz y tiene varias copias a la vez.
_POR_VARIABLE = 10 * 2**10
_POR_NUMERO = 40
# Los cambios en una clase de Keras son de todos los hilos: se carga de a un modelo.
_DE_A_UNO = threading.RLock()


class Presupuesto:
    """Los bytes que puede ocupar abrir un archivo, y lo que va quedando de ellos.

    Argumentos:
        tamano: los bytes del archivo.

    Ejemplo:
        >>> presupuesto = Presupuesto(2000)
        >>> presupuesto.gastar_numeros(25_000**2, "una métrica")
        Traceback (most recent call last):
        ...
        ValueError: El modelo pide más memoria que la que justifica un archivo de 2 KiB: ...
    """

    def __init__(self, tamano):
        self._tamano = tamano
        self._queda = _FIJO + _POR_BYTE_DEL_ARCHIVO * tamano
        self.exceso = None

    def gastar(self, cuantos, en_que):
        """Descuenta esos bytes; lanza `ValueError` si ya no alcanzan, y desde entonces siempre."""
        self._queda -= cuantos
        if self._queda < 0:
            self.exceso = self.exceso or ValueError(
                "El modelo pide más memoria que la que justifica un archivo de "
                f"{self._tamano / 1024:,.0f} KiB: no alcanza para {en_que}. Parece hecho para "
                "llenar la memoria; pide otra copia a quien lo hizo."
            )
            raise self.exceso

    def gastar_numeros(self, cuantos, en_que):
        """Descuenta lo que ocupa iniciar un arreglo de esos números."""
        self.gastar(_POR_VARIABLE + _POR_NUMERO * cuantos, en_que)

    @contextlib.contextmanager
    def contando_variables(self):
        """Mientras dura, las variables que Keras cree en este hilo se descuentan antes."""
        hilo, iniciar = threading.get_ident(), keras.Variable.__init__

        def contar_e_iniciar(variable, initializer, shape=None, *args, **kwargs):
            if threading.get_ident() == hilo:
                cuantos = _contar(getattr(initializer, "shape", ()) if shape is None else shape)
                nombre = kwargs.get("name") or "una variable"
                self.gastar_numeros(cuantos, f"{nombre!r}, que pide {cuantos} pesos")
            iniciar(variable, initializer, shape, *args, **kwargs)

        with _DE_A_UNO, atributos(keras.Variable, __init__=contar_e_iniciar):
            yield


def _contar(forma):
    try:
        return math.prod(abs(operator.index(lado)) for lado in forma)
    except TypeError:  # Un lado que no es un entero: Keras no creará la variable, y dirá por qué.
        return 0
