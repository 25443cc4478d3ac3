"""`diagnosticar` ante entrenamientos reales con un defecto puesto a propósito, y ante curvas."""

import re
import sys
from subprocess import check_output

import numpy as np
import pytest
from sklearn.datasets import load_digits, load_iris
from sklearn.preprocessing import StandardScaler

import cursokeras as ck
from cursokeras._backend import keras
from cursokeras.diagnostico import diagnosticar
from cursokeras.diagnostico.neuronas import contar_muertas


def _tabla(n=300, d=8, ruido=0.3):
    azar = np.random.default_rng(0)
    x = azar.normal(size=(n, d)).astype("float32")
    return x, np.sin(x @ azar.normal(size=(d, 1))) + ruido * azar.normal(size=(n, 1))


def _digitos():
    x, y = load_digits(return_X_y=True)
    return x[::3] / 16, y[::3]


def _iris(escalar=True):
    x, y = load_iris(return_X_y=True)
    return StandardScaler().fit_transform(x) if escalar else x, y


def _con_dropout():
    modelo = keras.Sequential(
        [
            keras.Input((64,)),
            keras.layers.Dense(64, "relu"),
            keras.layers.Dropout(0.6, seed=0),
            keras.layers.Dense(10, "softmax"),
        ]
    )
    modelo.compile("adam", "sparse_categorical_crossentropy")
    return modelo


def _regresion(**opciones):
    return ck.crear_regresion(8, semilla=0, **opciones)


SGD = {"optimizer": "sgd"}
# Qué red, con qué datos, cuántas épocas, y cómo debe empezar el diagnóstico.
ENTRENAMIENTOS = {
    "memoriza": (
        lambda: _regresion(ocultas=(128, 128), learning_rate=0.003),
        _tabla(100, ruido=1.0),
        60,
        "Sobreajuste desde la época",
    ),
    "tasa diminuta": (
        lambda: _regresion(ocultas=(32,), **SGD, learning_rate=1e-6),
        _tabla(),
        20,
        "Casi no aprende",
    ),
    "tasa diminuta al clasificar": (
        lambda: ck.crear_clasificacion(64, 10, **SGD, learning_rate=1e-5, semilla=0),
        _digitos(),
        10,
        "Casi no aprende",
    ),
    "tasa grande": (
        lambda: _regresion(ocultas=(16,), activacion="tanh", learning_rate=0.3),
        _tabla(),
        40,
        "Oscila",
    ),
    "tasa enorme al clasificar": (
        lambda: ck.crear_clasificacion(64, 10, ocultas=(64,), learning_rate=0.5, semilla=0),
        _digitos(),
        20,
        "Aprende poco",
    ),
    "sin escalar": (
        lambda: ck.crear_regresion(4, **SGD, learning_rate=0.1, semilla=0),
        _iris(escalar=False),
        10,
        "Diverge",
    ),
    "dropout": (_con_dropout, _digitos(), 30, "La validación"),
    "pocas épocas": (
        lambda: ck.crear_clasificacion(4, 3, ocultas=(8,), semilla=0),
        _iris(),
        20,
        "Sigue bajando",
    ),
    "la recta del curso": (
        lambda: ck.crear_regresion(2, **SGD, learning_rate=0.03, semilla=0),
        ck.datos.lineal(semilla=0),
        8,
        "Bien",
    ),
}


@pytest.mark.parametrize("caso", ENTRENAMIENTOS)
def test_entrenamiento_real(caso):
    crear, (x, y), epocas, empieza = ENTRENAMIENTOS[caso]
    keras.utils.set_random_seed(0)
    orden = np.random.default_rng(0).permutation(len(x))
    historia = crear().fit(
        x[orden], y[orden], epochs=epocas, validation_split=0.2, batch_size=16, verbose=0
    )
    assert diagnosticar(historia).startswith(empieza)


def test_cuenta_las_neuronas_muertas():
    x, _ = _tabla()
    modelo = _regresion(ocultas=(16, 4))
    nombre = modelo.layers[0].name
    modelo.layers[0].bias.assign([-100.0] * 12 + [100.0] * 4)
    assert contar_muertas(modelo, x)[nombre] == (12, 16)
    texto = diagnosticar({"loss": [3, 2, 1]}, modelo=modelo, x=x)
    assert f"En la capa '{nombre}', 12 de las 16 neuronas ReLU" in texto
    assert "da lo mismo para todas las filas" not in texto
    modelo.layers[0].bias.assign([-100.0] * 16)
    assert "da lo mismo para todas las filas" in diagnosticar(
        {"loss": [3, 2, 1]}, modelo=modelo, x=x
    )


def test_un_modelo_sin_relu_no_tiene_neuronas_muertas():
    assert contar_muertas(_regresion(ocultas=(4,), activacion="tanh"), np.zeros((2, 8))) == {}


