"""Lo que `desde_cero` no tiene: una línea en español que dice qué hay y qué escribir."""

import copy
import importlib
import pickle
import re

import numpy as np
import pytest

from cursokeras import desde_cero as keras

AUSENTES = {
    "una capa": ("layers", "Conv2D"),
    "otra capa": ("layers", "LSTM"),
    "un optimizador": ("optimizers", "Ftrl"),
    "una pérdida": ("losses", "CosineSimilarity"),
    "una métrica": ("metrics", "TopKCategoricalAccuracy"),
    "un callback": ("callbacks", "TensorBoard"),
    "un inicializador": ("initializers", "Orthogonal"),
    "un regularizador": ("regularizers", "OrthogonalRegularizer"),
    "una utilidad": ("utils", "plot_model"),
    "una activación": ("activations", "mish"),
    "una función de models": ("models", "model_from_json"),
    "algo de backend": ("backend", "image_data_format"),
}


def _una_linea(error, *partes):
    texto = str(error.value)
    assert "\n" not in texto
    for parte in partes:
        assert parte in texto
    return texto


@pytest.mark.parametrize(("modulo", "nombre"), AUSENTES.values(), ids=AUSENTES)
def test_un_nombre_que_no_esta(modulo, nombre):
    with pytest.raises(AttributeError) as error:
        getattr(getattr(keras, modulo), nombre)
    _una_linea(error, f"desde_cero.{modulo} no tiene {nombre!r}", "Tiene:", "usa import keras")
    assert not hasattr(getattr(keras, modulo), nombre)
    with pytest.raises(ImportError) as error:
        exec(f"from cursokeras.desde_cero.{modulo} import {nombre}")
    _una_linea(error, f"desde_cero.{modulo} no tiene {nombre!r}", "Tiene:")


@pytest.mark.parametrize("nombre", ["datasets", "preprocessing", "applications", "ops"])
def test_un_modulo_que_no_esta(nombre):
    for programa in (
        f"import cursokeras.desde_cero.{nombre}",
        f"from cursokeras.desde_cero.{nombre} import algo",
    ):
        with pytest.raises(ModuleNotFoundError) as error:
            exec(programa)
        _una_linea(error, f"desde_cero no tiene el módulo {nombre!r}", "layers")
    with pytest.raises(ImportError) as error:
        exec(f"from cursokeras.desde_cero import {nombre}")
    _una_linea(error, f"desde_cero no tiene {nombre!r}")
    with pytest.raises(AttributeError):
        getattr(keras, nombre)


def test_lo_que_esta_en_otro_modulo_se_dice_donde():
    with pytest.raises(ImportError, match=r"Escribe keras\.layers\.Dense en su lugar"):
        exec("from cursokeras.desde_cero import Dense")
    with pytest.raises(AttributeError, match=r"Escribe keras\.optimizers\.SGD en su lugar"):
        _ = keras.losses.SGD


def test_lo_que_esta_se_importa_de_todas_las_formas():
    espacio = {}
    exec(
        "from cursokeras.desde_cero import layers, Sequential\n"
        "from cursokeras.desde_cero.layers import Dense, BatchNormalization\n"
        "from cursokeras.desde_cero.regularizers import l2, l1_l2\n"
        "from cursokeras.desde_cero.models import Model, load_model\n"
        "from cursokeras.desde_cero.callbacks import *\n"
        "from cursokeras.desde_cero.utils import to_categorical\n"
        "import cursokeras.desde_cero.optimizers as o\n",
        espacio,
    )
    assert espacio["Dense"] is keras.layers.Dense
    assert espacio["EarlyStopping"] is keras.callbacks.EarlyStopping
    assert espacio["o"] is keras.optimizers
    assert importlib.import_module("cursokeras.desde_cero.layers") is keras.layers


def _red():
    red = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    red.compile("sgd", "mse")
    return red


