"""Filas de varias etiquetas: cuáles apartar para que cada etiqueta quede en su proporción.

Las filas con las mismas etiquetas forman un grupo. Se toma la misma parte de cada grupo y después,
mientras acerque las etiquetas a lo debido, una fila de un grupo se cambia por una de otro.
"""

import numpy as np

# Dejar sin filas a una etiqueta en uno de los dos lados es peor que cualquier desproporción.
_SIN_UN_LADO = 1e6
# Grupos que se miran en cada cambio, y de cuántos se prueba sacar una fila.
_GRUPOS, _PRUEBAS = 2000, 8


def elegir_por_etiqueta(etiquetas, cuantas):
    """Dice qué filas se apartan, (n,) lógico, con exactamente `cuantas` verdaderos.

    Argumentos:
        etiquetas: (n, k) lógico, con las filas ya barajadas: entre iguales, gana la primera.
        cuantas: filas que se apartan.

    Ejemplo:
        >>> etiquetas = np.array([[1, 0], [1, 0], [0, 1], [0, 1], [1, 1], [1, 1]], bool)
        >>> apartadas = elegir_por_etiqueta(etiquetas, 2)
        >>> etiquetas[apartadas].sum(axis=0).tolist()
        [1, 1]
    """
    primera, de_que_grupo, tamanos = _agrupar(etiquetas)
    partes = _repartir(etiquetas[primera].astype("float64"), tamanos, cuantas)
    orden = np.argsort(de_que_grupo, kind="stable")
    lugar = np.arange(len(etiquetas)) - np.repeat(np.cumsum(tamanos) - tamanos, tamanos)
    apartada = np.zeros(len(etiquetas), bool)
    apartada[orden] = lugar < np.repeat(partes, tamanos)
    return apartada


def _agrupar(etiquetas):
    """La primera fila de cada grupo, el grupo de cada fila y cuántas filas tiene cada uno."""
    # Ocho bytes por fila y por cada 64 etiquetas: comparar enteros es mucho más rápido.
    bits = np.packbits(etiquetas, axis=1)
    codigos = np.zeros((len(bits), -(-bits.shape[1] // 8) * 8), "uint8")
    codigos[:, : bits.shape[1]] = bits
    codigos = codigos.view(">u8")
    codigos = codigos[:, 0] if codigos.shape[1] == 1 else codigos
    _, primera, de_que_grupo, tamanos = np.unique(
        codigos, axis=0, return_index=True, return_inverse=True, return_counts=True
    )
    return primera, de_que_grupo, tamanos


def _repartir(grupos, tamanos, cuantas):
    """Cuántas filas se apartan de cada grupo, (grupos,) enteros que suman `cuantas`."""
    filas, positivas = tamanos.sum(), tamanos @ grupos
    hasta = np.cumsum(tamanos) * (cuantas / filas)
    partes = np.diff(np.round(hasta), prepend=0).astype(int)
    debidas = positivas * (cuantas / filas)
    # Lo que se desvía cada etiqueta al azar (hipergeométrica): con eso se comparan entre ellas.
    azar = np.sqrt(debidas * (1 - positivas / filas) * (1 - cuantas / filas)) + 1e-9

    def costo(apartadas):
        lejos = (((apartadas - debidas) / azar) ** 2).sum(axis=-1)
        vacias = (positivas >= 2) & ((apartadas < 0.5) | (apartadas > positivas - 0.5))
        return lejos + _SIN_UN_LADO * vacias.sum(axis=-1)

    while True:
        apartadas = partes @ grupos
        sale, entra = _mejor_cambio(grupos, tamanos, partes, apartadas, costo)
        if sale is None or costo(apartadas - grupos[sale] + grupos[entra]) >= costo(apartadas):
            return partes
        partes[sale] -= 1
        partes[entra] += 1


def _mejor_cambio(grupos, tamanos, partes, apartadas, costo):
    """El grupo que da una fila y el que la toma; (None, None) si ninguno puede."""
    pueden_salir, pueden_entrar = _algunos(partes > 0), _algunos(partes < tamanos)
    if not len(pueden_salir) or not len(pueden_entrar):
        return None, None
    cambios = []
    for sale in pueden_salir[np.argsort(costo(apartadas - grupos[pueden_salir]))[:_PRUEBAS]]:
        despues = costo(apartadas - grupos[sale] + grupos[pueden_entrar])
        cambios.append((despues.min(), sale, pueden_entrar[despues.argmin()]))
    _, sale, entra = min(cambios)
    return sale, entra


def _algunos(posibles):
    """Los grupos posibles; si son miles, los hay de sobra parecidos y bastan algunos."""
    posibles = np.flatnonzero(posibles)
    return posibles[:: max(len(posibles) // _GRUPOS, 1)]
