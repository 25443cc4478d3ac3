"""Las gemelas contra Keras: mismas predicciones, mismo estado, y lo que no tiene gemelo."""

import random

import numpy as np
import pytest

import cursokeras as ck
from cursokeras import desde_cero
from cursokeras._backend import keras

capas = keras.layers
X = np.random.default_rng(0).normal(size=(12, 6)).astype("float32")
Y = np.random.default_rng(1).normal(size=(12, 2)).astype("float32")
CLASES = np.arange(12) % 3


def modelo_de(*lista, loss="mse", optimizer="sgd", entrada=(6,), **opciones):
    modelo = keras.Sequential([keras.Input(entrada), *lista])
    modelo.compile(optimizer=optimizer, loss=loss, **opciones)
    return modelo


MODELOS = {
    "regresión": lambda: ck.crear_regresion(6, 2, ocultas=(5, 4), activacion="tanh"),
    "regresión sin ocultas": lambda: ck.crear_regresion(6),
    "clasificación": lambda: ck.crear_clasificacion(6, 3, ocultas=(5,)),
    "clasificación one-hot": lambda: ck.crear_clasificacion(6, 3, one_hot=True),
    "binaria": lambda: ck.crear_binaria(6, ocultas=(5,), activacion="sigmoid"),
    "imágenes": lambda: ck.crear_clasificacion((2, 3), 3, ocultas=(4,)),
    "activación en su propia capa": lambda: modelo_de(
        capas.Dense(3, use_bias=False),
        capas.Activation("tanh"),
        capas.Dense(2, kernel_regularizer="l2"),
    ),
    "dropout": lambda: modelo_de(capas.Dense(4, "relu"), capas.Dropout(0.5), capas.Dense(2)),
    "pérdida como objeto": lambda: modelo_de(
        capas.Dense(3), loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    ),
    "activaciones nuevas": lambda: modelo_de(
        capas.Dense(4, "elu"),
        capas.Dense(4, "gelu"),
        capas.Dense(3, "leaky_relu"),
        capas.Dense(3, "selu"),
        capas.Dense(2, "softplus"),
        loss=keras.losses.Huber(0.5),
    ),
    "BatchNormalization": lambda: modelo_de(
        capas.Dense(4),
        capas.BatchNormalization(momentum=0.5, scale=False),
        capas.Dense(2),
        optimizer="nadam",
    ),
    "L1L2": lambda: modelo_de(
        capas.Dense(2, kernel_regularizer=keras.regularizers.L1L2(0.125, 0.25))
    ),
    "pérdida como función": lambda: modelo_de(
        capas.Dense(2), loss=keras.losses.mean_absolute_error
    ),
}


@pytest.mark.parametrize("crear", [pytest.param(v, id=k) for k, v in MODELOS.items()])
def test_la_gemela_predice_lo_mismo_y_la_vuelta_tambien(crear):
    modelo = crear()
    x = X.reshape(-1, *modelo.input_shape[1:])
    esperadas = modelo.predict(x, verbose=0)
    red = ck.desde_keras(modelo)
    np.testing.assert_allclose(red.predict(x), esperadas, rtol=1e-6, atol=1e-6)
    vuelta = ck.a_keras(red)
    np.testing.assert_allclose(vuelta.predict(x, verbose=0), esperadas, rtol=1e-6, atol=1e-6)
    assert [capa.name for capa in vuelta.layers] == [capa.name for capa in modelo.layers]
    assert [capa.name for capa in red.layers] == [capa.name for capa in modelo.layers]


OPTIMIZADORES = {
    "SGD": lambda: keras.optimizers.SGD(0.05),
    "SGD con momento": lambda: keras.optimizers.SGD(0.05, momentum=0.9),
    "SGD de Nesterov": lambda: keras.optimizers.SGD(0.05, momentum=0.8, nesterov=True),
    "Adam": lambda: keras.optimizers.Adam(0.02, beta_1=0.8, beta_2=0.99, epsilon=1e-5),
    "RMSprop": lambda: keras.optimizers.RMSprop(0.02, rho=0.8, epsilon=1e-5),
    "RMSprop con momento": lambda: keras.optimizers.RMSprop(0.02, momentum=0.5),
    "AdamW": lambda: keras.optimizers.AdamW(0.02, weight_decay=0.5),
    "Nadam": lambda: keras.optimizers.Nadam(0.02, beta_1=0.8),
    "Adagrad": lambda: keras.optimizers.Adagrad(0.1, initial_accumulator_value=0.2),
    "SGD con recorte": lambda: keras.optimizers.SGD(0.05, momentum=0.9, clipnorm=0.1),
}


