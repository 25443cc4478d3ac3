"""Con qué números nacen los pesos."""

import numpy as np

from cursokeras.desde_cero import nombres
from cursokeras.desde_cero.revision import revisar_numero
from cursokeras.desde_cero.utils import generador, semilla

__all__ = [
    "Constant",
    "GlorotNormal",
    "GlorotUniform",
    "HeNormal",
    "HeUniform",
    "Initializer",
    "LecunNormal",
    "LecunUniform",
    "Ones",
    "RandomNormal",
    "RandomUniform",
    "TruncatedNormal",
    "Zeros",
    "get",
    "glorot_normal",
    "glorot_uniform",
    "he_normal",
    "he_uniform",
    "lecun_normal",
    "lecun_uniform",
]


class Initializer:
    """Base de los inicializadores: se llaman con una forma y devuelven el arreglo."""

    def __call__(self, shape, dtype="float32"):
        """Devuelve un arreglo nuevo con la forma `shape`."""
        falta = "__call__(self, shape, dtype)"
        raise NotImplementedError(f"A {type(self).__name__} le falta {falta}.")


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


class TruncatedNormal(RandomNormal):
    """Como RandomNormal, sin los valores a más de dos desviaciones de la media."""

    def __call__(self, shape, dtype="float32"):
        azar = generador(self.seed)
        normales = azar.standard_normal(shape)
        while (lejos := np.abs(normales) > 2).any():
            normales[lejos] = azar.standard_normal(lejos.sum())
        return (self.mean + self.stddev * normales).astype(dtype)


class RandomUniform(Initializer):
    """Pesos uniformes entre minval y maxval.

    Argumentos:
        minval, maxval: los extremos; ±0.05 por defecto.
        seed: entero para repetir los mismos números; `None` usa la semilla global.
    """

    def __init__(self, minval=-0.05, maxval=0.05, seed=None):
        revisar_numero("minval", minval, -np.inf)
        revisar_numero("maxval", maxval, minval)
        self.minval, self.maxval, self.seed = minval, maxval, semilla(seed)

    def __call__(self, shape, dtype="float32"):
        return generador(self.seed).uniform(self.minval, self.maxval, shape).astype(dtype)


class _SegunLaForma(Initializer):
    """Base de los que eligen el ancho para que la señal no crezca ni se apague entre capas.

    La varianza es `escala` dividida por las entradas de la capa o por el promedio de sus entradas
    y sus salidas.

    Argumentos:
        seed: entero para repetir los mismos números; `None` usa la semilla global.
    """

    escala, uniforme, con_salidas = 1.0, True, False

    def __init__(self, seed=None):
        self.seed = semilla(seed)

    def __call__(self, shape, dtype="float32"):
        cuantas = (shape[0] + shape[-1]) / 2 if self.con_salidas else shape[0]
        varianza = self.escala / cuantas
        if self.uniforme:  # La varianza de una uniforme en ±L es L²/3
            limite = np.sqrt(3 * varianza)
            return RandomUniform(-limite, limite, self.seed)(shape, dtype)
        # Al quitar lo que pasa de dos desviaciones, la desviación baja a 0.8796 de lo que era
        return TruncatedNormal(0.0, np.sqrt(varianza) / 0.87962566103423978, self.seed)(
            shape, dtype
        )


class GlorotUniform(_SegunLaForma):
    """Uniformes en ±√(6 / (entradas + salidas)): el valor por defecto (Glorot y Bengio, 2010)."""

    con_salidas = True


class GlorotNormal(_SegunLaForma):
    """Normales con varianza 2 / (entradas + salidas)."""

    uniforme, con_salidas = False, True


class HeUniform(_SegunLaForma):
    """Uniformes con varianza 2 / entradas, para capas con relu (He, 2015)."""

    escala = 2.0


class HeNormal(_SegunLaForma):
    """Normales con varianza 2 / entradas, para capas con relu (He, 2015)."""

    escala, uniforme = 2.0, False


class LecunUniform(_SegunLaForma):
    """Uniformes con varianza 1 / entradas."""


class LecunNormal(_SegunLaForma):
    """Normales con varianza 1 / entradas, para capas con selu."""

    uniforme = False


class Constant(Initializer):
    """Todos los pesos con el mismo valor."""

    def __init__(self, value=0.0):
        revisar_numero("value", value, -np.inf)
        self.value = value

    def __call__(self, shape, dtype="float32"):
        return np.full(shape, self.value, dtype)


class Ones(Initializer):
    """Todos los pesos en uno."""

    def __call__(self, shape, dtype="float32"):
        return np.ones(shape, dtype)


glorot_uniform, glorot_normal = GlorotUniform, GlorotNormal
he_uniform, he_normal = HeUniform, HeNormal
lecun_uniform, lecun_normal = LecunUniform, LecunNormal

get = nombres.buscador(
    __name__,
    Initializer,
    "el inicializador",
    alias={
        "normal": "RandomNormal",
        "uniform": "RandomUniform",
        "zero": "Zeros",
        "one": "Ones",
    },
)
