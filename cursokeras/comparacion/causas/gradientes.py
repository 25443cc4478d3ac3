"""Por qué los gradientes no son los de Keras, si las predicciones y la pérdida sí lo son."""

from functools import partial
from itertools import accumulate

import numpy as np

from cursokeras.comparacion.causas.causa import Causa, elegir, resto_en_todos
from cursokeras.comparacion.causas.lugar import nombres_de_los_pesos
from cursokeras.comparacion.causas.tablas.datos import DATOS, lotes_de
from cursokeras.comparacion.causas.tablas.factores import (
    FACTORES,
    factor_constante,
    factores_posibles,
)
from cursokeras.comparacion.causas.tablas.reglas import REGLAS
from cursokeras.comparacion.diferencias import cociente

# De cuántas primeras causas se busca una segunda.
_PARES = 6


def causa_de_gradiente(blanco, contexto, tolerancia):
    """Busca la cuenta que da los gradientes obtenidos.

    Argumentos:
        blanco: `Blanco`, cuyo primer lote tiene otros gradientes.
        contexto: `Contexto` con los tamaños.
        tolerancia: diferencia relativa que se acepta.

    Devuelve:
        Una `Causa`, o `None` si no se reconoce.
    """
    if any(g is None for s in blanco.escenas for g in blanco.obtenidos(s)):
        return None
    return (
        elegir(posibles_de_gradiente(blanco, contexto))
        or _factor_de_una_parte(blanco, contexto, tolerancia, todos=True)
        or recorte(blanco)
        or _regularizador_de_mas(blanco)
        or pareja(blanco, contexto, tolerancia)
        or _factor_de_una_parte(blanco, contexto, tolerancia, todos=False)
        or factor_constante(blanco.que, list(enumerate(blanco.razones())))
    )


def posibles_de_gradiente(blanco, contexto):
    """Parejas (`Causa`, lo que deja sin explicar) de un solo error."""
    pares = [(s.n, blanco.razon(s)) for s in blanco.escenas]
    if blanco.muestra and not any(np.isnan(r) for _, r in pares):
        yield from factores_posibles(blanco.que, pares, contexto)
    yield from _con_historia(blanco)
    for error in DATOS:
        if error.sirve(blanco.escenas[0]):
            yield _causa(error, blanco, ""), blanco.sobra_con_datos(partial(lotes_de, error))
    for error, donde, lugar in intentos(blanco):
        yield _causa(error, blanco, f"en {lugar} "), blanco.sobra(_con(error, donde))


def _causa(error, blanco, antes):
    return Causa(error.clave, antes + error.frase(blanco.escenas[0]))


def _con(*errores):
    """La cuenta de unos gradientes con errores: parejas alternadas de `Error` y capas."""
    parejas = list(zip(errores[::2], errores[1::2], strict=True))
    return lambda s: s.pasada.hacia_atras(*parejas)


def intentos(blanco):
    """Cada regla donde puede cometerse: en una capa, en todas, o en todas las ocultas."""
    escena = blanco.escenas[0]
    eslabones = list(escena.pasada.eslabones())
    n = len(eslabones)
    for error in REGLAS:
        with np.errstate(all="ignore"):
            capas = [n - 1 - j for j, e in enumerate(eslabones) if error.sirve(e)]
        for i in capas:
            yield error, (i,), f"la capa {escena.red.layers[i].name!r}"
        if len(capas) > 1:
            yield error, tuple(capas), "cada capa"
        ocultas = tuple(i for i in capas if i < n - 1)
        if 1 < len(ocultas) < len(capas):
            yield error, ocultas, "cada capa oculta"


def _con_historia(blanco):
    """Gradientes que traen algo de los lotes anteriores."""
    for clave, texto, historia in _HISTORIAS:
        yield Causa(clave, texto), blanco.sobra(lambda s, h=historia: h(s, blanco.muestra))
    if blanco.muestra:
        yield Causa(*_HISTORIAS[0][:2]), _parados(blanco)


