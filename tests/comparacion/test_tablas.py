"""Las tablas de errores: un texto, una clave; y cada fila, plantada, se responde con su texto."""

from dataclasses import replace

import numpy as np
import pytest

from cursokeras.comparacion.causas.tablas.adelante import ADELANTE, Capa
from cursokeras.comparacion.causas.tablas.datos import DATOS
from cursokeras.comparacion.causas.tablas.factores import FACTORES
from cursokeras.comparacion.causas.tablas.movimientos import EPSILONES, MOVIMIENTOS
from cursokeras.comparacion.causas.tablas.perdidas import PERDIDAS
from cursokeras.comparacion.causas.tablas.reglas import REGLAS
from cursokeras.desde_cero import optimizers
from tests.comparacion.plantadas import (
    DeDatos,
    DeFactor,
    DeMovimiento,
    DePerdida,
    HaciaAdelante,
    HaciaAtras,
    Problema,
    red,
)

TABLAS = {
    "adelante": ADELANTE,
    "datos": DATOS,
    "factores": FACTORES,
    "pérdidas": PERDIDAS,
    "reglas": REGLAS,
    "movimientos": (*MOVIMIENTOS, *EPSILONES),
}
AZAR = np.random.default_rng(0)
N = 22  # Con lotes de 8, el último trae 6: no es ningún otro tamaño de estas redes.
X, REALES = AZAR.normal(size=(N, 3)), 2 * AZAR.normal(size=(N, 3))
UNOS, CLASES = AZAR.integers(0, 2, (N, 1)).astype(float), AZAR.integers(0, 3, N)


def _problemas():
    """Redes de todas las cabezas, con y sin regularizador."""
    otras = dict(f1="relu", f2="tanh")
    return [
        Problema(red("mse", None, 3, f1="tanh", f2="relu", regla="l2", u=(4, 5)), X, REALES),
        Problema(red("mse", None, 1, f1="sigmoid", f2="tanh"), X, REALES[:, :1]),
        Problema(red("binary_crossentropy", "sigmoid", 1, regla="l1", **otras), X, UNOS),
        Problema(red("categorical_crossentropy", "softmax", 3, u=(3, 4)), X, np.eye(3)[CLASES]),
        Problema(red("mae", "tanh", 2, f1="relu", f2="sigmoid"), X, REALES[:, :2]),
        Problema(red("sparse_categorical_crossentropy", "softmax", 3, **otras), X, CLASES),
        Problema(red("mse", "softmax", 3, f1="relu", f2="relu"), X, np.eye(3)[CLASES]),
        Problema(red("mse", None, 2, entrada=(2, 3)), AZAR.normal(size=(N, 2, 3)), REALES[:, :2]),
        # Probabilidades muy cerca de 0 y de 1, y z grandes en relu.
        Problema(red("binary_crossentropy", "sigmoid", 1, f1="relu", escala=9), X, UNOS),
        Problema(red("categorical_crossentropy", "softmax", 3, escala=9), X, np.eye(3)[CLASES]),
        *(_con_optimizador(o) for o in OPTIMIZADORES),
        *(_con_optimizador(o, lejos=1e-5) for o in OPTIMIZADORES),
    ]


OPTIMIZADORES = (
    optimizers.SGD(0.05, 0.9),
    optimizers.Adam(0.02),
    optimizers.RMSprop(0.02),
    optimizers.RMSprop(0.02, momentum=0.9),
)


def _con_optimizador(optimizador, lejos=1.0):
    """Una regresión; con los objetivos cerca de las predicciones, ε se nota."""
    nueva = red("mse", None, 3, optimizer=optimizador)
    return Problema(nueva, X, nueva.forward(X) + lejos * REALES)


PROBLEMAS = _problemas()


def _escena(problema):
    pesos = [w.copy() for w in problema.red.get_weights()]
    previa = problema.escena(problema.x[8:16], problema.y[8:16], pesos, None, 1, pesos)
    return problema.escena(problema.x[:8], problema.y[:8], pesos, previa, 2, pesos)


def _lugares(tabla, error, problema):
    """Dónde se puede plantar una fila en un problema, y con qué clase de red."""
    escena = _escena(problema)
    capas = range(len(problema.red.layers))
    if tabla == "adelante":
        for i in capas:
            if error.sirve(Capa(escena, i, escena.red.layers[i].x)):
                yield HaciaAdelante, (i,)
    elif tabla == "reglas":
        eslabones = list(escena.pasada.eslabones())[::-1]
        for i in capas:
            if error.sirve(eslabones[i]):
                yield HaciaAtras, (i,)
    elif tabla == "factores":
        if error.sirve(replace(problema.contexto, n=8)):
            yield DeFactor, ()
    elif error.sirve(escena):
        yield {"datos": DeDatos, "pérdidas": DePerdida, "movimientos": DeMovimiento}[tabla], ()


def _plantar(tabla, error):
    """Las respuestas de `comparar` a una fila, en los problemas donde cambia algún número."""
    for problema in PROBLEMAS:
        with np.errstate(all="ignore"):
            for clase, donde in _lugares(tabla, error, problema):
                plantada = clase(problema, error, donde)
                diagnostico = problema.diagnosticar(plantada)
                if plantada.se_noto:
                    yield diagnostico


def _ids(fila):
    return f"{fila[0]}-{fila[1].clave}-{fila[2]}"


FILAS = [(tabla, error, i) for tabla, filas in TABLAS.items() for i, error in enumerate(filas)]


@pytest.mark.parametrize("fila", FILAS, ids=_ids)
def test_cada_fila_plantada_se_responde_con_su_texto(fila):
    tabla, error, _ = fila
    frase = error.texto.split("{")[0].removeprefix("el gradiente de la pérdida ")
    respuestas = []
    for _, causa in _plantar(tabla, error):
        respuestas.append(causa)
        if causa is not None and frase in causa.texto:
            return
    assert not respuestas, respuestas[0]
    pytest.fail(f"ningún problema nota {error.texto!r}")


def test_un_texto_una_clave():
    claves = {}
    for filas in TABLAS.values():
        for error in filas:
            claves.setdefault(error.texto, set()).add(error.clave)
    repetidos = {texto: cuales for texto, cuales in claves.items() if len(cuales) > 1}
    assert not repetidos
