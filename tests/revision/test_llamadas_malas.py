"""Cada cabeza, con cada defecto, en arreglo, lista y tabla: `entrenar` explica y no entrena."""

import datetime
import pathlib
import re

import numpy as np
import pandas as pd
import pytest
import scipy.sparse
from sklearn.impute import SimpleImputer

import cursokeras as ck
from cursokeras._backend import keras, tf
from tests.revision.comun import CABEZAS, COLUMNAS, FORMATOS, crear, x_buena, y_buena

# Defectos de x: cómo estropear la tabla, y qué debe decir el mensaje. {columna} es el nombre de
# la columna en una tabla y su número en un arreglo o una lista.
DEFECTOS_DE_X = {
    "falta una columna": (lambda x: x[["edad", "año"]], "2 columnas y el modelo espera 3"),
    "sobra una columna": (lambda x: x.assign(extra=1.0), "4 columnas y el modelo espera 3"),
    "un nan": (lambda x: _poner(x, "ingreso", np.nan), "{ingreso} de x tiene 1 valor faltante"),
    "un infinito": (lambda x: _poner(x, "año", -np.inf), "{año} de x tiene 1 valor infinito"),
    "un número enorme": (lambda x: _poner(x, "edad", 1e300), "{edad} de x tiene 1 valor infinito"),
    "un None": (lambda x: _poner(x, "edad", None), "{edad} de x tiene 1 valor faltante"),
    "un texto": (lambda x: _poner(x, "edad", "joven"), "{edad} de x tiene"),
    "una columna de textos": (lambda x: x.assign(año="dos mil"), "textos (como 'dos mil')"),
    "números como textos": (lambda x: x.astype({"ingreso": str}), "pd.to_numeric"),
    "coma decimal": (lambda x: x.assign(edad="1,5"), "(como '1,5'). Si son números, vuelve a leer"),
    "miles con punto": (lambda x: x.assign(edad="1.234,5"), "ck.datos.leer_tabla(ruta)"),
    "pesos y porcentajes": (lambda x: x.assign(edad="$ 12", año="7%"), "ck.datos.leer_tabla"),
    "una celda vacía": (lambda x: _poner(x, "edad", ""), "errors='coerce'"),
    "un signo de pregunta": (lambda x: _poner(x, "edad", "?"), "Casi todo son números"),
    "fechas como textos": (lambda x: x.assign(edad="2024-05-01"), "Son fechas: el año es"),
    "un texto larguísimo": (lambda x: x.assign(edad="a" * 999), "aaa…). Si son categorías"),
    "un entero de mil cifras": (lambda x: _poner(x, "edad", 10**999), "1 valor infinito"),
    "una columna vacía": (lambda x: x.assign(edad=None), "{edad} de x tiene 12 valores faltantes"),
    "listas en las celdas": (lambda x: x.assign(año=[[1, 2]] * 12), "{lista}"),
    "fechas": (lambda x: x.assign(edad=datetime.date(2024, 5, 1)), "{edad} de x tiene fechas"),
    "complejos": (lambda x: _poner(x, "año", 1j), "números complejos"),
    "objetos": (lambda x: x.assign(edad=[{1}] * len(x)), "objetos de tipo set"),
    "sin filas": (lambda x: x[:0], "x está vacío"),
    "una fila de menos": (lambda x: x[1:], "x tiene 11 filas e y tiene 12"),
}


def _poner(tabla, columna, valor):
    tabla = tabla.astype({columna: object})
    tabla.loc[tabla.index[2], columna] = valor
    return tabla


def _nombrar(texto, formato):
    nombres = {c: f"'{c}'" if formato == "tabla" else str(i) for i, c in enumerate(COLUMNAS)}
    lista = "guarda una lista" if formato == "lista" else "objetos de tipo list (como [1, 2])"
    return texto.format(**nombres, lista=lista)


