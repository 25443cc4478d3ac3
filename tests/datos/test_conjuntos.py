"""Los conjuntos de datos que viajan con el paquete, contra las cifras del curso."""

import dataclasses
import hashlib
import re
import subprocess
import sys
import types
from importlib.resources import files

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LinearRegression
from sklearn.metrics import log_loss
from sklearn.neighbors import KNeighborsClassifier

import cursokeras
from cursokeras import datos

ATOMOS = {"C": 12.011, "H": 1.008, "O": 15.999}  # Masas atómicas
TODOS = [
    pytest.param(datos.autos, id="autos"),
    pytest.param(datos.combustibles, id="combustibles"),
    pytest.param(datos.estudiantes, id="estudiantes"),
    pytest.param(datos.pacientes, id="pacientes"),
    pytest.param(datos.moda, id="moda"),
    pytest.param(datos.lineal, id="lineal"),
    pytest.param(datos.polinomio, id="polinomio"),
    pytest.param(datos.xor, id="xor"),
    pytest.param(datos.circulos, id="circulos"),
    pytest.param(datos.espiral, id="espiral"),
]


class TestConjunto:
    def test_se_desempaca_en_x_e_y(self):
        conjunto = datos.xor()
        x, y = conjunto
        assert x is conjunto.x
        assert y is conjunto.y

    def test_no_se_puede_reasignar(self):
        with pytest.raises(dataclasses.FrozenInstanceError):
            datos.xor().x = None

    def test_se_compara_por_identidad(self):
        conjunto = datos.xor()
        assert conjunto == conjunto
        assert len({conjunto, datos.xor()}) == 2

    def test_se_muestra_en_pocas_lineas(self):
        assert repr(datos.autos()) == (
            "1436 autos usados Toyota Corolla a la venta en los Países Bajos en 2004\n"
            "  x: 1436 × 38 (Id, Model, Age_08_04, Mfg_Month, Mfg_Year, KM, …, Tow_Bar)\n"
            "  y: 1436 (Precio [€])"
        )
        assert "x_prueba: 500 × 28 × 28, y_prueba: 500" in repr(datos.moda())
        assert "clases: 0 sano, 1 enfermo" in repr(datos.pacientes())

    @pytest.mark.parametrize("crear", TODOS)
    def test_esta_completo(self, crear):
        conjunto = crear()
        assert len(conjunto.x) == len(conjunto.y)
        assert len(conjunto.columnas) == (0 if conjunto.x.ndim == 3 else conjunto.x.shape[1])
        assert len(conjunto.objetivos) == (conjunto.y.shape[1] if conjunto.y.ndim == 2 else 1)
        assert conjunto.descripcion
        assert conjunto.fuente
        if conjunto.clases:
            assert conjunto.y.dtype == "int64"
            assert set(np.unique(conjunto.y)) == set(range(len(conjunto.clases)))
        elif isinstance(conjunto.y, np.ndarray):
            assert conjunto.y.dtype == "float32"
        if isinstance(conjunto.x, np.ndarray):
            assert conjunto.x.dtype == "float32"

    @pytest.mark.parametrize("crear", TODOS)
    def test_cambiar_uno_no_cambia_el_siguiente(self, crear):
        antes, otro = crear(), crear()
        otro.x[otro.columnas[0] if isinstance(otro.x, pd.DataFrame) else ...] = 0
        otro.y[:] = 0
        despues = crear()
        assert np.array_equal(np.asarray(antes.x), np.asarray(despues.x))
        assert np.array_equal(np.asarray(antes.y), np.asarray(despues.y))


def test_no_carga_tensorflow():
    programa = (
        "import sys, cursokeras as ck\n"
        "for nombre in ('autos', 'combustibles', 'estudiantes', 'moda', 'espiral'):\n"
        "    getattr(ck.datos, nombre)()\n"
        "print(*{'tensorflow', 'keras'} & set(sys.modules))"
    )
    salida = subprocess.run([sys.executable, "-c", programa], capture_output=True, text=True)
    assert salida.stdout.split() == [], salida.stderr


class TestAutos:
    def test_la_tabla_llega_cruda(self):
        x, precio = datos.autos()
        assert x.shape == (1436, 38)
        assert (precio.name, precio.min(), precio.max()) == ("Price", 4350, 32500)
        assert precio.mean() == pytest.approx(10730.82, abs=0.01)
        assert "Price" not in x
        assert not x.isna().any().any()
        textos = [columna for columna in x if not pd.api.types.is_numeric_dtype(x[columna])]
        assert textos == ["Model", "Fuel_Type", "Color"]

    def test_conserva_el_error_de_tipeo(self):
        cc = datos.autos().x["CC"]
        assert (cc == 16000).sum() == 1
        assert cc[cc < 16000].max() == 2000


