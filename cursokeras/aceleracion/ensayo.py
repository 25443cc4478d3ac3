"""El ensayo de la costura: una vez por proceso, con un modelo que no calcula nada.

Si una versión futura de Keras dejara de usar las funciones que se le ponen, recibiría la ficha
como si fueran datos. El ensayo lo descubre antes de tocar ningún modelo del usuario, sin trazar
ni sortear nada, y entonces todo lo hace Keras a su manera.
"""

import functools

from cursokeras._backend import keras
from cursokeras.aceleracion.atributos import atributos
from cursokeras.aceleracion.costura import Funcion, Llamadas, nueva_ficha
from cursokeras.aceleracion.recaida import exigir


def revisar_costura():
    """Lanza `NoSePuedeAcelerar` si `fit` y `evaluate` no pasan por la costura."""
    clase = keras.Model
    metodos = (clase.fit, clase.evaluate, clase.make_train_function, clase.make_test_function)
    falla = _ensayar(metodos, clase.compile)
    exigir(falla is None, f"este Keras no deja conducir fit desde afuera ({falla})")


def olvidar():
    """Olvida los ensayos hechos, para hacerlos otra vez."""
    _ensayar.cache_clear()


class _Ensayo(keras.Model):
    def call(self, x):
        return x


@functools.lru_cache(maxsize=8)
def _ensayar(*_):
    """Devuelve `None` si todo pasó por la costura, o en qué falló."""
    try:
        pasos = _ajustar_de_mentira(_Ensayo(name="ensayo"))
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    esperados = ["train", "aviso 6", "test"] * 2
    return None if pasos == esperados else f"los pasos fueron {pasos}"


def _ajustar_de_mentira(modelo):
    """Entrena dos épocas de nada y devuelve lo que pasó por la costura, en orden."""
    pasos, numeros = [], {"loss": 0.5}
    modelo.compile(optimizer=None, loss="mse")

    class Anotadas(Llamadas):
        lote = 6

        def on_train_batch_end(self, batch, logs=None):
            pasos.append(f"aviso {self.lote}")
            super().on_train_batch_end(batch, logs)

    def funcion(cual):
        return Funcion(modelo, cual, lambda: pasos.append(cual) or numeros, lambda: None).puesta()

    ficha, opciones = nueva_ficha(), {"epochs": 2, "verbose": 0}
    llamadas = Anotadas(None, add_history=True, model=modelo, steps=7, **opciones)
    propios = {"get_metrics_result": lambda: dict(numeros), "reset_metrics": lambda: None}
    with funcion("train"), funcion("test"), atributos(modelo, **propios, steps_per_execution=1):
        historia = modelo.fit(
            ficha,
            steps_per_epoch=1,
            shuffle=False,
            callbacks=llamadas,
            validation_data=ficha,
            validation_steps=1,
            **opciones,
        )
    exigir(historia.history == {"loss": [0.5] * 2, "val_loss": [0.5] * 2}, "el historial es otro")
    return pasos
