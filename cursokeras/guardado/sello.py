"""El sello que `guardar` deja dentro del `.keras`: huellas, lo que el modelo recuerda y versiones.

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
from cursokeras.guardado.json_ajeno import leer_json
from cursokeras.guardado.recordado import leer_recordado

_FORMATO = 1


def sellar(partes, recordado):
    """Devuelve el sello de esas partes, como los bytes de un JSON.

    Argumentos:
        partes: diccionario de nombre → bytes.
        recordado: lo que dio `recordar_de(modelo)`.
    """
    sello = {
        "formato": _FORMATO,
        "sha256": _huellas(partes),
        **recordado,
        "versiones": {
            "cursokeras": __version__,
            "keras": keras.__version__,
            "tensorflow": tf.__version__,
            "numpy": np.__version__,
            "python": platform.python_version(),
        },
    }
    return json.dumps({**sello, "huella": _huella(sello)}, indent=1).encode()


def leer_sello(partes, presupuesto):
    """Devuelve (lo recordado, las versiones) del sello, ya comprobado; `None` si no hay sello.

    Lanza:
        ValueError: si alguna parte no es la que se selló, o el sello no se entiende.
    """
    if SELLO not in partes:
        return None
    sello = leer_json(partes[SELLO], f"El sello {SELLO!r}", presupuesto)
    if not isinstance(sello, dict) or not isinstance(sello.get("sha256"), dict):
        raise ValueError(f"El sello {SELLO!r} del archivo no se entiende: está dañado.")
    if sello.get("formato") != _FORMATO:
        raise ValueError(
            f"El sello {SELLO!r} está dañado o es de una versión más nueva de cursokeras. Prueba "
            "a actualizar con pip install --upgrade cursokeras."
        )
    dichas, huellas = sello["sha256"], _huellas(partes)
    if "huella" in sello:  # Los archivos de versiones anteriores no traen la de su propio sello.
        dichas, huellas = {**dichas, SELLO: sello["huella"]}, {**huellas, SELLO: _huella(sello)}
    for nombre, huella in huellas.items():
        if dichas.get(nombre) != huella:
            raise ValueError(
                f"{nombre!r} cambió desde que se guardó el modelo (su sha256 es otro): el archivo "
                "está dañado o alguien lo alteró. Pide otra copia."
            )
    versiones = sello.get("versiones")
    return leer_recordado(sello), versiones if isinstance(versiones, dict) else {}


def _huellas(partes):
    return {
        nombre: hashlib.sha256(contenido).hexdigest()
        for nombre, contenido in partes.items()
        if nombre != SELLO
    }


def _huella(sello):
    """La huella de todo lo demás que dice el sello."""
    resto = {clave: valor for clave, valor in sello.items() if clave != "huella"}
    return hashlib.sha256(json.dumps(resto, sort_keys=True).encode()).hexdigest()
