"""De los números de un recorrido a dónde se separan las dos redes y por qué.

No se mira el código ni el nombre de nada: cada error conocido es una fila de una tabla, con la
cuenta que hace quien se equivoca así, y la que reproduce los números de la otra red, en todos los
lotes guardados, es la causa. Si dos dan lo mismo se dicen las dos, y si ninguna, dónde mirar.
"""

from typing import NamedTuple

import numpy as np

from cursokeras.comparacion.causas.activaciones import causa_de_activacion
from cursokeras.comparacion.causas.actualizaciones import (
    causa_de_actualizacion,
    causa_de_descarte,
    se_queda_quieta,
)
from cursokeras.comparacion.causas.blanco import Blanco
from cursokeras.comparacion.causas.causa import Causa
from cursokeras.comparacion.causas.escena import montar, montar_ultima
from cursokeras.comparacion.causas.gradientes import causa_de_gradiente
from cursokeras.comparacion.causas.lugar import (
    PrimerPaso,
    lugar_de_los_pesos,
    lugar_del_calculo,
    primera_salida_distinta,
)
from cursokeras.comparacion.causas.perdida import causa_de_perdida

__all__ = ["Causa", "Diagnostico", "PrimerPaso", "diagnosticar"]

_REDONDEO = Causa(
    "redondeo_acumulado",
    "No es un error: el redondeo se acumula, y cada paso, por separado, coincide. Cuanto mayor es "
    "la tasa de aprendizaje, más rápido crece",
    leve=True,
)


class Diagnostico(NamedTuple):
    """Dónde y por qué se separan dos redes.

    Argumentos:
        lugar: `PrimerPaso`, o `None` si no se separan.
        causa: `Causa`, o `None` si no se reconoce. Puede haber una sin lugar: los pesos se mueven
            distinto, pero no llegan a separarse más que la tolerancia, o por una convención.
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
    calculo, movimiento = recorrido.calculo, recorrido.actualizacion
    separados = [f["pesos"] > recorrido.tolerancia for f in recorrido.filas]
    with np.errstate(all="ignore"):
        if calculo.pasos and not _se_movieron_antes(movimiento, calculo.pasos[0], separados):
            return _del_calculo(recorrido, contexto)
        if not movimiento.pasos:
            return _solo_redondeo(recorrido, separados)
        return _del_movimiento(recorrido, contexto, separados)


def _se_movieron_antes(movimiento, paso, separados):
    """Si los pesos ya se habían separado, por moverse distinto, antes de ese paso."""
    antes = movimiento.pasos and movimiento.pasos[0].numero < paso.numero
    return antes and any(separados[: paso.numero - 1])


def _del_calculo(recorrido, contexto):
    expediente, tolerancia = recorrido.calculo, recorrido.tolerancia
    paso = expediente.pasos[0]
    lugar = lugar_del_calculo(recorrido.gemela, paso, tolerancia)
    descarte = causa_de_descarte(paso, contexto)
    if descarte is None and lugar.que == "gradiente" and se_queda_quieta(paso):
        descarte = Causa(
            "se_salta_lotes", "no entrena con este lote: no calcula gradientes ni mueve los pesos"
        )
    if descarte is not None:
        # Lo que muestra de un lote con el que no entrenó no dice nada: son restos del anterior.
        que = "pérdida" if lugar.que == "pérdida" else "peso"
        return Diagnostico(PrimerPaso(paso.epoca, paso.lote, "", que), descarte)
    escenas = montar(recorrido, expediente, contexto)
    if lugar.que == "activación":
        capa = primera_salida_distinta(paso, tolerancia)
        return Diagnostico(lugar, causa_de_activacion(escenas, capa, contexto))
    if lugar.que == "pérdida":
        causa = causa_de_perdida(escenas, recorrido.razones, contexto, tolerancia)
        return Diagnostico(lugar, causa)
    return Diagnostico(
        lugar, causa_de_gradiente(Blanco(escenas, muestra=True), contexto, tolerancia)
    )


def _del_movimiento(recorrido, contexto, separados):
    expediente, tolerancia = recorrido.actualizacion, recorrido.tolerancia
    escenas = montar(recorrido, expediente, contexto)
    ultima = montar_ultima(recorrido, contexto)
    causa = causa_de_actualizacion(Blanco(escenas, muestra=False), contexto, tolerancia, ultima)
    if causa is not None and causa.leve and recorrido.calculo.pasos:
        return _del_calculo(recorrido, contexto)
    if not any(separados) or (causa is not None and causa.leve):
        return Diagnostico(None, causa)
    paso = expediente.pasos[0]
    diferencias = paso.actualizacion
    return Diagnostico(lugar_de_los_pesos(recorrido.gemela, paso, diferencias, tolerancia), causa)


def _solo_redondeo(recorrido, separados):
    if not any(separados):
        return Diagnostico(None, None)
    fila = recorrido.filas[int(np.argmax(separados))]
    return Diagnostico(PrimerPaso(fila["época"], fila["lote"], "", "peso"), _REDONDEO)
