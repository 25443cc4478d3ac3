"""Las métricas: promedios que se acumulan lote a lote durante una época."""

import numpy as np

from cursokeras.desde_cero import losses, nombres
from cursokeras.desde_cero.revision import revisar_numero, una_de
from cursokeras.desde_cero.utils import nombre_nuevo

__all__ = [
    "AUC",
    "BinaryAccuracy",
    "BinaryCrossentropy",
    "CategoricalAccuracy",
    "CategoricalCrossentropy",
    "FalseNegatives",
    "FalsePositives",
    "MeanAbsoluteError",
    "MeanAbsolutePercentageError",
    "MeanSquaredError",
    "MeanSquaredLogarithmicError",
    "Metric",
    "Precision",
    "Recall",
    "RootMeanSquaredError",
    "SparseCategoricalAccuracy",
    "SparseCategoricalCrossentropy",
    "TrueNegatives",
    "TruePositives",
    "get",
]


class Metric:
    """Base de las métricas: el promedio de `por_fila` sobre las filas vistas.

    Argumentos:
        name: con qué nombre aparece en History.
    """

    mejora = "max"  # Hacia dónde mejora: EarlyStopping lo consulta

    def __init__(self, name=None):
        self.name = name or self.nombre
        self.reset_state()

    def reset_state(self):
        """Olvida lo acumulado."""
        self.total, self.filas = 0.0, 0

    def update_state(self, y, y_pred):
        """Suma un lote."""
        y, y_pred = np.asarray(y), np.asarray(y_pred)
        if y_pred.ndim == 1:
            y, y_pred = y[:, None], y_pred[:, None]
        self.total += float(self.por_fila(y, y_pred).sum())
        self.filas += len(y_pred)

    def result(self):
        """Devuelve el promedio hasta ahora."""
        return self.total / self.filas if self.filas else 0.0

    def por_fila(self, y, y_pred):
        """Devuelve la métrica de cada fila, (n,)."""
        raise NotImplementedError


class MeanSquaredError(Metric):
    """Error cuadrático medio."""

    nombre = "mean_squared_error"
    mejora = "min"

    def por_fila(self, y, y_pred):
        return losses.MeanSquaredError().por_fila(y, y_pred)


class RootMeanSquaredError(MeanSquaredError):
    """Raíz del error cuadrático medio, en las unidades del objetivo."""

    nombre = "root_mean_squared_error"

    def result(self):
        return super().result() ** 0.5


class MeanAbsoluteError(Metric):
    """Error absoluto medio, en las unidades del objetivo."""

    nombre = "mean_absolute_error"
    mejora = "min"

    def por_fila(self, y, y_pred):
        return losses.MeanAbsoluteError().por_fila(y, y_pred)


class BinaryAccuracy(Metric):
    """Fracción de salidas que caen del lado correcto de 0.5."""

    nombre = "binary_accuracy"

    def por_fila(self, y, y_pred):
        return ((y_pred > 0.5) == y).sum(axis=-1) / y.shape[-1]


class CategoricalAccuracy(Metric):
    """Fracción de aciertos con etiquetas one-hot; en un empate gana la primera clase."""

    nombre = "categorical_accuracy"

    def por_fila(self, y, y_pred):
        return y.argmax(axis=-1) == y_pred.argmax(axis=-1)


class SparseCategoricalAccuracy(Metric):
    """Fracción de aciertos con etiquetas enteras; en un empate gana la primera clase."""

    nombre = "sparse_categorical_accuracy"

    def por_fila(self, y, y_pred):
        return y == y_pred.argmax(axis=-1)


class _DeUnaPerdida(Metric):
    """Base de las que son el promedio de una pérdida.

    Argumentos:
        name: con qué nombre aparece en History.
        kwargs: los argumentos de la pérdida.
    """

    mejora = "min"

    def __init__(self, name=None, **kwargs):
        super().__init__(name)
        self.perdida = getattr(losses, type(self).__name__)(**kwargs)

    def por_fila(self, y, y_pred):
        self.perdida.logits = getattr(self.perdida, "from_logits", False)
        return self.perdida.por_fila(y, y_pred)


class BinaryCrossentropy(_DeUnaPerdida):
    """Entropía cruzada binaria."""

    nombre = "binary_crossentropy"


class CategoricalCrossentropy(_DeUnaPerdida):
    """Entropía cruzada con etiquetas one-hot."""

    nombre = "categorical_crossentropy"


class SparseCategoricalCrossentropy(_DeUnaPerdida):
    """Entropía cruzada con etiquetas enteras."""

    nombre = "sparse_categorical_crossentropy"


class MeanAbsolutePercentageError(_DeUnaPerdida):
    """Error absoluto en porcentaje del valor verdadero."""

    nombre = "mean_absolute_percentage_error"


class MeanSquaredLogarithmicError(_DeUnaPerdida):
    """Error cuadrático entre los logaritmos de 1 + y."""

    nombre = "mean_squared_logarithmic_error"


class _Cuenta(Metric):
    """Base de las que cuentan aciertos y errores de un sí o no.

    Argumentos:
        thresholds: desde qué probabilidad es un sí; 0.5 si es `None`.
        name: con qué nombre aparece en History; `None` los numera, como Keras: "recall_1".
    """

    def __init__(self, thresholds=None, name=None):
        self.thresholds = 0.5 if thresholds is None else thresholds
        revisar_numero("thresholds", self.thresholds, 0, 1)
        super().__init__(name or nombre_nuevo(self.nombre))

    def reset_state(self):
        """Olvida lo contado."""
        self.aciertos = self.de_mas = self.negativos = self.de_menos = 0

    def update_state(self, y, y_pred):
        """Cuenta un lote."""
        es, dice = np.asarray(y) > 0, np.asarray(y_pred) > self.thresholds
        self.aciertos += int((es & dice).sum())
        self.de_mas += int((~es & dice).sum())
        self.negativos += int((~es & ~dice).sum())
        self.de_menos += int((es & ~dice).sum())