@pytest.mark.parametrize("crear", [pytest.param(v, id=k) for k, v in OPTIMIZADORES.items()])
def test_el_estado_del_optimizador_viaja_en_los_dos_sentidos(crear):
    modelo = modelo_de(capas.Dense(4, "tanh"), capas.Dense(2), optimizer=crear())
    for _ in range(3):
        modelo.train_on_batch(X, Y)
    red = ck.desde_keras(modelo)
    for _ in range(3):
        modelo.train_on_batch(X, Y)
        red.train_on_batch(X, Y)
    for w, esperado in zip(red.get_weights(), modelo.get_weights(), strict=True):
        np.testing.assert_allclose(w, esperado, rtol=1e-5, atol=1e-6)
    vuelta = ck.a_keras(red)
    for _ in range(3):
        modelo.train_on_batch(X, Y)
        vuelta.train_on_batch(X, Y)
    for w, esperado in zip(vuelta.get_weights(), modelo.get_weights(), strict=True):
        np.testing.assert_allclose(w, esperado, rtol=1e-5, atol=1e-6)


def test_los_regularizadores_viajan():
    modelo = modelo_de(
        capas.Dense(2, kernel_regularizer="l2", bias_regularizer=keras.regularizers.L1(0.3))
    )
    red = ck.desde_keras(modelo)
    assert red.layers[0].kernel_regularizer.l2 == pytest.approx(0.01)
    esperada = modelo.evaluate(X, Y, verbose=0)
    assert red.evaluate(X, Y, verbose=0) == pytest.approx(esperada, rel=1e-5)
    assert ck.a_keras(red).evaluate(X, Y, verbose=0) == pytest.approx(esperada, rel=1e-5)


def test_la_gemela_es_una_copia():
    modelo = ck.crear_regresion(6, 2, semilla=0)
    antes = modelo.get_weights()
    ck.desde_keras(modelo).fit(X, Y, verbose=0)
    for w, esperado in zip(modelo.get_weights(), antes, strict=True):
        np.testing.assert_array_equal(w, esperado)


def test_no_gasta_numeros_al_azar():
    modelo = modelo_de(capas.Dense(4), capas.Dropout(0.2), capas.Dense(2))
    keras.utils.set_random_seed(3)
    estado, de_numpy = random.getstate(), np.random.get_state()[1].copy()
    ck.a_keras(ck.desde_keras(modelo))
    assert random.getstate() == estado
    np.testing.assert_array_equal(np.random.get_state()[1], de_numpy)


def test_la_precision_doble_se_conserva():
    modelo = keras.Sequential([keras.Input((6,)), capas.Dense(2, dtype="float64")])
    red = ck.desde_keras(modelo)
    assert red.get_weights()[0].dtype == "float64"
    assert ck.a_keras(red).get_weights()[0].dtype == "float64"


def test_sin_compilar_tambien_tiene_gemela():
    modelo = keras.Sequential([keras.Input((6,)), capas.Dense(2)])
    red = ck.desde_keras(modelo)
    assert red.loss is None
    assert not ck.a_keras(red).compiled


def test_las_metricas_conocidas_viajan_y_de_las_otras_se_avisa():
    modelo = modelo_de(capas.Dense(2), metrics=["mae"])
    red = ck.desde_keras(modelo)
    assert red.evaluate(X, Y, verbose=0, return_dict=True).keys() == {"loss", "mae"}
    modelo.compile(loss="mse", metrics=["mae", "cosine_similarity"])
    with pytest.warns(UserWarning, match="no existen en desde_cero"):
        red = ck.desde_keras(modelo)
    assert red.evaluate(X, Y, verbose=0, return_dict=True).keys() == {"loss", "mae"}


