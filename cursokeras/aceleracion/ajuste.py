"""El `fit` y el `evaluate` de Keras, conducidos con una llamada por época.

A `fit` se le da la ficha en lugar de los datos: el orden de las épocas, los callbacks, el
historial, la validación y la parada temprana siguen siendo los de Keras.
"""

import contextlib

from cursokeras._backend import keras, tf
from cursokeras.aceleracion import datos, fuentes
from cursokeras.aceleracion.atributos import atributos
from cursokeras.aceleracion.costura import Llamadas, nueva_ficha
from cursokeras.aceleracion.recaida import exigir, revisar_callbacks
from cursokeras.aceleracion.trazas import Trazas
from cursokeras.aceleracion.vuelta import Vuelta, son_de_keras


class Conducido:
    """Lo común a un `fit` y a un `evaluate`: qué se pone en el modelo mientras dura.

    Argumentos:
        modelo: modelo compilado, ya revisado.
        pedido: los argumentos de `fit` o de `evaluate`, por nombre.
        anotar: función a la que se le dice el motivo de lo que no se pudo acelerar.

    Lanza:
        NoSePuedeAcelerar: antes de tocar el modelo, si este pedido es para Keras.
    """

    def __init__(self, modelo, pedido, anotar):
        self._modelo, self._pedido, self._anotar = modelo, pedido, anotar
        revisar_callbacks(pedido["callbacks"])
        self._vueltas = self._crear_vueltas()

    def correr(self, original):
        """Llama al método original de Keras, con el modelo preparado, y devuelve lo que él."""
        llamadas = self._llamadas()
        with contextlib.ExitStack() as puestas:
            for vuelta in self._vueltas:
                vuelta.llamadas = llamadas
                puestas.enter_context(vuelta.funcion.puesta())
            puestas.enter_context(
                atributos(
                    self._modelo,
                    get_metrics_result=self._resultado,
                    reset_metrics=self._reiniciar,
                    steps_per_execution=1,
                )
            )
            return original(callbacks=llamadas, **self._argumentos())

    def _llamadas(self):
        pedido = self._pedido
        return Llamadas(
            pedido["callbacks"],
            add_history="epochs" in pedido,
            add_progbar=pedido["verbose"] != 0,
            model=self._modelo,
            verbose=pedido["verbose"],
            epochs=pedido.get("epochs", 1),
            steps=self._vueltas[0].pasos,
        )

    def _resultado(self):
        """Las métricas que ya trajo la vuelta; Keras las pide una vez, al terminarla."""
        for vuelta in self._vueltas:
            if vuelta.resultado is not None and not tf.inside_function():
                metricas, vuelta.resultado = vuelta.resultado, None
                return metricas
        return type(self._modelo).get_metrics_result(self._modelo)

    def _reiniciar(self):
        trazas = Trazas.de(self._modelo)
        if trazas.preparadas and son_de_keras(self._modelo.metrics):
            trazas.reinicio()()
        else:
            type(self._modelo).reset_metrics(self._modelo)


class Ajuste(Conducido):
    """Un `fit` acelerado."""

    def _crear_vueltas(self):
        pedido = self._pedido
        callbacks = keras.tree.flatten(pedido["callbacks"] or [])
        vigilar = any(isinstance(c, keras.callbacks.TerminateOnNaN) for c in callbacks)
        # Sin restar initial_epoch: un fit reanudado elige los mismos bucles que el completo.
        comunes = {"anotar": self._anotar, "vueltas": pedido["epochs"]}
        entrenamiento, validacion = _fuentes_de_fit(pedido)
        vueltas = [Vuelta(self._modelo, "train", entrenamiento, vigilar=vigilar, **comunes)]
        if validacion is not None:
            vueltas.append(Vuelta(self._modelo, "test", validacion, **comunes))
        return vueltas

    def _argumentos(self):
        ficha, valida = nueva_ficha(), len(self._vueltas) == 2
        return {
            "x": ficha,
            "steps_per_epoch": 1,
            "shuffle": False,
            "validation_data": ficha if valida else None,
            "validation_steps": 1 if valida else None,
            **_solo(self._pedido, "verbose", "epochs", "initial_epoch", "validation_freq"),
        }


class Evaluacion(Conducido):
    """Un `evaluate` acelerado."""

    def _crear_vueltas(self):
        pedido = self._pedido
        exigir(not pedido["kwargs"], "argumentos que evaluate no conoce")
        partes = _solo(pedido, "x", "y", "sample_weight", "batch_size")
        fuente = fuentes.elegir(**partes, pasos=pedido["steps"])
        return [Vuelta(self._modelo, "test", fuente, self._anotar)]

    def _argumentos(self):
        return {"x": nueva_ficha(), "steps": 1, **_solo(self._pedido, "verbose", "return_dict")}


def _fuentes_de_fit(pedido):
    exigir(pedido["validation_steps"] is None, "validation_steps")
    partes, validacion = (pedido["x"], pedido["y"], pedido["sample_weight"]), None
    if pedido["validation_data"] is not None:
        validacion = keras.utils.unpack_x_y_sample_weight(pedido["validation_data"])
    elif pedido["validation_split"]:
        partes, validacion = datos.cortar_las_ultimas(*partes, pedido["validation_split"])
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


def _solo(pedido, *nombres):
    return {nombre: pedido[nombre] for nombre in nombres}
