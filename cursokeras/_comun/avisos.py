"""Mostrar un hallazgo como aviso, señalando la línea de quien llamó al paquete y no la nuestra."""

import os
import sys
import warnings
from pathlib import Path

from cursokeras._comun.hallazgos import AvisoDeDatos

_PAQUETE = f"{Path(__file__).parents[1]}{os.sep}"


def avisar(*hallazgos):
    """Muestra cada `Hallazgo` con `warnings.warn`, como `AvisoDeDatos`."""
    for hallazgo in hallazgos:
        warnings.warn(str(hallazgo), AvisoDeDatos, stacklevel=_nivel_del_usuario())


def _nivel_del_usuario():
    """Cuántos niveles hay que subir para que el aviso señale la línea de quien llamó al paquete."""
    nivel, marco = 1, sys._getframe(1)
    while marco.f_back and marco.f_code.co_filename.startswith(_PAQUETE):
        nivel, marco = nivel + 1, marco.f_back
    return nivel
