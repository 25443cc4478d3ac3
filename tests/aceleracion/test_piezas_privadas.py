"""Sin una pieza privada, que una versión futura puede quitar, los números son los mismos."""

import contextlib
import importlib

import numpy as np
import pytest

import cursokeras as ck
from cursokeras._backend import keras, tf
from cursokeras.aceleracion import piezas_privadas
from tests.aceleracion.comun import comparar_con_keras, red, tabla

CONTEXTO = importlib.import_module("tensorflow.python.eager.context")
SUMA = "_all_reduce_sum_gradients"


def entrenar(modelo):
    x, y = tabla()
    return modelo.fit(x, y, 25, epochs=2, shuffle=False, verbose=0)


def test_sin_el_ejecutor_de_un_hilo(monkeypatch):
    monkeypatch.delattr(CONTEXTO, "function_executor_type")
    assert isinstance(piezas_privadas.un_solo_hilo(), contextlib.nullcontext)
    comparar_con_keras(red, entrenar)


def test_la_suma_entre_replicas_se_quita_solo_mientras_se_traza():
    optimizador = keras.optimizers.SGD()
    pares = [(tf.constant(1.0), "una variable")]

    def trazar_con_un_error():
        with piezas_privadas.sin_sumar_replicas(optimizador):
            assert getattr(optimizador, SUMA)(pares) is pares
            raise RuntimeError

    with pytest.raises(RuntimeError):
        trazar_con_un_error()
    assert SUMA not in vars(optimizador)


def test_un_optimizador_con_su_propia_suma_la_conserva():
    class DelUsuario(keras.optimizers.SGD):
        def _all_reduce_sum_gradients(self, grads_and_vars):
            return [(10 * g, v) for g, v in super()._all_reduce_sum_gradients(grads_and_vars)]

    comparar_con_keras(lambda: red(DelUsuario(0.001)), entrenar)


@pytest.mark.parametrize("sin", ["el método", "optimizador"])
def test_sin_la_suma_no_hay_nada_que_quitar(sin):
    contexto = piezas_privadas.sin_sumar_replicas(None if sin == "optimizador" else object())
    assert isinstance(contexto, contextlib.nullcontext)
    with contexto:
        pass


def test_vaciar_los_nucleos_no_cambia_lo_que_sigue():
    modelo = ck.crear_regresion(6, semilla=0)
    x, _ = tabla()
    antes = ck.predecir(modelo, x)
    piezas_privadas.vaciar_nucleos()
    np.testing.assert_array_equal(ck.predecir(modelo, x), antes)


@pytest.mark.parametrize("falta", ["la función", "el método"])
def test_sin_con_que_vaciarlos_no_pasa_nada(monkeypatch, falta):
    if falta == "la función":
        monkeypatch.delattr(CONTEXTO, "context")
    else:
        monkeypatch.delattr(CONTEXTO.Context, "clear_kernel_cache")
    piezas_privadas.vaciar_nucleos()
