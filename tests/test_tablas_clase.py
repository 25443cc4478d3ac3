"""Las tablas de clase contra las cifras de las diapositivas, scikit-learn y SciPy."""

import subprocess
import sys
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special, stats
from sklearn.metrics import accuracy_score, log_loss, mean_squared_error

from cursokeras import datos, tablas_clase


def test_dulong_de_la_clase():
    tabla = tablas_clase.dulong()
    np.testing.assert_allclose(tabla["E"], [49.875, 26.6866], atol=5e-5)
    assert tabla["medido"].tolist() == [50.01, 26.70]
    assert "29.84" in tabla.loc["alcohol etílico", "nota"]


def test_dulong_suma_los_aportes_y_conserva_los_nombres():
    x, _ = datos.combustibles()
    tabla = tablas_clase.dulong(x)
    np.testing.assert_allclose(tabla.drop(columns="E").sum(axis=1), tabla["E"])
    assert tabla.index.equals(x.index)


def test_error_cuadratico_de_las_dos_notas():
    tabla = tablas_clase.error_cuadratico()
    sumas = [1435.24, 1267.29, 4247.89, 4649.32, 1755.89, 2153.05, 5341.57, 4002.89]
    np.testing.assert_allclose(tabla["suma"][:8], sumas, atol=1e-9)
    assert round(tabla.loc["promedio", "suma"], 2) == 3106.64
    assert round(tabla.loc["promedio", "media"], 2) == 1553.32
    predicciones = [(16, 44), (12, 40), (23, 69), (24, 70), (14, 51), (14, 54), (24.4, 80.6)]
    np.testing.assert_allclose(tabla[["ŷ1", "ŷ2"]][:8], [*predicciones, (17, 66)])


def test_error_cuadratico_de_una_salida():
    tabla = tablas_clase.error_cuadratico([20, 3, 1], [10, 8, 6])
    assert tabla.loc[[1, 2, 3, "total", "promedio"], "suma"].tolist() == [100, 25, 25, 150, 50]
    assert tabla.loc["promedio", "mitad"] == 25


def test_error_cuadratico_coincide_con_scikit_learn():
    y, prediccion = np.random.default_rng(0).normal(size=(2, 7, 3))
    tabla = tablas_clase.error_cuadratico(y, prediccion)
    assert tabla.loc["promedio", "media"] == pytest.approx(mean_squared_error(y, prediccion))


def test_softmax_de_la_clase():
    tabla = tablas_clase.softmax()
    assert tabla["E"].round(2).tolist() == [54.6, 2980.96, 20.09, 3055.64]
    assert tabla["P"].round(3).tolist() == [0.018, 0.976, 0.007, 1.0]


def test_softmax_no_desborda_y_muestra_por_que_la_formula_si():
    tabla = tablas_clase.softmax([1000, 1000, 0])
    assert tabla["P"].tolist() == [0.5, 0.5, 0.0, 1.0]
    assert np.isinf(tabla.loc["N", "E"])


def test_puntajes_de_la_carrera_y_su_softmax():
    tabla = tablas_clase.softmax_por_fila()
    puntajes = [(46, 50, 50.2), (49.5, 51, 51.3), (60, 61.5, 61.8), (60.5, 64, 62.9)]
    puntajes += [(58.5, 58.5, 58.2), (61.5, 60, 60.1), (71, 70.3, 69.9), (69, 66, 66.1)]
    np.testing.assert_allclose(tabla[["z LS", "z LI", "z IC"]], puntajes)
    np.testing.assert_allclose(
        tabla[["P LS", "P LI", "P IC"]], special.softmax(puntajes, axis=1), rtol=1e-9
    )
    np.testing.assert_allclose(tabla["P LS"], tabla["E LS"] / tabla["N"])


