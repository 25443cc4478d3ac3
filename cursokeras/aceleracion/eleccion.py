"""Cómo correr: con XLA o con un grafo, y cuántos lotes por llamada."""

import time

_SEGUNDOS_POR_LLAMADA = 0.25


class Ritmo:
    """Reparte los lotes en llamadas cortas, para que Ctrl-C y la barra de avance no esperen.

    La primera llamada es de un lote y cada una siguiente puede doblar el tamaño mientras dure
    menos de un cuarto de segundo. El tamaño no cambia los números: los pasos son los mismos.
    """

    def __init__(self):
        self._pasos = 1

    def trozos(self, pasos):
        """Genera parejas (desde, hasta) que cubren `pasos` lotes."""
        desde = 0
        while desde < pasos:
            hasta = min(desde + self._pasos, pasos)
            inicio = time.perf_counter()
            yield desde, hasta
            self._ajustar(hasta - desde, time.perf_counter() - inicio)
            desde = hasta

    def _ajustar(self, pasos, segundos):
        if pasos == self._pasos and segundos < _SEGUNDOS_POR_LLAMADA / 2:
            self._pasos *= 2
        elif segundos > _SEGUNDOS_POR_LLAMADA:
            self._pasos = max(1, self._pasos // 2)
