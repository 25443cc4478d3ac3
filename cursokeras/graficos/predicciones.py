"""Lo real contra lo predicho en una regresión."""

import numpy as np
import pandas as pd
from sklearn.metrics import r2_score

from cursokeras._comun.paleta import PALETA
from cursokeras.graficos.lienzo import GRIS, ejes, exigir_pareja, rotular

_MARCAS = "os^Dv"
_POCAS_FILAS = 1000  # Con más, los puntos se dibujan pequeños y tenues para que no se tapen.


def graficar_predicciones(y, y_pred, ax=None):
    """Dibuja cada valor predicho contra el real; una predicción perfecta cae en la diagonal.

    Argumentos:
        y: los valores reales, (n,) o (n, d_out); una tabla da nombre a cada salida.
        y_pred: lo que devuelve `predict` para esas filas.
        ax: ejes de Matplotlib donde dibujar; por defecto, unos nuevos.

    Devuelve:
        Los ejes (`matplotlib.axes.Axes`). La leyenda da el R² de cada salida.

    Lanza:
        ValueError: si `y` e `y_pred` no tienen la misma forma o no son números finitos.

    Ejemplo:
        >>> ejes = graficar_predicciones([10, 20, 30], [[12], [19], [29]])
        >>> ejes.get_legend_handles_labels()[1]
        ['R² = 0.970', 'predicción perfecta']
    """
    exigir_pareja(y, y_pred)
    nombres, reales, predichos = leer_salidas(y, y_pred)
    ax = ejes(ax)
    for i, nombre in enumerate(nombres):
        antes = f"{nombre}: " if len(nombres) > 1 else ""
        rotulo = f"{antes}{_r2(reales[:, i], predichos[:, i])}"
        marcar_salida(ax, i, reales[:, i], predichos[:, i], rotulo)
    _dibujar_diagonal(ax, np.concatenate([reales, predichos]))
    unico = f" ({nombres[0]})" if len(nombres) == 1 and nombres[0] else ""
    rotular(ax, "Lo real y lo predicho", f"Valor real{unico}", f"Valor predicho{unico}")
    ax.grid(alpha=0.3)
    for marca in ax.legend(markerscale=1 if len(reales) <= _POCAS_FILAS else 2).legend_handles:
        marca.set_alpha(1)  # Un solo punto tenue no se ve.
    return ax


def leer_salidas(y, y_pred):
    """Los nombres de las salidas, y lo real y lo predicho como números, (n, d_out).

    Lanza:
        ValueError: si no son números finitos, o no son las mismas salidas.
    """
    reales, predichos = _numeros(y, "y"), _numeros(y_pred, "y_pred")
    if reales.shape != predichos.shape:
        raise ValueError(
            f"y tiene la forma {reales.shape} e y_pred {predichos.shape}: deben ser las mismas "
            "salidas. Para clases usa graficar_confusion(y, y_pred)."
        )
    return _nombres(y), reales, predichos


def _nombres(y):
    """El nombre de cada salida; si y no es de pandas, su número, o "" cuando es una sola."""
    if isinstance(y, pd.DataFrame):
        return [str(columna) for columna in y.columns]
    if isinstance(y, pd.Series):
        return [str(y.name or "")]
    columnas = np.shape(y)[1] if np.ndim(y) > 1 else 1
    return [f"salida {i}" for i in range(columnas)] if columnas > 1 else [""]


def _numeros(valores, cual):
    """Los valores como números finitos, (n, d_out)."""
    try:
        numeros = np.asarray(valores, dtype=float)
    except (TypeError, ValueError):
        raise ValueError(
            f"{cual} no tiene solo números. Para clases usa graficar_confusion(y, y_pred)."
        ) from None
    if numeros.ndim > 2 or not numeros.size:
        raise ValueError(f"{cual} tiene la forma {numeros.shape} y se esperaba (n,) o (n, d_out).")
    malos = np.count_nonzero(~np.isfinite(numeros))
    if malos:
        raise ValueError(
            f"{cual} tiene {malos} de {numeros.size} valores nan o infinitos. En las predicciones "
            "es señal de que el entrenamiento divergió; en los datos, de que faltan valores."
        )
    return numeros.reshape(len(numeros), -1)


def marcar_salida(ax, i, horizontal, vertical, rotulo):
    """Dibuja los puntos de la salida número `i`, con su color y su marca."""
    pocas = len(horizontal) <= _POCAS_FILAS
    ax.scatter(
        horizontal,
        vertical,
        s=30 if pocas else 8,
        alpha=0.6 if pocas else 0.25,
        linewidths=0,
        color=PALETA[i % len(PALETA)],
        marker=_MARCAS[i % len(_MARCAS)],
        label=rotulo,
    )


def _r2(reales, predichos):
    """El R² en palabras: compara con el promedio, y con un solo valor real distinto no existe."""
    return f"R² = {r2_score(reales, predichos):.3f}" if np.ptp(reales) > 0 else "R² no definido"


def _dibujar_diagonal(ax, valores):
    """La diagonal, con los dos ejes en los mismos límites para que caiga a 45 grados."""
    menor, mayor = valores.min(), valores.max()
    margen = 0.05 * (mayor - menor) or 1
    ax.plot([menor, mayor], [menor, mayor], "--", color=GRIS, label="predicción perfecta")
    ax.set(xlim=(menor - margen, mayor + margen), ylim=(menor - margen, mayor + margen))
    ax.set_box_aspect(1)
    ax.locator_params(nbins=6)
