"""Tablas hechas para llenar la memoria: se rechazan o se leen, sin tomar más de lo que traen."""

import pytest

from tests.datos.hostiles import FORMAS, TABLA, libro
from tests.memoria import MIB, medir_en_otro_proceso


@pytest.fixture(scope="module")
def medidos(tmp_path_factory):
    carpeta = tmp_path_factory.mktemp("tablas")
    archivos = {"honesto": libro(TABLA), **FORMAS}
    rutas = {n: carpeta / f"{i}-{archivo}" for i, (n, (archivo, _)) in enumerate(archivos.items())}
    for nombre, (_, contenido) in archivos.items():
        rutas[nombre].write_bytes(contenido)
    return medir_en_otro_proceso("leer_tabla", rutas)


@pytest.mark.parametrize("forma", FORMAS)
def test_la_memoria_es_a_lo_sumo_64_mib_y_150_veces_el_archivo(forma, medidos):
    tamano, pico, mensaje = medidos[forma]
    assert pico <= 64 + 150 * tamano / MIB, f"{pico:.0f} MiB con {tamano} bytes: {mensaje}"
    assert mensaje == "" or mensaje.startswith("ValueError: '")


def test_el_honesto_se_lee(medidos):
    assert medidos["honesto"][2] == ""
