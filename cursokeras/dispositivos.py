"""Qué estrategia de tf.distribute sirve a esta máquina, y nada más.

Sin GPU o con una, la estrategia por defecto de TensorFlow; con dos o más, una sola
MirroredStrategy por proceso (una segunda choca con la primera). El estudiante no la ve: los
constructores de modelos crean sus variables dentro de ella.
"""

import contextlib
import functools
import json
import os

from cursokeras._backend import tf


def elegir_estrategia():
    """Devuelve la estrategia de tf.distribute para las GPU de esta máquina.

    Devuelve:
        `tf.distribute.Strategy`: la estrategia por defecto con ninguna o una GPU, o una
        `MirroredStrategy`, siempre la misma, con dos o más.

    Lanza:
        ValueError: si `TF_CONFIG` nombra un clúster de varias máquinas.

    Ejemplo:
        >>> elegir_estrategia().num_replicas_in_sync >= 1
        True
    """
    rechazar_cluster()
    gpus = tf.config.list_logical_devices("GPU")
    if len(gpus) < 2:
        return tf.distribute.get_strategy()
    return _estrategia_espejo(tuple(gpu.name for gpu in gpus))


def descripcion_dispositivos():
    """Devuelve en palabras con qué se va a entrenar: cuántas CPU y GPU, y cómo se reparten.

    Ejemplo:
        >>> print(descripcion_dispositivos())
        Se usará la CPU (... núcleos)...
    """
    rechazar_cluster()
    gpus = tf.config.list_physical_devices("GPU")
    nucleos = os.cpu_count()
    if not gpus:
        return f"Se usará la CPU ({nucleos} núcleos): no hay GPU visible para TensorFlow."
    nombres = ", ".join(_nombre(gpu) for gpu in gpus)
    if len(gpus) == 1:
        return f"Se usará 1 GPU: {nombres}."
    return f"Se usarán {len(gpus)} GPU, que se reparten cada lote: {nombres}."


def ambito():
    """Devuelve el contexto donde crear variables: el de quien llama o el de esta máquina."""
    if tf.distribute.has_strategy():
        return contextlib.nullcontext()
    return elegir_estrategia().scope()


def contar_replicas(modelo):
    """Devuelve entre cuántos dispositivos se reparte cada lote de `modelo`.

    Lanza:
        ValueError: si el modelo se creó para varias máquinas.
    """
    estrategia = modelo.distribute_strategy
    if isinstance(estrategia, tf.distribute.MultiWorkerMirroredStrategy):
        raise ValueError(
            "El modelo se creó con MultiWorkerMirroredStrategy (varias máquinas) y cursokeras "
            "entrena en una sola. Crea el modelo fuera de esa estrategia."
        )
    return estrategia.num_replicas_in_sync


def rechazar_cluster():
    """Lanza ValueError si `TF_CONFIG`, la variable de entorno, nombra un clúster."""
    texto = os.environ.get("TF_CONFIG", "")
    if not texto.strip():
        return
    try:
        cluster = json.loads(texto).get("cluster", {})
        maquinas = sum(len(direcciones) for direcciones in cluster.values())
    except (ValueError, AttributeError, TypeError) as error:
        raise ValueError(
            f"La variable de entorno TF_CONFIG no se entiende: {texto!r}. Se esperaba JSON como "
            '{"cluster": {"worker": ["host:puerto"]}}. Si no la necesitas, escribe antes de '
            "importar: import os; os.environ.pop('TF_CONFIG', None)"
        ) from error
    if maquinas > 1:
        raise ValueError(
            f"TF_CONFIG nombra un clúster de {maquinas} máquinas y esta versión de cursokeras "
            "entrena en una sola. Para usar solo esta, escribe antes de importar: "
            "import os; os.environ.pop('TF_CONFIG', None)"
        )


@functools.cache
def _estrategia_espejo(nombres):
    return tf.distribute.MirroredStrategy(nombres)


def _nombre(gpu):
    detalles = tf.config.experimental.get_device_details(gpu)
    return detalles.get("device_name", gpu.name)
