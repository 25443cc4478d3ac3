"""Cuánta memoria queda tomada al repetir una celda: crear, entrenar y predecir, muchas veces.

    python benchmarks/memoria.py [vueltas]

Mide la memoria residente del proceso después de cada vuelta (Linux). Las primeras incluyen lo que
TensorFlow reserva una sola vez, así que el crecimiento se cuenta desde la décima.
"""

import gc
import pathlib
import sys

import numpy as np

import cursokeras as ck

VUELTAS = int(sys.argv[1]) if len(sys.argv) > 1 else 200
CALENTAMIENTO = 10


def memoria():
    """Memoria residente de este proceso, en MiB."""
    for linea in pathlib.Path("/proc/self/status").read_text().splitlines():
        if linea.startswith("VmRSS"):
            return int(linea.split()[1]) / 1024
    raise OSError("Este sistema no dice la memoria residente en /proc/self/status.")


def una_vuelta(x, y, acelerar):
    modelo = ck.crear_regresion(4, ocultas=(8,), semilla=0)
    ck.entrenar(modelo, x, y, epochs=3, semilla=0, acelerar=acelerar, verbose=0)
    return ck.predecir(modelo, x)


azar = np.random.default_rng(0)
x, y = azar.normal(size=(100, 4)), azar.normal(size=100)
for acelerar in (True, False):
    primera = una_vuelta(x, y, acelerar)
    for vuelta in range(1, VUELTAS + 1):
        iguales = np.array_equal(una_vuelta(x, y, acelerar), primera)
        if not iguales:
            raise SystemExit(f"La vuelta {vuelta} dio otras predicciones.")
        if vuelta == min(CALENTAMIENTO, VUELTAS):
            gc.collect()
            inicial = memoria()
    gc.collect()
    crecio = memoria() - inicial
    contadas = max(VUELTAS - CALENTAMIENTO, 1)
    print(
        f"acelerar={acelerar}: {VUELTAS} vueltas iguales; creció {crecio:.0f} MiB desde la "
        f"{min(CALENTAMIENTO, VUELTAS)}.ª ({crecio / contadas:.2f} MiB por vuelta), "
        f"ahora {memoria():.0f} MiB"
    )
