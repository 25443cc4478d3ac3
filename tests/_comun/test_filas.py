"""Filas que no son las mismas: se dicen cuando los índices lo muestran, y sin falsas alarmas."""

import re
import warnings

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

import cursokeras as ck
from cursokeras._comun.filas import exigir_mismas_filas, filas_cruzadas

N = 40
TABLA = pd.DataFrame(
    np.random.default_rng(0).normal(size=(N, 3)), columns=["edad", "ingreso", "precio"]
)
CON_NOMBRES = TABLA.set_axis([f"fila {i}" for i in range(N)], axis=0)
X, Y = TABLA[["edad", "ingreso"]], TABLA["precio"]


def barajar(datos, semilla=0):
    return datos.sample(frac=1, random_state=semilla)


def rearmar(x):
    """Lo que hace quien escala: un DataFrame nuevo, con las filas numeradas otra vez."""
    return pd.DataFrame(StandardScaler().fit_transform(x), columns=x.columns)


X_APRENDER, X_PRUEBA, Y_APRENDER, Y_PRUEBA = train_test_split(X, Y, test_size=0.5, random_state=0)
REPETIDA = pd.concat([TABLA[:20], TABLA[:20]])
HONESTAS = {
    "la misma tabla": (X, Y),
    "barajadas juntas": (barajar(X), barajar(Y)),
    "sin índice en y": (barajar(X), barajar(Y).to_numpy()),
    "sin índice en x": (X.to_numpy(), barajar(Y)),
    "escalada después de train_test_split": (rearmar(X_APRENDER), Y_APRENDER),
    "y numerada después de train_test_split": (X_APRENDER, Y_APRENDER.reset_index(drop=True)),
    "escalada después de cortar por posición": (rearmar(X[30:]), Y[30:]),
    "escalada después de un filtro": (rearmar(X[Y > 0]), Y[Y > 0]),
    "escalada después de quitar filas": (rearmar(X.drop(index=[3, 7])), Y.drop(index=[3, 7])),
    "con etiquetas repetidas": (REPETIDA[["edad"]], REPETIDA["precio"]),
    "etiquetas repetidas y x numerada": (rearmar(REPETIDA[["edad"]]), REPETIDA["precio"]),
    "todas las etiquetas iguales": (X.set_axis([0] * N, axis=0), Y),
    "remuestreadas juntas": (X.sample(N, replace=True, random_state=0),) * 2,
    "nombres y números": (CON_NOMBRES[["edad"]], Y),
    "nombres y números barajados": (CON_NOMBRES[["edad"]], barajar(Y)),
    "fechas y números barajados": (
        X.set_axis(pd.date_range("2024", periods=N), axis=0),
        barajar(Y),
    ),
    "dos niveles y números": (
        X.set_axis(pd.MultiIndex.from_product([range(N // 2), ["a", "b"]]), axis=0),
        Y,
    ),
    "de otro largo": (X[:30], Y[:20]),
}
EN_OTRO_ORDEN = {
    "y barajada y x no": (X, barajar(Y)),
    "x barajada e y no": (barajar(X), Y),
    "barajadas por separado": (barajar(X, 1), barajar(Y, 2)),
    "con nombres": (CON_NOMBRES[["edad"]], barajar(CON_NOMBRES["precio"])),
    "al revés": (X, Y[::-1]),
    "ordenada por su valor": (X, Y.sort_values()),
    "y de train_test_split y x de otra semilla": (
        X_APRENDER,
        Y_APRENDER.sort_index(),
    ),
    "en dos niveles": tuple(
        datos.set_axis(pd.MultiIndex.from_product([range(N // 2), ["a", "b"]]), axis=0).sort_index(
            ascending=creciente
        )
        for datos, creciente in ((X, True), (Y, False))
    ),
    "categorías": (
        X.set_axis(pd.CategoricalIndex(CON_NOMBRES.index), axis=0),
        barajar(Y.set_axis(pd.CategoricalIndex(CON_NOMBRES.index))),
    ),
}
DE_OTRAS_FILAS = {
    "dos tramos corridos": (X[:30], Y[10:]),
    "la siguiente fila": (X[:-1], Y[1:]),
    "la siguiente fecha": tuple(
        datos.set_axis(pd.date_range("2024", periods=N), axis=0)[tramo]
        for datos, tramo in ((X, slice(None, -1)), (Y, slice(1, None)))
    ),
    "entrenamiento y prueba": (X_APRENDER, Y_PRUEBA),
    "dos train_test_split distintos": (
        X_APRENDER,
        train_test_split(Y, test_size=0.5, random_state=1)[0],
    ),
    "con etiquetas repetidas, al revés": (REPETIDA[["edad"]], REPETIDA["precio"][::-1]),
}


@pytest.mark.parametrize("caso", HONESTAS)
def test_un_uso_honesto_no_se_dice(caso):
    x, y = HONESTAS[caso]
    assert filas_cruzadas(x, y) == filas_cruzadas(y, x) == []


@pytest.mark.parametrize(
    ("codigo", "caso"),
    [("filas_en_otro_orden", c) for c in EN_OTRO_ORDEN]
    + [("otras_filas", c) for c in DE_OTRAS_FILAS],
)
def test_las_filas_cruzadas_se_dicen_en_los_dos_sentidos(codigo, caso):
    x, y = (EN_OTRO_ORDEN | DE_OTRAS_FILAS)[caso]
    for uno, otro in ((x, y), (y, x)):
        (hallazgo,) = filas_cruzadas(uno, otro)
        assert (hallazgo.gravedad, hallazgo.codigo) == ("aviso", codigo)


@pytest.mark.parametrize("caso", EN_OTRO_ORDEN)
def test_la_linea_que_se_propone_devuelve_a_cada_fila_su_objetivo(caso):
    x, y = EN_OTRO_ORDEN[caso]
    ambito = {"x": x, "y": y}
    exec(re.search(r"y = y\.loc\[x\.index\]", filas_cruzadas(x, y)[0].arreglo)[0], {}, ambito)
    assert filas_cruzadas(x, ambito["y"]) == []
    # Cada edad está en una sola fila de la tabla: dice qué precio le toca.
    debido = TABLA.set_index("edad")["precio"].loc[x["edad"]]
    np.testing.assert_array_equal(ambito["y"], debido)


@pytest.mark.parametrize("numerada", ["x", "y"])
def test_con_las_filas_numeradas_se_dicen_las_dos_lecturas(numerada):
    """Puede ser la tabla de siempre, o una nueva armada con las filas ya barajadas."""
    x, y = (X, barajar(Y)) if numerada == "x" else (barajar(X), Y)
    arreglo = filas_cruzadas(x, y)[0].arreglo
    otra = {"x": "y", "y": "x"}[numerada]
    assert arreglo.startswith("Escribe y = y.loc[x.index]; o bien, si ")
    assert arreglo.endswith(f"{numerada} = {numerada}.set_axis({otra}.index).")
    ambito = {"x": x, "y": y}
    exec(arreglo.split("), ")[1].removesuffix("."), {}, ambito)
    assert filas_cruzadas(ambito["x"], ambito["y"]) == []


@pytest.mark.parametrize("caso", DE_OTRAS_FILAS)
def test_emparejar_por_posicion_a_proposito_tiene_su_linea(caso):
    x, y = DE_OTRAS_FILAS[caso]
    (hallazgo,) = filas_cruzadas(x, y)
    assert f"la fila 0 es {x.index[0]} en x y {y.index[0]} en y" in hallazgo.mensaje
    ambito = {"x": x, "y": y}
    exec(re.search(r"y = y\.set_axis\(x\.index\)", hallazgo.arreglo)[0], {}, ambito)
    assert filas_cruzadas(x, ambito["y"]) == []


def test_se_nombran_los_datos_que_son():
    (hallazgo,) = filas_cruzadas(X, barajar(Y), ("x", "sample_weight"))
    assert hallazgo.mensaje.startswith("x y sample_weight tienen las mismas etiquetas")
    assert "sample_weight = sample_weight.loc[x.index]" in hallazgo.arreglo


def test_contar_filas():
    exigir_mismas_filas(X, Y)
    with pytest.raises(ck.ErrorDeDatos, match="x tiene 40 filas e y tiene 30"):
        exigir_mismas_filas(X, Y[:30])


# ---- Cada función del paquete que recibe las dos ----


@pytest.fixture(scope="module")
def modelo():
    return ck.crear_regresion(2, semilla=0)


def entrenar(modelo, x, y, **opciones):
    return ck.entrenar(modelo, x, y, epochs=1, verbose=0, **opciones)


LLAMADAS = {
    "revisar": lambda m, x, y: ck.revisar(m, x, y).exigir(),
    "entrenar": entrenar,
    "sample_weight": lambda m, x, y: entrenar(m, x, Y.to_numpy(), sample_weight=abs(y)),
    "validation_data": lambda m, x, y: entrenar(m, X, Y, validation_data=(x + 0.01, y)),
    "pesos de validation_data": lambda m, x, y: entrenar(
        m, X, Y, validation_data=(x + 0.01, Y.to_numpy(), abs(y))
    ),
    "evaluar": ck.evaluar,
    "tabla_predicciones": ck.tabla_predicciones,
    "comparar": lambda m, x, y: ck.comparar(m, x, y, epochs=1),
    "optimo_lineal": lambda m, x, y: ck.optimo_lineal(x, y),
    "graficar_predicciones": lambda m, x, y: ck.graficar_predicciones(x["edad"], y),
    "graficar_confusion": lambda m, x, y: ck.graficar_confusion(x["edad"] > 0, y > 0),
    "graficar_regiones": lambda m, x, y: ck.graficar_regiones(
        LogisticRegression().fit(X, Y > 0), x, y > 0
    ),
}


def avisos_de(llamada, *datos):
    with warnings.catch_warnings(record=True) as avisos:
        warnings.simplefilter("always")
        llamada(*datos)
    plt.close("all")
    return [a for a in avisos if re.search("etiquetas en", str(a.message))]


@pytest.mark.parametrize("nombre", LLAMADAS)
def test_cada_funcion_lo_dice_una_vez_y_senala_a_quien_llamo(nombre, modelo):
    (aviso,) = avisos_de(LLAMADAS[nombre], modelo, X, barajar(Y))
    assert aviso.category is ck.AvisoDeDatos
    assert aviso.filename == __file__
    assert avisos_de(LLAMADAS[nombre], modelo, X, Y) == []
