"""Un modelo pequeño, su archivo y cómo rehacerlo con partes cambiadas."""

import io
import json
import zipfile

import numpy as np
import pytest

import cursokeras as ck
from cursokeras.guardado import guardar


@pytest.fixture(scope="session")
def modelo():
    modelo = ck.crear_clasificacion(4, 3, ocultas=(5,), semilla=1)
    azar = np.random.default_rng(0)
    modelo.fit(azar.normal(size=(32, 4)), azar.integers(0, 3, 32), verbose=0)
    modelo.columnas_cursokeras = ("Estudio", "Edad", "Promedio", "Años")
    return modelo


@pytest.fixture(scope="session")
def sellado(modelo, tmp_path_factory):
    """Los bytes de un archivo de `guardar`."""
    ruta = tmp_path_factory.mktemp("sellado") / "m.keras"
    guardar(modelo, ruta, clases=["LS", "LI", "IC"])
    return ruta.read_bytes()


@pytest.fixture(scope="session")
def de_keras(modelo, tmp_path_factory):
    """Los bytes del mismo modelo, guardado por Keras."""
    ruta = tmp_path_factory.mktemp("de_keras") / "m.keras"
    modelo.save(ruta)
    return ruta.read_bytes()


class Partes(dict):
    """Las partes de un `.keras`, para cambiar una y volver a armar el archivo."""

    def __init__(self, contenido):
        with zipfile.ZipFile(io.BytesIO(contenido)) as archivo:
            super().__init__({nombre: archivo.read(nombre) for nombre in archivo.namelist()})

    def config(self, cambiar):
        config = json.loads(self["config.json"])
        cambiar(config)
        self["config.json"] = json.dumps(config).encode()

    def armar(self, compresion=zipfile.ZIP_STORED):
        salida = io.BytesIO()
        with zipfile.ZipFile(salida, "w", compresion) as archivo:
            for nombre, contenido in self.items():
                archivo.writestr(nombre, contenido)
        return salida.getvalue()


@pytest.fixture
def partes(de_keras):
    return Partes(de_keras)
