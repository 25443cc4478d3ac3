"""Una historia mal escrita se explica igual en `diagnosticar` y en `graficar_historia`."""

import numpy as np
import pandas as pd
import pytest

import cursokeras as ck
from cursokeras._backend import keras, tf
from cursokeras._comun.historias import leer_medidas, numeros

MALAS = {
    "nada": (None, "es de tipo NoneType. Pasa lo que devuelve entrenar o fit"),
    "un número": (3.0, "es de tipo float"),
    "un arreglo": (np.ones((3, 2)), "es de tipo ndarray"),
    "una serie": (pd.Series([1, 2], name="loss"), "es de tipo Series"),
    "una clase": (ck.Historia, "es de tipo type"),
    "un diccionario vacío": ({}, "está vacía: no terminó ninguna época. Entrena el modelo"),
    "una historia sin entrenar": (ck.Historia(), "está vacía: no terminó ninguna época"),
    "sin épocas": ({"loss": []}, "está vacía: no terminó ninguna época"),
    "una tabla sin filas": (pd.DataFrame({"loss": []}), "está vacía"),
    "distintos largos": (
        {"loss": [1, 2, 3], "val_loss": [1, 2]},
        "trae {'loss': 3, 'val_loss': 2}. Si entrenaste con validation_freq, usa",
    ),
    "una vacía": ({"loss": [1, 2], "val_loss": []}, "trae {'loss': 2, 'val_loss': 0}"),
    "textos": ({"loss": ["a", "b"]}, "'loss' no es un número por época: trae 'a'. Se espera una"),
    "un texto al final": ({"loss": [3, 2, "b"]}, "trae 'b'"),
    "una tabla de textos": (pd.DataFrame({"loss": ["a", "b"]}), "trae 'a'"),
    "un texto": ({"loss": "abc"}, "'loss' no es un número por época: es de tipo str"),
    "None": ({"loss": None}, "'loss' no es un número por época: es None"),
    "un número en lugar de lista": ({"loss": 3.0}, "es 3.0. Se espera una lista como 'loss': ["),
    "listas de listas": ({"loss": [[1, 2], [3, 4]]}, "trae [1, 2]"),
    "listas desparejas": ({"loss": [[1], [1, 2]]}, "trae [1]"),
    "complejos": ({"loss": [1j, 2]}, "trae 1j"),
    "fechas": ({"loss": pd.date_range("2020", periods=3)}, "trae Timestamp('2020-01-01"),
    "un conjunto": ({"loss": {1, 2}}, "es de tipo set"),
    "la validación": ({"loss": [2, 1], "val_loss": ["a", "b"]}, "'val_loss' no es un número"),
    "columnas repetidas": (
        pd.DataFrame([[1, 2], [3, 4]], columns=["loss", "loss"]),
        "es de tipo DataFrame",
    ),
}


@pytest.mark.parametrize("leer", [ck.diagnosticar, ck.graficar_historia])
@pytest.mark.parametrize("caso", MALAS)
def test_una_historia_mal_escrita_se_explica(caso, leer):
    historia, texto = MALAS[caso]
    with pytest.raises(ck.ErrorDeDatos) as informe:
        leer(historia)
    assert texto in str(informe.value)


def de_keras(historia):
    registro = keras.callbacks.History()
    registro.history = historia
    return registro


FORMAS = {
    "listas": dict,
    "arreglos": lambda h: {medida: np.array(v) for medida, v in h.items()},
    "tensores": lambda h: {medida: tf.constant(v) for medida, v in h.items()},
    "tuplas": lambda h: {medida: tuple(v) for medida, v in h.items()},
    "una tabla": pd.DataFrame,
    "de Keras": de_keras,
}


@pytest.mark.parametrize("forma", FORMAS)
def test_todas_las_formas_dan_los_mismos_numeros(forma):
    historia = {"loss": [3.0, 2.0, float("inf")], "mae": [1.0, 1.0, 0.5]}
    medidas = leer_medidas(FORMAS[forma](historia))
    assert list(medidas) == list(historia)
    for medida, valores in historia.items():
        np.testing.assert_array_equal(numeros(medidas, medida), valores)


def test_none_pasa_a_nan():
    np.testing.assert_array_equal(numeros({"loss": [1, None]}, "loss"), [1, np.nan])


def test_solo_se_exigen_numeros_a_la_medida_que_se_lee():
    """El F1 de Keras da una lista por época, con un valor por clase."""
    historia = {"loss": [3, 2, 1], "f1": [[1, 1], [1, 1], [1, 1]]}
    assert ck.diagnosticar(historia).startswith("Sigue bajando")
    assert ck.graficar_historia(historia).lines
    with pytest.raises(ck.ErrorDeDatos, match=r"'f1' no es.*O elige otra con metrica='loss'"):
        ck.graficar_historia(historia, "f1")
