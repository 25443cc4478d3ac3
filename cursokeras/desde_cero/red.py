"""La red: capas en fila, la pasada hacia adelante, la pasada hacia atrás y los pesos."""

import numpy as np

from cursokeras._comun.avisos import avisar
from cursokeras.desde_cero import archivo, revision
from cursokeras.desde_cero.cadena import Cadena
from cursokeras.desde_cero.layers import Input, InputLayer, Layer
from cursokeras.desde_cero.nombres import en_minusculas
from cursokeras.desde_cero.utils import con_numpy, copiar_en

__all__ = ["Red"]


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
        self.name, self._con_nombre = name or "sequential", name is not None
        self.dtype = np.dtype(dtype).name
        self.layers = []
        self.input_shape = self.output_shape = None
        self._trainable = True
        for capa in layers or []:
            self.add(capa)

    def add(self, layer):
        """Agrega una capa al final; el primer elemento puede ser `Input`.

        Lanza:
            ValueError: si no es una capa, o su nombre está repetido.
        """
        if isinstance(layer, Input | InputLayer):
            self._fijar_entrada(layer)
            return
        if not isinstance(layer, Layer | Red):
            raise ValueError(f"Sequential espera capas y llegó {revision.que_llego(layer)}.")
        self._nombrar(layer)
        if isinstance(layer, Red) and not self.layers:
            self.input_shape = self.input_shape or layer.input_shape
        elif not self.layers and layer.input_shape and self.input_shape is None:
            avisar(
                "En Keras 3 la forma de entrada no va en la capa (input_shape, input_dim): escribe "
                f"keras.Input(shape={layer.input_shape[1:]}) como primer elemento de Sequential."
            )
            self.input_shape = layer.input_shape
        self.layers.append(layer)
        if self.input_shape:
            self.build(self.input_shape)

    def pop(self):
        """Quita la última capa y la devuelve."""
        if not self.layers:
            raise ValueError("La red no tiene capas que quitar.")
        quitada = self.layers.pop()
        if self.input_shape:
            self.build(self.input_shape)
        return quitada

    def _fijar_entrada(self, entrada):
        if self.layers or self.input_shape:
            raise ValueError("Input va una sola vez y es el primer elemento de Sequential.")
        self.input_shape = entrada.input_shape if isinstance(entrada, Layer) else entrada.shape

    def _nombrar(self, capa):
        usados = {otra.name for otra in self.layers}
        if isinstance(capa, Red) and not capa._con_nombre and capa.name in usados:
            capa.name = None  # Dos redes sin nombre se numeran, como las capas
        if capa.name in usados:
            raise ValueError(f"Ya hay una capa llamada {capa.name!r}: cambia name en una de ellas.")
        base = en_minusculas(type(capa).__name__)
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

    # ---- Una red también es una capa: se puede agregar a otra ----

    def hojas(self):
        """Devuelve las capas, y en lugar de cada red que haya entre ellas, las suyas."""
        juntas = []
        for capa in self.layers:
            juntas += capa.hojas() if isinstance(capa, Red) else [capa]
        return juntas

    @property
    def built(self):
        """Si ya tiene sus pesos."""
        return self.output_shape is not None

    def compute_output_shape(self, input_shape):
        """Devuelve la forma de la salida, con `None` en el lugar del lote."""
        for capa in self.layers:
            input_shape = capa.compute_output_shape(input_shape)
        return tuple(input_shape)

    def __repr__(self):
        return f"<{type(self).__name__} {self.name}: {len(self.layers)} capas>"

    def __call__(self, x, training=False):
        if isinstance(x, Input | Cadena):
            return Cadena.con(x, self)
        return con_numpy(self.forward(x, training))

    def preparar_x(self, x):
        """Devuelve `x` como arreglo con la precisión y la forma de la red.

        Lanza:
            ValueError: si la forma no es la que espera la primera capa.
        """
        x = np.asarray(x, dtype=self.dtype)
        if self.output_shape is None:
            self._construir_para(x)
        if x.ndim == 1 and self.input_shape[1:] == (1,):
            return x[:, None]
        revision.revisar_forma_de_x(x, self.input_shape)
        return x

    def _construir_para(self, x):
        if not self.layers:
            raise ValueError("La red no tiene capas: agrega al menos una, como Dense(1).")
        self.build(self.input_shape or (None, *(x.shape[1:] or (1,))))

    def get_layer(self, name=None, index=None):
        """Devuelve una capa por su nombre, como "dense_1", o por su lugar, desde 0.

        Lanza:
            ValueError: si no hay ninguna así; dice cuáles hay.
        """
        capas = {i if name is None else capa.name: capa for i, capa in enumerate(self.layers)}
        buscada = index if name is None else name
        if buscada not in capas:
            raise ValueError(f"No hay una capa {buscada!r}. Hay: {', '.join(map(str, capas))}.")
        return capas[buscada]

    # ---- Los pesos ----

    @property
    def trainable(self):
        """Si la red aprende; cambiarlo cambia el `trainable` de todas las capas, como en Keras."""
        return self._trainable

    @trainable.setter
    def trainable(self, valor):
        if valor != self._trainable:
            self._trainable = valor
            for capa in self.layers:
                capa.trainable = valor

    @property
    def weights(self):
        """Los arreglos de todas las capas que aprenden, en orden (no son copias)."""
        return [w for capa in self.hojas() for w in capa.weights]

    @property
    def grads(self):
        """Los gradientes de la última pasada hacia atrás, en el orden de `weights`."""
        return [g for capa in self.hojas() for g in capa.grads]

    def get_weights(self):
        """Devuelve copias de todos los pesos, en el orden de Keras."""
        return [w for capa in self.layers for w in capa.get_weights()]

    def set_weights(self, weights):
        """Copia en la red los pesos dados, por ejemplo los de `get_weights`.

        Lanza:
            ValueError: si la cantidad o las formas no coinciden.
        """
        propios = [w for capa in self.hojas() for w in [*capa.weights, *capa.non_trainable_weights]]
        consejo = "" if propios else " Empieza las capas con keras.Input(shape=...)."
        copiar_en(propios, weights, "La red", consejo)

    def save_weights(self, filepath, overwrite=True):
        """Guarda los pesos en un archivo que termina en ".weights.h5", como pide Keras."""
        archivo.guardar_pesos(self, filepath, overwrite)

    def load_weights(self, filepath):
        """Copia en la red los pesos que guardó `save_weights`."""
        self.set_weights(archivo.leer_pesos(filepath))

    def count_params(self):
        """Devuelve cuántos números guarda la red."""
        return sum(capa.count_params() for capa in self.layers)

    def summary(
        self, line_length=None, *, print_fn=print, expand_nested=False, show_trainable=False
    ):
        """Muestra una fila por capa: nombre, forma de la salida y cantidad de parámetros.

        Argumentos:
            line_length, expand_nested, show_trainable: se aceptan y no cambian nada.
            print_fn: a quién se le da cada línea.

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
            print_fn(f"{titulo:<31} {forma or '?'!s:<20}{capa.count_params():>12,}")
        print_fn(f"Parámetros en total: {self.count_params():,}")
