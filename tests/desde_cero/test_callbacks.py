"""Los callbacks contra los de Keras: cuándo se llaman, qué reciben y qué hacen."""

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


METODOS = [
    *("on_train_begin", "on_epoch_begin", "on_train_batch_begin", "on_train_batch_end"),
    *("on_test_begin", "on_test_batch_begin", "on_test_batch_end", "on_test_end"),
    *("on_epoch_end", "on_train_end", "on_batch_begin", "on_batch_end"),
]


def _que_anota(k, metodos):
    """Un callback escrito como en los libros: `logs` sin valor por defecto."""
    avisos = []

    def crear(metodo):
        if metodo.startswith(("on_train_b", "on_test_b", "on_b")) and "batch" in metodo:
            return lambda self, batch, logs: avisos.append((metodo, batch, dict(logs)))
        if "epoch" in metodo:
            return lambda self, epoch, logs: avisos.append((metodo, epoch, dict(logs)))
        return lambda self, logs: avisos.append((metodo, None, dict(logs)))

    clase = type("Anota", (k.callbacks.Callback,), {metodo: crear(metodo) for metodo in metodos})
    return clase(), avisos


@pytest.mark.parametrize(
    "metodos", [METODOS[:-2], METODOS[-2:]], ids=["todos los avisos", "los nombres de antes"]
)
def test_cada_aviso_con_las_medidas_de_keras(gemelas, azar, metodos):
    x, y, todos = azar.normal(size=(20, 3)), azar.normal(size=(20, 1)), []
    redes = gemelas(lambda k: [k.Input((3,)), k.layers.Dense(2, "tanh"), k.layers.Dense(1)])
    for red, k in zip(redes, (keras, desde_cero), strict=True):
        red.compile("sgd", "mse", metrics=["mae"])
        anota, avisos = _que_anota(k, metodos)
        opciones = {"shuffle": False, "verbose": 0, "batch_size": 6, "epochs": 2}
        red.fit(x, y, validation_split=0.3, callbacks=anota, **opciones)
        todos.append(avisos)
    assert len(todos[0]) == len(todos[1]) > 3
    for (metodo, lugar, logs), (propio, lugar_propio, propios) in zip(*todos, strict=True):
        assert (propio, lugar_propio) == (metodo, lugar)
        assert list(propios) == list(logs), metodo
        assert list(propios.values()) == pytest.approx(list(logs.values()), rel=1e-4), metodo


def test_parar_en_un_lote_como_keras(gemelas, azar):
    x, y, historias, pesos = azar.normal(size=(40, 3)), azar.normal(size=(40, 1)), [], []
    redes = gemelas(lambda k: [k.Input((3,)), k.layers.Dense(1)])
    for red, k in zip(redes, (keras, desde_cero), strict=True):

        class Para(k.callbacks.Callback):
            def on_train_batch_end(self, batch, logs):
                self.model.stop_training = batch == 2

        red.compile("sgd", "mse")
        opciones = {"shuffle": False, "verbose": 0, "batch_size": 8, "epochs": 3}
        historias.append(red.fit(x, y, callbacks=[Para()], **opciones).history["loss"])
        pesos.append(red.get_weights()[0])
    assert len(historias[1]) == 1
    assert historias[1] == pytest.approx(historias[0], rel=1e-5)
    np.testing.assert_allclose(pesos[1], pesos[0], rtol=1e-5)


def test_params_trae_epocas_y_lotes():
    class Mira(desde_cero.callbacks.Callback):
        def on_train_begin(self, logs):
            assert self.params == {"verbose": 0, "epochs": 2, "steps": 3}

    red = desde_cero.Sequential([desde_cero.layers.Dense(1)])
    red.compile(loss="mse")
    red.fit(np.ones((5, 1)), np.ones(5), 2, 2, 0, [Mira()])


