"""Predicciones, medidas y tabla, contra Keras y contra cuentas hechas a mano."""

import math

import numpy as np
import openpyxl
import pandas as pd
import pytest

import cursokeras as ck
from cursokeras._backend import keras


def lineal(w, b):
    modelo = ck.crear_regresion(len(w), len(b))
    modelo.set_weights([np.array(w, "float32"), np.array(b, "float32")])
    return modelo


def softmax_de(logits):
    """Un clasificador cuya salida es softmax(x), para elegir sus probabilidades."""
    modelo = ck.crear_clasificacion(len(logits[0]), len(logits[0]))
    modelo.set_weights([np.eye(len(logits[0])), np.zeros(len(logits[0]))])
    return modelo


@pytest.mark.parametrize("n", [1, 2, 33, 9000])
def test_predecir_da_lo_mismo_que_predict(n):
    modelo = ck.crear_clasificacion(5, 3, ocultas=(8,), semilla=0)
    x = np.random.default_rng(0).normal(size=(n, 5)).astype("float32")
    nuestras, suyas = ck.predecir(modelo, x), modelo.predict(x, verbose=0)
    assert (nuestras.dtype, nuestras.shape) == (suyas.dtype, suyas.shape)
    np.testing.assert_allclose(nuestras, suyas, atol=1e-6)


def test_predecir_explica_una_fila_suelta():
    with pytest.raises(ValueError, match=r"\[x\]"):
        ck.predecir(ck.crear_regresion(3), [1, 2, 3])


def test_predecir_rechaza_valores_faltantes():
    with pytest.raises(ValueError, match="precio"):
        ck.predecir(ck.crear_regresion(1), pd.DataFrame({"precio": [1.0, None]}))


def test_las_medidas_de_la_diapositiva():
    # curso.md, clase 3: predicciones 10, 8, 6; objetivos 20, 3, 1; cuadrados 100, 25, 25.
    medidas = ck.evaluar(lineal([[1.0]], [0.0]), [10, 8, 6], [20, 3, 1])
    assert medidas["mse"] == pytest.approx(50)
    assert medidas["rmse"] == pytest.approx(math.sqrt(50))
    assert medidas["mae"] == pytest.approx(20 / 3)
    assert medidas["r2"] == pytest.approx(1 - 150 / ((20 - 8) ** 2 + (3 - 8) ** 2 + (1 - 8) ** 2))
    assert list(medidas.index) == ["r2", "mse", "rmse", "mae"]


def test_varias_salidas_dan_el_promedio_y_cada_una():
    # curso.md, clase 4: la red W1 = [1, 2, 3], B1 = −46; W2 = [4, 5, 6], B2 = −108.
    x = [[2, 24, 4], [5, 22, 3], [7, 25, 4], [9, 20, 7], [10, 19, 4], [11, 20, 3], [13.4, 21, 5]]
    x = pd.DataFrame([*x, [14, 20, 3]], columns=["Estudio", "Edad", "Promedio"])
    n1, n2 = [7, 4.5, 6.3, 5.4, 8.2, 7.2, 5.5, 3], [7.2, 5.2, 6, 4.4, 9.5, 8.1, 10, 4.3]
    y = pd.DataFrame({"N1": n1, "N2": n2})
    modelo = lineal([[1, 4], [2, 5], [3, 6]], [-46, -108])
    medidas = ck.evaluar(modelo, x, y)
    assert medidas["mse"] == pytest.approx(1553.32, abs=0.005)
    assert medidas["mse"] == pytest.approx((medidas["mse (N1)"] + medidas["mse (N2)"]) / 2)
    assert medidas["mse"] == pytest.approx(modelo.evaluate(x.to_numpy(), y, verbose=0)[0])
    assert list(medidas.index)[4:8] == ["r2 (N1)", "mse (N1)", "rmse (N1)", "mae (N1)"]
    tabla = ck.tabla_predicciones(modelo, x, y)
    np.testing.assert_allclose(
        tabla["predicho (N1)"], [16, 12, 23, 24, 14, 14, 24.4, 17], rtol=1e-5
    )
    np.testing.assert_allclose(
        tabla["predicho (N2)"], [44, 40, 69, 70, 51, 54, 80.6, 66], rtol=1e-5
    )


def test_una_sola_fila_no_tiene_r2_y_se_dice():
    with pytest.warns(UserWarning, match="dos filas"):
        medidas = ck.evaluar(lineal([[1.0]], [0.0]), [10], [8])
    assert math.isnan(medidas["r2"])
    assert medidas["mae"] == pytest.approx(2)


