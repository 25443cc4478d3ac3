"""Lo que hay que explicar de los gradientes: los que muestra la red, o lo que movió sus pesos.

Una red que no muestra sus gradientes se explica igual: los que daría cada error se pasan por el
optimizador de Keras, y se comparan los movimientos.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from cursokeras.comparacion.causas.causa import resto_en_todos
from cursokeras.comparacion.causas.escena import ensayar, mover, optimizador_en
from cursokeras.comparacion.causas.tablas.movimientos import simular
from cursokeras.comparacion.diferencias import cociente

# Con más pesos, probar parejas de errores y otras convenciones de ε tardaría minutos.
_PESOS_DE_UNA_CLASE = 20_000


@dataclass(frozen=True)
class Blanco:
    """Unos números equivocados, en varios lotes.

    Argumentos:
        escenas: las de los lotes, en orden.
        muestra: si son los gradientes; si no, son los movimientos de los pesos.
        regla: cómo mueve los pesos la otra red, si no es como Keras.
    """

    escenas: list
    muestra: bool
    regla: Callable | None = None

    @property
    def es_chico(self):
        """Si la red tiene tan pocos pesos que se puede probar todo."""
        return sum(w.size for w in self.escenas[0].paso.antes) <= _PESOS_DE_UNA_CLASE

    @property
    def se_ven(self):
        """Si la otra red muestra sus gradientes."""
        return all(g is not None for g in self.escenas[0].paso.otra.grads)

    @property
    def que(self):
        return "el gradiente" if self.muestra else "lo que se mueven los pesos"

    def terna(self, s, candidatos):
        """Lo propuesto, lo obtenido, lo correcto y el ruido de un lote."""
        if self.muestra:
            return candidatos, s.paso.otra.grads, s.paso.keras.grads, s.ruido_de_los_gradientes
        return candidatos, s.movidos, s.debidos, s.ruido

    def obtenidos(self, s):
        return self.terna(s, s.paso.keras.grads)[1]

    def correctos(self, s):
        return self.terna(s, s.paso.keras.grads)[2]

    def sobra(self, cuenta, indices=None):
        """Lo que dejan sin explicar los gradientes que da una cuenta en cada escena."""
        return self._en_todos(lambda escenas: [cuenta(s) for s in escenas], self.pasar, indices)

    def sobra_con_regla(self, regla):
        """Lo que deja sin explicar otra regla para mover los pesos."""
        return self._en_todos(
            lambda escenas: [s.grads for s in escenas],
            lambda escenas, listas: simular(regla, escenas, listas),
        )

    def casi(self, regla):
        """Si una regla da los movimientos de todos los lotes, con la tolerancia del redondeo."""
        listas = simular(regla, self.escenas, [s.grads for s in self.escenas])
        return all(
            np.abs(o - c).max(initial=0.0) <= 1e-3 * np.abs(o).max(initial=0.0) + ruido
            for s, lista in zip(self.escenas, listas, strict=True)
            for o, c, ruido in zip(s.movidos, lista, s.ruido, strict=True)
        )

    def sobra_con_datos(self, cuenta):
        """Lo que dejan sin explicar los lotes que da una cuenta en cada escena."""
        return self._en_todos(
            lambda escenas: [cuenta(s) for s in escenas],
            self._entrenar,
        )

    def propuesto(self, s, cuenta):
        """Lo que da una cuenta en una escena, o `None` si con sus formas no puede ser."""
        try:
            return self.pasar([s], [cuenta(s)])[0]
        except (ValueError, IndexError):
            return None

    def pasar(self, escenas, listas):
        """De los gradientes propuestos a lo que se compara."""
        if self.muestra:
            return listas
        return simular(self.regla, escenas, listas) if self.regla else mover(escenas, listas)

    def _entrenar(self, escenas, listas):
        optimizador = optimizador_en(escenas[0])
        ensayos = [ensayar(s, lotes, optimizador) for s, lotes in zip(escenas, listas, strict=True)]
        if self.muestra or (self.regla and all(len(lotes) == 1 for lotes in listas)):
            return self.pasar(escenas, [ensayo.cuentas.grads for ensayo in ensayos])
        return [ensayo.movidos for ensayo in ensayos]

    def _en_todos(self, proponer, pasar, indices=None):
        """Primero en un lote, que descarta casi todo, y después en los demás."""
        sobra = np.inf
        for cuantos in sorted({1, len(self.escenas)}):
            escenas = self.escenas[:cuantos]
            try:
                listas = proponer(escenas)
                if any(lista is None for lista in listas):
                    return np.inf
                listas = pasar(escenas, listas)
            except (ValueError, IndexError):  # Con estas formas ese error no se puede cometer.
                return np.inf
            ternas = map(self.terna, escenas, listas)
            sobra = resto_en_todos(_solo(terna, indices) for terna in ternas)
            if np.isinf(sobra):
                break
        return sobra

    def razones(self, indices=None):
        """Por lote, el número constante entre lo obtenido y lo correcto, o nan.

        Un lote donde los dos son cero no dice nada, y no está.
        """
        return [self.razon(s, indices) for s in self.escenas if not self._en_cero(s, indices)]

    def _en_cero(self, s, indices):
        _, obtenidos, correctos, _ = _solo(self.terna(s, s.paso.keras.grads), indices)
        return not any(map(np.any, (*obtenidos, *correctos)))

    def razon(self, s, indices=None):
        _, obtenidos, correctos, ruidos = _solo(self.terna(s, s.paso.keras.grads), indices)
        return cociente(obtenidos, correctos, ruidos)

    def distintos(self, tolerancia):
        """Los pesos donde lo obtenido no es lo correcto, en algún lote."""
        diferencias = [
            s.paso.diferencias.grads if self.muestra else s.paso.actualizacion for s in self.escenas
        ]
        return [k for k, d in enumerate(zip(*diferencias, strict=True)) if max(d) > tolerancia]


def _solo(terna, indices):
    return terna if indices is None else [[lado[k] for k in indices] for lado in terna]
