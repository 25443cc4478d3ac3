"""Sin una pieza privada, que una versión futura puede quitar, los números son los mismos."""

import contextlib
import importlib
import random

import numpy as np
import pytest

import cursokeras as ck
from cursokeras._backend import keras, tf
from cursokeras.aceleracion import (
    bucle,
    compartidas,
    ensayo,
    piezas_privadas,
    programa,
    recaida,
    trazas,
)
from tests.aceleracion.comun import comparar_con_keras, red, tabla

CONTEXTO = importlib.import_module("tensorflow.python.eager.context")
ESTADO = importlib.import_module("keras.src.backend.common.global_state")
ADAPTADORES = importlib.import_module("keras.src.trainers.data_adapters.array_data_adapter")
SUMA = "_all_reduce_sum_gradients"


def entrenar(modelo, shuffle=False):
    x, y = tabla()
    return modelo.fit(x, y, 25, epochs=2, shuffle=shuffle, validation_data=(x, y), verbose=0)


@pytest.fixture(autouse=True)
def nada_compartido():
    compartidas.COMPARTIDAS.vaciar()
    yield
    compartidas.COMPARTIDAS.vaciar()


def quitar(objeto, nombre):
    return lambda m: m.delattr(objeto, nombre)


def poner(objeto, nombre, valor):
    return lambda m: m.setattr(objeto, nombre, valor)


class SinPlana:
    """Una función concreta de un TensorFlow que no tiene la llamada plana."""

    def __init__(self, concreta):
        self._concreta = concreta

    def __call__(self, *args):
        return self._concreta(*args)


class ConOtraPlana(SinPlana):
    """Una cuya llamada plana tiene otros argumentos."""

    def _call_flat(self, todos, *, novedad):
        raise AssertionError(novedad)


def _con_concreta(clase):
    original = piezas_privadas.llamada_plana
    return poner(programa, "llamada_plana", lambda concreta: original(clase(concreta)))


EJECUTOR = "function_executor_type"
AUSENCIAS = {
    "el ejecutor de un hilo": quitar(CONTEXTO, EJECUTOR),
    "los argumentos del ejecutor": poner(CONTEXTO, EJECUTOR, lambda: contextlib.nullcontext()),
    "que el ejecutor sea un contexto": poner(CONTEXTO, EJECUTOR, lambda nombre: None),
    "la llamada plana": _con_concreta(SinPlana),
    "los argumentos de la llamada plana": _con_concreta(ConOtraPlana),
    "conservar las funciones": poner(CONTEXTO.Context, "add_function_def", None),
    "la suma entre réplicas": poner(
        bucle, "sin_sumar_replicas", lambda optimizador: contextlib.nullcontext()
    ),
    "saber cuándo se limpia la sesión": poner(compartidas, "al_limpiar_la_sesion", lambda _: False),
    "el rastreador de la pérdida": poner(trazas, "compilacion", lambda modelo: None),
    "las capas de adentro": poner(piezas_privadas, "capas_de", lambda modelo: None),
    "los pesos del optimizador": poner(
        piezas_privadas, "pesos_del_optimizador", lambda optimizador: None
    ),
    "la estrategia del modelo": poner(recaida, "en_un_dispositivo", lambda modelo: True),
}


@pytest.mark.parametrize("sin_la_pieza", AUSENCIAS.values(), ids=AUSENCIAS)
def test_sin_la_pieza_los_numeros_son_los_mismos(sin_la_pieza, monkeypatch):
    sin_la_pieza(monkeypatch)
    comparar_con_keras(red, entrenar)


SIN_COMPARTIR = (
    "saber cuándo se limpia la sesión",
    "las capas de adentro",
    "los pesos del optim",
    "conservar",
)


@pytest.mark.parametrize("nombre", [n for n in AUSENCIAS if n.startswith(SIN_COMPARTIR)])
def test_sin_lo_que_hace_falta_para_compartir_no_se_comparte(nombre, monkeypatch):
    AUSENCIAS[nombre](monkeypatch)
    with ck.acelerar(modelo := red()):
        entrenar(modelo)
    # Poner las métricas en cero no tiene funciones internas que conservar.
    llaves = compartidas.COMPARTIDAS._guardadas
    assert [paso for _, paso, *_ in llaves if paso != "reinicio"] == []


@pytest.mark.parametrize("falta", [lambda: CONTEXTO, lambda: CONTEXTO.Context])
def test_sin_con_que_vaciar_los_nucleos_no_pasa_nada(monkeypatch, falta):
    nombre = "context" if falta() is CONTEXTO else "clear_kernel_cache"
    monkeypatch.delattr(falta(), nombre)
    piezas_privadas.vaciar_nucleos()


def test_vaciar_los_nucleos_no_cambia_lo_que_sigue():
    modelo = ck.crear_regresion(6, semilla=0)
    x, _ = tabla()
    antes = ck.predecir(modelo, x)
    piezas_privadas.vaciar_nucleos()
    np.testing.assert_array_equal(ck.predecir(modelo, x), antes)


