"""Qué tiene gemelo en los dos lados, Keras y `desde_cero`, y con qué opciones."""

# De cada clase de Keras, las opciones que su gemela entiende con el mismo nombre.
CAPAS = {
    "Dense": ("units", "activation", "use_bias"),
    "Flatten": (),
    "Activation": ("activation",),
    "Dropout": ("rate",),
    "BatchNormalization": ("momentum", "epsilon", "center", "scale"),
}
ACTIVACIONES = (
    *("linear", "relu", "tanh", "sigmoid", "softmax"),
    *("elu", "leaky_relu", "softplus", "gelu", "selu"),
)
_DE_TODOS = ("learning_rate", "weight_decay", "clipnorm", "clipvalue", "global_clipnorm")
OPTIMIZADORES = {
    "SGD": (*_DE_TODOS, "momentum", "nesterov"),
    "Adam": (*_DE_TODOS, "beta_1", "beta_2", "epsilon"),
    "AdamW": (*_DE_TODOS, "beta_1", "beta_2", "epsilon"),
    "Nadam": (*_DE_TODOS, "beta_1", "beta_2", "epsilon"),
    "RMSprop": (*_DE_TODOS, "rho", "momentum", "epsilon"),
    "Adagrad": (*_DE_TODOS, "initial_accumulator_value", "epsilon"),
}
PERDIDAS = {
    "MeanSquaredError": (),
    "MeanAbsoluteError": (),
    "Huber": ("delta",),
    "LogCosh": (),
    "Hinge": (),
    "SquaredHinge": (),
    "Poisson": (),
    "KLDivergence": (),
    "MeanAbsolutePercentageError": (),
    "MeanSquaredLogarithmicError": (),
    "BinaryCrossentropy": ("from_logits",),
    "CategoricalCrossentropy": ("from_logits",),
    "SparseCategoricalCrossentropy": ("from_logits",),
}
REGULARIZADORES = {"L1": ("l1",), "L2": ("l2",), "L1L2": ("l1", "l2")}
# De lo que tiene gemela, lo que `comparar` sigue: sus causas se saben explicar.
SE_COMPARAN = (
    *("Dense", "Flatten", "Activation", "Dropout", "SGD", "Adam", "RMSprop"),
    *("MeanSquaredError", "MeanAbsoluteError", "BinaryCrossentropy"),
    *("CategoricalCrossentropy", "SparseCategoricalCrossentropy", "NoneType"),
)
RECORTES = ("weight_decay", "clipnorm", "clipvalue", "global_clipnorm")
# Opciones que no cambian ningún número de la gemela, y el valor que apaga a las demás.
SIN_EFECTO = {
    *("name", "dtype", "kernel_initializer", "bias_initializer", "seed", "data_format"),
    *("kernel_regularizer", "bias_regularizer"),  # Se traducen aparte.
    *("beta_initializer", "gamma_initializer", "renorm_momentum"),
    *("moving_mean_initializer", "moving_variance_initializer"),
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
    "synchronized": False,
    "renorm": False,
}


def estado(optimizador):
    """El estado de un optimizador de desde_cero, y cómo termina su nombre en Keras."""
    velocidades = "_accumulator" if type(optimizador).__name__ == "Adagrad" else "_velocity"
    return ((optimizador.momentos, "_momentum"), (optimizador.velocidades, velocidades))


def variables(optimizador, final):
    """Las variables de un optimizador de Keras cuyo nombre termina así, una por peso."""
    return [v for v in optimizador.variables if v.name.endswith(final)]
