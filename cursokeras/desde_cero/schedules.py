"""Planes para la tasa de aprendizaje: cuánto vale en cada paso.

Se usan en lugar de un número: `SGD(learning_rate=ExponentialDecay(0.1, 1000, 0.96))`.
"""

import math

__all__ = [
    "CosineDecay",
    "ExponentialDecay",
    "InverseTimeDecay",
    "LearningRateSchedule",
    "PiecewiseConstantDecay",
    "PolynomialDecay",
]


class LearningRateSchedule:
    """Base de los planes. Uno propio escribe `__call__(self, step)` y devuelve la tasa."""

    def __call__(self, step):
        """Devuelve la tasa del paso `step`, desde 0."""
        raise NotImplementedError(f"A {type(self).__name__} le falta __call__(self, step).")


class _CadaTantos(LearningRateSchedule):
    """Base de los que dependen de step / decay_steps.

    Argumentos:
        initial_learning_rate: la tasa del primer paso.
        decay_steps: cada cuántos pasos baja lo que dice decay_rate.
        decay_rate: cuánto baja.
        staircase: si baja de golpe cada decay_steps, y no de a poco.
    """

    def __init__(self, initial_learning_rate, decay_steps, decay_rate, staircase=False):
        self.initial_learning_rate, self.decay_steps = initial_learning_rate, decay_steps
        self.decay_rate, self.staircase = decay_rate, staircase

    def _partes(self, step):
        partes = step / self.decay_steps
        return math.floor(partes) if self.staircase else partes


class ExponentialDecay(_CadaTantos):
    """tasa · decay_rate^(step / decay_steps)."""

    def __call__(self, step):
        return self.initial_learning_rate * self.decay_rate ** self._partes(step)


class InverseTimeDecay(_CadaTantos):
    """tasa / (1 + decay_rate · step / decay_steps)."""

    def __call__(self, step):
        return self.initial_learning_rate / (1 + self.decay_rate * self._partes(step))


class PiecewiseConstantDecay(LearningRateSchedule):
    """Una tasa hasta cada límite, y la última desde ahí.

    Argumentos:
        boundaries: los pasos donde cambia.
        values: las tasas, una más que los límites.
    """

    def __init__(self, boundaries, values):
        if len(values) != len(boundaries) + 1:
            raise ValueError(
                f"Con {len(boundaries)} límites se esperan {len(boundaries) + 1} tasas, y llegaron "
                f"{len(values)}."
            )
        self.boundaries, self.values = boundaries, values

    def __call__(self, step):
        return self.values[sum(step > limite for limite in self.boundaries)]


class PolynomialDecay(LearningRateSchedule):
    """Va de una tasa a otra en decay_steps pasos, en línea recta si power es 1.

    Argumentos:
        initial_learning_rate, decay_steps: la tasa del primer paso y en cuántos pasos llega.
        end_learning_rate: la tasa a la que llega.
        power: la forma de la curva.
    """

    def __init__(self, initial_learning_rate, decay_steps, end_learning_rate=0.0001, power=1.0):
        self.initial_learning_rate, self.decay_steps = initial_learning_rate, decay_steps
        self.end_learning_rate, self.power = end_learning_rate, power

    def __call__(self, step):
        falta = 1 - min(step, self.decay_steps) / self.decay_steps
        tramo = self.initial_learning_rate - self.end_learning_rate
        return tramo * falta**self.power + self.end_learning_rate


class CosineDecay(LearningRateSchedule):
    """Baja como medio coseno en decay_steps pasos, hasta alpha veces la primera tasa."""

    def __init__(self, initial_learning_rate, decay_steps, alpha=0.0):
        self.initial_learning_rate, self.decay_steps = initial_learning_rate, decay_steps
        self.alpha = alpha

    def __call__(self, step):
        partes = min(step, self.decay_steps) / self.decay_steps
        coseno = (1 + math.cos(math.pi * partes)) / 2
        return self.initial_learning_rate * ((1 - self.alpha) * coseno + self.alpha)
