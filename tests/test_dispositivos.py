"""Dónde se entrena: la estrategia elegida y la igualdad entre uno y dos dispositivos."""

import os
import subprocess
import sys
import types

import pytest

import cursokeras as ck
from cursokeras import dispositivos
from cursokeras._backend import tf


def test_sin_gpu_la_estrategia_por_defecto():
    assert dispositivos.elegir_estrategia() is tf.distribute.get_strategy()
    assert dispositivos.elegir_estrategia().num_replicas_in_sync == 1


def test_con_dos_gpu_una_sola_estrategia_espejo(monkeypatch):
    gpus = [types.SimpleNamespace(name=f"/device:GPU:{i}") for i in range(2)]
    creadas = []
    monkeypatch.setattr(tf.config, "list_logical_devices", lambda tipo: gpus)
    monkeypatch.setattr(
        tf.distribute, "MirroredStrategy", lambda nombres: creadas.append(nombres) or "espejo"
    )
    dispositivos._estrategia_espejo.cache_clear()
    assert [dispositivos.elegir_estrategia() for _ in "ab"] == ["espejo", "espejo"]
    assert creadas == [("/device:GPU:0", "/device:GPU:1")]
    dispositivos._estrategia_espejo.cache_clear()


@pytest.mark.parametrize(
    ("gpus", "dice"),
    [([], "CPU"), (["T4"], "1 GPU: T4"), (["T4", "A100"], "2 GPU")],
    ids=["sin GPU", "una", "dos"],
)
def test_la_descripcion_nombra_los_dispositivos(monkeypatch, gpus, dice):
    falsas = [types.SimpleNamespace(name=nombre) for nombre in gpus]
    monkeypatch.setattr(tf.config, "list_physical_devices", lambda tipo: falsas)
    monkeypatch.setattr(
        tf.config.experimental, "get_device_details", lambda gpu: {"device_name": gpu.name}
    )
    assert dice in dispositivos.descripcion_dispositivos()


CLUSTER = '{"cluster": {"worker": ["a:1", "b:1", "c:1"]}, "task": {"type": "worker", "index": 0}}'


@pytest.mark.parametrize(
    ("texto", "dice"),
    [(CLUSTER, "3 máquinas"), ("{", "TF_CONFIG no se entiende"), ("[]", "no se entiende")],
    ids=["tres máquinas", "JSON cortado", "otra cosa"],
)
def test_un_cluster_se_dice_claramente(monkeypatch, texto, dice):
    modelo = ck.crear_regresion(1)
    monkeypatch.setenv("TF_CONFIG", texto)
    with pytest.raises(ValueError, match=dice):
        dispositivos.elegir_estrategia()
    with pytest.raises(ValueError, match="TF_CONFIG"):
        dispositivos.descripcion_dispositivos()
    with pytest.raises(ValueError, match=dice):
        ck.entrenar(modelo, [[0.0], [1.0]], [0.0, 1.0], epochs=1)


@pytest.mark.parametrize(
    "texto", ["", " ", '{"cluster": {"worker": ["a:1"]}}', "{}"], ids=["", "blanco", "una", "vacío"]
)
def test_un_tf_config_de_una_maquina_no_estorba(monkeypatch, texto):
    monkeypatch.setenv("TF_CONFIG", texto)
    assert dispositivos.elegir_estrategia().num_replicas_in_sync == 1


# Cada caso entrena en otro proceso, con la CPU partida en dos dispositivos lógicos, con formas al
# azar: con los dos a la vez (MirroredStrategy) y con uno solo, con las filas que quedan.
PROGRAMA = """
import warnings
import numpy as np
from cursokeras._backend import keras, tf
cpu = tf.config.list_physical_devices("CPU")[0]
tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)
import cursokeras as ck
from cursokeras.dispositivos import contar_replicas

dos = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])
azar = np.random.default_rng({semilla})
for caso in range({casos}):
    n, d, lote = azar.integers(8, 90), azar.integers(1, 6), azar.integers(1, 40)
    x = azar.normal(size=(n, d)).astype("float32")
    y = azar.integers(0, 3, n)
    y[:3] = 0, 1, 2
    def crear():
        return ck.crear_clasificacion(int(d), 3, ocultas=(7,), optimizer="sgd", semilla=caso)
    with dos.scope():
        modelo = crear()
    assert contar_replicas(modelo) == 2
    uno = crear()
    opciones = dict(epochs=3, patience=None, semilla=caso, verbose=0)
    with warnings.catch_warnings(record=True) as avisos:
        warnings.simplefilter("always")
        historia = ck.entrenar(modelo, x, y, batch_size=int(lote), **opciones)
    from cursokeras.entrenamiento.particion import separar_validacion
    entrena, valida = separar_validacion(n, 0.2, clases=y, multiplo=2, semilla=caso)
    entrena = entrena[: len(entrena) // 2 * 2]
    par = max(lote // 2, 1) * 2
    dice = any("2 dispositivos" in str(a.message) for a in avisos)
    assert dice == (bool((n - len(valida)) % 2) or par != lote), (n, lote)
    suya = ck.entrenar(
        uno, x[entrena], y[entrena], validation_data=(x[valida], y[valida]), batch_size=int(par),
        **opciones)
    for a, b in zip(modelo.get_weights(), uno.get_weights()):
        np.testing.assert_allclose(a, b, atol=1e-6)
    for medida in suya.history:
        np.testing.assert_allclose(historia.history[medida], suya.history[medida], atol=1e-5)
    np.testing.assert_allclose(ck.predecir(modelo, x), ck.predecir(uno, x), atol=1e-6)
    np.testing.assert_allclose(ck.evaluar(modelo, x, y), ck.evaluar(uno, x, y), atol=1e-5)
print("iguales", {casos})
"""


def test_dos_dispositivos_dan_lo_mismo_que_uno():
    salida = subprocess.run(
        [sys.executable, "-c", PROGRAMA.format(semilla=0, casos=4)],
        capture_output=True,
        text=True,
        env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"},
        check=False,
    )
    assert salida.stdout.strip().endswith("iguales 4"), salida.stderr[-3000:]
