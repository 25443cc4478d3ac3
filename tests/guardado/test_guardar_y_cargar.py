"""Guardar y volver a cargar: el mismo modelo, entero, también en Keras y después de un fallo."""

import errno
import json
import zipfile

import numpy as np
import pandas as pd
import pytest

import cursokeras as ck
from cursokeras._backend import keras
from cursokeras.guardado import cargar, guardar
from cursokeras.guardado import modelo as sala

capas = keras.layers


@keras.saving.register_keras_serializable("curso")
class Doble(capas.Layer):
    def call(self, x):
        return 2 * x


@keras.saving.register_keras_serializable("curso")
def triple(x):
    return 3 * x


class SinRegistrar(capas.Layer):
    def call(self, x):
        return x


def secuencia(forma, *lista):
    modelo = keras.Sequential([keras.Input(forma), *lista])
    modelo.compile("adam", "mse", metrics=["mae", keras.metrics.RootMeanSquaredError()])
    return modelo


def con_ramas():
    x = keras.Input((4,))
    h = capas.Dense(3, "relu")(x)
    modelo = keras.Model(x, capas.Dense(1)(capas.Concatenate()([x, h])))
    modelo.compile(keras.optimizers.SGD(0.1, momentum=0.9), keras.losses.Huber())
    return modelo


def con_tasa_que_baja():
    modelo = secuencia((4,), capas.Dense(1))
    tasa = keras.optimizers.schedules.ExponentialDecay(0.1, 10, 0.9)
    modelo.compile(keras.optimizers.Adam(tasa), "mse")
    return modelo


MODELOS = {
    "regresión": lambda: ck.crear_regresion(4, ocultas=(5,), semilla=0),
    "clasificación": lambda: ck.crear_clasificacion(4, 3, ocultas=(5,)),
    "one-hot": lambda: ck.crear_clasificacion(4, 3, one_hot=True),
    "binaria": lambda: ck.crear_binaria(4, optimizer="rmsprop"),
    "imágenes": lambda: secuencia(
        (8, 8, 1),
        capas.Rescaling(1 / 255),
        capas.Conv2D(4, 3, activation="relu"),
        capas.BatchNormalization(),
        capas.MaxPooling2D(),
        capas.Flatten(),
        capas.Dropout(0.2),
        capas.Dense(3, "softmax", kernel_regularizer="l2"),
    ),
    "series": lambda: secuencia(
        (5, 3), capas.LSTM(4, return_sequences=True), capas.GRU(3), capas.Dense(1)
    ),
    "modelo dentro de otro": lambda: secuencia(
        (4,), keras.Sequential([capas.Dense(3), capas.ReLU()]), capas.Dense(1)
    ),
    "dos ramas": con_ramas,
    "tasa que baja": con_tasa_que_baja,
}


def entradas(modelo):
    return np.random.default_rng(0).normal(size=(6, *modelo.input_shape[1:])).astype("float32")


