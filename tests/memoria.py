"""Cuánta memoria toma una función con cada archivo, medido en otro proceso.

Como programa: python -m tests.memoria cargar honesto.keras otro.keras…

El primer archivo se abre varias veces antes, para no contar lo que Keras y TensorFlow toman una
vez. El pico es el de la memoria residente sobre la que había antes de abrir; se vuelve a cero entre
uno y otro, lo que solo Linux permite.
"""

import gc
import json
import os
import pathlib
import subprocess
import sys
import threading
import time
import warnings

import pytest

import cursokeras as ck

TOPE = 3000  # MiB: si algo se escapa, que no se lleve la máquina.
MIB = 2**20
FUNCIONES = {"cargar": ck.cargar, "leer_tabla": lambda ruta: ck.datos.leer_tabla(ruta, verbose=0)}


def medir_en_otro_proceso(funcion, rutas):
    """Devuelve, de cada nombre de `rutas`, (bytes del archivo, pico en MiB, mensaje del error).

    El mensaje es "" si no hubo error. La primera ruta es la de un archivo de buena fe.
    """
    if not pathlib.Path("/proc/self/clear_refs").exists():
        pytest.skip("solo Linux deja medir el pico de una parte de un proceso")
    proceso = subprocess.run(
        [sys.executable, "-m", __name__, funcion, *rutas.values()],
        capture_output=True,
        text=True,
        cwd=pathlib.Path(__file__).parents[1],
        check=False,
    )
    por_ruta = {ruta: resto for ruta, *resto in map(json.loads, proceso.stdout.splitlines())}
    assert por_ruta, proceso.stderr[-2000:]
    return {
        nombre: (ruta.stat().st_size, *por_ruta.get(str(ruta), (TOPE, "se cortó")))
        for nombre, ruta in rutas.items()
    }


def residente(cual):
    """VmRSS, la memoria de ahora, o VmHWM, el pico; en MiB."""
    for linea in pathlib.Path("/proc/self/status").read_text().splitlines():
        if linea.startswith(cual):
            return int(linea.split()[1]) / 1024
    raise LookupError(cual)


def medir(abrir, ruta):
    gc.collect()
    pathlib.Path("/proc/self/clear_refs").write_text("5")
    antes = residente("VmRSS")
    try:
        abrir(ruta)
        mensaje = ""
    except Exception as error:
        mensaje = f"{type(error).__name__}: {error}"
    return residente("VmHWM") - antes, mensaje


def vigilar():
    while True:
        time.sleep(0.05)
        if residente("VmRSS") > TOPE:
            os._exit(9)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    threading.Thread(target=vigilar, daemon=True).start()
    abrir, rutas = FUNCIONES[sys.argv[1]], sys.argv[2:]
    for _ in range(3):
        medir(abrir, rutas[0])
    for ruta in rutas:
        print(json.dumps([ruta, *medir(abrir, ruta)]), flush=True)
