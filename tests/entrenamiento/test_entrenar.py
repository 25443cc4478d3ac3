"""`entrenar` contra Keras escrito a mano: mismos lotes, mismas paradas, mismos pesos."""

import numpy as np
import pandas as pd
import pytest
from sklearn.datasets import load_iris

import cursokeras as ck
from cursokeras._backend import keras
from cursokeras._comun.lotes import Lotes, SeguirEpoca
from cursokeras.entrenamiento.particion import separar_validacion


def datos_ruidosos(n=60, d=4, semilla=0):
    """Pocas filas y mucho ruido: una red grande sobreajusta enseguida."""
    azar = np.random.default_rng(semilla)
    x = azar.normal(size=(n, d)).astype("float32")
    return x, (x[:, :1] + azar.normal(size=(n, 1))).astype("float32")


def red(**opciones):
    opciones = {"ocultas": (64,), "learning_rate": 0.02, "semilla": 0, **opciones}
    return ck.crear_regresion(4, **opciones)


def comparar_pesos(uno, otro, **tolerancia):
    for a, b in zip(uno.get_weights(), otro.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, **{"atol": 1e-6, **tolerancia})


class Interrumpir(keras.callbacks.Callback):
    """Pulsa Ctrl-C al comenzar la época `epoca` (desde 0)."""

    def __init__(self, epoca):
        super().__init__()
        self.epoca = epoca

    def on_epoch_begin(self, epoch, logs=None):
        if epoch == self.epoca:
            raise KeyboardInterrupt


class Anotar(keras.callbacks.Callback):
    """Guarda los pesos del final de cada época."""

    def on_train_begin(self, logs=None):
        self.pesos = []

    def on_epoch_end(self, epoch, logs=None):
        self.pesos.append(self.model.get_weights())


def test_los_lotes_son_los_de_keras_paso_a_paso():
    x, y = datos_ruidosos()
    modelo, referencia = red(), red()
    historia = ck.entrenar(
        modelo, x, y, epochs=3, batch_size=16, patience=None, semilla=5, verbose=0
    )
    entrena, valida = separar_validacion(60, 0.2, semilla=5)
    lotes = Lotes(x[entrena], y[entrena], batch_size=16, semilla=5)
    for epoca in range(3):
        lotes.epoca = epoca
        for i in range(len(lotes)):
            referencia.train_on_batch(*lotes[i])
    comparar_pesos(modelo, referencia)
    perdida = referencia.evaluate(x[valida], y[valida], verbose=0, return_dict=True)["loss"]
    assert historia.history["val_loss"][-1] == pytest.approx(perdida, rel=1e-5)


def test_para_en_la_misma_epoca_y_con_los_mismos_pesos_que_earlystopping():
    x, y = datos_ruidosos()
    modelo, referencia = red(), red()
    historia = ck.entrenar(modelo, x, y, epochs=200, patience=6, semilla=1, verbose=0)
    entrena, valida = separar_validacion(60, 0.2, semilla=1)
    lotes = Lotes(x[entrena], y[entrena], batch_size=32, semilla=1)
    temprana = keras.callbacks.EarlyStopping(patience=6, restore_best_weights=True)
    suya = referencia.fit(
        lotes,
        validation_data=(x[valida], y[valida]),
        epochs=200,
        shuffle=False,
        verbose=0,
        callbacks=[SeguirEpoca(lotes), temprana],
    )
    assert 6 < len(historia.epoch) < 200
    np.testing.assert_allclose(historia.history["val_loss"], suya.history["val_loss"], rtol=1e-4)
    assert historia.mejor_epoca == np.argmin(suya.history["val_loss"]) + 1
    comparar_pesos(modelo, referencia, atol=1e-4)
    assert "no mejoró en 6 épocas" in historia.motivo
    assert f"la {historia.mejor_epoca} (" in historia.motivo