def rechazar(modelo, x, y, texto, **argumentos):
    """`entrenar` debe lanzar un ValueError que contenga el texto, sin causa de TensorFlow."""
    with pytest.raises(ValueError, match=r"(?s)\. [A-ZÁÉÍÓÚ]") as informe:
        ck.entrenar(modelo, x, y, **{"verbose": 0, **argumentos})
    assert texto in str(informe.value)


@pytest.mark.parametrize("cabeza", CABEZAS)
@pytest.mark.parametrize("formato", FORMATOS)
@pytest.mark.parametrize("defecto", DEFECTOS_DE_X)
def test_x_mala(defecto, formato, cabeza):
    estropear, texto = DEFECTOS_DE_X[defecto]
    x = FORMATOS[formato](estropear(x_buena()))
    rechazar(crear(cabeza), x, y_buena(cabeza), _nombrar(texto, formato))


# Defectos de y que valen en todas las cabezas, y los propios de cada una.
DEFECTOS_DE_Y = {
    "un nan": (lambda y: _poner(y, y.columns[0], np.nan), "1 valor faltante"),
    "textos": (lambda y: y.assign(**{y.columns[0]: "perro"}), "textos (como 'perro')"),
    "sin filas": (lambda y: y[:0], "y está vacío"),
    "filas de más": (lambda y: pd.concat([y, y]), "x tiene 12 filas e y tiene 24"),
    "complejos": (lambda y: _poner(y, y.columns[0], 2 + 1j), "números complejos"),
    "columnas de más": (lambda y: pd.concat([y] * 4, axis=1), "y tiene"),
}
_CLASE = pd.DataFrame({"clase": np.arange(12) % 3})
_ONE_HOT = pd.DataFrame(np.eye(3)[_CLASE["clase"]])
DEFECTOS_POR_CABEZA = {
    ("regresion", "una sola fila"): (_CLASE.T, "np.ravel(y)"),
    ("clasificacion", "una sola fila"): (_CLASE.T, "np.ravel(y)"),
    ("clasificacion", "con huecos"): (_CLASE * 10 + 10, "np.unique(y, return_inverse=True)"),
    ("clasificacion", "one-hot booleano"): (_ONE_HOT.astype(bool), "np.argmax(y, axis=1)"),
    ("clasificacion", "un entero enorme"): (_CLASE + 2**62, "de 4611686018427387904 a"),
    ("binaria", "0 y 255"): (_CLASE % 2 * 255, "(y == 255).astype(int)"),
    ("binaria", "tres textos"): (
        pd.DataFrame({"sí": ["sí", "no", "a veces"] * 4}),
        "textos (como 'a veces'), de 3 clases distintas, y el modelo distingue 2",
    ),
    ("regresion", "números como textos"): (_CLASE.astype(str), "pd.to_numeric"),
    ("regresion", "coma decimal"): (pd.DataFrame({"y": ["1,5"] * 12}), "leer_tabla"),
    ("regresion", "dos columnas"): (pd.concat([_CLASE, _CLASE], axis=1), "d_out=2"),
    ("dos_salidas", "una columna"): (_CLASE, "y tiene 1 columna y el modelo da 2"),
    ("clasificacion", "one-hot"): (_ONE_HOT, "np.argmax(y, axis=1)"),
    ("clasificacion", "negativas"): (_CLASE - 1, "de -1 a 1, y el modelo tiene 3 (de 0 a 2)"),
    ("clasificacion", "desde 1"): (_CLASE + 1, "y = y - 1"),
    ("clasificacion", "desde 1 y una de más"): (pd.DataFrame(np.arange(12) % 4 + 1), "clases=5"),
    ("clasificacion", "una clase de más"): (pd.DataFrame({"y": np.arange(12) % 4}), "clases=4"),
    ("clasificacion", "con decimales"): (_CLASE + 0.5, "como 0.5"),
    ("clasificacion", "una sola clase"): (_CLASE * 0 + 2, "son de la clase 2"),
    ("one_hot", "enteros"): (_CLASE, "np.eye(3)[y]"),
    ("one_hot", "otra cantidad"): (_ONE_HOT[[0, 1]], "clases=2"),
    ("one_hot", "fila de ceros"): (_ONE_HOT * (_CLASE.to_numpy() > 0), "es [0, 0, 0]"),
    ("one_hot", "no suma 1"): (_ONE_HOT * 0.8, "suma 1"),
    ("one_hot", "negativa"): (_ONE_HOT * 2 - 1 / 3, "suma 1"),
    ("one_hot", "dos clases a la vez"): (_ONE_HOT.replace(0, 1), "sigmoid"),
    ("one_hot", "un 1 y algo más"): (_ONE_HOT.replace(0, 0.25), "un solo 1"),
    ("one_hot", "una sola clase"): (_ONE_HOT * 0 + [0, 1, 0], "son de la clase 1"),
    ("binaria", "-1 y 1"): (_CLASE % 2 * 2 - 1, "(y == 1).astype(int)"),
    ("binaria", "1 y 2"): (_CLASE % 2 + 1, "(y == 2).astype(int)"),
    ("binaria", "tres clases"): (_CLASE, "crear_clasificacion"),
    ("binaria", "cantidades"): (_CLASE * 0.7 + 10, "crear_regresion"),
    ("binaria", "probabilidades"): (_CLASE * 0.5, "0.5"),
    ("binaria", "one-hot"): (_ONE_HOT[[0, 1]], "np.argmax(y, axis=1)"),
    ("binaria", "una sola clase"): (_CLASE * 0, "son de la clase 0"),
}


