"""`comprobar`: lo que está bien, lo que está mal y lo que falta, sin una excepción."""

import functools
import re

import numpy as np
import pandas as pd
import pytest

import cursokeras as ck
from cursokeras import desde_cero
from cursokeras._backend import keras
from cursokeras.comprobacion import elegir_lote

A = np.arange(6.0).reshape(2, 3)


BIEN = {
    "número": (0.1 + 0.2, 0.3),
    "número casi igual": (1.00005, 1.0),
    "entero de NumPy": (np.int64(3), 3.0),
    "uno con una cifra más": (3106.6375, 3106.64),
    "cero calculado": (1e-8, 0.0),
    "cero al lado de números grandes": ([3e-6, 100.0], [0.0, 100.0]),
    "nan": (float("nan"), float("nan")),
    "infinito": (np.inf, np.inf),
    "verdadero": (True, True),
    "arreglo": (A + 1e-7, A),
    "lista por arreglo": (A.tolist(), A),
    "DataFrame": (pd.DataFrame(A), A),
    "tensor": (keras.ops.convert_to_tensor(A), A),
    "texto": ("  Softmax ", "softmax"),
    "lista de textos": (["sí", "No"], ["Sí", "no"]),
    "arreglo de textos": (np.array(["a", "b"]), ["a", "b"]),
    "tabla con textos": (pd.DataFrame({"a": [1.0], "b": ["x"]}), pd.DataFrame([[1, "X"]])),
    "tupla de arreglos": ((A, A[0]), (A, A[0])),
    "diccionario": ({"w": A, "b": 1}, {"b": 1.0, "w": A}),
    "arreglo vacío": ([], []),
}  # fmt: skip


@pytest.mark.parametrize(("respuesta", "esperado"), BIEN.values(), ids=BIEN)
def test_lo_que_esta_bien(respuesta, esperado):
    resultado = ck.comprobar(respuesta, esperado, estricto=True)
    assert resultado.bien
    assert repr(resultado) == "✔ Correcto."


MAL = {
    "otro número": (5, 3.2, "Da 5, y se esperaba otro número."),
    "casi, pero no": (1.001, 1.0, "Da 1.001, y se esperaba otro número."),
    "signo": (-3.2, 3.2, "El resultado, -3.2, tiene el signo cambiado."),
    "doble": (A * 2, A, "El arreglo es el doble de lo esperado."),
    "mitad": (1.6, 3.2, "El resultado, 1.6, es la mitad de lo esperado."),
    "porcentaje": (83.4, 0.834, "es 100 veces lo esperado"),
    "texto por número": ("3.2", 3.2, "Es '3.2', y se esperaba un número."),
    "nan por número": (float("nan"), 3.2, "Da nan, y se esperaba otro número."),
    "número por texto": (3, "relu", "Es 3, y se esperaba un texto."),
    "otro texto": ("tanh", "relu", "No es 'tanh': se esperaba otro texto."),
    "un lugar": (
        A + np.eye(2, 3),
        A,
        "2 de los 6 números no coinciden; el primero, en la posición",
    ),
    "el lugar": (A + np.eye(2, 3), A, "[0, 0], es 1."),
    "transpuesta": (A.T, A, "Tiene forma (3, 2), y se esperaba (2, 3): es la transpuesta."),
    "columna": (A[0][:, None], A[0], "tiene forma (3, 1), y se esperaba (3,)"),
    "columna, números": (A.reshape(6, 1), A, "los números están bien"),
    "un número de más": (
        [3.2],
        3.2,
        "Tiene forma (1,), y se esperaba un número: los números están",
    ),
    "un número solo": (3.2, A, "Es un número, y se esperaba un arreglo de forma (2, 3)."),
    "otra forma": (np.zeros(4), A, "Tiene forma (4,), y se esperaba (2, 3)."),
    "lista irregular": ([[1], [2, 3]], A, "se esperaba un arreglo de números"),
    "falta un resultado": ((A,), (A, A[0]), "Son 1 resultados, y se esperaban 2."),
    "el segundo": (
        (A, -A[0]),
        (A, A[0]),
        "En el 2º resultado, el arreglo tiene el signo cambiado.",
    ),
    "no son dos": (3, (A, A[0]), "Es 3, y se esperaban 2 resultados."),
    "clave": ({"w": 1}, {"w": 1, "b": 2}, "Le falta 'b' al diccionario."),
    "valor de una clave": ({"w": 5}, {"w": 1}, "En 'w', da 5, y se esperaba otro número."),
    "no es diccionario": (5, {"w": 1}, "Es 5, y se esperaba un diccionario."),
    "función sin llamar": (np.mean, 3.0, "mean es una función, no su resultado: llámala"),
    "clase de la lista": (["sí"], ["no"], "En el 1º resultado, no es 'sí'"),
    "vacío": (None, 3.0, "Aún sin completar: la respuesta es None."),
    "puntos": (..., "relu", "Aún sin completar: la respuesta es ..."),
}


