"""Los datos que faltan y están escritos con un número, como -999: un promedio los toma en serio."""

import numpy as np
import pandas as pd

from cursokeras._comun.hallazgos import Hallazgo, contar, enumerar

# Los que se usan para decir «no hay dato», en encuestas, sensores y archivos viejos.
_CODIGOS = {-1.0, -9.0, *(signo * (10.0**k - 1) for k in range(2, 7) for signo in (-1, 1))}
# Desde este tamaño, un código puede reconocerse por lo lejos que queda de los demás valores.
_GRANDE = 99
# Un 999 suelto puede ser un error de tipeo; un -999 suelto no es otra cosa.
_VECES_DEL_POSITIVO = 2
# Un -1 entre positivos puede ser un dato: tiene que repetirse más que ningún otro valor.
_VECES_DEL_MENOS_UNO = 5
_DISTINTOS = 10
_COLUMNAS_EN_LA_LINEA = 6


def buscar_centinelas(caso, cuales):
    """Devuelve las columnas de x con números que parecen decir que falta el dato.

    Argumentos:
        caso: el `Caso` que se revisa.
        cuales: números de las columnas que se miran.

    Devuelve:
        Diccionario: cada código → la lista de números de sus columnas.
    """
    columnas = {}
    for i in cuales:
        for codigo in _CODIGOS & {float(caso.minimo[i]), float(caso.maximo[i])}:
            if _es_centinela(codigo, caso.x[:, i]):
                columnas.setdefault(codigo, []).append(int(i))
    return columnas


def explicar_centinelas(caso, columnas):
    """Da un aviso por cada código, con la línea que lo cambia por un faltante de verdad."""
    for codigo, cuales in columnas.items():
        nombres = [caso.nombre(i) for i in cuales]
        filas = [int((caso.x[:, i] == codigo).sum()) for i in cuales]
        las = "la columna" if len(cuales) == 1 else "las columnas"
        yield _aviso(
            nombres[0],
            codigo,
            f"{las} {enumerar(nombres)} de x (en {enumerar(filas)} "
            f"{'fila' if filas == [1] else 'filas'})",
            _a_faltantes(codigo, nombres, isinstance(caso.original, pd.DataFrame)),
        )


def revisar_centinelas_de_y(caso):
    """Da un aviso si hay objetivos que parecen decir que falta el dato."""
    if not caso.cabeza.de_cantidades or caso.y.ndim != 2:
        return
    for columna in caso.y.T:
        for codigo in _CODIGOS & {float(columna.min()), float(columna.max())}:
            if _es_centinela(codigo, columna):
                yield _aviso(
                    "y",
                    codigo,
                    f"y (en {contar(int((columna == codigo).sum()), 'fila')})",
                    f"Un objetivo no se inventa: quita esas filas de x e y, con y != {codigo:g}.",
                )


def _es_centinela(codigo, columna):
    es_el_codigo = columna == codigo
    otros, veces = columna[~es_el_codigo], np.count_nonzero(es_el_codigo)
    if not len(otros):
        return False
    menor, mayor = float(otros.min()), float(otros.max())
    hueco = menor - codigo if codigo < menor else codigo - mayor
    if codigo > 0:
        return veces >= _VECES_DEL_POSITIVO and hueco > mayor - menor > 0
    if codigo <= -_GRANDE:  # También si es el único negativo.
        return menor >= 0 or hueco > mayor - menor > 0
    if menor < 0:
        return False
    distintos, cuentas = np.unique(otros, return_counts=True)
    return veces >= max(_VECES_DEL_MENOS_UNO, cuentas.max() + 1) and len(distintos) >= _DISTINTOS


def _a_faltantes(codigo, nombres, en_tabla):
    antes = "" if en_tabla else "x = pd.DataFrame(x); "
    lista = f"x[[{', '.join(nombres)}]]" if len(nombres) <= _COLUMNAS_EN_LA_LINEA else "x"
    return (
        f"Escribe {antes}{lista} = {lista}.replace({codigo:g}, np.nan), y después completa lo que "
        "falta: x = x.fillna(x.median())."
    )


def _aviso(columna, codigo, donde, arreglo):
    return Hallazgo(
        "aviso",
        "faltantes_escondidos",
        columna,
        f"El {codigo:g} de {donde} parece decir que falta el dato.",
        arreglo,
    )
