"""Las regiones en que un clasificador de dos variables parte el plano."""

import inspect

import numpy as np
import pandas as pd
from matplotlib.colors import to_rgb

from cursokeras._comun.avisos import avisar
from cursokeras._comun.filas import filas_cruzadas
from cursokeras._comun.finitos import exigir_pesos_finitos, exigir_prediccion_finita
from cursokeras._comun.paleta import PALETA
from cursokeras.graficos.etiquetas import leer_clases
from cursokeras.graficos.lienzo import ejes, exigir_pareja, porcentaje, rotular

_LADO = 300  # La malla tiene _LADO x _LADO puntos.
_SE_DECIDE = 0.02  # Con menos certeza en todo el plano, la frontera sería puro redondeo.
_MARCAS = "os^DvPX*"


def graficar_regiones(modelo, x, y, ax=None, *, clases=None):
    """Pinta qué clase elige el modelo en cada punto del plano, con los datos encima.

    El color es más intenso donde está más seguro, y blanco donde no se decide: una red que responde
    0.5 en todas partes no tiene frontera.

    Argumentos:
        modelo: clasificador de dos variables, de Keras, de `desde_cero`, de scikit-learn o
            cualquiera cuyo `predict` dé clases o probabilidades.
        x: entradas, (n, 2); una tabla da nombre a los ejes.
        y: las clases reales, (n,) con enteros o textos, o one-hot (n, k).
        ax: ejes de Matplotlib donde dibujar; por defecto, unos nuevos.
        clases: los nombres de las clases, en orden; `None` usa los que recuerde el modelo.

    Devuelve:
        Los ejes (`matplotlib.axes.Axes`).

    Lanza:
        ValueError: si `x` no tiene dos columnas, o `y` o las predicciones no son clases.

    Ejemplo:
        >>> from sklearn.linear_model import LogisticRegression
        >>> x, y = [[0, 0], [0, 1], [1, 0], [1, 1]], [0, 0, 1, 1]
        >>> ejes = graficar_regiones(LogisticRegression().fit(x, y), x, y)
        >>> ejes.get_title()
        'Regiones de decisión: accuracy 100.0 %'
    """
    puntos = _leer_puntos(x)
    horizontal, vertical = _rejilla(puntos)
    malla = np.column_stack([lado.ravel() for lado in np.meshgrid(horizontal, vertical)])
    de_puntos, de_malla = _predecir(modelo, puntos, x), _predecir(modelo, malla, x)
    exigir_pareja(y, de_puntos)
    avisar(*filas_cruzadas(x, y))
    clases = getattr(modelo, "clases_cursokeras", None) if clases is None else clases
    reales, predichas, nombres = leer_clases(y, np.concatenate([de_puntos, de_malla]), clases)
    ax = ejes(ax)
    regiones = predichas[len(puntos) :].reshape(_LADO, _LADO)
    certezas = _certezas(de_malla).reshape(_LADO, _LADO)
    _pintar_regiones(ax, horizontal, vertical, regiones, certezas)
    _pintar_puntos(ax, puntos, reales, nombres)
    aciertos = porcentaje(np.mean(reales == predichas[: len(puntos)]))
    columnas = map(str, x.columns) if isinstance(x, pd.DataFrame) else ("x₁", "x₂")
    rotular(ax, f"Regiones de decisión: accuracy {aciertos}", *columnas)
    return ax


def _leer_puntos(x):
    try:
        puntos = np.asarray(x, dtype=float)
    except (TypeError, ValueError):
        puntos = np.full((1, 2), np.nan)
    if puntos.ndim != 2 or puntos.shape[1] != 2 or not puntos.size:
        raise ValueError(
            f"x tiene la forma {puntos.shape} y las regiones se dibujan con dos variables, (n, 2). "
            "Elige dos columnas y entrena con ellas un modelo de d_in=2."
        )
    if not np.isfinite(puntos).all():
        raise ValueError("x tiene textos, valores que faltan o infinitos: deja solo números.")
    return puntos


def _rejilla(puntos):
    """Las dos coordenadas de la malla, con un margen alrededor de los datos."""
    for valores in puntos.T:
        margen = 0.08 * np.ptp(valores) or 0.5
        yield np.linspace(valores.min() - margen, valores.max() + margen, _LADO)


def _predecir(modelo, puntos, x):
    """Lo que dice el modelo, callado y en lotes grandes si su `predict` lo permite."""
    if hasattr(modelo, "distribute_strategy"):  # De Keras: los logits se vuelven probabilidades.
        from cursokeras.evaluacion import predecir_arreglo

        return predecir_arreglo(modelo, puntos.astype("float32"))
    acepta = inspect.signature(modelo.predict).parameters
    opciones = {"verbose": 0, "batch_size": 4096}
    if hasattr(modelo, "feature_names_in_"):  # Scikit-learn, ajustado con una tabla.
        puntos = pd.DataFrame(puntos, columns=x.columns)
    opciones = {nombre: valor for nombre, valor in opciones.items() if nombre in acepta}
    salidas = np.asarray(modelo.predict(puntos, **opciones))
    if salidas.dtype.kind == "f":
        exigir_pesos_finitos(modelo)
        exigir_prediccion_finita(salidas)
    return salidas


def _certezas(salidas):
    """De 0, todas las clases por igual, a 1, una sola; 1 si el modelo no da probabilidades."""
    if salidas.dtype.kind != "f":
        return np.ones(len(salidas))
    if salidas.ndim == 2 and salidas.shape[1] > 1:
        por_igual = 1 / salidas.shape[1]
        certezas = (salidas.max(axis=1) - por_igual) / (1 - por_igual)
    else:
        certezas = np.abs(2 * salidas.ravel() - 1)
    return np.clip(certezas, 0, 1)


def _pintar_regiones(ax, horizontal, vertical, regiones, certezas):
    colores = np.array([to_rgb(_color(i)) for i in range(regiones.max() + 1)])
    fuerza = 0.45 * certezas[..., None]
    ax.imshow(
        fuerza * colores[regiones] + 1 - fuerza,
        extent=(horizontal[0], horizontal[-1], vertical[0], vertical[-1]),
        origin="lower",
        aspect="auto",
    )
    if certezas.max() < _SE_DECIDE:
        centro = {"ha": "center", "va": "center", "transform": ax.transAxes}
        ax.text(0.5, 0.5, "no se decide en ninguna parte", fontsize="large", **centro)
        return
    for clase in np.unique(regiones)[1:]:
        ax.contour(
            horizontal, vertical, regiones == clase, levels=[0.5], colors="0.25", linewidths=1
        )


def _pintar_puntos(ax, puntos, reales, nombres):
    for i, nombre in enumerate(nombres):
        ax.scatter(
            *puntos[reales == i].T,
            s=30 if len(puntos) > 50 else 80,
            color=_color(i),
            marker=_MARCAS[i % len(_MARCAS)],
            edgecolors="white",
            linewidths=0.6,
            label=nombre,
        )
    # Fuera, para que no tape ni puntos ni frontera.
    ax.legend(title="Clase real", loc="upper left", bbox_to_anchor=(1.01, 1), borderaxespad=0)


def _color(clase):
    return PALETA[clase % len(PALETA)]