class TestDulong:
    """El curso: metano 49.875 y alcohol etílico 26.6866 (Xw), valores reales 50.01 y 26.70."""

    X = ((0.75, 0.25, 0, 1, 0, 0), (0.52, 0.13, 0.35, 0, 1, 0))

    def test_cifras_del_curso(self):
        assert datos.dulong(self.X) == pytest.approx([49.875, 26.6866], abs=5e-5)
        assert datos.dulong(self.X) == pytest.approx([50.01, 26.70], rel=3e-3)
        assert datos.dulong(self.X[0]) == pytest.approx(49.875)
        assert pytest.approx((38.2, 84.9, -10.6125, 0, -0.5, -0.62)) == datos.W_DULONG

    def test_con_el_peso_errado_de_la_diapositiva_no_da(self):
        errado = np.array(datos.W_DULONG)
        errado[2] = -1.6125
        assert np.array(self.X[1]) @ errado == pytest.approx(29.84, abs=0.005)

    def test_acepta_la_tabla_de_combustibles(self):
        assert datos.dulong(datos.combustibles().x).shape == (42,)

    def test_pide_seis_columnas(self):
        with pytest.raises(ValueError, match=r"6 columnas .* y llegó la forma \(2, 3\)"):
            datos.dulong([[1, 2, 3], [4, 5, 6]])


class TestCombustibles:
    @pytest.fixture
    def archivo(self):
        return pd.read_csv(files("cursokeras.datos") / "combustibles.csv", index_col="nombre")

    def test_columnas_en_el_orden_del_curso(self):
        x, pci = datos.combustibles()
        assert list(x.columns) == ["C", "H", "O", "gas", "líquido", "sólido"]
        assert x[["gas", "líquido", "sólido"]].sum().tolist() == [12, 22, 8]
        assert (x[["gas", "líquido", "sólido"]].sum(axis=1) == 1).all()
        assert x[["C", "H", "O"]].sum(axis=1).tolist() == pytest.approx([1] * 42, abs=2e-4)
        assert set(x.dtypes) == {np.dtype("float32")} == {pci.dtype}
        assert x.index.equals(pci.index)

    def test_fracciones_de_masa_segun_la_formula(self, archivo):
        x, _ = datos.combustibles()
        for nombre, formula in archivo["formula"].items():
            atomos = re.findall(r"([CHO])(\d*)", formula)
            masas = {a: ATOMOS[a] * int(n or 1) for a, n in atomos}
            fracciones = [masas.get(a, 0) / sum(masas.values()) for a in "CHO"]
            assert x.loc[nombre, ["C", "H", "O"]].tolist() == pytest.approx(fracciones, abs=2e-4)

    def test_el_objetivo_es_el_poder_calorifico_inferior(self, archivo):
        x, pci = datos.combustibles()
        agua = x["H"] * 18.015 / (2 * ATOMOS["H"])  # Kg de agua por kg de combustible
        calor_de_vaporizar = (archivo["pcs_mj_kg"] - pci).to_numpy()
        assert calor_de_vaporizar == pytest.approx(2.442 * agua.to_numpy(), abs=0.03)

    def test_dulong_se_aleja_en_los_hidrocarburos_que_no_son_saturados(self, archivo):
        x, pci = datos.combustibles()
        assert datos.dulong(x) == pytest.approx(archivo["dulong_mj_kg"].to_numpy(), abs=0.02)
        error = (datos.dulong(x) - pci).abs()
        assert error.nlargest(2).index.tolist() == ["hidrógeno", "acetileno"]
        assert error.median() < 1


