"""Datos para la clase: tablas e imágenes que viajan con el paquete, y problemas inventados.

Todo funciona sin internet y sin TensorFlow (salvo `moda(completo=True)`). Cada función devuelve
un `Conjunto`, que se desempaca como `x, y = datos.xor()`; `leer_tabla` lee los datos propios.
"""

from cursokeras.datos.clase import estudiantes, pacientes
from cursokeras.datos.conjunto import Conjunto
from cursokeras.datos.imagenes import moda
from cursokeras.datos.lectura import leer_tabla
from cursokeras.datos.reales import W_DULONG, autos, combustibles, dulong
from cursokeras.datos.sinteticos import circulos, espiral, lineal, polinomio, xor

__all__ = [
    "W_DULONG",
    "Conjunto",
    "autos",
    "circulos",
    "combustibles",
    "dulong",
    "espiral",
    "estudiantes",
    "leer_tabla",
    "lineal",
    "moda",
    "pacientes",
    "polinomio",
    "xor",
]
