"""El objetivo escondido entre las columnas: se ve aunque no sea una copia, y solo si lo es."""

import numpy as np
import pandas as pd
import pytest
from sklearn import datasets

import cursokeras as ck

AZAR = np.random.default_rng(0)
N = 120
X = pd.DataFrame(AZAR.normal(size=(N, 3)), columns=["edad", "ingreso", "año"])
PRECIO = pd.Series(np.exp(X["edad"] - X["año"] + 0.1 * AZAR.normal(size=N)), name="precio")
CLASE = pd.Series(AZAR.integers(0, 4, N), name="clase")


def fugas(modelo, x, y):
    """Los mensajes de las columnas que dicen la respuesta."""
    revision = ck.revisar(modelo, x, y)
    return [str(h) for h in revision if h.codigo == "objetivo_entre_las_columnas"]


DE_UN_NUMERO = {
    "logaritmo": np.log,
    "exponencial": lambda y: np.exp(y / 10),
    "cuadrado": lambda y: y**2,
    "recíproco": lambda y: -1 / y,
    "inverso, que baja": lambda y: 1 / y,
    "puesto en la lista": lambda y: y.rank(),
    "redondeado": lambda y: y.round(1),
    "en centavos enteros": lambda y: (y**3 * 100).astype(int),
}


@pytest.mark.parametrize("funcion", DE_UN_NUMERO)
@pytest.mark.parametrize("como", [lambda x: x, np.asarray], ids=["tabla", "arreglo"])
def test_una_funcion_creciente_o_decreciente_de_y(funcion, como):
    x = X.assign(copia=DE_UN_NUMERO[funcion](PRECIO))
    (mensaje,) = fugas(ck.crear_regresion(4), como(x), PRECIO)
    columna = "'copia'" if como(x) is x else "3"
    assert mensaje.startswith(f"La columna {columna} de x ordena las filas exactamente como y")
    assert mensaje.endswith(f"Si no la tendrás al predecir, quítala: x.drop(columns=[{columna}]).")


def test_casi_el_mismo_orden_no_es_una_fuga():
    copia = np.log(PRECIO)
    orden = copia.sort_values().index
    copia[orden[50]], copia[orden[60]] = copia[orden[60]], copia[orden[50]]
    assert fugas(ck.crear_regresion(4), X.assign(copia=copia), PRECIO) == []
    assert fugas(ck.crear_regresion(3), X, PRECIO) == []


def test_con_dos_salidas_se_ve_la_de_cada_una():
    y = pd.DataFrame({"a": PRECIO, "b": X["ingreso"] * 3 + 1 + AZAR.normal(size=N)})
    x = X.assign(uno=np.log(y["a"]), dos=np.exp(y["b"] / 9))
    (mensaje,) = fugas(ck.crear_regresion(5, 2), x, y)
    assert mensaje.startswith("Las columnas 'uno' y 'dos' de x ordenan las filas exactamente")
    assert "quítalas: x.drop(columns=['uno', 'dos'])" in mensaje


def test_si_lo_hacen_todas_es_un_problema_de_una_variable():
    """Las potencias de una sola variable ordenan las filas como una curva que sube."""
    uno = AZAR.uniform(0, 1, N)
    x = np.column_stack([uno, uno**2, uno**3])
    assert fugas(ck.crear_regresion(3), x, np.exp(uno)) == []


def test_unos_pocos_escalones_no_son_una_fuga():
    """Una especie que es siempre mayor que las otras ordena sin saber la respuesta."""
    iris = datasets.load_iris()
    x = np.column_stack([iris.data[:, :2], np.eye(3)[iris.target]])
    assert fugas(ck.crear_regresion(5), x, iris.data[:, 2]) == []


