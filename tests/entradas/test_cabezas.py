"""Cada cabeza con cada función, contra Keras y scikit-learn: lo que no corresponde se dice."""

import numpy as np
import pandas as pd
import pytest
from sklearn import metrics

import cursokeras as ck
from cursokeras._backend import keras
from cursokeras.entradas import cabeza_de

capas, losses = keras.layers, keras.losses
N, D, K = 30, 3, 3
X = np.random.default_rng(0).normal(size=(N, D)).astype("float32")
CLASE = np.random.default_rng(1).integers(0, K, N)
ETIQUETAS = np.random.default_rng(2).integers(0, 2, (N, K))
DE_CLASES = {"clasificacion", "one_hot", "binaria"}


def red(*ultimas, loss, escala=1.0, run_eagerly=True, **compilacion):
    """Una red escrita a mano, con los mismos pesos cada vez; sin trazar, que es lo que tarda."""
    modelo = keras.Sequential([keras.Input((D,)), *ultimas])
    modelo.compile("sgd", loss, run_eagerly=run_eagerly, **compilacion)
    azar = np.random.default_rng(3)
    modelo.set_weights([escala * azar.normal(size=w.shape) for w in modelo.get_weights()])
    return modelo


def logits(clase):
    return clase(from_logits=True)


# Por cabeza: neuronas, activación, pérdida que recibe probabilidades, la que recibe logits, e y.
CABEZAS = {
    "clasificacion": (
        K,
        "softmax",
        "sparse_categorical_crossentropy",
        logits(losses.SparseCategoricalCrossentropy),
        CLASE,
    ),
    "one_hot": (
        K,
        "softmax",
        "categorical_crossentropy",
        logits(losses.CategoricalCrossentropy),
        np.eye(K)[CLASE],
    ),
    "binaria": (
        1,
        "sigmoid",
        "binary_crossentropy",
        logits(losses.BinaryCrossentropy),
        ETIQUETAS[:, 0],
    ),
    "multietiqueta": (
        K,
        "sigmoid",
        "binary_crossentropy",
        logits(losses.BinaryCrossentropy),
        ETIQUETAS,
    ),
    "regresion": (2, None, "mse", None, np.column_stack([X.sum(axis=1), CLASE - 0.5])),
    "otra": (1, "tanh", "hinge", None, 2 * ETIQUETAS[:, 0] - 1),
}
CASOS = [(nombre, False) for nombre in CABEZAS] + [
    (nombre, True) for nombre, (*_, con_logits, _) in CABEZAS.items() if con_logits
]
con_cada_cabeza = pytest.mark.parametrize(
    "caso", CASOS, ids=[f"{nombre}{' de logits' * de_logits}" for nombre, de_logits in CASOS]
)


def crear(caso, escala=1.0, **compilacion):
    nombre, de_logits = caso
    neuronas, activacion, perdida, con_logits, _ = CABEZAS[nombre]
    ultima = capas.Dense(neuronas, None if de_logits else activacion)
    return red(ultima, loss=con_logits if de_logits else perdida, escala=escala, **compilacion)


_CREADOS = {}


def modelo_de(caso):
    """El modelo del caso, sin entrenar; el mismo en todas las pruebas, para trazarlo una vez."""
    if caso not in _CREADOS:
        _CREADOS[caso] = crear(caso, run_eagerly=False)
    return _CREADOS[caso]


def y_de(caso):
    return CABEZAS[caso[0]][-1]


def en_numeros(modelo, caso):
    """Lo que significa la salida de `predict`, con la fórmula escrita en NumPy."""
    salidas = modelo.predict(X, verbose=0).astype("float64")
    if not caso[1]:
        return salidas
    if CABEZAS[caso[0]][1] == "sigmoid":
        return 1 / (1 + np.exp(-salidas))
    potencias = np.exp(salidas - salidas.max(axis=1, keepdims=True))
    return potencias / potencias.sum(axis=1, keepdims=True)


