"""Los callbacks de cada época ven lo mismo, y hacen lo mismo, con `acelerar` que sin él."""

import contextlib
import csv

import numpy as np
import pytest

from cursokeras import acelerar
from cursokeras._backend import keras
from tests.aceleracion.comun import comparar_con_keras, red, tabla

cb = keras.callbacks


def ajustar(callbacks, **opciones):
    x, y = tabla()
    opciones = {"epochs": 6, "validation_data": (x[:30], y[:30]), **opciones}
    return lambda modelo: modelo.fit(
        x, y, 25, shuffle=False, callbacks=callbacks(modelo), verbose=0, **opciones
    )


class Espia(cb.Callback):
    """Anota lo que ve un callback del usuario en cada momento."""

    def __init__(self):
        super().__init__()
        self.visto = []

    def _anotar(self, momento, numero=None, logs=None):
        pesos = sum(float(np.abs(p).sum()) for p in self.model.get_weights())
        self.visto.append((momento, numero, dict(logs or {}), pesos, self.model.metrics_names))

    def on_train_begin(self, logs=None):
        self._anotar("empieza", self.params, logs)

    def on_epoch_begin(self, epoch, logs=None):
        self._anotar("empieza época", epoch, logs)

    def on_test_begin(self, logs=None):
        self._anotar("empieza validación", None, logs)

    def on_test_end(self, logs=None):
        self._anotar("termina validación", None, logs)

    def on_epoch_end(self, epoch, logs=None):
        self._anotar("termina época", epoch, logs)
        resultado = {k: float(v) for k, v in self.model.get_metrics_result().items()}
        self._anotar("métricas del modelo", epoch, resultado)

    def on_train_end(self, logs=None):
        self._anotar("termina", None, logs)


def test_un_espia_ve_lo_mismo():
    espias = []

    def espiar(_):
        espias.append(Espia())
        return espias[-1]

    comparar_con_keras(red, ajustar(espiar))
    de_keras, acelerado = (espia.visto for espia in espias)
    assert len(de_keras) == len(acelerado)
    for esperado, obtenido in zip(de_keras, acelerado, strict=True):
        assert obtenido[:2] == esperado[:2]
        assert obtenido[2] == pytest.approx(esperado[2], rel=1e-5, abs=1e-6)
        assert obtenido[3:] == (pytest.approx(esperado[3], rel=1e-5), esperado[4])


def _cambiar_pesos(modelo):
    def cambiar(epoch, logs):
        if epoch == 2:
            modelo.set_weights([peso * 0.5 for peso in modelo.get_weights()])

    return cb.LambdaCallback(on_epoch_end=cambiar)


def _parar(modelo):
    def parar(epoch, logs):
        modelo.stop_training = epoch == 3

    return cb.LambdaCallback(on_epoch_end=parar)


def _congelar_al_empezar(modelo):
    def congelar(logs):
        modelo.layers[0].trainable = False

    return cb.LambdaCallback(on_train_begin=congelar)


def _congelar_despues(modelo):
    """Keras no hace caso de `trainable` hasta el próximo `compile`."""

    def congelar(epoch, logs):
        modelo.layers[0].trainable = epoch < 2

    return cb.LambdaCallback(on_epoch_begin=congelar)


def _evaluar_otros_datos(modelo):
    x, y = tabla(40)

    def evaluar(epoch, logs):
        logs["aparte"] = modelo.evaluate(x, y, verbose=0)[0]

    return cb.LambdaCallback(on_epoch_end=evaluar)


CALLBACKS = {
    "EarlyStopping": lambda m: cb.EarlyStopping(
        patience=1, min_delta=0.1, restore_best_weights=True
    ),
    "ReduceLROnPlateau": lambda m: cb.ReduceLROnPlateau(patience=1, min_delta=0.1, factor=0.5),
    "LearningRateScheduler": lambda m: cb.LearningRateScheduler(lambda e, tasa: tasa * 0.7),
    "que cambia los pesos": _cambiar_pesos,
    "que detiene": _parar,
    "que congela al empezar": _congelar_al_empezar,
    "que congela después": _congelar_despues,
    "que evalúa otros datos": _evaluar_otros_datos,
}


