"""Revisa los datos antes de entrenar y dice en español qué escribir."""

import math

import numpy as np

from cursokeras._comun.argumentos import es_entero_desde, es_numero, escribir
from cursokeras._comun.avisos import avisar


def a_numeros(datos, nombre, dtype):
    """Devuelve los datos como arreglo de números finitos.

    Argumentos:
        datos: arreglo, lista o DataFrame.
        nombre: "x" o "y", para el mensaje.
        dtype: precisión; `None` conserva la que traiga.

    Lanza:
        ValueError: si hay textos, filas de largos distintos o valores que faltan.
    """
    try:
        arreglo = np.asarray(datos, dtype=dtype)
        if arreglo.dtype == object:
            arreglo = arreglo.astype("float64")
        finitos = np.isfinite(arreglo)
    except (TypeError, ValueError) as error:
        raise ValueError(
            f"{nombre} debe ser una tabla de números{_primer_texto(datos)}. Convierte los textos "
            "en números y usa punto decimal, no coma."
        ) from error
    if arreglo.ndim == 0 or not len(arreglo):
        raise ValueError(f"{nombre} no tiene filas: llegó con forma {arreglo.shape}.")
    if not finitos.all():
        donde = tuple(int(i) for i in np.argwhere(~finitos)[0])
        raise ValueError(
            f"{nombre} tiene {int((~finitos).sum())} valores nan o infinitos; el primero está en "
            f"la posición {donde}. Completa o quita esas filas antes de entrenar."
        )
    return arreglo


def revisar_cantidad(x, y):
    """Lanza ValueError si `x` e `y` no tienen la misma cantidad de filas."""
    if len(x) != len(y):
        raise ValueError(f"x tiene {len(x)} filas e y tiene {len(y)}: deben ser las mismas.")


def revisar_forma_de_x(x, input_shape):
    """Lanza ValueError si las filas de `x` no tienen la forma que espera la red."""
    if x.shape[1:] == input_shape[1:]:
        return
    esperada = ("n", *input_shape[1:])
    consejo = "Si es una sola fila, escribe x.reshape(1, -1). " if x.ndim == 1 else ""
    raise ValueError(
        f"x llegó con forma {x.shape} y la red espera ({', '.join(map(str, esperada))}), con "
        f"n filas. {consejo}Revisa las columnas de x o keras.Input(shape=...)."
    )


def revisar_one_hot(y):
    """Devuelve `y`, o lanza ValueError si alguna fila no suma 1."""
    malas = np.flatnonzero(np.abs(y.sum(axis=-1) - 1) > 1e-3)
    if malas.size:
        raise ValueError(
            f"La fila {malas[0]} de y es {y[malas[0]].tolist()} y su suma no es 1: cada fila "
            "debe señalar una clase. Con etiquetas enteras usa keras.utils.to_categorical(y); "
            "si una fila puede tener varias clases o ninguna, usa sigmoid y "
            "binary_crossentropy."
        )
    return y


def una_por_fila(y, d_out):
    """Devuelve las etiquetas enteras como (n,), o lanza ValueError si no lo son."""
    y = np.asarray(y)
    if y.ndim == 2 and y.shape[1] == 1:
        y = y[:, 0]
    if d_out == 1:
        raise ValueError(
            "sparse_categorical_crossentropy necesita una salida por clase y la red tiene 1. "
            "Con dos clases usa Dense(1, activation='sigmoid') y loss='binary_crossentropy'."
        )
    if y.ndim != 1:
        raise ValueError(
            f"sparse_categorical_crossentropy espera etiquetas enteras (n,) y llegó y con "
            f"forma {y.shape}. Si y es one-hot, usa loss='categorical_crossentropy'."
        )
    return y


def una_de(nombre, valor, posibles):
    """Devuelve el valor si está entre los posibles, o lanza ValueError."""
    if valor not in posibles:
        raise ValueError(f"{nombre}={valor!r} no existe: usa {', '.join(map(repr, posibles))}.")
    return valor


