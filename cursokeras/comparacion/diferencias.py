"""Cuánto difieren dos cuentas que deberían dar lo mismo, sin confundir el redondeo con un error."""

from dataclasses import dataclass

import numpy as np

# Sumar en otro orden mueve un resultado algunas veces más que cambiar su última cifra.
_VECES_EL_REDONDEO = 20


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


def diferencia_relativa(a, b, escala=0.0):
    """La mayor diferencia entre dos arreglos, en proporción al mayor de sus valores.

    Argumentos:
        a, b: arreglos o números.
        escala: lo menos que puede valer el divisor.

    Devuelve:
        Un número desde 0; infinito si las formas son distintas, o si uno tiene nan o infinito
        donde el otro no. Si los dos lo tienen en el mismo lugar, ahí no difieren.

    Ejemplo:
        >>> diferencia_relativa([1.0, 2.0], [1.0, 2.5])
        0.2
        >>> diferencia_relativa([np.nan, 1.0], [np.nan, 1.0]), diferencia_relativa(np.nan, 1.0)
        (0.0, inf)
    """
    a, b = np.asarray(a, dtype="float64"), np.asarray(b, dtype="float64")
    if a.shape != b.shape:
        return np.inf
    finitos = np.isfinite(a) & np.isfinite(b)
    if not np.array_equal(a[~finitos], b[~finitos], equal_nan=True):
        return np.inf
    a, b = a[finitos], b[finitos]
    distancia = np.abs(a - b).max(initial=0.0)
    if distancia == 0:
        return 0.0
    return float(distancia / max(np.abs(a).max(), np.abs(b).max(), escala))


def comparar_cuentas(referencia, otra, vecinas, tolerancia):
    """Compara dos `Cuentas` y devuelve otra, con la diferencia relativa en lugar de cada número.

    Una resta de números casi iguales deja solo redondeo, y ahí la diferencia relativa no dice
    nada. Por eso lo que pasa la tolerancia se compara además con el ruido: cuánto cambia la
    propia referencia cuando los datos y los pesos cambian en su última cifra.

    Argumentos:
        referencia, otra: `Cuentas` desde los mismos pesos y con el mismo lote.
        vecinas: función sin argumentos que devuelve una lista de `Cuentas` de la referencia con
            datos y pesos movidos en su última cifra, que solo se llama si hace falta; `None` no
            mira el ruido.
        tolerancia: la diferencia relativa que se acepta.

    Devuelve:
        `Cuentas` de diferencias; nan donde una de las dos no muestra el número.
    """
    pares = list(zip(referencia.todas(), otra.todas(), strict=True))
    diferencias = [_diferencia(a, b) for a, b in pares]
    if vecinas is not None and mayor(diferencias) > tolerancia:
        ruidos = _ruidos(referencia, vecinas())
        escalas = [_VECES_EL_REDONDEO * ruido / tolerancia for ruido in ruidos]
        diferencias = [_diferencia(a, b, e) for (a, b), e in zip(pares, escalas, strict=True)]
    capas = len(referencia.salidas)
    return Cuentas(diferencias[:capas], diferencias[capas], diferencias[capas + 1 :])


def mayor(diferencias):
    """La mayor diferencia conocida, o nan si no se conoce ninguna."""
    conocidas = [d for d in diferencias if not np.isnan(d)]
    return max(conocidas, default=np.nan)


def _diferencia(a, b, escala=0.0):
    return np.nan if b is None else diferencia_relativa(a, b, escala)


def _ruidos(centro, vecinas):
    """Cuánto se mueve cada arreglo, como máximo, entre el centro y sus vecinas."""
    filas = [
        [_distancia(a, v) for a, v in zip(centro.todas(), vecina.todas(), strict=True)]
        for vecina in vecinas
    ]
    return np.max(filas, axis=0)


def _distancia(a, b):
    with np.errstate(invalid="ignore"):  # Infinito menos infinito: se descarta enseguida.
        resta = np.asarray(a, dtype="float64") - np.asarray(b, dtype="float64")
    return np.abs(resta[np.isfinite(resta)]).max(initial=0.0)
