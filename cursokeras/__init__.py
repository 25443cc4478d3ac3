"""La fachada de cursokeras: los nombres públicos, cargados solo cuando se usan.

`import cursokeras as ck` tarda menos de 0.3 s porque no carga TensorFlow: cada nombre trae su
módulo la primera vez que se lo pide. Lo que solo necesita NumPy (`ck.datos`, `ck.desde_cero`)
no carga TensorFlow nunca.
"""

from pathlib import Path

import lazy_loader

__version__ = "0.1.0"
# Los nombres públicos que cambiaron de módulo se siguen encontrando donde estaban.
__path__.append(str(Path(__file__).with_name("_rutas_de_antes")))

_submodulos = ["datos", "desde_cero", "tablas_clase"]
_nombres_por_modulo = {
    "_comun.hallazgos": ["AvisoDeDatos", "ErrorDeDatos"],
    "aceleracion": ["acelerar"],
    "comparacion": ["Comparacion", "a_keras", "comparar", "desde_keras"],
    "convenciones": [
        "convertir_learning_rate",
        "convertir_perdida",
        "optimo_lineal",
        "tasa_maxima",
    ],
    "diagnostico": ["diagnosticar"],
    "dispositivos": ["descripcion_dispositivos", "elegir_estrategia"],
    "entrenamiento": ["Historia", "entrenar"],
    "evaluacion": ["evaluar", "predecir", "tabla_predicciones"],
    "graficos": [
        "graficar_confusion",
        "graficar_historia",
        "graficar_predicciones",
        "graficar_regiones",
    ],
    "guardado": ["cargar", "guardar"],
    "modelos": ["crear_binaria", "crear_clasificacion", "crear_multietiqueta", "crear_regresion"],
    "revision": ["Revision", "revisar"],
}

__getattr__, __dir__, __all__ = lazy_loader.attach(__name__, _submodulos, _nombres_por_modulo)
