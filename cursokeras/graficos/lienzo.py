"""Lo que comparten los gráficos: los ejes, los rótulos y los colores."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes

from cursokeras._comun.avisos import avisar
from cursokeras._comun.filas import filas_cruzadas

GRIS = "0.45"


def ejes(ax, *, figsize=None):
    """Devuelve `ax`, o unos ejes nuevos si es `None`."""
    if ax is None:
        return plt.subplots(layout="constrained", figsize=figsize)[1]
    exigir_ejes(ax, "figura, ejes = plt.subplots(1, 2) escribe ax=ejes[0] y ax=ejes[1]")
    return ax


def exigir_ejes(ax, ejemplo):
    """Lanza `ValueError` si `ax` no son unos ejes de Matplotlib."""
    if not isinstance(ax, Axes):
        raise ValueError(
            f"ax es de tipo {type(ax).__name__} y se esperaban unos ejes de Matplotlib. Con "
            f"{ejemplo}."
        )


def rotular(ax, titulo, x, y):
    """Escribe el título y los nombres de los ejes, grandes para que se lean proyectados."""
    ax.set_title(titulo, fontsize="x-large")
    ax.set_xlabel(x, fontsize="large")
    ax.set_ylabel(y, fontsize="large")


def cifra(valor):
    """Un número corto y legible: tres cifras, los miles separados; potencias de 10 si es largo."""
    if valor and not 1e-4 <= abs(valor) < 1e9:
        mantisa, exponente = f"{valor:.2e}".split("e")
        return rf"${float(mantisa):g}\cdot10^{{{int(exponente)}}}$"
    return f"{valor:.3g}" if abs(valor) < 999.5 else f"{valor:,.0f}".replace(",", " ")


def porcentaje(parte):
    return f"{100 * parte:.1f} %"


def exigir_pareja(y, y_pred):
    """Lanza `ValueError` si lo real y lo predicho no se pueden comparar fila por fila.

    Si los dos son de pandas, avisa si sus índices dicen que no traen las mismas filas.
    """
    if hasattr(y, "predict"):
        raise ValueError(
            "El primer argumento es un modelo y aquí van los valores reales y los predichos. "
            "Escribe (y, modelo.predict(x))."
        )
    if hasattr(y_pred, "predict"):
        raise ValueError(
            "y_pred es un modelo y aquí va lo que predice. Escribe y_pred = ck.predecir(modelo, x)."
        )
    filas = [np.shape(valores)[:1] for valores in (y, y_pred)]
    if filas[0] != filas[1] or () in filas:
        raise ValueError(
            f"y tiene la forma {np.shape(y)} e y_pred {np.shape(y_pred)}: deben tener las mismas "
            "filas. Predice con las mismas con las que comparas: y_pred = modelo.predict(x)."
        )
    avisar(*filas_cruzadas(y, y_pred, ("y", "y_pred")))
