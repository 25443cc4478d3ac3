"""`revisar`: convierte los datos y pasa por ellos todas las comprobaciones."""

from dataclasses import replace
from functools import partial

import numpy as np

from cursokeras._comun.filas import filas_cruzadas
from cursokeras._comun.finitos import exigir_optimizador_finito, exigir_pesos_finitos
from cursokeras._comun.hallazgos import ErrorDeDatos, error
from cursokeras.entradas import (
    convertir_pesos,
    convertir_x,
    convertir_y,
    exigir_columnas_de_validacion,
    exigir_mismas_filas,
    nombres_de_clases,
)
from cursokeras.entradas.arreglos import nombres_de_columnas
from cursokeras.entradas.lejania import lejos_del_entrenamiento
from cursokeras.entradas.rangos import medir_rangos
from cursokeras.revision.caso import Caso
from cursokeras.revision.centinelas import revisar_centinelas_de_y
from cursokeras.revision.columnas import revisar_columnas
from cursokeras.revision.conjuntos import es_conjunto, revisar_conjunto
from cursokeras.revision.modelo import (
    revisar_accuracy,
    revisar_cabeza,
    revisar_pesos,
    revisar_tamano,
)
from cursokeras.revision.objetivos import (
    revisar_clases,
    revisar_escala_de_y,
    revisar_etiquetas,
)
from cursokeras.revision.resultado import Revision
from cursokeras.revision.validacion import revisar_validacion

_COMPROBACIONES = (
    revisar_pesos,
    revisar_cabeza,
    revisar_accuracy,
    revisar_clases,
    revisar_etiquetas,
    revisar_escala_de_y,
    revisar_centinelas_de_y,
    revisar_columnas,
    revisar_tamano,
    revisar_validacion,
)


def revisar(modelo, x, y=None, *, validation_data=None):
    """Dice qué está mal, o qué conviene mirar, en unos datos antes de entrenar con ellos.

    No cambia los datos ni el modelo. `entrenar` la usa antes de empezar; suelta, sirve para ver
    todos los hallazgos en una tabla, también las notas. Con un modelo ya entrenado dice además si
    las filas están lejos de las que aprendió.

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
        >>> revision = ck.revisar(modelo, [[0.5, None], [0.1, 0.3]], [1, 3])
        >>> for hallazgo in revision.errores:
        ...     print(hallazgo.mensaje)
        La columna 1 de x tiene 1 valor faltante (nan) en 2 filas.
        y tiene valores [1, 3], y la pérdida binary_crossentropy espera 0 y 1.
    """
    if y is None and es_conjunto(x):
        return Revision(revisar_conjunto(modelo, x))
    hallazgos = []
    nombres = None if y is None else _intentar(hallazgos, nombres_de_clases, modelo, y)
    datos = _convertir(hallazgos, modelo, x, y, nombres=nombres)
    validacion = None
    if validation_data is not None:
        validacion = _convertir_validacion(hallazgos, modelo, x, y, validation_data, nombres)
    if not hallazgos:
        _intentar(hallazgos, exigir_pesos_finitos, modelo)
    if not hallazgos and y is not None:
        _intentar(hallazgos, exigir_optimizador_finito, modelo)
        caso = Caso(modelo, *datos, original=x, validacion=validacion)
        hallazgos += [h for comprobar in _COMPROBACIONES for h in comprobar(caso)]
        hallazgos += filas_cruzadas(x, y)
        hallazgos += lejos_del_entrenamiento(modelo, *datos, tablas=(x, y))
        if validacion is not None:
            hallazgos += _avisos_de_validacion(caso, validation_data)
    return Revision(hallazgos, x=datos[0], y=datos[1], validation_data=validacion)


def _convertir(hallazgos, modelo, x, y, pesos=None, *, nombres=None):
    """Convierte lo que puede y anota en `hallazgos` por qué no pudo con el resto."""
    filas_x = _intentar(hallazgos, convertir_x, modelo, x)
    if y is None:
        return filas_x, None
    antes = len(hallazgos)
    filas_y = _intentar(hallazgos, partial(convertir_y, nombres=nombres), modelo, y)
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


def _convertir_validacion(hallazgos, modelo, x, y, validation_data, nombres):
    """Como `_convertir`, y cada hallazgo dice que es de validation_data."""
    propios = []
    if isinstance(validation_data, tuple | list) and len(validation_data) in (2, 3):
        if validation_data[1] is None:
            propios += _VALIDACION_SIN_Y.hallazgos
        datos = _convertir(propios, modelo, *validation_data, nombres=nombres)
        if not propios:
            _intentar(propios, exigir_columnas_de_validacion, x, y, *validation_data[:2])
    else:
        datos = None
        propios += error(
            "validation_data",
            "validation_data",
            f"Llegó un {type(validation_data).__name__} y se esperaba un par (x, y).",
            "Escribe validation_data=(x_val, y_val).",
        ).hallazgos
    hallazgos += _de_validacion(propios)
    return datos


def _avisos_de_validacion(caso, validation_data):
    """Los avisos de unas filas de validación que no son las debidas, o de otra escala."""
    x, y, *pesos = validation_data
    avisos = filas_cruzadas(x, y)
    if pesos:
        avisos += filas_cruzadas(x, pesos[0], ("x", "sample_weight"))
    nombres = nombres_de_columnas(caso.original)
    rangos = medir_rangos(caso.modelo, caso.x, caso.y, nombres=nombres)
    avisos += lejos_del_entrenamiento(
        caso.modelo, *caso.validacion[:2], tablas=(x, y), rangos=rangos
    )
    return _de_validacion(avisos)


def _de_validacion(hallazgos):
    return [replace(h, mensaje=f"En validation_data: {h.mensaje}") for h in hallazgos]
