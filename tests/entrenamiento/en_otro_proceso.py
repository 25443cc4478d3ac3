"""El entrenamiento que las pruebas de respaldo matan: datos y red fijos, resultado en un archivo.

Lee pedidos de la entrada, uno por línea en JSON, y por cada uno se divide (`fork`) en un proceso
que entrena: así TensorFlow se importa una vez y no una por muerte. Antes de dividirse no calcula
nada, de modo que cada hijo empieza como un programa recién abierto.
"""

import json
import os
import signal
import sys
import time

import numpy as np

import cursokeras as ck
from cursokeras._backend import keras

ESCAPO = 77  # El estado con que sale si entrenar deja pasar el KeyboardInterrupt.


class Despacio(keras.callbacks.Callback):
    """Alarga las épocas para que las muertes caigan en cualquier parte."""

    def on_epoch_begin(self, epoch, logs=None):
        print("época", epoch, flush=True)
        time.sleep(0.02)


class Pesos(keras.callbacks.Callback):
    """Copia los pesos del final de cada época."""

    def __init__(self):
        super().__init__()
        self.por_epoca = []

    def on_epoch_end(self, epoch, logs=None):
        self.por_epoca.append(self.model.get_weights())


def crear():
    """Red con todo lo que tiene estado: Adam, Dropout, BatchNormalization."""
    capas = keras.layers
    modelo = keras.Sequential(
        [
            keras.Input((4,)),
            capas.Dense(24, "relu", kernel_initializer=keras.initializers.HeNormal(seed=1)),
            capas.BatchNormalization(),
            capas.Dropout(0.3, seed=2),
            capas.Dense(1, kernel_initializer=keras.initializers.HeNormal(seed=3)),
        ]
    )
    modelo.compile(keras.optimizers.Adam(0.01), "mse", metrics=["mae"])
    return modelo


def datos():
    azar = np.random.default_rng(0)
    x = azar.normal(size=(120, 4)).astype("float32")
    return x, x[:, :1] + azar.normal(size=(120, 1)).astype("float32")


def estado(modelo):
    variables = [*modelo.variables, *modelo.optimizer.variables]
    return [variable.numpy() for variable in variables]


def entrenar_y_guardar(salida, respaldo, acelerar, epochs):
    modelo, pesos = crear(), Pesos()
    try:
        historia = ck.entrenar(
            modelo,
            *datos(),
            epochs=epochs,
            patience=12,
            brecha=3.0,
            semilla=4,
            respaldo=respaldo,
            acelerar=acelerar,
            callbacks=[Despacio(), pesos],
            verbose=0,
        )
    except KeyboardInterrupt:
        os._exit(ESCAPO)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Lo que falta ya no es de entrenar.
    medidas = {f"historia/{nombre}": lista for nombre, lista in historia.history.items()}
    estados = {f"estado/{i}": valor for i, valor in enumerate(estado(modelo))}
    finales = {f"pesos/{i}": valor for i, valor in enumerate(modelo.get_weights())}
    por_epoca = {
        f"época {k}/{i}": valor
        for k, valores in enumerate(pesos.por_epoca, start=1)
        for i, valor in enumerate(valores)
    }
    np.savez(
        salida,
        motivo=historia.motivo,
        epoch=historia.epoch,
        mejor=historia.mejor_epoca or 0,
        **medidas,
        **estados,
        **finales,
        **por_epoca,
    )


if __name__ == "__main__":
    for pedido in sys.stdin:
        hijo = os.fork()
        if not hijo:
            signal.signal(signal.SIGINT, signal.default_int_handler)
            signal.alarm(300)  # Si algo lo deja esperando, que no espere para siempre.
            entrenar_y_guardar(**json.loads(pedido))
            os._exit(0)
        print("hijo", hijo, flush=True)
        print("terminó", os.waitpid(hijo, 0)[1], flush=True)