UNO = np.ones((2, 2))
LLAMADAS = {
    "capa": (lambda: keras.layers.Dense(4, activity_regularizer=1), "'activity_regularizer'."),
    "capa que hereda": (lambda: keras.layers.Flatten(data_format="x"), "Flatten no tiene"),
    "falta units": (lambda: keras.layers.Dense(), "A Dense le falta units"),
    "de más": (lambda: keras.layers.Dropout(0.1, 3), "Dropout recibió argumentos de más"),
    "nombre de antes": (lambda: keras.optimizers.SGD(lr=0.1), "En Keras 3 se llama learning_rate"),
    "amsgrad": (lambda: keras.optimizers.AdamW(amsgrad=True), "'amsgrad'"),
    "mal escrito": (lambda: keras.layers.Dense(4, activacion="relu"), "escribir 'activation'?"),
    "pérdida": (lambda: keras.losses.MeanSquaredError(reduction="sum"), "'reduction'"),
    "suavizado": (lambda: keras.losses.BinaryCrossentropy(label_smoothing=1), "'label_smoothing'"),
    "métrica": (lambda: keras.metrics.BinaryAccuracy(threshold=0.4), "'threshold'"),
    "regularizador": (lambda: keras.regularizers.L2(0.1, mode=1), "'mode'"),
    "inicializador": (lambda: keras.initializers.HeNormal(scale=1), "'scale'"),
    "Input": (lambda: keras.Input(shape=(2,), sparse=True), "Input no tiene el argumento 'sparse'"),
    "red": (lambda: keras.Sequential([], trainable=False), "Sequential no tiene"),
    "compile": (lambda: _red().compile(loss="mse", loss_weights=[1]), "'loss_weights'"),
    "fit": (lambda: _red().fit(UNO, UNO, steps_per_epoch=3), "'steps_per_epoch'"),
    "fit sin y": (lambda: _red().fit(UNO), "A fit le falta y"),
    "evaluate": (lambda: _red().evaluate(UNO, UNO, steps=3), "'steps'"),
    "predict": (lambda: _red().predict(UNO, steps=3), "'steps'"),
    "summary": (lambda: _red().summary(layer_range=[]), "'layer_range'"),
    "callback": (lambda: keras.callbacks.EarlyStopping(min_epochs=3), "'min_epochs'"),
    "utilidad": (lambda: keras.utils.to_categorical([1], dtype="x"), "'dtype'"),
    "llamar a una capa": (lambda: keras.layers.Dense(1)(UNO, mask=None), "'mask'"),
    "activación": (lambda: keras.activations.relu(UNO, max_value=1), "'max_value'"),
    "pesos": (lambda: _red().get_weights(1), "get_weights recibió argumentos de más"),
}


@pytest.mark.parametrize(("llamar", "mensaje"), LLAMADAS.values(), ids=LLAMADAS)
def test_un_argumento_que_no_esta(llamar, mensaje):
    with pytest.raises(ValueError, match=r"Tiene:|Recibe:") as error:
        llamar()
    _una_linea(error, mensaje)


