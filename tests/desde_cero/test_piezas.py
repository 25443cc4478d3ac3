"""Cada pieza que `desde_cero` acepta, dentro de un entrenamiento: los números de Keras.

Cada fila de las tablas se entrena en los dos lados, en float32 y en float64, con los mismos pesos
iniciales. Se comparan la historia entera, con el orden de sus nombres, y los pesos finales.
"""

import functools
import warnings

import numpy as np
import pytest

from cursokeras import desde_cero
from cursokeras._backend import keras
from cursokeras.desde_cero.nombres import en_minusculas
from tests.desde_cero.conftest import construir_gemelas

AZAR = np.random.default_rng(0)
X = AZAR.normal(size=(60, 4))
Z = X @ AZAR.normal(size=(4, 3))
REGRESION = (2, None, "mse", Z[:, :2] + 0.1 * AZAR.normal(size=(60, 2)))
BINARIA = (1, "sigmoid", "binary_crossentropy", (Z[:, 0] > 0).astype(int))
ENTERAS = (3, "softmax", "sparse_categorical_crossentropy", Z.argmax(axis=1))
ONE_HOT = (3, "softmax", "categorical_crossentropy", np.eye(3)[Z.argmax(axis=1)])
PESOS = AZAR.uniform(0, 3, 60)
TOLERANCIAS = {"float32": 3e-4, "float64": 1e-8}
# Lo que Keras calcula con alguna constante que guarda en float32, también en doble precisión.
CON_CONSTANTES_DE_FLOAT32 = 1e-4
CON_CONSTANTES = ("global_clipnorm", "weight_decay", "AdamW", "Nadam", "Adamax", "Adad", "plan")


@pytest.fixture(autouse=True)
def sin_grafos(monkeypatch):
    """Con tan pocos pasos, Keras tarda menos si no compila ningún grafo."""
    for clase in (keras.Sequential, keras.Model):
        compilar = functools.partialmethod(clase.compile, run_eagerly=True)
        monkeypatch.setattr(clase, "compile", compilar)


@pytest.fixture(params=TOLERANCIAS)
def precision(request):
    """La precisión con que calculan los dos lados."""
    politica = keras.config.dtype_policy()
    keras.config.set_floatx(request.param)
    keras.config.set_dtype_policy(request.param)
    yield request.param
    keras.config.set_floatx("float32")
    keras.config.set_dtype_policy(politica)


def _ocultas(k):
    return [k.layers.Dense(5, "tanh")]


def entrenar(precision, *, problema=REGRESION, ocultas=_ocultas, compilar=dict, ajuste=dict):
    """Entrena los dos lados y devuelve (red, historia) de cada uno.

    `ocultas`, `compilar` y `ajuste` son funciones del módulo: las capas, y las opciones de compile
    y de fit.
    """
    d_out, cabeza, perdida, y = problema
    redes = construir_gemelas(
        lambda k: [k.Input((4,)), *ocultas(k), k.layers.Dense(d_out, cabeza)], dtype=precision
    )
    resultados = []
    for red, k in zip(redes, (keras, desde_cero), strict=True):
        opciones = compilar(k) if compilar is not dict else {}
        red.compile(**{"loss": perdida, "optimizer": k.optimizers.SGD(0.1)} | opciones)
        opciones = ajuste(k) if ajuste is not dict else {}
        base = {"epochs": 4, "batch_size": 16, "shuffle": False, "verbose": 0}
        resultados.append((red, red.fit(X, y, **base | opciones)))
    return resultados


def exigir_iguales(resultados, precision, al_menos=0):
    (de_keras, esperada), (propia, historia) = resultados
    tolerancia = max(TOLERANCIAS[precision], al_menos)
    assert list(historia.history) == list(esperada.history)
    assert historia.epoch == esperada.epoch
    for medida, valores in esperada.history.items():
        np.testing.assert_allclose(historia.history[medida], valores, rtol=tolerancia, atol=1e-7)
    for w, esperado in zip(propia.get_weights(), de_keras.get_weights(), strict=True):
        np.testing.assert_allclose(w, esperado, rtol=tolerancia, atol=tolerancia / 10)
    assert {w.dtype.name for w in propia.weights} == {precision}
    np.testing.assert_allclose(
        propia.predict(X), de_keras.predict(X, verbose=0), rtol=tolerancia, atol=tolerancia / 10
    )


