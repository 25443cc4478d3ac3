"""Los rangos del entrenamiento: qué se recuerda, qué está lejos y cómo se dice, sin más alarmas."""

import json
import warnings

import numpy as np
import pandas as pd
import pytest
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import FunctionTransformer, StandardScaler

import cursokeras as ck
from cursokeras.entradas.lejania import lejos_del_entrenamiento
from cursokeras.entradas.rangos import (
    LEJOS,
    LEJOS_JUNTAS,
    extremos,
    parece_imagen,
    recordar_rangos,
    valores_lejos,
)
from cursokeras.entrenamiento.particion import separar_validacion

AZAR = np.random.default_rng(0)
COLUMNAS = ["edad", "km", "cc"]
X = pd.DataFrame(AZAR.uniform(1, 2, (60, 3)), columns=COLUMNAS)
Y = pd.Series(AZAR.uniform(5, 30, 60), name="precio")


def entrenado(x=X, y=Y, **opciones):
    modelo = ck.crear_regresion(x.shape[1:], semilla=0)
    ck.entrenar(modelo, x, y, **{"epochs": 1, "verbose": 0, **opciones})
    return modelo


@pytest.fixture(scope="module")
def modelo():
    return entrenado(validation_split=0)


def avisos(llamada, *datos):
    """Los avisos de filas lejanas que muestra una llamada."""
    with warnings.catch_warnings(record=True) as todos:
        warnings.simplefilter("always")
        llamada(*datos)
    return [aviso for aviso in todos if "en el entrenamiento" in str(aviso.message)]


# ---- Qué se recuerda ----


def test_se_recuerda_el_menor_y_el_mayor_de_cada_columna_sin_la_validacion():
    x = X.to_numpy().copy()
    modelo = entrenado(x, validation_split=0.25, semilla=3)
    filas, _ = separar_validacion(60, 0.25, semilla=3)
    rangos = modelo.rangos_cursokeras
    assert set(rangos) == {"x_minimo", "x_maximo", "y_minimo", "y_maximo"}
    np.testing.assert_array_equal(rangos["x_minimo"], x[filas].astype("float32").min(axis=0))
    np.testing.assert_array_equal(rangos["x_maximo"], x[filas].astype("float32").max(axis=0))
    de_y = Y[filas].astype("float32")
    assert (rangos["y_minimo"], rangos["y_maximo"]) == ([de_y.min()], [de_y.max()])
    assert json.loads(json.dumps(rangos)) == rangos


def test_otro_entrenamiento_los_amplia(modelo):
    otro = entrenado(X[:30], Y[:30], validation_split=0)
    ck.entrenar(otro, X[30:], Y[30:], epochs=1, validation_split=0, verbose=0)
    assert otro.rangos_cursokeras == modelo.rangos_cursokeras


def test_de_un_entrenamiento_que_diverge_no_se_recuerda_nada():
    modelo = ck.crear_regresion(3, optimizer="sgd", learning_rate=1.0, semilla=0)
    with pytest.warns(UserWarning, match="dejaron de ser números"):
        ck.entrenar(modelo, X * 1e6, Y, epochs=30, verbose=0)
    assert not hasattr(modelo, "rangos_cursokeras")


def test_muy_pocas_filas_no_son_un_rango():
    modelo = entrenado(X[:4], Y[:4], validation_split=0)
    assert not hasattr(modelo, "rangos_cursokeras")
    ck.entrenar(modelo, X[:5], Y[:5], epochs=1, validation_split=0, verbose=0)
    assert hasattr(modelo, "rangos_cursokeras")


def test_las_imagenes_tienen_un_solo_rango():
    imagenes = AZAR.random((20, 8, 8)).astype("float32")
    for x in (imagenes, imagenes.reshape(20, -1)):
        modelo = entrenado(x, Y[:20], validation_split=0)
        assert modelo.rangos_cursokeras["x_minimo"] == [imagenes.min()]
        assert modelo.rangos_cursokeras["x_maximo"] == [imagenes.max()]
    con_nombres = pd.DataFrame(imagenes.reshape(20, -1)).add_prefix("c")
    modelo = entrenado(con_nombres, Y[:20], validation_split=0)
    assert len(modelo.rangos_cursokeras["x_minimo"]) == 64


