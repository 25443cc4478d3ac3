"""Los errores conocidos con las filas: la red es correcta y entrena con otros datos.

La cuenta recibe la `Escena` y da los lotes con que se entrena en realidad, en orden.
"""

import numpy as np

from cursokeras.comparacion.causas.causa import Error
from cursokeras.desde_cero import losses


def lotes_de(error, s):
    """Los lotes con que entrena quien se equivoca así; donde no puede, entrena bien."""
    return error.cuenta(s) if error.sirve(s) else [(s.x, s.y)]


def _varias(s):
    return s.n > 1


def _tabla(s):
    return s.x.ndim == 2


def _con_previa(s):
    return s.previa is not None and s.previa.n == s.n


def _reales(s):
    return s.y.dtype.kind == "f" and not isinstance(s.perdida, losses.EntropiaCruzada)


def _binaria(s):
    return isinstance(s.perdida, losses.BinaryCrossentropy)


def _por_clases(s):
    return isinstance(s.perdida, losses.EntropiaCruzada) and not _binaria(s)


def _filas(clave, texto, indices):
    return Error(clave, texto, lambda s: [(s.x[indices(s.n)], s.y[indices(s.n)])], _varias)


def _con_x(clave, texto, cuenta, sirve=_tabla):
    return Error(clave, texto, lambda s: [(cuenta(s.x), s.y)], sirve)


def _con_y(clave, texto, cuenta, sirve):
    return Error(clave, texto, lambda s: [(s.x, cuenta(s.y))], sirve)


def _correr(paso):
    def cuenta(s):
        k = s.p.shape[-1]
        corrida = (s.y + paso) % k if s.y.ndim == 1 else np.roll(s.y, paso, axis=1)
        return [(s.x, corrida)]

    return Error(
        "etiquetas_corridas",
        "toma la clase vecina: las etiquetas van de 0 a k − 1, no de 1 a k",
        cuenta,
        _por_clases,
    )


def _suavizar(parte):
    def cuenta(s):
        return [(s.x, s.uno * (1 - parte) + parte / (s.p.shape[-1] if _por_clases(s) else 2))]

    return Error(
        "etiquetas_suavizadas",
        f"suaviza las etiquetas (label smoothing {parte:g})",
        cuenta,
        lambda s: isinstance(s.perdida, losses.CategoricalCrossentropy | losses.BinaryCrossentropy),
    )


def _desviaciones(v):
    return v.std(axis=0) + (v.std(axis=0) == 0)


# fmt: off
DATOS = (
    _filas("mitad_del_lote", "usa solo la primera mitad del lote", lambda n: slice(0, n // 2)),
    _filas("mitad_del_lote", "usa solo la segunda mitad del lote", lambda n: slice(n // 2, None)),
    _filas("sin_la_ultima_fila", "deja fuera la última fila", lambda n: slice(0, -1)),
    _filas("sin_la_primera_fila", "deja fuera la primera fila", lambda n: slice(1, None)),
    _filas("solo_la_primera_fila", "usa solo la primera fila del lote", lambda n: slice(0, 1)),
    _filas("solo_la_ultima_fila", "usa solo la última fila del lote", lambda n: slice(-1, None)),
    _filas("una_fila_de_dos", "usa una fila de cada dos", lambda n: slice(0, None, 2)),
    Error("dos_pasos", "da dos pasos con cada lote", lambda s: 2 * [(s.x, s.y)]),
    Error("tres_pasos", "da tres pasos con cada lote", lambda s: 3 * [(s.x, s.y)]),
    Error("mueve_en_cada_fila", "mueve los pesos con cada fila: se da un solo paso por lote",
        lambda s: [(s.x[i : i + 1], s.y[i : i + 1]) for i in range(s.n)], _varias),
    Error("mueve_en_cada_mitad", "parte el lote en dos y da un paso con cada mitad",
        lambda s: [(s.x[: s.n // 2], s.y[: s.n // 2]), (s.x[s.n // 2 :], s.y[s.n // 2 :])],
        _varias),
    _con_x("entrada_estandarizada", "estandariza x con la media y la desviación del lote; Keras "
        "usa x como llega", lambda x: (x - x.mean(axis=0)) / _desviaciones(x)),
    _con_x("entrada_estandarizada", "estandariza x con la media y la desviación de todo el lote, "
        "sin separar las columnas", lambda x: (x - x.mean()) / x.std()),
    _con_x("entrada_centrada", "resta a x la media del lote", lambda x: x - x.mean(axis=0)),
    _con_x("entrada_escalada", "lleva las columnas de x a [0, 1] con el mínimo y el máximo del "
        "lote", lambda x: (x - x.min(axis=0)) / np.where(np.ptp(x, axis=0), np.ptp(x, axis=0), 1)),
    _con_x("entrada_escalada", "divide x por su máximo", lambda x: x / x.max()),
    _con_x("entrada_escalada", "divide x por 255", lambda x: x / 255, lambda s: True),
    _con_x("entrada_escalada", "divide cada fila de x por su norma",
        lambda x: x / np.linalg.norm(x, axis=1, keepdims=True)),
    _con_x("columnas_al_reves", "recorre las columnas de x al revés", lambda x: x[:, ::-1]),
    _con_x("entrada_truncada", "guarda x como enteros", np.trunc),
    _con_x("filas_de_x_al_reves", "da vuelta las filas de x y no las de y", lambda x: x[::-1]),
    Error("entrada_del_lote_anterior", "usa la x del lote anterior", lambda s: [(s.previa.x, s.y)],
        _con_previa),
    Error("objetivos_anteriores", "usa los objetivos del lote anterior",
        lambda s: [(s.x, s.previa.y)], _con_previa),
    Error("lote_anterior", "entrena con el lote anterior", lambda s: [(s.previa.x, s.previa.y)],
        lambda s: s.previa is not None),
    _con_y("objetivos_en_mas_menos_uno", "usa objetivos −1 y 1, y la entropía los espera 0 y 1",
        lambda y: 2 * y - 1, _binaria),
    _con_y("objetivos_invertidos", "usa 1 − y en lugar de y", lambda y: 1 - y, _binaria),
    _con_y("objetivos_truncados", "usa los objetivos sin sus decimales: están guardados como "
        "enteros", np.trunc, _reales),
    _con_y("objetivos_estandarizados", "estandariza y con la media y la desviación del lote",
        lambda y: (y - y.mean(axis=0)) / _desviaciones(y), _reales),
    _con_y("objetivos_con_signo", "cambia el signo de y", lambda y: -y, _reales),
    _con_y("objetivos_al_reves", "da vuelta las filas de y y no las de x", lambda y: y[::-1],
        lambda s: s.n > 1),
    _con_y("columnas_de_y_al_reves", "cambia el orden de las columnas de y", lambda y: y[:, ::-1],
        lambda s: s.y.ndim == 2 and s.y.shape[1] > 1),
    _correr(1),
    _correr(-1),
    _suavizar(0.1),
    _suavizar(0.2),
)
# fmt: on