@pytest.mark.parametrize("cabeza", CABEZAS)
@pytest.mark.parametrize("formato", FORMATOS)
@pytest.mark.parametrize("defecto", DEFECTOS_DE_Y)
def test_y_mala(defecto, formato, cabeza):
    estropear, texto = DEFECTOS_DE_Y[defecto]
    rechazar(crear(cabeza), x_buena(), FORMATOS[formato](estropear(y_buena(cabeza))), texto)


@pytest.mark.parametrize("formato", FORMATOS)
@pytest.mark.parametrize("caso", DEFECTOS_POR_CABEZA, ids=" ".join)
def test_y_que_no_es_de_la_cabeza(caso, formato):
    y, texto = DEFECTOS_POR_CABEZA[caso]
    rechazar(crear(caso[0]), x_buena(), FORMATOS[formato](y), texto)


# Lo que solo puede pasar con una clase de objeto.
X_RARAS = {
    "categorías": (x_buena().assign(año=pd.Categorical(["a"] * 12)), "'año' de x tiene categorías"),
    "categorías que son números": (x_buena().assign(año=pd.Categorical([7] * 12)), "(como 7)"),
    "enteros que faltan": (x_buena().assign(edad=pd.array([1, None] * 6)), "6 valores faltantes"),
    "duraciones": (x_buena().assign(edad=pd.Timedelta("1D")), "total_seconds"),
    "períodos": (x_buena().assign(edad=pd.Period("2024-01")), "períodos"),
    "intervalos": (x_buena().assign(edad=pd.Interval(0, 1)), "objetos de tipo Interval"),
    "filas desparejas": ([[1, 2, 3]] * 11 + [[1, 2]], "largos distintos: [2, 3]"),
    "una fila sin corchetes": ([0.1, 0.2, 0.3], "Escribe [x]"),
    "un None": (None, "inplace=True"),
    "el nombre de un archivo": ("datos.csv", "x = ck.datos.leer_tabla(x)"),
    "la ruta de un archivo": (pathlib.Path("datos.csv"), "x = ck.datos.leer_tabla(x)"),
    "un diccionario": ({"edad": [1, 2]}, "pd.DataFrame(x)"),
    "un diccionario de una fila": ({"edad": 1, "año": 2}, "pd.DataFrame([x])"),
    "un conjunto": ({1, 2}, "x es de tipo set"),
    "un número": (7, "x es un solo número (7)"),
    "un arreglo sin ejes": (np.array(2.5), "x es un solo número (2.5)"),
    "un generador": ((fila for fila in [[1, 2, 3]]), "np.array(list(x))"),
    "un zip": (zip([1, 2], [3, 4], strict=True), "np.array(list(x))"),
    "valores de un diccionario": ({0: [1, 2, 3]}.values(), "np.array(list(x))"),
    "un Dataset": (tf.data.Dataset.range(3), "modelo.fit(dataset)"),
    "un conjunto del paquete": (ck.datos.lineal(), "sepáralos con x, y = x."),
    "un par (x, y)": ((x_buena().to_numpy(), np.ones(12)), "van por separado: (modelo, x, y)"),
    "una función": (x_buena().to_numpy, "le faltan los paréntesis, x()"),
    "bytes": (b"123", "x es de tipo bytes"),
    "una matriz dispersa": (scipy.sparse.csr_matrix(x_buena()), "x = x.toarray()"),
    "un tensor desparejo": (tf.ragged.constant([[1.0, 2], [3]]), "x es de tipo RaggedTensor"),
    "la entrada de un modelo": (keras.Input((3,)), "x es de tipo KerasTensor"),
    "otro separador": (pd.DataFrame({"edad;año": ["1,5;2"] * 12}), "ck.datos.leer_tabla(ruta)"),
    "filas y columnas cambiadas": (x_buena().T, "x = x.T"),
    "arreglos dentro de un arreglo": (
        pd.Series([np.ones(3)] * 12).to_numpy(),
        "objetos de tipo ndarray",
    ),
    "fechas que faltan": (
        x_buena().assign(edad=pd.NaT),
        "'edad' de x tiene solo valores faltantes. Quítala: x = x.drop(columns=['edad']).",
    ),
    "textos que faltan": (pd.Series([None] * 12, dtype="str"), "x tiene solo valores faltantes"),
    "textos sin filas": (x_buena().astype(str)[:0], "x está vacío"),
    "objetos sin filas": (np.empty((0, 3), dtype=object), "x está vacío"),
    "un arreglo de textos": (np.full((12, 3), "a"), "textos"),
    "tres ejes de textos": (np.full((12, 3, 1), "a"), "debe ser de números"),
    "tres ejes": (np.zeros((12, 3, 2)), "(n, 3, 2) y el modelo espera (n, 3)"),
    "una máscara": (np.ma.masked_less(x_buena().to_numpy(), -1), "valores faltantes"),
    "un tensor con nan": (tf.fill((12, 3), float("nan")), "12 valores faltantes"),
    "fechas de NumPy": (np.full((12, 3), "2024-01-01", "datetime64[D]"), "fechas"),
    "registros": (np.zeros(12, [("edad", "f4"), ("año", "f4")]), "2 columnas y el modelo espera 3"),
    "una tabla dispersa": (tf.sparse.eye(12, 3), "tf.sparse.to_dense(x)"),
    "x vacía": ([], "x está vacío"),
}


