"""El entrenamiento que las pruebas de respaldo matan: datos y red fijos, resultado en un archivo.

Se llama con: salida.npz carpeta_de_respaldo acelerar(0 o 1) épocas
"""

import sys
import time

import numpy as np

import cursokeras as ck
from cursokeras._backend import keras


class Despacio(keras.callbacks.Callback):
    """Alarga las épocas para que las muertes caigan en cualquier parte."""

    def on_epoch_begin(self, epoch, logs=None):
        print("época", epoch, flush=True)
        time.sleep(0.02)


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


if __name__ == "__main__":
    salida, respaldo, acelerar, epochs = sys.argv[1:]
    modelo = crear()
    historia = ck.entrenar(
        modelo,
        *datos(),
        epochs=int(epochs),
        patience=25,
        brecha=3.0,
        semilla=4,
        respaldo=respaldo or None,
        acelerar=acelerar == "1",
        callbacks=[Despacio()],
        verbose=0,
    )
    medidas = {f"historia/{nombre}": lista for nombre, lista in historia.history.items()}
    pesos = {f"estado/{i}": valor for i, valor in enumerate(estado(modelo))}
    np.savez(
        salida,
        motivo=historia.motivo,
        epoch=historia.epoch,
        mejor=historia.mejor_epoca,
        **medidas,
        **pesos,
    )
