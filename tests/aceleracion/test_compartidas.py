"""Los modelos iguales comparten lo trazado: los mismos números, sin nada vivo de más."""

import gc
import threading
import weakref

import numpy as np
import pytest

import cursokeras as ck
from cursokeras import acelerar
from cursokeras._backend import keras, tf
from cursokeras.aceleracion import compartidas, eleccion, predecir_lote
from cursokeras.aceleracion.compartidas import COMPARTIDAS, Compartidas
from cursokeras.aceleracion.descripcion import describir, describir_red
from tests.aceleracion.comun import comparar_con_keras, red, tabla

capas, opt = keras.layers, keras.optimizers
X, Y = tabla()


@pytest.fixture(autouse=True)
def vacia():
    COMPARTIDAS.vaciar()
    yield
    COMPARTIDAS.vaciar()


@pytest.fixture
def trazados(monkeypatch):
    """Cada vez que Python recorre un paso de Keras, que es solo al trazarlo."""
    hechos = []

    def anotar(nombre):
        original = getattr(keras.Model, nombre)

        def metodo(self, *args):
            hechos.append(nombre)
            return original(self, *args)

        monkeypatch.setattr(keras.Model, nombre, metodo)

    for nombre in ("train_step", "test_step", "predict_step", "reset_metrics"):
        anotar(nombre)
    return hechos


def entrenar(modelo, **opciones):
    opciones = {"epochs": 3, "validation_data": (X[:40], Y[:40]), **opciones}
    return modelo.fit(X, Y, 32, shuffle=False, verbose=0, **opciones)


def acelerado(modelo, **opciones):
    with acelerar(modelo) as acelerador:
        historia = entrenar(modelo, **opciones)
    assert acelerador.motivo is None
    return historia


def con_dropout(tasa=0.5, semilla=None):
    return red(capas=[capas.Dropout(tasa, seed=semilla)])


IGUALES = {
    "otra semilla": (lambda: red("adam"), lambda: red("adam")),
    "otra tasa": (lambda: red(opt.Adam(0.1)), lambda: red(opt.Adam(0.001))),
    "otros nombres": (
        lambda: red(capas=[capas.Dense(3, name="relu")]),
        lambda: red(capas=[capas.Dense(3, name="otra")]),
    ),
    "otro inicializador": (
        lambda: red(capas=[capas.Dense(3, kernel_initializer="zeros")]),
        lambda: red(capas=[capas.Dense(3, kernel_initializer=keras.initializers.HeNormal(5))]),
    ),
    "otra semilla de Dropout": (lambda: con_dropout(semilla=1), lambda: con_dropout(semilla=2)),
    "BatchNormalization con promedio móvil": (
        lambda: red(opt.SGD(0.1, use_ema=True), capas=[capas.BatchNormalization()]),
        lambda: red(opt.SGD(0.2, use_ema=True), capas=[capas.BatchNormalization()]),
    ),
    "con la misma tasa decreciente": (
        lambda: red(opt.SGD(opt.schedules.ExponentialDecay(0.1, 3, 0.5))),
        lambda: red(opt.SGD(opt.schedules.ExponentialDecay(0.1, 3, 0.5))),
    ),
}


@pytest.mark.parametrize(("uno", "otro"), IGUALES.values(), ids=IGUALES)
def test_el_segundo_modelo_igual_no_traza_nada(uno, otro, trazados):
    acelerado(uno())
    assert {"train_step", "test_step"} <= set(trazados)
    modelo = otro()
    trazados.clear()
    acelerado(modelo)
    assert set(trazados) <= {"reset_metrics"}  # El primero, que Keras hace antes de construirlas


@pytest.mark.parametrize(("uno", "otro"), IGUALES.values(), ids=IGUALES)
@pytest.mark.parametrize("con_xla", [False, True])
def test_y_da_los_numeros_de_keras(uno, otro, con_xla, monkeypatch):
    monkeypatch.setattr(eleccion, "_PASOS_QUE_PAGAN_XLA", 0 if con_xla else 10**9)
    acelerado(uno())
    comparar_con_keras(otro, entrenar, rtol=1e-4)


