"""El sello que `guardar` deja dentro del `.keras`: huellas, columnas, clases y versiones.

Protege de copias dañadas y de cambios a mano, no de quien rehaga el sello a propósito: no es una
firma. Contra archivos hechos para dañar están las demás revisiones.
"""

import hashlib
import json
import platform

import numpy as np

from cursokeras import __version__
from cursokeras._backend import keras, tf
from cursokeras.guardado.archivo import SELLO

_FORMATO = 1


def sellar(partes, *, columnas, clases):
    """Devuelve el sello de esas partes, como los bytes de un JSON."""
    sello = {
        "formato": _FORMATO,
        "sha256": _huellas(partes),
        "columnas": columnas,
        "clases": clases,
        "versiones": {
            "cursokeras": __version__,
            "keras": keras.__version__,
            "tensorflow": tf.__version__,
            "numpy": np.__version__,
            "python": platform.python_version(),
        },
    }
    return json.dumps(sello, ensure_ascii=False, indent=1).encode()


def leer_sello(partes):
    """Devuelve el sello, ya comprobado, o `None` si el archivo no tiene.

    Lanza:
        ValueError: si alguna parte no es la que se selló, o el sello no se entiende.
    """
    if SELLO not in partes:
        return None
    try:
        sello = json.loads(partes[SELLO])
        huellas, columnas, clases = sello["sha256"], sello["columnas"], sello["clases"]
        bien = sello["formato"] == _FORMATO and all(map(_son_textos, (columnas, clases)))
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise ValueError(f"El sello {SELLO!r} del archivo no se entiende: está dañado.") from error
    if not bien:
        raise ValueError(
            f"El sello {SELLO!r} está dañado o es de una versión más nueva de cursokeras. Prueba "
            "a actualizar con pip install --upgrade cursokeras."
        )
    for nombre, huella in _huellas(partes).items():
        if huellas.get(nombre) != huella:
            raise ValueError(
                f"{nombre!r} cambió desde que se guardó el modelo (su sha256 es otro): el archivo "
                "está dañado o alguien lo alteró. Pide otra copia."
            )
    return sello


def _huellas(partes):
    return {
        nombre: hashlib.sha256(contenido).hexdigest()
        for nombre, contenido in partes.items()
        if nombre != SELLO
    }


def _son_textos(nombres):
    return nombres is None or all(isinstance(nombre, str) for nombre in nombres)
