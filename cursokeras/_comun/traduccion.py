"""Los errores de Keras y TensorFlow que todavía pueden llegar al usuario, dichos en español.

Los datos se revisan antes de entrenar. Lo que queda viene de piezas que aquí no se ven hasta que
Keras las usa: pérdidas y métricas propias, callbacks, capas que mezclan formas, la memoria.

Solo se traduce lo que lanzaron Keras y TensorFlow: un error escrito por el usuario en su callback,
su pérdida o su capa dice lo que él quiso decir, aunque su texto se parezca a uno de estos.
"""

import itertools
import re
import traceback
import types

from cursokeras._backend import keras, tf
from cursokeras._comun.avisos import es_interno

# Un patrón en el texto del error de Keras 3.15 o TensorFlow 2.21, y qué decir en su lugar.
_TRADUCCIONES = (
    (
        r"Could not interpret loss identifier: (.+)",
        "No existe la pérdida '{0}'. Escribe, por ejemplo, loss='mse' en regresión o "
        "loss='sparse_categorical_crossentropy' en clasificación.",
    ),
    (
        r"Could not interpret metric identifier: (.+)",
        "No existe la métrica '{0}'. Escribe, por ejemplo, metrics=['mae'] en regresión o "
        "metrics=['accuracy'] en clasificación.",
    ),
    (
        r"Expected `metrics` argument to be a list.* metrics=(.+) of type <class 'str'>",
        "metrics='{0}' no es una lista. Escríbelo entre corchetes: metrics=['{0}'].",
    ),
    (
        r"Expected `metrics` argument to be a list.* metrics=(.+) of type",
        "metrics={0} no es una lista. Escribe una, aunque sea de una métrica: metrics=['mae'].",
    ),
    (
        r"This optimizer can only be called for the variables it was originally built with",
        "El optimizador se preparó para otros pesos: es el de otro modelo, o las capas de este "
        "cambiaron después de compile. Compila otra vez, con uno nuevo: "
        "modelo.compile(optimizer=keras.optimizers.Adam(), loss=modelo.loss).",
    ),
    (
        r"has no attribute 'set_model'|Callback\.set_model\(\) missing 1 required",
        "callbacks tiene algo que no es un callback. Escribe una lista de objetos, con sus "
        "paréntesis: callbacks=[keras.callbacks.TerminateOnNaN()].",
    ),
    (
        r"OOM when allocating|[Oo]ut of memory|Unable to allocate",
        "No alcanza la memoria. Escribe un batch_size menor, o usa menos neuronas.",
    ),
    (
        r"indices\[.*\] = (-?\d+) is not in \[0, (\d+)\)",
        "Una capa Embedding recibió el índice {0} y solo conoce de 0 a {1} (sin incluirlo). "
        "Escribe un input_dim mayor, o revisa cómo numeraste x.",
    ),
    (
        r"Received a label value of (-?\d+) which is outside the valid range of \[0, (\d+)\)",
        "y tiene la clase {0} y el modelo distingue {1}, de 0 en adelante. Numera las clases desde "
        "0, o crea el modelo con más clases.",
    ),
    (
        r"of layer '(.+?)' .* axis (-?\d+) .*value (\d+), but received .* shape (\(.*\))",
        "La capa '{0}' recibe datos de forma {3} y espera {2} en el eje {1}. Revisa la forma que "
        "sale de la capa anterior en modelo.summary().",
    ),
    (
        r"of layer '(.+?)' .* expected .*shape=(\(.*\)), found shape=(\(.*\))",
        "La capa '{0}' recibe datos de forma {2} y espera {1}. Revisa la forma que sale de la capa "
        "anterior en modelo.summary().",
    ),
    (
        r"of layer '(.+?)' .*ndim=(\d+), found ndim=(\d+)",
        "La capa '{0}' recibe datos de {2} ejes y espera {1}. Revisa la forma que sale de la capa "
        "anterior en modelo.summary().",
    ),
    (
        r"Incompatible shapes: (\[.*?\]) vs\. (\[.*?\])"
        r"|Dimensions must be equal, but are (\d+) and (\d+) for"
        r"|must have the same shape\. Received: target\.shape=(.+), output\.shape=(.+)",
        "Se combinan arreglos de formas distintas: {0} y {1}. Revisa que la pérdida y las métricas "
        "sirvan para la salida del modelo: Precision y Recall, por ejemplo, son para binaria.",
    ),
    (
        r"TensorBoard is not installed",
        "TensorBoard no viene con TensorFlow. Escribe: pip install tensorboard.",
    ),
)
# Un error del usuario que TensorFlow llevó en uno suyo: el de una función de Python dentro del
# grafo, que trae su traza, y el mensaje de un tf.debugging.assert_...
_AJENO = re.compile(r"Traceback \(most recent call last\)|assertion failed:")


