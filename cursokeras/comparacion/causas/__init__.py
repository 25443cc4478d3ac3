"""De los números de un recorrido a dónde se separan las dos redes y por qué.

No se mira el código ni el nombre de nada: cada error conocido se escribe como una cuenta, y la que
reproduce los números de la otra red es la causa.
"""

from typing import NamedTuple

import numpy as np

from cursokeras.comparacion.causas.actualizaciones import (
    causa_de_actualizacion,
    causa_de_descarte,
)
from cursokeras.comparacion.causas.adelante import causa_de_activacion
from cursokeras.comparacion.causas.causa import Causa
from cursokeras.comparacion.causas.gradientes import causa_de_gradiente, causa_deducida
from cursokeras.comparacion.causas.lugar import (
    PrimerPaso,
    lugar_de_los_pesos,
    lugar_del_calculo,
    primera_salida_distinta,
)
from cursokeras.comparacion.causas.perdidas import causa_de_perdida

__all__ = ["Causa", "Diagnostico", "PrimerPaso", "diagnosticar"]

_REDONDEO = Causa(
    "redondeo_acumulado",
    "No es un error: el redondeo se acumula, y cada paso, por separado, coincide. Cuanto mayor es "
    "la tasa de aprendizaje, más rápido crece",
)


class Diagnostico(NamedTuple):
    """Dónde y por qué se separan dos redes.

    Argumentos:
        lugar: `PrimerPaso`, o `None` si no se separan.
        causa: `Causa`, o `None` si no se reconoce. Puede haber una sin lugar: los pesos se mueven
            distinto, pero no llegan a separarse más que la tolerancia.
    """

    lugar: PrimerPaso | None
    causa: Causa | None


def diagnosticar(recorrido, contexto):
    """Lee un recorrido terminado.

    Argumentos:
        recorrido: `Recorrido` que ya dio sus pasos.
        contexto: `Contexto` con los tamaños.

    Devuelve:
        `Diagnostico`.
    """
    gemela = recorrido.gemela
    calculo, movimiento = recorrido.calculo, recorrido.actualizacion
    separados = [f["pesos"] > recorrido.tolerancia for f in recorrido.filas]
    if calculo.pasos and not _se_movieron_antes(movimiento, calculo.pasos[0], separados):
        return _del_calculo(gemela, recorrido, contexto)
    if not movimiento.pasos:
        return _solo_redondeo(gemela, recorrido, separados)
    causa = causa_de_actualizacion(gemela, movimiento, contexto)
    causa = causa or causa_deducida(gemela, recorrido, contexto)
    if not any(separados):
        return Diagnostico(None, causa)
    paso = movimiento.pasos[0]
    lugar = lugar_de_los_pesos(gemela, paso, paso.actualizacion, recorrido.tolerancia)
    return Diagnostico(lugar, causa)


def _se_movieron_antes(movimiento, paso, separados):
    """Si los pesos ya se habían separado, por moverse distinto, antes de ese paso."""
    antes = movimiento.pasos and movimiento.pasos[0].numero < paso.numero
    return antes and any(separados[: paso.numero - 1])


def _del_calculo(gemela, recorrido, contexto):
    expediente = recorrido.calculo
    paso = expediente.pasos[0]
    lugar = lugar_del_calculo(gemela, paso, recorrido.tolerancia)
    descarte = causa_de_descarte(paso, contexto)
    if descarte is not None:
        # Lo que muestra de un lote con el que no entrenó no dice nada: son restos del anterior.
        que = "pérdida" if lugar.que == "pérdida" else "peso"
        return Diagnostico(PrimerPaso(paso.epoca, paso.lote, "", que), descarte)
    if lugar.que == "activación":
        gemela.set_weights(paso.antes)
        gemela.forward(paso.x)
        hasta = primera_salida_distinta(paso, recorrido.tolerancia) + 1
        salidas = paso.otra.salidas[:hasta], paso.keras.salidas[:hasta]
        causa = causa_de_activacion(gemela, *salidas, contexto)
    elif lugar.que == "pérdida":
        causa = causa_de_perdida(gemela, expediente, recorrido.razones, contexto)
    else:
        causa = causa_de_gradiente(gemela, recorrido, contexto)
    return Diagnostico(lugar, causa)


def _solo_redondeo(gemela, recorrido, separados):
    if not any(separados):
        return Diagnostico(None, None)
    fila = recorrido.filas[int(np.argmax(separados))]
    return Diagnostico(PrimerPaso(fila["época"], fila["lote"], "", "peso"), _REDONDEO)
