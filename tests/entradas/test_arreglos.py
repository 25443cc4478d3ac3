"""Tablas de polars y de pyarrow: sus fechas no se vuelven números, y sus columnas tienen nombre."""

import datetime

import numpy as np
import pandas as pd
import pytest

import cursokeras as ck
from cursokeras.entradas.arreglos import a_arreglo, nombres_de_columnas

FECHA = datetime.date(2024, 5, 1)
NUMEROS = {"edad": [30.0, 41.5], "alta": [True, False], "hijos": [1, 0]}


class ComoPolars:
    """Lo que hace una tabla de polars: entera, da sus fechas como el número de días."""

    def __init__(self, columnas):
        self._columnas = {nombre: np.asarray(valores) for nombre, valores in columnas.items()}

    @property
    def columns(self):
        return list(self._columnas)

    def __getitem__(self, nombre):
        return self._columnas[nombre]

    def __len__(self):
        return len(next(iter(self._columnas.values())))

    def __array__(self, dtype=None, copy=None):
        return np.stack([columna.astype("float64") for columna in self._columnas.values()], axis=1)


class ComoArrow(ComoPolars):
    """Las de pyarrow llaman `columns` a los valores, y `column_names` a los nombres."""

    @property
    def column_names(self):
        return list(self._columnas)

    @property
    def columns(self):
        return list(self._columnas.values())


def polars(columnas):
    return pytest.importorskip("polars").DataFrame(columnas)


def pyarrow(columnas):
    return pytest.importorskip("pyarrow").table(columnas)


@pytest.fixture(params=[ComoPolars, ComoArrow, polars, pyarrow], ids=lambda f: f.__name__)
def tabla(request):
    return request.param


@pytest.mark.parametrize(
    ("valores", "tiene", "linea"),
    [
        ([FECHA] * 2, "fechas", "el año es pd.to_datetime(x['cuando']).dt.year"),
        ([datetime.timedelta(days=3)] * 2, "duraciones", "dt.total_seconds()"),
        (["ana", "eva"], "textos (como 'ana')", "pd.get_dummies(x, columns=['cuando'])"),
    ],
    ids=["fechas", "duraciones", "textos"],
)
def test_una_columna_que_no_es_de_numeros_se_nombra(tabla, valores, tiene, linea):
    if isinstance(valores[0], datetime.date | datetime.timedelta) and tabla in (
        ComoPolars,
        ComoArrow,
    ):
        valores = np.array(valores, "M8[D]" if isinstance(valores[0], datetime.date) else "m8[s]")
    with pytest.raises(ck.ErrorDeDatos) as informe:
        ck.predecir(ck.crear_regresion(4), tabla({**NUMEROS, "cuando": valores}))
    assert f"La columna 'cuando' de x tiene {tiene}" in str(informe.value)
    assert "Primero, x = x.to_pandas()." in str(informe.value)
    assert linea in str(informe.value)


def test_los_numeros_son_los_mismos_que_en_pandas(tabla):
    x, esperado = tabla(NUMEROS), pd.DataFrame(NUMEROS).to_numpy("float32")
    arreglo = a_arreglo(x, "x")
    np.testing.assert_array_equal(arreglo, esperado)
    assert arreglo.dtype == "float32"
    assert nombres_de_columnas(x) == ("edad", "alta", "hijos")


def test_el_orden_de_sus_columnas_se_recuerda(tabla):
    filas = {nombre: valores * 6 for nombre, valores in NUMEROS.items()}
    modelo = ck.crear_regresion(3)
    ck.entrenar(modelo, tabla(filas), np.arange(12), epochs=1, verbose=0)
    assert modelo.columnas_cursokeras == ("edad", "alta", "hijos")
    assert ck.predecir(modelo, tabla(filas)).shape == (12, 1)
    with pytest.raises(ck.ErrorDeDatos, match="están en otro orden"):
        ck.predecir(modelo, tabla(dict(reversed(filas.items()))))


def test_lo_que_falta_nombra_su_columna(tabla):
    filas = {**NUMEROS, "edad": [30.0, np.nan]}
    with pytest.raises(ck.ErrorDeDatos, match="La columna 'edad' de x tiene 1 valor faltante"):
        ck.predecir(ck.crear_regresion(3), tabla(filas))


def test_una_y_de_otra_biblioteca(tabla):
    y = tabla({"precio": np.arange(2.0)})
    assert set(ck.evaluar(ck.crear_regresion(3), tabla(NUMEROS), y).index) >= {"r2", "mae"}


def test_una_consulta_de_polars_se_recoge():
    class Consulta:
        def collect(self):
            return None

    with pytest.raises(ck.ErrorDeDatos, match=r"escribe x = x\.collect\(\)"):
        ck.predecir(ck.crear_regresion(3), Consulta())


def test_una_celda_con_varios_numeros():
    x = ComoPolars({"foto": np.ones((2, 5)), "edad": [1, 2]})
    with pytest.raises(ck.ErrorDeDatos, match="La columna 'foto' de x tiene objetos de tipo"):
        a_arreglo(x, "x")


# ---- Textos que casi no se repiten ----

NOMBRES = [f"persona {i}" for i in range(40)]


@pytest.mark.parametrize(
    "textos",
    [NOMBRES, [*NOMBRES[:30], *NOMBRES[:10]], NOMBRES[:5], pd.Categorical(NOMBRES)],
    ids=["todos distintos", "algunos repetidos", "cinco filas", "como categorías"],
)
def test_unos_nombres_no_son_categorias(textos):
    x = pd.DataFrame({"nombre": textos, "edad": range(len(textos))})
    with pytest.raises(ck.ErrorDeDatos, match="Casi no se repiten") as informe:
        a_arreglo(x, "x")
    assert "get_dummies" not in str(informe.value)
    assert "Quítala: x = x.drop(columns=['nombre'])." in str(informe.value)


def test_y_con_nombres_pide_revisar_de_donde_sale():
    with pytest.raises(ck.ErrorDeDatos, match=r"Casi no se repiten.*Revisa de dónde sale"):
        a_arreglo(NOMBRES, "y")


@pytest.mark.parametrize(
    "textos",
    [["a", "b", "c"], NOMBRES[:10] * 2, NOMBRES[:4], ["sí", "no"] * 20],
    ids=["tres filas", "repetidos", "cuatro filas", "dos"],
)
def test_unas_categorias_si(textos):
    with pytest.raises(ck.ErrorDeDatos, match="get_dummies"):
        a_arreglo(pd.DataFrame({"nombre": textos}), "x")
