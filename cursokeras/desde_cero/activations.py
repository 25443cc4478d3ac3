"""Las activaciones y sus derivadas, una al lado de la otra.

Cada activación es un objeto sin estado: `forward(z)` calcula a = f(z) y `backward(grad, z, a)`
aplica la regla de la cadena, dL/dz = dL/da · f'(z), con lo que guardó la capa.
"""

import math

import numpy as np

from cursokeras.desde_cero import nombres
from cursokeras.desde_cero.utils import con_numpy

__all__ = [
    "Activacion",
    "elu",
    "gelu",
    "get",
    "leaky_relu",
    "linear",
    "relu",
    "selu",
    "sigmoid",
    "softmax",
    "softplus",
    "tanh",
]


class Activacion(nombres.ConNombre):
    """Base de las activaciones. Las subclases escriben `forward` y `backward`.

    Ejemplo:
        >>> print(relu([-1.0, 2.0]))
        [0. 2.]
    """

    name = None

    def forward(self, z):
        """Devuelve a = f(z), con la forma de z."""
        raise NotImplementedError(f"A {type(self).__name__} le falta forward(self, z).")

    def backward(self, grad, z, a):
        """Devuelve dL/dz a partir de grad = dL/da."""
        raise NotImplementedError(f"A {type(self).__name__} le falta backward(self, grad, z, a).")

    def __call__(self, x):
        x = np.asarray(x)
        return con_numpy(self.forward(x if x.dtype.kind == "f" else x.astype("float64")))

    def __repr__(self):
        return f"<activación {self.name}>"


class _Linear(Activacion):
    name = "linear"

    def forward(self, z):
        return z

    def backward(self, grad, z, a):
        return grad


class _Relu(Activacion):
    name = "relu"

    def forward(self, z):
        return np.maximum(z, 0)

    def backward(self, grad, z, a):
        return grad * (z > 0)  # En z = 0 la derivada se toma 0, como en TensorFlow


class _Tanh(Activacion):
    name = "tanh"

    def forward(self, z):
        return np.tanh(z)

    def backward(self, grad, z, a):
        return grad * (1 - a * a)


class _Sigmoid(Activacion):
    name = "sigmoid"

    def forward(self, z):
        # σ(z) = 1/(1 + e^−z) = e^z/(1 + e^z): se usa la forma cuyo exponente es negativo,
        # porque e^1000 desborda y e^−1000 es 0.
        e = np.exp(-np.abs(z))
        return np.where(z >= 0, 1, e) / (1 + e)

    def backward(self, grad, z, a):
        return grad * a * (1 - a)


class _Softmax(Activacion):
    name = "softmax"

    def forward(self, z):
        # Restar el máximo de la fila no cambia el cociente y evita que e^z desborde.
        e = np.exp(z - z.max(axis=-1, keepdims=True))
        return e / e.sum(axis=-1, keepdims=True)

    def backward(self, grad, z, a):
        # da_i/dz_j = a_i (1[i = j] − a_j)  ⇒  dL/dz = a · (grad − Σ_i grad_i a_i)
        return a * (grad - (grad * a).sum(axis=-1, keepdims=True))


# ---- Las que siguen son variantes de relu, con la esquina suave o sin el lado plano ----


class LeakyRelu(Activacion):
    """z donde z > 0, y negative_slope · z en el resto: ninguna neurona deja de aprender."""

    name = "leaky_relu"

    def __init__(self, negative_slope=0.2):
        self.negative_slope = negative_slope

    def forward(self, z):
        return np.where(z > 0, z, self.negative_slope * z)

    def backward(self, grad, z, a):
        return grad * np.where(z > 0, 1, self.negative_slope).astype(z.dtype)


class Elu(Activacion):
    """z donde z > 0, y alpha (e^z − 1) en el resto; selu es `escala` veces una elu."""

    name = "elu"

    def __init__(self, alpha=1.0, escala=1.0, name="elu"):
        self.alpha, self.escala, self.name = alpha, escala, name

    def forward(self, z):
        return self.escala * np.where(z > 0, z, self.alpha * np.expm1(np.minimum(z, 0)))

    def backward(self, grad, z, a):
        # d/dz [α (e^z − 1)] = α e^z
        return grad * self.escala * np.where(z > 0, 1, self.alpha * np.exp(np.minimum(z, 0)))


class _Softplus(Activacion):
    name = "softplus"

    def forward(self, z):
        return np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z)))  # Es ln(1 + e^z), sin desbordar

    def backward(self, grad, z, a):
        return grad * sigmoid.forward(z)


class _Gelu(Activacion):
    name = "gelu"

    def forward(self, z):
        return z * _normal_acumulada(z)

    def backward(self, grad, z, a):
        # d/dz [z Φ(z)] = Φ(z) + z φ(z), con φ(z) = e^(−z²/2) / √(2π)
        return grad * (_normal_acumulada(z) + z * np.exp(-z * z / 2) / math.sqrt(2 * math.pi))


def _normal_acumulada(z):
    """Φ(z) = ½ (1 + erf(z/√2)): la probabilidad de que una normal estándar sea menor que z."""
    erf = np.vectorize(math.erf, otypes=[z.dtype])
    return (1 + erf(z / math.sqrt(2))) / 2


linear, relu, tanh, sigmoid, softmax = _Linear(), _Relu(), _Tanh(), _Sigmoid(), _Softmax()
leaky_relu, elu, softplus, gelu = LeakyRelu(), Elu(), _Softplus(), _Gelu()
selu = Elu(alpha=1.6732632423543772, escala=1.0507009873554805, name="selu")

get = nombres.buscador(
    __name__,
    Activacion,
    "la activación",
    ninguno=linear,
    ayuda="Para no usar activación escribe activation=None, sin comillas.",
)
