"""La costura con Keras: las funciones que `fit` y `evaluate` llaman en cada paso.

Keras llama a `modelo.train_function(iterador)`, y a `test_function`, si ya están puestas. Aquí se
les da un conjunto de datos ficticio, la ficha, con un solo paso por época. La función puesta
recorre la época entera cuando recibe el iterador de la ficha, y con cualquier otra cosa, como lo
que le pasa `train_on_batch`, es la función de Keras.
"""

import contextlib

from cursokeras._backend import keras, tf
from cursokeras.aceleracion.atributos import atributos

_FIRMA = {"ficha de cursokeras": tf.TensorSpec([], tf.int32)}


def nueva_ficha():
    """Devuelve el conjunto de datos ficticio que se le da a `fit` o a `evaluate`."""
    return tf.data.Dataset.from_tensors(dict.fromkeys(_FIRMA, 0)).repeat()


def es_ficha(datos):
    """Dice si `datos` es una ficha, o un iterador de una."""
    es_flujo = isinstance(datos, tf.data.Dataset | tf.data.Iterator)
    return es_flujo and datos.element_spec == _FIRMA


class Funcion:
    """Lo que se pone en `train_function` o en `test_function` del modelo.

    Argumentos:
        modelo: el modelo en que se pone.
        cual: "train" o "test".
        vuelta: función sin argumentos que recorre los datos y devuelve las métricas.
        olvidar: función sin argumentos que descarta lo trazado, si alguien pide rehacerlo.
    """

    def __init__(self, modelo, cual, vuelta, olvidar):
        self._modelo, self._vuelta, self._olvidar = modelo, vuelta, olvidar
        self._atributo, self._rehacer = f"{cual}_function", f"make_{cual}_function"
        self._de_keras = getattr(modelo, self._atributo, None)

    def __call__(self, iterador):
        return self._vuelta() if es_ficha(iterador) else self.de_keras()(iterador)

    def de_keras(self):
        """Devuelve la función de Keras, que da un paso con el lote que se le pase."""
        if self._de_keras is None:
            with atributos(self._modelo, **{self._atributo: None}):
                getattr(type(self._modelo), self._rehacer)(self._modelo)
                self._de_keras = getattr(self._modelo, self._atributo)
        return self._de_keras

    def rehacer(self, force=False):
        """Como `make_train_function`: si hay que hacerla otra vez, se traza de nuevo."""
        if force or getattr(self._modelo, self._atributo) is None:
            self._de_keras = None
            self._olvidar()
            setattr(self._modelo, self._atributo, self)

    @contextlib.contextmanager
    def puesta(self):
        """Contexto en el que el modelo la tiene en lugar de la de Keras."""
        antes = self._de_keras
        try:
            with atributos(self._modelo, **{self._atributo: self, self._rehacer: self.rehacer}):
                yield
        finally:
            # Si en el medio se compiló o se pidió rehacerla, la de antes ya no sirve.
            if antes is not None and self._de_keras is not antes:
                setattr(self._modelo, self._atributo, None)


class Llamadas(keras.callbacks.CallbackList):
    """Los callbacks del usuario, a los que se les habla de los lotes de verdad.

    Cada llamada compilada recorre muchos lotes; `lote` es el último que terminó. Con `callar` ese
    lote ya se avisó, porque ahí mismo un callback frenó la época.
    """

    lote = -1
    callar = False

    def on_train_batch_begin(self, batch, logs=None):
        """No avisa: nadie escucha el comienzo de un lote."""

    def on_train_batch_end(self, batch, logs=None):
        """Avisa del último lote recorrido, no del número de llamada."""
        if not self.callar and self._escuchan("on_train_batch_end"):
            super().on_train_batch_end(self.lote, logs)

    def on_test_batch_begin(self, batch, logs=None):
        """No avisa: nadie escucha el comienzo de un lote."""

    def on_test_batch_end(self, batch, logs=None):
        """Avisa del último lote recorrido, no del número de llamada."""
        if not self.callar and self._escuchan("on_test_batch_end"):
            super().on_test_batch_end(self.lote, logs)

    def _escuchan(self, gancho):
        """Si algún callback hace algo al terminar un lote; avisar en vano lleva su tiempo."""
        return any(
            getattr(type(callback), nombre) is not getattr(keras.callbacks.Callback, nombre)
            for callback in self.callbacks
            for nombre in (gancho, "on_batch_end")
        )
