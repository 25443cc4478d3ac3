"""Qué métricas de Keras miden cada cabeza; las demás darían un número sin sentido, o un error.

La cabeza dice cuáles la miden, por su nombre. Aquí se mira también con qué opciones: la misma
métrica mide o no según espere probabilidades o logits, un umbral o la mayor de la fila. Las del
usuario se aceptan todas.
"""

import numpy as np

from cursokeras._backend import keras
from cursokeras._comun.argumentos import escribir, malo
from cursokeras._comun.hallazgos import ErrorDeDatos
from cursokeras.entradas.cabezas import recibe_logits
from cursokeras.modelos.opciones import existe

# Con estos nombres `compile` elige la accuracy que corresponde.
_ACCURACY = ("accuracy", "acc")
# Solo cuenta cuál es la mayor de la fila, y esa es la misma en logits y en probabilidades.
_DE_LA_MAYOR = (
    *("categoricalaccuracy", "sparsecategoricalaccuracy", "topkcategoricalaccuracy"),
    *("sparsetopkcategoricalaccuracy", "onehotiou", "onehotmeaniou", "iou", "meaniou"),
)
_K = 5  # El de las funciones top_k de Keras.
_ENTRE_SALIDAS = ("cosinesimilarity", "pearsoncorrelation", "concordancecorrelation")


def leer_metricas(metrics, cabeza, loss, neuronas):
    """Devuelve las métricas como las recibe `compile`.

    Argumentos:
        metrics: lista de nombres, funciones u objetos de Keras, o del usuario.
        cabeza: la clase de `CABEZAS` que se construye.
        loss: su pérdida.
        neuronas: cuántos números da por fila; `None` si no se pudo saber.

    Lanza:
        ErrorDeDatos: si no es una lista, o con las que no existen o no miden esa cabeza.
    """
    if not isinstance(metrics, tuple | list):
        lista = f"[{metrics!r}]" if isinstance(metrics, str) else "[]"
        raise malo(
            "metrics",
            f"metrics={escribir(metrics)} no es una lista.",
            f"Escribe entre corchetes: metrics={lista}.",
        )
    leidas, hallazgos = [], []
    for metrica in metrics:
        try:
            leidas.append(_leer_una(metrica, cabeza, loss, neuronas))
        except ErrorDeDatos as error:
            hallazgos += error.hallazgos
    if hallazgos:
        raise ErrorDeDatos(*hallazgos)
    return leidas


def _leer_una(metrica, cabeza, loss, neuronas):
    if isinstance(metrica, str) and metrica.lower() in _ACCURACY:
        return _accuracy(metrica, cabeza, loss)
    if metrica is None or not existe(keras.metrics.get, metrica):
        raise malo(
            "metrics",
            f"metrics={escribir(metrica)} no es una métrica de Keras, o le faltan opciones.",
            "Escribe por ejemplo metrics=['mae'] en regresión o metrics=['accuracy'] en "
            "clasificación.",
        )
    objeto = keras.metrics.get(metrica)
    nombre = _nombre(objeto)
    if nombre is None:
        return objeto
    if nombre not in cabeza.metricas:
        raise _no_mide(metrica, cabeza)
    opciones = objeto.get_config() if hasattr(objeto, "get_config") else {}
    de_otro_modo = _como_escribirla(nombre, opciones, cabeza, recibe_logits(loss), neuronas)
    if de_otro_modo is not None:
        raise malo(
            "metrics",
            f"metrics={_llamar(metrica)} no mide {cabeza.descripcion} con esas opciones.",
            de_otro_modo,
        )
    return metrica if isinstance(metrica, str) else objeto


def _accuracy(nombre, cabeza, loss):
    """La accuracy de la cabeza, con el nombre que escribió el usuario."""
    if not cabeza.activacion:
        raise _no_mide(nombre, cabeza)
    # Con varias etiquetas Keras elegiría otra, y compararía los logits con 0.5.
    if cabeza.activacion == "sigmoid" and recibe_logits(loss):
        return keras.metrics.BinaryAccuracy(name=nombre, threshold=0.0)
    return nombre if cabeza.clases else keras.metrics.BinaryAccuracy(name=nombre)


def _nombre(objeto):
    """Su nombre, en minúsculas y sin guiones, si es de Keras; `None` si es del usuario."""
    propia = objeto if hasattr(objeto, "__name__") else type(objeto)
    es_de_keras = propia.__module__.partition(".")[0] == "keras"
    if not es_de_keras or propia is keras.metrics.MeanMetricWrapper:
        return None
    return propia.__name__.replace("_", "").lower()


def _como_escribirla(nombre, opciones, cabeza, con_logits, neuronas):
    """Qué escribir si, con esas opciones, una métrica de la cabeza no la mide; `None` si sí."""
    if nombre in _ENTRE_SALIDAS and opciones.get("axis", -1) != 0 and neuronas == 1:
        return "Compara las salidas de una fila entre sí, y hay una sola: usa metrics=['mae']."
    k = opciones.get("k", _K) if "topk" in nombre else 0
    if neuronas is not None and k >= neuronas:
        return f"Entre las {k} más probables están todas: escribe k={max(neuronas - 1, 1)}."
    if opciones.get("sparse_y_pred"):
        return "Espera la clase, y el modelo da probabilidades: escribe sparse_y_pred=False."
    elige_la_mayor = nombre in _DE_LA_MAYOR
    if nombre in ("f1score", "fbetascore") and opciones["threshold"] is None:
        if cabeza.activacion == "sigmoid":
            return "Sin umbral elige una sola por fila: escribe threshold=0.5."
        elige_la_mayor = True
    return None if elige_la_mayor else _como_leer_logits(opciones, cabeza, con_logits)


def _como_leer_logits(opciones, cabeza, con_logits):
    """Qué escribir si la métrica y la pérdida no leen lo mismo: logits, o probabilidades."""
    if not con_logits:
        sobra = opciones.get("from_logits")
        return "El modelo da probabilidades: quita from_logits=True." if sobra else None
    if opciones.get("from_logits"):
        return None
    corte = opciones.get("thresholds", opciones.get("threshold", ()))
    if cabeza.activacion == "sigmoid" and np.ravel(corte).tolist() == [0]:
        return None
    return (
        "Con from_logits=True en la pérdida el modelo da logits: escribe metrics=['accuracy'], o "
        "from_logits=True en la métrica si lo tiene."
    )


def _no_mide(metrica, cabeza):
    return malo(
        "metrics",
        f"metrics={_llamar(metrica)} no mide {cabeza.descripcion}: daría un número sin sentido, o "
        "un error a mitad de camino.",
        f"Escribe metrics=['{cabeza.metrica}'], o usa el constructor de tu tarea: "
        "crear_regresion, crear_clasificacion, crear_binaria o crear_multietiqueta.",
    )


def _llamar(metrica):
    """Cómo la escribió el usuario: su nombre, o el de su función o clase."""
    if isinstance(metrica, str):
        return repr(metrica)
    return getattr(metrica, "__name__", type(metrica).__name__)
