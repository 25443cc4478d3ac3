"""El ejecutor de un solo hilo de TensorFlow, la única pieza privada que se usa aquí.

TensorFlow reparte entre hilos las operaciones de un grafo. Con operaciones de un microsegundo,
pasarlas de un hilo a otro cuesta tanto como hacerlas. El ejecutor de un solo hilo da los mismos
números, pero se elige con una función privada: si un TensorFlow futuro la quita, se sigue con
el de siempre.
"""

import contextlib

from cursokeras._backend import tf


def un_solo_hilo():
    """Contexto para trazar y llamar funciones con un solo hilo entre operaciones."""
    try:
        from tensorflow.python.eager.context import function_executor_type
    except ImportError:
        return contextlib.nullcontext()
    # Con una GPU las operaciones pasan de un dispositivo a otro, y este ejecutor no lo permite.
    if tf.config.list_physical_devices("GPU"):
        return contextlib.nullcontext()
    return function_executor_type("SINGLE_THREADED_EXECUTOR")


def es_un_bucle_simple(concreta):
    """Dice si la función solo tiene un bucle sin más control de flujo adentro.

    Una condición dentro del bucle esperaría en este ejecutor a un hilo que puede no haber, para
    siempre. Un bucle simple trae dos funciones: su condición y su cuerpo.
    """
    return len(concreta.graph.as_graph_def().library.function) == 2
