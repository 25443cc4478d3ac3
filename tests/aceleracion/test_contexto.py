"""Al salir de `acelerar` el modelo está como antes; lo que no se acelera lo hace Keras igual."""

import contextlib
import gc
import pickle
import signal
import threading
import time
import weakref

import numpy as np
import pytest

from cursokeras import ErrorDeDatos, acelerar, desde_cero
from cursokeras._backend import keras, tf
from cursokeras._comun.lotes import Lotes
from cursokeras.aceleracion.compartidas import COMPARTIDAS
from tests.aceleracion.comun import comparar_con_keras, iguales, red, tabla


def entrenar(modelo, **opciones):
    x, y = tabla()
    return modelo.fit(x, y, 25, **{"epochs": 2, "shuffle": False, "verbose": 0, **opciones})


def retrato(modelo):
    """Los atributos del modelo que no cambia un `fit` cualquiera."""
    propios = {"history", "stop_training", "_eval_epoch_iterator", "stop_evaluating", "built"}
    return {k: id(v) for k, v in vars(modelo).items() if k not in propios}


@pytest.fixture
def modelo():
    modelo = red()
    entrenar(modelo)
    return modelo


def test_al_salir_queda_como_estaba(modelo, tmp_path):
    antes = retrato(modelo)
    with acelerar(modelo):
        x, y = tabla()
        entrenar(modelo, validation_data=(x, y))
        modelo.evaluate(x, y, verbose=0)
    assert retrato(modelo) == antes
    copia = pickle.loads(pickle.dumps(modelo))
    modelo.save(tmp_path / "modelo.keras")
    for otro in (copia, keras.models.load_model(tmp_path / "modelo.keras")):
        np.testing.assert_allclose(otro.predict(x, verbose=0), modelo.predict(x, verbose=0))
    modelo.compile("adam", "mae")
    assert len(entrenar(modelo).history["loss"]) == 2


def test_tambien_despues_de_un_error(modelo):
    def fallar(epoch, logs):
        raise RuntimeError("falla del usuario")

    antes = retrato(modelo)
    falla = keras.callbacks.LambdaCallback(on_epoch_end=fallar)
    with pytest.raises(RuntimeError, match="falla del usuario"), acelerar(modelo):
        entrenar(modelo, callbacks=[falla])
    assert retrato(modelo) == antes


def test_ctrl_c_llega_pronto_a_mitad_de_una_epoca(modelo):
    """Una época de muchos segundos se corta en menos de dos, con pesos de pasos reales."""
    x, y = np.ones((1_000_000, 6), "float32"), np.zeros((1_000_000, 1), "float32")
    antes, pasos = retrato(modelo), int(modelo.optimizer.iterations.numpy())
    cronometro = {}

    def interrumpir():
        while modelo.optimizer.iterations.numpy() < pasos + 1000:
            time.sleep(0.05)
        cronometro["aviso"] = time.perf_counter()
        signal.raise_signal(signal.SIGINT)

    hilo = threading.Thread(target=interrumpir)
    hilo.start()
    with pytest.raises(KeyboardInterrupt), acelerar(modelo):
        modelo.fit(x, y, batch_size=2, epochs=1, shuffle=False, verbose=0)
    hilo.join()
    assert retrato(modelo) == antes
    assert pasos + 1000 <= modelo.optimizer.iterations.numpy() < pasos + 500_000
    assert all(np.isfinite(peso).all() for peso in modelo.get_weights())


def test_anidado_es_el_mismo(modelo):
    with acelerar(modelo) as afuera:
        with acelerar(modelo) as adentro:
            assert adentro is afuera
        assert entrenar(modelo).epoch == [0, 1]
        assert afuera.motivo is None


def test_compilar_adentro_usa_lo_nuevo():
    def dos_veces(modelo):
        entrenar(modelo)
        modelo.compile("adam", "mae", metrics=["mse"])
        return entrenar(modelo)

    comparar_con_keras(red, dos_veces, rtol=1e-4)


def test_un_segundo_fit_no_vuelve_a_trazar():
    trazas = []

    def perdida(y, prediccion):
        trazas.append(1)
        return keras.ops.mean(keras.ops.square(y - prediccion))

    modelo = red(loss=perdida, metrics=[])
    with acelerar(modelo):
        entrenar(modelo)
        del trazas[:]
        entrenar(modelo)
    with acelerar(modelo):
        entrenar(modelo)
    assert not trazas


def test_un_modelo_olvidado_libera_su_memoria():
    modelo = red()
    with acelerar(modelo):
        entrenar(modelo)
    huella = weakref.ref(modelo)
    del modelo
    gc.collect()
    assert huella() is None


def test_barra_de_avance(capsys):
    with acelerar(modelo := red()) as acelerador:
        historia = entrenar(modelo, verbose=1)
        modelo.evaluate(*tabla(), verbose=1)
    salida = capsys.readouterr().out
    assert acelerador.motivo is None
    assert historia.params == {"verbose": 1, "epochs": 2, "steps": 4}
    assert "Epoch 2/2" in salida
    assert "4/4" in salida
    assert f"loss: {historia.history['loss'][-1]:.4f}" in salida


