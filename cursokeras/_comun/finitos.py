"""Que los pesos y las predicciones de un modelo sean números finitos, y si no, cuáles no.

Con una capa relu, un peso nan no se nota: la neurona da 0 y la predicción sale finita. Por eso se
miran los pesos, y no solo lo que el modelo da.
"""

import numpy as np

from cursokeras._comun.hallazgos import contar, enumerar, error


def exigir_pesos_finitos(modelo):
    """Lanza `ErrorDeDatos` si algún peso es nan o infinito; nombra cuál, y de qué capa.

    Argumentos:
        modelo: modelo de Keras, o cualquiera con `weights`.
    """
    malos = [
        f"{_nombrar(modelo, peso, i)} ({cuantos})"
        for i, peso in enumerate(getattr(modelo, "weights", ()))
        if (cuantos := _contar_malos(peso))
    ]
    if malos:
        raise error(
            "pesos_no_finitos",
            "modelo",
            f"El modelo tiene pesos que son nan o infinitos: {enumerar(malos)}.",
            "Así quedan después de un entrenamiento que diverge. Crea el modelo otra vez, o vuelve "
            "al último que guardaste, con ck.cargar.",
        )


def exigir_optimizador_finito(modelo):
    """Lanza `ErrorDeDatos` si lo que recuerda el optimizador arruinaría el primer paso."""
    optimizador = getattr(modelo, "optimizer", None)
    malos = [v.name for v in getattr(optimizador, "variables", ()) if _contar_malos(v)]
    if malos:
        raise error(
            "optimizador_no_finito",
            "modelo",
            "Los pesos del modelo son finitos, pero lo que su optimizador recuerda de antes es nan "
            f"o infinito: {enumerar(malos)}.",
            "Compila el modelo otra vez, con un optimizador nuevo: "
            "modelo.compile(optimizer='adam', loss=modelo.loss).",
        )


def exigir_prediccion_finita(salidas):
    """Lanza `ErrorDeDatos` si un modelo de pesos finitos no da números finitos; dice en qué filas.

    Argumentos:
        salidas: arreglo (n, ...) con lo que dio para cada fila.
    """
    finitas = np.isfinite(salidas)
    if finitas.all():
        return
    malas = np.flatnonzero(~finitas.reshape(len(salidas), -1).all(axis=1))
    raise error(
        "prediccion_no_finita",
        "x",
        f"El modelo da nan o infinito en {contar(len(malas), 'fila')} de {len(salidas)} "
        f"({enumerar(malas)}). Sus pesos son finitos: la cuenta se desborda.",
        "Mira los números de x en esas filas. Si no son enormes, lo son los pesos: crea el "
        "modelo otra vez y entrénalo con x escalada.",
    )


def _contar_malos(variable):
    """Cuántos valores no son finitos, como "3 de 8"; vacío si lo son todos."""
    valores = variable.numpy() if hasattr(variable, "numpy") else np.asarray(variable)
    malos = valores.size - np.count_nonzero(np.isfinite(valores))
    return f"{malos} de {valores.size}" if malos else ""


def _nombrar(modelo, peso, i):
    """El peso y su capa, según su ruta: "red/densa/kernel"; su número, si no la tiene."""
    capa, _, nombre = getattr(peso, "path", "").rpartition("/")
    if not capa:
        return f"el peso {i}"
    return f"{nombre} de la capa '{capa.removeprefix(f'{modelo.name}/')}'"
