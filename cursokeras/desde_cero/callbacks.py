"""Lo que ocurre entre épocas: guardar la historia y detener a tiempo."""

import warnings

from cursokeras.desde_cero.revision import revisar_numero

__all__ = ["Callback", "EarlyStopping", "History"]


class Callback:
    """Base de los callbacks: `fit` llama a estos métodos y deja la red en `self.model`."""

    model = None

    def set_model(self, model):
        """Recibe la red que se entrena."""
        self.model = model

    def on_train_begin(self, logs=None):
        """Antes de la primera época."""

    def on_epoch_begin(self, epoch, logs=None):
        """Antes de cada época; la primera es la 0."""

    def on_epoch_end(self, epoch, logs=None):
        """Después de cada época; `logs` trae "loss", "val_loss" y las métricas."""

    def on_train_end(self, logs=None):
        """Después de la última época."""


class ListaDeCallbacks:
    """Reparte cada aviso de `fit` entre varios callbacks, en orden.

    Argumentos:
        callbacks: uno o una lista, como los recibe `fit`; `None` es ninguno.
        history: la historia, que siempre va al final.
        model: la red que se entrena.
    """

    def __init__(self, callbacks, history, model):
        callbacks = [] if callbacks is None else callbacks
        pedidos = callbacks if isinstance(callbacks, list | tuple) else [callbacks]
        self.callbacks = [*pedidos, history]
        for callback in self.callbacks:
            if not isinstance(callback, Callback):
                raise ValueError(
                    f"callbacks espera objetos Callback y llegó {callback!r}. Ejemplo: "
                    "callbacks=[keras.callbacks.EarlyStopping(patience=10)], con paréntesis."
                )
            callback.set_model(model)

    def on_train_begin(self):
        for callback in self.callbacks:
            callback.on_train_begin()

    def on_epoch_begin(self, epoch):
        for callback in self.callbacks:
            callback.on_epoch_begin(epoch)

    def on_epoch_end(self, epoch, logs):
        for callback in self.callbacks:
            callback.on_epoch_end(epoch, logs)

    def on_train_end(self, logs):
        for callback in self.callbacks:
            callback.on_train_end(logs)


class History(Callback):
    """La historia del entrenamiento: `history["loss"]` tiene un número por época."""

    def __init__(self):
        self.history, self.epoch = {}, []

    def on_train_begin(self, logs=None):
        self.epoch = []

    def on_epoch_end(self, epoch, logs=None):
        self.epoch.append(epoch)
        for nombre, valor in (logs or {}).items():
            self.history.setdefault(nombre, []).append(valor)


class EarlyStopping(Callback):
    """Detiene el entrenamiento cuando una medida deja de mejorar.

    Argumentos:
        monitor: nombre de la medida en History.
        min_delta: mejora mínima que cuenta como mejora.
        patience: épocas seguidas sin mejora que se toleran.
        verbose: con 1 avisa en qué época se detuvo.
        mode: "min", "max" o "auto", que lo deduce de la medida.
        baseline: valor que hay que superar para que la paciencia vuelva a empezar.
        restore_best_weights: si la red termina con los pesos de la mejor época.
        start_from_epoch: primera época que se mira.
    """

    def __init__(
        self,
        monitor="val_loss",
        min_delta=0,
        patience=0,
        verbose=0,
        mode="auto",
        baseline=None,
        restore_best_weights=False,
        start_from_epoch=0,
    ):
        if mode not in ("auto", "min", "max"):
            raise ValueError(f"mode={mode!r} no existe: usa 'auto', 'min' o 'max'.")
        revisar_numero("patience", patience)
        self.monitor, self.min_delta, self.patience = monitor, abs(min_delta), patience
        self.verbose, self.mode, self.baseline = verbose, mode, baseline
        self.restore_best_weights = restore_best_weights
        self.start_from_epoch = start_from_epoch

    def on_train_begin(self, logs=None):
        self.wait = self.stopped_epoch = self.best_epoch = 0
        self.best = self.best_weights = None

    def on_epoch_end(self, epoch, logs=None):
        self._hacia_arriba = self._mejora_hacia_arriba()
        actual = self._medir(logs or {})
        if actual is None or epoch < self.start_from_epoch:
            return
        if self.restore_best_weights and self.best_weights is None:
            self.best_epoch, self.best_weights = epoch, self.model.get_weights()
        self.wait += 1
        if self._mejora(actual, self.best):
            self._anotar_mejor(epoch, actual)
        elif self.wait >= self.patience and epoch > 0:
            self.stopped_epoch = epoch
            self.model.stop_training = True

    def on_train_end(self, logs=None):
        if self.verbose and self.stopped_epoch:
            print(f"Época {self.stopped_epoch + 1}: se detuvo, {self.monitor} dejó de mejorar")
        if self.best_weights is not None:
            if self.verbose:
                print(f"Se restauran los pesos de la mejor época: {self.best_epoch + 1}")
            self.model.set_weights(self.best_weights)

    def _anotar_mejor(self, epoch, actual):
        self.best, self.best_epoch = actual, epoch
        if self.restore_best_weights:
            self.best_weights = self.model.get_weights()
        if self.baseline is None or self._mejora(actual, self.baseline):
            self.wait = 0

    def _mejora(self, actual, referencia):
        if referencia is None:
            return True
        if self._hacia_arriba:
            return actual - self.min_delta > referencia
        return actual + self.min_delta < referencia

    def _mejora_hacia_arriba(self):
        nombre = self.monitor.removeprefix("val_")
        sentidos = {m.name: m.mejora for m in self.model.metrics} | {"loss": "min"}
        if self.mode == "auto" and nombre not in sentidos:
            raise ValueError(
                f"EarlyStopping no sabe si {self.monitor!r} mejora al subir o al bajar: agrega "
                f"mode='max' o mode='min'. Conoce: {', '.join(sentidos)}."
            )
        return sentidos.get(nombre) == "max" if self.mode == "auto" else self.mode == "max"

    def _medir(self, logs):
        if self.monitor not in logs:
            warnings.warn(
                f"EarlyStopping mira {self.monitor!r}, que no está entre {sorted(logs)}: nunca "
                "detendrá. Agrega validation_split=0.2 a fit o cambia monitor.",
                stacklevel=2,
            )
        return logs.get(self.monitor)
