"""Por qué los pesos no se mueven como en Keras, si los gradientes que se ven son los mismos."""

from dataclasses import replace

import numpy as np

from cursokeras.comparacion.causas.causa import SI_SU_TASA, Causa, elegir
from cursokeras.comparacion.causas.gradientes import (
    grupos_de_pesos,
    pareja,
    posibles_de_gradiente,
    recorte,
)
from cursokeras.comparacion.causas.lugar import nombres_de_los_pesos
from cursokeras.comparacion.causas.tablas.datos import DATOS
from cursokeras.comparacion.causas.tablas.factores import factores_posibles, rango
from cursokeras.comparacion.causas.tablas.movimientos import EPSILONES, MOVIMIENTOS, simular
from cursokeras.comparacion.diferencias import IGUALES, cociente
from cursokeras.desde_cero import optimizers

# Por debajo de esto, lo que varía una tasa de un lote a otro es redondeo o un ε.
_TASA_CONSTANTE = 1e-2


def causa_de_actualizacion(blanco, contexto, tolerancia, ultima):
    """Busca la regla de actualización que da los pesos obtenidos.

    Argumentos:
        blanco: `Blanco` de los movimientos.
        contexto: `Contexto` con los tamaños.
        tolerancia: diferencia relativa que se acepta.
        ultima: la `Escena` del último lote, donde una convención también tiene que valer.

    Devuelve:
        Una `Causa`, o `None` si no se reconoce.
    """
    escena = blanco.escenas[0]
    oculta = not blanco.se_ven
    return (
        causa_de_descarte(escena.paso, contexto)
        or _sin_numeros(blanco)
        or _quietos(blanco)
        or _convencion(blanco, ultima)
        or elegir(_posibles(blanco, contexto, oculta))
        or (oculta and _con_otro_epsilon(blanco, contexto))
        or _tasa_de_una_parte(blanco, tolerancia)
        or _termino_de_mas(blanco)
        or _tasa_que_cambia(blanco)
        or recorte(blanco)
        or (oculta and pareja(blanco, contexto, tolerancia))
        or None
    )


def causa_de_descarte(paso, contexto):
    """Reconoce un último lote incompleto con el que la otra red no entrena."""
    if len(paso.x) == contexto.batch_size or not paso.lote > 1 or not se_queda_quieta(paso):
        return None
    return Causa(
        "descarta_el_ultimo_lote",
        f"no entrena con el último lote, que trae {len(paso.x)} filas y no {contexto.batch_size}: "
        "Keras también lo usa",
    )


def se_queda_quieta(paso):
    """Si la otra red no movió ningún peso en un paso, y Keras sí los habría movido."""
    pares = list(zip(paso.antes, paso.despues, strict=True))
    debian = zip(paso.antes, paso.esperados, strict=True)
    if paso.error is not None:
        return False
    return all(map(np.array_equal, *zip(*pares, strict=True))) and not all(
        np.array_equal(a, b) for a, b in debian
    )


def _sin_numeros(blanco):
    """Pesos que pasan a ser nan al dividir por cero en Adam o RMSprop."""
    s = blanco.escenas[0]
    malos = [~np.isfinite(w) for w in s.paso.despues]
    if not any(map(np.any, malos)) or not isinstance(s.o, optimizers.Adam | optimizers.RMSprop):
        return None
    if s.paso.numero == 1 and all(map(np.all, malos)) and isinstance(s.o, optimizers.Adam):
        texto = "empieza con t = 0, y 1 − β⁰ es 0: se divide por cero. El primer paso es t = 1"
        return Causa("cuenta_de_pasos", texto)
    if all(map(np.array_equal, malos, [g == 0 for g in s.grads])):
        texto = "no suma ε, y donde el gradiente es 0 divide 0 por 0"
        return Causa("epsilon", texto)
    return None


def _quietos(blanco):
    """Pesos que no se mueven."""
    escenas = blanco.escenas
    red, cuantos = escenas[0].red, range(len(escenas[0].paso.antes))
    quietos = [k for k in cuantos if all(not np.any(s.movidos[k]) for s in escenas)]
    quietos = [k for k in quietos if any(np.any(s.debidos[k]) for s in escenas)]
    if all(se_queda_quieta(s.paso) for s in escenas):
        if escenas[0].previa is not None:
            texto = "deja de mover los pesos después del primer lote"
            return Causa("no_se_mueve", texto)
        return Causa("no_se_mueve", "calcula los gradientes y no mueve ningún peso")
    otras = [s for s in escenas if not se_queda_quieta(s.paso)]
    if otras != escenas and blanco.se_ven and all(_es_uno(blanco.razon(s)) for s in otras):
        return Causa("se_salta_lotes", "no mueve los pesos en este lote, y en otros sí")
    if not quietos or len(quietos) == len(cuantos):
        return None
    demas = [k for k in cuantos if k not in quietos]
    razones = blanco.razones(demas)
    if not razones or np.isnan(razones).any() or np.ptp(razones) > IGUALES * abs(razones[0]):
        return None
    texto = f"estos pesos no se actualizan: {nombres_de_los_pesos(red, quietos)}"
    if not _es_uno(razones[0]):
        tasa = escenas[0].o.learning_rate * razones[0]
        texto += f"; además, los otros se mueven con la tasa {tasa:.4g}"
    return Causa("pesos_que_no_se_mueven", texto)


