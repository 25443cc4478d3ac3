"""Las tablas que se escriben: nada en ellas se ejecuta, se abren bien y no pierden nada."""

import csv
import datetime
import zipfile

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import cursokeras as ck
from cursokeras._comun.hojas import escribir_tabla, exigir_extension

FORMULAS = [
    "=1+1",
    '=HYPERLINK("http://malo","ver")',
    "+1+cmd|' /C calc'!A0",
    "-1+1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "  =1+1",
    "＝1+1",
    '"=1+1"',
    "a;=1+1",
    "a\n=1+1",
]


def celdas_csv(ruta, separador=","):
    with open(ruta, encoding="utf-8-sig", newline="") as archivo:
        return list(csv.reader(archivo, delimiter=separador))


def hoja(ruta):
    return openpyxl.load_workbook(ruta).active


def escribir(tabla, carpeta, nombre):
    escribir_tabla(tabla, carpeta / nombre)
    return carpeta / nombre


def es_formula(texto):
    return texto.strip(' "').startswith(("=", "+", "-", "@", "\t", "\r", "＝"))


@pytest.mark.parametrize("formula", FORMULAS)
@pytest.mark.parametrize("donde", ["celda", "título", "índice", "nombre del índice"])
def test_ninguna_formula_queda_viva(formula, donde, tmp_path):
    tabla = pd.DataFrame({"a": [1.5]})
    if donde == "celda":
        tabla["b"] = formula
    elif donde == "título":
        tabla[formula] = 1
    elif donde == "índice":
        tabla.index = [formula]
    else:
        tabla.index.name = formula
    for separador in ",;\t":  # Una planilla en español parte el .csv por el punto y coma.
        celdas = celdas_csv(escribir(tabla, tmp_path, "t.csv"), separador)
        assert not [celda for fila in celdas for celda in fila if es_formula(celda)]
    ruta = escribir(tabla, tmp_path, "t.xlsx")
    textos = [c for fila in hoja(ruta).iter_rows() for c in fila if isinstance(c.value, str)]
    assert all(celda.data_type == "s" for celda in textos)
    assert "quotePrefix" in zipfile.ZipFile(ruta).read("xl/styles.xml").decode()
    assert b"<f" not in zipfile.ZipFile(ruta).read("xl/worksheets/sheet1.xml")


def test_los_numeros_siguen_siendo_numeros(tmp_path):
    tabla = pd.DataFrame({"entero": [-3, 5], "real": [-0.5, 1e-9], "si": [True, False]})
    fila, *filas = celdas_csv(escribir(tabla, tmp_path, "t.csv"))
    assert fila == ["fila", "entero", "real", "si"]
    assert filas == [["0", "-3", "-0.5", "True"], ["1", "5", "1e-09", "False"]]
    leida = pd.read_excel(escribir(tabla, tmp_path, "t.xlsx"), index_col=0)
    pd.testing.assert_frame_equal(leida, tabla, check_names=False)


def test_un_texto_que_es_un_numero_queda_igual(tmp_path):
    tabla = pd.DataFrame({"nota": ["-3,5", "+56912345678", "12%", "-1-1"]})
    celdas = celdas_csv(escribir(tabla, tmp_path, "t.csv"))
    assert [fila[1] for fila in celdas[1:]] == ["-3,5", "+56912345678", "12%", "'-1-1"]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(columna=st.lists(st.floats(-1e30, 1e30), min_size=1, max_size=8))
@pytest.mark.parametrize("tipo", ["float64", "float32"])
def test_no_se_pierde_ninguna_cifra(columna, tipo, tmp_path):
    tabla = pd.DataFrame({"x": np.array(columna, tipo)})
    leida = hoja(escribir(tabla, tmp_path, "t.xlsx"))
    numeros = np.array([celda.value for celda in leida["B"][1:]], tipo)
    # Un .xlsx guarda 16 cifras: al float64 se le puede ir el último bit.
    np.testing.assert_allclose(numeros, tabla["x"], rtol=1e-15 if tipo == "float64" else 0, atol=0)


@pytest.mark.parametrize(
    ("numeros", "formato"),
    [
        ([0.98765432109, 0.5], "0.0000"),
        ([13500.123456, 7.5], "0.0"),
        ([123.456, 1.0], "0.000"),
        ([1.0, 2.0], "0"),
        ([1e-9, 2e-9], "0.000E+00"),
        ([np.nan, 0.25], "0.0000"),
    ],
)
def test_se_muestran_las_cifras_que_importan(numeros, formato, tmp_path):
    columna = hoja(escribir(pd.DataFrame({"x": numeros}), tmp_path, "t.xlsx"))["B"]
    assert columna[2].number_format == formato
    assert columna[2].value == numeros[1]


def test_un_float32_se_lee_con_sus_cifras_y_no_con_las_de_un_float64(tmp_path):
    tabla = pd.DataFrame({"x": np.array([0.1], "float32")})
    assert hoja(escribir(tabla, tmp_path, "t.xlsx"))["B2"].value == 0.1


