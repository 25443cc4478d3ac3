"""Que y tenga de dónde aprender: todas las clases, en cantidades parecidas, o una escala sana."""

import numpy as np

from cursokeras._comun.hallazgos import Hallazgo, contar, enumerar

_DESIGUAL = 10
_Y_GRANDE, _Y_PEQUENA = 100, 0.01
_CLASES_EN_DICCIONARIO = 10


def revisar_clases(caso):
    """Da los hallazgos sobre cuántas filas hay de cada clase."""
    cuentas = _contar_clases(caso)
    if cuentas is None or len(caso.y) == 1:
        return
    presentes = np.flatnonzero(cuentas)
    if len(presentes) == 1:
        yield Hallazgo(
            "error",
            "una_sola_clase",
            "y",
            f"Todas las filas de y son de la clase {caso.nombrar_clase(presentes[0])}.",
            "Para aprender a distinguir hacen falta filas de otra clase: revisa el filtro.",
        )
        return
    if len(presentes) < len(cuentas):
        yield _faltan_clases(caso, np.flatnonzero(cuentas == 0), len(cuentas))
    if cuentas.max() > _DESIGUAL * cuentas[presentes].min():
        yield _clases_desiguales(caso, cuentas, presentes)


def _contar_clases(caso):
    """Filas de cada clase, o `None` si y no son clases sueltas."""
    if caso.cabeza.neuronas is None or caso.clases is None:
        return None
    return np.bincount(caso.clases, minlength=caso.cabeza.clases)


def _faltan_clases(caso, faltan, clases):
    arreglo = "Revisa el filtro, o crea el modelo con menos clases."
    if faltan[0] == 0 and caso.cabeza.nombres is None:
        arreglo = "Si tus clases empiezan en 1, numéralas desde 0: y = y - 1."
    return Hallazgo(
        "aviso",
        "clases_ausentes",
        "y",
        f"El modelo tiene {clases} clases, y en y no hay filas de la "
        f"{enumerar(map(caso.nombrar_clase, faltan))}.",
        arreglo,
    )


def _clases_desiguales(caso, cuentas, presentes):
    menor, mayor = presentes[cuentas[presentes].argmin()], cuentas.argmax()
    pesos = np.where(cuentas, cuentas.sum() / (len(presentes) * np.maximum(cuentas, 1)), 1)
    class_weight = {clase: float(f"{peso:.3g}") for clase, peso in enumerate(pesos)}
    if len(pesos) > _CLASES_EN_DICCIONARIO:
        class_weight = "'balanced'"
    return Hallazgo(
        "aviso",
        "clases_desiguales",
        "y",
        f"La clase {caso.nombrar_clase(menor)} tiene {contar(cuentas[menor], 'fila')} y la "
        f"{caso.nombrar_clase(mayor)}, {cuentas[mayor]}: "
        "el modelo puede acertar casi siempre sin aprender la menor.",
        f"Escribe class_weight={class_weight}.",
    )


def revisar_etiquetas(caso):
    """Da un aviso por las etiquetas que son iguales en todas las filas."""
    if caso.cabeza.etiquetas is None or caso.y.ndim != 2 or len(caso.y) == 1:
        return
    nombres = caso.cabeza.nombres or [str(i) for i in range(caso.y.shape[1])]
    menor, mayor = caso.y.min(axis=0), caso.y.max(axis=0)
    for valor, dicho in ((0, "no"), (1, "sí")):
        iguales = np.flatnonzero((menor == mayor) & (menor == valor))
        if len(iguales):
            cuales = enumerar(repr(nombres[i]) for i in iguales)
            yield Hallazgo(
                "aviso",
                "etiquetas_constantes",
                "y",
                f"En todas las filas de y es {dicho}: {cuales}. No hay nada que aprender ahí.",
                "Quita esa columna de y, o revisa el filtro.",
            )


def revisar_escala_de_y(caso):
    """Da los hallazgos sobre los valores de y en una regresión."""
    if not caso.cabeza.de_cantidades:
        return
    menor, mayor = float(caso.y.min()), float(caso.y.max())
    if menor == mayor and len(caso.y) > 1:
        yield Hallazgo(
            "aviso",
            "objetivo_constante",
            "y",
            f"y vale {menor:g} en todas las filas: no hay nada que aprender.",
            "Revisa qué columna elegiste como objetivo.",
        )
    elif max(-menor, mayor) > _Y_GRANDE or max(-menor, mayor) < _Y_PEQUENA:
        yield Hallazgo(
            "aviso",
            "objetivo_sin_escalar",
            "y",
            f"y va de {menor:g} a {mayor:g}, y una red empieza dando números cercanos a 1: tardará "
            "mucho en llegar.",
            "Escálalo, y = (y - media) / desviacion, y deshaz el cambio al predecir.",
        )