def _normal(k):
    capa = k.layers.Normalization()
    capa.adapt(X * 3 + 1)
    return capa


def _congelada(k):
    base = k.Sequential([k.layers.Dense(5, "tanh"), k.layers.Dense(4)])
    base.trainable = False
    return base


ACTIVACIONES = [
    *("elu", "leaky_relu", "softplus", "gelu", "selu"),
    *("silu", "swish", "softsign", "exponential", "hard_sigmoid"),
]
OCULTAS = {nombre: lambda k, n=nombre: [k.layers.Dense(5, n)] for nombre in ACTIVACIONES} | {
    "capa LeakyReLU": lambda k: [k.layers.Dense(5), k.layers.LeakyReLU()],
    "capa LeakyReLU con pendiente": lambda k: [
        k.layers.Dense(5),
        k.layers.LeakyReLU(negative_slope=0.05),
    ],
    "capa ELU": lambda k: [k.layers.Dense(5), k.layers.ELU(alpha=0.7)],
    "capa ReLU": lambda k: [k.layers.Dense(5), k.layers.ReLU()],
    "capa Softmax": lambda k: [k.layers.Dense(5), k.layers.Softmax()],
    "activación en otra capa": lambda k: [k.layers.Dense(5), k.layers.Activation("elu")],
    "BatchNormalization": lambda k: [*_ocultas(k), k.layers.BatchNormalization()],
    "BatchNormalization con opciones": lambda k: [
        k.layers.BatchNormalization(-1, 0.5, epsilon=0.1, center=False),
        k.layers.Dense(5, "relu", use_bias=False),
        k.layers.BatchNormalization(scale=False, momentum=0.9),
    ],
    "LeakyReLU con alpha": lambda k: [k.layers.Dense(5), k.layers.LeakyReLU(alpha=0.05)],
    "BatchNormalization congelada": lambda k: [
        *_ocultas(k),
        k.layers.BatchNormalization(trainable=False),
    ],
    "capa congelada": lambda k: [k.layers.Dense(5, "tanh", trainable=False)],
    "capa congelada y regularizada": lambda k: [
        k.layers.Dense(5, "tanh", trainable=False, kernel_regularizer="l2"),
        k.layers.Dense(4, "relu", kernel_regularizer="l2"),
    ],
    "l1_l2": lambda k: [
        k.layers.Dense(5, kernel_regularizer=k.regularizers.l1_l2(l1=1 / 64, l2=1 / 32))
    ],
    "l1 y l2 en minúsculas": lambda k: [
        k.layers.Dense(5, kernel_regularizer=k.regularizers.l1(1 / 64)),
        k.layers.Dense(
            5, bias_regularizer=k.regularizers.l2(1 / 32), bias_initializer=k.initializers.Ones()
        ),
    ],
    "LeakyReLU de activación": lambda k: [
        k.layers.Dense(5, activation=k.layers.LeakyReLU(negative_slope=0.1))
    ],
    "Rescaling": lambda k: [k.layers.Rescaling(1 / 4, offset=0.5), k.layers.Dense(5)],
    "Reshape": lambda k: [k.layers.Reshape((2, -1)), k.layers.Flatten(), k.layers.Dense(5)],
    "Normalization": lambda k: [_normal(k), k.layers.Dense(5, "tanh")],
    "Normalization dada": lambda k: [
        k.layers.Normalization(mean=X.mean(axis=0), variance=X.var(axis=0)),
        k.layers.Dense(5, "tanh"),
    ],
    "max_norm": lambda k: [
        k.layers.Dense(5, kernel_constraint=k.constraints.MaxNorm(0.5)),
        k.layers.Dense(5, bias_constraint="non_neg", kernel_constraint=k.constraints.UnitNorm()),
    ],
    "una red como capa": lambda k: [
        k.Sequential(
            [k.layers.Dense(5, "tanh", kernel_regularizer="l2"), k.layers.BatchNormalization()]
        ),
        k.layers.Dense(3, "relu"),
    ],
    "una red congelada como capa": lambda k: [_congelada(k), k.layers.Dense(3, "relu")],
    "normal y uniform": lambda k: [
        k.layers.Dense(5, kernel_initializer="normal", bias_initializer="one"),
        k.layers.Dense(5, "tanh", kernel_initializer="uniform", bias_initializer="zero"),
    ],
    "input_dim": lambda k: [k.layers.Dense(5, "tanh", input_dim=4)],
}


