"""El `fit` de Keras conducido con una llamada por época.

Keras usa `modelo.train_function` si ya está puesta. Aquí se le pone una que recorre la época
entera, y a `fit` se le da un conjunto de datos ficticio con un solo paso por época: el orden de
las épocas, los callbacks, el historial y la parada temprana siguen siendo los de Keras.
"""

import contextlib

from cursokeras._backend import keras, tf
from cursokeras.aceleracion import datos
from cursokeras.aceleracion.bucle import Bucle
from cursokeras.aceleracion.eleccion import Ritmo
from cursokeras.aceleracion.recaida import exigir, revisar_callbacks


@contextlib.contextmanager
def atributos(objeto, **nuevos):
    """Pone atributos propios en `objeto` y al salir deja exactamente los que tenía."""
    antes = {nombre: vars(objeto)[nombre] for nombre in nuevos if nombre in vars(objeto)}
    for nombre, valor in nuevos.items():
        setattr(objeto, nombre, valor)
    try:
        yield
    finally:
        for nombre in nuevos:
            if nombre in antes:
                setattr(objeto, nombre, antes[nombre])
            else:
                delattr(objeto, nombre)


class Llamadas(keras.callbacks.CallbackList):
    """Los callbacks del usuario, a los que se les habla de los lotes de verdad."""

    lote = -1

    def on_train_batch_begin(self, batch, logs=None):
        """No avisa: nadie escucha el comienzo de un lote."""

    def on_train_batch_end(self, batch, logs=None):
        """Avisa del último lote recorrido, no del número de llamada."""
        for callback in self.callbacks:
            callback.on_train_batch_end(self.lote, logs)


class Pasada:
    """Una vuelta por las filas, repartida en llamadas al bucle compilado."""

    def __init__(self, modelo, paso, filas, *, vigilar=False):
        self._modelo, self._filas = modelo, filas
        self._bucle = Bucle(modelo, paso, filas, xla=False, vigilar=vigilar)
        self._ritmo = Ritmo()

    def recorrer(self, orden=None):
        """Genera, tras cada llamada, la pareja (lotes recorridos, métricas)."""
        por_tramo = self._filas.pasos_por_tramo
        for base in range(0, self._filas.pasos, por_tramo):
            fin = min(base + por_tramo, self._filas.pasos)
            hojas = self._filas.tramo(base, fin, orden)
            for desde, hasta in self._ritmo.trozos(fin - base):
                hechos, metricas = self._bucle(hojas, desde, hasta)
                yield base + hechos, metricas


class Ajuste:
    """Un `fit` acelerado: qué recorre, con qué callbacks y qué le pone al modelo."""

    def __init__(self, modelo, pedido):
        self._modelo, self._pedido = modelo, pedido
        revisar_callbacks(pedido["callbacks"])
        exigir(pedido["steps_per_epoch"] is None, "steps_per_epoch con datos en memoria")
        exigir(pedido["validation_steps"] is None, "validation_steps con datos en memoria")
        self._originales = (modelo.reset_metrics, modelo.get_metrics_result)
        vigilar = any(
            isinstance(c, keras.callbacks.TerminateOnNaN)
            for c in keras.tree.flatten(pedido["callbacks"] or [])
        )
        entrenar, validar = self._fuentes()
        self._fuente = entrenar
        self._entrenar = Pasada(modelo, modelo.train_step, entrenar.filas, vigilar=vigilar)
        self._validar = validar and Pasada(modelo, modelo.test_step, validar.filas)
        self._ficha = tf.data.Dataset.from_tensors(0)
        self._metricas = None

    def _fuentes(self):
        p = self._pedido
        partes, validacion = (p["x"], p["y"], p["sample_weight"]), p["validation_data"]
        if p["validation_split"] and validacion is None:
            partes, validacion = datos.separar_validacion(*partes, p["validation_split"])
        x, y, pesos = partes
        entrenar = datos.fuente(
            x,
            y,
            batch_size=p["batch_size"],
            sample_weight=pesos,
            class_weight=p["class_weight"],
            shuffle=p["shuffle"],
        )
        if validacion is None:
            return entrenar, None
        x, y, pesos = keras.utils.unpack_x_y_sample_weight(validacion)
        batch_size = p["validation_batch_size"] or p["batch_size"]
        return entrenar, datos.fuente(x, y, batch_size=batch_size, sample_weight=pesos)

    def correr(self, fit):
        """Llama al `fit` de Keras con el modelo preparado y devuelve su `History`."""
        p = self._pedido
        self._fuente.empezar()
        self._llamadas = Llamadas(
            p["callbacks"],
            add_history=True,
            add_progbar=p["verbose"] != 0,
            model=self._modelo,
            verbose=p["verbose"],
            epochs=p["epochs"],
            steps=self._fuente.filas.pasos,
        )
        with atributos(
            self._modelo,
            train_function=self._una_epoca,
            get_metrics_result=self._resultado,
            steps_per_execution=1,
        ):
            return fit(
                self._ficha.repeat(),
                steps_per_epoch=1,
                shuffle=False,
                verbose=p["verbose"],
                epochs=p["epochs"],
                initial_epoch=p["initial_epoch"],
                callbacks=self._llamadas,
                validation_data=self._validar and self._ficha,
                validation_freq=p["validation_freq"],
            )

    def _una_epoca(self, _):
        for lotes, metricas in self._entrenar.recorrer(self._fuente.orden()):
            self._llamadas.lote = lotes - 1
            self._metricas = metricas
            if self._modelo.stop_training:
                break
        else:
            self._fuente.terminar_epoca()
        return self._metricas

    def _resultado(self):
        metricas, self._metricas = self._metricas, None
        if tf.inside_function() or metricas is None:
            return self._originales[1]()
        return metricas

    def es_validacion(self, x):
        """Dice si `x` es la ficha con que Keras pide validar esta época."""
        return x is self._ficha

    def validar(self, callbacks):
        """Recorre las filas de validación y devuelve sus métricas en un diccionario."""
        callbacks.on_test_begin()
        self._modelo.reset_metrics()
        *_, (_, metricas) = self._validar.recorrer()
        callbacks.on_test_end(metricas)
        return metricas