def reales_y_elegidas(modelo, caso):
    """Las clases de `y`, y la que elige el modelo en cada fila."""
    y, p = y_de(caso), en_numeros(modelo, caso)
    if caso[0] == "binaria":
        return y, (p[:, 0] > 0.5).astype(int)
    return (y.argmax(axis=1) if y.ndim == 2 else y), p.argmax(axis=1)


@con_cada_cabeza
def test_predecir(caso):
    modelo = modelo_de(caso)
    np.testing.assert_allclose(ck.predecir(modelo, X), en_numeros(modelo, caso), atol=1e-6)


@con_cada_cabeza
def test_evaluar(caso):
    modelo, y = modelo_de(caso), y_de(caso)
    medidas, de_keras = ck.evaluar(modelo, X, y), modelo.evaluate(X, y, verbose=0)
    if caso[0] == "otra":
        assert medidas.to_dict() == pytest.approx({"loss": de_keras})
    elif caso[0] == "regresion":
        assert medidas["mse"] == pytest.approx(de_keras)
        assert medidas["r2"] == pytest.approx(metrics.r2_score(y, modelo.predict(X, verbose=0)))
    else:
        assert medidas["entropia_cruzada"] == pytest.approx(de_keras, rel=1e-6)
        _medidas_como_scikit_learn(medidas, modelo, caso)


def _medidas_como_scikit_learn(medidas, modelo, caso):
    if caso[0] == "multietiqueta":
        reales, elegidas = ETIQUETAS, en_numeros(modelo, caso) > 0.5
        exactitud = (reales == elegidas).mean()
    else:
        reales, elegidas = reales_y_elegidas(modelo, caso)
        exactitud = metrics.accuracy_score(reales, elegidas)
    assert medidas["accuracy"] == pytest.approx(exactitud)
    suyas = metrics.precision_recall_fscore_support(reales, elegidas, zero_division=0)
    nombres = ["precision", "recall", "f1"]
    if caso[0] == "binaria":
        assert medidas[nombres].tolist() == pytest.approx([medida[1] for medida in suyas[:3]])
    else:
        np.testing.assert_allclose(medidas.detalle[nombres].T, suyas[:3])


@con_cada_cabeza
def test_tabla_predicciones(caso):
    modelo, y = modelo_de(caso), y_de(caso)
    tabla, p = ck.tabla_predicciones(modelo, X, y), en_numeros(modelo, caso)
    if caso[0] in DE_CLASES:
        reales, elegidas = reales_y_elegidas(modelo, caso)
        np.testing.assert_array_equal(tabla["real"], reales)
        np.testing.assert_array_equal(tabla["predicho"], elegidas)
        mayores = np.maximum(p, 1 - p)[:, 0] if caso[0] == "binaria" else p.max(axis=1)
        np.testing.assert_allclose(tabla["probabilidad"], mayores, atol=1e-6)
        np.testing.assert_array_equal(tabla["acierto"], reales == elegidas)
        return
    numeros = tabla.filter(like="probabilidad" if caso[0] == "multietiqueta" else "predicho")
    np.testing.assert_allclose(numeros, p, atol=1e-6)
    np.testing.assert_allclose(tabla.filter(like="real"), np.reshape(y, p.shape), rtol=1e-6)
    if caso[0] == "multietiqueta":
        np.testing.assert_array_equal(tabla.filter(like="predicho"), p > 0.5)


@con_cada_cabeza
def test_revisar(caso):
    modelo, y = modelo_de(caso), y_de(caso)
    assert not ck.revisar(modelo, X, y).errores
    (error,) = ck.revisar(modelo, X, np.where(y == y.flat[0], np.nan, y)).errores[:1]
    assert (error.codigo, "Un objetivo no se inventa" in error.arreglo) == (
        "valores_no_finitos",
        True,
    )


@con_cada_cabeza
def test_entrenar_da_el_mismo_paso_que_keras(caso):
    nuestro, suyo = crear(caso), crear(caso)
    y = np.reshape(y_de(caso), (N, -1))
    historia = ck.entrenar(
        nuestro, X, y, epochs=1, batch_size=N, validation_split=0, verbose=0, acelerar=False
    )
    assert historia.history["loss"][0] == pytest.approx(suyo.train_on_batch(X, y), rel=1e-5)
    for a, b in zip(nuestro.get_weights(), suyo.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, atol=1e-6)


