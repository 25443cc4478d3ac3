"""Sequential contra el de Keras: fit, evaluate, predict, summary y los pesos."""

import functools
import inspect

import numpy as np
import pandas as pd
import pytest

from cursokeras import desde_cero
from cursokeras._backend import keras
from cursokeras.desde_cero import layers

AZAR = np.random.default_rng(0)
X = AZAR.normal(size=(50, 3)).astype("float32")
Y = (X @ AZAR.normal(size=(3, 1)) + 1).astype("float32")
X_VAL, Y_VAL = X[:11] + 1, Y[:11]


@pytest.fixture(autouse=True)
def sin_grafos(monkeypatch):
    """Con tan pocos pasos, Keras tarda menos si no compila ningún grafo."""
    compilar = functools.partialmethod(keras.Sequential.compile, run_eagerly=True)
    monkeypatch.setattr(keras.Sequential, "compile", compilar)


def _capas(k):
    return [k.Input((3,)), k.layers.Dense(4, "tanh"), k.layers.Dense(1)]


def _compilada(**opciones):
    red = desde_cero.Sequential(_capas(desde_cero))
    red.compile(**{"loss": "mse", "optimizer": "sgd"} | opciones)
    return red


FORMAS_DE_FIT = {
    "último lote parcial": {"batch_size": 16},
    "menos filas que el lote": {"batch_size": 128},
    "un solo lote justo": {"batch_size": 50},
    "lote de uno": {"batch_size": 1, "epochs": 1, "validation_split": 0.8},
    "lote por defecto": {},
    "validation_split": {"validation_split": 0.3},
    "validation_split que no es exacto": {"validation_split": 0.17, "batch_size": 7},
    "validation_data": {"validation_data": (X_VAL, Y_VAL), "batch_size": 8},
    "validation_data como lista": {"validation_data": [X_VAL, Y_VAL]},
    "las dos validaciones": {"validation_data": (X_VAL, Y_VAL), "validation_split": 0.5},
}


@pytest.mark.parametrize("opciones", FORMAS_DE_FIT.values(), ids=FORMAS_DE_FIT)
def test_fit_como_keras(gemelas, opciones):
    redes, historias = gemelas(_capas), []
    for red in redes:
        red.compile(loss="mse", optimizer="sgd", metrics=["mae"])
        historia = red.fit(X, Y, **{"epochs": 2, "shuffle": False, "verbose": 0} | opciones)
        assert historia is red.history
        historias.append(historia)
    de_keras, propia = historias
    assert propia.epoch == de_keras.epoch
    assert propia.history.keys() == de_keras.history.keys()
    for medida, valores in de_keras.history.items():
        np.testing.assert_allclose(propia.history[medida], valores, rtol=1e-5)
    for w, esperado in zip(redes[1].weights, redes[0].get_weights(), strict=True):
        np.testing.assert_allclose(w, esperado, rtol=1e-5, atol=1e-6)


CABEZAS = {
    "binaria": (1, "sigmoid", "bce", lambda: (Y[:, 0] > 1).astype(int)),
    "clases enteras": (3, "softmax", "sparse_categorical_crossentropy", lambda: np.arange(50) % 3),
    "one-hot": (3, "softmax", "categorical_crossentropy", lambda: np.eye(3)[np.arange(50) % 3]),
}


@pytest.mark.parametrize(("d_out", "cabeza", "perdida", "objetivo"), CABEZAS.values(), ids=CABEZAS)
def test_evaluate_y_predict_como_keras(gemelas, d_out, cabeza, perdida, objetivo):
    redes = gemelas(lambda k: [k.Input((3,)), k.layers.Dense(d_out, cabeza)])
    y, medidas = objetivo(), []
    for red in redes:
        red.compile(loss=perdida, metrics=["accuracy"])
        una = red.evaluate(X, y, batch_size=16, verbose=0)
        con_nombres = red.evaluate(X, y, batch_size=16, verbose=0, return_dict=True)
        assert [con_nombres["loss"], con_nombres["accuracy"]] == pytest.approx(una)
        medidas.append(una)
    np.testing.assert_allclose(medidas[1], medidas[0], rtol=1e-5)
    predichas = [red.predict(X, batch_size=16, verbose=0) for red in redes]
    np.testing.assert_allclose(predichas[1], predichas[0], rtol=1e-5, atol=1e-7)
    assert predichas[1].dtype == predichas[0].dtype


