"""Cuánto puede cambiar cada número de un lote solo por el redondeo.

Se repite la cuenta en la gemela, en doble precisión, moviendo al azar cada resultado intermedio en
su última cifra de float32. Lo que se mueve el final es ruido: donde se restan números casi iguales,
o una tanh está saturada, puede ser tan grande como el propio número.
"""

import copy
from dataclasses import dataclass
from typing import Any

import numpy as np

from cursokeras.comparacion.diferencias import VECES_EL_RUIDO, Cuentas
from cursokeras.comparacion.pasada import Pasada
from cursokeras.desde_cero import losses

_VECES = 6


def medir_ruido(gemela, pesos, x, y, precision):
    """Devuelve `Cuentas` con el ruido de cada número.

    Argumentos:
        gemela: la red en NumPy, en float64; sus pesos cambian.
        pesos: desde dónde se hacen las cuentas.
        x, y: el lote.
        precision: el tipo con que calculan las redes que se comparan, como "float32".
    """
    gemela.set_weights(pesos)
    y = gemela.loss.preparar(y, gemela.output_shape[-1], "float64")
    centro = _cuentas(gemela, pesos, x, y, _Redondeo(0.0, None))
    redondeo = _Redondeo(float(np.finfo(precision).eps), np.random.default_rng(0))
    vecinas = [_cuentas(gemela, pesos, x, y, redondeo).todas() for _ in range(_VECES)]
    ruidos = [
        max(np.abs(vecina - propio).max(initial=0.0) for vecina in cada)
        for propio, *cada in zip(centro.todas(), *vecinas, strict=True)
    ]
    gemela.forward(x)
    ruidos[len(centro.salidas)] += redondeo.eps * _tamano_del_logaritmo(gemela, y)
    sumandos = _sumandos(Pasada(gemela, y, pesos, pesos))
    for k, tamano in enumerate(sumandos, start=len(centro.salidas) + 1):
        ruidos[k] += redondeo.eps * tamano
    return centro.con(ruidos)


def _sumandos(pasada):
    """Por gradiente, el tamaño de lo que se suma: unas sumas que se cancelan dejan su redondeo."""
    tamanos = []
    for e in pasada.eslabones():
        delta, entrada = np.abs(e.delta), np.abs(e.x)
        if e.capa.weights:
            sumas = [entrada.T @ delta, delta.sum(axis=0)][: len(e.grads)]
            tamanos = [*(suma.max() for suma in sumas), *tamanos]
    return tamanos


def cuentas_exactas(gemela, pesos, x, y):
    """Las `Cuentas` de la gemela, en float64: a veces es Keras quien redondea."""
    gemela.set_weights(pesos)
    y = gemela.loss.preparar(y, gemela.output_shape[-1], "float64")
    return _cuentas(gemela, pesos, x.astype("float64"), y, _Redondeo(0.0, None))


def movimientos_exactos(optimizador, estado, iterations, grads):
    """Lo que movería cada peso el optimizador de la gemela, en float64."""
    pesos = [np.zeros(g.shape) for g in grads]
    arrancar(optimizador, estado, iterations).apply([g.astype("float64") for g in grads], pesos)
    return pesos


def arrancar(optimizador, estado, iterations):
    """Una copia de un optimizador de la gemela, con el estado que tenía el de Keras."""
    copia = copy.deepcopy(optimizador)
    copia.iterations = iterations
    momentos, velocidades = ([np.array(v, "float64") for v in lado] for lado in estado)
    if momentos or velocidades:
        copia.momentos, copia.velocidades = momentos, velocidades
    return copia


def ruido_del_movimiento(optimizador, estado, iterations, grads, ruidos):
    """Cuánto puede cambiar lo que se mueve cada peso, si el ruido de su gradiente es el dado."""
    movidos = [
        movimientos_exactos(
            optimizador,
            estado,
            iterations,
            [g + signo * VECES_EL_RUIDO * r for g, r in zip(grads, ruidos, strict=True)],
        )
        for signo in (0, 1, -1)
    ]
    return [
        max(np.abs(mas - centro).max(initial=0.0), np.abs(menos - centro).max(initial=0.0))
        for centro, mas, menos in zip(*movidos, strict=True)
    ]


@dataclass(frozen=True)
class _Redondeo:
    """Mueve números en su última cifra: eps veces su tamaño, con signo al azar."""

    eps: float
    azar: Any

    def mover(self, arreglo, tamano):
        if self.eps == 0:
            return arreglo
        return arreglo + self.eps * self.azar.choice([-1, 1], arreglo.shape) * tamano


@dataclass(frozen=True)
class _PasadaConRedondeo(Pasada):
    """La pasada hacia atrás que además redondea p − y, que se calcula desde z."""

    redondeo: _Redondeo | None = None

    def _desde_la_perdida(self):
        grad_a, delta = super()._desde_la_perdida()
        if delta is not None:
            delta = self.redondeo.mover(delta, self.gemela.layers[-1].a / len(self.y))
        return grad_a, delta


def _cuentas(gemela, pesos, x, y, redondeo):
    salidas = []
    for capa in gemela.layers:
        x = _adelante(capa, x, redondeo)
        salidas.append(x)
    perdida = gemela.calcular_perdida(y, x)
    grads = _PasadaConRedondeo(gemela, y, pesos, pesos, redondeo=redondeo).hacia_atras()
    return Cuentas(salidas, perdida, grads)


def _adelante(capa, x, redondeo):
    capa.forward(x)
    if capa.weights:
        # Al sumar x W + b se redondea según el tamaño de los sumandos, no del resultado.
        sumandos = np.abs(x) @ np.abs(capa.weights[0]) + sum(map(np.abs, capa.weights[1:]))
        capa.z = redondeo.mover(capa.z, sumandos)
        capa.a = capa.activation.forward(capa.z)
    capa.a = redondeo.mover(capa.a, np.abs(capa.a))
    return capa.a


def _tamano_del_logaritmo(gemela, y):
    """De qué tamaño son los números que se restan al calcular la entropía, aunque dé casi 0.

    Son los de ln Σ e^z − z y, en ln(1 − p), los de 1 − p, que pierde cifras si p está cerca de 1.
    """
    if not isinstance(gemela.loss, losses.EntropiaCruzada):
        return 0.0
    cabeza = gemela.layers[-1]
    tamano = 1 + np.abs(getattr(cabeza, "z", cabeza.a)).max()
    if isinstance(gemela.loss, losses.BinaryCrossentropy) and not gemela.loss.from_logits:
        tamano += ((1 - y) / np.maximum(1 - cabeza.a, 1e-7)).mean()
    return tamano