def test_una_tabla_ancha_con_y_sin_nombres_cuenta_junta():
    x = AZAR.random((20, 64)).astype("float32")
    modelo = ck.crear_regresion(64)
    recordar_rangos(modelo, x, x[:, :1])
    modelo.columnas_cursokeras = tuple(f"c{i}" for i in range(64))
    recordar_rangos(modelo, 2 * x, x[:, :1])
    assert modelo.rangos_cursokeras["x_maximo"] == [2 * x.max()]


@pytest.mark.parametrize("crear", [ck.crear_binaria, lambda d: ck.crear_clasificacion(d, 2)])
def test_las_clases_no_tienen_rango(crear):
    modelo = crear(3)
    ck.entrenar(modelo, X, (Y > 15).astype(int), epochs=1, verbose=0)
    assert modelo.rangos_cursokeras["y_minimo"] == modelo.rangos_cursokeras["y_maximo"] == []


@pytest.mark.parametrize("forma", [(1, 3), (7, 3), (400, 3), (5000, 1), (3, 2000), (50, 4, 4)])
def test_los_extremos_son_los_de_numpy(forma):
    x = AZAR.normal(size=forma).astype("float32")
    for orden in (x, np.asfortranarray(x), x[::-1]):
        esperado = (orden.min(axis=0), orden.max(axis=0)) if x.ndim == 2 else ([x.min()], [x.max()])
        for nuestro, suyo in zip(extremos(orden), esperado, strict=True):
            np.testing.assert_array_equal(nuestro, suyo)


def test_parece_imagen():
    assert parece_imagen(np.ones((2, 4, 4)), None)
    assert parece_imagen(np.ones((2, 64)), None)
    assert not parece_imagen(np.ones((2, 64)), ("a",) * 64)
    assert not parece_imagen(np.ones((2, 63)), None)


# ---- La regla ----

MINIMO, MAXIMO = np.array([0.0, 7.0]), np.array([2.0, 7.0])


@pytest.mark.parametrize(
    ("columna", "esperado"),
    [
        ([2 + 2 * LEJOS + 0.1], [True]),
        ([2 + 2 * LEJOS], [False]),
        ([-2 * LEJOS - 0.1, 1, 1, 1], [True, False, False, False]),
        ([2 + 2 * LEJOS_JUNTAS + 0.1] * 4, [False] * 4),
        ([2 + 2 * LEJOS_JUNTAS + 0.1] * 5, [True] * 5),
        ([2 + 2 * LEJOS_JUNTAS] * 5, [False] * 5),
        ([9, 9, 9, 1, 1], [True] * 3 + [False] * 2),
        ([9, 9, 1, 1, 1], [False] * 5),
        ([9, -9, 9, -9, 1], [True] * 4 + [False]),
    ],
)
def test_la_regla_de_lo_lejano(columna, esperado):
    """Con un rango de ancho 2: de a uno, más de LEJOS anchos; la mitad o más, LEJOS_JUNTAS."""
    datos = np.column_stack([columna, np.full(len(columna), 7.0)])
    lejos = valores_lejos(datos, MINIMO, MAXIMO)
    assert (lejos is not None) == any(esperado)
    if any(esperado):
        np.testing.assert_array_equal(lejos, np.column_stack([esperado, [False] * len(columna)]))


def test_una_columna_constante_solo_cuenta_si_cambia_en_la_mayoria():
    datos = np.ones((6, 2))
    datos[:, 1] = [7, 7, 7, 900, 900, 900]
    assert valores_lejos(datos, MINIMO, MAXIMO) is None
    datos[2, 1] = 8
    assert valores_lejos(datos, MINIMO, MAXIMO)[:, 1].tolist() == [False, False] + [True] * 4


