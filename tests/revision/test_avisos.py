"""Cada aviso y cada nota de `revisar`: sale con sus datos, nombra y arregla, y sin ellos calla."""

import warnings

import numpy as np
import pandas as pd
import pytest
from sklearn.utils.class_weight import compute_class_weight

import cursokeras as ck
from cursokeras._backend import keras
from tests.revision.comun import red

_Dense = keras.layers.Dense
AZAR = np.random.default_rng(0)
X = pd.DataFrame(AZAR.normal(size=(200, 3)), columns=["edad", "ingreso", "año"])
Y = (X["edad"] - X["año"] + 0.1 * AZAR.normal(size=200)).rename("precio")


def codigos(modelo, x, y, **opciones):
    """Los códigos de lo que encuentra `revisar`, menos la nota sobre el tamaño del modelo."""
    return {h.codigo for h in ck.revisar(modelo, x, y, **opciones)} - {"mas_parametros_que_filas"}


def buscar(codigo, modelo, x, y, **opciones):
    """El único hallazgo con ese código."""
    (hallazgo,) = (h for h in ck.revisar(modelo, x, y, **opciones) if h.codigo == codigo)
    return hallazgo


def test_unos_datos_sanos_no_dan_nada_que_decir():
    revision = ck.revisar(ck.crear_regresion(3), X, Y)
    assert not revision
    assert repr(revision) == "Revision: nada que decir."


def test_la_clase_de_regresion_del_curso_avisa_de_la_tasa():
    """El programa de la clase 4 diverge: SGD con 0.01, y lo más que aguanta es 0.003595."""
    x, y = ck.datos.estudiantes()
    modelo = ck.crear_regresion(3, 2, optimizer="sgd", learning_rate=0.01)
    hallazgo = buscar("columnas_sin_escalar", modelo, x, y)
    assert "mayor que 0.003595 diverge, y la del modelo es 0.01" in hallazgo.mensaje
    assert "StandardScaler" in hallazgo.arreglo
    con_oculta = {"ocultas": (4,), "optimizer": "sgd", "learning_rate": 0.01}
    con_inercia = {"optimizer": keras.optimizers.SGD(0.01, momentum=0.9)}
    for opciones in ({}, con_oculta, con_inercia):
        # De estas no se sabe desde qué tasa divergen, y sus columnas no son tan dispares.
        assert "columnas_sin_escalar" not in codigos(ck.crear_regresion(3, 2, **opciones), x, y)


@pytest.mark.parametrize(("parte", "diverge"), [(0.9, False), (1.1, True)])
def test_la_tasa_del_aviso_es_la_que_diverge(parte, diverge):
    """Con el lote completo, por debajo converge y por encima la pérdida crece."""
    x, y = ck.datos.estudiantes()
    tasa = parte * ck.tasa_maxima(x, 2)
    modelo = ck.crear_regresion(3, 2, optimizer="sgd", learning_rate=tasa, semilla=0)
    hallazgos = [h for h in ck.revisar(modelo, x, y) if h.codigo == "columnas_sin_escalar"]
    assert bool(hallazgos) == diverge
    perdidas = [float(modelo.train_on_batch(x, y)[0]) for _ in range(400)]
    assert (perdidas[-1] > perdidas[0] or not np.isfinite(perdidas[-1])) == diverge


def test_los_autos_del_curso():
    """La tabla real trae una columna constante, escalas dispares y un CC de 16000."""
    autos = ck.datos.autos()
    tabla = autos.x.select_dtypes("number")
    revision = ck.revisar(ck.crear_regresion(tabla.shape[1]), tabla, autos.y)
    por_codigo = {h.codigo: h for h in revision}
    assert "'CC' de x llega a 16000" in por_codigo["valores_raros"].mensaje
    assert (
        "'KM' de x llega a 243000 y la 'Met_Color', a 1."
        in por_codigo["columnas_sin_escalar"].mensaje
    )
    assert "'Cylinders'" in por_codigo["columnas_constantes"].mensaje
    assert "y va de 4350 a 32500" in por_codigo["objetivo_sin_escalar"].mensaje
    assert "'Doors'" in por_codigo["posibles_categorias"].mensaje
    assert [h.columna for h in revision if h.codigo == "valores_raros"] == ["'CC'"]


