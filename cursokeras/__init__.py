"""Redes neuronales para la clase, en español, con modelos de Keras corrientes.

    import cursokeras as ck

    x, y = ck.datos.circulos()                          # o datos.leer_tabla("mis_datos.csv")
    modelo = ck.crear_binaria(2, ocultas=(16, 16))      # un keras.Sequential, ya compilado
    historia = ck.entrenar(modelo, x, y)                # valida, para a tiempo, deja lo mejor
    ck.evaluar(modelo, *ck.datos.circulos(semilla=1))   # con filas que no vio
    ck.graficar_historia(historia)

Qué hay, por tarea; `help(ck.entrenar)` explica una, con un ejemplo:

- crear:     crear_regresion, crear_clasificacion, crear_binaria, crear_multietiqueta
- entrenar:  revisar, entrenar, diagnosticar, buscar_tasa, acelerar, elegir_estrategia
- medir:     evaluar, predecir, tabla_predicciones, peores
- mirar:     graficar_historia, graficar_predicciones, graficar_residuos, graficar_confusion,
             graficar_regiones, graficar_imagenes, graficar_red, graficar_activaciones,
             graficar_paisaje, graficar_pesos, PALETA
- guardar:   guardar, cargar
- comparar:  comparar, comprobar (un ejercicio), desde_keras, a_keras, y el módulo desde_cero, la
             API de Keras en NumPy
- entender:  convertir_perdida, convertir_learning_rate, tasa_maxima, optimo_lineal, tablas_clase
- datos:     el módulo datos, con los del curso y leer_tabla para los tuyos
"""

import sys
from difflib import get_close_matches
from importlib.util import find_spec
from pathlib import Path

import lazy_loader

__version__ = "0.1.0"
# Los nombres públicos que cambiaron de módulo se siguen encontrando donde estaban.
__path__.append(str(Path(__file__).with_name("_rutas_de_antes")))

# `import cursokeras` tarda menos de 0.3 s porque no carga TensorFlow: cada nombre trae su módulo
# la primera vez que se lo pide. Lo que solo necesita NumPy (datos, desde_cero) no lo carga nunca.
_submodulos = ["datos", "desde_cero", "tablas_clase"]
_nombres_por_modulo = {
    "_comun.hallazgos": ["AvisoDeDatos", "ErrorDeDatos"],
    "_comun.paleta": ["PALETA"],
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
    "entrenamiento": ["BusquedaDeTasa", "Historia", "buscar_tasa", "entrenar"],
    "evaluacion": ["evaluar", "peores", "predecir", "tabla_predicciones"],
    "graficos": [
        "graficar_activaciones",
        "graficar_confusion",
        "graficar_historia",
        "graficar_imagenes",
        "graficar_paisaje",
        "graficar_pesos",
        "graficar_predicciones",
        "graficar_red",
        "graficar_regiones",
        "graficar_residuos",
    ],
    "guardado": ["cargar", "guardar"],
    "modelos": ["crear_binaria", "crear_clasificacion", "crear_multietiqueta", "crear_regresion"],
    "revision": ["Revision", "revisar"],
}

_cargar, __dir__, __all__ = lazy_loader.attach(__name__, _submodulos, _nombres_por_modulo)

if "IPython" in sys.modules:
    from cursokeras._comun import cuaderno as _cuaderno

    _cuaderno.instalar()


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