def test_la_regla_aguanta_los_numeros_mas_grandes():
    limites = np.array([-3e38], "float32"), np.array([3e38], "float32")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert valores_lejos(np.array([[3.4e38]], "float32"), *limites) is None
        cero = np.zeros(1, "float32")
        assert valores_lejos(np.array([[3.4e38], [-3e38]], "float32"), cero, cero + 1).all()


# ---- Cómo se dice ----

MIDEN = {"evaluar": ck.evaluar, "tabla_predicciones": ck.tabla_predicciones}
USAN_X = {
    "predecir": lambda m, x: ck.predecir(m, x),
    "evaluar": lambda m, x: ck.evaluar(m, x, Y[: len(x)].to_numpy()),
    "tabla_predicciones": lambda m, x: ck.tabla_predicciones(m, x, Y[: len(x)].to_numpy()),
    "revisar": lambda m, x: ck.revisar(m, x, Y[: len(x)].to_numpy()).exigir(),
}


@pytest.mark.parametrize("uso", USAN_X)
def test_una_columna_que_llega_lejos(uso, modelo):
    x = X.copy()
    x.loc[7, "cc"] = 16000
    (aviso,) = avisos(USAN_X[uso], modelo, x)
    assert aviso.category is ck.AvisoDeDatos
    assert aviso.filename == __file__
    desde, hasta = X["cc"].min(), X["cc"].max()
    assert str(aviso.message) == (
        f"La columna 'cc' de x llega a 16000 y en el entrenamiento iba de {desde:g} a {hasta:g} "
        "(en 1 de 60 filas: 7). Mira esas filas: si son un error, corrígelas; si no, el modelo no "
        "aprendió de nada parecido."
    )
    assert avisos(USAN_X[uso], modelo, X) == []


def test_una_fila_suelta(modelo):
    (aviso,) = avisos(ck.predecir, modelo, [[1.5, -70, 1.5]])
    # El arreglo no trae nombres, y el modelo recuerda los de la tabla con que aprendió.
    assert str(aviso.message).startswith("La columna 'km' de x baja a -70 y en el entrenamiento")


@pytest.mark.parametrize("uso", USAN_X)
def test_el_escalador_olvidado(uso):
    cruda = X * [30, 90_000, 900]
    modelo = entrenado(StandardScaler().fit_transform(cruda))
    (aviso,) = avisos(USAN_X[uso], modelo, cruda.to_numpy())
    texto = str(aviso.message)
    assert texto.startswith("La columna 0 de x llega a ")
    assert "; la columna 1 de x llega a " in texto
    assert "(en 60 de 60 filas: 0, 1, 2" in texto
    assert "x = escalador.transform(x)" in texto


def test_muchas_columnas_caben_en_un_aviso():
    x = pd.DataFrame(AZAR.normal(size=(40, 10)), columns=list("abcdefghij"))
    modelo = entrenado(x, Y[:40])
    (aviso,) = avisos(ck.predecir, modelo, x * 1000)
    texto = str(aviso.message)
    assert texto.count("de x llega a") + texto.count("de x baja a") == 3
    assert "; y así 7 columnas más (en 40 de 40 filas" in texto


@pytest.mark.parametrize("uso", MIDEN)
def test_y_en_otra_unidad(uso, modelo):
    (aviso,) = avisos(MIDEN[uso], modelo, X, Y * 1000)
    esperado = f"y llega a {Y.max() * 1000:g} y en el entrenamiento iba de "
    assert str(aviso.message).startswith(esperado)
    assert str(aviso.message).endswith("Da y en la unidad con que entrenaste el modelo.")


def test_x_e_y_en_un_solo_aviso(modelo):
    (aviso,) = avisos(ck.evaluar, modelo, X * 1000, Y * 1000)
    assert "La columna 'edad' de x llega" in str(aviso.message)
    assert ". y llega a" in str(aviso.message)


