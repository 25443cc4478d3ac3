"""Cuando todo sale igual salvo por un factor constante: qué factor es y quién suele ponerlo."""

import math
from dataclasses import dataclass

import numpy as np

from cursokeras.comparacion.causas.causa import Causa
from cursokeras.comparacion.diferencias import IGUALES


@dataclass(frozen=True)
class Contexto:
    """Los tamaños que suelen aparecer como factores.

    Argumentos:
        filas: filas de todos los datos.
        batch_size: filas de un lote completo.
        d_out: salidas de la red.
        learning_rate: tasa de aprendizaje del modelo.
    """

    filas: int
    batch_size: int
    d_out: int
    learning_rate: float


# Con una sola salida, sumar las salidas o promediarlas es lo mismo.
_IGUALES_CON_UNA_SALIDA = ("mitad_suma", "suma_todo")
# clave, factor en función del lote (n filas) y del contexto, y qué significa.
_FACTORES = (
    ("signo", lambda n, c: -1, "tiene el signo al revés"),
    (
        "sin_promediar_filas",
        lambda n, c: n,
        "suma las filas del lote y no divide por ellas: Keras promedia las n filas",
    ),
    (
        "divide_por_batch_size",
        lambda n, c: n / c.batch_size,
        "divide por batch_size aunque el lote traiga menos filas: hay que dividir por len(x)",
    ),
    (
        "divide_por_todas_las_filas",
        lambda n, c: n / c.filas,
        "divide por todas las filas de los datos y no por las del lote",
    ),
    (
        "suma_salidas",
        lambda n, c: c.d_out,
        "suma las salidas de cada fila en lugar de promediarlas (convención «suma»)",
    ),
    (
        "mitad",
        lambda n, c: 1 / 2,
        "es la mitad: usa la convención ½ (ŷ − y)², o le falta el 2 de derivar un cuadrado",
    ),
    (
        "mitad_suma",
        lambda n, c: c.d_out / 2,
        "usa ½ Σ (ŷ − y)² (convención «mitad») en lugar del promedio de las salidas",
    ),
    (
        "suma_todo",
        lambda n, c: n * c.d_out,
        "suma todas las filas y todas las salidas, sin promediar",
    ),
    (
        "mitad_sin_promediar",
        lambda n, c: n * c.d_out / 2,
        "usa ½ Σ (ŷ − y)² sin dividir por las filas ni por las salidas",
    ),
    ("doble", lambda n, c: 2, "es el doble: sobra un 2, como el de derivar un cuadrado"),
    (
        "promedia_salidas",
        lambda n, c: 1 / c.d_out,
        "divide por las salidas, y Keras no lo hace (o lo hace una sola vez)",
    ),
    (
        "promedia_dos_veces",
        lambda n, c: 1 / n,
        "divide dos veces por las filas del lote: quien la llama ya había dividido",
    ),
    ("logaritmo_base_2", lambda n, c: 1 / math.log(2), "usa log₂ y Keras usa el logaritmo natural"),
    (
        "logaritmo_base_10",
        lambda n, c: 1 / math.log(10),
        "usa log₁₀ y Keras usa el logaritmo natural",
    ),
    (
        "tasa_incluida",
        lambda n, c: c.learning_rate,
        "ya viene multiplicado por la tasa de aprendizaje, que es cosa del optimizador",
    ),
)


def nombrar_factor(que, pares, contexto):
    """Dice qué factor explica unos cocientes, si es uno conocido.

    Argumentos:
        que: sujeto de la frase, como "la pérdida".
        pares: lista de (n, cociente), de uno o más lotes; los nan no cuentan.
        contexto: `Contexto` con los tamaños.

    Devuelve:
        Una `Causa`, o `None` si no hay un factor que sirva para todos los lotes.
    """
    pares = [(n, r) for n, r in pares if not np.isnan(r)]
    if not pares or all(abs(r - 1) < IGUALES for _, r in pares):
        return None
    conocidos = [
        (clave, texto)
        for clave, factor, texto in _FACTORES
        if not (contexto.d_out == 1 and clave in _IGUALES_CON_UNA_SALIDA)
        and all(math.isclose(r, factor(n, contexto), rel_tol=IGUALES) for n, r in pares)
    ]
    cuanto = _rango([r for _, r in pares])
    if conocidos:
        (clave, texto), *otros = conocidos
        otra = f". También podría ser que {otros[0][1]}" if otros else ""
        return Causa(clave, f"{que} {texto} (es {cuanto} veces lo que da Keras){otra}")
    if len(pares) < 2 or np.ptp([r for _, r in pares]) > IGUALES * abs(pares[0][1]):
        return None
    return Causa("factor_constante", f"{que} es siempre {cuanto} veces lo que da Keras")


def _rango(valores):
    menor, mayor = min(valores), max(valores)
    return f"{menor:.4g}" if mayor - menor <= IGUALES * abs(mayor) else f"{menor:.4g} a {mayor:.4g}"
