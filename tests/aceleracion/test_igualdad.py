"""`acelerar` da los números de Keras: mismo historial y mismos pesos que el `fit` de siempre."""

import numpy as np
import pandas as pd
import pytest

from cursokeras import acelerar
from cursokeras._backend import keras, tf
from cursokeras._comun.lotes import Lotes, SeguirEpoca
from cursokeras.aceleracion import fuentes
from tests.aceleracion.comun import clases, comparar_con_keras, red, tabla

opt, capas = keras.optimizers, keras.layers


def ajustar(x, y, **opciones):
    opciones = {"epochs": 3, "batch_size": 32, "shuffle": False, "verbose": 0, **opciones}
    return lambda modelo: modelo.fit(x, y, **opciones)


@pytest.mark.parametrize(
    ("optimizer", "batch_size", "rtol"),
    [("sgd", 25, 1e-5), ("adam", 32, 1e-4), ("sgd", 200, 1e-5)],
    ids=["SGD, lotes justos", "Adam, con resto", "SGD, un solo lote"],
)
def test_treinta_epocas(optimizer, batch_size, rtol):
    x, y = tabla()
    opciones = {"batch_size": batch_size, "epochs": 30, "validation_data": (x[:41], y[:41])}
    comparar_con_keras(lambda: red(optimizer), ajustar(x, y, **opciones), rtol=rtol)


OPTIMIZADORES = {
    "momentum de Nesterov": lambda: opt.SGD(0.05, momentum=0.9, nesterov=True),
    "Adam con tasa decreciente": lambda: opt.Adam(opt.schedules.ExponentialDecay(0.01, 3, 0.5)),
    "AdamW con decaimiento": lambda: opt.AdamW(0.01, weight_decay=0.1),
    "recorte por norma": lambda: opt.SGD(0.5, clipnorm=0.1),
    "recorte por norma global": lambda: opt.SGD(0.5, global_clipnorm=0.1),
    "promedio móvil de pesos": lambda: opt.SGD(
        0.1, use_ema=True, ema_momentum=0.5, ema_overwrite_frequency=3
    ),
    "gradientes acumulados": lambda: opt.Adam(0.01, gradient_accumulation_steps=2),
    "RMSprop": lambda: opt.RMSprop(0.01, centered=True),
    "pérdida escalada": lambda: opt.LossScaleOptimizer(opt.SGD(0.1), initial_scale=4.0),
}


@pytest.mark.parametrize("crear", OPTIMIZADORES.values(), ids=OPTIMIZADORES.keys())
def test_optimizadores(crear):
    comparar_con_keras(lambda: red(crear()), ajustar(*tabla()), rtol=1e-4)


CAPAS = {
    "azar": lambda: [capas.Dropout(0.5), capas.GaussianNoise(0.3, seed=3)],
    "normalización y regularización": lambda: [
        capas.BatchNormalization(),
        capas.Dense(4, kernel_regularizer="l2", activity_regularizer="l1"),
    ],
    "recurrente y convolución": lambda: [
        capas.Reshape((8, 1)),
        capas.Conv1D(3, 2),
        capas.LSTM(4),
    ],
}


@pytest.mark.parametrize("crear", CAPAS.values(), ids=CAPAS.keys())
def test_capas(crear):
    x, y = tabla()
    comparar_con_keras(lambda: red(capas=crear()), ajustar(x, y, validation_data=(x, y)))


def perdida_propia(y, prediccion):
    """Pérdida escrita por un estudiante, que depende del lote entero."""
    return keras.ops.max(keras.ops.abs(y - prediccion))


@pytest.mark.parametrize("loss", ["huber", perdida_propia], ids=["Huber", "propia"])
def test_perdidas_de_regresion(loss):
    x, y = tabla()
    comparar_con_keras(
        lambda: red(loss=loss, metrics=["mse", keras.metrics.R2Score(), perdida_propia]),
        ajustar(x, y, validation_data=(x[:50], y[:50]), validation_batch_size=16),
    )


@pytest.mark.parametrize(
    ("forma", "pesos"),
    [
        ("enteros", "class_weight"),
        ("columna", "sample_weight"),
        ("columna", "class_weight"),
        ("one-hot", "class_weight"),
    ],
)
def test_clasificacion(forma, pesos):
    x, y = clases()
    if forma == "one-hot":
        loss, objetivo = "categorical_crossentropy", keras.utils.to_categorical(y, 3)
    else:
        loss, objetivo = "sparse_categorical_crossentropy", y if forma == "enteros" else y[:, None]
    opciones = {
        "class_weight": {"class_weight": {0: 2.0, 2: 0.5}},
        "sample_weight": {"sample_weight": np.linspace(0, 2, len(x))},
    }[pesos]

    def crear():
        return red(
            loss=loss,
            salida=capas.Dense(3, "softmax"),
            metrics=["accuracy"],
            weighted_metrics=["accuracy"],
        )

    comparar_con_keras(crear, ajustar(x, objetivo, **opciones))