@pytest.mark.parametrize(("respuesta", "esperado", "mensaje"), MAL.values(), ids=MAL)
def test_lo_que_esta_mal_se_dice_sin_dar_el_resultado(respuesta, esperado, mensaje):
    resultado = ck.comprobar(respuesta, esperado)
    assert not resultado.bien
    assert mensaje.casefold() in resultado.mensaje.casefold()
    assert resultado.mensaje[0].isupper() or resultado.mensaje[0].isdigit() or "mean" in mensaje
    assert repr(resultado) == f"✘ {resultado.mensaje}"
    with pytest.raises(ValueError, match=re.escape(resultado.mensaje)):
        ck.comprobar(respuesta, esperado, estricto=True)


def test_los_errores_conocidos_se_dicen_primero():
    errores = {3106.64: "es la convención suma", 776.66: "es la convención ½"}
    comprobar = functools.partial(ck.comprobar, esperado=1553.32, errores=errores)
    assert comprobar(3106.6375).mensaje == "3106.64: es la convención suma."
    assert comprobar(776.66).mensaje == "776.66: es la convención ½."
    assert comprobar(1553.32).bien
    assert "se esperaba otro número" in comprobar(12).mensaje
    con_arreglos = [(A.T, "Multiplicaste al revés."), ("ninguno", "Sí hay una.")]
    assert ck.comprobar(A.T, A, errores=con_arreglos).mensaje.endswith("Multiplicaste al revés.")
    assert ck.comprobar("Ninguno", "una", errores=con_arreglos).mensaje == "'Ninguno': Sí hay una."


def test_el_recuadro_no_interpreta_la_respuesta():
    recuadro = ck.comprobar("<b>relu</b>", "tanh")._repr_html_()
    assert "&lt;b&gt;relu" in recuadro
    assert "<b>" not in recuadro
    assert "✔ Correcto" in ck.comprobar(1, 1)._repr_html_()


# ---- Funciones ----


def suma(a, b):
    return a + b


def sin_terminar(a, b):
    c = a + b  # noqa: F841


def con_nombre_que_falta(a, b):
    return a + no_existe  # noqa: F821


def con_puntos(a, b):
    return ...


def sin_implementar(a, b):
    raise NotImplementedError("falta la resta")


def que_falla(a, b):
    return {}[a]


def que_sale(a, b):
    raise SystemExit(1)


def de_un_argumento(a):
    return a


def que_usa_antes_de_dar(a, b):
    total += a  # noqa: F821
    return total


