"""Los residuos de una regresión: cuánto y hacia dónde se equivoca en cada valor predicho."""

import numpy as np

from cursokeras.graficos.lienzo import GRIS, cifra, ejes, exigir_pareja, rotular
from cursokeras.graficos.predicciones import leer_salidas, marcar_salida


def graficar_residuos(y, y_pred, ax=None):
    """Dibuja el error de cada fila, predicho − real, contra lo predicho.

    Si el modelo aprendió todo lo que hay, es una nube sin forma alrededor de 0. Una curva dice que
    le falta algo a la red; un abanico, que se equivoca más en los valores grandes; una nube entera
    arriba o abajo de 0, que predice de más o de menos.

    Argumentos:
        y: los valores reales, (n,) o (n, d_out); una tabla da nombre a cada salida.
        y_pred: lo que devuelve `predict` para esas filas.
        ax: ejes de Matplotlib donde dibujar; por defecto, unos nuevos.

    Devuelve:
        Los ejes (`matplotlib.axes.Axes`). La leyenda da el RMSE y el residuo medio de cada
        salida, en las unidades de `y`.

    Lanza:
        ValueError: si `y` e `y_pred` no tienen la misma forma o no son números finitos.

    Ejemplo:
        >>> ejes = graficar_residuos([10, 20, 30], [[12], [19], [29]])
        >>> ejes.get_legend_handles_labels()[1]
        ['RMSE 1.41, medio 0', 'sin error']
    """
    exigir_pareja(y, y_pred)
    nombres, reales, predichos = leer_salidas(y, y_pred)
    ax = ejes(ax)
    for i, nombre in enumerate(nombres):
        residuos = predichos[:, i] - reales[:, i]
        antes = f"{nombre}: " if len(nombres) > 1 else ""
        rmse, medio = cifra(np.sqrt(np.mean(residuos**2))), cifra(residuos.mean())
        rotulo = f"{antes}RMSE {rmse}, medio {medio}"
        marcar_salida(ax, i, predichos[:, i], residuos, rotulo)
    ax.axhline(0, color=GRIS, linestyle="--", label="sin error")
    unico = f" ({nombres[0]})" if len(nombres) == 1 and nombres[0] else ""
    rotular(ax, "Residuos", f"Valor predicho{unico}", f"Predicho − real{unico}")
    ax.grid(alpha=0.3)
    for marca in ax.legend().legend_handles:
        marca.set_alpha(1)
    return ax
