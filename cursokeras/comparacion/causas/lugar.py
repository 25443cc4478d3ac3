"""Dónde se separan las dos redes: el lote, la capa y qué número es distinto primero."""

from typing import NamedTuple


class PrimerPaso(NamedTuple):
    """Dónde se separan dos redes por primera vez.

    Argumentos:
        epoca, lote: números desde 1; el lote se cuenta dentro de la época.
        capa: nombre de la capa de Keras; "" si es la pérdida, si son varias capas o si la otra
            red no muestra lo suficiente para saberlo.
        que: "activación", "pérdida", "gradiente" o "peso".
        detalle: los pesos que son distintos, como "kernel y bias de 'dense'", o "".
    """

    epoca: int
    lote: int
    capa: str
    que: str
    detalle: str = ""


def lugar_del_calculo(gemela, paso, tolerancia):
    """El primer número distinto de un lote, en el orden en que se calculan.

    Argumentos:
        gemela: la red correcta, con los nombres de las capas de Keras.
        paso: `Paso` con alguna activación, pérdida o gradiente distintos.
        tolerancia: diferencia relativa que se acepta.

    Devuelve:
        `PrimerPaso`.
    """
    donde = (paso.epoca, paso.lote)
    i = primera_salida_distinta(paso, tolerancia)
    if i is not None:
        # Si no muestra la salida de la capa anterior, el error puede venir de más atrás.
        se_sabe = i == 0 or paso.otra.salidas[i - 1] is not None
        return PrimerPaso(*donde, gemela.layers[i].name if se_sabe else "", "activación")
    if paso.diferencias.perdida > tolerancia:
        return PrimerPaso(*donde, "", "pérdida")
    i, distintos = capa_del_gradiente(gemela, paso.diferencias.grads, tolerancia)
    return PrimerPaso(
        *donde, gemela.layers[i].name, "gradiente", nombres_de_los_pesos(gemela, distintos)
    )


def primera_salida_distinta(paso, tolerancia):
    """El número de la primera capa cuya salida es distinta, o `None`."""
    distintas = (i for i, d in enumerate(paso.diferencias.salidas) if d > tolerancia)
    return next(distintas, None)


def lugar_de_los_pesos(gemela, paso, diferencias, tolerancia):
    """Las capas cuyos pesos son distintos después de un lote.

    Argumentos:
        gemela, paso, tolerancia: como en `lugar_del_calculo`.
        diferencias: una diferencia relativa por peso.
    """
    distintos = [k for k, d in enumerate(diferencias) if d > tolerancia]
    capas = {_pesos(gemela)[k][0] for k in distintos}
    capa = capas.pop() if len(capas) == 1 else ""
    return PrimerPaso(paso.epoca, paso.lote, capa, "peso", nombres_de_los_pesos(gemela, distintos))


def capa_del_gradiente(gemela, diferencias, tolerancia):
    """La última capa con un gradiente distinto: hacia atrás, es la primera que se calcula.

    Devuelve:
        El número de la capa y los índices, en la lista de gradientes, de los que son distintos.
    """
    fin = len(diferencias)
    for i in reversed(range(len(gemela.layers))):
        inicio = fin - len(gemela.layers[i].weights)
        distintos = [k for k in range(inicio, fin) if diferencias[k] > tolerancia]
        if distintos:
            return i, distintos
        fin = inicio
    raise ValueError("ningún gradiente es distinto")


def nombres_de_los_pesos(gemela, indices):
    """Devuelve cómo llamar a unos pesos por sus números: «kernel y bias de 'dense'»."""
    por_capa = {}
    for capa, parametro in (_pesos(gemela)[k] for k in indices):
        por_capa.setdefault(capa, []).append(parametro)
    return "; ".join(f"{' y '.join(p)} de {capa!r}" for capa, p in por_capa.items())


def _pesos(gemela):
    """La capa y el parámetro de cada peso, en orden."""
    return [
        (capa.name, parametro)
        for capa in gemela.layers
        for parametro, _ in zip(("kernel", "bias"), capa.weights, strict=False)
    ]