CASOS = [(2, 0), (2, 3)]
FUNCIONES = {
    "resta": (lambda a, b: a - b, "Con (2, 3) da -1, y se esperaba otro número."),
    "signo": (lambda a, b: -a - b, "Con (2, 0) el resultado, -2, tiene el signo cambiado."),
    "sin return": (sin_terminar, "Aún sin completar: con (2, 0) devuelve None. Termina la función"),
    "puntos": (con_puntos, "Aún sin completar: con (2, 0) devuelve Ellipsis"),
    "nombre que falta": (
        con_nombre_que_falta,
        "aún sin completar: no existe el nombre 'no_existe'",
    ),
    "y dónde": (con_nombre_que_falta, "de con_nombre_que_falta: return a + no_existe"),
    "sin implementar": (sin_implementar, "aún sin completar: falta la resta"),
    "falla": (que_falla, "Con (2, 0) falla con KeyError: 2, en la línea"),
    "falla, línea": (que_falla, "de que_falla: return {}[a]"),
    "sale": (que_sale, "falla con SystemExit: 1"),
    "argumentos": (de_un_argumento, "falla con TypeError: de_un_argumento() takes 1"),
    "antes de darle valor": (que_usa_antes_de_dar, "falla con UnboundLocalError"),
    "el resultado": (5, "La respuesta es 5, y se esperaba una función, sin llamarla."),
    "nada": (None, "Aún sin completar: la respuesta es None."),
}


@pytest.mark.parametrize(("funcion", "mensaje"), FUNCIONES.values(), ids=FUNCIONES)
@pytest.mark.parametrize("esperado", [suma, [2, 5]], ids=["con referencia", "con resultados"])
def test_una_funcion_que_esta_mal(funcion, mensaje, esperado):
    resultado = ck.comprobar(funcion, esperado, con=CASOS)
    assert not resultado.bien
    assert mensaje in resultado.mensaje
    assert "Traceback" not in resultado.mensaje


def test_una_funcion_que_esta_bien():
    assert ck.comprobar(suma, [2, 5], con=CASOS).mensaje == "Correcto en los 2 casos."
    assert ck.comprobar(np.sqrt, np.sqrt, con=[4.0]).mensaje == "Correcto."
    dos = ck.comprobar(lambda x: (x, x.sum()), lambda x: (x, x.sum()), con=[A])
    assert dos.bien


def test_una_funcion_que_cambia_sus_argumentos_no_estropea_los_casos():
    def escalar(x):
        x *= 2
        return x

    casos = [A.copy()]
    assert ck.comprobar(escalar, lambda x: 2 * x, con=casos, estricto=True).bien
    np.testing.assert_array_equal(casos[0], A)


def test_los_errores_conocidos_de_una_funcion():
    resultado = ck.comprobar(
        lambda z: z, lambda z: max(z, 0), con=[3, -2], errores={-2: "falta el lado negativo"}
    )
    assert resultado.mensaje == "Con -2 falta el lado negativo."


# ---- Capas ----


class MiTanh(desde_cero.layers.Dense):
    factor = 1.0

    def forward(self, x, training=False):
        self.x = x
        self.a = np.tanh(x @ self.kernel + self.bias)
        return self.a

    def backward(self, grad):
        delta = grad * (1 - self.a**2) * self.factor
        self.grads = [self.x.T @ delta, delta.sum(axis=0)]
        return delta @ self.kernel.T


class MalDerivada(MiTanh):
    factor = 2.0


class SinBackward(desde_cero.Layer):
    def forward(self, x, training=False):
        return x


class SinForward(desde_cero.Layer):
    pass


class BackwardConNombreQueFalta(MiTanh):
    def backward(self, grad):
        return grad * derivada  # noqa: F821


class ForwardQueFalla(MiTanh):
    def forward(self, x, training=False):
        return x @ self.kernel.T


class ForwardSinReturn(MiTanh):
    def forward(self, x, training=False):
        self.a = x


class BuildQueFalla(MiTanh):
    def build(self, input_shape):
        self.weights = [np.zeros(input_shape)]


class UnNumero(SinBackward):
    def forward(self, x, training=False):
        return x.sum()


class OtrasFilas(SinBackward):
    def forward(self, x, training=False):
        return x.T @ x


