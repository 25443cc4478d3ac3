"""Las medidas de cada cabeza, contra Keras y scikit-learn."""

import numpy as np
import pandas as pd
import pytest
from sklearn import metrics

import cursokeras as ck
from cursokeras._backend import keras

AZAR = np.random.default_rng(0)
X = AZAR.normal(size=(80, 4)).astype("float32")
ETIQUETAS = (X @ AZAR.normal(size=(4, 3)) + AZAR.normal(size=(80, 3)) > 0.5).astype(int)
NOMBRES = ["fiebre", "tos", "fatiga"]


def varias_etiquetas(**opciones):
    return ck.crear_multietiqueta(4, NOMBRES, ocultas=(6,), semilla=0, **opciones)


@pytest.mark.parametrize("logits", [False, True], ids=["sigmoid", "logits"])
def test_cada_etiqueta_se_mide_como_scikit_learn_y_la_perdida_como_keras(logits):
    loss = keras.losses.BinaryCrossentropy(from_logits=logits)
    modelo = varias_etiquetas(loss=loss)
    medidas = ck.evaluar(modelo, X, ETIQUETAS)
    perdida, accuracy = modelo.evaluate(X, ETIQUETAS, verbose=0)
    assert medidas["entropia_cruzada"] == pytest.approx(perdida, rel=1e-5)
    assert medidas["accuracy"] == pytest.approx(accuracy, abs=1e-6)
    elegidas = ck.predecir(modelo, X) > 0.5
    for i, nombre in enumerate(NOMBRES):
        for medida in ("accuracy", "precision", "recall", "f1"):
            suya = getattr(metrics, f"{medida}_score")(ETIQUETAS[:, i], elegidas[:, i])
            assert medidas[f"{medida} ({nombre})"] == pytest.approx(suya)
            assert medidas.detalle.loc[nombre, medida] == pytest.approx(suya)


def test_etiquetas_que_no_aparecen_no_rompen_las_medidas():
    medidas = ck.evaluar(varias_etiquetas(), X[:1], [[0, 1, 0]])
    assert np.isfinite(medidas).all()
    assert medidas["recall (fiebre)"] == 0


def test_y_entre_cero_y_uno_se_mide_solo_con_la_perdida():
    modelo = varias_etiquetas()
    y = AZAR.uniform(size=(80, 3)).astype("float32")
    ck.entrenar(modelo, X, y, epochs=1, verbose=0)
    with pytest.warns(UserWarning, match="no son etiquetas de sí o no"):
        medidas = ck.evaluar(modelo, X, y)
    assert list(medidas.index) == ["entropia_cruzada"]
    assert medidas.iloc[0] == pytest.approx(modelo.evaluate(X, y, verbose=0)[0], rel=1e-5)


def test_class_weight_no_es_para_varias_etiquetas():
    with pytest.raises(ValueError, match=r"varias clases a la vez.*sample_weight"):
        ck.entrenar(varias_etiquetas(), X, ETIQUETAS, class_weight="balanced")


def test_las_columnas_de_y_en_otro_orden_se_rechazan():
    y = pd.DataFrame(ETIQUETAS, columns=NOMBRES)
    with pytest.raises(ValueError, match=r"y = y\[\['fiebre', 'tos'"):
        ck.evaluar(varias_etiquetas(), X, y[NOMBRES[::-1]])


def test_softmax_da_cada_clase_como_scikit_learn():
    y = ETIQUETAS[:, 0] + ETIQUETAS[:, 1]
    modelo = ck.crear_clasificacion(4, ["a", "b", "c"], semilla=0)
    medidas = ck.evaluar(modelo, X, y)
    suyas = metrics.classification_report(
        y, ck.predecir(modelo, X).argmax(axis=1), output_dict=True, zero_division=0
    )
    for i, clase in enumerate("abc"):
        fila = medidas.detalle.loc[clase]
        assert fila["precision"] == pytest.approx(suyas[str(i)]["precision"])
        assert fila["recall"] == pytest.approx(suyas[str(i)]["recall"])
        assert fila["f1"] == pytest.approx(suyas[str(i)]["f1-score"])
        assert fila["filas"] == suyas[str(i)]["support"]
    assert list(medidas.index) == ["accuracy", "entropia_cruzada"]
    assert "precision" in repr(medidas)
    assert "<table" in medidas._repr_html_()


def test_una_parte_de_las_medidas_es_una_serie_comun():
    medidas = ck.evaluar(varias_etiquetas(), X, ETIQUETAS)
    assert type(medidas.round(2)) is pd.Series
    assert type(medidas[["accuracy"]]) is pd.Series
