"""Datos raros pero buenos: no se rechazan, llegan a Keras con los mismos números y entrenan."""

import array
import collections
import decimal
import fractions

import numpy as np
import pandas as pd
import pytest

import cursokeras as ck
from cursokeras._backend import keras, tf
from tests.revision.comun import CABEZAS, x_buena, y_buena

TABLA = x_buena().round(2) * 4
ARREGLO = TABLA.to_numpy()


def _solo_lectura(arreglo):
    arreglo = arreglo.copy()
    arreglo.flags.writeable = False
    return arreglo


def _no_contiguo(arreglo):
    return np.repeat(np.repeat(arreglo, 2, axis=0), 2, axis=1)[::2, ::2]


class _SeDejaLeer:
    """Como las tablas de otras bibliotecas (PyTorch, Polars, xarray)."""

    def __array__(self, dtype=None, copy=None):
        return ARREGLO


X_RARAS = {
    "float16": ARREGLO.astype("float16"),
    "float64 en orden Fortran": np.asfortranarray(ARREGLO),
    "float de 80 bits": ARREGLO.astype("longdouble"),
    "bytes al revés": ARREGLO.astype(">f4"),
    "no contiguo": _no_contiguo(ARREGLO),
    "al revés": ARREGLO[::-1, ::-1],
    "solo lectura": _solo_lectura(ARREGLO),
    "enteros de 8 bits": ARREGLO.astype("int8"),
    "enteros sin signo": abs(ARREGLO).astype("uint64"),
    "booleanos": ARREGLO > 0,
    "un último eje de más": ARREGLO[..., None],
    "objetos que son números": ARREGLO.astype(object),
    "matriz de NumPy": np.asmatrix(ARREGLO),
    "máscara sin nada tapado": np.ma.array(ARREGLO),
    "arreglo con nombres": np.array([tuple(f) for f in ARREGLO], [(c, "f8") for c in "abc"]),
    "lista de listas": ARREGLO.tolist(),
    "lista de tuplas": [tuple(fila) for fila in ARREGLO],
    "tupla de arreglos": tuple(ARREGLO),
    "lista de Series": [fila for _, fila in TABLA.iterrows()],
    "enteros y decimales mezclados": [[1, 2.5, True], *ARREGLO[1:].tolist()],
    "decimal.Decimal": [[decimal.Decimal(str(v)) for v in fila] for fila in ARREGLO],
    "fracciones": [[fractions.Fraction(str(v)) for v in fila] for fila in ARREGLO],
    "una cola de listas": collections.deque(ARREGLO.tolist()),
    "una secuencia propia": collections.UserList(ARREGLO.tolist()),
    "un objeto que se deja leer": _SeDejaLeer(),
    "un tensor por fila": [tf.constant(fila) for fila in ARREGLO],
    "números sin ejes en cada celda": [[np.array(v) for v in fila] for fila in ARREGLO],
    "vista de un búfer": memoryview(ARREGLO),
    "tabla hecha registros": TABLA.to_records(index=False),
    "tensor de 16 bits (bfloat16)": tf.cast(ARREGLO, tf.bfloat16),
    "tensor": tf.constant(ARREGLO),
    "variable de TensorFlow": tf.Variable(ARREGLO),
    "variable de Keras": keras.Variable(ARREGLO),
    "nombres con acentos": TABLA.set_axis(["tamaño", "múltiplo", "año de uso"], axis=1),
    "columnas en dos niveles": TABLA.set_axis(
        pd.MultiIndex.from_tuples([("a", "x"), ("a", "y"), ("b", "x")]), axis=1
    ),
    "columnas numeradas": TABLA.set_axis(range(3), axis=1),
    "nombres repetidos": TABLA.set_axis(["edad", "edad", "año"], axis=1),
    "índice desordenado": TABLA.set_axis(np.random.default_rng(0).permutation(12), axis=0),
    "índice de textos": TABLA.set_axis(list("abcdefghijkl"), axis=0),
    "índice de fechas": TABLA.set_axis(pd.date_range("2024", periods=12), axis=0),
    "índice en dos niveles": TABLA.set_axis(pd.MultiIndex.from_product([range(4), list("abc")])),
    "columnas que son fechas": TABLA.set_axis(pd.date_range("2024", periods=3), axis=1),
    "columnas que son decimales": TABLA.set_axis([0.5, 1.5, 2.5], axis=1),
    "columna sin nombre": TABLA.set_axis([None, "b", "c"], axis=1),
    "nulos de Python donde no falta nada": TABLA.astype(object).where(TABLA < 9e9, None),
    "índice repetido": TABLA.set_axis([0] * 12, axis=0),
    "enteros anulables": TABLA.round().astype("Int64"),
    "decimales anulables": TABLA.astype("Float32"),
    "booleanos anulables": (TABLA > 0).astype("boolean"),
    "columnas de varios tipos": TABLA.assign(edad=range(12), año=[True, False] * 6),
    "columnas de objetos": TABLA.astype({"edad": object}),
    "columnas dispersas": TABLA.astype(pd.SparseDtype("float")),
}
# Lo que una forma cambia a propósito: su valor esperado no es el de ARREGLO.
ESPERADO = {
    "enteros de 8 bits": np.trunc(ARREGLO),
    "enteros sin signo": np.trunc(abs(ARREGLO)),
    "booleanos": ARREGLO > 0,
    "al revés": ARREGLO[::-1, ::-1],
    "enteros y decimales mezclados": np.vstack([[1, 2.5, 1], ARREGLO[1:]]),
    "enteros anulables": ARREGLO.round(),
    "booleanos anulables": ARREGLO > 0,
    "columnas de varios tipos": np.column_stack([range(12), ARREGLO[:, 1], [1, 0] * 6]),
}


