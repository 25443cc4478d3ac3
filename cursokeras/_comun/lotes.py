"""Los lotes de una tabla en memoria: un orden nuevo en cada época, y repetible.

Con arreglos y una semilla global, `fit(shuffle=True)` repite el mismo orden en todas las épocas
(Keras 3.15). Aquí el orden depende de la semilla y del número de época, así que dos
entrenamientos iguales ven los mismos lotes y uno interrumpido puede seguir donde quedó.
"""

import numpy as np

from cursokeras._backend import keras


class Lotes(keras.utils.PyDataset):
    """Filas de `x` e `y` en lotes, en el orden de la época que diga `epoca`.

    Se entrena con `modelo.fit(lotes, shuffle=False, callbacks=[SeguirEpoca(lotes)])`.

    Argumentos:
        x: arreglo (n, ...) con las entradas.
        y: arreglo (n, ...) con los objetivos.
        batch_size: filas por lote; el último lote puede traer menos.
        sample_weight: arreglo (n,) con el peso de cada fila, o `None`.
        shuffle: si es `True`, cada época recorre las filas en un orden nuevo.
        semilla: entero que fija esos órdenes; `None` elige una al azar.

    Atributos:
        epoca: número de la época que se recorre, desde 0.

    Ejemplo:
        >>> import numpy as np
        >>> lotes = Lotes(np.arange(5), np.arange(5), batch_size=2, shuffle=False)
        >>> [list(x) for x, y in (lotes[i] for i in range(len(lotes)))] == [[0, 1], [2, 3], [4]]
        True
    """

    def __init__(self, x, y, *, batch_size, sample_weight=None, shuffle=True, semilla=None):
        super().__init__()
        self.x, self.y, self.sample_weight = x, y, sample_weight
        self.batch_size = batch_size
        self.shuffle = shuffle
        self.semilla = np.random.SeedSequence().entropy if semilla is None else semilla
        self.epoca = 0
        self._ultimo_orden = (None, None)

    def __len__(self):
        return -(-len(self.x) // self.batch_size)

    def __getitem__(self, i):
        filas = self.orden(self.epoca)[i * self.batch_size : (i + 1) * self.batch_size]
        lote = (self.x[filas], self.y[filas])
        return lote if self.sample_weight is None else (*lote, self.sample_weight[filas])

    def orden(self, epoca):
        """Devuelve los índices de las filas, (n,) int32, en el orden en que las ve la época."""
        if epoca != self._ultimo_orden[0]:
            filas = np.arange(len(self.x), dtype="int32")
            if self.shuffle:
                np.random.default_rng((self.semilla, epoca)).shuffle(filas)
            self._ultimo_orden = epoca, filas
        return self._ultimo_orden[1]


class SeguirEpoca(keras.callbacks.Callback):
    """Callback que pone en los `lotes` el orden de la época que `fit` va a recorrer.

    `fit` avisa también a los lotes mismos, pero pide algunos antes de la primera época y con
    varios dispositivos la cuenta queda corrida (Keras 3.15).
    """

    def __init__(self, lotes):
        super().__init__()
        self.lotes = lotes

    def on_epoch_begin(self, epoch, logs=None):
        self.lotes.epoca = epoch