X_CAPA = np.random.default_rng(0).normal(size=(7, 3))
CAPAS = {
    "derivada": (lambda: MalDerivada(4), "El gradiente de kernel en la capa 'mal_derivada' no"),
    "sin backward": (SinBackward, "le falta backward(self, grad)"),
    "sin forward": (SinForward, "aún sin completar: A la capa SinForward le falta forward"),
    "nombre": (lambda: BackwardConNombreQueFalta(4), "no existe el nombre 'derivada', en la línea"),
    "forward": (lambda: ForwardQueFalla(4), "El forward de ForwardQueFalla falla con ValueError"),
    "sin return": (lambda: ForwardSinReturn(4), "Aún sin completar: forward de ForwardSinReturn"),
    "build": (lambda: BuildQueFalla(4), "El build de BuildQueFalla falla con TypeError"),
    "un número": (UnNumero, "forward de UnNumero da un número y no filas, y llegaron 5"),
    "filas": (OtrasFilas, "forward de OtrasFilas da 3 filas, y llegaron 5"),
    "la clase": (lambda: MiTanh, "MiTanh es la clase: falta crear la capa, como MiTanh(4)."),
    "otra cosa": (lambda: 5, "Es 5, y se esperaba una capa"),
    "nada": (lambda: ..., "Aún sin completar"),
}


@pytest.mark.parametrize(("crear", "mensaje"), CAPAS.values(), ids=CAPAS)
def test_una_capa_que_esta_mal(crear, mensaje):
    resultado = ck.comprobar(crear(), x=X_CAPA)
    assert not resultado.bien
    assert mensaje in resultado.mensaje


@pytest.mark.parametrize(
    "capa",
    [
        MiTanh(4),
        desde_cero.layers.Dense(2, "softmax", kernel_regularizer="l2"),
        desde_cero.layers.BatchNormalization(),
        desde_cero.layers.LeakyReLU(),
    ],
    ids=lambda capa: type(capa).__name__,
)
def test_una_capa_que_esta_bien(capa):
    for _ in range(2):
        resultado = ck.comprobar(capa, x=X_CAPA, estricto=True)
        assert "los gradientes de" in resultado.mensaje
    assert not capa.built


def test_una_capa_sobre_imagenes():
    imagenes = np.random.default_rng(0).normal(size=(6, 2, 3))
    assert ck.comprobar(desde_cero.layers.Activation("tanh"), x=imagenes, estricto=True).bien
    assert ck.comprobar(desde_cero.layers.Flatten(), x=imagenes, estricto=True).bien


# ---- Redes ----


class MiRed:
    """Una recta con SGD, escrita por un estudiante."""

    signo, tasa = 1, 0.1

    def get_weights(self):
        return [self.w, self.b]

    def set_weights(self, pesos):
        self.w, self.b = [p.copy() for p in pesos]

    def forward(self, x):
        return x @ self.w + self.b

    def train_on_batch(self, x, y):
        error = self.forward(x) - y
        delta = self.signo * 2 * error / error.size
        self.grads = [x.T @ delta, delta.sum(axis=0)]
        self.w -= self.tasa * self.grads[0]
        self.b -= self.tasa * self.grads[1]
        return np.mean(error**2)


class SinFactor(MiRed):
    def train_on_batch(self, x, y):
        error = self.forward(x) - y
        delta = error / error.size
        self.w -= self.tasa * x.T @ delta
        self.b -= self.tasa * delta.sum(axis=0)
        return np.mean(error**2)


class RedSinTerminar(MiRed):
    def train_on_batch(self, x, y):
        return perdida  # noqa: F821


class RedSinMetodos:
    pass


@pytest.fixture(scope="module")
def ejercicio():
    """Un modelo compilado y sus datos."""
    keras.utils.set_random_seed(0)
    modelo = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    modelo.compile(keras.optimizers.SGD(0.1), "mse")
    azar = np.random.default_rng(0)
    x = azar.normal(size=(60, 3)).astype("float32")
    return {"modelo": modelo, "x": x, "y": azar.normal(size=(60, 2)).astype("float32")}


