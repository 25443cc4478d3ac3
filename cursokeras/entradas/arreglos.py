"""De lo que el usuario escribió a un arreglo de números, o una explicación de por qué no se puede.

Aquí no se sabe nada del modelo: solo se leen arreglos, listas, tablas y tensores, y se nombra cada
columna que no es de números.
"""

import decimal
import math
import numbers
import pathlib
from dataclasses import replace

import numpy as np
import pandas as pd

from cursokeras._comun.hallazgos import ErrorDeDatos, error
from cursokeras.entradas.columnas_de_texto import Columna, explicar_columna

_DE_PANDAS = (pd.DataFrame, pd.Series, pd.Index, pd.api.extensions.ExtensionArray)
_NUMEROS = (numbers.Real, decimal.Decimal, np.bool_)


def a_arreglo(datos, nombre, *, dtype="float32"):
    """Convierte números escritos de cualquier forma en un arreglo de NumPy.

    Argumentos:
        datos: arreglo, lista (o lista de listas), `DataFrame`, `Series` o tensor. Lo que falta
            (`None`, `pd.NA`, `nan`) queda como nan, y lo que no cabe en `dtype`, como infinito.
        nombre: cómo llamarlos en los mensajes, por ejemplo "x".
        dtype: tipo de los números que se devuelven, "float32" o "float64".

    Devuelve:
        Un arreglo con la misma forma que los datos; es el mismo objeto si ya era de ese tipo.

    Lanza:
        ErrorDeDatos: si hay textos, categorías, fechas, objetos o números complejos (nombra las
            columnas), si las filas no tienen todas el mismo largo, o si las columnas de una tabla
            tienen varios niveles de nombres.

    Ejemplo:
        >>> a_arreglo([[1, 2], [3, None]], "x")
        array([[ 1.,  2.], [ 3., nan]], dtype=float32)
    """
    if _columnas_ajenas(datos) is not None:
        return _de_otra_biblioteca(datos, nombre, dtype)
    en_tabla = isinstance(datos, pd.DataFrame | pd.Series)
    if not isinstance(datos, _DE_PANDAS):
        arreglo = _leer(datos, nombre)
        if arreglo.dtype.kind in "biuf" or np.can_cast(arreglo.dtype, dtype):
            return _con_tipo(arreglo, dtype)
        datos = _como_tabla(datos if isinstance(datos, list | tuple) else arreglo, nombre)
    if isinstance(datos, pd.DataFrame):
        return _de_tabla(datos, nombre, dtype, en_tabla=en_tabla)
    return _de_tabla(pd.Series(datos).to_frame(), nombre, dtype, en_tabla=en_tabla, una=True)[:, 0]


def nombres_de_columnas(datos):
    """Devuelve los nombres de las columnas, una tupla de textos; `None` si no tienen nombre."""
    if not isinstance(datos, pd.DataFrame):
        return _columnas_ajenas(datos)
    if pd.api.types.is_integer_dtype(datos.columns):
        return None
    return tuple(str(columna) for columna in datos.columns)


def nombrar_columna(datos, i):
    """Devuelve cómo llamar a la columna `i` en un mensaje: por su nombre, o por su número."""
    nombres = nombres_de_columnas(datos)
    return str(i) if nombres is None else f"'{nombres[i]}'"


def _columnas_ajenas(datos):
    """Los nombres de las columnas de una tabla de polars o de pyarrow; `None` si no lo es."""
    if isinstance(datos, np.ndarray | list) or not hasattr(datos, "__array__"):
        return None
    nombres = getattr(datos, "column_names", None) or getattr(datos, "columns", None)
    son_nombres = isinstance(nombres, list) and all(isinstance(n, str) for n in nombres)
    return tuple(nombres) if son_nombres else None


def _de_otra_biblioteca(datos, nombre, dtype):
    """Los números de una tabla de polars o de pyarrow.

    Convertida entera, sus fechas y sus duraciones llegan como números; de a una columna, no.
    """
    columnas = {c: np.asarray(datos[c]) for c in _columnas_ajenas(datos)}
    if columnas and all(c.dtype.kind in "biuf" and c.ndim == 1 for c in columnas.values()):
        return _con_tipo(np.column_stack(list(columnas.values())), dtype)
    tabla = pd.DataFrame({n: c if c.ndim == 1 else list(c) for n, c in columnas.items()})
    try:
        return _de_tabla(tabla, nombre, dtype, en_tabla=True)
    except ErrorDeDatos as causa:
        antes = f"Primero, {nombre} = {nombre}.to_pandas()."
        hallazgos = [replace(h, arreglo=f"{antes} {h.arreglo}") for h in causa.hallazgos]
        raise ErrorDeDatos(*hallazgos) from causa


def _leer(datos, nombre):
    """Devuelve un arreglo de cualquier tipo con al menos un eje."""
    if isinstance(datos, np.ma.MaskedArray):
        datos = np.ma.filled(datos.astype("float64"), np.nan)
    try:
        arreglo = np.asarray(datos)
    except ValueError as causa:
        if not isinstance(datos, list | tuple | np.ndarray):  # Un tensor simbólico de Keras.
            raise _no_son_datos(datos, nombre) from causa
        raise _filas_desparejas(datos, nombre) from causa
    if arreglo.ndim == 0 or isinstance(datos, dict):
        raise _no_son_datos(datos, nombre)
    return arreglo


def _con_tipo(arreglo, dtype):
    with np.errstate(over="ignore"):
        return arreglo.astype(dtype, copy=False)


