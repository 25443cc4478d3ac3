"""Qué tiene gemelo en los dos lados, Keras y `desde_cero`, y con qué opciones."""

# De cada clase de Keras, las opciones que su gemela entiende con el mismo nombre.
CAPAS = {
    "Dense": ("units", "activation", "use_bias"),
    "Flatten": (),
    "Activation": ("activation",),
    "Dropout": ("rate",),
}
ACTIVACIONES = ("linear", "relu", "tanh", "sigmoid", "softmax")
OPTIMIZADORES = {
    "SGD": ("learning_rate", "momentum", "nesterov"),
    "Adam": ("learning_rate", "beta_1", "beta_2", "epsilon"),
    "RMSprop": ("learning_rate", "rho", "momentum", "epsilon"),
}
PERDIDAS = {
    "MeanSquaredError": (),
    "MeanAbsoluteError": (),
    "BinaryCrossentropy": ("from_logits",),
    "CategoricalCrossentropy": ("from_logits",),
    "SparseCategoricalCrossentropy": ("from_logits",),
}
REGULARIZADORES = {"L1": ("l1",), "L2": ("l2",)}
# Opciones que no cambian ningún número de la gemela, y el valor que apaga a las demás.
SIN_EFECTO = {
    *("name", "dtype", "kernel_initializer", "bias_initializer", "seed", "data_format"),
    *("kernel_regularizer", "bias_regularizer"),  # Se traducen aparte.
    *("ema_momentum", "ema_overwrite_frequency"),  # Solo valen con use_ema.
}
APAGADAS = {
    "trainable": True,
    "use_ema": False,
    "amsgrad": False,
    "centered": False,
    "reduction": "sum_over_batch_size",
    "label_smoothing": 0.0,
    "axis": -1,
}


def estado(optimizador):
    """El estado de un optimizador de desde_cero, y cómo termina su nombre en Keras."""
    return ((optimizador.momentos, "_momentum"), (optimizador.velocidades, "_velocity"))


def variables(optimizador, final):
    """Las variables de un optimizador de Keras cuyo nombre termina así, una por peso."""
    return [v for v in optimizador.variables if v.name.endswith(final)]
