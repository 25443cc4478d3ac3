"""Un lote visto desde la red correcta: todo lo que las cuentas de las tablas pueden pedir."""

import copy
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from cursokeras.comparacion.causas.tablas.factores import Contexto
from cursokeras.comparacion.diferencias import VECES_EL_RUIDO, Cuentas
from cursokeras.comparacion.pasada import Pasada
from cursokeras.comparacion.paso import Paso
from cursokeras.comparacion.ruido import arrancar, medir_ruido
from cursokeras.desde_cero import losses


@dataclass(frozen=True)
class Escena:
    """Un lote, con los pesos que la otra red tenía al empezarlo.

    Argumentos:
        paso: el `Paso` anotado.
        previa: la escena del lote anterior, o `None`.
        red: la gemela en float64, propia de esta escena, que ya pasó el lote hacia adelante.
        y: los objetivos, preparados.
        iniciales: los pesos del comienzo.
        contexto: los tamaños.
    """

    paso: Paso
    previa: Any
    red: Any
    y: np.ndarray
    iniciales: list
    contexto: Contexto

    @property
    def x(self):
        return self.paso.x.astype("float64")

    @property
    def n(self):
        return len(self.paso.x)

    @property
    def o(self):
        """El optimizador de la gemela, con las opciones del modelo."""
        return self.red.optimizer

    @property
    def perdida(self):
        return self.red.loss

    @property
    def p(self):
        """Lo que predice la red."""
        return self.red.layers[-1].a

    @property
    def z(self):
        """Lo que entra en la última activación."""
        return getattr(self.red.layers[-1], "z", self.p)

    @property
    def uno(self):
        """Los objetivos con la forma de las predicciones: las etiquetas enteras, como one-hot."""
        return np.eye(self.p.shape[-1])[self.y] if self.y.ndim == 1 else self.y

    @property
    def error(self):
        return self.p - self.uno

    @property
    def filas(self):
        """La pérdida de cada fila."""
        return por_fila(self.perdida, self.y, self.p)

    @property
    def base(self):
        """La pérdida media, sin regularizadores."""
        return self.filas.mean()

    @property
    def extra(self):
        """Lo que agregan los regularizadores."""
        return sum(capa.penalizacion() for capa in self.red.layers)

    @cached_property
    def pasada(self):
        anterior = self.previa and self.previa.red
        propios = self.red, self.y, self.iniciales, self.paso.despues
        return Pasada(*propios, self.contexto, anterior)

    @cached_property
    def grads(self):
        """Los gradientes que la otra red muestra; si no, los correctos, sin redondeo."""
        if any(g is None for g in self.paso.otra.grads):
            return self.pasada.hacia_atras()
        return self.paso.grads

    @property
    def movidos(self):
        """Lo que la otra red movió cada peso."""
        return restar(self.paso.despues, self.paso.antes)

    @property
    def debidos(self):
        """Lo que lo habría movido Keras con los gradientes que ella muestra."""
        return restar(self.paso.esperados, self.paso.antes)

    @cached_property
    def ruido_de_los_gradientes(self):
        """Por gradiente, lo que puede ser redondeo: una suma que se cancela deja poco más."""
        precision = self.paso.keras.grads[0].dtype
        ruido = medir_ruido(
            copy.deepcopy(self.red), self.paso.antes, self.x, self.paso.y, precision
        )
        return [VECES_EL_RUIDO / 4 * r for r in ruido.grads]

    @cached_property
    def memoria(self):
        """Lo que ya se calculó de esta escena y se vuelve a pedir."""
        return {}

    @property
    def ruido(self):
        """Por peso, lo que se pierde de un movimiento al guardar el peso."""
        return self.paso.redondeos


def restar(pesos, otros):
    """La diferencia de dos listas de pesos, en float64, aunque uno haya crecido."""
    pares = [
        (np.asarray(w, "float64"), np.asarray(v, "float64"))
        for w, v in zip(pesos, otros, strict=True)
    ]
    return [w - v if _cabe(v, w) else w for w, v in pares]