def test_el_ancho_el_encabezado_y_el_indice(tmp_path):
    tabla = pd.DataFrame({"una columna de título largo": [1.0], "x": ["corto"]})
    leida = hoja(escribir(tabla, tmp_path, "t.xlsx"))
    anchos = [leida.column_dimensions[letra].width for letra in "ABC"]
    assert anchos[1] > len("una columna de título largo")
    assert anchos[0] == anchos[2] == 8
    assert leida.freeze_panes == "B2"
    assert leida["A1"].value == "fila"
    assert leida["B1"].font.bold


@pytest.mark.parametrize("nombre", ["t.csv", "t.xlsx"])
@pytest.mark.parametrize(
    ("indice", "titulos"),
    [
        (pd.Index([7], name="auto"), ["auto", "a"]),
        (pd.MultiIndex.from_tuples([(1, 2)]), ["fila", "fila 2", "a"]),
        (pd.MultiIndex.from_tuples([(1, 2)], names=["x", None]), ["x", "fila", "a"]),
        (pd.Index([1], name="a"), ["a", "a 2"]),
    ],
    ids=["con nombre", "de dos niveles", "con un nivel sin nombre", "repetido"],
)
def test_toda_columna_tiene_un_titulo_y_distinto(indice, titulos, nombre, tmp_path):
    tabla = pd.DataFrame({"a": [1.5]}, index=indice)
    assert ck.datos.leer_tabla(escribir(tabla, tmp_path, nombre), verbose=0).columns.tolist() == (
        titulos
    )


def test_lo_que_excel_no_sabe_guardar(tmp_path):
    hora = datetime.datetime(2024, 5, 1, 10, 30, tzinfo=datetime.timezone(datetime.timedelta(0, 7)))
    valores = [
        (hora, datetime.datetime(2024, 5, 1, 10, 30)),
        (
            pd.Timestamp("2024-05-01 10:30", tz="America/Santiago"),
            datetime.datetime(2024, 5, 1, 10, 30),
        ),
        ("a\x00b\x1fc\ud800", "a�b�c�"),
        (10**17 + 1, "100000000000000001"),
        (np.inf, "inf"),
        (datetime.date(1850, 1, 2), "1850-01-02"),
        ((1, 2), "(1, 2)"),
        (None, None),
        (pd.NaT, None),
        (pd.NA, None),
    ]
    tabla = pd.DataFrame({"x": pd.Series([valor for valor, _ in valores], dtype=object)})
    leida = hoja(escribir(tabla, tmp_path, "t.xlsx"))
    assert [celda.value for celda in leida["B"][1:]] == [leido for _, leido in valores]
    assert len(celdas_csv(escribir(tabla, tmp_path, "t.csv"))) == len(valores) + 1


@pytest.mark.parametrize("nombre", ["t.csv", "t.xlsx"])
def test_un_indice_de_horas_con_zona(nombre, tmp_path):
    horas = pd.date_range("2024-05-01 10:30", periods=2, tz="America/Santiago")
    tabla = pd.DataFrame({"x": [1.0, 2.0]}, index=horas)
    escribir(tabla, tmp_path, nombre)


def test_una_tabla_que_no_cabe_en_una_hoja(tmp_path):
    tabla = pd.DataFrame({"x": np.zeros(2**20, "int8")})
    with pytest.raises(ValueError, match=r"1048576 filas.*llega a 1048575.*Escríbela como \.csv"):
        escribir_tabla(tabla, tmp_path / "t.xlsx")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("ruta", ["t.pdf", "t", "t.xls"])
def test_otra_extension(ruta, tmp_path):
    with pytest.raises(ValueError, match=r"solo se escriben \.csv y \.xlsx"):
        exigir_extension(tmp_path / ruta)


@pytest.mark.parametrize("ruta", [3, None, "", b"t.csv", "a\0.csv", ["t.csv"]])
def test_lo_que_no_es_una_ruta(ruta):
    with pytest.raises(ValueError, match="La ruta debe ser un texto, como"):
        exigir_extension(ruta)


def test_las_predicciones_se_escriben_asi(tmp_path):
    modelo = ck.crear_binaria(2, semilla=0)
    x = pd.DataFrame({"a": [0.0, 1.0], "b": [1.0, 0.0]}, index=["=1+1", "otra"])
    ck.tabla_predicciones(modelo, x, [0, 1], tmp_path / "t.xlsx", clases=["=no", "sí"])
    leida = hoja(tmp_path / "t.xlsx")
    assert leida["A2"].value == "=1+1"
    assert {c.data_type for fila in leida.iter_rows() for c in fila} <= {"s", "n", "b"}
    ck.tabla_predicciones(modelo, x, [0, 1], tmp_path / "t.csv", clases=["=no", "sí"])
    assert celdas_csv(tmp_path / "t.csv")[1][:2] == ["'=1+1", "'=no"]
