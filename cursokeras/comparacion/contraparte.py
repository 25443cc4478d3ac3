"""La red que se compara con Keras: cómo se le pide un paso y qué muestra de él."""

import time
import traceback

import numpy as np

from cursokeras.comparacion.diferencias import Cuentas


class SinCompletar(ValueError):
    """A la red le falta escribir una parte; el mensaje dice cuál."""


_METODOS = ("get_weights", "set_weights", "train_on_batch")


class Contraparte:
    """Una red cualquiera con los métodos que pide `comparar`.

    Argumentos:
        red: el objeto del estudiante, la gemela en NumPy o la de PyTorch.
        pesos: los pesos con que empieza, en el orden de Keras.
        capas: cuántas capas tiene el modelo de Keras.

    Lanza:
        ValueError: si le falta un método, si uno falla o no devuelve lo que debe, o si sus pesos
            no tienen las formas de los de Keras.
    """

    def __init__(self, red, pesos, capas):
        if isinstance(red, type):
            raise ValueError(
                f"contra es la clase {red.__name__}, y se esperaba un objeto suyo. Escribe "
                f"contra={red.__name__}(), con los paréntesis."
            )
        faltan = [metodo for metodo in _METODOS if not callable(getattr(red, metodo, None))]
        if faltan:
            raise ValueError(
                f"A la red de tipo {type(red).__name__} le falta {', '.join(faltan)}. comparar "
                "necesita get_weights(), set_weights(pesos) y train_on_batch(x, y), que da un "
                "paso y devuelve la pérdida."
            )
        self.red, self.segundos, self.error = red, 0.0, None
        self._capas, self._cuantos = capas, len(pesos)
        _llamar(red, "set_weights", [w.copy() for w in pesos])
        propios = self.pesos()
        self._guarda_a_medias = _en_float16(propios) and not _en_float16(pesos)
        _exigir_los_mismos(propios, pesos, 1e-3 if self._guarda_a_medias else 1e-5)

    def precision(self, propia):
        """El tipo con que la red guarda sus pesos, si es menos preciso que el de Keras."""
        return np.dtype("float16") if self._guarda_a_medias else propia

    def pesos(self):
        """Devuelve copias de los pesos."""
        pesos = _llamar(self.red, "get_weights")
        _exigir_resultado(self.red, "get_weights", pesos, "return [self.w1, self.b1, ...]")
        pesos = _lista(pesos, "get_weights()")
        if self.segundos and len(pesos) != self._cuantos:
            raise ValueError(
                f"get_weights() devuelve {len(pesos)} arreglos después de un paso, y antes daba "
                f"{self._cuantos}. Revisa si train_on_batch quita o agrega pesos."
            )
        return pesos

    def paso(self, x, y):
        """Da un paso de entrenamiento con el lote y devuelve sus `Cuentas`.

        Si la red lanza una excepción queda en `error`, para poder decir qué la causó.
        """
        salidas = self._salidas(x)
        inicio = time.perf_counter()
        try:
            resultado = self.red.train_on_batch(x.copy(), y.copy())
        except Exception as error:  # El código ajeno puede fallar de cualquier forma.
            exigir_completa(self.red, "train_on_batch", error)
            self.error = error
        self.segundos += time.perf_counter() - inicio
        perdida = None if self.error else _numero(self.red, resultado)
        return Cuentas(salidas, perdida, self._grads())

    def _salidas(self, x):
        """Pasa el lote capa por capa; si la red no muestra sus capas, solo da la última salida."""
        capas = getattr(self.red, "layers", None)
        desconocidas = [None] * (self._capas - 1)
        if isinstance(capas, list | tuple) and len(capas) == self._capas:
            return _encadenar(capas, x.copy())
        if callable(getattr(self.red, "forward", None)):
            return [*desconocidas, _adelante(self.red, x.copy())]
        return [*desconocidas, None]

    def _leer_grads(self):
        try:
            return getattr(self.red, "grads", None)
        except Exception as error:  # Si es una propiedad, es código ajeno.
            exigir_completa(self.red, "grads", error)
            raise falla(self.red, "grads", error) from error

    def _grads(self):
        grads = self._leer_grads()
        if grads is not None:
            grads = _lista(grads, "grads")
        if grads is None or (self.error and len(grads) != self._cuantos):
            return [None] * self._cuantos
        if len(grads) != self._cuantos:
            raise ValueError(
                f"Tu red muestra {len(grads)} gradientes en grads y tiene {self._cuantos} pesos: "
                "debe haber uno por peso, en el mismo orden."
            )
        return grads


def _en_float16(pesos):
    """Si todos los números caben en float16, aunque lleguen en otro tipo."""
    return all(np.array_equal(w, w.astype("float16").astype(w.dtype)) for w in pesos)


