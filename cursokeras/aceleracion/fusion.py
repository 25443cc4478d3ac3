"""El `fit` y el `evaluate` de Keras conducidos con una llamada por época.

Keras usa `modelo.train_function` si ya está puesta. Aquí se le pone una que recorre la época
entera, y a `fit` se le da un conjunto de datos ficticio con un solo paso por época: el orden de
las épocas, los callbacks, el historial y la parada temprana siguen siendo los de Keras.
"""

from cursokeras._backend import keras, tf
from cursokeras.aceleracion import datos, fuentes
from cursokeras.aceleracion.atributos import atributos
from cursokeras.aceleracion.bucle import Trazas
from cursokeras.aceleracion.recaida import exigir, revisar_callbacks
from cursokeras.aceleracion.recorridos import crear_recorrido


class Llamadas(keras.callbacks.CallbackList):
    """Los callbacks del usuario, a los que se les habla de los lotes de verdad.

    Cada llamada compilada recorre muchos lotes; `lote` es el último que terminó.
    """

    lote = -1

    def on_train_batch_begin(self, batch, logs=None):
        """No avisa: nadie escucha el comienzo de un lote."""

    def on_train_batch_end(self, batch, logs=None):
        """Avisa del último lote recorrido, no del número de llamada."""
        for callback in self.callbacks:
            callback.on_train_batch_end(self.lote, logs)

    def on_test_batch_begin(self, batch, logs=None):
        """No avisa: nadie escucha el comienzo de un lote."""

    def on_test_batch_end(self, batch, logs=None):
        """Avisa del último lote recorrido, no del número de llamada."""
        for callback in self.callbacks:
            callback.on_test_batch_end(self.lote, logs)


class Ajuste:
    """Un `fit` acelerado.

    Argumentos:
        modelo: modelo compilado, ya revisado.
        pedido: los argumentos de `fit`, por nombre.

    Lanza:
        NoSePuedeAcelerar: antes de tocar el modelo, si este `fit` es para Keras.
    """

    def __init__(self, modelo, pedido):
        self._modelo, self._pedido = modelo, pedido
        revisar_callbacks(pedido["callbacks"])
        self._fuente, self._fuente_validacion = _fuentes_de_fit(pedido)
        self._trazas = Trazas.de(modelo)
        self._preparar()
        self._resultado_de_keras = modelo.get_metrics_result
        self._ficha = tf.data.Dataset.from_tensors(0)
        self._metricas = None

    def _preparar(self):
        callbacks = keras.tree.flatten(self._pedido["callbacks"] or [])
        vigilar = any(isinstance(c, keras.callbacks.TerminateOnNaN) for c in callbacks)
        # Sin restar initial_epoch: un fit reanudado elige los mismos bucles que el completo.
        vueltas = self._pedido["epochs"]
        ya_trazado = len(self._trazas)
        self._entrenar = crear_recorrido(
            self._trazas, "train_step", self._fuente, vueltas=vueltas, vigilar=vigilar
        )
        self._validar = self._fuente_validacion and crear_recorrido(
            self._trazas, "test_step", self._fuente_validacion, vueltas=vueltas
        )
        self._reiniciar = self._trazas.reinicio()
        self._estrena = _entrenables(self._modelo) if len(self._trazas) > ya_trazado else None

    def correr(self, fit):
        """Llama al `fit` de Keras con el modelo preparado y devuelve su `History`."""
        pedido = self._pedido
        self._llamadas = _llamadas(self._modelo, pedido, pedido["epochs"], self._fuente.pasos)
        with atributos(
            self._modelo,
            train_function=self._una_epoca,
            get_metrics_result=self._resultado,
            reset_metrics=self._reiniciar,
            steps_per_execution=1,
        ):
            return fit(
                self._ficha.repeat(),
                steps_per_epoch=1,
                shuffle=False,
                callbacks=self._llamadas,
                validation_data=self._validar and self._ficha,
                **_solo(pedido, "verbose", "epochs", "initial_epoch", "validation_freq"),
            )

    def _una_epoca(self, _):
        self._volver_a_trazar()
        for lotes, metricas in self._entrenar.recorrer():
            self._metricas = metricas
            self._llamadas.lote = lotes - 1
            if lotes < self._fuente.pasos:
                self._llamadas.on_train_batch_end(None, metricas)
            if self._modelo.stop_training:
                break
        return self._metricas

    def _volver_a_trazar(self):
        """Keras traza en el primer lote: lo que se congeló en `on_train_begin` ya cuenta."""
        if self._estrena not in (None, _entrenables(self._modelo)):
            self._trazas.olvidar()
            self._preparar()
        self._estrena = None

    def _resultado(self):
        if tf.inside_function() or self._metricas is None:
            return self._resultado_de_keras()
        metricas, self._metricas = self._metricas, None
        return metricas

    def es_validacion(self, x):
        """Dice si `x` es la ficha con que Keras pide validar esta época."""
        return x is self._ficha

    def validar(self, callbacks):
        """Recorre las filas de validación y devuelve sus métricas en un diccionario."""
        callbacks.on_test_begin()
        self._reiniciar()
        *_, (_, metricas) = self._validar.recorrer()
        callbacks.on_test_end(metricas)
        return metricas


