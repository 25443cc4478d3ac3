"""Los programas de Keras del curso: el mismo texto corre con Keras y con `desde_cero`.

Cada programa es un texto que solo supone que existe el nombre `keras`. Se ejecuta dos veces
cambiando la primera línea. Donde el resultado depende de los pesos iniciales, el programa crea
`modelo` antes de la línea `# Entrenar`, y ahí se copian los pesos de la red de Keras en la otra.
"""

import functools

import numpy as np
import pytest

from cursokeras._backend import keras

IMPORTS = ("import keras", "from cursokeras import desde_cero as keras")

DATOS_DE_ESTUDIANTES = """
import numpy as np

x = np.array([[2, 24, 4], [5, 22, 3], [7, 25, 4], [9, 20, 7],
              [10, 19, 4], [11, 20, 3], [13.4, 21, 5], [14, 20, 3]])
notas = np.array([[7, 7.2], [4.5, 5.2], [6.3, 6], [5.4, 4.4],
                  [8.2, 9.5], [7.2, 8.1], [5.5, 10], [3, 4.3]])
aprobo = np.array([0, 1, 0, 1, 0, 0, 1, 0])
carrera = np.array([0, 1, 1, 2, 0, 2, 1, 0])
escalada = (x - x.mean(axis=0)) / x.std(axis=0)
"""

DULONG = """
import numpy as np

modelo = keras.Sequential([keras.Input(shape=(6,)), keras.layers.Dense(1, use_bias=False)])
modelo.set_weights([np.array([[38.2], [84.9], [-84.9 / 8], [0], [-0.5], [-0.62]])])
metano_y_alcohol = np.array([[0.75, 0.25, 0, 1, 0, 0], [0.52, 0.13, 0.35, 0, 1, 0]])
energia = modelo.predict(metano_y_alcohol, verbose=0)
"""

RECTA_SINTETICA = """
import numpy as np

azar = np.random.default_rng(0)
X = azar.normal(size=(1000, 2))
y = X @ [2, -3.4] + 4.2 + azar.normal(scale=0.01, size=1000)
inicial = keras.initializers.RandomNormal(stddev=0.01)
modelo = keras.Sequential()
modelo.add(keras.Input(shape=(2,)))
modelo.add(keras.layers.Dense(1, kernel_initializer=inicial))
modelo.compile(loss="mse", optimizer=keras.optimizers.SGD(learning_rate=0.1))
historia = modelo.fit(X, y, epochs=3, batch_size=50, verbose=0)
w, b = modelo.layers[0].get_weights()
perdida = modelo.evaluate(X, y, verbose=0)
"""

IMAGENES = """
import numpy as np

azar = np.random.default_rng(0)
clases = azar.integers(0, 10, 600)
dibujos = azar.uniform(size=(10, 28, 28))
imagenes = np.clip(dibujos[clases] + azar.normal(scale=0.3, size=(600, 28, 28)), 0, 1)
modelo = keras.Sequential([
    keras.Input(shape=(28, 28)),
    keras.layers.Flatten(),
    keras.layers.Dense(10, activation="softmax"),
])
# Entrenar
modelo.compile(
    optimizer=keras.optimizers.SGD(learning_rate=0.1),
    loss="sparse_categorical_crossentropy",
    metrics=["accuracy"],
)
modelo.fit(imagenes[:500], clases[:500], epochs=5, batch_size=256, shuffle=False, verbose=0,
           validation_data=(imagenes[500:], clases[500:]))
historia = modelo.history.history
perdida, exactitud = modelo.evaluate(imagenes[500:], clases[500:], verbose=0)
probabilidades = modelo.predict(imagenes[:4], verbose=0)
elegidas = probabilidades.argmax(axis=1)
"""

PERCEPTRON = """
import numpy as np

horas = np.array([0.5, 1, 1.5, 2, 3, 3.5, 4, 5])
aprobo = np.array([0, 0, 0, 1, 0, 1, 1, 1])
modelo = keras.models.Sequential([keras.Input((1,)), keras.layers.Dense(1, activation="sigmoid")])
# Entrenar
modelo.compile(loss=keras.losses.BinaryCrossentropy(), optimizer="sgd", metrics=["accuracy"])
historia = modelo.fit(horas, aprobo, epochs=10, verbose=0).history
w1, w0 = modelo.get_weights()
a_mano = 1 / (1 + np.exp(-(w0 + w1[0] * 2.5)))
predicho = modelo.predict(np.array([[2.5]]), verbose=0)[0]
diferencia = predicho - a_mano
"""