@pytest.mark.parametrize("one_hot", [False, True], ids=["enteros", "one-hot"])
def test_clasificacion_mide_como_keras(one_hot):
    azar = np.random.default_rng(0)
    x, clases = azar.normal(size=(50, 4)), azar.integers(0, 3, 50)
    y = np.eye(3)[clases] if one_hot else clases
    modelo = ck.crear_clasificacion(4, 3, one_hot=one_hot, semilla=0)
    medidas = ck.evaluar(modelo, x, y)
    perdida, accuracy = modelo.evaluate(x, y, verbose=0)
    assert medidas["accuracy"] == pytest.approx(accuracy)
    assert medidas["entropia_cruzada"] == pytest.approx(perdida, rel=1e-5)


def test_la_entropia_de_la_diapositiva():
    # curso.md, clase 2: y = [0, 2], ŷ = [[.1, .3, .6], [.3, .2, .5]].
    x = np.log([[0.1, 0.3, 0.6], [0.3, 0.2, 0.5]])
    medidas = ck.evaluar(softmax_de(x), x, [0, 2])
    assert medidas["entropia_cruzada"] == pytest.approx((2.3026 + 0.6931) / 2, abs=1e-4)
    assert medidas["accuracy"] == 0.5


def test_la_binaria_mide_tambien_la_clase_uno():
    modelo = ck.crear_binaria(1)
    modelo.set_weights([np.array([[1.0]]), np.array([0.0])])
    medidas = ck.evaluar(modelo, [-1, -2, 3, 4, 5], [0, 1, 1, 1, 0])
    assert medidas["accuracy"] == pytest.approx(3 / 5)
    assert medidas["precision"] == pytest.approx(2 / 3)
    assert medidas["recall"] == pytest.approx(2 / 3)
    assert medidas["f1"] == pytest.approx(2 / 3)
    perdida = modelo.evaluate(np.array([[-1], [-2], [3], [4], [5.0]]), np.array([0, 1, 1, 1, 0]))
    assert medidas["entropia_cruzada"] == pytest.approx(perdida[0], rel=1e-5)


def test_una_clase_que_no_aparece_no_rompe_las_medidas():
    x = np.log([[0.7, 0.2, 0.1], [0.6, 0.2, 0.2]])
    medidas = ck.evaluar(softmax_de(x), x, [0, 0])
    assert medidas["accuracy"] == 1
    assert medidas["entropia_cruzada"] == pytest.approx(-np.log([0.7, 0.6]).mean(), rel=1e-5)


def test_la_tabla_de_clases_lleva_nombres_y_probabilidad():
    x = np.log([[0.1, 0.3, 0.6], [0.3, 0.2, 0.5]])
    tabla = ck.tabla_predicciones(softmax_de(x), x, [0, 2], clases=["LS", "LI", "IC"])
    assert tabla["real"].tolist() == ["LS", "IC"]
    assert tabla["predicho"].tolist() == ["IC", "IC"]
    assert tabla["probabilidad"].tolist() == pytest.approx([0.6, 0.5], rel=1e-5)
    assert tabla["acierto"].tolist() == [False, True]


def test_nombres_de_clases_de_menos():
    x = np.zeros((2, 3))
    with pytest.raises(ValueError, match="2 nombres y el modelo tiene 3"):
        ck.tabla_predicciones(softmax_de(x), x, [0, 2], clases=["LS", "LI"])


@pytest.mark.parametrize("extension", [".csv", ".xlsx"])
def test_la_tabla_escrita_es_la_devuelta(tmp_path, extension):
    ruta = tmp_path / "año" / f"predicción{extension}"
    x = pd.DataFrame({"km": [1.0, 2.0]}, index=["auto a", "auto ñ"])
    tabla = ck.tabla_predicciones(lineal([[2.0]], [1.0]), x, [3, 4], ruta)
    leer = pd.read_csv if extension == ".csv" else pd.read_excel
    leida = leer(ruta, index_col=0)
    pd.testing.assert_frame_equal(leida, tabla, check_dtype=False, check_names=False)
    assert leida.index.name == "fila"
    assert leida.index.tolist() == ["auto a", "auto ñ"]
    assert [archivo.name for archivo in ruta.parent.iterdir()] == [ruta.name]


