"""Los pasos de Keras, uno tras otro, en un solo bucle compilado."""

import contextlib
import itertools

from cursokeras._backend import keras, tf
from cursokeras.aceleracion.eleccion import Ritmo
from cursokeras.aceleracion.piezas_privadas import sin_sumar_replicas, un_solo_hilo, vaciar_nucleos
from cursokeras.aceleracion.recaida import NoSePuedeAcelerar
from cursokeras.aceleracion.variables import crear_variables

# Vaciar los núcleos le cuesta 0.1 s a otro modelo que siga entrenando: mejor pocas veces.
_MODELOS_ENTRE_LIMPIEZAS = 50
_modelos = itertools.count(1)


class Bucle:
    """Corre un paso de Keras sobre muchos lotes por llamada; las subclases dicen de dónde salen.

    Argumentos:
        modelo: modelo compilado; el bucle lee y escribe sus mismas variables.
        paso: "train_step" o "test_step", el método del modelo que se repite.
        entrada: firma (`TypeSpec`) de aquello de donde salen los lotes.
        xla: si el bucle entero se compila con XLA.
        un_hilo: si las operaciones se hacen de a una, que es mejor cuando son muy pequeñas.
        vigilar: si se detiene cuando la pérdida deja de ser finita, como `TerminateOnNaN`.
    """

    def __init__(self, modelo, paso, entrada, *, xla=False, un_hilo=False, vigilar=False):
        self.ritmo = Ritmo()
        jit_del_usuario = modelo.jit_compile and not xla
        self._paso = getattr(modelo, paso)
        self._optimizador = modelo.optimizer
        if jit_del_usuario:
            self._paso = tf.function(self._paso, jit_compile=True)
        self._resultado = modelo.get_metrics_result
        self._vigilar = vigilar
        if un_hilo:
            self._concreta = self._trazar(entrada, un_solo_hilo)
        if not un_hilo or not es_un_bucle_simple(self._concreta):
            self._concreta = self._trazar(entrada, contextlib.nullcontext, xla=xla)

    def _trazar(self, entrada, ejecutor, *, xla=False):
        self._ejecutor = ejecutor
        entero = tf.TensorSpec([], tf.int32)
        compilada = tf.function(self._recorrer, jit_compile=xla, autograph=False)
        with ejecutor(), sin_sumar_replicas(self._optimizador):
            return compilada.get_concrete_function(entrada, entero, entero)

    def __call__(self, entrada, desde, hasta):
        """Corre los lotes `desde` a `hasta` y devuelve (siguiente lote, métricas)."""
        with self._ejecutor():
            siguiente, metricas = self._concreta(entrada, tf.constant(desde), tf.constant(hasta))
        return int(siguiente), {nombre: _numero(valor) for nombre, valor in metricas.items()}

    def _recorrer(self, entrada, desde, hasta):
        def seguir(i, finita):
            return tf.logical_and(i < hasta, finita)

        def cuerpo(i, finita):
            logs = self._paso(self._lote(entrada, i))
            return i + 1, tf.math.is_finite(logs["loss"]) if self._vigilar else finita

        siguiente, _ = tf.while_loop(
            seguir, cuerpo, [desde, tf.constant(True)], parallel_iterations=1
        )
        return siguiente, self._resultado()