@pytest.mark.parametrize("ocultas", OCULTAS.values(), ids=OCULTAS)
@pytest.mark.filterwarnings("ignore:.*input_shape", "ignore:.*alpha")
def test_capas(ocultas, precision, request):
    nombre = request.node.callspec.id
    holgura = any(n in nombre for n in ("leaky", "Leaky", "gelu", "hard", "Normal"))
    exigir_iguales(
        entrenar(precision, ocultas=ocultas), precision, holgura * CON_CONSTANTES_DE_FLOAT32
    )


OPTIMIZADORES = {
    "clipvalue": lambda k: k.optimizers.SGD(0.1, clipvalue=0.05),
    "clipnorm": lambda k: k.optimizers.SGD(0.1, clipnorm=0.1),
    "decay, que Keras ignora": lambda k: k.optimizers.SGD(0.1, decay=0.5),
    "clipnorm que no recorta": lambda k: k.optimizers.SGD(0.1, clipnorm=1e3),
    "global_clipnorm": lambda k: k.optimizers.Adam(0.01, global_clipnorm=0.2),
    "weight_decay": lambda k: k.optimizers.SGD(0.1, momentum=0.9, weight_decay=0.5),
    "AdamW": lambda k: k.optimizers.AdamW(0.01, weight_decay=0.5),
    "AdamW por nombre": lambda k: "adamw",
    "Nadam": lambda k: k.optimizers.Nadam(0.01),
    "Nadam con otros valores": lambda k: k.optimizers.Nadam(0.01, beta_1=0.8, beta_2=0.9),
    "Nadam por nombre": lambda k: "nadam",
    "Adagrad": lambda k: k.optimizers.Adagrad(0.1),
    "Adagrad con otros valores": lambda k: k.optimizers.Adagrad(
        0.1, initial_accumulator_value=0.01, epsilon=1e-3
    ),
    "Adamax": lambda k: k.optimizers.Adamax(0.01),
    "Adadelta": lambda k: k.optimizers.Adadelta(1.0),
    "Adadelta por nombre": lambda k: "adadelta",
    "plan exponencial": lambda k: k.optimizers.SGD(
        k.optimizers.schedules.ExponentialDecay(0.2, 5, 0.5)
    ),
    "plan por escalones": lambda k: k.optimizers.Adam(
        k.optimizers.schedules.ExponentialDecay(0.05, 5, 0.5, staircase=True)
    ),
    "plan inverso": lambda k: k.optimizers.SGD(
        k.optimizers.schedules.InverseTimeDecay(0.2, 4, 0.5), momentum=0.9
    ),
    "plan por tramos": lambda k: k.optimizers.RMSprop(
        k.optimizers.schedules.PiecewiseConstantDecay([3, 7], [0.02, 0.01, 0.001])
    ),
    "plan polinomial": lambda k: k.optimizers.SGD(
        k.optimizers.schedules.PolynomialDecay(0.2, 10, 0.01, power=2.0)
    ),
    "plan coseno": lambda k: k.optimizers.SGD(k.optimizers.schedules.CosineDecay(0.2, 10, 0.1)),
    "Adagrad por nombre": lambda k: "adagrad",
}


