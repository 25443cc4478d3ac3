"""Los constructores contra modelos de Keras escritos a mano, y sus errores."""

import random

import numpy as np
import pytest

import cursokeras as ck
from cursokeras._backend import keras

capas = keras.layers


def a_mano(entrada, *resto, loss):
    modelo = keras.Sequential([keras.Input(entrada), *resto])
    modelo.compile("sgd", loss)
    return modelo


PAREJAS = {
    "regresión lineal": (
        lambda: ck.crear_regresion(3, optimizer="sgd"),
        lambda: a_mano((3,), capas.Dense(1), loss="mse"),
        np.array([[0.5], [1], [-2], [0]], "float32"),
    ),
    "dos salidas con la red tanh y relu del curso": (
        lambda: ck.crear_regresion(
            3, 2, ocultas=(4, 5), activacion=("tanh", "relu"), optimizer="sgd"
        ),
        lambda: a_mano(
            (3,), capas.Dense(4, "tanh"), capas.Dense(5, "relu"), capas.Dense(2), loss="mse"
        ),
        np.array([[0.5, 1], [1, 1], [-2, 0], [0, 3]], "float32"),
    ),
    "softmax con enteros": (
        lambda: ck.crear_clasificacion(3, 4, ocultas=(6,), optimizer="sgd"),
        lambda: a_mano(
            (3,),
            capas.Dense(6, "relu"),
            capas.Dense(4, "softmax"),
            loss="sparse_categorical_crossentropy",
        ),
        np.array([[0], [3], [1], [2]]),
    ),
    "softmax one-hot": (
        lambda: ck.crear_clasificacion(3, 4, one_hot=True, optimizer="sgd"),
        lambda: a_mano((3,), capas.Dense(4, "softmax"), loss="categorical_crossentropy"),
        np.eye(4, dtype="float32"),
    ),
    "binaria": (
        lambda: ck.crear_binaria(3, ocultas=[8], activacion="tanh", optimizer="sgd"),
        lambda: a_mano(
            (3,), capas.Dense(8, "tanh"), capas.Dense(1, "sigmoid"), loss="binary_crossentropy"
        ),
        np.array([[0], [1], [1], [0]]),
    ),
    "imagen aplanada": (
        lambda: ck.crear_regresion((3, 1), ocultas=(2,), optimizer="sgd"),
        lambda: a_mano((3, 1), capas.Flatten(), capas.Dense(2, "relu"), capas.Dense(1), loss="mse"),
        np.array([[0.5], [1], [-2], [0]], "float32"),
    ),
}


@pytest.mark.parametrize(("nuestra", "suya", "y"), PAREJAS.values(), ids=PAREJAS.keys())
def test_igual_que_keras_a_mano(nuestra, suya, y):
    modelo, referencia = nuestra(), suya()
    assert type(modelo) is keras.Sequential
    assert [type(capa) for capa in modelo.layers] == [type(capa) for capa in referencia.layers]
    referencia.set_weights(modelo.get_weights())
    x = np.random.default_rng(0).normal(size=(4, *modelo.input_shape[1:])).astype("float32")
    historias = [m.fit(x, y, epochs=3, shuffle=False, verbose=0) for m in (modelo, referencia)]
    perdidas = [historia.history["loss"] for historia in historias]
    np.testing.assert_allclose(*perdidas, rtol=1e-6)
    assert perdidas[0][2] < perdidas[0][0]
    for nuestro, suyo in zip(modelo.get_weights(), referencia.get_weights(), strict=True):
        np.testing.assert_allclose(nuestro, suyo, atol=1e-6)


def test_semilla_repite_los_pesos():
    uno, dos, otro = (ck.crear_regresion(4, ocultas=(5, 5), semilla=s) for s in (3, 3, 4))
    for a, b in zip(uno.get_weights(), dos.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)
    assert np.abs(uno.get_weights()[0] - otro.get_weights()[0]).max() > 0.01


def test_semilla_no_toca_el_azar_global():
    def sortear(antes):
        keras.utils.set_random_seed(5)
        antes()
        return random.random(), np.random.rand(), float(keras.random.uniform(()))

    assert sortear(lambda: None) == sortear(lambda: ck.crear_regresion(4, ocultas=(5,), semilla=3))


def test_cada_capa_tiene_su_propio_azar():
    pesos = ck.crear_regresion(5, 5, ocultas=(5,), semilla=0).get_weights()
    assert np.abs(pesos[0] - pesos[2]).max() > 0.01


def test_sin_semilla_obedece_a_la_semilla_global_de_keras():
    pesos = []
    for _ in range(2):
        keras.utils.set_random_seed(7)
        pesos.append(ck.crear_regresion(4).get_weights()[0])
    np.testing.assert_array_equal(*pesos)