_EPOCAS = np.arange(1, 41)
_BAJA = 1 / _EPOCAS
# Curvas escritas a mano: entrenamiento, validación y lo que debe decir.
CURVAS = {
    "sube la validación": (_BAJA, 0.5 + abs(_EPOCAS - 15) / 40, "Sobreajuste desde la época 15:"),
    "la validación se queda lejos": (_BAJA**2, 0.5 + 0 * _BAJA, "Sobreajuste desde la época 1:"),
    "plana": (1 - _EPOCAS * 1e-5, None, "Casi no aprende: .* 40 épocas .* 0.039 %"),
    "termina en nan": (np.append(_BAJA, np.nan), None, "Diverge"),
    "termina en infinito": (np.append(_BAJA, np.inf), None, "Diverge"),
    "la validación termina en nan": (_BAJA, np.append(_BAJA[1:], np.nan), "Diverge"),
    "sube": (_EPOCAS**2.0, _EPOCAS**2.0, "Diverge"),
    "zigzag": (1 - 0.2 * (-1) ** _EPOCAS, None, "Oscila: .* 40 %"),
    "zigzag de la validación": (_BAJA + 0.5, 1 + 0.2 * (-1) ** _EPOCAS, "Oscila"),
    "ruido pequeño": (0.1 + _BAJA**3 + 0.001 * (-1) ** _EPOCAS, None, "Bien"),
    "memoriza con ruido": (_BAJA**4 * (1.5 + (-1) ** _EPOCAS), None, "Sigue|Bien"),
    "validación a la mitad": (_BAJA + 0.5, (_BAJA + 0.5) / 2, "La validación .* sale mejor"),
    "sigue bajando": (2 - _EPOCAS / 40, 2.1 - _EPOCAS / 40, "Sigue bajando: .*epochs=80"),
    "estable": (_BAJA**4 + 0.5, _BAJA**4 + 0.6, "Bien: .* con la validación en 0.6"),
    "estable sin validación": (_BAJA**4 + 0.5, None, "Bien: .* Sin validación"),
    "dos épocas": (np.array([2.0, 1.0]), None, "Con menos de 3 épocas"),
    "llega a cero": (np.maximum(3.0 - _EPOCAS, 0), np.maximum(3.0 - _EPOCAS, 0), "Bien"),
    "siempre cero": (np.zeros(9), np.zeros(9), "Bien"),
    "negativa": (-_EPOCAS / 40, -_EPOCAS / 40, "Sigue bajando"),
}


@pytest.mark.parametrize("caso", CURVAS)
def test_curva_escrita_a_mano(caso):
    entrenamiento, validacion, texto = CURVAS[caso]
    historia = {"loss": entrenamiento}
    if validacion is not None:
        historia["val_loss"] = validacion
    assert re.match(texto, diagnosticar(historia))


def test_con_el_modelo_sabe_cuanto_es_adivinar():
    historia = {"loss": np.linspace(1.4, 1.1, 20)}
    modelo = ck.crear_clasificacion(4, 3)
    assert diagnosticar(historia, modelo=modelo).startswith("No aprende: ")
    assert diagnosticar(historia).startswith("Sigue bajando")
    aprendidas = {"loss": np.linspace(0.100, 0.0999, 20)}
    assert diagnosticar(aprendidas, modelo=modelo).startswith("Bien")
    assert diagnosticar(aprendidas).startswith("Casi no aprende")
    mal_comienzo = {"loss": [5, 2, 1, 1, 1, 1]}
    assert diagnosticar(mal_comienzo, modelo=modelo).startswith("Aprende poco")
    assert diagnosticar(mal_comienzo).startswith("Bien")
    de_dos = {"loss": [0.9, 0.8, 0.7, 0.7]}
    assert diagnosticar(de_dos, modelo=ck.crear_binaria(4)).startswith("No aprende: ")


def test_con_dropout_una_validacion_mejor_es_normal():
    historia = {"loss": [0.9, 0.8, 0.8, 0.8], "val_loss": [0.5, 0.4, 0.4, 0.4]}
    assert "Con Dropout es normal" in diagnosticar(historia, modelo=_con_dropout())
    assert "filas repetidas" in diagnosticar(historia, modelo=ck.crear_clasificacion(4, 3))


def test_todas_las_formas_de_la_historia_dicen_lo_mismo():
    x, y = _tabla()
    historia = ck.entrenar(_regresion(), x, y, epochs=5, verbose=0)
    de_keras = keras.callbacks.History()
    de_keras.history = historia.history
    textos = map(diagnosticar, [historia, historia.history, historia.tabla(), de_keras])
    assert len(set(textos)) == 1


def test_sin_la_perdida_dice_que_trae():
    with pytest.raises(ck.ErrorDeDatos, match=r"no trae la pérdida, 'loss': trae 'mae' y 'acc'\."):
        diagnosticar({"mae": [2, 1], "acc": [0, 1]})


@pytest.mark.parametrize(
    ("historias", "linea"),
    [
        ({"adam": {"loss": [2, 1]}, "sgd": {"loss": [2, 1]}}, "historias['adam']"),
        ([{"loss": [2, 1]}], "historias[0]"),
    ],
    ids=["diccionario", "lista"],
)
def test_lee_una_historia_a_la_vez(historias, linea):
    with pytest.raises(ck.ErrorDeDatos, match="aquí se lee una") as informe:
        diagnosticar(historias)
    assert f"Escribe diagnosticar({linea})." in str(informe.value)


@pytest.mark.parametrize(
    ("modelo", "texto"), [(3, "modelo es int"), (keras.Sequential, "modelo es Sequential")]
)
def test_lo_que_no_es_un_modelo_se_explica(modelo, texto):
    with pytest.raises(ck.ErrorDeDatos, match=f"{texto} y debe ser el modelo ya entrenado"):
        diagnosticar({"loss": [3, 2, 1]}, modelo=modelo)


def test_x_sin_modelo_se_explica():
    with pytest.raises(ck.ErrorDeDatos, match="hace falta el modelo, y esta historia no lo"):
        diagnosticar({"loss": [3, 2, 1]}, x=_tabla()[0])


def test_leer_curvas_no_carga_tensorflow():
    codigo = (
        "import sys; from cursokeras.diagnostico import diagnosticar\n"
        "diagnosticar({'loss': [3, 2, 1]}); print(*sys.modules)"
    )
    assert "tensorflow" not in check_output([sys.executable, "-c", codigo], text=True)
