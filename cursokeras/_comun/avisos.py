"""Avisar señalando la línea del usuario, no una de las muchas que hay entre ella y el aviso.

Quien lee un aviso busca la línea que él escribió. Entre ella y el lugar donde se avisa puede haber
funciones de este paquete, y también de Keras, que llama a los callbacks desde `fit`.
"""

import sys
import warnings

_INTERNOS = ("cursokeras", "keras", "tensorflow", "contextlib")


def avisar(mensaje, categoria=UserWarning):
    """Muestra un aviso que señala la línea del usuario que llamó al paquete.

    Argumentos:
        mensaje: qué pasó y qué escribir.
        categoria: la clase del aviso, una subclase de `Warning`.
    """
    nivel, marco = 1, sys._getframe()
    while marco.f_back and es_interno(marco):
        nivel, marco = nivel + 1, marco.f_back
    warnings.warn(mensaje, categoria, stacklevel=nivel)


def es_interno(marco):
    """Dice si un marco de la pila es de este paquete, de Keras o de TensorFlow."""
    return marco.f_globals.get("__name__", "").partition(".")[0] in _INTERNOS