def test_columnas_en_escalas_distintas():
    x = X.assign(ingreso=X["ingreso"] * 1000)
    hallazgo = buscar("columnas_sin_escalar", ck.crear_regresion(3), x, Y)
    assert hallazgo.columna == "'ingreso'"
    con_capa = red(keras.layers.BatchNormalization(), _Dense(1))
    assert "columnas_sin_escalar" not in codigos(con_capa, x, Y)


@pytest.mark.parametrize("d_in", [(8, 8), 64], ids=["imágenes", "aplanadas"])
def test_imagenes_de_0_a_255(d_in):
    x = AZAR.integers(0, 256, (200, 64)).reshape((200, *np.atleast_1d(d_in)))
    hallazgo = buscar("imagenes_sin_escalar", ck.crear_regresion(d_in), x, Y)
    assert "x / 255" in hallazgo.arreglo
    assert codigos(ck.crear_regresion(d_in), x / 255, Y) == set()
    reescala = keras.Sequential([keras.Input(x.shape[1:]), keras.layers.Rescaling(1 / 255)])
    reescala.add(keras.layers.Flatten())
    reescala.add(_Dense(1))
    reescala.compile(loss="mse")
    assert codigos(reescala, x, Y) == set()


def test_columnas_constantes():
    hallazgo = buscar("columnas_constantes", ck.crear_regresion(3), X.assign(edad=3, año=1), Y)
    assert "'edad' y 'año'" in hallazgo.mensaje


def test_columnas_repetidas():
    x = X.assign(año=X["edad"])
    hallazgo = buscar("columnas_repetidas", ck.crear_regresion(3), x, Y)
    assert "'edad' y 'año'" in hallazgo.mensaje
    x.loc[77, "año"] += 0.01
    assert "columnas_repetidas" not in codigos(ck.crear_regresion(3), x, Y)


@pytest.mark.parametrize("formula", [lambda y: y, lambda y: 3 - 2 * y], ids=["copia", "cambio"])
def test_el_objetivo_entre_las_columnas(formula):
    hallazgo = buscar(
        "objetivo_entre_las_columnas", ck.crear_regresion(3), X.assign(año=formula(Y)), Y
    )
    assert hallazgo.columna == "'año'"
    assert "x.drop(columns=['año'])" in hallazgo.arreglo


def test_el_objetivo_entre_las_columnas_al_clasificar():
    y = AZAR.integers(0, 2, 200)
    x = X.assign(edad=y)
    assert "objetivo_entre_las_columnas" in codigos(ck.crear_binaria(3), x, y)
    one_hot = ck.crear_clasificacion(3, 2, one_hot=True)
    assert "objetivo_entre_las_columnas" in codigos(one_hot, x, np.eye(2)[y])


def test_una_recta_exacta_de_una_columna_no_es_una_copia():
    celsius = np.linspace(-3, 3, 50)
    assert codigos(ck.crear_regresion(1), celsius, celsius * 1.8 + 3.2) == set()


@pytest.mark.parametrize(("faltan", "arreglo"), [([0], "y = y - 1"), ([2, 3], "menos clases")])
def test_clases_ausentes(faltan, arreglo):
    y = AZAR.choice(np.setdiff1d(np.arange(4), faltan), 200)
    hallazgo = buscar("clases_ausentes", ck.crear_clasificacion(3, 4), X, y)
    assert " y ".join(map(str, faltan)) in hallazgo.mensaje
    assert arreglo in hallazgo.arreglo


@pytest.mark.parametrize("cabeza", ["clasificacion", "one_hot", "binaria"])
def test_clases_desiguales(cabeza):
    y = np.repeat([0, 1], [190, 10])
    modelo = ck.crear_clasificacion(3, 2, one_hot=cabeza == "one_hot")
    modelo = ck.crear_binaria(3) if cabeza == "binaria" else modelo
    objetivo = np.eye(2)[y] if cabeza == "one_hot" else y
    arreglo = buscar("clases_desiguales", modelo, X, objetivo).arreglo
    pesos = eval(arreglo.removeprefix("Escribe class_weight=").removesuffix("."))
    esperados = compute_class_weight("balanced", classes=np.array([0, 1]), y=y)
    np.testing.assert_allclose(list(pesos.values()), esperados, rtol=0.01)
    with warnings.catch_warnings():
        warnings.simplefilter("error", ck.AvisoDeDatos)
        ck.entrenar(modelo, X, objetivo, epochs=1, class_weight=pesos, verbose=0)


