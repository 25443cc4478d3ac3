"""Las pérdidas y sus gradientes contra Keras, con probabilidades y con la cabeza incluida."""

import numpy as np
import pytest

from cursokeras import desde_cero
from cursokeras._backend import keras, tf
from cursokeras.desde_cero import losses

NOMBRES = [
    "mse",
    "mae",
    "binary_crossentropy",
    "categorical_crossentropy",
    "sparse_categorical_crossentropy",
]
AZAR = np.random.default_rng(0)
PREDICCIONES = {
    "probabilidades": AZAR.dirichlet(np.ones(3), size=7),
    "filas que no suman uno": AZAR.uniform(0.05, 0.9, size=(7, 3)),
    "con ceros y unos": np.vstack([np.eye(3), np.full((4, 3), 1 / 3)]),
    "fuera de [0, 1]": AZAR.uniform(0.2, 3, size=(7, 3)),
}
ETIQUETAS = np.array([0, 1, 2, 2, 1, 0, 1])


def _objetivo(nombre):
    return ETIQUETAS if nombre.startswith("sparse") else np.eye(3)[ETIQUETAS]


def _de_keras(nombre, y, entrada, red=lambda x: x, peso=None):
    """Valor y gradiente respecto a la entrada de la red, según Keras."""
    perdida = keras.losses.get(nombre)
    tensor = tf.constant(entrada)
    with tf.GradientTape() as cinta:
        cinta.watch(tensor)
        filas = perdida(tf.constant(y), red(tensor))
        total = tf.reduce_mean(filas * (1.0 if peso is None else tf.constant(peso)))
    return total.numpy(), cinta.gradient(total, tensor).numpy()


@pytest.mark.parametrize("p", PREDICCIONES.values(), ids=PREDICCIONES)
@pytest.mark.parametrize("nombre", NOMBRES)
def test_valor_y_gradiente_como_keras(nombre, p, floatx64):
    y = _objetivo(nombre)
    valor, gradiente = _de_keras(nombre, y, p)
    perdida = losses.get(nombre)
    assert perdida.forward(y, p) == pytest.approx(valor, rel=1e-12)
    np.testing.assert_allclose(perdida.backward(), gradiente, rtol=1e-9, atol=1e-14)


@pytest.mark.parametrize("nombre", NOMBRES)
def test_pesos_por_fila_como_keras(nombre, floatx64):
    y, p, peso = _objetivo(nombre), PREDICCIONES["probabilidades"], np.arange(7.0)
    valor, gradiente = _de_keras(nombre, y, p, peso=peso)
    perdida = losses.get(nombre)
    assert perdida.forward(y, p, peso) == pytest.approx(valor, rel=1e-12)
    np.testing.assert_allclose(perdida.backward(), gradiente, rtol=1e-9, atol=1e-14)


@pytest.mark.parametrize("escala", [1, 3000], ids=["normal", "saturada"])
@pytest.mark.parametrize("cabeza", ["softmax", "sigmoid"])
@pytest.mark.parametrize("nombre", NOMBRES[2:])
@pytest.mark.filterwarnings("ignore:La salida usa")
def test_entropia_desde_z_como_keras(nombre, cabeza, escala, floatx64):
    """También las parejas cambiadas: Keras toma z como si la cabeza fuera la de la pérdida."""
    z = np.random.default_rng(2).normal(size=(7, 3)) * escala
    y = _objetivo(nombre)
    valor, gradiente = _de_keras(nombre, y, z, red=keras.activations.get(cabeza))
    red = desde_cero.Sequential([desde_cero.layers.Activation(cabeza)], dtype="float64")
    red.compile(loss=nombre)
    y_pred = red.forward(z)
    assert red.calcular_perdida(y, y_pred) == pytest.approx(valor, rel=1e-9)
    np.testing.assert_allclose(red.loss.backward(), gradiente, rtol=1e-9, atol=1e-14)


@pytest.mark.parametrize("nombre", NOMBRES[2:])
def test_from_logits_como_keras(nombre, floatx64):
    z = np.random.default_rng(2).normal(size=(7, 3)) * 5
    y = _objetivo(nombre)
    clase = type(losses.get(nombre)).__name__
    esperado = getattr(keras.losses, clase)(from_logits=True)(y, z)
    propia = getattr(losses, clase)(from_logits=True)
    assert propia.forward(y, z) == pytest.approx(float(esperado), rel=1e-12)


def test_gradiente_de_softmax_con_entropia_es_p_menos_y():
    z = np.array([[2.0, 1.0, 0.1]])
    perdida = losses.CategoricalCrossentropy(from_logits=True)
    perdida.forward(np.array([[0.0, 1.0, 0.0]]), z)
    p = np.exp(z) / np.exp(z).sum()
    np.testing.assert_allclose(perdida.backward(), p - [[0, 1, 0]])


@pytest.mark.parametrize(
    ("nombre", "y", "p", "esperado"),
    [
        ("mse", [20, 3, 1], [10, 8, 6], 50.0),
        ("bce", [1, 0], [0.9, 0.2], 0.164252),
        ("sparse_categorical_crossentropy", [0, 2], [[0.1, 0.3, 0.6], [0.3, 0.2, 0.5]], 1.497866),
    ],
    ids=["tabla de errores cuadrados", "log_loss de scikit-learn", "ejemplo de clasificación"],
)
def test_figuras_del_curso(nombre, y, p, esperado):
    p = np.reshape(p, (len(y), -1))
    assert losses.get(nombre)(y, p) == pytest.approx(esperado, abs=1e-6)


@pytest.mark.parametrize("nombre", ["mse", "mae", "binary_crossentropy"])
def test_y_de_una_dimension_no_se_difunde(nombre):
    """`(n,)` contra `(n, 1)` sería (n, n) en NumPy; aquí es una columna."""
    y, p = np.array([1.0, 0.0, 1.0]), np.array([[0.8], [0.3], [0.6]])
    perdida = losses.get(nombre)
    assert perdida.forward(y, p) == perdida.forward(y[:, None], p)
    assert perdida.backward().shape == (3, 1)


@pytest.mark.parametrize(
    ("nombre", "y", "d_out", "mensaje"),
    [
        ("mse", np.zeros((4, 3)), 1, "la red tiene 1 salidas"),
        ("categorical_crossentropy", [0, 1, 2], 3, "to_categorical"),
        ("categorical_crossentropy", [[1, 0, 0], [0, 0, 0]], 3, "La fila 1 de y"),
        ("sparse_categorical_crossentropy", np.eye(3), 3, "usa loss='categorical_crossentropy'"),
        ("sparse_categorical_crossentropy", [0, 3], 3, "Llegó la etiqueta 3"),
        ("sparse_categorical_crossentropy", [0, -1], 3, "Llegó la etiqueta -1"),
        ("sparse_categorical_crossentropy", [0, 1.5], 3, "enteros desde 0"),
        ("sparse_categorical_crossentropy", ["gato", "perro"], 3, "return_inverse"),
        ("sparse_categorical_crossentropy", [0, 1], 1, "binary_crossentropy"),
    ],
    ids=[
        "columnas de más",
        "enteros con categórica",
        "fila one-hot vacía",
        "one-hot con dispersa",
        "clase que la red no tiene",
        "etiqueta negativa",
        "etiqueta con decimales",
        "etiquetas de texto",
        "dispersa con una salida",
    ],
)
def test_objetivos_que_no_corresponden(nombre, y, d_out, mensaje):
    with pytest.raises(ValueError, match=mensaje):
        losses.get(nombre).preparar(y, d_out)
