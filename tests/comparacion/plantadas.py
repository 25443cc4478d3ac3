"""Redes que se equivocan como dice una fila de una tabla, con la propia cuenta de la fila.

La referencia es la gemela en float64 y no Keras: así se plantan todas las filas en poco tiempo.
"""

import copy
from dataclasses import replace
from types import SimpleNamespace

import numpy as np

from cursokeras import desde_cero
from cursokeras._comun.lotes import Lotes
from cursokeras.comparacion.causas import diagnosticar
from cursokeras.comparacion.causas.activaciones import seguir
from cursokeras.comparacion.causas.escena import Escena, ensayar, restar
from cursokeras.comparacion.causas.tablas.adelante import Capa
from cursokeras.comparacion.causas.tablas.factores import Contexto
from cursokeras.comparacion.contraparte import Contraparte
from cursokeras.comparacion.diferencias import Cuentas
from cursokeras.comparacion.pasada import Pasada
from cursokeras.comparacion.recorrido import Recorrido
from cursokeras.desde_cero import losses


class Referencia:
    """La gemela con los métodos de `RedKeras`."""

    def __init__(self, red):
        self.red = red
        self.pesos_iniciales = [w.copy() for w in red.get_weights()]

    def compilar(self, x, y):
        pass

    def calcular(self, pesos, x, y):
        return _calcular(self.red, pesos, x, y)

    def optimizador(self):
        return _Pasos(copy.deepcopy(self.red.optimizer))


def _calcular(red, pesos, x, y):
    red.set_weights(pesos)
    salida = red.forward(x)
    y = red.loss.preparar(y, salida.shape[-1], "float64")
    perdida = float(red.calcular_perdida(y, salida))
    grads = Pasada(red, y, pesos, pesos).hacia_atras()
    return Cuentas([capa.a.copy() for capa in red.layers], perdida, grads)


class _Pasos:
    def __init__(self, optimizador):
        self.optimizador = optimizador

    def aplicar(self, grads, pesos):
        nuevos = [np.array(w) for w in pesos]
        self.optimizador.build(nuevos)
        lados = (self.optimizador.momentos, self.optimizador.velocidades)
        estado = [[v.copy() for v in lado] for lado in lados]
        self.optimizador.apply(grads, nuevos)
        return nuevos, estado


class Problema:
    """Un modelo de desde_cero con datos, listo para plantar errores."""

    def __init__(self, red, x, y, batch_size=8):
        self.red, self.x, self.y, self.batch_size = red, x, y, batch_size
        por_clase = losses.CategoricalCrossentropy, losses.SparseCategoricalCrossentropy
        self.contexto = Contexto(
            filas=len(x),
            batch_size=batch_size,
            d_out=red.output_shape[-1],
            learning_rate=red.optimizer.learning_rate,
            por_clase=isinstance(red.loss, por_clase),
        )

    def escena(self, x, y, pesos, previa, numero, inicial, despues=None):
        """La escena de un lote, como la ve quien planta el error."""
        red = copy.deepcopy(self.red)
        cuentas = _calcular(red, pesos, x, y)
        y = red.loss.preparar(y, red.output_shape[-1], "float64")
        estado = getattr(previa, "estado_siguiente", [[], []])
        paso = SimpleNamespace(
            x=x, antes=pesos, despues=despues or pesos, keras=cuentas, numero=numero, epoca=1,
            lote=numero, grads=cuentas.grads, estado=estado,
            formas_correctas=lambda: True, otra=SimpleNamespace(grads=cuentas.grads),
        )  # fmt: skip
        return Escena(paso, previa, red, y, inicial, self.contexto)

    def diagnosticar(self, plantada, epochs=2):
        """Lo que se responde de una red plantada."""
        red = copy.deepcopy(self.red)
        referencia = Referencia(copy.deepcopy(self.red))
        otra = Contraparte(plantada, referencia.pesos_iniciales, len(red.layers))
        lotes = Lotes(self.x, self.y, batch_size=self.batch_size, semilla=0)
        recorrido = Recorrido(referencia, otra, red, lotes, 1e-4)
        recorrido.recorrer(epochs)
        return diagnosticar(recorrido, self.contexto)


class Plantada:
    """Una red correcta; las subclases cambian un paso con la cuenta de una fila."""

    def __init__(self, problema, error, donde=()):
        self.problema, self.error, self.donde = problema, error, donde
        self.previa, self.numero, self.se_noto = None, 0, False
        self.optimizador = copy.deepcopy(problema.red.optimizer)

    def set_weights(self, pesos):
        self.pesos = [w.copy() for w in pesos]
        self.iniciales = [w.copy() for w in pesos]

    def get_weights(self):
        return self.pesos

    def montar(self, x, y):
        """La escena de este lote; la guarda para el siguiente."""
        self.numero += 1
        pesos = [w.copy() for w in self.pesos]
        escena = self.problema.escena(x, y, pesos, self.previa, self.numero, self.iniciales)
        self.previa = escena
        return escena

    def correcto(self, escena):
        """Los pesos después de un paso correcto."""
        pesos = [w.copy() for w in self.pesos]
        copy.deepcopy(self.optimizador).apply(escena.paso.keras.grads, pesos)
        return pesos

    def dar(self, escena, grads):
        self.optimizador.apply([np.asarray(g, "float64") for g in grads], self.pesos)

    def anotar(self, candidato, correcto):
        """Si el error cambia algún número en este lote."""
        self.se_noto |= any(
            np.shape(a) != np.shape(b) or not np.allclose(a, b, rtol=1e-3, atol=1e-9)
            for a, b in zip(candidato, correcto, strict=True)
        )