@con_cada_cabeza
def test_guardar_y_cargar(caso, tmp_path):
    modelo, y = modelo_de(caso), y_de(caso)
    ck.guardar(modelo, tmp_path / "m.keras")
    cargado = ck.cargar(tmp_path / "m.keras")
    assert (cabeza_de(cargado).nombre, cabeza_de(cargado).da_logits) == caso
    np.testing.assert_array_equal(ck.predecir(cargado, X), ck.predecir(modelo, X))
    pd.testing.assert_series_equal(ck.evaluar(cargado, X, y), ck.evaluar(modelo, X, y))


@con_cada_cabeza
def test_desde_keras(caso):
    modelo = modelo_de(caso)
    gemela = ck.desde_keras(modelo)
    np.testing.assert_allclose(gemela.predict(X), modelo.predict(X, verbose=0), atol=1e-6)


@con_cada_cabeza
def test_comparar(caso):
    if caso[0] == "otra":
        with pytest.raises(ValueError, match="comparar no sigue Hinge"):
            ck.comparar(modelo_de(caso), X, y_de(caso))
        return
    comparacion = ck.comparar(modelo_de(caso), X, y_de(caso), epochs=2, batch_size=8)
    assert comparacion.iguales, comparacion.explicacion


@con_cada_cabeza
def test_graficar(caso):
    modelo, y = modelo_de(caso), y_de(caso)
    y_pred = ck.predecir(modelo, X)
    if caso[0] in ("regresion", "otra"):
        leyenda = ck.graficar_predicciones(y, y_pred).get_legend_handles_labels()[1]
        r2 = metrics.r2_score(np.reshape(y, y_pred.shape), y_pred, multioutput="raw_values")
        assert [texto.rpartition(" ")[2] for texto in leyenda[:-1]] == [f"{r:.3f}" for r in r2]
        with pytest.raises(ValueError, match=r"graficar_predicciones|no es one-hot"):
            ck.graficar_confusion(y, y_pred)
        return
    ejes = ck.graficar_confusion(y, y_pred)
    cuentas = [int(texto.get_text()) for texto in ejes.texts]
    if caso[0] == "multietiqueta":
        por_etiqueta = metrics.multilabel_confusion_matrix(y, y_pred > 0.5)
        np.testing.assert_array_equal(
            cuentas, [n for m in por_etiqueta for n in (m[1, 1], m[1, 0], m[0, 1], m[0, 0])]
        )
        return
    reales, elegidas = reales_y_elegidas(modelo, caso)
    np.testing.assert_array_equal(cuentas, metrics.confusion_matrix(reales, elegidas).ravel())


@con_cada_cabeza
def test_class_weight(caso):
    if caso[0] not in DE_CLASES:
        dice = {
            "regresion": "no clasifica.*sample_weight",
            "otra": "no clasifica.*sample_weight",
            "multietiqueta": "una fila puede ser de varias clases a la vez.*sample_weight",
        }
        with pytest.raises(ValueError, match=dice[caso[0]]):
            ck.entrenar(modelo_de(caso), X, y_de(caso), class_weight={0: 1, 1: 2}, verbose=0)
        return
    clases = cabeza_de(modelo_de(caso)).clases
    with pytest.raises(ValueError, match=f"Las clases son los enteros de 0 a {clases - 1}"):
        ck.entrenar(modelo_de(caso), X, y_de(caso), class_weight={0: 1}, verbose=0)


# Los mismos números con los logits y con su activación, también donde float32 ya no distingue.


@pytest.mark.parametrize("escala", [10, 30, 200])
@pytest.mark.parametrize("nombre", [nombre for nombre, de_logits in CASOS if de_logits])
def test_los_logits_son_la_misma_red_con_su_activacion(nombre, escala):
    con_logits, activada = crear((nombre, True), escala), crear((nombre, False), escala)
    y = y_de((nombre, True))
    np.testing.assert_allclose(ck.predecir(con_logits, X), ck.predecir(activada, X), atol=1e-6)
    tablas = [ck.tabla_predicciones(modelo, X, y) for modelo in (con_logits, activada)]
    pd.testing.assert_frame_equal(*tablas, atol=1e-6, rtol=0)
    medidas = [ck.evaluar(modelo, X, y) for modelo in (con_logits, activada)]
    pd.testing.assert_series_equal(*medidas, rtol=1e-6)
    assert medidas[0]["entropia_cruzada"] == pytest.approx(
        activada.evaluate(X, y, verbose=0), rel=1e-6
    )


