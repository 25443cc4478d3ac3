"""Los casos en que `acelerar` daba otros números sin decirlo: cada uno, contra Keras."""

import contextlib

import numpy as np
import pytest

from cursokeras import acelerar
from cursokeras._backend import keras, tf
from cursokeras.aceleracion import eleccion
from tests.aceleracion.comun import clases, comparar_con_keras, iguales, red, tabla

capas, cb = keras.layers, keras.callbacks
X, Y = tabla()


def ajustar(modelo, *callbacks, **opciones):
    opciones = {"epochs": 3, "shuffle": False, "validation_data": (X[:40], Y[:40]), **opciones}
    return modelo.fit(X, Y, 32, callbacks=list(callbacks), verbose=0, **opciones)


def al(momento, hacer):
    """Un callback que en ese momento de cada época llama a `hacer(modelo, época)`."""

    class Hacer(cb.Callback):
        pass

    setattr(Hacer, momento, lambda self, epoca=None, logs=None: hacer(self.model, epoca))
    return Hacer()


@pytest.fixture
def siempre_xla(monkeypatch):
    monkeypatch.setattr(eleccion, "_PASOS_QUE_PAGAN_XLA", 0)


DE_A_UN_LOTE = {
    "train_on_batch al empezar la época": (
        "on_epoch_begin",
        lambda m, _: m.train_on_batch(X[:8], Y[:8]),
    ),
    "train_on_batch al terminarla": ("on_epoch_end", lambda m, _: m.train_on_batch(X[:8], Y[:8])),
    "test_on_batch al validar": ("on_test_begin", lambda m, _: m.test_on_batch(X[:5], Y[:5])),
    "predict al terminar": ("on_epoch_end", lambda m, _: m.predict(X[:5], verbose=0)),
}


@pytest.mark.parametrize(("momento", "hacer"), DE_A_UN_LOTE.values(), ids=DE_A_UN_LOTE)
def test_un_callback_que_da_pasos_por_su_cuenta(momento, hacer):
    comparar_con_keras(lambda: red("adam"), lambda m: ajustar(m, al(momento, hacer)), rtol=1e-4)


def test_test_on_batch_responde_por_su_lote():
    dichos = []
    espia = al("on_test_begin", lambda m, _: dichos.append(m.test_on_batch(X[:5], Y[:5])))
    for _ in range(2):
        keras.utils.set_random_seed(1)
        modelo = red()
        if dichos:
            with acelerar(modelo):
                ajustar(modelo, espia)
        else:
            ajustar(modelo, espia)
    np.testing.assert_allclose(dichos[:3], dichos[3:], rtol=1e-5)


def test_un_fit_adentro_de_otro():
    otro = al("on_epoch_end", lambda m, _: m.fit(X[:20], Y[:20], 5, shuffle=False, verbose=0))
    comparar_con_keras(red, lambda m: ajustar(m, otro))


class Subclase(keras.Model):
    """Un modelo que crea sus capas en el constructor y sus pesos la primera vez que se llama."""

    def __init__(self):
        super().__init__()
        self.oculta, self.salida = capas.Dense(4, "tanh"), capas.Dense(1)
        self.factor = 1.0

    def call(self, x):
        return self.salida(self.oculta(x)) * self.factor


def subclase(construir=False):
    modelo = Subclase()
    if construir:
        modelo.build((None, 6))
    modelo.compile("adam", "mse", metrics=["mae"])
    return modelo


@pytest.mark.parametrize("construir", [False, True])
@pytest.mark.filterwarnings("ignore:.*build.*")
def test_una_subclase_que_aun_no_tiene_pesos(construir):
    comparar_con_keras(lambda: subclase(construir), ajustar, rtol=1e-4)


@pytest.mark.filterwarnings("ignore:.*build.*")
def test_evaluar_una_subclase_no_arruina_el_fit_que_sigue():
    modelo = subclase(construir=True)
    with acelerar(modelo):
        modelo.evaluate(X, Y, verbose=0)
    assert not modelo.optimizer.built
    assert ajustar(modelo).epoch == [0, 1, 2]