@pytest.mark.parametrize("optimizador", OPTIMIZADORES.values(), ids=OPTIMIZADORES)
@pytest.mark.filterwarnings("ignore:.*decay")
def test_optimizadores(optimizador, precision, request):
    resultados = entrenar(precision, compilar=lambda k: {"optimizer": optimizador(k)})
    nombre = request.node.callspec.id
    holgura = any(n in nombre for n in CON_CONSTANTES)
    exigir_iguales(resultados, precision, holgura * CON_CONSTANTES_DE_FLOAT32)


COMPILACIONES = {
    "Huber": lambda k: {"loss": k.losses.Huber()},
    "Huber con delta": lambda k: {"loss": k.losses.Huber(delta=0.3)},
    "huber por nombre": lambda k: {"loss": "huber"},
    "msle": lambda k: {"loss": "msle"},
    "mape": lambda k: {"loss": "mape", "optimizer": k.optimizers.SGD(1e-4)},
    "LogCosh": lambda k: {"loss": k.losses.LogCosh()},
    "hinge": lambda k: {"loss": "hinge"},
    "squared_hinge": lambda k: {"loss": k.losses.squared_hinge},
    "kld": lambda k: {"loss": "kld"},
    "mean_squared_error como función": lambda k: {"loss": k.losses.mean_squared_error},
    "varias métricas": lambda k: {"metrics": ["mse", "mae", k.metrics.RootMeanSquaredError()]},
    "lo que no cambia números": lambda k: {"steps_per_execution": 1, "jit_compile": False},
}


@pytest.mark.parametrize("compilar", COMPILACIONES.values(), ids=COMPILACIONES)
def test_compile(compilar, precision):
    exigir_iguales(entrenar(precision, compilar=compilar), precision)


def _bajar(epoch, lr):
    return lr if epoch < 2 else lr * 0.5


AJUSTES = {
    "sample_weight": lambda k: {"sample_weight": PESOS},
    "sample_weight y validation_split": lambda k: {
        "sample_weight": PESOS,
        "validation_split": 0.25,
    },
    "validación con pesos": lambda k: {"validation_data": (X[:9], ..., PESOS[:9])},
    "initial_epoch": lambda k: {"initial_epoch": 2, "epochs": 5},
    "validation_freq": lambda k: {"validation_split": 0.2, "validation_freq": 2},
    "validation_freq en lista": lambda k: {"validation_split": 0.2, "validation_freq": [1, 4]},
    "validation_batch_size": lambda k: {"validation_split": 0.4, "validation_batch_size": 3},
    "ReduceLROnPlateau": lambda k: {
        "epochs": 12,
        "callbacks": [
            k.callbacks.ReduceLROnPlateau(
                monitor="loss", factor=0.3, patience=1, min_delta=0.4, cooldown=1, min_lr=1e-3
            )
        ],
    },
    "LearningRateScheduler": lambda k: {"callbacks": [k.callbacks.LearningRateScheduler(_bajar)]},
    "LearningRateScheduler de la época": lambda k: {
        "callbacks": [k.callbacks.LearningRateScheduler(lambda epoch: 0.1 / (epoch + 1))]
    },
}


@pytest.mark.parametrize("problema", [REGRESION, ENTERAS], ids=["regresión", "clases"])
@pytest.mark.parametrize("ajuste", AJUSTES.values(), ids=AJUSTES)
def test_fit(ajuste, problema, precision):
    def con_objetivo(k):
        opciones = ajuste(k)
        if "validation_data" in opciones:
            x, _, pesos = opciones["validation_data"]
            opciones["validation_data"] = (x, problema[3][: len(x)], pesos)
        return opciones

    metricas = ["mae"] if problema is REGRESION else ["accuracy"]
    resultados = entrenar(
        precision,
        problema=problema,
        compilar=lambda k: {"metrics": metricas},
        ajuste=con_objetivo,
    )
    exigir_iguales(resultados, precision)


