"""La diferencia relativa y el ruido: qué es redondeo y qué es un error."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from cursokeras.comparacion.diferencias import Cuentas, comparar_cuentas, diferencia_relativa

# Lejos de los números que se toman por cero: con ellos la escala sí cuenta.
NUMEROS = st.floats(-1e6, 1e6).filter(lambda numero: numero == 0 or abs(numero) > 1e-15)
ARREGLOS = arrays("float64", 5, elements=NUMEROS)


@given(ARREGLOS, ARREGLOS, st.floats(1e-3, 1e3))
def test_es_simetrica_y_no_depende_de_la_escala(a, b, factor):
    diferencia = diferencia_relativa(a, b)
    assert 0 <= diferencia <= 2
    assert diferencia_relativa(b, a) == diferencia
    assert diferencia_relativa(factor * a, factor * b) == pytest.approx(diferencia, abs=1e-9)
    assert diferencia_relativa(a, a) == 0


@pytest.mark.parametrize(
    ("a", "b", "esperada"),
    [
        pytest.param([1.0, 2.0], [1.0, 2.5], 0.2, id="números"),
        pytest.param([0.0], [0.0], 0.0, id="ceros"),
        pytest.param([], [], 0.0, id="vacíos"),
        pytest.param([0.0], [1e-36], 0.0, id="un número que TensorFlow toma por cero"),
        pytest.param([np.nan, 1.0], [np.nan, 1.0], 0.0, id="nan en el mismo lugar"),
        pytest.param([np.nan, 1.0], [1.0, np.nan], np.inf, id="nan en otro lugar"),
        pytest.param([np.inf], [np.inf], 0.0, id="el mismo infinito"),
        pytest.param([np.inf], [np.nan], 0.0, id="los dos desbordan"),
        pytest.param([np.inf], [1e35], 0.0, id="una está por desbordar"),
        pytest.param([np.inf], [1e20], np.inf, id="solo una desborda"),
        pytest.param([1.0, 2.0], [1.0], np.inf, id="otra forma"),
        pytest.param([[1.0, 2.0]], [[1.0], [2.0]], np.inf, id="transpuesto"),
    ],
)
def test_los_casos_de_borde(a, b, esperada):
    assert diferencia_relativa(a, b) == esperada


def cuentas(valor):
    return Cuentas([np.array([valor])], 1.0, [np.array([1.0])])


RUIDO = Cuentas([1e-8], 0.0, [0.0])


def test_lo_que_es_del_tamano_del_ruido_no_pasa_la_tolerancia():
    diferencias = comparar_cuentas(cuentas(0.0), cuentas(2e-9), lambda: RUIDO, 1e-4)
    assert diferencias.salidas[0] < 1e-4


def test_lo_que_pasa_del_ruido_si_es_una_diferencia():
    diferencias = comparar_cuentas(cuentas(1.0), cuentas(1.001), lambda: RUIDO, 1e-4)
    assert diferencias.salidas[0] == pytest.approx(0.001, rel=0.01)
    assert diferencias.perdida == 0


def test_el_ruido_solo_se_mide_si_hace_falta():
    def no_deberia():
        raise AssertionError("no hacía falta medir el ruido")

    diferencias = comparar_cuentas(cuentas(1.0), cuentas(1.0), no_deberia, 1e-4)
    assert diferencias.todas() == [0, 0, 0]


def test_lo_que_no_se_muestra_es_nan():
    otra = Cuentas([None], 1.0, [None])
    diferencias = comparar_cuentas(cuentas(1.0), otra, None, 1e-4)
    np.testing.assert_array_equal(diferencias.todas(), [np.nan, 0, np.nan])
