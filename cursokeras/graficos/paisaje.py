"""El paisaje de la pérdida: J según uno o dos pesos, con el camino de cada optimizador."""

from itertools import cycle

import numpy as np
from matplotlib.colors import LinearSegmentedColormap

from cursokeras._comun.argumentos import leer
from cursokeras._comun.paleta import PALETA
from cursokeras.graficos.descenso import Descenso
from cursokeras.graficos.lienzo import ejes, rotular

_LADO = 61
_NIVELES = 15
_COLORES = (PALETA.bermellon, PALETA.azul, PALETA.verde, PALETA.rosa, PALETA.naranja)
_MARCAS = "osD^v"
_MARCAS_POR_CAMINO = 30  # Con más no se ve lo que hay debajo.
_COMIENZO = {
    "label": "comienzo",
    "color": "black",
    "marker": "*",
    "markersize": 16,
    "linestyle": "none",
    "zorder": 5,
}
# De blanco, donde la pérdida es poca, a un gris claro: los caminos se ven encima.
_GRISES = LinearSegmentedColormap.from_list("paisaje", ["#ffffff", "#8c8c8c"])


def graficar_paisaje(
    modelo, x, y, ax=None, *, optimizadores=None, pesos=None, epochs=20, batch_size=None
):
    """Dibuja la pérdida J según uno o dos pesos, y por dónde baja cada optimizador.

    Con un peso es una curva; con dos, un mapa de niveles, o una superficie si `ax` es de tres
    dimensiones (`plt.subplots(subplot_kw={"projection": "3d"})`). Todos los caminos empiezan en
    los pesos que tiene el modelo, que no cambia, y cada punto es un paso verdadero del
    optimizador. Los pesos que no se miran quedan fijos.

    Argumentos:
        modelo: red compilada, de Keras (de las que admite `desde_keras`) o de `desde_cero`.
        x, y: las filas, como en `entrenar`; la pérdida que se dibuja es la de todas.
        ax: ejes de Matplotlib donde dibujar; por defecto, unos nuevos.
        optimizadores: diccionario de nombre → optimizador (su nombre, o un objeto), o → la pareja
            (optimizador, filas por lote); `None` es el del modelo, y `{}` ninguno.
        pesos: el número de uno o dos pesos, en el orden de `get_weights`; `None` son todos, si no
            hay más de dos.
        epochs: cuántas veces recorre los datos cada optimizador.
        batch_size: filas por lote donde no se diga otra cosa; `None` son todas, un paso por época.

    Devuelve:
        Los ejes (`matplotlib.axes.Axes`).

    Lanza:
        ValueError: si el modelo no está compilado o tiene más pesos de los que se pueden dibujar.

    Ejemplo:
        >>> from cursokeras import desde_cero as keras
        >>> recta = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, use_bias=False)])
        >>> recta.compile(loss="mse", optimizer=keras.optimizers.SGD(0.1))
        >>> ejes = graficar_paisaje(recta, [[1.0], [2.0]], [2.0, 4.0], epochs=5)
        >>> ejes.get_xlabel(), ejes.get_ylabel(), len(ejes.lines[1].get_xdata())
        ('w1', 'J, la pérdida', 6)
    """
    epochs = leer("epochs", epochs)
    batch_size = None if batch_size is None else leer("batch_size", batch_size)
    descenso = Descenso(modelo, x, y, pesos)
    caminos = {
        nombre: descenso.bajar(optimizador, lote, epochs)
        for nombre, (optimizador, lote) in _leer(optimizadores, batch_size).items()
    }
    if len(descenso.inicio) == 1:
        return _curva(ejes(ax), descenso, caminos)
    if ax is not None and ax.name == "3d":
        return _superficie(ax, descenso, caminos)
    return _mapa(ejes(ax, figsize=(7.5, 6)), descenso, caminos)


def _leer(optimizadores, batch_size):
    """Diccionario de nombre → (optimizador, filas por lote)."""
    if optimizadores is None:
        return {"camino": (None, batch_size)}
    if not isinstance(optimizadores, dict):
        raise ValueError(
            f"optimizadores es de tipo {type(optimizadores).__name__} y se esperaba un "
            "diccionario, como {'SGD': 'sgd', 'por lotes de 8': ('sgd', 8)}."
        )
    parejas = {}
    for nombre, valor in optimizadores.items():
        es_pareja = isinstance(valor, tuple) and len(valor) == 2
        optimizador, lote = valor if es_pareja else (valor, batch_size)
        parejas[str(nombre)] = optimizador, None if lote is None else leer("batch_size", lote)
    return parejas


