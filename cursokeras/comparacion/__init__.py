"""El único lugar donde se encuentran Keras y `desde_cero`: las redes gemelas y `comparar`."""

from cursokeras.comparacion.comparar import comparar
from cursokeras.comparacion.hacia_keras import a_keras
from cursokeras.comparacion.hacia_numpy import desde_keras
from cursokeras.comparacion.resultado import Comparacion

__all__ = ["Comparacion", "a_keras", "comparar", "desde_keras"]
