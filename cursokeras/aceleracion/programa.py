"""Un programa: el grafo de un bucle que no sabe de qué modelo salió.

Al trazar un paso, TensorFlow anota en el grafo las variables del modelo. Aquí ese grafo se copia a
otro en el que las variables son argumentos: así el mismo programa, ya compilado, sirve para
cualquier modelo igual, y no mantiene vivo a ninguno.
"""

import contextlib

from cursokeras._backend import keras, tf
from cursokeras.aceleracion.eleccion import Ritmo
from cursokeras.aceleracion.piezas_privadas import (
    conservar_funciones,
    llamada_plana,
    un_solo_hilo,
)


class Programa:
    """Un grafo ya listo para correr, con sus variables como argumentos.

    Argumentos:
        concreta: la función concreta trazada con las variables de algún modelo.
        xla: si se compila con XLA.
        menudo: si sus operaciones son muy pequeñas; entonces conviene un solo hilo.

    Atributos:
        ritmo: cuántos lotes conviene pedirle por llamada.
        mira_etiquetas: si el grafo elige con las etiquetas, que XLA no revisa.
        suelto: si puede vivir sin la traza, y por eso compartirse.
    """

    def __init__(self, concreta, *, xla=False, menudo=False, mira_etiquetas=False):
        grafo = concreta.graph.as_graph_def()
        self.ritmo, self.mira_etiquetas = Ritmo(), mira_etiquetas
        self._molde = keras.tree.map_structure(lambda _: 0, concreta.structured_outputs)
        self.suelto = conservar_funciones(self, grafo)
        self._traza = None if self.suelto else concreta
        simple = menudo and not xla and es_un_bucle_simple(grafo)
        self._ejecutor = un_solo_hilo if simple else contextlib.nullcontext
        with self._ejecutor():
            if simple:
                _sin_desarmar_bucles(grafo)
            self._llamar = llamada_plana(_con_variables_de_argumento(concreta, grafo, xla))

    def __call__(self, argumentos, variables):
        """Corre con los `argumentos` en una lista y los manejadores de las `variables`."""
        with self._ejecutor():
            salidas = self._llamar([*argumentos, *variables])
        return tf.nest.pack_sequence_as(self._molde, salidas)

    def con(self, variables):
        """Devuelve el programa listo para correr siempre con las mismas `variables`."""
        return Listo(self, variables)


class Listo:
    """Un programa con las variables de un modelo."""

    def __init__(self, programa, variables):
        self.programa, self.ritmo = programa, programa.ritmo
        self._variables = variables

    def __call__(self, *argumentos):
        """Corre con los `argumentos` con que se trazó y devuelve las mismas salidas."""
        planos = tf.nest.flatten(argumentos, expand_composites=True)
        # La llamada plana solo admite tensores; con un entero habría que ir por la pública.
        planos = [tf.constant(a) if isinstance(a, int) else a for a in planos]
        return self.programa(planos, self._variables)


def _con_variables_de_argumento(concreta, grafo, xla):
    entradas = [entrada.name for entrada in concreta.inputs]
    salidas = [salida.name for salida in concreta.outputs]
    marcadores = {nombre.split(":")[0] for nombre in entradas}
    # Los marcadores de las entradas se reemplazan; si quedaran sueltos, XLA no los conoce.
    nodos = [nodo for nodo in grafo.node if nodo.name not in marcadores]
    copia = tf.compat.v1.GraphDef(node=nodos, versions=grafo.versions, library=grafo.library)

    def correr(*planos):
        return tf.graph_util.import_graph_def(
            copia, dict(zip(entradas, planos, strict=True)), salidas, name=""
        )

    firmas = [tf.TensorSpec(entrada.shape, entrada.dtype) for entrada in concreta.inputs]
    compilada = tf.function(correr, jit_compile=xla or None, autograph=False)
    return compilada.get_concrete_function(*firmas)


def _sin_desarmar_bucles(grafo):
    """Deja cada bucle como una sola operación, que es lo que admite el ejecutor de un hilo."""
    for nodo in grafo.node:
        nodo.attr.pop("_lower_using_switch_merge", None)


def es_un_bucle_simple(grafo):
    """Dice si el grafo solo tiene un bucle sin más control de flujo adentro.

    Una condición dentro del bucle esperaría en el ejecutor de un solo hilo a otro que puede no
    haber, para siempre. Un bucle simple trae dos funciones: su condición y su cuerpo.
    """
    return len(grafo.library.function) == 2