@pytest.mark.parametrize(
    ("problema", "pesos"),
    [
        (BINARIA, {0: 1.0, 1: 5.0}),
        (ENTERAS, {0: 1, 2: 0.2}),
        (ONE_HOT, {0: 3.0, 1: 0.5, 2: 1.0}),
    ],
    ids=["binaria", "enteras y una sin peso", "one-hot"],
)
def test_class_weight(problema, pesos, precision):
    resultados = entrenar(
        precision,
        problema=problema,
        compilar=lambda k: {"metrics": ["accuracy"]},
        ajuste=lambda k: {"class_weight": pesos, "validation_split": 0.2},
    )
    exigir_iguales(resultados, precision)
    lotes = [red.train_on_batch(X, problema[3], class_weight=pesos) for red, _ in resultados]
    np.testing.assert_allclose(lotes[1], lotes[0], rtol=TOLERANCIAS[precision])


@pytest.mark.parametrize("problema", [BINARIA, ENTERAS, ONE_HOT], ids=["binaria", "enteras", "una"])
def test_metricas_de_clases(problema, precision):
    *cabeza, perdida, y = problema
    problema = (*cabeza, perdida, y[:, None] if problema is BINARIA else y)

    def metricas(k):
        clase = {"b": "BinaryCrossentropy", "s": "SparseCategoricalCrossentropy"}.get(perdida[0])
        ce = getattr(k.metrics, clase or "CategoricalCrossentropy")
        lista = ["accuracy", ce(name="ce"), *([] if perdida[0] == "b" else [perdida])]
        if perdida[0] == "b":
            cuentas = ("TruePositives", "TrueNegatives", "FalsePositives", "FalseNegatives")
            lista += [getattr(k.metrics, nombre)() for nombre in cuentas]
            lista += [k.metrics.AUC(), k.metrics.AUC(num_thresholds=20)]
            lista += [k.metrics.Precision(thresholds=0.4, name="p"), k.metrics.Recall()]
        return {"metrics": lista}

    keras.utils.clear_session()
    desde_cero.utils.clear_session()

    resultados = entrenar(
        precision, problema=problema, compilar=metricas, ajuste=lambda k: {"validation_split": 0.2}
    )
    exigir_iguales(resultados, precision)
    assert resultados[1][0].metrics_names == resultados[0][0].metrics_names


def test_poisson_como_keras(precision):
    cuentas = np.random.default_rng(1).poisson(2.0, size=(60, 1))
    resultados = entrenar(precision, problema=(1, "exponential", "poisson", cuentas))
    exigir_iguales(resultados, precision)


def test_evaluate_con_pesos_como_keras(precision):
    redes = [red for red, _ in entrenar(precision)]
    medidas = [
        red.evaluate(X, REGRESION[3], batch_size=16, verbose=0, sample_weight=PESOS)
        for red in redes
    ]
    assert medidas[1] == pytest.approx(medidas[0], rel=TOLERANCIAS[precision])
    medidas = [red.test_on_batch(X, REGRESION[3], sample_weight=PESOS) for red in redes]
    assert medidas[1] == pytest.approx(float(medidas[0]), rel=TOLERANCIAS[precision])
    np.testing.assert_allclose(
        redes[1].predict_on_batch(X[:3]), redes[0].predict_on_batch(X[:3]), rtol=1e-4, atol=1e-6
    )


INICIALIZADORES = {
    "HeNormal": {},
    "HeUniform": {},
    "LecunNormal": {},
    "LecunUniform": {},
    "GlorotNormal": {},
    "RandomUniform": {},
    "RandomNormal": {"stddev": 0.3},
    "TruncatedNormal": {"mean": 1.0, "stddev": 0.5},
    "VarianceScaling": {"scale": 2.0, "mode": "fan_avg", "distribution": "uniform"},
    "Constant": {"value": 0.25},
    "Ones": {},
}