def clasificador(**opciones):
    opciones = {"loss": "sparse_categorical_crossentropy", "metrics": ["accuracy"], **opciones}
    return red(salida=capas.Dense(3, "softmax"), **opciones)


@pytest.mark.parametrize("mala", [3, -1])
def test_una_etiqueta_fuera_de_rango_es_un_error_tambien_con_xla(siempre_xla, mala):
    x, y = clases()
    y[70] = mala
    modelo = clasificador()
    with acelerar(modelo), pytest.raises(tf.errors.InvalidArgumentError, match="label value"):
        modelo.fit(x, y, 25, 2, verbose=0)


def test_las_etiquetas_buenas_usan_xla(siempre_xla):
    x, y = clases()
    comparar_con_keras(clasificador, lambda m: m.fit(x, y, 25, 3, shuffle=False, verbose=0))


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("activacion", ["relu", "tanh"])
def test_un_nan_en_x_corre_la_suerte_que_le_da_keras(siempre_xla, activacion):
    x = X.copy()
    x[40, 2] = np.nan

    def crear():
        modelo = keras.Sequential([keras.Input((6,)), capas.Dense(8, activacion), capas.Dense(1)])
        modelo.compile("sgd", "mse")
        return modelo

    comparar_con_keras(crear, lambda m: m.fit(x, Y, 25, 2, shuffle=False, verbose=0))


class ConMetricasPropias(keras.Sequential):
    """Un modelo que pone su propia métrica antes que la pérdida."""

    primera = None

    @property
    def metrics(self):
        return [self.primera, *super().metrics]


def con_metrica(metrica, tasa):
    modelo = ConMetricasPropias([keras.Input((6,)), capas.Dense(1)])
    modelo.primera = metrica
    modelo.compile(keras.optimizers.SGD(tasa), "mse")
    return modelo


def test_compilar_de_nuevo_descarta_las_trazas_aunque_metrics_empiece_por_otra():
    def dos_veces(modelo):
        ajustar(modelo)
        modelo.compile(keras.optimizers.SGD(0.0), "mse")
        antes = modelo.get_weights()
        historia = ajustar(modelo)
        for peso, otro in zip(modelo.get_weights(), antes, strict=True):
            np.testing.assert_array_equal(peso, otro)
        return historia

    comparar_con_keras(lambda: con_metrica(keras.metrics.Mean(name="mia"), 0.1), dos_veces)


def test_dos_modelos_con_la_misma_metrica_no_se_entrenan_uno_al_otro():
    metrica = keras.metrics.Mean(name="mia")
    modelos = [con_metrica(metrica, 0.1) for _ in range(2)]
    antes = modelos[0].get_weights()
    for modelo in (modelos[0], modelos[1]):
        with acelerar(modelo):
            ajustar(modelo)
        if modelo is modelos[0]:
            despues = modelo.get_weights()
    for peso, otro, inicial in zip(modelos[0].get_weights(), despues, antes, strict=True):
        np.testing.assert_array_equal(peso, otro)
        assert not np.array_equal(peso, inicial)


class ConDiccionario(keras.metrics.Metric):
    """Métrica propia cuyo resultado es un diccionario, con arreglos adentro."""

    def __init__(self, anidado=False, **kwargs):
        super().__init__(**kwargs)
        self.suma = self.add_weight(name="suma", initializer="zeros")
        self.filas = self.add_weight(name="filas", initializer="zeros")
        self.anidado = anidado

    def update_state(self, y_true, y_pred, sample_weight=None):
        self.suma.assign_add(keras.ops.sum(keras.ops.abs(y_true - y_pred)))
        self.filas.assign_add(keras.ops.cast(keras.ops.shape(y_true)[0], "float32"))

    def result(self):
        media = self.suma / self.filas
        return {"media": media, "doble": {"de la media": 2 * media} if self.anidado else 2 * media}


