"""Quiénes compiten: cada uno entrena un `Caso` desde cero y cuenta cómo le fue.

Todos reciben los mismos arreglos, barajan las filas en cada época, validan al final de cada
una si hay con qué, y devuelven la pérdida final; así el tiempo compara trabajos iguales.
"""

import importlib.util
import warnings

import numpy as np
from a_mano import jax_scan, numpy
from con_torch import torch_dataloader, torch_directo
from reloj import Reloj


def falta(nombre):
    """Devuelve el paquete que le falta a un contendiente, o "" si puede correr."""
    modulo = {"torch": "torch", "jax": "jax", "sklearn": "sklearn"}.get(nombre.split("_")[0])
    return "" if modulo is None or importlib.util.find_spec(modulo) else modulo


def _primeras(caso):
    """Las capas que hacen de una red densa una convolucional o una recurrente."""
    from cursokeras._backend import keras

    secuencia = keras.layers.Reshape((caso.d_in, 1))
    lado = int(caso.d_in**0.5)
    return {
        "densa": lambda: [],
        "convolución": lambda: [
            keras.layers.Reshape((lado, lado, 1)),
            keras.layers.Conv2D(8, 3, activation="relu"),
            keras.layers.Flatten(),
        ],
        "recurrente": lambda: [secuencia, keras.layers.GRU(8)],
    }[caso.tipo]()


def _con_keras(caso, datos, *, acelerar=False, steps_per_execution=1):
    from cursokeras._backend import keras
    from cursokeras.aceleracion import acelerar as contexto

    x, y, x_val, y_val = datos
    keras.utils.set_random_seed(0)
    reloj = Reloj()
    activacion = "softmax" if caso.clases else None
    capas = [keras.layers.Dense(unidades, "relu") for unidades in caso.ocultas]
    capas = [keras.Input((caso.d_in,)), *_primeras(caso), *capas]
    modelo = keras.Sequential([*capas, keras.layers.Dense(caso.d_out, activacion)])
    clase = {"sgd": keras.optimizers.SGD, "adam": keras.optimizers.Adam}[caso.optimizer]
    modelo.compile(
        clase(caso.learning_rate),
        "sparse_categorical_crossentropy" if caso.clases else "mse",
        steps_per_execution=steps_per_execution,
    )
    callbacks = [keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: reloj.epoca())]
    if caso.parada:
        callbacks.append(keras.callbacks.EarlyStopping(patience=10, restore_best_weights=True))
    opciones = {
        "batch_size": caso.batch_size,
        "epochs": caso.epochs,
        "validation_data": (x_val, y_val) if caso.n_val else None,
        "callbacks": callbacks,
        "verbose": 0,
    }
    if acelerar:
        with contexto(modelo) as acelerador:
            historia = modelo.fit(x, y, **opciones).history
        if acelerador.motivo:
            raise RuntimeError(f"no se aceleró: {acelerador.motivo}")
    else:
        historia = modelo.fit(x, y, **opciones).history
    return reloj.marca(historia.get("val_loss", historia["loss"])[-1])


def cursokeras(caso, datos):
    """El `fit` de Keras dentro de `acelerar`, como el primer modelo de su clase en el proceso."""
    from cursokeras._backend import keras

    keras.utils.clear_session()
    return _con_keras(caso, datos, acelerar=True)


def cursokeras_igual(caso, datos):
    """Lo mismo, si antes se entrenó un modelo igual."""
    return _con_keras(caso, datos, acelerar=True)


def keras(caso, datos):
    """El `fit` de Keras tal cual."""
    return _con_keras(caso, datos)


def keras_spe(caso, datos):
    """Keras con `steps_per_execution`: 256 lotes por llamada, o la época si es más corta."""
    return _con_keras(caso, datos, steps_per_execution=min(256, caso.pasos))


def desde_cero(caso, datos):
    """La red de cursokeras.desde_cero, en NumPy que se puede leer."""
    from cursokeras import desde_cero as dc

    class Anotar(dc.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            reloj.epoca()

    x, y, x_val, y_val = datos
    dc.utils.set_random_seed(0)
    reloj = Reloj()
    activacion = "softmax" if caso.clases else None
    capas = [dc.layers.Dense(unidades, activation="relu") for unidades in caso.ocultas]
    capas.append(dc.layers.Dense(caso.d_out, activation=activacion))
    modelo = dc.Sequential([dc.Input(shape=(caso.d_in,)), *capas])
    clase = {"sgd": dc.optimizers.SGD, "adam": dc.optimizers.Adam}[caso.optimizer]
    perdida = "sparse_categorical_crossentropy" if caso.clases else "mse"
    modelo.compile(optimizer=clase(learning_rate=caso.learning_rate), loss=perdida)
    historia = modelo.fit(
        x,
        y,
        batch_size=caso.batch_size,
        epochs=caso.epochs,
        validation_data=(x_val, y_val) if caso.n_val else None,
        callbacks=[Anotar()],
        verbose=0,
    ).history
    return reloj.marca(historia.get("val_loss", historia["loss"])[-1])


def sklearn(caso, datos):
    """`MLPRegressor` de scikit-learn, con un solo hilo de BLAS, que es como mejor le va."""
    from sklearn.neural_network import MLPRegressor
    from threadpoolctl import threadpool_limits

    x, y, x_val, y_val = datos
    objetivo = y.ravel() if caso.d_out == 1 else y
    reloj = Reloj()
    modelo = MLPRegressor(
        hidden_layer_sizes=caso.ocultas,
        solver=caso.optimizer,
        momentum=0,
        alpha=0,
        batch_size=caso.batch_size,
        learning_rate_init=caso.learning_rate,
        random_state=0,
    )
    with threadpool_limits(1):
        for _ in range(caso.epochs):
            modelo.partial_fit(x, objetivo)
            if caso.n_val:
                perdida = np.mean((modelo.predict(x_val).reshape(y_val.shape) - y_val) ** 2)
            reloj.epoca()
        if not caso.n_val:
            perdida = np.mean((modelo.predict(x).reshape(y.shape) - y) ** 2)
    return reloj.marca(perdida)


CONTENDIENTES = {
    funcion.__name__: funcion
    for funcion in (
        cursokeras,
        cursokeras_igual,
        keras,
        keras_spe,
        desde_cero,
        numpy,
        sklearn,
        torch_dataloader,
        torch_directo,
        jax_scan,
    )
}


def correr(nombre, caso, datos):
    """Hace correr a un contendiente, sin que sus avisos ensucien la tabla."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return CONTENDIENTES[nombre](caso, datos)
