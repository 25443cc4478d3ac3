"""Una vuelta por los datos, repartida en llamadas cortas a un bucle compilado.

Todos los recorridos hablan igual: `recorrer(pasos)` da esa cantidad de lotes desde el primero y
genera, tras cada llamada, la pareja (lotes recorridos, métricas).
"""

import collections

import numpy as np

from cursokeras.aceleracion import xla
from cursokeras.aceleracion.compartidas import COMPARTIDAS
from cursokeras.aceleracion.eleccion import conviene_xla, es_menudo
from cursokeras.aceleracion.fuentes import DeFlujo
from cursokeras.aceleracion.recaida import NoSePuedeAcelerar
from cursokeras.aceleracion.variables import variables_de

Tramo = collections.namedtuple("Tramo", "desde hasta bucle completos altura")


def crear_recorrido(trazas, paso, fuente, *, vueltas=1, vigilar=False):
    """Prepara el recorrido de `fuente`, con los bucles que convienen para esas `vueltas`."""
    trazas.preparar(paso, fuente.firma)
    if isinstance(fuente, DeFlujo):
        return RecorridoDeFlujo(trazas, paso, fuente, vigilar=vigilar)
    ya_corridos = COMPARTIDAS.pasos(trazas.cuenta_de_pasos(paso, fuente.tensores))
    pasos = ya_corridos + fuente.pasos * vueltas
    if conviene_xla(trazas.modelo, fuente.tensores, pasos):
        try:
            return RecorridoConXla(trazas, paso, fuente, vigilar=vigilar)
        except NoSePuedeAcelerar:
            pass  # XLA no conoce todas las operaciones, o les da otro resultado; el grafo sí.
    return RecorridoConGrafo(trazas, paso, fuente, vigilar=vigilar)


class RecorridoDeKeras:
    """Recorre una fuente con la función de Keras, un paso por llamada."""

    def __init__(self, funcion, fuente):
        self._funcion, self._fuente = funcion, fuente

    def recorrer(self, pasos):
        """Genera, tras cada lote, la pareja (lotes recorridos, métricas)."""
        iterador = self._fuente.iterador()
        for paso in range(pasos):
            yield paso + 1, self._funcion(iterador)


class RecorridoDeFlujo:
    """Recorre un `tf.data.Dataset`: cada llamada le pide varios lotes al iterador."""

    def __init__(self, trazas, paso, fuente, *, vigilar):
        self._fuente = fuente
        self._bucle = trazas.de_flujo(paso, fuente.firma, vigilar=vigilar)

    def recorrer(self, pasos):
        """Genera, tras cada llamada, la pareja (lotes recorridos, métricas)."""
        iterador = self._fuente.iterador()
        for desde, hasta in self._bucle.ritmo.trozos(0, pasos):
            hechos, metricas, _ = self._bucle(iterador, desde, hasta)
            yield int(hechos), metricas


class RecorridoDeFilas:
    """Recorre filas en memoria, tramo por tramo; las subclases dicen con qué bucles.

    XLA y el ejecutor de un hilo no tratan los nan como el grafo de Keras, que al fundir operaciones
    puede perderlos: una relu los vuelve ceros. Por eso, si la pérdida deja de ser finita, la
    llamada se deshace y se repite, como todo lo que sigue, en un grafo igual al de Keras.
    """

    def __init__(self, trazas, paso, fuente, *, vigilar):
        self._trazas, self._paso, self._vigilar = trazas, paso, vigilar
        self._fuente, self._tensores = fuente, fuente.tensores
        self._menudo = es_menudo(trazas.modelo, fuente.tensores)
        self._cuenta = trazas.cuenta_de_pasos(paso, fuente.tensores)
        self._con_calma = False
        self._tramos = self._repartir()

    def recorrer(self, pasos):
        """Genera, tras cada llamada, la pareja (lotes recorridos, métricas)."""
        orden = self._fuente.orden()
        COMPARTIDAS.sumar_pasos(self._cuenta, pasos)
        for tramo in self._tramos:
            if tramo.desde >= pasos:
                return
            hojas = self._tensores.tramo(tramo.desde, tramo.hasta, orden, altura=tramo.altura)
            for inicio, fin in tramo.bucle.ritmo.trozos(0, min(tramo.hasta, pasos) - tramo.desde):
                hechos, metricas = self._dar(tramo, hojas, inicio, fin)
                yield tramo.desde + int(hechos), metricas

    def _dar(self, tramo, *argumentos):
        """Da los pasos de un trozo y devuelve (lotes dados, métricas)."""
        if not self._con_calma:
            hechos, metricas, antes = tramo.bucle(*argumentos)
            if not antes or np.isfinite(metricas["loss"]):
                return hechos, metricas
            self._con_calma = True
            for variable, valor in zip(variables_de(self._trazas.modelo), antes, strict=True):
                variable.assign(valor)
        bucle = self._bucle(completos=tramo.completos, menudo=False)
        hechos, metricas, _ = bucle(*argumentos)
        return hechos, metricas

    def _cortar(self, desde, hasta, bucle, *, completos, altura=None):
        ancho = min(hasta - desde, self._tensores.pasos_que_caben)
        return [
            Tramo(inicio, min(inicio + ancho, hasta), bucle, completos, altura)
            for inicio in range(desde, hasta, ancho)
        ]

    def _bucle(self, *, completos, altura=None, menudo=False):
        return self._trazas.de_filas(
            self._paso,
            self._tensores,
            completos=completos,
            altura=altura,
            menudo=menudo,
            vigilar=self._vigilar,
        )


class RecorridoConGrafo(RecorridoDeFilas):
    """Todos los lotes en un bucle de grafo."""

    def _repartir(self):
        completos = self._tensores.lotes_completos
        grafo = self._bucle(completos=completos, menudo=self._menudo)
        return self._cortar(0, self._tensores.pasos, grafo, completos=completos)


class RecorridoConXla(RecorridoDeFilas):
    """Los lotes completos con XLA; el último, si es incompleto, en un bucle de grafo."""

    def _repartir(self):
        tensores = self._tensores
        completos = tensores.n // tensores.batch_size
        altura = min(completos, tensores.pasos_que_caben) * tensores.batch_size
        con_xla = self._bucle(completos=True, altura=altura)
        if con_xla.programa.mira_etiquetas:
            xla.revisar_etiquetas(self._trazas.modelo, tensores)
        tramos = self._cortar(0, completos, con_xla, completos=True, altura=altura)
        if not tensores.lotes_completos:
            resto = self._bucle(completos=False, menudo=self._menudo)
            tramos += self._cortar(completos, completos + 1, resto, completos=False)
        return tramos