@pytest.mark.parametrize("anidado", [False, True])
def test_una_metrica_que_devuelve_un_diccionario(anidado):
    comparar_con_keras(lambda: red(metrics=[ConDiccionario(anidado, name="d")]), ajustar)


CAMBIOS_ANTES_DEL_PRIMER_LOTE = {
    "un atributo que usa call": (subclase, lambda m: setattr(m, "factor", 0.5)),
    "Dropout.rate": (
        lambda: red(capas=[capas.Dropout(0.9, seed=3)]),
        lambda m: setattr(m.layers[1], "rate", 0.1),
    ),
    "optimizer.momentum": (
        lambda: red(keras.optimizers.SGD(0.05, momentum=0.9)),
        lambda m: setattr(m.optimizer, "momentum", 0.1),
    ),
    "la activación": (red, lambda m: setattr(m.layers[0], "activation", keras.activations.relu)),
    "congelar": (red, lambda m: setattr(m.layers[0], "trainable", False)),
}


@pytest.mark.parametrize("momento", ["on_train_begin", "on_epoch_begin", "on_epoch_end"])
@pytest.mark.parametrize(
    ("crear", "cambiar"),
    CAMBIOS_ANTES_DEL_PRIMER_LOTE.values(),
    ids=CAMBIOS_ANTES_DEL_PRIMER_LOTE,
)
def test_lo_que_cambia_un_callback_cuenta_cuando_keras_lo_cuenta(momento, crear, cambiar):
    """Keras traza en el primer lote: lo de antes vale, lo de después no."""

    def entrenar(modelo):
        return ajustar(modelo, al(momento, lambda m, _: cambiar(m)), validation_data=None)

    comparar_con_keras(crear, entrenar, rtol=1e-4)


class FitPropio(keras.Sequential):
    """Un modelo cuyo `fit` centra los datos antes de entrenar."""

    def fit(self, x=None, y=None, **kwargs):
        return super().fit(x - 1, y, **kwargs)


class OtroFit(keras.Sequential):
    """Un modelo cuyo `fit` tiene otros argumentos."""

    def fit(self, datos, vueltas):
        return super().fit(*datos, epochs=vueltas, shuffle=False, verbose=0)


class EvaluatePropio(keras.Sequential):
    """Un modelo cuyo `evaluate` siempre dice lo mismo."""

    def evaluate(self, *args, return_dict=False, **kwargs):
        return {"loss": 7.0} if return_dict else 7.0


@pytest.mark.parametrize(
    ("clase", "fit"),
    [
        (FitPropio, lambda m: m.fit(X, Y, epochs=2, shuffle=False, verbose=0)),
        (OtroFit, lambda m: m.fit((X, Y), 2)),
        (EvaluatePropio, ajustar),
    ],
)
def test_un_metodo_propio_se_respeta_y_se_dice(clase, fit):
    def crear():
        modelo = clase([keras.Input((6,)), capas.Dense(1)])
        modelo.compile("sgd", "mse")
        return modelo

    cual = "evaluate" if clase is EvaluatePropio else "fit"
    comparar_con_keras(crear, fit, motivo=f"el modelo define su propio {cual}")


def test_un_fit_puesto_en_el_modelo_tambien():
    modelo = red()
    original = modelo.fit
    modelo.fit = lambda *args, **kwargs: original(*args, **{**kwargs, "epochs": 1})
    with acelerar(modelo) as acelerador:
        assert ajustar(modelo).epoch == [0]
    assert "su propio fit" in acelerador.motivo


def dos_salidas():
    entrada = keras.Input((6,))
    medio = capas.Dense(5, "tanh")(entrada)
    modelo = keras.Model(
        entrada, [capas.Dense(1, name="a")(medio), capas.Dense(2, name="b")(medio)]
    )
    modelo.compile("sgd", ["mse", "mae"], metrics=[["mae"], ["mse"]])
    return modelo