def congelada():
    modelo = red()
    modelo.layers[0].trainable = False
    modelo.compile("sgd", "mse", metrics=["mae"])
    return modelo


def dos_caminos(cruzado):
    """La misma lista de capas, conectadas de otra manera."""
    entrada = keras.Input((6,))
    a, b = capas.Dense(6, "tanh"), capas.Dense(6, "tanh")
    modelo = keras.Model(entrada, capas.Dense(1)(b(a(entrada)) if cruzado else a(b(entrada)) * 2))
    modelo.compile("sgd", "mse", metrics=["mae"])
    return modelo


def _acumuladores_al_reves():
    modelo = red(opt.SGD(0.1, momentum=0.9), salida=capas.Dense(8), capas=[capas.Dense(8)], d_in=8)
    modelo.optimizer.build(modelo.trainable_variables[::-1])
    return modelo


def _con(modelo, hacer):
    hacer(modelo)
    return modelo


DISTINTOS = {
    "activación": (red, lambda: red(capas=[capas.Activation("relu")])),
    "nombre de capa que parece activación": (
        lambda: red(capas=[capas.Dense(3, "relu", name="relu")]),
        lambda: red(capas=[capas.Dense(3, "tanh", name="tanh")]),
    ),
    "tasa de Dropout": (con_dropout, lambda: con_dropout(0.2)),
    "un atributo cambiado después": (
        con_dropout,
        lambda: _con(con_dropout(), lambda m: setattr(m.layers[1], "rate", 0.1)),
    ),
    "momento": (lambda: red(opt.SGD(momentum=0.9)), lambda: red(opt.SGD(momentum=0.5))),
    "momento cambiado después": (
        lambda: red(opt.SGD(momentum=0.9)),
        lambda: _con(red(opt.SGD(momentum=0.9)), lambda m: setattr(m.optimizer, "momentum", 0.1)),
    ),
    "optimizador": (red, lambda: red("adam")),
    "tasa decreciente": (
        lambda: red(opt.SGD(opt.schedules.ExponentialDecay(0.1, 3, 0.5))),
        lambda: red(opt.SGD(opt.schedules.ExponentialDecay(0.1, 3, 0.9))),
    ),
    "pérdida": (red, lambda: red(loss="mae")),
    "parámetro de la pérdida": (
        lambda: red(loss=keras.losses.Huber(1.0)),
        lambda: red(loss=keras.losses.Huber(2.0)),
    ),
    "parámetro de una métrica": (
        lambda: red(metrics=[keras.metrics.BinaryAccuracy(threshold=0.2)]),
        lambda: red(metrics=[keras.metrics.BinaryAccuracy(threshold=0.7)]),
    ),
    "métricas": (red, lambda: red(metrics=["mse"])),
    "nombre de una métrica": (
        lambda: red(metrics=[keras.metrics.MeanAbsoluteError(name="a")]),
        lambda: red(metrics=[keras.metrics.MeanAbsoluteError(name="b")]),
    ),
    "qué se entrena": (red, congelada),
    "regularización": (
        lambda: red(capas=[capas.Dense(3, kernel_regularizer="l2")]),
        lambda: red(capas=[capas.Dense(3, kernel_regularizer=keras.regularizers.L2(0.5))]),
    ),
    "conexiones": (lambda: dos_caminos(True), lambda: dos_caminos(False)),
    "precisión mixta": (red, lambda: red(capas=[capas.Dense(3, dtype="mixed_float16")])),
    "precisión": (red, lambda: red(capas=[capas.Dense(3, dtype="float64")])),
}


@pytest.mark.parametrize(("uno", "otro"), DISTINTOS.values(), ids=DISTINTOS)
def test_lo_distinto_se_describe_distinto(uno, otro):
    a, b = uno(), otro()
    for modelo in (a, b):
        modelo.optimizer.build(modelo.trainable_variables)
    assert describir(a) is not None
    assert describir(b) is not None
    assert describir(a) != describir(b)