@pytest.fixture(scope="module")
def redes():
    """Una red por cabeza, que comparten todas las pruebas de este archivo."""
    return {cabeza: crear() for cabeza, (crear, _) in CABEZAS.items()}


def entrenar_un_paso(modelo, x, y):
    """Un paso de Keras con lo que salió de `revisar`; devuelve la revisión."""
    revision = ck.revisar(modelo, x, y)
    assert revision.errores == ()
    assert np.isfinite(modelo.train_on_batch(revision.x, revision.y, return_dict=True)["loss"])
    return revision


@pytest.mark.parametrize("cabeza", CABEZAS)
@pytest.mark.parametrize("forma", X_RARAS)
def test_x_rara(forma, cabeza, redes):
    revision = entrenar_un_paso(redes[cabeza], X_RARAS[forma], y_buena(cabeza))
    esperado = np.asarray(ESPERADO.get(forma, ARREGLO), "float32")
    np.testing.assert_allclose(revision.x, esperado, rtol=1e-2 if "bfloat16" in forma else 1e-3)
    assert revision.x.dtype == "float32"


# Cada forma de escribir y a partir de su tabla de una o más columnas.
Y_RARAS = {
    "arreglo (n, k)": lambda y: y.to_numpy(),
    "lista": lambda y: y.to_numpy().tolist(),
    "tupla de tuplas": lambda y: tuple(map(tuple, y.to_numpy())),
    "tabla": lambda y: y,
    "tabla con el índice desordenado": lambda y: y.set_axis(np.arange(12)[::-1], axis=0),
    "objetos": lambda y: y.to_numpy().astype(object),
    "solo lectura": lambda y: _solo_lectura(y.to_numpy()),
    "no contiguo": lambda y: _no_contiguo(y.to_numpy()),
    "float64": lambda y: y.to_numpy().astype("float64"),
    "tensor": lambda y: tf.constant(y.to_numpy()),
    "anulables": lambda y: y.convert_dtypes(),
}
UNA_COLUMNA = {
    "arreglo (n,)": lambda y: y.to_numpy()[:, 0],
    "Series": lambda y: y.iloc[:, 0],
    "Series con otro índice": lambda y: y.iloc[:, 0].set_axis(list("abcdefghijkl")),
    "lista de números": lambda y: y.iloc[:, 0].tolist(),
    "tupla": lambda y: tuple(y.iloc[:, 0]),
    "array de Python": lambda y: array.array("d", y.iloc[:, 0]),
    "un eje de más": lambda y: y.to_numpy()[..., None],
    "un valor repetido sin copiarlo": lambda y: np.broadcast_to(y.to_numpy()[:, 0], (1, 12))[0],
    "float16": lambda y: y.to_numpy()[:, 0].astype("float16"),
    "Index": lambda y: pd.Index(y.iloc[:, 0]),
    "arreglo de pandas": lambda y: pd.array(y.iloc[:, 0]),
    "tensor (n,)": lambda y: tf.constant(y.iloc[:, 0]),
}
DE_UNA_COLUMNA = ("regresion", "clasificacion", "binaria")


@pytest.mark.parametrize(
    ("cabeza", "forma"),
    [(c, f) for c in CABEZAS for f in Y_RARAS]
    + [(c, f) for c in DE_UNA_COLUMNA for f in UNA_COLUMNA],
)
def test_y_rara(cabeza, forma, redes):
    y = y_buena(cabeza)
    revision = entrenar_un_paso(redes[cabeza], ARREGLO, (Y_RARAS | UNA_COLUMNA)[forma](y))
    np.testing.assert_allclose(revision.y, y, rtol=1e-3 if forma == "float16" else 1e-6)
    assert revision.y.dtype == ("int32" if cabeza == "clasificacion" else "float32")