def exigir_pesos(capa):
    """Lanza ValueError si la capa aún no tiene pesos."""
    if not capa.weights:
        raise ValueError(
            f"La capa {capa.name or type(capa).__name__} aún no tiene pesos: nacen cuando sabe "
            "cuántas columnas recibe. Empieza la red con keras.Input(shape=...)."
        )


def cuantas_neuronas(units):
    """Devuelve las neuronas de una capa Dense, o lanza ValueError."""
    if not es_entero_desde(1, units):
        raise ValueError(
            f"Dense recibió units={units!r} y espera un entero positivo: la cantidad de "
            "neuronas. Si viene de los datos, escribe y.shape[1], no y.shape."
        )
    return int(units)


def revisar_enteros_positivos(**valores):
    """Lanza ValueError si algún argumento no es un entero positivo."""
    for nombre, valor in valores.items():
        if not es_entero_desde(1, valor):
            raise ValueError(f"{nombre}={valor!r} debe ser un entero positivo, como 32.")


def revisar_numero(nombre, valor, desde=0, hasta=math.inf):
    """Lanza ValueError si un argumento no es un número entre `desde` y `hasta`."""
    if not es_numero(valor) or not desde <= valor <= hasta:
        rango = f" desde {desde}" if hasta == math.inf else f" entre {desde} y {hasta}"
        rango = "" if desde == -math.inf else rango
        raise ValueError(f"{nombre}={valor!r} debe ser un número{rango}.")


def revisar_recortes(clipnorm, clipvalue, global_clipnorm, weight_decay):
    """Lanza ValueError si no son números desde 0, o si se pide más de un recorte."""
    recortes = {"clipnorm": clipnorm, "clipvalue": clipvalue, "global_clipnorm": global_clipnorm}
    pedidos = {nombre: valor for nombre, valor in recortes.items() if valor is not None}
    for nombre, valor in {**pedidos, "weight_decay": weight_decay or 0}.items():
        revisar_numero(nombre, valor)
    if len(pedidos) > 1:
        raise ValueError("Usa solo uno de clipnorm, clipvalue y global_clipnorm, como en Keras.")


def que_llego(cosa):
    """Dice en el mensaje qué llegó en lugar de una capa, y qué escribir."""
    if isinstance(cosa, type):
        return f"la clase {cosa.__name__}. Escribe {cosa.__name__}(), con los paréntesis"
    if isinstance(cosa, list | tuple):
        return f"una lista de {len(cosa)}. Pon las capas una al lado de la otra, sin otra lista"
    if type(cosa).__module__.partition(".")[0] in ("keras", "tensorflow"):
        return (
            f"{type(cosa).__name__} de Keras. Importa todo del mismo lugar: "
            "from cursokeras import desde_cero as keras, y después keras.layers"
        )
    return f"{escribir(cosa)}. Ejemplo: Dense(4)"


def pesos_de_las_filas(sample_weight, class_weight, y, dtype):
    """Devuelve cuánto pesa cada fila, (n,), o `None` si todas pesan 1.

    Argumentos:
        sample_weight: un peso por fila, o `None`.
        class_weight: diccionario de la clase a su peso; las clases que faltan pesan 1, como en
            Keras.
        y: los objetivos, (n,), (n, 1) o one-hot.

    Lanza:
        ValueError: si se piden los dos, o no son lo que se espera.
    """
    if class_weight is None:
        return None if sample_weight is None else _pesos(sample_weight, len(y), dtype)
    if sample_weight is not None:
        raise ValueError("Usa class_weight o sample_weight, no los dos a la vez, como en Keras.")
    if not isinstance(class_weight, dict) or not all(map(es_numero, class_weight.values())):
        raise ValueError(
            f"class_weight={escribir(class_weight)} debe ser un diccionario de la clase a su peso: "
            "class_weight={0: 1.0, 1: 5.0}."
        )
    y = np.asarray(y)
    clases = y.argmax(axis=-1) if y.ndim > 1 and y.shape[-1] > 1 else y.reshape(len(y))
    clases = np.round(clases).astype("int64")
    return np.array([class_weight.get(int(clase), 1.0) for clase in clases], dtype)


