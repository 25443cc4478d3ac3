"""Qué no se puede acelerar y por qué: entonces trabaja el `fit` de Keras, sin cambios."""

from cursokeras._backend import keras, tf
from cursokeras.aceleracion.piezas_privadas import en_un_dispositivo

_GANCHOS_POR_LOTE = (
    "on_batch_begin",
    "on_batch_end",
    "on_train_batch_begin",
    "on_train_batch_end",
    "on_test_batch_begin",
    "on_test_batch_end",
)
_METODOS_POR_PASO = (
    "train_step",
    "test_step",
    "compute_metrics",
    "get_metrics_result",
    "reset_metrics",
    "make_train_function",
    "make_test_function",
)


class NoSePuedeAcelerar(Exception):
    """El motivo, en una frase, por el que este `fit` o `evaluate` lo hace Keras a su manera."""


def exigir(condicion, motivo):
    """Lanza `NoSePuedeAcelerar(motivo)` si `condicion` es falsa."""
    if not condicion:
        raise NoSePuedeAcelerar(motivo)


def revisar_modelo(modelo, originales):
    """Comprueba que los pasos del modelo son los de Keras y corren en un solo dispositivo.

    Argumentos:
        modelo: un modelo de Keras.
        originales: sus métodos `fit` y `evaluate`, por nombre, sin acelerar.
    """
    exigir(getattr(modelo, "compiled", False), "el modelo no está compilado")
    exigir(not modelo.run_eagerly, "el modelo usa run_eagerly=True")
    exigir(not tf.config.functions_run_eagerly(), "TensorFlow corre las funciones sin compilarlas")
    for nombre, metodo in originales.items():
        propio = getattr(metodo, "__func__", None) is not getattr(keras.Model, nombre)
        exigir(not propio, f"el modelo define su propio {nombre}")
    for nombre in _METODOS_POR_PASO:
        propio = getattr(type(modelo), nombre) is not getattr(keras.Model, nombre)
        exigir(not (propio or nombre in vars(modelo)), f"el modelo define su propio {nombre}")
    exigir(en_un_dispositivo(modelo), "el modelo se creó para una estrategia tf.distribute")
    limitado = keras.config.max_epochs() or keras.config.max_steps_per_epoch()
    exigir(not limitado, "keras.config limita las épocas o los pasos")


def revisar_callbacks(callbacks):
    """Comprueba que ningún callback quiere actuar en cada lote."""
    exigir(
        not isinstance(callbacks, keras.callbacks.CallbackList),
        "los callbacks vienen en una CallbackList ya armada",
    )
    for callback in keras.tree.flatten(callbacks or []):
        nombre = type(callback).__name__
        exigir(isinstance(callback, keras.callbacks.Callback), f"{nombre} no es un Callback")
        exigir(not actua_por_lote(callback), f"el callback {nombre} actúa en cada lote")


def actua_por_lote(callback):
    """Dice si `callback` hace algo en cada lote que una llamada por época no le daría."""
    return any(
        gancho in vars(callback)
        or getattr(type(callback), gancho) not in _inofensivos(callback, gancho)
        for gancho in _GANCHOS_POR_LOTE
    )


def _inofensivos(callback, gancho):
    """Las versiones de `gancho` que, llamadas solo al final de cada llamada, dan lo mismo."""
    nativos = keras.callbacks
    clases = [nativos.Callback, nativos.History, nativos.ProgbarLogger, nativos.TerminateOnNaN]
    if getattr(callback, "save_freq", None) == "epoch":
        clases += [nativos.ModelCheckpoint, nativos.BackupAndRestore]
    return [getattr(clase, gancho) for clase in clases]