@pytest.mark.parametrize("caso", X_RARAS)
def test_x_de_otra_clase(caso):
    x, texto = X_RARAS[caso]
    rechazar(crear("regresion"), x, y_buena("regresion"), texto)


IMAGENES = {
    "de otro tamaño": (np.zeros((12, 5, 4)), "d_in=(5, 4)"),
    "en color": (np.zeros((12, 4, 4, 3)), "(n, 4, 4, 3)"),
    "aplanadas": (np.zeros((12, 16)), "x.reshape((-1, 4, 4))"),
    "una sola": (np.zeros((4, 4)), "Escribe [x]"),
}


@pytest.mark.parametrize("caso", IMAGENES)
def test_imagenes_malas(caso):
    x, texto = IMAGENES[caso]
    rechazar(ck.crear_clasificacion((4, 4), 3), x, y_buena("clasificacion"), texto)


def _con_nombres(columnas):
    return pd.DataFrame(x_buena().to_numpy()[:, : len(columnas)], columns=columnas)


COLUMNAS_CAMBIADAS = {
    "en otro orden": (_con_nombres(["año", "edad", "ingreso"]), r"x = x\[list\(modelo"),
    "con otro nombre": (_con_nombres(["edad", "ingreso", "mes"]), "faltan 'año' y sobran 'mes'"),
    "con una de menos": (_con_nombres(["edad", "año"]), "faltan 'ingreso'"),
    "con una de más": (x_buena().assign(mes=1), "sobran 'mes'"),
}


