"""Que los valores de y sean los que espera la cabeza: clases desde 0, one-hot, o 0 y 1."""

import numbers

import numpy as np
import pandas as pd

from cursokeras._comun.hallazgos import contar, enumerar, error
from cursokeras.entradas.arreglos import nombres_de_columnas

# Una suma de probabilidades guardadas en float32 o escritas con tres cifras no da 1 exacto.
_TOLERANCIA = 1e-2
_A_LA_VISTA = 12


def numerar(y, nombres, clases):
    """Devuelve el número de la clase de cada fila si y son textos, o `None` si no lo son.

    Argumentos:
        y: como la dio el usuario.
        nombres: los de las clases, en orden, o `None` si no se conocen.
        clases: cuántas distingue el modelo.

    Lanza:
        ErrorDeDatos: si falta alguno, uno no es de esas clases, o no se sabe cuál es cada una.

    Ejemplo:
        >>> numerar(["no", "sí", "no"], ("no", "sí"), 2).tolist()
        [0, 1, 0]
    """
    textos = _textos(y)
    if textos is None or (nombres is None and _son_numeros(textos)):
        return None
    numeros = [valor for valor in textos if isinstance(valor, numbers.Real) and valor == valor]
    if numeros:
        raise _etiquetas_malas(
            f"y mezcla textos y números (como {numeros[0]!r}).",
            "Si todos son clases, escribe y = pd.Series(y).astype(str).",
        )
    faltan = int(textos.isna().sum())
    if faltan:
        raise error(
            "valores_no_finitos",
            "y",
            f"y tiene {contar(faltan, 'valor faltante', 'valores faltantes')} en "
            f"{contar(len(textos), 'fila')}.",
            "Un objetivo no se inventa: quita esas filas de x e y.",
        )
    distintos = sorted(map(str, textos.unique()))
    if nombres is None:
        raise _etiquetas_malas(*_sin_nombres(distintos, clases))
    ajenos = [repr(texto) for texto in distintos if texto not in nombres]
    if ajenos:
        raise _etiquetas_malas(
            f"y trae {enumerar(ajenos)}, y las clases del modelo son {_citar(nombres)}.",
            "Corrige esas filas, o crea otro modelo con todas las clases.",
        )
    return textos.map({nombre: i for i, nombre in enumerate(nombres)}).to_numpy("int64")


def nombres_de_los_textos(y, clases):
    """Los textos distintos de y, ordenados, si son tantos como clases; `None` si no."""
    textos = _textos(y)
    if textos is None or _son_numeros(textos):
        return None
    distintos = tuple(sorted(map(str, textos.dropna().unique())))
    return distintos if len(distintos) == clases else None


def nombres_de_sus_columnas(y, cuantas):
    """Los nombres de las columnas de y, si es una tabla con uno distinto para cada una."""
    nombres = nombres_de_columnas(y)
    return nombres if nombres and len(set(nombres)) == len(nombres) == cuantas else None


def exigir_nombres(nombres, cuantos):
    """Devuelve los nombres de las clases o etiquetas como textos, si son los que hacen falta.

    Lanza:
        ValueError: si no son tantos, o hay dos iguales.

    Ejemplo:
        >>> exigir_nombres(["LS", "LI", "IC"], 3)
        ('LS', 'LI', 'IC')
    """
    if cuantos is None:
        raise ValueError(f"clases={nombres!r} llegó a un modelo que no distingue clases. Quítalo.")
    if isinstance(nombres, str) or not np.iterable(nombres):
        raise ValueError(
            f"clases={nombres!r} no es una lista. Escribe un nombre por clase, en orden: "
            "clases=['LS', 'LI', 'IC']."
        )
    textos = tuple(str(nombre) for nombre in nombres)
    distintos = "" if len(set(textos)) == len(textos) else f" ({len(set(textos))} distintos)"
    if len(textos) != cuantos or distintos:
        raise ValueError(
            f"clases trae {contar(len(textos), 'nombre')}{distintos} y el modelo tiene {cuantos} "
            "clases. Escribe uno por clase, en orden: clases=['LS', 'LI', 'IC']."
        )
    return textos