def test_metrica_que_da_varios_numeros():
    x, y = clases()
    y = keras.utils.to_categorical(y, 3)
    comparar_con_keras(
        lambda: red(
            loss="categorical_crossentropy",
            salida=capas.Dense(3, "softmax"),
            metrics=[keras.metrics.F1Score(average=None), keras.metrics.AUC(name="auc")],
        ),
        ajustar(x, y, validation_data=(x, y)),
    )


VALIDACIONES = {
    "otro tamaño de lote": {"validation_data": "todo", "validation_batch_size": 7},
    "con pesos": {"validation_data": "pesos"},
    "validation_split con pesos": {"validation_split": 0.25, "sample_weight": np.arange(100) / 50},
    "cada dos épocas, desde la tercera": {
        "validation_data": "todo",
        "validation_freq": 2,
        "initial_epoch": 2,
        "epochs": 6,
    },
    "en épocas elegidas": {"validation_data": "todo", "validation_freq": [1, 3]},
    "otro Lotes": {"validation_data": "lotes"},
    "un Dataset": {"validation_data": "dataset"},
}


@pytest.mark.parametrize("opciones", VALIDACIONES.values(), ids=VALIDACIONES.keys())
def test_validacion(opciones):
    x, y = tabla()
    datos = {
        "todo": lambda: (x[:30], y[:30]),
        "pesos": lambda: (x[:30], y[:30], np.arange(30) / 15),
        "lotes": lambda: Lotes(x[:30], y[:30], batch_size=8, semilla=1),
        "dataset": lambda: tf.data.Dataset.from_tensor_slices((x[:30], y[:30])).batch(8),
    }.get(opciones.get("validation_data"), lambda: None)

    def entrenar(modelo):
        return ajustar(x, y, **{**opciones, "validation_data": datos()})(modelo)

    comparar_con_keras(red, entrenar)


def _entradas():
    x, y = tabla()
    tablas = pd.DataFrame(x.astype("float64")), pd.Series(y[:, 0].astype("float64"))
    return {
        "DataFrame y Series": tablas,
        "DataFrame mixto": (tablas[0].assign(entera=range(100)).iloc[:, 1:], y),
        "tensores y objetivo sin columna": (tf.constant(x), tf.constant(y[:, 0])),
        "enteros": (np.round(x * 3).astype("int64"), np.round(y).astype("int32")),
        "float64 no contiguo": (x.astype("float64")[::-1, ::-1], y[::-1]),
    }


@pytest.mark.parametrize("nombre", _entradas().keys())
def test_tipos_de_datos(nombre):
    comparar_con_keras(red, ajustar(*_entradas()[nombre], validation_split=0.2))


@pytest.mark.parametrize(
    ("shuffle", "pesos"),
    [(True, np.arange(100, dtype="float32") / 50), (False, None)],
    ids=["mezclado y con pesos", "en orden"],
)
def test_lotes(shuffle, pesos):
    x, y = tabla()

    def entrenar(modelo):
        lotes = Lotes(x, y, batch_size=32, semilla=5, shuffle=shuffle, sample_weight=pesos)
        return modelo.fit(lotes, shuffle=False, epochs=4, callbacks=[SeguirEpoca(lotes)], verbose=0)

    comparar_con_keras(red, entrenar)


def test_lotes_con_class_weight():
    x, y = clases()
    comparar_con_keras(
        lambda: red(
            loss="sparse_categorical_crossentropy", salida=capas.Dense(3, "softmax"), metrics=None
        ),
        lambda m: m.fit(
            Lotes(x, y, batch_size=32, semilla=5),
            shuffle=False,
            epochs=2,
            class_weight={1: 3.0},
            verbose=0,
        ),
    )


DATASETS = {
    "con lote incompleto": (lambda d: d.batch(32), {}),
    "lotes de forma fija": (lambda d: d.batch(25, drop_remainder=True), {}),
    "infinito": (lambda d: d.batch(32).repeat(), {"steps_per_epoch": 3}),
    "transformado": (lambda d: d.map(lambda x, y: (2 * x, y)).batch(30).prefetch(1), {}),
}


