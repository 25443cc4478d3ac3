"""La tasa de aprendizaje: un número que además se lee como la variable que es en Keras."""

import numpy as np

from cursokeras._comun.argumentos import es_numero


def revisar_tasa(valor):
    """Devuelve una tasa de aprendizaje que sirve, o lanza ValueError."""
    if not es_numero(valor) or valor <= 0:
        raise ValueError(
            f"learning_rate={valor!r} no es una tasa de aprendizaje: se espera un número "
            "positivo, como 0.01."
        )
    return valor


class Tasa(float):
    """Un `float` con lo que los programas le piden a `optimizer.learning_rate`."""

    def numpy(self):
        """Devuelve el número, como `float32`."""
        return np.float32(self)

    def assign(self, valor):
        """En Keras la cambia; un número de Python no se puede cambiar."""
        raise ValueError(
            f"Aquí la tasa se cambia así: modelo.optimizer.learning_rate = {float(valor)!r}."
        )
