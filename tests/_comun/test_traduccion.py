"""Los errores de Keras salen en español; los que lanza el usuario, como él los escribió."""

import traceback

import numpy as np
import pytest

import cursokeras as ck
from cursokeras._backend import keras, tf
from cursokeras._comun.lotes import Lotes
from cursokeras._comun.traduccion import errores_en_espanol

X, Y = np.ones((8, 3), "float32"), np.ones((8, 1), "float32")
_capas = keras.layers


def _modelo(*capas, **compilacion):
    modelo = keras.Sequential([keras.Input((3,)), *capas])
    modelo.compile(**{"loss": "mse", **compilacion})
    return modelo


def _entrenar(*capas, y=Y, callbacks=None, **compilacion):
    _modelo(*capas, **compilacion).fit(X, y, verbose=0, callbacks=callbacks)


def _optimizador_de_otro():
    optimizer = keras.optimizers.Adam()
    for _ in range(2):
        _entrenar(_capas.Dense(1), optimizer=optimizer)


def _otra_ultima_capa():
    modelo = _modelo(_capas.Dense(1), optimizer="adam")
    modelo.optimizer.build(modelo.trainable_variables)
    modelo.pop()
    modelo.add(_capas.Dense(1))
    modelo.fit(X, Y, verbose=0)


def _filas_que_no_caben():
    x = np.broadcast_to(np.float32(1), (8, 2**45))
    _modelo(_capas.Dense(1)).fit(Lotes(x, Y, batch_size=8))


@tf.function(jit_compile=True)
def _enorme(fila):
    return tf.broadcast_to(fila, (2**30, 2**20))


class _DeCuatro(_capas.Layer):
    """Una capa propia que dice qué datos recibe."""

    def __init__(self, **espera):
        super().__init__()
        self.input_spec = keras.layers.InputSpec(**espera)

    def call(self, x):
        return x


def perdida_de_otra_forma(y, prediccion):
    return tf.reduce_mean(y - tf.ones((5, 1)) * prediccion)


def perdida_fija(y, prediccion):
    return prediccion - tf.ones((8, 7))


class AlTerminarCadaEpoca(keras.callbacks.Callback):
    """Hace algo al final de cada época."""

    def __init__(self, hacer):
        super().__init__()
        self.hacer = hacer

    def on_epoch_end(self, epoch, logs=None):
        self.hacer(self.model)


ERRORES = {
    "pérdida mal escrita": (
        lambda: _entrenar(_capas.Dense(1), loss="msee"),
        "No existe la pérdida 'msee'. Escribe, por ejemplo, loss='mse'",
    ),
    "métrica mal escrita": (
        lambda: _entrenar(_capas.Dense(1), metrics=["r3"]),
        "No existe la métrica 'r3'. Escribe, por ejemplo, metrics=['mae']",
    ),
    "métrica sin lista": (
        lambda: _entrenar(_capas.Dense(1), metrics="mae"),
        "metrics='mae' no es una lista. Escríbelo entre corchetes: metrics=['mae'].",
    ),
    "métrica que es un número": (
        lambda: _entrenar(_capas.Dense(1), metrics=3),
        "metrics=3 no es una lista. Escribe una",
    ),
    "optimizador de otro modelo": (_optimizador_de_otro, "es el de otro modelo, o las capas"),
    "otra última capa": (
        _otra_ultima_capa,
        "las capas de este cambiaron después de compile. Compila otra vez, con uno nuevo: "
        "modelo.compile(optimizer=keras.optimizers.Adam(), loss=modelo.loss).",
    ),
    "callback sin paréntesis": (
        lambda: _entrenar(_capas.Dense(1), callbacks=[keras.callbacks.EarlyStopping]),
        "callbacks tiene algo que no es un callback. Escribe una lista de objetos, con sus "
        "paréntesis",
    ),
    "callback que es un texto": (
        lambda: _entrenar(_capas.Dense(1), callbacks=["parar"]),
        "callbacks tiene algo que no es un callback",
    ),
    "pesos que no caben": (
        lambda: _entrenar(_capas.Dense(2**45)),
        "No alcanza la memoria. Escribe un batch_size menor",
    ),
    "no cabe lo que compiló XLA": (lambda: _enorme(tf.ones(2**20)), "No alcanza la memoria"),
    "filas que no caben": (_filas_que_no_caben, "No alcanza la memoria"),
    "índice de Embedding": (
        lambda: _entrenar(_capas.Embedding(1, 2), _capas.Flatten(), _capas.Dense(1)),
        "Una capa Embedding recibió el índice 1 y solo conoce de 0 a 1 (sin incluirlo)",
    ),
    "clase que no existe": (
        lambda: _entrenar(_capas.Dense(3), y=Y * 7, loss="sparse_categorical_crossentropy"),
        "y tiene la clase 7 y el modelo distingue 3",
    ),
    "capa con otros ejes": (
        lambda: _entrenar(_capas.Conv2D(2, 3, name="conv")),
        "La capa 'conv' recibe datos de 2 ejes y espera 4. Revisa",
    ),
    "capa con menos ejes": (
        lambda: _DeCuatro(max_ndim=1)(X),
        "recibe datos de 2 ejes y espera 1. Revisa",
    ),
    "capa con otro ancho": (
        lambda: _modelo(_capas.Dense(1, name="salida")).layers[0](np.ones((8, 7))),
        "La capa 'salida' recibe datos de forma (8, 7) y espera 3 en el eje -1. Revisa",
    ),
    "capa con otra forma": (
        lambda: _DeCuatro(shape=(None, 4))(X),
        "recibe datos de forma (8, 3) y espera (None, 4). Revisa",
    ),
    "pérdida propia": (
        lambda: _entrenar(_capas.Dense(1), loss=perdida_de_otra_forma),
        "Se combinan arreglos de formas distintas: [",
    ),
    "pérdida propia en un grafo": (
        lambda: _entrenar(_capas.Dense(1), loss=tf.function(perdida_de_otra_forma)),
        "Se combinan arreglos de formas distintas: [",
    ),
    "y de otra forma": (
        lambda: _entrenar(_capas.Dense(3), y=np.ones((8, 2))),
        "Se combinan arreglos de formas distintas: 2 y 3. Revisa",
    ),
    "one-hot de otras clases": (
        lambda: _entrenar(_capas.Dense(3), y=np.ones((8, 4)), loss="categorical_crossentropy"),
        "Se combinan arreglos de formas distintas: (None, 4) y (None, 3). Revisa",
    ),
    "métrica binaria con tres clases": (
        lambda: _entrenar(
            _capas.Dense(3, "softmax"),
            loss="sparse_categorical_crossentropy",
            metrics=[keras.metrics.Precision()],
        ),
        "Precision y Recall, por ejemplo, son para binaria.",
    ),
    "TensorBoard": (
        lambda: _entrenar(_capas.Dense(1), callbacks=[keras.callbacks.TensorBoard()]),
        "TensorBoard no viene con TensorFlow. Escribe: pip install tensorboard.",
    ),
}


