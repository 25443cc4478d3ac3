"""Una red dibujada: sus capas en fila, con la forma que sale de cada una y sus parámetros."""

import re
from dataclasses import dataclass

import numpy as np
from matplotlib.colors import to_rgb

from cursokeras._comun.paleta import PALETA
from cursokeras.graficos.lienzo import GRIS, ejes

_A_LA_VISTA = 8  # Con más neuronas, se dibujan las primeras y la última.
_PASO = 1.6  # Entre dos capas, con el alto de una neurona igual a 1.
_MAXIMAS_CAPAS = 16


@dataclass(frozen=True)
class _Capa:
    titulo: str
    forma: tuple
    parametros: int
    color: str
    densa: bool  # Si cada neurona suya recibe todas las de la anterior.

    @property
    def neuronas(self):
        """Cuántas dibujar como círculos; 0 si lo que sale no es una fila de números."""
        return self.forma[-1] if len(self.forma) == 2 and self.forma[-1] else 0


def graficar_red(modelo, ax=None):
    """Dibuja las capas de una red, la forma que sale de cada una y cuántos parámetros tiene.

    Cada círculo es una neurona; si son muchas, unos puntos dicen que hay más. Lo que no sale en
    fila (imágenes, por ejemplo) es un recuadro.

    Argumentos:
        modelo: red de Keras o de `desde_cero`, con sus capas una tras otra y ya construida.
        ax: ejes de Matplotlib donde dibujar; por defecto, unos nuevos.

    Devuelve:
        Los ejes (`matplotlib.axes.Axes`).

    Lanza:
        ValueError: si no es una red, no sabe la forma de su entrada, o sus capas no van en fila.

    Ejemplo:
        >>> from cursokeras import desde_cero as keras
        >>> red = keras.Sequential(
        ...     [keras.Input((2,)), keras.layers.Dense(4, "tanh"), keras.layers.Dense(1)]
        ... )
        >>> ejes = graficar_red(red)
        >>> ejes.get_title()
        'Red: 2 capas y 17 parámetros'
        >>> [texto.get_text() for texto in ejes.texts if "(" in texto.get_text()]
        ['(n, 2)', '(n, 4)\\n12 parámetros', '(n, 1)\\n5 parámetros']
    """
    capas = _leer_capas(modelo)
    ax = ejes(ax, figsize=(max(6, 1.9 * len(capas)), 5))
    anteriores = []
    for i, capa in enumerate(capas):
        anteriores = _dibujar_capa(ax, i * _PASO, capa, anteriores)
    _rotular_capas(ax, capas)
    ax.set(xlim=(-0.8, (len(capas) - 1) * _PASO + 0.8), ylim=(-6.3, 5.6))
    ax.set_axis_off()
    ax.set_title(_titulo(modelo, capas), fontsize="x-large")
    return ax


def _leer_capas(modelo):
    """La entrada y las capas, en orden."""
    if isinstance(modelo, type) or not hasattr(modelo, "layers"):
        llego = modelo.__name__ if isinstance(modelo, type) else type(modelo).__name__
        raise ValueError(
            f"graficar_red recibió {llego} y espera una red ya creada. Escribe, por ejemplo, "
            "ck.graficar_red(ck.crear_regresion(2, ocultas=(8,)))."
        )
    capas = [capa for capa in modelo.layers if type(capa).__name__ != "InputLayer"]
    entrada = getattr(modelo, "input_shape", None)
    if not capas or entrada is None:
        raise ValueError(
            "La red no sabe la forma de su entrada, o no tiene capas. Empieza con "
            "keras.Input((d_in,)), donde d_in = x.shape[1]."
        )
    if len(capas) >= _MAXIMAS_CAPAS:
        raise ValueError(
            f"La red tiene {len(capas)} capas y aquí caben {_MAXIMAS_CAPAS - 1}. Mírala con "
            "modelo.summary()."
        )
    formas = _formas(modelo, capas, entrada)
    leidas = [_Capa("entrada", formas[0], 0, PALETA.celeste, densa=False)]
    for i, (capa, forma) in enumerate(zip(capas, formas[1:], strict=True)):
        color = PALETA.bermellon if i == len(capas) - 1 else PALETA.azul
        densa = type(capa).__name__ == "Dense" or len(getattr(capa, "weights", ())) > 0
        leidas.append(_Capa(_nombrar(capa), forma, capa.count_params(), color, densa))
    return leidas


