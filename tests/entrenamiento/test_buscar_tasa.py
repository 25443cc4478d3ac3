"""buscar_tasa: las pérdidas son las de Keras, y el modelo queda como estaba."""

import numpy as np
import pytest

import cursokeras as ck
from cursokeras._backend import keras
from cursokeras._comun.lotes import Lotes, SeguirEpoca

X, Y = ck.datos.lineal(n=120, ruido=0.1, semilla=0)


def lineal(optimizer="sgd", **opciones):
    return ck.crear_regresion(2, optimizer=optimizer, semilla=0, **opciones)


def test_cada_perdida_es_la_de_entrenar_con_keras_desde_el_comienzo():
    modelo = ck.crear_regresion(2, ocultas=(4,), semilla=0)
    inicio = modelo.get_weights()
    busqueda = ck.buscar_tasa(modelo, X, Y, desde=1e-3, hasta=0.1, cuantas=3, epochs=2, semilla=5)
    np.testing.assert_allclose(busqueda.tabla["tasa"], [1e-3, 1e-2, 1e-1])
    for tasa, perdida in busqueda.tabla[["tasa", "pérdida"]].to_numpy():
        otro = keras.models.clone_model(modelo)
        otro.compile(keras.optimizers.Adam(tasa), "mse")
        otro.set_weights(inicio)
        lotes = Lotes(X, Y[:, None], batch_size=32, semilla=5)
        otro.fit(lotes, epochs=2, shuffle=False, verbose=0, callbacks=[SeguirEpoca(lotes)])
        esperada = otro.evaluate(X, Y, verbose=0, return_dict=True)["loss"]
        assert perdida == pytest.approx(esperada, rel=1e-4)
    assert busqueda.mejor == busqueda.tabla.set_index("tasa")["pérdida"].idxmin()


@pytest.mark.parametrize("optimizer", ["sgd", "adam", "rmsprop"])
def test_el_modelo_queda_como_estaba(optimizer):
    modelo = lineal(optimizer, dropout=0.2, ocultas=(3,), learning_rate=0.007)
    ck.entrenar(modelo, X, Y, epochs=2, semilla=0, verbose=0)
    variables = [*modelo.variables, *modelo.optimizer.variables]
    antes = [variable.numpy() for variable in variables]
    ck.buscar_tasa(modelo, X, Y, cuantas=3, epochs=1)
    for variable, valor in zip(variables, antes, strict=True):
        np.testing.assert_array_equal(variable.numpy(), valor, err_msg=variable.path)
    assert float(modelo.optimizer.learning_rate) == pytest.approx(0.007)


def test_tambien_si_algo_falla_a_la_mitad(monkeypatch):
    modelo = lineal()
    antes = modelo.get_weights()

    def fallar(*args, **kwargs):
        modelo.set_weights([peso + 1 for peso in antes])
        raise RuntimeError("a propósito")

    monkeypatch.setattr("cursokeras.entrenamiento.tasas.SeguirEpoca", fallar)
    with pytest.raises(RuntimeError, match="a propósito"):
        ck.buscar_tasa(modelo, X, Y)
    for peso, valor in zip(modelo.get_weights(), antes, strict=True):
        np.testing.assert_array_equal(peso, valor)


class TestTasaMaxima:
    def test_la_del_modelo_lineal_separa_las_que_divergen(self):
        opciones = {"batch_size": len(X), "epochs": 60, "cuantas": 9}
        busqueda = ck.buscar_tasa(lineal(), X, Y, desde=0.1, hasta=10, **opciones)
        assert busqueda.limite == pytest.approx(ck.tasa_maxima(X))
        np.testing.assert_array_equal(
            busqueda.tabla["diverge"], busqueda.tabla["tasa"] > busqueda.limite
        )

    @pytest.mark.parametrize(
        "crear",
        [
            lambda: lineal("adam"),
            lambda: lineal(ocultas=(3,)),
            lambda: lineal(loss="mae"),
            lambda: lineal(keras.optimizers.SGD(0.1, momentum=0.9)),
        ],
        ids=["Adam", "con ocultas", "mae", "con impulso"],
    )
    def test_de_los_demas_no_se_dice(self, crear):
        assert ck.buscar_tasa(crear(), X, Y, cuantas=2, epochs=1).limite is None


