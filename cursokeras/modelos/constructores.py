"""Los constructores: redes Dense listas para entrenar, como `keras.Sequential` corriente.

Todas las funciones comparten un constructor privado y solo difieren en la cabeza: la última capa y
la pérdida. El modelo sale construido y compilado, y su archivo `.keras` se abre en Keras sin este
paquete.
"""

import numpy as np

from cursokeras._backend import keras
from cursokeras._comun.argumentos import juntar, leer
from cursokeras._comun.hallazgos import ErrorDeDatos
from cursokeras._comun.traduccion import errores_en_espanol
from cursokeras.dispositivos import ambito
from cursokeras.entradas.cabezas import (
    Binaria,
    Multietiqueta,
    Regresion,
    SoftmaxConEnteros,
    SoftmaxConOneHot,
    recibe_logits,
)
from cursokeras.modelos import opciones
from cursokeras.modelos.metricas import leer_metricas
from cursokeras.modelos.pesos_iniciales import leer_inicializador, para_keras, poner_a_mano


def crear_regresion(
    d_in,
    d_out=1,
    *,
    ocultas=(),
    activacion="relu",
    inicializador=None,
    dropout=0,
    l2=0,
    loss="mse",
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
        inicializador: los pesos iniciales de todas las capas, también la de salida, o uno por
            capa: un nombre (`"he_normal"`, `"zeros"`), un inicializador de Keras, el kernel
            escrito a mano, (entradas, neuronas), o el par `(kernel, bias)`. `None` es el de Keras.
        dropout: parte de las neuronas que se apaga al entrenar después de las capas ocultas, o
            una por capa: `(0.2, 0.1)`. 0 no agrega la capa.
        l2: fuerza de la penalización L2 de los pesos de las capas ocultas (se suma a la pérdida),
            o una por capa. 0 es ninguna.
        loss: la pérdida: nombre, función u objeto de Keras que sirva para predecir números, como
            `"mae"` o `"huber"`.
        optimizer: nombre de un optimizador de Keras, o un objeto optimizador.
        learning_rate: tasa de aprendizaje, solo con un nombre en `optimizer`; `None` es el
            valor por defecto de Keras (0.001 en Adam, 0.01 en SGD).
        metrics: lista de métricas de Keras que sirvan para esta cabeza.
        semilla: entero que fija los pesos iniciales y el azar de Dropout sin tocar el azar
            global; `None`, al azar.

    Devuelve:
        `keras.Sequential` construido y compilado; entra (n, d_in), sale (n, d_out).

    Lanza:
        ValueError: si un argumento no sirve; el mensaje los explica todos.

    Ejemplo:
        >>> modelo = crear_regresion(8, ocultas=(50, 25), dropout=0.2, semilla=0)
        >>> modelo.output_shape, modelo.count_params()
        ((None, 1), 1751)
    """
    return _crear(
        Regresion,
        d_in,
        lambda: (leer("d_out", d_out), None),
        ocultas=ocultas,
        activacion=activacion,
        inicializador=inicializador,
        dropout=dropout,
        l2=l2,
        loss=loss,
        optimizer=optimizer,
        learning_rate=learning_rate,
        metrics=metrics,
        semilla=semilla,
    )


def crear_clasificacion(
    d_in,
    clases,
    *,
    one_hot=False,
    ocultas=(),
    activacion="relu",
    inicializador=None,
    dropout=0,
    l2=0,
    loss=None,
    optimizer="adam",
    learning_rate=None,
    metrics=("accuracy",),
    semilla=None,
):
    """Crea una red que elige entre `clases` clases: cabeza softmax y entropía cruzada.

    Sin capas ocultas es la regresión softmax del curso.

    Argumentos:
        d_in: columnas de entrada, o la forma de una imagen como `(28, 28)`, que se aplana.
        clases: cuántas clases hay, 2 o más, o sus nombres en orden: `["LS", "LI", "IC"]`. Los
            nombres se usan en tablas y gráficos, y entonces y puede traer esos textos.
        one_hot: `False` si las etiquetas son enteros de 0 a clases - 1
            (`sparse_categorical_crossentropy`); `True` si son filas como [0, 1, 0]
            (`categorical_crossentropy`).
        loss: la pérdida, si es otra que la de `one_hot`. Con from_logits=True la última capa
            queda sin softmax.
        ocultas, activacion, inicializador, dropout, l2, optimizer, learning_rate, metrics,
        semilla: como en `crear_regresion`.

    Devuelve:
        `keras.Sequential` construido y compilado; entra (n, d_in), sale (n, clases): la
        probabilidad de cada clase.

    Lanza:
        ValueError: si un argumento no sirve; el mensaje los explica todos.

    Ejemplo:
        >>> modelo = crear_clasificacion((28, 28), 10, optimizer="sgd", learning_rate=0.1)
        >>> modelo.output_shape, modelo.loss
        ((None, 10), 'sparse_categorical_crossentropy')
    """
    con_columnas = isinstance(one_hot, bool | np.bool_) and one_hot
    lecturas = {
        "one_hot": lambda: leer("one_hot", one_hot),
        "salida": lambda: opciones.clases(clases),
    }
    return _crear(
        SoftmaxConOneHot if con_columnas else SoftmaxConEnteros,
        d_in,
        lambda: juntar(**lecturas)["salida"],
        ocultas=ocultas,
        activacion=activacion,
        inicializador=inicializador,
        dropout=dropout,
        l2=l2,
        loss=loss,
        optimizer=optimizer,
        learning_rate=learning_rate,
        metrics=metrics,
        semilla=semilla,
    )


def crear_binaria(
    d_in,
    *,
    clases=None,
    ocultas=(),
    activacion="relu",
    inicializador=None,
    dropout=0,
    l2=0,
    loss="binary_crossentropy",
    optimizer="adam",
    learning_rate=None,
    metrics=("accuracy",),
    semilla=None,
):
    """Crea una red que responde sí o no: una neurona sigmoide y `binary_crossentropy`.

    Sin capas ocultas es la regresión logística: el perceptrón de una variable del curso.

    Argumentos:
        d_in: columnas de entrada, o la forma de una imagen como `(28, 28)`, que se aplana.
        clases: los nombres del no y del sí, en ese orden: `["sano", "enfermo"]`. Se usan en
            tablas y gráficos, y entonces y puede traer esos textos.
        loss: la pérdida. Con from_logits=True la última capa queda sin sigmoid.
        ocultas, activacion, inicializador, dropout, l2, optimizer, learning_rate, metrics,
        semilla: como en `crear_regresion`.

    Devuelve:
        `keras.Sequential` construido y compilado; entra (n, d_in), sale (n, 1): la
        probabilidad de la clase 1.

    Lanza:
        ValueError: si un argumento no sirve; el mensaje los explica todos.

    Ejemplo:
        >>> crear_binaria(5, ocultas=(8,), activacion="tanh").output_shape
        (None, 1)
    """
    return _crear(
        Binaria,
        d_in,
        lambda: (1, opciones.dos_clases(clases)),
        ocultas=ocultas,
        activacion=activacion,
        inicializador=inicializador,
        dropout=dropout,
        l2=l2,
        loss=loss,
        optimizer=optimizer,
        learning_rate=learning_rate,
        metrics=metrics,
        semilla=semilla,
    )


def crear_multietiqueta(
    d_in,
    etiquetas,
    *,
    ocultas=(),
    activacion="relu",
    inicializador=None,
    dropout=0,
    l2=0,
    loss="binary_crossentropy",
    optimizer="adam",
    learning_rate=None,
    metrics=("accuracy",),
    semilla=None,
):
    """Crea una red que responde varias preguntas de sí o no a la vez, cada una por su cuenta.

    Cada etiqueta tiene su neurona sigmoide: son las predicciones independientes del curso, en que
    una fila puede ser de varias clases, de una o de ninguna. Para elegir una sola clase usa
    `crear_clasificacion`.

    Argumentos:
        d_in: columnas de entrada, o la forma de una imagen como `(28, 28)`, que se aplana.
        etiquetas: cuántas son, o sus nombres en orden: `["fiebre", "tos"]`.
        loss: la pérdida. Con from_logits=True la última capa queda sin sigmoid.
        metrics: como en `crear_regresion`; "accuracy" es la parte de todas las respuestas que
            acierta (`binary_accuracy` de Keras).
        ocultas, activacion, inicializador, dropout, l2, optimizer, learning_rate, semilla: como
            en `crear_regresion`.

    Devuelve:
        `keras.Sequential` construido y compilado; entra (n, d_in), sale (n, etiquetas): la
        probabilidad de que cada etiqueta sea sí. Se entrena con y (n, etiquetas) de ceros y unos.

    Lanza:
        ValueError: si un argumento no sirve; el mensaje los explica todos.

    Ejemplo:
        >>> modelo = crear_multietiqueta(4, ["fiebre", "tos", "fatiga"], ocultas=(8,))
        >>> modelo.output_shape, modelo.clases_cursokeras
        ((None, 3), ('fiebre', 'tos', 'fatiga'))
    """
    return _crear(
        Multietiqueta,
        d_in,
        lambda: opciones.etiquetas(etiquetas),
        ocultas=ocultas,
        activacion=activacion,
        inicializador=inicializador,
        dropout=dropout,
        l2=l2,
        loss=loss,
        optimizer=optimizer,
        learning_rate=learning_rate,
        metrics=metrics,
        semilla=semilla,
    )


def _crear(
    cabeza,
    d_in,
    leer_salida,
    *,
    ocultas,
    activacion,
    inicializador,
    dropout,
    l2,
    loss,
    optimizer,
    learning_rate,
    metrics,
    semilla,
):
    """Lee todos los argumentos, explica juntos los que no sirven y arma la red.

    `leer_salida` da cuántas neuronas tiene la cabeza y cómo se llaman sus clases, o `None`.
    """
    loss = cabeza.loss if loss is None else loss
    cuantas = len(ocultas) if isinstance(ocultas, tuple | list) else None
    leidos = juntar(
        forma=lambda: opciones.forma_de_entrada(d_in),
        salida=leer_salida,
        ocultas=lambda: opciones.capas_ocultas(ocultas),
        activacion=lambda: opciones.activaciones(activacion, cuantas),
        inicializador=lambda: leer_inicializador(inicializador, cuantas),
        dropout=lambda: opciones.solo_con_ocultas("dropout", dropout, cuantas),
        l2=lambda: opciones.solo_con_ocultas("l2", l2, cuantas),
        loss=lambda: opciones.perdida(loss, cabeza),
        optimizer=lambda: opciones.optimizador(optimizer, learning_rate),
        metrics=lambda: leer_metricas(metrics, cabeza, loss, _neuronas(leer_salida)),
        semilla=lambda: leer("semilla", semilla),
    )
    (neuronas, nombres), iniciales = leidos["salida"], leidos["inicializador"]
    with ambito(), errores_en_espanol():
        modelo = keras.Sequential([keras.Input(leidos["forma"])])
        if len(leidos["forma"]) > 1:
            modelo.add(keras.layers.Flatten())
        semillas = _semillas(leidos["semilla"], 2 * len(iniciales))
        for capa in _capas_ocultas(leidos, semillas):
            modelo.add(capa)
        salida = None if recibe_logits(loss) else cabeza.activacion
        final = para_keras(iniciales[-1], semillas[len(iniciales) - 1])
        modelo.add(keras.layers.Dense(neuronas, salida, kernel_initializer=final))
        poner_a_mano(modelo, iniciales)
        modelo.compile(optimizer=leidos["optimizer"], loss=loss, metrics=leidos["metrics"])
        # Así un objeto optimizador compartido por dos modelos se reconoce al crear el segundo.
        modelo.optimizer.build(modelo.trainable_variables)
    if nombres is not None:
        modelo.clases_cursokeras = nombres
    return modelo


def _neuronas(leer_salida):
    try:
        return leer_salida()[0]
    except ErrorDeDatos:  # Se explica aparte.
        return None


def _capas_ocultas(leidos, semillas):
    """Las capas Dense ocultas, cada una seguida de su Dropout si lo lleva."""
    partes = ("ocultas", "activacion", "dropout", "l2", "inicializador")
    for i, (unidades, activacion, apagadas, fuerza, inicial) in enumerate(
        zip(*(leidos[parte] for parte in partes), strict=False)  # El último es de la cabeza.
    ):
        yield keras.layers.Dense(
            unidades,
            activacion,
            kernel_initializer=para_keras(inicial, semillas[i]),
            kernel_regularizer=keras.regularizers.L2(fuerza) if fuerza else None,
        )
        if apagadas:
            yield keras.layers.Dropout(apagadas, seed=semillas[-1 - i])


def _semillas(semilla, cuantas):
    """Una semilla por pieza con azar; sin `semilla`, el azar es el global de Keras."""
    if semilla is None:
        return [None] * cuantas
    return [int(s) for s in np.random.SeedSequence(semilla).generate_state(cuantas)]