BUENAS_PARA_SU_CABEZA = {
    "clases como decimales enteros": ("clasificacion", [0.0, 1.0, 2.0] * 4),
    "clases como booleanos": ("clasificacion", [True, False] * 6),
    "clases de pd.factorize": ("clasificacion", pd.factorize(np.array(list("abc") * 4))[0]),
    "clases de cat.codes": (
        "clasificacion",
        pd.Series(list("abc") * 4, dtype="category").cat.codes,
    ),
    "one-hot de to_categorical": ("one_hot", keras.utils.to_categorical([0, 1, 2] * 4)),
    "binaria con ceros negativos": ("binaria", [-0.0, 1.0] * 6),
    "clases de 8 bits": ("clasificacion", np.array([0, 1, 2] * 4, "uint8")),
    "one-hot de get_dummies": ("one_hot", pd.get_dummies(list("abc") * 4)),
    "one-hot con probabilidades": ("one_hot", [[0.1, 0.7, 0.2], [0.9, 0.05, 0.05]] * 6),
    "one-hot redondeado a tres cifras": ("one_hot", [[0.333, 0.334, 0.332], [1, 0, 0]] * 6),
    "binaria con booleanos": ("binaria", np.arange(12) % 3 == 0),
    "binaria con decimales": ("binaria", [0.0, 1.0] * 6),
    "regresión de enteros": ("regresion", range(12)),
    "regresión de booleanos": ("regresion", [True, False] * 6),
    "regresión constante": ("regresion", [3.0] * 12),
}


@pytest.mark.parametrize("caso", BUENAS_PARA_SU_CABEZA)
def test_y_buena_para_su_cabeza(caso, redes):
    cabeza, y = BUENAS_PARA_SU_CABEZA[caso]
    entrenar_un_paso(redes[cabeza], ARREGLO, y)


@pytest.mark.parametrize("cabeza", CABEZAS)
def test_una_sola_fila(cabeza, redes):
    entrenar_un_paso(redes[cabeza], ARREGLO[:1], y_buena(cabeza)[:1])


@pytest.mark.parametrize("x", [ARREGLO[:, 0], TABLA["edad"], [1, 2.5, 3] * 4, ARREGLO[:, :1]])
def test_una_sola_columna(x):
    assert entrenar_un_paso(ck.crear_regresion(1), x, y_buena("regresion")).x.shape == (12, 1)


@pytest.mark.parametrize("forma", [(12, 4, 4), (12, 4, 4, 1)], ids=["sin canal", "con un canal"])
@pytest.mark.parametrize("d_in", [(4, 4), (4, 4, 1)], ids=str)
def test_imagenes_con_o_sin_canal(forma, d_in):
    x = np.random.default_rng(0).integers(0, 256, forma, dtype="uint8")
    revision = entrenar_un_paso(ck.crear_clasificacion(d_in, 3), x, y_buena("clasificacion"))
    assert revision.x.shape == (12, *d_in)


def _red(*capas, entrada=(3,), **compilacion):
    modelo = keras.Sequential([keras.Input(entrada), *capas])
    modelo.compile(**compilacion)
    return modelo


class Subclase(keras.Model):
    def __init__(self):
        super().__init__()
        self.densa = keras.layers.Dense(1)

    def call(self, x):
        return self.densa(x)


def _subclase():
    modelo = Subclase()
    modelo(np.zeros((1, 3)))
    modelo.compile(loss="mse")
    return modelo


def _funcional():
    entrada = keras.Input((3,), name="tabla")
    modelo = keras.Model({"tabla": entrada}, {"y": keras.layers.Dense(1, name="y")(entrada)})
    modelo.compile(loss={"y": "mse"})
    return modelo


def perdida_propia(y, prediccion):
    return keras.ops.mean(keras.ops.abs(y - prediccion), axis=-1)


class _PerdidaHeredada(keras.losses.SparseCategoricalCrossentropy):
    pass


