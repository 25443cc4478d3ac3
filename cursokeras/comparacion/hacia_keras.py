"""De NumPy a Keras: el modelo de Keras con los mismos números que una red de `desde_cero`."""

from cursokeras import desde_cero
from cursokeras._backend import keras
from cursokeras.comparacion.equivalencias import (
    CAPAS,
    OPTIMIZADORES,
    PERDIDAS,
    REGULARIZADORES,
    estado,
    variables,
)

# Las opciones de una métrica, además de su nombre.
_DE_METRICAS = ("thresholds", "num_thresholds", "curve")


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
    if type(red) is not desde_cero.Sequential:
        raise ValueError(
            "a_keras espera una red hecha con Sequential, y llegó una de la forma funcional. Pon "
            "las mismas capas en keras.Sequential([...])."
        )
    capas = [_capa_de_keras(capa, red.dtype) for capa in red.layers]
    entrada = keras.Input(red.input_shape[1:], dtype=red.dtype)
    modelo = keras.Sequential([entrada, *capas], name=red.name)
    modelo.set_weights(red.get_weights())
    if red.loss is not None:
        modelo.compile(
            optimizer=_construir(keras.optimizers, red.optimizer, OPTIMIZADORES),
            loss=_construir(keras.losses, red.loss, PERDIDAS),
            metrics=[_metrica_de_keras(metrica) for metrica in red.metrics] or None,
        )
        _copiar_estado_a_keras(red, modelo)
    return modelo


def _capa_de_keras(capa, dtype):
    opciones = {"name": capa.name, "dtype": dtype, "trainable": capa.trainable}
    _exigir_sin_opciones_propias(capa)
    if type(capa) is desde_cero.layers.Dense:
        opciones["kernel_initializer"] = "zeros"
        for nombre in ("kernel_regularizer", "bias_regularizer"):
            regularizador = getattr(capa, nombre)
            if regularizador is not None:
                traducido = _construir(keras.regularizers, regularizador, REGULARIZADORES)
                opciones[nombre] = traducido
    if type(capa) is desde_cero.layers.Dropout:
        opciones["seed"] = 0
    return _construir(keras.layers, capa, CAPAS, **opciones)


def _exigir_sin_opciones_propias(capa):
    """Lanza ValueError si la capa tiene algo que su nombre no dice, y que en Keras se perdería."""
    f = getattr(capa, "activation", None)
    restringida = getattr(capa, "kernel_constraint", None) or getattr(capa, "bias_constraint", None)
    if restringida or (f is not None and f is not desde_cero.activations.get(f.name)):
        raise ValueError(
            f"La capa {capa.name!r} tiene restricciones, o una activación con opciones propias, y "
            "a_keras no las sigue."
        )


def _construir(modulo, objeto, tabla, **mas):
    """Crea en `modulo` de Keras el objeto del mismo nombre con las mismas opciones."""
    clase = type(objeto).__name__
    if clase not in tabla or not type(objeto).__module__.startswith("cursokeras.desde_cero."):
        raise ValueError(
            f"{clase} no tiene gemelo en Keras; solo {', '.join(tabla)}. Los pesos se pueden "
            "pasar igual con modelo.set_weights(red.get_weights())."
        )
    if callable(getattr(objeto, "plan", None)):
        raise ValueError("La tasa de aprendizaje depende del paso, y a_keras no la sigue.")
    opciones = {nombre: getattr(objeto, nombre) for nombre in tabla[clase]}
    if "activation" in opciones:
        opciones["activation"] = opciones["activation"].name
    return getattr(modulo, clase)(**opciones, **mas)


def _metrica_de_keras(metrica):
    # "accuracy", por su nombre, sería otra con varias etiquetas: Keras la elige por la forma de y.
    opciones = {n: getattr(metrica, n) for n in _DE_METRICAS if hasattr(metrica, n)}
    if hasattr(getattr(metrica, "perdida", None), "from_logits"):
        opciones["from_logits"] = metrica.perdida.from_logits
    if type(metrica) is desde_cero.metrics.BinaryAccuracy or opciones:
        return getattr(keras.metrics, type(metrica).__name__)(name=metrica.name, **opciones)
    return metrica.name


def _copiar_estado_a_keras(red, modelo):
    modelo.optimizer.build(modelo.trainable_variables)
    modelo.optimizer.iterations.assign(red.optimizer.iterations)
    for arreglos, final in estado(red.optimizer):
        for arreglo, variable in zip(arreglos, variables(modelo.optimizer, final), strict=False):
            variable.assign(arreglo)
    if hasattr(red.optimizer, "producto"):
        modelo.optimizer._u_product.assign(red.optimizer.producto)
