"""Los programas de los libros: los números de Keras o una línea en español, nunca otra cosa."""

import pytest

from tests.desde_cero.programas import LINEA, MISMOS, PROGRAMAS, clasificar


@pytest.mark.lenta
@pytest.mark.parametrize("nombre", PROGRAMAS)
def test_da_los_numeros_de_keras_o_dice_que_escribir(nombre):
    programa, linea = PROGRAMAS[nombre]
    clase, detalle = clasificar(programa)
    assert clase == (MISMOS if linea is None else LINEA), detalle
    assert (linea or "") in detalle


def test_una_red_distinta_no_pasa_por_igual():
    """Lo que mide estas pruebas ve la diferencia si un lado entrena con otra tasa."""
    programa = """
import keras
tasa = 0.1 if keras.__name__ == "keras" else 0.11
modelo = keras.Sequential([keras.Input((8,)), keras.layers.Dense(1)])
modelo.compile(keras.optimizers.SGD(tasa), "mse")
modelo.fit(X, precio)
"""
    assert "Keras" in clasificar(programa)[1]
