"""La tabla de argumentos: qué sirve, qué no, y todos los que no sirven a la vez."""

import numpy as np
import pandas as pd
import pytest

import cursokeras as ck
from cursokeras import desde_cero
from cursokeras._comun.argumentos import es_entero_desde, es_numero, leer

BUENOS = {
    "d_in": [1, np.int32(8)],
    "epochs": [1, 10**6],
    "batch_size": [1, 2**31 - 1],
    "semilla": [0, None, np.uint64(3)],
    "patience": [0, None],
    "validation_split": [0, 0.5, np.float32(0.25)],
    "brecha": [None, 0.5, 3],
    "dropout": [0, 0.99],
    "l2": [0, 1e-3],
    "verbose": ["auto", 0, 1, 2],
    "acelerar": [True, np.False_],
    "tolerancia": [1e-4],
}
MALOS = {
    "n": [0, 10**8 + 1, 2**64],
    "d_in": [0, -1, 2**64, 2.0, "8", True, np.True_, None, float("nan")],
    "epochs": [0, 2**31, 2.5, "10", True, None],
    "batch_size": [0, 2**31, 2**64, 2.5, "8", True],
    "semilla": [-1, 1.5, "0", True],
    "patience": [-1, 2.5, "10"],
    "validation_split": [1, -0.1, float("nan"), "0.2", True],
    "brecha": [0, float("inf"), "50%"],
    "dropout": [1, -0.1, "0.2", None],
    "l2": [-1, float("nan"), "1"],
    "verbose": [3, "si", None],
    "acelerar": ["no", 1, None],
    "tolerancia": [0, 1, None],
}


@pytest.mark.parametrize(("nombre", "valor"), [(n, v) for n, vs in BUENOS.items() for v in vs])
def test_lo_que_sirve_se_devuelve(nombre, valor):
    assert leer(nombre, valor) == valor


@pytest.mark.parametrize(("nombre", "valor"), [(n, v) for n, vs in MALOS.items() for v in vs])
def test_lo_que_no_sirve_se_explica(nombre, valor):
    with pytest.raises(ck.ErrorDeDatos, match=rf"{nombre}=.*se esperaba .* por ejemplo, {nombre}"):
        leer(nombre, valor)


def test_un_entero_es_lo_mismo_en_todas_partes():
    assert all(es_entero_desde(1, n) for n in (1, np.int8(3), np.uint64(9)))
    assert not any(es_entero_desde(1, n) for n in (True, np.True_, 1.0, "1", None, 0))
    assert es_numero(np.float32(2))
    assert not any(es_numero(n) for n in (True, "2", None, float("inf")))


LLAMADAS = {
    "lineal": lambda: ck.datos.lineal(n=True),
    "espiral": lambda: ck.datos.espiral(clases=2.5),
    "semilla": lambda: ck.datos.circulos(semilla=1.5),
    "Dense": lambda: desde_cero.layers.Dense(True),
    "SGD": lambda: desde_cero.optimizers.SGD(True),
    "comparar": lambda: ck.comparar(ck.crear_regresion(1), [[1.0]], [1.0], batch_size=2.5),
}


@pytest.mark.parametrize("llamar", LLAMADAS.values(), ids=LLAMADAS.keys())
def test_los_enteros_se_miran_en_todo_el_paquete(llamar):
    with pytest.raises(ValueError, match=r"entero|número|positivo"):
        llamar()


def test_todos_los_que_no_sirven_se_dicen_juntos():
    with pytest.raises(ck.ErrorDeDatos) as informe:
        ck.crear_regresion(0, 0, activacion="rlu", loss="msee", optimizer="adan", semilla=-1)
    assert len(informe.value.hallazgos) == 6
    with pytest.raises(ck.ErrorDeDatos, match=r"(?s)epochs=0.*batch_size=0.*patience=-1"):
        ck.entrenar(ck.crear_regresion(1), [[1.0]], [1.0], epochs=0, batch_size=0, patience=-1)


def test_una_tabla_no_se_imprime_entera():
    tabla = pd.DataFrame(np.ones((50, 8)))
    with pytest.raises(ValueError, match=r"DataFrame de forma \(50, 8\).*d_in=x.shape\[1\]") as e:
        ck.crear_regresion(tabla)
    assert len(str(e.value)) < 200


def test_un_lote_mayor_que_las_filas_son_todas():
    x, y = ck.datos.lineal(n=20)
    pesos = []
    for batch_size in (20, 2**31 - 1):
        modelo = ck.crear_regresion(2, semilla=0)
        opciones = {"validation_split": 0, "semilla": 0, "verbose": 0}
        ck.entrenar(modelo, x, y, epochs=3, batch_size=batch_size, **opciones)
        pesos.append(modelo.get_weights()[0])
    np.testing.assert_array_equal(*pesos)
