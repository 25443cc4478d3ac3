"""kill -9 y Ctrl-C en momentos al azar, en procesos de verdad: nada se pierde ni queda a medias.

`MUERTES=40 SENALES=60 pytest tests/entrenamiento/test_respaldo_muertes.py` prueba más; la semilla
es fija.
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
SENALES = int(os.environ.get("SENALES", "4"))
PROGRAMA = pathlib.Path(__file__).with_name("en_otro_proceso.py")
EPOCAS = 30

pytestmark = pytest.mark.skipif(os.name == "nt", reason="kill -9 es de Unix")


class Vivero:
    """Un proceso que ya importó TensorFlow y se divide en los que van a morir."""

    def __init__(self):
        tuberia = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        self.proceso = subprocess.Popen([sys.executable, PROGRAMA], text=True, **tuberia)

    def entrenar(self, salida, respaldo, acelerar, *, a_los=None, senal=signal.SIGKILL):
        """Entrena hasta el final, o hasta la señal, a esos segundos de la primera época.

        Devuelve:
            Si terminó por su cuenta.
        """
        respaldo = respaldo and str(respaldo)
        pedido = {"salida": str(salida), "respaldo": respaldo, "acelerar": acelerar}
        print(json.dumps({**pedido, "epochs": EPOCAS}), file=self.proceso.stdin, flush=True)
        hijo = int(self._esperar("hijo")[1])
        # Si el respaldo ya era de la última época, termina sin empezar ninguna.
        palabra, numero = self._esperar("época" if a_los is not None else "terminó")
        if palabra == "época":
            time.sleep(a_los)
            with contextlib.suppress(ProcessLookupError):
                os.kill(hijo, senal)
            numero = self._esperar("terminó")[1]
        assert int(numero) in (0, senal), f"falló con estado {numero}"
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


def exigir_lo_mismo(obtenido, esperado):
    # Un callback, que copia los pesos de cada época, solo ve las de su llamada.
    nombres = [{n for n in r if not n.startswith("época")} for r in (obtenido, esperado)]
    assert nombres[0] == nombres[1]
    for nombre in nombres[0]:
        np.testing.assert_array_equal(obtenido[nombre], esperado[nombre], err_msg=nombre)


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
        termino = vivero.entrenar(salida, respaldo, acelerar, a_los=azar.uniform(0, 0.8))
        muertes += not termino
        if termino or muertes == MUERTES // 2 or azar.uniform() < 0.3:
            assert vivero.entrenar(salida, respaldo, acelerar)
            exigir_lo_mismo(leer(salida), esperado)
            assert list(respaldo.iterdir()) == [ajeno]


@pytest.mark.parametrize("acelerar", [True, False], ids=["acelerado", "sin acelerar"])
def test_ctrl_c_siempre_devuelve_la_historia_con_sus_pesos(acelerar, vivero, tmp_path):
    assert vivero.entrenar(tmp_path / "esperado.npz", None, acelerar)
    esperado = leer(tmp_path / "esperado.npz")
    azar = np.random.default_rng(10 + int(acelerar))
    interrumpidas = 0
    for i in range(SENALES // 2):
        respaldo, salida = tmp_path / f"respaldo {i}", tmp_path / f"{i}.npz"
        vivero.entrenar(salida, respaldo, acelerar, a_los=azar.uniform(0, 0.8), senal=signal.SIGINT)
        obtenido = leer(salida)
        hechas = len(obtenido["epoch"])
        for nombre in filter(lambda nombre: nombre.startswith("historia/"), esperado):
            vista = obtenido.get(nombre, np.empty(0))
            np.testing.assert_array_equal(vista, esperado[nombre][:hechas])
        if not str(obtenido["motivo"]).startswith("Interrumpido"):
            continue  # La señal llegó cuando ya estaba por terminar.
        interrumpidas += 1
        for nombre in (n for n in obtenido if n.startswith("pesos/") and hechas):
            mejor = nombre.replace("pesos", f"época {obtenido['mejor']}")
            np.testing.assert_array_equal(obtenido[nombre], esperado[mejor])
        # Repetir la llamada llega a lo mismo que no haber interrumpido.
        assert respaldo.exists() == bool(hechas)
        assert vivero.entrenar(salida, respaldo, acelerar)
        exigir_lo_mismo(leer(salida), esperado)
        assert not respaldo.exists()
    assert interrumpidas
    print(f"{interrumpidas} interrumpidas de {SENALES // 2}")
