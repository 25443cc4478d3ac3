"""Corre celdas como un cuaderno de Jupyter y deja en un JSON lo que queda guardado de cada una.

Es el IPython verdadero con lo que un núcleo le cambia: adónde van las salidas y los errores. Se
usa en otro proceso, porque IPython cambia cosas de todo Python.
"""

import contextlib
import io
import json
import os
import subprocess
import sys
import tempfile

import pytest


def correr(*celdas, nucleo=True, antes=""):
    """Devuelve, por celda, la lista de sus salidas, como las guarda un cuaderno.

    Argumentos:
        celdas: el código de cada una.
        nucleo: si es un cuaderno; `False` es IPython en una terminal.
        antes: código que corre antes de que exista IPython.
    """
    pytest.importorskip("IPython", reason="falta IPython: pip install ipython")
    pedido = json.dumps({"celdas": celdas, "nucleo": nucleo, "antes": antes})
    with tempfile.TemporaryDirectory() as carpeta:
        proceso = subprocess.run(
            [sys.executable, "-m", __name__],
            input=pedido,
            capture_output=True,
            encoding="utf-8",
            env={**os.environ, "IPYTHONDIR": carpeta, "PYTHONIOENCODING": "utf-8"},
        )
    assert proceso.returncode == 0, proceso.stderr
    return json.loads(proceso.stdout.splitlines()[-1])


def _principal():
    from IPython.core.displaypub import CapturingDisplayPublisher
    from IPython.core.interactiveshell import InteractiveShell

    class Publicador(CapturingDisplayPublisher):
        def publish(self, data, metadata=None, source=None, *, transient=None, update=False, **_):
            quien = (transient or {}).get("display_id")
            salida = {"tipo": "display", "id": quien, "cambios": 0, **data}
            if not update:
                actual.append(salida)
                return
            # Un cuaderno cambia todas las salidas con ese identificador, también de otra celda.
            for vieja in (s for una in documento for s in una if s.get("id") == quien):
                vieja.update(data, cambios=vieja["cambios"] + 1)

    class Interprete(InteractiveShell):
        def _showtraceback(self, etype, evalue, stb):
            actual.append({"tipo": "error", "ename": etype.__name__, "texto": "\n".join(stb)})

    pedido = json.loads(sys.stdin.read())
    exec(pedido["antes"], {})
    documento = []
    interprete = Interprete.instance(display_pub_class=Publicador, colors="NoColor")
    if pedido["nucleo"]:
        interprete.kernel = object()
    for celda in pedido["celdas"]:
        actual = []
        documento.append(actual)
        flujos = {"stdout": io.StringIO(), "stderr": io.StringIO()}
        with (
            contextlib.redirect_stdout(flujos["stdout"]),
            contextlib.redirect_stderr(flujos["stderr"]),
        ):
            interprete.run_cell(celda, store_history=True)
        textos = {nombre: flujo.getvalue() for nombre, flujo in flujos.items()}
        actual += [{"tipo": n, "texto": texto} for n, texto in textos.items() if texto]
    print(json.dumps(documento))


if __name__ == "__main__":
    _principal()