def _limites(descenso, caminos):
    """Entre qué valores dibujar cada peso: todo lo que recorren los caminos, y algo más."""
    vistos = np.concatenate([[descenso.inicio], *caminos.values()])
    menores, mayores = vistos.min(axis=0), vistos.max(axis=0)
    # Si un peso casi no se mueve, se mira alrededor tanto como el otro, o como su tamaño.
    anchos = np.maximum(mayores - menores, 0.4 * (mayores - menores).max())
    anchos = np.where(anchos > 0, anchos, np.maximum(1, np.abs(descenso.inicio)))
    margen = 0.4 * anchos + (anchos - (mayores - menores)) / 2
    return [
        np.linspace(*par, _LADO) for par in zip(menores - margen, mayores + margen, strict=True)
    ]


def _estilos(caminos):
    """Por cada camino, su nombre, sus puntos y cómo se dibuja: los largos quedan debajo."""
    largos = sorted(map(len, caminos.values()), reverse=True)
    colores = zip(cycle(_COLORES), cycle(_MARCAS), strict=False)
    for (nombre, camino), (color, marca) in zip(caminos.items(), colores, strict=False):
        estilo = {
            "color": color,
            "marker": marca,
            "markersize": 5,
            "markevery": -(-len(camino) // _MARCAS_POR_CAMINO),
            "linewidth": 1.5,
            "zorder": 3 + largos.index(len(camino)) / 10,
        }
        yield nombre, camino, estilo


def _curva(ax, descenso, caminos):
    (valores,) = _limites(descenso, caminos)
    ax.plot(valores, descenso.perdida(valores), color="0.5", linewidth=2.5, label="J")
    for nombre, camino, estilo in _estilos(caminos):
        (w,) = camino.T
        ax.plot(w, descenso.perdida(w), label=_con_pasos(nombre, camino), **estilo)
    ax.plot(descenso.inicio, descenso.perdida(descenso.inicio), **_COMIENZO)
    rotular(ax, "La pérdida según un peso", descenso.nombres[0], "J, la pérdida")
    ax.grid(alpha=0.3)
    ax.legend()
    return ax


def _mapa(ax, descenso, caminos):
    horizontal, vertical, alturas = _malla(descenso, caminos)
    niveles = _niveles(alturas)
    mapa = ax.contourf(horizontal, vertical, alturas, niveles, cmap=_GRISES, extend="max")
    ax.contour(horizontal, vertical, alturas, niveles, colors="0.45", linewidths=0.6)
    for nombre, camino, estilo in _estilos(caminos):
        ax.plot(*camino.T, label=_con_pasos(nombre, camino), **estilo)
    ax.plot(*descenso.inicio, **_COMIENZO)
    ax.figure.colorbar(mapa, ax=ax, label="J, la pérdida", format="{x:.3g}")
    rotular(ax, "La pérdida según dos pesos", *descenso.nombres)
    ax.set(xlim=horizontal[[0, -1]], ylim=vertical[[0, -1]])
    ax.legend()
    return ax


def _superficie(ax, descenso, caminos):
    horizontal, vertical, alturas = _malla(descenso, caminos)
    mallas = np.meshgrid(horizontal, vertical)
    ax.plot_surface(*mallas, alturas, cmap=_GRISES, alpha=0.7, linewidth=0)
    for nombre, camino, estilo in _estilos(caminos):
        puntos = *camino.T, descenso.perdida(*camino.T)
        ax.plot(*puntos, label=_con_pasos(nombre, camino), **{**estilo, "zorder": 5})
    rotular(ax, "La pérdida según dos pesos", *descenso.nombres)
    ax.set_zlabel("J, la pérdida", fontsize="large")
    ax.legend()
    return ax


def _malla(descenso, caminos):
    horizontal, vertical = _limites(descenso, caminos)
    return horizontal, vertical, descenso.perdida(*np.meshgrid(horizontal, vertical))


def _niveles(alturas):
    """Más juntos cerca del mínimo, donde el paisaje es plano."""
    menor, mayor = np.nanmin(alturas), np.nanmax(alturas)
    return menor + (mayor - menor or 1) * np.linspace(0, 1, _NIVELES) ** 2


def _con_pasos(nombre, camino):
    return f"{nombre}: {len(camino) - 1} pasos"
