"""La búsqueda de una tasa de aprendizaje: la pérdida que dejó cada una."""

import numpy as np

from cursokeras._comun.hallazgos import contar
from cursokeras._comun.paleta import PALETA
from cursokeras.graficos.lienzo import GRIS, cifra, ejes, rotular

_COCIENTE_PARA_LOGARITMO = 30


def dibujar_tasas(busqueda, ax=None):
    """Dibuja una `BusquedaDeTasa` y devuelve los ejes."""
    tabla = busqueda.tabla
    buenas, malas = tabla[~tabla["diverge"]], tabla[tabla["diverge"]]
    ax = ejes(ax)
    ax.plot(buenas["tasa"], buenas["pérdida"], "o-", color=PALETA.azul, label="después de entrenar")
    ax.axhline(busqueda.al_comenzar, color=GRIS, linestyle="--", label="antes de entrenar")
    if busqueda.mejor is not None:
        mejor = buenas["pérdida"].min()
        rotulo = f"mejor: {cifra(busqueda.mejor)}"
        estilo = {"color": PALETA.bermellon, "markersize": 16, "linestyle": "none"}
        ax.plot([busqueda.mejor], [mejor], "*", label=rotulo, **estilo)
    vistas = np.array([*buenas["pérdida"], busqueda.al_comenzar])
    if vistas.min() > 0 and vistas.max() > _COCIENTE_PARA_LOGARITMO * vistas.min():
        ax.set_yscale("log")
    if len(malas):
        # La pérdida de las que divergen no cabe: van arriba, en el borde.
        ax.plot(
            malas["tasa"],
            np.full(len(malas), 0.97),
            "x",
            color=PALETA.bermellon,
            markersize=10,
            markeredgewidth=3,
            transform=ax.get_xaxis_transform(),
            label="diverge",
        )
    if busqueda.limite is not None:
        rotulo = f"tasa_maxima: {cifra(busqueda.limite)}"
        ax.axvline(busqueda.limite, color=PALETA.negro, linestyle=":", linewidth=2, label=rotulo)
    ax.set_xscale("log")
    titulo = f"Pérdida después de {contar(busqueda.epochs, 'época')} con cada tasa"
    rotular(ax, titulo, "Tasa de aprendizaje (escala logarítmica)", "Pérdida")
    ax.grid(alpha=0.3)
    ax.legend()
    return ax
