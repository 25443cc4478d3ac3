"""Cargar TensorFlow sin inglés en rojo, y decir por qué cuando no carga."""

import contextlib
import os
import subprocess
import sys
import textwrap
import threading

import pytest

from cursokeras._comun.carga import explicar, sin_registros

REGISTROS = [
    "2026-11-21 18:00:00.123456: I tensorflow/core/util/port.cc:153] oneDNN custom operations.\n",
    "WARNING: All log messages before absl::InitializeLog() is called are written to STDERR\n",
    "E0000 00:00:1763748000.123456    1234 cuda_dnn.cc:8579] Unable to register cuDNN factory\n",
    "To enable the following instructions: AVX2 FMA, in other operations, rebuild TensorFlow.\n",
]


def escribir(texto):
    os.write(2, texto.encode())


def ejecutar(programa, **ambiente):
    limpio = {k: v for k, v in os.environ.items() if not k.startswith("TF_")}
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(programa)],
        capture_output=True,
        encoding="utf-8",
        env={**limpio, "PYTHONIOENCODING": "utf-8", **ambiente},
    )


class TestSinRegistros:
    @pytest.mark.parametrize("registro", REGISTROS, ids=lambda texto: texto[:12])
    def test_calla_los_de_tensorflow(self, registro, capfd):
        with sin_registros():
            escribir(registro)
        assert capfd.readouterr().err == ""

    def test_lo_demas_sale_al_terminar(self, capfd):
        with sin_registros():
            escribir(REGISTROS[0] + "lo de otro\n" + REGISTROS[2])
            assert capfd.readouterr().err == ""
        assert capfd.readouterr().err == "lo de otro\n"

    def test_si_falla_sale_todo(self, capfd):
        def cargar():
            with sin_registros():
                escribir(REGISTROS[0])
                raise ImportError

        with pytest.raises(ImportError):
            cargar()
        assert capfd.readouterr().err == REGISTROS[0]

    @pytest.mark.parametrize("fin", [None, ImportError, KeyboardInterrupt])
    def test_siempre_devuelve_el_descriptor(self, fin, capfd):
        abiertos = os.listdir("/proc/self/fd") if os.path.isdir("/proc/self/fd") else []
        with contextlib.suppress(ImportError, KeyboardInterrupt), sin_registros():
            if fin is not None:
                raise fin
        escribir("después")
        assert capfd.readouterr().err == "después"
        if abiertos:
            assert len(os.listdir("/proc/self/fd")) == len(abiertos)

    def test_en_otro_hilo(self, capfd):
        def cargar():
            with sin_registros():
                escribir(REGISTROS[0])

        hilo = threading.Thread(target=cargar)
        hilo.start()
        hilo.join()
        escribir("después")
        assert capfd.readouterr().err == "después"

    def test_si_se_pidieron_se_ven(self, capfd, monkeypatch):
        monkeypatch.setenv("TF_CPP_MIN_LOG_LEVEL", "0")
        with sin_registros():
            escribir(REGISTROS[0])
        assert capfd.readouterr().err == REGISTROS[0]

    def test_sin_salida_de_errores_tambien_corre(self):
        proceso = ejecutar(
            """
            import os, sys
            os.close(2)
            sys.stderr = None
            from cursokeras._comun.carga import sin_registros
            with sin_registros():
                print("corre")
            """
        )
        assert proceso.stdout == "corre\n"


class TestImportar:
    def test_ni_una_palabra_en_la_salida_de_errores(self):
        proceso = ejecutar("import cursokeras as ck; ck.crear_regresion(2)")
        assert (proceso.returncode, proceso.stderr) == (0, "")

    def test_el_descriptor_vuelve_y_los_errores_se_ven(self):
        proceso = ejecutar(
            "import os, cursokeras._backend; os.write(2, b'aqui'); raise SystemExit(3)"
        )
        assert (proceso.returncode, proceso.stderr) == (3, "aqui")

    def test_si_tensorflow_no_carga_dice_que_instalar_y_lo_que_vino(self, tmp_path):
        tmp_path.joinpath("tensorflow.py").write_text(
            "import os\n"
            f"os.write(2, {REGISTROS[0].encode()!r})\n"
            "raise ImportError('DLL load failed while importing _pywrap_tensorflow_internal')\n"
        )
        proceso = ejecutar("import cursokeras._backend", PYTHONPATH=str(tmp_path))
        assert proceso.returncode == 1
        assert "oneDNN custom operations" in proceso.stderr
        assert "vc_redist.x64.exe" in proceso.stderr.splitlines()[-1]
        assert "reinicia Python" in proceso.stderr.splitlines()[-1]

    def test_sin_tensorflow_dice_que_escribir(self, tmp_path):
        programa = "import sys; sys.modules['tensorflow'] = None; import cursokeras._backend"
        proceso = ejecutar(programa)
        assert proceso.stderr.splitlines()[-1].startswith("ModuleNotFoundError: Falta instalar")

    def test_lo_que_no_se_conoce_pasa_tal_cual(self, tmp_path):
        tmp_path.joinpath("tensorflow.py").write_text("raise RuntimeError('algo raro')\n")
        proceso = ejecutar("import cursokeras._backend", PYTHONPATH=str(tmp_path))
        assert proceso.stderr.splitlines()[-1] == "RuntimeError: algo raro"


@pytest.mark.parametrize(
    ("error", "explicacion"),
    [
        (ImportError("DLL load failed while importing x: no se encontró"), "Visual C++"),
        (ImportError("libm.so.6: version `GLIBC_2.34' not found (required by …)"), "GLIBC_2.34"),
        (ImportError("libstdc++.so.6: cannot open shared object file: No…"), "libstdc++.so.6"),
        (ImportError("mach-o, but is an incompatible architecture"), "procesadores distintos"),
        (ImportError("numpy.core.multiarray failed to import"), "--upgrade tensorflow numpy"),
        (TypeError("Descriptors cannot be created directly."), "tensorflow protobuf"),
        (ImportError("_pywrap.so: undefined symbol: _ZN4absl"), "pip uninstall tensorflow"),
        (AttributeError("module 'keras' has no attribute 'backend'"), "keras.py"),
    ],
    ids=lambda valor: str(valor)[:25],
)
def test_cada_causa_conocida_se_explica(error, explicacion):
    texto = explicar(error)
    assert explicacion in texto
    assert texto.endswith(f"reinicia Python. (Lo que dijo: {error})")


def test_de_lo_desconocido_no_se_inventa_una_causa():
    assert explicar(RuntimeError("otra cosa")) is None
