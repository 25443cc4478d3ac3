"""Qué declara un modelo de Keras: la forma de su entrada, la de su salida y su pérdida."""

from cursokeras._comun.hallazgos import error


def perdida_de(modelo):
    """Devuelve la única pérdida con que se compiló el modelo: un nombre, función u objeto.

    Lanza:
        ErrorDeDatos: si el modelo no está construido o compilado, o tiene más de una salida.
    """
    _exigir_construido(modelo)
    perdida = getattr(modelo, "loss", None)
    if perdida is None:
        raise error(
            "modelo_sin_compilar",
            "modelo",
            "El modelo no está compilado: no tiene pérdida.",
            "Escribe modelo.compile(optimizer='adam', loss='mse') (o la pérdida que corresponda).",
        )
    return _la_unica(perdida, "salidas")


def forma_de_entrada(modelo):
    """Devuelve la forma de una fila de x, como (8,); `None` si el modelo no la declara."""
    return _forma(modelo, "input_shape", "entradas")


def forma_de_salida(modelo):
    """Devuelve la forma de una fila de la salida, como (1,); `None` si el modelo no la declara."""
    return _forma(modelo, "output_shape", "salidas")


def forma_que_da(modelo):
    """Como `forma_de_salida`, y la de una subclase de Model se prueba con una entrada simbólica."""
    forma = forma_de_salida(modelo)
    return _forma_de_subclase(modelo) if forma is None else forma


def activacion_de_salida(modelo):
    """Devuelve el nombre de lo último que aplica el modelo, como "softmax"; "linear" es nada.

    `None` si no se sabe: en una subclase de Model, el orden de las capas no dice cuál da la salida.
    """
    if not hasattr(modelo, "output_shape"):
        return None
    operaciones = getattr(modelo, "operations", None) or modelo.layers
    if not operaciones:
        return None
    if hasattr(operaciones[-1], "predict_on_batch"):  # Un modelo dentro de otro.
        return activacion_de_salida(operaciones[-1])
    ultima = getattr(operaciones[-1], "activation", operaciones[-1])
    return getattr(ultima, "__name__", type(ultima).__name__.lower())


def la_salida(salidas):
    """Devuelve lo único que da un modelo, venga suelto, en una lista o en un diccionario.

    Lanza:
        ErrorDeDatos: si da varias cosas.
    """
    from cursokeras._backend import keras  # Aquí ya está: leer cabezas no lo carga.

    return _la_unica(keras.tree.flatten(salidas), "salidas")


def _forma_de_subclase(modelo):
    from cursokeras._backend import keras

    try:
        entrada = modelo.get_build_config()["input_shape"]
        salida = modelo.compute_output_spec(keras.KerasTensor((None, *entrada[1:])))
    except Exception:  # Su `call` es del usuario, y puede no admitir una entrada simbólica.
        return None
    return tuple(la_salida(salida).shape[1:])


def _forma(modelo, atributo, nombre):
    _exigir_construido(modelo)
    forma = _la_unica(getattr(modelo, atributo, None), nombre)
    return None if forma is None else tuple(forma[1:])


def _la_unica(partes, nombre):
    if isinstance(partes, dict):
        partes = list(partes.values())
    if not isinstance(partes, list):
        return partes
    if len(partes) == 1:
        return partes[0]
    raise error(
        "modelo_de_varias_partes",
        "modelo",
        f"El modelo tiene {len(partes)} {nombre}, y aquí se entrena con una x y una y.",
        "Para ese modelo usa modelo.fit, con un diccionario de arreglos.",
    )


def _exigir_construido(modelo):
    if isinstance(modelo, type):
        raise error(
            "no_es_un_modelo",
            "modelo",
            f"El primer argumento es la clase {modelo.__name__} y debe ser un modelo ya creado.",
            "Escribe modelo = ck.crear_regresion(d_in), o la función de tu tarea.",
        )
    if not hasattr(modelo, "predict_on_batch"):
        raise error(
            "no_es_un_modelo",
            "modelo",
            f"El primer argumento es de tipo {type(modelo).__name__} y debe ser un modelo de "
            "Keras.",
            "El orden es (modelo, x, y).",
        )
    if not modelo.built:
        raise error(
            "modelo_sin_construir",
            "modelo",
            "El modelo no sabe cuántas columnas recibe.",
            "Empieza las capas con keras.Input((d_in,)), donde d_in = x.shape[1].",
        )
