"""Por qué la salida de una capa no es la de Keras, si lo que entra en ella sí lo es.

Cada error conocido se escribe como la cuenta que hace; el que reproduce los números de la otra red
es la causa.
"""

from dataclasses import dataclass
from functools import partial

import numpy as np

from cursokeras.comparacion.causas.causa import Causa, explica
from cursokeras.comparacion.causas.factores import nombrar_factor
from cursokeras.comparacion.diferencias import cociente
from cursokeras.desde_cero import activations

_PENDIENTES = (0.01, 0.05, 0.1, 0.2, 0.3)
_NOMBRES = ("linear", "relu", "tanh", "sigmoid", "softmax")


@dataclass(frozen=True)
class Capa:
    """Una capa de la gemela después de pasar el lote.

    Argumentos:
        entrada: lo que entra, (n, d_in).
        kernel, bias: sus pesos, o `None`.
        z: lo que entra en la activación.
        activacion: la activación, un objeto de `activations`, o `None`.
    """

    entrada: np.ndarray
    kernel: np.ndarray | None
    bias: np.ndarray | None
    z: np.ndarray
    activacion: object

    @property
    def suma(self):
        """x W, sin el sesgo."""
        return self.entrada if self.kernel is None else self.entrada @ self.kernel

    def f(self, z):
        """La activación aplicada a otra z."""
        return self.activacion.forward(z)


def causa_de_activacion(gemela, obtenidas, correctas, contexto):
    """Busca la cuenta que da la primera salida distinta.

    Argumentos:
        gemela: la red correcta, que ya pasó el lote hacia adelante.
        obtenidas, correctas: las salidas de las capas de la otra red y de Keras, hasta la primera
            distinta; `None` donde la otra red no la muestra.
        contexto: `Contexto` con los tamaños.

    Devuelve:
        Una `Causa`, o `None` si no se reconoce.
    """
    obtenida, correcta = obtenidas[-1], correctas[-1]
    capas = [_describir(capa) for capa in gemela.layers[: len(obtenidas)]]
    if obtenida.shape != correcta.shape:
        formas = f"la salida tiene forma {obtenida.shape} y la de Keras {correcta.shape}"
        return Causa("forma_de_la_salida", formas)
    if not np.isfinite(obtenida).all() and np.isfinite(correcta).all():
        return _causa_de_desborde(capas[-1], obtenida)
    for i in _sospechosas(obtenidas):
        for clave, texto, cuenta in _errores(capas[i]):
            with np.errstate(all="ignore"):
                candidata = _seguir(gemela.layers[i + 1 : len(obtenidas)], cuenta())
            if explica([candidata], [obtenida], [correcta]):
                return Causa(clave, f"la capa {gemela.layers[i].name!r} {texto}")
    razon = cociente([obtenida], [correcta])
    factor = nombrar_factor("la salida", [(len(obtenida), razon)], contexto)
    return factor or _neuronas_apagadas(obtenida, correcta)


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


def _describir(capa):
    return Capa(
        capa.x,
        getattr(capa, "kernel", None),
        getattr(capa, "bias", None),
        getattr(capa, "z", capa.a),
        getattr(capa, "activation", None),
    )


def _sospechosas(obtenidas):
    """La última capa, y las que están justo antes y no se muestran."""
    i = len(obtenidas) - 1
    yield i
    while i > 0 and obtenidas[i - 1] is None:
        i -= 1
        yield i


def _seguir(capas, x):
    for capa in capas:
        x = capa.forward(x)
    return x


def _errores(capa):
    """Los errores posibles de una capa: clave, texto y la cuenta que hacen."""
    if capa.activacion is None:
        yield from _errores_de_flatten(capa)
        return
    yield from _errores_de_los_pesos(capa)
    yield from _errores_de_la_activacion(capa)
    yield from _otras_activaciones(capa)


def _errores_de_los_pesos(capa):
    f, suma, bias = capa.f, capa.suma, capa.bias
    if bias is not None:
        yield "sin_sesgo", "no suma el sesgo", lambda: f(suma)
        yield "sesgo_restado", "resta el sesgo en lugar de sumarlo", lambda: f(suma - bias)
        yield "sesgo_despues", "suma el sesgo después de la activación", lambda: f(suma) + bias
    if capa.kernel is not None and capa.kernel.shape[0] == capa.kernel.shape[1]:
        al_reves = capa.entrada @ capa.kernel.T + (0 if bias is None else bias)
        texto = "multiplica por la matriz de pesos transpuesta"
        yield "kernel_transpuesto", texto, lambda: f(al_reves)


def _errores_de_la_activacion(capa):
    f, z, nombre = capa.f, capa.z, capa.activacion.name
    if nombre == "tanh":
        texto = "escribe tanh como 2σ(z) − 1, que es tanh(z/2): es 2σ(2z) − 1"
        yield "tanh_a_medias", texto, lambda: np.tanh(z / 2)
    if nombre == "relu":
        for pendiente in _PENDIENTES:
            texto = f"deja pasar {pendiente:g} z donde z < 0 (leaky relu), y relu da 0"
            yield "relu_con_pendiente", texto, lambda p=pendiente: np.where(z > 0, z, p * z)
    if nombre == "softmax":
        e = np.exp(z - z.max())
        texto = "aplica softmax por columnas: cada fila, no cada columna, debe sumar 1 (axis=1)"
        yield "softmax_por_columnas", texto, lambda: activations.softmax(z.T).T
        texto = "divide e^z por la suma de todo el lote y no por la de cada fila"
        yield "softmax_de_todo_el_lote", texto, lambda: e / e.sum()
        yield "sin_normalizar", "da e^z y no lo divide por su suma", lambda: np.exp(z)
    yield "activacion_repetida", f"aplica {nombre} dos veces", lambda: f(f(z))
    yield "z_con_signo_cambiado", "cambia el signo de z antes de la activación", lambda: f(-z)
    texto = "guarda números reales en un arreglo de enteros y pierde los decimales"
    yield "truncada_a_enteros", texto, lambda: np.trunc(f(z))


def _errores_de_flatten(capa):
    texto = "aplana cada fila por columnas; Keras lo hace por filas (orden C)"
    al_reves = capa.entrada.transpose(0, *range(capa.entrada.ndim - 1, 0, -1))
    yield "aplanado_por_columnas", texto, lambda: al_reves.reshape(len(al_reves), -1)


def _otras_activaciones(capa):
    for nombre in _NOMBRES:
        if nombre != capa.activacion.name:
            texto = f"usa {nombre}, y la de Keras usa {capa.activacion.name}"
            if nombre == "linear":
                texto = f"no aplica la activación: entrega z, y Keras {capa.activacion.name}(z)"
            clave = "sin_activacion" if nombre == "linear" else "otra_activacion"
            yield clave, texto, partial(activations.get(nombre).forward, capa.z)


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
