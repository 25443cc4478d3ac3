"""Qué cambia en el modelo mientras dura `acelerar`, y cómo vuelve todo a su lugar."""

import contextlib
import inspect

from cursokeras._backend import keras
from cursokeras._comun.hallazgos import error
from cursokeras.aceleracion.ajuste import Ajuste, Evaluacion
from cursokeras.aceleracion.atributos import atributos
from cursokeras.aceleracion.costura import es_ficha
from cursokeras.aceleracion.ensayo import revisar_costura
from cursokeras.aceleracion.recaida import revisar_modelo


@contextlib.contextmanager
def acelerar(modelo):
    """Contexto en el que `modelo.fit` y `modelo.evaluate` recorren épocas enteras por llamada.

    Los números son los de Keras: la misma secuencia de `train_step`, los mismos callbacks y el
    mismo historial. Lo que no se puede acelerar lo hace el `fit` de siempre, y el motivo queda
    en el atributo `motivo` de lo que entrega el contexto. Al salir, también por un error o por
    Ctrl-C, el modelo queda exactamente como estaba.

    Argumentos:
        modelo: un `keras.Model` compilado.

    Devuelve:
        Un `Acelerador`; su `motivo` dice por qué el último llamado no se aceleró, o es `None`.

    Lanza:
        ErrorDeDatos: si `modelo` no es un modelo de Keras.

    Ejemplo:
        >>> import numpy as np
        >>> modelo = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
        >>> modelo.compile("sgd", "mse")
        >>> x = np.linspace(-1, 1, 64, dtype="float32")[:, None]
        >>> with acelerar(modelo) as acelerador:
        ...     historia = modelo.fit(x, 2 * x, epochs=3, verbose=0)
        >>> acelerador.motivo is None, len(historia.history["loss"])
        (True, 3)
    """
    if not isinstance(modelo, keras.Model):
        raise error(
            "modelo",
            "modelo",
            f"acelerar recibió {_describir(modelo)} y espera un modelo de Keras ya creado.",
            "Escribe with acelerar(modelo): y, dentro, modelo.fit(x, y).",
        )
    puesto = getattr(vars(modelo).get("fit"), "__self__", None)
    if isinstance(puesto, Acelerador):
        yield puesto
        return
    acelerador = Acelerador(modelo)
    with atributos(modelo, fit=acelerador.fit, evaluate=acelerador.evaluate):
        yield acelerador


def _describir(objeto):
    if isinstance(objeto, type):
        return f"la clase {objeto.__name__}"
    return f"un objeto de tipo {type(objeto).__name__}"


class Acelerador:
    """Lo que `acelerar` pone en lugar de `fit` y `evaluate`.

    Atributos:
        motivo: por qué Keras hizo a su manera el último `fit` o `evaluate`; `None` si se aceleró.
    """

    def __init__(self, modelo):
        self.motivo = None
        self._modelo = modelo
        self._fit, self._evaluate = modelo.fit, modelo.evaluate
        self._ajustando = False

    def __repr__(self):
        estado = f"Keras a su manera: {self.motivo}" if self.motivo else "acelerado"
        return f"<Acelerador de '{self._modelo.name}': {estado}>"

    def fit(self, *args, **kwargs):
        """Como `keras.Model.fit`, con los mismos argumentos."""
        ajuste = self._preparar(Ajuste, self._fit, args, kwargs)
        if ajuste is None:
            with atributos(self._modelo, evaluate=self._evaluate):
                return self._fit(*args, **kwargs)
        antes, self._ajustando = self._ajustando, True
        try:
            return ajuste.correr(self._fit)
        finally:
            self._ajustando = antes

    def evaluate(self, *args, **kwargs):
        """Como `keras.Model.evaluate`, con los mismos argumentos."""
        evaluacion = None
        if not es_ficha(kwargs.get("x")):  # Con la ficha, es un fit acelerado que pide validar.
            evaluacion = self._preparar(Evaluacion, self._evaluate, args, kwargs)
        if evaluacion is None:
            return self._evaluate(*args, **kwargs)
        return evaluacion.correr(self._evaluate)

    def _preparar(self, clase, original, args, kwargs):
        try:
            if not self._ajustando:  # Durante un fit acelerado ya se revisó.
                revisar_modelo(self._modelo, {"fit": self._fit, "evaluate": self._evaluate})
                revisar_costura()
            pedido = inspect.signature(original).bind(*args, **kwargs)
            pedido.apply_defaults()
            preparado = clase(self._modelo, pedido.arguments, self._anotar)
        except Exception as error:  # También los errores del usuario: Keras los explica.
            self.motivo = str(error)
            return None
        self.motivo = None
        return preparado

    def _anotar(self, motivo):
        self.motivo = motivo
