"""Modelos en disco: guardarlos sin perder el anterior y cargarlos sin ejecutar nada ajeno.

Un archivo que cargar viene de cualquiera, así que se revisa por capas antes de que Keras lo vea:
`archivo` el zip, `sello` que nada cambió y lo `recordado`, `permitidos`, `limites` y `tamanos` la
configuración, `pesos` el HDF5. Todo lo que vaya a ocupar memoria se descuenta antes de un
`presupuesto` del tamaño del archivo: los textos en `json_ajeno`, la estructura en `costos`, y las
variables cuando Keras va a crearlas. `modelo` junta todo en `guardar` y `cargar`.
"""

from cursokeras.guardado.modelo import cargar, guardar

__all__ = ["cargar", "guardar"]
