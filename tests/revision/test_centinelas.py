"""Un dato que falta escrito con un número, como -999, se nombra; un número raro y bueno, no."""

import numpy as np
import pandas as pd
import pytest

import cursokeras as ck

AZAR = np.random.default_rng(0)
N = 200
X = pd.DataFrame(
    {
        "edad": AZAR.integers(18, 90, N),
        "nota": AZAR.uniform(1, 7, N),
        "km": AZAR.uniform(0, 240_000, N),
    }
)
Y = pd.Series(AZAR.normal(size=N), name="precio")


def hallazgos(x, y=Y, codigo="faltantes_escondidos"):
    return [h for h in ck.revisar(ck.crear_regresion(x.shape[1]), x, y) if h.codigo == codigo]


def con(columna, valor, filas=8):
    x = X.astype(float)
    x.loc[: filas - 1, columna] = valor
    return x


CENTINELAS = {
    "-999 en una edad": ("edad", -999, 8),
    "-999 una sola vez": ("edad", -999, 1),
    "-99 en una nota": ("nota", -99, 8),
    "-9999 en los kilómetros": ("km", -9999, 8),
    "-99999 donde hay negativos": ("desvio", -99999, 8),
    "9999 en una nota": ("nota", 9999, 8),
    "999 en una edad": ("edad", 999, 2),
    "999999 en los kilómetros": ("km", 999_999, 8),
    "-1 muchas veces en una nota": ("nota", -1, 8),
    "-1 muchas veces en una edad": ("edad", -1, 30),
    "-9 en una nota": ("nota", -9, 5),
}


@pytest.mark.parametrize("caso", CENTINELAS)
@pytest.mark.parametrize("como", [lambda x: x, np.asarray], ids=["tabla", "arreglo"])
def test_un_centinela_se_nombra_y_su_linea_lo_vuelve_un_faltante(caso, como):
    columna, valor, filas = CENTINELAS[caso]
    tabla = X.assign(desvio=AZAR.normal(size=N))
    tabla = tabla.astype(float)
    tabla.loc[: filas - 1, columna] = valor
    x = como(tabla)
    (hallazgo,) = hallazgos(x)
    nombre = f"'{columna}'" if x is tabla else str(tabla.columns.get_loc(columna))
    plural = "fila" if filas == 1 else "filas"
    assert hallazgo.mensaje == (
        f"El {valor} de la columna {nombre} de x (en {filas} {plural}) parece decir que falta el "
        "dato."
    )
    ambito = {"x": x, "np": np, "pd": pd}
    cambiar, completar = hallazgo.arreglo.removeprefix("Escribe ").split(
        ", y después completa lo que falta: "
    )
    exec(cambiar, ambito)
    assert int(ambito["x"].isna().sum().sum()) == filas
    exec(completar.removesuffix("."), ambito)
    assert hallazgos(ambito["x"]) == []
    pd.testing.assert_frame_equal(
        ambito["x"].iloc[filas:], pd.DataFrame(x).iloc[filas:], check_dtype=False
    )


def test_un_codigo_en_varias_columnas_se_dice_una_vez():
    x = con("edad", -999)
    x.loc[:2, ["nota", "km"]] = -999
    (hallazgo,) = hallazgos(x)
    assert "El -999 de las columnas 'edad', 'nota' y 'km' de x (en 8, 3 y 3 filas)" in str(hallazgo)
    assert "x[['edad', 'nota', 'km']].replace(-999, np.nan)" in hallazgo.arreglo


def test_en_muchas_columnas_la_linea_no_las_escribe_todas():
    x = pd.DataFrame(AZAR.normal(size=(N, 20))).add_prefix("c")
    x.iloc[:5] = -999
    (hallazgo,) = hallazgos(x)
    assert "'c11' y 8 más de x" in hallazgo.mensaje
    assert "Escribe x = x.replace(-999, np.nan)" in hallazgo.arreglo


def test_ya_no_se_pide_escalar_ni_se_llama_raro_a_un_centinela():
    x = con("edad", -999)[["edad", "nota"]]
    x["nota"] = x["nota"].where(x.index > 3, -999)
    revision = ck.revisar(ck.crear_regresion(2), x, Y)
    assert {h.codigo for h in revision.avisos} == {"faltantes_escondidos"}


HONESTAS = {
    "-1 y 1": AZAR.choice([-1, 1], N),
    "-1, 0 y 1": AZAR.choice([-1, 0, 1], N),
    "un -1 entre conteos": np.r_[-1, AZAR.poisson(3, N - 1)],
    "grados bajo cero": AZAR.integers(-1, 20, N),
    "desde -1 hasta 1": np.r_[[-1] * 10, AZAR.uniform(-1, 1, N - 10)],
    "edades hasta 99": AZAR.integers(0, 100, N),
    "porcentajes hasta 99": np.clip(AZAR.normal(90, 8, N), 0, 99),
    "números de 0 a 999": np.r_[0, 999, 999, AZAR.integers(0, 1000, N - 3)],
    "saldos negativos": np.r_[-999, AZAR.normal(0, 900, N - 1)],
    "casi todos -1": np.r_[np.full(N - 5, -1), np.arange(5)],
    "dos valores": AZAR.choice([0, 99], N),
    "un 999 suelto": np.r_[999, AZAR.uniform(0, 10, N - 1)],
    "estandarizada": AZAR.normal(size=N),
}


@pytest.mark.parametrize("caso", HONESTAS)
def test_un_numero_bueno_no_es_un_centinela(caso):
    assert hallazgos(X.assign(edad=HONESTAS[caso])) == []


def test_un_numero_suelto_sigue_siendo_raro():
    (hallazgo,) = hallazgos(con("nota", 999, 1), codigo="valores_raros")
    assert "'nota' de x llega a 999," in hallazgo.mensaje


def test_un_objetivo_que_falta():
    y = Y.where(Y.index > 4, -999)
    (hallazgo,) = hallazgos(X, y)
    assert hallazgo.mensaje == "El -999 de y (en 5 filas) parece decir que falta el dato."
    assert "quita esas filas de x e y, con y != -999" in hallazgo.arreglo
    assert hallazgos(X[y != -999], y[y != -999]) == []


def test_unas_clases_no_tienen_centinelas():
    modelo = ck.crear_clasificacion(3, 1000)
    y = np.r_[999, 999, AZAR.integers(0, 9, N - 2)]
    assert "faltantes_escondidos" not in {h.codigo for h in ck.revisar(modelo, X, y)}


# ---- El signo y el nombre de los extremos en los demás avisos ----


def test_un_extremo_negativo_lleva_su_signo():
    x = X[["nota"]].assign(saldo=np.r_[-543.0, AZAR.uniform(-300, 100, N - 1)])
    (hallazgo,) = hallazgos(x, codigo="columnas_sin_escalar")
    assert hallazgo.mensaje.startswith("La columna 'saldo' de x llega a -543 y la 'nota', a 6.9")


def test_si_las_columnas_son_del_mismo_tamano_se_nombra_una():
    """Antes decía «La columna 0 de x llega a 999 y la 0, a 999»."""
    x = np.column_stack([np.r_[999, AZAR.uniform(500, 999, N - 1)]] * 2)
    x[:, 1] = x[::-1, 1]
    (hallazgo,) = hallazgos(x, codigo="columnas_sin_escalar")
    assert hallazgo.mensaje == "La columna 0 de x llega a 999."