@pytest.mark.parametrize("funcion", ["entrenar", "evaluar", "predecir"])
@pytest.mark.parametrize("caso", COLUMNAS_CAMBIADAS)
def test_columnas_que_no_aprendio(caso, funcion):
    modelo = crear("regresion")
    ck.entradas.recordar_columnas(modelo, x_buena())
    x, texto = COLUMNAS_CAMBIADAS[caso]
    datos = (x,) if funcion == "predecir" else (x, y_buena("regresion"))
    with pytest.raises(ValueError, match=texto):
        getattr(ck, funcion)(modelo, *datos)


ARGUMENTOS = {
    "epochs=0": {"epochs": 0},
    "epochs=2.5": {"epochs": 2.5},
    "epochs='10'": {"epochs": "10"},
    "epochs=True": {"epochs": True},
    "epochs=None": {"epochs": None},
    "batch_size=0": {"batch_size": 0},
    "batch_size=-32": {"batch_size": -32},
    "batch_size=32.0": {"batch_size": 32.0},
    "validation_split=1.5": {"validation_split": 1.5},
    "validation_split=-0.2": {"validation_split": -0.2},
    "validation_split=20": {"validation_split": 20},
    "validation_split=1": {"validation_split": 1},
    "validation_split='0.2'": {"validation_split": "0.2"},
    "validation_split=nan": {"validation_split": float("nan")},
    "patience=-1": {"patience": -1},
    "patience=2.5": {"patience": 2.5},
    "patience='10'": {"patience": "10"},
    "brecha=0": {"brecha": 0},
    "brecha=-1": {"brecha": -1},
    "brecha='50%'": {"brecha": "50%"},
    "brecha=inf": {"brecha": float("inf")},
    "acelerar='no'": {"acelerar": "no"},
    "verbose='si'": {"verbose": "si"},
    "verbose=3": {"verbose": 3},
    "sample_weight tiene forma (2,)": {"sample_weight": [1, 2]},
    "sample_weight tiene forma (12, 2)": {"sample_weight": np.ones((12, 2))},
    "sample_weight tiene pesos negativos (el menor es -1)": {"sample_weight": [-1] + [1] * 11},
    "sample_weight tiene 1 valor faltante": {"sample_weight": [np.nan] + [1] * 11},
    "sample_weight es 0 en todas las filas": {"sample_weight": np.zeros(12)},
    "sample_weight tiene textos": {"sample_weight": ["a"] * 12},
    "sample_weight es de tipo str": {"sample_weight": "balanced"},
    "sample_weight es de tipo dict": {"sample_weight": {0: 1, 1: 2}},
    "sample_weight es un solo número": {"sample_weight": 2.0},
    "clases que no existen: 7": {"class_weight": {0: 1, 1: 1, 2: 1, 7: 1}},
    "clases que no existen: 'perro'": {"class_weight": {0: 1, 1: 1, 2: 1, "perro": 1}},
    "no dice el peso de la clase 2. Las clases son los enteros de 0 a 2": {
        "class_weight": {0: 1, 1: 1}
    },
    "no dice el peso de las clases 1 y 2": {"class_weight": {0: 1}},
    "pesos que no sirven: {1: -1}": {"class_weight": {0: 1, 1: -1, 2: 1}},
    "pesos que no sirven: {2: nan}": {"class_weight": {0: 1, 1: 1, 2: float("nan")}},
    "pesos que no sirven: {2: 'mucho'}": {"class_weight": {0: 1, 1: 1, 2: "mucho"}},
    "class_weight={0: 0, 1: 0, 2: 0}": {"class_weight": {0: 0, 1: 0, 2: 0}},
    "class_weight es de tipo list": {"class_weight": [1, 1, 1]},
    "class_weight es de tipo str": {"class_weight": "balance"},
    "validation_data: x tiene 2 columnas": {"validation_data": (np.ones((2, 2)), [0, 1])},
    "validation_data: y tiene clases": {"validation_data": (np.ones((2, 3)), [0, 5])},
    "validation_data: x tiene 2 filas": {"validation_data": (np.ones((2, 3)), [0, 1, 2])},
    "validation_data: La columna 0": {"validation_data": ([[np.nan, 1, 1]], [0])},
    "faltan 'edad', 'ingreso' y 'año' y sobran 'a', 'b' y 'c'": {
        "validation_data": (x_buena().set_axis(list("abc"), axis=1), [0, 1, 2] * 4)
    },
    "validation_data: Las columnas de x no son las del entrenamiento: están en otro orden": {
        "validation_data": (x_buena()[COLUMNAS[::-1]], [0, 1, 2] * 4)
    },
    "Llegó un _BatchDataset": {"validation_data": tf.data.Dataset.range(3).batch(2)},
    "En validation_data: y es None, y sin objetivos": {"validation_data": (x_buena(), None)},
    "Llegó un ndarray": {"validation_data": np.ones((2, 3))},
    "Llegó un tuple": {"validation_data": (np.ones((2, 3)),)},
}