class TestLoQueDice:
    def test_la_mejor_y_cuanto_bajo(self):
        texto = repr(ck.buscar_tasa(lineal(), X, Y, desde=1e-4, hasta=1, cuantas=5))
        assert texto.startswith("La mejor de 5 tasas, de 0.0001 a 1, es 0.1: en 3 épocas la ")

    def test_en_el_borde_propone_seguir(self):
        texto = repr(ck.buscar_tasa(lineal(), X, Y, desde=1e-5, hasta=1e-4, cuantas=2))
        assert texto.endswith("Es la mayor que se probó: prueba con hasta=0.001.")

    def test_si_todas_divergen(self):
        busqueda = ck.buscar_tasa(lineal(), X, Y, desde=10, hasta=1000, cuantas=3)
        assert busqueda.mejor is None
        assert repr(busqueda).startswith("Todas divergen de 3 tasas")
        assert "prueba con otras menores: desde=0.01" in repr(busqueda).lower()
        assert busqueda.tabla["diverge"].all()

    def test_el_grafico_marca_la_mejor_el_limite_y_las_que_divergen(self):
        busqueda = ck.buscar_tasa(lineal(), X, Y, desde=1e-3, hasta=100, cuantas=6)
        ejes = busqueda.graficar()
        rotulos = ejes.get_legend_handles_labels()[1]
        assert rotulos == [
            "después de entrenar", "antes de entrenar", "mejor: 0.1", "diverge",
            f"tasa_maxima: {busqueda.limite:.3g}",
        ]  # fmt: skip
        buenas = busqueda.tabla[~busqueda.tabla["diverge"]]
        np.testing.assert_allclose(ejes.lines[0].get_xydata(), buenas[["tasa", "pérdida"]])
        assert ejes.get_xscale() == "log"
        assert ejes.get_title() == "Pérdida después de 3 épocas con cada tasa"
        assert ejes.get_xlabel() == "Tasa de aprendizaje (escala logarítmica)"

    def test_en_un_cuaderno_es_una_tabla(self):
        assert "<table" in ck.buscar_tasa(lineal(), X, Y, cuantas=2, epochs=1)._repr_html_()


def sin_optimizador():
    modelo = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    modelo.compile(None, "mse")
    return modelo


def plan():
    tasa = keras.optimizers.schedules.ExponentialDecay(0.1, 10, 0.9)
    modelo = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    modelo.compile(keras.optimizers.SGD(tasa), "mse")
    return modelo


@pytest.mark.parametrize(
    ("modelo", "opciones", "explicacion"),
    [
        (lineal, {"desde": 1, "hasta": 0.1}, "desde=1 y hasta=0.1: se esperaban dos tasas"),
        (lineal, {"desde": 0}, "desde=0 y hasta=1.0"),
        (lineal, {"cuantas": 1}, "cuántas tasas probar, un entero de 2 a 1000"),
        (lineal, {"cuantas": 1, "epochs": 0}, "Hay 2 errores"),
        (sin_optimizador, {}, "se compiló con optimizer=None"),
        (plan, {}, r"cambia sola.*Adam\(learning_rate=0\.001\)"),
        (lambda: keras.Sequential([keras.layers.Dense(1)]), {}, "no sabe cuántas columnas"),
        (lambda: ck.crear_regresion(5), {}, "columnas"),
    ],
    ids=[
        "al revés",
        "cero",
        "una",
        "dos errores",
        "sin optimizador",
        "con plan",
        "sin construir",
        "otras columnas",
    ],
)
def test_dice_que_llego_y_que_escribir(modelo, opciones, explicacion):
    with pytest.raises(ValueError, match=explicacion):
        ck.buscar_tasa(modelo(), X, Y, **opciones)
