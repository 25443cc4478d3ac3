"""Guardar y leer redes y pesos: los mismos números, y ningún código en el archivo."""

import json

import numpy as np
import pytest

from cursokeras import desde_cero as keras

X = np.random.default_rng(0).normal(size=(30, 4)).astype("float32")
Y = X[:, :1] * 2


def _red(**opciones):
    red = keras.Sequential(
        [
            keras.Input((4,)),
            keras.layers.Dense(5, "selu", kernel_regularizer=keras.regularizers.L1L2(0.1, 0.2)),
            keras.layers.LeakyReLU(negative_slope=0.07),
            keras.layers.BatchNormalization(momentum=0.5),
            keras.layers.Dropout(0.2, seed=1),
            keras.layers.Dense(3, "relu", trainable=False),
            keras.layers.Dense(1, keras.layers.LeakyReLU(0.4).activation),
        ],
        name="mía",
        **opciones,
    )
    red.compile(
        keras.optimizers.Nadam(0.01, clipnorm=1.0), keras.losses.Huber(0.5), metrics=["mae"]
    )
    red.fit(X, Y, epochs=2, verbose=0)
    return red


@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_la_red_leida_es_la_misma_y_sigue_igual(tmp_path, precision):
    red = _red(dtype=precision)
    red.save(tmp_path / "red.keras")
    leida = keras.models.load_model(tmp_path / "red.keras")
    assert leida.name == "mía"
    assert [capa.name for capa in leida.layers] == [capa.name for capa in red.layers]
    assert [capa.trainable for capa in leida.layers] == [capa.trainable for capa in red.layers]
    assert leida.evaluate(X, Y, verbose=0) == red.evaluate(X, Y, verbose=0)
    for una in (red, leida):
        una.layers[3].generador = np.random.default_rng(3)
        una.fit(X, Y, epochs=2, shuffle=False, verbose=0)
    assert leida.predict(X).dtype == precision
    np.testing.assert_array_equal(leida.predict(X), red.predict(X))


def test_los_pesos_van_y_vuelven(tmp_path):
    red, otra = _red(), _red()
    red.save_weights(tmp_path / "red.weights.h5")
    otra.load_weights(tmp_path / "red.weights.h5")
    np.testing.assert_array_equal(otra.predict(X), red.predict(X))


def test_la_forma_funcional_se_guarda(tmp_path):
    entrada = keras.Input((4,))
    red = keras.Model(entrada, keras.layers.Dense(2)(entrada))
    red.save(tmp_path / "red.keras")
    leida = keras.models.load_model(tmp_path / "red.keras")
    assert [capa.name for capa in leida.layers] == ["input_layer", "dense"]
    np.testing.assert_array_equal(leida.predict(X), red.predict(X))
    assert leida.loss is None


def test_la_cabeza_leida_se_sigue_derivando_junto_con_la_perdida(tmp_path):
    red = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3, "softmax")])
    red.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    red.fit(X, np.arange(30) % 3, verbose=0)
    red.save(tmp_path / "red.keras")
    leida = keras.models.load_model(tmp_path / "red.keras")
    assert leida.se_derivan_juntas()
    assert leida.optimizer.iterations == 1


class _Mia(keras.layers.Dense):
    """Una capa propia."""


def _cambiar(ruta, **cambios):
    """Reescribe el texto de un archivo guardado."""
    with np.load(ruta) as datos:
        partes = {nombre: datos[nombre] for nombre in datos.files}
    texto = json.loads(str(partes.pop("texto"))) | cambios
    with open(ruta, "wb") as abierto:
        np.savez(abierto, texto=np.array(json.dumps(texto)), **partes)


def test_un_archivo_no_puede_pedir_otra_cosa_que_piezas(tmp_path):
    ruta = tmp_path / "red.keras"
    for de, clase, mensaje in (
        ("os", "system", "solo hay capas"),
        ("layers", "np", "que desde_cero no tiene"),
        ("layers", "generador", "que desde_cero no tiene"),
        ("faltas", "BuscadorDeModulos", "solo hay capas"),
    ):
        _red().save(ruta)
        _cambiar(ruta, capas=[{"de": de, "clase": clase, "opciones": {}}])
        with pytest.raises(ValueError, match=mensaje):
            keras.models.load_model(ruta)


def test_lo_que_no_se_puede_guardar_o_leer_se_explica(tmp_path):
    red = _red()
    with pytest.raises(ValueError, match=r"termina en '\.keras'.*Escribe 'modelo\.keras'"):
        red.save(tmp_path / "red")
    with pytest.raises(ValueError, match=r"termina en '\.weights\.h5'"):
        red.save_weights(tmp_path / "pesos.h5")
    red.save(tmp_path / "red.keras")
    with pytest.raises(ValueError, match="ya existe"):
        red.save(tmp_path / "red.keras", overwrite=False)
    with pytest.raises(ValueError, match="No existe el archivo"):
        keras.models.load_model(tmp_path / "otra.keras")
    (tmp_path / "texto.keras").write_text("hola")
    with pytest.raises(ValueError, match="no es un archivo guardado por desde_cero"):
        keras.models.load_model(tmp_path / "texto.keras")
    propia = keras.Sequential([keras.Input((4,)), _Mia(1)])
    with pytest.raises(ValueError, match="_Mia es una clase tuya"):
        propia.save(tmp_path / "propia.keras")
    with pytest.raises(ValueError, match="aún no tiene pesos"):
        keras.Sequential([keras.layers.Dense(1)]).save(tmp_path / "nada.keras")
    red.save_weights(tmp_path / "red.weights.h5")
    (tmp_path / "red.weights.h5").rename(tmp_path / "pesos.h5")
    with pytest.raises(ValueError, match="trae solo pesos"):
        keras.models.load_model(tmp_path / "pesos.h5")


def test_un_archivo_de_keras_se_reconoce(tmp_path):
    from cursokeras._backend import keras as de_keras

    red = de_keras.Sequential([de_keras.Input((2,)), de_keras.layers.Dense(1)])
    red.save(tmp_path / "red.keras")
    with pytest.raises(ValueError, match="Si lo guardó Keras, usa import keras"):
        keras.models.load_model(tmp_path / "red.keras")