def test_evaluate_sin_metricas_da_un_numero(gemelas):
    redes = gemelas(_capas)
    for red in redes:
        red.compile(loss="mae")
    perdidas = [red.evaluate(X, Y, verbose=0) for red in redes]
    assert perdidas[1] == pytest.approx(perdidas[0], rel=1e-5)
    assert [type(perdida) for perdida in perdidas] == [float, float]


def test_train_on_batch_como_keras(gemelas):
    redes, pesos, salidas = gemelas(_capas), np.linspace(0, 2, 50).astype("float32"), []
    for red in redes:
        red.compile(loss="mse", optimizer="sgd")
        salidas.append([float(red.train_on_batch(X, Y, sample_weight=pesos)) for _ in range(3)])
    np.testing.assert_allclose(salidas[1], salidas[0], rtol=1e-5)
    red = _compilada(metrics=["mae"])
    mae = np.abs(red.predict(X) - Y).mean()
    assert red.train_on_batch(X, Y)[1] == pytest.approx(mae, rel=1e-5)


@pytest.mark.parametrize("metodo", ["fit", "evaluate", "predict", "compile"])
def test_los_argumentos_estan_en_el_orden_de_keras(metodo):
    propios = inspect.signature(getattr(desde_cero.Sequential, metodo)).parameters
    de_keras = inspect.signature(inspect.unwrap(_metodo_de_keras(metodo))).parameters
    posicionales = [n for n, p in propios.items() if p.kind is p.POSITIONAL_OR_KEYWORD]
    assert posicionales == list(de_keras)[: len(posicionales)]
    for nombre in propios.keys() - {"self", "x", "y"}:
        assert propios[nombre].default == de_keras[nombre].default, nombre


def _metodo_de_keras(metodo):
    if metodo == "compile":  # en Sequential está reemplazado por `sin_grafos`
        return keras.Model.compile
    return getattr(keras.Sequential, metodo)


def test_shuffle_recorre_cada_fila_una_vez_en_un_orden_nuevo():
    """Cada época ve todas las filas, también las del lote parcial, y nunca en el mismo orden."""
    vistas = []

    class Anota(layers.Layer):
        def forward(self, x, training=False):
            if training:
                vistas.append(x[:, 0].astype(int).tolist())
            return x

        def backward(self, grad):
            return grad

    red = desde_cero.Sequential([Anota(), layers.Dense(1)])
    red.compile(loss="mse", optimizer=desde_cero.optimizers.SGD(1e-9))
    filas = np.arange(10)
    red.fit(filas, filas, epochs=3, batch_size=4, verbose=0)
    assert [len(lote) for lote in vistas] == [4, 4, 2] * 3
    epocas = [[*vistas[i], *vistas[i + 1], *vistas[i + 2]] for i in (0, 3, 6)]
    assert all(sorted(epoca) == filas.tolist() for epoca in epocas)
    assert len({tuple(epoca) for epoca in [*epocas, filas]}) == 4

    vistas.clear()
    red.fit(filas, filas, batch_size=4, shuffle=False, verbose=0)
    assert vistas == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]]
    vistas.clear()
    red.fit(filas, filas, validation_split=0.2, batch_size=32, verbose=0)
    assert sorted(vistas[0]) == list(range(8))  # se apartan las últimas, sin mezclar


def test_lista_o_add_dan_la_misma_red():
    desde_cero.utils.set_random_seed(1)
    con_lista = desde_cero.Sequential(_capas(desde_cero), name="mía")
    desde_cero.utils.set_random_seed(1)
    con_add = desde_cero.Sequential()
    for capa in _capas(desde_cero):
        con_add.add(capa)
    for a, b in zip(con_lista.weights, con_add.weights, strict=True):
        np.testing.assert_array_equal(a, b)
    assert con_lista.name == "mía"
    assert con_lista.output_shape == con_add.output_shape == (None, 1)


