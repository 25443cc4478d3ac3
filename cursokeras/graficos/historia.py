"""La historia de un entrenamiento, o de varios para compararlos."""

import math
from dataclasses import dataclass, replace
from itertools import cycle

import numpy as np
from matplotlib.ticker import LogLocator, MaxNLocator, NullFormatter, ScalarFormatter

from cursokeras._comun.historias import es_historia, leer_medidas, numeros
from cursokeras._comun.paleta import PALETA
from cursokeras.graficos.lienzo import cifra, ejes, rotular

# Con un cociente mayor entre el valor más alto y el más bajo (década y media), en una escala
# lineal lo que pasa al final se confunde con el eje.
_COCIENTE_PARA_LOGARITMO = 30

_NOMBRES = {
    "loss": "Pérdida",
    "accuracy": "Accuracy",
    "acc": "Accuracy",
    "binary_accuracy": "Accuracy",
    "categorical_accuracy": "Accuracy",
    "sparse_categorical_accuracy": "Accuracy",
    "precision": "Precisión",
    "recall": "Sensibilidad",
    "f1_score": "F1",
    "auc": "Área bajo la curva ROC",
    "mae": "Error absoluto medio",
    "mean_absolute_error": "Error absoluto medio",
    "mse": "Error cuadrático medio",
    "mean_squared_error": "Error cuadrático medio",
    "root_mean_squared_error": "Raíz del error cuadrático medio",
    "mean_absolute_percentage_error": "Error porcentual absoluto medio",
    "r2_score": "R²",
    "binary_crossentropy": "Entropía cruzada",
    "categorical_crossentropy": "Entropía cruzada",
    "sparse_categorical_crossentropy": "Entropía cruzada",
    "learning_rate": "Tasa de aprendizaje",
}


def graficar_historia(historia, metrica=None, ax=None):
    """Dibuja una medida en cada época, en entrenamiento y en validación.

    Un círculo marca la mejor época: la de menor pérdida de validación (o de entrenamiento, si no
    se validó), también cuando se dibuja otra medida. La escala es logarítmica si los valores son
    positivos y recorren más de década y media. Una línea punteada señala la primera época cuyo
    valor es nan o infinito.

    Argumentos:
        historia: lo que devuelve `entrenar` o `fit`, su diccionario `history`, o una tabla con
            una columna por medida. Para comparar varias, un diccionario
            `{"adam": historia_1, "sgd": historia_2}` o una lista.
        metrica: el nombre de la medida como está en `history`, sin `val_`; por defecto la pérdida.
        ax: ejes de Matplotlib donde dibujar; por defecto, unos nuevos.

    Devuelve:
        Los ejes (`matplotlib.axes.Axes`).

    Lanza:
        ValueError: si no es una historia, está vacía o no tiene esa medida; el mensaje dice
            cuáles hay.

    Ejemplo:
        >>> ejes = graficar_historia({"loss": [3, 2, 1.5], "val_loss": [3.1, 2.2, 2.4]})
        >>> [linea.get_label() for linea in ejes.lines]
        ['entrenamiento', 'validación (mejor época: 2, con 2.2)']
    """
    historias = {nombre: leer_medidas(una, nombre) for nombre, una in _separar(historia).items()}
    metrica = _elegir_metrica(historias, metrica)
    curvas = [
        curva
        for nombre, color in zip(historias, cycle(PALETA), strict=False)
        for curva in _curvas(historias[nombre], metrica, nombre, color)
    ]
    ax = ejes(ax)
    for curva in curvas:
        _dibujar(ax, curva)
    _rotular_medida(ax, metrica, np.concatenate([curva.valores for curva in curvas]))
    ax.xaxis.set_major_locator(_Epocas(integer=True, min_n_ticks=1, steps=(1, 2, 5, 10)))
    ax.xaxis.set_major_formatter("{x:.0f}")
    ax.grid(alpha=0.3)
    ax.legend()
    return ax


class _Epocas(MaxNLocator):
    """Las marcas de un eje de épocas, que empiezan en la 1: en 0 no hay ninguna que marcar."""

    def tick_values(self, vmin, vmax):
        marcas = super().tick_values(vmin, vmax)
        return marcas[marcas >= 1]


@dataclass(frozen=True)
class _Curva:
    rotulo: str
    valores: np.ndarray
    color: str
    trazo: str
    mejor: int | None = None  # La posición de la mejor época, si se marca en esta curva.


