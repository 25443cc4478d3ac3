"""Programas como los de los libros y cursos más usados, y cómo se corren en los dos lados.

Cada texto está escrito para Keras y supone los datos de `datos()`. Se corre dos veces: como está,
y con `keras` cambiado por `cursokeras.desde_cero`. El azar se iguala desde fuera: la segunda red
recibe los pesos con que nació la primera, nadie mezcla las filas y Dropout no apaga nada. Se
anota lo que devuelven fit, evaluate, predict y train_on_batch, en el orden en que se llaman.

`python -m tests.desde_cero.programas` escribe la tabla.
"""

import contextlib
import functools
import io
import os
import re
import tempfile
import warnings

import numpy as np
import pandas as pd

MISMOS, LINEA, OTRO = "mismos números", "una línea en español", "otra cosa"

_BASE = """
import keras
from keras import layers
"""
_SECUENCIAL = """
from keras.models import Sequential
from keras.layers import Dense
"""

# Lo que se espera de cada uno: None son los números de Keras; un texto, parte de la línea.
PROGRAMAS = {
    # ---- Primeras redes: las de los cursos introductorios ----
    "la recta y = 2x − 1": (
        """
import keras
xs = np.array([-1.0, 0.0, 1.0, 2.0, 3.0, 4.0]); ys = 2 * xs - 1
modelo = keras.Sequential([keras.Input(shape=(1,)), keras.layers.Dense(units=1)])
modelo.compile(optimizer="sgd", loss="mean_squared_error")
modelo.fit(xs, ys, epochs=20)
print(modelo.predict(np.array([10.0])))
print(modelo.layers[0].get_weights())
""",
        None,
    ),
    "grados celsius": (
        """
import keras
capa = keras.layers.Dense(units=1, input_shape=[1])
modelo = keras.Sequential([capa])
modelo.compile(optimizer=keras.optimizers.Adam(0.1), loss="mean_squared_error")
historia = modelo.fit(np.array([-40.0, -10, 0, 8, 15]), np.array([-40.0, 14, 32, 46, 59]), epochs=8,
                      verbose=False)
modelo.predict(np.array([100.0]))
historia.history["loss"][-1]; capa.get_weights()
""",
        None,
    ),
    "diabetes con input_dim": (
        _SECUENCIAL
        + """
modelo = Sequential()
modelo.add(Dense(12, input_dim=8, activation="relu"))
modelo.add(Dense(8, activation="relu"))
modelo.add(Dense(1, activation="sigmoid"))
modelo.compile(loss="binary_crossentropy", optimizer="adam", metrics=["accuracy"])
modelo.fit(X, si_no, epochs=4, batch_size=10, verbose=0)
_, exactitud = modelo.evaluate(X, si_no)
clases = (modelo.predict(X) > 0.5).astype(int)
""",
        None,
    ),
    "diabetes con kernel_initializer": (
        _SECUENCIAL
        + """
modelo = Sequential()
modelo.add(Dense(12, input_dim=8, kernel_initializer="uniform", activation="relu"))
modelo.add(Dense(1, kernel_initializer="uniform", activation="sigmoid"))
modelo.compile(loss="binary_crossentropy", optimizer="adam", metrics=["accuracy"])
modelo.fit(X, si_no, validation_split=0.33, epochs=3, batch_size=10)
""",
        None,
    ),
    "flores con tres clases": (
        _SECUENCIAL
        + """
from keras.utils import to_categorical
modelo = Sequential([Dense(8, input_dim=8, activation="relu"),
                     Dense(3, activation="softmax")])
modelo.compile(loss="categorical_crossentropy", optimizer="adam", metrics=["accuracy"])
modelo.fit(X, to_categorical(clase), epochs=4, batch_size=5, verbose=0)
modelo.predict(X).argmax(axis=1)
""",
        None,
    ),
    "casas, con he_normal y validación": (
        _SECUENCIAL
        + """
modelo = Sequential()
modelo.add(Dense(13, input_shape=(8,), kernel_initializer="normal", activation="relu"))
modelo.add(Dense(6, kernel_initializer="he_normal", activation="relu"))
modelo.add(Dense(1, kernel_initializer="random_normal"))
modelo.compile(loss="mean_squared_error", optimizer="adam", metrics=["mae", "mse"])
modelo.fit(X, precio, epochs=3, batch_size=5, verbose=0, validation_split=0.2)
""",
        None,
    ),
    "casas, con random_normal": (
        _SECUENCIAL
        + """
modelo = Sequential()
modelo.add(Dense(13, input_shape=(8,), kernel_initializer="random_normal", activation="relu"))
modelo.add(Dense(6, kernel_initializer="he_normal", activation="relu"))
modelo.add(Dense(1, kernel_initializer="random_uniform"))
modelo.compile(loss="mean_squared_error", optimizer="adam", metrics=["mae", "mse"])
modelo.fit(X, precio, epochs=3, batch_size=5, verbose=0, validation_split=0.2)
""",
        None,
    ),
    "kilómetros por litro": (
        _BASE
        + """
def crear():
    modelo = keras.Sequential([
        layers.Dense(16, activation="relu", input_shape=[X.shape[1]]),
        layers.Dense(16, activation="relu"),
        layers.Dense(1),
    ])
    modelo.compile(loss="mse", optimizer=keras.optimizers.RMSprop(0.001), metrics=["mae", "mse"])
    return modelo

class Puntos(keras.callbacks.Callback):
    def on_epoch_end(self, epoch, logs):
        if epoch % 100 == 0: print("")
        print(".", end="")

modelo = crear()
modelo.summary()
modelo.predict(X[:10])
parada = keras.callbacks.EarlyStopping(monitor="val_loss", patience=2)
historia = modelo.fit(X, precio, epochs=6, validation_split=0.2, verbose=0,
                      callbacks=[parada, Puntos()])
hist = pd.DataFrame(historia.history); hist["epoch"] = historia.epoch
perdida, mae, mse = modelo.evaluate(X, precio, verbose=2)
""",
        None,
    ),
    "ropa con Flatten": (
        _BASE
        + """
modelo = keras.Sequential([
    layers.Flatten(input_shape=(6, 6)),
    layers.Dense(32, activation="relu"),
    layers.Dense(3),
])
modelo.compile(optimizer="adam", metrics=["accuracy"],
               loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True))
modelo.fit(imagenes, clase, epochs=3)
perdida, exactitud = modelo.evaluate(imagenes, clase, verbose=2)
con_probabilidad = keras.Sequential([modelo, layers.Softmax()])
con_probabilidad.predict(imagenes)
""",
        None,
    ),
    "dígitos con Dropout": (
        """
import keras
modelo = keras.models.Sequential([
    keras.layers.Input((6, 6)),
    keras.layers.Flatten(),
    keras.layers.Dense(32, activation="relu"),
    keras.layers.Dropout(0.2),
    keras.layers.Dense(3),
])
puntajes = modelo(imagenes[:1]).numpy()
perdida = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
perdida(clase[:1], puntajes).numpy()
modelo.compile(optimizer="adam", loss=perdida, metrics=["accuracy"])
modelo.fit(imagenes, clase, epochs=3)
modelo.evaluate(imagenes, clase, verbose=2)
""",
        None,
    ),
    "parar al llegar a una exactitud": (
        """
import keras
class miCallback(keras.callbacks.Callback):
    def on_epoch_end(self, epoch, logs={}):
        if logs.get("accuracy") is not None and logs.get("accuracy") > 0.4:
            print("Ya está")
            self.model.stop_training = True

modelo = keras.models.Sequential([keras.layers.Flatten(),
    keras.layers.Dense(64, activation=keras.activations.relu),
    keras.layers.Dense(3, activation=keras.activations.softmax)])
modelo.compile(optimizer=keras.optimizers.Adam(), loss="sparse_categorical_crossentropy",
               metrics=["accuracy"])
modelo.fit(imagenes / imagenes.max(), clase, epochs=5, callbacks=[miCallback()])
modelo.evaluate(imagenes / imagenes.max(), clase)
""",
        None,
    ),
    # ---- El estilo de los manuales de aprendizaje profundo ----
    "críticas en bolsa de palabras": (
        _BASE
        + """
modelo = keras.Sequential([
    layers.Dense(16, activation="relu"), layers.Dense(16, activation="relu"),
    layers.Dense(1, activation="sigmoid"),
])
modelo.compile(optimizer="rmsprop", loss="binary_crossentropy", metrics=["accuracy"])
bolsa = (X > 0).astype("float32")
historia = modelo.fit(bolsa[20:], si_no[20:], epochs=4, batch_size=16,
                      validation_data=(bolsa[:20], si_no[:20]))
list(historia.history.keys())
modelo.predict(bolsa[:5])
""",
        None,
    ),
    "noticias, one-hot": (
        _BASE
        + """
from keras.utils import to_categorical
modelo = keras.Sequential([layers.Dense(64, activation="relu"),
                           layers.Dense(64, activation="relu"),
                           layers.Dense(3, activation="softmax")])
modelo.compile(optimizer="rmsprop", loss="categorical_crossentropy", metrics=["accuracy"])
modelo.fit(X[:40], to_categorical(clase)[:40], epochs=3, batch_size=16,
           validation_data=(X[40:], to_categorical(clase)[40:]))
modelo.predict(X)[0].sum()
""",
        None,
    ),
    "precios con k partes": (
        _BASE
        + """
def crear():
    modelo = keras.Sequential([layers.Dense(8, activation="relu"), layers.Dense(1)])
    modelo.compile(optimizer="rmsprop", loss="mse", metrics=["mae"])
    return modelo

k = 3; n = len(X) // k; todas = []
for i in range(k):
    val_x, val_y = X[i * n:(i + 1) * n], precio[i * n:(i + 1) * n]
    x = np.concatenate([X[:i * n], X[(i + 1) * n:]], axis=0)
    y = np.concatenate([precio[:i * n], precio[(i + 1) * n:]], axis=0)
    modelo = crear()
    historia = modelo.fit(x, y, validation_data=(val_x, val_y), epochs=2, batch_size=16, verbose=0)
    todas.append(historia.history["val_mae"])
np.mean(todas, axis=0)
""",
        None,
    ),
    "contra el sobreajuste: l2 y dropout": (
        _BASE
        + """
from keras import regularizers
modelo = keras.Sequential([
    layers.Dense(16, kernel_regularizer=regularizers.l2(0.002), activation="relu"),
    layers.Dropout(0.5),
    layers.Dense(16, kernel_regularizer=regularizers.l1_l2(l1=0.001, l2=0.001), activation="relu"),
    layers.Dropout(0.5),
    layers.Dense(1, activation="sigmoid"),
])
modelo.compile(optimizer="rmsprop", loss="binary_crossentropy", metrics=["accuracy"])
modelo.fit(X, si_no, epochs=3, batch_size=16, validation_split=0.4)
modelo.evaluate(X, si_no)
""",
        None,
    ),
    "guardar el mejor y volver a leerlo": (
        _BASE
        + """
modelo = keras.Sequential([keras.Input((8,)), layers.Dense(16, activation="relu"),
                           layers.Dense(1)])
modelo.compile(optimizer="rmsprop", loss="mse", metrics=["mae"])
guardados = [
    keras.callbacks.EarlyStopping(monitor="val_mae", patience=2),
    keras.callbacks.ModelCheckpoint(filepath="mejor.keras", monitor="val_loss",
                                    save_best_only=True),
]
modelo.fit(X, precio, epochs=4, validation_split=0.3, callbacks=guardados)
modelo = keras.models.load_model("mejor.keras")
print(f"MAE: {modelo.evaluate(X, precio)[1]:.2f}")
""",
        None,
    ),
    "forma funcional, dígitos": (
        _BASE
        + """
def crear():
    entrada = keras.Input(shape=(36,))
    x = layers.Dense(32, activation="relu")(entrada)
    x = layers.Dropout(0.5)(x)
    salida = layers.Dense(3, activation="softmax")(x)
    return keras.Model(entrada, salida)

modelo = crear()
modelo.compile(optimizer="rmsprop", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
planas = imagenes.reshape((len(imagenes), 6 * 6)).astype("float32")
modelo.fit(planas, clase, epochs=2, validation_data=(planas[:9], clase[:9]))
modelo.summary()
modelo.evaluate(planas, clase); modelo.predict(planas)
""",
        None,
    ),
    "forma funcional con dos entradas": (
        _BASE
        + """
titulo = keras.Input(shape=(8,), name="titulo"); texto = keras.Input(shape=(8,), name="texto")
juntas = layers.Concatenate()([titulo, texto])
salida = layers.Dense(1)(layers.Dense(16, activation="relu")(juntas))
modelo = keras.Model(inputs=[titulo, texto], outputs=salida)
modelo.compile("rmsprop", "mse")
modelo.fit([X, X], precio, epochs=1)
""",
        "Concatenate",
    ),
    "heredar de Model": (
        _BASE
        + """
class Clientes(keras.Model):
    def __init__(self):
        super().__init__()
        self.oculta = layers.Dense(16, activation="relu")
        self.salida = layers.Dense(1)

    def call(self, x):
        return self.salida(self.oculta(x))

modelo = Clientes()
modelo.compile("rmsprop", "mse")
modelo.fit(X, precio)
""",
        "hereda de keras.Model",
    ),
    "una historia de pérdidas por lote": (
        _BASE
        + """
class PerdidasPorLote(keras.callbacks.Callback):
    def on_train_begin(self, logs):
        self.por_lote = []

    def on_batch_end(self, batch, logs):
        self.por_lote.append(logs.get("loss"))

    def on_epoch_end(self, epoch, logs):
        self.por_lote.append(len(self.por_lote))

anota = PerdidasPorLote()
modelo = keras.Sequential([keras.Input((8,)), layers.Dense(1)])
modelo.compile("sgd", "mse")
modelo.fit(X, precio, epochs=2, callbacks=[anota])
resultado = anota.por_lote
""",
        None,
    ),
    "gatos y perros, con convoluciones": (
        _BASE
        + """
modelo = keras.Sequential([keras.Input((6, 6, 1)),
                           layers.Conv2D(8, kernel_size=3, activation="relu"),
                           layers.MaxPooling2D(pool_size=2), layers.Flatten(), layers.Dense(3)])
""",
        "layers no tiene 'Conv2D'",
    ),
    "temperaturas, con LSTM": (
        _BASE
        + """
entrada = keras.Input(shape=(6, 6))
modelo = keras.Model(entrada, layers.Dense(1)(layers.LSTM(16)(entrada)))
""",
        "layers no tiene 'LSTM'",
    ),
    "aumento de imágenes": (
        _BASE + 'aumento = keras.Sequential([layers.RandomFlip("horizontal")])',
        "layers no tiene 'RandomFlip'",
    ),
    "ajuste fino de una red ya entrenada": (
        _BASE + "base = keras.applications.vgg16.VGG16(weights=None, include_top=False)",
        "no tiene 'applications'",
    ),
    "los datos que se bajan": (
        "from keras.datasets import mnist\n(x, y), _ = mnist.load_data()",
        "no tiene el módulo 'datasets'",
    ),
    # ---- El estilo de los manuales de aprendizaje automático ----
    "ropa con capas de 300 y 100": (
        """
import keras
modelo = keras.models.Sequential()
modelo.add(keras.layers.Flatten(input_shape=[6, 6]))
modelo.add(keras.layers.Dense(30, activation="relu"))
modelo.add(keras.layers.Dense(10, activation="relu"))
modelo.add(keras.layers.Dense(3, activation="softmax"))
oculta = modelo.layers[1]
modelo.get_layer(oculta.name) is oculta
W, b = oculta.get_weights(); W.shape, b.shape
modelo.compile(loss="sparse_categorical_crossentropy", optimizer="sgd", metrics=["accuracy"])
historia = modelo.fit(imagenes, clase, epochs=3, validation_data=(imagenes[:9], clase[:9]))
historia.params["epochs"]
modelo.evaluate(imagenes, clase)
modelo.predict(imagenes[:3]).round(2)
""",
        None,
    ),
    "california con parada temprana": (
        """
import keras
modelo = keras.models.Sequential([
    keras.layers.Dense(30, activation="relu", input_shape=X.shape[1:]),
    keras.layers.Dense(1),
])
modelo.compile(loss="mse", optimizer=keras.optimizers.SGD(learning_rate=1e-3))
parada = keras.callbacks.EarlyStopping(patience=2, restore_best_weights=True)
guarda = keras.callbacks.ModelCheckpoint("california.keras", save_best_only=True)
historia = modelo.fit(X, precio, epochs=6, validation_data=(X[:9], precio[:9]),
                      callbacks=[guarda, parada])
modelo.evaluate(X, precio)
modelo.predict(X[:3])
""",
        None,
    ),
    "razón entre validación y entrenamiento": (
        """
import keras
class Razon(keras.callbacks.Callback):
    def on_epoch_end(self, epoch, logs):
        print("\\nval/entrenamiento: {:.2f}".format(logs["val_loss"] / logs["loss"]))

modelo = keras.models.Sequential([keras.layers.Dense(1, input_shape=X.shape[1:])])
modelo.compile(loss="mse", optimizer=keras.optimizers.SGD(learning_rate=1e-3))
modelo.fit(X, precio, epochs=2, validation_split=0.2, callbacks=[Razon()])
""",
        None,
    ),
    "ancha y profunda": (
        """
import keras
entrada = keras.layers.Input(shape=X.shape[1:])
oculta = keras.layers.Dense(30, activation="relu")(entrada)
junta = keras.layers.concatenate([entrada, oculta])
modelo = keras.models.Model(inputs=[entrada], outputs=[keras.layers.Dense(1)(junta)])
""",
        "layers no tiene 'concatenate'",
    ),
    "elu con he_normal": (
        """
import keras
modelo = keras.models.Sequential()
modelo.add(keras.layers.Flatten(input_shape=[6, 6]))
for _ in range(4):
    modelo.add(keras.layers.Dense(20, activation="elu", kernel_initializer="he_normal"))
modelo.add(keras.layers.Dense(3, activation="softmax"))
modelo.compile(loss="sparse_categorical_crossentropy",
               optimizer=keras.optimizers.Nadam(learning_rate=1e-3), metrics=["accuracy"])
modelo.fit(imagenes, clase, epochs=2, validation_split=0.2)
""",
        None,
    ),
    "leaky relu como capa": (
        """
import keras
modelo = keras.models.Sequential([
    keras.Input((8,)),
    keras.layers.Dense(30, kernel_initializer="he_normal"),
    keras.layers.LeakyReLU(),
    keras.layers.Dense(10, kernel_initializer="he_normal"),
    keras.layers.LeakyReLU(negative_slope=0.2),
    keras.layers.Dense(3, activation="softmax"),
])
modelo.compile(loss="sparse_categorical_crossentropy", optimizer="sgd", metrics=["accuracy"])
modelo.fit(X, clase, epochs=2)
""",
        None,
    ),
    "prelu": (
        "import keras\nkeras.layers.PReLU()",
        "layers no tiene 'PReLU'",
    ),
    "selu con lecun_normal": (
        """
import keras
keras.utils.set_random_seed(42)
modelo = keras.models.Sequential([keras.layers.Flatten(input_shape=[6, 6])])
for capa in range(6):
    modelo.add(keras.layers.Dense(20, activation="selu", kernel_initializer="lecun_normal"))
modelo.add(keras.layers.Dense(3, activation="softmax"))
modelo.compile(loss="sparse_categorical_crossentropy",
               optimizer=keras.optimizers.SGD(learning_rate=1e-3), metrics=["accuracy"])
modelo.fit((imagenes - imagenes.mean(axis=0)) / imagenes.std(axis=0), clase, epochs=2)
""",
        None,
    ),
    "normalización por lotes": (
        """
import keras
modelo = keras.models.Sequential([
    keras.layers.Flatten(input_shape=[6, 6]),
    keras.layers.BatchNormalization(),
    keras.layers.Dense(30, activation="relu"),
    keras.layers.BatchNormalization(),
    keras.layers.Dense(10, activation="relu"),
    keras.layers.BatchNormalization(),
    keras.layers.Dense(3, activation="softmax"),
])
modelo.summary()
modelo.compile(loss="sparse_categorical_crossentropy",
               optimizer=keras.optimizers.SGD(learning_rate=1e-2), metrics=["accuracy"])
modelo.fit(imagenes, clase, epochs=3, validation_data=(imagenes[:9], clase[:9]))
""",
        None,
    ),
    "normalización antes de la activación": (
        """
import keras
modelo = keras.models.Sequential([
    keras.Input([6, 6]), keras.layers.Flatten(), keras.layers.BatchNormalization(),
    keras.layers.Dense(30, use_bias=False), keras.layers.BatchNormalization(),
    keras.layers.Activation("relu"),
    keras.layers.Dense(10, use_bias=False), keras.layers.BatchNormalization(),
    keras.layers.Activation("relu"),
    keras.layers.Dense(3, activation="softmax"),
])
modelo.compile(loss="sparse_categorical_crossentropy", optimizer="sgd", metrics=["accuracy"])
modelo.fit(imagenes, clase, epochs=3)
""",
        None,
    ),
    "recortar gradientes": (
        """
import keras
modelo = keras.Sequential([keras.Input((8,)), keras.layers.Dense(9, "relu"),
                           keras.layers.Dense(1)])
modelo.compile(loss="mse", optimizer=keras.optimizers.SGD(clipvalue=1.0))
modelo.fit(X, 100 * precio, epochs=2)
modelo.compile(loss="mse", optimizer=keras.optimizers.SGD(clipnorm=1.0))
modelo.fit(X, 100 * precio, epochs=2)
""",
        None,
    ),
    "congelar capas y descongelarlas": (
        """
import keras
modelo = keras.Sequential([keras.Input((8,)), keras.layers.Dense(9, "relu"),
                           keras.layers.Dense(1, "sigmoid")])
for capa in modelo.layers[:-1]:
    capa.trainable = False
modelo.compile(loss="binary_crossentropy", optimizer="sgd", metrics=["accuracy"])
modelo.fit(X, si_no, epochs=2, validation_split=0.2)
for capa in modelo.layers[:-1]:
    capa.trainable = True
modelo.compile(loss="binary_crossentropy", optimizer=keras.optimizers.SGD(learning_rate=1e-2),
               metrics=["accuracy"])
modelo.fit(X, si_no, epochs=2, validation_split=0.2)
""",
        None,
    ),
    "reutilizar las capas de otra red": (
        """
import keras
a = keras.Sequential([keras.Input((8,)), keras.layers.Dense(9, "relu"), keras.layers.Dense(3)])
copia = keras.models.clone_model(a)
copia.set_weights(a.get_weights())
b = keras.models.Sequential(copia.layers[:-1])
b.add(keras.layers.Dense(1, activation="sigmoid"))
b.compile(loss="binary_crossentropy", optimizer=keras.optimizers.SGD(learning_rate=0.01),
          metrics=["accuracy"])
b.fit(X, si_no, epochs=2)
""",
        None,
    ),
    "la tasa baja por épocas": (
        """
import keras
def exponencial(lr0, s):
    def tasa(epoch):
        return lr0 * 0.1 ** (epoch / s)
    return tasa

modelo = keras.Sequential([keras.Input((8,)), keras.layers.Dense(9, "selu"),
                           keras.layers.Dense(1)])
modelo.compile(loss="mse", optimizer=keras.optimizers.Nadam(learning_rate=1e-2))
planificador = keras.callbacks.LearningRateScheduler(exponencial(0.01, 20))
modelo.fit(X, precio, epochs=3, callbacks=[planificador])
""",
        None,
    ),
    "la tasa baja al estancarse": (
        """
import keras
modelo = keras.Sequential([keras.Input((8,)), keras.layers.Dense(9, "selu"),
                           keras.layers.Dense(1)])
modelo.compile(loss="mse", optimizer=keras.optimizers.SGD(momentum=0.9, learning_rate=0.02))
baja = keras.callbacks.ReduceLROnPlateau(factor=0.5, patience=1)
modelo.fit(X, precio, epochs=7, validation_data=(X[:9], precio[:9] + 1), callbacks=[baja])
""",
        None,
    ),
    "la tasa con un plan por pasos": (
        """
import keras
plan = keras.optimizers.schedules.ExponentialDecay(0.01, 20, 0.1)
modelo = keras.Sequential([keras.Input((8,)), keras.layers.Dense(9, "relu"),
                           keras.layers.Dense(1)])
modelo.compile(loss="mse", optimizer=keras.optimizers.SGD(plan))
modelo.fit(X, precio, epochs=4)
""",
        None,
    ),
    "buscar la tasa lote a lote": (
        """
import keras
class Exponencial(keras.callbacks.Callback):
    def __init__(self, factor):
        self.factor = factor; self.tasas = []; self.perdidas = []

    def on_batch_end(self, batch, logs):
        tasa = float(self.model.optimizer.learning_rate.numpy())
        self.tasas.append(tasa); self.perdidas.append(logs["loss"])
        self.model.optimizer.learning_rate = tasa * self.factor

busca = Exponencial(1.05)
modelo = keras.Sequential([keras.Input((8,)), keras.layers.Dense(9, "relu"),
                           keras.layers.Dense(3, "softmax")])
modelo.compile("sgd", "sparse_categorical_crossentropy")
modelo.fit(X, clase, batch_size=8, callbacks=[busca])
resultado = busca.tasas + busca.perdidas
""",
        None,
    ),
    "l2 en todas las capas con partial": (
        """
import keras
from functools import partial
Densa = partial(keras.layers.Dense, activation="elu", kernel_initializer="he_normal",
                kernel_regularizer=keras.regularizers.l2(0.01))
modelo = keras.models.Sequential([keras.layers.Flatten(input_shape=[6, 6]), Densa(30), Densa(10),
                                  Densa(3, activation="softmax",
                                        kernel_initializer="glorot_uniform")])
modelo.compile(loss="sparse_categorical_crossentropy", optimizer="nadam", metrics=["accuracy"])
modelo.fit(imagenes, clase, epochs=2, validation_split=0.2)
""",
        None,
    ),
    "norma máxima": (
        """
import keras
modelo = keras.Sequential([
    keras.Input((8,)), keras.layers.Dropout(0.2),
    keras.layers.Dense(30, activation="relu", kernel_constraint=keras.constraints.max_norm(1.0)),
    keras.layers.Dense(1, activation="sigmoid"),
])
modelo.compile(loss="binary_crossentropy", metrics=["accuracy"],
               optimizer=keras.optimizers.SGD(learning_rate=0.1, momentum=0.9))
modelo.fit(X, si_no, epochs=3, batch_size=16)
""",
        None,
    ),
    "alfa dropout": ("import keras\nkeras.layers.AlphaDropout(rate=0.2)", "'AlphaDropout'"),
    "huber propia": (
        """
import keras
def huber(y, y_pred):
    error = y - y_pred
    return (error ** 2) / 2

modelo = keras.Sequential([keras.Input((8,)), keras.layers.Dense(1)])
modelo.compile(loss=huber, optimizer="nadam", metrics=["mae"])
modelo.fit(X, precio)
""",
        "escribe una subclase de Loss",
    ),
    "huber de Keras": (
        """
import keras
modelo = keras.Sequential([keras.Input((8,)), keras.layers.Dense(30, "selu"),
                           keras.layers.Dense(1)])
modelo.compile(loss=keras.losses.Huber(), optimizer="nadam", metrics=["mae"])
modelo.fit(X, precio, epochs=2, sample_weight=pesos, validation_split=0.1)
""",
        None,
    ),
    "capa propia": (
        """
import keras
class MiDensa(keras.layers.Layer):
    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.units = units

    def build(self, forma):
        self.kernel = self.add_weight(shape=[forma[-1], self.units], initializer="he_normal")

    def call(self, x):
        return x @ self.kernel

modelo = keras.Sequential([keras.Input((8,)), MiDensa(3)])
""",
        "no tiene 'add_weight'",
    ),
    "bucle de entrenamiento a mano": (
        """
import keras
modelo = keras.Sequential([keras.Input((8,)), keras.layers.Dense(1)])
optimizador = keras.optimizers.Nadam(learning_rate=0.01)
pred = modelo(X)
optimizador.apply_gradients(zip([0], modelo.trainable_variables))
""",
        "no tiene",
    ),
    "busca por lotes con train_on_batch": (
        """
import keras
modelo = keras.Sequential([keras.Input((8,)), keras.layers.Dense(5, "tanh"),
                           keras.layers.Dense(1, "sigmoid")])
modelo.compile(loss="binary_crossentropy", optimizer="adam", metrics=["accuracy"])
for paso in range(6):
    filas = slice(8 * paso, 8 * paso + 8)
    perdida, exactitud = modelo.train_on_batch(X[filas], si_no[filas])
modelo.test_on_batch(X, si_no); modelo.predict_on_batch(X[:3])
""",
        None,
    ),
    # ---- Clases que pesan distinto, y otras recetas ----
    "fraude: pesos por clase": (
        _BASE
        + """
modelo = keras.Sequential([
    keras.Input((8,)), layers.Dense(25, activation="relu"), layers.Dropout(0.3),
    layers.Dense(1, activation="sigmoid"),
])
modelo.compile(optimizer=keras.optimizers.Adam(1e-2), loss="binary_crossentropy",
               metrics=["accuracy"])
cuantas = np.bincount(si_no)
pesos_clase = {0: 1.0 / cuantas[0], 1: 1.0 / cuantas[1]}
modelo.fit(X, si_no, batch_size=32, epochs=3, verbose=2, class_weight=pesos_clase,
           validation_data=(X[:15], si_no[:15]))
""",
        None,
    ),
    "fraude: precisión y exhaustividad": (
        _BASE
        + """
metricas = [keras.metrics.FalseNegatives(name="fn"), keras.metrics.TruePositives(name="tp"),
            keras.metrics.Precision(name="precision"), keras.metrics.Recall(name="recall")]
modelo = keras.Sequential([keras.Input((8,)), layers.Dense(16, "relu"),
                           layers.Dense(1, "sigmoid")])
modelo.compile(optimizer=keras.optimizers.Adam(1e-2), loss="binary_crossentropy", metrics=metricas)
modelo.fit(X, si_no, epochs=3, class_weight={0: 1.0, 1: 3.0}, validation_split=0.3)
""",
        None,
    ),
    "sonar: momento y decaimiento": (
        _SECUENCIAL
        + """
from keras.optimizers import SGD
modelo = Sequential([Dense(20, input_dim=8, activation="relu"), Dense(1, activation="sigmoid")])
modelo.compile(loss="binary_crossentropy", metrics=["accuracy"],
               optimizer=SGD(learning_rate=0.1, momentum=0.8, decay=0.002))
modelo.fit(X, si_no, validation_split=0.33, epochs=3, batch_size=28, verbose=2)
""",
        None,
    ),
    "sonar: momento de Nesterov": (
        _SECUENCIAL
        + """
from keras.optimizers import SGD
modelo = Sequential([Dense(20, input_dim=8, activation="relu"), Dense(1, activation="sigmoid")])
modelo.compile(loss="binary_crossentropy", metrics=["accuracy"],
               optimizer=SGD(learning_rate=0.05, momentum=0.8, nesterov=True))
modelo.fit(X, si_no, validation_split=0.33, epochs=3, batch_size=28, verbose=2)
""",
        None,
    ),
    "la tasa por escalones": (
        _SECUENCIAL
        + """
import math
from keras.callbacks import LearningRateScheduler
def escalones(epoca):
    return 0.1 * math.pow(0.5, math.floor((1 + epoca) / 2))

modelo = Sequential([Dense(34, input_dim=8, activation="relu"), Dense(1, activation="sigmoid")])
modelo.compile(loss="binary_crossentropy", optimizer="sgd", metrics=["accuracy"])
modelo.fit(X, si_no, validation_split=0.33, epochs=4, batch_size=28,
           callbacks=[LearningRateScheduler(escalones)], verbose=2)
""",
        None,
    ),
    "guardar los pesos y volver a ellos": (
        _SECUENCIAL
        + """
from keras.callbacks import ModelCheckpoint
def crear():
    red = Sequential([Dense(12, input_dim=8, activation="relu"), Dense(1, activation="sigmoid")])
    red.compile(loss="binary_crossentropy", optimizer="adam", metrics=["accuracy"])
    return red

modelo = crear()
guarda = ModelCheckpoint("pesos.weights.h5", monitor="val_accuracy", verbose=1,
                         save_best_only=True, save_weights_only=True, mode="max")
modelo.fit(X, si_no, validation_split=0.33, epochs=3, batch_size=10, callbacks=[guarda], verbose=0)
otro = crear()
otro.load_weights("pesos.weights.h5")
otro.evaluate(X, si_no, verbose=0)
""",
        None,
    ),
    "guardar la red entera": (
        _SECUENCIAL
        + """
from keras.models import load_model
modelo = Sequential([Dense(12, input_dim=8, activation="relu"), Dense(1, activation="sigmoid")])
modelo.compile(loss="binary_crossentropy", optimizer="adam", metrics=["accuracy"])
modelo.fit(X, si_no, epochs=2, batch_size=10, verbose=0)
modelo.save("red.keras")
otra = load_model("red.keras")
otra.fit(X, si_no, epochs=2, batch_size=10, verbose=0)
otra.evaluate(X, si_no, verbose=0)
""",
        None,
    ),
    "guardar la arquitectura en JSON": (
        _SECUENCIAL + "texto = Sequential([Dense(3, input_dim=8)]).to_json()",
        "Sequential no tiene 'to_json'",
    ),
    "círculos con parada temprana": (
        _SECUENCIAL
        + """
from keras.callbacks import EarlyStopping
modelo = Sequential()
modelo.add(Dense(50, input_dim=8, activation="relu"))
modelo.add(Dense(1, activation="sigmoid"))
modelo.compile(loss="binary_crossentropy", optimizer="adam", metrics=["accuracy"])
parada = EarlyStopping(monitor="val_loss", mode="min", verbose=1, patience=2)
historia = modelo.fit(X[:40], si_no[:40], validation_data=(X[40:], si_no[40:]), epochs=8, verbose=0,
                      callbacks=[parada])
""",
        None,
    ),
    "lunas con ruido en la entrada": (
        _SECUENCIAL
        + "from keras.layers import GaussianNoise\nGaussianNoise(0.1, input_shape=(8,))",
        "layers no tiene 'GaussianNoise'",
    ),
    "regresión de varias salidas con mae": (
        _SECUENCIAL
        + """
def crear(d_in, d_out):
    modelo = Sequential()
    modelo.add(Dense(20, input_dim=d_in, kernel_initializer="he_uniform", activation="relu"))
    modelo.add(Dense(d_out))
    modelo.compile(loss="mae", optimizer="adam")
    return modelo

modelo = crear(8, 2)
modelo.fit(X, dos_salidas, verbose=0, epochs=3)
modelo.predict(np.asarray([X[0]]))
""",
        None,
    ),
    "varias etiquetas por fila": (
        _SECUENCIAL
        + """
modelo = Sequential()
modelo.add(Dense(20, input_dim=8, kernel_initializer="he_uniform", activation="relu"))
modelo.add(Dense(2, activation="sigmoid"))
modelo.compile(loss="binary_crossentropy", optimizer="adam", metrics=["binary_accuracy"])
modelo.fit(X, (dos_salidas > 0).astype(int), verbose=0, epochs=3)
modelo.predict(X[:2]).round()
""",
        None,
    ),
    "autocodificador denso": (
        """
from keras.layers import Input, Dense
from keras.models import Model
from keras import regularizers
imagen = Input(shape=(36,))
codigo = Dense(8, activation="relu", activity_regularizer=regularizers.l1(1e-4))(imagen)
""",
        "Dense no tiene el argumento 'activity_regularizer'",
    ),
    "autocodificador sin regularizar": (
        """
from keras.layers import Input, Dense
from keras.models import Model
planas = imagenes.reshape(len(imagenes), -1)
imagen = Input(shape=(36,))
codigo = Dense(8, activation="relu")(imagen)
copia = Dense(36, activation="sigmoid")(codigo)
auto = Model(imagen, copia)
auto.compile(optimizer="adam", loss="binary_crossentropy")
auto.fit(planas, planas, epochs=3, batch_size=16, shuffle=True, validation_data=(planas, planas))
auto.predict(planas[:3])
""",
        None,
    ),
    "la mitad codificadora": (
        """
from keras.layers import Input, Dense
from keras.models import Model
imagen = Input(shape=(36,))
auto = Model(imagen, Dense(36)(Dense(8, name="codigo")(imagen)))
codificador = Model(inputs=imagen, outputs=auto.get_layer("codigo").output)
""",
        "Dense no tiene 'output'",
    ),
    "la misma cadena, cortada antes": (
        """
from keras.layers import Input, Dense
from keras.models import Model
imagen = Input(shape=(36,))
codigo = Dense(8, activation="relu", name="codigo")(imagen)
auto = Model(imagen, Dense(36)(codigo))
codificador = Model(imagen, codigo)
planas = imagenes.reshape(len(imagenes), -1)
auto.compile("adam", "mse")
auto.fit(planas, planas, epochs=2)
codificador.predict(planas)
""",
        None,
    ),
    "tres épocas más desde donde quedó": (
        _BASE
        + """
modelo = keras.Sequential([keras.Input((8,)), layers.Dense(4, "tanh"), layers.Dense(1)])
modelo.compile(optimizer="adam", loss="mse", metrics=["mae"])
primera = modelo.fit(X, precio, epochs=3, validation_split=0.2, validation_freq=2)
segunda = modelo.fit(X, precio, epochs=6, initial_epoch=primera.epoch[-1] + 1,
                     validation_split=0.2)
""",
        None,
    ),
    "softplus, gelu y leaky_relu": (
        _BASE
        + """
for activacion in ["softplus", "gelu", "leaky_relu", "tanh", "linear", keras.activations.elu]:
    modelo = keras.Sequential([keras.Input((8,)), layers.Dense(6, activation=activacion),
                               layers.Dense(1)])
    modelo.compile(optimizer=keras.optimizers.Adagrad(0.1), loss="mse")
    modelo.fit(X, precio, epochs=2, verbose=0)
    modelo.evaluate(X, precio, verbose=0)
""",
        None,
    ),
    "comparar optimizadores": (
        _BASE
        + """
for nombre in ["sgd", "rmsprop", "adagrad", "adam", "adamw", "nadam"]:
    modelo = keras.Sequential([keras.Input((8,)), layers.Dense(6, "relu"), layers.Dense(3)])
    modelo.compile(optimizer=nombre, metrics=["accuracy"],
                   loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    modelo.fit(X, clase, epochs=2, verbose=0)
    print(nombre, modelo.evaluate(X, clase, verbose=0))
""",
        None,
    ),
    "dígitos, como en el ejemplo de siempre": (
        _BASE
        + """
from keras.utils import to_categorical
x = imagenes.reshape(64, 36); y = to_categorical(clase, 3)
modelo = keras.Sequential()
modelo.add(layers.Dense(32, activation="relu", input_shape=(36,)))
modelo.add(layers.Dropout(0.2))
modelo.add(layers.Dense(32, activation="relu"))
modelo.add(layers.Dropout(0.2))
modelo.add(layers.Dense(3, activation="softmax"))
modelo.summary()
modelo.compile(loss=keras.losses.categorical_crossentropy, metrics=["accuracy"],
               optimizer=keras.optimizers.Adadelta(learning_rate=1.0))
modelo.fit(x, y, batch_size=16, epochs=2, verbose=1, validation_data=(x, y))
puntaje = modelo.evaluate(x, y, verbose=0)
print("Test loss:", puntaje[0]); print("Test accuracy:", puntaje[1])
""",
        None,
    ),
    "kilómetros por litro, con Normalization": (
        _BASE
        + """
normaliza = layers.Normalization(axis=-1)
normaliza.adapt(np.array(tabla))
modelo = keras.Sequential([normaliza, layers.Dense(16, activation="relu"), layers.Dense(1)])
modelo.predict(X[:3])
modelo.layers[1].kernel.shape
modelo.compile(optimizer=keras.optimizers.Adam(learning_rate=0.01), loss="mean_absolute_error")
modelo.fit(X, precio, epochs=3, verbose=0, validation_split=0.2)
""",
        None,
    ),
    "sobreajuste: tasa en tiempo inverso": (
        _BASE
        + """
plan = keras.optimizers.schedules.InverseTimeDecay(0.001, decay_steps=20, decay_rate=1,
                                                   staircase=False)
modelo = keras.Sequential([keras.Input((8,)), layers.Dense(16, activation="elu"),
                           layers.Dense(1)])
modelo.compile(optimizer=keras.optimizers.Adam(plan),
               loss=keras.losses.BinaryCrossentropy(from_logits=True),
               metrics=[keras.metrics.BinaryCrossentropy(from_logits=True, name="bce"),
                        "accuracy"])
modelo.fit(X, si_no.reshape(-1, 1), epochs=3, validation_split=0.2, verbose=0)
""",
        None,
    ),
    "sí o no con hinge": (
        _SECUENCIAL
        + """
from keras.optimizers import SGD
modelo = Sequential([Dense(20, input_dim=8, activation="relu", kernel_initializer="he_uniform"),
                     Dense(1, activation="tanh")])
modelo.compile(loss="hinge", optimizer=SGD(learning_rate=0.01, momentum=0.9))
modelo.fit(X, 2 * si_no - 1, epochs=3, verbose=0)
""",
        None,
    ),
    "precios grandes con msle": (
        _SECUENCIAL
        + """
modelo = Sequential([Dense(20, input_dim=8, activation="relu"), Dense(1)])
modelo.compile(loss="mean_squared_logarithmic_error", optimizer="adam", metrics=["mse", "mape"])
modelo.fit(X, np.abs(precio) * 100 + 1, epochs=3, verbose=0)
""",
        None,
    ),
    "métricas por su nombre": (
        _SECUENCIAL
        + """
modelo = Sequential([Dense(20, input_dim=8, activation="relu"), Dense(1, activation="sigmoid")])
modelo.compile(loss="binary_crossentropy", optimizer="adam", metrics=["accuracy"])
modelo.fit(X, si_no, epochs=2, verbose=0)
puntajes = modelo.evaluate(X, si_no, verbose=0)
print("%s: %.2f%%" % (modelo.metrics_names[1], puntajes[1] * 100))
""",
        None,
    ),
    "una red generativa densa": (
        _BASE
        + """
generador = keras.Sequential([layers.Dense(12, activation="selu", input_shape=[4]),
                              layers.Dense(36, activation="sigmoid"), layers.Reshape([6, 6])])
critico = keras.Sequential([layers.Flatten(input_shape=[6, 6]),
                            layers.Dense(12, activation="selu"),
                            layers.Dense(1, activation="sigmoid")])
gan = keras.Sequential([generador, critico])
critico.compile(loss="binary_crossentropy", optimizer="rmsprop")
critico.trainable = False
gan.compile(loss="binary_crossentropy", optimizer="rmsprop")
gan.train_on_batch(X[:32, :4], np.ones((32, 1)))
falsas = generador.predict(X[:32, :4])
gan.predict(X[:4, :4])
""",
        None,
    ),
    "swish y píxeles escalados": (
        _BASE
        + """
modelo = keras.Sequential([keras.Input((6, 6)), layers.Rescaling(scale=1.0 / 255),
                           layers.Flatten(), layers.Dense(20, activation="swish"),
                           layers.Dense(3, activation="softmax")])
modelo.compile(loss="sparse_categorical_crossentropy", optimizer="nadam", metrics=["accuracy"])
modelo.fit(imagenes * 255, clase, epochs=2)
""",
        None,
    ),
    "relu de TensorFlow": (
        _BASE
        + """
import tensorflow as tf
modelo = keras.Sequential([keras.Input((8,)), layers.Dense(12, activation=tf.nn.relu),
                           layers.Dense(3, activation=tf.nn.softmax)])
modelo.compile(loss="sparse_categorical_crossentropy", optimizer="adam", metrics=["accuracy"])
modelo.fit(X, clase, epochs=2)
""",
        None,
    ),
    "la xor": (
        """
import keras
x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], "float32"); y = np.array([[0], [1], [1], [0]])
modelo = keras.models.Sequential()
modelo.add(keras.layers.Dense(8, input_dim=2)); modelo.add(keras.layers.Activation("tanh"))
modelo.add(keras.layers.Dense(1)); modelo.add(keras.layers.Activation("sigmoid"))
modelo.compile(loss="binary_crossentropy", optimizer=keras.optimizers.SGD(learning_rate=0.1))
modelo.fit(x, y, batch_size=1, epochs=10)
print(modelo.predict(x))
""",
        None,
    ),
    "café tostado": (
        """
import keras
from keras.models import Sequential
from keras.layers import Dense
modelo = Sequential([keras.Input(shape=(8,)), Dense(3, activation="sigmoid", name="capa1"),
                     Dense(1, activation="sigmoid", name="capa2")])
modelo.compile(loss=keras.losses.BinaryCrossentropy(),
               optimizer=keras.optimizers.Adam(learning_rate=0.01))
modelo.fit(np.tile(X, (3, 1)), np.tile(si_no, 3), epochs=2)
W1, b1 = modelo.get_layer("capa1").get_weights()
modelo.get_layer("capa1").set_weights([W1 + 1, b1 - 1])
modelo.predict(X)
""",
        None,
    ),
    "dígitos con logits y softmax aparte": (
        """
import keras
modelo = keras.Sequential([
    keras.Input((36,)), keras.layers.Dense(25, activation="relu", name="L1"),
    keras.layers.Dense(15, activation="relu", name="L2"),
    keras.layers.Dense(3, activation="linear", name="L3"),
], name="mi_modelo")
modelo.compile(loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
               optimizer=keras.optimizers.Adam(learning_rate=0.001))
planas = imagenes.reshape(len(imagenes), -1)
modelo.fit(planas, clase, epochs=3)
p = keras.activations.softmax(modelo.predict(planas[:1])).numpy()
assert abs(p.sum() - 1) < 1e-5
[capa.name for capa in modelo.layers]; modelo.layers[2].get_weights()[0].shape
""",
        None,
    ),
    "limpiar la sesión en un bucle": (
        _BASE
        + """
for unidades in (4, 8):
    keras.backend.clear_session()
    keras.utils.set_random_seed(1)
    modelo = keras.Sequential([layers.InputLayer(shape=(8,)), layers.Dense(unidades, "relu"),
                               layers.Dense(1)])
    modelo.compile("rmsprop", "mse", metrics=[keras.metrics.RootMeanSquaredError()])
    modelo.fit(tabla, precio, epochs=2, verbose=0)
""",
        None,
    ),
    "epochs de antes": (
        _SECUENCIAL
        + """
modelo = Sequential([Dense(1, input_dim=8)])
modelo.compile("sgd", "mse")
modelo.fit(X, precio, nb_epoch=3)
""",
        "En Keras 3 se llama epochs",
    ),
    "un conjunto de TensorFlow": (
        _BASE
        + """
modelo = keras.Sequential([keras.Input((8,)), layers.Dense(1)])
modelo.compile("sgd", "mse")
lotes = ((X[i:i + 8], precio[i:i + 8]) for i in range(0, 64, 8))
modelo.fit(lotes, steps_per_epoch=8)
""",
        "'steps_per_epoch'",
    ),
    "TensorBoard": (
        "from keras.callbacks import TensorBoard\nTensorBoard(log_dir='x')",
        "callbacks no tiene 'TensorBoard'",
    ),
    "palabras con Embedding": (
        _SECUENCIAL + "from keras.layers import Embedding\nEmbedding(1000, 16)",
        "layers no tiene 'Embedding'",
    ),
    "tokenizar": (
        "from keras.preprocessing.text import Tokenizer",
        "no tiene el módulo 'preprocessing'",
    ),
}


