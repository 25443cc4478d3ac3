"""`verificar_gradientes`: acepta las redes correctas y nombra la capa que se equivoca."""

import itertools
import warnings

import numpy as np
import pytest

from cursokeras import desde_cero as keras

ACTIVACIONES = ["linear", "relu", "tanh", "sigmoid", "softmax"]
ETIQUETAS = np.array([0, 2, 1, 1, 2])
OBJETIVOS = {
    "mse": np.random.default_rng(1).normal(size=(5, 3)),
    "mae": np.random.default_rng(1).normal(size=(5, 3)),
    "binary_crossentropy": np.array([[0, 1, 1], [1, 0, 0], [1, 1, 1], [0, 0, 1], [0, 1, 0]]),
    "categorical_crossentropy": np.eye(3)[ETIQUETAS],
    "sparse_categorical_crossentropy": ETIQUETAS,
}
DESDE_Z = {
    "binaria desde z": ("BinaryCrossentropy", "binary_crossentropy"),
    "categórica desde z": ("CategoricalCrossentropy", "categorical_crossentropy"),
    "dispersa desde z": ("SparseCategoricalCrossentropy", "sparse_categorical_crossentropy"),
}
PERDIDAS = {nombre: (lambda n=nombre: keras.losses.get(n), y) for nombre, y in OBJETIVOS.items()}
PERDIDAS |= {
    idea: (lambda c=clase: getattr(keras.losses, c)(from_logits=True), OBJETIVOS[nombre])
    for idea, (clase, nombre) in DESDE_Z.items()
}

capas = keras.layers
CAPAS = {
    "dos densas": lambda oculta, cabeza: [capas.Dense(3, oculta), capas.Dense(3, cabeza)],
    "sin sesgo": lambda oculta, cabeza: [
        capas.Dense(3, oculta, use_bias=False),
        capas.Dense(3, cabeza, use_bias=False),
    ],
    "activaciones en su capa": lambda oculta, cabeza: [
        capas.Dense(3),
        capas.Activation(oculta),
        capas.Dense(3),
        capas.Activation(cabeza),
    ],
    "con Flatten": lambda oculta, cabeza: [
        capas.Activation(oculta),
        capas.Flatten(),
        capas.Dense(3, cabeza),
    ],
    "con Dropout": lambda oculta, cabeza: [
        capas.Dense(4, oculta),
        capas.Dropout(0.4),
        capas.Dense(3, cabeza),
    ],
    "regularizadas": lambda oculta, cabeza: [
        capas.Dense(3, oculta, kernel_regularizer="l1", bias_regularizer="l2"),
        capas.Dense(3, cabeza, kernel_regularizer="l2", bias_regularizer="l1"),
    ],
}


def _red(lista, perdida, *, entrada=(2,)):
    """Una red con sesgos positivos: con salidas relu, ninguna fila queda toda en cero."""
    keras.utils.set_random_seed(3)
    red = keras.Sequential([keras.Input(entrada), *lista])
    azar = np.random.default_rng(0)
    desde = {1: 0.2, 2: -0.5}
    red.set_weights([azar.uniform(desde[w.ndim], 1, size=w.shape) for w in red.weights])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # Aquí también entran las parejas cambiadas
        red.compile(loss=perdida)
    return red


@pytest.mark.parametrize("perdida", PERDIDAS)
@pytest.mark.parametrize("arquitectura", CAPAS)
def test_toda_combinacion_de_capas_perdidas_y_activaciones(arquitectura, perdida):
    crear_perdida, y = PERDIDAS[perdida]
    entrada = (2, 2) if arquitectura == "con Flatten" else (2,)
    x = np.random.default_rng(2).uniform(-1, 2, size=(5, *entrada))
    cabezas = ["linear"] if perdida in DESDE_Z else ACTIVACIONES
    for oculta, cabeza in itertools.product(ACTIVACIONES, cabezas):
        red = _red(CAPAS[arquitectura](oculta, cabeza), crear_perdida(), entrada=entrada)
        peor = keras.verificar_gradientes(red, x, y)
        assert peor <= 1e-5, (oculta, cabeza)


