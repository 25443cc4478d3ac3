"""Lo que ocurre entre épocas y entre lotes: guardar la historia, detener a tiempo, bajar la tasa.

Un programa puede escribir los suyos: `fit` llama a los métodos de `Callback` y les da siempre
`logs`, un diccionario con las medidas en orden alfabético, como Keras.
"""

import math

from cursokeras._comun.archivos import leer_ruta
from cursokeras._comun.avisos import avisar
from cursokeras.desde_cero import archivo
from cursokeras.desde_cero.revision import revisar_enteros_positivos, revisar_numero

__all__ = [
    "CSVLogger",
    "Callback",
    "EarlyStopping",
    "History",
    "LambdaCallback",
    "LearningRateScheduler",
    "ModelCheckpoint",
    "ReduceLROnPlateau",
    "TerminateOnNaN",
]


class Callback:
    """Base de los callbacks: `fit` llama a estos métodos y deja la red en `self.model`.

    `self.params` trae "epochs", "steps" (los lotes de una época) y "verbose".
    """

    model = params = None

    def set_model(self, model):
        """Recibe la red que se entrena."""
        self.model = model

    def set_params(self, params):
        """Recibe cuántas épocas y lotes habrá."""
        self.params = params

    def on_train_begin(self, logs=None):
        """Antes de la primera época."""

    def on_epoch_begin(self, epoch, logs=None):
        """Antes de cada época; la primera es la 0."""

    def on_train_batch_begin(self, batch, logs=None):
        """Antes de cada lote; el primero de la época es el 0."""
        self.on_batch_begin(batch, logs)

    def on_train_batch_end(self, batch, logs=None):
        """Después de cada lote; `logs` trae las medidas desde que empezó la época."""
        self.on_batch_end(batch, logs)

    def on_batch_begin(self, batch, logs=None):
        """El nombre de antes de `on_train_batch_begin`."""

    def on_batch_end(self, batch, logs=None):
        """El nombre de antes de `on_train_batch_end`."""

    def on_test_begin(self, logs=None):
        """Antes de medir, en `evaluate` o con los datos de validación."""

    def on_test_batch_begin(self, batch, logs=None):
        """Antes de medir cada lote."""

    def on_test_batch_end(self, batch, logs=None):
        """Después de medir cada lote."""

    def on_test_end(self, logs=None):
        """Después de medir; `logs` trae las medidas."""

    def on_epoch_end(self, epoch, logs=None):
        """Después de cada época; `logs` trae "loss", "val_loss" y las métricas."""

    def on_train_end(self, logs=None):
        """Después de la última época."""


class ListaDeCallbacks:
    """Reparte cada aviso de `fit` entre varios callbacks, en orden.

    Argumentos:
        callbacks: uno o una lista, como los recibe `fit`; `None` es ninguno.
        model: la red que se entrena.
        history: la historia, que va al final; `None` si solo se mide.
        params: lo que cada callback recibe en `params`.
    """

    def __init__(self, callbacks, model, history=None, params=None):
        callbacks = [] if callbacks is None else callbacks
        pedidos = callbacks if isinstance(callbacks, list | tuple) else [callbacks]
        self.callbacks = [*pedidos, *([] if history is None else [history])]
        self.params = params or {}
        for callback in self.callbacks:
            if not isinstance(callback, Callback):
                raise ValueError(
                    f"callbacks espera objetos Callback y llegó {callback!r}. Ejemplo: "
                    "callbacks=[keras.callbacks.EarlyStopping(patience=10)], con paréntesis."
                )
            callback.set_params(self.params)
            callback.set_model(model)
        self._miran_lotes = any(map(_mira_lotes, self.callbacks))

    def avisar(self, metodo, *lugar, logs=None):
        """Llama al método de ese nombre de cada callback.

        Argumentos:
            metodo: como "on_epoch_end".
            lugar: el número de la época o del lote, si el método lo recibe.
            logs: las medidas; todos reciben el mismo diccionario, en orden alfabético.
        """
        if "batch" in metodo and not self._miran_lotes:
            return
        logs = dict(sorted((logs or {}).items()))
        for callback in self.callbacks:
            getattr(callback, metodo)(*lugar, logs)


