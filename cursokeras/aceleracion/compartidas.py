"""Los programas que comparten los modelos iguales de este proceso.

Una clase entrena modelos iguales todo el día: una celda que se repite, los pliegues, las semillas.
El primero traza y compila; los demás usan el mismo programa con sus propias variables. Se guardan
los más recientes, no mantienen vivo a ningún modelo, y `keras.utils.clear_session` los tira.
"""

import collections
import threading

from cursokeras.aceleracion.piezas_privadas import al_limpiar_la_sesion

# Cada programa ocupa unos MiB, y un modelo usa entre dos y seis.
_PROGRAMAS_GUARDADOS = 64


class Compartidas:
    """Memoria acotada de lo que se trazó y de cuánto trabajaron los modelos iguales.

    Argumentos:
        maximo: cuántas cosas se guardan; al llegar una más se olvida la que hace más no se usa.
    """

    def __init__(self, maximo):
        self._maximo, self._candado = maximo, threading.RLock()
        self._guardadas, self._pasos = collections.OrderedDict(), collections.OrderedDict()
        self._vigilada = False

    def buscar(self, llave):
        """Devuelve lo guardado con esa llave, o `None`."""
        with self._candado:
            return self._usar(self._guardadas, llave, None)

    def guardar(self, llave, valor):
        """Guarda `valor`, si se podrá saber cuándo limpia Keras la sesión."""
        with self._candado:
            if self._vigilar_la_sesion():
                self._poner(self._guardadas, llave, valor)

    def pasos(self, llave):
        """Cuántos pasos corrieron ya los modelos con esa llave."""
        with self._candado:
            return self._usar(self._pasos, llave, 0)

    def sumar_pasos(self, llave, pasos):
        """Anota los pasos que corrió un modelo con esa llave."""
        with self._candado:
            if self._vigilar_la_sesion():
                self._poner(self._pasos, llave, self._pasos.get(llave, 0) + pasos)

    def vaciar(self):
        """Olvida todo."""
        with self._candado:
            self._guardadas.clear()
            self._pasos.clear()
            self._vigilada = False

    def __len__(self):
        return len(self._guardadas)

    def _vigilar_la_sesion(self):
        self._vigilada = self._vigilada or al_limpiar_la_sesion(self.vaciar)
        return self._vigilada

    def _poner(self, donde, llave, valor):
        donde[llave] = valor
        donde.move_to_end(llave)
        while len(donde) > self._maximo:
            donde.popitem(last=False)

    def _usar(self, donde, llave, si_no_esta):
        if llave in donde:
            donde.move_to_end(llave)
        return donde.get(llave, si_no_esta)


COMPARTIDAS = Compartidas(_PROGRAMAS_GUARDADOS)
