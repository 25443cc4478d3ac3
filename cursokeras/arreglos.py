"""De lo que el usuario escribió a un arreglo de números, o una explicación de por qué no se puede.

Aquí no se sabe nada del modelo: solo se leen arreglos, listas, tablas y tensores, y se nombra cada
columna que no es de números.
"""

import numbers

import numpy as np
import pandas as pd

from cursokeras.hallazgos import ErrorDeDatos, Hallazgo, error

_DE_PANDAS = (pd.DataFrame, pd.Series, pd.Index, pd.api.extensions.ExtensionArray)
_SON_NUMEROS = ("integer", "floating", "mixed-integer-float", "boolean", "decimal")

_FECHA = "Conviértelas en números: el año es {nombre}.dt.year."
_DURACION = "Conviértelas en segundos: {nombre}.dt.total_seconds()."
_CLASES = "Si son clases, numéralas: clases, {nombre} = np.unique({nombre}, return_inverse=True)."
_CATEGORIAS = "Si son categorías, codifícalas con pd.get_dummies({nombre})."
# Lo que `pandas.api.types.infer_dtype` ve en unos valores: cómo se llama y qué escribir.
_QUE_TIENE = {
    "string": ("textos", "Si son números, léelos con pd.to_numeric. {categorias}"),
    "bytes": ("textos", "Si son números, léelos con pd.to_numeric. {categorias}"),
    "categorical": ("categorías", "{categorias}"),
    "complex": ("números complejos", "Si sobra la parte imaginaria, quédate con la real: .real."),
    "datetime": ("fechas", _FECHA),
    "datetime64": ("fechas", _FECHA),
    "date": ("fechas", _FECHA),
    "period": ("períodos", _FECHA),
    "timedelta": ("duraciones", _DURACION),
    "timedelta64": ("duraciones", _DURACION),
    "empty": ("valores vacíos (None)", "Quítala, o complétala con números."),
}


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
            columnas), o si las filas no tienen todas el mismo largo.

    Ejemplo:
        >>> a_arreglo([[1, 2], [3, None]], "x")
        array([[ 1.,  2.], [ 3., nan]], dtype=float32)
    """
    if not isinstance(datos, _DE_PANDAS):
        arreglo = _leer(datos, nombre)
        if arreglo.dtype.kind in "biuf":
            return _con_tipo(arreglo, dtype)
        datos = _como_tabla(datos if isinstance(datos, list | tuple) else arreglo, nombre)
    if isinstance(datos, pd.DataFrame):
        return _de_tabla(datos, nombre, dtype)
    return _de_tabla(pd.Series(datos).to_frame(), nombre, dtype, de_una_columna=True)[:, 0]


def nombres_de_columnas(datos):
    """Devuelve los nombres de las columnas, una tupla de textos; `None` si no tienen nombre."""
    if not isinstance(datos, pd.DataFrame) or pd.api.types.is_integer_dtype(datos.columns):
        return None
    return tuple(str(columna) for columna in datos.columns)


def nombrar_columna(datos, i):
    """Devuelve cómo llamar a la columna `i` en un mensaje: por su nombre, o por su número."""
    nombres = nombres_de_columnas(datos)
    return str(i) if nombres is None else f"'{nombres[i]}'"


def _leer(datos, nombre):
    """Devuelve un arreglo de cualquier tipo con al menos un eje."""
    if isinstance(datos, np.ma.MaskedArray):
        datos = np.ma.filled(datos.astype("float64"), np.nan)
    try:
        arreglo = np.asarray(datos)
    except ValueError as causa:
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


def _de_tabla(tabla, nombre, dtype, *, de_una_columna=False):
    if any(tipo == "object" for tipo in tabla.dtypes):
        tabla = tabla.apply(_numeros_si_puede)
    malas = [i for i, tipo in enumerate(tabla.dtypes) if not _es_numerico(tipo)]
    if malas:
        donde = {i: None if de_una_columna else nombrar_columna(tabla, i) for i in malas}
        raise ErrorDeDatos(
            *(_no_numerica(tabla.iloc[:, i], nombre, columna) for i, columna in donde.items())
        )
    with np.errstate(over="ignore"):
        return tabla.to_numpy(dtype=dtype, na_value=np.nan)


def _numeros_si_puede(columna):
    """Una columna de objetos que en realidad solo guarda números pasa a ser numérica."""
    if columna.dtype == "object" and pd.api.types.infer_dtype(columna) in _SON_NUMEROS:
        return pd.to_numeric(columna)
    return columna


def _es_numerico(tipo):
    # `is_numeric_dtype` reconoce los decimales de Arrow, y no sus booleanos.
    return tipo.kind in "biuf" or (tipo.kind != "c" and pd.api.types.is_numeric_dtype(tipo))


def _no_numerica(valores, nombre, columna):
    """Explica una columna que no es de números; `columna` es `None` si los datos son una sola."""
    valores = valores.dropna()
    if valores.dtype == "object":  # De una mezcla interesa lo que no es un número.
        ajenos = [not isinstance(valor, numbers.Real) for valor in valores]
        valores = valores[ajenos]
    ejemplo = next(iter(valores), None)
    otra_cosa = (f"objetos de tipo {type(ejemplo).__name__}", "Conviértelos en números.")
    que_tiene, arreglo = _QUE_TIENE.get(pd.api.types.infer_dtype(valores), otra_cosa)
    if columna is None:
        sujeto, expresion, categorias = nombre, nombre, _CLASES
    else:
        sujeto, expresion = f"La columna {columna} de {nombre}", f"{nombre}[{columna}]"
        categorias = _CATEGORIAS
    return Hallazgo(
        "error",
        "columna_no_numerica",
        columna or nombre,
        f"{sujeto} tiene {que_tiene} (como {ejemplo!r}).",
        arreglo.format(nombre=expresion, categorias=categorias.format(nombre=nombre)),
    )


def _filas_desparejas(datos, nombre):
    largos = sorted({len(fila) if hasattr(fila, "__len__") else 1 for fila in datos})
    problema = f"Las filas de {nombre} tienen largos distintos: {largos}."
    if len(largos) == 1:
        problema = f"Alguna celda de {nombre} guarda una lista, en lugar de un número."
    arreglo = "Da filas con un número por columna, y las mismas columnas en todas."
    return error("filas_desparejas", nombre, problema, arreglo)


def _no_son_datos(datos, nombre):
    arreglos = {
        dict: f"{nombre} = pd.DataFrame({nombre}).",
        str: f"{nombre} = pd.read_csv({nombre}), si es el nombre de un archivo.",
    }
    otro = f"{nombre} = np.array(...), o una tabla de pandas."
    if hasattr(datos, "element_spec"):
        otro = "modelo.fit(dataset), que recibe x e y juntas."
    return error(
        "no_son_datos",
        nombre,
        f"{nombre} es de tipo {type(datos).__name__} y debe ser una tabla, un arreglo o una lista.",
        f"Escribe {arreglos.get(type(datos), otro)}",
    )
