"""Todo lo privado de Keras y de TensorFlow que se usa, con su comprobación y su vuelta atrás.

Probado con Keras 3.15.1 y TensorFlow 2.21. Una versión futura puede quitar o cambiar cualquiera
de estas piezas: cada función lo comprueba antes de usarla, y sin la pieza los números son los
mismos. Se pierde la velocidad o la memoria que ahorraba, o el `fit` lo hace Keras con su motivo.
La costura misma, que son atributos del modelo y una lista de callbacks, se prueba en `ensayo`.
"""

import contextlib
import importlib
import weakref

from cursokeras._backend import keras, tf
from cursokeras.aceleracion.atributos import atributos


def un_solo_hilo():
    """Contexto para trazar y llamar funciones con un solo hilo entre operaciones.

    TensorFlow reparte entre hilos las operaciones de un grafo. Con operaciones de un microsegundo,
    pasarlas de un hilo a otro cuesta tanto como hacerlas.
    """
    # Con una GPU las operaciones pasan de un dispositivo a otro, y este ejecutor no lo permite.
    if tf.config.list_physical_devices("GPU"):
        return contextlib.nullcontext()
    try:
        from tensorflow.python.eager.context import function_executor_type

        with function_executor_type("SINGLE_THREADED_EXECUTOR"):
            pass
        return function_executor_type("SINGLE_THREADED_EXECUTOR")
    except Exception:
        return contextlib.nullcontext()


def llamada_plana(concreta):
    """Devuelve cómo llamar a una función concreta con la lista de todos sus argumentos.

    La llamada pública revisa los argumentos uno por uno, que con muchas variables tarda tanto
    como una época corta.
    """
    plana = getattr(concreta, "_call_flat", None)
    if plana is None:
        return lambda argumentos: tf.nest.flatten(concreta(*argumentos))

    def llamar(argumentos):
        try:
            return tf.nest.flatten(plana(argumentos, []))
        except (TypeError, AttributeError):
            return tf.nest.flatten(concreta(*argumentos))

    return llamar


def sin_sumar_replicas(optimizador):
    """Contexto para trazar el paso de `optimizador` sin la suma de gradientes entre réplicas.

    Con una sola réplica esa suma no cambia nada. Pero cada vez que se traza, TensorFlow anota su
    derivada en un registro que no se vacía nunca, y con ella queda vivo el grafo entero.
    """
    suma = getattr(type(optimizador), "_all_reduce_sum_gradients", None)
    if suma is None or not es_de_keras(suma):
        return contextlib.nullcontext()
    return atributos(optimizador, _all_reduce_sum_gradients=lambda pares: pares)


def vaciar_nucleos():
    """Suelta lo que TensorFlow guarda de cada operación hecha fuera de un grafo.

    Cada variable nueva deja unas entradas propias, aunque después se borre. Lo que siga en uso
    vuelve a prepararse solo la próxima vez, en una fracción de segundo.
    """
    with contextlib.suppress(Exception):
        from tensorflow.python.eager.context import context

        context().clear_kernel_cache()


def conservar_funciones(dueno, grafo):
    """Mantiene registradas las funciones internas de un grafo mientras viva `dueno`.

    Un bucle es una función aparte, que TensorFlow olvida con la traza en que nació.

    Devuelve:
        `False` si no se pudo: entonces quien las use tiene que conservar también la traza.
    """
    try:
        from tensorflow.python.eager.context import context

        contexto, soltar = context(), context().remove_function
        for funcion in grafo.library.function:
            contexto.add_function_def(funcion)
            weakref.finalize(dueno, soltar, funcion.signature.name).atexit = False
    except Exception:
        return False
    return True


def al_limpiar_la_sesion(llamar):
    """Hace que se llame a `llamar` cuando `clear_session` tire el estado global de Keras.

    Devuelve:
        `True` si se podrá saber; si no, lo que dependa de eso no se puede guardar.
    """
    try:
        estado = importlib.import_module("keras.src.backend.common.global_state")
        weakref.finalize(estado.GLOBAL_STATE_TRACKER, llamar).atexit = False
    except (ImportError, AttributeError, TypeError):
        return False
    return True


def compilacion(modelo):
    """Devuelve un objeto que dura lo que esta compilación del modelo, o `None` si no se sabe.

    Es el rastreador de la pérdida, que Keras crea de nuevo en cada `compile`.
    """
    rastreador = vars(modelo).get("_loss_tracker")
    return rastreador if isinstance(rastreador, keras.metrics.Mean) else None


def capas_de(modelo):
    """Devuelve todas las capas del modelo, también las de adentro de otras, o `None`."""
    aplanar = getattr(modelo, "_flatten_layers", None)
    try:
        return list(aplanar(include_self=False))
    except TypeError:
        return None


def pesos_del_optimizador(optimizador):
    """Devuelve los pesos que entrena, en el orden de sus acumuladores, o `None` si no se sabe."""
    pesos = getattr(optimizador, "_trainable_variables", None)
    return list(pesos) if isinstance(pesos, list | tuple) else None


def elige_que_decae(optimizador):
    """Dice si se le pidió dejar algunos pesos fuera de `weight_decay`."""
    nombres = ("_exclude_from_weight_decay", "_exclude_from_weight_decay_pattern")
    return any(getattr(optimizador, nombre, None) for nombre in nombres)


def en_un_dispositivo(modelo):
    """Dice si el modelo no se creó para ninguna estrategia de `tf.distribute`, ni hay una puesta.

    Sin la propiedad privada del modelo, lo dicen sus variables, que una estrategia reparte.
    """
    if tf.distribute.has_strategy():
        return False
    nada = object()
    estrategia = getattr(modelo, "distribute_strategy", nada)
    if estrategia is not nada:
        return estrategia is tf.distribute.get_strategy()
    return not any(isinstance(v.value, tf.distribute.DistributedValues) for v in modelo.weights)


def ordenes_de_keras(filas):
    """Devuelve el `Dataset` del que Keras saca el orden de cada época con `shuffle=True`.

    Argumentos:
        filas: cuántas filas se mezclan.

    Devuelve:
        Un `Dataset` que en cada vuelta da un solo tensor, los índices (filas,); o `None`.
    """
    try:
        adaptadores = importlib.import_module("keras.src.trainers.data_adapters.array_data_adapter")
        adaptador = adaptadores.ArrayDataAdapter(tf.range(filas), batch_size=filas, shuffle=True)
        ordenes = adaptador.get_tf_dataset().map(lambda *lote: tf.nest.flatten(lote)[0])
        exacto = ordenes.element_spec.is_compatible_with(tf.TensorSpec([filas], tf.int32))
    except Exception:
        return None
    return ordenes if exacto else None


def hay_semilla_global():
    """Dice si se puso `tf.random.set_seed`, que fija hasta el orden de las filas.

    Devuelve:
        `True` o `False`; `None` si este TensorFlow no lo dice.
    """
    try:
        from tensorflow.python.eager.context import global_seed

        return global_seed() is not None
    except Exception:
        return None


def es_de_keras(objeto):
    """Dice si una clase o una función la escribió Keras, no el usuario."""
    modulo = getattr(objeto, "__module__", None) or ""
    return modulo.split(".")[0] == "keras"