class DePerdida(Plantada):
    def train_on_batch(self, x, y):
        escena = self.montar(x, y)
        escena.paso.despues = self.correcto(escena)
        perdida = escena.paso.keras.perdida
        if self.error.sirve(escena):
            with np.errstate(all="ignore"):
                perdida = float(self.error.cuenta(escena))
        self.anotar([perdida], [escena.paso.keras.perdida])
        self.grads = escena.paso.keras.grads
        self.dar(escena, self.grads)
        return perdida

    def forward(self, x):
        red = copy.deepcopy(self.problema.red)
        red.set_weights(self.pesos)
        return red.forward(x)


class DeFactor(DePerdida):
    def train_on_batch(self, x, y):
        escena = self.montar(x, y)
        factor = self.error.cuenta(replace(self.problema.contexto, n=len(x)))
        perdida = escena.paso.keras.perdida
        self.anotar([factor * perdida], [perdida])
        self.grads = escena.paso.keras.grads
        self.dar(escena, self.grads)
        return factor * perdida


class DeDatos(Plantada):
    def train_on_batch(self, x, y):
        escena = self.montar(x, y)
        lotes = [(escena.x, escena.y)]
        if self.error.sirve(escena):
            lotes = self.error.cuenta(escena)
        ensayo = ensayar(escena, lotes, self.optimizador)
        self.anotar(ensayo.movidos, restar(self.correcto(escena), self.pesos))
        self.pesos = [w + d for w, d in zip(self.pesos, ensayo.movidos, strict=True)]
        return np.mean(ensayo.perdidas)


class HaciaAtras(Plantada):
    @property
    def layers(self):
        red = copy.deepcopy(self.problema.red)
        red.set_weights(self.pesos)
        return red.layers

    def train_on_batch(self, x, y):
        escena = self.montar(x, y)
        correctos = escena.paso.keras.grads
        despues = self.correcto(escena)
        escena.paso.despues = despues
        pasada = escena.pasada
        with np.errstate(all="ignore"):
            self.grads = [np.asarray(g) for g in pasada.hacia_atras((self.error, self.donde))]
        self.anotar(self.grads, correctos)
        try:
            self.dar(escena, self.grads)
        except ValueError:
            self.pesos = despues
        return escena.paso.keras.perdida


class HaciaAdelante(Plantada):
    def __init__(self, *args):
        super().__init__(*args)
        self.guardada = None

    @property
    def layers(self):
        return [SimpleNamespace(forward=lambda x, i=i: self._capa(i, x)) for i in self._todas()]

    def _todas(self):
        return range(len(self.problema.red.layers))

    def _capa(self, i, x):
        if i == 0:
            self.x = x
            y = np.zeros((len(x), self.problema.red.output_shape[-1]))
            if not isinstance(self.problema.red.loss, losses.MeanSquaredError):
                y[:, 0] = 1
            if isinstance(self.problema.red.loss, losses.SparseCategoricalCrossentropy):
                y = np.zeros(len(x), int)
            pesos = [w.copy() for w in self.pesos]
            anterior = self.guardada
            self.guardada = self.problema.escena(x, y, pesos, anterior, 1, self.iniciales)
        escena = self.guardada
        propia = Capa(escena, i, x)
        if i in self.donde and self.error.sirve(propia):
            with np.errstate(all="ignore"):
                return np.asarray(self.error.cuenta(propia), "float64")
        return copy.deepcopy(escena.red.layers[i]).forward(x)

    def train_on_batch(self, x, y):
        escena = self.montar(x, y)
        salidas = seguir(self.guardada, self.error, self.donde)
        self.anotar(salidas, escena.paso.keras.salidas)
        self.grads = escena.paso.keras.grads
        self.dar(escena, self.grads)
        return escena.paso.keras.perdida


class DeMovimiento(HaciaAtras):
    """Mueve los pesos con la regla de la fila."""

    def __init__(self, *args):
        super().__init__(*args)
        self.estado = None

    def train_on_batch(self, x, y):
        escena = self.montar(x, y)
        self.grads = escena.paso.keras.grads
        regla = self.error.cuenta(escena)
        self.estado = self.estado or [[np.zeros(g.shape) for g in self.grads] for _ in (1, 2)]
        escena.paso.epoca, escena.paso.lote = (self.numero + 2) // 3, (self.numero - 1) % 3 + 1
        debidos = restar(self.correcto(escena), self.pesos)
        ternas = [
            regla(g, m, v, escena, k)
            for k, (g, m, v) in enumerate(zip(self.grads, *self.estado, strict=True))
        ]
        movidos, *self.estado = map(list, zip(*ternas, strict=True))
        self.optimizador.apply(self.grads, [w.copy() for w in self.pesos])
        self.anotar(movidos, debidos)
        self.pesos = [w + d for w, d in zip(self.pesos, movidos, strict=True)]
        return escena.paso.keras.perdida


def red(
    perdida, cabeza, d_out, *, f1="tanh", f2="sigmoid", regla=None, optimizer=None, u=(4, 4),
    escala=0.6, entrada=(3,),
):  # fmt: skip
    """Una red pequeña en float64, con sesgos que no son cero."""
    capas = [desde_cero.Input(entrada)]
    if len(entrada) > 1:
        capas.append(desde_cero.layers.Flatten(name="plana"))
    capas += [
        desde_cero.layers.Dense(u[0], f1, kernel_regularizer=regla, name="uno"),
        desde_cero.layers.Dense(u[1], f2, name="dos"),
        desde_cero.layers.Dense(d_out, cabeza, name="cabeza"),
    ]
    nueva = desde_cero.Sequential(capas, dtype="float64")
    azar = np.random.default_rng(3)
    nueva.set_weights([escala * azar.normal(size=w.shape) for w in nueva.get_weights()])
    nueva.compile(optimizer or desde_cero.optimizers.SGD(0.05), perdida)
    return nueva