class TestEstudiantes:
    W = np.array([[1, 4], [2, 5], [3, 6]])
    B = np.array([-46, -108])

    def test_error_de_las_diapositivas(self):
        x, y = datos.estudiantes("notas")
        prediccion = x @ self.W + self.B
        esperada = [
            *[(16, 44), (12, 40), (23, 69), (24, 70)],
            *[(14, 51), (14, 54), (24.4, 80.6), (17, 66)],
        ]
        por_fila = ((prediccion - y) ** 2).sum(axis=1)
        assert prediccion == pytest.approx(np.array(esperada), abs=1e-4)
        assert por_fila == pytest.approx(
            [1435.24, 1267.29, 4247.89, 4649.32, 1755.89, 2153.05, 5341.57, 4002.89], abs=0.005
        )
        assert por_fila.mean() == pytest.approx(3106.64, abs=0.005)

    def test_optimo_de_minimos_cuadrados(self):
        x, y = datos.estudiantes()
        ajuste = LinearRegression().fit(x.astype("float64"), y)
        w = [[-0.2013, 0.0736], [-0.2262, -0.0854], [0.0677, -0.1203]]
        assert pytest.approx(np.array(w), abs=1e-4) == ajuste.coef_.T
        assert ajuste.intercept_ == pytest.approx([12.2409, 8.5018], abs=1e-4)
        assert np.mean((ajuste.predict(x) - y) ** 2) == pytest.approx(3.0927, abs=1e-4)

    def test_tasa_maxima_sin_escalar(self):
        x = np.column_stack([datos.estudiantes().x, np.ones(8)])
        hessiana = x.T @ x / len(x)  # De la pérdida mse de Keras con dos salidas
        assert 2 / np.linalg.eigvalsh(hessiana).max() == pytest.approx(0.003595, abs=1e-6)

    def test_entropia_cruzada_de_las_diapositivas(self):
        x, carrera = datos.estudiantes("carrera")
        puntajes = x @ np.array([[2.5, 2, 2], [1.5, 1.5, 1.6], [1, 2, 1.7]]) + [1, 2, 1]
        p = np.exp(puntajes - puntajes.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        assert log_loss(carrera, p) == pytest.approx(1.5379, abs=1e-4)

    def test_tareas(self):
        assert datos.estudiantes("notas").y[:, 0].tolist() == datos.estudiantes("nota").y.tolist()
        assert datos.estudiantes("aprobo").y.tolist() == [0, 1, 0, 1, 0, 0, 1, 0]
        assert datos.estudiantes("carrera").clases == ("LS", "LI", "IC")

    @pytest.mark.parametrize(("tarea", "clases"), [("aprobo", 2), ("carrera", 3)])
    def test_one_hot(self, tarea, clases):
        y = datos.estudiantes(tarea, one_hot=True).y
        assert (y.shape, y.dtype) == ((8, clases), "float32")
        assert y.argmax(axis=1).tolist() == datos.estudiantes(tarea).y.tolist()
        assert y.sum(axis=1).tolist() == [1] * 8

    def test_tarea_que_no_existe(self):
        with pytest.raises(ValueError, match="'notas', 'nota', 'aprobo', 'carrera'"):
            datos.estudiantes("edad")

    def test_one_hot_de_notas(self):
        with pytest.raises(ValueError, match="one_hot=True es para clases"):
            datos.estudiantes("notas", one_hot=True)


def test_pacientes_del_curso():
    x, y = datos.pacientes()
    assert x == pytest.approx(np.array([[36.7, 0.88, 0, 1, 1], [38.0, 0.98, 1, 0, 0]]))
    assert y.tolist() == [1, 0]


class TestModa:
    def test_la_parte_incluida(self):
        ropa = datos.moda()
        assert ropa.x.shape == (2000, 28, 28)
        assert ropa.x_prueba.shape == (500, 28, 28)
        assert (ropa.x.min(), ropa.x.max(), ropa.x_prueba.dtype) == (0, 1, "float32")
        assert np.bincount(ropa.y).tolist() == [200] * 10
        assert np.bincount(ropa.y_prueba).tolist() == [50] * 10

    def test_la_prueba_no_repite_imagenes_del_entrenamiento(self):
        ropa = datos.moda()
        huellas = [
            {hashlib.sha256(imagen.tobytes()).digest() for imagen in imagenes}
            for imagenes in (ropa.x, ropa.x_prueba)
        ]
        assert not huellas[0] & huellas[1]

    def test_las_etiquetas_corresponden(self):
        ropa = datos.moda()
        vecinos = KNeighborsClassifier().fit(ropa.x.reshape(2000, -1), ropa.y)
        assert vecinos.score(ropa.x_prueba.reshape(500, -1), ropa.y_prueba) > 0.7

    def _con_keras(self, monkeypatch, load_data):
        fashion_mnist = types.SimpleNamespace(load_data=load_data)
        datasets = types.SimpleNamespace(fashion_mnist=fashion_mnist)
        falso = types.SimpleNamespace(keras=types.SimpleNamespace(datasets=datasets))
        monkeypatch.setitem(sys.modules, "cursokeras._backend", falso)
        monkeypatch.setattr(cursokeras, "_backend", falso, raising=False)

    def test_completo_llega_como_la_parte(self, monkeypatch):
        x, y = np.full((4, 28, 28), 51, "uint8"), np.array([0, 9, 1, 2], "uint8")
        self._con_keras(monkeypatch, lambda: ((x, y), (x[:2], y[:2])))
        ropa = datos.moda(completo=True)
        assert ropa.x.dtype == "float32"
        assert ropa.x == pytest.approx(np.full((4, 28, 28), 0.2))
        assert (ropa.y.tolist(), ropa.y_prueba.tolist()) == ([0, 9, 1, 2], [0, 9])
        assert ropa.clases == datos.moda().clases

    def test_completo_sin_internet(self, monkeypatch):
        def sin_red():
            raise Exception("URL fetch failure on https://…")

        self._con_keras(monkeypatch, sin_red)
        with pytest.raises(ConnectionError, match=r"usa datos.moda\(\).*URL fetch failure"):
            datos.moda(completo=True)


def test_cada_archivo_tiene_su_fuente_y_su_licencia():
    carpeta = files("cursokeras.datos")
    fuentes = (carpeta / "FUENTES.md").read_text(encoding="utf-8")
    for archivo in carpeta.iterdir():
        if archivo.name.endswith((".csv", ".npz")):
            assert f"`{archivo.name}`" in fuentes
    for titular in ("Peter Gedeck", "Caleb Bell", "Zalando SE", "Permission is hereby granted"):
        assert titular in fuentes
