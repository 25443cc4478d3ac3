"""Qué filas se apartan para validar: al azar, repetible y con todas las clases en su proporción.

`validation_split` de Keras toma las últimas filas sin barajar: con una tabla ordenada por clase,
valida con una sola. Aquí se barajan antes y se reparten por clase.
"""

import numpy as np

from cursokeras._comun.hallazgos import contar
from cursokeras.entrenamiento.estratos import elegir_por_etiqueta


def separar_validacion(n, fraccion, *, clases=None, multiplo=1, semilla=None):
    """Reparte las filas 0 … n - 1 entre entrenamiento y validación.

    Argumentos:
        n: cuántas filas hay.
        fraccion: parte que valida, entre 0 y 1. Nunca menos de una fila ni todas.
        clases: arreglo (n,) con la clase de cada fila, para que las dos partes tengan todas en
            su proporción; el entrenamiento conserva al menos una fila de cada una. O (n, k) con
            verdadero en las etiquetas de cada fila: las que están en dos filas o más quedan en
            las dos partes. `None` si no hay clases.
        multiplo: las filas de validación serán un múltiplo de este número.
        semilla: entero que fija el sorteo; `None` es siempre el mismo, 0.

    Devuelve:
        Dos arreglos de índices ordenados, sin filas en común: entrenamiento y validación.

    Lanza:
        ValueError: si no hay filas para las dos partes.

    Ejemplo:
        >>> entrenamiento, validacion = separar_validacion(10, 0.2, semilla=1)
        >>> len(entrenamiento), len(validacion)
        (8, 2)
    """
    if n < 2 * multiplo:
        raise ValueError(
            f"Hay {contar(n, 'fila')} y hacen falta al menos {2 * multiplo} para separar "
            "validación. Junta más filas, o entrena sin ella con validation_split=0."
        )
    cuantas = round(n * fraccion / multiplo) * multiplo
    cuantas = min(max(cuantas, multiplo), (n - multiplo) // multiplo * multiplo)
    azar = np.random.default_rng(0 if semilla is None else semilla)
    filas = azar.permutation(n)
    valida = np.zeros(n, bool)
    if np.ndim(clases) == 2:
        valida[filas] = elegir_por_etiqueta(np.asarray(clases)[filas], cuantas)
        return np.flatnonzero(~valida), np.flatnonzero(valida)
    if clases is not None:
        filas = _agrupar_por_clase(filas, np.asarray(clases)[filas], cuantas)
    # Posiciones equidistantes desde un comienzo al azar: en filas agrupadas por clase toman la
    # misma parte de cada una, sin preferir ninguna.
    posiciones = (np.arange(cuantas) + azar.random()) * (len(filas) / cuantas)
    valida[filas[posiciones.astype(int)]] = True
    return np.flatnonzero(~valida), np.flatnonzero(valida)


def _agrupar_por_clase(filas, clases, cuantas):
    """Ordena las filas por clase; la que podría quedarse sin entrenar guarda una aparte."""
    orden = np.argsort(clases, kind="stable")
    _, primeras, tamanos = np.unique(clases[orden], return_index=True, return_counts=True)
    # La mayor parte de una clase que puede tocarle a la validación: con una fila menos por clase.
    parte = cuantas / max(len(clases) - len(tamanos), 1)
    en_riesgo = tamanos * (1 - parte) < 1
    candidatas = np.delete(orden, primeras[en_riesgo])
    return filas[orden if len(candidatas) < cuantas else candidatas]
