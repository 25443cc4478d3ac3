"""Por qué la salida de una capa no es la de Keras, si lo que entra en ella sí lo es."""

import numpy as np

from cursokeras.comparacion.causas.causa import Causa, elegir, resto, resto_en_todos
from cursokeras.comparacion.causas.escena import por_fila
from cursokeras.comparacion.causas.tablas.adelante import ADELANTE, Capa
from cursokeras.comparacion.causas.tablas.datos import DATOS
from cursokeras.comparacion.causas.tablas.factores import factor_constante, factores_posibles
from cursokeras.comparacion.diferencias import cociente
from cursokeras.desde_cero import activations


def causa_de_activacion(escenas, capa, contexto):
    """Busca la cuenta que da la primera salida distinta.

    Argumentos:
        escenas: las de los lotes, en orden.
        capa: el número de la primera capa con otra salida.
        contexto: `Contexto` con los tamaños.

    Devuelve:
        Una `Causa`, o `None` si no se reconoce.
    """
    paso = escenas[0].paso
    obtenida, correcta = paso.otra.salidas[capa], paso.keras.salidas[capa]
    if obtenida.shape != correcta.shape:
        formas = f"la salida tiene forma {obtenida.shape} y la de Keras {correcta.shape}"
        return Causa("forma_de_la_salida", formas)
    if not np.isfinite(obtenida).all() and np.isfinite(correcta).all():
        return _causa_de_desborde(Capa(escenas[0], capa, escenas[0].red.layers[capa].x), obtenida)
    escenas = [s for s in escenas if s.paso.otra.salidas[capa] is not None]
    pares = [(s.n, _razon(s, capa)) for s in escenas]
    posibles = list(_posibles(escenas, capa))
    if not any(np.isnan(r) for _, r in pares):
        posibles += factores_posibles("la salida", pares, contexto)
    causa = elegir(posibles) or factor_constante("la salida", pares)
    causa = causa or _neuronas_apagadas(obtenida, correcta)
    return causa and _y_la_perdida(causa, escenas, contexto)


def _razon(s, capa):
    return cociente([s.paso.otra.salidas[capa]], [s.paso.keras.salidas[capa]])


def _posibles(escenas, capa):
    """Cada error en cada capa sospechosa, y en todas; y las mismas capas con otras filas."""
    sospechosas = [capa, *sin_mostrar(escenas[0], capa)]
    for error, donde, lugar in errores_de_capas(escenas[0], sospechosas):
        sobra = _sobra(escenas, capa, lambda s, e=error, d=donde: seguir(s, e, d)[capa])
        tambien = _tambien_en(escenas[0], error, capa) if np.isfinite(sobra) else ""
        yield (
            Causa(error.clave, f"{lugar} {error.frase(donde_esta(escenas[0], donde[0]))}{tambien}"),
            sobra,
        )
    if 0 in sospechosas:
        for error in DATOS:
            if all(map(error.sirve, escenas)):
                sobra = _sobra(escenas, capa, lambda s, e=error: _con_otras_filas(s, e, capa))
                yield Causa(error.clave, f"la red {error.frase(escenas[0])}"), sobra


def sin_mostrar(escena, capa):
    """Las capas que están justo antes y no se muestran, de atrás hacia adelante."""
    while capa > 0 and escena.paso.otra.salidas[capa - 1] is None:
        capa -= 1
        yield capa


def donde_esta(escena, i):
    """La capa i de la red correcta, con lo que entra en ella."""
    return Capa(escena, i, escena.red.layers[i].x)


def errores_de_capas(escena, capas):
    """Cada error del forward donde puede cometerse: en una de esas capas, y en todas."""
    for error in ADELANTE:
        pueden = [i for i in capas if error.sirve(donde_esta(escena, i))]
        for i in pueden:
            yield error, (i,), f"la capa {escena.red.layers[i].name!r}"
        if len(pueden) > 1:
            yield error, tuple(pueden), "cada capa"
        ocultas = tuple(i for i in pueden if i < len(escena.red.layers) - 1)
        if 1 < len(ocultas) < len(pueden):
            yield error, ocultas, "cada capa oculta"


def seguir(escena, error, donde):
    """Las salidas de todas las capas, con un error en algunas."""
    salidas, x = [], escena.x
    with np.errstate(all="ignore"):
        for i, capa in enumerate(escena.red.layers):
            propia = Capa(escena, i, x)
            if i in donde and error.sirve(propia):
                x = np.asarray(error.cuenta(propia), "float64")
            elif capa.weights:
                x = propia.f(propia.z)
            else:
                x = (
                    x.reshape(len(x), *capa.a.shape[1:])
                    if propia.activacion is None
                    else propia.f(x)
                )
            salidas.append(x)
    return salidas


