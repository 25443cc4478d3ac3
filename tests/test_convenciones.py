"""Las convenciones de la pérdida contra Keras, scikit-learn y las cifras de la clase 4."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.linear_model import LinearRegression

from cursokeras.convenciones import (
    convertir_learning_rate,
    convertir_perdida,
    optimo_lineal,
    tasa_maxima,
)

# Estudio, edad y promedio; luego las notas 1 y 2.
X, Y = np.hsplit(
    np.array(
        [
            [2, 24, 4, 7, 7.2],
            [5, 22, 3, 4.5, 5.2],
            [7, 25, 4, 6.3, 6],
            [9, 20, 7, 5.4, 4.4],
            [10, 19, 4, 8.2, 9.5],
            [11, 20, 3, 7.2, 8.1],
            [13.4, 21, 5, 5.5, 10],
            [14, 20, 3, 3, 4.3],
        ]
    ),
    [3],
)
CONVENCIONES = ("suma", "mitad", "media")


def perdida_escrita_a_mano(error, convencion):
    """La fórmula de cada convención, tal como se escribe en el pizarrón."""
    cuadrados = error**2
    if convencion == "suma":
        return cuadrados.sum(axis=1).mean()
    if convencion == "mitad":
        return (cuadrados / 2).sum(axis=1).mean()
    return cuadrados.mean()


def descender(x, y, tasa, pasos, convencion="media"):
    """Descenso de gradiente escrito a mano con todas las filas; devuelve la pérdida final."""
    escala = {"suma": 2, "mitad": 1, "media": 2 / y.shape[1]}[convencion] / len(x)
    w, b = np.zeros((x.shape[1], y.shape[1])), np.zeros(y.shape[1])
    for _ in range(pasos):
        error = x @ w + b - y
        w, b = w - tasa * escala * x.T @ error, b - tasa * escala * error.sum(axis=0)
    return np.mean((x @ w + b - y) ** 2), w


def test_la_suma_de_las_diapositivas_es_el_mse_de_keras_por_las_salidas():
    assert convertir_perdida(3106.64, desde="suma", a="media", d_out=2) == pytest.approx(1553.32)


@pytest.mark.parametrize("desde", CONVENCIONES)
@pytest.mark.parametrize("a", CONVENCIONES)
def test_convertir_da_la_formula_de_la_otra_convencion(desde, a):
    error = np.random.default_rng(0).normal(size=(5, 3))
    convertida = convertir_perdida(perdida_escrita_a_mano(error, desde), desde, a, d_out=3)
    assert convertida == pytest.approx(perdida_escrita_a_mano(error, a))


@pytest.mark.parametrize("desde", CONVENCIONES)
@pytest.mark.parametrize("a", CONVENCIONES)
def test_con_la_tasa_convertida_los_pesos_son_los_mismos(desde, a):
    x = (X - X.mean(axis=0)) / X.std(axis=0)
    tasa = convertir_learning_rate(0.05, desde, a, d_out=2)
    _, esperados = descender(x, Y, 0.05, 30, desde)
    _, obtenidos = descender(x, Y, tasa, 30, a)
    np.testing.assert_allclose(obtenidos, esperados, rtol=1e-12)


@given(
    valor=st.floats(1e-6, 1e6),
    desde=st.sampled_from(CONVENCIONES),
    a=st.sampled_from(CONVENCIONES),
    d_out=st.integers(1, 50),
)
def test_convertir_y_volver_no_cambia_nada(valor, desde, a, d_out):
    ida = convertir_perdida(valor, desde, a, d_out=d_out)
    assert convertir_perdida(ida, a, desde, d_out=d_out) == pytest.approx(valor)
    # La tasa compensa a la pérdida: su producto, que es el tamaño del paso, no cambia.
    assert ida * convertir_learning_rate(1.0, desde, a, d_out=d_out) == pytest.approx(valor)


def test_convertir_acepta_una_historia_entera():
    np.testing.assert_allclose(convertir_perdida([4.0, 2.0], "suma", "mitad"), [2, 1])
    np.testing.assert_allclose(convertir_perdida(np.array([4.0, 2.0]), "suma", "mitad"), [2, 1])


def test_tasa_maxima_de_los_estudiantes():
    assert tasa_maxima(X, d_out=2) == pytest.approx(0.003595, abs=5e-7)


@pytest.mark.parametrize("perdida", CONVENCIONES)
def test_debajo_de_la_tasa_maxima_converge_y_encima_diverge(perdida):
    tasa = tasa_maxima(X, d_out=2, perdida=perdida)
    inicial = np.mean(Y**2)
    assert descender(X, Y, 0.99 * tasa, 3000, perdida)[0] < inicial
    assert descender(X, Y, 1.01 * tasa, 3000, perdida)[0] > 1e6 * inicial


def test_las_tasas_del_curso_0035_converge_y_0036_diverge():
    assert descender(X, Y, 0.0035, 20_000)[0] < 5
    assert descender(X, Y, 0.0036, 20_000)[0] > 1e20


def test_tasa_maxima_se_convierte_como_cualquier_tasa():
    suma = tasa_maxima(X, d_out=2, perdida="suma")
    media = tasa_maxima(X, d_out=2, perdida="media")
    assert convertir_learning_rate(suma, "suma", "media", d_out=2) == pytest.approx(media)


def test_optimo_de_los_estudiantes_es_el_de_la_clase_4():
    optimo = optimo_lineal(X, Y)
    esperados = [[-0.2013, 0.0736], [-0.2262, -0.0854], [0.0677, -0.1203]]
    np.testing.assert_allclose(optimo.w, esperados, atol=5e-5)
    np.testing.assert_allclose(optimo.b, [12.2409, 8.5018], atol=5e-5)
    assert optimo.perdida == pytest.approx(3.0927, abs=5e-5)
    suma = convertir_perdida(optimo.perdida, desde="media", a="suma", d_out=2)
    assert suma == pytest.approx(6.1855, abs=5e-5)


def test_optimo_coincide_con_scikit_learn():
    azar = np.random.default_rng(1)
    x, y = azar.normal(100, 20, (60, 5)), azar.normal(size=(60, 3))
    modelo, optimo = LinearRegression().fit(x, y), optimo_lineal(x, y)
    np.testing.assert_allclose(optimo.w, modelo.coef_.T, rtol=1e-8)
    np.testing.assert_allclose(optimo.b, modelo.intercept_, rtol=1e-8)


def test_optimo_con_columnas_repetidas_reparte_el_peso():
    optimo = optimo_lineal([[1, 1], [2, 2], [3, 3]], [2, 4, 6])
    np.testing.assert_allclose(optimo.w, [[1], [1]])
    assert optimo.perdida < 1e-20


def test_acepta_tablas_de_pandas_y_una_sola_columna():
    tabla = pd.DataFrame(X, columns=["estudio", "edad", "promedio"])
    assert tasa_maxima(tabla, 2) == tasa_maxima(X, 2)
    assert optimo_lineal(tabla["edad"], Y[:, 0]).w.shape == (1, 1)


@pytest.mark.parametrize(
    ("llamada", "mensaje"),
    [
        pytest.param(lambda: convertir_perdida(1, "total", "media"), "'total'", id="convención"),
        pytest.param(lambda: convertir_perdida(1, d_out=0), "d_out=0", id="sin salidas"),
        pytest.param(lambda: convertir_learning_rate(1, d_out=2.0), "d_out=2.0", id="d_out real"),
        pytest.param(lambda: convertir_perdida("0,5"), "punto decimal", id="coma decimal"),
        pytest.param(lambda: convertir_perdida({"loss": [1]}), "history", id="historia entera"),
        pytest.param(lambda: convertir_learning_rate(None), "None", id="sin tasa"),
        pytest.param(lambda: convertir_perdida(1, ["suma"]), "convención", id="lista de nombres"),
        pytest.param(lambda: tasa_maxima([]), "está vacío", id="lista vacía"),
        pytest.param(lambda: tasa_maxima(X, perdida="mse"), "'mse'", id="nombre de Keras"),
        pytest.param(lambda: tasa_maxima(np.zeros((0, 3))), r"\(0, 3\)", id="sin filas"),
        pytest.param(lambda: tasa_maxima(np.zeros((2, 3, 3))), "reshape", id="imágenes"),
        pytest.param(lambda: tasa_maxima([[1, np.nan]]), "fila 0, columna 1", id="valor faltante"),
        pytest.param(lambda: optimo_lineal(X, Y[:5]), "8 filas e y tiene 5", id="filas de menos"),
    ],
)
def test_lo_que_no_se_puede_calcular_se_explica(llamada, mensaje):
    with pytest.raises(ValueError, match=mensaje):
        llamada()
