"""Otras activaciones, que se ofrecen también en `activations`: se leen después de aquellas."""

import numpy as np

from cursokeras.desde_cero.activations import Activacion, sigmoid

__all__ = ["exponential", "hard_sigmoid", "silu", "softsign", "swish"]


class _Silu(Activacion):
    name = "silu"

    def forward(self, z):
        return z * sigmoid.forward(z)

    def backward(self, grad, z, a):
        # d/dz [z σ(z)] = σ + z σ (1 − σ) = σ + a (1 − σ)
        s = sigmoid.forward(z)
        return grad * (s + a * (1 - s))


class _Softsign(Activacion):
    name = "softsign"

    def forward(self, z):
        return z / (1 + np.abs(z))

    def backward(self, grad, z, a):
        return grad / (1 + np.abs(z)) ** 2


class _Exponential(Activacion):
    name = "exponential"

    def forward(self, z):
        return np.exp(z)

    def backward(self, grad, z, a):
        return grad * a


class _HardSigmoid(Activacion):
    name = "hard_sigmoid"

    def forward(self, z):
        return np.clip(z / 6 + 0.5, 0, 1)

    def backward(self, grad, z, a):
        return grad * ((a > 0) & (a < 1)) / 6


silu, softsign, exponential, hard_sigmoid = _Silu(), _Softsign(), _Exponential(), _HardSigmoid()
swish = silu
