"""graficar_pesos y graficar_residuos: los números que se dibujan y los que se dicen."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import root_mean_squared_error

import cursokeras as ck
from cursokeras.graficos import graficar_pesos, graficar_residuos

REALES = [2.0, -3.4, 4.2]
APRENDIDOS = [2.1, -3.4, 4.0]


def nubes(ejes):
    return {
        nube.get_label(): np.asarray(nube.get_offsets())
        for nube in ejes.collections
        if nube.get_label()[0] != "_"
    }


class TestPesos:
    def test_cada_peso_en_su_fila(self):
        ejes = graficar_pesos(REALES, APRENDIDOS, nombres=["w1", "w2", "b"])
        verdadero, aprendido = nubes(ejes).values()
        np.testing.assert_allclose(verdadero, np.column_stack([REALES, range(3)]))
        np.testing.assert_allclose(aprendido, np.column_stack([APRENDIDOS, range(3)]))
        assert [rotulo.get_text() for rotulo in ejes.get_yticklabels()] == ["w1", "w2", "b"]
        assert ejes.get_title() == "Los pesos verdaderos y los aprendidos"
        assert ejes.get_xlabel() == "Valor del peso"

    def test_dos_que_aciertan_no_se_tapan(self):
        ejes = graficar_pesos(REALES, {"red": REALES, "exacto": REALES})
        _, red, exacto = nubes(ejes).values()
        np.testing.assert_allclose((red + exacto)[:, 1] / 2, range(3))
        assert np.all(exacto[:, 1] - red[:, 1] > 0.2)

    def test_la_leyenda_dice_el_mayor_error(self):
        ejes = graficar_pesos(REALES, {"red": APRENDIDOS, "exacto": REALES})
        rotulos = ejes.get_legend_handles_labels()[1]
        assert rotulos == ["verdadero", "red (mayor error: 0.2)", "exacto (mayor error: 0)"]

    def test_los_de_un_modelo_son_sus_pesos_y_su_sesgo(self):
        modelo = ck.crear_regresion(2)
        modelo.set_weights([np.array([[2.1], [-3.4]]), np.array([4.0])])
        *_, aprendido = nubes(graficar_pesos(REALES, modelo)).values()
        np.testing.assert_allclose(aprendido[:, 0], APRENDIDOS, atol=1e-6)

    def test_una_serie_da_los_nombres(self):
        ejes = graficar_pesos(pd.Series(REALES, index=["C", "H", "O"]), APRENDIDOS)
        assert [rotulo.get_text() for rotulo in ejes.get_yticklabels()] == ["C", "H", "O"]

    @pytest.mark.parametrize(
        ("argumentos", "opciones", "explicacion"),
        [
            ((REALES, APRENDIDOS[:2]), {}, r"3 pesos reales y 2 en 'aprendido'.*\[\*w, b\]"),
            ((REALES, {"red": [1]}), {}, "1 en 'red'"),
            ((REALES, [1, 2, np.nan]), {}, "aprendido tiene valores nan"),
            ((REALES, "w"), {}, "aprendido no es una lista de números: es de tipo str"),
            (([], []), {}, "reales está vacío"),
            ((REALES, APRENDIDOS), {"nombres": ["w"]}, "nombres trae 1 y hay 3 pesos"),
            ((np.zeros(100), np.zeros(100)), {}, r"trae 100 pesos y aquí caben 40.*\[:10\]"),
            ((REALES, {}), {}, "aprendidos está vacío"),
        ],
        ids=["faltan", "faltan en uno", "nan", "texto", "vacío", "nombres", "muchos", "ninguno"],
    )
    def test_dice_que_llego_y_que_escribir(self, argumentos, opciones, explicacion):
        with pytest.raises(ValueError, match=explicacion):
            graficar_pesos(*argumentos, **opciones)


class TestResiduos:
    Y = np.array([10.0, 20.0, 30.0])
    Y_PRED = np.array([[12.0], [19.0], [29.0]])

    def test_cada_fila_es_un_punto_predicho_y_error(self):
        ejes = graficar_residuos(self.Y, self.Y_PRED)
        (puntos,) = nubes(ejes).values()
        np.testing.assert_allclose(puntos, [[12, 2], [19, -1], [29, -1]])
        rmse = root_mean_squared_error(self.Y, self.Y_PRED)
        assert ejes.get_legend_handles_labels()[1] == [f"RMSE {rmse:.3g}, medio 0", "sin error"]
        assert list(ejes.lines[0].get_ydata()) == [0, 0]
        assert ejes.get_title() == "Residuos"
        assert (ejes.get_xlabel(), ejes.get_ylabel()) == ("Valor predicho", "Predicho − real")

    def test_el_error_es_el_de_la_tabla_de_predicciones(self):
        x, y = ck.datos.lineal(n=20, semilla=0)
        modelo = ck.crear_regresion(2, semilla=0)
        ejes = graficar_residuos(y, ck.predecir(modelo, x))
        (puntos,) = nubes(ejes).values()
        tabla = ck.tabla_predicciones(modelo, x, y)
        np.testing.assert_allclose(puntos[:, 1], tabla["error"], rtol=1e-6)

    def test_varias_salidas_con_su_nombre(self):
        y = pd.DataFrame({"N1": [1.0, 2], "N2": [3.0, 4]})
        ejes = graficar_residuos(y, y.assign(N2=y["N2"] + 1).to_numpy())
        rotulos = ejes.get_legend_handles_labels()[1]
        assert rotulos == ["N1: RMSE 0, medio 0", "N2: RMSE 1, medio 1", "sin error"]

    def test_una_serie_dice_de_que_son_las_unidades(self):
        ejes = graficar_residuos(pd.Series(self.Y, name="precio [€]"), self.Y_PRED)
        assert ejes.get_ylabel() == "Predicho − real (precio [€])"

    @pytest.mark.parametrize(
        ("y", "y_pred", "explicacion"),
        [
            ([1, 2], [1], "mismas filas"),
            ([1, 2], [np.nan, 1], "y_pred tiene 1 de 2 valores nan"),
            (["a", "b"], ["a", "b"], "graficar_confusion"),
            ([], [], "forma"),
        ],
        ids=["filas", "nan", "textos", "vacíos"],
    )
    def test_dice_que_llego_y_que_escribir(self, y, y_pred, explicacion):
        with pytest.raises(ValueError, match=explicacion):
            graficar_residuos(y, y_pred)