def _formas(modelo, capas, entrada):
    """La forma de la entrada y la que sale de cada capa, con el lote."""
    if any(clase.__name__ == "Sequential" for clase in type(modelo).__mro__):
        formas = [tuple(entrada)]
        for capa in capas:
            formas.append(tuple(capa.compute_output_shape(formas[-1])))
        return formas
    if len(modelo.inputs) != 1 or len(modelo.outputs) != 1:
        raise _con_ramas()
    anterior = modelo.inputs[0]
    formas = [tuple(anterior.shape)]
    for capa in capas:
        if capa.input is not anterior:
            raise _con_ramas()
        anterior = capa.output
        formas.append(tuple(anterior.shape))
    return formas


def _con_ramas():
    return ValueError(
        "Esta red tiene ramas: no va de una capa a la siguiente. Mírala con modelo.summary()."
    )


def _nombrar(capa):
    """El tipo de la capa y, debajo, su activación o lo que la define."""
    activacion = getattr(capa, "activation", None)
    activacion = getattr(activacion, "__name__", None) or getattr(activacion, "name", None)
    detalle = None if activacion == "linear" else activacion
    if hasattr(capa, "rate"):
        detalle = f"{capa.rate:g}"
    return f"{type(capa).__name__}\n{detalle}" if detalle else type(capa).__name__


def _alturas(neuronas):
    """Dónde va el centro de cada círculo, de arriba abajo, y si hay que poner puntos."""
    muchas = neuronas > _A_LA_VISTA
    alturas = np.arange(min(neuronas, _A_LA_VISTA), dtype=float)[::-1]
    if muchas:
        alturas[-1] -= 0.6
    return alturas - alturas.mean(), muchas


def _dibujar_capa(ax, x, capa, anteriores):
    """Dibuja una capa y sus conexiones; devuelve los centros de lo que dibujó."""
    if not capa.neuronas:
        claro = 0.35 * np.array(to_rgb(capa.color)) + 0.65  # Opaco: tapa las conexiones.
        caja = {"boxstyle": "round,pad=0.6", "facecolor": claro, "edgecolor": GRIS}
        dentro = " × ".join("?" if lado is None else str(lado) for lado in capa.forma[1:])
        ax.text(x, 0, dentro, ha="center", va="center", fontsize="large", bbox=caja)
        centros = [(x, 0.0)]
    else:
        alturas, muchas = _alturas(capa.neuronas)
        centros = [(x, altura) for altura in alturas]
        ax.scatter(*np.transpose(centros), s=240, color=capa.color, edgecolors="white", zorder=2)
        if muchas:
            ax.text(x, alturas[-2:].mean(), "⋮", ha="center", va="center", fontsize="xx-large")
    if not capa.densa and len(anteriores) == len(centros):
        pares = zip(anteriores, centros, strict=True)
    else:
        pares = ((uno, otro) for uno in anteriores for otro in centros)
    for (x0, y0), (x1, y1) in pares:
        ax.plot([x0, x1], [y0, y1], color=GRIS, linewidth=0.7, alpha=0.5, zorder=1)
    return centros


def _rotular_capas(ax, capas):
    for i, capa in enumerate(capas):
        forma = ", ".join(["n", *("?" if lado is None else str(lado) for lado in capa.forma[1:])])
        cuantos = f"\n{_contar(capa.parametros, 'parámetro')}" if capa.parametros else ""
        coma = "," if len(capa.forma) == 1 else ""
        estilo = {"ha": "center", "fontsize": "large"}
        ax.text(i * _PASO, 4.5, capa.titulo, va="bottom", fontweight="bold", **estilo)
        ax.text(i * _PASO, -4.6, f"({forma}{coma}){cuantos}", va="top", **estilo)


def _titulo(modelo, capas):
    total = sum(capa.parametros for capa in capas)
    fijos = sum(int(np.prod(w.shape)) for w in getattr(modelo, "non_trainable_weights", ()))
    de_ellos = f" ({_contar(fijos, 'fijo')})" if fijos else ""
    cuantas = _contar(len(capas) - 1, "capa")
    # "sequential_4" es el nombre que Keras pone cuando nadie le da uno.
    nombre = "Red" if re.fullmatch(r"(sequential|functional)(_\d+)?", modelo.name) else modelo.name
    return f"{nombre}: {cuantas} y {_contar(total, 'parámetro')}{de_ellos}"


def _contar(n, nombre):
    """Como "1 capa" o "100 480 parámetros"."""
    cuantos = f"{n:,}".replace(",", " ")
    return f"{cuantos} {nombre}{'' if n == 1 else 's'}"
