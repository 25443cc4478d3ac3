"""Las opciones de los constructores: se leen, o se explica qué escribir en su lugar.

Cada función recibe lo que escribió el usuario y devuelve lo que va a Keras.
"""

import math

import numpy as np

from cursokeras._backend import keras
from cursokeras._comun.argumentos import escribir, leer, malo
from cursokeras._comun.hallazgos import contar
from cursokeras.entradas.cabezas import nombres_de_perdida


def forma_de_entrada(d_in):
    """La forma de una fila de x, como (8,) o (28, 28)."""
    if not isinstance(d_in, tuple | list):
        if getattr(d_in, "shape", None):
            raise malo(
                "d_in",
                f"d_in={escribir(d_in)}: se esperaba el número de columnas, no los datos.",
                "Escribe d_in=x.shape[1].",
            )
        return (leer("d_in", d_in),)
    if not d_in:
        raise malo(
            "d_in",
            "d_in llegó vacío.",
            "Escribe el número de columnas, d_in=8, o la forma de una imagen, d_in=(28, 28).",
        )
    return tuple(leer("d_in", lado) for lado in d_in)


def capas_ocultas(ocultas):
    """Las neuronas de cada capa oculta."""
    if not isinstance(ocultas, tuple | list):
        raise malo(
            "ocultas",
            f"ocultas={escribir(ocultas)} no es una lista de capas.",
            "Escribe las neuronas de cada capa: ocultas=(50, 25), o ocultas=(50,) si es una sola "
            "(con la coma: (50) es un número).",
        )
    return tuple(leer("ocultas", unidades) for unidades in ocultas)


def por_capa(nombre, valor, cuantas, leer_uno=None):
    """Un valor por capa oculta, desde uno solo o una tupla con uno por capa.

    Argumentos:
        nombre: el del argumento.
        valor: lo que escribió el usuario.
        cuantas: cuántas capas ocultas hay; `None` si no se pudo saber.
        leer_uno: función que lee un valor; por defecto, la regla de ese argumento.
    """
    leer_uno = leer_uno or (lambda uno: leer(nombre, uno))
    if not isinstance(valor, tuple | list):
        return [leer_uno(valor)] * (cuantas or 0)
    leidos = [leer_uno(uno) for uno in valor]
    if cuantas is not None and len(leidos) != cuantas:
        trae = contar(len(leidos), "valor", "valores")
        capas = contar(cuantas, "capa oculta", "capas ocultas")
        raise malo(
            nombre,
            f"{nombre} trae {trae} y hay {capas}.",
            "Escribe uno por capa, o uno solo, sin paréntesis, para todas.",
        )
    return leidos


def solo_con_ocultas(nombre, valor, cuantas):
    """Como `por_capa`, para lo que sin capas ocultas no haría nada."""
    if cuantas == 0 and valor not in (0, (), []):
        raise malo(
            nombre,
            f"{nombre}={escribir(valor)} es para las capas ocultas, y el modelo no tiene ninguna.",
            f"Agrégalas, como ocultas=(50,), o quita {nombre}.",
        )
    return por_capa(nombre, valor, cuantas)


def activaciones(activacion, cuantas):
    """El nombre de la activación de cada capa oculta, o `None`."""
    return por_capa("activacion", activacion, cuantas, _activacion)


def _activacion(nombre):
    if nombre is None:
        return None
    if isinstance(nombre, str) and nombre.lower() == "none":
        raise malo(
            "activacion",
            f"activacion={nombre!r} no existe en Keras.",
            "Para una capa sin activación escribe activacion=None, sin comillas.",
        )
    if not (isinstance(nombre, str) and existe(keras.activations.get, nombre)):
        raise malo(
            "activacion",
            f"activacion={escribir(nombre)} no es el nombre de una activación de Keras.",
            "Escribe por ejemplo 'relu', 'tanh' o 'sigmoid'.",
        )
    return nombre


def optimizador(optimizer, learning_rate):
    """Un optimizador sin usar, por nombre o como objeto."""
    if isinstance(optimizer, keras.optimizers.Optimizer):
        _revisar_objeto(optimizer, learning_rate)
        return optimizer
    if not (isinstance(optimizer, str) and existe(keras.optimizers.get, optimizer)):
        raise malo(
            "optimizer",
            f"optimizer={escribir(optimizer)} no es un optimizador de Keras.",
            "Escribe un nombre, optimizer='adam' o 'sgd', o un objeto, "
            "optimizer=keras.optimizers.SGD(0.01) (con sus paréntesis).",
        )
    if learning_rate is None:
        return optimizer
    config = {"learning_rate": _tasa(learning_rate)}
    return keras.optimizers.get({"class_name": optimizer, "config": config})


