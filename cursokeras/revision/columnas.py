"""Lo que conviene mirar en las columnas de x: escalas, repetidas, constantes y valores raros."""

import numpy as np

from cursokeras._comun.hallazgos import Hallazgo, enumerar
from cursokeras.convenciones import tasa_maxima
from cursokeras.revision.centinelas import buscar_centinelas, explicar_centinelas
from cursokeras.revision.fugas import revisar_fugas

_ESCALAR = "Escálalas: x = StandardScaler().fit_transform(x)."
_GRANDE = 100
_RAZON = 100
_DISPARES = 2
_COLUMNAS_DE_TASA = 300
_FILAS_PARA_COMPARAR = 20
_FILAS_PARA_RAROS = 100
_RARO = 10


def revisar_columnas(caso):
    """Da los avisos y notas sobre las columnas de x."""
    if caso.parece_imagen:
        yield from _pixeles(caso)
        return
    constantes = caso.minimo == caso.maximo if len(caso.x) > 1 else np.zeros(caso.x.shape[1], bool)
    yield from _constantes(caso, np.flatnonzero(constantes))
    utiles = np.flatnonzero(~constantes)
    centinelas = buscar_centinelas(caso, utiles)
    yield from explicar_centinelas(caso, centinelas)
    # Hasta que se quiten, el tamaño de esas columnas es el del código.
    con_codigo = [i for cuales in centinelas.values() for i in cuales]
    de_datos = np.setdiff1d(utiles, con_codigo)
    if not caso.se_escala_sola and len(de_datos):
        yield from _escalas(caso, de_datos)
    if len(caso.x) >= _FILAS_PARA_COMPARAR:
        yield from _repetidas(caso, utiles)
        yield from revisar_fugas(caso, utiles)
        yield from _codigos(caso, utiles)
    if len(caso.x) >= _FILAS_PARA_RAROS:
        yield from _raros(caso, de_datos)


def _pixeles(caso):
    menor, mayor = caso.muestra.min(), caso.muestra.max()
    enteros = (caso.muestra == np.round(caso.muestra)).all()
    if not caso.se_escala_sola and enteros and menor >= 0 and _GRANDE < mayor <= 255:
        yield _aviso(
            "imagenes_sin_escalar",
            "x",
            f"x tiene valores de {menor:g} a {mayor:g}, como los píxeles de una imagen.",
            "Llévalos a 0–1: x = x / 255.",
        )


def _constantes(caso, cuales):
    if len(cuales):
        nombres = [caso.nombre(i) for i in cuales]
        yield _aviso(
            "columnas_constantes",
            nombres[0],
            f"Tienen el mismo valor en todas las filas: {enumerar(nombres)}.",
            "No enseñan nada: quítalas con x.drop(columns=[...]).",
        )


def _escalas(caso, utiles):
    extremos = np.where(abs(caso.minimo) > abs(caso.maximo), caso.minimo, caso.maximo)
    tamanos = abs(extremos[utiles])
    mayor, menor = utiles[tamanos.argmax()], utiles[tamanos.argmin()]
    mensaje = f"La columna {caso.nombre(mayor)} de x llega a {extremos[mayor]:g}"
    if tamanos.max() >= _DISPARES * tamanos.min():
        mensaje += f" y la {caso.nombre(menor)}, a {extremos[menor]:g}"
    tasa, maxima = _tasas(caso)
    if tasa > maxima:
        mensaje += (
            f": con SGD, una tasa de aprendizaje mayor que {maxima:.4g} diverge, y la del modelo "
            f"es {tasa:g}"
        )
    if tasa > maxima or tamanos.max() > _GRANDE or tamanos.max() > _RAZON * tamanos.min():
        yield _aviso("columnas_sin_escalar", caso.nombre(mayor), f"{mensaje}.", _ESCALAR)


def _tasas(caso):
    """La tasa de un modelo lineal con SGD y desde cuál diverge; (0, infinito) en otro modelo."""
    con_pesos = [capa for capa in caso.modelo.layers if capa.weights]
    optimizer = caso.modelo.optimizer
    lineal = len(con_pesos) == 1 and caso.x.shape[1] <= _COLUMNAS_DE_TASA
    simple = type(optimizer).__name__ == "SGD" and not optimizer.momentum
    if not (lineal and simple and caso.cabeza.perdida == "mse"):
        return 0.0, np.inf
    return float(np.asarray(optimizer.learning_rate)), tasa_maxima(
        caso.muestra, caso.cabeza.neuronas
    )


def _repetidas(caso, utiles):
    primera = {}
    for i in utiles:
        j = primera.setdefault(caso.muestra[:, i].tobytes(), i)
        if i != j and np.array_equal(caso.x[:, i], caso.x[:, j]):
            yield _aviso(
                "columnas_repetidas",
                caso.nombre(i),
                f"Las columnas {caso.nombre(j)} y {caso.nombre(i)} de x son iguales.",
                f"Deja una: x.drop(columns=[{caso.nombre(i)}]).",
            )


def _codigos(caso, utiles):
    codigos = []
    for i in utiles:
        distintos = np.unique(caso.muestra[:, i])
        if 3 <= len(distintos) <= 12 and (distintos == np.round(distintos)).all():
            codigos.append(caso.nombre(i))
    if codigos:
        yield Hallazgo(
            "nota",
            "posibles_categorias",
            codigos[0],
            f"Tienen pocos valores, todos enteros: {enumerar(codigos)}.",
            "Si son códigos de categorías (un color, una carrera) y no cantidades, sepáralas con "
            "pd.get_dummies(x, columns=[...]).",
        )


def _raros(caso, utiles):
    bajo, medio, alto = np.quantile(caso.muestra[:, utiles], [0.01, 0.5, 0.99], axis=0)
    for i, desde, centro, hasta in zip(utiles, bajo, medio, alto, strict=True):
        for extremo in (caso.maximo[i], caso.minimo[i]):
            if abs(extremo - centro) > _RARO * (hasta - desde) > 0:
                yield _aviso(
                    "valores_raros",
                    caso.nombre(i),
                    f"La columna {caso.nombre(i)} de x llega a {extremo:g}, y casi todas las filas "
                    f"están entre {desde:g} y {hasta:g}.",
                    f"Mira esas filas de {caso.nombre(i)}; si son un error, corrígelas o quítalas.",
                )


def _aviso(codigo, columna, mensaje, arreglo):
    return Hallazgo("aviso", codigo, columna, mensaje, arreglo)
