"""Las variables que un paso lee y escribe: cuáles son, y crearlas antes de trazarlo.

Si una traza crea variables, TensorFlow traza todo otra vez y guarda la primera mientras viva el
proceso: el doble de espera, y una memoria que no vuelve.
"""

import contextlib

from cursokeras._backend import keras


def variables_de(modelo):
    """Devuelve todas las variables de Keras de un modelo compilado, cada una una vez.

    Primero las de la red, con las semillas de sus capas; después las del optimizador y las de
    las métricas. El orden depende solo de cómo es el modelo.
    """
    optimizador = modelo.optimizer.variables if modelo.optimizer is not None else []
    todas = [*modelo.variables, *optimizador, *modelo.metrics_variables]
    return list({id(v): v for v in todas}.values())


def crear_variables(modelo, paso, firma):
    """Crea las variables que falten, cuando Keras está por crearlas al trazar el primer lote.

    Argumentos:
        modelo: modelo compilado.
        paso: "train_step" o "test_step"; solo el primero necesita las del optimizador.
        firma: estructura de `TensorSpec` de un lote, `(x, y, sample_weight)` sin los que falten.
    """
    entrena = paso == "train_step"
    lote = keras.tree.map_structure(lambda h: keras.KerasTensor(h.shape, h.dtype.name), firma)
    # Lo que solo se calcula con datos de verdad creará sus variables en la traza, como con Keras.
    with contextlib.suppress(Exception):
        _Medidas(modelo)(*keras.utils.unpack_x_y_sample_weight(lote))
        if entrena and modelo.optimizer is not None and not modelo.optimizer.built:
            modelo.optimizer.build(modelo.trainable_variables)


class _Medidas(keras.Operation):
    """La salida, la pérdida y las métricas de un lote, que Keras recorre sin calcular nada."""

    def __init__(self, modelo):
        super().__init__(name="medidas")
        self._modelo = modelo

    def call(self, x, y, sample_weight):
        y_pred = self._modelo(x)
        perdida = self._modelo.compute_loss(x, y, y_pred, sample_weight)
        return perdida, self._modelo.compute_metrics(x, y, y_pred, sample_weight)