def test_los_acumuladores_en_otro_orden_son_otro_modelo():
    uno, otro = _acumuladores_al_reves(), _acumuladores_al_reves()
    uno.compile(opt.SGD(0.1, momentum=0.9), "mse", metrics=["mae"])
    uno.optimizer.build(uno.trainable_variables)
    assert None not in (describir(uno), describir(otro))
    assert describir(uno) != describir(otro)


@pytest.mark.parametrize(
    ("cambiar", "valor"), [("floatx", "float64"), ("epsilon", 1e-3), ("image_data_format", None)]
)
def test_la_configuracion_de_keras_es_parte_de_la_descripcion(cambiar, valor):
    modelo, antes = red(), getattr(keras.config, cambiar)()
    valor = valor or ("channels_first" if antes == "channels_last" else "channels_last")
    esperada = describir(modelo)
    getattr(keras.config, f"set_{cambiar}")(valor)
    try:
        assert describir(modelo) != esperada
    finally:
        getattr(keras.config, f"set_{cambiar}")(antes)
    assert describir(modelo) == esperada


def propia(y, y_pred):
    return keras.ops.mean(keras.ops.square(y - y_pred))


class CapaPropia(capas.Dense):
    """Una capa del usuario, aunque no cambie nada."""


class MetricaPropia(keras.metrics.MeanAbsoluteError):
    """Una métrica del usuario, aunque no cambie nada."""


class OptimizadorPropio(opt.SGD):
    """Un optimizador del usuario, aunque no cambie nada."""


AJENOS = {
    "pérdida propia": lambda: red(loss=propia),
    "métrica propia": lambda: red(metrics=[propia]),
    "clase de métrica propia": lambda: red(metrics=[MetricaPropia()]),
    "capa propia": lambda: red(capas=[CapaPropia(3)]),
    "Lambda": lambda: red(capas=[capas.Lambda(lambda x: 2 * x)]),
    "activación propia": lambda: red(capas=[capas.Dense(3, lambda x: 2 * x)]),
    "regularizador propio": lambda: red(capas=[capas.Dense(3, kernel_regularizer=keras.ops.sum)]),
    "optimizador propio": lambda: red(OptimizadorPropio(0.1)),
    "tasa que es una función": lambda: red(opt.SGD(lambda: 0.1)),
    "un método cambiado": lambda: _con(
        red(), lambda m: setattr(m.layers[0], "call", m.layers[0].call)
    ),
    "pesos sin decaimiento": lambda: _con(
        red(opt.AdamW(0.1)), lambda m: m.optimizer.exclude_from_weight_decay(var_names=["bias"])
    ),
}


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("crear", AJENOS.values(), ids=AJENOS)
def test_lo_que_no_es_del_todo_de_keras_no_se_comparte(crear):
    acelerado(crear())
    assert len(COMPARTIDAS) == 0
    comparar_con_keras(crear, entrenar, rtol=1e-4)


def test_lo_que_captura_algo_mas_que_variables_no_se_comparte():
    def crear(escala):
        normalizar = capas.Normalization()
        normalizar.adapt(escala * X)
        modelo = keras.Sequential([keras.Input((6,)), normalizar, capas.Dense(1)])
        modelo.compile("sgd", "mse")
        return modelo

    acelerado(crear(1))
    comparar_con_keras(lambda: crear(5), entrenar)


def _trabajar(modelo):
    acelerado(modelo)
    with acelerar(modelo):
        modelo.evaluate(X, Y, verbose=0)
    predecir_lote(modelo, X)


@pytest.mark.parametrize("con_xla", [False, True])
def test_ni_el_modelo_ni_sus_pesos_quedan_vivos(con_xla, monkeypatch):
    monkeypatch.setattr(eleccion, "_PASOS_QUE_PAGAN_XLA", 0 if con_xla else 10**9)
    modelo = red("adam", capas=[capas.Dense(7)])
    _trabajar(modelo)
    assert len(COMPARTIDAS) > 0
    huellas = [weakref.ref(modelo), weakref.ref(modelo.optimizer)]
    huellas += [weakref.ref(v.value) for v in (*modelo.weights, *modelo.optimizer.variables)]
    huellas += [weakref.ref(v.value.handle) for v in modelo.weights]
    del modelo
    gc.collect()
    assert [huella() for huella in huellas] == [None] * len(huellas)


