"""Las neuronas que no responden: las ReLU muertas dan 0 en todas las filas y ya no aprenden."""

import numpy as np

from cursokeras._backend import keras
from cursokeras._comun.finitos import exigir_pesos_finitos
from cursokeras._comun.hallazgos import ErrorDeDatos
from cursokeras.entradas import forma_de_salida

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
    if forma_de_salida(modelo) is None:  # Sin capas en fila no se sabe qué sale de cada una.
        return {}
    salidas = {capa.name: capa.output for capa in modelo.layers[:-1] if _es_relu(capa)}
    if not salidas:
        return {}
    activaciones = keras.Model(modelo.inputs[0], salidas)(x, training=False)
    vivas = {
        nombre: (np.asarray(a) > 0).any(axis=tuple(range(a.ndim - 1)))
        for nombre, a in activaciones.items()
    }
    return {nombre: (int((~viva).sum()), viva.size) for nombre, viva in vivas.items()}


def revisar_neuronas(modelo, x):
    """Da una frase si el modelo no distingue las filas, y una por cada capa casi toda muerta.

    Si tiene pesos que no son números, solo dice eso: lo demás que se vea sale de ahí.
    """
    try:
        exigir_pesos_finitos(modelo)
    except ErrorDeDatos as error:
        yield str(error)
        return
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
