"""De lo que el usuario le pasa a `fit` a tensores en memoria, con el orden de cada época."""

import math

import numpy as np
import pandas as pd

from cursokeras._backend import keras, tf
from cursokeras.aceleracion.recaida import exigir

# Medido con 60 000×784: tramos de 1 o 64 MiB tardan más que los de 16, y la memoria extra es poca.
_BYTES_POR_TRAMO = 16 * 2**20

# Más filas por lote no caben en los índices de 32 bits del bucle.
_FILAS_POR_LOTE = 2**30


class Tensores:
    """Las filas de `x`, `y` y los pesos en tensores, que se entregan por tramos de lotes.

    Argumentos:
        datos: estructura de Keras `(x, y, sample_weight)`, sin los que falten.
        batch_size: filas por lote.
    """

    def __init__(self, datos, *, batch_size):
        self.estructura = keras.tree.lists_to_tuples(datos)
        self.hojas = [a_tensor(hoja) for hoja in keras.tree.flatten(self.estructura)]
        filas = {hoja.shape[0] for hoja in self.hojas}
        exigir(len(filas) == 1, "x, y y los pesos no tienen la misma cantidad de filas")
        self.n, self.batch_size = filas.pop(), batch_size
        exigir(self.n > 0, "no hay filas")
        entero = isinstance(batch_size, int | np.integer) and not isinstance(batch_size, bool)
        exigir(entero and 0 < batch_size <= _FILAS_POR_LOTE, f"batch_size={batch_size!r}")

    @property
    def pasos(self):
        """Lotes por época, contando el último aunque esté incompleto."""
        return math.ceil(self.n / self.batch_size)

    @property
    def lotes_completos(self):
        """Si todos los lotes tienen las mismas filas."""
        return self.n % self.batch_size == 0

    @property
    def pasos_que_caben(self):
        """Lotes que se juntan en memoria a la vez, como mucho."""
        por_fila = sum(h.dtype.size * math.prod(h.shape[1:]) for h in self.hojas)
        return max(1, _BYTES_POR_TRAMO // max(1, por_fila * self.batch_size))

    def firma(self, altura=None):
        """Estructura de `TensorSpec` de un tramo, con `altura` filas o con las que sean."""
        hojas = [tf.TensorSpec([altura, *h.shape[1:]], h.dtype) for h in self.hojas]
        return keras.tree.pack_sequence_as(self.estructura, hojas)

    def tramo(self, desde, hasta, orden, *, altura=None):
        """Devuelve las hojas de los lotes `desde` a `hasta`, en el `orden` dado o tal cual.

        Con `altura`, las completa con ceros hasta esa cantidad de filas.
        """
        filas = slice(desde * self.batch_size, hasta * self.batch_size)
        if orden is not None:
            hojas = [tf.gather(hoja, orden[filas]) for hoja in self.hojas]
        elif filas.start == 0 and filas.stop >= self.n:
            hojas = self.hojas
        else:
            hojas = [hoja[filas] for hoja in self.hojas]
        return [_completar(hoja, altura) for hoja in hojas] if altura else hojas


def a_tensor(hoja):
    """Convierte un arreglo denso como lo hace `fit`: los decimales pasan al `floatx` de Keras."""
    if isinstance(hoja, pd.DataFrame | pd.Series):
        hoja = _de_pandas(hoja)
    exigir(isinstance(hoja, np.ndarray | tf.Tensor), f"hay datos de tipo {type(hoja).__name__}")
    exigir(len(hoja.shape) > 0, "hay un dato sin filas")
    exigir(hoja.dtype != object, "hay datos de tipo object")
    tipo = tf.as_dtype(hoja.dtype)
    exigir(tipo.is_floating or tipo.is_integer or tipo.is_bool, f"hay datos de tipo {tipo.name}")
    if tipo.is_floating and tipo != keras.config.floatx():
        return tf.cast(hoja, keras.config.floatx())
    return tf.convert_to_tensor(hoja)


def _completar(hoja, altura):
    faltan = altura - hoja.shape[0]
    return tf.pad(hoja, [[0, faltan]] + [[0, 0]] * (hoja.shape.rank - 1)) if faltan else hoja


def _de_pandas(tabla):
    if isinstance(tabla, pd.Series):
        return np.expand_dims(tabla.to_numpy(), axis=-1)
    if any(pd.api.types.is_float_dtype(tipo) for tipo in tabla.dtypes):
        return tabla.astype(keras.config.floatx()).to_numpy()
    return tabla.to_numpy()


def empaquetar(x, y, sample_weight):
    """Une los tres en la forma que espera `train_step`."""
    if y is None:
        return (x,) if isinstance(x, tuple | list) else x
    if sample_weight is None:
        return (x, y)
    if keras.tree.is_nested(y) and not keras.tree.is_nested(sample_weight):
        sample_weight = keras.tree.map_structure(lambda _: sample_weight, y)
    return (x, y, sample_weight)


def pesos_de_clase(y, class_weight):
    """Devuelve el peso de cada fila, (n,) float, según la clase que indica `y`."""
    exigir(not keras.tree.is_nested(y) and y is not None, "class_weight con varias salidas")
    clases = a_tensor(y).numpy()
    if clases.ndim > 1:
        clases = clases[..., 0] if clases.shape[-1] == 1 else clases.argmax(axis=-1)
    exigir(clases.ndim == 1, "class_weight con objetivos de más de dos dimensiones")
    unicas, posicion = np.unique(np.round(clases).astype("int32"), return_inverse=True)
    pesos = [class_weight.get(int(clase), 1.0) for clase in unicas]
    return np.asarray(pesos, dtype=keras.config.floatx())[posicion]


def cortar_las_ultimas(x, y, sample_weight, validation_split):
    """Aparta las últimas filas para validar, como hace Keras con `validation_split`."""
    hojas = [hoja for hoja in keras.tree.flatten((x, y, sample_weight)) if hoja is not None]
    exigir(all(hasattr(hoja, "shape") for hoja in hojas), "validation_split sin arreglos")
    n = len(hojas[0])
    corte = math.floor(n * (1 - validation_split))
    exigir(0 < corte < n, f"validation_split={validation_split} deja una parte vacía")

    def partir(filas):
        return [
            keras.tree.map_structure(lambda h: None if h is None else h[filas], parte)
            for parte in (x, y, sample_weight)
        ]

    return partir(slice(0, corte)), partir(slice(corte, n))
