"""Qué espera cada modelo y qué llega a Keras: tipos, formas, nombres y mensajes de las piezas."""

import numpy as np
import pandas as pd
import pytest

from cursokeras._backend import keras, tf
from cursokeras._comun.hallazgos import ErrorDeDatos, Hallazgo, contar, enumerar
from cursokeras.entradas import (
    cabeza_de,
    convertir_pesos,
    convertir_x,
    convertir_y,
    forma_de_entrada,
    forma_de_salida,
    recordar_columnas,
)
from cursokeras.entradas.arreglos import a_arreglo, nombrar_columna, nombres_de_columnas

_losses = keras.losses


def red(loss="mse", *, d_in=3, d_out=1):
    modelo = keras.Sequential([keras.Input((d_in,)), keras.layers.Dense(d_out, name="salida")])
    modelo.compile(loss=loss)
    return modelo


def mi_perdida(y, prediccion):
    return keras.ops.mean((y - prediccion) ** 2)


CABEZAS = {
    "regresion": [
        "mse",
        "MSE",
        "mean_squared_error",
        _losses.mean_absolute_error,
        _losses.Huber(),
        "log_cosh",
    ],
    "clasificacion": [
        "sparse_categorical_crossentropy",
        _losses.sparse_categorical_crossentropy,
        _losses.SparseCategoricalCrossentropy(from_logits=True),
    ],
    "one_hot": [
        "categorical_crossentropy",
        _losses.CategoricalCrossentropy(),
        _losses.CategoricalFocalCrossentropy(),
    ],
    "binaria": ["binary_crossentropy", "bce", _losses.BinaryCrossentropy()],
    "otra": [
        "hinge",
        "kl_divergence",
        mi_perdida,
        lambda y, p: 0.0 * p,
        _losses.CosineSimilarity(),
    ],
}


def _misma(uno, otro):
    return type(cabeza_de(uno)) is type(cabeza_de(otro))


@pytest.mark.parametrize(("cabeza", "loss"), [(c, p) for c, ps in CABEZAS.items() for p in ps])
def test_cada_perdida_tiene_su_cabeza(cabeza, loss):
    assert cabeza_de(red(loss)).nombre == cabeza
    assert cabeza_de(red([loss])).nombre == cabeza_de(red({"salida": loss})).nombre == cabeza


def test_las_perdidas_de_keras_por_nombre_y_por_objeto_son_la_misma_cabeza():
    """Todas las pérdidas de Keras: su clase y su función se leen igual."""
    for nombre, clase in vars(keras.losses).items():
        if isinstance(clase, type) and nombre not in ("Loss", "CTC"):
            funcion = getattr(clase(), "fn", None)
            assert funcion is None or _misma(red(clase()), red(funcion))


def test_formas():
    modelo = keras.Sequential([keras.Input((4, 4)), keras.layers.Flatten(), keras.layers.Dense(2)])
    assert (forma_de_entrada(modelo), forma_de_salida(modelo)) == ((4, 4), (2,))


def test_lo_que_ya_sirve_no_se_copia():
    x = np.ones((5, 3), "float32")
    assert np.shares_memory(convertir_x(red(), x), x)
    assert a_arreglo(x, "x") is x


def test_una_clase_grande_llega_exacta():
    """16777217 no existe en float32: la clase vecina sería otra."""
    modelo = red("sparse_categorical_crossentropy", d_out=2)
    with pytest.raises(ErrorDeDatos, match="16777217"):
        convertir_y(modelo, [0, 16_777_217])


def test_el_tipo_de_y_depende_de_la_cabeza():
    clases = convertir_y(red("sparse_categorical_crossentropy", d_out=3), [0.0, 2.0])
    assert (clases.dtype, clases.shape) == ("int32", (2, 1))
    numeros = convertir_y(red(), [0, 2])
    assert (numeros.dtype, numeros.shape) == ("float32", (2, 1))


def test_lo_que_falta_queda_como_nan_y_nombra_su_columna():
    arreglo = a_arreglo([[1, None], [pd.NA, 4]], "x")
    np.testing.assert_array_equal(arreglo, [[1, np.nan], [np.nan, 4]])
    tabla = pd.DataFrame({"a": [1.0, np.nan], "b": [np.inf, np.nan], "c": [1, 2]})
    with pytest.raises(ErrorDeDatos) as informe:
        convertir_x(red(), tabla)
    assert [h.columna for h in informe.value.hallazgos] == ["'a'", "'b'"]
    assert "1 valor faltante (nan) y 1 valor infinito en 2 filas" in str(informe.value)


