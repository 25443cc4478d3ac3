"""La red: capas en fila, la pasada hacia adelante, la pasada hacia atrás y los pesos."""

import re
import warnings

import numpy as np

from cursokeras.desde_cero.layers import Input, Layer


class Red:
    """Capas en fila. `Sequential` le agrega el entrenamiento.

    Argumentos:
        layers: lista de capas; puede empezar con `Input`.
        name: nombre de la red.
        dtype: precisión de los pesos y las cuentas, "float32" (como Keras) o "float64".
    """

    def __init__(self, layers=None, name=None, *, dtype="float32"):
        if dtype not in ("float32", "float64"):
            raise ValueError(f"dtype={dtype!r} no se puede usar: elige 'float32' o 'float64'.")
        if isinstance(layers, Layer):
            raise ValueError("Sequential espera una lista de capas: Sequential([capa]).")
        self.name = name or "sequential"
        self.dtype = np.dtype(dtype).name
        self.layers = []
        self.input_shape = self.output_shape = None
        for capa in layers or []:
            self.add(capa)

    def add(self, layer):
        """Agrega una capa al final; el primer elemento puede ser `Input`.

        Lanza:
            ValueError: si no es una capa, o su nombre está repetido.
        """
        if isinstance(layer, Input):
            self._fijar_entrada(layer.shape)
            return
        if not isinstance(layer, Layer):
            raise ValueError(f"Sequential espera capas y llegó {layer!r}. Ejemplo: Dense(4).")
        self._nombrar(layer)
        if not self.layers and layer.input_shape and self.input_shape is None:
            warnings.warn(
                f"En Keras 3 la forma de entrada no va en la capa: escribe "
                f"keras.Input(shape={layer.input_shape[1:]}) como primer elemento de Sequential.",
                stacklevel=2,
            )
            self.input_shape = layer.input_shape
        self.layers.append(layer)
        if self.input_shape:
            self.build(self.input_shape)

    def _fijar_entrada(self, forma):
        if self.layers or self.input_shape:
            raise ValueError("Input va una sola vez y es el primer elemento de Sequential.")
        self.input_shape = forma

    def _nombrar(self, capa):
        usados = {otra.name for otra in self.layers}
        if capa.name in usados:
            raise ValueError(f"Ya hay una capa llamada {capa.name!r}: cambia name en una de ellas.")
        base = re.sub(r"(?<!^)(?=[A-Z])", "_", type(capa).__name__).lower()
        candidatos = [base, *(f"{base}_{i}" for i in range(1, len(usados) + 1))]
        capa.name = capa.name or next(nombre for nombre in candidatos if nombre not in usados)

    def build(self, input_shape):
        """Crea los pesos de las capas que aún no los tienen.

        Argumentos:
            input_shape: forma de la entrada con el lote, como (None, 8).
        """
        self.input_shape = forma = tuple(input_shape)
        for capa in self.layers:
            if not capa.built:
                capa.dtype = self.dtype
                capa.build(forma)
            forma = capa.compute_output_shape(forma)
        self.output_shape = forma

    def forward(self, x, training=False):
        """Devuelve la salida de la última capa para el lote `x`, (n, d_out)."""
        x = self.preparar_x(x)
        for capa in self.layers:
            x = capa.forward(x, training)
        return x

    def backward(self, grad):
        """Recorre las capas de atrás hacia adelante y deja los gradientes en cada una.

        Argumentos:
            grad: gradiente de la pérdida respecto a la salida de la red, (n, d_out).

        Devuelve:
            El gradiente respecto a la entrada, con la forma de `x`.
        """
        for capa in reversed(self.layers):
            grad = capa.backward(grad)
        return grad

    def __call__(self, x, training=False):
        return self.forward(x, training)

    def preparar_x(self, x):
        """Devuelve `x` como arreglo con la precisión y la forma de la red.

        Lanza:
            ValueError: si la forma no es la que espera la primera capa.
        """
        x = np.asarray(x, dtype=self.dtype)
        if self.output_shape is None:
            self._construir_para(x)
        if x.shape[1:] == self.input_shape[1:]:
            return x
        if x.ndim == 1 and self.input_shape[1:] == (1,):
            return x[:, None]
        esperada = ("n", *self.input_shape[1:])
        consejo = "Si es una sola fila, escribe x.reshape(1, -1). " if x.ndim == 1 else ""
        raise ValueError(
            f"x llegó con forma {x.shape} y la red espera ({', '.join(map(str, esperada))}), con "
            f"n filas. {consejo}Revisa las columnas de x o keras.Input(shape=...)."
        )

    def _construir_para(self, x):
        if not self.layers:
            raise ValueError("La red no tiene capas: agrega al menos una, como Dense(1).")
        self.build(self.input_shape or (None, *(x.shape[1:] or (1,))))

    @property
    def weights(self):
        """Los arreglos de pesos de todas las capas, en orden (no son copias)."""
        return [w for capa in self.layers for w in capa.weights]

    @property
    def grads(self):
        """Los gradientes de la última pasada hacia atrás, en el orden de `weights`."""
        return [g for capa in self.layers for g in capa.grads]

    def get_weights(self):
        """Devuelve copias de todos los pesos, en el orden de Keras."""
        return [w.copy() for w in self.weights]

    def set_weights(self, weights):
        """Copia en la red los pesos dados, por ejemplo los de `get_weights`.

        Lanza:
            ValueError: si la cantidad o las formas no coinciden.
        """
        formas, propias = [np.shape(w) for w in weights], [w.shape for w in self.weights]
        if formas != propias:
            consejo = "" if propias else " Empieza las capas con keras.Input(shape=...)."
            raise ValueError(
                f"La red tiene pesos de formas {propias} y llegaron {formas}.{consejo}"
            )
        for propio, nuevo in zip(self.weights, weights, strict=True):
            propio[...] = nuevo

    def count_params(self):
        """Devuelve cuántos números entrena la red."""
        return sum(w.size for w in self.weights)

    def summary(self, print_fn=print):
        """Muestra una fila por capa: nombre, forma de la salida y cantidad de parámetros.

        Ejemplo:
            >>> from cursokeras.desde_cero import layers
            >>> Red([Input((2,)), layers.Dense(3), layers.Dense(1)]).summary()
            Red: sequential
            Capa (tipo)                     Forma de salida       Parámetros
            dense (Dense)                   (None, 3)                      9
            dense_1 (Dense)                 (None, 1)                      4
            Parámetros en total: 13
        """
        print_fn(f"Red: {self.name}")
        print_fn(f"{'Capa (tipo)':<32}{'Forma de salida':<20}{'Parámetros':>12}")
        forma = self.input_shape
        for capa in self.layers:
            forma = capa.compute_output_shape(forma) if forma else None
            titulo = f"{capa.name} ({type(capa).__name__})"
            print_fn(f"{titulo:<32}{forma or '?'!s:<20}{capa.count_params():>12,}")
        print_fn(f"Parámetros en total: {self.count_params():,}")
