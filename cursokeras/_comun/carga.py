"""Cargar una biblioteca compilada: callada si carga y, si no, con la causa y qué instalar.

TensorFlow escribe sus registros desde C++, en inglés, antes de que nada de Python pueda pedirle
que calle: solo se evitan apartando el descriptor 2 mientras se importa.
"""

import contextlib
import os
import re
import sys
import tempfile

# Cómo empieza una línea de los registros de TensorFlow y de absl, y la que a veces les sigue.
_REGISTRO = re.compile(
    r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+: [IWE] |[IWE]\d{4} \d\d:\d\d:\d+\.\d+ "
    r"|WARNING: All log messages before absl::InitializeLog|To enable the following instructions"
)

# Lo que dice el sistema cuando no puede cargar TensorFlow, y qué hacer.
_CAUSAS = (
    (
        r"DLL load failed",
        "Windows no pudo cargar TensorFlow: casi siempre le falta Microsoft Visual C++ "
        "Redistributable. Instala https://aka.ms/vs/17/release/vc_redist.x64.exe, y después",
    ),
    (
        r"(GLIBC\w*_[\d.]+)\W+not found",
        "Este Linux es más antiguo que el que pide TensorFlow: le falta {0}. Usa uno más nuevo, o "
        "Google Colab;",
    ),
    (
        r"(\S+\.so[.\d]*): cannot open shared object file",
        "A este Linux le falta {0}, que TensorFlow necesita. En Debian o Ubuntu busca su paquete "
        "con apt-file search {0} e instálalo con sudo apt install;",
    ),
    (
        r"incompatible architecture|wrong architecture",
        "Python y TensorFlow son para procesadores distintos. Instala un Python para el tuyo (en "
        "un Mac con chip M, el de arm64), crea el entorno otra vez y",
    ),
    (
        r"compiled using NumPy 1\.x|multiarray failed to import|_ARRAY_API not found"
        r"|numpy\.dtype size changed",
        "TensorFlow y NumPy son de épocas distintas. Escribe: pip install --upgrade tensorflow "
        "numpy, y después",
    ),
    (
        r"Descriptors cannot be created directly|[Pp]rotobuf.*(?:[Vv]ersion|[Gg]encode)",
        "TensorFlow y protobuf son de versiones distintas. Escribe: pip install --upgrade "
        "tensorflow protobuf, y después",
    ),
    (
        r"undefined symbol|[Ss]ymbol not found",
        "Las partes de TensorFlow son de versiones distintas, como cuando se instalan tensorflow y "
        "tensorflow-cpu juntos. Escribe: pip uninstall tensorflow tensorflow-cpu, vuelve a "
        "instalar con pip install -r requirements.txt, y después",
    ),
    (
        r"module '(keras|tensorflow)[\w.]*' has no attribute|partially initialized module "
        r"'(keras|tensorflow)",
        "Lo que se importó como {0} no es la biblioteca entera. Mira si en tu carpeta hay un "
        "archivo llamado {0}.py: cámbiale el nombre, y después",
    ),
)


@contextlib.contextmanager
def sin_registros():
    """Dentro de este bloque no se ven los registros de TensorFlow; lo demás sale al terminar.

    Si el bloque falla sale todo, también los registros: pueden decir por qué. No hace nada si se
    pidieron con TF_CPP_MIN_LOG_LEVEL=0 o 1, o si no hay una salida de errores que apartar.

    Ejemplo:
        >>> with sin_registros():
        ...     _ = os.write(2, b"I0000 00:00:1.5 port.cc:153] oneDNN custom operations are on.")
    """
    with contextlib.ExitStack() as abiertos:
        try:
            salida = os.dup(2)
            abiertos.callback(os.close, salida)
            aparte = abiertos.enter_context(tempfile.TemporaryFile())
        except OSError:  # Sin consola (pythonw), o sin dónde escribir un archivo provisional.
            aparte = None
        if aparte is None or os.environ.get("TF_CPP_MIN_LOG_LEVEL") in ("0", "1"):
            yield
            return
        _vaciar()
        os.dup2(aparte.fileno(), 2)
        cargo = False
        try:
            yield
            cargo = True
        finally:
            _vaciar()
            os.dup2(salida, 2)
            aparte.seek(0)
            _repetir(aparte.read().decode(errors="replace"), con_registros=not cargo)


def explicar(error):
    """Dice en español por qué no carga TensorFlow y qué hacer; `None` si no se reconoce.

    Ejemplo:
        >>> print(explicar(ImportError("libfoo.so.6: cannot open shared object file: No such…")))
        A este Linux le falta libfoo.so.6, que TensorFlow necesita. En Debian o Ubuntu busca su
        paquete con apt-file search libfoo.so.6 e instálalo con sudo apt install; reinicia Python.
        (Lo que dijo: libfoo.so.6: cannot open shared object file: No such…)
    """
    for patron, explicacion in _CAUSAS:
        hallado = re.search(patron, str(error))
        if hallado:
            grupos = [grupo for grupo in hallado.groups() if grupo]
            dicho = str(error).strip().splitlines()[0]
            return f"{explicacion.format(*grupos)} reinicia Python. (Lo que dijo: {dicho})"
    return None


def _vaciar():
    if sys.stderr is not None:
        sys.stderr.flush()


def _repetir(texto, *, con_registros):
    lineas = texto.splitlines(keepends=True)
    texto = "".join(x for x in lineas if con_registros or not _REGISTRO.match(x))
    if texto.strip() and sys.stderr is not None:
        sys.stderr.write(texto)