def _revisar_objeto(optimizer, learning_rate):
    if learning_rate is not None:
        raise malo(
            "learning_rate",
            f"learning_rate={escribir(learning_rate)} llegó junto con un objeto optimizador, que "
            "ya tiene la suya.",
            "Escribe optimizer='sgd', learning_rate=0.01, o solo "
            "optimizer=keras.optimizers.SGD(learning_rate=0.01).",
        )
    if optimizer.built:
        raise malo(
            "optimizer",
            f"El optimizador {optimizer.name!r} ya es de otro modelo y guarda su estado.",
            "Crea uno nuevo para este: optimizer=keras.optimizers.Adam(0.001), o optimizer='adam'.",
        )


def _tasa(learning_rate):
    if isinstance(learning_rate, keras.optimizers.schedules.LearningRateSchedule):
        return learning_rate
    try:
        tasa = float(learning_rate)
    except (TypeError, ValueError):
        tasa = math.nan
    if not (0 < tasa < math.inf) or isinstance(learning_rate, str | bool | np.bool_):
        raise malo(
            "learning_rate",
            f"learning_rate={escribir(learning_rate)} no sirve: se esperaba un número mayor que 0.",
            "Escribe por ejemplo learning_rate=0.01.",
        )
    return tasa


def perdida(loss, cabeza):
    """Una pérdida de Keras que le corresponda a la cabeza.

    Argumentos:
        loss: su nombre, función u objeto.
        cabeza: la clase de `CABEZAS` que se construye.
    """
    if isinstance(loss, type) or not existe(keras.losses.get, loss):
        raise malo(
            "loss",
            f"loss={escribir(loss)} no es una pérdida de Keras.",
            f"Escribe por ejemplo loss='{cabeza.loss}'.",
        )
    if not cabeza.acepta(loss):
        raise malo(
            "loss",
            f"loss={escribir(loss)} no sirve para {cabeza.descripcion}.",
            f"Escribe loss='{cabeza.loss}', o usa el constructor de tu tarea: crear_regresion, "
            "crear_clasificacion, crear_binaria o crear_multietiqueta.",
        )
    if "poisson" in map(str.lower, nombres_de_perdida(loss)):
        raise malo(
            "loss",
            f"loss={escribir(loss)} toma el logaritmo de lo que da el modelo, y sin activación de "
            "salida eso puede ser negativo: la pérdida sería nan.",
            f"Escribe loss='{cabeza.loss}', o arma tú el modelo, con "
            "keras.layers.Dense(d_out, activation='exponential') al final.",
        )
    return loss


def nombres(argumento, pedidas):
    """Cuántas clases o etiquetas son, y sus nombres, o `None` si solo se dijo cuántas."""
    # Un conjunto no tiene orden, y los nombres sí.
    if not np.iterable(pedidas) or isinstance(pedidas, str | dict | set | frozenset):
        return leer(argumento, pedidas), None
    textos = tuple(str(nombre) for nombre in pedidas)
    if not textos or len(set(textos)) < len(textos):
        raise malo(
            argumento,
            f"{argumento}={escribir(pedidas)} debe dar un nombre distinto a cada una.",
            f"Escribe por ejemplo {argumento}=['LS', 'LI', 'IC'].",
        )
    return len(textos), textos


def clases(pedidas):
    """Como `nombres`, para las clases entre las que se elige una: al menos dos."""
    cuantas, textos = nombres("clases", pedidas)
    if cuantas == 1:
        raise malo(
            "clases",
            f"clases={escribir(pedidas)}: una sola clase no deja nada que elegir.",
            "Para responder sí o no usa crear_binaria(d_in), o escribe clases=2.",
        )
    return cuantas, textos


def etiquetas(pedidas):
    """Como `nombres`, para preguntas de sí o no: al menos dos."""
    cuantas, textos = nombres("etiquetas", pedidas)
    if cuantas == 1:
        raise malo(
            "etiquetas",
            f"etiquetas={escribir(pedidas)}: una sola pregunta de sí o no es una binaria.",
            "Usa crear_binaria(d_in), o nombra dos etiquetas o más.",
        )
    return cuantas, textos


def dos_clases(pedidas):
    """Los nombres del no y del sí, en ese orden, o `None`."""
    if pedidas is None:
        return None
    cuantas, textos = nombres("clases", pedidas)
    if cuantas != 2 or textos is None:
        raise malo(
            "clases",
            f"clases={escribir(pedidas)}: una binaria distingue dos, el no y el sí.",
            "Escribe clases=['sano', 'enfermo'], o usa crear_clasificacion.",
        )
    return textos


def existe(buscar, nombre):
    """Si una función de Keras como `keras.losses.get` reconoce un nombre u objeto."""
    try:
        return buscar(nombre) is not None
    except (ValueError, TypeError):
        return False
