"""Respaldo de un entrenamiento: si se corta, la misma llamada sigue desde la última época.

`generaciones` guarda y lee los archivos, `huella` reconoce si son de este entrenamiento y
`callback` reúne al final de cada época todo lo que hace falta para seguir.
"""

from cursokeras.entrenamiento.respaldo.callback import Respaldo

__all__ = ["Respaldo"]
