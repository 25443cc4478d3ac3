"""La historia de un entrenamiento: la de Keras, más la mejor época y por qué terminó."""

import html

import numpy as np
import pandas as pd

from cursokeras._backend import keras
from cursokeras._comun.hallazgos import contar

_ESTADO = ("history", "epoch", "mejor_epoca", "mejor_perdida", "segundos")


class Historia(keras.callbacks.History):
    """La `History` de Keras con el relato del entrenamiento.

    Atributos:
        history: diccionario con una lista por medida (`loss`, `val_loss`, …), una entrada por
            época, como en Keras. `loss` es el promedio durante la época; `val_loss` se mide al
            final.
        epoch, params: como en Keras.
        motivo: por qué terminó, en una frase.
        segundos: cuánto duró.
        mejor_epoca: la época (desde 1) de menor pérdida de validación, o de entrenamiento si no
            hay validación; `None` si ninguna terminó con una pérdida finita.
        mejor_perdida: esa pérdida, o `None`.

    Ejemplo:
        >>> historia = Historia()
        >>> historia.set_model(keras.Sequential())
        >>> historia.on_train_begin()
        >>> for epoca, (loss, val_loss) in enumerate([(3.0, 3.1), (2.0, 2.2), (1.5, 2.4)]):
        ...     historia.on_epoch_end(epoca, {"loss": loss, "val_loss": val_loss})
        >>> historia.mejor_epoca, historia.mejor_perdida
        (2, 2.2)
    """

    def __init__(self):
        super().__init__()
        self.epoch = []
        self.mejor_epoca = None
        self.mejor_perdida = None
        self.motivo = ""
        self.segundos = 0.0

    def on_train_begin(self, logs=None):
        """No olvida las épocas, como haría Keras: pueden venir de un respaldo."""

    def on_epoch_end(self, epoch, logs=None):
        super().on_epoch_end(epoch, logs)
        perdida = logs[self.vigilada]
        if np.isfinite(perdida) and (self.mejor_epoca is None or perdida < self.mejor_perdida):
            self.mejor_epoca, self.mejor_perdida = len(self.epoch), perdida

    @property
    def vigilada(self):
        """El nombre de la pérdida que decide la mejor época: `val_loss`, o `loss` si no hay."""
        return "val_loss" if "val_loss" in self.history else "loss"

    def tabla(self):
        """Devuelve un `DataFrame` con una fila por época (desde 1) y una columna por medida."""
        epocas = pd.RangeIndex(1, len(self.epoch) + 1, name="época")
        return pd.DataFrame(self.history, index=epocas)

    def estado(self):
        """Devuelve un diccionario con todo lo que la historia lleva, para `restaurar`."""
        return {nombre: getattr(self, nombre) for nombre in _ESTADO}

    def restaurar(self, estado):
        """Vuelve a la historia de la que salió ese `estado`."""
        for nombre in _ESTADO:
            setattr(self, nombre, estado[nombre])

    def _repr_html_(self):
        """La primera época, la mejor y la última, y por qué terminó."""
        que = {1: "primera", self.mejor_epoca: "mejor", len(self.epoch): "última"}
        tabla = self.tabla()
        tabla = tabla.loc[[epoca for epoca in tabla.index if epoca in que]]
        tabla.insert(0, "", [que[epoca] for epoca in tabla.index])
        return f"<p>{html.escape(self.motivo)}</p>{tabla.to_html(float_format='{:.4g}'.format)}"

    def __repr__(self):
        mejor = "" if self.mejor_epoca is None else f", la mejor la {self.mejor_epoca}"
        epocas = contar(len(self.epoch), "época")
        return f"<Historia: {epocas} en {self.segundos:.1f} s{mejor}. {self.motivo}>"