def test_los_logits_a_mano():
    """±30: la probabilidad es 1 en float32, y la entropía de equivocarse, 30."""
    modelo = red(capas.Dense(1), loss=losses.BinaryCrossentropy(from_logits=True))
    modelo.set_weights([np.array([[1.0], [0.0], [0.0]]), np.zeros(1)])
    x = np.array([[30.0, 0, 0], [-30, 0, 0], [0.3, 0, 0]], "float32")
    tabla = ck.tabla_predicciones(modelo, x, [0, 0, 1])
    assert tabla["predicho"].tolist() == [1, 0, 1]
    medidas = ck.evaluar(modelo, x, [0, 0, 1])
    assert medidas["entropia_cruzada"] == pytest.approx((30 + np.log1p(np.exp(-0.3))) / 3)


ULTIMAS = {
    "Activation": lambda: [capas.Dense(K), capas.Activation("softmax")],
    "capa Softmax": lambda: [capas.Dense(K), capas.Softmax()],
    "activación que es una capa": lambda: [capas.Dense(K, activation=capas.Softmax())],
    "modelo dentro de otro": lambda: [
        keras.Sequential([keras.Input((D,)), capas.Dense(K, "softmax")])
    ],
}


@pytest.mark.parametrize("ultimas", ULTIMAS.values(), ids=ULTIMAS.keys())
def test_la_activacion_se_reconoce_donde_este(ultimas):
    """Con from_logits=True por error, no se aplica otra vez: la salida ya son probabilidades."""
    modelo = red(*ultimas(), loss=losses.SparseCategoricalCrossentropy(from_logits=True))
    cabeza = cabeza_de(modelo)
    assert (cabeza.aplicada, cabeza.da_logits) == ("softmax", False)
    np.testing.assert_allclose(ck.predecir(modelo, X), modelo.predict(X, verbose=0))
    assert [h.codigo for h in ck.revisar(modelo, X, CLASE).avisos] == ["dos_veces_la_activacion"]


def test_una_operacion_suelta_al_final_de_un_modelo_funcional():
    entrada = keras.Input((D,))
    modelo = keras.Model(entrada, keras.ops.softmax(capas.Dense(K)(entrada)))
    modelo.compile("sgd", "sparse_categorical_crossentropy")
    assert cabeza_de(modelo).aplicada == "softmax"
    assert not ck.revisar(modelo, X, CLASE).errores
    medida = ck.evaluar(modelo, X, CLASE)["entropia_cruzada"]
    assert medida == pytest.approx(modelo.evaluate(X, CLASE, verbose=0), rel=1e-6)


class Subclase(keras.Model):
    """La salida está declarada antes que la oculta: el orden de las capas no dice cuál es."""

    def __init__(self, neuronas, activacion):
        super().__init__()
        self.salida, self.oculta = capas.Dense(neuronas, activacion), capas.Dense(4, "relu")

    def call(self, x):
        return self.salida(self.oculta(x))


@con_cada_cabeza
def test_una_subclase_se_mide_como_keras(caso):
    nombre, de_logits = caso
    neuronas, activacion, perdida, con_logits, y = CABEZAS[nombre]
    modelo = Subclase(neuronas, None if de_logits else activacion)
    modelo.compile("sgd", con_logits if de_logits else perdida, run_eagerly=True)
    # Keras la da por construida de las dos maneras; con `build`, sin pesos todavía.
    modelo.build((None, D)) if de_logits else modelo(X[:1])
    cabeza = cabeza_de(modelo)
    assert (cabeza.nombre, cabeza.neuronas, cabeza.da_logits) == (nombre, neuronas, de_logits)
    assert not ck.revisar(modelo, X, y).errores
    medidas, de_keras = ck.evaluar(modelo, X, y), modelo.evaluate(X, y, verbose=0)
    medida = {"regresion": "mse", "otra": "loss"}.get(nombre, "entropia_cruzada")
    assert medidas[medida] == pytest.approx(de_keras, rel=1e-5)
    assert len(ck.tabla_predicciones(modelo, X, y)) == N


