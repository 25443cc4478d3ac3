"""De lo que el usuario tiene (números, textos, one-hot, probabilidades) a clases numeradas."""

import numpy as np
import pandas as pd


def leer_clases(y, y_pred, clases=None):
    """Numera las clases reales y las predichas, y les da nombre.

    Argumentos:
        y: las clases reales: enteros o textos (n,), o one-hot (n, k).
        y_pred: las predichas (m,), o sus probabilidades: (m, k), gana la mayor, o (m, 1) la de la
            clase 1, que gana si pasa de 0.5.
        clases: los nombres, en orden; por defecto, las etiquetas que aparecen, ordenadas.

    Devuelve:
        El número de la clase real de cada fila (n,), el de la predicha (m,) y los nombres (k,).

    Ejemplo:
        >>> reales, predichas, nombres = leer_clases([0, 2], [[.1, .3, .6], [.3, .2, .5]])
        >>> predichas.tolist(), nombres.tolist()
        ([2, 2], ['0', '1', '2'])
    """
    y, y_pred = _arreglo(y, "y"), _arreglo(y_pred, "y_pred")
    columnas = max(dato.shape[1] if dato.ndim == 2 else 0 for dato in (y, y_pred))
    reales, predichas = _reales(y), _predichas(y_pred)
    if clases is not None:
        nombres = [str(clase) for clase in clases]
        return _numerar(reales, nombres), _numerar(predichas, nombres), np.array(nombres)
    if (reales.dtype.kind == "U") != (predichas.dtype.kind == "U"):
        raise ValueError(
            f"y trae {reales[0]!s} y las predicciones {predichas[0]!s}: unas son textos y otras "
            "números. Escribe los nombres en el orden de los números: clases=['LS', 'LI', 'IC']."
        )
    hay = np.unique(np.concatenate([reales, predichas]))
    if columnas and hay.dtype.kind != "U":
        hay = np.union1d(hay, np.arange(columnas))
    return np.searchsorted(hay, reales), np.searchsorted(hay, predichas), hay.astype(str)


def leer_etiquetas(y, y_pred, nombres=None):
    """Lee varias etiquetas de sí o no por fila; `None` si y no es eso.

    Argumentos:
        y: ceros y unos, (n, k).
        y_pred: lo predicho, (n, k): ceros y unos, o la probabilidad del sí, que gana desde 0.5.
        nombres: los de las etiquetas; sin ellos, y debe tener alguna fila que no sea one-hot.

    Devuelve:
        Lo real y lo predicho, (n, k) de ceros y unos, y los nombres (k,).

    Ejemplo:
        >>> _, predichas, nombres = leer_etiquetas([[1, 1], [0, 0]], [[0.9, 0.2], [0.1, 0.6]])
        >>> predichas.tolist(), nombres
        ([[1, 0], [0, 1]], ['0', '1'])
    """
    reales, predichas = np.asarray(y), np.asarray(y_pred)
    de_ceros_y_unos = reales.ndim == 2 and reales.shape[1] > 1 and np.isin(reales, (0, 1)).all()
    if nombres is None and (not de_ceros_y_unos or (reales.sum(axis=1) == 1).all()):
        return None
    columnas = reales.shape[1] if reales.ndim == 2 else 1
    if not de_ceros_y_unos or predichas.shape != reales.shape:
        raise ValueError(
            f"Para la confusión por etiqueta, y e y_pred llevan una columna por etiqueta, y con "
            f"ceros y unos; llegaron de formas {reales.shape} y {predichas.shape}."
        )
    exigir_probabilidades(predichas)
    if nombres is None:
        nombres = y.columns if isinstance(y, pd.DataFrame) else range(columnas)
    if len(nombres) != columnas:
        raise ValueError(
            f"etiquetas trae {len(nombres)} nombres y y tiene {columnas} columnas. Escribe uno por "
            "columna, en orden."
        )
    return reales.astype(int), (predichas > 0.5).astype(int), [str(nombre) for nombre in nombres]


def exigir_probabilidades(predichas):
    """Lanza `ValueError` si algún número no está entre 0 y 1."""
    if not ((predichas >= 0) & (predichas <= 1)).all():
        raise ValueError(
            f"Las predicciones van de {predichas.min():g} a {predichas.max():g}, y una "
            "probabilidad va de 0 a 1. Si el modelo da logits, predice con ck.predecir(modelo, x)."
        )


def _arreglo(valores, nombre):
    """Un arreglo (n,), o (n, k) con k > 1, de números o de textos y sin nada que falte."""
    valores = np.asarray(valores)
    if valores.ndim == 2 and valores.shape[1] == 1:
        valores = valores[:, 0]
    if valores.ndim not in (1, 2) or not valores.size:
        raise ValueError(
            f"{nombre} tiene la forma {valores.shape} y se esperaba (n,), una clase por fila, o "
            "(n, clases)."
        )
    if pd.isna(valores).any():
        raise ValueError(f"{nombre} tiene valores que faltan (nan). Quita o corrige esas filas.")
    if valores.dtype.kind == "O":  # Textos o enteros de pandas.
        valores = valores.astype(str if isinstance(valores.flat[0], str) else float)
    return valores


def _reales(y):
    if y.ndim == 2:
        if not (np.isin(y, (0, 1)).all() and (y.sum(axis=1) == 1).all()):
            raise ValueError(
                f"y tiene {y.shape[1]} columnas y no es one-hot: cada fila debe tener un 1 y el "
                "resto 0. Pasa la clase de cada fila, como y = [0, 2, 1]."
            )
        return y.argmax(axis=1)
    if _con_decimales(y):
        raise ValueError(
            f"y tiene números con decimales, como {y[y % 1 != 0][0]:g}, y se esperaban clases: 0, "
            "1, 2, … o textos. Para una regresión usa graficar_predicciones(y, y_pred)."
        )
    return y if y.dtype.kind == "U" else y.astype(int)


def _predichas(y_pred):
    if y_pred.ndim == 2:
        return y_pred.argmax(axis=1)
    if _con_decimales(y_pred):
        if y_pred.min() < 0 or y_pred.max() > 1:
            raise ValueError(
                f"Las predicciones van de {y_pred.min():g} a {y_pred.max():g}: no son clases ni "
                "probabilidades. Usa un clasificador (crear_clasificacion o crear_binaria), "
                "ck.predecir(modelo, x) si da logits, o graficar_predicciones(y, y_pred) si es una "
                "regresión."
            )
        return (y_pred > 0.5).astype(int)
    return y_pred if y_pred.dtype.kind == "U" else y_pred.astype(int)


def _con_decimales(valores):
    return valores.dtype.kind == "f" and (valores % 1 != 0).any()


def _numerar(etiquetas, nombres):
    """El número de cada etiqueta: los enteros ya lo son y los textos se buscan en `nombres`."""
    validas = nombres if etiquetas.dtype.kind == "U" else range(len(nombres))
    ajenas = set(etiquetas.tolist()) - set(validas)
    if ajenas:
        raise ValueError(
            f"Hay filas de la clase {min(ajenas)!r} y clases={nombres!r} no la incluye. Escribe "
            "un nombre por clase, en orden."
        )
    if etiquetas.dtype.kind == "U":
        return np.array([nombres.index(etiqueta) for etiqueta in etiquetas])
    return etiquetas