_Dense, _losses = keras.layers.Dense, keras.losses
MODELOS = {
    "subclase de Model": (_subclase, "regresion"),
    "funcional con diccionarios": (_funcional, "regresion"),
    "pérdida propia": (lambda: _red(_Dense(1), loss=perdida_propia), "regresion"),
    "pérdida propia con dos salidas": (lambda: _red(_Dense(1), loss=perdida_propia), "dos_salidas"),
    "función de Keras": (lambda: _red(_Dense(1), loss=_losses.mean_absolute_error), "regresion"),
    "objeto Huber": (lambda: _red(_Dense(2), loss=_losses.Huber(2.0)), "dos_salidas"),
    "lista de una pérdida": (lambda: _red(_Dense(1), loss=["mse"]), "regresion"),
    "puntajes con from_logits": (
        lambda: _red(_Dense(3), loss=_losses.SparseCategoricalCrossentropy(from_logits=True)),
        "clasificacion",
    ),
    "pérdida heredada": (
        lambda: _red(_Dense(3, "softmax"), loss=_PerdidaHeredada()),
        "clasificacion",
    ),
    "binaria focal": (
        lambda: _red(_Dense(1, "sigmoid"), loss="binary_focal_crossentropy"),
        "binaria",
    ),
    "bisagra con -1 y 1": (lambda: _red(_Dense(1), loss="hinge"), "dos_salidas"),
    "salida con activación aparte": (
        lambda: _red(_Dense(3), keras.layers.Softmax(), loss="sparse_categorical_crossentropy"),
        "clasificacion",
    ),
    "varias etiquetas a la vez": (
        lambda: _red(_Dense(3, "sigmoid"), loss="binary_crossentropy"),
        "one_hot",
    ),
    "entrada de ancho libre": (
        lambda: _red(
            keras.layers.GlobalAveragePooling1D(), _Dense(1), entrada=(None, 1), loss="mse"
        ),
        "regresion",
    ),
}


@pytest.mark.parametrize("caso", MODELOS)
def test_modelo_raro(caso):
    crear, cabeza = MODELOS[caso]
    entrenar_un_paso(crear(), ARREGLO, y_buena(cabeza))


def test_autocodificador():
    x = 1 / (1 + np.exp(-ARREGLO))
    revision = entrenar_un_paso(_red(_Dense(2), _Dense(3), loss="mse"), x, x)
    assert revision.avisos == ()
    entrenar_un_paso(_red(_Dense(2), _Dense(3, "sigmoid"), loss="binary_crossentropy"), x, x)


def test_secuencias_con_una_clase_por_paso():
    modelo = _red(
        keras.layers.LSTM(4, return_sequences=True),
        _Dense(3, "softmax"),
        entrada=(None, 2),
        loss="sparse_categorical_crossentropy",
    )
    x = np.random.default_rng(0).normal(size=(6, 5, 2))
    entrenar_un_paso(modelo, x, np.arange(30).reshape(6, 5) % 3)


def test_columnas_en_su_orden_despues_de_aprenderlas(redes):
    modelo = ck.crear_regresion(3)
    ck.entrenar(modelo, TABLA, y_buena("regresion"), epochs=1, verbose=0)
    assert modelo.columnas_cursokeras == tuple(TABLA.columns)
    for x in (TABLA, TABLA[:1], ARREGLO, ARREGLO.tolist()):
        assert ck.predecir(modelo, x).shape == (len(x), 1)


ARGUMENTOS = {
    "epochs de NumPy": {"epochs": np.int64(1)},
    "un lote mayor que los datos": {"batch_size": 1000},
    "un lote de una fila": {"batch_size": 1},
    "sin validación": {"validation_split": 0},
    "fracción de NumPy": {"validation_split": np.float32(0.25)},
    "sin paciencia": {"patience": None},
    "paciencia 0": {"patience": 0},
    "brecha entera": {"brecha": 1},
    "pesos de clase de NumPy": {"class_weight": {np.int64(c): np.float32(1) for c in range(3)}},
    "una clase sin peso": {"class_weight": {0: 0, 1: 1, 2: 2.5}},
    "balanced": {"class_weight": "balanced"},
    "pesos de fila en una lista": {"sample_weight": [1, 2] * 6},
    "pesos de fila en una columna": {"sample_weight": np.ones((12, 1))},
    "pesos de fila en una Series": {"sample_weight": pd.Series([0.5] * 12, index=range(12, 24))},
    "validación en una lista": {"validation_data": [ARREGLO[:3].tolist(), [0, 1, 2]]},
    "validación con pesos": {"validation_data": (ARREGLO[:3], [0, 1, 2], [1, 1, 0])},
}


@pytest.mark.filterwarnings("ignore::cursokeras._comun.hallazgos.AvisoDeDatos")
@pytest.mark.parametrize("caso", ARGUMENTOS)
def test_argumentos_raros(caso, redes):
    argumentos = {"epochs": 1, **ARGUMENTOS[caso]}
    ck.entrenar(redes["clasificacion"], ARREGLO, [0, 1, 2] * 4, verbose=0, **argumentos)