def test_sin_input_los_pesos_nacen_al_ver_los_datos():
    red = desde_cero.Sequential([layers.Flatten(), layers.Dense(2)])
    assert red.get_weights() == []
    red.compile(loss="mse")
    red.fit(np.ones((4, 2, 3)), np.ones((4, 2)), verbose=0)
    assert [w.shape for w in red.weights] == [(6, 2), (2,)]


def test_nombres_de_las_capas_como_keras():
    def nombres(k):
        lista = [k.layers.Dense(2), k.layers.Dropout(0.1), k.layers.Dense(2, name="cabeza")]
        k.utils.set_random_seed(0)
        return [
            capa.name for capa in k.Sequential([k.Input((2,)), *lista, k.layers.Dense(1)]).layers
        ]

    keras.backend.clear_session()
    assert nombres(desde_cero) == nombres(keras) == ["dense", "dropout", "cabeza", "dense_1"]


def test_summary_cuenta_los_parametros_de_keras(capsys):
    red = desde_cero.Sequential([
        desde_cero.Input((28, 28)),
        layers.Flatten(),
        layers.Dense(50, "relu"),
        layers.Dropout(0.2),
        layers.Dense(10, use_bias=False),
    ])  # fmt: skip
    red.summary()
    escrito = capsys.readouterr().out
    assert "flatten (Flatten)               (None, 784)                    0" in escrito
    assert "dense (Dense)                   (None, 50)                39,250" in escrito
    assert "Parámetros en total: 39,750" in escrito
    assert red.count_params() == 784 * 50 + 50 + 500
    lineas = []
    desde_cero.Sequential([layers.Dense(1)]).summary(print_fn=lineas.append)
    assert "?" in lineas[2]


def test_verbose_escribe_una_linea_por_epoca(capsys):
    red = _compilada(metrics=["mae"])
    red.fit(X, Y, epochs=2, validation_split=0.2)
    lineas = capsys.readouterr().out.splitlines()
    assert [linea.split(" - ")[0] for linea in lineas] == ["Época 1/2", "Época 2/2"]
    ultima = {nombre: valores[-1] for nombre, valores in red.history.history.items()}
    assert lineas[1] == "Época 2/2 - " + " - ".join(f"{n}: {v:.4g}" for n, v in ultima.items())
    red.evaluate(X, Y)
    assert capsys.readouterr().out.startswith("loss: ")
    red.fit(X, Y, verbose=0)
    red.evaluate(X, Y, verbose=0)
    red.predict(X)
    assert capsys.readouterr().out == ""


def test_los_pesos_van_y_vuelven():
    red = _compilada()
    pesos = red.get_weights()
    red.fit(X, Y, verbose=0)
    assert all((a != b).any() for a, b in zip(pesos, red.weights, strict=True))
    red.set_weights(pesos)
    pesos[0][:] = 0  # la red copia: no comparte memoria con lo que recibe ni con lo que da
    red.get_weights()[1][:] = 9
    assert red.weights[0].any()
    assert not red.weights[1].any()


@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_la_precision_pedida_llega_a_todo(precision):
    red = desde_cero.Sequential(_capas(desde_cero), dtype=precision)
    red.compile(loss="mse", optimizer="adam")
    red.fit(X.tolist(), Y.astype("float64"), verbose=0)
    arreglos = [*red.weights, *red.grads, *red.optimizer.momentos, *red.optimizer.velocidades]
    assert {a.dtype.name for a in [*arreglos, red.predict(X)]} == {precision}


def test_acepta_tablas_de_pandas_y_columnas():
    """Los mismos números como DataFrame, Series, lista o arreglo entrenan lo mismo."""
    perdidas = []
    tabla, columna = pd.DataFrame(X), pd.Series(Y[:, 0], index=range(100, 150))
    for x, y in [(X, Y), (tabla, columna), (X.tolist(), Y[:, 0].tolist())]:
        desde_cero.utils.set_random_seed(0)
        perdidas.append(_compilada().fit(x, y, verbose=0).history["loss"])
    assert perdidas[0] == perdidas[1] == perdidas[2]