def exigir_orden(nombres, columnas):
    """Lanza `ErrorDeDatos` si las columnas de y se llaman como las etiquetas, en otro orden."""
    if nombres is None or columnas is None or tuple(nombres) == columnas:
        return
    if not set(nombres) & set(columnas):  # Otros nombres no dicen que sean otras etiquetas.
        return
    arreglo = "Dale a y una columna por cada una, con esos nombres."
    if sorted(nombres) == sorted(columnas):
        arreglo = f"Escribe y = y[{list(nombres)}]."
    raise _etiquetas_malas(
        f"Las columnas de y son {_citar(columnas)}, y las del modelo, {_citar(nombres)}.",
        arreglo,
    )


def _sin_nombres(distintos, clases):
    """El mensaje y el arreglo para unos textos que no se sabe qué clase son."""
    textos = f"y tiene textos (como {distintos[0]!r})"
    lista = distintos if len(distintos) <= _A_LA_VISTA else "[...]"
    arreglo = f"Crea el modelo con los nombres en orden: clases={lista}."
    if clases is not None and len(distintos) != clases:
        cuantas = contar(len(distintos), "clase distinta", "clases distintas")
        if len(distintos) < clases:
            arreglo = "Si son etiquetas, crea el modelo con los nombres de todas, clases=[...]."
        return f"{textos}, de {cuantas}, y el modelo distingue {clases}.", arreglo
    return (
        f"{textos}, y el modelo no sabe qué clase es cada uno.",
        f"{arreglo} Si se entrenó con números, da y con los mismos números.",
    )


def _textos(y):
    """y como una `Series` con textos, y quizá algo más; `None` si no es una columna de textos."""
    if isinstance(getattr(y, "dtype", None), np.dtype) and y.dtype.kind in "biufc":
        return None
    columna = _una_columna(y)
    if columna is None or not len(columna):
        return None
    serie = pd.Series(columna)
    if isinstance(serie.dtype, pd.CategoricalDtype):
        serie = serie.astype(serie.cat.categories.dtype)
    tipo = pd.api.types.infer_dtype(serie, skipna=True)
    hay_textos = tipo == "string" or (
        tipo.startswith("mixed") and any(isinstance(valor, str) for valor in serie)
    )
    return serie if hay_textos else None


def _una_columna(y):
    """y en un solo eje, o `None` si tiene varias columnas o sus filas son de largos distintos."""
    if not isinstance(y, pd.DataFrame | pd.Series | pd.Categorical):
        try:
            arreglo = np.asarray(y)
        except ValueError:
            return None
        if arreglo.dtype.kind == "V":  # Filas con nombres de columnas, como una tabla.
            return None
        if arreglo.dtype.kind == "U":  # En textos de NumPy, lo que falta quedó escrito "nan".
            de_numpy = isinstance(y, np.ndarray)
            y = np.array(y if de_numpy else list(y), dtype=object)
            y[arreglo == "nan"] = np.nan
        else:
            y = arreglo
    if y.ndim == 2 and y.shape[1] == 1:
        y = y.iloc[:, 0] if isinstance(y, pd.DataFrame) else y[:, 0]
    return y if y.ndim == 1 else None


def _son_numeros(textos):
    return pd.to_numeric(textos.dropna(), errors="coerce").notna().all()


def _citar(nombres):
    return enumerar(repr(str(nombre)) for nombre in nombres)


