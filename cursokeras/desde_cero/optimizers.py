"""Los optimizadores: aquí, y solo aquí, cambian los pesos.

`apply(grads, weights)` da un paso y modifica los arreglos en su lugar. El estado queda a la
vista: `iterations` (pasos dados), `momentos` y `velocidades`, un arreglo por peso.
"""

import numpy as np

from cursokeras._comun.argumentos import es_numero
from cursokeras.desde_cero.nombres import resolver
from cursokeras.desde_cero.revision import revisar_numero

__all__ = ["SGD", "Adam", "Optimizer", "RMSprop", "get"]


class Optimizer:
    """Base de los optimizadores.

    Argumentos:
        learning_rate: tasa de aprendizaje, un número positivo.
    """

    def __init__(self, learning_rate):
        if not es_numero(learning_rate) or learning_rate <= 0:
            raise ValueError(
                f"learning_rate={learning_rate!r} no es una tasa de aprendizaje: se espera un "
                "número positivo, como 0.01."
            )
        self.learning_rate = float(learning_rate)
        self.iterations = 0
        self.momentos, self.velocidades = [], []

    def apply(self, grads, weights):
        """Da un paso: cambia cada arreglo de `weights` con su gradiente de `grads`."""
        self.build(weights)
        self.iterations += 1
        self.paso(grads, weights)

    def build(self, weights):
        """Crea en cero el estado que haga falta, la primera vez."""

    def paso(self, grads, weights):
        """La regla de actualización; la escribe cada optimizador."""
        raise NotImplementedError


class SGD(Optimizer):
    """Descenso por el gradiente, con momento si se pide.

    Argumentos:
        learning_rate: tasa de aprendizaje; 0.01 por defecto.
        momentum: fracción de la velocidad que se conserva; 0 por defecto.
        nesterov: si mira un paso adelante al usar el momento.
    """

    def __init__(self, learning_rate=0.01, momentum=0.0, nesterov=False):
        super().__init__(learning_rate)
        revisar_numero("momentum", momentum, 0, 1)
        self.momentum, self.nesterov = momentum, nesterov

    def build(self, weights):
        if self.momentum and not self.momentos:
            self.momentos = [np.zeros_like(w) for w in weights]

    def paso(self, grads, weights):
        lr, mu = self.learning_rate, self.momentum
        if not mu:
            for w, g in zip(weights, grads, strict=True):
                w -= lr * g
            return
        for w, g, m in zip(weights, grads, self.momentos, strict=True):
            m *= mu
            m -= lr * g
            w += mu * m - lr * g if self.nesterov else m


class Adam(Optimizer):
    """Adam, en la forma de Keras (Kingma y Ba, 2014, justo antes de la sección 2.1).

    Argumentos:
        learning_rate: tasa de aprendizaje; 0.001 por defecto.
        beta_1: memoria de la media de los gradientes.
        beta_2: memoria de la media de sus cuadrados.
        epsilon: evita dividir por cero; se suma fuera de la raíz.
    """

    def __init__(self, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
        super().__init__(learning_rate)
        revisar_numero("beta_1", beta_1, 0, 1)
        revisar_numero("beta_2", beta_2, 0, 1)
        revisar_numero("epsilon", epsilon)
        self.beta_1, self.beta_2, self.epsilon = beta_1, beta_2, epsilon

    def build(self, weights):
        if not self.momentos:
            self.momentos = [np.zeros_like(w) for w in weights]
            self.velocidades = [np.zeros_like(w) for w in weights]

    def paso(self, grads, weights):
        # M y v nacen en cero: las dos correcciones compensan ese sesgo de los primeros pasos.
        # Se calculan con la precisión de los pesos porque así redondea Keras 1 − β₂ᵗ.
        numero = weights[0].dtype.type
        t, beta_1, beta_2 = numero(self.iterations), numero(self.beta_1), numero(self.beta_2)
        alfa = self.learning_rate * np.sqrt(1 - beta_2**t) / (1 - beta_1**t)
        estado = zip(weights, grads, self.momentos, self.velocidades, strict=True)
        for w, g, m, v in estado:
            m += (g - m) * (1 - self.beta_1)
            v += (g * g - v) * (1 - self.beta_2)
            w -= alfa * m / (np.sqrt(v) + self.epsilon)


class RMSprop(Optimizer):
    """RMSprop (Hinton, 2012): divide el gradiente por la raíz de la media de sus cuadrados.

    Argumentos:
        learning_rate: tasa de aprendizaje; 0.001 por defecto.
        rho: memoria de la media de los cuadrados.
        momentum: fracción de la velocidad que se conserva; 0 por defecto.
        epsilon: evita dividir por cero; se suma dentro de la raíz.
    """

    def __init__(self, learning_rate=0.001, rho=0.9, momentum=0.0, epsilon=1e-7):
        super().__init__(learning_rate)
        revisar_numero("rho", rho, 0, 1)
        revisar_numero("momentum", momentum, 0, 1)
        revisar_numero("epsilon", epsilon)
        self.rho, self.momentum, self.epsilon = rho, momentum, epsilon

    def build(self, weights):
        if not self.velocidades:
            self.velocidades = [np.zeros_like(w) for w in weights]
        if self.momentum and not self.momentos:
            self.momentos = [np.zeros_like(w) for w in weights]

    def paso(self, grads, weights):
        for i, (w, g, v) in enumerate(zip(weights, grads, self.velocidades, strict=True)):
            v *= self.rho
            v += (1 - self.rho) * g * g
            cambio = self.learning_rate * g / np.sqrt(v + self.epsilon)
            if self.momentum:
                self.momentos[i] *= self.momentum
                self.momentos[i] += cambio
                cambio = self.momentos[i]
            w -= cambio


_TABLA = {"sgd": SGD, "adam": Adam, "rmsprop": RMSprop}
_TABLA |= {clase.__name__: clase for clase in (SGD, Adam, RMSprop)}


def get(identificador):
    """Devuelve el optimizador de un nombre como "adam".

    Lanza:
        ValueError: si el nombre no existe.
    """
    return resolver(identificador, _TABLA, Optimizer, "el optimizador")