def _exigir_los_mismos(propios, pesos, parte):
    """Los pesos que la red dice tener deben ser los que se le acaban de dar."""
    formas, esperadas = [w.shape for w in propios], [w.shape for w in pesos]
    if formas != esperadas:
        raise ValueError(
            f"Tu red tiene pesos de formas {formas} y el modelo de Keras {esperadas}. "
            "get_weights() debe dar kernel y bias de cada capa, en orden, con kernel "
            "(entradas, salidas)."
        )
    pares = zip(propios, pesos, strict=True)
    if not all(np.allclose(w, peso, rtol=parte, atol=parte / 1000) for w, peso in pares):
        raise ValueError(
            "Después de set_weights(pesos), get_weights() devuelve otros números: las dos redes "
            "no pueden empezar iguales. En set_weights guarda cada peso, como self.w1 = pesos[0]."
        )


def _encadenar(capas, x):
    salidas = []
    for capa in capas:
        x = _adelante(capa, x)
        salidas.append(x.copy())
    return salidas


def _adelante(red, x):
    """Lo que da el forward de una capa o de una red, revisado."""
    salida = _llamar(red, "forward", x)
    _exigir_resultado(red, "forward", salida, "return a")
    if np.asarray(salida).dtype.kind not in "biuf":
        raise ValueError(
            f"forward(x) de {type(red).__name__} devolvió {salida!r} y se esperaba un arreglo de "
            "números, con una fila por ejemplo. Termina el método con return a."
        )
    return np.array(salida)


def _llamar(red, metodo, *datos):
    """Llama a un método ajeno; si falla, dice cuál fue y con qué."""
    try:
        return getattr(red, metodo)(*datos)
    except Exception as error:  # El código ajeno puede fallar de cualquier forma.
        exigir_completa(red, metodo, error)
        raise falla(red, metodo, error) from error


def exigir_completa(red, metodo, error):
    """Lanza `SinCompletar` si el error es el de un programa a medio escribir: dice la línea."""
    cuadros = list(traceback.walk_tb(error.__traceback__))[1:]
    if not cuadros:
        return
    cuadro, linea = cuadros[-1]
    vacios = [n for marco, _ in cuadros for n, v in _a_la_vista(marco, red) if v is Ellipsis]
    if vacios:
        que = f"{vacios[-1]} vale todavía ..."
    elif isinstance(error, NameError):
        que = f"el nombre {error.name!r} no existe"
    elif isinstance(error, NotImplementedError):
        que = "todavía no está escrito"
    elif isinstance(error, AttributeError) and error.obj is red:
        que = f"self.{error.name} todavía no existe: ¿quién lo guarda?"
    elif isinstance(error, TypeError | AttributeError) and "NoneType" in str(error):
        que = f"algo vale None ({error})"
    else:
        return
    nombre = cuadro.f_code.co_name
    donde = "" if nombre == metodo else f", en {nombre}"
    raise SinCompletar(f"{metodo}{donde}, línea {linea}: {que}.") from error


def _a_la_vista(marco, red):
    """Los nombres y los valores que usa un programa: sus variables y los atributos de la red."""
    return [*marco.f_locals.items(), *((f"self.{n}", v) for n, v in vars(red).items())]


def _exigir_resultado(red, metodo, resultado, final):
    """Un método que devuelve None o ... está sin escribir."""
    if resultado is not None and resultado is not Ellipsis:
        return
    codigo = getattr(getattr(red, metodo), "__code__", None)
    donde = f", línea {codigo.co_firstlineno}" if codigo else ""
    raise SinCompletar(f"{metodo}{donde}: devuelve {resultado}. Termina el método con {final}.")


def falla(red, metodo, error):
    """El error que se lanza cuando falla un método de la otra red."""
    datos = {"set_weights": "pesos", "forward": "x", "train_on_batch": "x, y"}.get(metodo, "")
    llamada = f"{metodo}({datos})"
    return ValueError(
        f"{llamada} de {type(red).__name__} lanzó {type(error).__name__}: {error}. La línea que "
        f"falla está más arriba; pruébala aparte con red.{llamada} y unas pocas filas."
    )


def _lista(arreglos, que):
    """Copias de una lista de arreglos de números."""
    if isinstance(arreglos, list | tuple) and any(a is None or a is ... for a in arreglos):
        raise SinCompletar(f"{que}: un elemento es todavía None o ... .")
    if not isinstance(arreglos, list | tuple) or any(
        np.asarray(a).dtype.kind not in "biuf" for a in arreglos
    ):
        consejo = "con @property arriba si es un método" if callable(arreglos) else "uno por peso"
        raise ValueError(
            f"{que} de tu red da {type(arreglos).__name__} y se esperaba una lista de arreglos de "
            f"números, {consejo}: [w1, b1, w2, b2]."
        )
    return [np.array(a) for a in arreglos]


def _numero(red, resultado):
    """La pérdida de lo que devuelve train_on_batch: un número, o [pérdida, métricas...]."""
    _exigir_resultado(red, "train_on_batch", resultado, "return perdida")
    primero = resultado[0] if isinstance(resultado, list | tuple) and resultado else resultado
    try:
        return float(np.asarray(primero).item())
    except (TypeError, ValueError):
        raise ValueError(
            f"train_on_batch devolvió {resultado!r} y se esperaba la pérdida del lote, un número. "
            "Termina el método con return perdida."
        ) from None
