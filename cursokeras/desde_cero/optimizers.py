"""Los optimizadores: aquí, y solo aquí, cambian los pesos.

`apply(grads, weights)` da un paso y modifica los arreglos en su lugar. El estado queda a la
vista: `iterations` (pasos dados), `momentos` y `velocidades`, un arreglo por peso.
"""

import numpy as np

from cursokeras.desde_cero import nombres, revision
from cursokeras.desde_cero.revision import revisar_numero, revisar_recortes
from cursokeras.desde_cero.tasa import Tasa, revisar_tasa

__all__ = ["SGD", "Adagrad", "Adam", "AdamW", "Nadam", "Optimizer", "RMSprop", "get"]


class Optimizer:
    """Base de los optimizadores.

    Argumentos:
        learning_rate: tasa de aprendizaje: un número positivo, o un plan de `schedules`.
        weight_decay: qué parte de cada peso, por la tasa, se le resta en cada paso; `None` nada.
        clipnorm: norma máxima del gradiente de cada peso; si es mayor, se acorta.
        clipvalue: valor máximo, con cualquier signo, de cada número del gradiente.
        global_clipnorm: norma máxima de todos los gradientes juntos.
        name, decay: se aceptan por compatibilidad; Keras 3 también ignora decay.
    """

    def __init__(
        self,
        learning_rate,
        *,
        weight_decay=None,
        clipnorm=None,
        clipvalue=None,
        global_clipnorm=None,
        name=None,
        decay=None,
    ):
        revision.avisar_si_llega_decay(decay)
        recortes = (clipnorm, clipvalue, global_clipnorm)
        revisar_recortes(*recortes, weight_decay)
        self.clipnorm, self.clipvalue, self.global_clipnorm = recortes
        self.learning_rate, self.weight_decay, self.name = learning_rate, weight_decay, name
        self.iterations, self._dando_un_paso = 0, False
        self.momentos, self.velocidades = [], []

    @property
    def learning_rate(self):
        """La tasa de aprendizaje; se puede cambiar, o ser un plan que depende del paso."""
        if callable(self.plan):
            return Tasa(self.plan(self.iterations - self._dando_un_paso), self)
        return Tasa(self.plan, self)

    @learning_rate.setter
    def learning_rate(self, valor):
        self.plan = revisar_tasa(valor)

    def apply(self, grads, weights):
        """Da un paso: cambia cada arreglo de `weights` con su gradiente de `grads`."""
        if not weights:
            return
        self.build(weights)
        self._exigir_los_mismos(weights)
        self.iterations += 1
        self._dando_un_paso = True
        if self.weight_decay is not None:
            for w in weights:
                w -= w * self.weight_decay * float(self.learning_rate)
        self.paso(self._recortar(grads), weights)
        self._dando_un_paso = False

    def build(self, weights):
        """Crea en cero el estado que haga falta, la primera vez."""

    def paso(self, grads, weights):
        """La regla de actualización; la escribe cada optimizador."""
        raise NotImplementedError(f"A {type(self).__name__} le falta paso(self, grads, weights).")

    def _recortar(self, grads):
        if self.clipnorm:
            return [_con_norma_maxima(g, np.sqrt((g * g).sum()), self.clipnorm) for g in grads]
        if self.global_clipnorm:
            norma = np.sqrt(sum((g * g).sum() for g in grads))
            return [_con_norma_maxima(g, norma, self.global_clipnorm) for g in grads]
        if self.clipvalue:
            return [np.clip(g, -self.clipvalue, self.clipvalue) for g in grads]
        return grads

    def _exigir_los_mismos(self, weights):
        estado = self.momentos or self.velocidades
        if estado and [m.shape for m in estado] != [w.shape for w in weights]:
            raise ValueError(
                "El optimizador ya se usó con otros pesos. Crea uno nuevo en compile, como "
                f"optimizer=keras.optimizers.{type(self).__name__}(...)."
            )


def _con_norma_maxima(g, norma, maxima):
    return g * (maxima / max(norma, maxima))


