"""Predecir un lote con la traza de cualquier modelo igual, sin el costo fijo de `predict`."""

import weakref

import numpy as np

from cursokeras._backend import keras, tf
from cursokeras._comun.finitos import exigir_pesos_finitos
from cursokeras.aceleracion.compartidas import compartir
from cursokeras.aceleracion.descripcion import describir_red
from cursokeras.aceleracion.piezas_privadas import compilacion, en_un_dispositivo
from cursokeras.aceleracion.programa import Programa
from cursokeras.aceleracion.recaida import exigir

# De cada modelo, lo que ya se preparó. Guarda manejadores de variables, nunca el modelo.
_listos = weakref.WeakKeyDictionary()


def predecir_lote(modelo, x):
    """Devuelve lo mismo que `modelo.predict_on_batch(x)`, si los pesos son números finitos.

    Si un modelo igual ya predijo en este proceso no se traza nada. Lo que no es del todo de Keras,
    o no tiene una entrada y una salida, lo predice Keras.

    Argumentos:
        modelo: un `keras.Model`.
        x: arreglo (n, ...) con las entradas.

    Devuelve:
        Arreglo (n, ...) con las salidas.

    Lanza:
        ErrorDeDatos: si algún peso es nan o infinito; una capa relu lo escondería.

    Ejemplo:
        >>> import cursokeras as ck
        >>> import numpy as np
        >>> predecir_lote(ck.crear_regresion(3), np.zeros((2, 3), "float32")).shape
        (2, 1)
    """
    listo = _preparar(modelo, x)
    if listo is None:
        exigir_pesos_finitos(modelo)
        return modelo.predict_on_batch(x)
    salidas, finitos = listo(tf.convert_to_tensor(x))
    if not finitos:
        exigir_pesos_finitos(modelo)
    return salidas.numpy()


def _preparar(modelo, x):
    """El programa listo para este modelo y esta forma de x, o `None` si predice Keras."""
    if not isinstance(x, np.ndarray) or x.ndim < 1:
        return None
    pedido = _pedido(modelo, x)
    anterior = _listos.get(modelo)
    if anterior is None or anterior[0] != pedido:
        try:
            listo = _compartir(modelo, x)
        except Exception:  # Si el error es del usuario, Keras lo dirá mejor.
            listo = None
        _listos[modelo] = anterior = pedido, listo
    return anterior[1]


def _pedido(modelo, x):
    """Lo que, si cambia, obliga a preparar otra vez; sin nada que mantenga vivo al modelo."""
    dueno = compilacion(modelo)
    pesos = [
        id(v.value.handle) if isinstance(v.value, tf.Variable) else None for v in modelo.weights
    ]
    return x.dtype, x.shape[1:], dueno and weakref.ref(dueno), pesos


def _compartir(modelo, x):
    pasos_propios = any(
        nombre in vars(modelo) or getattr(type(modelo), nombre) is not getattr(keras.Model, nombre)
        for nombre in ("predict_step", "make_predict_function", "predict_on_batch")
    )
    descripcion = describir_red(modelo)
    if descripcion is None or pasos_propios or modelo.run_eagerly or modelo.jit_compile:
        return None
    if tf.config.functions_run_eagerly() or not en_un_dispositivo(modelo):
        return None

    def paso(lote):
        finitos = [tf.reduce_all(tf.math.is_finite(v.value)) for v in _con_decimales(modelo)]
        return modelo.predict_step((lote,)), tf.reduce_all(finitos)

    def hacer():
        firma = tf.TensorSpec([None, *x.shape[1:]], x.dtype)
        concreta = tf.function(paso, autograph=False).get_concrete_function(firma)
        exigir(isinstance(concreta.structured_outputs[0], tf.Tensor), "varias salidas")
        return concreta, Programa(concreta)

    llave = descripcion, "predict_step", x.dtype.name, x.shape[1:]
    return compartir(llave, modelo.variables, hacer)


def _con_decimales(modelo):
    return [v for v in modelo.weights if "float" in v.dtype]