def _pesos(sample_weight, n, dtype):
    pesos = np.asarray(sample_weight, dtype=dtype)
    if pesos.shape == (n, 1):
        pesos = pesos[:, 0]
    if pesos.shape != (n,):
        raise ValueError(
            f"sample_weight llegó con forma {pesos.shape} y se espera un peso por fila: ({n},)."
        )
    return pesos


def cuando_validar(validation_freq):
    """Devuelve la función que dice si se valida en una época, contada desde 0."""
    if isinstance(validation_freq, list | tuple | set):
        return lambda epoca: epoca + 1 in validation_freq
    revisar_enteros_positivos(validation_freq=validation_freq)
    return lambda epoca: (epoca + 1) % validation_freq == 0


def revisar_epocas(initial_epoch, epochs):
    """Lanza ValueError si no son enteros que dejen alguna época por entrenar."""
    revisar_enteros_positivos(epochs=epochs)
    if not es_entero_desde(0, initial_epoch) or initial_epoch >= epochs:
        raise ValueError(
            f"initial_epoch={initial_epoch!r} y epochs={epochs} no dejan ninguna época: epochs no "
            "dice cuántas, sino hasta cuál se entrena."
        )


def datos_de_validacion(datos):
    """Devuelve (x, y) o (x, y, pesos), o lanza ValueError si no vienen así."""
    if not isinstance(datos, tuple | list) or len(datos) not in (2, 3):
        raise ValueError("validation_data espera una tupla (x_val, y_val).")
    return datos


def corte_de_validacion(n, fraccion):
    """Devuelve la primera fila de validación: Keras aparta las últimas, sin mezclar.

    Lanza:
        ValueError: si alguna de las dos partes queda vacía.
    """
    revisar_numero("validation_split", fraccion, 0, 1)
    corte = math.floor(n * (1 - fraccion))
    if not 0 < corte < n:
        raise ValueError(
            f"validation_split={fraccion!r} con {n} filas deja vacío el entrenamiento o la "
            "validación. Usa una fracción como 0.2."
        )
    return corte


def avisar_si_diverge(perdida):
    """Avisa si la pérdida dejó de ser un número: Keras sigue en silencio."""
    if not math.isfinite(perdida):
        avisar(
            f"La pérdida es {perdida}: el entrenamiento diverge. Prueba una tasa de aprendizaje "
            "menor o lleva las columnas de x a la misma escala."
        )


def avisar_si_llega_decay(decay):
    """Avisa que Keras 3 ignora `decay`, que estaba en Keras 2."""
    if decay is not None:
        avisar(
            "Keras 3 ignora decay, y aquí también. Si quieres que la tasa baje, escribe learning_"
            "rate=keras.optimizers.schedules.InverseTimeDecay(tasa, 1, decay)."
        )


def avisar_que_falta_compilar():
    """Avisa que `trainable` cambió y que ese cambio aún no vale."""
    avisar(
        "Cambiaste trainable después de entrenar: como en Keras, vale desde el siguiente compile. "
        "Llama otra vez a modelo.compile(...)."
    )


def avisar_si_no_son_pareja(activacion, perdida):
    """Avisa si Keras va a ignorar la activación de salida al calcular la pérdida."""
    if activacion is not perdida.activacion:
        avisar(
            f"La salida usa {activacion.name} y la pérdida {perdida.name} espera "
            f"{perdida.activacion.name}. Keras, sin avisar, calcula la pérdida como si la salida "
            f"fuera {perdida.activacion.name}: cambia una de las dos."
        )


def _primer_texto(datos):
    valores = np.asarray(datos, dtype=object).ravel()
    texto = next((valor for valor in valores if isinstance(valor, str)), None)
    return "" if texto is None else f" y trae, por ejemplo, {str(texto)!r}"
