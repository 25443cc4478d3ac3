"""Archivos dañados al azar: cada uno se rechaza con un mensaje, o es el mismo modelo.

`CORRUPCIONES=5000 pytest tests/guardado/test_corrupciones.py` prueba más; la semilla es fija.
"""

import os
import warnings

import numpy as np
import pytest

from cursokeras.guardado import cargar

CUANTAS = int(os.environ.get("CORRUPCIONES", "500"))


def bit(azar, contenido):
    copia = bytearray(contenido)
    copia[azar.integers(len(copia))] ^= 1 << azar.integers(8)
    return bytes(copia)


def corte(azar, contenido):
    return contenido[: azar.integers(len(contenido))]


def permuta(azar, contenido):
    largo = int(azar.integers(1, 200))
    i, j = sorted(azar.integers(0, len(contenido) - 2 * largo, 2))
    j = max(j, i + largo)
    uno, otro = contenido[i : i + largo], contenido[j : j + largo]
    return contenido[:i] + otro + contenido[i + largo : j] + uno + contenido[j + largo :]


def hueco(azar, contenido):
    i = int(azar.integers(len(contenido)))
    largo = int(azar.integers(1, 4096))
    return contenido[:i] + bytes(len(contenido[i : i + largo])) + contenido[i + largo :]


def borrado(azar, contenido):
    i = int(azar.integers(len(contenido)))
    return contenido[:i] + contenido[i + int(azar.integers(1, 100)) :]


DANOS = [bit, bit, corte, permuta, hueco, borrado]


@pytest.mark.parametrize("origen", ["sellado", "de_keras"])
def test_ningun_dano_pasa_en_silencio(origen, modelo, tmp_path, request):
    contenido = request.getfixturevalue(origen)
    azar = np.random.default_rng(2026)
    ruta = tmp_path / "m.keras"
    mensajes = []
    for i in range(CUANTAS // 2):
        dano = DANOS[i % len(DANOS)]
        ruta.write_bytes(dano(azar, contenido))
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                leido = cargar(ruta)
        except ValueError as error:
            mensajes.append(str(error))
            continue
        assert leido.to_json() == modelo.to_json(), dano.__name__
        for a, b in zip(leido.get_weights(), modelo.get_weights(), strict=True):
            np.testing.assert_array_equal(a, b)
        if origen == "sellado":
            assert leido.columnas_cursokeras == modelo.columnas_cursokeras
            assert leido.clases_cursokeras == ("LS", "LI", "IC")
    assert len(mensajes) > CUANTAS // 2 * 0.8
    assert all(len(mensaje) > 20 for mensaje in mensajes)
