"""La forma funcional de Keras, para una cadena de capas: `x = Dense(4)(entrada)`."""


class Cadena:
    """Lo que da una capa aplicada a `Input`: de dónde sale y por qué capas pasa.

    Argumentos:
        entrada: el `Input` donde empieza.
        capas: las capas ya aplicadas, en orden.
        shape: la forma de la salida, con el lote.
    """

    def __init__(self, entrada, capas, shape):
        self.entrada, self.capas, self.shape = entrada, capas, shape

    @classmethod
    def con(cls, anterior, capa):
        """Devuelve la cadena que sigue a `anterior`, un `Input` u otra cadena, con una capa más."""
        entrada = getattr(anterior, "entrada", anterior)
        if not capa.built:
            capa.build(anterior.shape)
        capas = [*getattr(anterior, "capas", []), capa]
        return cls(entrada, capas, capa.compute_output_shape(anterior.shape))

    def __repr__(self):
        return f"<salida de {type(self.capas[-1]).__name__}, de forma {self.shape}>"


def exigir_una_entrada(x):
    """Lanza ValueError si a una capa le llegan varias entradas de la forma funcional."""
    if isinstance(x, list | tuple) and any(
        hasattr(cada, "shape") and not hasattr(cada, "dtype") for cada in x
    ):
        raise ValueError(
            "Aquí una capa recibe una sola entrada: un Model es una cadena de capas, sin ramas. Si "
            "tu programa las necesita, usa import keras."
        )


def desarmar(inputs, outputs):
    """Devuelve el `Input` y las capas de la cadena que va de una entrada a una salida.

    Lanza:
        ValueError: si no es una sola cadena: hay varias entradas o salidas, o falta el camino.
    """
    inputs, outputs = _solo(inputs, "inputs"), _solo(outputs, "outputs")
    if not isinstance(outputs, Cadena) or outputs.entrada is not inputs:
        raise ValueError(
            "Model espera la entrada y la salida de una misma cadena de capas: entrada = "
            "keras.Input(shape=(8,)); salida = keras.layers.Dense(1)(entrada); "
            "keras.Model(entrada, salida)."
        )
    return inputs, outputs.capas


def _solo(extremo, nombre):
    if isinstance(extremo, list | tuple) and len(extremo) == 1:
        return extremo[0]
    if isinstance(extremo, list | tuple | dict):
        raise ValueError(
            f"{nombre} trae {len(extremo)} y aquí un Model es una sola cadena de capas, con una "
            "entrada y una salida. Si tu programa necesita más, usa import keras."
        )
    return extremo