def test_varias_salidas_se_nombran():
    y = pd.DataFrame({"N1": Y, "N2": Y[::-1].to_numpy()})
    modelo = ck.crear_regresion(3, 2, semilla=0)
    ck.entrenar(modelo, X, y, epochs=1, verbose=0)
    (aviso,) = avisos(ck.evaluar, modelo, X, y.assign(N2=y["N2"] * 1000))
    assert str(aviso.message).startswith("La columna 'N2' de y llega a ")


def test_una_columna_constante_en_el_entrenamiento():
    modelo = entrenado(X.assign(cc=1600))
    (aviso,) = avisos(ck.predecir, modelo, X.assign(cc=2000))
    assert "La columna 'cc' de x llega a 2000 y en el entrenamiento valía siempre 1600" in str(
        aviso.message
    )


def test_imagenes_sin_dividir_por_255():
    imagenes = AZAR.integers(0, 256, (60, 8, 8)).astype("float32")
    modelo = entrenado(imagenes / 255)
    (aviso,) = avisos(ck.predecir, modelo, imagenes)
    assert str(aviso.message).startswith("x llega a 255 y en el entrenamiento iba de 0 a 1 (en 60")
    assert avisos(ck.predecir, modelo, imagenes / 255) == []
    una = imagenes / 255
    una[5, 3, 3] = -40
    (aviso,) = avisos(ck.predecir, modelo, una)
    assert "x baja a -40" in str(aviso.message)
    assert "(en 1 de 60 filas: 5)" in str(aviso.message)


def test_las_filas_de_validacion_se_comparan_con_las_de_entrenamiento():
    x_val = X + 0.001
    crudas = x_val.assign(km=x_val["km"] + 76 * X["km"].std())
    modelo = ck.crear_regresion(3)
    (hallazgo,) = (
        h
        for h in ck.revisar(modelo, X, Y, validation_data=(crudas, Y))
        if h.codigo == "lejos_del_entrenamiento"
    )
    assert hallazgo.mensaje.startswith("En validation_data: La columna 'km' de x llega a ")
    for y_val, veces in ((Y, 0), (Y * 1000, 1)):
        revision = ck.revisar(modelo, X, Y, validation_data=(x_val, y_val))
        assert sum(h.codigo == "lejos_del_entrenamiento" for h in revision) == veces
    assert not hasattr(modelo, "rangos_cursokeras")


def test_la_validacion_de_una_tabla_ancha_nombra_su_columna():
    x = pd.DataFrame(AZAR.random((30, 70))).add_prefix("c")
    modelo = ck.crear_regresion(70)
    revision = ck.revisar(modelo, x, Y[:30], validation_data=(x.assign(c3=99), Y[:30]))
    assert any("La columna 'c3' de x llega a 99" in h.mensaje for h in revision)


def test_seguir_entrenando_con_filas_sin_escalar(modelo):
    (aviso,) = avisos(lambda: ck.entrenar(modelo, X * 500, Y, epochs=1, verbose=0))
    assert "La columna 'edad' de x llega a" in str(aviso.message)
    recordar_rangos(modelo, X.to_numpy("float32"), Y.to_numpy("float32")[:, None])


def test_unos_rangos_de_otros_datos_no_rompen_nada(modelo):
    """Los que trae un archivo podrían no ser de este modelo."""
    otro = ck.crear_regresion(3)
    otro.rangos_cursokeras = {nombre: [0.0, 1.0] for nombre in modelo.rangos_cursokeras}
    assert avisos(ck.evaluar, otro, X * 1000, Y * 1000) == []


def test_un_modelo_sin_rangos_no_dice_nada():
    assert avisos(ck.evaluar, ck.crear_regresion(3), X * 1e6, Y * 1e6) == []


# ---- Sin alarmas de más en las tablas del paquete ----


