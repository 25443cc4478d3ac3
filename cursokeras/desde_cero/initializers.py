"""Con qué números nacen los pesos."""

import numpy as np

from cursokeras.desde_cero import nombres
from cursokeras.desde_cero.revision import revisar_numero, una_de
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
    "VarianceScaling",
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


class VarianceScaling(Initializer):
    """Pesos con un ancho según la forma, para que la señal no crezca ni se apague entre capas.

    Argumentos:
        scale: la varianza es scale dividida por lo que diga mode.
        mode: "fan_in", las entradas de la capa; "fan_out", las salidas; "fan_avg", su promedio.
        distribution: "uniform", "untruncated_normal" o "truncated_normal".
        seed: entero para repetir los mismos números; `None` usa la semilla global.
    """

    def __init__(self, scale=1.0, mode="fan_in", distribution="truncated_normal", seed=None):
        revisar_numero("scale", scale)
        self.mode = una_de("mode", mode, ("fan_in", "fan_out", "fan_avg"))
        formas = ("uniform", "untruncated_normal", "truncated_normal")
        self.distribution = una_de("distribution", distribution, formas)
        self.scale, self.seed = scale, semilla(seed)

    def __call__(self, shape, dtype="float32"):
        entradas, salidas = shape[0], shape[-1]
        cuantas = {"fan_in": entradas, "fan_out": salidas, "fan_avg": (entradas + salidas) / 2}
        desviacion = np.sqrt(self.scale / max(1.0, cuantas[self.mode]))
        if self.distribution == "uniform":  # La varianza de una uniforme en ±L es L²/3
            limite = np.sqrt(3) * desviacion
            return RandomUniform(-limite, limite, self.seed)(shape, dtype)
        if self.distribution == "untruncated_normal":
            return RandomNormal(0.0, desviacion, self.seed)(shape, dtype)
        # Al quitar lo que pasa de dos desviaciones, la desviación baja a 0.8796 de lo que era
        return TruncatedNormal(0.0, desviacion / 0.87962566103423978, self.seed)(shape, dtype)


class GlorotUniform(VarianceScaling):
    """Uniformes en ±√(6 / (entradas + salidas)): el valor por defecto (Glorot y Bengio, 2010)."""

    def __init__(self, seed=None):
        super().__init__(1.0, "fan_avg", "uniform", seed)


class GlorotNormal(VarianceScaling):
    """Normales con varianza 2 / (entradas + salidas)."""

    def __init__(self, seed=None):
        super().__init__(1.0, "fan_avg", "truncated_normal", seed)


class HeUniform(VarianceScaling):
    """Uniformes con varianza 2 / entradas, para capas con relu (He, 2015)."""

    def __init__(self, seed=None):
        super().__init__(2.0, "fan_in", "uniform", seed)


class HeNormal(VarianceScaling):
    """Normales con varianza 2 / entradas, para capas con relu (He, 2015)."""

    def __init__(self, seed=None):
        super().__init__(2.0, "fan_in", "truncated_normal", seed)


class LecunUniform(VarianceScaling):
    """Uniformes con varianza 1 / entradas."""

    def __init__(self, seed=None):
        super().__init__(1.0, "fan_in", "uniform", seed)


class LecunNormal(VarianceScaling):
    """Normales con varianza 1 / entradas, para capas con selu."""

    def __init__(self, seed=None):
        super().__init__(1.0, "fan_in", "truncated_normal", seed)


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
