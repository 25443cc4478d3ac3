"""EarlyStopping contra el de Keras, con las mismas series de valores."""

import itertools

import numpy as np
import pytest

from cursokeras import desde_cero
from cursokeras._backend import keras


class _Modelo:
    """Lo mínimo que un callback mira: los pesos son el número de la época."""

    def __init__(self, metricas):
        self.metrics, self.stop_training, self.pesos = metricas, False, None

    def get_weights(self):
        return self.pesos

    def set_weights(self, pesos):
        self.pesos = pesos


def _recorrer(callback, metricas, nombre, serie):
    modelo = _Modelo(metricas)
    callback.set_model(modelo)
    callback.on_train_begin()
    for epoca, valor in enumerate(serie):
        modelo.pesos = epoca
        callback.on_epoch_end(epoca, {nombre: valor})
        if modelo.stop_training:
            break
    callback.on_train_end()
    return epoca, callback.stopped_epoch, callback.best_epoch, modelo.pesos


OPCIONES = {
    "por defecto": {},
    "con paciencia": {"patience": 2, "restore_best_weights": True},
    "con mejora mínima": {"patience": 1, "min_delta": 0.2, "restore_best_weights": True},
    "con valor a superar": {"patience": 2, "baseline": 0.4, "restore_best_weights": True},
    "desde la época 3": {"patience": 1, "start_from_epoch": 3, "restore_best_weights": True},
}
SERIES = [np.random.default_rng(i).uniform(size=12).round(1) for i in range(12)]
SERIES += [[1, 0.9, 0.8, 0.8, 0.8, 0.7], [float("nan")] * 6, [0.5, float("nan"), 0.6, 0.4, 0.3]]


@pytest.fixture(scope="module")
def metricas():
    """Las métricas de una red de cada módulo que ya vio un lote."""
    redes = []
    for modulo in (keras, desde_cero):
        red = modulo.Sequential([modulo.Input((1,)), modulo.layers.Dense(1)])
        red.compile(loss="mse", metrics=["accuracy"])
        red.train_on_batch(np.ones((2, 1)), np.ones((2, 1)))
        redes.append(red)
    return [red.metrics for red in redes]


@pytest.mark.parametrize("opciones", OPCIONES.values(), ids=OPCIONES)
@pytest.mark.parametrize("nombre", ["val_loss", "val_accuracy"])
def test_detiene_y_restaura_como_keras(nombre, opciones, metricas):
    for serie, modo in itertools.product(SERIES, ["auto", "min", "max"]):
        resultados = [
            _recorrer(
                modulo.callbacks.EarlyStopping(monitor=nombre, mode=modo, **opciones),
                metricas_de_la_red,
                nombre,
                serie,
            )
            for modulo, metricas_de_la_red in zip((keras, desde_cero), metricas, strict=True)
        ]
        assert resultados[0] == resultados[1], (serie, modo)


def test_medida_desconocida_se_explica():
    with pytest.raises(ValueError, match="mode='max' o mode='min'"):
        _recorrer(desde_cero.callbacks.EarlyStopping("val_acuracy"), [], "val_loss", [1.0])


def test_sin_validacion_avisa_que_no_detendra():
    with pytest.warns(UserWarning, match="nunca detendrá"):
        _recorrer(desde_cero.callbacks.EarlyStopping(), [], "loss", [1.0])


def test_dice_donde_se_detuvo(capsys):
    callback = desde_cero.callbacks.EarlyStopping(verbose=1, restore_best_weights=True)
    _recorrer(callback, [], "val_loss", [1, 2, 3])
    assert capsys.readouterr().out.splitlines() == [
        "Época 2: se detuvo, val_loss dejó de mejorar",
        "Se restauran los pesos de la mejor época: 1",
    ]


def test_un_callback_propio_puede_detener(gemelas, azar):
    """La brecha entre entrenamiento y validación que pide el curso."""

    def detener_por_brecha(modulo):
        class Brecha(modulo.callbacks.Callback):
            def on_epoch_end(self, epoch, logs=None):
                if logs["val_loss"] > 1.5 * logs["loss"]:
                    self.model.stop_training = True

        return Brecha()

    x, y = azar.normal(size=(40, 5)), azar.normal(size=(40, 1))
    epocas = []
    redes = gemelas(lambda k: [k.Input((5,)), k.layers.Dense(1, kernel_initializer="zeros")])
    for red, modulo in zip(redes, (keras, desde_cero), strict=True):
        red.compile(loss="mse", optimizer=modulo.optimizers.SGD(0.05))
        historia = red.fit(
            x,
            y,
            epochs=50,
            validation_split=0.5,
            shuffle=False,
            verbose=0,
            callbacks=[detener_por_brecha(modulo)],
        )
        epocas.append(historia.epoch)
    assert epocas[0] == epocas[1]
    assert 1 < len(epocas[1]) < 50


@pytest.mark.parametrize(
    "callbacks",
    [desde_cero.callbacks.EarlyStopping, [desde_cero.callbacks.EarlyStopping], ["parar"]],
    ids=["la clase suelta", "la clase en la lista", "un texto"],
)
def test_lo_que_no_es_un_callback_se_explica(callbacks):
    red = desde_cero.Sequential([desde_cero.layers.Dense(1)])
    red.compile(loss="mse")
    with pytest.raises(ValueError, match="callbacks espera objetos Callback"):
        red.fit([[1.0]], [1.0], callbacks=callbacks, verbose=0)


def test_un_solo_callback_va_sin_lista():
    """Como en Keras. La pérdida no baja nunca: la red ya es perfecta."""
    red = desde_cero.Sequential([desde_cero.layers.Dense(1, kernel_initializer="zeros")])
    red.compile(loss="mse")
    parada = desde_cero.callbacks.EarlyStopping("loss", patience=2)
    historia = red.fit([[1.0]], [0.0], epochs=9, callbacks=parada, verbose=0)
    assert historia.epoch == [0, 1, 2]


@pytest.mark.parametrize(
    ("opciones", "mensaje"),
    [({"mode": "mín"}, "mode='mín' no existe"), ({"patience": "10"}, "patience='10' debe ser")],
    ids=["modo", "paciencia"],
)
def test_opciones_imposibles(opciones, mensaje):
    with pytest.raises(ValueError, match=mensaje):
        desde_cero.callbacks.EarlyStopping(**opciones)


def test_cada_aviso_llega_una_vez_y_en_orden():
    avisos = []

    class Anota(desde_cero.callbacks.Callback):
        def on_train_begin(self, logs=None):
            avisos.append("empieza")

        def on_epoch_begin(self, epoch, logs=None):
            avisos.append(f"época {epoch}")

        def on_epoch_end(self, epoch, logs=None):
            avisos.append(f"fin {epoch}: {', '.join(logs)}")

        def on_train_end(self, logs=None):
            avisos.append("termina")

    red = desde_cero.Sequential([desde_cero.layers.Dense(1)])
    red.compile(loss="mse", metrics=["mae"])
    x = y = [[1.0], [2.0]]
    red.fit(x, y, epochs=2, callbacks=[Anota()], validation_split=0.5, verbose=0)
    fin = "loss, mae, val_loss, val_mae"
    assert avisos == [
        "empieza", "época 0", f"fin 0: {fin}", "época 1", f"fin 1: {fin}", "termina"
    ]  # fmt: skip
