"""La API de Keras escrita en NumPy que se puede leer: cada capa con su forward y su backward.

Los programas de Keras del curso corren igual cambiando una sola línea::

    from cursokeras import desde_cero as keras

Orden de lectura sugerido: `activations`, `losses`, `layers`, `optimizers`, `red` y `models`.
Lo que Keras tiene y se lee después está en los archivos `mas_…`, y se pide en el mismo lugar.
Nada de esta carpeta importa Keras ni TensorFlow. Los pesos son float32, como en Keras;
`Sequential(capas, dtype="float64")` los crea en doble precisión.
"""

import sys

from cursokeras.desde_cero import (
    activations,
    backend,
    callbacks,
    constraints,
    faltas,
    funcional,
    initializers,
    layers,
    losses,
    mas_activaciones,
    mas_capas,
    mas_optimizadores,
    mas_perdidas,
    metrics,
    models,
    optimizers,
    red,
    regularizers,
    schedules,
    utils,
    verificacion,
)
from cursokeras.desde_cero.funcional import Model
from cursokeras.desde_cero.layers import Input, Layer
from cursokeras.desde_cero.models import Sequential
from cursokeras.desde_cero.verificacion import verificar_gradientes

__all__ = [
    "Input",
    "Layer",
    "Model",
    "Sequential",
    "activations",
    "backend",
    "callbacks",
    "constraints",
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

__version__ = "3, en NumPy"

# Los archivos que se leen primero traen lo esencial; lo demás se ofrece en los mismos módulos.
faltas.vigilar(
    [
        *(activations, callbacks, initializers, layers, losses, metrics, models, optimizers, red),
        *(backend, constraints, regularizers, schedules, utils, verificacion),
        *(funcional, mas_activaciones, mas_capas, mas_optimizadores, mas_perdidas),
    ]
)
faltas.ofrecer_tambien(activations, mas_activaciones)
faltas.ofrecer_tambien(layers, mas_capas)
faltas.ofrecer_tambien(losses, mas_perdidas)
faltas.ofrecer_tambien(models, funcional)
faltas.ofrecer_tambien(optimizers, mas_optimizadores)
optimizers.schedules = sys.modules[f"{__name__}.optimizers.schedules"] = schedules
faltas.vigilar_casa(sys.modules[__name__])
