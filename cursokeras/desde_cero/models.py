"""Sequential: la red con compile, fit, evaluate y predict, como en Keras."""

import numpy as np

from cursokeras.desde_cero import archivo, losses, metrics, optimizers, revision
from cursokeras.desde_cero.activations import sigmoid, softmax
from cursokeras.desde_cero.callbacks import History, ListaDeCallbacks
from cursokeras.desde_cero.filas import Filas, Plan, leer_lote
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
        self.metrics, self.metricas_pedidas, self.stop_training = [], [], False
        super().__init__(layers, name, dtype=dtype)

    def compile(
        self,
        optimizer="rmsprop",
        loss=None,
        *,
        metrics=None,
        run_eagerly=False,
        steps_per_execution=1,
        jit_compile="auto",
    ):
        """Elige el optimizador, la pérdida y las métricas, y qué capas aprenden.

        Argumentos:
            optimizer: nombre, como "adam", u objeto de `optimizers`.
            loss: nombre, como "mse", u objeto de `losses`.
            metrics: lista de nombres u objetos de `metrics`.
            run_eagerly, steps_per_execution, jit_compile: en Keras cambian la velocidad y no los
                números; aquí se aceptan y no hacen nada.

        Lanza:
            ValueError: si un nombre no existe o `metrics` no es una lista.
        """
        if metrics is not None and not isinstance(metrics, list | tuple):
            raise ValueError(
                f"metrics={metrics!r} debe ser una lista: escribe metrics=[{metrics!r}]."
            )
        self.optimizer = optimizers.get(optimizer)
        self.loss = losses.get(loss)
        self.metrics, self.metricas_pedidas = [], list(metrics or [])
        self._aprenden = None
        if self.se_derivan_juntas():
            revision.avisar_si_no_son_pareja(self.hojas()[-1].activation, self.loss)

    # ---- Un paso de entrenamiento: esto es lo que se repite lote a lote ----

    def entrenar_lote(self, x, y, sample_weight=None):
        """Un paso: predecir, medir, derivar y mover los pesos. Devuelve (y_pred, pérdida)."""
        y_pred, perdida = self.calcular_gradientes(x, y, sample_weight)
        aprenden = self._capas_que_aprenden()
        grads = [g for capa in aprenden for g in capa.grads]
        self.optimizer.apply(grads, [w for capa in aprenden for w in capa.weights])
        for capa in aprenden:
            capa.restringir()
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
        *capas, cabeza = self.hojas()
        juntas = self.se_derivan_juntas()
        grad = cabeza.backward_desde_z(grad) if juntas else cabeza.backward(grad)
        for capa in reversed(capas):
            grad = capa.backward(grad)
        return y_pred, perdida

    def calcular_perdida(self, y, y_pred, sample_weight=None):
        """Devuelve la pérdida de la última pasada hacia adelante, con las penalizaciones."""
        if self.se_derivan_juntas():
            z = self.hojas()[-1].z
            perdida = self.loss.forward(y, z, sample_weight, logits=True)
        else:
            perdida = self.loss.forward(y, y_pred, sample_weight)
        return perdida + sum(capa.penalizacion() for capa in self.hojas() if capa.trainable)

    def se_derivan_juntas(self):
        """Si la cabeza y la pérdida se miden y se derivan juntas, desde z.

        Con p = softmax(z) y entropía cruzada, la regla de la cadena da dL/dp = −y/p, y después
        dL/dz = p · (dL/dp − Σ p dL/dp) = p − y. Hecha en dos pasos, divide por p y vuelve a
        multiplicar: con p = 1e-30 se pierde todo. Hecha de una vez es una resta, y por eso Keras
        la hace así con toda entropía cruzada y toda cabeza softmax o sigmoide. Entonces la
        pérdida recibe z (`logits=True`), su gradiente ya es dL/dz y la cabeza sigue desde ahí
        (`backward_desde_z`). Una subclase propia de Dense va por los dos pasos: puede haber
        cambiado `backward`.
        """
        if not self.layers or not isinstance(self.loss, losses.EntropiaCruzada):
            return False
        cabeza = self.hojas()[-1]
        de_aqui = type(cabeza).__module__.startswith("cursokeras.desde_cero.")
        con_z = isinstance(cabeza, Dense | Activation) and de_aqui
        return con_z and cabeza.activation in (softmax, sigmoid)

    def _capas_que_aprenden(self):
        # Se decide en el primer paso después de compile, y queda así hasta el siguiente compile.
        if self._aprenden is None:
            self._aprenden = self._descongeladas()
        return self._aprenden

    def _descongeladas(self):
        return [capa for capa in self.hojas() if self.trainable and capa.trainable]

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
        class_weight=None,
        sample_weight=None,
        initial_epoch=0,
        *,
        validation_batch_size=None,
        validation_freq=1,
    ):
        """Entrena la red y devuelve su `History`.

        Argumentos:
            x: entradas, (n, ...).
            y: objetivos, (n,) o (n, d_out).
            batch_size: filas por lote; 32 por defecto. El último lote puede traer menos.
            epochs: hasta qué época se entrena; desde la 0, cuántas veces se recorren los datos.
            verbose: 0 calla; otro valor escribe una línea por época.
            callbacks: lista de callbacks, o uno solo.
            validation_split: fracción final de las filas, sin mezclar, que se aparta para validar.
            validation_data: (x_val, y_val) o (x_val, y_val, pesos); si está, no se usa
                `validation_split`.
            shuffle: si cada época recorre las filas en un orden nuevo.
            class_weight: diccionario de la clase a lo que pesan sus filas en la pérdida.
            sample_weight: peso de cada fila en la pérdida, (n,).
            initial_epoch: en qué época se empieza a contar.
            validation_batch_size: filas por lote al validar; `None` es `batch_size`.
            validation_freq: cada cuántas épocas se valida, o la lista de épocas, desde 1.

        Lanza:
            ValueError: si los datos no corresponden a la red.
        """
        revision.revisar_epocas(initial_epoch, epochs)
        filas = self._filas(x, y, sample_weight, "fit")
        filas, validacion = self._apartar_validacion(filas, validation_split, validation_data)
        plan = Plan(filas.con_pesos(filas.pesos, class_weight), validacion, batch_size)
        plan.validar_cada(validation_freq, validation_batch_size)
        avisos = self._empezar(callbacks, verbose, epochs, plan.pasos)
        return self._recorrer(range(initial_epoch, epochs), plan, shuffle, avisos)

    def _empezar(self, callbacks, verbose, epochs, pasos):
        if self._aprenden is not None and self._aprenden != self._descongeladas():
            revision.avisar_que_falta_compilar()
        self.history, self.stop_training = History(), False
        params = {"verbose": verbose, "epochs": epochs, "steps": pasos}
        return ListaDeCallbacks(callbacks, self, self.history, params)

    def _recorrer(self, epocas, plan, shuffle, avisos):
        """El entrenamiento: época por época, con un aviso a los callbacks en cada momento."""
        logs, azar = {}, generador() if shuffle else None
        avisos.avisar("on_train_begin")
        for epoca in epocas:
            avisos.avisar("on_epoch_begin", epoca)
            logs = self._una_epoca(plan, azar, avisos)
            if plan.toca_validar(epoca):
                medidas = self._medir(plan.validacion, plan.lote_al_validar, avisos)
                logs |= {f"val_{nombre}": valor for nombre, valor in medidas.items()}
            if avisos.params["verbose"]:
                print(f"Época {epoca + 1}/{epocas.stop} - {_en_una_linea(logs)}")
            avisos.avisar("on_epoch_end", epoca, logs=logs)
            if self.stop_training:
                break
        avisos.avisar("on_train_end", logs=logs)
        return self.history

    @np.errstate(over="ignore", invalid="ignore")
    def _una_epoca(self, plan, azar, avisos):
        self.reset_metrics()
        for i, lote in enumerate(plan.filas.lotes(plan.lote, azar)):
            avisos.avisar("on_train_batch_begin", i)
            y_pred, perdida = self.entrenar_lote(*lote)
            self._anotar(lote.y, y_pred, perdida)
            avisos.avisar("on_train_batch_end", i, logs=self._resultados())
            if self.stop_training:
                break
        revision.avisar_si_diverge(self._suma)
        return self._resultados()

    @np.errstate(over="ignore", invalid="ignore")
    def _medir(self, filas, batch_size, avisos):
        avisos.avisar("on_test_begin")
        self.reset_metrics()
        for i, lote in enumerate(filas.lotes(batch_size)):
            avisos.avisar("on_test_batch_begin", i)
            y_pred = self.forward(lote.x)
            self._anotar(lote.y, y_pred, self.calcular_perdida(lote.y, y_pred, lote.pesos))
            avisos.avisar("on_test_batch_end", i, logs=self._resultados())
        avisos.avisar("on_test_end", logs=self._resultados())
        return self._resultados()

    def train_on_batch(self, x, y, sample_weight=None, class_weight=None, return_dict=False):
        """Da un paso con un lote y devuelve su pérdida, o [pérdida, métricas...]."""
        lote = self._filas(x, y, sample_weight, "train_on_batch")
        lote = lote.con_pesos(lote.pesos, class_weight)
        self.reset_metrics()
        self._anotar(lote.y, *self.entrenar_lote(*lote))
        return _como_se_pide(self._resultados(), return_dict)

    def test_on_batch(self, x, y, sample_weight=None, return_dict=False):
        """Mide un lote sin entrenar: su pérdida, o [pérdida, métricas...]."""
        return self.evaluate(x, y, max(1, len(x)), 0, sample_weight, return_dict=return_dict)

    def predict_on_batch(self, x):
        """Devuelve las predicciones de un lote, (n, d_out)."""
        return self.predict(x, max(1, len(x)))

    def evaluate(
        self,
        x,
        y,
        batch_size=None,
        verbose="auto",
        sample_weight=None,
        *,
        callbacks=None,
        return_dict=False,
    ):
        """Devuelve la pérdida, o [pérdida, métricas...], sin entrenar.

        Argumentos:
            x, y: datos, como en `fit`.
            batch_size: filas por lote; 32 por defecto.
            verbose: 0 calla; otro valor escribe una línea.
            sample_weight: peso de cada fila en la pérdida, (n,).
            callbacks: lista de callbacks, o uno solo.
            return_dict: si devuelve un diccionario de nombres a números.
        """
        filas = self._filas(x, y, sample_weight, "evaluate")
        logs = self._medir(filas, leer_lote(batch_size), ListaDeCallbacks(callbacks, self))
        if verbose:
            print(_en_una_linea(logs))
        return _como_se_pide(logs, return_dict)

    def predict(self, x, batch_size=None, verbose="auto"):
        """Devuelve las predicciones (n, d_out).

        Argumentos:
            x: entradas (n, ...).
            batch_size: filas por lote; 32 por defecto.
            verbose: se acepta por compatibilidad; predict no escribe nada.
        """
        x = self.preparar_x(revision.a_numeros(x, "x", self.dtype))
        paso = leer_lote(batch_size)
        return np.concatenate([self.forward(x[i : i + paso]) for i in range(0, len(x), paso)])

    def save(self, filepath, overwrite=True):
        """Guarda la red entera en un archivo ".keras" que solo lee `desde_cero`."""
        archivo.guardar(self, filepath, overwrite)

    # ---- Lo que se mide y los datos ----

    @property
    def metrics_names(self):
        """Los nombres que da Keras: todas las métricas juntas son "compile_metrics"."""
        return ["loss", "compile_metrics"] if self.metricas_pedidas else ["loss"]

    def reset_metrics(self):
        """Pone en cero la pérdida y las métricas acumuladas."""
        self._suma, self._vistas = 0.0, 0
        for metrica in self.metrics:
            metrica.reset_state()

    def _anotar(self, y, y_pred, perdida):
        self._suma += float(perdida) * len(y_pred)
        self._vistas += len(y_pred)
        for metrica in self.metrics:
            metrica.update_state(y, y_pred)

    def _resultados(self):
        return {"loss": self._suma / self._vistas} | {m.name: m.result() for m in self.metrics}

    def preparar(self, x, y, donde):
        """Devuelve x e y como los usan la red y su pérdida, o lanza ValueError.

        Argumentos:
            x, y: datos.
            donde: el método que los pide, para el mensaje.
        """
        if self.loss is None:
            raise ValueError(f"Antes de {donde} hay que llamar a compile(loss=..., optimizer=...).")
        x = self.preparar_x(revision.a_numeros(x, "x", self.dtype))
        d_out = self.output_shape[-1]
        y = self.loss.preparar(revision.a_numeros(y, "y", None), d_out, self.dtype)
        revision.revisar_cantidad(x, y)
        self.metrics = self.metrics or [
            metrics.get(m, self.loss, d_out) for m in self.metricas_pedidas
        ]
        return x, y

    def _filas(self, x, y, sample_weight, donde):
        return Filas(*self.preparar(x, y, donde)).con_pesos(sample_weight)

    def _apartar_validacion(self, filas, fraccion, datos):
        if datos is None:
            return filas.apartar(fraccion)
        x, y, *pesos = revision.datos_de_validacion(datos)
        return filas, self._filas(x, y, pesos[0] if pesos else None, "fit")


def _en_una_linea(logs):
    return " - ".join(f"{nombre}: {valor:.4g}" for nombre, valor in sorted(logs.items()))


def _como_se_pide(logs, return_dict):
    if return_dict:
        return dict(sorted(logs.items()))
    valores = list(logs.values())
    return valores if len(valores) > 1 else valores[0]
