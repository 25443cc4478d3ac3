"""Los argumentos que no son datos: de cada uno, cuándo sirve, cómo se dice y un ejemplo.

Una sola tabla para todo el paquete, y una sola forma de rechazar: los que no sirven en una llamada
se explican juntos.
"""

import math
import numbers
import operator
from functools import partial

import numpy as np

from cursokeras._comun.hallazgos import ErrorDeDatos, Hallazgo

_LARGO = 60
_MAXIMO = 2**31 - 1  # TensorFlow cuenta filas y columnas con 32 bits.
_MAXIMAS_FILAS_INVENTADAS = 10**8


def es_entero_desde(minimo, valor):
    """Dice si `valor` es un entero desde `minimo`; `True` y `False` no cuentan como números."""
    try:
        return operator.index(valor) >= minimo and not isinstance(valor, bool | np.bool_)
    except TypeError:
        return False


def _es_entero_entre(minimo, maximo, valor):
    return es_entero_desde(minimo, valor) and valor <= maximo


def es_numero(valor):
    """Dice si `valor` es un número finito; `True` y `False` no cuentan."""
    if not isinstance(valor, numbers.Real) or isinstance(valor, bool):
        return False
    try:
        return math.isfinite(valor)
    except OverflowError:  # Un entero de más de 308 cifras.
        return False


def _o_none(sirve):
    return lambda valor: valor is None or sirve(valor)


_DESDE_1 = (partial(_es_entero_entre, 1, _MAXIMO), f"un entero de 1 a {_MAXIMO}")
_DESDE_0_O_NONE = (_o_none(partial(es_entero_desde, 0)), "un entero desde 0, o None")
_REGLAS = {
    "d_in": (*_DESDE_1, "d_in=8, o d_in=(28, 28) para imágenes"),
    "d_out": (*_DESDE_1, "d_out=1"),
    "ocultas": (*_DESDE_1, "ocultas=(50, 25)"),
    "clases": (*_DESDE_1, "clases=3"),
    "etiquetas": (*_DESDE_1, "etiquetas=3, o etiquetas=['fiebre', 'tos']"),
    "n": (
        partial(_es_entero_entre, 1, _MAXIMAS_FILAS_INVENTADAS),
        f"el número de filas, un entero de 1 a {_MAXIMAS_FILAS_INVENTADAS}",
        "n=100",
    ),
    "cuantas": (*_DESDE_1, "cuantas=15"),
    "cuantas_tasas": (
        partial(_es_entero_entre, 2, 1000),
        "cuántas tasas probar, un entero de 2 a 1000",
        "cuantas=12",
    ),
    "units": (*_DESDE_1, "units=8"),
    "epochs": (*_DESDE_1, "epochs=100"),
    "batch_size": (*_DESDE_1, "batch_size=32"),
    "semilla": (*_DESDE_0_O_NONE, "semilla=0"),
    "patience": (*_DESDE_0_O_NONE, "patience=10"),
    "validation_split": (
        lambda v: es_numero(v) and 0 <= v < 1,
        "una fracción desde 0 y menor que 1",
        "validation_split=0.2",
    ),
    "tolerancia": (
        lambda v: es_numero(v) and 0 < v < 1,
        "una diferencia relativa entre 0 y 1",
        "tolerancia=1e-4",
    ),
    "brecha": (_o_none(lambda v: es_numero(v) and v > 0), "un número mayor que 0", "brecha=0.5"),
    "dropout": (
        lambda v: es_numero(v) and 0 <= v < 1,
        "la parte de las neuronas que se apaga, desde 0 y menor que 1",
        "dropout=0.2",
    ),
    "l2": (lambda v: es_numero(v) and v >= 0, "un número desde 0", "l2=0.001"),
    "ruido": (
        lambda v: es_numero(v) and v >= 0,
        "una desviación estándar, un número desde 0",
        "ruido=0.1",
    ),
    "radio": (lambda v: es_numero(v) and 0 < v < 1, "un radio entre 0 y 1", "radio=0.5"),
    "vueltas": (es_numero, "un número", "vueltas=1"),
    "acelerar": (lambda v: isinstance(v, bool | np.bool_), "True o False", "acelerar=False"),
    "one_hot": (lambda v: isinstance(v, bool | np.bool_), "True o False", "one_hot=True"),
    "verbose": (
        lambda v: isinstance(v, str | numbers.Integral) and v in ("auto", 0, 1, 2),
        "'auto', 0, 1 o 2",
        "verbose=0",
    ),
}


def leer(nombre, valor):
    """Devuelve un argumento que sirve; los enteros, como `int`.

    Lanza:
        ErrorDeDatos: si no sirve.

    Ejemplo:
        >>> leer("epochs", np.int64(5))
        5
        >>> leer("epochs", 2.5)
        Traceback (most recent call last):
        cursokeras.ErrorDeDatos: epochs=2.5: se esperaba un entero de 1 a 2147483647.
        Escribe, por ejemplo, epochs=100.
    """
    sirve, esperado, ejemplo = _REGLAS[nombre]
    if not sirve(valor):
        raise malo(
            nombre,
            f"{nombre}={escribir(valor)}: se esperaba {esperado}.",
            f"Escribe, por ejemplo, {ejemplo}.",
        )
    return valor if isinstance(valor, bool | np.bool_) else _como_entero(valor)


def _como_entero(valor):
    """Un entero de NumPy o de TensorFlow como `int`; lo demás queda como llegó."""
    try:
        return operator.index(valor)
    except TypeError:
        return valor


def juntar(**lecturas):
    """Hace todas las lecturas y devuelve un diccionario con lo leído.

    Argumentos:
        lecturas: por cada argumento, una función sin argumentos que lo lee o lanza `ErrorDeDatos`.

    Lanza:
        ErrorDeDatos: con los hallazgos de todos los que no sirven.

    Ejemplo:
        >>> juntar(epochs=lambda: leer("epochs", 0), semilla=lambda: leer("semilla", -1))
        Traceback (most recent call last):
        cursokeras.ErrorDeDatos: Hay 2 errores:
        1. epochs=0: se esperaba un entero de 1 a 2147483647. Escribe, por ejemplo, epochs=100.
        2. semilla=-1: se esperaba un entero desde 0, o None. Escribe, por ejemplo, semilla=0.
    """
    leidos, hallazgos = {}, []
    for nombre, leer_uno in lecturas.items():
        try:
            leidos[nombre] = leer_uno()
        except ErrorDeDatos as error:
            hallazgos += error.hallazgos
    if hallazgos:
        raise ErrorDeDatos(*hallazgos)
    return leidos


def leer_todos(**valores):
    """Como `juntar`, con argumentos que están en la tabla; devuelve una lista, en su orden."""
    lecturas = {nombre: partial(leer, nombre, valor) for nombre, valor in valores.items()}
    return list(juntar(**lecturas).values())


def malo(nombre, mensaje, arreglo):
    """Devuelve el `ErrorDeDatos` de un argumento que no sirve, listo para lanzarlo."""
    return ErrorDeDatos(Hallazgo("error", "argumento", nombre, mensaje, arreglo))


def escribir(valor):
    """Un valor cualquiera en un mensaje: entero si es corto; de una tabla, solo su forma."""
    if hasattr(valor, "shape") and np.ndim(valor):
        return f"{type(valor).__name__} de forma {tuple(valor.shape)}"
    texto = " ".join(repr(valor).split())
    return texto if len(texto) <= _LARGO else f"{texto[: _LARGO - 1]}…"
