"""kill -9 en momentos al azar, en procesos de verdad: el resultado es el de no haber muerto.

`MUERTES=40 pytest tests/test_respaldo_muertes.py` prueba más; la semilla es fija.
"""

import os
import pathlib
import subprocess
import sys
import time

import numpy as np
import pytest

MUERTES = int(os.environ.get("MUERTES", "4"))
PROGRAMA = pathlib.Path(__file__).with_name("entrenamiento_en_otro_proceso.py")
EPOCAS = 60

pytestmark = [
    pytest.mark.lento,
    pytest.mark.skipif(os.name == "nt", reason="kill -9 es de Unix"),
]


def lanzar(salida, respaldo, acelerar):
    orden = [sys.executable, "-u", PROGRAMA, salida, respaldo, str(int(acelerar)), str(EPOCAS)]
    return subprocess.Popen(
        list(map(str, orden)), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def completar(salida, respaldo, acelerar):
    proceso = lanzar(salida, respaldo, acelerar)
    _, errores = proceso.communicate(timeout=300)
    assert proceso.returncode == 0, errores
    with np.load(salida) as resultado:
        return dict(resultado)


def matar(salida, respaldo, acelerar, azar):
    """Espera a que empiece a entrenar y lo mata un rato después; dice si alcanzó a morir."""
    proceso = lanzar(salida, respaldo, acelerar)
    proceso.stdout.readline()
    time.sleep(float(azar.uniform(0, 0.8)))
    proceso.kill()
    proceso.communicate()
    return proceso.returncode != 0


@pytest.mark.parametrize("acelerar", [True, False], ids=["acelerado", "sin acelerar"])
def test_morir_muchas_veces_no_cambia_nada(acelerar, tmp_path):
    esperado = completar(tmp_path / "esperado.npz", "", acelerar)
    azar = np.random.default_rng(int(acelerar))
    respaldo, muertes = tmp_path / "respaldo", 0
    while muertes < MUERTES // 2:
        ajeno = respaldo / "mis notas.txt"
        respaldo.mkdir(exist_ok=True)
        ajeno.write_text("no me borres")
        murio = matar(tmp_path / "obtenido.npz", respaldo, acelerar, azar)
        muertes += murio
        if not murio or muertes == MUERTES // 2 or azar.uniform() < 0.3:
            obtenido = completar(tmp_path / "obtenido.npz", respaldo, acelerar)
            assert set(obtenido) == set(esperado)
            for nombre, valor in esperado.items():
                np.testing.assert_array_equal(obtenido[nombre], valor, err_msg=nombre)
            assert list(respaldo.iterdir()) == [ajeno]