GUARDADOS = {
    "cada época": ({"filepath": "r-{epoch:02d}.keras"}, ["r-01.keras", "r-02.keras", "r-03.keras"]),
    "solo si mejora": (
        {"filepath": "r-{epoch}.keras", "save_best_only": True, "monitor": "loss", "mode": "max"},
        ["r-1.keras"],
    ),
    "pesos": (
        {"filepath": "r-{epoch}.weights.h5", "save_weights_only": True},
        ["r-1.weights.h5", "r-2.weights.h5", "r-3.weights.h5"],
    ),
    "cada dos lotes": (
        {"filepath": "r-{epoch}-{batch}.keras", "save_freq": 2},
        ["r-1-2.keras", "r-2-1.keras", "r-2-3.keras", "r-3-2.keras"],
    ),
    "desde un valor": (
        {"filepath": "r-{epoch}.keras", "save_best_only": True, "initial_value_threshold": 0.0,
         "monitor": "loss"},
        [],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("opciones", "esperados"), GUARDADOS.values(), ids=GUARDADOS)
def test_model_checkpoint_guarda_cuando_keras(gemelas, azar, tmp_path, opciones, esperados):
    x, y = azar.normal(size=(24, 3)), azar.normal(size=(24, 1))
    redes = gemelas(lambda k: [k.Input((3,)), k.layers.Dense(1)])
    for red, k in zip(redes, (keras, desde_cero), strict=True):
        carpeta = tmp_path / k.__name__.replace(".", "_")
        carpeta.mkdir()
        propias = opciones | {"filepath": str(carpeta / opciones["filepath"])}
        red.compile("sgd", "mse")
        guarda = k.callbacks.ModelCheckpoint(**propias)
        red.fit(x, y, batch_size=8, epochs=3, shuffle=False, verbose=0, callbacks=[guarda])
        assert sorted(archivo.name for archivo in carpeta.iterdir()) == esperados


def test_lo_guardado_en_la_mejor_epoca_se_lee(tmp_path, azar):
    x, y = azar.normal(size=(30, 3)), azar.normal(size=(30, 1))
    red = desde_cero.Sequential([desde_cero.Input((3,)), desde_cero.layers.Dense(1)])
    red.compile(desde_cero.optimizers.SGD(0.5), "mse")
    guarda = desde_cero.callbacks.ModelCheckpoint(tmp_path / "m.keras", save_best_only=True)
    historia = red.fit(x, y, epochs=8, validation_split=0.3, verbose=0, callbacks=[guarda]).history
    leida = desde_cero.models.load_model(tmp_path / "m.keras")
    medida = leida.evaluate(x[21:], y[21:], verbose=0)
    assert medida == pytest.approx(min(historia["val_loss"]), rel=1e-6)


def test_lambda_y_nan_como_keras():
    vistas = []
    red = desde_cero.Sequential([desde_cero.layers.Dense(1)])
    red.compile(desde_cero.optimizers.SGD(1e20), "mse")
    cada = desde_cero.callbacks.LambdaCallback(on_epoch_end=lambda e, logs: vistas.append(e))
    para = desde_cero.callbacks.TerminateOnNaN()
    with pytest.warns(UserWarning, match="diverge"):
        red.fit(np.ones((9, 1)), np.ones(9), 1, 50, 0, [cada, para])
    assert vistas == [0]
    assert cada.model is red


@pytest.mark.parametrize(
    ("crear", "mensaje"),
    [
        (lambda c: c.ModelCheckpoint("modelo"), "termina en '.keras'"),
        (lambda c: c.ModelCheckpoint("m.keras", save_freq=0), "save_freq=0"),
        (lambda c: c.ReduceLROnPlateau(factor=1), "factor=1 no baja la tasa"),
        (lambda c: c.ReduceLROnPlateau(mode="mínimo"), "mode='mínimo' no existe"),
    ],
    ids=["ruta", "frecuencia", "factor", "modo"],
)
def test_opciones_imposibles_de_los_nuevos(crear, mensaje):
    with pytest.raises(ValueError, match=mensaje):
        crear(desde_cero.callbacks)


def test_una_ruta_con_una_medida_que_no_hay_se_explica(tmp_path):
    red = desde_cero.Sequential([desde_cero.Input((1,)), desde_cero.layers.Dense(1)])
    red.compile(loss="mse")
    guarda = desde_cero.callbacks.ModelCheckpoint(tmp_path / "{val_loss:.2f}.keras")
    with pytest.raises(ValueError, match="pide 'val_loss', y hay: epoch, loss"):
        red.fit(np.ones((4, 1)), np.ones(4), callbacks=[guarda], verbose=0)


def test_csv_logger_como_keras(gemelas, azar, tmp_path):
    x, y, textos = azar.normal(size=(20, 3)), azar.normal(size=(20, 1)), []
    redes = gemelas(lambda k: [k.Input((3,)), k.layers.Dense(1)])
    for red, k in zip(redes, (keras, desde_cero), strict=True):
        red.compile("sgd", "mse", metrics=["mae"])
        for append in (False, True):
            anota = k.callbacks.CSVLogger(str(tmp_path / k.__name__), append=append)
            red.fit(x, y, epochs=2, shuffle=False, verbose=0, callbacks=[anota])
        lineas = (tmp_path / k.__name__).read_text().split()
        textos.append([linea.split(",") for linea in lineas])
    assert textos[1][0] == textos[0][0] == ["epoch", "loss", "mae", "val_loss", "val_mae"]
    assert [fila[0] for fila in textos[1][1:]] == [fila[0] for fila in textos[0][1:]]
    numeros = [np.array([fila[1:3] for fila in texto[1:]], dtype=float) for texto in textos]
    np.testing.assert_allclose(numeros[1], numeros[0], rtol=1e-4)
    assert {fila[3] for fila in textos[1][1:]} == {"NA"}
