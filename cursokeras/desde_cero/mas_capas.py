"""Otras capas, que se ofrecen también en `layers`: se leen después de aquellas."""

import math

import numpy as np

from cursokeras._comun.argumentos import es_entero_desde
from cursokeras._comun.avisos import avisar
from cursokeras.desde_cero import activations
from cursokeras.desde_cero.layers import Activation, Layer
from cursokeras.desde_cero.revision import revisar_numero

__all__ = ["ELU", "LeakyReLU", "Normalization", "ReLU", "Rescaling", "Reshape", "Softmax"]


class ReLU(Activation):
    """La activación relu como capa."""

    def __init__(self, **kwargs):
        super().__init__("relu", **kwargs)


class Softmax(Activation):
    """La activación softmax como capa."""

    def __init__(self, **kwargs):
        super().__init__("softmax", **kwargs)


class LeakyReLU(Activation):
    """La activación leaky relu como capa; su pendiente por defecto no es la de la función.

    Argumentos:
        negative_slope: la pendiente donde z < 0; 0.3 por defecto.
        alpha: el nombre de antes.
        kwargs: los argumentos de `Layer`.
    """

    def __init__(self, negative_slope=0.3, *, alpha=None, **kwargs):
        if alpha is not None:
            avisar("En Keras 3 alpha se llama negative_slope.")
            negative_slope = alpha
        revisar_numero("negative_slope", negative_slope)
        super().__init__(activations.LeakyRelu(negative_slope), **kwargs)
        self.negative_slope = negative_slope


class ELU(Activation):
    """La activación elu como capa."""

    def __init__(self, alpha=1.0, **kwargs):
        revisar_numero("alpha", alpha)
        super().__init__(activations.Elu(alpha), **kwargs)
        self.alpha = alpha


class Reshape(Layer):
    """Cambia la forma de cada fila, sin cambiar sus números.

    Argumentos:
        target_shape: la forma nueva, sin el lote; un −1 se calcula.
    """

    def __init__(self, target_shape, **kwargs):
        super().__init__(**kwargs)
        if not isinstance(target_shape, tuple | list):
            raise ValueError(f"Reshape espera una tupla, como (28, 28), y llegó {target_shape!r}.")
        self.target_shape = tuple(target_shape)

    def compute_output_shape(self, input_shape):
        cuantos = math.prod(input_shape[1:])
        conocidos = math.prod(lado for lado in self.target_shape if lado != -1)
        forma = [cuantos // conocidos if lado == -1 else lado for lado in self.target_shape]
        if math.prod(forma) != cuantos:
            raise ValueError(
                f"Reshape({self.target_shape}) no sirve para filas de forma {input_shape[1:]}: "
                f"tienen {cuantos} números."
            )
        return (input_shape[0], *forma)

    def forward(self, x, training=False):
        self.x = x
        self.a = x.reshape(len(x), *self.compute_output_shape(x.shape)[1:])
        return self.a

    def backward(self, grad):
        return grad.reshape(self.x.shape)


class Rescaling(Layer):
    """x · scale + offset: `Rescaling(1 / 255)` lleva los píxeles a [0, 1].

    Argumentos:
        scale: por cuánto se multiplica.
        offset: cuánto se suma.
    """

    def __init__(self, scale, offset=0.0, **kwargs):
        super().__init__(**kwargs)
        revisar_numero("scale", scale, -math.inf)
        revisar_numero("offset", offset, -math.inf)
        self.scale, self.offset = scale, offset

    def forward(self, x, training=False):
        self.x = x
        self.a = x * self.scale + self.offset
        return self.a

    def backward(self, grad):
        return grad * self.scale


class Normalization(Layer):
    """Lleva cada columna a media 0 y varianza 1, con lo que aprendió en `adapt(x)`.

    Argumentos:
        axis: −1, cada columna con lo suyo, o `None`, todas juntas.
        mean, variance: si ya se conocen, en lugar de `adapt`.
    """

    def __init__(self, axis=-1, mean=None, variance=None, **kwargs):
        super().__init__(**kwargs)
        if axis is not None and not (es_entero_desde(-1, axis) and axis in (-1, 1)):
            raise ValueError(f"axis={axis!r}: Normalization normaliza columnas (-1) o todo (None).")
        self.axis, self.mean, self.variance = axis, mean, variance

    def adapt(self, data):
        """Aprende la media y la varianza de unos datos, (n, ...)."""
        data = np.asarray(data, dtype="float64")
        data = data[:, None] if data.ndim == 1 else data
        ejes = None if self.axis is None else tuple(range(data.ndim - 1))
        self.mean = data.mean(axis=ejes).astype(self.dtype)
        self.variance = data.var(axis=ejes).astype(self.dtype)
        cuenta = np.zeros((), "int64")  # Keras la guarda entre los pesos, y no la usa
        self.non_trainable_weights = [self.mean.copy(), self.variance.copy(), cuenta]
        self.input_shape = self.input_shape or (None, *data.shape[1:])

    def forward(self, x, training=False):
        if self.mean is None:
            raise ValueError("A Normalization le falta ver datos: llama antes a capa.adapt(x).")
        self.desviacion = np.maximum(np.sqrt(self.variance), 1e-7).astype(x.dtype)
        self.x = x
        self.a = (x - np.asarray(self.mean, x.dtype)) / self.desviacion
        return self.a

    def backward(self, grad):
        return grad / self.desviacion
