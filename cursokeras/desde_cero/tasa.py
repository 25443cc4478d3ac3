"""La tasa de aprendizaje: un número que además se lee y se cambia como la variable de Keras."""

import numpy as np

from cursokeras._comun.argumentos import es_numero
from cursokeras.desde_cero.schedules import LearningRateSchedule


def revisar_tasa(valor):
    """Devuelve una tasa que sirve, un número o un plan, o lanza ValueError."""
    if isinstance(valor, LearningRateSchedule):
        return valor
    if not es_numero(valor) or valor <= 0:
        raise ValueError(
            f"learning_rate={valor!r} no es una tasa de aprendizaje: se espera un número "
            "positivo, como 0.01."
        )
    return float(valor)


class Tasa(float):
    """Un `float` con lo que los programas le piden a `optimizer.learning_rate`.

    Argumentos:
        valor: la tasa.
        optimizador: de quién es.
    """

    def __new__(cls, valor, optimizador):
        tasa = super().__new__(cls, valor)
        tasa.optimizador = optimizador
        return tasa

    def numpy(self):
        """Devuelve el número, como `float32`."""
        return np.float32(self)

    def assign(self, valor):
        """Cambia la tasa del optimizador."""
        self.optimizador.learning_rate = float(valor)
