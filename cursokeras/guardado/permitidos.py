"""Qué puede traer la configuración de un modelo: lo que un curso necesita, y nada más.

Keras lleva una lista de lo prohibido; aquí se lleva una de lo permitido, y se aplica antes de que
Keras construya nada. Lo que no está en la lista se puede permitir por su nombre al cargar.
"""

from cursokeras._backend import keras

_CAPAS = """InputLayer Dense Activation Flatten Reshape Permute RepeatVector Masking Identity
    Dropout SpatialDropout1D SpatialDropout2D GaussianDropout GaussianNoise AlphaDropout
    ActivityRegularization BatchNormalization LayerNormalization Normalization UnitNormalization
    Rescaling ReLU LeakyReLU ELU Softmax Conv1D Conv2D MaxPooling1D MaxPooling2D AveragePooling1D
    AveragePooling2D GlobalMaxPooling1D GlobalMaxPooling2D GlobalAveragePooling1D
    GlobalAveragePooling2D UpSampling1D UpSampling2D ZeroPadding1D ZeroPadding2D Cropping1D
    Cropping2D Embedding SimpleRNN LSTM GRU Add Subtract Multiply Average Maximum Minimum
    Concatenate"""
_PERDIDAS = """BinaryCrossentropy BinaryFocalCrossentropy CategoricalCrossentropy
    CategoricalFocalCrossentropy SparseCategoricalCrossentropy MeanSquaredError MeanAbsoluteError
    MeanAbsolutePercentageError MeanSquaredLogarithmicError Huber LogCosh Hinge SquaredHinge
    CategoricalHinge KLDivergence Poisson CosineSimilarity"""
_METRICAS = """Accuracy BinaryAccuracy CategoricalAccuracy SparseCategoricalAccuracy
    TopKCategoricalAccuracy SparseTopKCategoricalAccuracy BinaryCrossentropy
    CategoricalCrossentropy SparseCategoricalCrossentropy MeanSquaredError RootMeanSquaredError
    MeanAbsoluteError MeanAbsolutePercentageError MeanSquaredLogarithmicError R2Score
    CosineSimilarity LogCoshError Hinge SquaredHinge CategoricalHinge KLDivergence Poisson AUC
    Precision Recall F1Score FBetaScore TruePositives TrueNegatives FalsePositives FalseNegatives
    PrecisionAtRecall RecallAtPrecision SensitivityAtSpecificity SpecificityAtSensitivity Mean Sum
    IoU BinaryIoU MeanIoU OneHotIoU OneHotMeanIoU"""
_OPTIMIZADORES = "SGD RMSprop Adam AdamW Adamax Adagrad Adadelta Nadam Ftrl Lion Adafactor Lamb"
_TASAS = """ExponentialDecay PiecewiseConstantDecay PolynomialDecay InverseTimeDecay CosineDecay
    CosineDecayRestarts"""
_INICIALIZADORES = """Zeros Ones Constant Identity IdentityInitializer RandomNormal RandomUniform
    TruncatedNormal VarianceScaling GlorotNormal GlorotUniform HeNormal HeUniform LecunNormal
    LecunUniform Orthogonal OrthogonalInitializer"""
_REGULARIZADORES = "L1 L2 L1L2 OrthogonalRegularizer"
_RESTRICCIONES = "MaxNorm MinMaxNorm NonNeg UnitNorm"
_ACTIVACIONES = """linear relu relu6 leaky_relu elu selu celu gelu silu swish mish sigmoid
    hard_sigmoid log_sigmoid tanh hard_tanh softplus softsign softmax log_softmax exponential
    hard_silu hard_swish"""
_ABREVIATURAS = "mse mae mape msle acc accuracy crossentropy ce bce kld kl_divergence cosine"

_MODELOS = {
    "keras.Sequential",
    "keras.Model",
    "keras.Functional",
    "keras.models.Sequential",
    "keras.src.models.functional.Functional",
    "keras.src.models.sequential.Sequential",
}
_CLASES = {
    *_MODELOS,
    "keras.DTypePolicy",
    *(
        f"keras.{modulo}.{nombre}"
        for modulo, nombres in {
            "layers": _CAPAS,
            "losses": _PERDIDAS,
            "metrics": _METRICAS,
            "optimizers": _OPTIMIZADORES,
            "optimizers.schedules": _TASAS,
            "initializers": _INICIALIZADORES,
            "regularizers": _REGULARIZADORES,
            "constraints": _RESTRICCIONES,
        }.items()
        for nombre in nombres.split()
    ),
}
# Ejecutan código que viene en el archivo o en otro que él nombra: no se permiten ni pidiéndolas.
_PELIGROSAS = {
    "Lambda",
    "<lambda>",
    "__lambda__",
    "__typespec__",
    "TFSMLayer",
    "TorchModuleWrapper",
    "JaxLayer",
    "FlaxLayer",
}
_SALAS = "activations losses metrics optimizers initializers regularizers constraints"
_MAXIMO_NOMBRE = 80
_SIN_MODULO = {"__keras_tensor__", "__ellipsis__", "__slice__"}


