"""Las variables que Keras crearía al trazar el primer paso, creadas antes.

Si una traza crea variables, TensorFlow traza todo otra vez y guarda la primera mientras viva el
proceso: el doble de espera, y una memoria que no vuelve.
"""

import contextlib

from cursokeras._backend import keras


def crear_variables(modelo, firma):
    """Crea las variables del optimizador, de la pérdida y de las métricas, si faltan.

    Argumentos:
        modelo: modelo compilado; si no está construido no se le hace nada.
        firma: estructura de `TensorSpec` de un lote, `(x, y, sample_weight)` sin los que falten.
    """
    if not modelo.built:
        return
    if modelo.optimizer is not None and not modelo.optimizer.built:
        modelo.optimizer.build(modelo.trainable_variables)
    # Lo que solo se calcula con datos de verdad creará sus variables en la traza, como con Keras.
    with contextlib.suppress(Exception):
        _Medidas(modelo)(*_lote_simbolico(modelo, firma))


class _Medidas(keras.Operation):
    """La pérdida y las métricas de un lote, que Keras puede recorrer sin calcular nada."""

    def __init__(self, modelo):
        super().__init__()
        self._modelo = modelo

    def call(self, x, y, y_pred, sample_weight):
        perdida = self._modelo.compute_loss(x, y, y_pred, sample_weight)
        return perdida, self._modelo.compute_metrics(x, y, y_pred, sample_weight)


def _lote_simbolico(modelo, firma):
    lote = keras.tree.map_structure(lambda h: keras.KerasTensor(h.shape, h.dtype.name), firma)
    x, y, sample_weight = keras.utils.unpack_x_y_sample_weight(lote)
    return x, y, modelo.compute_output_spec(x), sample_weight