def test_entropia_cruzada_de_la_carrera_con_los_errores_de_la_diapositiva():
    tabla = tablas_clase.entropia_cruzada()
    assert tabla.loc["promedio", "−ln P"].round(4) == 1.5379
    assert tabla.loc["promedio", "−ln P redondeada"].round(3) == 1.514
    assert tabla.loc[[3, 5, 6], "−ln P redondeada"].round(2).tolist() == [0.94, 1.02, 1.77]
    impresos = {3: "1.20", 5: "1.35", 6: "0.39", 7: "−log(0.27)", "promedio": "1.41"}
    assert {fila: nota for fila, nota in tabla["nota"].items() if nota}.keys() == impresos.keys()
    assert all(valor in tabla.loc[fila, "nota"] for fila, valor in impresos.items())


def test_el_promedio_de_la_diapositiva_sale_de_sus_tres_errores():
    tabla = tablas_clase.entropia_cruzada()
    con_errores = tabla["−ln P redondeada"][:8].copy()
    con_errores[[3, 5, 6]] = [1.20, 1.35, 0.39]
    assert round(con_errores.mean(), 2) == 1.41


def test_entropia_cruzada_de_dos_filas():
    y, p = [0, 2], [[0.1, 0.3, 0.6], [0.3, 0.2, 0.5]]
    tabla = tablas_clase.entropia_cruzada(y, p)
    assert tabla["P"][:2].tolist() == [0.1, 0.5]
    assert tabla["−ln P"][:2].round(4).tolist() == [2.3026, 0.6931]
    assert tabla.loc["promedio", "−ln P"] == pytest.approx(log_loss(y, p, labels=[0, 1, 2]))
    assert "nota" not in tabla
    acierto = tablas_clase.accuracy(y, np.argmax(p, axis=1)).loc["promedio", "acierto"]
    assert acierto == 0.5


def test_una_clase_con_probabilidad_cero_cuesta_infinito():
    assert np.isinf(tablas_clase.entropia_cruzada([0], [[0, 1]]).loc["promedio", "−ln P"])


def test_entropia_binaria_coincide_con_scikit_learn():
    tabla = tablas_clase.entropia_binaria()
    assert tabla.loc["promedio", "pérdida"] == pytest.approx(log_loss([1, 0], [0.9, 0.2]))
    assert tabla.loc["promedio", "pérdida"].round(6) == 0.164252


def test_exactitud_de_la_carrera():
    tabla = tablas_clase.accuracy()
    assert tabla["predicción"][:8].tolist() == [2, 2, 2, 1, 0, 0, 0, 0]
    assert tabla.loc["promedio", "acierto"] == 0.25
    assert "empate" in tabla.loc[5, "nota"]
    y = datos.estudiantes("carrera").y
    assert accuracy_score(y, tabla["predicción"][:8].astype(int)) == 0.25


def test_el_empate_de_la_fila_5_es_exacto():
    fila = tablas_clase.softmax_por_fila().loc[5]
    assert fila["z LS"] == fila["z LI"]


def test_primer_juego_dos_preguntas():
    promedio = tablas_clase.juego_de_bolas([1, 2, 3, 4]).loc["promedio"]
    assert promedio["preguntas"] == promedio["−log₂ p"] == 2


def test_segundo_juego_con_su_estrategia_y_con_la_del_primero():
    propia = tablas_clase.juego_de_bolas().loc["promedio"]
    ajena = tablas_clase.juego_de_bolas(estrategia=[1, 2, 3, 4]).loc["promedio"]
    assert propia["−log₂ p"] == propia["preguntas"] == 1.75
    assert ajena["−log₂ q"] == ajena["preguntas"] == 2.0
    assert ajena["log₂ p/q"] == 0.25


@given(st.lists(st.integers(0, 9), min_size=1, max_size=60))
def test_la_estrategia_de_huffman_no_gana_a_la_entropia_ni_pierde_por_una_pregunta(bolas):
    tabla = tablas_clase.juego_de_bolas(bolas)
    filas, promedio = tabla.drop("promedio"), tabla.loc["promedio"]
    entropia = stats.entropy(filas["p"].astype(float), base=2)
    assert promedio["−log₂ p"] == pytest.approx(entropia)
    assert entropia - 1e-9 <= promedio["preguntas"] < entropia + 1
    codigos = sorted(filas["código"])
    # Ordenados, si un código fuera el comienzo de otro quedarían juntos.
    assert not any(b.startswith(a) for a, b in pairwise(codigos))
    if len(filas) > 1:
        assert sum(2.0 ** -len(c) for c in codigos) == 1


