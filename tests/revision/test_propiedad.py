"""Con x e y al azar: lo que `revisar` acepta, Keras lo entrena; lo que no puede, se rechaza."""

import contextlib
import os
from functools import cache

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import cursokeras as ck
from tests.revision.comun import CABEZAS

NUMEROS = st.one_of(
    st.integers(-3, 4),
    st.floats(-5, 5, width=16),
    st.booleans(),
    st.sampled_from([-0.0, 1e-45, 3e38, 2**40, np.int8(3), np.float16(0.5)]),
)
AJENOS = st.sampled_from([None, float("nan"), float("inf"), 1e39, "a", "1", 1j, pd.NA, [1], {}])
TIPOS = st.sampled_from(["f8", "f2", "f4", ">f8", "i1", "u8", "?", "O"])
FORMATOS = st.sampled_from([np.asarray, pd.DataFrame, tuple, list])


@st.composite
def tablas(draw, n, columnas):
    """Filas de números, a veces con una celda ajena, escritas de cualquier forma."""
    filas = draw(
        st.lists(st.lists(NUMEROS, min_size=columnas, max_size=columnas), min_size=n, max_size=n)
    )
    if n and draw(st.integers(0, 5)) == 0:
        filas[draw(st.integers(0, n - 1))][-1] = draw(AJENOS)
        return draw(st.sampled_from([pd.DataFrame, tuple, list]))(filas)
    with np.errstate(all="ignore"):
        arreglo = np.array(filas).astype(draw(TIPOS))
    return draw(FORMATOS)(arreglo)


@st.composite
def objetivos(draw, n, cabeza):
    """El objetivo de la cabeza, o clases mal numeradas, o filas cualesquiera."""
    clases = np.array(draw(st.lists(st.integers(-1, 3), min_size=n, max_size=n)), int)
    de_otra = [
        clases.tolist(),
        pd.Series(clases).astype(str),
        abs(clases) % 2 == 1,
        clases / 2,
        pd.DataFrame(np.eye(5)[clases + 1]),
        np.column_stack([clases, clases]),
    ]
    que = draw(st.integers(0, 4))
    if que == 0:
        return draw(st.sampled_from(de_otra))
    if que == 1:
        return draw(tablas(n, draw(st.integers(1, 3))))
    return draw(FORMATOS)(CABEZAS[cabeza][1](abs(clases) % 3))


@st.composite
def llamadas(draw):
    """Una cabeza con su x y su y, casi siempre de las mismas filas y de 3 columnas."""
    n = draw(st.integers(0, 8))
    columnas = draw(st.sampled_from([3] * 8 + [2, 4]))
    filas_de_y = draw(st.sampled_from([n] * 9 + [n + 1]))
    cabeza = draw(st.sampled_from(sorted(CABEZAS)))
    return cabeza, draw(tablas(n, columnas)), draw(objetivos(filas_de_y, cabeza))


@cache
def red(cabeza):
    """La red de esa cabeza, una sola vez: crearla cuesta más que entrenarla."""
    return CABEZAS[cabeza][0]()


@contextlib.contextmanager
def sin_cambiar(modelo):
    """Al salir, el modelo vuelve a como estaba: un x de 3e38 deja pesos que ya no son números."""
    modelo.optimizer.build(modelo.trainable_variables)
    variables = [*modelo.weights, *modelo.optimizer.variables]
    antes = [variable.numpy() for variable in variables]
    yield
    for variable, valor in zip(variables, antes, strict=True):
        variable.assign(valor)


def aceptar(cabeza, x, y):
    """La revisión, si no encontró errores; si no, `None`."""
    revision = ck.revisar(red(cabeza), x, y)
    return None if revision.errores else revision


SIN_PRISA = {"deadline": None, "suppress_health_check": list(HealthCheck)}
# Pocas para probar a diario; CURSOKERAS_CASOS=5000 las busca a fondo.
CASOS = int(os.environ.get("CURSOKERAS_CASOS", "150"))


@settings(max_examples=CASOS, **SIN_PRISA)
@given(llamadas())
@example(("clasificacion", [[1, 2, 3]], [3]))
@example(("one_hot", [[1, 2, 3]], [2]))
def test_lo_aceptado_entrena(llamada):
    cabeza, x, y = llamada
    revision, modelo = aceptar(cabeza, x, y), red(cabeza)
    if revision is None:
        return
    with sin_cambiar(modelo):
        modelo.fit(revision.x, revision.y, epochs=1, batch_size=4, verbose=0)
    de_keras = modelo.predict(revision.x, verbose=0)
    assert de_keras.shape == (len(x), modelo.output_shape[1])
    if np.isfinite(de_keras).all():
        np.testing.assert_allclose(ck.predecir(modelo, x), de_keras, rtol=1e-5, atol=1e-6)
    else:
        with pytest.raises(ck.ErrorDeDatos, match="la cuenta se desborda"):
            ck.predecir(modelo, x)


def test_el_azar_da_llamadas_de_las_dos_clases():
    """Si todas se rechazaran, las pruebas de arriba no probarían nada."""
    aceptadas = []

    @settings(max_examples=100, derandomize=True, database=None, **SIN_PRISA)
    @given(llamadas())
    def probar(llamada):
        aceptadas.append(aceptar(*llamada) is not None)

    probar()
    assert 0.15 < np.mean(aceptadas) < 0.85
