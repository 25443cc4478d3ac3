"""Las filas de validación: ni se pierden, ni se repiten, ni falta una clase."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.model_selection import train_test_split

from cursokeras.entrenamiento.particion import separar_validacion


@given(
    n=st.integers(2, 300),
    fraccion=st.floats(0.001, 0.999),
    semilla=st.none() | st.integers(0, 99),
    cuantas_clases=st.integers(0, 12),
    multiplo=st.integers(1, 4),
)
def test_cada_fila_queda_en_una_sola_parte(n, fraccion, semilla, cuantas_clases, multiplo):
    azar = np.random.default_rng(n)
    clases = azar.integers(0, cuantas_clases, n) if cuantas_clases else None
    if n < 2 * multiplo:
        with pytest.raises(ValueError, match=rf"Hay {n} filas? y hacen falta"):
            separar_validacion(n, fraccion, clases=clases, multiplo=multiplo, semilla=semilla)
        return
    entrena, valida = separar_validacion(
        n, fraccion, clases=clases, multiplo=multiplo, semilla=semilla
    )
    np.testing.assert_array_equal(np.sort(np.r_[entrena, valida]), np.arange(n))
    assert len(entrena) >= multiplo
    assert len(valida) >= multiplo
    assert len(valida) % multiplo == 0
    esperadas = np.clip(n * fraccion, multiplo, n - multiplo)
    assert abs(len(valida) - esperadas) <= multiplo


@pytest.mark.parametrize("semilla", range(5))
def test_reparte_las_clases_en_su_proporcion(semilla):
    clases = np.repeat([0, 1, 2], [600, 300, 100])
    _, valida = separar_validacion(1000, 0.2, clases=clases, semilla=semilla)
    cuentas = np.bincount(clases[valida])
    np.testing.assert_allclose(cuentas, [120, 60, 20], atol=1)


@pytest.mark.parametrize("semilla", range(5))
def test_con_pocas_filas_reparte_como_scikit_learn(semilla):
    clases = np.repeat([0, 1, 2], [70, 20, 10])
    _, valida = separar_validacion(100, 0.2, clases=clases, semilla=semilla)
    _, suyas = train_test_split(clases, test_size=0.2, stratify=clases, random_state=semilla)
    np.testing.assert_array_equal(np.bincount(clases[valida]), np.bincount(suyas))


@given(
    tamanos=st.lists(st.integers(1, 12), min_size=1, max_size=8),
    fraccion=st.floats(0.01, 0.99),
    semilla=st.integers(0, 9),
)
def test_ninguna_clase_se_queda_sin_entrenar_si_alcanzan_las_filas(tamanos, fraccion, semilla):
    clases = np.repeat(np.arange(len(tamanos)), tamanos)
    if len(clases) < 2:
        return
    entrena, valida = separar_validacion(len(clases), fraccion, clases=clases, semilla=semilla)
    if len(entrena) >= len(tamanos):
        assert set(clases[entrena]) == set(range(len(tamanos)))
    assert set(entrena).isdisjoint(valida)


@pytest.mark.parametrize("semilla", range(5))
def test_una_clase_de_una_sola_fila_se_queda_entrenando(semilla):
    clases = np.r_[np.zeros(20), np.ones(20), 2]
    entrena, _ = separar_validacion(41, 0.5, clases=clases, semilla=semilla)
    assert set(clases[entrena]) == {0, 1, 2}


def test_con_todas_las_filas_en_validacion_menos_una():
    entrena, valida = separar_validacion(3, 0.99, clases=[0, 1, 2])
    assert (len(entrena), len(valida)) == (1, 2)


def test_baraja_las_filas_y_obedece_a_la_semilla():
    partes = [separar_validacion(100, 0.2, semilla=s)[1] for s in (1, 1, 2, None, None)]
    np.testing.assert_array_equal(partes[0], partes[1])
    np.testing.assert_array_equal(partes[3], partes[4])
    assert set(partes[0]) != set(partes[2])
    assert set(partes[0]) != set(range(80, 100))


def test_todas_las_filas_tienen_la_misma_oportunidad_de_validar():
    veces = np.zeros(20)
    clases = np.repeat([0, 1], 10)
    for semilla in range(2000):
        veces[separar_validacion(20, 0.25, clases=clases, semilla=semilla)[1]] += 1
    # Binomial(2000, 0.25): media 500, desviación 19.4; el margen es de cinco desviaciones.
    np.testing.assert_allclose(veces, 500, atol=97)
