"""Las métricas: promedios que se acumulan lote a lote durante una época."""

from cursokeras.desde_cero import losses, nombres

__all__ = [
    "BinaryAccuracy",
    "CategoricalAccuracy",
    "MeanAbsoluteError",
    "MeanSquaredError",
    "Metric",
    "RootMeanSquaredError",
    "SparseCategoricalAccuracy",
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


_CLASES = (
    MeanSquaredError,
    RootMeanSquaredError,
    MeanAbsoluteError,
    BinaryAccuracy,
    CategoricalAccuracy,
    SparseCategoricalAccuracy,
)
_ALIAS = {
    "mse": "MeanSquaredError",
    "MSE": "MeanSquaredError",
    "mae": "MeanAbsoluteError",
    "MAE": "MeanAbsoluteError",
    "rmse": "RootMeanSquaredError",
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
    if type(metrica) in _CLASES and enteras != isinstance(metrica, SparseCategoricalAccuracy):
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
