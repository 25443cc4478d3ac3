"""Con qué números nacen los pesos."""

import numpy as np

from cursokeras.desde_cero.nombres import resolver
from cursokeras.desde_cero.revision import revisar_numero
from cursokeras.desde_cero.utils import generador, semilla

__all__ = ["GlorotUniform", "Initializer", "RandomNormal", "Zeros", "get"]


class Initializer:
    """Base de los inicializadores: se llaman con una forma y devuelven el arreglo."""

    def __call__(self, shape, dtype="float32"):
        """Devuelve un arreglo nuevo con la forma `shape`."""
        raise NotImplementedError


class Zeros(Initializer):
    """Todos los pesos en cero: el valor por defecto de los sesgos."""

    def __call__(self, shape, dtype="float32"):
        return np.zeros(shape, dtype)


class RandomNormal(Initializer):
    """Pesos normales N(mean, stddev²).

    Argumentos:
        mean: media; 0 por defecto.
        stddev: desviación estándar; 0.05 por defecto.
        seed: entero para repetir los mismos números; `None` usa la semilla global.
    """

    def __init__(self, mean=0.0, stddev=0.05, seed=None):
        revisar_numero("stddev", stddev)
        self.mean, self.stddev, self.seed = mean, stddev, semilla(seed)

    def __call__(self, shape, dtype="float32"):
        return generador(self.seed).normal(self.mean, self.stddev, shape).astype(dtype)


class GlorotUniform(Initializer):
    """Pesos uniformes en ±√(6 / (entradas + salidas)): el valor por defecto de Dense.

    Con ese ancho, la señal no crece ni se apaga al pasar por las capas (Glorot y Bengio, 2010).

    Argumentos:
        seed: entero para repetir los mismos números; `None` usa la semilla global.
    """

    def __init__(self, seed=None):
        self.seed = semilla(seed)

    def __call__(self, shape, dtype="float32"):
        limite = np.sqrt(6 / (shape[0] + shape[-1]))
        return generador(self.seed).uniform(-limite, limite, shape).astype(dtype)


_TABLA = {
    "glorot_uniform": GlorotUniform,
    "random_normal": RandomNormal,
    "zeros": Zeros,
    "GlorotUniform": GlorotUniform,
    "RandomNormal": RandomNormal,
    "Zeros": Zeros,
}


def get(identificador):
    """Devuelve el inicializador de un nombre como "glorot_uniform".

    Lanza:
        ValueError: si el nombre no existe.
    """
    return resolver(identificador, _TABLA, Initializer, "el inicializador")