NOTAS_DE_LA_DIAPOSITIVA = (
    DATOS_DE_ESTUDIANTES
    + """
modelo = keras.Sequential([keras.Input(shape=(3,)), keras.layers.Dense(2)])
modelo.layers[0].set_weights([np.array([[1, 4], [2, 5], [3, 6]]), np.array([-46, -108])])
modelo.compile(loss="mse", optimizer="sgd", metrics=["mae"])
predichas = modelo.predict(x, verbose=0)
perdida, error_absoluto = modelo.evaluate(x, notas, verbose=0)
"""
)

NOTAS_SIN_ESCALAR = (
    DATOS_DE_ESTUDIANTES
    + """
modelo = keras.Sequential([keras.Input(shape=(3,)), keras.layers.Dense(2)])
modelo.compile(loss="mse", optimizer=keras.optimizers.SGD(0.01))
historia = modelo.fit(x, notas, epochs=60, batch_size=32, verbose=0).history
ultima = historia["loss"][-1]
"""
)

NOTAS_CON_CAPAS_OCULTAS = (
    DATOS_DE_ESTUDIANTES
    + """
modelo = keras.Sequential([
    keras.Input(shape=(3,)),
    keras.layers.Dense(4, activation="tanh"),
    keras.layers.Dense(5, activation="relu"),
    keras.layers.Dense(2),
])
# Entrenar
modelo.compile(loss="mean_squared_error", optimizer="SGD", metrics=["mae"])
historia = modelo.fit(escalada, notas, epochs=10, batch_size=32, verbose=0).history
predichas = modelo.predict(escalada, verbose=0)
parametros = modelo.count_params()
"""
)

CARRERA_CON_ENTEROS = (
    DATOS_DE_ESTUDIANTES
    + """
modelo = keras.Sequential([
    keras.Input(shape=(3,)),
    keras.layers.Dense(4, activation=keras.activations.tanh),
    keras.layers.Dense(5, activation=keras.activations.relu),
    keras.layers.Dense(3, activation=keras.activations.softmax),
])
# Entrenar
modelo.compile(
    optimizer=keras.optimizers.SGD(0.1, momentum=0.9),
    loss=keras.losses.SparseCategoricalCrossentropy(),
    metrics=["accuracy"],
)
historia = modelo.fit(escalada, carrera, epochs=10, batch_size=32, verbose=0).history
elegida = modelo.predict(escalada, verbose=0).argmax(axis=1)
"""
)

CARRERA_ONE_HOT = (
    DATOS_DE_ESTUDIANTES
    + """
one_hot = keras.utils.to_categorical(carrera, num_classes=3)
modelo = keras.Sequential()
modelo.add(keras.Input(shape=(3,)))
modelo.add(keras.layers.Dense(4))
modelo.add(keras.layers.Activation("tanh"))
modelo.add(keras.layers.Dense(3))
modelo.add(keras.layers.Activation("softmax"))
# Entrenar
modelo.compile(loss="categorical_crossentropy", optimizer="adam", metrics=["accuracy"])
historia = modelo.fit(escalada, one_hot, epochs=10, verbose=0).history
predichas = modelo.predict(escalada, verbose=0)
"""
)

CAPAS_LINEALES_COLAPSAN = (
    DATOS_DE_ESTUDIANTES
    + """
capas = [keras.layers.Dense(4), keras.layers.Dense(5), keras.layers.Dense(2)]
modelo = keras.Sequential([keras.Input(shape=(3,)), *capas])
# Entrenar
W1, b1, W2, b2, W3, b3 = modelo.get_weights()
W5, b5 = W1 @ W2 @ W3, (b1 @ W2 + b2) @ W3 + b3
salida = modelo.predict(escalada, verbose=0)
diferencia = salida - (escalada @ W5 + b5)
"""
)

XOR = """
import numpy as np

x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
y = np.array([0, 1, 1, 0])
sin_oculta = keras.Sequential([
    keras.Input((2,)), keras.layers.Dense(1, "sigmoid", kernel_initializer="zeros"),
])
modelo = keras.Sequential([
    keras.Input((2,)), keras.layers.Dense(8, "tanh"), keras.layers.Dense(1, "sigmoid"),
])
# Entrenar
for red in (sin_oculta, modelo):
    red.compile("adam", "binary_crossentropy", metrics=["accuracy"])
    red.optimizer.learning_rate = 0.2
    red.fit(x, y, epochs=15, batch_size=4, verbose=0)
perdida_lineal = sin_oculta.evaluate(x, y, verbose=0)[0]
exactitud = modelo.evaluate(x, y, verbose=0)[1]
"""

