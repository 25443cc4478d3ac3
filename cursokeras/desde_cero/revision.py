"""Revisa los datos antes de entrenar y dice en español qué escribir."""

import math
import warnings

import numpy as np

from cursokeras._comun.argumentos import es_entero_desde, es_numero


def a_numeros(datos, nombre, dtype):
    """Devuelve los datos como arreglo de números finitos.

    Argumentos:
        datos: arreglo, lista o DataFrame.
        nombre: "x" o "y", para el mensaje.
        dtype: precisión; `None` conserva la que traiga.

    Lanza:
        ValueError: si hay textos, filas de largos distintos o valores que faltan.
    """
    try:
        arreglo = np.asarray(datos, dtype=dtype)
        if arreglo.dtype == object:
            arreglo = arreglo.astype("float64")
        finitos = np.isfinite(arreglo)
    except (TypeError, ValueError) as error:
        raise ValueError(
            f"{nombre} debe ser una tabla de números{_primer_texto(datos)}. Convierte los textos "
            "en números y usa punto decimal, no coma."
        ) from error
    if arreglo.ndim == 0 or not len(arreglo):
        raise ValueError(f"{nombre} no tiene filas: llegó con forma {arreglo.shape}.")
    if not finitos.all():
        donde = tuple(int(i) for i in np.argwhere(~finitos)[0])
        raise ValueError(
            f"{nombre} tiene {int((~finitos).sum())} valores nan o infinitos; el primero está en "
            f"la posición {donde}. Completa o quita esas filas antes de entrenar."
        )
    return arreglo


def revisar_cantidad(x, y):
    """Lanza ValueError si `x` e `y` no tienen la misma cantidad de filas."""
    if len(x) != len(y):
        raise ValueError(f"x tiene {len(x)} filas e y tiene {len(y)}: deben ser las mismas.")


def revisar_enteros_positivos(**valores):
    """Lanza ValueError si algún argumento no es un entero positivo."""
    for nombre, valor in valores.items():
        if not es_entero_desde(1, valor):
            raise ValueError(f"{nombre}={valor!r} debe ser un entero positivo, como 32.")


def revisar_numero(nombre, valor, desde=0, hasta=math.inf):
    """Lanza ValueError si un argumento no es un número entre `desde` y `hasta`."""
    if not es_numero(valor) or not desde <= valor <= hasta:
        rango = f"desde {desde}" if hasta == math.inf else f"entre {desde} y {hasta}"
        raise ValueError(f"{nombre}={valor!r} debe ser un número {rango}.")


def corte_de_validacion(n, fraccion):
    """Devuelve la primera fila de validación: Keras aparta las últimas, sin mezclar.

    Lanza:
        ValueError: si alguna de las dos partes queda vacía.
    """
    revisar_numero("validation_split", fraccion, 0, 1)
    corte = math.floor(n * (1 - fraccion))
    if not 0 < corte < n:
        raise ValueError(
            f"validation_split={fraccion!r} con {n} filas deja vacío el entrenamiento o la "
            "validación. Usa una fracción como 0.2."
        )
    return corte


def avisar_si_diverge(perdida):
    """Avisa si la pérdida dejó de ser un número: Keras sigue en silencio."""
    if not math.isfinite(perdida):
        warnings.warn(
            f"La pérdida es {perdida}: el entrenamiento diverge. Prueba una tasa de aprendizaje "
            "menor o lleva las columnas de x a la misma escala.",
            stacklevel=5,
        )


def avisar_si_no_son_pareja(activacion, perdida):
    """Avisa si Keras va a ignorar la activación de salida al calcular la pérdida."""
    if activacion is not perdida.activacion:
        warnings.warn(
            f"La salida usa {activacion.name} y la pérdida {perdida.name} espera "
            f"{perdida.activacion.name}. Keras, sin avisar, calcula la pérdida como si la salida "
            f"fuera {perdida.activacion.name}: cambia una de las dos.",
            stacklevel=3,
        )


def _primer_texto(datos):
    valores = np.asarray(datos, dtype=object).ravel()
    texto = next((valor for valor in valores if isinstance(valor, str)), None)
    return "" if texto is None else f" y trae, por ejemplo, {str(texto)!r}"
