"""De Keras a NumPy y de NumPy a Keras: la misma red, con los mismos números, en los dos lados.

Una red tiene gemela si todo lo que decide sus números (capas, pérdida, optimizador y sus opciones)
existe en los dos lados. Lo que no, se rechaza con su nombre: una gemela parecida engañaría.
"""

import warnings

from cursokeras import desde_cero
from cursokeras._backend import keras

# De cada clase de Keras, las opciones que su gemela entiende con el mismo nombre.
_CAPAS = {
    "Dense": ("units", "activation", "use_bias"),
    "Flatten": (),
    "Activation": ("activation",),
    "Dropout": ("rate",),
}
_OPTIMIZADORES = {
    "SGD": ("learning_rate", "momentum", "nesterov"),
    "Adam": ("learning_rate", "beta_1", "beta_2", "epsilon"),
    "RMSprop": ("learning_rate", "rho", "momentum", "epsilon"),
}
_PERDIDAS = {
    "MeanSquaredError": (),
    "MeanAbsoluteError": (),
    "BinaryCrossentropy": ("from_logits",),
    "CategoricalCrossentropy": ("from_logits",),
    "SparseCategoricalCrossentropy": ("from_logits",),
}
_REGULARIZADORES = {"L1": ("l1",), "L2": ("l2",)}
# Opciones que no cambian ningún número de la gemela, y el valor que apaga a las demás.
_SIN_EFECTO = {
    *("name", "dtype", "kernel_initializer", "bias_initializer", "seed", "data_format"),
    *("kernel_regularizer", "bias_regularizer"),  # Se traducen aparte.
    *("ema_momentum", "ema_overwrite_frequency"),  # Solo valen con use_ema.
}
_APAGADAS = {
    "trainable": True,
    "use_ema": False,
    "amsgrad": False,
    "centered": False,
    "reduction": "sum_over_batch_size",
    "label_smoothing": 0.0,
    "axis": -1,
}


def desde_keras(modelo):
    """Construye la gemela en NumPy de un modelo de Keras: pesos, pérdida y optimizador.

    La gemela es una copia: entrenarla no cambia el modelo. Si el optimizador ya dio pasos, lleva
    también su estado y sigue donde él quedó. Las capas conservan sus nombres.

    Argumentos:
        modelo: `keras.Sequential` construido, con capas Dense, Flatten, Activation o Dropout. Si
            está compilado, con pérdida mse, mae o una entropía cruzada, y SGD, Adam o RMSprop.
            Las métricas se copian si existen en `desde_cero`; si no, se avisa.

    Devuelve:
        `desde_cero.Sequential` con las mismas predicciones.

    Lanza:
        ValueError: si el modelo tiene algo sin gemelo; el mensaje lo nombra.

    Ejemplo:
        >>> import cursokeras as ck
        >>> modelo = ck.crear_regresion(3, ocultas=(4,), semilla=0)
        >>> red = ck.desde_keras(modelo)
        >>> red.layers[0].kernel.shape, type(red.optimizer).__name__
        ((3, 4), 'Adam')
    """
    red = gemela_sin_estado(modelo)
    if red.optimizer is not None:
        red.compile(red.optimizer, red.loss, metrics=_metricas(modelo))
        _copiar_estado_de_keras(modelo.optimizer, red)
    return red


def gemela_sin_estado(modelo, *, dtype=None):
    """Como `desde_keras`, con el optimizador recién nacido y sin métricas.

    Argumentos:
        modelo: `keras.Sequential` construido.
        dtype: precisión de la gemela; `None` es la del modelo.
    """
    _exigir_sequential(modelo)
    capas = [_traducir_capa(capa) for capa in modelo.layers]
    entrada = desde_cero.Input(modelo.input_shape[1:])
    red = desde_cero.Sequential([entrada, *capas], modelo.name, dtype=dtype or _precision(modelo))
    red.set_weights(modelo.get_weights())
    if getattr(modelo, "loss", None) is not None:
        red.compile(_traducir_optimizador(modelo.optimizer), _traducir_perdida(modelo.loss))
    return red