_DE_CADA_LOTE = [nombre for nombre in vars(Callback) if "batch" in nombre]


def _mira_lotes(callback):
    """Si el callback cambia alguno de los métodos que se llaman en cada lote."""
    propios = (getattr(getattr(callback, n), "__func__", None) for n in _DE_CADA_LOTE)
    return any(f is not vars(Callback)[n] for f, n in zip(propios, _DE_CADA_LOTE, strict=True))


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


class _Vigilante(Callback):
    """Base de los que miran una medida: si mejora al subir o al bajar, y cuánto.

    Argumentos:
        monitor: nombre de la medida en History.
        mode: "min", "max" o "auto", que lo deduce de la medida.
        min_delta: mejora mínima que cuenta como mejora.
    """

    def __init__(self, monitor, mode, min_delta=0):
        if mode not in ("auto", "min", "max"):
            raise ValueError(f"mode={mode!r} no existe: usa 'auto', 'min' o 'max'.")
        revisar_numero("min_delta", min_delta, -math.inf)
        self.monitor, self.mode, self.min_delta = monitor, mode, abs(min_delta)

    def _mejora(self, actual, referencia):
        if referencia is None:
            return True
        if self._hacia_arriba():
            return actual - self.min_delta > referencia
        return actual + self.min_delta < referencia

    def _hacia_arriba(self):
        nombre = self.monitor.removeprefix("val_")
        sentidos = {m.name: m.mejora for m in self.model.metrics} | {"loss": "min"}
        if self.mode == "auto" and nombre not in sentidos:
            raise ValueError(
                f"{type(self).__name__} no sabe si {self.monitor!r} mejora al subir o al bajar: "
                f"agrega mode='max' o mode='min'. Conoce: {', '.join(sentidos)}."
            )
        return sentidos.get(nombre) == "max" if self.mode == "auto" else self.mode == "max"

    def _medir(self, logs, consecuencia):
        self._hacia_arriba()  # Si no se sabe, que se diga desde la primera época
        if self.monitor not in logs:
            avisar(
                f"{type(self).__name__} mira {self.monitor!r}, que no está entre {sorted(logs)}: "
                f"{consecuencia}. Agrega validation_split=0.2 a fit o cambia monitor."
            )
        return logs.get(self.monitor)


class EarlyStopping(_Vigilante):
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
        super().__init__(monitor, mode, min_delta)
        revisar_numero("patience", patience)
        self.patience, self.verbose, self.baseline = patience, verbose, baseline
        self.restore_best_weights = restore_best_weights
        self.start_from_epoch = start_from_epoch

    def on_train_begin(self, logs=None):
        self.wait = self.stopped_epoch = self.best_epoch = 0
        self.best = self.best_weights = None

    def on_epoch_end(self, epoch, logs=None):
        actual = self._medir(logs or {}, "nunca detendrá")
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