def _separar(historia):
    """Devuelve {nombre: historia}; el nombre es "" si hay una sola."""
    if isinstance(historia, list | tuple):
        historia = {f"historia {i}": una for i, una in enumerate(historia, 1)}
    elif not isinstance(historia, dict) or not any(map(es_historia, historia.values())):
        return {"": historia}
    if not historia:
        raise ValueError("La lista de historias está vacía. Escribe [historia_1, historia_2].")
    return {str(nombre): una for nombre, una in historia.items()}


def _elegir_metrica(historias, metrica):
    """Devuelve el nombre sin `val_` de la medida pedida, o de la pérdida."""
    for nombre, medidas in historias.items():
        hay = [medida for medida in medidas if not medida.startswith("val_")] or list(medidas)
        if metrica is None:
            metrica = "loss" if "loss" in medidas else hay[0]
        metrica = str(metrica).removeprefix("val_")
        if not {metrica, f"val_{metrica}"} & set(medidas):
            donde = f"la historia {nombre!r}" if nombre else "la historia"
            raise ValueError(
                f"No existe la medida {metrica!r} en {donde}. Escribe una de estas: "
                f"{', '.join(map(repr, hay))}."
            )
    return metrica


def _curvas(medidas, metrica, nombre, color):
    """La curva de entrenamiento y la de validación, o la que haya; la última lleva la marca."""
    antes = f"{nombre} · " if nombre else ""
    curvas = []
    if metrica in medidas:
        valores = _finitos(medidas, metrica)
        curvas.append(_Curva(f"{antes}entrenamiento", valores, color, "--"))
    if f"val_{metrica}" in medidas:
        valores = _finitos(medidas, f"val_{metrica}")
        curvas.append(
            _Curva(f"{antes}validación", valores, color if nombre else PALETA.bermellon, "-")
        )
    return [*curvas[:-1], replace(curvas[-1], mejor=_mejor_epoca(medidas))]


def _finitos(medidas, medida):
    """Los valores de una medida, con nan donde no son finitos."""
    valores = numeros(medidas, medida)
    return np.where(np.isfinite(valores), valores, np.nan)


def _mejor_epoca(medidas):
    """La posición de la menor pérdida de validación, o de entrenamiento si no se validó."""
    vigilada = "val_loss" if "val_loss" in medidas else "loss"
    if vigilada not in medidas:
        return None
    perdidas = _finitos(medidas, vigilada)
    return None if np.isnan(perdidas).all() else int(np.nanargmin(perdidas))


def _dibujar(ax, curva):
    epocas = np.arange(1, len(curva.valores) + 1)
    (linea,) = ax.plot(epocas, curva.valores, curva.trazo, color=curva.color, label=curva.rotulo)
    ax.update_datalim([(1, 0), (len(epocas), 0)], updatey=False)  # También las épocas con nan.
    if curva.mejor is not None and np.isfinite(curva.valores[curva.mejor]):
        valor = cifra(curva.valores[curva.mejor])
        linea.set_label(f"{curva.rotulo} (mejor época: {curva.mejor + 1}, con {valor})")
        linea.set(marker="o", markersize=9, markevery=[curva.mejor])
    elif len(epocas) == 1:
        linea.set_marker("o")  # Una línea de un solo punto no se ve.
    if np.isnan(curva.valores).any():
        primera = epocas[np.isnan(curva.valores)][0]
        rotulo = f"{curva.rotulo}: nan o infinito en la época {primera}"
        ax.axvline(primera, color=curva.color, linestyle=":", label=rotulo)
    ax.autoscale_view()


def _rotular_medida(ax, metrica, valores):
    medida = _NOMBRES.get(metrica, metrica)
    finitos = valores[~np.isnan(valores)]
    cociente = finitos.max() / finitos.min() if finitos.size and finitos.min() > 0 else 1
    escala = ""
    ax.yaxis.set_major_formatter(ScalarFormatter(useMathText=True))  # ×10⁻⁵ en lugar de 1e-5.
    if cociente > _COCIENTE_PARA_LOGARITMO:
        escala = " (escala logarítmica)"
        ax.set_yscale("log")
        ax.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5) if cociente < 1000 else (1,)))
        ax.yaxis.set_major_formatter(_marca)
        ax.yaxis.set_minor_formatter(NullFormatter())
    rotular(ax, f"{medida} por época", "Época", f"{medida}{escala}")


def _marca(valor, _):
    """El número de una marca de la escala logarítmica; con potencias de 10 solo si es largo."""
    exponente = math.floor(math.log10(valor) + 1e-9)
    if -4 < exponente < 4:
        return f"{valor:g}"
    mantisa = round(valor / 10**exponente)
    veces = "" if mantisa == 1 else rf"{mantisa}\cdot"
    return f"${veces}10^{{{exponente}}}$"