def _parados(blanco):
    """Donde los gradientes son distintos, son los mismos números que mostraba el lote anterior."""
    for s in blanco.escenas:
        iguales = s.previa is not None and all(
            np.shape(g) == np.shape(p) and np.allclose(g, p, rtol=1e-6, atol=0)
            for g, p in zip(s.paso.otra.grads, s.previa.paso.otra.grads, strict=True)
        )
        if not iguales and not abs(blanco.razon(s) - 1) < 1e-3:
            return np.inf
    return 0.0


def _anteriores(s, muestra):
    """Los gradientes de los lotes anteriores que se guardaron, del más nuevo al más viejo."""
    while s.previa is not None:
        s = s.previa
        yield s.paso.otra.grads if muestra else s.paso.keras.grads


def _sumar(una, otra):
    return [a + b for a, b in zip(una, otra, strict=True)]


def _lote_anterior(s, muestra):
    return next(_anteriores(s, False), _del_primero(s))


def _del_primero(s):
    """En el primer lote del entrenamiento no hay nada que traer."""
    return s.grads if s.paso.numero == 1 else None


def _acumulados(s, muestra):
    if s.previa is None:
        return _del_primero(s)
    if muestra:
        return _sumar(s.paso.keras.grads, s.previa.paso.otra.grads)
    *_, todos = accumulate([s.paso.keras.grads, *_anteriores(s, muestra)], _sumar)
    return todos


def _promediados(s, muestra):
    previos = next(_anteriores(s, False), None)
    return previos and [(a + b) / 2 for a, b in zip(s.paso.keras.grads, previos, strict=True)]


_HISTORIAS = (
    (
        "gradientes_del_lote_anterior",
        "los gradientes son los del lote anterior: no se vuelven a calcular en cada lote",
        _lote_anterior,
    ),
    (
        "gradientes_acumulados",
        "los gradientes se suman a los de los lotes anteriores: hay que ponerlos en cero antes de "
        "cada lote (no antes de cada época)",
        _acumulados,
    ),
    (
        "gradientes_promediados",
        "los gradientes se promedian con los del lote anterior",
        _promediados,
    ),
)


def _factor_de_una_parte(blanco, contexto, tolerancia, todos):
    """Un factor constante en los pesos distintos; si no hace falta que en todos, en un grupo."""
    red = blanco.escenas[0].red
    distintos = blanco.distintos(tolerancia)
    grupos = [distintos, *grupos_de_pesos(red, distintos)]
    for indices in grupos:
        pares = [(s.n, blanco.razon(s, indices)) for s in blanco.escenas]
        if not indices or (todos and indices != distintos) or any(np.isnan(r) for _, r in pares):
            continue
        nombres = nombres_de_los_pesos(red, indices)
        que = f"el gradiente de {nombres}" if blanco.muestra else f"lo que se mueve {nombres}"
        causa = elegir(factores_posibles(que, pares, contexto)) or factor_constante(que, pares)
        if causa is not None:
            return causa
    return None


def grupos_de_pesos(red, indices):
    """Los sesgos, los kernels y cada capa, entre los pesos dados."""
    formas = [w.ndim for w in red.weights]
    yield [k for k in indices if formas[k] == 1]
    yield [k for k in indices if formas[k] > 1]
    k = len(formas)
    for capa in reversed(red.layers):
        k -= len(capa.weights)
        yield [j for j in indices if k <= j < k + len(capa.weights)]


def _regularizador_de_mas(blanco):
    """Un regularizador que el modelo no tiene: lo que sobra es proporcional a los pesos."""
    for cuales, de_que in ((slice(0, None, 2), "los kernels"), (slice(None), "todos los pesos")):
        for funcion, nombre in ((np.asarray, "w"), (np.sign, "el signo de w")):
            razones = [
                cociente(
                    [o - k for o, k in zip(s.paso.otra.grads, s.paso.keras.grads, strict=True)][
                        cuales
                    ],
                    [funcion(w) for w in s.paso.antes[cuales]],
                )
                for s in blanco.escenas
            ]
            if not np.isnan(razones).any() and np.ptp(razones) <= 1e-3 * abs(razones[0]):
                texto = f"los gradientes de {de_que} suman {razones[0]:.3g} veces {nombre}: un "
                return Causa("regularizador_de_mas", f"{texto}regularizador que Keras no tiene")
    return None