def test_un_error_del_programa_pasa_tal_cual():
    class Mio(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            return epoch + "a"

    with pytest.raises(TypeError, match="unsupported operand"):
        _red().fit(UNO, UNO[:, :1], callbacks=[Mio()], verbose=0)


ATRIBUTOS = {
    "método de la red": (_red, "clone"),
    "variables de la red": (_red, "trainable_variables"),
    "método de la capa": (lambda: keras.layers.Dense(1), "add_weight"),
    "del optimizador": (keras.optimizers.Adam, "apply_gradients"),
    "de la pérdida": (keras.losses.Huber, "reduction"),
    "del callback": (keras.callbacks.Callback, "stopped_training"),
    "de la entrada": (lambda: keras.Input((2,)), "dtypes"),
}


@pytest.mark.parametrize(("crear", "nombre"), ATRIBUTOS.values(), ids=ATRIBUTOS)
def test_un_metodo_que_no_esta(crear, nombre):
    cosa = crear()
    with pytest.raises(AttributeError) as error:
        getattr(cosa, nombre)
    _una_linea(error, f"{type(cosa).__name__} no tiene {nombre!r}", "Tiene:")
    assert type(error.value).__qualname__ == "AttributeError"
    assert getattr(cosa, nombre, 3) == 3


def test_copiar_y_guardar_con_pickle_no_se_enredan():
    red = _red()
    for copia in (copy.deepcopy(red), pickle.loads(pickle.dumps(red))):
        np.testing.assert_array_equal(copia.predict(UNO), red.predict(UNO))


def test_la_tasa_se_lee_y_se_cambia():
    optimizador = keras.optimizers.SGD(0.5)
    assert optimizador.learning_rate.numpy() == np.float32(0.5)
    optimizador.learning_rate = 0.25
    w = np.ones(1, "float32")
    optimizador.apply([w.copy()], [w])
    assert (w.item(), w.dtype) == (0.75, "float32")
    optimizador.learning_rate.assign(0.1)
    assert optimizador.learning_rate == 0.1


def test_lo_propio_que_no_se_puede_derivar_se_explica():
    def mi_perdida(y, y_pred):
        return y - y_pred

    with pytest.raises(ValueError, match="escribe una subclase de Loss"):
        _red().compile(loss=mi_perdida)
    with pytest.raises(ValueError, match="escribe una subclase de Activacion"):
        keras.layers.Dense(1, activation=np.tanh)


def test_una_capa_sin_sus_metodos_se_explica():
    class Mia(keras.layers.Layer):
        def call(self, x):
            return x

    with pytest.raises(NotImplementedError, match="se llama así lo que en Keras es call"):
        Mia()(UNO)


CASI = {
    "pesos antes de nacer": (lambda: keras.layers.Dense(2).kernel, "aún no tiene pesos"),
    "pesos que no son lista": (lambda: _red().set_weights(3), "una lista de arreglos"),
    "lista dentro de la lista": (
        lambda: keras.Sequential([[keras.layers.Dense(2)]]),
        "una lista de 1. Pon las capas",
    ),
    "min_delta": (lambda: keras.callbacks.EarlyStopping(min_delta="a"), "min_delta='a'"),
    "schedule": (lambda: keras.callbacks.LearningRateScheduler(3), "debe ser una función"),
    "Reshape": (lambda: keras.layers.Reshape(3), "espera una tupla"),
}


@pytest.mark.parametrize(("llamar", "mensaje"), CASI.values(), ids=CASI)
def test_lo_que_casi_esta_bien(llamar, mensaje):
    with pytest.raises(ValueError, match=re.escape(mensaje)) as error:
        llamar()
    _una_linea(error)


def test_como_se_ven():
    red = _red()
    assert repr(red) == "<Sequential sequential: 1 capas>"
    assert repr(red.layers[0]) == "<Dense dense>"
    metrica = keras.metrics.MeanSquaredError()
    metrica.update_state([1.0, 2.0], [2.0, 4.0])
    assert metrica.result() == 2.5


def test_mezclar_con_keras_se_explica():
    de_keras = importlib.import_module("keras")
    with pytest.raises(ValueError, match=r"El optimizador es Adam de Keras\. Importa todo"):
        _red().compile(de_keras.optimizers.Adam(), "mse")
    with pytest.raises(ValueError, match=r"Dense de Keras\. Importa todo del mismo lugar"):
        keras.Sequential([de_keras.layers.Dense(1)])


def test_lo_que_se_entrega_tiene_numpy():
    salida = _red()(UNO)
    assert type(salida.numpy()) is np.ndarray
    assert repr(keras.activations.relu([-1.0, 1.0])) == "array([0., 1.])"
    assert keras.losses.MeanSquaredError()([1.0], [[3.0]]).numpy() == 4
    assert type(salida + 1) is np.ndarray
    assert isinstance(salida.sum(), np.floating)
