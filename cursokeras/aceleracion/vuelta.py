"""Una época de entrenamiento, o una validación entera, en una sola llamada de Keras."""

from cursokeras._backend import keras
from cursokeras.aceleracion.costura import Funcion
from cursokeras.aceleracion.piezas_privadas import es_de_keras
from cursokeras.aceleracion.recorridos import RecorridoDeKeras, crear_recorrido
from cursokeras.aceleracion.trazas import Trazas

_FRENOS = {"train": "stop_training", "test": "stop_evaluating"}


class Vuelta:
    """Recorre una fuente de principio a fin; se traza al llegar el primer lote, como Keras.

    Lo que no se puede trazar lo recorre la función de Keras, de a un paso, y el motivo se anota.

    Argumentos:
        modelo: modelo compilado, ya revisado.
        cual: "train" o "test".
        fuente: de dónde salen los lotes.
        anotar: función a la que se le dice el motivo, si no se pudo acelerar.
        vueltas: cuántas veces se va a recorrer la fuente.
        vigilar: si se detiene donde la pérdida deje de ser finita.

    Atributos:
        funcion: la `Funcion` que se pone en el modelo.
        llamadas: las `Llamadas` a las que se les avisa de los lotes.
        pasos: lotes por vuelta.
        resultado: las métricas de la última vuelta, si todas son de Keras; si no, `None`.
    """

    def __init__(self, modelo, cual, fuente, anotar, *, vueltas=1, vigilar=False):
        self._modelo, self._cual, self._fuente, self._anotar = modelo, cual, fuente, anotar
        self._opciones = {"vueltas": vueltas, "vigilar": vigilar}
        self._recorrido, self.pasos = None, fuente.pasos
        self.funcion = Funcion(modelo, cual, self._correr, self._olvidar)
        self.llamadas = self.resultado = None

    def _correr(self):
        recorrido, llamadas = self._preparado(), self.llamadas
        llamadas.callar = False
        # Quien frena antes de empezar recibe un lote: Keras mira el freno después de darlo.
        pasos = 1 if self._frenado() else self.pasos
        for lotes, metricas in recorrido.recorrer(pasos):
            llamadas.lote = lotes - 1
            if lotes < pasos:
                getattr(llamadas, f"on_{self._cual}_batch_end")(None, metricas)
                if self._frenado():
                    llamadas.callar = True
                    break
        exacto = not isinstance(recorrido, RecorridoDeKeras) and son_de_keras(self._modelo.metrics)
        self.resultado = metricas if exacto else None
        return metricas

    def _preparado(self):
        if self._recorrido is None:
            trazas, paso = Trazas.de(self._modelo), f"{self._cual}_step"
            try:
                self._recorrido = crear_recorrido(trazas, paso, self._fuente, **self._opciones)
            except Exception as error:  # Si el error es del usuario, Keras lo dirá mejor.
                self._anotar(str(error))
                self._recorrido = RecorridoDeKeras(self.funcion.de_keras(), self._fuente)
        return self._recorrido

    def _olvidar(self):
        Trazas.de(self._modelo).olvidar(f"{self._cual}_step")
        self._recorrido = None

    def _frenado(self):
        return getattr(self._modelo, _FRENOS[self._cual], False)


def son_de_keras(metricas):
    """Dice si todas las métricas se calculan y se ponen en cero como Keras lo escribió."""
    todas = [m for metrica in metricas for m in (metrica, *getattr(metrica, "metrics", ()))]
    return all(
        isinstance(m, keras.metrics.Metric)
        and es_de_keras(type(m).result)
        and es_de_keras(type(m).reset_state)
        and not {"result", "reset_state"} & set(vars(m))
        for m in todas
    )
