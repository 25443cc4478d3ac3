"""La forma funcional de Keras, leer una red guardada y copiar una: se ofrecen en `models`."""

from cursokeras.desde_cero import archivo
from cursokeras.desde_cero.cadena import desarmar
from cursokeras.desde_cero.layers import Input, InputLayer
from cursokeras.desde_cero.models import Sequential

__all__ = ["Model", "clone_model", "load_model", "save_model"]


class Model(Sequential):
    """Una red en la forma funcional de Keras, si es una sola cadena de capas.

    Como en Keras, su primera capa es la entrada: `layers[0]` es un `InputLayer`.

    Argumentos:
        inputs: el `Input` donde empieza.
        outputs: lo que da la última capa.
        name: nombre de la red.

    Ejemplo:
        >>> from cursokeras.desde_cero import layers
        >>> entrada = Input(shape=(3,))
        >>> oculta = layers.Dense(4, activation="relu")(entrada)
        >>> [capa.name for capa in Model(entrada, layers.Dense(1)(oculta)).layers]
        ['input_layer', 'dense', 'dense_1']
    """

    def __init__(self, inputs, outputs, name=None):
        entrada, capas = desarmar(inputs, outputs)
        super().__init__([entrada], name or "functional")
        self.layers.append(InputLayer(entrada.shape[1:], name=entrada.name or "input_layer"))
        for capa in capas:
            self.add(capa)

    def __init_subclass__(cls, **kwargs):
        raise ValueError(
            f"La clase {cls.__name__} hereda de keras.Model, y aquí nada se deriva solo: escribe "
            "la red con keras.Sequential, o usa import keras."
        )


def load_model(filepath):
    """Devuelve la red que guardó `save`, compilada si lo estaba.

    Argumentos:
        filepath: el archivo ".keras".

    Lanza:
        ValueError: si no existe, o no lo guardó `desde_cero`.
    """
    return archivo.leer(filepath, _armar)


def save_model(model, filepath, overwrite=True):
    """Guarda la red en un archivo ".keras": lo mismo que `model.save`."""
    model.save(filepath, overwrite)


def clone_model(model):
    """Devuelve una red con las mismas capas y otros pesos, sin compilar."""
    return archivo.copiar(model, _armar)


def _armar(clase, forma, capas, nombre, dtype):
    if clase == "Sequential":
        return Sequential([Input(forma), *capas], nombre, dtype=dtype)
    entrada = salida = Input(forma)
    for capa in capas:
        salida = capa(salida)
    return Model(entrada, salida, nombre)
