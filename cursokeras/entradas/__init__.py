"""De lo que el usuario tiene a los arreglos que Keras recibe, o una explicación en español.

Lo que sale de aquí siempre lo puede tomar el modelo: tiene la forma de su entrada o de su cabeza,
los valores que espera su pérdida y nada que falte. No juzga si los datos son buenos para
aprender; de eso se ocupa `cursokeras.revision`.
"""

from cursokeras._comun.filas import exigir_mismas_filas
from cursokeras.entradas.cabezas import cabeza_de
from cursokeras.entradas.columnas import (
    exigir_columnas_de_validacion,
    nombres_de_clases,
    recordar_clases,
    recordar_columnas,
)
from cursokeras.entradas.conversion import convertir_pesos, convertir_x, convertir_y
from cursokeras.entradas.modelo import forma_de_entrada, forma_de_salida

__all__ = [
    "cabeza_de",
    "convertir_pesos",
    "convertir_x",
    "convertir_y",
    "exigir_columnas_de_validacion",
    "exigir_mismas_filas",
    "forma_de_entrada",
    "forma_de_salida",
    "nombres_de_clases",
    "recordar_clases",
    "recordar_columnas",
]