def test_los_bytes_de_los_pesos_se_devuelven():
    """Veinte modelos de 4 MB cada uno: sin soltarlos serían 80."""

    def memoria():
        gc.collect()
        with open("/proc/self/statm") as archivo:
            return int(archivo.read().split()[1]) * 4096 / 2**20

    def varios(veces):
        for _ in range(veces):
            modelo = red(capas=[capas.Dense(1000), capas.Dense(1000)])
            with acelerar(modelo):
                modelo.fit(X[:8], Y[:8], 8, 1, verbose=0, shuffle=False)
            del modelo
            gc.collect()

    varios(3)
    antes = memoria()
    varios(20)
    assert memoria() - antes < 40


def test_es_acotada_y_olvida_lo_que_hace_mas_no_se_usa():
    memoria = Compartidas(3)
    for llave in "abc":
        memoria.guardar(llave, llave.upper())
    assert memoria.buscar("a") == "A"
    memoria.guardar("d", "D")
    assert [memoria.buscar(llave) for llave in "abcd"] == ["A", None, "C", "D"]
    for llave in "abcde":
        memoria.sumar_pasos(llave, 2)
    assert [memoria.pasos(llave) for llave in "abcde"] == [0, 0, 2, 2, 2]


def test_lo_compartido_sobrevive_al_modelo_que_lo_trazo():
    acelerado(red())
    gc.collect()
    comparar_con_keras(red, entrenar)


def test_lo_propio_sobrevive_a_su_traza():
    modelo = red(loss=propia)
    acelerado(modelo)
    gc.collect()
    assert acelerado(modelo).epoch == [0, 1, 2]


def test_clear_session_la_vacia():
    modelo = red()
    acelerado(modelo)
    assert len(COMPARTIDAS) > 0
    keras.utils.clear_session()
    assert len(COMPARTIDAS) == 0
    acelerado(modelo)
    acelerado(red())
    assert len(COMPARTIDAS) > 0
    keras.utils.clear_session()
    assert len(COMPARTIDAS) == 0


def test_varios_hilos_a_la_vez_dan_los_numeros_de_keras():
    esperadas, obtenidas, fallas = {}, {}, []
    modelos = [red("adam") for _ in range(4)]
    for i, modelo in enumerate(modelos):
        inicial = modelo.get_weights()
        esperadas[i] = entrenar(modelo).history
        modelo.compile("adam", "mse", metrics=["mae"])
        modelo.set_weights(inicial)

    def correr(i):
        try:
            obtenidas[i] = acelerado(modelos[i]).history
        except Exception as error:
            fallas.append(error)

    hilos = [threading.Thread(target=correr, args=(i,)) for i in range(4)]
    for hilo in hilos:
        hilo.start()
    for hilo in hilos:
        hilo.join()
    assert not fallas
    for i, historia in esperadas.items():
        for nombre, valores in historia.items():
            np.testing.assert_allclose(obtenidas[i][nombre], valores, rtol=1e-4)


def test_la_eleccion_cuenta_lo_que_corrieron_los_iguales(monkeypatch):
    """Doce pasos por modelo: con el umbral en treinta, XLA llega con el tercero."""
    monkeypatch.setattr(eleccion, "_PASOS_QUE_PAGAN_XLA", 30)
    vistas, original = [], eleccion.conviene_xla

    def anotar(modelo, tensores, pasos):
        vistas.append(pasos)
        return original(modelo, tensores, pasos)

    monkeypatch.setattr("cursokeras.aceleracion.recorridos.conviene_xla", anotar)
    for _ in range(3):
        acelerado(red(), validation_data=None)
    assert vistas == [12, 24, 36]
    acelerado(red("adam"), validation_data=None)
    assert vistas[-1] == 12