def _limpia(x):
    return x.drop(columns="Id").assign(CC=x["CC"].where(x["CC"] < 10_000, x["CC"] // 10))


AUTOS, COMBUSTIBLES = ck.datos.autos(), ck.datos.combustibles()
EN_CEROS_Y_UNOS = pd.get_dummies(_limpia(AUTOS.x), columns=["Fuel_Type", "Color", "Model"])
TABLAS = {
    "autos": lambda s: (_limpia(AUTOS.x).select_dtypes("number"), AUTOS.y),
    "autos en ceros y unos": lambda s: (EN_CEROS_Y_UNOS, AUTOS.y),
    "combustibles": lambda s: tuple(COMBUSTIBLES),
    "notas": lambda s: tuple(ck.datos.estudiantes("notas")),
    "carreras": lambda s: tuple(ck.datos.estudiantes("carrera")),
    "pacientes": lambda s: tuple(ck.datos.pacientes()),
    "lineal": lambda s: tuple(ck.datos.lineal(n=40, semilla=s)),
    "polinomio": lambda s: tuple(ck.datos.polinomio(n=40, semilla=s)),
    "xor": lambda s: tuple(ck.datos.xor(n=40, ruido=0.1, semilla=s)),
    "circulos": lambda s: tuple(ck.datos.circulos(semilla=s)),
    "espiral": lambda s: tuple(ck.datos.espiral(semilla=s)),
}


def _arreglo(datos):
    return np.asarray(datos, "float32").reshape(len(datos), -1)


def _avisos(modelo, x, y, x_otra, y_otra):
    """Lo que se diría de unas filas con un modelo que se entrenó con otras."""
    modelo.rangos_cursokeras = None
    recordar_rangos(modelo, x, y)
    return lejos_del_entrenamiento(modelo, x_otra, y_otra)


@pytest.mark.parametrize("tabla", TABLAS)
def test_apartar_filas_al_azar_no_da_alarmas(tabla):
    """Cruda y estandarizada, en la prueba y en la validación. Con 200 semillas, tampoco."""
    x, y = map(_arreglo, TABLAS[tabla](0))
    modelo = ck.crear_regresion(x.shape[1], y.shape[1])
    modelo.columnas_cursokeras = tuple(map(str, range(x.shape[1])))  # Para que no parezca imagen.
    for semilla in range(20):
        x, y = map(_arreglo, TABLAS[tabla](semilla))
        partes = train_test_split(x, y, test_size=0.25, random_state=semilla)
        x, x_prueba, y, y_prueba = partes
        cortes = separar_validacion(len(x), 0.2, semilla=semilla) if len(x) > 1 else ([0], [0])
        for escalador in (FunctionTransformer(), StandardScaler()):
            lista, otra = map(_arreglo, (escalador.fit_transform(x), escalador.transform(x_prueba)))
            assert _avisos(modelo, lista, y, otra, y_prueba) == []
            (x_1, y_1), (x_2, y_2) = ((lista[filas], y[filas]) for filas in cortes)
            assert _avisos(modelo, x_1, y_1, x_2, y_2) == []
            assert _avisos(modelo, x_1, y_1, otra, y_prueba) == []


def test_el_error_de_tipeo_de_los_autos_se_dice_solo_si_cae_en_la_prueba():
    x, y = map(_arreglo, (AUTOS.x.select_dtypes("number"), AUTOS.y))
    modelo, veces = ck.crear_regresion(x.shape[1]), 0
    for semilla in range(30):
        dentro, fuera = separar_validacion(len(x), 0.2, semilla=semilla)
        esta = bool((AUTOS.x["CC"].iloc[fuera] == 16000).any())
        avisos = _avisos(modelo, x[dentro], y[dentro], x[fuera], y[fuera])
        assert [" llega a 16000 y " in str(aviso) for aviso in avisos] == [True] * esta
        veces += esta
    assert 0 < veces < 30
