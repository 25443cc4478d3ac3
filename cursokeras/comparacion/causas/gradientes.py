"""Por qué los gradientes no son los de Keras, si las predicciones y la pérdida sí lo son."""

from dataclasses import replace

import numpy as np

from cursokeras.comparacion.causas.causa import Causa, explica
from cursokeras.comparacion.causas.factores import nombrar_factor
from cursokeras.comparacion.causas.lugar import capa_del_gradiente
from cursokeras.comparacion.causas.reglas import REGLAS, reglas_de_la_cabeza
from cursokeras.comparacion.diferencias import cociente, diferencia_relativa, mayor
from cursokeras.comparacion.pasada import Pasada
from cursokeras.desde_cero.optimizers import SGD

# Un gradiente deducido de dos pesos casi iguales pierde cifras.
_DEDUCIDA = 1e-2


def causa_de_gradiente(gemela, recorrido, contexto):
    """Busca la cuenta que da los gradientes obtenidos.

    Argumentos:
        gemela: la red correcta, en float64.
        recorrido: `Recorrido` cuyo expediente `calculo` empieza con otros gradientes.
        contexto: `Contexto` con los tamaños.

    Devuelve:
        Una `Causa`, o `None` si no se reconoce.
    """
    paso = recorrido.calculo.pasos[0]
    if any(g is None for g in paso.otra.grads):
        return None
    iniciales, tolerancia = recorrido.referencia.pesos_iniciales, recorrido.tolerancia
    return (
        _viejos(recorrido.calculo)
        or _factor_conocido(recorrido.razones, contexto)
        or _regla(gemela, paso, iniciales, tolerancia)
        or _factor_de_una_parte(paso, contexto, tolerancia)
        or _recorte(paso)
        or _recorte_de_la_norma(recorrido.calculo.pasos)
    )


def causa_deducida(gemela, recorrido, contexto):
    """Busca la causa en los gradientes de una red que no los muestra.

    Con SGD sin momento se deducen de lo que se movieron los pesos, si la tasa es la de Keras.

    Argumentos:
        gemela, contexto: como en `causa_de_gradiente`.
        recorrido: `Recorrido` cuyo expediente `actualizacion` empieza con otros pesos.
    """
    paso, o = recorrido.actualizacion.pasos[0], gemela.optimizer
    if not isinstance(o, SGD) or o.momentum or any(g is not None for g in paso.otra.grads):
        return None
    pares = zip(paso.antes, paso.despues, strict=True)
    grads = [(antes.astype("float64") - despues) / o.learning_rate for antes, despues in pares]
    diferencias = list(map(diferencia_relativa, paso.keras.grads, grads))
    if mayor(diferencias) <= _DEDUCIDA:
        return None
    deducido = replace(
        paso,
        otra=replace(paso.otra, grads=grads),
        diferencias=replace(paso.diferencias, grads=diferencias),
    )
    iniciales = recorrido.referencia.pesos_iniciales
    causa = _regla(gemela, deducido, iniciales, _DEDUCIDA) or _factor_de_una_parte(
        deducido, contexto, _DEDUCIDA
    )
    return causa and causa._replace(texto=f"si su tasa es la de Keras, {causa.texto}")


def _viejos(expediente):
    """Gradientes que traen algo del lote anterior."""
    if expediente.anterior is None or any(g is None for g in expediente.anterior.otra.grads):
        return None
    paso, previos = expediente.pasos[0], expediente.anterior.otra.grads
    obtenidos, correctos = paso.otra.grads, paso.keras.grads
    if explica(previos, obtenidos, correctos):
        texto = "son los del lote anterior: no se vuelven a calcular en cada lote"
        return Causa("gradientes_del_lote_anterior", f"los gradientes {texto}")
    suma = [c + p for c, p in zip(correctos, previos, strict=True)]
    if explica(suma, obtenidos, correctos):
        return Causa(
            "gradientes_acumulados",
            "los gradientes se suman a los del lote anterior: hay que ponerlos en cero antes de "
            "cada lote (no antes de cada época)",
        )
    return None


def _factor_conocido(razones, contexto):
    causa = nombrar_factor("el gradiente", [(r.n, r.grads) for r in razones], contexto)
    return None if causa is None or causa.clave == "factor_constante" else causa


def _regla(gemela, paso, iniciales, tolerancia):
    """La primera regla que da todos los gradientes; si no, la que da los de la primera capa."""
    gemela.set_weights(paso.antes)
    salida = gemela.forward(paso.x)
    y = gemela.loss.preparar(paso.y, salida.shape[-1], salida.dtype)
    pasada = Pasada(gemela, y, iniciales, paso.despues)
    _, distintos = capa_del_gradiente(gemela, paso.diferencias.grads, tolerancia)
    for indices in (range(len(paso.antes)), distintos):
        for regla, donde, lugar in _intentos(gemela, y):
            with np.errstate(all="ignore"):
                candidatos = pasada.hacia_atras(regla, donde)
            elegidos = ([v[k] for k in indices] for v in (candidatos, paso.otra.grads))
            if explica(*elegidos, [paso.keras.grads[k] for k in indices]):
                return Causa(regla.clave, f"en {lugar} {regla.texto}")
    return None


def _intentos(gemela, y):
    """Cada regla en cada capa, de la última a la primera, y luego en todas."""
    n = len(gemela.layers)
    for regla in reglas_de_la_cabeza(gemela.loss, y):
        yield regla, (n - 1,), "la cabeza"
    for regla in REGLAS:
        for i in reversed(range(n)):
            yield regla, (i,), f"la capa {gemela.layers[i].name!r}"
        yield regla, range(n), "cada capa"


def _factor_de_una_parte(paso, contexto, tolerancia):
    """Un factor constante en todos los gradientes distintos, o en cada uno por su lado."""
    distintos = [k for k, d in enumerate(paso.diferencias.grads) if d > tolerancia]
    obtenidos, correctos = paso.otra.grads, paso.keras.grads
    for indices in (distintos, distintos[-1:], distintos[-2:-1]):
        r = cociente([obtenidos[k] for k in indices], [correctos[k] for k in indices])
        causa = nombrar_factor("ese gradiente", [(len(paso.x), r)], contexto)
        if causa is not None:
            return causa
    return None


def _recorte(paso):
    """Gradientes cortados en un valor máximo."""
    obtenidos = paso.otra.grads
    tope = max(np.abs(g).max(initial=0.0) for g in obtenidos)
    recortados = [np.clip(g, -tope, tope) for g in paso.keras.grads]
    if explica(recortados, obtenidos, paso.keras.grads):
        return Causa(
            "gradientes_recortados",
            f"los gradientes se recortan entre −{tope:.4g} y {tope:.4g}, y los de Keras no",
        )
    return None


def _recorte_de_la_norma(pasos):
    """Gradientes con la dirección de Keras, encogidos hasta una norma que no cambia."""
    razones = [cociente(paso.otra.grads, paso.keras.grads) for paso in pasos]
    normas = [
        np.sqrt(sum(np.sum(np.square(g, dtype="float64")) for g in paso.otra.grads))
        for paso, r in zip(pasos, razones, strict=True)
        if abs(r - 1) > 1e-3
    ]
    if len(normas) < 2 or np.ptp(normas) > 1e-3 * normas[0]:
        return None
    return Causa(
        "norma_recortada",
        f"los gradientes se llevan a una norma de {normas[0]:.4g}, todos juntos, y los de Keras no "
        "(su clipnorm)",
    )
