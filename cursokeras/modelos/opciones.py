"""Los argumentos de los constructores: se leen, o se explica qué escribir en su lugar."""

import math
import operator

from cursokeras._backend import keras
from cursokeras._comun.hallazgos import contar


def forma_de_entrada(d_in):
    if isinstance(d_in, (tuple, list)):
        if not d_in:
            raise ValueError(
                "d_in llegó vacío. Escribe el número de columnas, d_in=8, o la forma de una "
                "imagen, d_in=(28, 28)."
            )
        return tuple(entero("d_in", lado, minimo=1) for lado in d_in)
    return (entero("d_in", d_in, minimo=1),)


def capas_ocultas(ocultas):
    if not isinstance(ocultas, (tuple, list)):
        raise ValueError(
            f"ocultas={ocultas!r} no es una lista de capas. Escribe las neuronas de cada capa: "
            "ocultas=(50, 25), o ocultas=(50,) si es una sola (con la coma: (50) es un número)."
        )
    return tuple(entero("ocultas", unidades, minimo=1) for unidades in ocultas)


def activaciones(activacion, cuantas):
    if isinstance(activacion, (tuple, list)):
        if len(activacion) != cuantas:
            capas = contar(cuantas, "capa oculta", "capas ocultas")
            raise ValueError(
                f"activacion trae {contar(len(activacion), 'nombre')} y hay {capas}. "
                "Escribe uno por capa, o uno solo para todas: activacion='relu'."
            )
        return [_activacion(nombre) for nombre in activacion]
    return [_activacion(activacion)] * cuantas


def _activacion(nombre):
    if nombre is None:
        return None
    if isinstance(nombre, str) and nombre.lower() == "none":
        raise ValueError(
            f"activacion={nombre!r} no existe en Keras. Para una capa sin activación escribe "
            "activacion=None, sin comillas."
        )
    if not (isinstance(nombre, str) and _existe(keras.activations.get, nombre)):
        raise ValueError(
            f"activacion={nombre!r} no es el nombre de una activación de Keras. "
            "Escribe por ejemplo 'relu', 'tanh' o 'sigmoid'."
        )
    return nombre


def optimizador(optimizer, learning_rate):
    if isinstance(optimizer, keras.optimizers.Optimizer):
        _revisar_objeto(optimizer, learning_rate)
        return optimizer
    if not (isinstance(optimizer, str) and _existe(keras.optimizers.get, optimizer)):
        raise ValueError(
            f"optimizer={optimizer!r} no es un optimizador de Keras. Escribe un nombre, "
            "optimizer='adam' o 'sgd', o un objeto, optimizer=keras.optimizers.SGD(0.01) (con "
            "sus paréntesis)."
        )
    if learning_rate is None:
        return optimizer
    config = {"learning_rate": _tasa(learning_rate)}
    return keras.optimizers.get({"class_name": optimizer, "config": config})


def _revisar_objeto(optimizer, learning_rate):
    if learning_rate is not None:
        raise ValueError(
            f"learning_rate={learning_rate!r} llegó junto con un objeto optimizador, que ya "
            "tiene la suya. Escribe optimizer='sgd', learning_rate=0.01, o solo "
            "optimizer=keras.optimizers.SGD(learning_rate=0.01)."
        )
    if optimizer.built:
        raise ValueError(
            f"El optimizador {optimizer.name!r} ya es de otro modelo y guarda su estado. Crea "
            "uno nuevo para este: optimizer=keras.optimizers.Adam(0.001), o optimizer='adam'."
        )


def _tasa(learning_rate):
    if isinstance(learning_rate, keras.optimizers.schedules.LearningRateSchedule):
        return learning_rate
    try:
        tasa = float(learning_rate)
    except (TypeError, ValueError):
        tasa = math.nan
    if not (0 < tasa < math.inf) or isinstance(learning_rate, (str, bool)):
        raise ValueError(
            f"learning_rate={learning_rate!r} no sirve: se esperaba un número mayor que 0. "
            "Escribe por ejemplo learning_rate=0.01."
        )
    return tasa


# Keras las acepta en una regresión y muestra 0.0 en silencio.
SOLO_CLASES = (
    "accuracy",
    "acc",
    "binary_accuracy",
    "categorical_accuracy",
    "sparse_categorical_accuracy",
)
# Las abreviaturas que `compile` entiende y `keras.metrics.get` no.
_ABREVIATURAS = ("accuracy", "acc", "crossentropy", "ce")


def metricas(metrics, prohibidas=()):
    if not isinstance(metrics, (tuple, list)):
        lista = f"[{metrics!r}]" if isinstance(metrics, str) else "[]"
        raise ValueError(
            f"metrics={metrics!r} no es una lista. Escribe entre corchetes: metrics={lista}."
        )
    for metrica in metrics:
        if metrica in prohibidas:
            raise ValueError(
                f"metrics={metrica!r} cuenta aciertos de clase y no mide una regresión. Escribe "
                "metrics=['mae'], o usa crear_clasificacion si quieres predecir clases."
            )
        if isinstance(metrica, str) and metrica in _ABREVIATURAS:
            continue
        if not _existe(keras.metrics.get, metrica):
            raise ValueError(
                f"metrics={metrica!r} no es una métrica de Keras. Escribe por ejemplo "
                "metrics=['mae'] en regresión o metrics=['accuracy'] en clasificación."
            )
    return list(metrics)


def contar_clases(clases):
    clases = entero("clases", clases, minimo=1)
    if clases == 1:
        raise ValueError(
            "clases=1: una sola clase no deja nada que elegir. Para responder sí o no usa "
            "crear_binaria(d_in), o escribe clases=2."
        )
    return clases


def _existe(buscar, nombre):
    try:
        return buscar(nombre) is not None
    except (ValueError, TypeError):
        return False


def entero(argumento, valor, *, minimo):
    if not es_entero_desde(minimo, valor):
        raise ValueError(
            f"{argumento} llegó con {valor!r} y se esperaba un entero desde {minimo}. "
            f"Escribe por ejemplo {_EJEMPLOS[argumento]}."
        )
    return operator.index(valor)


def es_entero_desde(minimo, valor):
    """Dice si `valor` es un entero desde `minimo`; `True` y `False` no cuentan como números."""
    try:
        return operator.index(valor) >= minimo and not isinstance(valor, bool)
    except TypeError:
        return False


_EJEMPLOS = {
    "d_in": "d_in=8, o d_in=(28, 28) para imágenes",
    "d_out": "d_out=1",
    "ocultas": "ocultas=(50, 25)",
    "clases": "clases=3",
    "semilla": "semilla=0",
}