def revisar_permitidos(config, permitir):
    """Lanza `ValueError` si la configuración de un modelo nombra algo que no está permitido.

    Argumentos:
        config: lo que trae `config.json`.
        permitir: nombres que se aceptan además de la lista, como "curso>MiCapa" o
            "keras.layers.MultiHeadAttention".

    Lanza:
        ValueError: con el nombre de lo que no se permite.
    """
    permitir = frozenset(permitir)
    es_objeto = isinstance(config, dict) and isinstance(config.get("class_name"), str)
    if not es_objeto or _nombre(config) not in _MODELOS | permitir:
        raise ValueError("La configuración del archivo no es la de un modelo de Keras permitido.")
    for objeto in objetos(config):
        if not isinstance(objeto["class_name"], str):
            raise ValueError("La configuración del modelo está dañada: trae una clase sin nombre.")
        if not _en_la_lista(objeto):
            _exigir_permiso(_nombre(objeto), permitir, de_keras=_de_keras(objeto))
    for casilla, texto in _casillas(config):
        if not _conocido(casilla, texto):
            _exigir_permiso(texto, permitir, de_keras=_keras_tiene(texto))


def nombres_por_permitir(config):
    """Devuelve los nombres de la configuración que `cargar` no acepta si no se le permiten."""
    nombres = {_nombre(objeto) for objeto in objetos(config) if not _en_la_lista(objeto)}
    nombres |= {texto for casilla, texto in _casillas(config) if not _conocido(casilla, texto)}
    return sorted(nombres)


def objetos(valor):
    """Genera todos los objetos serializados (con `class_name`) de una configuración."""
    if isinstance(valor, dict):
        if "class_name" in valor:
            yield valor
        valor = list(valor.values())
    if isinstance(valor, list):
        for parte in valor:
            yield from objetos(parte)


def _exigir_permiso(nombre, permitir, *, de_keras):
    """Lanza `ValueError` si algo fuera de la lista es peligroso, desconocido o no se permitió."""
    # Un nombre tan largo es el código de una lambda, como lo escribe Keras.
    if nombre.split(".")[-1] in _PELIGROSAS or len(nombre) > _MAXIMO_NOMBRE:
        raise ValueError(
            f"El modelo trae {nombre[:_MAXIMO_NOMBRE]!r}, que puede ejecutar código al cargarse, y "
            "no se abre. Si es tuyo, cámbialo por una capa o una función propia con "
            "@keras.saving.register_keras_serializable('curso')."
        )
    if not de_keras and keras.saving.get_registered_object(nombre) is None:
        raise ValueError(
            f"El modelo trae {nombre!r}, que no es de Keras ni está registrado. Si es tuyo, pon "
            "@keras.saving.register_keras_serializable('curso') antes de su definición y ejecútala "
            "antes de guardar y de cargar."
        )
    if nombre not in permitir:
        raise ValueError(
            f"El modelo trae {nombre!r}, que no está entre lo que se carga sin preguntar, porque "
            "podría ejecutar código. Si confías en quien lo hizo, escribe "
            f"cargar(ruta, permitir=[{nombre!r}])."
        )


def _keras_tiene(texto):
    return any(hasattr(getattr(keras, sala), texto) for sala in _SALAS.split())


def _en_la_lista(objeto):
    if objeto["class_name"] == "function":
        return objeto.get("module") == "builtins" and _conocido("función", objeto.get("config"))
    if objeto.get("module") is None:
        return objeto["class_name"] in _SIN_MODULO
    return _de_keras(objeto) and _nombre(objeto) in _CLASES


def _nombre(objeto):
    """El nombre con que se permite: el de Keras, o aquel con que se registró."""
    if objeto["class_name"] == "function":
        return str(objeto.get("config"))
    if _de_keras(objeto):
        return f"{objeto['module']}.{objeto['class_name']}"
    return str(objeto.get("registered_name") or objeto["class_name"])


def _de_keras(objeto):
    """Dice si Keras lo buscará entre lo suyo, y no entre lo que otros registraron."""
    return (
        objeto["class_name"] != "function"
        and str(objeto.get("module")).split(".")[0] == "keras"
        and objeto.get("registered_name") in (None, objeto["class_name"])
    )


def _sin_guiones(nombre):
    return nombre.replace("_", "").lower()


_COMPILADAS = frozenset(
    map(_sin_guiones, f"{_PERDIDAS} {_METRICAS} {_ABREVIATURAS} {_OPTIMIZADORES}".split())
)
_NOMBRES = {
    "activation": frozenset(map(_sin_guiones, _ACTIVACIONES.split())),
    "initializer": frozenset(map(_sin_guiones, _INICIALIZADORES.split())),
    "regularizer": frozenset(map(_sin_guiones, _REGULARIZADORES.split())),
    "constraint": frozenset(map(_sin_guiones, _RESTRICCIONES.split())),
    **dict.fromkeys(("loss", "metrics", "optimizer"), _COMPILADAS),
}
_NOMBRES["función"] = _NOMBRES["activation"] | _COMPILADAS


def _conocido(casilla, texto):
    return isinstance(texto, str) and _sin_guiones(texto) in _NOMBRES[casilla]


def _casillas(valor):
    """Genera (casilla, texto) de los lugares donde Keras busca un objeto por su nombre."""
    if isinstance(valor, dict):
        for clave, parte in valor.items():
            casilla = clave.rpartition("_")[2]
            if casilla in _NOMBRES:
                yield from ((casilla, texto) for texto in _textos(parte))
            yield from _casillas(parte)
    elif isinstance(valor, list):
        for parte in valor:
            yield from _casillas(parte)


def _textos(valor):
    """Genera los textos sueltos de un valor; los objetos de adentro se revisan aparte."""
    if isinstance(valor, str):
        yield valor
    elif isinstance(valor, dict) and "class_name" not in valor:
        valor = list(valor.values())
    if isinstance(valor, list):
        for parte in valor:
            yield from _textos(parte)