class SGD(Optimizer):
    """Descenso por el gradiente, con momento si se pide.

    Argumentos:
        learning_rate: tasa de aprendizaje; 0.01 por defecto.
        momentum: fracción de la velocidad que se conserva; 0 por defecto.
        nesterov: si mira un paso adelante al usar el momento.
        kwargs: los argumentos de `Optimizer`, como clipnorm.
    """

    def __init__(self, learning_rate=0.01, momentum=0.0, nesterov=False, **kwargs):
        super().__init__(learning_rate, **kwargs)
        revisar_numero("momentum", momentum, 0, 1)
        self.momentum, self.nesterov = momentum, nesterov

    def build(self, weights):
        if self.momentum and not self.momentos:
            self.momentos = [np.zeros_like(w) for w in weights]

    def paso(self, grads, weights):
        lr, mu = float(self.learning_rate), self.momentum
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
        kwargs: los argumentos de `Optimizer`, como clipnorm.
    """

    def __init__(self, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7, **kwargs):
        super().__init__(learning_rate, **kwargs)
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
        alfa = float(self.learning_rate) * np.sqrt(1 - beta_2**t) / (1 - beta_1**t)
        estado = zip(weights, grads, self.momentos, self.velocidades, strict=True)
        for w, g, m, v in estado:
            m += (g - m) * (1 - self.beta_1)
            v += (g * g - v) * (1 - self.beta_2)
            w -= alfa * m / (np.sqrt(v) + self.epsilon)


class AdamW(Adam):
    """Adam que además encoge los pesos en cada paso (Loshchilov y Hutter, 2017)."""

    def __init__(
        self,
        learning_rate=0.001,
        weight_decay=0.004,
        beta_1=0.9,
        beta_2=0.999,
        epsilon=1e-7,
        **kwargs,
    ):
        super().__init__(
            learning_rate, beta_1, beta_2, epsilon, weight_decay=weight_decay, **kwargs
        )


class Nadam(Adam):
    """Adam que mira un paso adelante, como Nesterov (Dozat, 2016); β₁ crece de a poco."""

    producto = 1.0  # De todas las u_t hasta el paso anterior

    def paso(self, grads, weights):
        lr, t, numero = float(self.learning_rate), self.iterations, weights[0].dtype.type
        u = numero(self.beta_1 * (1 - 0.5 * 0.96**t))
        siguiente = numero(self.beta_1 * (1 - 0.5 * 0.96 ** (t + 1)))
        self.producto = numero(self.producto) * u
        sesgo = 1 - numero(self.beta_2) ** numero(t)
        for w, g, m, v in zip(weights, grads, self.momentos, self.velocidades, strict=True):
            m += (g - m) * (1 - self.beta_1)
            v += (g * g - v) * (1 - self.beta_2)
            mirado = siguiente * m / (1 - self.producto * siguiente)
            mirado += (1 - u) * g / (1 - self.producto)
            w -= lr * mirado / (np.sqrt(v / sesgo) + self.epsilon)


class RMSprop(Optimizer):
    """RMSprop (Hinton, 2012): divide el gradiente por la raíz de la media de sus cuadrados.

    Argumentos:
        learning_rate: tasa de aprendizaje; 0.001 por defecto.
        rho: memoria de la media de los cuadrados.
        momentum: fracción de la velocidad que se conserva; 0 por defecto.
        epsilon: evita dividir por cero; se suma dentro de la raíz.
        kwargs: los argumentos de `Optimizer`, como clipnorm.
    """

    def __init__(self, learning_rate=0.001, rho=0.9, momentum=0.0, epsilon=1e-7, **kwargs):
        super().__init__(learning_rate, **kwargs)
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
        lr = float(self.learning_rate)
        for i, (w, g, v) in enumerate(zip(weights, grads, self.velocidades, strict=True)):
            v *= self.rho
            v += (1 - self.rho) * g * g
            cambio = lr * g / np.sqrt(v + self.epsilon)
            if self.momentum:
                self.momentos[i] *= self.momentum
                self.momentos[i] += cambio
                cambio = self.momentos[i]
            w -= cambio


class Adagrad(Optimizer):
    """Adagrad (Duchi, 2011): divide por la raíz de la suma de todos los gradientes al cuadrado.

    Argumentos:
        learning_rate: tasa de aprendizaje; 0.001 por defecto.
        initial_accumulator_value: con cuánto empieza la suma.
        epsilon: evita dividir por cero; se suma dentro de la raíz.
        kwargs: los argumentos de `Optimizer`, como clipnorm.
    """

    def __init__(self, learning_rate=0.001, initial_accumulator_value=0.1, epsilon=1e-7, **kwargs):
        super().__init__(learning_rate, **kwargs)
        revisar_numero("initial_accumulator_value", initial_accumulator_value)
        revisar_numero("epsilon", epsilon)
        self.initial_accumulator_value, self.epsilon = initial_accumulator_value, epsilon

    def build(self, weights):
        if not self.velocidades:
            inicial = self.initial_accumulator_value
            self.velocidades = [np.full_like(w, inicial) for w in weights]

    def paso(self, grads, weights):
        lr = float(self.learning_rate)
        for w, g, v in zip(weights, grads, self.velocidades, strict=True):
            v += g * g
            w -= lr * g / np.sqrt(v + self.epsilon)


get = nombres.buscador(__name__, Optimizer, "el optimizador", corto=str.lower)
