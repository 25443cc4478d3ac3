"""Se ejecuta aparte: carga archivos y escribe, como JSON, cuánta memoria tomó cada uno.

Uso: python -m tests.guardado.medir_memoria honesto.keras otro.keras…

El primero se carga varias veces antes, para no contar lo que Keras y TensorFlow toman una vez. El
pico es el de la memoria residente sobre la que había antes de cargar; se vuelve a cero entre uno y
otro, lo que solo Linux permite.
"""

import gc
import json
import os
import pathlib
import sys
import threading
import time
import warnings

import cursokeras as ck

TOPE = 3000  # MiB: si algo se escapa, que no se lleve la máquina.


def residente(cual):
    """VmRSS, la memoria de ahora, o VmHWM, el pico; en MiB."""
    for linea in pathlib.Path("/proc/self/status").read_text().splitlines():
        if linea.startswith(cual):
            return int(linea.split()[1]) / 1024
    raise LookupError(cual)


def medir(ruta):
    gc.collect()
    pathlib.Path("/proc/self/clear_refs").write_text("5")
    antes = residente("VmRSS")
    try:
        modelo = ck.cargar(ruta)
        mensaje = ""
    except Exception as error:
        mensaje = f"{type(error).__name__}: {error}"
    pico = residente("VmHWM") - antes
    modelo = None  # noqa: F841
    return pico, mensaje


def vigilar():
    while True:
        time.sleep(0.05)
        if residente("VmRSS") > TOPE:
            os._exit(9)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    threading.Thread(target=vigilar, daemon=True).start()
    for _ in range(3):
        medir(sys.argv[1])
    for ruta in sys.argv[1:]:
        print(json.dumps([ruta, *medir(ruta)]), flush=True)
