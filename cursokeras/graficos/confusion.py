"""La matriz de confusión: cuántas filas de cada clase recibieron cada respuesta."""

import matplotlib.pyplot as plt
import numpy as np

from cursokeras.graficos.etiquetas import leer_clases
from cursokeras.graficos.lienzo import ejes, exigir_pareja, porcentaje, rotular


def graficar_confusion(y, y_pred, ax=None, *, clases=None):
    """Dibuja la matriz de confusión de un clasificador.

    Cada fila es una clase real; el color es la parte de esa fila que recibió cada respuesta y el
    número, cuántas. La diagonal son los aciertos.

    Argumentos:
        y: las clases reales, (n,) con enteros o textos, o one-hot (n, k).
        y_pred: las clases predichas, (n,), o lo que devuelve `predict`: las probabilidades (n, k),
            o (n, 1) con la de la clase 1.
        ax: ejes de Matplotlib donde dibujar; por defecto, unos nuevos.
        clases: los nombres de las clases, en orden.

    Devuelve:
        Los ejes (`matplotlib.axes.Axes`).

    Lanza:
        ValueError: si `y` e `y_pred` no tienen las mismas filas o no son clases.

    Ejemplo:
        >>> ejes = graficar_confusion([0, 1, 1], [[0.2], [0.9], [0.4]], clases=["sano", "enfermo"])
        >>> ejes.get_title()
        'Matriz de confusión: 66.7 % de aciertos'
        >>> [texto.get_text() for texto in ejes.texts]
        ['1', '0', '1', '1']
    """
    exigir_pareja(y, y_pred)
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
    rotular(ax, f"Matriz de confusión: {aciertos} de aciertos", "Clase predicha", "Clase real")
    return ax


def _contar(reales, predichas, clases):
    """Cuántas filas hay de cada par (real, predicha), (clases, clases)."""
    pares = np.bincount(reales * clases + predichas, minlength=clases**2)
    return pares.reshape(clases, clases)


def _escribir_cuentas(ax, cuentas, partes):
    for (fila, columna), cuenta in np.ndenumerate(cuentas):
        color = "white" if partes[fila, columna] > 0.5 else "0.6" if cuenta == 0 else "black"
        ax.text(columna, fila, str(cuenta), ha="center", va="center", color=color)
