"""`desde_cero` no depende de Keras ni de TensorFlow: se comprueba en un proceso nuevo."""

import subprocess
import sys

PROGRAMA = """
import sys


class Prohibido:
    def find_spec(self, nombre, ruta=None, destino=None):
        if nombre.split(".")[0] in ("keras", "tensorflow", "torch", "jax"):
            raise ImportError(f"desde_cero quiso importar {nombre}")


sys.meta_path.insert(0, Prohibido())

import numpy as np

import cursokeras.desde_cero as keras

x, y = np.random.default_rng(0).normal(size=(40, 2, 3)), np.arange(40) % 3
modelo = keras.Sequential([
    keras.Input((2, 3)),
    keras.layers.Flatten(),
    keras.layers.Dense(4, "relu", kernel_regularizer="l2"),
    keras.layers.Dropout(0.1),
    keras.layers.Dense(3),
    keras.layers.Activation("softmax"),
])
modelo.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
parada = keras.callbacks.EarlyStopping(patience=1, restore_best_weights=True)
modelo.fit(x, y, epochs=3, validation_split=0.2, callbacks=[parada], verbose=0)
modelo.summary()
print(modelo.evaluate(x, y, verbose=0), modelo.predict(x).shape)
print(keras.verificar_gradientes(modelo, x[:3], y[:3]))
cargados = {nombre.split(".")[0] for nombre in sys.modules} & {"keras", "tensorflow", "torch"}
sys.exit(", ".join(sorted(cargados)) or None)
"""


def test_importar_y_entrenar_no_carga_keras_ni_tensorflow():
    resultado = subprocess.run(
        [sys.executable, "-c", PROGRAMA], capture_output=True, text=True, check=False
    )
    assert resultado.returncode == 0, resultado.stderr
    assert "(40, 3)" in resultado.stdout