def _con_otras_filas(s, error, capa):
    (x, _), *mas = error.cuenta(s)
    if mas or len(x) != s.n:
        return None
    return seguir_con(s, x)[capa]


def seguir_con(escena, x):
    """Las salidas de todas las capas de la red correcta con otra x."""
    salidas = []
    for i, capa in enumerate(escena.red.layers):
        propia = Capa(escena, i, x)
        aplana = propia.activacion is None
        x = x.reshape(len(x), *capa.a.shape[1:]) if aplana else propia.f(propia.z)
        salidas.append(x)
    return salidas


def _sobra(escenas, capa, cuenta):
    def terna(s):
        salidas = [s.paso.otra.salidas[capa]], [s.paso.keras.salidas[capa]]
        try:
            candidata = cuenta(s)
        except ValueError:  # Un error que en este lote no da las formas.
            return [np.nan], *salidas
        return [np.nan if candidata is None else candidata], *salidas

    return resto_en_todos(map(terna, escenas))


def _tambien_en(escena, error, capa):
    """Las capas siguientes que, con lo que les llega, se equivocan igual."""
    otra, nombres = escena.paso.otra.salidas, []
    for i in range(capa + 1, len(otra)):
        if otra[i] is None or otra[i - 1] is None:
            continue
        propia = Capa(escena, i, otra[i - 1].astype("float64"))
        if propia.activacion is None or not error.sirve(propia):
            continue
        with np.errstate(all="ignore"):
            candidata, correcta = error.cuenta(propia), propia.f(propia.z)
        if np.isfinite(resto([candidata], [otra[i]], [correcta])):
            nombres.append(repr(escena.red.layers[i].name))
    return f" (y lo mismo en {', '.join(nombres)})" if nombres else ""


def _y_la_perdida(causa, escenas, contexto):
    """Agrega si además la pérdida lleva un factor, calculada desde lo que la red predice."""
    pares = []
    for s in escenas:
        salida = s.paso.otra.salidas[-1]
        if salida is None or salida.shape != s.p.shape or s.paso.otra.perdida is None:
            return causa
        with np.errstate(all="ignore"):
            propia = por_fila(s.perdida, s.y, salida.astype("float64")).mean() + s.extra
        pares.append((s.n, cociente([s.paso.otra.perdida], [propia])))
    factor = elegir(factores_posibles("la pérdida", pares, contexto, 1e-4))
    if factor is None or len(pares) < 2:
        return causa
    return causa._replace(texto=f"{causa.texto}. Además, {factor.texto}")


def _neuronas_apagadas(obtenida, correcta):
    """Algunos números en cero y los demás por un factor común: un Dropout."""
    vivos = (obtenida != 0) & (correcta != 0)
    apagados = (obtenida == 0) & (correcta != 0)
    if (
        not apagados.any()
        or vivos.sum() < 2
        or np.isnan(cociente([obtenida[vivos]], [correcta[vivos]]))
    ):
        return None
    parte = apagados.sum() / (apagados | vivos).sum()
    texto = f"apaga al azar el {parte:.0%} de sus salidas (Dropout), y la capa de Keras no"
    return Causa("apaga_neuronas", texto)


def _causa_de_desborde(capa, obtenida):
    """La salida tiene nan o infinitos: busca qué exponencial desborda en esas mismas filas."""
    malas = ~np.isfinite(obtenida).all(axis=-1)
    if capa.activacion in (activations.softmax, activations.sigmoid):
        z, mayor = capa.z, capa.z.max(axis=-1, keepdims=True)
        for tipo in ("float32", "float64"):
            if np.array_equal(malas, _desborda(z, tipo)):
                return Causa(
                    "exponencial_desborda",
                    "la capa calcula e^z sin restar antes el máximo de la fila, y con z = "
                    f"{z.max():.4g} desborda: usa e^(z − máx)",
                )
            if np.array_equal(malas, _desborda(z + mayor, tipo)):
                return Causa(
                    "suma_el_maximo",
                    "la capa suma el máximo de la fila en lugar de restarlo: con z = "
                    f"{z.max():.4g}, e^(z + máx) desborda",
                )
    return Causa("no_son_numeros", f"la salida tiene nan o infinitos en {malas.sum()} filas")


def _desborda(z, tipo):
    return (z > np.log(np.finfo(tipo).max)).any(axis=-1)
