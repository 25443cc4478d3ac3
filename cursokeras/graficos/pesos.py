"""Los pesos verdaderos contra los aprendidos, cuando los datos son inventados y se conocen."""

import numpy as np
import pandas as pd

from cursokeras._comun.paleta import PALETA
from cursokeras.graficos.lienzo import cifra, ejes, rotular

_MARCAS = "Xo^Dvs"
_MUCHOS = 40
_SEPARACION = 0.25


def graficar_pesos(reales, aprendidos, ax=None, *, nombres=None):
    """Dibuja en cada fila un peso verdadero y lo que aprendió cada modelo.

    Argumentos:
        reales: los pesos con que se inventaron los datos, un número por peso; una `Series` les da
            nombre.
        aprendidos: los del modelo, en el mismo orden: un arreglo de cualquier forma, el modelo
            mismo (sus pesos y después su sesgo, como en `get_weights`), o un diccionario de nombre
            → cualquiera de los dos, para comparar varios.
        ax: ejes de Matplotlib donde dibujar; por defecto, unos nuevos.
        nombres: cómo se llama cada peso; `None` usa los de `reales` o w1, w2, …

    Devuelve:
        Los ejes (`matplotlib.axes.Axes`). La leyenda da el mayor error de cada modelo.

    Lanza:
        ValueError: si no hay tantos aprendidos como reales, o no son números finitos.

    Ejemplo:
        >>> ejes = graficar_pesos([2, -3.4, 4.2], [[1.9], [-3.4], [4.2]], nombres=["w1", "w2", "b"])
        >>> ejes.get_legend_handles_labels()[1]
        ['verdadero', 'aprendido (mayor error: 0.1)']
    """
    verdaderos = _numeros(reales, "reales")
    nombres = _nombres(reales, nombres, len(verdaderos))
    series = aprendidos if isinstance(aprendidos, dict) else {"aprendido": aprendidos}
    if not series:
        raise ValueError("aprendidos está vacío. Escribe, por ejemplo, {'la red': modelo}.")
    series = {nombre: _del_largo(verdaderos, uno, nombre) for nombre, uno in series.items()}
    ax = ejes(ax, figsize=(7, 2 + 0.6 * len(verdaderos)))
    filas = np.arange(len(verdaderos))
    ax.scatter(
        verdaderos, filas, s=500, marker="|", linewidths=3, color=PALETA.negro, label="verdadero"
    )
    for i, (nombre, suyos) in enumerate(series.items()):
        error = cifra(np.abs(suyos - verdaderos).max())
        color, marca = PALETA[i % (len(PALETA) - 1)], _MARCAS[i % len(_MARCAS)]
        rotulo = f"{nombre} (mayor error: {error})"
        # Uno debajo de otro, para que se vean todos cuando aciertan.
        alturas = filas + _SEPARACION * (i - (len(series) - 1) / 2)
        ax.hlines(alturas, verdaderos, suyos, color=color, alpha=0.5)
        ax.scatter(suyos, alturas, s=60, marker=marca, color=color, alpha=0.85, label=rotulo)
    ax.set_yticks(filas, nombres)
    ax.invert_yaxis()
    ax.axvline(0, color="0.8", linewidth=1, zorder=0)
    rotular(ax, "Los pesos verdaderos y los aprendidos", "Valor del peso", "Peso")
    ax.grid(alpha=0.3)
    ax.margins(0.1)
    ax.legend(markerscale=0.8)
    return ax


def _numeros(valores, cual):
    """Los pesos en fila, (n,); los de un modelo, en el orden de `get_weights`."""
    if hasattr(valores, "get_weights"):
        valores = np.concatenate([np.ravel(peso) for peso in valores.get_weights() or [[]]])
    try:
        numeros = np.asarray(valores, dtype=float).ravel()
    except (TypeError, ValueError):
        raise ValueError(
            f"{cual} no es una lista de números: es de tipo {type(valores).__name__}. Escribe, por "
            "ejemplo, [2.0, -3.4, 4.2], o da el modelo."
        ) from None
    if not numeros.size or not np.isfinite(numeros).all():
        que = "está vacío" if not numeros.size else "tiene valores nan o infinitos"
        raise ValueError(f"{cual} {que}: se esperaba un número por peso, como [2.0, -3.4, 4.2].")
    if len(numeros) > _MUCHOS:
        raise ValueError(
            f"{cual} trae {len(numeros)} pesos y aquí caben {_MUCHOS}. Elige algunos, como "
            "modelo.get_weights()[0][:10]."
        )
    return numeros


def _del_largo(verdaderos, valores, nombre):
    suyos = _numeros(valores, nombre)
    if len(suyos) != len(verdaderos):
        raise ValueError(
            f"Hay {len(verdaderos)} pesos reales y {len(suyos)} en {nombre!r}. Un modelo trae "
            "también su sesgo: agrégalo al final de reales, como [*w, b]."
        )
    return suyos


def _nombres(reales, nombres, cuantos):
    if nombres is None and isinstance(reales, pd.Series):
        nombres = reales.index
    nombres = [f"w{i + 1}" for i in range(cuantos)] if nombres is None else list(map(str, nombres))
    if len(nombres) != cuantos:
        raise ValueError(
            f"nombres trae {len(nombres)} y hay {cuantos} pesos. Escribe uno por peso."
        )
    return nombres