def recorte(blanco):
    """Gradientes cortados en un valor máximo, o llevados a una norma que no cambia."""
    tope = max(np.abs(g).max(initial=0.0) for g in blanco.obtenidos(blanco.escenas[0]))
    ternas = (
        blanco.terna(s, [np.clip(g, -tope, tope) for g in blanco.correctos(s)])
        for s in blanco.escenas
    )
    if np.isinf(resto_en_todos(ternas)):
        return _norma_fija(blanco)
    valor = tope if blanco.muestra else tope / blanco.escenas[0].o.learning_rate
    return Causa(
        "gradientes_recortados",
        f"los gradientes se recortan entre −{valor:.4g} y {valor:.4g}, y los de Keras no",
    )


def _norma_fija(blanco):
    """Gradientes con la dirección de Keras, encogidos hasta una norma que no cambia."""
    encogidos = [
        (s, r) for s, r in zip(blanco.escenas, blanco.razones(), strict=True) if abs(r - 1) > 1e-3
    ]
    normas = [
        np.sqrt(sum(np.sum(np.square(g, dtype="float64")) for g in blanco.obtenidos(s)))
        for s, _ in encogidos
    ]
    if len(normas) < 2 or np.ptp(normas) > 1e-3 * normas[0]:
        return None
    norma = normas[0] if blanco.muestra else normas[0] / blanco.escenas[0].o.learning_rate
    return Causa(
        "norma_recortada",
        f"los gradientes se llevan a una norma de {norma:.4g}, todos juntos, y los de Keras no "
        "(su clipnorm)",
    )


def pareja(blanco, contexto, tolerancia):
    """Dos errores simples a la vez: uno con un factor, o uno en cada capa."""
    if not blanco.es_chico:
        return None
    factores = {factor.clave for factor in FACTORES} - {"signo"}
    simples = [i for i in intentos(blanco) if len(i[1]) == 1 and i[0].clave not in factores]
    return _con_un_factor(blanco, contexto, simples) or _de_dos_capas(blanco, simples, tolerancia)


def _con_un_factor(blanco, contexto, simples):
    posibles = []
    for error, donde, lugar in simples:
        pares = []
        for s in blanco.escenas:
            propuesto = blanco.propuesto(s, _con(error, donde))
            r = cociente(blanco.obtenidos(s), propuesto) if propuesto else np.nan
            pares.append((s.n, r))
            if np.isnan(pares[-1][1]):
                break
        else:
            posibles += [
                (Causa(error.clave, f"en {lugar} {error.frase(s)}; además, {f.texto}"), sobra)
                for f, sobra in factores_posibles(blanco.que, pares, contexto)
                if f.clave != "en_cero"
            ]
    return elegir(posibles)


def _de_dos_capas(blanco, simples, tolerancia):
    """Un error que explica la última capa distinta, y otro que explica lo que queda."""
    distintos = blanco.distintos(tolerancia)
    if not distintos:
        return None
    red, fin = blanco.escenas[0].red, len(blanco.escenas[0].paso.antes)
    k = fin
    for capa in reversed(red.layers):
        k -= len(capa.weights)
        if any(k <= j for j in distintos):
            break
    primeros = [
        (i, sobra)
        for i in simples
        if np.isfinite(sobra := blanco.sobra(_con(*i[:2]), range(k, fin)))
    ]
    posibles = []
    for (error, donde, lugar), _ in primeros[:_PARES]:
        for otro, ahi, alla in simples:
            if otro is error and ahi == donde:
                continue
            sobra = blanco.sobra(_con(error, donde, otro, ahi))
            s = blanco.escenas[0]
            texto = f"en {lugar} {error.frase(s)}; además, en {alla} {otro.frase(s)}"
            posibles.append((Causa(error.clave, texto), sobra))
    solo = [
        (Causa(error.clave, f"en {lugar} {error.frase(blanco.escenas[0])}"), sobra)
        for (error, _, lugar), sobra in primeros
    ]
    return elegir(posibles) or elegir(solo)
