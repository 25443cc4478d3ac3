"""Comprueba el backward de una red con diferencias finitas."""

import copy

import numpy as np

__all__ = ["verificar_gradientes"]


def verificar_gradientes(modelo, x, y, *, paso=1e-6, tolerancia=1e-5):
    """Compara cada gradiente con su diferencia central y falla si no coinciden.

    La derivada de la pérdida L respecto a un peso w es casi (L(w + h) − L(w − h)) / 2h, el
    promedio de las pendientes a cada lado. Se calcula en float64 sobre una copia de la red: el
    modelo no cambia. Donde L tiene un quiebre (relu, error absoluto, L1) las dos pendientes
    difieren y vale cualquier gradiente entre ellas. Con varias filas justo en un quiebre a la vez
    puede rechazar un gradiente válido: cambia un poco los datos.

    Argumentos:
        modelo: Sequential compilado.
        x, y: unas pocas filas de datos; cada peso cuesta dos pasadas hacia adelante.
        paso: h, cuánto se mueve un peso de tamaño 1.
        tolerancia: diferencia que se acepta, en proporción al mayor gradiente del arreglo.

    Devuelve:
        La mayor diferencia relativa encontrada.

    Lanza:
        ValueError: si un gradiente no coincide; nombra la capa y el parámetro. También si la
            pérdida no es un número finito, porque entonces no hay qué comparar.

    Ejemplo:
        >>> import numpy as np
        >>> from cursokeras import desde_cero as keras
        >>> modelo = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, "tanh")])
        >>> modelo.compile(loss="mse")
        >>> verificar_gradientes(modelo, np.eye(2), np.ones(2)) < 1e-5
        True
    """
    red = _copia_en_doble_precision(modelo, x)
    x, y = red.preparar(x, y, "verificar_gradientes")

    def perdida():
        _repetir_mascaras(red)
        return red.calcular_perdida(y, red.forward(x, training=True))

    _exigir_finita(perdida())
    _repetir_mascaras(red)
    red.calcular_gradientes(x, y)
    peor, siguiente = 0.0, None
    for capa in reversed(red.hojas()):  # Hacia atrás: el primer error que aparece es la causa
        _revisar_formas(capa)
        for i, (w, grad) in enumerate(zip(capa.weights, capa.grads, strict=True)):
            pendientes = _pendientes(perdida, w, paso)
            diferencia = _diferencia(grad, pendientes, perdida(), tolerancia)
            if not diferencia.max() <= tolerancia:  # También cuando es nan
                raise ValueError(_explicar(capa, i, pendientes, diferencia, siguiente))
            peor = max(peor, float(diferencia.max()))
        siguiente = capa
    return peor


def _copia_en_doble_precision(modelo, x):
    red = copy.deepcopy(modelo)
    red.forward(x)  # Crea los pesos si la red aún no los tiene
    red.dtype = "float64"
    for capa in red.hojas():
        capa.dtype = "float64"
        capa.weights = [w.astype("float64") for w in capa.weights]
    return red


def _exigir_finita(perdida):
    if not np.isfinite(perdida):
        raise ValueError(
            f"La pérdida de estos datos es {perdida}: así no hay gradiente que comprobar. Lleva "
            "las columnas de x a la misma escala o revisa que la última activación y la pérdida "
            "sean pareja, como softmax con entropía cruzada."
        )


def _repetir_mascaras(red):
    """Dropout apaga las mismas neuronas en cada pasada, para que L sea una función de w."""
    for capa in red.hojas():
        if hasattr(capa, "generador"):
            capa.generador = np.random.default_rng(0)


def _pendientes(perdida, w, paso):
    """Devuelve la pendiente de L a la izquierda y a la derecha de cada peso, (2, ...)."""
    centro, pendientes = perdida(), np.empty((2, *w.shape))
    for i in np.ndindex(w.shape):
        original = w[i]
        h = paso * max(1, abs(original))
        w[i] = original - h
        pendientes[(0, *i)] = (centro - perdida()) / h
        w[i] = original + h
        pendientes[(1, *i)] = (perdida() - centro) / h
        w[i] = original
    return pendientes


def _diferencia(grad, pendientes, perdida, tolerancia):
    """Cuánto se aparta cada gradiente de la diferencia central, en proporción.

    Si las pendientes de los dos lados difieren hay un quiebre, y se mide cuánto se sale el
    gradiente del intervalo que forman.
    """
    redondeo = 1e-3 * max(1, abs(perdida))  # Bajo esta escala solo se mediría el redondeo
    escala = max(np.abs(pendientes).max(), redondeo)
    menor, mayor = pendientes.min(axis=0), pendientes.max(axis=0)
    fuera = np.maximum(np.maximum(menor - grad, grad - mayor), 0)
    liso = mayor - menor <= tolerancia * escala
    distancia = np.where(liso, np.abs(grad - pendientes.mean(axis=0)), fuera)
    return distancia / escala


def _revisar_formas(capa):
    formas, esperadas = [np.shape(g) for g in capa.grads], [w.shape for w in capa.weights]
    if formas != esperadas:
        raise ValueError(
            f"La capa {capa.name!r} tiene pesos de formas {esperadas} y su backward dejó "
            f"gradientes de formas {formas}: deben ser las mismas, en el mismo orden."
        )


def _explicar(capa, i, pendientes, diferencia, siguiente):
    donde = tuple(int(k) for k in np.unravel_index(diferencia.argmax(), diferencia.shape))
    parametro = ("kernel", "bias")[i] if i < 2 else f"weights[{i}]"
    otra = "la pérdida" if siguiente is None else repr(siguiente.name)
    return (
        f"El gradiente de {parametro} en la capa {capa.name!r} no coincide: en la posición "
        f"{list(donde)} backward da {capa.grads[i][donde]:.6g} y la diferencia central da "
        f"{pendientes.mean(axis=0)[donde]:.6g}. Revisa el backward de {capa.name!r} o lo "
        f"que devuelve el de {otra}."
    )