def a_keras(red):
    """Construye el modelo de Keras gemelo de una red de `desde_cero`.

    Argumentos:
        red: `desde_cero.Sequential` con sus pesos creados (con `Input`, o ya usada). Si está
            compilada, el modelo lleva la pérdida y el optimizador con su estado.

    Devuelve:
        `keras.Sequential` con las mismas predicciones, compilado si la red lo estaba.

    Lanza:
        ValueError: si la red tiene una capa, pérdida u optimizador propios.

    Ejemplo:
        >>> from cursokeras import desde_cero
        >>> red = desde_cero.Sequential([desde_cero.Input((2,)), desde_cero.layers.Dense(1)])
        >>> a_keras(red).count_params()
        3
    """
    if not isinstance(red, desde_cero.Sequential) or red.output_shape is None:
        raise ValueError(
            "a_keras espera una red de cursokeras.desde_cero con sus pesos creados. Empieza las "
            "capas con desde_cero.Input((d_in,))."
        )
    capas = [_capa_de_keras(capa, red.dtype) for capa in red.layers]
    entrada = keras.Input(red.input_shape[1:], dtype=red.dtype)
    modelo = keras.Sequential([entrada, *capas], name=red.name)
    modelo.set_weights(red.get_weights())
    if red.loss is not None:
        modelo.compile(
            optimizer=_construir(keras.optimizers, red.optimizer, _OPTIMIZADORES),
            loss=_construir(keras.losses, red.loss, _PERDIDAS),
            metrics=[metrica.name for metrica in red.metrics] or None,
        )
        _copiar_estado_a_keras(red, modelo)
    return modelo


def _traducir_capa(capa):
    config = capa.get_config()
    donde = f"la capa {capa.name!r}"
    opciones = _opciones(capa, _CAPAS, donde)
    if "activation" in opciones and not isinstance(opciones["activation"], str):
        raise _sin_gemelo(donde, f"la activación {opciones['activation']!r}")
    if type(capa).__name__ == "Dense":
        # Los pesos se copian después: nacer en cero no gasta números al azar.
        opciones |= {"kernel_initializer": "zeros"}
        for nombre in ("kernel_regularizer", "bias_regularizer"):
            opciones[nombre] = _traducir_regularizador(getattr(capa, nombre), donde)
    if type(capa).__name__ == "Dropout":
        opciones["seed"] = config["seed"] or 0
    return getattr(desde_cero.layers, type(capa).__name__)(**opciones, name=capa.name)


def _traducir_regularizador(regularizador, donde):
    if regularizador is None:
        return None
    opciones = _opciones(regularizador, _REGULARIZADORES, donde)
    opciones = {nombre: float(valor) for nombre, valor in opciones.items()}
    return getattr(desde_cero.regularizers, type(regularizador).__name__)(**opciones)


def _traducir_perdida(perdida):
    if isinstance(perdida, str) or hasattr(perdida, "__name__"):
        nombre = keras.losses.get(perdida).__name__
        try:
            return desde_cero.losses.get(nombre)
        except ValueError:
            raise _sin_gemelo("el modelo", f"la pérdida {nombre!r}") from None
    opciones = _opciones(perdida, _PERDIDAS, "la pérdida")
    return getattr(desde_cero.losses, type(perdida).__name__)(**opciones)


def _traducir_optimizador(optimizador):
    opciones = _opciones(optimizador, _OPTIMIZADORES, "el optimizador")
    if isinstance(opciones["learning_rate"], dict):
        raise _sin_gemelo("el optimizador", "una tasa de aprendizaje que cambia con los pasos")
    return getattr(desde_cero.optimizers, type(optimizador).__name__)(**opciones)


def _metricas(modelo):
    """Los nombres de las métricas del modelo que existen en desde_cero; de las demás, avisa."""
    pedidas = modelo.get_compile_config()["metrics"] or []
    conocidas = [m for m in pedidas if isinstance(m, str) and _existe_metrica(m)]
    if len(conocidas) < len(pedidas):
        warnings.warn(
            f"La red de NumPy mide {conocidas or 'solo la pérdida'}: las demás métricas del "
            "modelo no existen en desde_cero.",
            stacklevel=3,
        )
    return conocidas


def _existe_metrica(nombre):
    try:
        desde_cero.metrics.get(nombre, None, 2)
    except ValueError:
        return False
    return True


