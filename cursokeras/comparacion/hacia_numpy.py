"""De Keras a NumPy: la misma red, con los mismos números.

Un modelo tiene gemela si todo lo que decide sus números (capas, pérdida, optimizador y sus
opciones) existe en los dos lados. Lo que no, se rechaza con su nombre: una gemela parecida
engañaría.
"""

from cursokeras import desde_cero
from cursokeras._backend import keras
from cursokeras._comun.avisos import avisar
from cursokeras._comun.finitos import exigir_pesos_finitos
from cursokeras.comparacion.equivalencias import (
    ACTIVACIONES,
    APAGADAS,
    CAPAS,
    OPTIMIZADORES,
    PERDIDAS,
    RECORTES,
    REGULARIZADORES,
    SE_COMPARAN,
    SIN_EFECTO,
    estado,
    variables,
)


def desde_keras(modelo):
    """Construye la gemela en NumPy de un modelo de Keras: pesos, pérdida y optimizador.

    La gemela es una copia: entrenarla no cambia el modelo. Si el optimizador ya dio pasos, lleva
    también su estado y sigue donde él quedó. Las capas conservan sus nombres.

    Argumentos:
        modelo: `keras.Sequential` construido, con capas Dense, Flatten, Activation, Dropout o
            BatchNormalization. Si está compilado, con una pérdida y un optimizador de los que
            tiene `desde_cero`. Las métricas se copian si existen en `desde_cero`; si no, se avisa.

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
    red = _gemela(modelo, _precision(modelo))
    if red.optimizer is not None:
        red.compile(red.optimizer, red.loss, metrics=_metricas(modelo))
        _copiar_estado_de_keras(modelo.optimizer, red)
    return red


def gemela_sin_estado(modelo, *, dtype=None):
    """La gemela para `comparar`: el optimizador recién nacido y sin métricas.

    Argumentos:
        modelo: `keras.Sequential` construido.
        dtype: precisión de la gemela; `None` es la del modelo.
    """
    red = _gemela(modelo, dtype or _precision(modelo))
    _exigir_comparable(red)
    return red


def _gemela(modelo, dtype):
    exigir_pesos_finitos(modelo)
    capas = [_traducir_capa(capa) for capa in modelo.layers]
    entrada = desde_cero.Input(modelo.input_shape[1:])
    red = desde_cero.Sequential([entrada, *capas], modelo.name, dtype=dtype)
    red.set_weights(modelo.get_weights())
    if getattr(modelo, "loss", None) is not None:
        if modelo.get_compile_config()["loss_weights"] is not None:
            raise _sin_gemelo("se compiló con loss_weights")
        red.compile(_traducir_optimizador(modelo.optimizer), _traducir_perdida(modelo.loss))
    return red


def _exigir_sequential(modelo):
    if isinstance(modelo, desde_cero.Sequential):
        raise ValueError(
            "Se esperaba un keras.Sequential y llegó una red de cursokeras.desde_cero. "
            "Conviértela antes: modelo = ck.a_keras(red)."
        )
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


def _exigir_comparable(red):
    """Lanza ValueError si la gemela tiene algo que `comparar` no sabe explicar."""
    piezas = [*red.layers, red.loss, red.optimizer]
    sobran = [type(p).__name__ for p in piezas if type(p).__name__ not in SE_COMPARAN]
    sobran += [n for n in RECORTES if getattr(red.optimizer, n, None) is not None]
    if sobran:
        raise ValueError(
            f"comparar no sigue {', '.join(sobran)}: compara el mismo modelo sin eso, con SGD, "
            "Adam o RMSprop y con mse, mae o una entropía cruzada."
        )


def _precision(modelo):
    _exigir_sequential(modelo)
    precisiones = {capa.dtype_policy.name for capa in modelo.layers}
    if precisiones <= {"float32"} or precisiones <= {"float64"}:
        return precisiones.pop()
    raise _sin_gemelo(f"calcula en {', '.join(sorted(precisiones))}")


def _traducir_capa(capa):
    config = capa.get_config()
    donde = f"la capa {capa.name!r}"
    opciones = _opciones(capa, CAPAS, donde)
    if "activation" in opciones and not isinstance(opciones["activation"], str):
        raise _sin_gemelo(f"{donde} tiene una activación propia")
    if opciones.get("activation") not in (None, *ACTIVACIONES):
        cual = f"{donde} usa la activación {opciones['activation']!r}"
        raise _sin_gemelo(f"{cual}, y solo hay {', '.join(ACTIVACIONES)}")
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
    opciones = _opciones(regularizador, REGULARIZADORES, donde)
    opciones = {nombre: float(valor) for nombre, valor in opciones.items()}
    return getattr(desde_cero.regularizers, type(regularizador).__name__)(**opciones)


def _traducir_perdida(perdida):
    if isinstance(perdida, str) or hasattr(perdida, "__name__"):
        nombre = keras.losses.get(perdida).__name__
        try:
            return desde_cero.losses.get(nombre)
        except ValueError:
            raise _sin_gemelo(f"su pérdida es {nombre}, y solo hay {', '.join(PERDIDAS)}") from None
    opciones = _opciones(perdida, PERDIDAS, "la pérdida")
    return getattr(desde_cero.losses, type(perdida).__name__)(**opciones)


def _traducir_optimizador(optimizador):
    opciones = _opciones(optimizador, OPTIMIZADORES, "el optimizador")
    if isinstance(opciones["learning_rate"], dict):
        raise _sin_gemelo("su tasa de aprendizaje cambia con los pasos")
    return getattr(desde_cero.optimizers, type(optimizador).__name__)(**opciones)


def _opciones(objeto, tabla, donde):
    """Las opciones que la gemela entiende, si todas las demás están apagadas."""
    clase = type(objeto).__name__
    if clase not in tabla or not type(objeto).__module__.startswith("keras."):
        raise _sin_gemelo(f"{donde} es {clase}, y solo hay {', '.join(tabla)} de Keras")
    # La configuración de Huber no anota su delta: Keras lo guarda aparte.
    config = {**getattr(objeto, "_fn_kwargs", {}), **objeto.get_config()}
    for nombre, valor in config.items():
        sobra = nombre not in SIN_EFECTO and nombre not in tabla[clase]
        if sobra and valor not in (None, APAGADAS.get(nombre)):
            raise _sin_gemelo(f"{donde} tiene {nombre}={valor!r}")
    return {nombre: config[nombre] for nombre in tabla[clase]}


def _metricas(modelo):
    """Las métricas del modelo que existen en desde_cero; de las demás, avisa."""
    pedidas = modelo.get_compile_config()["metrics"] or []
    conocidas = [m for m in map(_traducir_metrica, pedidas) if m is not None]
    if len(conocidas) < len(pedidas):
        mide = ", ".join(getattr(m, "name", m) for m in conocidas) or "solo la pérdida"
        avisar(
            f"La red de NumPy mide {mide}: las demás métricas del modelo no existen en desde_cero."
        )
    return conocidas


def _traducir_metrica(metrica):
    """La métrica de desde_cero, o `None` si no existe; `metrica` es un nombre, o su config."""
    if isinstance(metrica, dict) and metrica["class_name"] == "BinaryAccuracy":
        config = metrica["config"]
        propia = desde_cero.metrics.BinaryAccuracy(name=config["name"])
        return propia if config["threshold"] == 0.5 else None
    return metrica if isinstance(metrica, str) and _existe_metrica(metrica) else None


def _existe_metrica(nombre):
    try:
        desde_cero.metrics.get(nombre, None, 2)
    except ValueError:
        return False
    return True


def _copiar_estado_de_keras(optimizador, red):
    if not optimizador.built:
        return
    red.optimizer.build(red.weights)
    red.optimizer.iterations = int(optimizador.iterations.numpy())
    for arreglos, final in estado(red.optimizer):
        for propio, variable in zip(arreglos, variables(optimizador, final), strict=False):
            propio[...] = variable.numpy()
    if hasattr(optimizador, "_u_product"):
        red.optimizer.producto = optimizador._u_product.numpy()


def _sin_gemelo(problema):
    return ValueError(
        f"Este modelo no tiene gemelo en NumPy: {problema}. Cambia esa parte para comparar; en "
        "cursokeras.desde_cero está lo que sí existe."
    )
