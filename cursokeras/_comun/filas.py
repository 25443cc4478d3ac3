"""Que dos datos traigan las mismas filas: tantas una como otra y, con índice, en el mismo orden.

Keras empareja las filas por posición y no mira las etiquetas de pandas: una x y una y barajadas
por separado entrenan sin que nada falle. Cuando las dos llevan índice, las etiquetas lo delatan.
Eso es siempre un aviso y no un error, porque hay usos en que se emparejan por posición a propósito.
"""

import numpy as np
import pandas as pd

from cursokeras._comun.hallazgos import Hallazgo, contar, error


def exigir_mismas_filas(x, y):
    """Lanza `ErrorDeDatos` si x e y, ya convertidos, no tienen el mismo número de filas."""
    if len(x) != len(y):
        raise error(
            "filas_distintas",
            "y",
            f"x tiene {contar(len(x), 'fila')} e y tiene {len(y)}.",
            "Cada fila de x necesita su objetivo: saca x e y de la misma tabla.",
        )


def filas_cruzadas(x, y, nombres=("x", "y")):
    """Dice si los índices de pandas muestran que dos datos no traen las mismas filas en orden.

    Calla si a alguno le falta el índice, o si uno está numerado de 0 a n - 1 y el otro tiene
    etiquetas de más: eso queda al volver a armar una tabla (un escalador devuelve un arreglo) con
    las filas que separó `train_test_split`.

    Argumentos:
        x, y: los datos como los dio el usuario, de la misma cantidad de filas.
        nombres: cómo llamarlos en el mensaje.

    Devuelve:
        Una lista con un `Hallazgo` de gravedad "aviso", o vacía.

    Ejemplo:
        >>> x = pd.DataFrame({"edad": [30, 41, 52]}, index=["ana", "eva", "luz"])
        >>> y = pd.Series([1, 2, 3], index=["luz", "ana", "eva"])
        >>> print(filas_cruzadas(x, y)[0])
        x e y tienen las mismas etiquetas en distinto orden (la fila 0 es 'ana' en x y 'luz' en y):
        cada fila de x quedaría con la de otra. Escribe y = y.loc[x.index].
    """
    de_x, de_y = _indice(x), _indice(y)
    if de_x is None or de_y is None or len(de_x) != len(de_y) or de_x.equals(de_y):
        return []
    if _de_que(de_x) != _de_que(de_y):  # Fechas y números, por ejemplo, no se comparan.
        return []
    if _tienen_las_mismas(de_x, de_y):
        return [_en_otro_orden(de_x, de_y, nombres)]
    return [_de_otras_filas(de_x, de_y, nombres)] if _son_otras(de_x, de_y) else []


def _indice(datos):
    return datos.index if isinstance(datos, pd.DataFrame | pd.Series) else None


def _de_que(indice):
    """De qué son las etiquetas, y en cuántos niveles."""
    numeros = pd.api.types.is_numeric_dtype(indice.dtype)
    return indice.nlevels, "número" if numeros else indice.inferred_type


def _tienen_las_mismas(de_x, de_y):
    """Si son las mismas etiquetas, sin repetir; los extremos de unos números se ven enseguida."""
    if _de_que(de_x) == (1, "número") and (de_x.min(), de_x.max()) != (de_y.min(), de_y.max()):
        return False
    return bool(de_x.is_unique and de_y.is_unique and de_x.isin(de_y).all())


def _numerado(indice):
    """Si es el índice que pandas pone cuando nadie da uno: 0, 1, …, n - 1."""
    return indice.equals(pd.RangeIndex(len(indice)))


def _son_otras(de_x, de_y):
    """Si unas etiquetas distintas son de otras filas, y no solo otra manera de contarlas."""
    if not (_numerado(de_x) or _numerado(de_y)):
        return True
    # x[:30] con y[10:]: dos tramos de la misma tabla, corridos, con filas en común.
    tramos = [i for i in (de_x, de_y) if isinstance(i, pd.RangeIndex) and i.step == 1]
    return len(tramos) == 2 and abs(de_x.start - de_y.start) < len(de_x)


def _en_otro_orden(de_x, de_y, nombres):
    x, y = nombres
    arreglo = f"Escribe {y} = {y}.loc[{x}.index]"
    if _numerado(de_x) or _numerado(de_y):
        nuevo, otro = (x, y) if _numerado(de_x) else (y, x)
        arreglo += (
            f"; o bien, si {nuevo} salió de esas filas ya barajadas y perdió sus etiquetas (un "
            f"escalador devuelve un arreglo), {nuevo} = {nuevo}.set_axis({otro}.index)"
        )
    return Hallazgo(
        "aviso",
        "filas_en_otro_orden",
        y,
        f"{_los_dos(nombres)} tienen las mismas etiquetas en distinto orden "
        f"({_donde(de_x, de_y, nombres)}): cada fila de {x} quedaría con la de otra.",
        f"{arreglo}.",
    )


def _de_otras_filas(de_x, de_y, nombres):
    x, y = nombres
    return Hallazgo(
        "aviso",
        "otras_filas",
        y,
        f"{_los_dos(nombres)} no tienen las mismas etiquetas en las mismas filas "
        f"({_donde(de_x, de_y, nombres)}): cada fila de {x} quedaría con la de otra.",
        "Sácalas de las mismas filas de una tabla; o bien, si las emparejas por posición a "
        f"propósito, {y} = {y}.set_axis({x}.index).",
    )


def _los_dos(nombres):
    return " e ".join(nombres) if nombres[1].startswith(("i", "y")) else " y ".join(nombres)


def _donde(de_x, de_y, nombres):
    """La primera fila en que las etiquetas difieren."""
    fila = int((np.asarray(de_x, object) != np.asarray(de_y, object)).argmax())
    etiquetas = [f"{_escribir(i[fila])} en {n}" for i, n in zip((de_x, de_y), nombres, strict=True)]
    return f"la fila {fila} es {' y '.join(etiquetas)}"


def _escribir(etiqueta):
    return repr(etiqueta) if isinstance(etiqueta, str) else str(etiqueta)