def datos():
    """Los datos que los programas suponen, nuevos cada vez."""
    azar = np.random.default_rng(0)
    x = azar.normal(size=(64, 8)).astype("float32")
    z = x @ azar.normal(size=(8, 3))
    return {
        "np": np,
        "pd": pd,
        "X": x,
        "tabla": pd.DataFrame(x, columns=list("abcdefgh")),
        "precio": (z[:, 0] + 0.1 * azar.normal(size=64)).astype("float32"),
        "dos_salidas": z[:, :2].astype("float32"),
        "si_no": (z[:, 0] > 0).astype(int),
        "clase": z.argmax(axis=1),
        "imagenes": azar.uniform(size=(64, 6, 6)).astype("float32"),
        "pesos": azar.uniform(0.5, 2, 64),
    }


def a_desde_cero(programa):
    """El mismo programa, con los imports de `desde_cero`."""
    programa = re.sub(r"^import keras$", "from cursokeras import desde_cero as keras", programa,
                      flags=re.MULTILINE)  # fmt: skip
    return re.sub(r"^from keras\b", "from cursokeras.desde_cero", programa, flags=re.MULTILINE)


_ANOTADOS = ("fit", "evaluate", "predict", "train_on_batch", "test_on_batch", "predict_on_batch")


class Anotador:
    """Iguala el azar de las redes de un módulo y anota lo que devuelven, mientras dura."""

    def __init__(self, base, dropout, pesos=None):
        self.base, self.dropout, self.pesos = base, dropout, pesos
        self.vistas, self.nacimientos, self.notas, self._dentro = [], [], [], False

    @contextlib.contextmanager
    def anotando(self):
        """Reemplaza los métodos de la clase base, y los devuelve al terminar."""
        propios = {nombre: getattr(self.base, nombre) for nombre in _ANOTADOS}
        iniciar = self.dropout.__init__
        for nombre, metodo in propios.items():
            setattr(self.base, nombre, self._anotar(nombre, metodo))
        self.dropout.__init__ = lambda capa, rate, **otras: iniciar(capa, 0.0, **otras)
        try:
            yield
        finally:
            self.dropout.__init__ = iniciar
            for nombre, metodo in propios.items():
                setattr(self.base, nombre, metodo)

    def _anotar(self, nombre, metodo):
        @functools.wraps(metodo)
        def anotado(red, x, *args, **kwargs):
            if self._dentro:
                return metodo(red, x, *args, **kwargs)
            self._conocer(red, x)
            if nombre == "fit":
                kwargs["shuffle"] = False
            self._dentro = True
            try:
                resultado = metodo(red, x, *args, **kwargs)
            finally:
                self._dentro = False
            self.notas.append((nombre, getattr(resultado, "history", resultado)))
            return resultado

        return anotado

    def _conocer(self, red, x):
        """La primera vez que se usa una red: guarda sus pesos o, en la otra corrida, los pone."""
        if any(red is vista for vista in self.vistas):
            return
        if hasattr(x, "__len__"):  # Un generador no se puede mirar sin gastarlo
            red(np.asarray(x, dtype="float32")[:1])
        self.vistas.append(red)
        de_archivo = getattr(red, "optimizer", None) is not None and _pasos(red)
        if self.pesos is not None and not de_archivo and self._suelta(red):
            red.set_weights(self.pesos[len(self.nacimientos)])
        self.nacimientos.append([w.copy() for w in red.get_weights()])

    def _suelta(self, red):
        """Si sus capas no se usaron ya en otra red, que pudo haberlas entrenado."""
        otras = [capa for vista in self.vistas[:-1] for capa in vista.layers]
        return not any(capa is otra for capa in red.layers for otra in otras)


