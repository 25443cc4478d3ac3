"""Una vuelta por los datos, repartida en llamadas cortas a un bucle compilado."""

from cursokeras.aceleracion.bucle import BucleDeFilas, BucleDeFlujo
from cursokeras.aceleracion.eleccion import conviene_xla, es_menudo
from cursokeras.aceleracion.fuentes import DeFlujo
from cursokeras.aceleracion.recaida import NoSePuedeAcelerar


def crear_recorrido(trazas, paso, fuente, *, vueltas=1, vigilar=False):
    """Prepara el recorrido de `fuente`, con los bucles que convienen para esas `vueltas`."""
    if isinstance(fuente, DeFlujo):
        return RecorridoDeFlujo(trazas, paso, fuente, vigilar=vigilar)
    if conviene_xla(trazas.modelo, fuente.filas, fuente.pasos * vueltas):
        try:
            return RecorridoConXla(trazas, paso, fuente, vigilar=vigilar)
        except NoSePuedeAcelerar:
            pass  # XLA no conoce todas las operaciones; el grafo sí.
    return RecorridoConGrafo(trazas, paso, fuente, vigilar=vigilar)


class RecorridoDeFlujo:
    """Recorre un `tf.data.Dataset`: cada llamada le pide varios lotes al iterador."""

    def __init__(self, trazas, paso, fuente, *, vigilar):
        self._fuente = fuente
        self._bucle = trazas.bucle(BucleDeFlujo, paso, fuente.element_spec, vigilar=vigilar)

    def recorrer(self):
        """Genera, tras cada llamada, la pareja (lotes recorridos, métricas)."""
        iterador = self._fuente.epoca()
        for desde, hasta in self._bucle.ritmo.trozos(self._fuente.pasos):
            yield self._bucle(iterador, desde, hasta)


class RecorridoDeFilas:
    """Recorre filas en memoria, tramo por tramo; las subclases dicen con qué bucles."""

    def __init__(self, trazas, paso, fuente, *, vigilar):
        self._trazas, self._paso, self._vigilar = trazas, paso, vigilar
        self._fuente, self._filas = fuente, fuente.filas
        self._menudo = es_menudo(trazas.modelo, fuente.filas)
        self._tramos = self._repartir()

    def recorrer(self):
        """Genera, tras cada llamada, la pareja (lotes recorridos, métricas)."""
        orden = self._fuente.epoca()
        for desde, hasta, altura, bucle in self._tramos:
            hojas = self._filas.tramo(desde, hasta, orden, altura=altura)
            for inicio, fin in bucle.ritmo.trozos(hasta - desde):
                hechos, metricas = bucle(hojas, inicio, fin)
                yield desde + hechos, metricas

    def _cortes(self, pasos, *, altura=None, bucle):
        ancho = min(pasos, self._filas.pasos_que_caben)
        return [
            (desde, min(desde + ancho, pasos), altura, bucle) for desde in range(0, pasos, ancho)
        ]

    def _bucle(self, *, completos, altura=None):
        return self._trazas.bucle(
            BucleDeFilas,
            self._paso,
            self._filas.firma(altura),
            batch_size=self._filas.batch_size,
            completos=completos,
            xla=altura is not None,
            un_hilo=altura is None and self._menudo,
            vigilar=self._vigilar,
        )


class RecorridoConGrafo(RecorridoDeFilas):
    """Todos los lotes en un bucle de grafo."""

    def _repartir(self):
        grafo = self._bucle(completos=self._filas.lotes_completos)
        return self._cortes(self._filas.pasos, bucle=grafo)


class RecorridoConXla(RecorridoDeFilas):
    """Los lotes completos con XLA; el último, si es incompleto, en un bucle de grafo."""

    def _repartir(self):
        completos = self._filas.n // self._filas.batch_size
        altura = min(completos, self._filas.pasos_que_caben) * self._filas.batch_size
        xla = self._bucle(completos=True, altura=altura)
        tramos = self._cortes(completos, altura=altura, bucle=xla)
        if not self._filas.lotes_completos:
            tramos.append((completos, completos + 1, None, self._bucle(completos=False)))
        return tramos
