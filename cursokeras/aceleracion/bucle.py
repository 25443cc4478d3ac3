"""Los pasos de Keras, uno tras otro, en un solo bucle compilado."""

from cursokeras._backend import keras, tf


class Bucle:
    """Corre `paso` (el `train_step` o el `test_step` del modelo) sobre muchos lotes por llamada.

    Argumentos:
        modelo: modelo compilado; el bucle lee y escribe sus mismas variables.
        paso: función de un lote que devuelve un diccionario con la pérdida y las métricas.
        filas: las `Filas` que se van a recorrer; solo importan su forma y su tipo.
        xla: si se compila con XLA; exige tramos siempre del mismo tamaño.
        vigilar: si se detiene cuando la pérdida deja de ser finita, como `TerminateOnNaN`.
    """

    def __init__(self, modelo, paso, filas, *, xla, vigilar=False):
        self._modelo, self._paso = modelo, paso
        self._resultado = modelo.get_metrics_result
        self._estructura = filas.estructura
        self._batch_size, self._exacto = filas.batch_size, xla or filas.lotes_completos
        self._vigilar = vigilar
        altura = filas.pasos_por_tramo * filas.batch_size if xla else None
        hojas = [tf.TensorSpec([altura, *h.shape[1:]], h.dtype) for h in filas.hojas]
        entero = tf.TensorSpec([], tf.int32)
        compilada = tf.function(self._recorrer, jit_compile=xla, autograph=False)
        self._concreta = compilada.get_concrete_function(hojas, entero, entero)

    def __call__(self, hojas, desde, hasta):
        """Corre los lotes `desde` a `hasta` del tramo y devuelve (siguiente lote, métricas)."""
        siguiente, metricas = self._concreta(hojas, tf.constant(desde), tf.constant(hasta))
        return int(siguiente), {nombre: _numero(valor) for nombre, valor in metricas.items()}

    def _recorrer(self, hojas, desde, hasta):
        def seguir(i, finita):
            return tf.logical_and(i < hasta, finita)

        def cuerpo(i, finita):
            logs = self._paso(self._lote(hojas, i))
            return i + 1, tf.math.is_finite(logs["loss"]) if self._vigilar else finita

        siguiente, _ = tf.while_loop(
            seguir, cuerpo, [desde, tf.constant(True)], parallel_iterations=1
        )
        return siguiente, self._resultado()

    def _lote(self, hojas, i):
        inicio = i * self._batch_size
        cortadas = [self._cortar(hoja, inicio) for hoja in hojas]
        return keras.tree.pack_sequence_as(self._estructura, cortadas)

    def _cortar(self, hoja, inicio):
        cortada = hoja[inicio : inicio + self._batch_size]
        if self._exacto:
            cortada = tf.ensure_shape(cortada, [self._batch_size, *hoja.shape[1:]])
        return cortada


def _numero(valor):
    """Un `float` de Python, o el arreglo si la métrica da varios números."""
    valor = valor.numpy()
    return float(valor) if valor.ndim == 0 else valor