class errores_en_espanol:
    """Dentro de este bloque, un error conocido de Keras o TensorFlow sale como `ValueError`.

    El error original queda encadenado (`__cause__`). Los desconocidos y los que lanzó el código
    del usuario pasan sin tocar, con la traza corta que daría Keras.

    Ejemplo:
        >>> with errores_en_espanol():
        ...     keras.losses.get("msee")
        Traceback (most recent call last):
        ValueError: No existe la pérdida 'msee'. Escribe, por ejemplo, loss='mse' en regresión...
    """

    def __enter__(self):
        # Los filtros quitan de la traza quién lanzó el error, y Keras cambia además su texto.
        self._filtros = [filtro for filtro in (keras.config, tf.debugging) if _activo(filtro)]
        for filtro in self._filtros:
            filtro.disable_traceback_filtering()

    def __exit__(self, tipo, error, traza):
        for filtro in self._filtros:
            filtro.enable_traceback_filtering()
        if not isinstance(error, Exception):
            return
        explicacion = _explicar(error)
        if explicacion is not None:
            raise ValueError(explicacion) from error
        if keras.config in self._filtros:
            error.__traceback__ = _acortar(traza)


def _activo(filtro):
    return filtro.is_traceback_filtering_enabled()


def _explicar(error):
    if not _es_de_keras(error):
        return None
    texto = str(error)
    for patron, explicacion in _TRADUCCIONES:
        hallado = re.search(patron, texto)
        if hallado:
            grupos = [grupo for grupo in hallado.groups() if grupo is not None]
            return explicacion.format(*grupos) + _lugar(error)
    return None


def _es_de_keras(error):
    """Si lo lanzaron Keras o TensorFlow, y no para contar un error del usuario."""
    if not es_interno(_marcos(error)[-1]) or _AJENO.search(str(error)):
        return False
    while error.__context__ is not None:
        error = error.__context__
        marcos = _marcos(error)
        # Los que se atraparon antes de llamar a Keras también están en la cadena, y no cuentan.
        if marcos and es_interno(marcos[0]) and not es_interno(marcos[-1]):
            return False
    return True


def _lugar(error):
    """La función del usuario que Keras había llamado cuando falló, o un texto vacío."""
    llamados = itertools.dropwhile(lambda marco: not es_interno(marco), _marcos(error))
    propios = [marco.f_code for marco in llamados if not es_interno(marco)]
    if not propios:
        return ""
    # TensorFlow reescribe las funciones que llevan @tf.function, y les pone otro nombre.
    nombre = propios[-1].co_qualname.rpartition("<locals>.")[2].removeprefix("tf__")
    return f" Ocurrió en tu función {nombre}."


def _marcos(error):
    return [marco for marco, _ in traceback.walk_tb(error.__traceback__)]


def _acortar(traza):
    """La traza sin los marcos de Keras y TensorFlow."""
    if traza is None:
        return None
    resto = _acortar(traza.tb_next)
    if es_interno(traza.tb_frame):
        return resto
    return types.TracebackType(resto, traza.tb_frame, traza.tb_lasti, traza.tb_lineno)
