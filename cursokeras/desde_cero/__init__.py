"""La API de Keras escrita en NumPy que se puede leer: cada capa con su forward y su backward.

Los programas de Keras del curso corren igual cambiando una sola línea::

    from cursokeras import desde_cero as keras

Orden de lectura sugerido: `activations`, `losses`, `layers`, `optimizers`, `red` y `models`.
Nada de esta carpeta importa Keras ni TensorFlow. Los pesos son float32, como en Keras;
`Sequential(capas, dtype="float64")` los crea en doble precisión.
"""

import sys

from cursokeras.desde_cero import (
    activations,
    backend,
    callbacks,
    faltas,
    initializers,
    layers,
    losses,
    metrics,
    models,
    optimizers,
    red,
    regularizers,
    utils,
    verificacion,
)
from cursokeras.desde_cero.layers import Input, Layer
from cursokeras.desde_cero.models import Model, Sequential
from cursokeras.desde_cero.verificacion import verificar_gradientes

__all__ = [
    "Input",
    "Layer",
    "Model",
    "Sequential",
    "activations",
    "backend",
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

faltas.vigilar(
    [
        *(activations, callbacks, initializers, layers, losses, metrics, models, optimizers, red),
        *(backend, regularizers, utils, verificacion),
    ]
)
faltas.vigilar_casa(sys.modules[__name__])