AUTOS_USADOS = """
import numpy as np

azar = np.random.default_rng(1)
x = azar.normal(size=(190, 10))
precio = x @ azar.normal(size=10) + np.maximum(x[:, 0], 0) + azar.normal(scale=0.1, size=190)
modelo = keras.Sequential([
    keras.Input(shape=(10,)),
    keras.layers.Dense(50, activation="relu"),
    keras.layers.Dense(25, activation="relu"),
    keras.layers.Dense(1),
])
# Entrenar
class DetenerPorBrecha(keras.callbacks.Callback):
    def on_epoch_end(self, epoch, logs=None):
        if logs["val_loss"] > 1.2 * logs["loss"]:
            self.model.stop_training = True


modelo.compile(
    optimizer=keras.optimizers.Adam(learning_rate=0.01),
    loss="mse",
    metrics=["mae", keras.metrics.RootMeanSquaredError()],
)
parada = keras.callbacks.EarlyStopping(patience=3, restore_best_weights=True)
historia = modelo.fit(x, precio, epochs=12, batch_size=32, validation_split=0.2, shuffle=False,
                      callbacks=[parada, DetenerPorBrecha()], verbose=0).history
epocas = len(historia["loss"])
predichos = modelo.predict(x[:5], verbose=0)
"""

REGULARIZADORES_Y_DROPOUT = (
    DATOS_DE_ESTUDIANTES
    + """
keras.utils.set_random_seed(0)
modelo = keras.Sequential([
    keras.Input(shape=(3,)),
    keras.layers.Dense(4, "relu", kernel_regularizer=keras.regularizers.L2(0.01)),
    keras.layers.Dropout(0.5),
    keras.layers.Dense(1, "sigmoid", kernel_regularizer="l1"),
])
# Entrenar
modelo.compile(loss="bce", optimizer=keras.optimizers.RMSprop(), metrics=["accuracy"])
antes = modelo.evaluate(escalada, aprobo, verbose=0)
probabilidades = modelo.predict(escalada, verbose=0)
"""
)

# Cada programa con los nombres que deben coincidir y con la tolerancia: la del redondeo de
# float32, mayor donde el resultado pasa por muchos pasos o por lotes en otro orden.
PROGRAMAS = {
    "fórmula de Dulong": (DULONG, ["energia"], 1e-5),
    "recta sintética": (RECTA_SINTETICA, ["w", "b", "perdida"], 2e-3),
    "imágenes con softmax": (
        IMAGENES,
        ["historia", "perdida", "exactitud", "probabilidades", "elegidas"],
        2e-5,
    ),
    "perceptrón de una variable": (PERCEPTRON, ["historia", "predicho", "diferencia"], 1e-5),
    "notas con los pesos de la diapositiva": (
        NOTAS_DE_LA_DIAPOSITIVA,
        ["predichas", "perdida", "error_absoluto"],
        1e-4,
    ),
    "notas con capas ocultas": (
        NOTAS_CON_CAPAS_OCULTAS,
        ["historia", "predichas", "parametros"],
        1e-4,
    ),
    "carrera con etiquetas enteras": (CARRERA_CON_ENTEROS, ["historia", "elegida"], 1e-4),
    "carrera one-hot": (CARRERA_ONE_HOT, ["historia", "predichas"], 1e-4),
    "tres capas lineales": (CAPAS_LINEALES_COLAPSAN, ["salida", "diferencia"], 1e-5),
    "XOR": (XOR, ["perdida_lineal", "exactitud"], 1e-4),
    "autos usados": (AUTOS_USADOS, ["historia", "epocas", "predichos"], 2e-4),
    "regularizadores y Dropout": (REGULARIZADORES_Y_DROPOUT, ["antes", "probabilidades"], 1e-5),
}


@pytest.fixture(autouse=True)
def sin_grafos(monkeypatch):
    """Con tan pocos pasos, Keras tarda más en compilar cada red que en entrenarla."""
    compilar = functools.partialmethod(keras.Sequential.compile, run_eagerly=True)
    monkeypatch.setattr(keras.Sequential, "compile", compilar)


