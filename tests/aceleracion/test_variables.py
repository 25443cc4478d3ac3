"""Trazar una sola vez: las variables se crean antes, y no queda vivo ningún grafo."""

import gc

import pytest

import cursokeras as ck
from cursokeras._backend import keras, tf
from cursokeras.aceleracion import trazas as modulo
from cursokeras.aceleracion.compartidas import COMPARTIDAS
from cursokeras.aceleracion.variables import crear_variables
from tests.aceleracion.comun import comparar_con_keras, red, tabla

X, Y = tabla()
CLASES = (Y[:, 0] > Y[:, 0].mean()).astype(int)


@pytest.fixture
def trazas(monkeypatch):
    """Una lista con una entrada por cada vez que se llama a un paso, que es al trazarlo."""
    COMPARTIDAS.vaciar()
    hechas = []

    def anotar(nombre):
        original = getattr(keras.Model, nombre)

        def paso(self, datos):
            hechas.append(nombre)
            return original(self, datos)

        monkeypatch.setattr(keras.Model, nombre, paso)

    anotar("train_step")
    anotar("test_step")
    return hechas


def entrenar(modelo, y=Y):
    with ck.acelerar(modelo) as acelerador:
        historia = modelo.fit(X, y, 16, epochs=2, validation_data=(X, y), verbose=0)
    assert acelerador.motivo is None
    return historia


def dos_salidas():
    entrada = keras.Input((X.shape[1],))
    salidas = [keras.layers.Dense(1, name=nombre)(entrada) for nombre in ("a", "b")]
    modelo = keras.Model(entrada, salidas)
    modelo.compile("adam", ["mse", "mae"], metrics=[["mae"], ["mse"]])
    return modelo


@pytest.mark.parametrize(
    ("crear", "y"),
    [
        pytest.param(lambda d: ck.crear_regresion(d, ocultas=(3,)), Y[:, 0], id="regresión"),
        pytest.param(lambda d: ck.crear_clasificacion(d, 2), CLASES, id="clasificación"),
        pytest.param(lambda d: ck.crear_binaria(d, metrics=("AUC",)), CLASES, id="binaria"),
        pytest.param(lambda d: dos_salidas(), (Y[:, :1], Y[:, :1]), id="dos salidas"),
    ],
)
def test_cada_paso_se_traza_una_vez(crear, y, trazas):
    modelo = crear(X.shape[1])
    entrenar(modelo, y)
    entrenar(modelo, y)
    assert sorted(trazas) == ["test_step", "train_step"]


def grafos_vivos():
    gc.collect()
    return sum(type(objeto).__name__.endswith("FuncGraph") for objeto in gc.get_objects())


@pytest.mark.parametrize("optimizer", ["sgd", "adam", "rmsprop"])
def test_al_repetir_una_celda_no_queda_ningun_grafo(optimizer):
    def celda():
        modelo = ck.crear_regresion(X.shape[1], ocultas=(3,), optimizer=optimizer)
        ck.entrenar(modelo, X, Y[:, 0], epochs=2, verbose=0)
        ck.predecir(modelo, X)

    celda()
    antes = grafos_vivos()
    celda()
    celda()
    assert grafos_vivos() == antes


def test_de_vez_en_cuando_se_vacian_los_nucleos(monkeypatch):
    veces = []
    monkeypatch.setattr(modulo, "vaciar_nucleos", lambda: veces.append(1))
    for _ in range(100):
        modulo.Trazas(None)
    assert len(veces) == 2


def test_crearlas_antes_no_mueve_las_metricas():
    modelo = red()
    firma = tuple(tf.TensorSpec([None, *a.shape[1:]], a.dtype) for a in (X, Y))
    crear_variables(modelo, "train_step", firma)
    assert list(modelo.get_metrics_result()) == ["loss", "mae"]
    assert [float(v.numpy()) for v in modelo.metrics_variables] == [0, 0, 0, 0]
    assert modelo.optimizer.built


def test_lo_que_pide_datos_de_verdad_se_entrena_igual():
    def exigente(y, y_pred):
        if y_pred.shape[0] is None:
            raise TypeError("necesito saber cuántas filas hay")
        return keras.ops.mean(keras.ops.abs(y - y_pred))

    def correr(modelo):
        filas = 64
        return modelo.fit(X[:filas], Y[:filas], 16, epochs=2, shuffle=False, verbose=0)

    comparar_con_keras(lambda: red(metrics=[exigente]), correr)