@pytest.mark.parametrize(("armar", "opciones"), DATASETS.values(), ids=DATASETS.keys())
def test_dataset(armar, opciones):
    x, y = tabla()
    flujo = armar(tf.data.Dataset.from_tensor_slices((x, y)))
    comparar_con_keras(
        red,
        lambda m: m.fit(
            flujo, epochs=4, shuffle=False, validation_data=(x, y), verbose=0, **opciones
        ),
    )


def _dos_entradas_dos_salidas():
    a, b = keras.Input((4,), name="a"), keras.Input((2,), name="b")
    medio = capas.Dense(5, "relu")(capas.Concatenate()([a, b]))
    salidas = {"s": capas.Dense(1, name="s")(medio), "t": capas.Dense(2, name="t")(medio)}
    modelo = keras.Model({"a": a, "b": b}, salidas)
    modelo.compile("adam", {"s": "mse", "t": "mae"}, loss_weights={"s": 1, "t": 0.5})
    return modelo


def test_varias_entradas_y_salidas():
    x, y = tabla()
    pesos = np.arange(100) / 50
    entradas = {"a": x[:, :4], "b": x[:, 4:]}
    objetivos = {"s": y, "t": np.hstack([y, -y])}
    comparar_con_keras(
        _dos_entradas_dos_salidas,
        ajustar(entradas, objetivos, sample_weight=pesos, validation_data=(entradas, objetivos)),
    )


def test_lista_de_entradas():
    def crear():
        a, b = keras.Input((4,)), keras.Input((2,))
        modelo = keras.Model([a, b], capas.Dense(1)(capas.Concatenate()([a, b])))
        modelo.compile("sgd", "mse")
        return modelo

    x, y = tabla()
    comparar_con_keras(crear, ajustar([x[:, :4], x[:, 4:]], y))


def test_modelo_sin_construir():
    def crear():
        modelo = keras.Sequential([capas.Dense(4, "relu"), capas.Dense(1)])
        modelo.compile("adam", "mse", metrics=["mae"])
        return modelo

    comparar_con_keras(crear, ajustar(*tabla()), rtol=1e-4)


def test_precision_mixta():
    def crear():
        modelo = keras.Sequential([capas.Dense(4, dtype="mixed_float16"), capas.Dense(1)])
        modelo.compile(opt.LossScaleOptimizer(opt.SGD(0.1)), "mse")
        return modelo

    comparar_con_keras(crear, ajustar(*tabla()), rtol=1e-3)


@pytest.mark.parametrize("sembrar", [keras.utils.set_random_seed, tf.random.set_seed])
def test_barajar_da_el_orden_de_keras(sembrar):
    """También con la semilla de TensorFlow sola, y sin mover la de NumPy."""
    x, y = tabla()
    pesos, np_antes = red().get_weights(), np.random.get_state()[1].tolist()

    def crear():
        modelo = red()
        modelo.set_weights(pesos)
        if sembrar is tf.random.set_seed:
            sembrar(7)
        return modelo

    comparar_con_keras(crear, ajustar(x, y, shuffle=True), sembrar=sembrar)
    if sembrar is tf.random.set_seed:
        assert np.random.get_state()[1].tolist() == np_antes


def test_barajar_sin_saber_si_hay_semilla(monkeypatch):
    monkeypatch.setattr(fuentes, "hay_semilla_global", lambda: None)
    comparar_con_keras(red, ajustar(*tabla(), shuffle=True, epochs=4))


def test_barajar_sin_semilla_da_otro_orden_en_cada_epoca():
    tf.random.set_seed(None)
    modelo = red(loss=lambda y, prediccion: keras.ops.sum(prediccion) * 0 + y[0, 0], metrics=[])
    with acelerar(modelo):
        historia = modelo.fit(np.zeros((50, 6)), np.arange(50.0)[:, None], 50, 4, verbose=0)
    assert len(set(historia.history["loss"])) > 1  # La primera fila del lote no es siempre la misma


def test_evaluate_suelto():
    x, y = tabla()
    modelo = red()
    esperado = modelo.evaluate(x, y, batch_size=32, verbose=0)
    en_diccionario = modelo.evaluate(x, y, batch_size=32, verbose=0, return_dict=True)
    flujo = tf.data.Dataset.from_tensor_slices((x, y)).batch(30)
    with acelerar(modelo) as acelerador:
        np.testing.assert_allclose(modelo.evaluate(x, y, 32, verbose=0), esperado, 1e-6)
        obtenido = modelo.evaluate(x, y, verbose=0, return_dict=True)
        np.testing.assert_allclose(modelo.evaluate(flujo, verbose=0), esperado, 1e-6)
        assert acelerador.motivo is None
    assert obtenido == pytest.approx(en_diccionario)