def _convencion(blanco, ultima):
    """Adam o RMSprop con ε en otro lugar: no es un error, y se dice cuánto cambia."""
    escena = blanco.escenas[0]
    errores = [error for error in EPSILONES if error.sirve(escena)]
    sobras = [blanco.sobra_con_regla(error.cuenta(escena)) for error in errores]
    if np.isinf(min(sobras, default=np.inf)):
        return None
    error = errores[int(np.argmin(sobras))]
    if not replace(blanco, escenas=[ultima]).casi(error.cuenta(ultima)):
        return None
    causa = Causa(error.clave, error.frase(escena))
    cambio = max(
        np.abs(o - k).max(initial=0.0) / max(np.abs(o).max(), np.abs(k).max(), 1e-30)
        for s in blanco.escenas
        for o, k in zip(s.movidos, s.debidos, strict=True)
    )
    texto = (
        f"No es un error, es una convención: {causa.texto}. Aquí cambia hasta un {cambio:.2%} de "
        "lo que se mueve un peso, y más cuanto menor es el gradiente"
    )
    return causa._replace(texto=texto, leve=True)


def _posibles(blanco, contexto, oculta):
    escena = blanco.escenas[0]
    yield from _otra_tasa(blanco, contexto, oculta)
    for error in MOVIMIENTOS:
        if error.sirve(escena):
            yield (
                Causa(error.clave, error.frase(escena)),
                blanco.sobra_con_regla(error.cuenta(escena)),
            )
    if oculta:
        for causa, sobra in posibles_de_gradiente(blanco, contexto):
            yield causa._replace(texto=f"{SI_SU_TASA}{causa.texto}"), sobra
    else:
        for error in DATOS:
            if error.clave in _PASOS and all(map(error.sirve, blanco.escenas)):
                sobra = blanco.sobra_con_datos(error.cuenta)
                yield Causa(error.clave, error.frase(escena)), sobra


def _con_otro_epsilon(blanco, contexto):
    """Un error en los gradientes de una red que, por convención, pone ε en otro lugar."""
    escena = blanco.escenas[0]
    for error in EPSILONES:
        if error.sirve(escena) and blanco.es_chico:
            otro = replace(blanco, regla=error.cuenta(escena))
            causa = elegir(posibles_de_gradiente(otro, contexto))
            if causa is not None:
                return causa
    return None


_PASOS = ("dos_pasos", "tres_pasos", "mueve_en_cada_fila", "mueve_en_cada_mitad")


def _otra_tasa(blanco, contexto, oculta):
    """Un movimiento proporcional al de Keras: la tasa de aprendizaje, o un factor del gradiente."""
    for debidos in _bases(blanco):
        pares = [
            (s.n, cociente(s.movidos, k, s.ruido))
            for s, k in zip(blanco.escenas, debidos, strict=True)
        ]
        razones = [r for _, r in pares]
        if np.isnan(razones).any() or all(abs(r - 1) < IGUALES for r in razones):
            continue
        r, constante = razones[0], np.ptp(razones) <= IGUALES * abs(razones[0])
        if constante and abs(r + 1) < IGUALES:
            texto = "suma el gradiente en lugar de restarlo: así la pérdida sube"
            yield Causa("signo", texto), 0.0
            return
        if constante and blanco.escenas[0].previa is not None:
            tasas = f"{blanco.escenas[0].o.learning_rate * r:.4g}"
            texto = f"la tasa de aprendizaje era la de Keras y desde este lote es {tasas}"
            yield Causa("tasa_que_cambia", texto), 0.0
        elif constante:
            yield Causa("tasa_de_aprendizaje", _texto_de_la_tasa(blanco, r)), 0.0
        if oculta or not constante:
            que = "su gradiente" if oculta else "lo que se mueven los pesos"
            for causa, _ in factores_posibles(que, pares, contexto):
                yield causa, 0.0
        return


def _texto_de_la_tasa(blanco, r):
    tasa = blanco.escenas[0].o.learning_rate
    texto = (
        f"la tasa de aprendizaje es {tasa * abs(r):.4g} y la de Keras es {tasa:.4g}: todos los "
        f"pesos se mueven {abs(r):.4g} veces lo debido"
    )
    if r < 0:
        texto += ", y al revés: suma el gradiente en lugar de restarlo"
    return texto + (", o el paso se da dos veces" if np.isclose(r, 2, rtol=IGUALES) else "")


