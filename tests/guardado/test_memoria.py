"""`cargar` no toma más de 64 MiB y 150 veces el archivo, con archivos buenos ni con hostiles."""

import threading

import keras
import numpy as np
import pytest

from cursokeras.guardado import cargar, guardar
from cursokeras.guardado.presupuesto import Presupuesto
from tests.guardado.conftest import Partes
from tests.guardado.hostiles import FORMAS
from tests.memoria import MIB, medir_en_otro_proceso

capas = keras.layers


@pytest.fixture(scope="module")
def medidos(de_keras, tmp_path_factory):
    carpeta = tmp_path_factory.mktemp("hostiles")
    rutas = {nombre: carpeta / f"{i}.keras" for i, nombre in enumerate(["honesto", *FORMAS])}
    rutas["honesto"].write_bytes(de_keras)
    for nombre, armar in FORMAS.items():
        rutas[nombre].write_bytes(armar(Partes(de_keras)))
    return medir_en_otro_proceso("cargar", rutas)


@pytest.mark.parametrize("forma", FORMAS)
def test_la_memoria_es_a_lo_sumo_64_mib_y_150_veces_el_archivo(forma, medidos):
    tamano, pico, mensaje = medidos[forma]
    assert pico <= 64 + 150 * tamano / MIB, f"{pico:.0f} MiB con {tamano} bytes: {mensaje}"


@pytest.mark.parametrize("forma", FORMAS)
def test_se_explica_en_espanol(forma, medidos):
    _, _, mensaje = medidos[forma]
    assert mensaje == "" or mensaje.startswith("ValueError: ")
    assert not mensaje.startswith("ValueError: Exceeds")


def test_el_honesto_se_carga(medidos):
    _, pico, mensaje = medidos["honesto"]
    assert mensaje == ""
    assert pico < 16


def secuencia(forma, *lista, optimizador="adam", metrics=()):
    modelo = keras.Sequential([keras.Input(forma), *lista])
    modelo.compile(optimizador, "mse", metrics=list(metrics))
    return modelo


def con_saltos(bloques):
    x = entrada = keras.Input((16, 16, 3))
    x = capas.Conv2D(8, 3, padding="same")(x)
    for _ in range(bloques):
        h = capas.ReLU()(capas.BatchNormalization()(x))
        h = capas.Conv2D(8, 3, padding="same", kernel_regularizer="l2")(h)
        x = capas.Add()([x, h])
    modelo = keras.Model(entrada, capas.Dense(10)(capas.GlobalAveragePooling2D()(x)))
    modelo.compile("adam", "mse")
    return modelo


def de_muchas_entradas(cuantas):
    entradas = [keras.Input((3,)) for _ in range(cuantas)]
    modelo = keras.Model(entradas, capas.Dense(1)(capas.Concatenate()(entradas)))
    modelo.compile("adam", "mse")
    return modelo


def con_normalizacion():
    adaptada = capas.Normalization()
    adaptada.adapt(np.random.default_rng(0).normal(size=(50, 13)))
    fija = capas.Normalization(mean=0.5, variance=2.0)
    return secuencia((13,), adaptada, fija, capas.Dense(1))


def con_estado():
    modelo = keras.Sequential(
        [keras.Input(batch_shape=(8, 10, 3)), capas.LSTM(16, stateful=True), capas.Dense(1)]
    )
    modelo.compile("adam", "mse")
    return modelo


medidas = keras.metrics
HONESTOS = {
    "784-512-512-10 con Dropout": lambda: secuencia(
        (784,),
        capas.Dense(512, "relu"),
        capas.Dropout(0.2),
        capas.Dense(512, "relu"),
        capas.BatchNormalization(),
        capas.Dense(10),
    ),
    "convoluciones": lambda: secuencia(
        (28, 28, 1), capas.Conv2D(32, 3), capas.Flatten(), capas.Dense(32), capas.Dense(10)
    ),
    "recurrente": lambda: secuencia(
        (50, 8), capas.LSTM(128, return_sequences=True), capas.GRU(64), capas.Dense(1)
    ),
    "recurrente con estado": con_estado,
    "palabras": lambda: secuencia(
        (20,), capas.Embedding(5000, 64), capas.GlobalAveragePooling1D(), capas.Dense(1)
    ),
    "normalización": con_normalizacion,
    "cincuenta capas": lambda: secuencia((4,), *[capas.Dense(4, "relu") for _ in range(50)]),
    "veinte bloques con salto": lambda: con_saltos(20),
    "veinticinco entradas": lambda: de_muchas_entradas(25),
    "un optimizador de cinco copias": lambda: secuencia(
        (100,),
        capas.Dense(100),
        optimizador=keras.optimizers.Adam(
            amsgrad=True, use_ema=True, gradient_accumulation_steps=4
        ),
    ),
    "muchas métricas": lambda: secuencia(
        (4,),
        capas.Dense(1, "sigmoid"),
        metrics=[
            medidas.AUC(),
            medidas.AUC(curve="PR", num_thresholds=2000, name="pr"),
            medidas.Precision(),
            medidas.F1Score(threshold=0.5),
            medidas.PrecisionAtRecall(0.5),
            medidas.MeanIoU(21),
        ],
    ),
}


@pytest.mark.parametrize("crear", HONESTOS.values(), ids=HONESTOS.keys())
def test_un_modelo_honesto_se_guarda_y_se_abre(crear, tmp_path, recwarn):
    modelo, ruta = crear(), tmp_path / "m.keras"
    guardar(modelo, ruta)
    leido = cargar(ruta)
    for uno, otro in zip(leido.get_weights(), modelo.get_weights(), strict=True):
        np.testing.assert_array_equal(uno, otro)
    assert len(leido.optimizer.variables) == len(modelo.optimizer.variables)
    assert not [aviso for aviso in recwarn if aviso.category is UserWarning]


def test_lo_que_no_cabe_se_dice_y_ya_nada_cabe():
    presupuesto = Presupuesto(1000)
    with pytest.raises(ValueError, match="archivo de 1 KiB: no alcanza para la métrica 'X'"):
        presupuesto.gastar_numeros(10**9, "la métrica 'X'")
    with pytest.raises(ValueError, match="la métrica 'X'"):
        presupuesto.gastar(1, "otra cosa")


def test_contar_variables_no_deja_rastro_ni_toca_otros_hilos():
    antes = dict(vars(keras.Variable))
    presupuesto = Presupuesto(0)
    with presupuesto.contando_variables():
        otro = threading.Thread(target=lambda: keras.Variable(np.zeros(2 * 10**6)))
        otro.start()
        otro.join()
        assert presupuesto.exceso is None
        with pytest.raises(ValueError, match="'w', que pide 2000000 pesos"):
            keras.Variable("zeros", (1000, 2000), name="w")
    assert dict(vars(keras.Variable)) == antes