def test_sin_paciencia_quedan_los_ultimos_pesos():
    x, y = datos_ruidosos()
    modelo, anotar = red(), Anotar()
    historia = ck.entrenar(
        modelo, x, y, epochs=25, patience=None, callbacks=[anotar], semilla=1, verbose=0
    )
    assert len(historia.epoch) == 25
    assert historia.mejor_epoca < 25
    for a, b in zip(modelo.get_weights(), anotar.pesos[-1], strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("patience", [None, 3])
def test_la_brecha_para_el_entrenamiento(patience):
    x, y = datos_ruidosos()
    modelo, anotar = red(), Anotar()
    historia = ck.entrenar(
        modelo,
        x,
        y,
        epochs=200,
        brecha=0.5,
        patience=patience,
        callbacks=[anotar],
        semilla=1,
        verbose=0,
    )
    entrena, valida = separar_validacion(60, 0.2, semilla=1)
    supera = []
    for pesos in anotar.pesos:
        modelo.set_weights(pesos)
        entrenamiento, validacion = (
            modelo.evaluate(x[filas], y[filas], verbose=0)[0] for filas in (entrena, valida)
        )
        supera.append(validacion > 1.5 * entrenamiento)
    seguidas = patience or 1
    hasta = next(
        i for i in range(len(supera)) if i + 1 >= seguidas and all(supera[i + 1 - seguidas : i + 1])
    )
    if "más de 50 %" in historia.motivo:
        assert len(historia.epoch) == hasta + 1
    else:
        assert "no mejoró en 3 épocas" in historia.motivo
    assert len(historia.epoch) < 200


@pytest.mark.parametrize("epoca", [1, 4])
def test_ctrl_c_conserva_la_historia_y_los_mejores_pesos(epoca):
    x, y = datos_ruidosos()
    modelo, anotar = red(), Anotar()
    historia = ck.entrenar(
        modelo, x, y, epochs=50, callbacks=[anotar, Interrumpir(epoca)], semilla=1, verbose=0
    )
    assert len(historia.epoch) == epoca
    assert historia is modelo.history
    assert "Ctrl-C" in historia.motivo
    for a, b in zip(modelo.get_weights(), anotar.pesos[historia.mejor_epoca - 1], strict=True):
        np.testing.assert_array_equal(a, b)


def test_ctrl_c_antes_de_terminar_una_epoca():
    x, y = datos_ruidosos()
    modelo = red()
    historia = ck.entrenar(modelo, x, y, callbacks=[Interrumpir(0)], verbose=0)
    assert historia.mejor_epoca is None
    assert len(historia.tabla()) == 0
    assert "None" not in repr(historia)
    assert "Ctrl-C después de 0 épocas" in historia.motivo


def test_una_perdida_que_se_desborda_se_explica_y_no_arruina_el_modelo():
    x, y = datos_ruidosos()
    modelo = ck.crear_regresion(4, optimizer="sgd", learning_rate=0.01, semilla=0)
    iniciales = modelo.get_weights()
    with pytest.warns(UserWarning, match="StandardScaler"):
        historia = ck.entrenar(modelo, x * 1e4, y, epochs=50, semilla=0, verbose=0)
    assert len(historia.epoch) < 50
    assert "Quedan los pesos iniciales" in historia.motivo
    for a, b in zip(modelo.get_weights(), iniciales, strict=True):
        np.testing.assert_array_equal(a, b)


def test_despues_de_desbordarse_se_puede_seguir():
    x, y = datos_ruidosos()
    modelos = [
        ck.crear_regresion(4, optimizer=keras.optimizers.SGD(0.02, momentum=0.9), semilla=0)
        for _ in "ab"
    ]
    with pytest.warns(UserWarning, match="dejaron de ser números finitos"):
        ck.entrenar(modelos[0], x * 1e4, y, epochs=50, semilla=0, verbose=0)
    for modelo in modelos:
        ck.entrenar(modelo, x, y, epochs=5, semilla=0, verbose=0)
    comparar_pesos(*modelos)


def test_pesos_nan_con_perdida_finita_tambien_paran():
    # Keras en CPU esconde un nan de los pesos detrás de relu (keras 3.15: pérdida finita).
    class Envenenar(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            if epoch == 2:
                pesos = self.model.get_weights()
                pesos[0][0, 0] = np.nan
                self.model.set_weights(pesos)

    x, y = datos_ruidosos()
    modelo = red()
    with pytest.warns(UserWarning, match="dejaron de ser números finitos"):
        historia = ck.entrenar(modelo, x, y, epochs=9, callbacks=[Envenenar()], verbose=0)
    assert len(historia.epoch) == 3
    assert np.isfinite(np.concatenate([p.ravel() for p in modelo.get_weights()])).all()


def test_la_semilla_repite_el_entrenamiento():
    x, y = datos_ruidosos()
    modelos = [red(), red(), red()]
    for modelo, semilla in zip(modelos, (3, 3, 4), strict=True):
        ck.entrenar(modelo, x, y, epochs=3, semilla=semilla, verbose=0)
    for a, b in zip(modelos[0].get_weights(), modelos[1].get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)
    assert np.abs(modelos[0].get_weights()[0] - modelos[2].get_weights()[0]).max() > 1e-4


def test_la_segunda_llamada_sigue_desde_los_pesos_y_valida_con_las_mismas_filas():
    x, y = datos_ruidosos()
    modelo = red(learning_rate=0.001)
    primera = ck.entrenar(modelo, x, y, epochs=5, verbose=0)
    antes = modelo.get_weights()
    _, valida = separar_validacion(60, 0.2)
    perdida = modelo.evaluate(x[valida], y[valida], verbose=0)[0]
    assert perdida == pytest.approx(primera.mejor_perdida, rel=1e-5)
    segunda = ck.entrenar(modelo, x, y, epochs=5, verbose=0)
    assert len(segunda.epoch) == 5
    assert segunda.history["loss"][0] < primera.history["loss"][0]
    assert np.abs(modelo.get_weights()[0] - antes[0]).max() > 0


FORMAS = {
    "listas": (lambda x: x.tolist(), lambda y: y.ravel().tolist()),
    "tabla y columna": (pd.DataFrame, lambda y: pd.Series(y.ravel())),
    "tabla de una columna": (pd.DataFrame, pd.DataFrame),
    "tipos anulables de pandas": (
        lambda x: pd.DataFrame(x).astype("Float64"),
        lambda y: pd.Series(y.ravel()).astype("Float64"),
    ),
    "float64": (lambda x: x.astype("float64"), lambda y: y.astype("float64")),
    "índice revuelto": (
        lambda x: pd.DataFrame(x, index=range(len(x), 0, -1)),
        lambda y: pd.Series(y.ravel(), index=range(len(y))),
    ),
}


@pytest.mark.parametrize(("de_x", "de_y"), FORMAS.values(), ids=FORMAS.keys())
def test_cualquier_forma_de_dar_los_datos_entrena_igual(de_x, de_y):
    x, y = datos_ruidosos()
    modelo, referencia = red(), red()
    ck.entrenar(referencia, x, y, epochs=2, semilla=0, verbose=0)
    ck.entrenar(modelo, de_x(x), de_y(y), epochs=2, semilla=0, verbose=0)
    comparar_pesos(modelo, referencia)


def test_valida_con_todas_las_clases_de_iris():
    iris = load_iris()
    vistas = []

    class Mirar(keras.callbacks.Callback):
        def on_train_begin(self, logs=None):
            vistas.append(self.params)

    modelo = ck.crear_clasificacion(4, 3, ocultas=(16,), learning_rate=0.05, semilla=0)
    historia = ck.entrenar(
        modelo, iris.data, iris.target, epochs=40, callbacks=[Mirar()], semilla=0, verbose=0
    )
    # Keras, con las últimas 30 filas (todas virginica), mide otra cosa.
    assert max(historia.history["val_accuracy"]) > 0.9
    assert vistas[0]["steps"] == 4


@pytest.mark.parametrize("one_hot", [False, True], ids=["enteros", "one-hot"])
def test_class_weight_pesa_como_keras(one_hot):
    iris = load_iris()
    pesos = {0: 1.0, 1: 5.0, 2: 0.5}
    y = np.eye(3, dtype="float32")[iris.target] if one_hot else iris.target
    modelo, referencia = (
        ck.crear_clasificacion(4, 3, one_hot=one_hot, optimizer="sgd", semilla=0) for _ in "ab"
    )
    opciones = {"epochs": 2, "batch_size": 150, "class_weight": pesos, "verbose": 0}
    ck.entrenar(modelo, iris.data, y, validation_split=0, **opciones)
    referencia.fit(iris.data, y, **opciones)
    comparar_pesos(modelo, referencia, atol=1e-5)


def test_sample_weight_pesa_como_keras_tambien_en_la_validacion():
    x, y = datos_ruidosos()
    pesos = np.linspace(0, 3, 60)
    modelo, referencia = red(optimizer="sgd"), red(optimizer="sgd")
    historia = ck.entrenar(
        modelo, x, y, sample_weight=pesos, epochs=1, batch_size=60, semilla=2, verbose=0
    )
    entrena, valida = separar_validacion(60, 0.2, semilla=2)
    suya = referencia.fit(
        x[entrena],
        y[entrena],
        sample_weight=pesos[entrena],
        validation_data=(x[valida], y[valida], pesos[valida]),
        batch_size=60,
        verbose=0,
    )
    comparar_pesos(modelo, referencia)
    np.testing.assert_allclose(historia.history["val_loss"], suya.history["val_loss"], rtol=1e-5)


def test_class_weight_balanced_compensa_las_clases():
    azar = np.random.default_rng(0)
    x = azar.normal(size=(400, 2))
    y = (x[:, 0] + azar.normal(size=400) > 1.8).astype(int)
    positivos = []
    for class_weight in (None, "balanced"):
        modelo = ck.crear_binaria(2, learning_rate=0.05, semilla=0)
        ck.entrenar(modelo, x, y, epochs=30, class_weight=class_weight, semilla=0, verbose=0)
        positivos.append((ck.predecir(modelo, x) > 0.5).mean())
    assert positivos[1] > 2 * positivos[0]


def test_validation_data_se_usa_en_lugar_de_apartar():
    x, y = datos_ruidosos()
    modelo = red()
    historia = ck.entrenar(
        modelo, x, y, validation_data=(x[:7], y[:7]), epochs=2, patience=None, verbose=0
    )
    perdida = modelo.evaluate(x[:7], y[:7], verbose=0)[0]
    assert historia.history["val_loss"][-1] == pytest.approx(perdida, rel=1e-5)
    assert historia.params["steps"] == 2


def test_sin_validacion_completa_las_epocas():
    x, y = datos_ruidosos()
    historia = ck.entrenar(red(), x, y, validation_split=0, epochs=15, patience=1, verbose=0)
    assert len(historia.epoch) == 15
    assert "val_loss" not in historia.history
    assert "últimos pesos" in historia.motivo


def test_la_tabla_tiene_una_fila_por_epoca():
    x, y = datos_ruidosos()
    tabla = ck.entrenar(red(), x, y, epochs=4, verbose=0).tabla()
    assert list(tabla.columns) == ["loss", "mae", "val_loss", "val_mae"]
    assert list(tabla.index) == [1, 2, 3, 4]


def test_un_callback_del_usuario_puede_parar():
    class Parar(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            self.model.stop_training = epoch == 2

    x, y = datos_ruidosos()
    historia = ck.entrenar(red(), x, y, callbacks=[Parar()], verbose=0)
    assert "Un callback pidió parar en la época 3" in historia.motivo


def test_un_error_de_un_callback_llega_tal_cual():
    class Fallar(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            raise RuntimeError("mío")

    x, y = datos_ruidosos()
    with pytest.raises(RuntimeError, match="mío"):
        ck.entrenar(red(), x, y, callbacks=[Fallar()], verbose=0)


def test_una_sola_fila_no_alcanza_para_validar():
    with pytest.raises(ValueError, match=r"Hay 1 fila y .* validation_split=0"):
        ck.entrenar(red(), np.ones((1, 4)), [1], verbose=0)
    assert len(ck.entrenar(red(), np.ones((1, 4)), [1], validation_split=0, epochs=2).epoch) == 2


@pytest.mark.parametrize("semilla", [-1, 1.5, "a"])
def test_una_semilla_que_no_es_un_entero_se_explica(semilla):
    with pytest.raises(ValueError, match=f"semilla={semilla!r}: se esperaba"):
        ck.entrenar(red(), *datos_ruidosos(), semilla=semilla)


def test_la_brecha_sin_validacion_no_se_ignora_en_silencio():
    with pytest.raises(ValueError, match=r"brecha=0\.5 .* Quita brecha"):
        ck.entrenar(red(), *datos_ruidosos(), brecha=0.5, validation_split=0)


def test_callbacks_puede_ser_uno_solo_o_ninguno():
    x, y = datos_ruidosos()
    anotar = Anotar()
    ck.entrenar(red(), x, y, epochs=2, callbacks=anotar, verbose=0)
    assert len(anotar.pesos) == 2
    assert len(ck.entrenar(red(), x, y, epochs=2, callbacks=None, verbose=0).epoch) == 2


def test_filas_distintas_en_x_e_y():
    with pytest.raises(ValueError, match=r"60 filas.*59"):
        ck.entrenar(red(), datos_ruidosos()[0], np.ones(59))


def test_verbose_una_linea_por_epoca_sin_caracteres_de_control(capsys):
    x, y = datos_ruidosos()
    historia = ck.entrenar(red(), x, y, epochs=3)
    lineas = capsys.readouterr().out.splitlines()
    assert lineas[0].startswith("época 1/3 · pérdida ")
    assert "validación" in lineas[1]
    assert f"mejor {historia.mejor_perdida:.4g} (época {historia.mejor_epoca})" in lineas[2]
    assert lineas[3] == historia.motivo
    assert not any(caracter < " " for caracter in "".join(lineas))


def test_verbose_0_calla(capsys):
    x, y = datos_ruidosos()
    ck.entrenar(red(), x, y, epochs=2, verbose=0)
    salida = capsys.readouterr()
    assert (salida.out, salida.err) == ("", "")


def test_en_un_archivo_no_quedan_cientos_de_lineas(capsys):
    x, y = datos_ruidosos()
    historia = ck.entrenar(red(), x, y, epochs=207, patience=None)
    lineas = capsys.readouterr().out.splitlines()
    assert len(lineas) <= 22
    assert lineas[0].startswith("época 1/207 · ")
    assert lineas[-2].startswith("época 207/207 · ")
    assert lineas[-1] == historia.motivo


def test_verbose_2_una_linea_por_epoca_tambien_en_una_terminal(capsys, monkeypatch):
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    x, y = datos_ruidosos()
    ck.entrenar(red(), x, y, epochs=45, patience=None, verbose=2)
    lineas = capsys.readouterr().out.splitlines()
    assert [linea.partition(" · ")[0] for linea in lineas[:-1]] == [
        f"época {i}/45" for i in range(1, 46)
    ]


def test_en_una_terminal_una_sola_linea_avanza(capsys, monkeypatch):
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    x, y = datos_ruidosos()
    ck.entrenar(red(), x, y, epochs=3)
    salida = capsys.readouterr().out
    assert salida.startswith("\répoca 0/3 · empezando")
    assert "época 3/3 · 0:0" in salida
    assert "mejor" in salida
    assert salida.count("\n") == 2


def test_en_una_terminal_de_80_columnas_cabe_todo(capsys, monkeypatch):
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "80")
    x, y = datos_ruidosos()
    historia = ck.entrenar(red(), x, y, epochs=300, patience=None)
    ultima = capsys.readouterr().out.split("\r")[-1].partition("\n")[0].rstrip()
    perdida, validacion = (historia.history[m][-1] for m in ("loss", "val_loss"))
    assert ultima.startswith("época 300/300 · 0:0")
    assert ultima.endswith(
        f" · pérdida {perdida:.3g} · validación {validacion:.3g} · "
        f"mejor {historia.mejor_perdida:.3g}"
    )
    assert len(ultima) < 80


def test_si_el_entrenamiento_falla_la_linea_se_cierra(capsys, monkeypatch):
    class Fallar(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            if epoch == 1:
                raise RuntimeError("a propósito")

    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    x, y = datos_ruidosos()
    with pytest.raises(RuntimeError, match="a propósito"):
        ck.entrenar(red(), x, y, callbacks=[Fallar()])
    assert capsys.readouterr().out.endswith("\n")
