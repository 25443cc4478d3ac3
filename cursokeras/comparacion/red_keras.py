"""Las cuentas de un modelo de Keras como funciones puras: entran pesos y lote, salen números.

El modelo no se toca: se usan sus capas sin estado (`stateless_call`) y optimizadores nuevos con
sus mismas opciones. Así se puede preguntar qué habría hecho Keras desde cualesquiera pesos.
"""

import numpy as np

from cursokeras._backend import keras, tf
from cursokeras.comparacion.diferencias import Cuentas


class RedKeras:
    """El modelo de referencia, evaluado desde los pesos que se le den.

    Argumentos:
        modelo: `keras.Sequential` construido y compilado.
    """

    def __init__(self, modelo):
        self.capas = [capa.name for capa in modelo.layers]
        self.pesos_iniciales = modelo.get_weights()
        self._modelo = modelo
        self._perdida = keras.losses.get(modelo.loss)
        self._derivar = _en_grafo(self._derivar_en_grafo)

    def compilar(self, x, y):
        """Prepara `calcular` para lotes con estas columnas y cualquier cantidad de filas."""
        lote = [tf.TensorSpec((None, *v.shape[1:]), v.dtype) for v in (x, y)]
        self._derivar.get_concrete_function(self.pesos_iniciales, *lote)

    def calcular(self, pesos, x, y):
        """Pasa un lote hacia adelante y hacia atrás desde unos pesos.

        Argumentos:
            pesos: lista de arreglos, en el orden de `get_weights`.
            x, y: el lote, ya convertido.

        Devuelve:
            `Cuentas` con la salida de cada capa, la pérdida y el gradiente de cada peso.
        """
        propios = zip(pesos, self.pesos_iniciales, strict=True)
        pesos = [np.asarray(w, propio.dtype) for w, propio in propios]
        salidas, perdida, grads = self._derivar(pesos, x, y)
        return Cuentas([a.numpy() for a in salidas], float(perdida), [g.numpy() for g in grads])

    def optimizador(self):
        """Devuelve un `PasoKeras` nuevo, con las opciones del optimizador del modelo."""
        return PasoKeras(self._modelo.optimizer, self.pesos_iniciales)

    def _derivar_en_grafo(self, pesos, x, y):
        with tf.GradientTape() as cinta:
            cinta.watch(pesos)
            salidas, penalizacion = self._adelante(pesos, x)
            perdida = tf.reduce_mean(self._perdida(y, salidas[-1])) + penalizacion
        return salidas, perdida, cinta.gradient(perdida, pesos)

    def _adelante(self, pesos, x):
        salidas, penalizaciones, pesos = [], [], list(pesos)
        for capa in self._modelo.layers:
            propios = [pesos.pop(0) for _ in capa.trainable_variables]
            x, _, de_la_capa = capa.stateless_call(
                propios, capa.non_trainable_variables, x, return_losses=True
            )
            salidas.append(x)
            penalizaciones += de_la_capa
        return salidas, sum(penalizaciones)


class PasoKeras:
    """Un optimizador de Keras que mueve pesos sueltos, con su propio estado.

    Argumentos:
        optimizador: el optimizador de Keras cuyas opciones se copian.
        pesos: lista de arreglos; solo se usan sus formas.
    """

    def __init__(self, optimizador, pesos):
        self._variables = [keras.Variable(w) for w in pesos]
        self._optimizador = type(optimizador).from_config(optimizador.get_config())
        self._optimizador.build(self._variables)
        self._mover = _en_grafo(self._mover_en_grafo)
        # Se compila aquí, para que ese tiempo no se cuente como entrenamiento.
        self._mover.get_concrete_function(pesos, pesos)

    def aplicar(self, grads, pesos):
        """Da un paso desde unos pesos.

        Devuelve:
            Los pesos después del paso, y el estado que había antes: los momentos y las
            velocidades, uno por peso o vacíos.
        """
        pesos = [np.asarray(w, v.dtype) for w, v in zip(pesos, self._variables, strict=True)]
        nuevos, estado = self._mover(grads, pesos)
        return [w.numpy() for w in nuevos], estado

    def _mover_en_grafo(self, grads, pesos):
        estado = [
            [tf.identity(v) for v in self._optimizador.variables if v.name.endswith(final)]
            for final in ("_momentum", "_velocity")
        ]
        for variable, w in zip(self._variables, pesos, strict=True):
            variable.assign(w)
        self._optimizador.apply(grads)
        return [tf.identity(variable) for variable in self._variables], estado


def _en_grafo(funcion):
    # En un grafo Keras reconoce softmax seguida de entropía y las deriva juntas, como en fit.
    return tf.function(funcion, reduce_retracing=True, autograph=False)
