"""`revisar`: convierte los datos y pasa por ellos todas las comprobaciones."""

from dataclasses import replace

import numpy as np
import pandas as pd

from cursokeras._comun.hallazgos import ErrorDeDatos, Hallazgo, error
from cursokeras.entradas import (
    convertir_pesos,
    convertir_x,
    convertir_y,
    exigir_columnas_de_validacion,
    exigir_mismas_filas,
)
from cursokeras.revision.caso import Caso
from cursokeras.revision.columnas import revisar_columnas
from cursokeras.revision.conjuntos import es_conjunto, revisar_conjunto
from cursokeras.revision.modelo import revisar_cabeza, revisar_pesos, revisar_tamano
from cursokeras.revision.objetivos import revisar_clases, revisar_escala_de_y
from cursokeras.revision.resultado import Revision
from cursokeras.revision.validacion import revisar_validacion

_COMPROBACIONES = (
    revisar_pesos,
    revisar_cabeza,
    revisar_clases,
    revisar_escala_de_y,
    revisar_columnas,
    revisar_tamano,
    revisar_validacion,
)


def revisar(modelo, x, y=None, *, validation_data=None):
    """Dice qué está mal, o qué conviene mirar, en unos datos antes de entrenar con ellos.

    No cambia los datos ni el modelo. `entrenar` la usa antes de empezar; suelta, sirve para ver
    todos los hallazgos en una tabla, también las notas.

    Argumentos:
        modelo: modelo de Keras compilado, de una entrada y una salida.
        x: entradas, (n, d_in): arreglo, lista, tabla o tensor; o un `tf.data.Dataset` con los
            lotes `(x, y)` que se darían a `modelo.fit`.
        y: objetivos, (n,) o (n, k). `None` revisa solo que el modelo pueda predecir con x.
        validation_data: `(x, y)` o `(x, y, sample_weight)`.

    Devuelve:
        `Revision`: los hallazgos, con los errores primero. Está vacía si no hay nada que decir.

    Ejemplo:
        >>> import cursokeras as ck
        >>> modelo = ck.crear_binaria(2)
        >>> revision = ck.revisar(modelo, [[0.5, None], [0.1, 0.3]], ["sí", "no"])
        >>> for hallazgo in revision.errores:
        ...     print(hallazgo.mensaje)
        La columna 1 de x tiene 1 valor faltante (nan) en 2 filas.
        y tiene textos (como 'sí').
    """
    if y is None and es_conjunto(x):
        return Revision(revisar_conjunto(modelo, x))
    hallazgos = []
    datos = _convertir(hallazgos, modelo, x, y)
    validacion = None
    if validation_data is not None:
        validacion = _convertir_validacion(hallazgos, modelo, x, validation_data)
    if not hallazgos and y is not None:
        caso = Caso(modelo, *datos, original=x, validacion=validacion)
        hallazgos = [h for comprobar in _COMPROBACIONES for h in comprobar(caso)]
        hallazgos += _filas_en_otro_orden(x, y)
    return Revision(hallazgos, x=datos[0], y=datos[1], validation_data=validacion)


def _convertir(hallazgos, modelo, x, y, pesos=None):
    """Convierte lo que puede y anota en `hallazgos` por qué no pudo con el resto."""
    filas_x = _intentar(hallazgos, convertir_x, modelo, x)
    if y is None:
        return filas_x, None
    antes = len(hallazgos)
    filas_y = _intentar(hallazgos, convertir_y, modelo, y)
    if y is x and len(hallazgos) > antes:
        hallazgos[antes:] = _Y_ES_X.hallazgos
    elif filas_x is None and filas_y is None and _estan_al_reves(modelo, x, y):
        hallazgos[:] = _AL_REVES.hallazgos
    if filas_x is None or filas_y is None:
        return filas_x, filas_y
    _intentar(hallazgos, exigir_mismas_filas, filas_x, filas_y)
    if filas_y.shape == (len(filas_x), 1) and np.array_equal(filas_x, filas_y):
        hallazgos.extend(_Y_ES_X.hallazgos)
    if pesos is None:
        return filas_x, filas_y
    return filas_x, filas_y, _intentar(hallazgos, convertir_pesos, pesos, len(filas_x))


def _intentar(hallazgos, convertir, *datos):
    try:
        return convertir(*datos)
    except ErrorDeDatos as error:
        hallazgos.extend(error.hallazgos)
        return None


def _estan_al_reves(modelo, x, y):
    hallazgos = []
    _intentar(hallazgos, convertir_x, modelo, y)
    _intentar(hallazgos, convertir_y, modelo, x)
    return not hallazgos


_Y_ES_X = error(
    "y_es_x",
    "y",
    "y es igual a x: el modelo recibiría lo mismo que debe predecir.",
    "El orden es (modelo, x, y), con el objetivo en y.",
)


_AL_REVES = error(
    "al_reves",
    "x",
    "x e y están al revés: y tiene la forma de las entradas, y x, la del objetivo.",
    "El orden es (modelo, x, y), con el objetivo en y.",
)


_VALIDACION_SIN_Y = error(
    "validacion_sin_y",
    "validation_data",
    "y es None, y sin objetivos no se puede medir la validación.",
    "Escribe validation_data=(x_val, y_val).",
)


def _convertir_validacion(hallazgos, modelo, x, validation_data):
    """Como `_convertir`, y cada hallazgo dice que es de validation_data."""
    propios = []
    if isinstance(validation_data, tuple | list) and len(validation_data) in (2, 3):
        if validation_data[1] is None:
            propios += _VALIDACION_SIN_Y.hallazgos
        datos = _convertir(propios, modelo, *validation_data)
        if not propios:
            _intentar(propios, exigir_columnas_de_validacion, x, validation_data[0])
    else:
        datos = None
        propios += error(
            "validation_data",
            "validation_data",
            f"Llegó un {type(validation_data).__name__} y se esperaba un par (x, y).",
            "Escribe validation_data=(x_val, y_val).",
        ).hallazgos
    hallazgos += [replace(h, mensaje=f"En validation_data: {h.mensaje}") for h in propios]
    return datos


def _filas_en_otro_orden(x, y):
    """Un aviso si los índices de pandas dicen que x e y traen las filas en distinto orden."""
    indices = [getattr(datos, "index", None) for datos in (x, y)]
    con_nombre = all(isinstance(i, pd.Index) and not isinstance(i, pd.RangeIndex) for i in indices)
    if not con_nombre or indices[0].equals(indices[1]):
        return []
    if not all(i.is_unique for i in indices) or not indices[0].isin(indices[1]).all():
        return []
    return [
        Hallazgo(
            "aviso",
            "filas_en_otro_orden",
            "y",
            "x e y tienen los mismos índices en distinto orden: cada fila de x quedaría con el "
            "objetivo de otra.",
            "Escribe y = y.loc[x.index].",
        )
    ]