class Evaluacion:
    """Un `evaluate` acelerado; los argumentos son como los de `Ajuste`."""

    def __init__(self, modelo, pedido):
        self._modelo, self._pedido = modelo, pedido
        revisar_callbacks(pedido["callbacks"])
        exigir(not pedido["kwargs"], "argumentos que evaluate no conoce")
        self._fuente = fuentes.elegir(
            **_solo(pedido, "x", "y", "sample_weight", "batch_size"), pasos=pedido["steps"]
        )
        self._recorrido = crear_recorrido(Trazas.de(modelo), "test_step", self._fuente)

    def correr(self, evaluate):
        """Llama al `evaluate` de Keras con el modelo preparado y devuelve lo que él."""
        self._llamadas = _llamadas(self._modelo, self._pedido, 1, self._fuente.pasos)
        with atributos(self._modelo, test_function=self._una_vuelta, steps_per_execution=1):
            return evaluate(
                tf.data.Dataset.from_tensors(0),
                callbacks=self._llamadas,
                **_solo(self._pedido, "verbose", "return_dict"),
            )

    def _una_vuelta(self, _):
        for lotes, metricas in self._recorrido.recorrer():
            self._llamadas.lote = lotes - 1
            if lotes < self._fuente.pasos:
                self._llamadas.on_test_batch_end(None, metricas)
        return metricas


def _fuentes_de_fit(pedido):
    exigir(pedido["validation_steps"] is None, "validation_steps")
    partes, validacion = (pedido["x"], pedido["y"], pedido["sample_weight"]), None
    if pedido["validation_data"] is not None:
        validacion = keras.utils.unpack_x_y_sample_weight(pedido["validation_data"])
    elif pedido["validation_split"]:
        partes, validacion = datos.separar_validacion(*partes, pedido["validation_split"])
    x, y, pesos = partes
    entrenamiento = fuentes.elegir(
        x,
        y,
        sample_weight=pesos,
        pasos=pedido["steps_per_epoch"],
        **_solo(pedido, "batch_size", "class_weight", "shuffle"),
    )
    if validacion is None:
        return entrenamiento, None
    x, y, pesos = validacion
    batch_size = pedido["validation_batch_size"] or pedido["batch_size"]
    return entrenamiento, fuentes.elegir(x, y, sample_weight=pesos, batch_size=batch_size)


def _llamadas(modelo, pedido, epochs, pasos):
    return Llamadas(
        pedido["callbacks"],
        add_history="epochs" in pedido,
        add_progbar=pedido["verbose"] != 0,
        model=modelo,
        verbose=pedido["verbose"],
        epochs=epochs,
        steps=pasos,
    )


def _solo(pedido, *nombres):
    return {nombre: pedido[nombre] for nombre in nombres}


def _entrenables(modelo):
    return [id(peso) for peso in modelo.trainable_weights]