def test_una_red_que_esta_bien_lo_esta_las_veces_que_se_compruebe(ejercicio):
    red = MiRed()
    for _ in range(2):
        assert ck.comprobar(red, **ejercicio, estricto=True).mensaje.startswith("Keras y tu red")
    assert not hasattr(red, "w")
    adam = desde_cero.Sequential([desde_cero.Input((3,)), desde_cero.layers.Dense(2)])
    adam.compile(desde_cero.optimizers.SGD(0.1), "mse")
    assert ck.comprobar(adam, **ejercicio).bien
    assert adam.optimizer.iterations == 0


REDES = {
    "sin el 2": (SinFactor, "distint"),
    "sin terminar": (
        RedSinTerminar,
        "el nombre 'perdida' no existe",
    ),
    "sin métodos": (RedSinMetodos, "le falta get_weights, set_weights, train_on_batch"),
    "la clase": (lambda: MiRed, "contra=MiRed(), con los paréntesis"),
    "nada": (lambda: None, "Aún sin completar: la respuesta es None."),
    "un número": (lambda: 5, "A la red de tipo int le falta"),
}


@pytest.mark.parametrize(("crear", "mensaje"), REDES.values(), ids=REDES)
def test_una_red_que_esta_mal(crear, mensaje, ejercicio):
    resultado = ck.comprobar(crear(), **ejercicio)
    assert not resultado.bien
    assert mensaje in resultado.mensaje or mensaje == "distint"


# ---- El ejercicio mal escrito, y el lote ----

MAL_ESCRITOS = {
    "sin esperado": (lambda: ck.comprobar(3), "Falta el resultado esperado"),
    "errores sin texto": (lambda: ck.comprobar(3, 4, errores={3: 5}), "errores es un diccionario"),
    "errores que es el esperado": (
        lambda: ck.comprobar(3, 4, errores={4: "está mal"}),
        "4 es también el esperado",
    ),
    "sin casos": (lambda: ck.comprobar(suma, suma, con=[]), "con es una lista de casos"),
    "menos resultados": (lambda: ck.comprobar(suma, [1], con=CASOS), "Con 2 casos se espera una"),
    "x de una dimensión": (lambda: ck.comprobar(MiTanh(2), x=[1, 2]), "filas de números"),
}


@pytest.mark.parametrize(("llamar", "mensaje"), MAL_ESCRITOS.values(), ids=MAL_ESCRITOS)
def test_un_ejercicio_mal_escrito_lanza(llamar, mensaje):
    with pytest.raises(ValueError, match=mensaje):
        llamar()


def test_un_modelo_que_no_se_puede_comparar_lanza(ejercicio):
    sin_compilar = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    with pytest.raises(ValueError, match="no está compilado"):
        ck.comprobar(MiRed(), **ejercicio | {"modelo": sin_compilar})
    with pytest.raises(ValueError, match="hacen falta x e y"):
        ck.comprobar(MiRed(), modelo=ejercicio["modelo"], x=ejercicio["x"])


@pytest.mark.parametrize("filas", [1, 2, 5, 8, 30, 60, 100, 150, 1000, 60000])
@pytest.mark.parametrize("tamanos", [{1, 3}, {2, 4, 5, 8}, {10, 50, 25, 1}])
def test_el_lote_no_se_confunde_con_otros_tamanos(filas, tamanos):
    lote = elegir_lote(filas, tamanos)
    assert 1 <= lote <= filas
    if filas >= 30:
        ultimo, lotes = filas % lote, -(-filas // lote)
        assert len({lote, ultimo, lotes}) == 3
        assert not {lote, ultimo, lotes} & {0, 1, 2, 10, *tamanos}
        assert lotes <= 41
