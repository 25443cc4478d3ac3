"""Pesos y predicciones que no son números: cada función los nombra y no culpa a otra cosa."""

import pathlib
import tempfile

import matplotlib.pyplot as plt
import numpy as np
import pytest

import cursokeras as ck
from cursokeras import desde_cero
from cursokeras._backend import keras
from cursokeras._comun import finitos

X, Y = ck.datos.circulos()
CAPAS = keras.layers


def red(*capas, loss="binary_crossentropy", entrada=(2,)):
    modelo = keras.Sequential([keras.Input(entrada), *capas], name="red")
    modelo.compile(loss=loss)
    return modelo


def estropear(modelo, cual, valor=np.nan, cuantos=1):
    """Cambia los primeros números del peso cuya ruta termina así."""
    (peso,) = (p for p in modelo.weights if p.path.endswith(cual))
    valores = peso.numpy().copy()
    valores.flat[:cuantos] = valor
    peso.assign(valores)
    return modelo


def oculta_con_nan():
    """En CPU, una neurona relu con un peso nan da 0, y la predicción de Keras sale finita."""
    return estropear(
        red(CAPAS.Dense(4, "relu", name="oculta"), CAPAS.Dense(1, "sigmoid")), "oculta/kernel"
    )


class Subclase(keras.Model):
    def __init__(self):
        super().__init__()
        self.densa = CAPAS.Dense(1, name="densa")

    def call(self, x):
        return self.densa(x)


def subclase():
    modelo = Subclase()
    modelo(X[:1])
    return modelo


MODELOS = {
    "un kernel": (
        lambda: estropear(red(CAPAS.Dense(3, name="uno"), CAPAS.Dense(1)), "uno/kernel"),
        "kernel de la capa 'uno' (1 de 6)",
    ),
    "un sesgo infinito": (
        lambda: estropear(red(CAPAS.Dense(3, name="uno")), "bias", -np.inf, 3),
        "bias de la capa 'uno' (3 de 3)",
    ),
    "la varianza de una normalización": (
        lambda: estropear(red(CAPAS.BatchNormalization(name="norma")), "moving_variance"),
        "moving_variance de la capa 'norma' (1 de 2)",
    ),
    "una capa dentro de otra": (
        lambda: estropear(
            red(CAPAS.Bidirectional(CAPAS.LSTM(3), name="doble"), entrada=(4, 2)),
            "backward_lstm/lstm_cell/bias",
        ),
        "bias de la capa 'doble/backward_lstm/lstm_cell' (1 de 12)",
    ),
    "una subclase": (
        lambda: estropear(subclase(), "kernel"),
        "kernel de la capa 'densa' (1 de 2)",
    ),
}


@pytest.mark.parametrize("caso", MODELOS)
def test_se_nombran_la_capa_el_peso_y_cuantos(caso):
    crear, texto = MODELOS[caso]
    keras.utils.clear_session()  # Que Keras empiece de nuevo a contar los nombres que él pone.
    with pytest.raises(ck.ErrorDeDatos) as informe:
        finitos.exigir_pesos_finitos(crear())
    assert texto in str(informe.value)
    assert "ck.cargar" in str(informe.value)


def test_se_nombran_todos_a_la_vez():
    modelo = red(CAPAS.Dense(3, name="uno"), CAPAS.Dense(1, name="dos"))
    estropear(estropear(modelo, "uno/kernel"), "dos/bias")
    with pytest.raises(ck.ErrorDeDatos, match=r"kernel de la capa 'uno' \(1 de 6\) y bias de la"):
        finitos.exigir_pesos_finitos(modelo)


def test_un_modelo_sano_pasa():
    """También con semillas enteras (Dropout), sin compilar y sin pesos."""
    finitos.exigir_pesos_finitos(red(CAPAS.Dropout(0.5), CAPAS.Dense(1)))
    finitos.exigir_pesos_finitos(keras.Sequential([keras.Input((2,))]))
    finitos.exigir_optimizador_finito(keras.Sequential([keras.Input((2,)), CAPAS.Dense(1)]))


USOS = {
    "predecir": lambda m: ck.predecir(m, X),
    "predecir una fila": lambda m: ck.predecir(m, X[:1]),
    "evaluar": lambda m: ck.evaluar(m, X, Y),
    "tabla_predicciones": lambda m: ck.tabla_predicciones(m, X, Y),
    "revisar": lambda m: ck.revisar(m, X, Y).exigir(),
    "revisar solo x": lambda m: ck.revisar(m, X).exigir(),
    "entrenar": lambda m: ck.entrenar(m, X, Y, verbose=0),
    "guardar": lambda m: ck.guardar(m, pathlib.Path(tempfile.mkdtemp(), "red.keras")),
    "comparar": lambda m: ck.comparar(m, X, Y),
    "desde_keras": ck.desde_keras,
    "graficar_regiones": lambda m: ck.graficar_regiones(m, X, Y),
}