class ModelCheckpoint(_Vigilante):
    """Guarda la red, o sus pesos, al final de cada época, o solo cuando mejora.

    Argumentos:
        filepath: dónde; puede llevar {epoch} y medidas, como "{epoch:02d}-{val_loss:.2f}.keras".
            Termina en ".weights.h5" si se guardan solo los pesos, y si no, en ".keras".
        monitor: nombre de la medida en History.
        verbose: con 1 avisa cada vez que guarda.
        save_best_only: si guarda solo cuando la medida mejora.
        save_weights_only: si guarda solo los pesos.
        mode: "min", "max" o "auto", que lo deduce de la medida.
        save_freq: "epoch", o cada cuántos lotes.
        initial_value_threshold: valor que la primera vez ya hay que mejorar.
    """

    def __init__(
        self,
        filepath,
        monitor="val_loss",
        verbose=0,
        save_best_only=False,
        save_weights_only=False,
        mode="auto",
        save_freq="epoch",
        initial_value_threshold=None,
    ):
        super().__init__(monitor, mode)
        if save_freq != "epoch":
            revisar_enteros_positivos(save_freq=save_freq)
        self.filepath = str(archivo.ruta_de(filepath, solo_pesos=save_weights_only))
        self.verbose, self.save_freq, self.best = verbose, save_freq, initial_value_threshold
        self.save_best_only, self.save_weights_only = save_best_only, save_weights_only
        self._lotes = 0

    def on_epoch_begin(self, epoch, logs=None):
        self._epoca = epoch

    def on_train_batch_end(self, batch, logs=None):
        self._lotes += 1
        if self.save_freq != "epoch" and self._lotes >= self.save_freq:
            self._lotes = 0
            self._guardar(self._epoca, logs or {}, batch=batch + 1)

    def on_epoch_end(self, epoch, logs=None):
        if self.save_freq == "epoch":
            self._guardar(epoch, logs or {})

    def _guardar(self, epoch, logs, **lugar):
        if self.save_best_only:
            actual = self._medir(logs, "guarda siempre")
            if actual is not None and not self._mejora(actual, self.best):
                return
            self.best = actual
        ruta = self._ruta(epoch, lugar | logs)
        if self.verbose:
            print(f"Época {epoch + 1}: se guarda en {ruta}")
        (self.model.save_weights if self.save_weights_only else self.model.save)(ruta)

    def _ruta(self, epoch, medidas):
        try:
            return self.filepath.format(epoch=epoch + 1, **medidas)
        except KeyError as error:
            raise ValueError(
                f"filepath={self.filepath!r} pide {error}, y hay: epoch, {', '.join(medidas)}."
            ) from error


class ReduceLROnPlateau(_Vigilante):
    """Multiplica la tasa de aprendizaje por `factor` cuando una medida deja de mejorar.

    Argumentos:
        monitor: nombre de la medida en History.
        factor: por cuánto se multiplica la tasa, menor que 1.
        patience: épocas seguidas sin mejora que se toleran.
        verbose: con 1 avisa cada vez que baja la tasa.
        mode: "min", "max" o "auto", que lo deduce de la medida.
        min_delta: mejora mínima que cuenta como mejora.
        cooldown: épocas que se espera después de bajarla, antes de volver a contar.
        min_lr: la tasa no baja de aquí.
    """

    def __init__(
        self,
        monitor="val_loss",
        factor=0.1,
        patience=10,
        verbose=0,
        mode="auto",
        min_delta=1e-4,
        cooldown=0,
        min_lr=0.0,
    ):
        super().__init__(monitor, mode, min_delta)
        revisar_numero("patience", patience)
        revisar_numero("min_lr", min_lr)
        revisar_numero("factor", factor, 0, 1)
        if factor == 1:
            raise ValueError("factor=1 no baja la tasa: usa una fracción, como 0.1.")
        self.factor, self.patience, self.verbose = factor, patience, verbose
        self.cooldown, self.min_lr = cooldown, min_lr

    def on_train_begin(self, logs=None):
        self.wait = self.cooldown_counter = 0
        self.best = None

    def on_epoch_end(self, epoch, logs=None):
        logs["learning_rate"] = float(self.model.optimizer.learning_rate)
        actual = self._medir(logs, "nunca bajará la tasa")
        if actual is None:
            return
        if self.cooldown_counter > 0:
            self.cooldown_counter -= 1
            self.wait = 0
        if self._mejora(actual, self.best):
            self.best, self.wait = actual, 0
        elif self.cooldown_counter == 0:
            self.wait += 1
            if self.wait >= self.patience:
                self._bajar(epoch)

    def _bajar(self, epoch):
        optimizador = self.model.optimizer
        if optimizador.learning_rate <= self.min_lr:
            return
        optimizador.learning_rate = max(optimizador.learning_rate * self.factor, self.min_lr)
        self.cooldown_counter, self.wait = self.cooldown, 0
        if self.verbose:
            print(f"Época {epoch + 1}: la tasa baja a {optimizador.learning_rate:.4g}")