@pytest.mark.parametrize("crear", CALLBACKS.values(), ids=CALLBACKS.keys())
def test_callback(crear):
    comparar_con_keras(red, ajustar(crear))


def test_promedio_movil_que_se_cambia_para_validar():
    def crear():
        return red(keras.optimizers.SGD(0.1, use_ema=True, ema_momentum=0.5))

    comparar_con_keras(crear, ajustar(lambda m: cb.SwapEMAWeights()))


def test_archivos_que_escriben_los_callbacks(tmp_path):
    """ModelCheckpoint y CSVLogger escriben, y lo escrito se lee y coincide con el modelo."""
    modelo = red()
    callbacks = [
        cb.ModelCheckpoint(tmp_path / "modelo.keras"),
        cb.ModelCheckpoint(tmp_path / "mejor.weights.h5", save_weights_only=True),
        cb.CSVLogger(tmp_path / "historia.csv"),
    ]
    with acelerar(modelo) as acelerador:
        historia = ajustar(lambda m: callbacks)(modelo)
    assert acelerador.motivo is None
    filas = list(csv.DictReader((tmp_path / "historia.csv").open()))
    assert [float(f["loss"]) for f in filas] == pytest.approx(historia.history["loss"])
    otro = red()
    otro.load_weights(tmp_path / "mejor.weights.h5")
    for guardado in (keras.models.load_model(tmp_path / "modelo.keras"), otro):
        for peso, esperado in zip(guardado.get_weights(), modelo.get_weights(), strict=True):
            np.testing.assert_array_equal(peso, esperado)


def test_retomar_con_backup_and_restore(tmp_path):
    """Cortado en la cuarta época y retomado, termina como el que no se cortó."""

    class Cortar(cb.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            if epoch == 3:
                raise RuntimeError("corte")

    entero, cortado = red(), red()
    cortado.set_weights(entero.get_weights())
    with acelerar(entero):
        ajustar(lambda m: [])(entero)
    with acelerar(cortado):
        with pytest.raises(RuntimeError, match="corte"):
            ajustar(lambda m: [cb.BackupAndRestore(tmp_path / "copia"), Cortar()])(cortado)
        historia = ajustar(lambda m: cb.BackupAndRestore(tmp_path / "copia"))(cortado)
    assert historia.epoch == [3, 4, 5]
    for peso, otro in zip(cortado.get_weights(), entero.get_weights(), strict=True):
        np.testing.assert_allclose(peso, otro, rtol=1e-6)


@pytest.mark.filterwarnings("ignore")
def test_terminate_on_nan_se_detiene_en_el_mismo_lote(capsys):
    """Con una tasa enorme la pérdida se desborda a mitad de época: quedan los pesos de ese lote."""
    x, y = tabla(400)
    pesos = []
    for acelerado in (False, True):
        keras.utils.set_random_seed(1)
        modelo = red(keras.optimizers.SGD(3e4))
        with acelerar(modelo) if acelerado else contextlib.nullcontext():
            historia = modelo.fit(
                1e3 * x, 1e3 * y, 8, 3, shuffle=False, callbacks=[cb.TerminateOnNaN()], verbose=0
            )
        pesos.append((historia.epoch, modelo.optimizer.iterations.numpy(), modelo.get_weights()))
    assert pesos[0][:2] == pesos[1][:2]
    assert 1 < pesos[0][1] < 50
    for peso, otro in zip(pesos[0][2], pesos[1][2], strict=True):
        np.testing.assert_allclose(peso, otro, rtol=1e-4)
    mensajes = [linea for linea in capsys.readouterr().out.splitlines() if "Invalid loss" in linea]
    assert mensajes[0] == mensajes[1]
