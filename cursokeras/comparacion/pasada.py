"""La pasada hacia atrás de la gemela, con un error a propósito en una capa o en varias.

Cada error cambia un solo eslabón de la cadena: dL/da → dL/dz → gradientes → dL/dx. Si con él los
gradientes salen como los de la otra red, ese eslabón es la causa.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from cursokeras.desde_cero import activations, losses


@dataclass(frozen=True)
class Eslabon:
    """Una capa con todo lo que interviene en su backward.

    Argumentos:
        capa: la capa de la gemela, que ya pasó el lote hacia adelante.
        anterior, siguiente: las capas vecinas, o `None`.
        i, k: su número, y cuántos pesos hay antes de los suyos.
        pasada: la `Pasada`, con los objetivos y los otros pesos.
        grad_a: lo que llega, dL/da.
        delta: dL/dz.
        grads: los gradientes de sus pesos.
        grad_x: lo que entrega, dL/dx.
    """

    capa: Any
    anterior: Any
    siguiente: Any
    i: int
    k: int
    pasada: Any
    grad_a: np.ndarray
    delta: np.ndarray
    grads: list = ()
    grad_x: np.ndarray | None = None

    @property
    def activacion(self):
        return getattr(self.capa, "activation", activations.linear)

    @property
    def kernel(self):
        return self.capa.weights[0] if self.capa.weights else None

    @property
    def bias(self):
        return self.capa.weights[1]

    @property
    def a(self):
        return self.capa.a

    @property
    def x(self):
        return self.capa.x

    @property
    def z(self):
        return getattr(self.capa, "z", self.capa.a)

    @property
    def n(self):
        return len(self.capa.x)

    @property
    def previa(self):
        """La z de la capa anterior, o `None`."""
        return getattr(self.anterior, "z", None)

    @property
    def inicial(self):
        return self.pasada.iniciales[self.k]

    @property
    def despues(self):
        return self.pasada.despues[self.k]

    @property
    def es_cabeza(self):
        return self.siguiente is None

    @property
    def uno(self):
        """Los objetivos con la forma de la salida: las etiquetas enteras, como one-hot."""
        y = self.pasada.y
        return np.eye(self.a.shape[-1])[y] if y.ndim == 1 else y

    @property
    def perdida(self):
        return self.pasada.gemela.loss

    def derivar(self, grad, z, a):
        """Multiplica un gradiente por f'(z), con a = f(z); Flatten no tiene f."""
        return self.activacion.backward(grad, z, a)

    def regularizadores(self):
        """Los regularizadores de sus pesos, en orden; `None` donde no hay."""
        nombres = ("kernel_regularizer", "bias_regularizer")
        return [getattr(self.capa, nombre, None) for nombre in nombres][: len(self.capa.weights)]

    def sin_regularizar(self):
        """Los gradientes de la pérdida de los datos."""
        return [g - r for g, r in zip(self.grads, self.regularizados(), strict=True)]

    def regularizados(self):
        """Lo que los regularizadores agregan a cada gradiente."""
        pares = zip(self.regularizadores(), self.capa.weights, strict=True)
        return [0 * w if r is None else r.backward(w) for r, w in pares]


@dataclass(frozen=True)
class Pasada:
    """Un lote que ya pasó hacia adelante por la gemela, listo para ir hacia atrás.

    Argumentos:
        gemela: la red correcta, en float64.
        y: los objetivos del lote, preparados.
        iniciales, despues: listas de pesos de la otra red.
        contexto: los tamaños que usan las cuentas de los errores, o `None`.
        anterior: la red como quedó después de pasar el lote anterior, o `None`.
    """

    gemela: Any
    y: np.ndarray
    iniciales: list
    despues: list
    contexto: Any = None
    anterior: Any = None

    def hacia_atras(self, *errores):
        """Devuelve los gradientes de todos los pesos.

        Argumentos:
            errores: parejas (`Error`, números de las capas donde se comete); ninguna es la pasada
                correcta.
        """
        grads, (grad_a, delta) = [], self._desde_la_perdida()
        for i in reversed(range(len(self.gemela.layers))):
            eslabon = self._eslabon(i, grad_a, delta)
            for error, donde in errores:
                if i in donde and error.sirve(eslabon):
                    eslabon = _con_error(eslabon, error.cuenta(eslabon))
            grads = [*eslabon.grads, *grads]
            grad_a, delta = eslabon.grad_x, None
        return grads

    def eslabones(self):
        """Los eslabones de la pasada correcta, de la última capa a la primera."""
        grad_a, delta = self._desde_la_perdida()
        for i in reversed(range(len(self.gemela.layers))):
            eslabon = self._eslabon(i, grad_a, delta)
            yield eslabon
            grad_a, delta = eslabon.grad_x, None

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
        capas = self.gemela.layers
        eslabon = Eslabon(
            capa=capas[i],
            anterior=capas[i - 1] if i else None,
            siguiente=capas[i + 1] if i + 1 < len(capas) else None,
            i=i,
            k=sum(len(otra.weights) for otra in capas[:i]),
            pasada=self,
            grad_a=grad_a,
            delta=delta,
        )
        if delta is None:
            eslabon = replace(eslabon, delta=eslabon.derivar(grad_a, eslabon.z, eslabon.a))
        return _propagar(eslabon)


def _con_error(eslabon, cambio):
    """El eslabón con los campos que cambia el error; si cambia δ, lo que sale de δ también."""
    if "delta" in cambio:
        eslabon = _propagar(replace(eslabon, delta=cambio["delta"]))
    return replace(eslabon, **cambio)


def _propagar(eslabon):
    """De dL/dz a los gradientes de los pesos y a dL/dx."""
    capa, delta = eslabon.capa, eslabon.delta
    if not capa.weights:
        return replace(eslabon, grad_x=delta.reshape(capa.x.shape))
    grads = [capa.x.T @ delta, delta.sum(axis=0)][: len(capa.weights)]
    grads = [g + r for g, r in zip(grads, eslabon.regularizados(), strict=True)]
    return replace(eslabon, grads=grads, grad_x=delta @ capa.kernel.T)