class Precision(_Cuenta):
    """De los que la red dijo que sí, cuántos lo eran."""

    nombre = "precision"

    def result(self):
        """Devuelve la fracción, o 0 si nunca dijo que sí."""
        return self.aciertos / max(1, self.aciertos + self.de_mas)


class Recall(_Cuenta):
    """De los que eran, de cuántos la red dijo que sí."""

    nombre = "recall"

    def result(self):
        """Devuelve la fracción, o 0 si no había ninguno."""
        return self.aciertos / max(1, self.aciertos + self.de_menos)


class TruePositives(_Cuenta):
    """Cuántos eran, y la red dijo que sí."""

    nombre = "true_positives"

    def result(self):
        """Devuelve la cuenta."""
        return float(self.aciertos)


class TrueNegatives(_Cuenta):
    """Cuántos no eran, y la red dijo que no."""

    nombre = "true_negatives"

    def result(self):
        """Devuelve la cuenta."""
        return float(self.negativos)


class FalsePositives(_Cuenta):
    """Cuántos no eran, y la red dijo que sí."""

    nombre, mejora = "false_positives", "min"

    def result(self):
        """Devuelve la cuenta."""
        return float(self.de_mas)


class FalseNegatives(_Cuenta):
    """Cuántos eran, y la red dijo que no."""

    nombre, mejora = "false_negatives", "min"

    def result(self):
        """Devuelve la cuenta."""
        return float(self.de_menos)


class AUC(Metric):
    """El área bajo la curva ROC: cuántas veces un sí recibe más probabilidad que un no.

    Argumentos:
        num_thresholds: con cuántos cortes se dibuja la curva.
        curve: solo "ROC".
        name: con qué nombre aparece en History; `None` los numera, como Keras: "auc_1".
    """

    nombre = "auc"

    def __init__(self, num_thresholds=200, curve="ROC", name=None):
        una_de("curve", curve, ("ROC",))
        self.num_thresholds, self.curve = num_thresholds, curve
        medio = np.arange(1, num_thresholds - 1) / (num_thresholds - 1)
        self._cortes = np.concatenate([[-1e-7], medio, [1 + 1e-7]])[:, None]
        super().__init__(name or nombre_nuevo(self.nombre))

    def reset_state(self):
        """Olvida lo contado."""
        self._si = self._no = self._si_y_es = self._si_y_no_es = 0

    def update_state(self, y, y_pred):
        """Cuenta un lote."""
        es, dice = np.ravel(y) > 0, np.ravel(y_pred) > self._cortes
        self._si, self._no = self._si + es.sum(), self._no + (~es).sum()
        self._si_y_es = self._si_y_es + (dice & es).sum(axis=1)
        self._si_y_no_es = self._si_y_no_es + (dice & ~es).sum(axis=1)

    def result(self):
        """Devuelve el área, o 0 si falta alguna de las dos clases."""
        if not self._si or not self._no:
            return 0.0
        aciertos, falsas = self._si_y_es / self._si, self._si_y_no_es / self._no
        return float(((falsas[:-1] - falsas[1:]) * (aciertos[:-1] + aciertos[1:]) / 2).sum())


_CLASES = (
    MeanSquaredError,
    RootMeanSquaredError,
    MeanAbsoluteError,
    BinaryAccuracy,
    CategoricalAccuracy,
    SparseCategoricalAccuracy,
    *(BinaryCrossentropy, CategoricalCrossentropy, SparseCategoricalCrossentropy),
    *(MeanAbsolutePercentageError, MeanSquaredLogarithmicError),
    AUC,
    *(Precision, Recall, TruePositives, TrueNegatives, FalsePositives, FalseNegatives),
)
_ALIAS = {
    "mse": "MeanSquaredError",
    "MSE": "MeanSquaredError",
    "mae": "MeanAbsoluteError",
    "MAE": "MeanAbsoluteError",
    "mape": "MeanAbsolutePercentageError",
    "MAPE": "MeanAbsolutePercentageError",
    "msle": "MeanSquaredLogarithmicError",
    "MSLE": "MeanSquaredLogarithmicError",
    "bce": "BinaryCrossentropy",
    "BCE": "BinaryCrossentropy",
}


def get(identificador, perdida, d_out):
    """Devuelve la métrica de un nombre; "accuracy" depende de la pérdida y de las salidas.

    Argumentos:
        identificador: nombre, como "mae", u objeto Metric.
        perdida: la pérdida de la red.
        d_out: cantidad de salidas de la red.

    Lanza:
        ValueError: si el nombre no existe.
    """
    if identificador in ("accuracy", "acc"):
        return _exactitud(perdida, d_out)(name=identificador)
    tabla = nombres.tabla(__name__, Metric, _ALIAS) | {"accuracy": None}
    metrica = nombres.resolver(identificador, tabla, Metric, "la métrica")
    if isinstance(identificador, str):
        metrica.name = identificador
    enteras = isinstance(perdida, losses.SparseCategoricalCrossentropy)
    if type(metrica) in _CLASES and enteras != metrica.nombre.startswith("sparse_"):
        raise ValueError(
            f"La métrica {metrica.name!r} no sirve con la pérdida {perdida.name!r}: una compara "
            "etiquetas enteras y la otra no. Para clasificar escribe metrics=['accuracy']."
        )
    return metrica


def _exactitud(perdida, d_out):
    if d_out == 1:
        return BinaryAccuracy
    if isinstance(perdida, losses.SparseCategoricalCrossentropy):
        return SparseCategoricalAccuracy
    return CategoricalAccuracy
