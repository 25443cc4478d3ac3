"""Correr `fit` y cerrar bien: pase lo que pase, la historia y los pesos dicen lo mismo."""

import contextlib
import time

from cursokeras import aceleracion
from cursokeras._comun.avisos import avisar
from cursokeras._comun.lotes import SeguirEpoca
from cursokeras._comun.traduccion import errores_en_espanol
from cursokeras.entrenamiento.progreso import Progreso


def correr(
    modelo,
    vigilante,
    respaldo,
    interrupcion,
    *,
    epochs,
    validacion,
    callbacks,
    acelerar,
    verbose,
):
    """Entrena hasta que terminan las épocas o algo lo detiene, y devuelve la `Historia`.

    Argumentos:
        modelo: modelo compilado y construido.
        vigilante: el `Vigilante`, con los `Lotes` y la `Historia`.
        respaldo: el `Respaldo`, o `None`.
        interrupcion: la `Interrupcion` en que se está.
        epochs: cuántas épocas en total, contando las que traiga el respaldo.
        validacion: tupla (x, y) o (x, y, pesos) con que se valida, o `None`.
        callbacks: los del usuario: una lista, o uno solo, o `None`.
        acelerar, verbose: como en `entrenar`.
    """
    historia, inicio = vigilante.historia, time.perf_counter()
    vigilante.empezar(modelo)
    tramo = respaldo.retomar(epochs) if respaldo else (0, epochs)
    propios = [interrupcion, historia, vigilante, *filter(None, [respaldo])]
    with Progreso(historia, verbose) as progreso:
        todos = [SeguirEpoca(vigilante.lotes), callbacks or (), *propios, progreso]
        entero = _ajustar(modelo, vigilante.lotes, validacion, tramo, todos, acelerar)
    # Con todas las épocas hechas, interrumpir ya no cambió nada.
    interrumpido = not entero and not vigilante.termino(epochs)
    historia.segundos += time.perf_counter() - inicio
    historia.motivo = vigilante.terminar(epochs, interrumpido)
    if respaldo:
        historia.motivo += respaldo.cerrar(interrumpido)
    if vigilante.divergio:
        avisar(historia.motivo)
    elif verbose:
        print(historia.motivo)
    return historia


def _ajustar(modelo, lotes, validacion, tramo, callbacks, acelerar):
    """Llama a `model.fit` entre las épocas de `tramo`; devuelve si llegó al final."""
    desde, hasta = tramo
    acelerado = aceleracion.acelerar(modelo) if acelerar else contextlib.nullcontext()
    try:
        with errores_en_espanol(), acelerado:
            modelo.fit(
                lotes,
                epochs=hasta,
                initial_epoch=desde,
                shuffle=False,
                validation_data=validacion,
                validation_batch_size=lotes.batch_size,
                callbacks=callbacks,
                verbose=0,
            )
    except KeyboardInterrupt:
        return False
    return True