# ---- Gradientes equivocados a propósito: cada clase tiene un solo error en su backward ----


def _con_grads(cambio):
    """Una Dense que cambia sus gradientes con `cambio(capa, grads)` después del backward."""

    class Equivocada(capas.Dense):
        def backward_desde_z(self, grad):
            anterior = super().backward_desde_z(grad)
            self.grads = cambio(self, self.grads)
            return anterior

    return Equivocada


class _SinDerivada(capas.Dense):
    """Olvida la derivada de la activación."""

    def backward(self, grad):
        return self.backward_desde_z(grad)


class _DerivadaEnZ(capas.Dense):
    """Evalúa la derivada de tanh, 1 − a², en z."""

    def backward(self, grad):
        return self.backward_desde_z(grad * (1 - self.z**2))


class _EntregaSinTransponer(capas.Dense):
    """dL/dx con W en vez de Wᵀ; solo se nota en la capa anterior."""

    def backward_desde_z(self, grad):
        super().backward_desde_z(grad)
        return grad @ self.kernel


class _Acumula(capas.Dense):
    """Suma los gradientes a los de la pasada anterior, como PyTorch sin zero_grad."""

    def backward_desde_z(self, grad):
        viejos = self.grads or [0, 0]
        anterior = super().backward_desde_z(grad)
        self.grads = [g + viejo + 0.1 for g, viejo in zip(self.grads, viejos, strict=True)]
        return anterior


