"""El único lugar que importa Keras y TensorFlow.

Prepara el entorno antes de importarlos (registros callados, backend TensorFlow) y, si no cargan,
dice qué escribir. Los demás módulos hacen `from cursokeras._backend import keras, tf`.
"""

import os

from cursokeras._comun.carga import explicar, sin_registros

try:
    with sin_registros():
        os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
        os.environ.setdefault("KERAS_BACKEND", "tensorflow")
        import keras
        import tensorflow as tf

        # Los avisos de "retracing" salen al crear varios modelos en un cuaderno y no dicen nada
        # útil ahí.
        tf.get_logger().setLevel("ERROR")
        _backend_de_keras = keras.backend.backend()
except ModuleNotFoundError as error:
    raise ModuleNotFoundError(
        f"Falta instalar {error.name!r}. Escribe: pip install -r requirements.txt "
        "(en la carpeta de cursokeras), o usa python preparar.py ejemplo.",
        name=error.name,
    ) from error
except Exception as error:  # Según lo que falte, un ImportError, TypeError, AttributeError…
    explicacion = explicar(error)
    if explicacion is None:
        raise
    raise ImportError(explicacion) from error

if _backend_de_keras != "tensorflow":
    raise ImportError(
        f"Keras está usando el backend {_backend_de_keras!r} y cursokeras necesita "
        "'tensorflow'. Reinicia Python y, antes de importar Keras, escribe: "
        "import os; os.environ['KERAS_BACKEND'] = 'tensorflow'"
    )

__all__ = ["keras", "tf"]