class _Mia(capas.Dense):
    """Una capa propia, que se llama distinto."""


class Dense(capas.Dense):
    """Una capa propia que se llama como la de Keras."""


def _funcional():
    entrada = keras.Input((6,))
    return keras.Model(entrada, capas.Dense(2)(entrada))


def _con_optimizador(**opciones):
    return lambda: modelo_de(capas.Dense(2), optimizer=keras.optimizers.Adam(**opciones))


SIN_GEMELA = {
    "otra capa": (lambda: modelo_de(capas.GaussianNoise(1), capas.Dense(2)), "GaussianNoise"),
    "capa propia": (lambda: modelo_de(_Mia(2)), "_Mia"),
    "capa propia con nombre de Keras": (lambda: modelo_de(Dense(2)), "es Dense"),
    "otra activación": (lambda: modelo_de(capas.Dense(2, "mish")), "mish"),
    "capa congelada": (lambda: modelo_de(capas.Dense(2, trainable=False)), "trainable=False"),
    "restricción": (lambda: modelo_de(capas.Dense(2, kernel_constraint="non_neg")), "constraint"),
    "otro regularizador": (
        lambda: modelo_de(
            capas.Dense(2, kernel_regularizer=keras.regularizers.OrthogonalRegularizer())
        ),
        "OrthogonalRegularizer",
    ),
    "otra pérdida": (
        lambda: modelo_de(capas.Dense(2), loss="cosine_similarity"),
        "cosine_similarity",
    ),
    "otra pérdida como objeto": (
        lambda: modelo_de(capas.Dense(2), loss=keras.losses.Tversky()),
        "Tversky",
    ),
    "etiquetas suavizadas": (
        lambda: modelo_de(
            capas.Dense(2, "softmax"),
            loss=keras.losses.CategoricalCrossentropy(label_smoothing=0.1),
        ),
        "label_smoothing=0.1",
    ),
    "pérdida que no promedia": (
        lambda: modelo_de(capas.Dense(2), loss=keras.losses.MeanSquaredError(reduction="sum")),
        "reduction='sum'",
    ),
    "pesos de la pérdida": (
        lambda: modelo_de(capas.Dense(2), loss_weights=[2.0]),
        "loss_weights",
    ),
    "otro optimizador": (lambda: modelo_de(capas.Dense(2), optimizer="lion"), "Lion"),
    "amsgrad": (_con_optimizador(amsgrad=True), "amsgrad=True"),
    "promedio de pesos": (_con_optimizador(use_ema=True), "use_ema=True"),
    "tasa que cambia": (
        _con_optimizador(learning_rate=keras.optimizers.schedules.ExponentialDecay(0.1, 10, 0.9)),
        "tasa de aprendizaje cambia",
    ),
    "precisión mixta": (
        lambda: modelo_de(capas.Dense(2, dtype="mixed_float16")),
        "mixed_float16",
    ),
    "modelo funcional": (_funcional, "keras.Sequential"),
    "sin construir": (lambda: keras.Sequential([capas.Dense(2)]), "keras.Input"),
    "no es un modelo": (lambda: "modelo", "llegó str"),
}


@pytest.mark.parametrize(
    ("crear", "mensaje"), [pytest.param(*v, id=k) for k, v in SIN_GEMELA.items()]
)
def test_lo_que_no_tiene_gemelo_se_nombra(crear, mensaje):
    with pytest.raises(ValueError, match=mensaje):
        ck.desde_keras(crear())


class _CapaPropia(desde_cero.layers.Dense):
    """Una capa de desde_cero con un backward propio."""


def _red(*lista, **opciones):
    red = desde_cero.Sequential([desde_cero.Input((6,)), *lista])
    red.compile(**({"loss": "mse"} | opciones))
    return red


class _PerdidaPropia(desde_cero.losses.MeanSquaredError):
    """Una pérdida propia."""