@pytest.mark.parametrize("texto", ARGUMENTOS)
def test_argumentos_malos(texto):
    datos = x_buena(), y_buena("clasificacion")
    rechazar(crear("clasificacion"), *datos, texto, **ARGUMENTOS[texto])


def test_la_y_de_validacion_con_las_columnas_en_otro_orden():
    modelo, x = ck.crear_regresion(3, d_out=2), x_buena()
    y = pd.DataFrame({"largo": range(12), "ancho": range(12, 0, -1)})
    texto = "Las columnas de y no son las del entrenamiento: están en otro orden"
    rechazar(modelo, x, y, texto, validation_data=(x, y[["ancho", "largo"]]))
    con_otros_nombres = y.set_axis(["l", "a"], axis=1)
    assert not ck.revisar(modelo, x, y, validation_data=(x, con_otros_nombres)).errores


def test_sin_objetivo():
    modelo, dataset = crear("regresion"), tf.data.Dataset.from_tensors((np.ones((2, 3)), [1, 2]))
    with pytest.raises(ValueError, match="y es de tipo NoneType"):
        ck.entrenar(modelo, x_buena(), None)
    with pytest.raises(ValueError, match=r"x es de tipo \w+Dataset .* modelo\.fit\(dataset\)"):
        ck.entrenar(modelo, dataset, None)


def test_class_weight_en_una_regresion():
    datos = x_buena(), y_buena("regresion")
    for class_weight in ({0: 1, 1: 2}, "balanced"):
        rechazar(crear("regresion"), *datos, "no clasifica", class_weight=class_weight)


def test_todos_los_errores_salen_juntos():
    x = x_buena().assign(edad=np.nan, año=np.inf)
    with pytest.raises(ck.ErrorDeDatos, match=r"(?s)'edad'.*'año'.*'objetivo_0' de y") as informe:
        ck.entrenar(crear("regresion"), x, y_buena("regresion").astype(str))
    assert len(informe.value.hallazgos) == 3


def _dos_salidas():
    entrada = keras.Input((3,))
    capas = [keras.layers.Dense(1)(entrada) for _ in range(2)]
    modelo = keras.Model(entrada, capas)
    modelo.compile(loss="mse")
    return modelo


