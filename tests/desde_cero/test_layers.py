"""Las capas contra las de Keras: valor, gradientes, formas y valores por defecto."""

import inspect

import numpy as np
import pytest

from cursokeras import desde_cero
from cursokeras._backend import keras, tf

CAPAS = {
    "Dense": ((4,), lambda k: k.layers.Dense(3)),
    "Dense con tanh": ((4,), lambda k: k.layers.Dense(3, "tanh")),
    "Dense con softmax": ((4,), lambda k: k.layers.Dense(3, activation="softmax")),
    "Dense sin sesgo": ((4,), lambda k: k.layers.Dense(3, "relu", use_bias=False)),
    "Activation": ((4,), lambda k: k.layers.Activation("sigmoid")),
    "Activation sobre imágenes": ((2, 3), lambda k: k.layers.Activation("softmax")),
    "Flatten de una imagen": ((2, 3), lambda k: k.layers.Flatten()),
    "Flatten de una fila": ((4,), lambda k: k.layers.Flatten()),
    "Flatten con canales": ((2, 3, 4), lambda k: k.layers.Flatten()),
    "Dropout al predecir": ((4,), lambda k: k.layers.Dropout(0.5)),
}


@pytest.mark.parametrize(("entrada", "crear"), CAPAS.values(), ids=CAPAS)
def test_valor_y_gradientes_como_keras(entrada, crear, azar):
    x = azar.normal(size=(5, *entrada)).astype("float32")
    de_keras, propia = crear(keras), crear(desde_cero)
    de_keras.build((None, *entrada))
    propia.build((None, *entrada))
    pesos = [azar.normal(size=w.shape).astype("float32") for w in de_keras.weights]
    de_keras.set_weights(pesos)
    propia.set_weights(pesos)
    tensor = tf.constant(x)
    with tf.GradientTape() as cinta:
        cinta.watch(tensor)
        esperada = de_keras(tensor)
    grad = azar.normal(size=esperada.shape).astype("float32")
    fuentes = [tensor, *de_keras.trainable_weights]
    esperados = cinta.gradient(esperada, fuentes, output_gradients=tf.constant(grad))
    obtenida = propia(x)
    obtenidos = [propia.backward(grad), *propia.grads]
    np.testing.assert_allclose(obtenida, esperada, rtol=1e-5, atol=1e-6)
    assert propia.compute_output_shape((None, *entrada)) == (None, *esperada.shape[1:])
    assert propia.count_params() == de_keras.count_params()
    for propio, esperado in zip(obtenidos, esperados, strict=True):
        assert propio.dtype == "float32"
        np.testing.assert_allclose(propio, esperado, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("nombre", ["Dense", "Activation", "Dropout", "Flatten"])
def test_los_argumentos_se_llaman_y_valen_como_en_keras(nombre):
    """Un argumento posicional de aquí significa lo mismo en Keras."""
    propios = inspect.signature(getattr(desde_cero.layers, nombre)).parameters
    de_keras = inspect.signature(getattr(keras.layers, nombre)).parameters
    for argumento in propios.keys() - {"name", "trainable", "input_shape", "input_dim"}:
        assert propios[argumento].default == de_keras[argumento].default, argumento
    posicionales = [n for n, p in propios.items() if p.kind is p.POSITIONAL_OR_KEYWORD]
    assert posicionales == list(de_keras)[: len(posicionales)]


def test_dense_nace_como_en_keras():
    """Glorot en el kernel y ceros en el sesgo: se ve el ancho, no solo el nombre."""
    capa = desde_cero.layers.Dense(200)
    capa.build((None, 100))
    limite = np.sqrt(6 / 300)
    assert 0.99 * limite < np.abs(capa.kernel).max() <= limite
    assert not capa.bias.any()
    assert capa.kernel.dtype == capa.bias.dtype == "float32"
    assert desde_cero.layers.Dense(2, use_bias=False)(np.ones((1, 3))).shape == (1, 2)


def test_dropout_apaga_la_fraccion_pedida_y_conserva_la_esperanza():
    x = np.full((200, 500), 3.0, "float32")
    capa = desde_cero.layers.Dropout(0.2, seed=0)
    salida = capa(x, training=True)
    apagadas = salida == 0
    assert apagadas.mean() == pytest.approx(0.2, abs=0.005)
    np.testing.assert_allclose(salida[~apagadas], 3 / 0.8, rtol=1e-6)
    assert salida.dtype == "float32"
    grad = np.full_like(x, 2.0)
    np.testing.assert_array_equal(capa.backward(grad) == 0, apagadas)
    np.testing.assert_allclose(capa.backward(grad)[~apagadas], 2 / 0.8, rtol=1e-6)
    assert not np.array_equal(capa(x, training=True), salida)
    gemela = desde_cero.layers.Dropout(0.2, seed=0)
    np.testing.assert_array_equal(gemela(x, training=True), salida)


def test_despues_de_predecir_dropout_deja_pasar_el_gradiente():
    capa = desde_cero.layers.Dropout(0.5, seed=0)
    x = np.ones((2, 3), "float32")
    capa(x, training=True)
    capa(x)
    np.testing.assert_array_equal(capa.backward(x), x)
    sin_apagar = desde_cero.layers.Dropout(0)
    np.testing.assert_array_equal(sin_apagar(x, training=True), x)
    np.testing.assert_array_equal(sin_apagar.backward(x), x)


def test_la_penalizacion_de_la_capa_es_la_de_keras(azar):
    def crear(k):
        return k.layers.Dense(3, kernel_regularizer="l2", bias_regularizer=k.regularizers.L1(0.5))

    de_keras, propia = crear(keras), crear(desde_cero)
    pesos = [azar.normal(size=(4, 3)), azar.normal(size=3)]
    for capa in (de_keras, propia):
        capa.build((None, 4))
        capa.set_weights(pesos)
    assert propia.penalizacion() == pytest.approx(float(sum(de_keras.losses)), rel=1e-6)
    assert desde_cero.layers.Dense(3).penalizacion() == 0


def test_get_weights_da_copias_y_set_weights_no_comparte():
    capa = desde_cero.layers.Dense(2)
    capa.build((None, 3))
    kernel = np.ones((3, 2), "float32")
    capa.set_weights([kernel, [5, 6]])
    kernel[:] = 9
    capa.get_weights()[0][:] = 7
    np.testing.assert_array_equal(capa.kernel, np.ones((3, 2)))
    np.testing.assert_array_equal(capa.bias, [5, 6])


def test_input_shape_en_la_capa_funciona_y_avisa():
    capa = desde_cero.layers.Dense(2, input_shape=(4,))
    with pytest.warns(UserWarning, match=r"escribe keras.Input\(shape=\(4,\)\)"):
        red = desde_cero.Sequential([capa])
    assert red.output_shape == (None, 2)


capas = desde_cero.layers


IMPOSIBLES = {
    "cero neuronas": (lambda: capas.Dense(0), "units=0"),
    "neuronas con decimales": (lambda: capas.Dense(2.5), "units=2.5"),
    "la forma en vez del número": (lambda: capas.Dense((8, 2)), "escribe y.shape"),
    "activación mal escrita": (lambda: capas.Dense(2, "rellu"), "¿Quisiste escribir 'relu'"),
    "activación none con comillas": (
        lambda: capas.Dense(2, "none"),
        "activation=None, sin comillas",
    ),
    "inicializador ausente": (
        lambda: capas.Dense(2, kernel_initializer="orthogonal"),
        "inicializador 'orthogonal'",
    ),
    "regularizador ausente": (
        lambda: capas.Dense(2, kernel_regularizer="l3"),
        "regularizador 'l3'",
    ),
    "imágenes sin Flatten": (lambda: capas.Dense(2).build((None, 2, 2)), "Flatten"),
    "Dropout de 1": (lambda: capas.Dropout(1), "rate=1"),
    "Dropout negativo": (lambda: capas.Dropout(-0.1), "rate=-0.1"),
    "Dropout con texto": (lambda: capas.Dropout("0.5"), "rate='0.5'"),
    "Activation mal escrita": (lambda: capas.Activation("rellu"), "¿Quisiste escribir 'relu'"),
    "Input sin tupla": (lambda: desde_cero.Input(8), r"shape=\(8,\)"),
    "Input con cero": (lambda: desde_cero.Input((0,)), "enteros positivos"),
    "Input con decimales": (lambda: desde_cero.Input((8.0,)), "enteros positivos"),
    "pesos de más o de menos": (
        lambda: capas.Dense(2, name="d").set_weights([np.ones((3, 2))]),
        "La capa 'd' tiene",
    ),
}


@pytest.mark.parametrize(("crear", "mensaje"), IMPOSIBLES.values(), ids=IMPOSIBLES)
def test_lo_imposible_se_explica(crear, mensaje):
    with pytest.raises(ValueError, match=mensaje):
        crear()


def test_keras_dense_sin_layers_se_explica():
    with pytest.raises(AttributeError, match=r"Escribe keras.layers.Dense"):
        _ = desde_cero.Dense
    with pytest.raises(AttributeError, match="desde_cero no tiene 'applications'"):
        _ = desde_cero.applications


@pytest.mark.parametrize(
    ("modulo", "nombre", "mensaje"),
    [
        (desde_cero.layers, "Conv2D", "layers no tiene 'Conv2D'. Tiene: .*Dense.* import keras"),
        (desde_cero.layers, "dense", "¿Quisiste escribir 'Dense'?"),
        (desde_cero.activations, "mish", "activations no tiene 'mish'"),
        (desde_cero.models, "model_from_json", "models no tiene"),
        (desde_cero.optimizers, "Adams", "¿Quisiste escribir 'Adam'?"),
    ],
)
def test_lo_que_falta_en_un_modulo_se_explica(modulo, nombre, mensaje):
    with pytest.raises(AttributeError, match=mensaje.replace("?", "[?]")):
        getattr(modulo, nombre)
    assert not hasattr(modulo, nombre)
