"""Los modelos que llegan sin todos sus pesos, o con un optimizador preparado para otros."""

import numpy as np
import pytest

import cursokeras as ck
from cursokeras._backend import keras

X, Y = ck.datos.lineal(n=60, semilla=0)
Y = Y.reshape(-1, 1)
acelerar = pytest.mark.parametrize("acelerar", [True, False], ids=["acelerado", "sin acelerar"])


def entrenar(modelo, **opciones):
    return ck.entrenar(modelo, X, Y, **{"epochs": 3, "semilla": 0, "verbose": 0, **opciones})


class Recta(keras.Model):
    """Una subclase como las de los libros: no dice cómo construir sus capas."""

    def __init__(self):
        super().__init__()
        self.capa = keras.layers.Dense(1, kernel_initializer="zeros")

    def call(self, x):
        return self.capa(x)


def subclase():
    modelo = Recta()
    with pytest.warns(UserWarning, match="does not have a `build"):
        modelo.build((None, 2))
    modelo.compile("adam", "mse")
    assert modelo.built
    assert not modelo.weights
    return modelo


def secuencial():
    modelo = keras.Sequential(
        [keras.Input((2,)), keras.layers.Dense(1, kernel_initializer="zeros")]
    )
    modelo.compile("adam", "mse")
    return modelo


@acelerar
def test_una_subclase_construida_sin_pesos_entrena_como_una_secuencial(acelerar):
    obtenida, esperada = subclase(), secuencial()
    historias = [entrenar(m, acelerar=acelerar).history for m in (obtenida, esperada)]
    for nombre, valores in historias[1].items():
        np.testing.assert_allclose(historias[0][nombre], valores, rtol=1e-6)
    for a, b in zip(obtenida.get_weights(), esperada.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-6)


def test_una_subclase_sin_pesos_sigue_su_respaldo(tmp_path):
    class Cortar(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            if epoch == 2:
                raise KeyboardInterrupt

    modelo = subclase()
    entrenar(modelo, respaldo=tmp_path, callbacks=[Cortar()])
    assert entrenar(modelo, respaldo=tmp_path).epoch == [0, 1, 2]


def cambiar_la_ultima(modelo):
    modelo.pop()
    modelo.add(keras.layers.Dropout(0.2))
    modelo.add(keras.layers.Dense(1))


def descongelar(modelo):
    modelo.layers[0].trainable = True


def congelada():
    modelo = keras.Sequential([keras.Input((2,)), *(keras.layers.Dense(1) for _ in "12")])
    modelo.layers[0].trainable = False
    modelo.compile("adam", "mse")
    return modelo


CAMBIOS = {
    "otra última capa": (secuencial, cambiar_la_ultima),
    "otra última capa, de un constructor": (lambda: ck.crear_regresion(2), cambiar_la_ultima),
    "una capa descongelada": (congelada, descongelar),
}


@acelerar
@pytest.mark.parametrize("caso", CAMBIOS)
def test_cambiar_las_capas_despues_de_compilar_pide_compilar(caso, acelerar):
    crear, cambiar = CAMBIOS[caso]
    modelo = crear()
    entrenar(modelo, acelerar=acelerar)  # Con un paso trazado, Keras entrenaría lo de antes.
    cambiar(modelo)
    antes = modelo.get_weights()
    with pytest.raises(ValueError, match=r"cambiaron después de compile\. Compila otra vez"):
        entrenar(modelo, acelerar=acelerar)
    for a, b in zip(modelo.get_weights(), antes, strict=True):
        np.testing.assert_array_equal(a, b)
    # La línea que dice el mensaje.
    modelo.compile(optimizer=keras.optimizers.Adam(), loss=modelo.loss)
    entrenar(modelo, acelerar=acelerar)
    assert all(np.any(a != b) for a, b in zip(modelo.get_weights(), antes, strict=True))


def test_cambiar_las_capas_antes_de_entrenar_no_pide_nada():
    modelo = secuencial()
    cambiar_la_ultima(modelo)
    assert entrenar(modelo).epoch == [0, 1, 2]


def test_el_optimizador_de_otro_modelo_se_explica():
    uno, otro = secuencial(), secuencial()
    entrenar(uno)
    otro.compile(uno.optimizer, "mse")
    with pytest.raises(ValueError, match=r"es el de otro modelo.*Compila otra vez"):
        entrenar(otro)


def test_sin_optimizador_se_explica():
    modelo = secuencial()
    modelo.compile(optimizer=None, loss="mse")
    with pytest.raises(ck.ErrorDeDatos, match=r"optimizer=None.*compile\(optimizer='adam'"):
        entrenar(modelo)


def test_los_optimizadores_que_envuelven_a_otro_tambien_sirven():
    for optimizador in (
        keras.optimizers.LossScaleOptimizer(keras.optimizers.SGD(0.01)),
        keras.optimizers.SGD(0.01),
    ):
        modelo = secuencial()
        modelo.compile(optimizador, "mse")
        for _ in range(2):
            assert entrenar(modelo).epoch == [0, 1, 2]