def exigir_clases(y, clases):
    """Lanza `ErrorDeDatos` si y no son números de clase, enteros desde 0 y menores que `clases`."""
    _exigir_enteros(y)
    menor, mayor = int(y.min()), int(y.max())
    clases = clases or mayor + 1
    if menor >= 0 and mayor < clases:
        return
    if clases == 1:
        arreglo = "Con una sola neurona usa crear_binaria, o una cabeza con una por clase."
    elif menor > 0 and mayor - menor < clases:
        arreglo = f"Numéralas desde 0: y = y - {menor}."
    elif menor >= 0 and mayor < 2 * len(np.unique(y)):
        arreglo = f"Crea el modelo con clases={mayor + 1}, o revisa de dónde sale la {mayor}."
    else:  # Números negativos, o con huecos, como 10, 20 y 30.
        arreglo = "Numéralas desde 0: clases, y = np.unique(y, return_inverse=True)."
    raise _etiquetas_malas(
        f"y tiene clases de {menor} a {mayor}, y el modelo tiene {clases} (de 0 a {clases - 1}).",
        arreglo,
    )


def _exigir_enteros(y):
    con_decimales = y != np.round(y)
    if con_decimales.any():
        raise _etiquetas_malas(
            f"y tiene valores con decimales (como {y[con_decimales][0]:g}), y una clase es un "
            "número entero.",
            "Si y es una cantidad, usa crear_regresion.",
        )


def exigir_one_hot(y):
    """Lanza `ErrorDeDatos` si las filas de y no suman 1."""
    sumas = y.sum(axis=-1)
    malas = (abs(sumas - 1) > _TOLERANCIA) | (y < 0).any(axis=-1)
    if not malas.any():
        return
    fila = tuple(int(i) for i in np.argwhere(malas)[0])
    arreglo = "Cada fila lleva un solo 1, en la columna de su clase."
    if (y[fila] == 1).sum() > 1:
        arreglo = (
            "Si una fila puede ser de varias clases a la vez, usa crear_multietiqueta (sigmoid y "
            "binary_crossentropy)."
        )
    raise _etiquetas_malas(
        f"La fila {fila[0]} de y es {_escribir(y[fila])}, y una fila one-hot suma 1 "
        f"({malas.sum()} de {malas.size} no).",
        arreglo,
    )


def exigir_probabilidades(salidas, activacion):
    """Lanza `ErrorDeDatos` si lo que da un modelo sin `activacion` no son probabilidades."""
    menor, mayor = salidas.min(), salidas.max()
    if menor < -_TOLERANCIA or mayor > 1 + _TOLERANCIA:
        raise error(
            "sin_probabilidades",
            "modelo",
            f"El modelo da números de {menor:.4g} a {mayor:.4g}, que no son probabilidades.",
            f"Escribe activation='{activacion}' en la última capa, o compila con la pérdida en "
            "from_logits=True.",
        )


def exigir_ceros_y_unos(y, *, con_intermedios):
    """Lanza `ErrorDeDatos` si y no son ceros y unos.

    Argumentos:
        y: (n, ...) números.
        con_intermedios: si vale también lo que hay entre 0 y 1, como la intensidad de un píxel
            que aprende un autocodificador.
    """
    malas = (y < 0) | (y > 1) if con_intermedios else (y != 0) & (y != 1)
    if not malas.any():
        return
    valores = np.unique(y)
    arreglo = "Si y es una cantidad, usa crear_regresion."
    if len(valores) == 2:
        arreglo = f"Escribe y = (y == {valores[1]:g}).astype(int), donde {valores[1]:g} es el sí."
    elif not con_intermedios and (y == np.round(y)).all():
        arreglo = f"Son {len(valores)} clases: usa crear_clasificacion."
    raise _etiquetas_malas(
        f"y tiene valores {_escribir(valores)}, y la pérdida binary_crossentropy espera 0 y 1.",
        arreglo,
    )


def _escribir(valores):
    a_la_vista = ", ".join(f"{valor:g}" for valor in valores[:6])
    return f"[{a_la_vista}{', ...' if len(valores) > 6 else ''}]"


def _etiquetas_malas(mensaje, arreglo):
    return error("etiquetas", "y", mensaje, arreglo)
