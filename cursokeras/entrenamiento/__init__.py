"""Entrenar: qué filas validan, cuándo parar, qué se ve y qué se guarda mientras tanto."""

from cursokeras.entrenamiento.entrenar import entrenar
from cursokeras.entrenamiento.historia import Historia

__all__ = ["Historia", "entrenar"]
