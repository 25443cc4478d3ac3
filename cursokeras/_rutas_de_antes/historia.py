"""Donde antes estaba `Historia`; hoy se escribe `ck.Historia`."""

from cursokeras.entrenamiento.historia import Historia

__all__ = ["Historia"]