def correr(programa):
    """Ejecuta el programa con cada import y devuelve los dos espacios de nombres."""
    construir, _, entrenar = programa.partition("# Entrenar\n")
    espacios, pesos = [], None
    for linea in IMPORTS:
        keras.utils.set_random_seed(5)
        espacio = {}
        exec(f"{linea}\n{construir}", espacio)
        if entrenar:
            pesos = espacio["modelo"].get_weights() if pesos is None else pesos
            espacio["modelo"].set_weights(pesos)
            exec(entrenar, espacio)
        espacios.append(espacio)
    return espacios


def comparar(obtenido, esperado, tolerancia):
    if isinstance(esperado, dict):
        assert obtenido.keys() == esperado.keys()
        esperado, obtenido = (np.array([d[k] for k in esperado]) for d in (esperado, obtenido))
    np.testing.assert_allclose(obtenido, esperado, rtol=tolerancia, atol=tolerancia)


@pytest.mark.parametrize(("programa", "nombres", "tolerancia"), PROGRAMAS.values(), ids=PROGRAMAS)
def test_el_mismo_programa_da_lo_mismo(programa, nombres, tolerancia):
    con_keras, propio = correr(programa)
    assert con_keras["keras"].__name__ == "keras"
    assert propio["keras"].__name__ == "cursokeras.desde_cero"
    for nombre in nombres:
        comparar(propio[nombre], con_keras[nombre], tolerancia)


@pytest.fixture
def propio():
    """Función que corre un programa solo con `desde_cero`."""

    def correr_propio(programa):
        espacio = {}
        keras.utils.set_random_seed(5)
        exec(f"{IMPORTS[1]}\n{programa}", espacio)
        return espacio

    return correr_propio


def test_dulong_da_las_figuras_del_curso(propio):
    energia = propio(DULONG)["energia"]
    np.testing.assert_allclose(energia, [[49.875], [26.6866]], atol=1e-4)


def test_la_recta_recupera_los_pesos_verdaderos(propio):
    resultado = propio(RECTA_SINTETICA)
    np.testing.assert_allclose(resultado["w"], [[2], [-3.4]], atol=3e-3)
    np.testing.assert_allclose(resultado["b"], [4.2], atol=3e-3)
    assert resultado["perdida"] == pytest.approx(1e-4, rel=0.2)
    assert len(resultado["historia"].history["loss"]) == 3


def test_las_notas_dan_las_figuras_de_la_diapositiva(propio):
    resultado = propio(NOTAS_DE_LA_DIAPOSITIVA)
    esperadas = [(16, 44), (12, 40), (23, 69), (24, 70), (14, 51), (14, 54), (24.4, 80.6), (17, 66)]
    np.testing.assert_allclose(resultado["predichas"], esperadas, rtol=1e-6)
    assert resultado["perdida"] == pytest.approx(1553.32, abs=0.005)


def test_las_columnas_sin_escalar_divergen_y_aqui_se_avisa():
    """El programa de las diapositivas llega a nan: Keras calla y `desde_cero` lo dice."""
    with pytest.warns(UserWarning, match="diverge"):
        con_keras, propio = correr(NOTAS_SIN_ESCALAR)
    assert np.isnan(con_keras["ultima"])
    assert np.isnan(propio["ultima"])
    assert len(propio["historia"]["loss"]) == 60


def test_tres_capas_lineales_son_una(propio):
    assert np.abs(propio(CAPAS_LINEALES_COLAPSAN)["diferencia"]).max() < 1e-5


def test_xor_necesita_la_capa_oculta(propio):
    resultado = propio(XOR)
    assert resultado["perdida_lineal"] == pytest.approx(np.log(2), abs=1e-6)
    assert resultado["exactitud"] == 1.0


def test_dropout_no_actua_al_evaluar_y_si_al_entrenar(propio):
    espacio = propio(REGULARIZADORES_Y_DROPOUT)
    red, x = espacio["modelo"], espacio["escalada"]
    np.testing.assert_array_equal(red.predict(x), espacio["probabilidades"])
    assert not np.array_equal(red(x, training=True), red(x, training=True))


def test_la_semilla_repite_el_entrenamiento(propio):
    """`set_random_seed` fija los pesos, el orden de las filas y las máscaras de Dropout."""
    entrenar = "historia = modelo.fit(escalada, aprobo, epochs=5, batch_size=2, verbose=0).history"
    historias = [propio(f"{REGULARIZADORES_Y_DROPOUT}\n{entrenar}")["historia"] for _ in range(2)]
    assert historias[0] == historias[1]
