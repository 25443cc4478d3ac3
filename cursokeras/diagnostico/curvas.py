"""Las curvas de pérdida de un entrenamiento y lo que se mide en ellas."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from cursokeras._comun.hallazgos import error


@dataclass(frozen=True)
class Curvas:
    """Las pérdidas de cada época.

    Argumentos:
        entrenamiento: (épocas,).
        validacion: (épocas,), o `None` si no hubo validación.
    """

    entrenamiento: np.ndarray
    validacion: np.ndarray | None

    def __len__(self):
        return len(self.entrenamiento)

    @property
    def vigilada(self):
        """La curva que decide la mejor época."""
        return self.entrenamiento if self.validacion is None else self.validacion

    @property
    def mejor(self):
        """El índice de la mejor época."""
        return int(self.vigilada.argmin())

    @property
    def decima(self):
        """Cuántas épocas son la décima parte del entrenamiento."""
        return max(len(self) // 10, 1)

    def final(self, curva):
        """La pérdida al terminar: la mediana de la última décima parte."""
        return float(np.median(curva[-self.decima :]))

    def baja_al_final(self, curva):
        """Qué parte de la pérdida bajó en la última décima parte, respecto de la anterior."""
        antes = float(np.median(curva[-2 * self.decima : -self.decima]))
        return (antes - self.final(curva)) / abs(antes) if antes else 0.0

    def vaiven(self):
        """En la segunda mitad: el cambio medio de una época a otra, y cuántas veces se invierte.

        El cambio es una proporción de la pérdida, y las inversiones, de las épocas: 0.1 y 0.5 son
        una curva que sube o baja un 10 % y cambia de dirección una de cada dos veces.
        """
        mitad = self.vigilada[len(self) // 2 :]
        pasos = np.diff(mitad)
        inversiones = np.mean(pasos[1:] * pasos[:-1] < 0) if len(pasos) > 1 else 0.0
        return np.abs(pasos).mean() / max(abs(mitad.mean()), 1e-30), inversiones


def leer_curvas(historia):
    """Lee las curvas de una History de Keras, de su diccionario o de una tabla.

    Lanza:
        ErrorDeDatos: si no trae `loss`, o no tiene ninguna época.
    """
    medidas = getattr(historia, "history", historia)
    if not isinstance(medidas, dict | pd.DataFrame) or "loss" not in medidas:
        raise error(
            "sin_historia",
            "historia",
            f"historia es de tipo {type(historia).__name__} y no trae la pérdida, 'loss'.",
            "Da lo que devuelve entrenar o modelo.fit.",
        )
    perdidas = [np.asarray(medidas[c], float) for c in ("loss", "val_loss") if c in medidas]
    if not perdidas[0].size:
        raise error(
            "sin_epocas", "historia", "La historia no tiene ninguna época.", "Entrena al menos una."
        )
    return Curvas(perdidas[0], perdidas[1] if len(perdidas) > 1 else None)
