"""La misma red en PyTorch; sin PyTorch instalado estas pruebas se saltan."""

import numpy as np
import pytest

import cursokeras as ck
from cursokeras._backend import keras

pytest.importorskip("torch", reason="PyTorch es opcional")

X = np.random.default_rng(0).normal(size=(20, 6)).astype("float32")
Y = np.random.default_rng(1).normal(size=(20, 2)).astype("float32")
CLASES = np.arange(20) % 3


def regularizado():
    densa = keras.layers.Dense(2, kernel_regularizer="l2", bias_regularizer="l1")
    modelo = keras.Sequential([keras.Input((6,)), keras.layers.Dense(4), densa])
    modelo.compile(optimizer=keras.optimizers.SGD(0.05, momentum=0.9, nesterov=True), loss="mae")
    return modelo


CASOS = {
    "regresión": (
        lambda: ck.crear_regresion(6, 2, ocultas=(5, 4), activacion="tanh", optimizer="sgd"),
        X,
        Y,
    ),
    "clasificación de imágenes": (
        lambda: ck.crear_clasificacion((2, 3), 3, ocultas=(4,), optimizer="sgd"),
        X.reshape(-1, 2, 3),
        CLASES,
    ),
    "clasificación one-hot": (
        lambda: ck.crear_clasificacion(6, 3, one_hot=True, optimizer="sgd"),
        X,
        np.eye(3)[CLASES],
    ),
    "binaria": (
        lambda: ck.crear_binaria(6, ocultas=(5,), activacion="sigmoid", optimizer="sgd"),
        X,
        CLASES % 2,
    ),
    "regularizadores y Nesterov": (regularizado, X, Y),
}


@pytest.mark.parametrize("caso", [pytest.param(v, id=k) for k, v in CASOS.items()])
def test_pytorch_hace_las_mismas_cuentas(caso):
    crear, x, y = caso
    resultado = ck.comparar(crear(), x, y, contra="torch", batch_size=8)
    assert resultado.iguales, resultado.explicacion
    assert resultado.nombre == "PyTorch"
    assert not resultado.tabla.isna().any(axis=None)


@pytest.mark.parametrize("semilla", range(4))
@pytest.mark.parametrize(
    ("optimizer", "donde"),
    [
        pytest.param("adam", "después de corregir v", id="Adam"),
        pytest.param("rmsprop", "fuera de la raíz", id="RMSprop"),
    ],
)
def test_pytorch_pone_epsilon_en_otro_lugar_y_se_dice(optimizer, donde, semilla):
    modelo = ck.crear_regresion(6, 2, ocultas=(5,), optimizer=optimizer, semilla=semilla)
    assert ck.comparar(modelo, X, Y, contra="torch", batch_size=8).iguales
    # Con gradientes chicos, ε se nota.
    resultado = ck.comparar(modelo, 1e-3 * X, 1e-3 * Y, contra="torch")
    assert resultado.iguales, resultado.explicacion
    assert resultado.causa == "epsilon"
    assert donde in resultado.explicacion
    assert "No es un error, es una convención" in resultado.explicacion


def test_lo_que_pytorch_no_calcula_igual_se_explica():
    modelo = keras.Sequential([keras.Input((6,)), keras.layers.Dense(2, "tanh")])
    modelo.compile(loss="binary_crossentropy")
    with pytest.raises(ValueError, match="tiene que ser sigmoid; es tanh"):
        ck.comparar(modelo, X, CLASES[:, None] % 2 * np.ones(2), contra="torch")
