"""Entrenar: qué filas validan, cuándo parar, qué se ve y qué se guarda mientras tanto."""

from cursokeras.entrenamiento.entrenar import entrenar
from cursokeras.entrenamiento.historia import Historia
from cursokeras.entrenamiento.tasas import BusquedaDeTasa, buscar_tasa

__all__ = ["BusquedaDeTasa", "Historia", "buscar_tasa", "entrenar"]
