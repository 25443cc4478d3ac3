"""Los lotes en memoria: todas las filas, en un orden nuevo por época y repetible."""

import numpy as np

import cursokeras as ck
from cursokeras._comun.lotes import Lotes, SeguirEpoca


def recorrer(lotes, epoca=0):
    lotes.epoca = epoca
    return np.concatenate([lotes[i][0] for i in range(len(lotes))])


def test_cada_epoca_ve_todas_las_filas_en_otro_orden():
    lotes = Lotes(np.arange(10), np.arange(10), batch_size=3, semilla=0)
    assert len(lotes) == 4
    epocas = [recorrer(lotes, epoca) for epoca in range(3)]
    for epoca in epocas:
        np.testing.assert_array_equal(np.sort(epoca), np.arange(10))
    assert not np.array_equal(epocas[0], epocas[1])
    assert not np.array_equal(epocas[1], epocas[2])


def test_el_orden_depende_solo_de_la_semilla_y_de_la_epoca():
    uno, dos = (Lotes(np.arange(50), np.arange(50), batch_size=8, semilla=4) for _ in "ab")
    np.testing.assert_array_equal(recorrer(uno, 1), dos.orden(1))
    np.testing.assert_array_equal(recorrer(dos, 1), dos.orden(1))


def test_sin_semilla_cada_objeto_tiene_su_orden_y_lo_conserva():
    uno, dos = (Lotes(np.arange(50), np.arange(50), batch_size=8) for _ in "ab")
    assert not np.array_equal(uno.orden(0), dos.orden(0))
    np.testing.assert_array_equal(uno.orden(7), uno.orden(7))


def test_los_pesos_siguen_a_sus_filas():
    filas = np.arange(9)
    lotes = Lotes(filas, filas * 2, batch_size=4, sample_weight=filas * 3, semilla=0)
    for i in range(len(lotes)):
        x, y, pesos = lotes[i]
        np.testing.assert_array_equal(y, x * 2)
        np.testing.assert_array_equal(pesos, x * 3)


def test_fit_de_keras_recorre_los_lotes_en_ese_orden():
    class Anotar(Lotes):
        vistas: list

        def __getitem__(self, i):
            self.vistas.append((self.epoca, i))
            return super().__getitem__(i)

    x = np.ones((10, 1), "float32")
    lotes = Anotar(x, x, batch_size=4, semilla=0)
    lotes.vistas = []
    seguir = SeguirEpoca(lotes)
    ck.crear_regresion(1).fit(lotes, epochs=2, shuffle=False, callbacks=[seguir], verbose=0)
    # Antes de la primera época Keras pide lotes para conocer sus formas.
    assert lotes.vistas[-6:] == [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2)]
