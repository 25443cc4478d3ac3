"""Por qué la salida de una capa no es la de Keras, si lo que entra en ella sí lo es.

Cada error conocido se escribe como la cuenta que hace; el que reproduce los números de la otra red
es la causa.
"""

from dataclasses import dataclass
from functools import partial

import numpy as np

from cursokeras.comparacion.diagnostico.causas import Causa, explica
from cursokeras.comparacion.diagnostico.factores import cociente, nombrar_factor
from cursokeras.desde_cero import activations

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


def capa_de(gemela, i):
    """Describe la capa `i` de la gemela, que ya pasó el lote hacia adelante."""
    capa = gemela.layers[i]
    return Capa(
        capa.x,
        getattr(capa, "kernel", None),
        getattr(capa, "bias", None),
        getattr(capa, "z", capa.a),
        getattr(capa, "activation", None),
    )


def causa_de_activacion(capa, obtenida, correcta, contexto):
    """Busca la cuenta que da la salida obtenida.

    Argumentos:
        capa: `Capa` con lo que entra.
        obtenida, correcta: la salida de la otra red y la de Keras, (n, d_out).
        contexto: `Contexto` con los tamaños.

    Devuelve:
        Una `Causa`, o `None` si no se reconoce.
    """
    if obtenida.shape != correcta.shape:
        return Causa(
            "forma_de_la_salida",
            f"la salida tiene forma {obtenida.shape} y la de Keras {correcta.shape}",
        )
    if not np.isfinite(obtenida).all() and np.isfinite(correcta).all():
        return _causa_de_desborde(capa, obtenida)
    for clave, texto, cuenta in (*_errores(capa), *_otras_activaciones(capa)):
        with np.errstate(all="ignore"):
            candidata = cuenta()
        if explica([candidata], [obtenida], [correcta]):
            return Causa(clave, texto)
    razon = cociente([obtenida], [correcta])
    return nombrar_factor("la salida", [(len(obtenida), razon)], contexto)


def _errores(capa):
    """Los errores posibles de esta capa: clave, texto y la cuenta que hacen."""
    if capa.activacion is None:
        yield from _errores_de_flatten(capa)
        return
    f, z, suma = capa.f, capa.z, capa.suma
    nombre = capa.activacion.name
    if nombre == "tanh":
        texto = "escribe tanh como 2σ(z) − 1, que es tanh(z/2): es 2σ(2z) − 1"
        yield "tanh_a_medias", texto, lambda: np.tanh(z / 2)
    if nombre == "softmax":
        texto = "aplica softmax por columnas: cada fila, no cada columna, debe sumar 1 (axis=1)"
        yield "softmax_por_columnas", texto, lambda: activations.softmax(z.T).T
        texto = "divide e^z por la suma de todo el lote y no por la de cada fila"
        yield (
            "softmax_de_todo_el_lote",
            texto,
            lambda: np.exp(z - z.max()) / np.exp(z - z.max()).sum(),
        )
        yield "sin_normalizar", "da e^z y no lo divide por su suma", lambda: np.exp(z)
    if capa.bias is not None:
        yield "sin_sesgo", "no suma el sesgo", lambda: f(suma)
        yield "sesgo_restado", "resta el sesgo en lugar de sumarlo", lambda: f(suma - capa.bias)
        texto = "suma el sesgo después de la activación"
        yield "sesgo_despues", texto, lambda: f(suma) + capa.bias
    if capa.kernel is not None and capa.kernel.shape[0] == capa.kernel.shape[1]:
        b = 0 if capa.bias is None else capa.bias
        texto = "multiplica por la matriz de pesos transpuesta"
        yield "kernel_transpuesto", texto, lambda: f(capa.entrada @ capa.kernel.T + b)
    yield "activacion_repetida", f"aplica {nombre} dos veces", lambda: f(f(z))
    yield "z_con_signo_cambiado", "cambia el signo de z antes de la activación", lambda: f(-z)
    texto = "guarda números reales en un arreglo de enteros y pierde los decimales"
    yield "truncada_a_enteros", texto, lambda: np.trunc(f(z))


def _errores_de_flatten(capa):
    texto = "aplana cada fila por columnas; Keras lo hace por filas (orden C)"
    al_reves = capa.entrada.transpose(0, *range(capa.entrada.ndim - 1, 0, -1))
    yield "aplanado_por_columnas", texto, lambda: al_reves.reshape(len(al_reves), -1)


def _otras_activaciones(capa):
    if capa.activacion is None:
        return
    for nombre in _NOMBRES:
        if nombre != capa.activacion.name:
            texto = f"usa {nombre} y la capa de Keras usa {capa.activacion.name}"
            if nombre == "linear":
                texto = f"no aplica la activación: entrega z, y Keras {capa.activacion.name}(z)"
            clave = "sin_activacion" if nombre == "linear" else "otra_activacion"
            yield clave, texto, partial(activations.get(nombre).forward, capa.z)


def _causa_de_desborde(capa, obtenida):
    """La salida tiene nan o infinitos: busca qué exponencial desborda en esas mismas filas."""
    malas = ~np.isfinite(obtenida).all(axis=1)
    if capa.activacion is None or capa.activacion.name not in ("softmax", "sigmoid"):
        return Causa("no_son_numeros", f"la salida tiene nan o infinitos en {malas.sum()} filas")
    z = capa.z
    mayor = z.max(axis=1, keepdims=True)
    for desborda in (_desborda(z, "float32"), _desborda(z, "float64")):
        if np.array_equal(malas, desborda):
            return Causa(
                "exponencial_desborda",
                f"calcula e^z sin restar antes el máximo de la fila, y con z = {z.max():.4g} "
                "desborda: usa e^(z − máx)",
            )
    for tipo in ("float32", "float64"):
        if np.array_equal(malas, _desborda(z + mayor, tipo)):
            return Causa(
                "suma_el_maximo",
                f"suma el máximo en lugar de restarlo: con z = {z.max():.4g}, e^(z + máx) desborda",
            )
    return Causa("no_son_numeros", f"la salida tiene nan o infinitos en {malas.sum()} filas")


def _desborda(z, tipo):
    return (z > np.log(np.finfo(tipo).max)).any(axis=1)
