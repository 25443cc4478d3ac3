"""Los constructores de modelos, y las opciones que aceptan."""

from cursokeras.modelos.constructores import (
    crear_binaria,
    crear_clasificacion,
    crear_multietiqueta,
    crear_regresion,
)

__all__ = ["crear_binaria", "crear_clasificacion", "crear_multietiqueta", "crear_regresion"]
