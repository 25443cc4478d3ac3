"""Avisar señalando la línea del usuario, no una de las muchas que hay entre ella y el aviso.

Quien lee un aviso busca la línea que él escribió. Entre ella y el lugar donde se avisa puede haber
funciones de este paquete, y también de Keras, que llama a los callbacks desde `fit`.
"""

import sys
import warnings

from cursokeras._comun.hallazgos import AvisoDeDatos, Hallazgo

_INTERNOS = ("cursokeras", "keras", "tensorflow", "contextlib")


def avisar(*avisos):
    """Muestra cada aviso señalando la línea del usuario que llamó al paquete.

    Argumentos:
        avisos: textos con qué pasó y qué escribir, que salen como `UserWarning`; o `Hallazgo`,
            como `AvisoDeDatos`.
    """
    nivel, marco = 1, sys._getframe()
    while marco.f_back and es_interno(marco):
        nivel, marco = nivel + 1, marco.f_back
    for aviso in avisos:
        es_hallazgo = isinstance(aviso, Hallazgo)
        mensaje = AvisoDeDatos(str(aviso)) if es_hallazgo else UserWarning(aviso)
        # Un cuaderno lo muestra en un cuadro, y por esto sabe que es de este paquete.
        mensaje.hallazgo = aviso if es_hallazgo else Hallazgo("aviso", "", "", aviso, "")
        warnings.warn(mensaje, stacklevel=nivel)


def es_interno(marco):
    """Dice si un marco de la pila es de este paquete, de Keras o de TensorFlow."""
    return marco.f_globals.get("__name__", "").partition(".")[0] in _INTERNOS
