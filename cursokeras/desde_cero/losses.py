"""Las pérdidas y sus gradientes.

Cada pérdida escribe dos fórmulas, la de una fila y su gradiente; la clase base promedia las
filas del lote, que es la convención de Keras. Las entropías cruzadas las escriben dos veces:
desde probabilidades y desde z (los *logits*, antes de softmax o sigmoide), que es la forma
estable y la que se usa siempre que la última activación es softmax o sigmoide.
"""

import numpy as np

from cursokeras.desde_cero import nombres
from cursokeras.desde_cero.activations import sigmoid, softmax
from cursokeras.desde_cero.revision import revisar_numero, revisar_one_hot, una_por_fila
from cursokeras.desde_cero.utils import con_numpy, revisar_etiquetas

__all__ = [
    "BinaryCrossentropy",
    "CategoricalCrossentropy",
    "Huber",
    "Loss",
    "MeanAbsoluteError",
    "MeanSquaredError",
    "SparseCategoricalCrossentropy",
    "get",
]

EPSILON = 1e-7  # keras.config.epsilon(): las probabilidades se recortan a [ε, 1 − ε]


class Loss:
    """Base de las pérdidas: el promedio de `por_fila` sobre el lote.

    Las subclases escriben `por_fila(y, y_pred)` → (n,) y `gradiente_por_fila(y, y_pred)`, el
    gradiente de la pérdida de cada fila respecto a su propia predicción → (n, d).
    """

    name = None

    def por_fila(self, y, y_pred):
        """Devuelve la pérdida de cada fila, (n,)."""
        raise NotImplementedError(f"A {type(self).__name__} le falta por_fila(self, y, y_pred).")

    def gradiente_por_fila(self, y, y_pred):
        """Devuelve el gradiente de la pérdida de cada fila, (n, d)."""
        falta = "gradiente_por_fila(self, y, y_pred)"
        raise NotImplementedError(f"A {type(self).__name__} le falta {falta}.")

    def forward(self, y, y_pred, sample_weight=None):
        """Devuelve la pérdida media del lote y recuerda lo que `backward` necesita.

        Argumentos:
            y: objetivos; (n, d) o, con d = 1, (n,).
            y_pred: predicciones (n, d).
            sample_weight: peso de cada fila (n,); `None` es 1 para todas.
        """
        if y.shape != self._forma_de_y(y_pred):
            y = self.preparar(y, y_pred.shape[-1], y_pred.dtype)
        self.y, self.y_pred, self.sample_weight = y, y_pred, sample_weight
        filas = self.por_fila(y, y_pred)
        if sample_weight is not None:
            filas = filas * sample_weight
        return filas.sum() / len(filas)

    def backward(self):
        """Devuelve el gradiente de la pérdida media respecto a `y_pred`, (n, d)."""
        grad = self.gradiente_por_fila(self.y, self.y_pred)
        if self.sample_weight is not None:
            grad = grad * self.sample_weight[:, None]
        return grad / len(grad)

    def __call__(self, y, y_pred, sample_weight=None):
        y_pred = np.asarray(y_pred, dtype="float64")
        y = self.preparar(y, y_pred.shape[-1], "float64")
        return con_numpy(self.forward(y, y_pred, sample_weight))

    def preparar(self, y, d_out, dtype="float32"):
        """Devuelve `y` con la forma (n, d_out) de las predicciones, o lanza ValueError."""
        y = np.asarray(y, dtype=dtype)
        if y.ndim == 1:
            y = y[:, None]
        if y.shape[1:] != (d_out,):
            raise ValueError(
                f"y llegó con forma {y.shape} y la red tiene {d_out} salidas: se esperaba "
                f"(n, {d_out}). {self._consejo_de_forma(y, d_out)}"
            )
        return y

    def _forma_de_y(self, y_pred):
        return y_pred.shape

    def _consejo_de_forma(self, y, d_out):
        return f"Cambia la última capa a {y.shape[-1]} neuronas o revisa las columnas de y."


