"""Clases con nombre: de los textos de y a los números de la pérdida, y de vuelta."""

import numpy as np
import pandas as pd
import pytest

import cursokeras as ck

AZAR = np.random.default_rng(0)
X = AZAR.normal(size=(60, 3)).astype("float32")
NUMEROS = (X[:, 0] > 0).astype(int) + (X[:, 1] > 0)
NOMBRES = np.array(["IC", "LI", "LS"])
TEXTOS = NOMBRES[NUMEROS]
FORMATOS = {
    "arreglo": TEXTOS,
    "objetos": TEXTOS.astype(object),
    "lista": TEXTOS.tolist(),
    "columna": TEXTOS[:, None],
    "Series": pd.Series(TEXTOS),
    "tabla": pd.DataFrame({"carrera": TEXTOS}),
    "categorías": pd.Series(pd.Categorical(TEXTOS)),
}
CALLADO = {"epochs": 2, "verbose": 0, "semilla": 0}


@pytest.mark.parametrize("y", FORMATOS.values(), ids=FORMATOS.keys())
@pytest.mark.parametrize("one_hot", [False, True], ids=["enteros", "one-hot"])
def test_los_textos_entrenan_como_sus_numeros(y, one_hot):
    con_textos, con_numeros = (
        ck.crear_clasificacion(3, 3, one_hot=one_hot, semilla=0) for _ in range(2)
    )
    ck.entrenar(con_textos, X, y, **CALLADO)
    ck.entrenar(con_numeros, X, np.eye(3)[NUMEROS] if one_hot else NUMEROS, **CALLADO)
    for uno, otro in zip(con_textos.get_weights(), con_numeros.get_weights(), strict=True):
        np.testing.assert_array_equal(uno, otro)
    assert tuple(con_textos.clases_cursokeras) == ("IC", "LI", "LS")
    tabla = ck.tabla_predicciones(con_textos, X, y)
    assert tabla["real"].tolist() == TEXTOS.tolist()


def test_el_orden_es_el_del_constructor():
    modelo = ck.crear_clasificacion(3, ["LS", "IC", "LI"], semilla=0)
    gemelo = ck.crear_clasificacion(3, 3, semilla=0)
    ck.entrenar(modelo, X, TEXTOS, **CALLADO)
    ck.entrenar(gemelo, X, np.array([1, 2, 0])[NUMEROS], **CALLADO)
    np.testing.assert_array_equal(modelo.get_weights()[0], gemelo.get_weights()[0])
    assert ck.evaluar(modelo, X, TEXTOS).detalle.index.tolist() == ["LS", "IC", "LI"]


def test_la_binaria_y_sus_nombres_viajan_en_el_archivo(tmp_path):
    y = np.where(X[:, 0] > 0, "sí", "no")
    modelo = ck.crear_binaria(3, semilla=0)
    ck.entrenar(modelo, X, y, validation_data=(X[:9] + 1, y[:9]), **CALLADO)
    ck.guardar(modelo, tmp_path / "m.keras")
    cargado = ck.cargar(tmp_path / "m.keras")
    assert tuple(cargado.clases_cursokeras) == ("no", "sí")
    pd.testing.assert_series_equal(
        pd.Series(ck.evaluar(cargado, X, y)), pd.Series(ck.evaluar(modelo, X, y))
    )
    assert set(ck.tabla_predicciones(cargado, X, (y == "sí").astype(int))["real"]) == {"no", "sí"}


def test_guardar_con_nombres_los_ensena_al_modelo(tmp_path):
    modelo = ck.crear_clasificacion(3, 3)
    ck.guardar(modelo, tmp_path / "m.keras", clases=NOMBRES)
    assert ck.tabla_predicciones(modelo, X, NUMEROS)["real"].tolist() == TEXTOS.tolist()
    with pytest.raises(ValueError, match="no distingue clases"):
        ck.guardar(ck.crear_regresion(3, 3), tmp_path / "r.keras", clases=NOMBRES)


def test_los_pesos_por_clase_se_dan_por_nombre():
    uno, otro = (ck.crear_clasificacion(3, 3, semilla=0) for _ in range(2))
    ck.entrenar(uno, X, TEXTOS, class_weight={"IC": 1, "LI": 2, "LS": 5}, **CALLADO)
    ck.entrenar(otro, X, NUMEROS, class_weight={0: 1, 1: 2, 2: 5}, **CALLADO)
    np.testing.assert_array_equal(uno.get_weights()[0], otro.get_weights()[0])


def test_una_clase_desconocida_se_rechaza():
    modelo = ck.crear_clasificacion(3, NOMBRES.tolist())
    otra = TEXTOS.tolist()
    otra[3] = "MED"
    for usar in (ck.entrenar, ck.evaluar, ck.tabla_predicciones):
        with pytest.raises(ValueError, match=r"'MED'.*las clases del modelo son 'IC', 'LI' y 'LS'"):
            usar(modelo, X, otra)


MALAS = {
    "cuatro clases": ([*"abcd"] * 15, "de 4 clases distintas, y el modelo distingue 3"),
    "dos clases": ([*"ab"] * 30, "de 2 clases distintas, y el modelo distingue 3"),
    "una que falta": ([None, *TEXTOS[1:]], "y tiene 1 valor faltante"),
    "números como texto": (NUMEROS.astype(str), "pd.to_numeric"),
}


@pytest.mark.parametrize(("y", "dice"), MALAS.values(), ids=MALAS.keys())
def test_textos_que_no_se_pueden_numerar(y, dice):
    with pytest.raises(ValueError, match=dice):
        ck.entrenar(ck.crear_clasificacion(3, 3), X, y, **CALLADO)


def test_un_modelo_entrenado_con_numeros_no_adivina_los_textos():
    modelo = ck.crear_clasificacion(3, 3, semilla=0)
    ck.entrenar(modelo, X, NUMEROS, **CALLADO)
    with pytest.raises(ValueError, match="el modelo no sabe qué clase es cada uno"):
        ck.evaluar(modelo, X, TEXTOS)
