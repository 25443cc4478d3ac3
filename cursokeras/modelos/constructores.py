"""Los constructores: redes Dense listas para entrenar, como `keras.Sequential` corriente.

Las tres funciones comparten un constructor privado y solo difieren en la cabeza (la última
capa) y la pérdida. El modelo sale construido y compilado, y su archivo `.keras` se abre en
Keras sin este paquete.
"""

import numpy as np

from cursokeras._backend import keras
from cursokeras.dispositivos import ambito
from cursokeras.modelos.opciones import (
    SOLO_CLASES,
    activaciones,
    capas_ocultas,
    contar_clases,
    entero,
    forma_de_entrada,
    metricas,
    optimizador,
)


def crear_regresion(
    d_in,
    d_out=1,
    *,
    ocultas=(),
    activacion="relu",
    optimizer="adam",
    learning_rate=None,
    metrics=("mae",),
    semilla=None,
):
    """Crea una red para predecir números: cabeza lineal y pérdida `mse`.

    Sin capas ocultas es la regresión lineal del curso, `y = x @ W + b`.

    Argumentos:
        d_in: columnas de entrada, o la forma de una imagen como `(28, 28)`, que se aplana.
        d_out: cuántos números predice para cada fila.
        ocultas: neuronas de cada capa oculta, de la entrada a la salida: `(50, 25)`.
        activacion: nombre de la activación de las capas ocultas, o uno por capa:
            `("tanh", "relu")`. `None` es ninguna (lineal).
        optimizer: nombre de un optimizador de Keras, o un objeto optimizador.
        learning_rate: tasa de aprendizaje, solo con un nombre en `optimizer`; `None` es el
            valor por defecto de Keras (0.001 en Adam, 0.01 en SGD).
        metrics: lista de métricas de Keras.
        semilla: entero que fija los pesos iniciales sin tocar el azar global; `None`, al azar.

    Devuelve:
        `keras.Sequential` construido y compilado; entra (n, d_in), sale (n, d_out).

    Lanza:
        ValueError: si un argumento no sirve; el mensaje dice qué escribir.

    Ejemplo:
        >>> modelo = crear_regresion(8, ocultas=(50, 25), semilla=0)
        >>> modelo.output_shape, modelo.count_params()
        ((None, 1), 1751)
    """
    d_out = entero("d_out", d_out, minimo=1)
    return _crear(
        d_in,
        cabeza=(d_out, None),
        loss="mse",
        ocultas=ocultas,
        activacion=activacion,
        optimizer=optimizador(optimizer, learning_rate),
        metrics=metricas(metrics, prohibidas=SOLO_CLASES),
        semilla=semilla,
    )


def crear_clasificacion(
    d_in,
    clases,
    *,
    one_hot=False,
    ocultas=(),
    activacion="relu",
    optimizer="adam",
    learning_rate=None,
    metrics=("accuracy",),
    semilla=None,
):
    """Crea una red que elige entre `clases` clases: cabeza softmax y entropía cruzada.

    Sin capas ocultas es la regresión softmax del curso.

    Argumentos:
        d_in: columnas de entrada, o la forma de una imagen como `(28, 28)`, que se aplana.
        clases: cuántas clases hay, 2 o más.
        one_hot: `False` si las etiquetas son enteros de 0 a clases - 1
            (`sparse_categorical_crossentropy`); `True` si son filas como [0, 1, 0]
            (`categorical_crossentropy`).
        ocultas, activacion, optimizer, learning_rate, metrics, semilla: como en
            `crear_regresion`.

    Devuelve:
        `keras.Sequential` construido y compilado; entra (n, d_in), sale (n, clases): la
        probabilidad de cada clase.

    Lanza:
        ValueError: si un argumento no sirve; el mensaje dice qué escribir.

    Ejemplo:
        >>> modelo = crear_clasificacion((28, 28), 10, optimizer="sgd", learning_rate=0.1)
        >>> modelo.output_shape, modelo.loss
        ((None, 10), 'sparse_categorical_crossentropy')
    """
    return _crear(
        d_in,
        cabeza=(contar_clases(clases), "softmax"),
        loss="categorical_crossentropy" if one_hot else "sparse_categorical_crossentropy",
        ocultas=ocultas,
        activacion=activacion,
        optimizer=optimizador(optimizer, learning_rate),
        metrics=metricas(metrics),
        semilla=semilla,
    )


def crear_binaria(
    d_in,
    *,
    ocultas=(),
    activacion="relu",
    optimizer="adam",
    learning_rate=None,
    metrics=("accuracy",),
    semilla=None,
):
    """Crea una red que responde sí o no: una neurona sigmoide y `binary_crossentropy`.

    Sin capas ocultas es la regresión logística: el perceptrón de una variable del curso.

    Argumentos:
        d_in: columnas de entrada, o la forma de una imagen como `(28, 28)`, que se aplana.
        ocultas, activacion, optimizer, learning_rate, metrics, semilla: como en
            `crear_regresion`.

    Devuelve:
        `keras.Sequential` construido y compilado; entra (n, d_in), sale (n, 1): la
        probabilidad de la clase 1.

    Lanza:
        ValueError: si un argumento no sirve; el mensaje dice qué escribir.

    Ejemplo:
        >>> crear_binaria(5, ocultas=(8,), activacion="tanh").output_shape
        (None, 1)
    """
    return _crear(
        d_in,
        cabeza=(1, "sigmoid"),
        loss="binary_crossentropy",
        ocultas=ocultas,
        activacion=activacion,
        optimizer=optimizador(optimizer, learning_rate),
        metrics=metricas(metrics),
        semilla=semilla,
    )


def _crear(d_in, *, cabeza, loss, ocultas, activacion, optimizer, metrics, semilla):
    forma = forma_de_entrada(d_in)
    ocultas = capas_ocultas(ocultas)
    capas = [*zip(ocultas, activaciones(activacion, len(ocultas)), strict=True), cabeza]
    with ambito():
        modelo = keras.Sequential([keras.Input(forma)])
        if len(forma) > 1:
            modelo.add(keras.layers.Flatten())
        for (unidades, nombre), inicial in zip(capas, _iniciales(semilla, len(capas)), strict=True):
            modelo.add(keras.layers.Dense(unidades, nombre, kernel_initializer=inicial))
        modelo.compile(optimizer=optimizer, loss=loss, metrics=metrics)
        # Así un objeto optimizador compartido por dos modelos se reconoce al crear el segundo.
        modelo.optimizer.build(modelo.trainable_variables)
    return modelo


def _iniciales(semilla, cuantas):
    """Un inicializador por capa, cada uno con su semilla, que no toca el azar global."""
    if semilla is None:
        return ["glorot_uniform"] * cuantas
    semillas = np.random.SeedSequence(entero("semilla", semilla, minimo=0)).generate_state(cuantas)
    return [keras.initializers.GlorotUniform(seed=int(s)) for s in semillas]
