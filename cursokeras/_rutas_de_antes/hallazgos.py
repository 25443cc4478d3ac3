"""Donde antes estaban `AvisoDeDatos` y `ErrorDeDatos`; hoy se escriben `ck.AvisoDeDatos`, …"""

from cursokeras._comun.hallazgos import AvisoDeDatos, ErrorDeDatos

__all__ = ["AvisoDeDatos", "ErrorDeDatos"]
