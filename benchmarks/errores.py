"""Cuántos errores de estudiante encuentra y nombra `comparar`, y si acusa a redes correctas.

    python benchmarks/errores.py                  # 450 redes equivocadas y 500 correctas
    python benchmarks/errores.py --mutantes 50 --correctas 0 --semilla 7

Un mutante que no cambia ningún número se cuenta aparte.
"""

import argparse
import collections
import dataclasses
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
from redes_de_estudiante import (
    OPERADORES,
    configuracion,
    datos,
    ejecutar,
    equivocar,
    escribir,
)

import cursokeras as ck
from cursokeras._backend import keras

_LUGARES = {
    ("métodos", "activación"): ("pérdida", "peso"),
    ("forward", "gradiente"): ("peso",),
    ("métodos", "gradiente"): ("peso",),
}
# Lo que hay que ver si la pérdida está bien y el error solo mueve los pesos.
_TAMBIEN = {
    "gradiente": ("peso",),
    "activación": ("pérdida", "gradiente", "peso"),
    "pérdida": ("gradiente", "peso"),
}


def modelo_de(config):
    """El modelo de Keras de una configuración, con sesgos que no son cero."""
    keras.utils.set_random_seed(config.semilla)
    densa = keras.layers.Dense
    cabeza = {"mse": None, "mae": None, "binary_crossentropy": "sigmoid"}.get(
        config.perdida, "softmax"
    )
    regla = keras.regularizers.L2(config.l2) if config.l2 else None
    modelo = keras.Sequential(
        [
            keras.Input((3,)),
            densa(config.ocultas[0], config.f1, kernel_regularizer=regla, name="uno"),
            densa(config.ocultas[1], config.f2, name="dos"),
            densa(config.d_out, cabeza, name="cabeza"),
        ]
    )
    optimizador = {
        "sgd": keras.optimizers.SGD(config.tasa),
        "momento": keras.optimizers.SGD(config.tasa, momentum=0.9),
        "adam": keras.optimizers.Adam(config.tasa),
        "rmsprop": keras.optimizers.RMSprop(config.tasa),
    }[config.optimizador]
    modelo.compile(optimizador, config.perdida)
    azar = np.random.default_rng(config.semilla)
    for w in modelo.weights:
        w.assign(w + 0.1 * azar.normal(size=w.shape))
    return modelo


def comparar(config, texto, **opciones):
    x, y = datos(config)
    with np.errstate(all="ignore"):
        return ck.comparar(
            modelo_de(config), x, y, contra=ejecutar(texto, config), batch_size=8, **opciones
        )


def probar_mutante(operador, config, texto):
    """Qué dijo `comparar`: "sin cambio", "sin lugar", "sin nombre", "nombrado" o "falso"."""
    resultado = comparar(config, texto, epochs=2)
    lugar = resultado.primer_paso_distinto
    if lugar is None:
        movio = resultado.tabla["actualización"].max() > 1e-4 or resultado.diferencia_maxima > 1e-5
        return ("sin lugar" if movio else "sin cambio"), resultado
    bien = _LUGARES.get((config.clase, operador.donde), (operador.donde,))
    donde = lugar.que in (*bien, *_TAMBIEN.get(operador.donde, ()))
    if resultado.causa in operador.claves:
        return "nombrado", resultado
    if not resultado.causa:
        return ("sin nombre" if donde else "sin lugar"), resultado
    empate = "También podría ser" in resultado.explicacion
    return ("otra causa con los mismos números" if empate else "falso"), resultado


def correr_mutantes(cuantos, semilla, *, detalle=False):
    """Corre mutantes al azar hasta tener tantos que cambien algún número."""
    azar = np.random.default_rng(semilla)
    cuenta, malos = collections.Counter(), []
    orden = []
    while sum(cuenta.values()) - cuenta["sin cambio"] < cuantos:
        if not orden:
            orden = list(azar.permutation(len(OPERADORES)))
        operador = OPERADORES[orden.pop()]
        for _ in range(60):
            config = configuracion(azar)
            texto = equivocar(escribir(config), operador, config)
            if texto is not None:
                break
        else:
            continue
        try:
            veredicto, resultado = probar_mutante(operador, config, texto)
        except Exception as error:
            veredicto, resultado = "excepción", error
        cuenta[veredicto] += 1
        if veredicto not in ("nombrado", "sin cambio"):
            malos.append((veredicto, operador, config, resultado))
            if detalle:
                contar(malos[-1])
    return cuenta, malos


def contar(malo):
    veredicto, operador, config, resultado = malo
    print(f"[{veredicto}] {operador.nombre} -> {operador.claves}")
    print("   ", dataclasses.astuple(config))
    print(
        "   ",
        getattr(resultado, "causa", ""),
        "|",
        str(resultado).replace("\n", "\n      "),
        flush=True,
    )


def correr_correctas(cuantas, semilla, *, detalle=False):
    """Corre redes correctas al azar y devuelve las que `comparar` acusa."""
    azar = np.random.default_rng(semilla)
    acusadas = []
    for _ in range(cuantas):
        config = configuracion(azar)
        texto = escribir(config)
        if config.optimizador == "adam" and azar.random() < 0.3:
            texto = texto.replace("+ 1e-7", "+ 1e-8")
        if config.optimizador == "rmsprop" and azar.random() < 0.3:
            texto = texto.replace("np.sqrt(self.v[k] + 1e-7)", "(np.sqrt(self.v[k]) + 1e-7)")
        if azar.random() < 0.2:
            texto = texto.replace(
                "[w.copy() for w in pesos]", "[w.astype('float64') for w in pesos]"
            )
        elif azar.random() < 0.1:
            texto = texto.replace(
                "[w.copy() for w in pesos]", "[w.astype('float16') for w in pesos]"
            )
        if azar.random() < 0.2:
            config = dataclasses.replace(config, tasa=float(azar.choice([0.5, 1.0])))
            texto = texto.replace("tasa = ", f"tasa = {config.tasa}  # ")
        resultado = comparar(config, texto, epochs=int(azar.choice([1, 3, 8])))
        if not np.isfinite(resultado.tabla["pérdida_otra"]).all():
            continue  # Dejó de dar números: ya no es una red correcta.
        if not resultado.iguales and resultado.causa != "redondeo_acumulado":
            acusadas.append((config, texto, resultado))
            if detalle:
                print(
                    "ACUSADA",
                    dataclasses.astuple(config),
                    "f16" * ("float16" in texto),
                    "f64" * ("float64" in texto),
                )
                print("   ", str(resultado).replace("\n", "\n      "), flush=True)
    return acusadas


def main():
    opciones = argparse.ArgumentParser(description=__doc__)
    opciones.add_argument("--mutantes", type=int, default=450)
    opciones.add_argument("--correctas", type=int, default=500)
    opciones.add_argument("--semilla", type=int, default=0)
    elegidas = opciones.parse_args()
    cuenta, _ = correr_mutantes(elegidas.mutantes, elegidas.semilla, detalle=True)
    total = sum(cuenta.values()) - cuenta["sin cambio"]
    print(f"{total} redes equivocadas, y {cuenta['sin cambio']} sin ningún número distinto")
    for veredicto, veces in cuenta.most_common():
        if veredicto != "sin cambio" and total:
            print(f"  {veredicto}: {veces} ({veces / total:.1%})")
    acusadas = correr_correctas(elegidas.correctas, elegidas.semilla + 1, detalle=True)
    print(f"{elegidas.correctas} redes correctas, {len(acusadas)} acusadas")


if __name__ == "__main__":
    main()
