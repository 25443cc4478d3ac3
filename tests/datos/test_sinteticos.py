"""Los problemas inventados: la receta se recupera, y la semilla manda."""

import numpy as np
import pytest
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.metrics import log_loss
from sklearn.neighbors import KNeighborsClassifier

from cursokeras import datos

GENERADORES = [
    pytest.param(datos.lineal, id="lineal"),
    pytest.param(datos.polinomio, id="polinomio"),
    pytest.param(lambda **k: datos.xor(**{"ruido": 0.1, **k}), id="xor"),
    pytest.param(datos.circulos, id="circulos"),
    pytest.param(datos.espiral, id="espiral"),
]


@pytest.mark.parametrize("generar", GENERADORES)
class TestSemilla:
    def test_la_misma_da_lo_mismo_y_otra_no(self, generar):
        assert np.array_equal(generar(semilla=3).x, generar(semilla=3).x)
        assert not np.array_equal(generar(semilla=3).x, generar(semilla=4).x)
        assert not np.array_equal(generar(semilla=None).x, generar(semilla=None).x)

    def test_no_toca_la_semilla_global(self, generar):
        np.random.seed(1)
        esperado = np.random.random(3)
        np.random.seed(1)
        generar(n=50)
        assert np.array_equal(np.random.random(3), esperado)

    def test_numero_de_filas(self, generar):
        x, y = generar(n=7)
        assert len(x) == len(y) == 7

    @pytest.mark.parametrize("n", [0, -5, 2.5], ids=["cero", "negativo", "con decimales"])
    def test_filas_imposibles(self, generar, n):
        with pytest.raises(ValueError, match="número de filas"):
            generar(n=n)

    @pytest.mark.parametrize("ruido", [-0.1, float("nan")], ids=["negativo", "nan"])
    def test_ruido_imposible(self, generar, ruido):
        with pytest.raises(ValueError, match="desviación estándar"):
            generar(ruido=ruido)

    @pytest.mark.parametrize("semilla", [-1, 1.5, "a"], ids=["negativa", "con decimales", "texto"])
    def test_semilla_imposible(self, generar, semilla):
        with pytest.raises(ValueError, match="entero desde 0"):
            generar(semilla=semilla)


class TestLineal:
    def test_la_recta_del_curso_se_recupera(self):
        x, y = datos.lineal()
        ajuste = LinearRegression().fit(x, y)
        assert ajuste.coef_ == pytest.approx([2, -3.4], abs=1e-3)
        assert ajuste.intercept_ == pytest.approx(4.2, abs=1e-3)
        assert np.mean((ajuste.predict(x) - y) ** 2) == pytest.approx(1e-4, rel=0.1)
        assert (x.shape, y.shape) == ((1000, 2), (1000,))
        assert x.mean(axis=0) == pytest.approx([0, 0], abs=0.1)
        assert x.std(axis=0) == pytest.approx([1, 1], abs=0.1)

    def test_varias_neuronas(self):
        w, b = [[1, 4], [2, 5], [3, 6]], [-46, -108]
        x, y = datos.lineal(w, b, n=20, ruido=0)
        assert y == pytest.approx(x @ np.array(w) + b, abs=1e-4)

    @pytest.mark.parametrize(
        ("w", "b"),
        [([2, 3], [1, 2]), (2.0, 1.0), ([[1, 2], [3, 4]], [1, 2, 3])],
        ids=["dos sesgos para una neurona", "w es un número", "tres sesgos para dos neuronas"],
    )
    def test_formas_que_no_concuerdan(self, w, b):
        with pytest.raises(ValueError, match="lineal espera w"):
            datos.lineal(w, b)


class TestPolinomio:
    def test_los_coeficientes_se_recuperan(self):
        x, y = datos.polinomio([1, -2, 0.5], n=500, ruido=0.1)
        assert np.polynomial.polynomial.polyfit(x[:, 0], y, 2) == pytest.approx(
            [1, -2, 0.5], abs=0.03
        )
        assert np.abs(x).max() <= 2

    def test_sin_coeficientes(self):
        with pytest.raises(ValueError, match="al menos un coeficiente"):
            datos.polinomio([])


class TestXor:
    def test_las_cuatro_esquinas(self):
        x, y = datos.xor()
        assert x.tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]
        assert y.tolist() == [0, 1, 1, 0]

    def test_lo_mejor_sin_capa_oculta_es_ln_2(self):
        x, y = datos.xor(n=40)
        recta = LogisticRegression(C=1e9).fit(x, y)
        assert log_loss(y, recta.predict_proba(x)) == pytest.approx(0.693147, abs=1e-6)

    def test_con_ruido_siguen_cerca_de_su_esquina(self):
        x, y = datos.xor(n=400, ruido=0.1)
        esquina = np.round(x).astype(int)
        assert np.mean((esquina[:, 0] ^ esquina[:, 1]) == y) > 0.99
        assert (x - esquina).std() == pytest.approx(0.1, rel=0.1)


class TestCirculos:
    def test_cada_clase_en_su_radio(self):
        x, y = datos.circulos(n=1000, ruido=0.05, radio=0.4)
        radios = np.linalg.norm(x, axis=1)
        assert radios[y == 0].mean() == pytest.approx(1, abs=0.02)
        assert radios[y == 1].mean() == pytest.approx(0.4, abs=0.02)
        assert LogisticRegression().fit(x, y).score(x, y) < 0.6

    @pytest.mark.parametrize("radio", [0, 1, 1.5])
    def test_radio_imposible(self, radio):
        with pytest.raises(ValueError, match="radio entre 0 y 1"):
            datos.circulos(radio=radio)


class TestEspiral:
    @pytest.mark.parametrize("clases", [2, 3, 5])
    def test_se_separan_pero_no_con_rectas(self, clases):
        x, y = datos.espiral(n=900, clases=clases)
        assert np.bincount(y).tolist() == [900 // clases] * clases
        assert KNeighborsClassifier(3).fit(x[::2], y[::2]).score(x[1::2], y[1::2]) > 0.95
        assert LogisticRegression().fit(x, y).score(x, y) < 0.85
        assert np.linalg.norm(x, axis=1).max() < 1.2

    def test_las_clases_se_nombran_aunque_falten_filas(self):
        assert len(datos.espiral(n=1).clases) == 3

    @pytest.mark.parametrize("clases", [1, 1001, 2**31 - 1])
    def test_clases_que_no_se_dibujan(self, clases):
        with pytest.raises(ValueError, match=f"de 2 a 1000 clases y llegó clases={clases}"):
            datos.espiral(clases=clases)