def test_compile_resuelve_nombres_y_objetos():
    red = _compilada(loss="mean_absolute_error", optimizer="Adam")
    assert type(red.optimizer) is desde_cero.optimizers.Adam
    assert type(red.loss) is desde_cero.losses.MeanAbsoluteError
    optimizador = desde_cero.optimizers.SGD(0.5)
    red.compile(optimizador, desde_cero.losses.MeanSquaredError())
    assert red.optimizer is optimizador
    red.compile(loss="mse")
    assert type(red.optimizer) is desde_cero.optimizers.RMSprop  # el de Keras por defecto


def test_volver_a_compilar_olvida_optimizador_y_metricas_pero_no_los_pesos():
    red = _compilada(optimizer="adam", metrics=["mae"])
    red.fit(X, Y, verbose=0)
    pesos = red.get_weights()
    red.compile(loss="mse", optimizer="adam", metrics=["mse"])
    assert red.optimizer.iterations == 0
    assert set(red.evaluate(X, Y, verbose=0, return_dict=True)) == {"loss", "mse"}
    for antes, ahora in zip(pesos, red.weights, strict=True):
        np.testing.assert_array_equal(antes, ahora)


def test_un_segundo_fit_continua_el_primero(gemelas):
    redes = gemelas(_capas)
    for red in redes:
        red.compile(loss="mse", optimizer="adam")
        red.fit(X, Y, shuffle=False, verbose=0)
        red.fit(X, Y, shuffle=False, verbose=0)
    assert redes[1].optimizer.iterations == 4
    assert len(redes[1].history.history["loss"]) == 1
    for w, esperado in zip(redes[1].weights, redes[0].get_weights(), strict=True):
        np.testing.assert_allclose(w, esperado, rtol=1e-5, atol=1e-6)


def test_backward_de_la_red_da_el_gradiente_de_la_entrada():
    red = desde_cero.Sequential([desde_cero.Input((3,)), layers.Dense(2, use_bias=False)])
    red.forward(X)
    np.testing.assert_allclose(red.backward(np.ones((50, 2))), X * 0 + red.weights[0].sum(axis=1))


def test_una_cabeza_propia_no_se_deriva_junto_con_la_perdida():
    """Si un estudiante cambia el backward de su Dense, su backward es el que corre."""
    llamadas = []

    class Mia(layers.Dense):
        def backward(self, grad):
            llamadas.append(grad.shape)
            return super().backward(grad)

    red = desde_cero.Sequential([desde_cero.Input((3,)), Mia(3, "softmax")])
    red.compile(loss="sparse_categorical_crossentropy")
    red.train_on_batch(X, np.arange(50) % 3)
    assert llamadas == [(50, 3)]


def test_avisa_si_la_cabeza_y_la_perdida_no_son_pareja():
    red = desde_cero.Sequential([desde_cero.Input((3,)), layers.Dense(3, "sigmoid")])
    with pytest.warns(UserWarning, match="usa sigmoid y la pérdida categorical_crossentropy"):
        red.compile(loss="categorical_crossentropy")


def _fit(**opciones):
    return lambda: _compilada().fit(**{"x": X, "y": Y, "verbose": 0} | opciones)