def _cabe(chico, grande):
    """Si NumPy extiende el primero a la forma del segundo."""
    formas = chico.shape[::-1], grande.shape[::-1]
    return len(formas[0]) <= len(formas[1]) and all(
        a in (1, b) for a, b in zip(*formas, strict=False)
    )


def montar(recorrido, expediente, contexto):
    """Las escenas de los pasos de un expediente, en orden."""
    pasos = [paso for paso in (expediente.anterior, *expediente.pasos) if paso is not None]
    escenas, previa = [], None
    for paso in pasos:
        previa = _una(recorrido, paso, previa, contexto)
        escenas.append(previa)
    escenas = escenas[len(pasos) - len(expediente.pasos) :]
    # Un lote que dejó de dar números no explica nada, salvo que sea el único.
    sanas = [s for s in escenas if all(np.isfinite(w).all() for w in s.paso.despues)]
    return sanas or escenas


def montar_ultima(recorrido, contexto):
    """La escena del último lote."""
    return _una(recorrido, recorrido.ultimo, None, contexto)


def _una(recorrido, paso, previa, contexto):
    red = copy.deepcopy(recorrido.gemela)
    red.set_weights(paso.antes)
    salida = red.forward(paso.x.astype("float64"))
    y = red.loss.preparar(paso.y, salida.shape[-1], "float64")
    return Escena(paso, previa, red, y, recorrido.referencia.pesos_iniciales, contexto)


def por_fila(perdida, y, p):
    """La pérdida de cada fila desde las predicciones que muestra la red."""
    if not isinstance(perdida, losses.EntropiaCruzada):
        return perdida.por_fila(y, p)
    return (perdida.por_fila_desde_z if perdida.from_logits else perdida.por_fila_desde_p)(y, p)


def probabilidades(escena):
    """Lo que predice la red como probabilidades, aunque la pérdida las espere como z."""
    if getattr(escena.perdida, "from_logits", False):
        return escena.perdida.activacion.forward(escena.p)
    return escena.p


class Ensayo(NamedTuple):
    """Lo que haría la red correcta con otros datos.

    Argumentos:
        perdidas: la pérdida de cada paso que dio.
        cuentas: las del último.
        movidos: lo que se movió cada peso en total.
    """

    perdidas: list
    cuentas: Cuentas
    movidos: list


def ensayar(escena, lotes, optimizador):
    """Entrena la red correcta con los lotes dados, uno detrás de otro."""
    red, perdidas = copy.deepcopy(escena.red), []
    for x, y in lotes:
        salida = red.forward(x)
        perdidas.append(float(red.calcular_perdida(y, salida)))
        grads = Pasada(red, y, escena.iniciales, escena.iniciales).hacia_atras()
        cuentas = Cuentas([capa.a for capa in red.layers], perdidas[-1], grads)
        optimizador.apply(grads, red.weights)
    return Ensayo(perdidas, cuentas, restar(red.weights, escena.paso.antes))


def optimizador_en(escena):
    """El optimizador de la gemela, con el estado que Keras tenía en ese paso."""
    return arrancar(escena.o, escena.paso.estado, escena.paso.numero - 1)


def mover(escenas, listas):
    """Lo que movería cada peso el optimizador de Keras con otros gradientes, lote a lote."""
    optimizador, todos = optimizador_en(escenas[0]), []
    for escena, grads in zip(escenas, listas, strict=True):
        grads = [np.asarray(g, "float64") for g in grads]
        pesos = [
            np.zeros(g.shape if _cabe(np.asarray(w), g) else w.shape)
            for w, g in zip(escena.paso.antes, grads, strict=True)
        ]
        optimizador.apply(grads, pesos)
        todos.append(pesos)
    return todos