class PasoPropio(keras.Sequential):
    """Modelo con un `train_step` escrito por el usuario."""

    def train_step(self, data):
        return super().train_step(data)


class PorLote(keras.callbacks.Callback):
    """Callback que cuenta los lotes."""

    def on_train_batch_end(self, batch, logs=None):
        self.model.lotes_vistos = batch + 1


def _paso_propio():
    modelo = PasoPropio([keras.Input((6,)), keras.layers.Dense(1)])
    modelo.compile("sgd", "mse")
    return modelo


def _generador():
    x, y = tabla()
    while True:
        yield x[:25], y[:25]


RECAIDAS = {
    "train_step propio": (_paso_propio, entrenar, "train_step"),
    "callback por lote": (red, lambda m: entrenar(m, callbacks=[PorLote()]), "PorLote"),
    "lambda por lote": (
        red,
        lambda m: entrenar(
            m, callbacks=[keras.callbacks.LambdaCallback(on_train_batch_end=lambda b, logs: None)]
        ),
        "LambdaCallback",
    ),
    "run_eagerly": (lambda: red(run_eagerly=True), entrenar, "run_eagerly"),
    "generador": (
        red,
        lambda m: m.fit(_generador(), epochs=2, steps_per_epoch=3, verbose=0),
        "generador",
    ),
    "pasos por época con arreglos": (red, lambda m: entrenar(m, steps_per_epoch=4), "pasos"),
    "datos dispersos": (
        red,
        lambda m: m.fit(tf.sparse.from_dense(tabla()[0]), tabla()[1], shuffle=False, verbose=0),
        "SparseTensor",
    ),
    "Dataset de largo desconocido": (
        red,
        lambda m: m.fit(
            tf.data.Dataset.from_tensor_slices(tabla()).filter(lambda x, y: True).batch(25),
            verbose=0,
        ),
        "cuántos lotes",
    ),
    "Lotes con shuffle de Keras": (
        red,
        lambda m: m.fit(Lotes(*tabla(), batch_size=100, semilla=1), verbose=0),
        "shuffle=True",
    ),
}


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("crear", "fit", "motivo"), RECAIDAS.values(), ids=RECAIDAS.keys())
def test_recaida_da_lo_mismo_y_dice_el_motivo(crear, fit, motivo):
    comparar_con_keras(crear, fit, motivo=motivo)


def test_estrategia_con_varias_replicas_recae():
    with tf.distribute.MirroredStrategy(["CPU:0"]).scope():
        modelo = red()
    with acelerar(modelo) as acelerador:
        entrenar(modelo)
    assert "tf.distribute" in acelerador.motivo


def test_los_errores_del_usuario_son_los_de_keras():
    x, y = tabla()
    modelo, mensajes = red(), []
    for contexto in (contextlib.nullcontext(), acelerar(modelo)):
        with contexto, pytest.raises(ValueError, match="cardinality") as error:
            modelo.fit(x, y[:50], verbose=0)
        mensajes.append(str(error.value))
    assert mensajes[0] == mensajes[1]


def test_si_un_keras_futuro_cambia_recae(monkeypatch):
    """Si el bucle no se puede compilar, entrena Keras y el motivo lo cuenta."""

    def imposible(*args, **kwargs):
        raise AttributeError("ya no existe")

    COMPARTIDAS.vaciar()
    monkeypatch.setattr("cursokeras.aceleracion.bucle.tf.while_loop", imposible)
    keras.utils.set_random_seed(1)
    esperada = entrenar(red())
    keras.utils.set_random_seed(1)
    with acelerar(modelo := red()) as acelerador:
        iguales(entrenar(modelo), esperada)
    assert "ya no existe" in acelerador.motivo


def test_el_acelerador_dice_como_va():
    modelo = red()
    with acelerar(modelo) as acelerador:
        entrenar(modelo)
        assert repr(acelerador) == f"<Acelerador de '{modelo.name}': acelerado>"
        modelo.run_eagerly = True
        entrenar(modelo)
    assert repr(acelerador).endswith("Keras a su manera: el modelo usa run_eagerly=True>")


def test_steps_per_execution_del_usuario():
    comparar_con_keras(lambda: red(steps_per_execution=2), entrenar)


def test_jit_compile_del_usuario():
    comparar_con_keras(lambda: red(jit_compile=True), entrenar)


@pytest.mark.parametrize(
    ("modelo", "texto"),
    [
        ("m", "recibió un objeto de tipo str"),
        (None, "recibió un objeto de tipo NoneType"),
        (keras.Sequential, "recibió la clase Sequential"),
        (desde_cero.Sequential([]), "recibió un objeto de tipo Sequential"),
    ],
    ids=["un texto", "None", "una clase", "una red de desde_cero"],
)
def test_lo_que_no_es_un_modelo_de_keras_se_explica(modelo, texto):
    mensaje = f"acelerar {texto} y espera un modelo de Keras"
    with pytest.raises(ErrorDeDatos, match=mensaje), acelerar(modelo):
        pass