class LearningRateScheduler(Callback):
    """Pide la tasa de cada época a una función.

    Argumentos:
        schedule: función de la época, desde 0, y de la tasa actual (o solo de la época), que
            devuelve la tasa nueva.
        verbose: con 1 avisa cada tasa.
    """

    def __init__(self, schedule, verbose=0):
        if not callable(schedule):
            raise ValueError(
                f"schedule={schedule!r} debe ser una función de la época: lambda epoch: 0.1 / "
                "(epoch + 1)."
            )
        self.schedule, self.verbose = schedule, verbose

    def on_epoch_begin(self, epoch, logs=None):
        optimizador = self.model.optimizer
        try:
            tasa = self.schedule(epoch, float(optimizador.learning_rate))
        except TypeError:
            tasa = self.schedule(epoch)
        optimizador.learning_rate = tasa
        if self.verbose:
            print(f"Época {epoch + 1}: la tasa es {tasa:.4g}")

    def on_epoch_end(self, epoch, logs=None):
        logs["learning_rate"] = float(self.model.optimizer.learning_rate)


class CSVLogger(Callback):
    """Escribe una fila por época en un archivo, con la época y las medidas.

    Argumentos:
        filename: el archivo.
        separator: lo que separa las columnas.
        append: si sigue un archivo que ya existe.
    """

    def __init__(self, filename, separator=",", append=False):
        self.filename = leer_ruta(filename, "historia.csv")
        self.separator, self.append = separator, append

    def on_train_begin(self, logs=None):
        self._columnas = None
        if not self.append:
            self.filename.write_text("", encoding="utf-8")

    def on_epoch_end(self, epoch, logs=None):
        filas = []
        if self._columnas is None:
            self._columnas = list(logs)
            if not any(nombre.startswith("val_") for nombre in logs):
                # Como Keras: la validación puede llegar en otra época.
                self._columnas += [f"val_{nombre}" for nombre in logs]
            if not self.filename.exists() or not self.filename.stat().st_size:
                filas.append(["epoch", *self._columnas])
        filas.append([epoch, *(logs.get(nombre, "NA") for nombre in self._columnas)])
        with self.filename.open("a", encoding="utf-8") as archivo_csv:
            archivo_csv.writelines(self.separator.join(map(str, f)) + "\n" for f in filas)


class LambdaCallback(Callback):
    """Un callback hecho de funciones sueltas: `LambdaCallback(on_epoch_end=funcion)`.

    Argumentos:
        on_epoch_begin, on_epoch_end: funciones de (epoch, logs).
        on_train_begin, on_train_end: funciones de (logs).
        on_train_batch_begin, on_train_batch_end: funciones de (batch, logs).
    """

    def __init__(
        self,
        on_epoch_begin=None,
        on_epoch_end=None,
        on_train_begin=None,
        on_train_end=None,
        on_train_batch_begin=None,
        on_train_batch_end=None,
    ):
        funciones = {nombre: f for nombre, f in locals().items() if nombre.startswith("on_")}
        self.__dict__ |= {nombre: f for nombre, f in funciones.items() if f is not None}


class TerminateOnNaN(Callback):
    """Detiene el entrenamiento en el primer lote cuya pérdida no es un número."""

    def on_batch_end(self, batch, logs=None):
        if not math.isfinite(logs["loss"]):
            print(f"Lote {batch}: la pérdida no es un número, se detiene el entrenamiento")
            self.model.stop_training = True
