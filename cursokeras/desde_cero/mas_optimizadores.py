"""Otros optimizadores, que se ofrecen también en `optimizers`: se leen después de aquellos."""

import numpy as np

from cursokeras.desde_cero.optimizers import Adam, Optimizer
from cursokeras.desde_cero.revision import revisar_numero

__all__ = ["Adadelta", "Adamax"]


class Adamax(Adam):
    """Adam que divide por el mayor gradiente recordado, en lugar de la raíz de una media."""

    def paso(self, grads, weights):
        correccion = 1 - self.beta_1**self.iterations
        tasa = float(self.learning_rate) / correccion
        for w, g, m, u in zip(weights, grads, self.momentos, self.velocidades, strict=True):
            m += (g - m) * (1 - self.beta_1)
            np.maximum(self.beta_2 * u, np.abs(g), out=u)
            w -= tasa * m / (u + self.epsilon)


class Adadelta(Optimizer):
    """Adadelta (Zeiler, 2012): el paso es del tamaño de los pasos anteriores.

    Argumentos:
        learning_rate: por cuánto se multiplica el paso; 0.001 por defecto.
        rho: memoria de las medias de los cuadrados.
        epsilon: evita dividir por cero; se suma dentro de las raíces.
        kwargs: los argumentos de `Optimizer`, como clipnorm.
    """

    def __init__(self, learning_rate=0.001, rho=0.95, epsilon=1e-7, **kwargs):
        super().__init__(learning_rate, **kwargs)
        revisar_numero("rho", rho, 0, 1)
        revisar_numero("epsilon", epsilon)
        self.rho, self.epsilon = rho, epsilon

    def build(self, weights):
        if not self.momentos:
            self.momentos = [np.zeros_like(w) for w in weights]
            self.velocidades = [np.zeros_like(w) for w in weights]

    def paso(self, grads, weights):
        tasa, rho, epsilon = float(self.learning_rate), self.rho, self.epsilon
        for w, g, d, v in zip(weights, grads, self.momentos, self.velocidades, strict=True):
            v += (1 - rho) * (g * g - v)
            cambio = np.sqrt(d + epsilon) / np.sqrt(v + epsilon) * g
            d += (1 - rho) * (cambio * cambio - d)
            w -= tasa * cambio
