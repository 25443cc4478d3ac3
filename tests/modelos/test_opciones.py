"""Las opciones de los constructores, contra redes de Keras escritas a mano."""

import numpy as np
import pytest

import cursokeras as ck
from cursokeras._backend import keras

CREAR = {
    "regresion": lambda **o: ck.crear_regresion(3, **o),
    "clasificacion": lambda **o: ck.crear_clasificacion(3, 4, **o),
    "one_hot": lambda **o: ck.crear_clasificacion(3, 4, one_hot=True, **o),
    "binaria": lambda **o: ck.crear_binaria(3, **o),
    "multietiqueta": lambda **o: ck.crear_multietiqueta(3, 4, **o),
}


@pytest.mark.parametrize("crear", CREAR.values(), ids=CREAR.keys())
def test_dropout_y_l2_por_capa(crear):
    modelo = crear(ocultas=(5, 4), dropout=(0.2, 0), l2=(0, 0.01), semilla=0)
    clases = [type(capa).__name__ for capa in modelo.layers]
    assert clases == ["Dense", "Dropout", "Dense", "Dense"]
    assert modelo.layers[1].rate == 0.2
    assert modelo.layers[0].kernel_regularizer is None
    assert modelo.layers[2].kernel_regularizer.l2 == pytest.approx(0.01)
    modelo(np.ones((2, 3)))
    suma = 0.01 * np.sum(np.square(modelo.layers[2].get_weights()[0]))
    assert float(sum(modelo.losses)) == pytest.approx(suma, rel=1e-5)


def test_un_valor_vale_para_todas_las_ocultas():
    modelo = ck.crear_regresion(3, ocultas=(5, 4), dropout=0.3, l2=0.1)
    assert [c.rate for c in modelo.layers if type(c).__name__ == "Dropout"] == [0.3, 0.3]
    assert [c.kernel_regularizer is not None for c in modelo.layers[::2]] == [True, True, False]


def test_los_pesos_escritos_a_mano():
    w1, b1, w2 = np.arange(6.0).reshape(3, 2), np.array([7.0, 8.0]), np.ones((2, 1))
    modelo = ck.crear_regresion(3, ocultas=(2,), inicializador=[(w1, b1), w2])
    esperados = [w1, b1, w2, np.zeros(1)]
    for peso, esperado in zip(modelo.get_weights(), esperados, strict=True):
        np.testing.assert_array_equal(peso, esperado)
    recta = ck.crear_regresion(2, inicializador=(np.array([[1.0], [2.0]]), np.array([3.0])))
    assert ck.predecir(recta, [[1, 1]]).item() == 6


def test_el_inicializador_por_nombre_repite_con_semilla_y_no_entre_capas():
    crear = lambda s: ck.crear_regresion(4, ocultas=(4, 4), inicializador="he_normal", semilla=s)  # noqa: E731
    uno, dos = crear(3).get_weights(), crear(3).get_weights()
    np.testing.assert_array_equal(uno[0], dos[0])
    assert np.abs(uno[0] - uno[2]).max() > 0.01
    objeto = keras.initializers.RandomNormal(stddev=0.01)
    pesos = ck.crear_regresion(4, ocultas=(4,), inicializador=objeto, semilla=0).get_weights()
    assert np.abs(pesos[0]).max() < 0.06
    assert not np.array_equal(pesos[0][:, :1], pesos[2])


@pytest.mark.parametrize(
    ("opciones", "dice"),
    [
        ({"dropout": 0.2}, "dropout=0.2 es para las capas ocultas"),
        ({"ocultas": (3,), "dropout": (0.1, 0.2)}, "trae 2 valores y hay 1 capa oculta"),
        ({"inicializador": "he"}, "'he' no es un inicializador"),
        ({"inicializador": np.ones((2, 1))}, r"forma \(2, 1\), y su kernel es de \(3, 1\)"),
        ({"inicializador": np.full((3, 1), np.nan)}, "no es un número finito"),
        ({"loss": "binary_crossentropy"}, "no sirve para una regresión"),
        ({"loss": "msee"}, "no es una pérdida de Keras"),
        ({"loss": "poisson"}, "la pérdida sería nan"),
        ({"loss": keras.losses.Poisson()}, "la pérdida sería nan"),
        ({"metrics": ["AUC"]}, "'AUC' no mide una regresión"),
        ({"metrics": [keras.metrics.SparseCategoricalAccuracy()]}, "SparseCategoricalAccuracy"),
    ],
)
def test_lo_que_no_sirve_se_explica(opciones, dice):
    with pytest.raises(ck.ErrorDeDatos, match=dice):
        ck.crear_regresion(3, **opciones)


@pytest.mark.parametrize("loss", ["mae", "huber", keras.losses.LogCosh()])
def test_otra_perdida_de_la_misma_cabeza(loss):
    modelo = ck.crear_regresion(3, loss=loss)
    assert modelo.loss is loss or modelo.loss == loss
    assert np.isfinite(modelo.evaluate(np.ones((4, 3)), np.ones((4, 1)), verbose=0)[0])


@pytest.mark.parametrize("crear", [CREAR["binaria"], CREAR["multietiqueta"]], ids=["una", "varias"])
def test_con_logits_la_exactitud_de_keras_es_la_de_evaluar(crear):
    x = np.random.default_rng(0).normal(size=(90, 3)).astype("float32") * 3
    modelo = crear(loss=keras.losses.BinaryCrossentropy(from_logits=True), semilla=0)
    y = (x[:, : modelo.output_shape[-1]] > 0.2).astype(int)
    y = np.tile(y, (1, 4))[:, : modelo.output_shape[-1]]
    accuracy = modelo.evaluate(x, y, verbose=0, return_dict=True)["accuracy"]
    assert ck.evaluar(modelo, x, y)["accuracy"] == pytest.approx(accuracy)
    assert modelo.layers[-1].activation is keras.activations.linear
