"""Con qué pesos empieza cada capa: un inicializador de Keras, o números escritos a mano."""

import numpy as np

from cursokeras._backend import keras
from cursokeras._comun.argumentos import escribir, malo
from cursokeras._comun.hallazgos import contar

_DE_KERAS = keras.initializers.Initializer


def leer_inicializador(inicializador, cuantas):
    """Devuelve lo pedido para cada capa Dense, de la primera a la cabeza.

    Argumentos:
        inicializador: un nombre, un inicializador de Keras o un arreglo, que valen para todas las
            capas; o una tupla con uno por capa oculta, o uno más para la cabeza. Cada uno puede ser
            también un par `(kernel, bias)` de arreglos, o `None`, el de Keras.
        cuantas: cuántas capas ocultas hay; `None` si no se pudo saber.

    Lanza:
        ErrorDeDatos: si uno no existe, o no hay uno por capa.
    """
    if not isinstance(inicializador, tuple | list) or _es_par(inicializador):
        return [_leer_uno(inicializador)] * ((cuantas or 0) + 1)
    leidos = [_leer_uno(uno) for uno in inicializador]
    if cuantas is not None and len(leidos) not in (cuantas, cuantas + 1):
        raise malo(
            "inicializador",
            f"inicializador trae {contar(len(leidos), 'valor', 'valores')} y hay "
            f"{contar(cuantas, 'capa oculta', 'capas ocultas')} y la de salida.",
            "Escribe uno por capa, o uno solo para todas: inicializador='he_normal'.",
        )
    return [*leidos, None] if len(leidos) == cuantas else leidos


def _leer_uno(valor):
    if valor is None or isinstance(valor, np.ndarray | _DE_KERAS):
        return valor
    if _es_par(valor):
        return tuple(np.asarray(parte) for parte in valor)
    try:
        if isinstance(valor, str) and keras.initializers.get(valor) is not None:
            return valor
    except ValueError:
        pass
    raise malo(
        "inicializador",
        f"inicializador={escribir(valor)} no es un inicializador de Keras ni un arreglo.",
        "Escribe un nombre, como 'he_normal' o 'zeros', o los pesos: np.array([[0.1], [0.2]]).",
    )


def _es_par(valor):
    """Si es un kernel con su bias."""
    if not isinstance(valor, tuple | list) or len(valor) != 2:
        return False
    return all(isinstance(parte, np.ndarray | list) for parte in valor) and (
        [np.ndim(parte) for parte in valor] == [2, 1]
    )


def para_keras(valor, semilla):
    """El inicializador que se da a la capa; con una semilla, sin tocar el azar global."""
    if valor is None or isinstance(valor, np.ndarray | list | tuple):
        valor = "glorot_uniform"
    if isinstance(valor, str):
        return _por_nombre(valor, semilla)
    config = valor.get_config()
    if config.get("seed", 0) is not None:
        return valor
    # Un objeto sin semilla compartido por dos capas les daría los mismos números.
    return type(valor).from_config({**config, "seed": semilla})


def _por_nombre(nombre, semilla):
    if semilla is None:
        return nombre
    try:
        return keras.initializers.get({"class_name": nombre, "config": {"seed": semilla}})
    except TypeError:  # El que no tiene azar, como "zeros", no recibe semilla.
        return nombre


def poner_a_mano(modelo, iniciales):
    """Escribe en las capas Dense de un modelo los pesos que se dieron como arreglos.

    Lanza:
        ErrorDeDatos: si alguno no tiene la forma de los de su capa, o trae algo que no es un
            número finito.
    """
    densas = [capa for capa in modelo.layers if isinstance(capa, keras.layers.Dense)]
    for capa, valor in zip(densas, iniciales, strict=True):
        if isinstance(valor, np.ndarray | tuple):
            partes = valor if isinstance(valor, tuple) else (valor,)
            for peso, parte in zip((capa.kernel, capa.bias), partes, strict=False):
                peso.assign(_con_forma(parte, peso, densas.index(capa)))


def _con_forma(valor, peso, i):
    valor = np.asarray(valor)
    if valor.dtype.kind not in "biuf" or not np.isfinite(valor).all():
        raise malo(
            "inicializador",
            f"inicializador trae en la capa {i} algo que no es un número finito.",
            "Revisa de dónde salen esos pesos.",
        )
    if valor.shape != tuple(peso.shape):
        raise malo(
            "inicializador",
            f"inicializador trae en la capa {i} un arreglo de forma {valor.shape}, y su "
            f"{peso.name} es de {tuple(peso.shape)}.",
            "kernel va como (entradas, neuronas) y bias como (neuronas,).",
        )
    return valor
