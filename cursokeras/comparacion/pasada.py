"""La pasada hacia atrás de la gemela, con un error a propósito en una capa o en todas.

Cada regla cambia un solo eslabón de la cadena: dL/da → dL/dz → gradientes → dL/dx. Si con ella los
gradientes salen como los de la otra red, ese eslabón es la causa.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np

from cursokeras.desde_cero import activations, losses


@dataclass(frozen=True)
class Eslabon:
    """Una capa con todo lo que interviene en su backward.

    Argumentos:
        capa: la capa de la gemela, que ya pasó el lote hacia adelante.
        previa: la z de la capa anterior, o `None`.
        inicial, despues: el kernel al empezar el entrenamiento y después del paso, o `None`.
        grad_a: lo que llega, dL/da.
        delta: dL/dz.
        grads: los gradientes de sus pesos.
        grad_x: lo que entrega, dL/dx.
    """

    capa: Any
    previa: np.ndarray | None
    inicial: np.ndarray | None
    despues: np.ndarray | None
    grad_a: np.ndarray
    delta: np.ndarray
    grads: list
    grad_x: np.ndarray

    @property
    def activacion(self):
        return getattr(self.capa, "activation", activations.linear)

    @property
    def kernel(self):
        return self.capa.weights[0] if self.capa.weights else None

    def derivar(self, grad, z, a):
        """Multiplica un gradiente por f'(z), con a = f(z); Flatten no tiene f."""
        return self.activacion.backward(grad, z, a)

    def regularizados(self):
        """Lo que los regularizadores agregan a cada gradiente."""
        regularizadores = (self.capa.kernel_regularizer, self.capa.bias_regularizer)
        pares = zip(regularizadores, self.capa.weights, strict=False)
        return [0 * w if r is None else r.backward(w) for r, w in pares]


class Regla(NamedTuple):
    """Un error posible en el backward de una capa.

    Argumentos:
        clave, texto: cómo se llama la causa.
        delta: función del `Eslabon` a otro dL/dz, o `None`.
        cambio: función del `Eslabon` a los campos que cambian después, o `None`.
        sirve: función que dice si el error es posible en un eslabón.
    """

    clave: str
    texto: str
    delta: Callable | None = None
    cambio: Callable | None = None
    sirve: Callable = lambda e: True


@dataclass(frozen=True)
class Pasada:
    """Un lote que ya pasó hacia adelante por la gemela, listo para ir hacia atrás.

    Argumentos:
        gemela: la red correcta, en float64.
        y: los objetivos del lote, preparados.
        iniciales, despues: listas de pesos de la otra red.
    """

    gemela: Any
    y: np.ndarray
    iniciales: list
    despues: list

    def hacia_atras(self, regla=None, donde=()):
        """Devuelve los gradientes de todos los pesos, con la regla aplicada en las capas `donde`.

        Argumentos:
            regla: `Regla`, o `None` para la pasada correcta.
            donde: los números de las capas donde se aplica.
        """
        grads, (grad_a, delta) = [], self._desde_la_perdida()
        for i in reversed(range(len(self.gemela.layers))):
            eslabon = self._eslabon(i, grad_a, delta)
            if regla is not None and i in donde and regla.sirve(eslabon):
                eslabon = self._con_error(regla, eslabon)
            grads = [*eslabon.grads, *grads]
            grad_a, delta = eslabon.grad_x, None
        return grads

    def _con_error(self, regla, eslabon):
        if regla.delta is not None:
            eslabon = _propagar(replace(eslabon, delta=regla.delta(eslabon)))
        return eslabon if regla.cambio is None else replace(eslabon, **regla.cambio(eslabon))

    def _desde_la_perdida(self):
        """dL/da de la cabeza y, si la cabeza y la pérdida se derivan juntas, también dL/dz."""
        cabeza, perdida = self.gemela.layers[-1], self.gemela.loss
        perdida.forward(self.y, cabeza.a)
        grad_a = perdida.backward()
        activacion = getattr(cabeza, "activation", activations.linear)
        if not isinstance(perdida, losses.EntropiaCruzada) or activacion is activations.linear:
            return grad_a, None
        if activacion not in (activations.softmax, activations.sigmoid):
            return grad_a, None
        perdida.forward(self.y, cabeza.z, logits=True)
        return grad_a, perdida.backward()

    def _eslabon(self, i, grad_a, delta):
        capa = self.gemela.layers[i]
        anterior = self.gemela.layers[i - 1] if i else None
        k = sum(len(otra.weights) for otra in self.gemela.layers[:i])
        con_pesos = bool(capa.weights)
        eslabon = Eslabon(
            capa=capa,
            previa=getattr(anterior, "z", None),
            inicial=self.iniciales[k] if con_pesos else None,
            despues=self.despues[k] if con_pesos else None,
            grad_a=grad_a,
            delta=delta,
            grads=[],
            grad_x=None,
        )
        if delta is None:
            z = getattr(capa, "z", capa.a)
            eslabon = replace(eslabon, delta=eslabon.derivar(grad_a, z, capa.a))
        return _propagar(eslabon)


def _propagar(eslabon):
    """De dL/dz a los gradientes de los pesos y a dL/dx."""
    capa, delta = eslabon.capa, eslabon.delta
    if not capa.weights:
        return replace(eslabon, grad_x=delta.reshape(capa.x.shape))
    grads = [capa.x.T @ delta, delta.sum(axis=0)][: len(capa.weights)]
    grads = [g + r for g, r in zip(grads, eslabon.regularizados(), strict=True)]
    return replace(eslabon, grads=grads, grad_x=delta @ capa.kernel.T)
