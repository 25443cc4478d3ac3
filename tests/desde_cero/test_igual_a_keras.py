"""Las redes del curso, 200 pasos con los mismos lotes: los mismos pesos que Keras."""

import numpy as np
import pytest

from cursokeras import desde_cero
from cursokeras._backend import keras

FILAS = 1270  # 40 lotes de 32, el último con 22 filas: 5 épocas son 200 pasos

REDES = {
    "Dulong": (6, [(1, None)], "mse"),
    "recta con error absoluto": (2, [(1, None)], "mae"),
    "softmax de imágenes": (64, [(10, "softmax")], "sparse_categorical_crossentropy"),
    "perceptrón de una variable": (1, [(1, "sigmoid")], "binary_crossentropy"),
    "estudiantes, regresión": (5, [(4, "tanh"), (5, "relu"), (2, None)], "mse"),
    "estudiantes, etiquetas enteras": (
        5,
        [(4, "tanh"), (5, "relu"), (3, "softmax")],
        "sparse_categorical_crossentropy",
    ),
    "estudiantes, one-hot": (
        5,
        [(4, "tanh"), (5, "relu"), (3, "softmax")],
        "categorical_crossentropy",
    ),
    "XOR": (2, [(8, "tanh"), (1, "sigmoid")], "binary_crossentropy"),
    "pacientes": (5, [(4, "relu"), (1, "sigmoid")], "binary_crossentropy"),
    "autos usados": (10, [(50, "relu"), (25, "relu"), (1, None)], "mse"),
    "tres capas lineales": (4, [(3, None), (2, "linear"), (2, None)], "mse"),
}


def _capas(d_in, capas):
    return lambda k: [k.Input((d_in,)), *(k.layers.Dense(u, activation=a) for u, a in capas)]


def _datos(azar, d_in, d_out, perdida):
    x = azar.normal(size=(FILAS, d_in)).astype("float32")
    z = x @ azar.normal(size=(d_in, d_out)) + 0.1 * azar.normal(size=(FILAS, d_out))
    if perdida == "binary_crossentropy":
        return x, (z > 0).astype("float32")
    if perdida == "sparse_categorical_crossentropy":
        return x, z.argmax(axis=1)
    if perdida == "categorical_crossentropy":
        return x, np.eye(d_out, dtype="float32")[z.argmax(axis=1)]
    return x, z.astype("float32")


def _entrenar_las_dos(redes, x, y, perdida, crear_optimizador):
    historias = []
    for red, modulo in zip(redes, (keras, desde_cero), strict=True):
        # XLA reordena las sumas: sin él, la diferencia es solo el redondeo de NumPy.
        sin_xla = {"jit_compile": False} if modulo is keras else {}
        red.compile(loss=perdida, optimizer=crear_optimizador(modulo), **sin_xla)
        historias.append(red.fit(x, y, epochs=5, shuffle=False, verbose=0).history)
    return historias


@pytest.mark.parametrize(
    ("optimizador", "tolerancia"), [("sgd", 1e-5), ("adam", 5e-5)], ids=["SGD", "Adam"]
)
@pytest.mark.parametrize(("d_in", "capas", "perdida"), REDES.values(), ids=REDES)
def test_doscientos_pasos(gemelas, azar, d_in, capas, perdida, optimizador, tolerancia):
    redes = gemelas(_capas(d_in, capas))
    x, y = _datos(azar, d_in, capas[-1][0], perdida)
    historias = _entrenar_las_dos(redes, x, y, perdida, lambda k: k.optimizers.get(optimizador))
    de_keras, propia = redes
    assert propia.optimizer.iterations == 200
    for w, w_keras in zip(propia.weights, de_keras.get_weights(), strict=True):
        np.testing.assert_allclose(w, w_keras, rtol=0, atol=tolerancia)
    assert historias[0].keys() == historias[1].keys()
    np.testing.assert_allclose(historias[1]["loss"], historias[0]["loss"], rtol=2e-5)

    propia.set_weights(de_keras.get_weights())
    predicciones = de_keras(x).numpy()
    escala = max(1, np.abs(predicciones).max())
    np.testing.assert_allclose(propia.predict(x), predicciones, rtol=0, atol=1e-6 * escala)


@pytest.mark.parametrize(
    "crear_optimizador",
    [
        lambda k: k.optimizers.SGD(0.05),
        lambda k: k.optimizers.RMSprop(0.01),
        lambda k: k.optimizers.RMSprop(0.005, momentum=0.9),
    ],
    ids=["SGD", "RMSprop", "RMSprop con momento"],
)
def test_en_doble_precision_coinciden_diez_cifras(gemelas, azar, crear_optimizador, floatx64):
    """Lo que en float32 es redondeo, aquí desaparece: son las mismas cuentas."""
    d_in, capas, perdida = REDES["estudiantes, one-hot"]
    redes = gemelas(_capas(d_in, capas), dtype="float64")
    x, y = _datos(azar, d_in, capas[-1][0], perdida)
    historias = _entrenar_las_dos(redes, x, y, perdida, crear_optimizador)
    for w, w_keras in zip(redes[1].weights, redes[0].get_weights(), strict=True):
        np.testing.assert_allclose(w, w_keras, rtol=1e-10, atol=1e-10)
    for medida in historias[0]:
        np.testing.assert_allclose(historias[1][medida], historias[0][medida], rtol=1e-10)


@pytest.mark.parametrize("regularizador", ["L1", "L2"])
def test_regularizadores(gemelas, azar, regularizador, floatx64):
    def capas(k):
        clase = getattr(k.regularizers, regularizador)  # 1/32 y 1/8 son exactos en float32
        return [
            k.Input((5,)),
            k.layers.Dense(6, "tanh", kernel_regularizer=clase(1 / 32)),
            k.layers.Dense(2, kernel_regularizer=clase(1 / 8), bias_regularizer=clase(1 / 8)),
        ]

    redes = gemelas(capas, dtype="float64")
    x, y = _datos(azar, 5, 2, "mse")
    historias = _entrenar_las_dos(redes, x, y, "mse", lambda k: k.optimizers.SGD(0.05))
    np.testing.assert_allclose(historias[1]["loss"], historias[0]["loss"], rtol=1e-10)
    for w, w_keras in zip(redes[1].weights, redes[0].get_weights(), strict=True):
        np.testing.assert_allclose(w, w_keras, rtol=1e-8, atol=1e-10)
    medidas = [red.evaluate(x, y, verbose=0) for red in redes]
    np.testing.assert_allclose(medidas[1], medidas[0], rtol=1e-10)


def test_la_comparacion_nota_un_solo_peso_distinto(gemelas, azar):
    redes = gemelas(_capas(5, [(4, "tanh"), (1, None)]))
    redes[1].weights[0][0, 0] += 1e-3
    x, y = _datos(azar, 5, 1, "mse")
    _entrenar_las_dos(redes, x, y, "mse", lambda k: "sgd")
    assert np.abs(redes[1].weights[0] - redes[0].get_weights()[0]).max() > 5e-5