class MeanSquaredError(Loss):
    """Error cuadrático medio: (1/d) Σ (ŷ − y)² en cada fila.

    Ejemplo:
        >>> float(MeanSquaredError()([20, 3, 1], [[10], [8], [6]]))
        50.0
    """

    name = "mean_squared_error"

    def por_fila(self, y, y_pred):
        error = y_pred - y
        return (error * error).sum(axis=-1) / error.shape[-1]

    def gradiente_por_fila(self, y, y_pred):
        return (y_pred - y) * (2 / y.shape[-1])


class MeanAbsoluteError(Loss):
    """Error absoluto medio: (1/d) Σ |ŷ − y| en cada fila."""

    name = "mean_absolute_error"

    def por_fila(self, y, y_pred):
        return np.abs(y_pred - y).sum(axis=-1) / y.shape[-1]

    def gradiente_por_fila(self, y, y_pred):
        return np.sign(y_pred - y) / y.shape[-1]


class Huber(Loss):
    """½ e² donde el error e = ŷ − y es chico y una recta donde pasa de delta, promediado.

    Argumentos:
        delta: desde qué error deja de elevarse al cuadrado.
    """

    name = "huber"

    def __init__(self, delta=1.0):
        revisar_numero("delta", delta)
        self.delta = delta

    def por_fila(self, y, y_pred):
        error = np.abs(y_pred - y)
        recta = self.delta * error - self.delta**2 / 2
        return np.where(error <= self.delta, error * error / 2, recta).sum(axis=-1) / y.shape[-1]

    def gradiente_por_fila(self, y, y_pred):
        return np.clip(y_pred - y, -self.delta, self.delta) / y.shape[-1]


class EntropiaCruzada(Loss):
    """Base de las entropías cruzadas: la misma pérdida desde probabilidades o desde z.

    Desde p, Keras recorta antes del logaritmo: donde recorta (q ≠ p) la pendiente es 0.

    Argumentos:
        from_logits: `True` si la red entrega z, sin softmax ni sigmoide.
    """

    def __init__(self, from_logits=False):
        self.from_logits = from_logits

    def forward(self, y, y_pred, sample_weight=None, *, logits=False):
        """Como en `Loss`; con `logits=True`, `y_pred` trae z y el gradiente es respecto a z."""
        self.logits = logits or self.from_logits
        return super().forward(y, y_pred, sample_weight)

    def por_fila(self, y, y_pred):
        formula = self.por_fila_desde_z if self.logits else self.por_fila_desde_p
        return formula(y, y_pred)

    def gradiente_por_fila(self, y, y_pred):
        formula = self.gradiente_desde_z if self.logits else self.gradiente_desde_p
        return formula(y, y_pred)


class BinaryCrossentropy(EntropiaCruzada):
    """Entropía cruzada binaria: −y ln p − (1 − y) ln(1 − p), promediada en las salidas.

    Ejemplo:
        >>> float(BinaryCrossentropy()([1, 0], [[0.9], [0.2]])).__round__(6)
        0.164252
    """

    name = "binary_crossentropy"
    activacion = sigmoid

    def por_fila_desde_p(self, y, p):
        p = np.clip(p, EPSILON, 1 - EPSILON)
        return -(y * np.log(p) + (1 - y) * np.log(1 - p)).sum(axis=-1) / p.shape[-1]

    def gradiente_desde_p(self, y, p):
        # d/dp [−y ln p − (1 − y) ln(1 − p)] = (p − y) / (p (1 − p))
        q = np.clip(p, EPSILON, 1 - EPSILON)
        return (q == p) * (q - y) / (q * (1 - q)) / p.shape[-1]

    def por_fila_desde_z(self, y, z):
        # Con p = σ(z): −y ln p − (1 − y) ln(1 − p) = máx(z, 0) − z y + ln(1 + e^−|z|)
        perdida = np.maximum(z, 0) - z * y + np.log1p(np.exp(-np.abs(z)))
        return perdida.sum(axis=-1) / z.shape[-1]

    def gradiente_desde_z(self, y, z):
        # (p − y)/(p (1 − p)) · p (1 − p): al derivar sigmoide y entropía juntas queda p − y.
        return (sigmoid.forward(z) - y) / z.shape[-1]