def _dos_entradas():
    entradas = [keras.Input((3,)), keras.Input((3,))]
    modelo = keras.Model(entradas, keras.layers.Dense(1)(keras.layers.Add()(entradas)))
    modelo.compile(loss="mse")
    return modelo


def _compilado(*capas, entrada=True, **compilacion):
    modelo = keras.Sequential([keras.Input((3,))] * entrada + list(capas))
    modelo.compile(**compilacion)
    return modelo


_Dense = keras.layers.Dense
MODELOS = {
    "sin compilar": (lambda: keras.Sequential([keras.Input((3,)), _Dense(1)]), "no está compilado"),
    "sin pérdida": (lambda: _compilado(_Dense(1)), "no está compilado"),
    "una clase": (lambda: keras.Sequential, "la clase Sequential y debe ser un modelo ya creado"),
    "sin construir": (lambda: _compilado(_Dense(1), entrada=False, loss="mse"), "keras.Input"),
    "de dos salidas": (_dos_salidas, "2 salidas"),
    "de dos entradas": (_dos_entradas, "2 entradas"),
    "que es un arreglo": (lambda: np.ones((12, 3)), "El orden es (modelo, x, y)"),
    "que es None": (lambda: None, "NoneType"),
    "con softmax de una neurona": (
        lambda: _compilado(_Dense(1, "softmax"), loss="mse"),
        "siempre da 1",
    ),
}


@pytest.mark.parametrize("caso", MODELOS)
def test_modelo_malo(caso):
    crear_modelo, texto = MODELOS[caso]
    rechazar(crear_modelo(), x_buena(), y_buena("regresion"), texto)


@pytest.mark.parametrize(
    ("loss", "cabeza"),
    [
        ("sparse_categorical_crossentropy", "clasificacion"),
        (keras.losses.CategoricalCrossentropy(), "one_hot"),
        (keras.losses.binary_crossentropy, "binaria"),
    ],
    ids=["clases", "one-hot", "binaria"],
)
def test_cabeza_que_no_da_probabilidades(loss, cabeza):
    y = y_buena(cabeza)
    neuronas = CABEZAS[cabeza][0]().output_shape[-1]
    modelo = _compilado(_Dense(neuronas), loss=loss)
    rechazar(modelo, x_buena(), y, "activación 'linear', y la pérdida espera probabilidades")


def test_clases_con_una_sola_neurona():
    modelo = _compilado(_Dense(1, "sigmoid"), loss="sparse_categorical_crossentropy")
    rechazar(modelo, x_buena(), y_buena("binaria"), "usa crear_binaria")


def test_y_que_es_x():
    x = x_buena()
    rechazar(crear("regresion"), x, x, "y es igual a x")
    una = x[["edad"]]
    rechazar(ck.crear_regresion(1), una, una.to_numpy(), "y es igual a x")


@pytest.mark.parametrize("cabeza", CABEZAS)
def test_x_e_y_al_reves(cabeza):
    if cabeza == "one_hot":
        return  # Tres columnas y tres clases: las formas no lo delatan.
    rechazar(crear(cabeza), y_buena(cabeza), x_buena(), "x e y están al revés")


@pytest.mark.parametrize(
    ("x", "texto"),
    [
        (x_buena(), "y es de tipo NoneType y debe ser una tabla"),
        (x_buena(), "El orden es (modelo, x, y)."),
        (tf.data.Dataset.from_tensor_slices((x_buena(), np.ones(12))), "modelo.fit(dataset)"),
        (ck.datos.lineal(), "sepáralos con x, y = x."),
    ],
    ids=["qué llegó", "qué escribir", "un Dataset", "un conjunto del paquete"],
)
@pytest.mark.parametrize("funcion", [ck.entrenar, ck.evaluar, ck.tabla_predicciones, ck.comparar])
def test_sin_y(funcion, x, texto):
    with pytest.raises(ck.ErrorDeDatos) as informe:
        funcion(crear("regresion"), x, None)
    assert texto in str(informe.value)


