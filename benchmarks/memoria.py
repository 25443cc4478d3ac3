"""Cuánta memoria queda tomada al repetir una celda: crear, entrenar y predecir, muchas veces.

    python benchmarks/memoria.py [vueltas]

Mide la memoria residente del proceso después de cada vuelta (Linux). Las primeras incluyen lo que
TensorFlow reserva una sola vez, así que el crecimiento se cuenta desde la décima. Con XLA, que
`entrenar` elige en entrenamientos largos, TensorFlow guarda cada programa que compila mientras
viva el proceso; los modelos iguales comparten uno. La última cuenta es la de Keras solo, con su
`clear_session`. Las formas que solo sirven para comparar dan la quinta parte de las vueltas.
"""

import gc
import itertools
import multiprocessing
import pathlib
import sys
from functools import partial

import numpy as np

import cursokeras as ck
from cursokeras._backend import keras

CALENTAMIENTO = 10
SOLO_COMPARAN = ("entrenar(acelerar=False)", "Keras solo")


def memoria():
    """Memoria residente de este proceso, en MiB."""
    for linea in pathlib.Path("/proc/self/status").read_text().splitlines():
        if linea.startswith("VmRSS"):
            return int(linea.split()[1]) / 1024
    raise OSError("Este sistema no dice la memoria residente en /proc/self/status.")


def con_keras(x, y):
    keras.backend.clear_session()
    modelo = ck.crear_regresion(4, ocultas=(8,), semilla=0)
    keras.utils.set_random_seed(0)
    modelo.fit(x, y, epochs=3, validation_split=0.2, verbose=0)
    return modelo.predict(x, verbose=0)


def con_cursokeras(x, y, *, acelerar=True, xla=False, ocultas=(8,)):
    modelo = ck.crear_regresion(4, ocultas=ocultas, semilla=0)
    if xla:
        modelo.jit_compile = True
    ck.entrenar(modelo, x, y, epochs=3, semilla=0, acelerar=acelerar, verbose=0)
    return ck.predecir(modelo, x)


_anchos = itertools.count(4)


def con_otro_modelo(x, y, *, xla=False):
    """Un modelo distinto cada vez: no hay ninguna traza que compartir."""
    con_cursokeras(x, y, xla=xla, ocultas=(next(_anchos),))


FORMAS = {
    "entrenar": con_cursokeras,
    "entrenar con XLA": partial(con_cursokeras, xla=True),
    "entrenar modelos distintos": con_otro_modelo,
    "entrenar modelos distintos con XLA": partial(con_otro_modelo, xla=True),
    "entrenar(acelerar=False)": partial(con_cursokeras, acelerar=False),
    "Keras solo": con_keras,
}


def medir(nombre, vueltas):
    """Repite una forma y dice cuánto creció el proceso; falla si cambian las predicciones."""
    azar = np.random.default_rng(0)
    x, y = azar.normal(size=(100, 4)), azar.normal(size=100)
    primera = FORMAS[nombre](x, y)
    desde = min(CALENTAMIENTO, vueltas - 1)
    for vuelta in range(1, vueltas + 1):
        if not np.array_equal(FORMAS[nombre](x, y), primera):
            raise SystemExit(f"{nombre}: la vuelta {vuelta} dio otras predicciones.")
        if vuelta == desde:
            gc.collect()
            inicial = memoria()
    gc.collect()
    crecio = memoria() - inicial
    return (
        f"{nombre}: {vueltas} vueltas iguales; creció {crecio:.0f} MiB desde la {desde}.ª "
        f"({crecio / (vueltas - desde):.2f} MiB por vuelta), ahora {memoria():.0f} MiB"
    )


if __name__ == "__main__":
    vueltas = max(2, int(sys.argv[1])) if len(sys.argv) > 1 else 200
    # Cada forma en un proceso nuevo: lo que dejó tomado la anterior no le sirve a la siguiente.
    for nombre in FORMAS:
        suyas = max(2, vueltas // 5) if nombre in SOLO_COMPARAN else vueltas
        with multiprocessing.get_context("spawn").Pool(1) as proceso:
            print(proceso.apply(medir, (nombre, suyas)), flush=True)
