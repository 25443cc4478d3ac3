"""Las neuronas que no responden: las ReLU muertas dan 0 en todas las filas y ya no aprenden."""

import numpy as np

from cursokeras._backend import keras

_PARTE = 0.5
_IGUAL = 1e-5


def contar_muertas(modelo, x):
    """Cuenta las neuronas ReLU que dan 0 en todas las filas.

    Argumentos:
        modelo: modelo de Keras de una entrada, hecho de capas.
        x: arreglo (n, ...) con la forma de su entrada.

    Devuelve:
        Diccionario: nombre de cada capa ReLU → (muertas, total).
    """
    capas = [capa for capa in modelo.layers[:-1] if _es_relu(capa)]
    if not capas:
        return {}
    intermedias = keras.Model(modelo.inputs, [capa.output for capa in capas])(x, training=False)
    vivas = [np.asarray(salida) > 0 for salida in intermedias]
    vivas = [viva.any(axis=tuple(range(viva.ndim - 1))) for viva in vivas]
    return {
        capa.name: (int((~viva).sum()), viva.size) for capa, viva in zip(capas, vivas, strict=True)
    }


def revisar_neuronas(modelo, x):
    """Da una frase si el modelo no distingue las filas, y una por cada capa casi toda muerta."""
    salida = np.asarray(modelo(x, training=False))
    if len(x) > 1 and np.ptp(salida, axis=0).max() <= _IGUAL * np.abs(salida).max():
        yield "El modelo da lo mismo para todas las filas."
    for nombre, (muertas, total) in contar_muertas(modelo, x).items():
        if muertas >= _PARTE * total:
            yield (
                f"En la capa '{nombre}', {muertas} de las {total} neuronas ReLU dan 0 en todas las "
                "filas: están muertas. Crea el modelo otra vez, con una tasa menor y x escalada, o "
                "con activacion='leaky_relu'."
            )


def _es_relu(capa):
    activacion = getattr(capa, "activation", None)
    return getattr(activacion, "__name__", "") == "relu" or type(capa) is keras.layers.ReLU