PREDICCIONES = {
    "densa": red,
    "Dropout": con_dropout,
    "clasificador": lambda: red(
        salida=capas.Dense(3, "softmax"), loss="sparse_categorical_crossentropy"
    ),
    "capa propia": lambda: red(salida=CapaPropia(1)),
    "dos caminos": lambda: dos_caminos(True),
}


@pytest.mark.parametrize("crear", PREDICCIONES.values(), ids=PREDICCIONES)
@pytest.mark.parametrize("tipo", ["float32", "float64", "int32"])
def test_predecir_lote_es_predict_on_batch(crear, tipo):
    crear()
    for _ in range(2):
        modelo = crear()
        for filas in (1, 7, 100):
            x = (3 * X[:filas]).astype(tipo)
            esperado, obtenido = modelo.predict_on_batch(x), predecir_lote(modelo, x)
            assert obtenido.dtype == esperado.dtype
            np.testing.assert_allclose(obtenido, esperado, rtol=1e-5, atol=1e-6)


def test_predecir_lote_ve_los_pesos_nuevos_y_las_capas_nuevas():
    modelo = red()
    predecir_lote(modelo, X)
    modelo.set_weights([2 * peso for peso in modelo.get_weights()])
    np.testing.assert_allclose(predecir_lote(modelo, X), modelo(X).numpy(), rtol=1e-5, atol=1e-6)
    modelo.add(capas.Dense(2))
    np.testing.assert_allclose(predecir_lote(modelo, X), modelo(X).numpy(), rtol=1e-5, atol=1e-6)


def test_el_segundo_modelo_igual_predice_sin_trazar(trazados):
    predecir_lote(red(), X)
    assert trazados == ["predict_step"]
    predecir_lote(red("adam", loss="mae"), X[:5])
    assert trazados == ["predict_step"]


def test_quien_cambia_como_se_predice_lo_hace_keras():
    class Doble(keras.Sequential):
        def predict_step(self, data):
            return 2 * super().predict_step(data)

    modelo = Doble([keras.Input((6,)), capas.Dense(1)])
    np.testing.assert_allclose(predecir_lote(modelo, X), 2 * modelo(X).numpy(), rtol=1e-5)
    ajena = red(run_eagerly=True)
    np.testing.assert_allclose(predecir_lote(ajena, X), ajena(X).numpy(), rtol=1e-5, atol=1e-6)


def test_predecir_no_mantiene_vivo_al_modelo():
    modelo = red()
    predecir_lote(modelo, X)
    huella = weakref.ref(modelo)
    del modelo
    gc.collect()
    assert huella() is None


def test_los_errores_de_predecir_son_los_de_keras():
    modelo, mensajes = red(), []
    for predecir in (modelo.predict_on_batch, lambda x: predecir_lote(modelo, x)):
        with pytest.raises(ValueError, match="expected axis") as error:
            predecir(X[:, :4])
        mensajes.append(str(error.value))
    assert mensajes[0] == mensajes[1]


def test_los_constructores_del_paquete_se_comparten():
    """Lo que se usa en clase tiene descripción; si un constructor cambia y la pierde, se nota."""
    for modelo in (
        ck.crear_regresion(6, semilla=1),
        ck.crear_clasificacion(6, 3, semilla=1),
        ck.crear_binaria(6, semilla=1),
    ):
        assert describir_red(modelo) is not None
        assert describir(modelo) is not None


def test_sin_descripcion_no_hay_llave():
    assert compartidas.compartir(None, [], lambda: (_Vacia(), _Vacia())) == "listo con 0"
    assert len(COMPARTIDAS) == 0


class _Vacia:
    captured_inputs = ()
    suelto = True

    def con(self, capturas):
        return f"listo con {len(capturas)}"


def test_el_dispositivo_es_parte_de_la_descripcion():
    modelo = red()
    normal = describir(modelo)
    with tf.device("/CPU:0"):
        assert describir(modelo) == normal