def test_una_subclase_que_no_admite_simbolos_se_evalua_igual():
    class ConNumpy(keras.Model):
        def __init__(self):
            super().__init__()
            self.densa = capas.Dense(1, "sigmoid")

        def call(self, x):
            assert not isinstance(x, keras.KerasTensor)
            return self.densa(x)

    modelo = ConNumpy()
    modelo(X)
    modelo.compile("sgd", "binary_crossentropy", run_eagerly=True)
    cabeza = cabeza_de(modelo)
    assert cabeza.nombre == "binaria"
    y = ETIQUETAS[:, 0]
    medida = ck.evaluar(modelo, X, y)["entropia_cruzada"]
    assert medida == pytest.approx(modelo.evaluate(X, y, verbose=0), rel=1e-6)


@pytest.mark.parametrize(
    ("activacion", "loss", "y", "debida"),
    [
        (None, "sparse_categorical_crossentropy", CLASE, "softmax"),
        ("tanh", "categorical_crossentropy", np.eye(K)[CLASE], "softmax"),
        (None, "binary_crossentropy", ETIQUETAS, "sigmoid"),
    ],
)
def test_numeros_que_no_son_probabilidades_no_se_llaman_asi(activacion, loss, y, debida):
    modelo = red(capas.Dense(K, activacion), loss=loss)
    dice = f"que no son probabilidades.*activation='{debida}'.*from_logits=True"
    for funcion in (ck.evaluar, ck.tabla_predicciones):
        with pytest.raises(ValueError, match=dice):
            funcion(modelo, X, y)
    np.testing.assert_array_equal(ck.predecir(modelo, X), modelo.predict(X, verbose=0))


def mi_perdida(y, p):
    return keras.ops.mean((y - p) ** 4, axis=-1)


class MiPerdida(losses.Loss):
    def call(self, y, p):
        return mi_perdida(y, p)


OTRAS = {
    "hinge": "hinge",
    "kl_divergence": "kl_divergence",
    "función propia": mi_perdida,
    "Loss propia": MiPerdida(),
}


@pytest.mark.parametrize("loss", OTRAS.values(), ids=OTRAS.keys())
def test_otra_perdida_la_mide_keras(loss, tmp_path):
    modelo = red(capas.Dense(2, "sigmoid"), loss=loss, metrics=["mae", "mse"])
    y = np.column_stack([ETIQUETAS[:, 0], 1 - ETIQUETAS[:, 0]])
    assert cabeza_de(modelo).nombre == "otra"
    de_keras = modelo.evaluate(X, y, verbose=0, return_dict=True)
    assert ck.evaluar(modelo, X, y).to_dict() == pytest.approx(de_keras, rel=1e-5)
    tabla = ck.tabla_predicciones(modelo, X, y)
    np.testing.assert_allclose(tabla["predicho (1)"], modelo.predict(X, verbose=0)[:, 1])
    np.testing.assert_allclose(tabla["error (0)"], tabla["predicho (0)"] - tabla["real (0)"])
    with pytest.raises(ValueError, match="no distingue clases"):
        ck.guardar(modelo, tmp_path / "m.keras", clases=["a", "b"])


def test_una_metrica_de_varios_numeros_da_uno_por_cada_uno():
    metrica = keras.metrics.F1Score(threshold=0.5)
    modelo = red(capas.Dense(K, "sigmoid"), loss="hinge", metrics=[metrica])
    medidas = ck.evaluar(modelo, X, ETIQUETAS)
    elegidas = modelo.predict(X, verbose=0) > 0.5
    suyas = metrics.f1_score(ETIQUETAS, elegidas, average=None)
    assert medidas.filter(like="f1_score (").tolist() == pytest.approx(suyas.tolist())