DE_UNA_CLASE = {
    "one-hot": lambda clase: pd.get_dummies(clase, prefix="es"),
    "one-hot sin la primera": lambda clase: pd.get_dummies(clase, prefix="es", drop_first=True),
    "otros números": lambda clase: clase.map({0: 7, 1: 3, 2: 9, 3: 1}).rename("es").to_frame(),
    "su promedio de algo": lambda clase: (
        X["edad"].groupby(clase).transform("mean").rename("es").to_frame()
    ),
    "en binario": lambda clase: pd.DataFrame({"es_1": clase % 2, "es_2": clase // 2}),
}
CABEZAS = {
    "números": (lambda d: ck.crear_clasificacion(d, 4), lambda clase: clase),
    "one-hot": (
        lambda d: ck.crear_clasificacion(d, 4, one_hot=True),
        lambda clase: np.eye(4)[clase],
    ),
}


@pytest.mark.parametrize("cabeza", CABEZAS)
@pytest.mark.parametrize("fuga", DE_UNA_CLASE)
def test_columnas_que_dicen_la_clase(fuga, cabeza):
    crear, escribir = CABEZAS[cabeza]
    copia = DE_UNA_CLASE[fuga](CLASE)
    x = X.join(copia.astype(float))
    mensajes = fugas(crear(x.shape[1]), x, escribir(CLASE))
    assert mensajes
    for columna in copia.columns:
        assert any(f"'{columna}'" in mensaje for mensaje in mensajes)
    assert not any(f"'{columna}'" in mensaje for mensaje in mensajes for columna in X.columns)


def test_las_columnas_one_hot_se_dicen_juntas():
    x = X.join(DE_UNA_CLASE["one-hot"](CLASE).astype(float))
    (mensaje,) = fugas(ck.crear_clasificacion(7, 4), x, CLASE)
    assert mensaje == (
        "Las columnas 'es_0', 'es_1', 'es_2' y 'es_3' de x dicen la clase: juntas, valen lo mismo "
        "en todas las filas de cada una y otra cosa en las demás. Si no las tendrás al predecir, "
        "quítalas: x.drop(columns=['es_0', 'es_1', 'es_2', 'es_3'])."
    )


def test_la_clase_binaria_con_otros_numeros():
    y = CLASE % 2
    (mensaje,) = fugas(ck.crear_binaria(4), X.assign(copia=y.map({0: 5, 1: 2})), y)
    assert "La columna 'copia' de x y el objetivo y tienen correlación 1" in mensaje


HONESTAS = {
    "una pista de una sola clase": X.assign(pista=(CLASE == 2).astype(int)),
    "pistas que no alcanzan": X.assign(a=(CLASE == 2) * 1, b=(CLASE == 1) * 1),
    "casi la clase": X.assign(pista=CLASE.where(CLASE.index != 7, (CLASE[7] + 1) % 4)),
    "un 1 en una sola fila": X.assign(pista=(CLASE.index == 7) * 1),
}


@pytest.mark.parametrize("caso", HONESTAS)
def test_una_pista_no_es_la_respuesta(caso):
    x = HONESTAS[caso]
    assert fugas(ck.crear_clasificacion(x.shape[1], 4), x, CLASE) == []


def test_una_fila_por_clase_no_prueba_nada():
    """Con 60 clases de dos filas, un 1 repartido al azar puede coincidir."""
    y = np.arange(N) // 2
    x = X.assign(pista=np.isin(y, [3, 4]) * 1)
    assert fugas(ck.crear_clasificacion(4, 60), x, y) == []
    assert fugas(ck.crear_clasificacion(3, 60), X[:60], np.arange(60)) == []


def test_las_tablas_de_la_clase_no_tienen_fugas():
    """Ni las de scikit-learn, ni cada columna de los autos predicha con las demás."""
    autos = ck.datos.autos().x.select_dtypes("number")
    modelo = ck.crear_regresion(autos.shape[1] - 1)
    for columna in autos.columns:
        assert fugas(modelo, autos.drop(columns=columna), autos[columna]) == []
    for cargar in (datasets.load_iris, datasets.load_wine, datasets.load_breast_cancer):
        x, y = cargar(return_X_y=True)
        assert fugas(ck.crear_clasificacion(x.shape[1], len(set(y))), x, y) == []
    x, y = datasets.load_diabetes(return_X_y=True)
    assert fugas(ck.crear_regresion(x.shape[1]), x, y) == []


def test_en_muchas_filas_se_ve_en_la_muestra():
    x = np.random.default_rng(1).normal(size=(50_000, 4)).astype("float32")
    y = np.exp(x[:, 0] + x[:, 1])
    x[:, 3] = np.log(y)
    (mensaje,) = fugas(ck.crear_regresion(4), x, y)
    assert mensaje.startswith("La columna 3 de x ordena las filas")
