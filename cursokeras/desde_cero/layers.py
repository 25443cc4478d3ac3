"""Las capas: cada una sabe ir hacia adelante y devolver el gradiente hacia atrás.

`forward` guarda lo que verá `backward`: `x` (la entrada), `z` (antes de la activación) y `a` (la
salida). `backward(grad)` recibe dL/da, deja en `grads` los gradientes de sus `weights`, en el
mismo orden, y devuelve dL/dx para la capa anterior.
"""

import math

import numpy as np

from cursokeras._comun.argumentos import es_entero_desde, es_numero
from cursokeras.desde_cero import activations, initializers, regularizers
from cursokeras.desde_cero.utils import generador

__all__ = ["Activation", "Dense", "Dropout", "Flatten", "Input", "Layer"]


class Input:
    """La forma de una fila de datos, sin contar el lote: `Input(shape=(784,))`.

    Argumentos:
        shape: tupla de enteros; con 8 columnas es (8,).

    Ejemplo:
        >>> Input(shape=(28, 28)).shape
        (None, 28, 28)
    """

    def __init__(self, shape, name=None):
        if not isinstance(shape, tuple | list) or not all(es_entero_desde(1, d) for d in shape):
            raise ValueError(
                f"Input recibió shape={shape!r} y espera una tupla de enteros positivos. "
                "Con 8 columnas escribe keras.Input(shape=(8,)), con la coma."
            )
        self.shape = (None, *shape)
        self.name = name


class Layer:
    """Base de las capas. Una capa propia escribe `forward`, `backward` y, si tiene pesos, `build`.

    Argumentos:
        name: nombre de la capa; `None` deja que Sequential le ponga uno, como "dense_1".
        input_shape: forma de entrada de la primera capa; Keras prefiere `keras.Input`.
    """

    dtype = "float32"

    def __init__(self, *, name=None, input_shape=None):
        self.name = name
        self.input_shape = None if input_shape is None else Input(input_shape).shape
        self.weights, self.grads = [], []
        self.built = False

    def build(self, input_shape):
        """Crea los pesos; `input_shape` incluye el lote: (None, 8)."""
        self.input_shape = tuple(input_shape)
        self.built = True

    def compute_output_shape(self, input_shape):
        """Devuelve la forma de la salida, con `None` en el lugar del lote."""
        return tuple(input_shape)

    def forward(self, x, training=False):
        """Devuelve la salida de la capa para el lote `x`."""
        raise NotImplementedError

    def backward(self, grad):
        """Recibe dL/da, llena `grads` y devuelve dL/dx."""
        raise NotImplementedError

    def penalizacion(self):
        """Devuelve lo que los regularizadores de la capa suman a la pérdida."""
        return 0.0

    def count_params(self):
        """Devuelve cuántos números entrena la capa."""
        return sum(w.size for w in self.weights)

    def get_weights(self):
        """Devuelve copias de los pesos de la capa."""
        return [w.copy() for w in self.weights]

    def set_weights(self, weights):
        """Copia en la capa los pesos dados, en el orden de `weights`.

        Lanza:
            ValueError: si la cantidad o las formas no coinciden.
        """
        formas = [np.shape(w) for w in weights]
        esperadas = [w.shape for w in self.weights]
        if formas != esperadas:
            raise ValueError(
                f"La capa {self.name!r} tiene pesos de formas {esperadas} y llegaron {formas}."
            )
        for propio, nuevo in zip(self.weights, weights, strict=True):
            propio[...] = nuevo

    def __call__(self, x, training=False):
        x = np.asarray(x, dtype=self.dtype)
        if not self.built:
            self.build((None, *x.shape[1:]))
        return self.forward(x, training)