@pytest.mark.parametrize(
    ("validation_data", "texto"),
    [
        (
            (x_buena(), None),
            "En validation_data: y es None, y sin objetivos no se puede medir la validación.",
        ),
        ((None, [1.0]), "En validation_data: x es de tipo NoneType"),
        (ck.datos.lineal(), "En validation_data: Llegó un Conjunto"),
        ({"x": x_buena()}, "En validation_data: Llegó un dict"),
    ],
    ids=["sin y", "sin x", "un conjunto del paquete", "un diccionario"],
)
def test_validacion_incompleta(validation_data, texto):
    x, y = x_buena(), y_buena("regresion")
    rechazar(crear("regresion"), x, y, texto, validation_data=validation_data)


# Cada línea que propone un mensaje, escrita tal cual, arregla los datos.
ARREGLABLES = {
    "números como textos": x_buena().astype(str),
    "números como textos en un arreglo": x_buena().to_numpy().astype(str),
    "una celda vacía": _poner(x_buena(), "edad", ""),
    "una celda vacía en una lista": [[1, 2, ""], *x_buena().to_numpy().tolist()[1:]],
    "categorías": x_buena().assign(año=pd.Categorical(["a"] * 12)),
    "textos de categorías": x_buena().assign(año="a"),
    "textos de categorías en una lista": [[1, 2, "a"]] * 12,
    "una matriz dispersa": scipy.sparse.csr_matrix(x_buena()),
    "filas y columnas cambiadas": x_buena().T,
    "un diccionario": x_buena().to_dict("list"),
    "valores de un diccionario": dict(enumerate(x_buena().to_numpy())).values(),
    "una columna que falta": x_buena().assign(edad=[1.0, np.nan] * 6),
}


@pytest.mark.filterwarnings("ignore::cursokeras._comun.hallazgos.AvisoDeDatos")
@pytest.mark.parametrize("caso", ARREGLABLES)
def test_la_linea_que_se_propone_arregla_los_datos(caso):
    x, modelo = ARREGLABLES[caso], ck.crear_regresion(3)
    ambito = {"x": x.copy() if hasattr(x, "copy") else x, "pd": pd, "np": np}
    for _ in range(3):  # Un arreglo puede dejar a la vista otro: "" pasa a ser un faltante.
        errores = ck.revisar(modelo, ambito["x"]).errores
        if not errores:
            return
        for linea in dict.fromkeys(
            re.search(r"x(\[.*?\])? = .*\)|x = x\.T", h.arreglo)[0] for h in errores
        ):
            exec(linea.replace("sklearn.impute.", ""), {"SimpleImputer": SimpleImputer}, ambito)
    assert not errores


@pytest.mark.parametrize(
    ("valores", "linea"),
    [
        (pd.to_datetime(["2024-05-01"] * 2), "pd.to_datetime(y).dt.year"),
        ([datetime.date(2024, 5, 1)] * 2, "pd.to_datetime(y).dt.year"),
        (["2024-05-01"] * 2, "pd.to_datetime(y).dt.year"),
        (pd.period_range("2024-05", periods=2, freq="M"), "y.dt.year"),
        (pd.to_timedelta([2024, 2024], "s"), "pd.to_timedelta(y).dt.total_seconds()"),
    ],
    ids=["fechas", "fechas de Python", "fechas como textos", "períodos", "duraciones"],
)
@pytest.mark.parametrize("formato", [pd.Series, np.array], ids=["Series", "arreglo"])
def test_la_linea_de_las_fechas_da_numeros(valores, linea, formato):
    y = formato(valores)
    linea = linea if formato is pd.Series else linea.replace("y", "pd.Series(y)", 1)
    with pytest.raises(ck.ErrorDeDatos, match=re.escape(linea)):
        ck.evaluar(ck.crear_regresion(3), x_buena(2), y)
    assert list(eval(linea)) == [2024, 2024]
