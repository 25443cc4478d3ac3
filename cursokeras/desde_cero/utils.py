"""La semilla, la codificación one-hot y los arreglos que se entregan."""

import random

import numpy as np

from cursokeras._comun.argumentos import es_entero_desde

__all__ = ["clear_session", "normalize", "set_random_seed", "to_categorical"]


def set_random_seed(seed):
    """Fija la semilla de Python y de NumPy: el programa repite los mismos números.

    Argumentos:
        seed: entero no negativo, menor que 2³².

    Lanza:
        ValueError: si no lo es.

    Ejemplo:
        >>> set_random_seed(7)
        >>> a = np.random.normal()
        >>> set_random_seed(7)
        >>> a == np.random.normal()
        True
    """
    if not es_entero_desde(0, seed) or seed >= 2**32:
        raise ValueError(f"seed={seed!r} debe ser un entero no negativo, como 42.")
    random.seed(int(seed))
    np.random.seed(seed)


def normalize(x, axis=-1, order=2):
    """Divide por la norma de cada fila, o del eje que se diga.

    Argumentos:
        x: arreglo.
        axis: eje cuya norma queda en 1.
        order: 2 es la norma de siempre; 1, la suma de los valores absolutos.

    Ejemplo:
        >>> normalize([[3.0, 4.0]])
        array([[0.6, 0.8]])
    """
    x = np.atleast_1d(np.asarray(x))
    norma = np.atleast_1d(np.linalg.norm(x, order, axis))
    norma[norma == 0] = 1
    return x / np.expand_dims(norma, axis)


_USADOS = {}


def nombre_nuevo(nombre):
    """Devuelve el nombre la primera vez y después lo numera, como Keras: "recall", "recall_1"."""
    veces = _USADOS.get(nombre, 0)
    _USADOS[nombre] = veces + 1
    return f"{nombre}_{veces}" if veces else nombre


def clear_session():
    """Los nombres vuelven a numerarse desde el principio; no hay otra sesión que limpiar."""
    _USADOS.clear()


class _ConNumpy(np.ndarray):
    """Un arreglo corriente que además tiene `.numpy()`, como los tensores de Keras."""

    def numpy(self):
        """Devuelve el arreglo de NumPy."""
        return np.asarray(self)

    def __array_wrap__(self, arreglo, contexto=None, es_numero=False):
        return arreglo[()] if es_numero or arreglo.ndim == 0 else np.asarray(arreglo)

    def __repr__(self):
        return repr(np.asarray(self))


def con_numpy(arreglo):
    """Devuelve el mismo arreglo, o un número como arreglo, con un método `.numpy()`."""
    return np.asarray(arreglo).view(_ConNumpy)


def copiar_en(propios, nuevos, quien, consejo=""):
    """Copia cada arreglo nuevo sobre el propio, o lanza ValueError si no tienen las mismas formas.

    Argumentos:
        propios, nuevos: listas de arreglos.
        quien: cómo empieza el mensaje, como "La red".
        consejo: cómo termina, si hace falta.
    """
    if not isinstance(nuevos, list | tuple):
        raise ValueError(
            f"set_weights espera una lista de arreglos, como la que da get_weights(), y llegó "
            f"{type(nuevos).__name__}."
        )
    formas, esperadas = [np.shape(w) for w in nuevos], [w.shape for w in propios]
    if formas != esperadas:
        raise ValueError(f"{quien} tiene pesos de formas {esperadas} y llegaron {formas}.{consejo}")
    for propio, nuevo in zip(propios, nuevos, strict=True):
        propio[...] = nuevo


def semilla(seed=None):
    """Devuelve `seed` o, si es `None`, una semilla sacada de `random`, como Keras.

    Así crear capas no altera los números que el programa pida después a `np.random`.
    """
    return random.randint(1, 10**9) if seed is None else seed


def generador(seed=None):
    """Devuelve un generador de NumPy propio; sin semilla, usa la global."""
    return np.random.default_rng(semilla(seed))


def to_categorical(x, num_classes=None):
    """Convierte etiquetas enteras en filas one-hot.

    Argumentos:
        x: etiquetas enteras desde 0, con forma (n,) o (n, 1).
        num_classes: cuántas clases hay; `None` toma la etiqueta mayor más uno, que se queda
            corta si la última clase no aparece en `x`.

    Devuelve:
        Arreglo float64 (n, num_classes) con un 1 por fila.

    Lanza:
        ValueError: si una etiqueta no es un entero entre 0 y num_classes − 1.

    Ejemplo:
        >>> to_categorical([0, 2], num_classes=3)
        array([[1., 0., 0.],
               [0., 0., 1.]])
    """
    etiquetas = np.asarray(x)
    if not etiquetas.size:
        raise ValueError("to_categorical recibió cero etiquetas: x está vacío.")
    if etiquetas.ndim > 1 and etiquetas.shape[-1] == 1:
        etiquetas = etiquetas[..., 0]
    enteras = _enteras(etiquetas)
    clases = num_classes or int(enteras.max()) + 1
    return np.eye(clases)[revisar_etiquetas(enteras, clases)]


def revisar_etiquetas(y, clases):
    """Devuelve las etiquetas como enteros, o lanza ValueError si no van de 0 a clases − 1."""
    y = _enteras(y)
    if y.size and not 0 <= y.min() <= y.max() < clases:
        fuera = int(y.min() if y.min() < 0 else y.max())
        raise ValueError(
            f"Llegó la etiqueta {fuera}, pero con {clases} clases solo valen de 0 a {clases - 1}. "
            "Usa tantas salidas (y num_classes) como clases haya, también las ausentes en estos "
            "datos."
        )
    return y


def _enteras(y):
    """Devuelve `y` como int64, o lanza ValueError con el primer valor que no es entero."""
    y = np.asarray(y)
    malas = y != np.floor(y) if y.dtype.kind in "iufb" else np.ones(y.shape, bool)
    if malas.any():
        raise ValueError(
            f"Las etiquetas deben ser enteros desde 0 y llegó, por ejemplo, {y[malas][0]!s}. "
            "Con textos escribe: clases, y = numpy.unique(textos, return_inverse=True)"
        )
    return y.astype("int64")
