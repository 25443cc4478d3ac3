"""Una vuelta por los datos, repartida en llamadas cortas a un bucle compilado.

Todos los recorridos hablan igual: `recorrer(pasos)` da esa cantidad de lotes desde el primero y
genera, tras cada llamada, la pareja (lotes recorridos, métricas).
"""

from cursokeras.aceleracion import xla
from cursokeras.aceleracion.compartidas import COMPARTIDAS
from cursokeras.aceleracion.eleccion import conviene_xla, es_menudo
from cursokeras.aceleracion.fuentes import DeFlujo
from cursokeras.aceleracion.recaida import NoSePuedeAcelerar


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
            hechos, metricas = self._bucle(iterador, desde, hasta)
            yield int(hechos), metricas


class RecorridoDeFilas:
    """Recorre filas en memoria, tramo por tramo; las subclases dicen con qué bucles."""

    def __init__(self, trazas, paso, fuente, *, vigilar):
        self._trazas, self._paso, self._vigilar = trazas, paso, vigilar
        self._fuente, self._tensores = fuente, fuente.tensores
        self._menudo = es_menudo(trazas.modelo, fuente.tensores)
        self._cuenta = trazas.cuenta_de_pasos(paso, fuente.tensores)
        self._tramos = self._repartir()

    def recorrer(self, pasos):
        """Genera, tras cada llamada, la pareja (lotes recorridos, métricas)."""
        orden = self._fuente.orden()
        COMPARTIDAS.sumar_pasos(self._cuenta, pasos)
        for desde, hasta, altura, bucle in self._tramos:
            if desde >= pasos:
                return
            hojas = self._tensores.tramo(desde, hasta, orden, altura=altura)
            for inicio, fin in bucle.ritmo.trozos(0, min(hasta, pasos) - desde):
                hechos, metricas = bucle(hojas, inicio, fin)
                yield desde + int(hechos), metricas

    def _cortes(self, pasos, *, altura=None, bucle):
        ancho = min(pasos, self._tensores.pasos_que_caben)
        return [
            (desde, min(desde + ancho, pasos), altura, bucle) for desde in range(0, pasos, ancho)
        ]

    def _bucle(self, *, completos, altura=None):
        return self._trazas.de_filas(
            self._paso,
            self._tensores,
            completos=completos,
            altura=altura,
            menudo=self._menudo,
            vigilar=self._vigilar,
        )


class RecorridoConGrafo(RecorridoDeFilas):
    """Todos los lotes en un bucle de grafo."""

    def _repartir(self):
        grafo = self._bucle(completos=self._tensores.lotes_completos)
        return self._cortes(self._tensores.pasos, bucle=grafo)


class RecorridoConXla(RecorridoDeFilas):
    """Los lotes completos con XLA; el último, si es incompleto, en un bucle de grafo."""

    def _repartir(self):
        tensores = self._tensores
        pedido = self._trazas.modelo.jit_compile
        if not pedido:
            xla.revisar_datos(tensores)
        completos = tensores.n // tensores.batch_size
        altura = min(completos, tensores.pasos_que_caben) * tensores.batch_size
        con_xla = self._bucle(completos=True, altura=altura)
        if con_xla.programa.mira_etiquetas:
            xla.revisar_etiquetas(self._trazas.modelo, tensores)
        tramos = self._cortes(completos, altura=altura, bucle=con_xla)
        if not tensores.lotes_completos:
            tramos.append((completos, completos + 1, None, self._bucle(completos=False)))
        return tramos