def test_con_muchas_clases_no_se_escribe_el_diccionario():
    y = np.r_[np.arange(11), np.zeros(189, int)]
    hallazgo = buscar("clases_desiguales", ck.crear_clasificacion(3, 11), X, y)
    assert hallazgo.arreglo == "Escribe class_weight='balanced'."


def test_validacion_repetida():
    x_val, y_val = X[:50].copy(), Y[:50]
    x_val.iloc[30:] += 1
    modelo = ck.crear_regresion(3)
    hallazgo = buscar("validacion_en_entrenamiento", modelo, X, Y, validation_data=(x_val, y_val))
    assert "30 filas de validación, de 50," in hallazgo.mensaje
    assert codigos(modelo, X, Y, validation_data=(x_val[30:], y_val[30:])) == set()
    con_ceros = X.to_numpy() * (AZAR.random(X.shape) < 0.5)
    opuestos = np.where(con_ceros[:5], con_ceros[:5], -0.0)
    hallazgo = buscar(
        "validacion_en_entrenamiento", modelo, con_ceros, Y, validation_data=(opuestos, Y[:5])
    )
    assert "5 filas" in hallazgo.mensaje


@pytest.mark.parametrize("factor", [1000, 0.001])
def test_objetivo_lejos_de_1(factor):
    assert codigos(ck.crear_regresion(3), X, Y * factor) == {"objetivo_sin_escalar"}
    de_otra_perdida = red(_Dense(1), loss="cosine_similarity")
    assert codigos(de_otra_perdida, X, Y * factor) == set()


def test_objetivo_constante():
    assert codigos(ck.crear_regresion(3), X, Y * 0 + 4) == {"objetivo_constante"}


def test_valores_raros():
    x = X.copy()
    x.loc[7, "ingreso"] = -80
    hallazgo = buscar("valores_raros", ck.crear_regresion(3), x, Y)
    assert hallazgo.columna == "'ingreso'"
    assert "llega a -80" in hallazgo.mensaje


@pytest.mark.parametrize(
    "columna",
    [
        AZAR.lognormal(size=200),
        AZAR.standard_t(5, 200),
        AZAR.random(200) < 0.01,
        AZAR.poisson(1, 200),
    ],
    ids=["lognormal", "t de Student", "casi todos cero", "conteos"],
)
def test_una_cola_larga_no_es_un_valor_raro(columna):
    assert "valores_raros" not in codigos(ck.crear_regresion(3), X.assign(edad=columna), Y)


def test_posibles_categorias():
    hallazgo = buscar(
        "posibles_categorias", ck.crear_regresion(3), X.assign(año=AZAR.integers(0, 5, 200)), Y
    )
    assert "'año'" in hallazgo.mensaje
    assert hallazgo.gravedad == "nota"
    no_son = {"dos valores": [0, 1], "con decimales": [0.5, 1.5, 2.5], "muchos": range(13)}
    for valores in no_son.values():
        x = X.assign(año=np.resize(valores, 200))
        assert "posibles_categorias" not in codigos(ck.crear_regresion(3), x, Y)


def test_pocas_filas():
    modelo = ck.crear_regresion(3, ocultas=(50,))
    codigos_y_textos = {h.codigo: str(h) for h in ck.revisar(modelo, X[:10], Y[:10])}
    assert "10 filas" in codigos_y_textos["menos_filas_que_un_lote"]
    assert "251 parámetros y hay 10 filas" in codigos_y_textos["mas_parametros_que_filas"]


def test_filas_en_otro_orden():
    y = Y.sample(frac=1, random_state=0)
    con_etiquetas = X.set_axis(Y.index.astype(str), axis=0), y.set_axis(y.index.astype(str))
    assert codigos(ck.crear_regresion(3), *con_etiquetas) == {"filas_en_otro_orden"}
    assert codigos(ck.crear_regresion(3), X, y) == {"filas_en_otro_orden"}
    mezcladas = X.loc[y.index]
    for sana in (y, y.to_numpy(), y.set_axis(pd.date_range("2024", periods=200))):
        assert codigos(ck.crear_regresion(3), mezcladas, sana) == set()
    assert codigos(ck.crear_regresion(3), mezcladas, y.set_axis(y.index + 500)) == {"otras_filas"}