@pytest.mark.parametrize(
    ("crear", "mensaje"),
    [
        pytest.param(lambda: _red(_CapaPropia(2)), "_CapaPropia", id="capa propia"),
        pytest.param(
            lambda: _red(desde_cero.layers.Dense(2), loss=_PerdidaPropia()),
            "_PerdidaPropia",
            id="pérdida propia",
        ),
        pytest.param(lambda: "red", "espera una red", id="no es una red"),
        pytest.param(
            lambda: desde_cero.Sequential([desde_cero.layers.Dense(2)]), "Input", id="sin construir"
        ),
    ],
)
def test_lo_propio_no_tiene_gemelo_en_keras(crear, mensaje):
    with pytest.raises(ValueError, match=mensaje):
        ck.a_keras(crear())


NO_SE_COMPARAN = {
    "BatchNormalization": lambda: modelo_de(capas.BatchNormalization(), capas.Dense(2)),
    "Nadam": lambda: modelo_de(capas.Dense(2), optimizer="nadam"),
    "Adagrad": lambda: modelo_de(capas.Dense(2), optimizer="adagrad"),
    "AdamW": lambda: modelo_de(capas.Dense(2), optimizer="adamw"),
    "Huber": lambda: modelo_de(capas.Dense(2), loss="huber"),
    "LogCosh": lambda: modelo_de(capas.Dense(2), loss=keras.losses.LogCosh()),
    "clipnorm": _con_optimizador(clipnorm=1.0),
    "weight_decay": _con_optimizador(weight_decay=0.1),
}


@pytest.mark.parametrize("nombre", NO_SE_COMPARAN)
def test_lo_que_tiene_gemela_y_comparar_no_sigue_se_dice(nombre):
    modelo = NO_SE_COMPARAN[nombre]()
    assert ck.desde_keras(modelo).output_shape == (None, 2)
    with pytest.raises(ValueError, match=rf"comparar no sigue {nombre}[:,]"):
        ck.comparar(modelo, X, Y)


def test_una_red_funcional_de_numpy_no_va_a_keras():
    entrada = desde_cero.Input((6,))
    red = desde_cero.Model(entrada, desde_cero.layers.Dense(2)(entrada))
    with pytest.raises(ValueError, match="forma funcional"):
        ck.a_keras(red)


def test_una_capa_congelada_sigue_congelada_en_keras():
    red = _red(desde_cero.layers.Dense(3, trainable=False), desde_cero.layers.Dense(2))
    assert [capa.trainable for capa in ck.a_keras(red).layers] == [False, True]


@pytest.mark.parametrize("activacion", ["elu", "leaky_relu", "softplus", "gelu", "selu"])
def test_comparar_sigue_las_activaciones_nuevas(activacion):
    modelo = modelo_de(capas.Dense(4, activacion, kernel_regularizer="l1"), capas.Dense(2))
    assert ck.comparar(modelo, X, Y, batch_size=5).iguales


@pytest.mark.parametrize(
    "capa",
    [
        lambda: desde_cero.layers.Dense(2, kernel_constraint="max_norm"),
        lambda: desde_cero.layers.Dense(2, desde_cero.layers.LeakyReLU(0.4)),
    ],
    ids=["restricción", "activación con opciones"],
)
def test_lo_que_su_nombre_no_dice_no_va_a_keras(capa):
    with pytest.raises(ValueError, match="a_keras no las sigue"):
        ck.a_keras(_red(capa()))


def test_una_tasa_que_cambia_no_va_a_keras():
    plan = desde_cero.optimizers.schedules.ExponentialDecay(0.1, 10, 0.9)
    with pytest.raises(ValueError, match="depende del paso"):
        ck.a_keras(_red(desde_cero.layers.Dense(2), optimizer=desde_cero.optimizers.SGD(plan)))


def test_las_metricas_con_opciones_van_a_keras():
    m = desde_cero.metrics
    pedidas = [m.Precision(thresholds=0.3, name="p"), m.AUC(num_thresholds=20, name="area"), "mse"]
    pedidas += [m.BinaryCrossentropy(name="ce")]
    red = _red(desde_cero.layers.Dense(1, "sigmoid"), loss="bce", metrics=pedidas)
    y = (X[:, :1] > 0).astype("float32")
    esperadas = red.evaluate(X, y, verbose=0, return_dict=True)
    assert ck.a_keras(red).evaluate(X, y, verbose=0, return_dict=True) == pytest.approx(
        esperadas, rel=1e-5
    )