def _como_tabla(datos, nombre):
    """Deja que pandas mire columna por columna lo que NumPy no reconoció como números."""
    ejes = np.ndim(datos)
    if ejes == 2 or getattr(getattr(datos, "dtype", None), "names", None):
        return pd.DataFrame(datos)
    if ejes > 2:
        raise error(
            "no_son_numeros",
            nombre,
            f"{nombre} es un arreglo de {np.asarray(datos).dtype} y debe ser de números.",
            f"Escribe {nombre} = {nombre}.astype('float32').",
        )
    return pd.Series(datos)


def _de_tabla(tabla, nombre, dtype, *, en_tabla, una=False):
    """Los números de una tabla; `una` dice que en realidad los datos eran una sola columna."""
    if not len(tabla):  # Sin filas, el tipo de cada columna no dice nada.
        return np.empty(tabla.shape, dtype)
    if any(tipo == "object" for tipo in tabla.dtypes):
        tabla = tabla.apply(_numeros_si_puede)
    malas = [i for i, tipo in enumerate(tabla.dtypes) if not _es_numerico(tipo)]
    if malas:
        columnas = [
            Columna(nombre, None if una else nombrar_columna(tabla, i), en_tabla) for i in malas
        ]
        raise ErrorDeDatos(*map(explicar_columna, (tabla.iloc[:, i] for i in malas), columnas))
    with np.errstate(over="ignore"):
        arreglo = tabla.to_numpy(dtype=dtype, na_value=np.nan)
    return np.ascontiguousarray(arreglo)  # Pandas guarda por columnas, y se entrena por filas.


def _numeros_si_puede(columna):
    """Una columna de objetos que en realidad solo guarda números pasa a ser numérica."""
    if columna.dtype != "object":
        return columna
    if not all(isinstance(v, _NUMEROS) or v is None or v is pd.NA for v in columna):
        return columna
    return columna.map(_a_flotante).astype("float64")


def _a_flotante(valor):
    if valor is None or valor is pd.NA:
        return math.nan
    try:
        return float(valor)
    except OverflowError:  # Un entero de más de 308 cifras.
        return math.inf if valor > 0 else -math.inf


def _es_numerico(tipo):
    # `is_numeric_dtype` reconoce los decimales de Arrow, y no sus booleanos.
    return tipo.kind in "biuf" or (tipo.kind != "c" and pd.api.types.is_numeric_dtype(tipo))


def _filas_desparejas(datos, nombre):
    if isinstance(datos, tuple) and len(datos) == 2 and np.ndim(datos[0]) == 2:
        return error(
            "no_son_datos",
            nombre,
            f"{nombre} es un par de arreglos, y debe ser uno solo.",
            "Si son las entradas y los objetivos, van por separado: (modelo, x, y).",
        )
    largos = sorted({len(fila) if hasattr(fila, "__len__") else 1 for fila in datos})
    problema = f"Las filas de {nombre} tienen largos distintos: {largos}."
    if len(largos) == 1:
        problema = f"Alguna celda de {nombre} guarda una lista, en lugar de un número."
    arreglo = "Da filas con un número por columna, y las mismas columnas en todas."
    return error("filas_desparejas", nombre, problema, arreglo)


def _no_son_datos(datos, nombre):
    if isinstance(datos, _NUMEROS) or type(datos) is np.ndarray:
        return error(
            "no_son_datos",
            nombre,
            f"{nombre} es un solo número ({datos}) y debe tener un valor por fila.",
            f"Escribe {nombre} = [...], o una columna de la tabla.",
        )
    return error(
        "no_son_datos",
        nombre,
        f"{nombre} es de tipo {type(datos).__name__} y debe ser una tabla, un arreglo o una lista.",
        _como_darlos(datos, nombre),
    )


def _como_darlos(datos, nombre):
    """Qué escribir para convertir en datos algo que no lo es."""
    if datos is None:
        origen = "Revisa de dónde sale: con inplace=True, pandas cambia la tabla y devuelve None."
        return origen if nombre == "x" else f"El orden es (modelo, x, y). {origen}"
    if hasattr(datos, "element_spec"):
        return "Un Dataset va en modelo.fit(dataset), modelo.evaluate o modelo.predict."
    if hasattr(datos, "collect"):
        return f"Es una consulta de polars: escribe {nombre} = {nombre}.collect()."
    if hasattr(datos, "x") and hasattr(datos, "y"):
        return f"Trae las entradas y los objetivos: sepáralos con x, y = {nombre}."
    if callable(datos):
        return f"Es una función, no sus datos: quizá le faltan los paréntesis, {nombre}()."
    if isinstance(datos, dict):
        filas = nombre if any(map(np.ndim, datos.values())) else f"[{nombre}]"
        return f"Escribe {nombre} = pd.DataFrame({filas})."
    if isinstance(datos, str | pathlib.Path):
        return f"Si es el nombre de un archivo, escribe {nombre} = ck.datos.leer_tabla({nombre})."
    if hasattr(datos, "toarray"):
        return f"Escribe {nombre} = {nombre}.toarray()."
    if type(datos).__name__ == "SparseTensor":
        return f"Escribe {nombre} = tf.sparse.to_dense({nombre})."
    if hasattr(datos, "__iter__") and not isinstance(datos, bytes) and not hasattr(datos, "shape"):
        return f"Escribe {nombre} = np.array(list({nombre}))."
    return f"Escribe {nombre} = np.array(...), o una tabla de pandas."
