"""Columnas de x que ya dicen la respuesta: el modelo solo las copiaría, y al predecir no están.

Se ven sin entrenar nada, en la muestra: una columna que es una recta de y, otra función creciente
o decreciente de y, o unas que juntas dicen la clase (one-hot, o las clases con otros números). Si
lo hacen todas las columnas no hay fuga que decir: es un problema de una sola variable.
"""

import numpy as np

from cursokeras._comun.hallazgos import Hallazgo, enumerar

_CASI_UNO = 1 - 1e-6
# Cuántos valores distintos de y hacen falta para que un orden igual no sea casualidad.
_DISTINTOS = 20
# Filas con que se descarta enseguida a casi todas las columnas.
_FILAS_PARA_DESCARTAR = 64
# Lo menos probable que debe ser la coincidencia: uno entre e a esta potencia.
_EVIDENCIA = 10


def revisar_fugas(caso, utiles):
    """Da avisos sobre las columnas de x que dicen la respuesta.

    Argumentos:
        caso: el `Caso` que se revisa.
        utiles: números de las columnas de x que no son constantes.
    """
    # Un autocodificador aprende a devolver x, y de una sola columna, y puede ser su recta exacta.
    es_autocodificador = caso.clases is None and caso.y.shape == caso.x.shape
    if len(utiles) < 2 or caso.y.ndim != 2 or es_autocodificador:
        return
    x, y = caso.muestra[:, utiles], caso.y[caso.filas]
    copias = _copias(x, y)
    for i in utiles[copias]:
        yield _aviso(
            [caso.nombre(i)],
            f"La columna {caso.nombre(i)} de x y el objetivo y tienen correlación 1: el modelo "
            "solo la copiaría.",
        )
    if caso.clases is not None:
        otras, que = _dicen_la_clase(x, caso.clases[caso.filas]), _DICEN_LA_CLASE
    elif caso.cabeza.de_cantidades:
        otras, que = _en_el_orden_de(x, y), _EN_EL_ORDEN
    else:
        return
    otras &= ~copias
    if otras.any() and not (otras | copias).all():
        nombres = [caso.nombre(i) for i in utiles[otras]]
        sujeto = "La columna" if len(nombres) == 1 else "Las columnas"
        yield _aviso(nombres, f"{sujeto} {enumerar(nombres)} de x {que[len(nombres) > 1]}.")


_DICEN_LA_CLASE = (
    "dice la clase: vale lo mismo en todas las filas de cada una, y otra cosa en las demás",
    "dicen la clase: juntas, valen lo mismo en todas las filas de cada una y otra cosa en las "
    "demás",
)
_EN_EL_ORDEN = (
    "ordena las filas exactamente como y: es una función de ella, como su logaritmo",
    "ordenan las filas exactamente como y: son funciones de ella, como su logaritmo",
)


def _copias(x, y):
    """Qué columnas son una recta de alguna columna de y."""
    correlacion = abs(_tipificar(x).T @ _tipificar(y)) / len(y)
    return (correlacion > _CASI_UNO).any(axis=1)


def _tipificar(columnas):
    columnas = columnas.astype("float64")
    desviacion = columnas.std(axis=0)
    return (columnas - columnas.mean(axis=0)) / np.where(desviacion, desviacion, np.inf)


def _dicen_la_clase(x, clases):
    """Qué columnas valen lo mismo en cada clase, si entre todas distinguen todas las clases."""
    orden = np.argsort(clases, kind="stable")
    presentes, primeras = np.unique(clases[orden], return_index=True)
    menor = np.minimum.reduceat(x[orden], primeras, axis=0)
    fijas = (menor == np.maximum.reduceat(x[orden], primeras, axis=0)).all(axis=0)
    fijas[fijas] = [_es_evidente(x[:, i], menor[:, i]) for i in np.flatnonzero(fijas)]
    distinguen = len(np.unique(menor[:, fijas], axis=0)) == len(presentes)
    return fijas if distinguen else np.zeros_like(fijas)


def _es_evidente(columna, por_clase):
    """Si es improbable que, repartida al azar, valiera lo mismo en todas las filas de una clase.

    Cuenta las filas que repiten lo que ya se sabía de su clase, y cada una según lo común que es
    su valor: un 1 que solo aparece en una fila no prueba nada.
    """
    valores, cuentas = np.unique(columna, return_counts=True)
    sorpresa = -np.log(cuentas / len(columna))
    primeras = sorpresa[np.searchsorted(valores, por_clase)]
    return (cuentas * sorpresa).sum() - primeras.sum() > _EVIDENCIA


def _en_el_orden_de(x, y):
    """Qué columnas suben, o bajan, siempre que sube alguna columna de y."""
    siguen = np.zeros(x.shape[1], bool)
    for objetivo in y.T:
        if len(np.unique(objetivo)) < _DISTINTOS:
            continue
        for i in np.flatnonzero(~siguen):
            siguen[i] = _sube_con(objetivo, x[:, i]) or _sube_con(objetivo, -x[:, i])
    return siguen


def _sube_con(y, columna):
    """Si la columna no baja nunca al recorrer las filas en el orden de y, y tiene muchos pasos."""
    for filas in (slice(_FILAS_PARA_DESCARTAR), slice(None)):
        ordenada = columna[filas][np.lexsort((columna[filas], y[filas]))]
        if (np.diff(ordenada) < 0).any():
            return False
    return len(np.unique(columna)) >= _DISTINTOS


def _aviso(nombres, mensaje):
    lista = ", ".join(nombres)
    return Hallazgo(
        "aviso",
        "objetivo_entre_las_columnas",
        nombres[0],
        mensaje,
        f"Si no {'la tendrás' if len(nombres) == 1 else 'las tendrás'} al predecir, "
        f"{'quítala' if len(nombres) == 1 else 'quítalas'}: x.drop(columns=[{lista}]).",
    )