def test_la_tabla_de_otra_perdida_no_empareja_numeros_que_no_van_juntos():
    modelo = red(capas.Dense(K, "softmax"), loss=lambda y, p: keras.ops.mean(p[:, 0]))
    with pytest.raises(ValueError, match=r"y tiene forma \(30, 1\) y el modelo da \(30, 3\)"):
        ck.tabla_predicciones(modelo, X, CLASE)


IMAGENES = {
    "autocodificador": (1, "sigmoid", "binary_crossentropy", lambda x: np.clip(x + 0.01, 0, 1)),
    "segmentación": (1, "sigmoid", "binary_crossentropy", lambda x: (x > 0.5).astype(int)),
    "clase de cada píxel": (
        2,
        "softmax",
        "sparse_categorical_crossentropy",
        lambda x: (x > 0.5).astype(int),
    ),
    "regresión": (1, None, "mse", lambda x: 2 * x - 1),
    "hinge": (1, None, "hinge", lambda x: 2.0 * (x > 0.5) - 1),
}


@pytest.mark.parametrize(
    ("canales", "activacion", "loss", "de_x"), IMAGENES.values(), ids=IMAGENES.keys()
)
def test_una_imagen_por_fila_la_mide_keras(canales, activacion, loss, de_x):
    x = np.random.default_rng(0).random((6, 4, 4, 1)).astype("float32")
    modelo = keras.Sequential(
        [keras.Input((4, 4, 1)), capas.Conv2D(canales, 3, padding="same", activation=activacion)]
    )
    modelo.compile("sgd", loss, run_eagerly=True)
    y = de_x(x)
    assert not ck.revisar(modelo, x, y).errores
    de_keras = modelo.evaluate(x, y, verbose=0)
    assert ck.evaluar(modelo, x, y).to_dict() == pytest.approx({"loss": de_keras}, rel=1e-5)
    np.testing.assert_array_equal(ck.predecir(modelo, x), modelo.predict(x, verbose=0))
    with pytest.raises(ValueError, match="una fila por ejemplo"):
        ck.tabla_predicciones(modelo, x, y)
    with pytest.raises(ValueError, match="class_weight llegó a un modelo"):
        ck.entrenar(modelo, x, y, class_weight="balanced", verbose=0)


def test_los_nombres_son_de_la_ultima_capa_con_que_se_dieron():
    modelo = ck.crear_clasificacion(D, ["a", "b", "c"])
    assert cabeza_de(modelo).nombres == ("a", "b", "c")
    modelo.pop()
    modelo.add(capas.Dense(4, "softmax"))
    modelo.compile("sgd", "sparse_categorical_crossentropy")
    assert cabeza_de(modelo).nombres is None
    assert set(ck.tabla_predicciones(modelo, X, CLASE)["real"]) == {0, 1, 2}


@pytest.mark.parametrize("loss", ["mse", ["mse", "mse"], {"a": "mse", "b": "mse"}, None])
@pytest.mark.parametrize("filas", [N, 9000], ids=["un bloque", "varios bloques"])
def test_un_modelo_de_dos_salidas_se_rechaza_siempre(loss, filas):
    entrada = keras.Input((D,))
    salidas = [capas.Dense(1, name="a")(entrada), capas.Dense(2, name="b")(entrada)]
    modelo = keras.Model(entrada, salidas)
    if loss is not None:
        modelo.compile("sgd", loss)
    x = np.zeros((filas, D), "float32")
    with pytest.raises(ValueError, match="2 salidas"):
        ck.predecir(modelo, x)
    with pytest.raises(ValueError, match=r"2 salidas|no está compilado"):
        ck.evaluar(modelo, x, x[:, 0])


def test_una_sola_salida_en_una_lista_o_en_un_diccionario_es_una_salida():
    entrada = keras.Input((D,))
    salida = capas.Dense(1, name="a")(entrada)
    for salidas in ([salida], {"a": salida}):
        modelo = keras.Model(entrada, salidas)
        modelo.compile("sgd", "mse")
        assert ck.predecir(modelo, X).shape == (N, 1)