def iguales(uno, otro):
    for a, b in zip(uno, otro, strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("crear", MODELOS.values(), ids=MODELOS.keys())
def test_vuelve_el_mismo_modelo_tambien_en_keras(crear, tmp_path, recwarn):
    modelo, ruta = crear(), tmp_path / "nueva" / "m.keras"
    guardar(modelo, ruta)
    x = entradas(modelo)
    for leido in (cargar(ruta), keras.saving.load_model(ruta)):
        np.testing.assert_array_equal(leido.predict_on_batch(x), modelo.predict_on_batch(x))
        iguales(
            [v.numpy() for v in leido.optimizer.variables],
            [v.numpy() for v in modelo.optimizer.variables],
        )
    assert list(ruta.parent.iterdir()) == [ruta]
    assert not [aviso for aviso in recwarn if aviso.category is UserWarning]


def test_seguir_entrenando_es_como_no_haber_guardado(tmp_path):
    azar = np.random.default_rng(0)
    x, y = azar.normal(size=(40, 4)), azar.normal(size=40)
    modelo = ck.crear_regresion(4, ocultas=(6,), semilla=0)
    ck.entrenar(modelo, x, y, epochs=2, semilla=0, verbose=0)
    guardar(modelo, tmp_path / "m.keras")
    leido = cargar(tmp_path / "m.keras")
    historias = [
        ck.entrenar(m, x, y, epochs=3, semilla=0, verbose=0).history for m in (modelo, leido)
    ]
    assert historias[0] == historias[1]
    iguales(modelo.get_weights(), leido.get_weights())


def test_guarda_columnas_clases_y_versiones(tmp_path):
    x = pd.DataFrame(np.eye(4), columns=["Año", "Edad", "N1", "N2"])
    modelo = ck.crear_clasificacion(4, 3)
    ck.entrenar(modelo, x, [0, 1, 2, 0], validation_split=0, epochs=1, verbose=0)
    guardar(modelo, tmp_path / "m.keras", clases=["LS", "LI", "IC"])
    leido = cargar(tmp_path / "m.keras")
    assert leido.columnas_cursokeras == ("Año", "Edad", "N1", "N2")
    assert leido.clases_cursokeras == ("LS", "LI", "IC")
    with pytest.raises(ValueError, match="otro orden"):
        ck.predecir(leido, x[x.columns[::-1]])
    guardar(leido, tmp_path / "otra.keras")
    assert cargar(tmp_path / "otra.keras").clases_cursokeras == ("LS", "LI", "IC")
    with zipfile.ZipFile(tmp_path / "otra.keras") as archivo:
        versiones = json.loads(archivo.read("cursokeras.json"))["versiones"]
    assert versiones["keras"] == keras.__version__
    assert set(versiones) == {"cursokeras", "keras", "tensorflow", "numpy", "python"}


def test_el_de_keras_se_carga_con_un_aviso(tmp_path):
    modelo = ck.crear_regresion(4, semilla=0)
    modelo.save(tmp_path / "m.keras")
    with pytest.warns(UserWarning, match="no tiene sello"):
        leido = cargar(tmp_path / "m.keras")
    iguales(leido.get_weights(), modelo.get_weights())


def test_un_optimizador_sin_estado_se_avisa(tmp_path):
    modelo = secuencia((4,), capas.Dense(1))
    modelo.save(tmp_path / "m.keras")
    with (
        pytest.warns(UserWarning, match="estado del optimizador"),
        pytest.warns(UserWarning, match="no tiene sello"),
    ):
        cargar(tmp_path / "m.keras")


def test_una_clase_propia_se_carga_si_se_permite(tmp_path):
    modelo, ruta = secuencia((4,), Doble(), capas.Dense(1, triple)), tmp_path / "m.keras"
    with pytest.warns(UserWarning, match=r"permitir=\['curso>Doble', 'curso>triple'\]"):
        guardar(modelo, ruta)
    with pytest.raises(ValueError, match="curso>Doble"):
        cargar(ruta)
    with pytest.raises(ValueError, match="curso>triple"):
        cargar(ruta, permitir="curso>Doble")
    leido = cargar(ruta, permitir=["curso>Doble", "curso>triple"])
    x = entradas(modelo)
    np.testing.assert_array_equal(leido.predict_on_batch(x), modelo.predict_on_batch(x))


def test_otra_capa_de_keras_se_carga_si_se_permite(tmp_path):
    modelo, ruta = secuencia((4,), capas.Dense(2), capas.PReLU()), tmp_path / "m.keras"
    with pytest.warns(UserWarning, match="PReLU"):
        guardar(modelo, ruta)
    with pytest.raises(ValueError, match=r"permitir=\['keras.layers.PReLU'\]"):
        cargar(ruta)
    assert cargar(ruta, permitir=["keras.layers.PReLU"]).count_params() == modelo.count_params()


@pytest.mark.parametrize(
    ("capa", "mensaje"),
    [
        (capas.Lambda(lambda x: 2 * x), "Lambda"),
        (capas.Dense(1, lambda x: x), "ejecutar código"),
        (SinRegistrar(), "register_keras_serializable"),
    ],
    ids=["Lambda", "lambda como activación", "clase sin registrar"],
)
def test_lo_que_no_se_podria_cargar_no_se_guarda(capa, mensaje, tmp_path):
    ruta = tmp_path / "m.keras"
    ruta.write_bytes(b"anterior")
    with pytest.raises(ValueError, match=mensaje):
        guardar(secuencia((4,), capa), ruta)
    assert ruta.read_bytes() == b"anterior"
    assert list(tmp_path.iterdir()) == [ruta]


@pytest.mark.parametrize(
    ("argumentos", "mensaje"),
    [
        (("nada", "m.keras"), "str y debe ser un modelo"),
        ((None, "m.h5"), r"m\.keras"),
        ((None, "m"), r"m\.keras"),
    ],
    ids=["no es un modelo", "h5", "sin extensión"],
)
def test_llamadas_malas(argumentos, mensaje, tmp_path, modelo):
    primero, nombre = argumentos
    with pytest.raises(ValueError, match=mensaje):
        guardar(primero or modelo, tmp_path / nombre)


@pytest.mark.parametrize("clases", [["a", "b"], ["a", "b", "a"]], ids=["faltan", "repetidas"])
def test_clases_que_no_son_las_del_modelo(clases, tmp_path, modelo):
    with pytest.raises(ValueError, match=r"3 clases\. Escribe uno por clase"):
        guardar(modelo, tmp_path / "m.keras", clases=clases)


def test_el_disco_lleno_en_cualquier_escritura_deja_el_anterior(modelo, tmp_path, monkeypatch):
    ruta = tmp_path / "m.keras"
    guardar(modelo, ruta)
    antes, escribir = ruta.read_bytes(), zipfile.ZipFile.writestr
    otro = ck.crear_clasificacion(4, 3, ocultas=(5,), semilla=2)
    fallidas = 0
    for falla_en in range(12):
        cuenta = iter(range(100))

        def escribir_o_fallar(*args, cuenta=cuenta, falla_en=falla_en, **kwargs):
            if next(cuenta) == falla_en:
                raise OSError(errno.ENOSPC, "No space left on device")
            return escribir(*args, **kwargs)

        monkeypatch.setattr(zipfile.ZipFile, "writestr", escribir_o_fallar)
        try:
            guardar(otro, ruta)
        except ValueError as error:
            fallidas += "quedó intacto" in str(error)
            assert ruta.read_bytes() == antes
        else:
            break
        assert list(tmp_path.iterdir()) == [ruta]
    assert fallidas >= 6
    monkeypatch.undo()
    iguales(cargar(ruta).get_weights(), otro.get_weights())


def test_lo_escrito_se_compara_con_el_modelo(modelo, tmp_path, monkeypatch):
    original = sala.escribir_partes

    def con_un_bit_cambiado(partes, ruta):
        pesos = bytearray(partes["model.weights.h5"])
        pesos[-2] ^= 1
        original({**partes, "model.weights.h5": bytes(pesos)}, ruta)

    monkeypatch.setattr(sala, "escribir_partes", con_un_bit_cambiado)
    with pytest.raises(ValueError, match="sha256"):
        guardar(modelo, tmp_path / "m.keras")
    assert list(tmp_path.iterdir()) == []
