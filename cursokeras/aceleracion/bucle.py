"""Los pasos de Keras, uno tras otro, en un solo bucle: lo que se traza."""

from cursokeras._backend import keras, tf
from cursokeras.aceleracion.piezas_privadas import sin_sumar_replicas
from cursokeras.aceleracion.variables import variables_de

_ENTERO = tf.TensorSpec([], tf.int32)


def trazar_bucle(modelo, paso, entrada, lote, *, vigilar=False, con_xla=False, reversible=False):
    """Traza un bucle que repite un paso de Keras, con las mismas variables del modelo.

    Argumentos:
        modelo: modelo compilado.
        paso: "train_step" o "test_step", el método del modelo que se repite.
        entrada: firma (`TypeSpec`) de aquello de donde salen los lotes.
        lote: función de la entrada y del número de lote que devuelve ese lote.
        vigilar: si se detiene cuando la pérdida deja de ser finita, como `TerminateOnNaN`.
        con_xla: si el bucle entero se va a compilar con XLA.
        reversible: si entrega además el valor que tenía cada variable al comenzar.

    Devuelve:
        Función concreta (entrada, desde, hasta) → (siguiente lote, métricas, valores de antes).
    """
    dar_paso = getattr(modelo, paso)
    if modelo.jit_compile and not con_xla:
        dar_paso = tf.function(dar_paso, jit_compile=True)

    def recorrer(entrada, desde, hasta):
        antes = [tf.identity(v.value) for v in variables_de(modelo)] if reversible else []

        def seguir(i, finita):
            return tf.logical_and(i < hasta, finita)

        def cuerpo(i, finita):
            logs = dar_paso(lote(entrada, i))
            if vigilar and "loss" in logs:
                finita = tf.math.is_finite(logs["loss"])
            return i + 1, finita

        siguiente, _ = tf.while_loop(
            seguir, cuerpo, [desde, tf.constant(True)], parallel_iterations=1
        )
        return siguiente, type(modelo).get_metrics_result(modelo), antes

    compilada = tf.function(recorrer, autograph=False)
    with sin_sumar_replicas(modelo.optimizer):
        return compilada.get_concrete_function(entrada, _ENTERO, _ENTERO)


def lote_de_filas(firma, batch_size, *, completos, a_la_vista):
    """Devuelve la función que corta el lote `i`: las filas `i·batch_size` en adelante.

    Argumentos:
        firma: estructura de `TensorSpec` con la forma de un tramo de filas.
        batch_size: filas por lote.
        completos: si todos los lotes de ese tramo tienen las mismas filas.
        a_la_vista: si el paso ve cuántas filas son, como con Keras cuando todos los lotes de la
            época son iguales. Si alguno es incompleto Keras no lo sabe al trazar, y las pérdidas
            de cada salida las promedia de otra manera.
    """

    def cortar(hoja, inicio):
        if not completos:
            return hoja[inicio : inicio + batch_size]
        otras = hoja.shape.rank - 1
        lote = tf.slice(hoja, [inicio] + [0] * otras, [batch_size] + [-1] * otras)
        if a_la_vista:
            return lote
        return tf.raw_ops.PlaceholderWithDefault(input=lote, shape=[None, *hoja.shape[1:]])

    def lote(hojas, i):
        cortadas = [cortar(hoja, i * batch_size) for hoja in hojas]
        return keras.tree.pack_sequence_as(firma, cortadas)

    return lote


def lote_de_flujo(iterador, _):
    """Pide el lote siguiente a un iterador de `tf.data`."""
    return iterador.get_next()
