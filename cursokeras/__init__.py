"""La fachada de cursokeras: los nombres públicos, cargados solo cuando se usan.

`import cursokeras as ck` tarda menos de 0.3 s porque no carga TensorFlow: cada nombre trae su
módulo la primera vez que se lo pide. Lo que solo necesita NumPy (`ck.datos`, `ck.desde_cero`)
no carga TensorFlow nunca.
"""

from difflib import get_close_matches
from importlib.util import find_spec
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
    "comprobacion": ["Comprobacion", "comprobar"],
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

_cargar, __dir__, __all__ = lazy_loader.attach(__name__, _submodulos, _nombres_por_modulo)


def __getattr__(nombre):
    # `from cursokeras import entradas` pregunta primero aquí, y después lo busca como módulo.
    if nombre in __all__ or nombre.startswith("_") or find_spec(f"{__name__}.{nombre}"):
        return _cargar(nombre)
    # Con `name` puesto, Python no agrega su propia sugerencia, en inglés.
    raise AttributeError(f"cursokeras no tiene {nombre!r}. {_sugerir(nombre)}", name=nombre)


def _sugerir(nombre):
    dentro = [modulo for modulo in _submodulos if hasattr(_cargar(modulo), nombre)]
    parecidos = get_close_matches(nombre, __all__)
    opciones = [f"ck.{m}.{nombre}" for m in dentro] or [f"ck.{p}" for p in parecidos]
    if opciones:
        return f"¿Es {' o '.join(opciones)}?"
    return "Escribe dir(ck), con import cursokeras as ck, para ver todo lo que hay."
