"""kill -9 en momentos al azar, en procesos de verdad: el resultado es el de no haber muerto.

`MUERTES=40 pytest tests/entrenamiento/test_respaldo_muertes.py` prueba más; la semilla es fija.
"""

import contextlib
import json
import os
import pathlib
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

MUERTES = int(os.environ.get("MUERTES", "4"))
PROGRAMA = pathlib.Path(__file__).with_name("en_otro_proceso.py")
EPOCAS = 30

pytestmark = pytest.mark.skipif(os.name == "nt", reason="kill -9 es de Unix")


class Vivero:
    """Un proceso que ya importó TensorFlow y se divide en los que van a morir."""

    def __init__(self):
        tuberia = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        self.proceso = subprocess.Popen([sys.executable, PROGRAMA], text=True, **tuberia)

    def entrenar(self, salida, respaldo, acelerar, *, matar_a_los=None):
        """Entrena hasta el final, o hasta ese tiempo tras la primera época; dice si terminó."""
        respaldo = respaldo and str(respaldo)
        pedido = {"salida": str(salida), "respaldo": respaldo, "acelerar": acelerar}
        print(json.dumps({**pedido, "epochs": EPOCAS}), file=self.proceso.stdin, flush=True)
        hijo = int(self._esperar("hijo")[1])
        # Si el respaldo ya era de la última época, termina sin empezar ninguna.
        palabra, numero = self._esperar("época" if matar_a_los is not None else "terminó")
        if palabra == "época":
            time.sleep(matar_a_los)
            with contextlib.suppress(ProcessLookupError):
                os.kill(hijo, signal.SIGKILL)
            numero = self._esperar("terminó")[1]
        assert int(numero) in (0, signal.SIGKILL), f"falló con estado {numero}"
        return int(numero) == 0

    def _esperar(self, palabra):
        """La primera línea que empieza con esa palabra, o con "terminó", partida en dos."""
        for linea in self.proceso.stdout:
            if linea.startswith((palabra, "terminó")):
                return linea.split()
        raise AssertionError(f"el proceso se cerró sin decir {palabra!r}")


@pytest.fixture(scope="module")
def vivero():
    vivero = Vivero()
    yield vivero
    vivero.proceso.stdin.close()
    vivero.proceso.wait(timeout=60)


def leer(salida):
    with np.load(salida) as resultado:
        return dict(resultado)


@pytest.mark.parametrize("acelerar", [True, False], ids=["acelerado", "sin acelerar"])
def test_morir_muchas_veces_no_cambia_nada(acelerar, vivero, tmp_path):
    assert vivero.entrenar(tmp_path / "esperado.npz", None, acelerar)
    esperado = leer(tmp_path / "esperado.npz")
    azar = np.random.default_rng(int(acelerar))
    respaldo, salida, muertes = tmp_path / "respaldo", tmp_path / "obtenido.npz", 0
    while muertes < MUERTES // 2:
        ajeno = respaldo / "mis notas.txt"
        respaldo.mkdir(exist_ok=True)
        ajeno.write_text("no me borres")
        termino = vivero.entrenar(salida, respaldo, acelerar, matar_a_los=azar.uniform(0, 0.8))
        muertes += not termino
        if termino or muertes == MUERTES // 2 or azar.uniform() < 0.3:
            assert vivero.entrenar(salida, respaldo, acelerar)
            obtenido = leer(salida)
            assert set(obtenido) == set(esperado)
            for nombre, valor in esperado.items():
                np.testing.assert_array_equal(obtenido[nombre], valor, err_msg=nombre)
            assert list(respaldo.iterdir()) == [ajeno]