class CategoricalCrossentropy(EntropiaCruzada):
    """Entropía cruzada con etiquetas one-hot: −Σ y ln p en cada fila.

    Ejemplo:
        >>> y = [[1, 0, 0], [0, 0, 1]]
        >>> p = [[0.1, 0.3, 0.6], [0.3, 0.2, 0.5]]
        >>> round(float(CategoricalCrossentropy()(y, p)), 4)
        1.4979
    """

    name = "categorical_crossentropy"
    activacion = softmax

    def por_fila_desde_p(self, y, p):
        p = p / p.sum(axis=-1, keepdims=True)
        return -(y * np.log(np.clip(p, EPSILON, 1 - EPSILON))).sum(axis=-1)

    def gradiente_desde_p(self, y, p):
        suma = p.sum(axis=-1, keepdims=True)
        q = p / suma
        recortado = np.clip(q, EPSILON, 1 - EPSILON)
        grad = (q == recortado) * -y / recortado
        return (grad - (grad * q).sum(axis=-1, keepdims=True)) / suma

    def por_fila_desde_z(self, y, z):
        # −Σ y ln softmax(z) = Σ y (ln Σ e^z − z)
        return (y * (_log_suma_exp(z) - z)).sum(axis=-1)

    def gradiente_desde_z(self, y, z):
        # L = ln Σ_k e^z_k − Σ y z  (y suma 1)  ⇒  dL/dz_j = e^z_j / Σ_k e^z_k − y_j
        #                                                 = softmax(z)_j − y_j
        return softmax.forward(z) - y

    def preparar(self, y, d_out, dtype="float32"):
        return revisar_one_hot(super().preparar(y, d_out, dtype))

    def _consejo_de_forma(self, y, d_out):
        if y.shape[-1] == 1:
            return (
                "Si y trae etiquetas enteras, usa loss='sparse_categorical_crossentropy' o "
                f"keras.utils.to_categorical(y, {d_out})."
            )
        return super()._consejo_de_forma(y, d_out)


class SparseCategoricalCrossentropy(EntropiaCruzada):
    """Entropía cruzada con etiquetas enteras: −ln p[y] en cada fila.

    Ejemplo:
        >>> p = [[0.1, 0.3, 0.6], [0.3, 0.2, 0.5]]
        >>> round(float(SparseCategoricalCrossentropy()([0, 2], p)), 4)
        1.4979
    """

    name = "sparse_categorical_crossentropy"
    activacion = softmax

    def por_fila_desde_p(self, y, p):
        # Keras toma ln p como si fuera z: si la fila no suma 1, la normaliza.
        return self.por_fila_desde_z(y, np.log(np.clip(p, EPSILON, 1 - EPSILON)))

    def gradiente_desde_p(self, y, p):
        q = np.clip(p, EPSILON, 1 - EPSILON)
        return (q == p) * self.gradiente_desde_z(y, np.log(q)) / q

    def por_fila_desde_z(self, y, z):
        return _log_suma_exp(z)[:, 0] - z[np.arange(len(y)), y]

    def gradiente_desde_z(self, y, z):
        # softmax(z) − one-hot(y): solo cambia la columna de la clase verdadera.
        grad = softmax.forward(z)
        grad[np.arange(len(y)), y] -= 1
        return grad

    def preparar(self, y, d_out, dtype="float32"):
        return revisar_etiquetas(una_por_fila(y, d_out), d_out)

    def _forma_de_y(self, y_pred):
        return y_pred.shape[:-1]


def _log_suma_exp(z):
    maximo = z.max(axis=-1, keepdims=True)
    return maximo + np.log(np.exp(z - maximo).sum(axis=-1, keepdims=True))


get = nombres.buscador(
    __name__,
    Loss,
    "la pérdida",
    alias={
        "mse": "MeanSquaredError",
        "MSE": "MeanSquaredError",
        "mae": "MeanAbsoluteError",
        "MAE": "MeanAbsoluteError",
        "mape": "MeanAbsolutePercentageError",
        "MAPE": "MeanAbsolutePercentageError",
        "msle": "MeanSquaredLogarithmicError",
        "MSLE": "MeanSquaredLogarithmicError",
        "kld": "KLDivergence",
        "KLD": "KLDivergence",
        "bce": "BinaryCrossentropy",
        "BCE": "BinaryCrossentropy",
    },
)
