"""Las activaciones y, debajo, sus derivadas: por qué unas saturan y otras mueren."""

from itertools import cycle

import matplotlib.pyplot as plt
import numpy as np

from cursokeras._comun.argumentos import es_numero, escribir
from cursokeras._comun.paleta import PALETA
from cursokeras.desde_cero import activations
from cursokeras.graficos.lienzo import exigir_ejes, rotular

_TRAZOS = ("-", "--", "-.", ":")
_DEL_CURSO = ("sigmoid", "tanh", "relu")
_PUNTOS = 601


def graficar_activaciones(activaciones=_DEL_CURSO, ejes=None, *, desde=-5, hasta=5):
    """Dibuja cada activación y, debajo, su derivada, con las fórmulas de `desde_cero`.

    Donde la derivada es casi 0 la neurona deja de aprender: la sigmoide y tanh en los extremos,
    relu en los negativos.

    Argumentos:
        activaciones: un nombre o una lista de ellos, como ["sigmoid", "relu"], u objetos de
            `desde_cero.activations`.
        ejes: un par de ejes de Matplotlib; por defecto, unos nuevos.
        desde, hasta: entre qué valores de z.

    Devuelve:
        El par de ejes: el de las activaciones y el de las derivadas.

    Lanza:
        ValueError: si una activación no existe, o no actúa neurona por neurona (softmax).

    Ejemplo:
        >>> arriba, abajo = graficar_activaciones(["sigmoid", "tanh"])
        >>> abajo.get_legend_handles_labels()[1], float(abajo.lines[0].get_ydata().max())
        (['sigmoid', 'tanh'], 0.25)
    """
    varias = activaciones if isinstance(activaciones, list | tuple) else [activaciones]
    funciones = [_leer(una) for una in varias]
    if not funciones:
        raise ValueError("La lista de activaciones está vacía. Escribe ['sigmoid', 'relu'].")
    if not (es_numero(desde) and es_numero(hasta) and desde < hasta):
        raise ValueError(
            f"desde={escribir(desde)} y hasta={escribir(hasta)}: se esperaban dos números, el "
            "primero menor. Escribe, por ejemplo, desde=-5, hasta=5."
        )
    arriba, abajo = _par(ejes)
    z = np.linspace(desde, hasta, _PUNTOS)
    # El trazo y el ancho cambian con el color: tanh y relu se tapan, y alguien confunde colores.
    estilos = zip(funciones, cycle(PALETA), cycle(_TRAZOS), strict=False)
    for i, (funcion, color, trazo) in enumerate(estilos):
        estilo = {"color": color, "linestyle": trazo, "linewidth": max(4 - i, 2)}
        a = funcion.forward(z)
        arriba.plot(z, a, label=funcion.name, **estilo)
        abajo.plot(z, funcion.backward(np.ones_like(z), z, a), label=funcion.name, **estilo)
    rotular(arriba, "Activaciones", "", "a = f(z)")
    rotular(abajo, "Sus derivadas", "z", "f′(z)")
    for ax in (arriba, abajo):
        ax.axhline(0, color="0.7", linewidth=1, zorder=0, label="_eje")
        ax.axvline(0, color="0.7", linewidth=1, zorder=0, label="_eje")
        ax.grid(alpha=0.3)
        ax.legend()
    return arriba, abajo


def _leer(activacion):
    # Una función de Keras se busca por su nombre.
    funcion = activations.get(getattr(activacion, "__name__", activacion))
    if funcion is activations.softmax:
        raise ValueError(
            "softmax no se dibuja como una curva: mezcla los puntajes de todas las clases. Mira "
            "ck.tablas_clase.softmax()."
        )
    return funcion


def _par(ejes):
    """Los dos ejes que se dieron, o dos nuevos, uno sobre otro."""
    if ejes is None:
        return plt.subplots(2, 1, figsize=(7, 7), sharex=True, layout="constrained")[1]
    if np.shape(ejes) != (2,):
        raise ValueError(
            f"ejes es {escribir(ejes)} y se esperaba un par. Con _, ejes = plt.subplots(2, 1) "
            "escribe ejes=ejes."
        )
    for ax in ejes:
        exigir_ejes(ax, "_, ejes = plt.subplots(2, 1) escribe ejes=ejes")
    return ejes