def _tasa_de_una_parte(blanco, tolerancia):
    """Los sesgos, los kernels o una capa se mueven siempre lo mismo de más o de menos."""
    red, distintos = blanco.escenas[0].red, blanco.distintos(tolerancia)
    cuantos = range(len(red.weights))
    for indices in (distintos, *grupos_de_pesos(red, distintos)):
        demas = [k for k in cuantos if k not in indices]
        if not indices or (demas and not all(_es_uno(r) for r in blanco.razones(demas))):
            continue
        razones = blanco.razones(indices)
        if not razones or np.isnan(razones).any():
            continue
        if np.ptp(razones) > IGUALES * abs(razones[0]):
            continue
        nombres, r = nombres_de_los_pesos(red, indices), razones[0]
        if abs(r + 1) < IGUALES:
            texto = f"suma el gradiente en lugar de restarlo en {nombres}"
            return Causa("signo", texto)
        texto = f"{nombres} se mueve {rango(razones)} veces lo debido"
        return Causa("tasa_de_una_parte", texto)
    return None


def _es_uno(r):
    return abs(r - 1) < IGUALES


def _termino_de_mas(blanco):
    """Un término extra proporcional a los pesos, o al movimiento anterior."""
    escenas, tasa = blanco.escenas, blanco.escenas[0].o.learning_rate
    for debidos in _bases(blanco):
        for cuales, nombre in ((slice(None), "los pesos"), (slice(0, None, 2), "los kernels")):
            razones = _extras(escenas, debidos, [s.paso.antes for s in escenas], cuales)
            if not _constante(razones):
                continue
            r = razones[0]
            if abs(r + 1) < IGUALES:
                texto = "reemplaza cada peso por su movimiento, sin sumarlo al valor anterior"
                return Causa("reemplaza_los_pesos", texto)
            return Causa(
                "encoge_los_pesos",
                f"además del gradiente, cada paso multiplica {nombre} por {1 + r:.6g} (weight "
                f"decay {-r / tasa:.3g}, o un l2 que Keras no tiene)",
            )
    con_previa = [s for s in escenas if s.previa is not None]
    debidos = [s.debidos for s in con_previa]
    razones = _extras(con_previa, debidos, [s.previa.movidos for s in con_previa])
    if _constante(razones):
        return Causa(
            "otro_momento",
            f"suma {razones[0]:.4g} veces el movimiento anterior: un momento que Keras no usa, o "
            "distinto del suyo",
        )
    return None


def _bases(blanco):
    """Los movimientos sin el término de más: los de Keras, y los de cada convención de ε."""
    escenas = blanco.escenas
    yield [s.debidos for s in escenas]
    for error in EPSILONES:
        if error.sirve(escenas[0]):
            yield simular(error.cuenta(escenas[0]), escenas, [s.grads for s in escenas])


def _extras(escenas, debidos, de_que, cuales=slice(None)):
    """Cuántas veces hay un arreglo en lo que se movió de más, en cada lote."""
    return [_extra(*terna, cuales) for terna in zip(escenas, debidos, de_que, strict=True)]


def _extra(s, debidos, de_que, cuales):
    sobrante = [o - k for o, k in zip(s.movidos, debidos, strict=True)]
    tope = [1e-4 * np.abs(k).max(initial=0.0) + r for k, r in zip(debidos, s.ruido, strict=True)]
    otros = [k for k in range(len(sobrante)) if k not in range(len(sobrante))[cuales]]
    if any(np.abs(sobrante[k]).max(initial=0.0) > tope[k] for k in otros):
        return np.nan
    return cociente(sobrante[cuales], de_que[cuales], tope[cuales])


def _constante(razones):
    return (
        bool(razones)
        and not np.isnan(razones).any()
        and abs(razones[0]) > 1e-9
        and np.ptp(razones) <= IGUALES * 10 * abs(razones[0])
    )


def _tasa_que_cambia(blanco):
    """Movimientos proporcionales a los de Keras, con un número distinto en cada lote."""
    razones = blanco.razones()
    if len(razones) < 2 or np.isnan(razones).any():
        return None
    if np.ptp(razones) <= _TASA_CONSTANTE * max(map(abs, razones)):
        return None
    normas = [np.sqrt(sum(np.sum(np.square(v)) for v in s.movidos)) for s in blanco.escenas]
    tasa = blanco.escenas[0].o.learning_rate
    if np.ptp(normas) <= IGUALES * normas[0]:
        return Causa(
            "norma_recortada",
            f"los gradientes se llevan a una norma de {normas[0] / tasa:.4g}, todos juntos, y los "
            "de Keras no (su clipnorm)",
        )
    baja, sube = (bool(np.all(signo * np.diff(razones) < 0)) for signo in (1, -1))
    if not baja and not sube:
        return None
    tasas = ", ".join(f"{tasa * r:.4g}" for r in razones)
    return Causa(
        "tasa_que_cambia",
        f"la tasa de aprendizaje cambia con los lotes ({tasas}...) y la de Keras es {tasa:g}",
    )
