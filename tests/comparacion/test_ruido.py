"""El ruido estimado contra el redondeo de verdad: la misma cuenta en float32 y en float64."""

import numpy as np
import pytest

import cursokeras as ck
from cursokeras.comparacion.diferencias import Cuentas
from cursokeras.comparacion.hacia_numpy import gemela_sin_estado
from cursokeras.comparacion.red_keras import RedKeras
from cursokeras.comparacion.ruido import medir_ruido

AZAR = np.random.default_rng(0)
X = AZAR.normal(size=(30, 4)).astype("float32")
GRANDES = (300 * X).astype("float32")
CLASES = (np.arange(30) % 3)[:, None].astype("int32")
BINARIAS = (CLASES % 2).astype("float32")
REALES = AZAR.normal(size=(30, 2)).astype("float32")


def que_se_cancela():
    """Un modelo cuya predicción para la primera fila es una suma de números grandes que da 0."""
    modelo = ck.crear_regresion(4, 2, semilla=0)
    fila, kernel = GRANDES[0].astype("float64"), modelo.get_weights()[0]
    kernel -= np.outer(fila, fila @ kernel) / (fila @ fila)
    modelo.layers[0].kernel.assign(kernel)
    return modelo


CASOS = {
    "regresión": (lambda: ck.crear_regresion(4, 2, ocultas=(6, 5), semilla=0), X, REALES),
    "tanh saturada": (
        lambda: ck.crear_regresion(4, 2, ocultas=(6, 5), activacion="tanh", semilla=0),
        GRANDES,
        REALES,
    ),
    "sigmoide saturada": (
        lambda: ck.crear_binaria(4, ocultas=(6,), activacion="sigmoid", semilla=0),
        GRANDES,
        BINARIAS,
    ),
    "clases casi seguras": (lambda: ck.crear_clasificacion(4, 3, semilla=0), GRANDES, CLASES),
    "predicción que se cancela": (que_se_cancela, GRANDES[:1], np.zeros((1, 2), "float32")),
}


@pytest.mark.parametrize("caso", [pytest.param(v, id=k) for k, v in CASOS.items()])
def test_el_redondeo_de_keras_cabe_en_veinte_veces_el_ruido(caso):
    crear, x, y = caso
    modelo = crear()
    referencia, exacta = RedKeras(modelo), gemela_sin_estado(modelo, dtype="float64")
    pesos = referencia.pesos_iniciales
    en_float32 = referencia.calcular(pesos, x, y)
    y_exacta = exacta.loss.preparar(y, exacta.output_shape[-1], "float64")
    _, perdida = exacta.calcular_gradientes(x.astype("float64"), y_exacta)
    en_float64 = Cuentas([capa.a for capa in exacta.layers], perdida, exacta.grads)
    redondeos = [
        np.abs(a - b).max() for a, b in zip(en_float32.todas(), en_float64.todas(), strict=True)
    ]
    ruido = medir_ruido(exacta, pesos, x, y, "float32").todas()
    for redondeo, estimado, numero in zip(redondeos, ruido, en_float64.todas(), strict=True):
        assert redondeo <= 20 * estimado + 1e-30
        # Un ruido mucho mayor que el redondeo taparía errores de verdad.
        assert estimado <= max(1e-3 * np.abs(numero).max(), 100 * redondeo) + 1e-6


def test_en_doble_precision_hay_menos_ruido():
    modelo = ck.crear_regresion(4, 2, ocultas=(6,), semilla=0)
    exacta = gemela_sin_estado(modelo, dtype="float64")
    simple, doble = (
        medir_ruido(exacta, modelo.get_weights(), X, REALES, precision).perdida
        for precision in ("float32", "float64")
    )
    assert doble == pytest.approx(simple * 2.0**-29, rel=1e-3)


@pytest.mark.parametrize("caso", [pytest.param(v, id=k) for k, v in CASOS.items()])
def test_comparar_no_confunde_el_ruido_con_un_error(caso):
    crear, x, y = caso
    modelo = crear()
    modelo.compile(optimizer="sgd", loss=modelo.loss)
    resultado = ck.comparar(modelo, x, y, epochs=2, batch_size=1)
    assert resultado.primer_paso_distinto is None or resultado.causa == "redondeo_acumulado"
