"""Las medidas de una historia, venga de Keras, de un diccionario o de una tabla.

Quien las da las pudo escribir a mano o leer de un archivo: aquí se exige lo que tiene la de Keras,
una lista por medida con un número por época.
"""

import numpy as np
import pandas as pd

from cursokeras._comun.hallazgos import error

_SIN_ORDEN = str | bytes | dict | set | frozenset | pd.DataFrame


def es_historia(objeto):
    """Dice si es algo de lo que se pueden leer medidas: una History, un diccionario o una tabla."""
    return isinstance(_medidas_de(objeto), dict | pd.DataFrame)


def leer_medidas(historia, nombre=""):
    """Devuelve las medidas en un diccionario de nombre → lista, todas del mismo largo.

    Argumentos:
        historia: una History de Keras, su diccionario `history` o una tabla con una columna por
            medida.
        nombre: cómo se llama, si hay varias.

    Lanza:
        ErrorDeDatos: si no es una historia, no tiene épocas o las medidas son de distinto largo.

    Ejemplo:
        >>> leer_medidas(pd.DataFrame({"loss": [3.0, 2.0], "val_loss": [4.0, 3.0]}))
        {'loss': [3.0, 2.0], 'val_loss': [4.0, 3.0]}
    """
    cual = f"La historia {nombre!r}" if nombre else "La historia"
    if not es_historia(historia):
        raise _error(
            f"{cual} es de tipo {type(historia).__name__}.",
            "Pasa lo que devuelve entrenar o fit: historia = ck.entrenar(modelo, x, y).",
        )
    valores = _medidas_de(historia)
    medidas = {str(medida): _a_lista(valores[medida], medida) for medida in valores}
    cuantas = {medida: len(lista) for medida, lista in medidas.items()}
    if not any(cuantas.values()):
        raise _error(f"{cual} está vacía: no terminó ninguna época.", "Entrena el modelo primero.")
    if len(set(cuantas.values())) > 1:
        raise _error(
            f"{cual} no tiene un valor por época en cada medida: trae {cuantas}.",
            "Si entrenaste con validation_freq, usa validation_freq=1.",
        )
    return medidas


def numeros(medidas, medida):
    """Devuelve los valores de una medida como un arreglo (épocas,); `None` pasa a nan.

    Lanza:
        ErrorDeDatos: si no son números, o no hay uno por época.
    """
    valores = [_a_numero(valor) for valor in medidas[medida]]
    if None in valores:
        raise _sin_numeros(medida, f": trae {medidas[medida][valores.index(None)]!r}")
    return np.array(valores)


def _a_numero(valor):
    """El valor como número, nan si falta; `None` si no es un número."""
    try:
        return float("nan" if valor is None else valor)
    except (TypeError, ValueError):
        return None


def _medidas_de(objeto):
    return getattr(objeto, "history", objeto)


def _a_lista(valores, medida):
    if isinstance(valores, _SIN_ORDEN):
        raise _sin_numeros(medida, f": es de tipo {type(valores).__name__}")
    try:
        return list(valores)
    except TypeError:  # Un número suelto, o None.
        raise _sin_numeros(medida, f": es {valores!r}") from None


def _sin_numeros(medida, detalle):
    otra = "" if str(medida) in ("loss", "val_loss") else " O elige otra con metrica='loss'."
    return _error(
        f"La medida {medida!r} no es un número por época{detalle}.",
        f"Se espera una lista como 'loss': [0.9, 0.5, 0.4].{otra}",
    )


def _error(mensaje, arreglo):
    return error("historia", "historia", mensaje, arreglo)