class _SinPenalizacion(capas.Dense):
    """Suma la penalización a la pérdida pero no su gradiente."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, kernel_regularizer="l2", **kwargs)

    def backward_desde_z(self, grad):
        anterior = super().backward_desde_z(grad)
        self.grads[0] -= self.kernel_regularizer.backward(self.kernel)
        return anterior


def _un_elemento(capa, grads):
    grads[0][1, 2] *= 1.001
    return grads


EQUIVOCADAS = {
    "el doble": (_con_grads(lambda c, g: [2 * g[0], g[1]]), "kernel"),
    "la mitad en el sesgo": (_con_grads(lambda c, g: [g[0], g[1] / 2]), "bias"),
    "signo cambiado": (_con_grads(lambda c, g: [-g[0], -g[1]]), "kernel"),
    "suma en vez de media": (_con_grads(lambda c, g: [len(c.x) * g[0], g[1]]), "kernel"),
    "media en el sesgo": (_con_grads(lambda c, g: [g[0], g[1] / len(c.x)]), "bias"),
    "kernel transpuesto": (_con_grads(lambda c, g: [g[0].T, g[1]]), "kernel"),
    "kernel en cero": (_con_grads(lambda c, g: [0 * g[0], g[1]]), "kernel"),
    "sesgo en cero": (_con_grads(lambda c, g: [g[0], 0 * g[1]]), "bias"),
    "nan": (_con_grads(lambda c, g: [g[0], np.nan * g[1]]), "bias"),
    "un solo elemento, una parte en mil": (_con_grads(_un_elemento), "kernel"),
    "sin la derivada de la activación": (_SinDerivada, "kernel"),
    "la derivada evaluada en z": (_DerivadaEnZ, "kernel"),
    "gradientes que se acumulan": (_Acumula, "kernel"),
    "penalización sin gradiente": (_SinPenalizacion, "kernel"),
}
X = np.random.default_rng(2).normal(size=(5, 3))


def _mensaje(lista, *, perdida="mse", y=OBJETIVOS["mse"]):
    """El error de `verificar_gradientes` con estas capas, todas de tres neuronas."""
    red = _red(lista, perdida, entrada=(3,))
    with pytest.raises(ValueError, match="no coincide") as error:
        keras.verificar_gradientes(red, X, y)
    return str(error.value)


@pytest.mark.parametrize("lugar", [0, 1, 2], ids=["primera", "segunda", "última"])
@pytest.mark.parametrize(("clase", "parametro"), EQUIVOCADAS.values(), ids=EQUIVOCADAS)
def test_nombra_la_capa_y_el_parametro_equivocados(clase, parametro, lugar):
    lista = [capas.Dense(3, "tanh", name=f"capa_{i}") for i in range(3)]
    lista[lugar] = clase(3, "tanh", name="mala")
    mensaje = _mensaje(lista)
    assert f"gradiente de {parametro} en la capa 'mala'" in mensaje
    assert "Revisa el backward de 'mala'" in mensaje


def test_dice_la_posicion_y_los_dos_numeros():
    red = _red([_con_grads(_un_elemento)(3, name="mala")], "mse", entrada=(3,))
    red.calcular_gradientes(X, OBJETIVOS["mse"])
    equivocado = red.grads[0][1, 2]
    mensaje = _mensaje([_con_grads(_un_elemento)(3, name="mala")])
    assert "en la posición [1, 2]" in mensaje
    assert f"backward da {equivocado:.6g}" in mensaje
    assert f"diferencia central da {equivocado / 1.001:.6g}" in mensaje


class _FlattenDesordenado(capas.Flatten):
    def backward(self, grad):
        return super().backward(grad[:, ::-1])


class _DropoutSinMascara(capas.Dropout):
    def backward(self, grad):
        return grad


class _ActivacionSinDerivada(capas.Activation):
    def backward(self, grad):
        return grad


@pytest.mark.parametrize(
    "culpable",
    [
        _EntregaSinTransponer(3, "tanh", name="culpable"),
        _FlattenDesordenado(name="culpable"),
        _DropoutSinMascara(0.5, name="culpable"),
        _ActivacionSinDerivada("sigmoid", name="culpable"),
    ],
    ids=["W sin transponer", "Flatten", "Dropout", "Activation"],
)
def test_nombra_la_capa_que_entrega_mal_el_gradiente(culpable):
    """El gradiente que no cuadra es el de la capa anterior: el mensaje señala a las dos."""
    lista = [capas.Dense(3, "tanh", name="previa"), culpable, capas.Dense(3, name="final")]
    mensaje = _mensaje(lista)
    assert "gradiente de kernel en la capa 'previa'" in mensaje
    assert "el backward de 'previa' o lo que devuelve el de 'culpable'" in mensaje


class _MSESinDos(keras.losses.MeanSquaredError):
    def gradiente_por_fila(self, y, y_pred):
        return super().gradiente_por_fila(y, y_pred) / 2


class _BinariaSinPromediar(keras.losses.BinaryCrossentropy):
    def gradiente_desde_z(self, y, z):
        return super().gradiente_desde_z(y, z) * z.shape[-1]


class _EntropiaAlReves(keras.losses.CategoricalCrossentropy):
    def gradiente_desde_z(self, y, z):
        return -super().gradiente_desde_z(y, z)


@pytest.mark.parametrize(
    ("perdida", "y", "cabeza"),
    [
        (_MSESinDos(), OBJETIVOS["mse"], None),
        (_EntropiaAlReves(), OBJETIVOS["categorical_crossentropy"], "softmax"),
        (_BinariaSinPromediar(), OBJETIVOS["binary_crossentropy"], "sigmoid"),
    ],
    ids=["error cuadrático sin el 2", "y − p en vez de p − y", "sin promediar salidas"],
)
def test_una_perdida_equivocada_se_ve_en_la_ultima_capa(perdida, y, cabeza):
    lista = [capas.Dense(3, "tanh", name="primera"), capas.Dense(3, cabeza, name="última")]
    mensaje = _mensaje(lista, perdida=perdida, y=y)
    assert "en la capa 'última'" in mensaje
    assert "o lo que devuelve el de la pérdida" in mensaje


def test_una_activacion_propia_equivocada():
    class Cuadrado(keras.activations.Activacion):
        name = "cuadrado"

        def forward(self, z):
            return z * z

        def backward(self, grad, z, a):
            return grad * z  # Falta el 2

    assert "en la capa 'mala'" in _mensaje([capas.Dense(3, Cuadrado(), name="mala")])


@pytest.mark.parametrize(
    "grads", [[], [np.zeros((3, 3)), np.zeros((5, 3))]], ids=["faltan", "sin sumar"]
)
def test_gradientes_de_otra_forma(grads):
    clase = _con_grads(lambda capa, g: grads)
    red = _red([clase(3, name="mala")], "mse", entrada=(3,))
    with pytest.raises(ValueError, match="La capa 'mala' tiene pesos de formas"):
        keras.verificar_gradientes(red, X, OBJETIVOS["mse"])


def test_un_peso_extra_se_nombra_por_su_lugar():
    class Escalada(capas.Dense):
        def build(self, input_shape):
            super().build(input_shape)
            self.weights.append(np.ones(1, self.dtype))

        def forward(self, x, training=False):
            return super().forward(x, training) * self.weights[2]

        def backward(self, grad):
            anterior = super().backward(grad * self.weights[2])
            self.grads.append((grad * self.a).sum(keepdims=True)[0] * 3)
            return anterior

    assert "gradiente de weights[2] en la capa 'mala'" in _mensaje([Escalada(3, name="mala")])


def test_una_perdida_que_no_es_un_numero_no_se_aprueba():
    """Con softmax partida en ceros la pérdida es nan, y nan no supera ninguna tolerancia."""
    red = _red([capas.Dense(3, "relu", kernel_initializer="zeros")], "categorical_crossentropy")
    red.set_weights([np.zeros_like(w) for w in red.weights])
    with np.errstate(invalid="ignore"), pytest.raises(ValueError, match=r"La pérdida.* es nan"):
        keras.verificar_gradientes(red, np.ones((5, 2)), OBJETIVOS["categorical_crossentropy"])


def test_en_un_quiebre_vale_cualquier_pendiente_entre_las_de_los_lados():
    """Con los pesos en cero toda relu está en z = 0: a un lado la pendiente es 0 y al otro no."""
    red = _red([capas.Dense(3, "relu"), capas.Dense(3)], "mse", entrada=(3,))
    for w in red.layers[0].weights:
        w[:] = 0
    assert keras.verificar_gradientes(red, X[:1], OBJETIVOS["mse"][:1]) < 1e-5


def test_el_modelo_queda_como_estaba():
    keras.utils.set_random_seed(1)
    red = keras.Sequential([capas.Dense(3, "relu"), capas.Dropout(0.5), capas.Dense(3)])
    red.compile(loss="mae")
    red.fit(X, OBJETIVOS["mae"], verbose=0)
    pesos, grads, iteraciones = red.get_weights(), red.grads, red.optimizer.iterations
    keras.verificar_gradientes(red, X, OBJETIVOS["mae"])
    assert red.dtype == red.weights[0].dtype == "float32"
    assert red.optimizer.iterations == iteraciones
    for antes, despues in zip(pesos + grads, red.weights + red.grads, strict=True):
        np.testing.assert_array_equal(antes, despues)


def test_la_tolerancia_decide():
    clase = _con_grads(_un_elemento)
    red = _red([clase(3, name="mala")], "mse", entrada=(3,))
    assert 1e-5 < keras.verificar_gradientes(red, X, OBJETIVOS["mse"], tolerancia=0.01) < 0.002


def test_sin_compilar_se_explica():
    with pytest.raises(ValueError, match="Antes de verificar_gradientes hay que llamar a compile"):
        keras.verificar_gradientes(keras.Sequential([capas.Dense(1)]), [[1.0]], [1.0])
