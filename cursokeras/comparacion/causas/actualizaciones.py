"""Por qué los pesos no se mueven como en Keras, si los gradientes son los mismos."""

from itertools import chain

import numpy as np

from cursokeras.comparacion.causas.causa import Causa, explica
from cursokeras.comparacion.causas.factores import nombrar_factor
from cursokeras.comparacion.causas.lugar import nombres_de_los_pesos
from cursokeras.comparacion.causas.movimientos import simular, variantes
from cursokeras.comparacion.diferencias import cociente


def causa_de_actualizacion(gemela, expediente, contexto):
    """Busca la regla de actualización que da los pesos obtenidos.

    Argumentos:
        gemela: la red correcta; se usan su optimizador y los nombres de sus capas.
        expediente: `Expediente` cuyo primer paso llega a otros pesos.
        contexto: `Contexto` con los tamaños.

    Devuelve:
        Una `Causa`, o `None` si no se reconoce.
    """
    paso = expediente.pasos[0]
    return (
        causa_de_descarte(paso, contexto)
        or _sin_moverse(gemela, paso)
        or _otra_regla(gemela.optimizer, expediente)
        or _otra_tasa(gemela.optimizer, expediente, contexto)
        or _termino_de_mas(gemela.optimizer, expediente)
    )


def _movidos(paso):
    """Lo que se movió cada peso, y lo que debía moverse."""
    return [
        [np.asarray(w, "float64") - antes for w, antes in zip(pesos, paso.antes, strict=True)]
        for pesos in (paso.despues, paso.esperados)
    ]


def causa_de_descarte(paso, contexto):
    """Reconoce un último lote incompleto con el que la otra red no entrena."""
    if len(paso.x) == contexto.batch_size or not paso.lote > 1:
        return None
    obtenidos, correctos = _movidos(paso)
    if any(map(np.any, obtenidos)) or not any(map(np.any, correctos)):
        return None
    return Causa(
        "descarta_el_ultimo_lote",
        f"no entrena con el último lote, que trae {len(paso.x)} filas y no {contexto.batch_size}: "
        "Keras también lo usa",
    )


def _sin_moverse(gemela, paso):
    pares = list(zip(*_movidos(paso), strict=True))
    quietos = [k for k, (o, c) in enumerate(pares) if not np.any(o) and np.any(c)]
    if not quietos:
        return None
    if any(np.any(o) for o, _ in pares):
        nombres = nombres_de_los_pesos(gemela, quietos)
        return Causa("pesos_que_no_se_mueven", f"estos pesos no se actualizan: {nombres}")
    return Causa("no_se_mueve", "calcula los gradientes y no mueve ningún peso")


def _otra_regla(optimizador, expediente):
    """La primera variante del optimizador que da los movimientos de todos los pasos guardados."""
    pasos = expediente.pasos
    obtenidos, correctos = map(_en_fila, zip(*map(_movidos, pasos), strict=True))
    for causa, regla in variantes(optimizador):
        with np.errstate(all="ignore"):
            candidatos = _en_fila(simular(regla, pasos))
        if explica(candidatos, obtenidos, correctos):
            return causa
    return None


def _en_fila(listas):
    return list(chain.from_iterable(listas))


def _otra_tasa(optimizador, expediente, contexto):
    """Un movimiento proporcional al de Keras: la tasa de aprendizaje, o un factor del gradiente."""
    pares = [(len(paso.x), cociente(*_movidos(paso))) for paso in expediente.pasos]
    razones = [r for _, r in pares]
    if np.isnan(razones).any():
        return None
    factor = nombrar_factor("lo que se mueven los pesos", pares, contexto)
    tasa = optimizador.learning_rate
    if factor is None and len(razones) > 1:
        tasas = ", ".join(f"{tasa * r:.4g}" for r in razones)
        texto = (
            f"la tasa de aprendizaje cambia con los lotes ({tasas}...) y la de Keras es {tasa:g}"
        )
        return Causa("tasa_que_cambia", texto)
    if factor is None or factor.clave == "signo":
        signo = "suma el gradiente en lugar de restarlo: así la pérdida sube"
        return factor and Causa("signo", signo)
    if np.ptp(razones) > 1e-3 * abs(razones[0]):
        return factor
    texto = (
        f"la tasa de aprendizaje es {tasa * razones[0]:.4g} y la de Keras es {tasa:.4g}: todos "
        f"los pesos se mueven {razones[0]:.4g} veces lo debido"
    )
    if np.isclose(razones[0], 2, rtol=1e-3):
        texto += ", o el paso se da dos veces"
    if paso_sin_gradientes(expediente.pasos[0]):
        texto += (
            f". Tu red no muestra sus gradientes, así que también podría ser que {factor.texto}"
        )
    return Causa("tasa_de_aprendizaje", texto)


def paso_sin_gradientes(paso):
    """Dice si la otra red no muestra sus gradientes."""
    return any(g is None for g in paso.otra.grads)


def _termino_de_mas(optimizador, expediente):
    """Un término extra proporcional a los pesos, o al movimiento anterior."""
    paso, anterior = expediente.pasos[0], expediente.anterior
    obtenidos, correctos = _movidos(paso)
    resto = [o - c for o, c in zip(obtenidos, correctos, strict=True)]
    r = cociente(resto, paso.antes)
    if not np.isnan(r):
        return Causa(
            "encoge_los_pesos",
            f"además del gradiente, cada paso multiplica los pesos por {1 + r:.6g} (weight decay)",
        )
    if anterior is not None:
        r = cociente(resto, _movidos(anterior)[0])
        if not np.isnan(r):
            return Causa(
                "otro_momento",
                f"suma {r:.4g} veces el movimiento anterior: un momento que Keras no usa, o "
                "distinto del suyo",
            )
    return None
