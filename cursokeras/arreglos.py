"""De lo que el usuario escribió a un arreglo de números, o una explicación de por qué no se puede.

Aquí no se sabe nada del modelo: solo se leen arreglos, listas, tablas y tensores, y se nombra cada
columna que no es de números.
"""

import numpy as np
import pandas as pd

from cursokeras.hallazgos import ErrorDeDatos, Hallazgo, error

# Lo que `pandas.api.types.infer_dtype` ve en una columna: cómo se llama y qué escribir.
_CODIFICAR = "Codifícala con pd.get_dummies, o quítala con tabla.drop(columns=...)."
_FECHAS = "Conviértelas en números, por ejemplo el año: fechas.dt.year."
_QUE_TIENE = {
    "string": ("textos", f"Si son números, conviértelos con pd.to_numeric. {_CODIFICAR}"),
    "mixed-integer": ("textos mezclados con números", "Conviértelos con pd.to_numeric."),
    "categorical": ("categorías", _CODIFICAR),
    "complex": ("números complejos", "Si la parte imaginaria sobra, quédate con .real."),
    "datetime": ("fechas", _FECHAS),
    "datetime64": ("fechas", _FECHAS),
    "date": ("fechas", _FECHAS),
    "period": ("períodos", "Conviértelos en números, por ejemplo el año: periodos.dt.year."),
    "timedelta": ("duraciones", "Conviértelas en segundos: duraciones.dt.total_seconds()."),
    "timedelta64": ("duraciones", "Conviértelas en segundos: duraciones.dt.total_seconds()."),
}
_SON_NUMEROS = ("integer", "floating", "mixed-integer-float", "boolean", "decimal")


def a_arreglo(datos, nombre, *, dtype="float32"):
    """Convierte números escritos de cualquier forma en un arreglo de NumPy.

    Argumentos:
        datos: arreglo, lista (o lista de listas), `DataFrame`, `Series` o tensor. Lo que falta
            (`None`, `pd.NA`, `nan`) queda como nan, y lo que no cabe en `dtype`, como infinito.
        nombre: cómo llamarlos en los mensajes, por ejemplo "x".
        dtype: tipo de los números que se devuelven.

    Devuelve:
        Un arreglo con la misma forma que los datos; es el mismo objeto si ya era de ese tipo.

    Lanza:
        ErrorDeDatos: si hay textos, categorías, fechas, objetos o números complejos (nombra las
            columnas), o si las filas no tienen todas el mismo largo.

    Ejemplo:
        >>> a_arreglo([[1, 2], [3, None]], "x")
        array([[ 1.,  2.], [ 3., nan]], dtype=float32)
    """
    if not isinstance(
        datos, pd.DataFrame | pd.Series | pd.Index | pd.api.extensions.ExtensionArray
    ):
        arreglo = _leer(datos, nombre)
        if arreglo.dtype.kind in "biuf":
            return _con_tipo(arreglo, dtype)
        datos = datos if isinstance(datos, list | tuple) else arreglo
    if isinstance(datos, pd.DataFrame) or np.ndim(datos) == 2:
        return _de_tabla(pd.DataFrame(datos), nombre, dtype)
    if np.ndim(datos) > 2:
        raise _no_son_datos(datos, nombre, f"un arreglo de tipo {np.asarray(datos).dtype}")
    return _de_tabla(pd.Series(datos, name=nombre).to_frame(), nombre, dtype)[:, 0]


def nombres_de_columnas(datos):
    """Devuelve los nombres de las columnas de una tabla, o `None` si no tiene nombres propios."""
    if not isinstance(datos, pd.DataFrame) or pd.api.types.is_integer_dtype(datos.columns):
        return None
    return tuple(str(columna) for columna in datos.columns)


def nombrar_columna(datos, i):
    """Devuelve cómo llamar a la columna `i` en un mensaje: por su nombre, o por su número."""
    nombres = nombres_de_columnas(datos)
    return str(i) if nombres is None else f"'{nombres[i]}'"


def _leer(datos, nombre):
    """Devuelve un arreglo de cualquier tipo con al menos un eje."""
    if isinstance(datos, dict | set | str | bytes | None) or hasattr(datos, "__next__"):
        raise _no_son_datos(datos, nombre)
    try:
        arreglo = np.asarray(np.ma.filled(datos, np.nan) if np.ma.is_masked(datos) else datos)
    except ValueError as causa:
        raise _filas_desparejas(datos, nombre) from causa
    if arreglo.ndim == 0:
        raise _no_son_datos(datos, nombre)
    return arreglo


def _con_tipo(arreglo, dtype):
    with np.errstate(over="ignore"):
        return arreglo.astype(dtype, copy=False)


def _de_tabla(tabla, nombre, dtype):
    if any(tipo == object for tipo in tabla.dtypes):
        tabla = tabla.apply(_numeros_si_puede)
    malas = [i for i, tipo in enumerate(tabla.dtypes) if not _es_numerico(tipo)]
    if malas:
        raise ErrorDeDatos(*(_columna_no_numerica(tabla, i, nombre) for i in malas))
    with np.errstate(over="ignore"):
        return tabla.to_numpy(dtype=dtype, na_value=np.nan)


def _numeros_si_puede(columna):
    """Una columna de objetos que en realidad solo guarda números pasa a ser numérica."""
    if columna.dtype == object and pd.api.types.infer_dtype(columna) in _SON_NUMEROS:
        return pd.to_numeric(columna)
    return columna


def _es_numerico(tipo):
    return pd.api.types.is_numeric_dtype(tipo) and tipo.kind != "c"


def _columna_no_numerica(tabla, i, nombre):
    valores = tabla.iloc[:, i].dropna()
    ejemplo = next(iter(valores), None)
    otro = (f"objetos de tipo {type(ejemplo).__name__}", "Conviértelos en números.")
    que_tiene, arreglo = _QUE_TIENE.get(pd.api.types.infer_dtype(valores), otro)
    columna = nombrar_columna(tabla, i)
    mensaje = f"La columna {columna} de {nombre} tiene {que_tiene} (como {ejemplo!r})."
    return Hallazgo("error", "columna_no_numerica", columna, mensaje, arreglo)


def _filas_desparejas(datos, nombre):
    largos = sorted({len(fila) if hasattr(fila, "__len__") else 1 for fila in datos})
    return error(
        "filas_desparejas",
        nombre,
        f"Las filas de {nombre} tienen largos distintos: {largos}.",
        "Todas deben tener un valor por columna; completa o quita las que no.",
    )


def _no_son_datos(datos, nombre, que_es=None):
    que_es = que_es or f"un objeto de tipo {type(datos).__name__}"
    return error(
        "no_son_datos",
        nombre,
        f"{nombre} es {que_es}.",
        f"Da una tabla de pandas, un arreglo de NumPy o una lista: {nombre} = np.array(...).",
    )
