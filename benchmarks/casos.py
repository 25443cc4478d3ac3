"""El trabajo que se mide: los mismos datos, red, lote y épocas para todos los contendientes."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Caso:
    """Un entrenamiento completo.

    Atributos:
        nombre: cómo se llama en la tabla.
        n, n_val, d_in: filas de entrenamiento, de validación y columnas.
        ocultas: unidades de cada capa oculta, con relu.
        d_out: unidades de salida.
        batch_size, epochs: filas por lote y vueltas.
        optimizer: "sgd" (tasa 0.01) o "adam" (tasa 0.001).
        clases: si es clasificación con softmax en vez de regresión.
        parada: si se usa EarlyStopping con `patience=10`.
        tipo: "densa", "convolución" o "recurrente", la primera capa de la red.
        rivales: contendientes que corren además de cursokeras y Keras.
        barra: cuántas veces más rápido que Keras se espera de principio a fin.
        barra_epoca: lo mismo para una época ya en régimen; 0 si no se pide.
    """

    nombre: str
    n: int
    n_val: int
    d_in: int
    ocultas: tuple
    d_out: int
    batch_size: int
    epochs: int
    optimizer: str = "sgd"
    clases: bool = False
    parada: bool = False
    tipo: str = "densa"
    rivales: tuple = ("keras_spe",)
    barra: float = 1.0
    barra_epoca: float = 0.0

    @property
    def learning_rate(self):
        """La tasa de aprendizaje que usan todos."""
        return {"sgd": 0.01, "adam": 0.001}[self.optimizer]

    @property
    def pasos(self):
        """Lotes por época."""
        return -(-self.n // self.batch_size)

    def generar(self):
        """Devuelve (x, y, x_val, y_val) con ruido fijo, en float32 o clases enteras."""
        azar = np.random.default_rng(0)
        total = self.n + self.n_val
        x = azar.standard_normal((total, self.d_in), dtype="float32")
        senal = x @ azar.standard_normal((self.d_in, self.d_out), dtype="float32")
        if self.clases:
            y = senal.argmax(axis=1).astype("int32")
        else:
            ruido = azar.standard_normal(senal.shape, dtype="float32")
            y = np.tanh(senal / np.sqrt(self.d_in)) + 0.1 * ruido
        return x[: self.n], y[: self.n], x[self.n :], y[self.n :]


TODOS = (
    "keras_spe",
    "desde_cero",
    "numpy",
    "sklearn",
    "torch_dataloader",
    "torch_directo",
    "jax_scan",
)
_AULA = {
    "n": 8192,
    "n_val": 2048,
    "d_in": 10,
    "ocultas": (50, 25),
    "d_out": 1,
    "batch_size": 32,
    "epochs": 30,
    "rivales": TODOS,
    "barra_epoca": 25,
}
# Cuántas veces más rápido que Keras se espera de cada modelo igual a otro que ya se entrenó.
BARRAS_DE_IGUALES = {
    ("aula", "sgd"): 38,
    ("aula", "adam"): 34,
    ("pizarrón", "sgd"): 40,
    ("tabla", "adam"): 25,
}
CASOS = (
    Caso("aula", optimizer="sgd", barra=14, **_AULA),
    Caso("aula", optimizer="adam", barra=12, **_AULA),
    Caso("pizarrón", 8, 0, 4, (5,), 2, 2, 200, rivales=TODOS, barra=15),
    Caso("tabla", 1149, 287, 8, (50, 25), 1, 32, 100, "adam", parada=True, barra=11),
    Caso("imágenes", 60_000, 10_000, 784, (), 10, 256, 10, clases=True, barra=2.5),
    Caso("grande", 1_000_000, 0, 20, (64, 32), 1, 1024, 2, "adam", barra=2),
    Caso("convolución", 2000, 500, 64, (16,), 10, 32, 5, clases=True, tipo="convolución"),
    Caso("recurrente", 2000, 500, 20, (16,), 1, 32, 5, "adam", tipo="recurrente"),
    Caso("ancho", 20_000, 0, 100, (512, 512), 10, 256, 3, "adam", clases=True, barra=1),
)
