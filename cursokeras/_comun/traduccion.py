"""Los errores de Keras y TensorFlow que todavía pueden llegar al usuario, dichos en español.

Los datos se revisan antes de entrenar. Lo que queda viene de piezas que aquí no se ven hasta que
Keras las usa: pérdidas y métricas propias, callbacks, capas que mezclan formas, la memoria.
"""

import re
from contextlib import contextmanager

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
        r"Expected `metrics` argument to be a list.* metrics=(\S+) of type",
        "metrics={0} no es una lista. Escríbelo entre corchetes: metrics=['{0}'].",
    ),
    (
        r"Unknown variable: .*This optimizer can only be called",
        "El optimizador ya se usó con otro modelo. Crea uno nuevo en compile: "
        "optimizer=keras.optimizers.Adam().",
    ),
    (
        r"set_model",
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
        r"of layer '?\"?(\w+)'?\"? is incompatible with the layer: (.+)",
        "La capa '{0}' no puede recibir esos datos ({1}). Revisa la forma que sale de la capa "
        "anterior en modelo.summary().",
    ),
    (
        r"Incompatible shapes: (\[.*?\] vs\. \[.*?\])"
        r"|Dimensions must be equal, but are (.+?) for|must have the same shape\. Received: (.+)",
        "La pérdida o una métrica comparan arreglos de formas distintas ({0}). Revisa que cada una "
        "sirva para la salida del modelo: Precision y Recall, por ejemplo, son para binaria.",
    ),
    (
        r"TensorBoard is not installed",
        "TensorBoard no viene con TensorFlow. Escribe: pip install tensorboard.",
    ),
)


@contextmanager
def errores_en_espanol():
    """Dentro de este bloque, un error conocido de Keras o TensorFlow sale como `ValueError`.

    El error original queda encadenado (`__cause__`); los desconocidos pasan sin tocar.

    Ejemplo:
        >>> with errores_en_espanol():
        ...     raise ValueError("Could not interpret loss identifier: msee")
        Traceback (most recent call last):
        ValueError: No existe la pérdida 'msee'. Escribe, por ejemplo, loss='mse' en regresión...
    """
    try:
        yield
    except Exception as error:
        explicacion = _explicar(str(error))
        if explicacion is None:
            raise
        raise ValueError(explicacion) from error


def _explicar(texto):
    for patron, explicacion in _TRADUCCIONES:
        hallado = re.search(patron, texto)
        if hallado:
            return explicacion.format(*[grupo for grupo in hallado.groups() if grupo is not None])
    return None