def test_activaciones_y_la_tanh_de_la_diapositiva():
    z = np.linspace(-3, 3, 13)
    tabla = tablas_clase.activaciones(z)
    np.testing.assert_allclose(tabla["sigmoid"], special.expit(z))
    np.testing.assert_allclose(tabla["2σ(2z)−1"], np.tanh(z), atol=1e-15)
    np.testing.assert_allclose(tabla["2σ(z)−1"], np.tanh(z / 2), atol=1e-15)
    paso = 1e-6
    for nombre in ("sigmoid", "tanh"):
        vecinos = [tablas_clase.activaciones(z + h)[nombre] for h in (paso, -paso)]
        np.testing.assert_allclose(
            tabla[f"{nombre}'"], (vecinos[0] - vecinos[1]) / (2 * paso), atol=1e-9
        )
    assert tabla["relu'"].tolist() == (z > 0).astype(float).tolist()


@pytest.mark.parametrize("nombre", tablas_clase.__all__)
def test_toda_tabla_de_clase_es_un_dataframe_con_filas_de_nombre_unico(nombre):
    tabla = getattr(tablas_clase, nombre)()
    assert isinstance(tabla, pd.DataFrame)
    assert tabla.index.is_unique
    assert tabla.columns.is_unique


@pytest.mark.parametrize(
    ("llamada", "mensaje"),
    [
        pytest.param(
            lambda: tablas_clase.error_cuadratico([1, 2, 3], [1, 2]),
            r"prediccion tiene forma \(2, 1\) y se esperaba \(3, 1\)",
            id="faltan predicciones",
        ),
        pytest.param(lambda: tablas_clase.softmax([]), "puntajes", id="sin puntajes"),
        pytest.param(
            lambda: tablas_clase.entropia_cruzada([0, 3], [[0.5, 0.5]] * 2),
            "clase 3 y se esperaban enteros de 0 a 1",
            id="clase que no existe",
        ),
        pytest.param(
            lambda: tablas_clase.entropia_cruzada([0], [[4, 8]]), "softmax", id="puntajes como P"
        ),
        pytest.param(
            lambda: tablas_clase.entropia_binaria([1], [1.2]), "de 0 a 1", id="probabilidad mayor"
        ),
        pytest.param(
            lambda: tablas_clase.accuracy([1, 0], [0.7, 0.2]), "argmax", id="no son clases"
        ),
        pytest.param(
            lambda: tablas_clase.entropia_cruzada([0], [[0.9, 0.6]]), "suma 1.5", id="no suman 1"
        ),
        pytest.param(lambda: tablas_clase.juego_de_bolas(4), "una lista", id="un número de bolas"),
        pytest.param(lambda: tablas_clase.juego_de_bolas([]), "bolas está vacía", id="sin bolas"),
        pytest.param(
            lambda: tablas_clase.juego_de_bolas([1, 2], estrategia=[1]),
            r"no sabe preguntar por \[2\]",
            id="estrategia incompleta",
        ),
        pytest.param(lambda: tablas_clase.dulong([[1, 2, 3]]), r"\(n, 6\)", id="sin el estado"),
    ],
)
def test_lo_que_no_se_puede_calcular_se_explica(llamada, mensaje):
    with pytest.raises(ValueError, match=mensaje):
        llamada()


def test_no_carga_tensorflow():
    programa = (
        "import sys; from cursokeras import tablas_clase; tablas_clase.accuracy(); "
        "sys.exit('tensorflow' in sys.modules or 'keras' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", programa], check=False).returncode == 0