@pytest.mark.parametrize("nombre", INICIALIZADORES)
def test_inicializadores_con_la_distribucion_de_keras(nombre, precision):
    """Los números no son los mismos; la distribución, sí: se ve en los cuantiles."""
    muestras = []
    for k in (keras, desde_cero):
        k.utils.set_random_seed(1)
        inicial = getattr(k.initializers, nombre)(**INICIALIZADORES[nombre])
        capa = k.layers.Dense(300, kernel_initializer=inicial)
        k.Sequential([k.Input((200,)), capa])
        muestras.append(np.array(capa.get_weights()[0]))
    propia, de_keras = muestras[1], muestras[0]
    cuantos = np.linspace(0.02, 0.98, 25)
    margen = 0.03 * de_keras.std() + 1e-12
    np.testing.assert_allclose(
        np.quantile(propia, cuantos), np.quantile(de_keras, cuantos), atol=margen, rtol=0
    )
    assert np.abs(propia).max() == pytest.approx(np.abs(de_keras).max(), rel=0.25)
    minuscula = desde_cero.initializers.get(en_minusculas(nombre))
    assert type(minuscula).__name__ == nombre


def test_la_comparacion_nota_una_pieza_distinta(precision):
    """Si un lado recorta y el otro no, estas pruebas fallan."""
    recortes = {keras: {"clipnorm": 0.1}, desde_cero: {}}
    resultados = entrenar(
        precision, compilar=lambda k: {"optimizer": k.optimizers.SGD(0.1, **recortes[k])}
    )
    with pytest.raises(AssertionError):
        exigir_iguales(resultados, precision)


def test_input_dim_da_el_consejo_de_keras():
    for k, consejo in ((keras, "prefer using an `Input"), (desde_cero, r"escribe keras\.Input")):
        with pytest.warns(UserWarning, match=consejo):
            red = k.Sequential([k.layers.Dense(2, input_dim=4)])
        assert red.output_shape == (None, 2)


# ---- Congelar y descongelar ----


def test_congelar_despues_de_crear_y_volver_a_compilar(gemelas):
    redes = gemelas(lambda k: [k.Input((4,)), *_ocultas(k), k.layers.Dense(2)])
    for red in redes:
        red.layers[0].trainable = False
        red.compile("adam", "mse")
        red.fit(X, REGRESION[3], epochs=2, shuffle=False, verbose=0)
        red.trainable = True  # Ya lo era: como en Keras, no descongela ninguna capa
        red.compile("adam", "mse")
        red.fit(X, REGRESION[3], epochs=2, shuffle=False, verbose=0)
        red.trainable = False
        red.trainable = True
        red.compile("adam", "mse")
        red.fit(X, REGRESION[3], epochs=2, shuffle=False, verbose=0)
    for w, esperado in zip(redes[1].get_weights(), redes[0].get_weights(), strict=True):
        np.testing.assert_allclose(w, esperado, rtol=1e-4, atol=1e-5)


def test_congelar_sin_volver_a_compilar_no_vale_y_se_avisa():
    red = desde_cero.Sequential([desde_cero.Input((4,)), *_ocultas(desde_cero)])
    red.compile("sgd", "mse")
    red.fit(X, X[:, [0] * 5], verbose=0)
    red.layers[0].trainable = False
    antes = red.get_weights()[0]
    with pytest.warns(UserWarning, match="vale desde el siguiente compile"):
        red.fit(X, X[:, [0] * 5], verbose=0)
    assert (red.get_weights()[0] != antes).any()
    red.compile("sgd", "mse")
    antes = red.get_weights()[0]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        red.fit(X, X[:, [0] * 5], verbose=0)
    np.testing.assert_array_equal(red.get_weights()[0], antes)


def test_un_optimizador_usado_con_otros_pesos_se_explica():
    optimizador = desde_cero.optimizers.Adam()
    for d_out in (1, 2):
        red = desde_cero.Sequential([desde_cero.Input((4,)), desde_cero.layers.Dense(d_out)])
        red.compile(optimizador, "mse")
        if d_out == 1:
            red.fit(X, X[:, :1], verbose=0)
    with pytest.raises(ValueError, match="ya se usó con otros pesos"):
        red.fit(X, X[:, :2], verbose=0)


