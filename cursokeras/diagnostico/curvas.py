"""Las curvas de pérdida de un entrenamiento y lo que se mide en ellas."""

from dataclasses import dataclass

import numpy as np

from cursokeras._comun.hallazgos import contar, enumerar, error
from cursokeras._comun.historias import es_historia, leer_medidas, numeros


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
        ErrorDeDatos: si no es una historia, no trae `loss`, o no tiene ninguna época.
    """
    varias = _nombres_de_varias(historia)
    if varias:
        raise error(
            "varias_historias",
            "historia",
            f"Llegó un {type(historia).__name__} con {contar(len(varias), 'historia')} y aquí se "
            "lee una.",
            f"Escribe diagnosticar(historias[{varias[0]!r}]).",
        )
    medidas = leer_medidas(historia)
    if "loss" not in medidas:
        raise error(
            "sin_perdida",
            "historia",
            f"La historia no trae la pérdida, 'loss': trae {enumerar(map(repr, medidas))}.",
            "Da lo que devuelve entrenar o modelo.fit.",
        )
    return Curvas(*(numeros(medidas, m) if m in medidas else None for m in ("loss", "val_loss")))


def _nombres_de_varias(historias):
    """Con qué se pide cada historia, si llegaron varias en una lista o en un diccionario."""
    partes = dict(enumerate(historias)) if isinstance(historias, list | tuple) else historias
    if not isinstance(partes, dict) or not any(map(es_historia, partes.values())):
        return []
    return list(partes)