@pytest.mark.parametrize("uso", USOS)
def test_cada_funcion_lo_dice_con_las_mismas_palabras(uso):
    """También con un peso que la predicción de Keras puede no dejar ver."""
    modelo = oculta_con_nan()
    with pytest.raises(ck.ErrorDeDatos, match=r"kernel de la capa 'oculta' \(1 de 8\)") as informe:
        USOS[uso](modelo)
    assert "tasa" not in str(informe.value)
    plt.close("all")


def test_diagnosticar_lo_dice_en_lugar_de_neuronas_muertas():
    texto = ck.diagnosticar({"loss": [1.0, 0.5, 0.2]}, modelo=oculta_con_nan(), x=X)
    assert "kernel de la capa 'oculta' (1 de 8)" in texto
    assert "muertas" not in texto


def test_guardar_deja_el_archivo_anterior(tmp_path):
    ruta = tmp_path / "red.keras"
    ck.guardar(red(CAPAS.Dense(1, "sigmoid")), ruta)
    antes = ruta.read_bytes()
    with pytest.raises(ck.ErrorDeDatos, match="nan o infinitos"):
        ck.guardar(oculta_con_nan(), ruta)
    assert ruta.read_bytes() == antes


@pytest.mark.parametrize("uso", ["predecir", "evaluar", "tabla_predicciones"])
def test_una_cuenta_que_se_desborda_dice_en_que_filas(uso):
    modelo = red(CAPAS.Dense(1), loss="mse")
    modelo.set_weights([np.full((2, 1), 1e30), np.zeros(1)])
    x = np.ones((20, 2))
    x[[3, 11]] = 1e30
    llamada = {"predecir": lambda: ck.predecir(modelo, x)}.get(
        uso, lambda: getattr(ck, uso)(modelo, x, np.ones(20))
    )
    assert np.flatnonzero(~np.isfinite(modelo.predict(x, verbose=0)[:, 0])).tolist() == [3, 11]
    with pytest.raises(ck.ErrorDeDatos, match=r"en 2 filas de 20 \(3 y 11\).*se desborda"):
        llamada()


def test_una_fila_que_se_desborda():
    modelo = red(CAPAS.Dense(1), loss="mse")
    modelo.set_weights([np.full((2, 1), 1e30), np.zeros(1)])
    with pytest.raises(ck.ErrorDeDatos, match=r"en 1 fila de 1 \(0\)"):
        ck.predecir(modelo, [[1e30, 1]])


def test_un_optimizador_con_nan_no_se_confunde_con_una_tasa_grande():
    """Después de divergir con fit y volver a los pesos de antes, Adam sigue recordando nan."""
    modelo = ck.crear_binaria(2, semilla=0)
    buenos = modelo.get_weights()
    modelo.fit(X * np.nan, Y, verbose=0)
    modelo.set_weights(buenos)
    with pytest.raises(ck.ErrorDeDatos, match=r"optimizador recuerda .*momentum.*modelo\.compile"):
        ck.entrenar(modelo, X, Y, verbose=0)
    assert np.isfinite(ck.evaluar(modelo, X, Y)).all()
    modelo.compile(optimizer="adam", loss=modelo.loss)
    assert "no mejoró" in ck.entrenar(modelo, X, Y, epochs=500, patience=1, verbose=0).motivo


def test_graficar_regiones_con_otros_modelos():
    """De un modelo que no es de Keras también se dicen el peso y lo que no es un número."""
    propio = desde_cero.Sequential([desde_cero.Input((2,)), desde_cero.layers.Dense(1, "sigmoid")])
    ck.graficar_regiones(propio, X, Y)
    propio.weights[0][:] = np.nan
    with pytest.raises(ck.ErrorDeDatos, match=r"nan o infinitos: el peso 0 \(2 de 2\)"):
        ck.graficar_regiones(propio, X, Y)

    class SinPesos:
        def predict(self, x):
            return np.where(x[:, 0] > 0, np.nan, 0.2)

    with pytest.raises(ck.ErrorDeDatos, match=r"da nan o infinito en \d+ filas de 200"):
        ck.graficar_regiones(SinPesos(), X, Y)
    plt.close("all")