def test_el_arreglo_que_se_propone_para_lo_que_falta_sirve():
    tabla = pd.DataFrame({"a": [1.0, np.nan, 5.0], "b": [1, 2, 3], "c": [1, 2, 3]})
    with pytest.raises(ErrorDeDatos, match=r"x = x\.fillna\(x\.median\(\)\)"):
        convertir_x(red(), tabla)
    assert convertir_x(red(), tabla.fillna(tabla.median()))[1, 0] == 3


def test_un_infinito_no_se_imputa():
    with pytest.raises(ErrorDeDatos, match=r"log\(0\)"):
        convertir_x(red(), [[1, 2, np.inf]])


def test_los_datos_de_una_columna_no_nombran_columna():
    with pytest.raises(ErrorDeDatos, match=r"^x tiene 1 valor faltante"):
        convertir_x(red(d_in=1), [1, None])
    with pytest.raises(ErrorDeDatos, match=r"^y tiene textos .*np\.unique\(y, return_inverse=True"):
        convertir_y(red(), pd.Series(["a", "b"], name="clase"))


def test_una_lista_dentro_de_una_celda():
    with pytest.raises(ErrorDeDatos, match="Alguna celda de x guarda una lista"):
        convertir_x(red(), [[1, [2], 3]])


def test_una_y_de_otros_ejes():
    with pytest.raises(ErrorDeDatos, match=r"forma \(n, 2, 2\) y el modelo da \(n, 1\)"):
        convertir_y(red(), np.ones((3, 2, 2)))
    with pytest.raises(ErrorDeDatos, match="de 0 a 2"):
        convertir_y(red("sparse_categorical_crossentropy", d_out=3), np.eye(3))


def test_un_modelo_que_no_declara_sus_formas():
    class Propio(keras.Model):
        def call(self, x):
            return x

    modelo = Propio()
    modelo(np.ones((1, 1)))
    modelo.compile(loss=mi_perdida)
    assert convertir_x(modelo, [1, 2]).shape == convertir_y(modelo, [1, 2]).shape == (2, 1)
    assert convertir_x(modelo, np.ones((2, 5))).shape == (2, 5)


@pytest.mark.parametrize("tensor", [tf.constant, keras.ops.convert_to_tensor, tf.Variable])
def test_tensores(tensor):
    x = np.arange(6, dtype="float32").reshape(2, 3)
    np.testing.assert_array_equal(convertir_x(red(), tensor(x)), x)


def test_pesos():
    assert convertir_pesos(None, 3) is None
    for pesos in ([1, 2, 3], np.array([[1], [2], [3]]), pd.Series([1, 2, 3], index=list("abc"))):
        np.testing.assert_array_equal(convertir_pesos(pesos, 3), [1, 2, 3])


def test_nombres_de_columnas():
    assert nombres_de_columnas(pd.DataFrame({"año": [1], 2: [2]})) == ("año", "2")
    assert nombres_de_columnas(pd.DataFrame([[1, 2]])) is None
    assert nombres_de_columnas(np.ones((2, 2))) is None
    assert nombrar_columna(pd.DataFrame({"año": [1]}), 0) == "'año'"
    assert nombrar_columna(np.ones((2, 2)), 1) == "1"


def test_una_tabla_sin_nombres_no_borra_los_recordados():
    modelo = red()
    recordar_columnas(modelo, pd.DataFrame([[1, 2, 3]], columns=list("abc")))
    recordar_columnas(modelo, np.ones((1, 3)))
    assert modelo.columnas_cursokeras == ("a", "b", "c")


def test_muchos_errores_no_alargan_el_mensaje():
    tabla = pd.DataFrame(np.full((2, 40), "a"), columns=[f"c{i}" for i in range(40)])
    with pytest.raises(ErrorDeDatos) as informe:
        convertir_x(red(d_in=40), tabla)
    assert len(informe.value.hallazgos) == 40
    assert "Hay 40 errores" in str(informe.value)
    assert "... y 28 más." in str(informe.value)
    assert len(str(informe.value).splitlines()) < 20


def test_palabras():
    assert contar(1, "fila") == "1 fila"
    assert contar(0, "fila") == "0 filas"
    assert contar(2, "valor", "valores") == "2 valores"
    assert enumerar("a") == "a"
    assert enumerar("abc") == "a, b y c"
    assert enumerar(map(str, range(14))).endswith("11 y 2 más")
    assert (
        str(Hallazgo("aviso", "c", "x", "Esto pasa.", "Escribe eso.")) == "Esto pasa. Escribe eso."
    )


def test_tablas_de_arrow():
    pytest.importorskip("pyarrow")
    tabla = pd.DataFrame({"a": [1, None], "b": [0.5, 2], "c": [True, False]})
    arreglo = a_arreglo(tabla.convert_dtypes(dtype_backend="pyarrow"), "x")
    np.testing.assert_array_equal(arreglo, [[1, 0.5, 1], [np.nan, 2, 0]])
