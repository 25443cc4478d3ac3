"""La API de Keras escrita en NumPy que se puede leer: cada capa con su forward y su backward.

Los programas de Keras del curso corren igual cambiando una sola línea::

    from cursokeras import desde_cero as keras

Orden de lectura sugerido: `activations`, `losses`, `layers`, `optimizers`, `red` y `models`.
Nada de esta carpeta importa Keras ni TensorFlow. Los pesos son float32, como en Keras;
`Sequential(capas, dtype="float64")` los crea en doble precisión.
"""

from cursokeras.desde_cero import (
    activations,
    callbacks,
    initializers,
    layers,
    losses,
    metrics,
    models,
    optimizers,
    regularizers,
    utils,
)
from cursokeras.desde_cero.layers import Input, Layer
from cursokeras.desde_cero.models import Sequential
from cursokeras.desde_cero.nombres import explicar_lo_que_falta
from cursokeras.desde_cero.verificacion import verificar_gradientes

__all__ = [
    "Input",
    "Layer",
    "Sequential",
    "activations",
    "callbacks",
    "initializers",
    "layers",
    "losses",
    "metrics",
    "models",
    "optimizers",
    "regularizers",
    "utils",
    "verificar_gradientes",
]

_SUBMODULOS = (layers, optimizers, losses, callbacks, metrics, initializers, regularizers, utils)

for _modulo in (*_SUBMODULOS, activations, models):
    _modulo.__getattr__ = explicar_lo_que_falta(_modulo)


def __getattr__(nombre):
    for modulo in _SUBMODULOS:
        if nombre in modulo.__all__:
            corto = modulo.__name__.rsplit(".", 1)[-1]
            raise AttributeError(
                f"keras.{nombre} no existe. Escribe keras.{corto}.{nombre} en su lugar."
            )
    raise AttributeError(
        f"desde_cero no tiene {nombre!r}. Tiene: {', '.join(__all__)}. "
        "Si tu programa lo necesita, usa import keras."
    )
