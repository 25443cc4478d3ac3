"""Sequential: la red con compile, fit, evaluate y predict, como en Keras."""

import numpy as np

from cursokeras.desde_cero import losses, metrics, optimizers, revision
from cursokeras.desde_cero.activations import sigmoid, softmax
from cursokeras.desde_cero.callbacks import History, ListaDeCallbacks
from cursokeras.desde_cero.layers import Activation, Dense
from cursokeras.desde_cero.red import Red
from cursokeras.desde_cero.utils import generador

__all__ = ["Sequential"]


class Sequential(Red):
    """Red de capas en fila que se entrena por lotes, con la API de Keras.

    Argumentos:
        layers: lista de capas; puede empezar con `Input`. También se agregan con `add`.
        name: nombre de la red.
        dtype: precisión, "float32" (como Keras) o "float64".

    Ejemplo:
        >>> import numpy as np
        >>> from cursokeras import desde_cero as keras
        >>> keras.utils.set_random_seed(0)
        >>> x = np.random.normal(size=(100, 1))
        >>> modelo = keras.Sequential([keras.Input(shape=(1,)), keras.layers.Dense(1)])
        >>> modelo.compile(loss="mse", optimizer=keras.optimizers.SGD(learning_rate=0.1))
        >>> historia = modelo.fit(x, 2 * x + 1, epochs=20, verbose=0)
        >>> print(modelo.predict([[3.0]]).round(2))
        [[7.]]
    """

    def __init__(self, layers=None, name=None, *, dtype="float32"):
        self.optimizer = self.loss = self.history = None
        self.metrics, self.stop_training = [], False
        super().__init__(layers, name, dtype=dtype)

    def compile(self, optimizer="rmsprop", loss=None, *, metrics=None):
        """Elige el optimizador, la pérdida y las métricas.

        Argumentos:
            optimizer: nombre, como "adam", u objeto de `optimizers`.
            loss: nombre, como "mse", u objeto de `losses`.
            metrics: lista de nombres u objetos de `metrics`.

        Lanza:
            ValueError: si un nombre no existe o `metrics` no es una lista.
        """
        if metrics is not None and not isinstance(metrics, list | tuple):
            raise ValueError(
                f"metrics={metrics!r} debe ser una lista: escribe metrics=[{metrics!r}]."
            )
        self.optimizer = optimizers.get(optimizer)
        self.loss = losses.get(loss)
        self.metrics, self._metricas_pedidas = [], list(metrics or [])
        if self._deriva_junta():
            revision.avisar_si_no_son_pareja(self.layers[-1].activation, self.loss)

    # ---- Un paso de entrenamiento: esto es lo que se repite lote a lote ----

    def entrenar_lote(self, x, y, sample_weight=None):
        """Un paso: predecir, medir, derivar y mover los pesos. Devuelve (y_pred, pérdida)."""
        y_pred, perdida = self.calcular_gradientes(x, y, sample_weight)
        self.optimizer.apply(self.grads, self.weights)
        return y_pred, perdida

    def calcular_gradientes(self, x, y, sample_weight=None):
        """Pasa el lote hacia adelante y hacia atrás, sin mover los pesos.

        Argumentos:
            x: lote de entradas, (n, ...).
            y: objetivos del lote.
            sample_weight: peso de cada fila (n,), o `None`.

        Devuelve:
            La tupla (y_pred, pérdida); los gradientes quedan en `grads`.
        """
        y_pred = self.forward(x, training=True)
        perdida = self.calcular_perdida(y, y_pred, sample_weight)
        grad = self.loss.backward()
        if self._deriva_junta():
            *capas, cabeza = self.layers
            grad = cabeza.backward_desde_z(grad)
        else:
            capas = self.layers
        for capa in reversed(capas):
            grad = capa.backward(grad)
        return y_pred, perdida

    def calcular_perdida(self, y, y_pred, sample_weight=None):
        """Devuelve la pérdida de la última pasada hacia adelante, con las penalizaciones."""
        if self._deriva_junta():
            z = self.layers[-1].z
            perdida = self.loss.forward(y, z, sample_weight, logits=True)
        else:
            perdida = self.loss.forward(y, y_pred, sample_weight)
        return perdida + sum(capa.penalizacion() for capa in self.layers)

    def _deriva_junta(self):
        """Si la cabeza y la pérdida se derivan juntas, desde z, para no perder precisión.

        Keras lo hace con toda entropía cruzada y toda cabeza softmax o sigmoide. Una subclase
        propia de Dense queda fuera: puede haber cambiado `backward`.
        """
        if not self.layers or not isinstance(self.loss, losses.EntropiaCruzada):
            return False
        cabeza = self.layers[-1]
        return type(cabeza) in (Dense, Activation) and cabeza.activation in (softmax, sigmoid)

    # ---- La API de Keras ----

    def fit(
        self,
        x,
        y,
        batch_size=None,
        epochs=1,
        verbose="auto",
        callbacks=None,
        validation_split=0.0,
        validation_data=None,
        shuffle=True,
    ):
        """Entrena la red y devuelve su `History`.

        Argumentos:
            x: entradas, (n, ...).
            y: objetivos, (n,) o (n, d_out).
            batch_size: filas por lote; 32 por defecto. El último lote puede traer menos.
            epochs: cuántas veces se recorren los datos.
            verbose: 0 calla; otro valor escribe una línea por época.
            callbacks: lista de callbacks, o uno solo.
            validation_split: fracción final de las filas, sin mezclar, que se aparta para validar.
            validation_data: tupla (x_val, y_val); si está, no se usa `validation_split`.
            shuffle: si cada época recorre las filas en un orden nuevo.

        Lanza:
            ValueError: si los datos no corresponden a la red.
        """
        x, y = self.preparar(x, y, "fit")
        (x, y), validacion = self._apartar_validacion(x, y, validation_split, validation_data)
        batch_size = _filas_por_lote(batch_size)
        revision.revisar_enteros_positivos(epochs=epochs)
        self.history, self.stop_training = History(), False
        avisos = ListaDeCallbacks(callbacks, self.history, self)
        azar = generador() if shuffle else None
        avisos.on_train_begin()
        for epoca in range(epochs):
            avisos.on_epoch_begin(epoca)
            logs = self._una_epoca(x, y, batch_size, azar)
            if validacion:
                logs |= {f"val_{k}": v for k, v in self._medir(*validacion, batch_size).items()}
            if verbose:
                print(f"Época {epoca + 1}/{epochs} - {_en_una_linea(logs)}")
            avisos.on_epoch_end(epoca, logs)
            if self.stop_training:
                break
        avisos.on_train_end(logs)
        return self.history

    @np.errstate(over="ignore", invalid="ignore")
    def _una_epoca(self, x, y, batch_size, azar):
        orden = np.arange(len(x)) if azar is None else azar.permutation(len(x))
        self.reset_metrics()
        suma = 0.0
        for inicio in range(0, len(x), batch_size):
            filas = orden[inicio : inicio + batch_size]
            y_lote = y[filas]
            y_pred, perdida = self.entrenar_lote(x[filas], y_lote)
            suma += float(perdida) * len(filas)
            for metrica in self.metrics:
                metrica.update_state(y_lote, y_pred)
        revision.avisar_si_diverge(suma)
        return self._resultados(suma / len(x))

    def train_on_batch(self, x, y, sample_weight=None):
        """Da un paso con un lote y devuelve su pérdida, o [pérdida, métricas...]."""
        x, y = self.preparar(x, y, "train_on_batch")
        if sample_weight is not None:
            sample_weight = np.asarray(sample_weight, dtype=self.dtype)
            if sample_weight.shape != (len(x),):
                raise ValueError(
                    f"sample_weight llegó con forma {sample_weight.shape} y se espera un peso por "
                    f"fila: ({len(x)},)."
                )
        y_pred, perdida = self.entrenar_lote(x, y, sample_weight)
        self.reset_metrics()
        for metrica in self.metrics:
            metrica.update_state(y, y_pred)
        return _aplanar(self._resultados(float(perdida)))

    def evaluate(self, x, y, batch_size=None, verbose="auto", *, return_dict=False):
        """Devuelve la pérdida, o [pérdida, métricas...], sin entrenar.

        Argumentos:
            x, y: datos, como en `fit`.
            batch_size: filas por lote; 32 por defecto.
            verbose: 0 calla; otro valor escribe una línea.
            return_dict: si devuelve un diccionario de nombres a números.
        """
        logs = self._medir(*self.preparar(x, y, "evaluate"), _filas_por_lote(batch_size))
        if verbose:
            print(_en_una_linea(logs))
        return logs if return_dict else _aplanar(logs)

    @np.errstate(over="ignore", invalid="ignore")
    def _medir(self, x, y, batch_size):
        self.reset_metrics()
        suma = 0.0
        for inicio in range(0, len(x), batch_size):
            lote = slice(inicio, inicio + batch_size)
            y_pred = self.forward(x[lote])
            suma += float(self.calcular_perdida(y[lote], y_pred)) * len(y_pred)
            for metrica in self.metrics:
                metrica.update_state(y[lote], y_pred)
        return self._resultados(suma / len(x))

    def predict(self, x, batch_size=None, verbose="auto"):
        """Devuelve las predicciones (n, d_out).

        Argumentos:
            x: entradas (n, ...).
            batch_size: filas por lote; 32 por defecto.
            verbose: se acepta por compatibilidad; predict no escribe nada.
        """
        x = self.preparar_x(revision.a_numeros(x, "x", self.dtype))
        paso = _filas_por_lote(batch_size)
        return np.concatenate([self.forward(x[i : i + paso]) for i in range(0, len(x), paso)])

    def reset_metrics(self):
        """Pone en cero las métricas acumuladas."""
        for metrica in self.metrics:
            metrica.reset_state()

    def _resultados(self, perdida):
        return {"loss": perdida} | {m.name: m.result() for m in self.metrics}

    def preparar(self, x, y, donde):
        if self.loss is None:
            raise ValueError(f"Antes de {donde} hay que llamar a compile(loss=..., optimizer=...).")
        x = self.preparar_x(revision.a_numeros(x, "x", self.dtype))
        d_out = self.output_shape[-1]
        y = self.loss.preparar(revision.a_numeros(y, "y", None), d_out, self.dtype)
        revision.revisar_cantidad(x, y)
        self.metrics = self.metrics or [
            metrics.get(m, self.loss, d_out) for m in self._metricas_pedidas
        ]
        return x, y

    def _apartar_validacion(self, x, y, fraccion, datos):
        if datos is not None:
            if not isinstance(datos, tuple | list) or len(datos) != 2:
                raise ValueError("validation_data espera una tupla (x_val, y_val).")
            return (x, y), self.preparar(*datos, "fit")
        if not fraccion:
            return (x, y), None
        corte = revision.corte_de_validacion(len(x), fraccion)
        return (x[:corte], y[:corte]), (x[corte:], y[corte:])


def _filas_por_lote(batch_size):
    batch_size = 32 if batch_size is None else batch_size
    revision.revisar_enteros_positivos(batch_size=batch_size)
    return batch_size


def _en_una_linea(logs):
    return " - ".join(f"{nombre}: {valor:.4g}" for nombre, valor in logs.items())


def _aplanar(logs):
    valores = list(logs.values())
    return valores if len(valores) > 1 else valores[0]
