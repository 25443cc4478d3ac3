"""Las métricas contra las de Keras, acumuladas en varios lotes."""

import numpy as np
import pytest

from cursokeras import desde_cero
from cursokeras._backend import keras

AZAR = np.random.default_rng(0)
P3 = AZAR.dirichlet(np.ones(3), size=25)
P3[4] = [0.4, 0.4, 0.2]  # Un empate: gana la primera clase
CLASES = AZAR.integers(0, 3, 25)
P1 = AZAR.uniform(size=(25, 1))
P1[3] = 0.5
CASOS = [
    ("mean_squared_error", AZAR.normal(size=(25, 3)), P3),
    ("mean_absolute_error", AZAR.normal(size=(25, 3)), P3),
    ("root_mean_squared_error", AZAR.normal(size=(25, 1)), P1),
    ("binary_accuracy", AZAR.integers(0, 2, (25, 1)).astype(float), P1),
    ("binary_accuracy", AZAR.integers(0, 2, (25, 3)).astype(float), P3),
    ("categorical_accuracy", np.eye(3)[CLASES], P3),
    ("sparse_categorical_accuracy", CLASES, P3),
]


@pytest.mark.parametrize(("nombre", "y", "p"), CASOS, ids=[f"{c[0]} {c[2].shape}" for c in CASOS])
def test_promedio_por_lotes_como_keras(nombre, y, p):
    perdida = "sparse_categorical_crossentropy" if nombre.startswith("sparse") else "mse"
    de_keras = keras.metrics.get(nombre)
    propia = desde_cero.metrics.get(nombre, desde_cero.losses.get(perdida), p.shape[1])
    for lote in (slice(0, 8), slice(8, 16), slice(16, 25)):
        de_keras.update_state(y[lote], p[lote])
        propia.update_state(y[lote], p[lote])
    assert propia.result() == pytest.approx(float(de_keras.result()), rel=1e-6)
    assert propia.name == de_keras.name
    assert (propia.mejora == "max") == (de_keras._direction == "up")
    propia.reset_state()
    assert propia.result() == 0


@pytest.mark.parametrize(
    ("perdida", "d_out", "clase"),
    [
        ("binary_crossentropy", 1, "BinaryAccuracy"),
        ("mse", 1, "BinaryAccuracy"),
        ("categorical_crossentropy", 3, "CategoricalAccuracy"),
        ("sparse_categorical_crossentropy", 3, "SparseCategoricalAccuracy"),
    ],
)
@pytest.mark.parametrize("nombre", ["accuracy", "acc"])
def test_accuracy_depende_de_la_perdida(nombre, perdida, d_out, clase):
    metrica = desde_cero.metrics.get(nombre, desde_cero.losses.get(perdida), d_out)
    assert type(metrica).__name__ == clase
    assert metrica.name == nombre


def test_error_cuadratico_con_etiquetas_enteras_se_explica():
    perdida = desde_cero.losses.SparseCategoricalCrossentropy()
    with pytest.raises(ValueError, match="escribe metrics="):
        desde_cero.metrics.get("mse", perdida, 3)