def test_si_la_escritura_falla_queda_el_archivo_anterior(tmp_path, monkeypatch):
    ruta = tmp_path / "tabla.xlsx"
    modelo = lineal([[2.0]], [1.0])
    ck.tabla_predicciones(modelo, [[1]], [3], ruta)
    antes = ruta.read_bytes()

    def disco_lleno(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(openpyxl.Workbook, "save", disco_lleno)
    with pytest.raises(OSError, match="space"):
        ck.tabla_predicciones(modelo, [[5]], [3], ruta)
    assert ruta.read_bytes() == antes
    assert list(tmp_path.iterdir()) == [ruta]


def test_una_extension_desconocida_se_dice_antes_de_predecir(tmp_path):
    with pytest.raises(ValueError, match=r"'\.pdf'.*\.xlsx"):
        ck.tabla_predicciones(lineal([[2.0]], [1.0]), [[1]], [3], tmp_path / "tabla.pdf")


def test_sirve_cualquier_modelo_de_keras_compilado():
    modelo = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    modelo.compile(loss=keras.losses.MeanSquaredError())
    assert set(ck.evaluar(modelo, np.ones((3, 2)), [1, 2, 3]).index) == {"r2", "mse", "rmse", "mae"}


class TestPeores:
    def test_en_una_regresion_las_de_mayor_error(self):
        x = np.arange(6.0)[:, None]
        y = x[:, 0] + [0, 3, -5, 0, 1, 0]
        tabla = ck.peores(lineal([[1]], [0]), x, y, n=3)
        assert tabla.index.tolist() == [2, 1, 4]
        assert tabla["error"].tolist() == [5, -3, -1]

    def test_con_varias_salidas_en_desviaciones_de_cada_una(self):
        x = np.zeros((4, 1))
        y = np.array([[0, 0], [100, 0], [-100, 0], [0, 0.9]])
        tabla = ck.peores(lineal([[0, 0]], [0, 0]), x, y)
        assert tabla.index[0] == 3

    def test_en_una_clasificacion_donde_la_clase_real_recibio_menos(self):
        logits = np.log([[0.6, 0.3, 0.1], [0.1, 0.8, 0.1], [0.34, 0.33, 0.33]])
        y = [2, 1, 0]
        tabla = ck.peores(softmax_de(logits), logits, y, clases=["a", "b", "c"])
        assert tabla.index.tolist() == [0, 2, 1]
        assert tabla["real"].tolist() == ["c", "a", "b"]
        assert tabla["acierto"].tolist() == [False, True, True]

    def test_en_una_binaria_y_con_one_hot(self):
        binaria = ck.crear_binaria(1)
        binaria.set_weights([np.array([[1.0]]), np.array([0.0])])
        x = np.array([[2.0], [-1.0], [3.0]])
        assert ck.peores(binaria, x, [1, 1, 0]).index.tolist() == [2, 1, 0]
        logits = np.log([[0.6, 0.4], [0.9, 0.1]])
        one_hot = ck.crear_clasificacion(2, 2, one_hot=True)
        one_hot.set_weights([np.eye(2), np.zeros(2)])
        assert ck.peores(one_hot, logits, np.eye(2)[[0, 1]]).index.tolist() == [1, 0]

    def test_con_varias_etiquetas_las_respuestas_mas_lejanas(self):
        modelo = ck.crear_multietiqueta(2, ["a", "b"])
        modelo.set_weights([np.eye(2), np.zeros(2)])
        x = np.array([[5.0, -5], [5, 5], [-5, -5]])
        assert ck.peores(modelo, x, [[1, 0], [0, 0], [1, 0]]).index.tolist() == [1, 2, 0]

    def test_una_tabla_trae_sus_columnas_y_su_indice(self):
        x = pd.DataFrame({"edad": [1.0, 2, 3], "error": [7.0, 8, 9]}, index=["ana", "eva", "luz"])
        tabla = ck.peores(lineal([[1], [0]], [0]), x, [1, 9, 3.5], n=2)
        assert tabla.index.tolist() == ["eva", "luz"]
        assert tabla.columns.tolist() == ["real", "predicho", "error", "edad", "error (x)"]
        assert tabla["edad"].tolist() == [2, 3]

    def test_con_indice_repetido_no_se_cruzan(self):
        x = pd.DataFrame({"edad": [1.0, 2, 3]}, index=[0, 0, 0])
        tabla = ck.peores(lineal([[1]], [0]), x, [1, 9, 4])
        assert tabla["edad"].tolist() == [2, 3, 1]

    @pytest.mark.parametrize(
        ("n", "explicacion"), [(0, "n=0: se esperaba"), (2.5, "n=2.5"), (True, "n=True")]
    )
    def test_cuantas_debe_ser_un_entero(self, n, explicacion):
        with pytest.raises(ValueError, match=explicacion):
            ck.peores(lineal([[1]], [0]), [[1]], [1], n)
