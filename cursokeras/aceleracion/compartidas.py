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


def compartir(llave, variables, hacer):
    """Devuelve el programa de la llave con estas variables: el de otro modelo igual, o uno nuevo.

    Argumentos:
        llave: lo que describe al programa y al modelo, o `None` si el modelo no se comparte.
        variables: las variables de Keras que el modelo le presta, en un orden que no cambia.
        hacer: función sin argumentos que devuelve (función concreta, `Programa`).

    Lanza:
        Exception: la de `hacer`, si no hay ninguno y no se puede hacer.
    """
    manejadores = [v.value.handle for v in variables]
    hecho = None if llave is None else COMPARTIDAS.buscar(llave)
    if hecho is None:
        concreta, programa = hacer()
        capturas = concreta.captured_inputs
        posicion = {id(manejador): i for i, manejador in enumerate(manejadores)}
        posiciones = [posicion.get(id(captura)) for captura in capturas]
        # Lo que captura algo que no es una variable del modelo solo le sirve a él.
        if llave is None or None in posiciones or not programa.suelto:
            return programa.con(capturas)
        hecho = programa, posiciones
        COMPARTIDAS.guardar(llave, hecho)
    programa, posiciones = hecho
    return programa.con([manejadores[i] for i in posiciones])