IMPOSIBLES = {
    "sin compilar": (lambda: desde_cero.Sequential([layers.Dense(1)]).fit(X, Y), "compile"),
    "sin capas": (lambda: desde_cero.Sequential().predict(X), "no tiene capas"),
    "una capa sin lista": (lambda: desde_cero.Sequential(layers.Dense(1)), "lista de capas"),
    "algo que no es capa": (lambda: desde_cero.Sequential([5]), "espera capas y llegó 5"),
    "la clase sin paréntesis": (lambda: desde_cero.Sequential([layers.Flatten]), "espera capas"),
    "Input en el medio": (
        lambda: desde_cero.Sequential([layers.Dense(1), desde_cero.Input((2,))]),
        "primer elemento",
    ),
    "nombres repetidos": (
        lambda: desde_cero.Sequential([layers.Dense(1, name="a"), layers.Dense(1, name="a")]),
        "Ya hay una capa llamada 'a'",
    ),
    "precisión": (lambda: desde_cero.Sequential(dtype="float16"), "dtype='float16'"),
    "pérdida mal escrita": (lambda: _compilada(loss="mean_square_error"), "mean_squared_error"),
    "sin pérdida": (lambda: _compilada(loss=None), "No existe la pérdida None"),
    "optimizador mal escrito": (lambda: _compilada(optimizer="adams"), "Quisiste escribir 'Adam'"),
    "métricas sin lista": (lambda: _compilada(metrics="mae"), r"metrics=\['mae'\]"),
    "métrica mal escrita": (
        lambda: _compilada(metrics=["acuracy"]).evaluate(X, Y, verbose=0),
        "Quisiste escribir 'accuracy'",
    ),
    "épocas": (_fit(epochs=0), "epochs=0"),
    "lote cero": (_fit(batch_size=0), "batch_size=0"),
    "lote con decimales": (_fit(batch_size=2.5), "batch_size=2.5"),
    "lote cero al evaluar": (lambda: _compilada().evaluate(X, Y, batch_size=0), "batch_size=0"),
    "lote negativo al predecir": (lambda: _compilada().predict(X, batch_size=-1), "batch_size=-1"),
    "validation_split mayor que 1": (_fit(validation_split=1.5), "validation_split=1.5"),
    "validation_split negativo": (_fit(validation_split=-0.2), "validation_split=-0.2"),
    "validation_split de 1": (_fit(validation_split=1.0), "deja vacío"),
    "validation_split de texto": (_fit(validation_split="0.2"), "validation_split='0.2'"),
    "validation_data sin y": (_fit(validation_data=X), "tupla"),
    "validation_data de otra forma": (_fit(validation_data=(X[:, :2], Y)), "x llegó con forma"),
    "más y que x": (_fit(y=Y[:49]), "50 filas e y tiene 49"),
    "columnas de menos": (_fit(x=X[:, :2]), r"espera \(n, 3\)"),
    "una fila sin lote": (lambda: _compilada().predict(X[0]), "reshape"),
    "y con columnas de más": (_fit(y=np.ones((50, 2))), "la red tiene 1 salidas"),
    "nan en x": (_fit(x=np.where(X > 2, np.nan, X)), "x tiene .* nan"),
    "infinito en y": (_fit(y=Y * np.inf), "y tiene 50 valores nan o infinitos"),
    "texto en x": (_fit(x=[["1,5", "2", "3"]], y=[1]), "'1,5'"),
    "filas de largos distintos": (_fit(x=[[1, 2, 3], [1]], y=[1, 2]), "tabla de números"),
    "sin filas": (_fit(x=X[:0], y=Y[:0]), "no tiene filas"),
    "None": (_fit(x=None), "x no tiene filas"),
    "un número suelto": (lambda: _compilada().predict(3.0), "no tiene filas"),
    "pesos de otra forma": (
        lambda: _compilada().set_weights([np.ones((2, 2))]),
        r"llegaron \[\(2, 2\)\]",
    ),
    "pesos antes de tiempo": (
        lambda: desde_cero.Sequential([layers.Dense(1)]).set_weights([np.ones((3, 1)), [0]]),
        r"keras.Input\(shape=...\)",
    ),
    "un peso por fila de otra forma": (
        lambda: _compilada().train_on_batch(X, Y, np.ones((50, 2))),
        "un peso por fila",
    ),
}


@pytest.mark.parametrize(("hacer", "mensaje"), IMPOSIBLES.values(), ids=IMPOSIBLES)
def test_lo_imposible_se_explica(hacer, mensaje):
    with pytest.raises(ValueError, match=mensaje):
        hacer()
