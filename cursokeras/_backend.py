"""El único lugar que importa Keras y TensorFlow.

Prepara el entorno antes de importarlos (registros callados, backend TensorFlow) y, si falta
alguno, dice qué escribir. Los demás módulos hacen `from cursokeras._backend import keras, tf`.
"""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
os.environ.setdefault("KERAS_BACKEND", "tensorflow")

try:
    import keras
    import tensorflow as tf
except ModuleNotFoundError as error:
    raise ModuleNotFoundError(
        f"Falta instalar {error.name!r}. Escribe: pip install -r requirements.txt "
        "(en la carpeta de cursokeras), o usa python preparar.py ejemplo.",
        name=error.name,
    ) from error

# Los avisos de "retracing" salen al crear varios modelos en un cuaderno y no dicen nada útil ahí.
tf.get_logger().setLevel("ERROR")

if keras.backend.backend() != "tensorflow":
    raise ImportError(
        f"Keras está usando el backend {keras.backend.backend()!r} y cursokeras necesita "
        "'tensorflow'. Reinicia Python y, antes de importar Keras, escribe: "
        "import os; os.environ['KERAS_BACKEND'] = 'tensorflow'"
    )

__all__ = ["keras", "tf"]
