"""Cuando todo sale igual salvo por un factor constante: qué factor es y quién suele ponerlo."""

import math
from dataclasses import dataclass, replace

import numpy as np

from cursokeras.comparacion.causas.causa import Causa, Error
from cursokeras.comparacion.diferencias import IGUALES


@dataclass(frozen=True)
class Contexto:
    """Los tamaños que suelen aparecer como factores.

    Argumentos:
        filas: filas de todos los datos.
        batch_size: filas de un lote completo.
        d_out: salidas de la red.
        learning_rate: tasa de aprendizaje del modelo.
        por_clase: si la pérdida suma las salidas, como las entropías de varias clases.
        n: filas de un lote; lo que reciben las cuentas de `FACTORES`.
    """

    filas: int
    batch_size: int
    d_out: int
    learning_rate: float
    por_clase: bool = False
    n: int = 0


def _varias(s):
    return s.d_out > 1


def _suma(s):
    # Con una salida, o si Keras ya las suma, es lo mismo que sumar solo las filas.
    return s.d_out > 1 and not s.por_clase


# fmt: off
FACTORES = (
    Error("signo", "tiene el signo al revés", lambda s: -1),
    Error("en_cero", "da siempre cero", lambda s: 0),
    Error("sin_promediar_filas", "suma las filas del lote y no divide por ellas: Keras promedia "
        "las n filas", lambda s: s.n),
    Error("divide_por_batch_size", "divide por batch_size aunque el lote traiga menos filas: hay "
        "que dividir por len(x)", lambda s: s.n / s.batch_size),
    Error("divide_por_todas_las_filas", "divide por todas las filas de los datos y no por las del "
        "lote", lambda s: s.n / s.filas),
    Error("suma_salidas", "suma las salidas de cada fila en lugar de promediarlas (convención "
        "«suma»)", lambda s: s.d_out, _suma),
    Error("mitad", "es la mitad: usa la convención ½ (ŷ − y)², o le falta el 2 de derivar un "
        "cuadrado", lambda s: 1 / 2),
    Error("mitad_suma", "usa ½ Σ (ŷ − y)² (convención «mitad») en lugar del promedio de las "
        "salidas", lambda s: s.d_out / 2, _suma),
    Error("doble", "es el doble: sobra un 2, como el de derivar un cuadrado", lambda s: 2),
    Error("suma_todo", "suma todas las filas y todas las salidas, sin promediar",
        lambda s: s.n * s.d_out, _suma),
    Error("mitad_sin_promediar", "usa ½ Σ (ŷ − y)² sin dividir por las filas ni por las salidas",
        lambda s: s.n * s.d_out / 2),
    Error("doble_sin_promediar", "sobra un 2 y no divide por las filas", lambda s: 2 * s.n),
    Error("promedia_salidas", "divide por las salidas, y Keras no lo hace (o lo hace una sola vez)",
        lambda s: 1 / s.d_out, _varias),
    Error("mitad_promedia_salidas", "es la mitad y divide por las salidas, que Keras no vuelve a "
        "dividir", lambda s: 1 / (2 * s.d_out), _varias),
    Error("promedia_dos_veces", "divide dos veces por las filas del lote: quien la llama ya había "
        "dividido", lambda s: 1 / s.n),
    Error("mitad_promedia_dos_veces", "es la mitad y divide dos veces por las filas del lote",
        lambda s: 1 / (2 * s.n)),
    Error("divide_por_n_menos_1", "divide por n − 1 y no por las n filas del lote",
        lambda s: s.n / (s.n - 1) if s.n > 1 else np.nan),
    Error("divide_por_n_mas_1", "divide por n + 1 y no por n", lambda s: s.n / (s.n + 1)),
    Error("raiz_de_n", "divide por √n y no por las n filas del lote", lambda s: math.sqrt(s.n)),
    Error("logaritmo_base_2", "usa log₂ y Keras usa el logaritmo natural",
        lambda s: 1 / math.log(2)),
    Error("logaritmo_base_10", "usa log₁₀ y Keras usa el logaritmo natural",
        lambda s: 1 / math.log(10)),
    Error("en_porcentaje", "está multiplicada por 100, como un porcentaje", lambda s: 100),
    Error("tasa_incluida", "ya viene multiplicado por la tasa de aprendizaje, que es cosa del "
        "optimizador", lambda s: s.learning_rate),
    Error("signo_y_filas", "tiene el signo al revés y no divide por las filas del lote",
        lambda s: -s.n),
    Error("signo_y_mitad", "tiene el signo al revés y es la mitad", lambda s: -1 / 2),
    Error("signo_y_doble", "tiene el signo al revés y es el doble", lambda s: -2),
)
# fmt: on


def factores_posibles(que, pares, contexto, tolerancia=IGUALES):
    """Los factores conocidos que explican unos cocientes.

    Argumentos:
        que: sujeto de la frase, como "la pérdida".
        pares: lista de (n, cociente), de uno o más lotes; los nan no cuentan.
        contexto: `Contexto` con los tamaños.
        tolerancia: lo que puede apartarse un cociente.

    Devuelve:
        Parejas (`Causa`, lo que se aparta), para `elegir`.
    """
    pares = [(n, r) for n, r in pares if not np.isnan(r)]
    if not pares or all(abs(r - 1) < tolerancia for _, r in pares):
        return []
    cuanto = f"(es {rango([r for _, r in pares])} veces lo que da Keras)"
    posibles = []
    for error in FACTORES:
        escalas = [(replace(contexto, n=n), r) for n, r in pares]
        if all(error.sirve(s) for s, _ in escalas):
            lejos = max(_lejos(r, error.cuenta(s)) for s, r in escalas)
            if lejos <= tolerancia:
                texto = f"{que} {error.frase(contexto)} {cuanto}"
                posibles.append((Causa(error.clave, texto), lejos))
    return posibles


def _lejos(r, factor):
    return abs(r - factor) / max(abs(r), abs(factor), 1e-30)


def factor_constante(que, pares, tolerancia=IGUALES):
    """La causa de unos cocientes iguales en varios lotes, si ninguno es un factor conocido."""
    razones = [r for _, r in pares if not np.isnan(r)]
    if len(razones) < 2 or np.ptp(razones) > tolerancia * abs(razones[0]):
        return None
    if abs(razones[0] - 1) < tolerancia:
        return None
    return Causa("factor_constante", f"{que} es siempre {rango(razones)} veces lo que da Keras")


def rango(valores):
    """Un número, o el menor y el mayor de varios."""
    menor, mayor = min(valores), max(valores)
    return f"{menor:.4g}" if mayor - menor <= IGUALES * abs(mayor) else f"{menor:.4g} a {mayor:.4g}"