@pytest.mark.parametrize("otro", [None, ()])
def test_sin_el_estado_global_de_keras_no_se_sabe_cuando_se_limpia(monkeypatch, otro):
    if otro is None:
        monkeypatch.delattr(ESTADO, "GLOBAL_STATE_TRACKER")
    else:
        monkeypatch.setattr(ESTADO, "GLOBAL_STATE_TRACKER", otro)
    assert piezas_privadas.al_limpiar_la_sesion(print) is False


def test_sin_su_rastreador_un_modelo_no_guarda_trazas():
    class Otro:
        pass

    assert piezas_privadas.compilacion(Otro()) is None
    assert piezas_privadas.capas_de(Otro()) is None
    assert piezas_privadas.pesos_del_optimizador(Otro()) is None


def test_sin_la_estrategia_del_modelo_lo_dicen_sus_variables():
    class Otro:
        weights = red().weights

    assert piezas_privadas.en_un_dispositivo(Otro())
    with tf.distribute.MirroredStrategy(["CPU:0", "CPU:0"][:1]).scope():
        Otro.weights = red().weights
        assert not piezas_privadas.en_un_dispositivo(Otro())


class OtroAdaptador:
    """Un adaptador de un Keras futuro, con otros argumentos."""

    def __init__(self, x):
        self.x = x


@pytest.mark.parametrize("otro", [None, OtroAdaptador], ids=["sin él", "con otros argumentos"])
def test_sin_el_orden_de_keras_mezcla_keras_y_se_dice(monkeypatch, otro):
    if otro is None:
        monkeypatch.delattr(ADAPTADORES, "ArrayDataAdapter")
    else:
        monkeypatch.setattr(ADAPTADORES, "ArrayDataAdapter", otro)
    comparar_con_keras(red, lambda m: entrenar(m, shuffle=True), motivo="en qué orden mezcla")


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


def _rehace_sus_funciones(m):
    """Un Keras que al empezar hace siempre sus propias funciones, haya lo que haya puesto."""
    for cual, metodo in (("train", "fit"), ("test", "evaluate")):
        original = getattr(keras.Model, metodo)

        def otro(self, *args, _original=original, _cual=cual, **kwargs):
            nueva = self._make_function(getattr(type(self), f"{_cual}_step").__get__(self))
            setattr(self, f"{_cual}_function", nueva)
            return _original(self, *args, **kwargs)

        m.setattr(keras.Model, metodo, otro)


def _rearma_los_callbacks(m):
    """Un Keras que no acepta una CallbackList ya armada."""
    original = keras.Model.fit

    def fit(self, *args, callbacks=None, **kwargs):
        if isinstance(callbacks, keras.callbacks.CallbackList):
            callbacks = callbacks.callbacks
        return original(self, *args, callbacks=callbacks, **kwargs)

    m.setattr(keras.Model, "fit", fit)


def _pide_otros_argumentos(m):
    """Un Keras cuyo `fit` ya no tiene `validation_steps`."""
    original = keras.Model.fit

    def fit(self, x=None, y=None, batch_size=None, epochs=1, verbose=0, **kwargs):
        if "validation_steps" in kwargs:
            raise TypeError("unexpected keyword argument 'validation_steps'")
        return original(self, x, y, batch_size, epochs, verbose, **kwargs)

    m.setattr(keras.Model, "fit", fit)


def _no_pregunta_las_metricas(m):
    """Un Keras que arma el historial con otra cosa que las métricas del modelo."""
    m.setattr(keras.Model, "_get_metrics_result_or_logs", lambda self, logs: {"loss": 1.0})


COSTURAS = {
    "rehace siempre sus funciones": _rehace_sus_funciones,
    "rearma los callbacks": _rearma_los_callbacks,
    "fit con otros argumentos": _pide_otros_argumentos,
    "otro historial": _no_pregunta_las_metricas,
}


@pytest.mark.parametrize("mover", COSTURAS.values(), ids=COSTURAS)
def test_si_un_keras_futuro_mueve_la_costura_trabaja_keras_y_se_dice(mover, monkeypatch):
    ensayo.olvidar()
    mover(monkeypatch)
    comparar_con_keras(red, entrenar, motivo="no deja conducir fit")
    ensayo.olvidar()


def test_el_ensayo_no_deja_rastro():
    """Ni sortea, ni gasta nombres de capas, ni traza nada."""
    ensayo.olvidar()
    keras.utils.set_random_seed(0)
    esperado = random.getstate(), np.random.get_state()[1].tolist()
    ensayo.revisar_costura()
    assert (random.getstate(), np.random.get_state()[1].tolist()) == esperado
    keras.utils.clear_session()
    ensayo.olvidar()
    ensayo.revisar_costura()
    assert keras.layers.Dense(1).name == "dense"
