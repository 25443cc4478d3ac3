"""Las capas: cada una sabe ir hacia adelante y devolver el gradiente hacia atrás.

`forward` guarda lo que verá `backward`: `x` (la entrada), `z` (antes de la activación) y `a` (la
salida). `backward(grad)` recibe dL/da, deja en `grads` los gradientes de sus `weights`, en el
mismo orden, y devuelve dL/dx para la capa anterior.
"""

import math

import numpy as np

from cursokeras._comun.argumentos import es_entero_desde, es_numero
from cursokeras.desde_cero import activations, constraints, initializers, regularizers, revision
from cursokeras.desde_cero.cadena import Cadena, exigir_una_entrada
from cursokeras.desde_cero.revision import revisar_numero
from cursokeras.desde_cero.utils import con_numpy, copiar_en, generador

__all__ = [
    "Activation",
    "BatchNormalization",
    "Dense",
    "Dropout",
    "Flatten",
    "Input",
    "InputLayer",
    "Layer",
]


class Input:
    """La forma de una fila de datos, sin contar el lote: `Input(shape=(784,))`.

    Argumentos:
        shape: tupla de enteros; con 8 columnas es (8,).
        batch_size, dtype: se aceptan por compatibilidad y no cambian nada.
        name: nombre de la entrada.

    Ejemplo:
        >>> Input(shape=(28, 28)).shape
        (None, 28, 28)
    """

    def __init__(self, shape, batch_size=None, dtype=None, name=None):
        if not isinstance(shape, tuple | list) or not all(es_entero_desde(1, d) for d in shape):
            raise ValueError(
                f"Input recibió shape={shape!r} y espera una tupla de enteros positivos. "
                "Con 8 columnas escribe keras.Input(shape=(8,)), con la coma."
            )
        self.shape = (None, *shape)
        self.name = name


class Layer:
    """Base de las capas. Una capa propia escribe `forward`, `backward` y, si tiene pesos, `build`.

    Los arreglos de `weights` aprenden: `backward` deja el gradiente de cada uno en `grads`. Los de
    `non_trainable_weights` los cambia la propia capa, como las medias de BatchNormalization.

    Argumentos:
        name: nombre de la capa; `None` deja que Sequential le ponga uno, como "dense_1".
        trainable: `False` congela los pesos. Si se cambia después, hay que volver a compilar.
        input_shape: forma de entrada de la primera capa; Keras prefiere `keras.Input`.
        input_dim: lo mismo, cuando la entrada son columnas: 8 es (8,).
    """

    dtype = "float32"

    def __init__(self, *, name=None, trainable=True, input_shape=None, input_dim=None):
        self.name, self.trainable = name, trainable
        input_shape = input_shape if input_dim is None else (input_dim,)
        self.input_shape = None if input_shape is None else Input(input_shape).shape
        self.weights, self.non_trainable_weights, self.grads = [], [], []
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
        raise NotImplementedError(
            f"A la capa {type(self).__name__} le falta forward(self, x, training=False); aquí se "
            "llama así lo que en Keras es call."
        )

    def backward(self, grad):
        """Recibe dL/da, llena `grads` y devuelve dL/dx."""
        raise NotImplementedError(
            f"A la capa {type(self).__name__} le falta backward(self, grad): aquí nada se deriva "
            "solo."
        )

    def penalizacion(self):
        """Devuelve lo que los regularizadores de la capa suman a la pérdida."""
        return 0.0

    def restringir(self):
        """Corrige los pesos después de un paso, si la capa tiene restricciones."""

    def count_params(self):
        """Devuelve cuántos números guarda la capa."""
        return sum(w.size for w in [*self.weights, *self.non_trainable_weights])

    def get_weights(self):
        """Devuelve copias de los pesos de la capa: los que aprenden y después los demás."""
        return [w.copy() for w in [*self.weights, *self.non_trainable_weights]]

    def set_weights(self, weights):
        """Copia en la capa los pesos dados, en el orden de `get_weights`.

        Lanza:
            ValueError: si la cantidad o las formas no coinciden.
        """
        propios = [*self.weights, *self.non_trainable_weights]
        copiar_en(propios, weights, f"La capa {self.name!r}")

    def __repr__(self):
        return f"<{type(self).__name__} {self.name or 'sin nombre'}>"

    def __call__(self, x, training=False):
        if isinstance(x, Input | Cadena):
            return Cadena.con(x, self)
        exigir_una_entrada(x)
        x = np.asarray(x, dtype=self.dtype)
        if not self.built:
            self.build((None, *x.shape[1:]))
        return con_numpy(self.forward(x, training))


