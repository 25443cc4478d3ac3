"""Filas de varias etiquetas repartidas entre entrenamiento y validación, contra el azar."""

import numpy as np
import pytest

from cursokeras.entrenamiento.particion import separar_validacion


def casos():
    azar = np.random.default_rng(0)
    for _ in range(40):
        n, k = int(azar.integers(30, 400)), int(azar.integers(2, 8))
        etiquetas = azar.random((n, k)) < azar.uniform(0.02, 0.6, size=k)
        yield etiquetas, float(azar.choice([0.1, 0.2, 0.3]))


@pytest.mark.parametrize(("etiquetas", "parte"), casos())
def test_cada_etiqueta_queda_en_los_dos_lados_y_mejor_que_al_azar(etiquetas, parte):
    n, positivas = len(etiquetas), etiquetas.sum(axis=0)
    entrenamiento, validacion = separar_validacion(n, parte, clases=etiquetas, semilla=1)
    assert sorted([*entrenamiento, *validacion]) == list(range(n))
    cuantas = len(validacion)
    assert cuantas == round(n * parte)
    apartadas = etiquetas[validacion].sum(axis=0)
    repetidas = positivas >= 2
    assert (apartadas[repetidas] >= 1).all()
    assert (apartadas[repetidas] < positivas[repetidas]).all()
    azar = np.random.default_rng(2)
    al_azar = [etiquetas[azar.permutation(n)[:cuantas]].sum(axis=0) for _ in range(200)]
    ideal = positivas * cuantas / n
    mediana = np.median(np.abs(np.array(al_azar) - ideal), axis=0)
    # Una sola fila en un lado es lo más cerca que se puede quedar.
    forzada = (apartadas == 1) | (apartadas == positivas - 1)
    assert ((np.abs(apartadas - ideal) <= mediana + 1e-9) | forzada | ~repetidas).all()


def test_el_multiplo_se_respeta_y_la_semilla_repite():
    etiquetas = np.random.default_rng(0).random((101, 3)) < 0.3
    partes = [
        separar_validacion(101, 0.2, clases=etiquetas, multiplo=4, semilla=s) for s in (5, 5, 6)
    ]
    assert len(partes[0][1]) % 4 == 0
    np.testing.assert_array_equal(partes[0][1], partes[1][1])
    assert not np.array_equal(partes[0][1], partes[2][1])
