"""La matriz de confusión: cuántas filas de cada clase o etiqueta recibieron cada respuesta."""

import matplotlib.pyplot as plt
import numpy as np

from cursokeras.graficos.etiquetas import leer_clases, leer_etiquetas
from cursokeras.graficos.lienzo import ejes, exigir_pareja, porcentaje, rotular


def graficar_confusion(y, y_pred, ax=None, *, clases=None, etiquetas=None):
    """Dibuja la matriz de confusión de un clasificador.

    Cada fila es una clase real; el color es la parte de esa fila que recibió cada respuesta y el
    número, cuántas. La diagonal son los aciertos. Con varias etiquetas por fila, cada fila del
    dibujo es una etiqueta: a la izquierda las que son sí, a la derecha las que son no, y los
    aciertos en los extremos.

    Argumentos:
        y: las clases reales, (n,) con enteros o textos, o one-hot (n, k); o las etiquetas,
            (n, k) de ceros y unos.
        y_pred: las clases predichas, (n,), o lo que devuelve `predict`: las probabilidades (n, k),
            o (n, 1) con la de la clase 1.
        ax: ejes de Matplotlib donde dibujar; por defecto, unos nuevos.
        clases: los nombres de las clases, en orden.
        etiquetas: los nombres de las etiquetas, en orden. Sin ellos, y se toma por etiquetas si
            alguna fila no tiene exactamente un 1; sus nombres son los de sus columnas si es una
            tabla, o sus números.

    Devuelve:
        Los ejes (`matplotlib.axes.Axes`).

    Lanza:
        ValueError: si `y` e `y_pred` no tienen las mismas filas o no son clases.

    Ejemplo:
        >>> ejes = graficar_confusion([0, 1, 1], [[0.2], [0.9], [0.4]], clases=["sano", "enfermo"])
        >>> ejes.get_title()
        'Matriz de confusión: accuracy 66.7 %'
        >>> [texto.get_text() for texto in ejes.texts]
        ['1', '0', '1', '1']
    """
    exigir_pareja(y, y_pred)
    por_etiqueta = leer_etiquetas(y, y_pred, etiquetas)
    if por_etiqueta is not None:
        return _dibujar_etiquetas(ejes(ax), *por_etiqueta)
    reales, predichas, nombres = leer_clases(y, y_pred, clases)
    cuentas = _contar(reales, predichas, len(nombres))
    # Una clase sin filas queda en blanco, en lugar de 0/0.
    partes = cuentas / np.maximum(cuentas.sum(axis=1, keepdims=True), 1)
    ax = ejes(ax)
    ax.imshow(partes, cmap="Blues", vmin=0, vmax=1)
    _escribir_cuentas(ax, cuentas, partes)
    ax.set_xticks(range(len(nombres)), nombres)
    ax.set_yticks(range(len(nombres)), nombres)
    if sum(map(len, nombres)) > 40:  # Uno al lado del otro no caben.
        plt.setp(ax.get_xticklabels(), rotation=45, ha="right", rotation_mode="anchor")
    aciertos = porcentaje(np.trace(cuentas) / cuentas.sum())
    rotular(ax, f"Matriz de confusión: accuracy {aciertos}", "Clase predicha", "Clase real")
    return ax


# Lo real y lo predicho, en el orden en que se dibujan: los aciertos en los extremos.
_RESPUESTAS = {"sí → sí": (1, 1), "sí → no": (1, 0), "no → sí": (0, 1), "no → no": (0, 0)}


def _dibujar_etiquetas(ax, reales, predichas, nombres):
    """Una fila por etiqueta, con cuántas veces recibió cada respuesta."""
    veces = [(reales == real) & (predichas == dicha) for real, dicha in _RESPUESTAS.values()]
    cuentas = np.sum(veces, axis=1).T
    de_su_grupo = np.repeat(cuentas.reshape(-1, 2, 2).sum(axis=2), 2, axis=1)
    partes = cuentas / np.maximum(de_su_grupo, 1)
    ax.imshow(partes, cmap="Blues", vmin=0, vmax=1, aspect="auto")
    ax.axvline(1.5, color="0.3", linewidth=1)
    _escribir_cuentas(ax, cuentas, partes)
    ax.set_xticks(range(4), _RESPUESTAS)
    ax.set_yticks(range(len(nombres)), nombres)
    aciertos = porcentaje((reales == predichas).mean())
    rotular(ax, f"Confusión por etiqueta: accuracy {aciertos}", "Real → predicha", "Etiqueta")
    return ax


def _contar(reales, predichas, clases):
    """Cuántas filas hay de cada par (real, predicha), (clases, clases)."""
    pares = np.bincount(reales * clases + predichas, minlength=clases**2)
    return pares.reshape(clases, clases)


def _escribir_cuentas(ax, cuentas, partes):
    for (fila, columna), cuenta in np.ndenumerate(cuentas):
        color = "white" if partes[fila, columna] > 0.5 else "0.6" if cuenta == 0 else "black"
        ax.text(columna, fila, str(cuenta), ha="center", va="center", color=color)
