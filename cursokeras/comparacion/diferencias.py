"""Cuánto difieren dos cuentas que deberían dar lo mismo, sin confundir el redondeo con un error."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

# Las columnas de la tabla de `comparar` que se miden contra la tolerancia.
DIFERENCIAS = ("activaciones", "pérdida", "gradientes", "pesos")
# El ruido se estima con unas pocas muestras: lo que lo pasa por poco todavía puede ser ruido.
VECES_EL_RUIDO = 20
# TensorFlow toma por cero los números menores que 1e-38 y NumPy no; al multiplicarlos, crecen.
_CASI_CERO = 1e-30
# Al divergir, una red pasa el mayor float32, 3e38, un lote antes que la otra según cómo redondee.
_CASI_INFINITO = 1e30
# Por debajo de esto un cociente es constante: es redondeo de float32, no otra cuenta.
IGUALES = 1e-3
# Un arreglo mucho menor que los demás de su lista solo trae redondeo.
_DESPRECIABLE = 1e-4


@dataclass(frozen=True)
class Cuentas:
    """Lo que calcula una red con un lote, antes de mover sus pesos.

    Argumentos:
        salidas: la salida de cada capa.
        perdida: la pérdida del lote.
        grads: el gradiente de cada peso.

    Un `None` es algo que la red no muestra.
    """

    salidas: list
    perdida: float
    grads: list

    def todas(self):
        """Devuelve todos los números en el orden en que se calculan."""
        return [*self.salidas, self.perdida, *self.grads]

    def con(self, todas):
        """Devuelve otras `Cuentas` de la misma red, con los números dados."""
        capas = len(self.salidas)
        return Cuentas(todas[:capas], todas[capas], todas[capas + 1 :])


def diferencia_relativa(a, b, escala=0.0):
    """La mayor diferencia entre dos arreglos, en proporción al mayor de sus valores.

    Argumentos:
        a, b: arreglos o números.
        escala: lo menos que puede valer el divisor.

    Devuelve:
        Un número desde 0; infinito si las formas son distintas, o si uno tiene nan o infinito
        donde el otro no. Donde los dos desbordan, o el otro está por hacerlo, no difieren.

    Ejemplo:
        >>> diferencia_relativa([1.0, 2.0], [1.0, 2.5])
        0.2
        >>> diferencia_relativa([np.nan, 1.0], [np.nan, 1.0]), diferencia_relativa(np.nan, 1.0)
        (0.0, inf)
    """
    a, b = np.asarray(a, dtype="float64"), np.asarray(b, dtype="float64")
    if a.shape != b.shape:
        return np.inf
    if _solo_una_desborda(a, b) or _solo_una_desborda(b, a):
        return np.inf
    finitos = np.isfinite(a) & np.isfinite(b)
    a, b = a[finitos], b[finitos]
    distancia = np.abs(a - b).max(initial=0.0)
    if distancia < _CASI_CERO:
        return 0.0
    return float(distancia / max(np.abs(a).max(), np.abs(b).max(), escala))


def _solo_una_desborda(a, b):
    return bool((~np.isfinite(a) & (np.abs(b) < _CASI_INFINITO)).any())


def comparar_cuentas(referencia, otra, medir_ruido, tolerancia):
    """Compara dos `Cuentas` y devuelve otra, con la diferencia relativa en lugar de cada número.

    Una resta de números casi iguales deja solo redondeo, y ahí la diferencia relativa no dice
    nada. Por eso lo que pasa la tolerancia se compara además con el ruido.

    Argumentos:
        referencia, otra: `Cuentas` desde los mismos pesos y con el mismo lote.
        medir_ruido: función sin argumentos que devuelve `Cuentas` con el ruido de cada número, y
            que solo se llama si hace falta; `None` no mira el ruido.
        tolerancia: la diferencia relativa que se acepta.

    Devuelve:
        `Cuentas` de diferencias; nan donde una de las dos no muestra el número.
    """
    pares = list(zip(referencia.todas(), otra.todas(), strict=True))
    diferencias = [_diferencia(a, b) for a, b in pares]
    if medir_ruido is not None and mayor(diferencias) > tolerancia:
        escalas = [VECES_EL_RUIDO * ruido / tolerancia for ruido in medir_ruido().todas()]
        diferencias = [_diferencia(a, b, e) for (a, b), e in zip(pares, escalas, strict=True)]
    return referencia.con(diferencias)


def mayor(diferencias):
    """La mayor diferencia conocida, o nan si no se conoce ninguna."""
    conocidas = [d for d in diferencias if not np.isnan(d)]
    return float(max(conocidas, default=np.nan))


def _diferencia(a, b, escala=0.0):
    return np.nan if b is None else diferencia_relativa(a, b, escala)


class Razon(NamedTuple):
    """Por cuánto hay que multiplicar lo de Keras para tener lo de la otra red, en un lote.

    Argumentos:
        n: filas del lote.
        perdida, grads: los cocientes; nan si no hay un factor constante o no se conoce.
    """

    n: int
    perdida: float
    grads: float


def razones(paso):
    """Devuelve la `Razon` de un paso."""
    return Razon(
        len(paso.x),
        cociente([paso.otra.perdida], [paso.keras.perdida]),
        cociente(paso.otra.grads, paso.keras.grads),
    )


def cociente(obtenidos, correctos, ruidos=None):
    """El número r con obtenido = r · correcto en todos los arreglos, o nan si no lo hay.

    Argumentos:
        obtenidos, correctos: listas de arreglos o números.
        ruidos: por arreglo, lo que puede ser redondeo; `None` es cero.

    Ejemplo:
        >>> cociente([[2.0, 4.0], 6.0], [[1.0, 2.0], 3.0])
        2.0
    """
    pares = list(zip(obtenidos, correctos, strict=True))
    if not pares or any(o is None or np.shape(o) != np.shape(c) for o, c in pares):
        return np.nan
    pares = [(np.ravel(o), np.ravel(c)) for o, c in pares]
    otro, propio = (np.concatenate(lado).astype("float64") for lado in zip(*pares, strict=True))
    norma = propio @ propio
    if not (np.isfinite(otro).all() and np.isfinite(norma) and norma > 0):
        return np.nan
    r = otro @ propio / norma
    tamanos = [abs(r) * np.abs(c).max(initial=0.0) for _, c in pares]
    piso = _DESPRECIABLE * max(tamanos)
    for (o, c), tamano, ruido in zip(pares, tamanos, ruidos or [0.0] * len(pares), strict=True):
        if np.abs(o - r * c).max(initial=0.0) > IGUALES * max(tamano, piso) + ruido:
            return np.nan
    return float(r)