class InputLayer(Layer):
    """La entrada de un `Model`: deja pasar los datos como llegan. En Sequential es un `Input`.

    Argumentos:
        shape: forma de una fila, como en `Input`.
    """

    def __init__(self, shape=None, **kwargs):
        super().__init__(**kwargs)
        self.input_shape = self.input_shape or Input(shape).shape
        self.built = True

    def forward(self, x, training=False):
        self.x = self.a = x
        return x

    def backward(self, grad):
        return grad


class Dense(Layer):
    """Capa densa: a = f(x W + b).

    Argumentos:
        units: neuronas de la capa, d_out.
        activation: nombre u objeto de `activations`; `None` es lineal.
        use_bias: si suma el sesgo b.
        kernel_initializer: cómo nace W, (d_in, d_out).
        bias_initializer: cómo nace b, (d_out,).
        kernel_regularizer, bias_regularizer: penalizaciones, o `None`.
        kernel_constraint, bias_constraint: cómo se corrigen después de cada paso, o `None`.
        kwargs: los argumentos de `Layer`: name, trainable, input_shape, input_dim.

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
        kernel_constraint=None,
        bias_constraint=None,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.units, self.use_bias = revision.cuantas_neuronas(units), use_bias
        # Una capa como LeakyReLU() también vale de activación.
        self.activation = activations.get(getattr(activation, "activation", activation))
        self.kernel_initializer = initializers.get(kernel_initializer)
        self.bias_initializer = initializers.get(bias_initializer)
        self.kernel_regularizer = regularizers.get(kernel_regularizer)
        self.bias_regularizer = regularizers.get(bias_regularizer) if use_bias else None
        self.kernel_constraint = constraints.get(kernel_constraint)
        self.bias_constraint = constraints.get(bias_constraint) if use_bias else None

    def _con_los_suyos(self, de_kernel, de_bias):
        """Los pares (i, algo) de los pesos que tienen ese algo, como un regularizador."""
        return [(i, algo) for i, algo in enumerate((de_kernel, de_bias)) if algo is not None]

    @property
    def kernel(self):
        """La matriz W, (d_in, d_out)."""
        revision.exigir_pesos(self)
        return con_numpy(self.weights[0])

    @property
    def bias(self):
        """El sesgo b, (d_out,), o `None` si la capa no lo usa."""
        return con_numpy(self.weights[1]) if self.use_bias else None

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
        W, *b = self.weights
        self.z = x @ W
        if self.use_bias:
            self.z += b[0]
        self.a = self.activation.forward(self.z)
        return self.a

    def backward(self, grad):
        return self.backward_desde_z(self.activation.backward(grad, self.z, self.a))

    def backward_desde_z(self, grad):
        """Como `backward`, pero recibe dL/dz: la activación ya está derivada.

        La fila n del lote hace z = x W + b, y cada fila aporta lo suyo a los gradientes::

            for n in range(len(x)):
                dW += np.outer(x[n], dz[n])  # El peso i, j multiplicó a x[n, i] para dar z[n, j]
                db += dz[n]; dx[n] = W @ dz[n]

        Es lo mismo que, de una vez: dL/dW = xᵀ · dL/dz, dL/db = Σ_filas dL/dz,
        dL/dx = dL/dz · Wᵀ.
        """
        self.grads = [self.x.T @ grad]
        if self.use_bias:
            self.grads.append(grad.sum(axis=0))
        for i, penalizar in self._con_los_suyos(self.kernel_regularizer, self.bias_regularizer):
            self.grads[i] += penalizar.backward(self.weights[i])
        return grad @ self.weights[0].T

    def penalizacion(self):
        pares = self._con_los_suyos(self.kernel_regularizer, self.bias_regularizer)
        return sum(penalizar(self.weights[i]) for i, penalizar in pares)

    def restringir(self):
        for i, corregir in self._con_los_suyos(self.kernel_constraint, self.bias_constraint):
            self.weights[i][...] = corregir(self.weights[i])


class Activation(Layer):
    """Una activación como capa aparte: `Dense(3)` y `Activation("softmax")`.

    Argumentos:
        activation: nombre u objeto de `activations`.
    """

    def __init__(self, activation, **kwargs):
        super().__init__(**kwargs)
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

    def __init__(self, rate, *, seed=None, **kwargs):
        super().__init__(**kwargs)
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


class BatchNormalization(Layer):
    """Lleva cada columna del lote a media 0 y varianza 1, y después la escala y la corre.

    Al entrenar usa la media y la varianza del lote, y las recuerda con un promedio móvil que es
    lo que usa al predecir, o si `trainable=False`.

    Argumentos:
        axis: el eje de las columnas; solo puede ser el último, −1.
        momentum: cuánto pesa lo recordado en el promedio móvil.
        epsilon: evita dividir por cero.
        center, scale: si suma beta y si multiplica por gamma.
    """

    def __init__(self, axis=-1, momentum=0.99, epsilon=0.001, center=True, scale=True, **kwargs):
        super().__init__(**kwargs)
        revision.una_de("axis", axis, (-1,))
        revisar_numero("momentum", momentum, 0, 1)
        revisar_numero("epsilon", epsilon)
        self.momentum, self.epsilon, self.center, self.scale = momentum, epsilon, center, scale

    def build(self, input_shape):
        unos, ceros = np.ones(input_shape[-1], self.dtype), np.zeros(input_shape[-1], self.dtype)
        self.weights = [w.copy() for w, usa in ((unos, self.scale), (ceros, self.center)) if usa]
        self.non_trainable_weights = [ceros, unos]
        super().build(input_shape)

    @property
    def gamma(self):
        """La escala, (d,), o 1 si la capa no la usa."""
        return self.weights[0] if self.scale else 1

    @property
    def beta(self):
        """Lo que se suma al final, (d,), o 0 si la capa no lo usa."""
        return self.weights[-1] if self.center else 0

    def forward(self, x, training=False):
        self.x, self.filas = x, tuple(range(x.ndim - 1))
        self.mide_el_lote = training and self.trainable
        media, varianza = self.non_trainable_weights
        if self.mide_el_lote:
            movil = (media, varianza)
            media, varianza = x.mean(axis=self.filas), x.var(axis=self.filas)
            for recordada, nueva in zip(movil, (media, varianza), strict=True):
                recordada += (1 - self.momentum) * (nueva - recordada)
        self.desviacion = np.sqrt(varianza + self.epsilon)
        self.normal = (x - media) / self.desviacion
        self.a = self.gamma * self.normal + self.beta
        return self.a

    def backward(self, grad):
        # Con u = (x − μ)/σ y a = γ u + β:  dL/dγ = Σ dL/da · u,  dL/db = Σ dL/da,  y como μ y σ
        # también dependen de x:  dL/dx = (dL/du − media(dL/du) − u · media(dL/du · u)) / σ
        u, du = self.normal, grad * self.gamma
        pares = ((grad * u, self.scale), (grad, self.center))
        self.grads = [g.sum(axis=self.filas) for g, usa in pares if usa]
        if self.mide_el_lote:
            du = du - du.mean(axis=self.filas) - u * (du * u).mean(axis=self.filas)
        return du / self.desviacion