class BucleDeFilas(Bucle):
    """Bucle cuyo lote `i` son las filas `i·batch_size` en adelante de tensores en memoria.

    Argumentos:
        firma: estructura de `TensorSpec` con la forma de un tramo de filas.
        batch_size: filas por lote.
        completos: si todos los lotes tienen las mismas filas; con XLA deben tenerlas.
    """

    def __init__(self, modelo, paso, firma, *, batch_size, completos, xla=False, **opciones):
        self._firma, self._batch_size, self._completos = firma, batch_size, completos
        hojas = keras.tree.flatten(firma)
        super().__init__(modelo, paso, hojas, xla=xla, **opciones)
        if xla:  # Compila ahora, sin correr ningún paso, para saber si XLA puede.
            self([tf.zeros(hoja.shape, hoja.dtype) for hoja in hojas], 0, 0)

    def _lote(self, hojas, i):
        inicio = i * self._batch_size
        cortadas = [self._cortar(hoja, inicio) for hoja in hojas]
        return keras.tree.pack_sequence_as(self._firma, cortadas)

    def _cortar(self, hoja, inicio):
        if not self._completos:
            return hoja[inicio : inicio + self._batch_size]
        otras = hoja.shape.rank - 1
        return tf.slice(hoja, [inicio] + [0] * otras, [self._batch_size] + [-1] * otras)


class BucleDeFlujo(Bucle):
    """Bucle que pide cada lote a un iterador de `tf.data`, cuyos elementos son como `firma`."""

    def __init__(self, modelo, paso, firma, *, vigilar=False):
        super().__init__(modelo, paso, tf.data.IteratorSpec(firma), vigilar=vigilar)

    def _lote(self, iterador, i):
        return iterador.get_next()


class Trazas:
    """Los bucles ya compilados de un modelo, para no volver a trazarlos en el próximo `fit`.

    Viven en el rastreador de la pérdida, que Keras crea de nuevo en cada `compile`: así duran
    lo mismo que la función de entrenamiento que el propio Keras guarda, y el modelo queda intacto.
    """

    def __init__(self, modelo):
        self.modelo = modelo
        self._bucles = {}
        if next(_modelos) % _MODELOS_ENTRE_LIMPIEZAS == 0:
            vaciar_nucleos()

    @classmethod
    def de(cls, modelo):
        """Devuelve las trazas de la compilación actual del modelo."""
        atributos = vars(modelo.metrics[0])
        if not isinstance(atributos.get("_trazas"), cls):
            atributos["_trazas"] = cls(modelo)
        return atributos["_trazas"]

    def bucle(self, clase, paso, firma, **opciones):
        """Devuelve el bucle pedido, nuevo o ya compilado."""
        llave = repr((clase.__name__, paso, firma, opciones))
        if llave not in self._bucles:
            try:
                if not self._bucles:
                    crear_variables(self.modelo, firma)
                self._bucles[llave] = clase(self.modelo, paso, firma, **opciones)
            except Exception as error:  # Si el error es del usuario, el fit de Keras lo dirá mejor.
                raise NoSePuedeAcelerar(f"no se pudo compilar el bucle: {error}") from error
        return self._bucles[llave]

    def reinicio(self):
        """Devuelve la función que pone las métricas en cero, compilada si son todas de Keras."""
        todas = [m for m in self.modelo.metrics for m in (m, *getattr(m, "metrics", ()))]
        if not all(type(m).reset_state.__module__.startswith("keras.") for m in todas):
            return type(self.modelo).reset_metrics.__get__(self.modelo)
        if "reinicio" not in self._bucles:
            reset = type(self.modelo).reset_metrics
            compilada = tf.function(lambda: reset(self.modelo), autograph=False)
            self._bucles["reinicio"] = compilada.get_concrete_function()
        return lambda: self._bucles["reinicio"]()

    def __len__(self):
        return len(self._bucles)

    def olvidar(self):
        """Descarta lo compilado, porque el modelo cambió."""
        self._bucles.clear()


def _numero(valor):
    """Un `float` de Python, o el arreglo si la métrica da varios números."""
    valor = valor.numpy()
    return float(valor) if valor.ndim == 0 else valor


def es_un_bucle_simple(concreta):
    """Dice si la función solo tiene un bucle sin más control de flujo adentro.

    Una condición dentro del bucle esperaría en el ejecutor de un solo hilo a otro que puede no
    haber, para siempre. Un bucle simple trae dos funciones: su condición y su cuerpo.
    """
    return len(concreta.graph.as_graph_def().library.function) == 2
