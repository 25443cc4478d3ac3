"""Grafo o XLA, un tramo o varios, un hilo o muchos: los números son los de Keras."""

import numpy as np
import pytest

from cursokeras import acelerar
from cursokeras._backend import keras, tf
from cursokeras.aceleracion import datos, eleccion, programa, trazas
from tests.aceleracion.comun import comparar_con_keras, red, tabla


def entrenar(modelo, **opciones):
    x, y = tabla()
    opciones = {"epochs": 5, "validation_data": (x[:70], y[:70]), **opciones}
    return modelo.fit(x, y, 32, shuffle=False, verbose=0, **opciones)


@pytest.fixture
def siempre_xla(monkeypatch):
    monkeypatch.setattr(eleccion, "_PASOS_QUE_PAGAN_XLA", 0)


@pytest.fixture
def tramos_de_dos_lotes(monkeypatch):
    monkeypatch.setattr(datos, "_BYTES_POR_TRAMO", 2 * 32 * 7 * 4)


@pytest.fixture
def programas(monkeypatch):
    """Los bucles que pide cada modelo, con sus opciones."""
    pedidos, original = [], trazas.Trazas.de_filas

    def anotar(self, paso, tensores, **opciones):
        bucle = original(self, paso, tensores, **opciones)
        pedidos.append((paso, opciones["altura"] is not None))
        return bucle

    monkeypatch.setattr(trazas.Trazas, "de_filas", anotar)
    return pedidos


@pytest.mark.parametrize(("optimizer", "rtol"), [("sgd", 1e-5), ("adam", 1e-4)])
def test_xla_con_ultimo_lote_incompleto(siempre_xla, programas, optimizer, rtol):
    comparar_con_keras(lambda: red(optimizer), entrenar, rtol=rtol)
    assert set(programas) == {
        (paso, xla) for paso in ("train_step", "test_step") for xla in (True, False)
    }


def test_xla_en_tramos_de_largo_desigual(siempre_xla, tramos_de_dos_lotes):
    comparar_con_keras(red, entrenar)


def test_grafo_en_tramos(tramos_de_dos_lotes):
    comparar_con_keras(red, entrenar)


def test_con_azar_no_se_usa_xla(siempre_xla, programas):
    """XLA sortea otros números: con Dropout el resultado no sería el de Keras."""
    comparar_con_keras(lambda: red(capas=[keras.layers.Dropout(0.5)]), entrenar)
    assert [xla for paso, xla in programas if paso == "train_step"] == [False]


def test_si_xla_no_puede_se_usa_el_grafo(siempre_xla):
    """XLA no sabe escribir texto; el grafo sí."""

    def perdida(y, prediccion):
        tf.strings.as_string(prediccion)
        with tf.control_dependencies([tf.strings.length(tf.strings.as_string(y[0, 0]))]):
            return keras.ops.mean(keras.ops.square(y - prediccion))

    modelo = red(loss=perdida, metrics=None)
    with acelerar(modelo) as acelerador:
        entrenar(modelo)
    assert acelerador.motivo is None


@pytest.mark.parametrize(
    ("pasos", "capas", "batch_size", "esperado"),
    [
        (100_000, (8,), 32, True),
        (100, (8,), 32, False),
        (100_000, (2000, 2000), 32, False),
    ],
    ids=["mucho trabajo menudo", "poco trabajo", "capas grandes"],
)
def test_cuando_conviene_xla(pasos, capas, batch_size, esperado):
    modelo = red(capas=[keras.layers.Dense(unidades) for unidades in capas])
    tensores = datos.Tensores(tabla(), batch_size=batch_size)
    assert eleccion.conviene_xla(modelo, tensores, pasos) is esperado


def test_un_solo_hilo_solo_para_bucles_simples():
    """Una condición dentro del bucle podría esperar para siempre en el ejecutor de un hilo."""

    def condicional(x):
        return tf.while_loop(
            lambda i: i < 3,
            lambda i: tf.cond(i > 1, lambda: i + 1, lambda: i + 2),
            [x],
        )

    def simple(x):
        return tf.while_loop(lambda i: i < 3, lambda i: i + 1, [x])

    entero = tf.TensorSpec([], tf.int32)
    for funcion, esperado in ((simple, True), (condicional, False)):
        concreta = tf.function(funcion).get_concrete_function(entero)
        assert programa.es_un_bucle_simple(concreta.graph.as_graph_def()) is esperado


def test_el_ritmo_cubre_todos_los_lotes_una_vez():
    ritmo = eleccion.Ritmo()
    for pasos in (1, 7, 1000, 3):
        recorridos = np.concatenate([np.arange(a, b) for a, b in ritmo.trozos(0, pasos)])
        np.testing.assert_array_equal(recorridos, np.arange(pasos))