@pytest.mark.parametrize("batch_size", [32, 25])
def test_las_perdidas_de_cada_salida_con_un_ultimo_lote_incompleto(siempre_xla, batch_size):
    objetivos = [10 * Y, np.hstack([Y, -Y])]
    comparar_con_keras(
        dos_salidas,
        lambda m: m.fit(
            X, objetivos, batch_size, 3, shuffle=False, validation_split=0.3, verbose=0
        ),
    )


def _rehacer(forzar):
    def rehacer(modelo, epoca):
        if epoca == 1:
            modelo.layers[0].trainable = False
            if not forzar:
                modelo.train_function = None
            modelo.make_train_function(force=forzar)

    return rehacer


@pytest.mark.parametrize("forzar", [True, False], ids=["force=True", "train_function = None"])
@pytest.mark.parametrize("momento", ["on_epoch_begin", "on_epoch_end"])
def test_congelar_a_mitad_y_rehacer_la_funcion(forzar, momento):
    comparar_con_keras(red, lambda m: ajustar(m, al(momento, _rehacer(forzar)), epochs=4))


def test_compilar_a_mitad():
    def compilar(modelo, epoca):
        if epoca == 1:
            modelo.compile(keras.optimizers.SGD(0.001), "mae", metrics=["mse"])
            modelo.make_train_function()

    comparar_con_keras(red, lambda m: ajustar(m, al("on_epoch_end", compilar), epochs=4))


@pytest.mark.parametrize("con_plano", [False, True])
def test_una_funcion_vieja_no_vuelve_despues_de_compilar_a_mitad(con_plano):
    def compilar(modelo, epoca):
        if epoca == 0:
            modelo.compile(keras.optimizers.SGD(0.0), "mse")
            modelo.make_train_function()

    modelo = red()
    if con_plano:
        ajustar(modelo)
    with acelerar(modelo):
        ajustar(modelo, al("on_epoch_end", compilar))
    antes = modelo.get_weights()
    ajustar(modelo)
    for peso, otro in zip(modelo.get_weights(), antes, strict=True):
        np.testing.assert_array_equal(peso, otro)


FRENOS = {
    "entrenar, al empezar una época": (
        "on_epoch_begin",
        lambda m, epoca: setattr(m, "stop_training", epoca == 1),
    ),
    "validar, al empezar": ("on_test_begin", lambda m, _: setattr(m, "stop_evaluating", True)),
}


@pytest.mark.parametrize(("momento", "frenar"), FRENOS.values(), ids=FRENOS)
def test_quien_frena_antes_de_empezar_recibe_un_lote(momento, frenar):
    comparar_con_keras(red, lambda m: ajustar(m, al(momento, frenar), validation_batch_size=8))


def test_frenar_un_evaluate_suelto():
    freno = al("on_test_begin", lambda m, _: setattr(m, "stop_evaluating", True))
    modelo = red()
    pedido = {"batch_size": 8, "callbacks": [freno], "verbose": 0}
    esperado = modelo.evaluate(X, Y, **pedido)
    with acelerar(modelo):
        np.testing.assert_allclose(modelo.evaluate(X, Y, **pedido), esperado, rtol=1e-6)


def test_los_nombres_van_en_el_orden_de_keras(capsys):
    lineas = []
    for acelerado in (False, True):
        keras.utils.set_random_seed(1)
        modelo = red(metrics=["mse", "mae", "cosine_similarity"])
        capsys.readouterr()
        if acelerado:
            with acelerar(modelo):
                modelo.fit(X, Y, 32, 1, verbose=2, shuffle=False)
        else:
            modelo.fit(X, Y, 32, 1, verbose=2, shuffle=False)
        lineas.append(capsys.readouterr().out.splitlines()[-1].split("step - ")[-1])
    assert lineas[0] == lineas[1]


