"""Las funciones privadas de TensorFlow y de Keras que se usan, cada una con su recaída.

Una función privada puede faltar en una versión futura. Si falta, los números son los mismos: solo
se pierde la velocidad o la memoria que la pieza ahorraba.
"""

import contextlib

from cursokeras._backend import tf
from cursokeras.aceleracion.atributos import atributos


def un_solo_hilo():
    """Contexto para trazar y llamar funciones con un solo hilo entre operaciones.

    TensorFlow reparte entre hilos las operaciones de un grafo. Con operaciones de un microsegundo,
    pasarlas de un hilo a otro cuesta tanto como hacerlas.
    """
    try:
        from tensorflow.python.eager.context import function_executor_type
    except ImportError:
        return contextlib.nullcontext()
    # Con una GPU las operaciones pasan de un dispositivo a otro, y este ejecutor no lo permite.
    if tf.config.list_physical_devices("GPU"):
        return contextlib.nullcontext()
    return function_executor_type("SINGLE_THREADED_EXECUTOR")


def sin_sumar_replicas(optimizador):
    """Contexto para trazar el paso de `optimizador` sin la suma de gradientes entre réplicas.

    Con una sola réplica esa suma no cambia nada. Pero cada vez que se traza, TensorFlow anota su
    derivada en un registro que no se vacía nunca, y con ella queda vivo el grafo entero.
    """
    suma = getattr(type(optimizador), "_all_reduce_sum_gradients", None)
    if suma is None or not suma.__module__.startswith("keras."):
        return contextlib.nullcontext()
    return atributos(optimizador, _all_reduce_sum_gradients=lambda pares: pares)


def vaciar_nucleos():
    """Suelta lo que TensorFlow guarda de cada operación hecha fuera de un grafo.

    Cada variable nueva deja unas entradas propias, aunque después se borre. Lo que siga en uso
    vuelve a prepararse solo la próxima vez, en una fracción de segundo.
    """
    try:
        from tensorflow.python.eager.context import context
    except ImportError:
        return
    vaciar = getattr(context(), "clear_kernel_cache", None)
    if vaciar is not None:
        vaciar()