IMPOSIBLES = {
    "class_weight que no es diccionario": (
        {"class_weight": [1, 2]},
        r"class_weight=\[1, 2\] debe ser un diccionario",
    ),
    "los dos pesos": ({"class_weight": {0: 1}, "sample_weight": PESOS}, "no los dos a la vez"),
    "pesos de más": ({"sample_weight": PESOS[:5]}, "se espera un peso por fila"),
    "initial_epoch sin épocas": ({"initial_epoch": 4, "epochs": 4}, "no dejan ninguna época"),
    "initial_epoch con decimales": ({"initial_epoch": 0.5}, "initial_epoch=0.5"),
    "validation_freq cero": ({"validation_freq": 0}, "validation_freq=0"),
}


@pytest.mark.parametrize(("opciones", "mensaje"), IMPOSIBLES.values(), ids=IMPOSIBLES)
def test_lo_imposible_en_fit_se_explica(opciones, mensaje):
    red = desde_cero.Sequential([desde_cero.Input((4,)), desde_cero.layers.Dense(1)])
    red.compile(loss="mse")
    with pytest.raises(ValueError, match=mensaje):
        red.fit(X, X[:, 0], **{"verbose": 0} | opciones)


def test_dos_recortes_a_la_vez_se_explican():
    with pytest.raises(ValueError, match="solo uno de clipnorm"):
        desde_cero.optimizers.SGD(clipnorm=1, clipvalue=1)


def test_variance_scaling_de_las_otras_formas():
    for mode in ("fan_in", "fan_out"):
        for distribution in ("untruncated_normal", "truncated_normal"):
            muestras = [
                np.array(k.initializers.VarianceScaling(3.0, mode, distribution)((300, 200)))
                for k in (keras, desde_cero)
            ]
            assert muestras[1].std() == pytest.approx(muestras[0].std(), rel=0.02)
            assert abs(muestras[1]).max() == pytest.approx(abs(muestras[0]).max(), rel=0.25)
    with pytest.raises(ValueError, match="mode='fan' no existe: usa 'fan_in'"):
        desde_cero.initializers.VarianceScaling(mode="fan")


@pytest.mark.parametrize("opciones", [{}, {"axis": 1, "order": 1}])
def test_normalize_como_keras(opciones):
    esperado = keras.utils.normalize(X, **opciones)
    np.testing.assert_allclose(desde_cero.utils.normalize(X, **opciones), esperado, rtol=1e-6)


def test_pop_quita_la_ultima_capa():
    red = desde_cero.Sequential([desde_cero.Input((4,)), *_ocultas(desde_cero)])
    red.add(desde_cero.layers.Dense(1))
    assert red.pop().units == 1
    assert red.output_shape == (None, 5)
    assert red.predict(X).shape == (60, 5)
    with pytest.raises(ValueError, match="no tiene capas que quitar"):
        desde_cero.Sequential().pop()


def test_dos_redes_sin_nombre_se_numeran():
    red = desde_cero.Sequential([desde_cero.Sequential(_ocultas(desde_cero)) for _ in range(2)])
    assert [capa.name for capa in red.layers] == ["sequential", "sequential_1"]


def test_una_red_compartida_se_entrena_en_las_dos():
    base = desde_cero.Sequential([desde_cero.Input((4,)), *_ocultas(desde_cero)])
    red = desde_cero.Sequential([base, desde_cero.layers.Dense(1)])
    red.compile("sgd", "mse")
    antes = base.get_weights()[0]
    red.fit(X, X[:, 0], verbose=0)
    assert (base.get_weights()[0] != antes).any()
    assert red.layers[0] is base
    entrada = desde_cero.Input((4,))
    funcional = desde_cero.Model(entrada, base(entrada))
    np.testing.assert_array_equal(funcional.predict(X), base.predict(X))
    with pytest.raises(ValueError, match="tiene otra red entre sus capas"):
        desde_cero.models.clone_model(red)
    copia = desde_cero.models.clone_model(base)
    assert (copia.get_weights()[0] != base.get_weights()[0]).any()
    assert copia.output_shape == base.output_shape