@pytest.mark.parametrize("cual", ["y", "sample_weight"])
def test_la_validacion_en_otro_orden(cual):
    pesos = pd.Series(1.0, index=Y.index)
    barajada = Y.sample(frac=1, random_state=0)
    datos = (X + 9, barajada, pesos) if cual == "y" else (X + 9, Y, pesos.loc[barajada.index])
    hallazgo = buscar("filas_en_otro_orden", ck.crear_regresion(3), X, Y, validation_data=datos)
    assert hallazgo.mensaje.startswith("En validation_data: x ")
    assert hallazgo.arreglo.startswith(f"Escribe {cual} = {cual}.loc[x.index]; o bien")


def test_salida_que_no_llega_al_objetivo():
    assert codigos(red(_Dense(1, "relu")), X, Y) == {"objetivo_fuera_de_la_cabeza"}
    assert codigos(red(_Dense(1, "relu")), X, Y - Y.min()) == set()
    assert "entre 0 y 1" in str(ck.revisar(red(_Dense(1, "sigmoid")), X, Y)[0])
    escalada = (Y - Y.min()) / (Y.max() - Y.min()) * (1 + 1e-6)
    assert codigos(red(_Dense(1, "sigmoid")), X, escalada) == set()


def test_dos_veces_la_activacion():
    perdida = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    y = np.arange(200) % 3
    assert codigos(red(_Dense(3, "softmax"), loss=perdida), X, y) == {"dos_veces_la_activacion"}
    assert codigos(red(_Dense(3), loss=perdida), X, y) == set()


def test_un_millon_de_filas_iguala_a_las_cuentas_completas():
    """La muestra no pierde lo que debe ser exacto: extremos, constantes y copias."""
    x = np.random.default_rng(1).normal(size=(200_000, 4)).astype("float32")
    y = x[:, 0] + x[:, 1]
    x[123_456, 2] = 500
    x[:, 3] = 2
    x[199_999, 3] = 2.5
    revision = ck.revisar(ck.crear_regresion(4), x, y)
    assert "La columna 2 de x llega a 500" in str(revision)
    assert "columnas_constantes" not in {h.codigo for h in revision}


def test_la_revision_se_lee_como_lista_tabla_y_cuaderno():
    revision = ck.revisar(ck.crear_regresion(3), X.assign(edad=1, año=np.nan), Y * 1e6)
    assert [h.gravedad for h in revision] == ["error"]
    revision = ck.revisar(ck.crear_regresion(3), X.assign(edad=1), Y * 1e6)
    assert revision.errores == ()
    assert len(revision) == len(revision.avisos) == 2
    assert revision[0] in revision
    assert list(revision.tabla().columns) == ["gravedad", "codigo", "columna", "mensaje", "arreglo"]
    html = revision._repr_html_()
    assert all(h.arreglo.split(":")[0] in html for h in revision)


def test_los_avisos_senalan_la_linea_del_usuario_y_se_pueden_callar():
    modelo, x = ck.crear_regresion(3), X.assign(edad=1)
    with pytest.warns(ck.AvisoDeDatos, match="'edad'") as avisos:
        ck.entrenar(modelo, x, Y, epochs=1, verbose=0)
    assert [aviso.filename for aviso in avisos] == [__file__]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        ck.revisar(modelo, x, Y).exigir(callar=["columnas_constantes"])


def test_revisar_solo_x():
    modelo = keras.Sequential([keras.Input((3,)), _Dense(1)])
    assert not ck.revisar(modelo, X)
    assert ck.revisar(modelo, X[["edad"]]).errores[0].codigo == "forma_de_x"


def test_revisar_no_cambia_nada():
    x, y = X.copy(), Y.copy()
    modelo = ck.crear_regresion(3)
    antes = modelo.get_weights()
    ck.revisar(modelo, x, y)
    pd.testing.assert_frame_equal(x, X)
    pd.testing.assert_series_equal(y, Y)
    assert all(map(np.array_equal, antes, modelo.get_weights()))


def test_modelo_congelado():
    modelo = ck.crear_regresion(3)
    modelo.trainable = False
    assert codigos(modelo, X, Y) == {"modelo_congelado"}
    modelo.trainable = True
    assert codigos(modelo, X, Y) == set()


def test_una_tabla_llega_en_filas_contiguas():
    """pandas guarda por columnas, y tomar filas al azar de eso es más lento en cada época."""
    assert ck.revisar(ck.crear_regresion(3), X, Y).x.flags.c_contiguous
