"""graficar_paisaje: la J de Keras, y los pasos de los optimizadores de Keras."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
import tensorflow as tf

import cursokeras as ck
from cursokeras import desde_cero
from cursokeras._backend import keras
from cursokeras.graficos import graficar_paisaje

AZAR = np.random.default_rng(0)
X = AZAR.normal(size=(40, 2)).astype("float32")
Y = (X @ [[2.0], [-3.0]] + 0.5).astype("float32")


def recta(columnas=1, optimizador="sgd", **opciones):
    modelo = keras.Sequential(
        [keras.Input((columnas,)), keras.layers.Dense(1, use_bias=False, **opciones)]
    )
    modelo.compile(optimizador, "mse")
    modelo.set_weights([np.full((columnas, 1), -1.0)])
    return modelo


def lineas(ejes):
    return {linea.get_label().partition(":")[0]: linea for linea in ejes.lines}


def pasos_de_keras(modelo, optimizador, x, epochs):
    """Por dónde pasan los pesos en Keras, con todas las filas en cada lote."""
    copia = keras.models.clone_model(modelo)
    copia.compile(optimizador, "mse")
    copia.set_weights(modelo.get_weights())
    camino = [copia.get_weights()[0].ravel()]
    for _ in range(epochs):
        copia.train_on_batch(x, Y)
        camino.append(copia.get_weights()[0].ravel())
    return np.array(camino)


SIN_COMPILAR = desde_cero.Sequential([desde_cero.Input((2,)), desde_cero.layers.Dense(1)])


class TestCurva:
    def test_es_la_perdida_de_keras(self):
        modelo = recta()
        ejes = graficar_paisaje(modelo, X[:, :1], Y, optimizadores={})
        valores, J = lineas(ejes)["J"].get_xydata()[::15].T
        for w, perdida in zip(valores, J, strict=True):
            modelo.set_weights([np.array([[w]])])
            assert perdida == pytest.approx(modelo.evaluate(X[:, :1], Y, verbose=0), rel=1e-5)

    def test_se_rotula_y_marca_el_comienzo(self):
        ejes = graficar_paisaje(recta(), X[:, :1], Y)
        assert ejes.get_title() == "La pérdida según un peso"
        assert (ejes.get_xlabel(), ejes.get_ylabel()) == ("w1", "J, la pérdida")
        assert lineas(ejes)["comienzo"].get_xdata()[0] == -1

    def test_lo_que_se_va_se_corta(self):
        tasas = {"divergente": keras.optimizers.SGD(5.0)}
        ejes = graficar_paisaje(recta(), X[:, :1], Y, optimizadores=tasas, epochs=50)
        assert len(lineas(ejes)["divergente"].get_xdata()) < 6
        assert np.isfinite(lineas(ejes)["J"].get_ydata()).all()

    def test_el_modelo_no_cambia(self):
        modelo = recta()
        graficar_paisaje(modelo, X[:, :1], Y)
        assert modelo.get_weights()[0] == -1
        assert modelo.optimizer.iterations == 0


OPTIMIZADORES = {
    "SGD": keras.optimizers.SGD(0.1),
    "con impulso": keras.optimizers.SGD(0.05, momentum=0.9),
    "Adam": keras.optimizers.Adam(0.3),
}


class TestMapa:
    def test_cada_camino_son_los_pasos_de_keras(self):
        modelo = recta(2)
        ejes = graficar_paisaje(modelo, X, Y, optimizadores=OPTIMIZADORES, epochs=8)
        for nombre, optimizador in OPTIMIZADORES.items():
            copia = type(optimizador).from_config(optimizador.get_config())
            esperado = pasos_de_keras(modelo, copia, X, 8)
            np.testing.assert_allclose(lineas(ejes)[nombre].get_xydata(), esperado, atol=1e-5)

    def test_se_distinguen_sin_colores_y_caben_en_el_mapa(self):
        ejes = graficar_paisaje(recta(2), X, Y, optimizadores=OPTIMIZADORES)
        caminos = [lineas(ejes)[nombre] for nombre in OPTIMIZADORES]
        assert len({linea.get_marker() for linea in caminos}) == 3
        assert len({linea.get_color() for linea in caminos}) == 3
        for linea in caminos:
            assert ejes.dataLim.containsx(linea.get_xdata().min())
            assert ejes.get_xlim()[0] < linea.get_xdata().min()
            assert linea.get_ydata().max() < ejes.get_ylim()[1]
        assert (ejes.get_xlabel(), ejes.get_ylabel()) == ("w1", "w2")
        assert ejes.figure.axes[1].get_ylabel() == "J, la pérdida"

    def test_con_lotes_hay_un_paso_por_lote(self):
        pares = {"todas": ("sgd", None), "de 10": ("sgd", 10), "de a una": ("sgd", 1)}
        ejes = graficar_paisaje(recta(2), X, Y, optimizadores=pares, epochs=3)
        cuantos = {nombre: len(lineas(ejes)[nombre].get_xdata()) - 1 for nombre in pares}
        assert cuantos == {"todas": 3, "de 10": 12, "de a una": 120}
        assert "de 10: 12 pasos" in ejes.get_legend_handles_labels()[1]

    def test_el_optimizador_del_modelo_empieza_de_nuevo(self):
        red = desde_cero.Sequential(
            [desde_cero.Input((2,)), desde_cero.layers.Dense(1, use_bias=False)]
        )
        red.compile(desde_cero.optimizers.Adam(0.1), "mse")
        inicio = red.get_weights()
        antes = lineas(graficar_paisaje(red, X, Y))["camino"].get_xydata()
        red.fit(X, Y, epochs=2, verbose=0)
        red.set_weights(inicio)
        despues = lineas(graficar_paisaje(red, X, Y))["camino"].get_xydata()
        np.testing.assert_array_equal(antes, despues)


class TestPesosElegidos:
    def test_los_demas_quedan_fijos(self):
        modelo = ck.crear_regresion(2, ocultas=(3,), activacion="tanh", semilla=0)
        tasa, cuales = 0.3, [(0, (0, 0)), (1, (2,))]
        ejes = graficar_paisaje(
            modelo, X, Y, pesos=(0, 8), epochs=6, optimizadores={"SGD": keras.optimizers.SGD(tasa)}
        )
        camino = lineas(ejes)["SGD"].get_xydata()
        pesos = modelo.get_weights()
        for punto in camino:
            np.testing.assert_allclose([pesos[i][j] for i, j in cuales], punto, atol=1e-4)
            modelo.set_weights(pesos)
            with tf.GradientTape() as cinta:
                J = tf.reduce_mean((modelo(X) - Y) ** 2)
            gradientes = cinta.gradient(J, modelo.trainable_weights)
            for i, j in cuales:
                pesos[i][j] -= tasa * gradientes[i].numpy()[j]
        assert ejes.get_xlabel() == f"w11 de {modelo.layers[0].name}"
        assert ejes.get_ylabel() == f"b3 de {modelo.layers[0].name}"

    def test_muchos_pesos_piden_elegir(self):
        with pytest.raises(ValueError, match=r"13 pesos: w11 de .* y 1 más\. El paisaje"):
            graficar_paisaje(ck.crear_regresion(2, ocultas=(3,)), X, Y)

    def test_un_peso_de_muchos_es_una_curva(self):
        ejes = graficar_paisaje(ck.crear_regresion(2), X, Y, pesos=2)
        assert ejes.get_xlabel() == "b"


def test_en_tres_dimensiones_es_una_superficie():
    _, ax = plt.subplots(subplot_kw={"projection": "3d"})
    ejes = graficar_paisaje(recta(2), X, Y, ax, optimizadores={"SGD": "sgd"}, epochs=3)
    assert ejes is ax
    assert ejes.get_zlabel() == "J, la pérdida"
    assert len(ejes.collections) == 1
    _, _, alturas = lineas(ejes)["SGD"].get_data_3d()
    assert np.all(np.diff(alturas) < 0)


@pytest.mark.parametrize(
    ("modelo", "opciones", "explicacion"),
    [
        (ck.crear_regresion(2), {}, r"tiene 3 pesos: w1, w2 y b\..*pesos=\(0, 1\)"),
        (ck.crear_regresion(2), {"pesos": (0, 1, 2)}, r"pesos=\(0, 1, 2\): se esperaba"),
        (ck.crear_regresion(2), {"pesos": (0, 7)}, "de 0 a 2"),
        (ck.crear_regresion(2), {"pesos": "w1"}, "pesos='w1'"),
        (ck.crear_regresion(2), {"pesos": True}, "pesos=True"),
        (recta(2), {"optimizadores": ["sgd"]}, "es de tipo list y se esperaba un diccionario"),
        (recta(2), {"optimizadores": {"a": 3}}, "3 no es un optimizador"),
        (recta(2), {"optimizadores": {"a": "sdg"}}, "No existe el optimizador 'sdg'"),
        (recta(2), {"optimizadores": {"a": ("sgd", 0)}}, "batch_size=0"),
        (recta(2), {"epochs": 0}, "epochs=0"),
        (recta(3), {}, "la red espera"),
        (recta(1), {}, "espera"),
        (SIN_COMPILAR, {}, "compila"),
        ("modelo", {}, "llegó str"),
    ],
    ids=[
        "muchos pesos", "tres", "no está", "un texto", "True", "lista", "un número", "mal escrito",
        "lote 0", "épocas", "muchas columnas", "otras columnas", "sin compilar", "no es modelo",
    ],
)  # fmt: skip
def test_dice_que_llego_y_que_escribir(modelo, opciones, explicacion):
    with pytest.raises(ValueError, match=explicacion):
        graficar_paisaje(modelo, X, Y, **opciones)
