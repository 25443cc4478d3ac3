"""graficar_predicciones: los puntos, la diagonal y el R² de cada salida."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import r2_score

import cursokeras as ck
from cursokeras.graficos import graficar_predicciones

Y = np.array([10.0, 20.0, 35.0, 50.0])
Y_PRED = np.array([12.0, 19.0, 33.0, 55.0])


def puntos(ejes):
    return [np.asarray(nube.get_offsets()) for nube in ejes.collections]


@pytest.mark.parametrize(
    ("y", "y_pred"),
    [(Y, Y_PRED), (Y, Y_PRED[:, None]), (list(Y), list(Y_PRED)), (Y[:, None], pd.Series(Y_PRED))],
    ids=["(n,) y (n,)", "(n,) y (n, 1)", "listas", "(n, 1) y serie"],
)
def test_cada_fila_es_un_punto_real_predicho(y, y_pred):
    ejes = graficar_predicciones(y, y_pred)
    np.testing.assert_array_equal(puntos(ejes), [np.column_stack([Y, Y_PRED])])
    rotulos = ejes.get_legend_handles_labels()[1]
    assert rotulos == [f"R² = {r2_score(Y, Y_PRED):.3f}", "predicción perfecta"]
    assert ejes.get_title() == "Lo real y lo predicho"


def test_la_diagonal_cruza_todo_y_los_dos_ejes_son_iguales():
    ejes = graficar_predicciones(Y, Y_PRED)
    (diagonal,) = ejes.lines
    np.testing.assert_array_equal(diagonal.get_xdata(), [10, 55])
    np.testing.assert_array_equal(diagonal.get_ydata(), [10, 55])
    assert ejes.get_xlim() == ejes.get_ylim()
    assert ejes.get_box_aspect() == 1


def test_con_miles_de_filas_la_leyenda_se_ve():
    y = np.arange(2000.0)
    leyenda = graficar_predicciones(y, y + 1).get_legend()
    assert [marca.get_alpha() for marca in leyenda.legend_handles] == [1, 1]


def test_una_columna_con_nombre_nombra_los_ejes():
    ejes = graficar_predicciones(pd.Series(Y, name="precio"), Y_PRED)
    assert ejes.get_xlabel() == "Valor real (precio)"
    assert ejes.get_ylabel() == "Valor predicho (precio)"


@pytest.mark.parametrize(
    ("convertir", "nombres"),
    [
        (lambda y: pd.DataFrame(y, columns=["N1", "N2"]), ["N1", "N2"]),
        (lambda y: y, ["salida 0", "salida 1"]),
    ],
    ids=["tabla", "arreglo"],
)
def test_varias_salidas_con_su_color_su_marca_y_su_r2(convertir, nombres):
    y, y_pred = np.column_stack([Y, Y**2]), np.column_stack([Y_PRED, Y**2 + 1])
    ejes = graficar_predicciones(convertir(y), y_pred)
    np.testing.assert_array_equal(puntos(ejes)[1], np.column_stack([y[:, 1], y_pred[:, 1]]))
    medidas = r2_score(y, y_pred, multioutput="raw_values")
    rotulos = ejes.get_legend_handles_labels()[1][:2]
    assert rotulos == [
        f"{nombre}: R² = {r2:.3f}" for nombre, r2 in zip(nombres, medidas, strict=True)
    ]
    colores = [tuple(nube.get_facecolor()[0]) for nube in ejes.collections]
    assert colores[0] != colores[1]


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    ("y", "y_pred"), [([5.0], [5.0]), ([5.0, 5.0], [5.0, 5.0])], ids=["una fila", "constante"]
)
def test_sin_variacion_no_hay_r2_y_se_dibuja_igual(y, y_pred):
    ejes = graficar_predicciones(y, y_pred)
    assert ejes.get_legend_handles_labels()[1][0] == "R² no definido"
    assert ejes.get_xlim()[0] < 5 < ejes.get_xlim()[1]


@pytest.mark.parametrize(
    ("y", "y_pred", "explicacion"),
    [
        (Y, Y_PRED[:3], r"y tiene la forma \(4,\) e y_pred \(3,\)"),
        (Y, np.ones((4, 2)), r"y tiene la forma \(4, 1\) e y_pred \(4, 2\)"),
        (Y, [1, 2, np.nan, np.inf], "y_pred tiene 2 de 4 valores nan o infinitos"),
        (["sí", "no"], ["no", "no"], "graficar_confusion"),
        ([], [], r"forma \(0,\)"),
        (3.0, 4.0, "mismas filas"),
        (np.ones((2, 2, 2)), np.ones((2, 2, 2)), r"se esperaba \(n,\) o \(n, d_out\)"),
    ],
    ids=[
        "largos distintos",
        "columnas distintas",
        "divergió",
        "textos",
        "vacíos",
        "números",
        "3-D",
    ],
)
def test_dice_que_llego_y_que_escribir(y, y_pred, explicacion):
    with pytest.raises(ValueError, match=explicacion):
        graficar_predicciones(y, y_pred)


def test_con_un_modelo_dice_el_orden():
    with pytest.raises(ValueError, match=r"Escribe \(y, modelo\.predict\(x\)\)"):
        graficar_predicciones(ck.crear_regresion(1), [[1]], [1])
