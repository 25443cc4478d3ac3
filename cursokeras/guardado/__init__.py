"""Modelos en disco: guardarlos sin perder el anterior y cargarlos sin ejecutar nada ajeno.

Un archivo que cargar viene de cualquiera, así que se revisa por capas antes de que Keras lo vea:
`archivo` el zip, `sello` que nada cambió, `permitidos` y `tamanos` la configuración, `pesos` el
HDF5. `modelo` junta todo en `guardar` y `cargar`.
"""

from cursokeras.guardado.modelo import cargar, guardar

__all__ = ["cargar", "guardar"]