def test_el_archivo_se_abre_en_keras_sin_este_paquete(tmp_path):
    import subprocess
    import sys

    modelo = ck.crear_clasificacion((4, 4), 3, ocultas=(5,), semilla=1)
    modelo.save(tmp_path / "modelo.keras")
    programa = (
        "import sys, keras, numpy as np\n"
        "modelo = keras.models.load_model(sys.argv[1])\n"
        "assert 'cursokeras' not in sys.modules\n"
        "print(modelo.predict(np.ones((1, 4, 4)), verbose=0)[0, 0])"
    )
    salida = subprocess.run(
        [sys.executable, "-c", programa, tmp_path / "modelo.keras"],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
    ).stdout
    esperado = modelo.predict(np.ones((1, 4, 4)), verbose=0)[0, 0]
    assert float(salida.split()[-1]) == pytest.approx(esperado, abs=1e-6)


def test_el_nombre_del_optimizador_toma_la_tasa():
    assert float(
        ck.crear_regresion(2, optimizer="SGD", learning_rate=0.3).optimizer.learning_rate
    ) == pytest.approx(0.3)
    plan = keras.optimizers.schedules.ExponentialDecay(0.5, 10, 0.9)
    con_plan = ck.crear_regresion(2, optimizer="sgd", learning_rate=plan)
    assert float(con_plan.optimizer.learning_rate) == pytest.approx(0.5)


MALAS = {
    "cero columnas": (dict(d_in=0), "d_in=0: se esperaba"),
    "columnas decimales": (dict(d_in=8.0), "8.0"),
    "columnas lógicas": (dict(d_in=True), "True"),
    "forma vacía": (dict(d_in=()), "d_in=8"),
    "forma con cero": (dict(d_in=(28, 0)), "0"),
    "cero salidas": (dict(d_out=0), "d_out=0: se esperaba"),
    "salidas en texto": (dict(d_out="2"), "'2'"),
    "cero neuronas": (dict(ocultas=(0,)), "ocultas=0: se esperaba"),
    "neuronas negativas": (dict(ocultas=(5, -1)), "-1"),
    "neuronas en texto": (dict(ocultas=("50",)), "'50'"),
    "paréntesis sin coma": (dict(ocultas=(50)), r"ocultas=\(50,\)"),
    "activación 'none'": (dict(ocultas=(3,), activacion="none"), "activacion=None"),
    "activación inexistente": (dict(ocultas=(3,), activacion="rlu"), "'rlu'"),
    "activación de otro tipo": (dict(ocultas=(3,), activacion=3), "activacion=3"),
    "activaciones de menos": (
        dict(ocultas=(3, 2), activacion=("relu",)),
        "trae 1 valor y hay 2 capas ocultas",
    ),
    "activaciones de más": (
        dict(ocultas=(3,), activacion=("relu", "tanh")),
        r"trae 2 valores y hay 1 capa oculta\.",
    ),
    "optimizador inexistente": (dict(optimizer="adan"), "'adan'"),
    "optimizador sin paréntesis": (dict(optimizer=keras.optimizers.SGD), "paréntesis"),
    "tasa con objeto": (
        dict(optimizer=keras.optimizers.SGD(), learning_rate=0.1),
        r"SGD\(learning_rate=0.01\)",
    ),
    "tasa negativa": (dict(learning_rate=-0.1), "-0.1"),
    "tasa cero": (dict(learning_rate=0), "learning_rate=0 "),
    "tasa infinita": (dict(learning_rate=float("inf")), "inf"),
    "tasa nan": (dict(learning_rate=float("nan")), "nan"),
    "tasa en texto": (dict(learning_rate="0.1"), "'0.1'"),
    "métrica sin lista": (dict(metrics="mae"), r"metrics=\['mae'\]"),
    "métrica ausente": (dict(metrics=None), r"metrics=\[\]"),
    "métrica inexistente": (dict(metrics=["exactitud"]), "'exactitud'"),
    "accuracy en regresión": (dict(metrics=["accuracy"]), "crear_clasificacion"),
    "accuracy de enteros en regresión": (
        dict(metrics=["sparse_categorical_accuracy"]),
        "crear_clasificacion",
    ),
    "semilla negativa": (dict(semilla=-1), "semilla=-1: se esperaba"),
    "semilla decimal": (dict(semilla=1.5), "1.5"),
}


@pytest.mark.parametrize(("argumentos", "dice"), MALAS.values(), ids=MALAS.keys())
def test_un_argumento_malo_se_explica(argumentos, dice):
    with pytest.raises(ValueError, match=dice):
        ck.crear_regresion(**{"d_in": 3, **argumentos})


@pytest.mark.parametrize(
    ("clases", "dice"),
    [(1, "crear_binaria"), (0, "0"), (2.5, "2.5"), (["a", "a"], "un nombre distinto")],
)
def test_un_numero_de_clases_malo_se_explica(clases, dice):
    with pytest.raises(ValueError, match=dice):
        ck.crear_clasificacion(3, clases)


def test_un_optimizador_usado_en_otro_modelo_se_explica():
    optimizador = keras.optimizers.Adam()
    ck.crear_regresion(3, optimizer=optimizador)
    with pytest.raises(ValueError, match="ya es de otro modelo"):
        ck.crear_regresion(3, optimizer=optimizador)