@pytest.fixture(params=[True, False], ids=["traza corta", "traza entera"])
def filtros(request):
    """Los filtros de trazas de Keras y TensorFlow, puestos o quitados por el usuario."""

    def poner(puestos):
        for filtro in (keras.config, tf.debugging):
            cambiar = "enable" if puestos else "disable"
            getattr(filtro, f"{cambiar}_traceback_filtering")()

    poner(request.param)
    yield request.param
    poner(True)


@pytest.mark.parametrize("caso", ERRORES)
def test_error_traducido(caso, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # TensorBoard crea su carpeta antes de fallar.
    provocar, texto = ERRORES[caso]
    with pytest.raises(ValueError, match=r"\. \w") as informe, errores_en_espanol():
        provocar()
    assert texto in str(informe.value)
    assert informe.value.__cause__ is not None


@pytest.mark.parametrize("caso", ["métrica mal escrita", "y de otra forma", "pérdida propia"])
def test_traduce_igual_con_los_filtros_de_keras_puestos_o_quitados(caso, filtros):
    provocar, texto = ERRORES[caso]
    with pytest.raises(ValueError, match=r"\. \w") as informe, errores_en_espanol():
        provocar()
    assert texto in str(informe.value)
    assert keras.config.is_traceback_filtering_enabled() == filtros
    assert tf.debugging.is_traceback_filtering_enabled() == filtros


LUGARES = {
    "una pérdida": (lambda: _entrenar(_capas.Dense(3), loss=perdida_fija), "perdida_fija"),
    "una pérdida en un grafo": (
        lambda: _entrenar(_capas.Dense(3), loss=tf.function(perdida_fija)),
        "perdida_fija",
    ),
    "un callback": (
        lambda: _entrenar(
            _capas.Dense(1), callbacks=[AlTerminarCadaEpoca(lambda modelo: _sumar_mal())]
        ),
        "_sumar_mal",
    ),
}


def _sumar_mal():
    return tf.ones((2, 3)) + tf.ones((4, 3))


@pytest.mark.parametrize("caso", LUGARES)
def test_dice_en_que_funcion_del_usuario_fallo_keras(caso):
    provocar, nombre = LUGARES[caso]
    with pytest.raises(ValueError, match="formas distintas") as informe, errores_en_espanol():
        provocar()
    assert str(informe.value).endswith(f"Ocurrió en tu función {nombre}.")


class MiError(Exception):
    """Un error que no se crea con un solo texto: Keras no sabría copiarlo."""

    def __init__(self, texto, codigo):
        super().__init__(texto, codigo)


PROPIOS = {
    "RuntimeError con set_model": RuntimeError("mi set_model propio falló"),
    "AttributeError con set_model": AttributeError("mi objeto has no attribute 'set_model'"),
    "KeyError con memoria": KeyError("Out of memory de mi API"),
    "ValueError con formas": ValueError("Incompatible shapes: [1] vs. [2]"),
    "MemoryError": MemoryError("Unable to allocate mi cuota"),
    "un error de TensorFlow": tf.errors.ResourceExhaustedError(None, None, "OOM when allocating"),
    "una clase propia": MiError("Could not interpret loss identifier: nada", 7),
}


def _lanzar(error):
    def funcion(*args, **kwargs):
        raise error

    return funcion


class _CapaQueLanza(_capas.Layer):
    """Lanza el error al entrenar, y no mientras Keras averigua su forma."""

    def __init__(self, error):
        super().__init__()
        self.error = error

    def call(self, x):
        return x

    def __call__(self, x, **opciones):
        if isinstance(x, keras.KerasTensor):
            return super().__call__(x, **opciones)
        raise self.error


class _MetricaQueLanza(keras.metrics.Metric):
    def __init__(self, error):
        super().__init__()
        self.error = error

    def update_state(self, *args, **kwargs):
        raise self.error

    def result(self):
        return 0.0


DONDE = {
    "un callback": lambda e: _modelo(_capas.Dense(1)).fit(
        X, Y, verbose=0, callbacks=[AlTerminarCadaEpoca(_lanzar(e))]
    ),
    "una pérdida": lambda e: _entrenar(_capas.Dense(1), loss=_lanzar(e)),
    "una métrica": lambda e: _entrenar(_capas.Dense(1), metrics=[_MetricaQueLanza(e)]),
    "una capa": lambda e: _entrenar(_CapaQueLanza(e), _capas.Dense(1)),
    "sin Keras": lambda e: _lanzar(e)(),
}


@pytest.mark.parametrize("error", PROPIOS.values(), ids=PROPIOS.keys())
@pytest.mark.parametrize("donde", DONDE)
def test_un_error_del_usuario_pasa_sin_tocar(donde, error):
    with pytest.raises(type(error)) as informe, errores_en_espanol():
        DONDE[donde](error)
    assert informe.value is error
    assert informe.value.__cause__ is None


def test_tambien_pasa_el_de_una_funcion_que_tensorflow_reescribe():
    @tf.function
    def perdida(y, prediccion):
        raise ValueError("Incompatible shapes: [1] vs. [2]")

    with pytest.raises(ValueError, match="in user code") as informe, errores_en_espanol():
        _entrenar(_capas.Dense(1), loss=perdida)
    assert "formas distintas" not in str(informe.value)


def _perdida_con_python(y, prediccion):
    obtenido = tf.py_function(_lanzar(ValueError("Incompatible shapes: [1] vs. [2]")), [y], y.dtype)
    return prediccion + tf.reshape(obtenido, ())


def _perdida_con_asercion(y, prediccion):
    tf.debugging.assert_equal(tf.shape(y)[0], 3, "Incompatible shapes: [1] vs. [2]")
    return y - prediccion


@pytest.mark.parametrize("perdida", [_perdida_con_python, _perdida_con_asercion])
def test_tambien_pasa_el_que_tensorflow_lleva_dentro_del_grafo(perdida):
    with pytest.raises(tf.errors.OpError, match="Incompatible shapes"), errores_en_espanol():
        _entrenar(_capas.Dense(1), loss=perdida)


def test_tambien_pasa_el_que_keras_cuenta_en_uno_suyo():
    class Capa(_capas.Layer):
        def __init__(self, clon=False, **opciones):
            if clon:
                raise KeyError("Out of memory de mi API")
            super().__init__(**opciones)

        def get_config(self):
            return {"clon": True}

    with pytest.raises(TypeError, match="Out of memory de mi API"), errores_en_espanol():
        keras.models.clone_model(keras.Sequential([keras.Input((3,)), Capa()]))


def test_un_error_atrapado_antes_no_impide_traducir():
    try:
        raise KeyError("uno cualquiera, del usuario")
    except KeyError:
        with pytest.raises(ValueError, match="No existe la métrica"), errores_en_espanol():
            _entrenar(_capas.Dense(1), metrics=["r3"])


def test_lo_que_no_se_conoce_de_keras_pasa_con_la_traza_que_daria_keras(filtros):
    def desconocido():
        _modelo(_capas.Dense(1)).get_layer("otra")

    with pytest.raises(ValueError, match="No such layer") as informe, errores_en_espanol():
        desconocido()
    de_keras = [m for m in traceback.extract_tb(informe.tb) if "keras/src" in m.filename]
    assert bool(de_keras) != filtros


def test_entrenar_y_predecir_dejan_pasar_el_error_del_usuario():
    error = RuntimeError("mi set_model propio falló")
    with pytest.raises(RuntimeError) as informe:
        ck.entrenar(
            _modelo(_capas.Dense(1)),
            np.random.default_rng(0).normal(size=(20, 3)),
            np.arange(20.0),
            callbacks=[AlTerminarCadaEpoca(_lanzar(error))],
            verbose=0,
        )
    assert informe.value is error


def test_ctrl_c_pasa_sin_tocar():
    with pytest.raises(KeyboardInterrupt), errores_en_espanol():
        raise KeyboardInterrupt("OOM when allocating")