def _pasos(red):
    return int(getattr(red.optimizer.iterations, "numpy", lambda: red.optimizer.iterations)())


def correr(programa, anotador):
    """Corre un programa en una carpeta vacía; devuelve las notas y su `resultado`."""
    espacio, antes = datos(), os.getcwd()
    with (
        tempfile.TemporaryDirectory() as carpeta,
        anotador.anotando(),
        contextlib.redirect_stdout(io.StringIO()),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")
        os.chdir(carpeta)
        try:
            exec(programa, espacio)
        finally:
            os.chdir(antes)
    return [*anotador.notas, ("resultado", espacio.get("resultado", []))]


def clasificar(programa):
    """Corre un programa en los dos lados.

    Devuelve (clase, detalle): una de `MISMOS`, `LINEA` u `OTRO`, y qué se dijo o en qué difieren.
    """
    from cursokeras import desde_cero
    from cursokeras._backend import keras

    de_keras = Anotador(keras.Model, keras.layers.Dropout)
    falla_de_keras = None
    try:
        esperadas = correr(programa, de_keras)
    except Exception as error:  # Hay programas viejos que Keras 3 tampoco corre.
        falla_de_keras = error
    propio = Anotador(desde_cero.Sequential, desde_cero.layers.Dropout, de_keras.nacimientos)
    try:
        notas = correr(a_desde_cero(programa), propio)
    except Exception as error:
        return _clasificar_error(error)
    if falla_de_keras is not None:
        return OTRO, f"Keras no lo corre: {falla_de_keras}"
    diferencia = _diferencia(notas, esperadas)
    return (OTRO, diferencia) if diferencia else (MISMOS, "")


_DE_AQUI = re.compile(r"no tiene|[Aa]quí|[Ee]scribe|[Uu]sa|espera|No existe|hereda|le falta")
_EN_INGLES = re.compile(r"\b(the|is|not|has|got|argument|expected|unexpected|cannot|object)\b")


def _clasificar_error(error):
    texto = str(error)
    buena = "\n" not in texto and _DE_AQUI.search(texto) and not _EN_INGLES.search(texto)
    return (LINEA if buena else OTRO), f"{type(error).__name__}: {texto}"


def _diferencia(notas, esperadas):
    if [nombre for nombre, _ in notas] != [nombre for nombre, _ in esperadas]:
        return f"llamadas distintas: {notas} y {esperadas}"
    for (nombre, propia), (_, esperada) in zip(notas, esperadas, strict=True):
        if isinstance(esperada, dict):
            if list(propia) != list(esperada):
                return f"{nombre}: {list(propia)} y Keras {list(esperada)}"
            pares = [(propia[medida], esperada[medida]) for medida in esperada]
        else:
            pares = [(propia, esperada)]
        for una, otra in pares:
            una, otra = np.asarray(una, "float64"), np.asarray(otra, "float64")
            if una.shape != otra.shape or not np.allclose(una, otra, rtol=2e-3, atol=2e-4):
                return f"{nombre}: {una} y Keras {otra}"
    return ""


if __name__ == "__main__":
    cuentas = {MISMOS: 0, LINEA: 0, OTRO: 0}
    for nombre, (programa, _) in PROGRAMAS.items():
        clase, detalle = clasificar(programa)
        cuentas[clase] += 1
        print(f"{nombre:<42} {clase:<22} {detalle[:150]}")
    for clase, n in cuentas.items():
        print(f"{clase}: {n} de {len(PROGRAMAS)} ({n / len(PROGRAMAS):.0%})")