def _opciones(objeto, tabla, donde):
    """Las opciones que la gemela entiende, si todas las demás están apagadas."""
    clase = type(objeto).__name__
    if clase not in tabla or not type(objeto).__module__.startswith("keras."):
        raise _sin_gemelo(donde, f"{clase}; solo {', '.join(tabla)}")
    config = objeto.get_config()
    for nombre, valor in config.items():
        sobra = nombre not in _SIN_EFECTO and nombre not in tabla[clase]
        if sobra and valor not in (None, _APAGADAS.get(nombre)):
            raise _sin_gemelo(donde, f"{nombre}={valor!r}")
    return {nombre: config[nombre] for nombre in tabla[clase]}


def _copiar_estado_de_keras(optimizador, red):
    if not optimizador.built:
        return
    red.optimizer.build(red.weights)
    red.optimizer.iterations = int(optimizador.iterations.numpy())
    for arreglos, final in _estado(red.optimizer):
        for propio, variable in zip(arreglos, _variables(optimizador, final), strict=False):
            propio[...] = variable.numpy()


def _copiar_estado_a_keras(red, modelo):
    modelo.optimizer.build(modelo.trainable_variables)
    modelo.optimizer.iterations.assign(red.optimizer.iterations)
    for arreglos, final in _estado(red.optimizer):
        for arreglo, variable in zip(arreglos, _variables(modelo.optimizer, final), strict=False):
            variable.assign(arreglo)


def _estado(optimizador):
    """El estado de un optimizador de desde_cero, y cómo termina su nombre en Keras."""
    return ((optimizador.momentos, "_momentum"), (optimizador.velocidades, "_velocity"))


def _variables(optimizador, final):
    return [v for v in optimizador.variables if v.name.endswith(final)]


def _capa_de_keras(capa, dtype):
    opciones = {"name": capa.name, "dtype": dtype}
    if type(capa) is desde_cero.layers.Dense:
        opciones["kernel_initializer"] = "zeros"
        for nombre in ("kernel_regularizer", "bias_regularizer"):
            regularizador = getattr(capa, nombre)
            if regularizador is not None:
                traducido = _construir(keras.regularizers, regularizador, _REGULARIZADORES)
                opciones[nombre] = traducido
    if type(capa) is desde_cero.layers.Dropout:
        opciones["seed"] = 0
    return _construir(keras.layers, capa, _CAPAS, **opciones)


def _construir(modulo, objeto, tabla, **mas):
    """Crea en `modulo` de Keras el objeto del mismo nombre con las mismas opciones."""
    clase = type(objeto).__name__
    if clase not in tabla or not type(objeto).__module__.startswith("cursokeras.desde_cero."):
        raise ValueError(
            f"{clase} no tiene gemelo en Keras; solo {', '.join(tabla)}. Los pesos se pueden "
            "pasar igual con modelo.set_weights(red.get_weights())."
        )
    opciones = {nombre: getattr(objeto, nombre) for nombre in tabla[clase]}
    if "activation" in opciones:
        opciones["activation"] = opciones["activation"].name
    return getattr(modulo, clase)(**opciones, **mas)


def _exigir_sequential(modelo):
    if not isinstance(modelo, keras.Sequential):
        raise ValueError(
            f"Se esperaba un keras.Sequential y llegó {type(modelo).__name__}. Crea el modelo "
            "con keras.Sequential([...]), o con crear_regresion, crear_clasificacion o "
            "crear_binaria."
        )
    if not modelo.built:
        raise ValueError(
            "El modelo no sabe cuántas columnas recibe: no tiene pesos que copiar. Empieza las "
            "capas con keras.Input((d_in,)), donde d_in = x.shape[1]."
        )


def _precision(modelo):
    precisiones = {capa.dtype_policy.name for capa in modelo.layers}
    if precisiones <= {"float32"} or precisiones <= {"float64"}:
        return precisiones.pop()
    raise _sin_gemelo("el modelo", f"la precisión {', '.join(sorted(precisiones))}")


def _sin_gemelo(donde, que):
    return ValueError(
        f"No hay gemelo en NumPy para este modelo: {donde} tiene {que}. Quita esa parte para "
        "comparar, o mira en cursokeras.desde_cero lo que sí existe."
    )
