"""Las activaciones y sus derivadas, una al lado de la otra.

Cada activación es un objeto sin estado: `forward(z)` calcula a = f(z) y `backward(grad, z, a)`
aplica la regla de la cadena, dL/dz = dL/da · f'(z), con lo que guardó la capa.
"""

import numpy as np

from cursokeras.desde_cero.nombres import resolver

__all__ = ["Activacion", "get", "linear", "relu", "sigmoid", "softmax", "tanh"]


class Activacion:
    """Base de las activaciones. Las subclases escriben `forward` y `backward`.

    Ejemplo:
        >>> relu([-1.0, 2.0])
        array([0., 2.])
    """

    name = None

    def forward(self, z):
        """Devuelve a = f(z), con la forma de z."""
        raise NotImplementedError

    def backward(self, grad, z, a):
        """Devuelve dL/dz a partir de grad = dL/da."""
        raise NotImplementedError

    def __call__(self, x):
        x = np.asarray(x)
        return self.forward(x if x.dtype.kind == "f" else x.astype("float64"))

    def __reduce__(self):
        # Las de este módulo se reconocen con `is`: la copia de una red debe llevar las mismas.
        return self.name if _TABLA.get(self.name) is self else super().__reduce__()

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


linear, relu, tanh, sigmoid, softmax = _Linear(), _Relu(), _Tanh(), _Sigmoid(), _Softmax()

_TABLA = {activacion.name: activacion for activacion in (linear, relu, tanh, sigmoid, softmax)}


def get(identificador):
    """Devuelve la activación de un nombre como "relu"; `None` es la lineal.

    Lanza:
        ValueError: si el nombre no existe.
    """
    if identificador is None:
        return linear
    ayuda = "Para no usar activación escribe activation=None, sin comillas."
    return resolver(identificador, _TABLA, Activacion, "la activación", ayuda=ayuda)