class Dense(Layer):
    """Capa densa: a = f(x W + b).

    Argumentos:
        units: neuronas de la capa, d_out.
        activation: nombre u objeto de `activations`; `None` es lineal.
        use_bias: si suma el sesgo b.
        kernel_initializer: cómo nace W, (d_in, d_out).
        bias_initializer: cómo nace b, (d_out,).
        kernel_regularizer, bias_regularizer: penalizaciones, o `None`.

    Ejemplo:
        >>> capa = Dense(2, kernel_initializer="zeros")
        >>> capa([[1.0, 2.0, 3.0]])
        array([[0., 0.]], dtype=float32)
        >>> capa.kernel.shape, capa.bias.shape
        ((3, 2), (2,))
    """

    def __init__(
        self,
        units,
        activation=None,
        use_bias=True,
        kernel_initializer="glorot_uniform",
        bias_initializer="zeros",
        kernel_regularizer=None,
        bias_regularizer=None,
        *,
        name=None,
        input_shape=None,
    ):
        super().__init__(name=name, input_shape=input_shape)
        if not es_entero_desde(1, units):
            raise ValueError(
                f"Dense recibió units={units!r} y espera un entero positivo: la cantidad de "
                "neuronas. Si viene de los datos, escribe y.shape[1], no y.shape."
            )
        self.units = int(units)
        self.activation = activations.get(activation)
        self.use_bias = use_bias
        self.kernel_initializer = initializers.get(kernel_initializer)
        self.bias_initializer = initializers.get(bias_initializer)
        self.kernel_regularizer = regularizers.get(kernel_regularizer)
        self.bias_regularizer = regularizers.get(bias_regularizer) if use_bias else None
        pares = enumerate((self.kernel_regularizer, self.bias_regularizer))
        self._regularizadores = [(i, r) for i, r in pares if r is not None]

    @property
    def kernel(self):
        """La matriz W, (d_in, d_out)."""
        return self.weights[0]

    @property
    def bias(self):
        """El sesgo b, (d_out,), o `None` si la capa no lo usa."""
        return self.weights[1] if self.use_bias else None

    def build(self, input_shape):
        if len(input_shape) != 2:
            raise ValueError(
                f"Dense espera filas de números, (n, d), y le llegan datos con forma "
                f"{tuple(input_shape)}. Agrega keras.layers.Flatten() antes."
            )
        d_in = input_shape[-1]
        self.weights = [self.kernel_initializer((d_in, self.units), self.dtype)]
        if self.use_bias:
            self.weights.append(self.bias_initializer((self.units,), self.dtype))
        super().build(input_shape)

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], self.units)

    def forward(self, x, training=False):
        self.x = x
        self.z = x @ self.kernel
        if self.use_bias:
            self.z += self.bias
        self.a = self.activation.forward(self.z)
        return self.a

    def backward(self, grad):
        return self.backward_desde_z(self.activation.backward(grad, self.z, self.a))

    def backward_desde_z(self, grad):
        """Como `backward`, pero recibe dL/dz: la activación ya está derivada.

        Con z = x W + b:  dL/dW = xᵀ · dL/dz,  dL/db = Σ_filas dL/dz,  dL/dx = dL/dz · Wᵀ.
        """
        self.grads = [self.x.T @ grad]
        if self.use_bias:
            self.grads.append(grad.sum(axis=0))
        for i, regularizador in self._regularizadores:
            self.grads[i] += regularizador.backward(self.weights[i])
        return grad @ self.kernel.T

    def penalizacion(self):
        return sum(regularizador(self.weights[i]) for i, regularizador in self._regularizadores)


class Activation(Layer):
    """Una activación como capa aparte: `Dense(3)` y `Activation("softmax")`.

    Argumentos:
        activation: nombre u objeto de `activations`.
    """

    def __init__(self, activation, *, name=None, input_shape=None):
        super().__init__(name=name, input_shape=input_shape)
        self.activation = activations.get(activation)

    def forward(self, x, training=False):
        self.x = self.z = x
        self.a = self.activation.forward(x)
        return self.a

    def backward(self, grad):
        return self.activation.backward(grad, self.z, self.a)

    def backward_desde_z(self, grad):
        """Como `backward`, pero recibe dL/dz: la activación ya está derivada."""
        return grad


class Flatten(Layer):
    """Aplana cada fila: de (n, 28, 28) a (n, 784)."""

    def compute_output_shape(self, input_shape):
        return (input_shape[0], math.prod(input_shape[1:]))

    def forward(self, x, training=False):
        self.x = x
        self.a = x.reshape(len(x), -1)
        return self.a

    def backward(self, grad):
        return grad.reshape(self.x.shape)


class Dropout(Layer):
    """Apaga al azar una fracción de las neuronas, solo durante el entrenamiento.

    Las que quedan se multiplican por 1/(1 − rate), para que la suma esperada no cambie.

    Argumentos:
        rate: fracción que se apaga, 0 ≤ rate < 1.
        seed: entero para repetir las mismas máscaras; `None` usa la semilla global.
    """

    def __init__(self, rate, *, seed=None, name=None, input_shape=None):
        super().__init__(name=name, input_shape=input_shape)
        if not es_numero(rate) or not 0 <= rate < 1:
            raise ValueError(
                f"Dropout recibió rate={rate!r} y espera una fracción entre 0 y 1, como 0.2."
            )
        self.rate = rate
        self.generador = generador(seed)

    def forward(self, x, training=False):
        self.x, self.mascara = x, None
        if training and self.rate > 0:
            quedan = self.generador.random(x.shape) >= self.rate
            self.mascara = quedan.astype(x.dtype) / (1 - self.rate)
        self.a = x if self.mascara is None else x * self.mascara
        return self.a

    def backward(self, grad):
        return grad if self.mascara is None else grad * self.mascara
