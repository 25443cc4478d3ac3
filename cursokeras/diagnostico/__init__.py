"""Leer las curvas de un entrenamiento: qué muestran, en una o dos frases, y qué probar."""

from cursokeras.diagnostico.informe import diagnosticar

__all__ = ["diagnosticar"]