@pytest.mark.parametrize("acelerado", [False, True])
def test_nada_se_construye_antes_de_que_lo_haga_keras(acelerado):
    visto = []
    for momento in ("on_train_begin", "on_epoch_begin", "on_epoch_end"):
        modelo = keras.Sequential([capas.Dense(2), capas.Dense(1)])
        modelo.compile("adam", "mse")
        espia = al(momento, lambda m, _: visto.append((m.built, m.optimizer.built)))
        if acelerado:
            with acelerar(modelo):
                ajustar(modelo, espia, epochs=1)
        else:
            ajustar(modelo, espia, epochs=1)
    assert visto == [(False, False), (False, False), (True, True)]


def test_backup_and_restore_pide_un_modelo_construido(tmp_path):
    modelo = keras.Sequential([capas.Dense(1)])
    modelo.compile("sgd", "mse")
    with acelerar(modelo), pytest.raises(ValueError, match="must be built"):
        ajustar(modelo, cb.BackupAndRestore(tmp_path / "copia"))


@pytest.mark.parametrize("batch_size", [2.5, "8", -3])
def test_un_lote_que_keras_rechaza_lo_rechaza_keras(batch_size):
    mensajes = []
    for acelerado in (False, True):
        modelo = red()
        contexto = acelerar(modelo) if acelerado else contextlib.nullcontext()
        with contexto, pytest.raises((TypeError, ValueError, tf.errors.OpError)) as error:
            modelo.fit(X, Y, batch_size, verbose=0)
        mensajes.append((error.type, str(error.value)[:60]))
    assert mensajes[0] == mensajes[1]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("tasa", [30.0, 1e3, 1e6, 1e12, 1e19])
@pytest.mark.parametrize("con_xla", [False, True])
def test_al_desbordarse_sigue_los_numeros_de_keras(monkeypatch, con_xla, tasa):
    """Con nan en los pesos, la relu fundida de Keras da pérdidas finitas; la de XLA no."""
    monkeypatch.setattr(eleccion, "_PASOS_QUE_PAGAN_XLA", 0 if con_xla else 10**9)

    def crear():
        ocultas = [capas.Dense(8, "relu"), capas.Dense(8, "relu")]
        modelo = keras.Sequential([keras.Input((6,)), *ocultas, capas.Dense(1)])
        modelo.compile(keras.optimizers.SGD(tasa), "mse")
        return modelo

    comparar_con_keras(crear, ajustar, rtol=1e-3)


def test_un_lote_enorme_entrena_como_en_keras():
    comparar_con_keras(
        red,
        lambda m: m.fit(X, Y, 2**31, 2, shuffle=False, verbose=0),
        motivo="batch_size",
    )


def test_lo_que_no_se_puede_trazar_lo_recorre_keras_con_los_mismos_callbacks():
    """Una métrica que falla solo dentro del bucle: cada callback se avisa una sola vez."""

    def exigente(y, y_pred):
        if tf.inside_function() and "while" in tf.compat.v1.get_default_graph().name:
            raise TypeError("en un bucle no")
        return keras.ops.mean(keras.ops.abs(y - y_pred))

    momentos = []

    class Espia(cb.Callback):
        def on_train_begin(self, logs=None):
            momentos.append("empieza")

        def on_epoch_begin(self, epoch, logs=None):
            momentos.append(epoch)

    comparar_con_keras(
        lambda: red(metrics=[exigente]), lambda m: ajustar(m, Espia()), motivo="en un bucle no"
    )
    assert momentos == ["empieza", 0, 1, 2] * 2


def test_repetir_el_fit_usa_lo_ya_trazado_y_da_lo_de_keras():
    def tres_veces(modelo):
        ajustar(modelo)
        modelo.optimizer.learning_rate = 0.5
        return ajustar(modelo) and ajustar(modelo, epochs=5, initial_epoch=2)

    comparar_con_keras(red, tres_veces)
    modelo = red()
    with acelerar(modelo):
        iguales(modelo.fit(X, Y, 32, 1, verbose=0, shuffle=False), modelo.history)
