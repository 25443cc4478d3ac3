"""Buscar la tasa de aprendizaje: el mismo comienzo, unas pocas épocas y muchas tasas."""

from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from cursokeras._backend import keras
from cursokeras._comun.argumentos import es_numero, escribir, juntar, leer, malo
from cursokeras._comun.hallazgos import contar
from cursokeras._comun.lotes import Lotes, SeguirEpoca
from cursokeras._comun.traduccion import errores_en_espanol
from cursokeras.aceleracion import acelerar
from cursokeras.convenciones import tasa_maxima
from cursokeras.dispositivos import rechazar_cluster
from cursokeras.entrenamiento.construccion import construir
from cursokeras.entrenamiento.datos import leer_datos

_DIVERGE = 4  # Veces la pérdida de antes de entrenar.


@dataclass(frozen=True, eq=False, repr=False)
class BusquedaDeTasa:
    """Lo que responde `buscar_tasa`.

    Atributos:
        tabla: `DataFrame` con una fila por tasa: "tasa", "pérdida" (la de todas las filas después
            de entrenar; nan si dejó de ser un número) y "diverge".
        mejor: la tasa de menor pérdida, o `None` si todas divergen.
        al_comenzar: la pérdida antes de entrenar.
        epochs: cuántas épocas entrenó con cada una.
        limite: la `tasa_maxima` de estas filas, si el modelo es lineal, con mse y SGD; si no,
            `None`.
    """

    tabla: pd.DataFrame
    mejor: float | None
    al_comenzar: float
    epochs: int
    limite: float | None

    def graficar(self, ax=None):
        """Dibuja la pérdida que dejó cada tasa, con la mejor marcada.

        Argumentos:
            ax: ejes de Matplotlib donde dibujar; por defecto, unos nuevos.

        Devuelve:
            Los ejes (`matplotlib.axes.Axes`).
        """
        from cursokeras.graficos.tasas import dibujar_tasas  # Buscar no necesita Matplotlib.

        return dibujar_tasas(self, ax)

    def __repr__(self):
        tasas = self.tabla["tasa"]
        rango = f"de {len(tasas)} tasas, de {tasas.min():.3g} a {tasas.max():.3g}"
        epocas = contar(self.epochs, "época")
        if self.mejor is None:
            return f"Todas divergen {rango}. Prueba con otras menores: desde={tasas.min() / 1e3:g}."
        perdida = self.tabla["pérdida"].min()
        return (
            f"La mejor {rango}, es {self.mejor:.3g}: en {epocas} la pérdida bajó de "
            f"{self.al_comenzar:.4g} a {perdida:.4g}.{self._en_el_borde()}"
        )

    def _en_el_borde(self):
        tasas = self.tabla["tasa"]
        if self.mejor == tasas.max():
            return f" Es la mayor que se probó: prueba con hasta={10 * self.mejor:g}."
        if self.mejor == tasas.min():
            return f" Es la menor que se probó: prueba con desde={self.mejor / 10:g}."
        return ""

    def _repr_html_(self):
        return f"<p>{self!r}</p>{self.tabla.to_html(index=False, float_format='{:.4g}'.format)}"


def buscar_tasa(
    modelo, x, y, *, desde=1e-5, hasta=1.0, cuantas=11, epochs=3, batch_size=32, semilla=0
):
    """Entrena un rato con cada tasa de aprendizaje, siempre desde el mismo comienzo.

    Todas las tasas ven los mismos lotes. Al terminar el modelo queda como estaba: con sus pesos,
    su optimizador y su tasa. Para los modelos lineales, `tasa_maxima` da el límite exacto; para
    los demás no hay fórmula, y por eso se prueba.

    Argumentos:
        modelo: modelo de Keras compilado, con una tasa que sea un número.
        x: entradas, (n, d_in).
        y: objetivos, como en `entrenar`.
        desde, hasta: la menor y la mayor; las demás van en progresión geométrica.
        cuantas: cuántas tasas.
        epochs: cuántas épocas con cada una.
        batch_size: filas por lote; la mejor tasa depende de él.
        semilla: entero que fija el orden de los lotes.

    Devuelve:
        `BusquedaDeTasa`, con `mejor`, `tabla` y `graficar()`.

    Lanza:
        ValueError: si los datos o los argumentos no sirven; el mensaje dice qué escribir.

    Ejemplo:
        >>> import cursokeras as ck
        >>> x, y = ck.datos.lineal(n=200, semilla=0)
        >>> modelo = ck.crear_regresion(2, optimizer="sgd", semilla=0)
        >>> busqueda = ck.buscar_tasa(modelo, x, y, desde=1e-4, hasta=10, cuantas=6)
        >>> busqueda.mejor, busqueda.tabla["diverge"].tolist()
        (0.1, [False, False, False, False, False, True])
    """
    rechazar_cluster()
    argumentos = juntar(
        **{
            "cuantas": partial(leer, "cuantas_tasas", cuantas),
            "epochs": partial(leer, "epochs", epochs),
            "batch_size": partial(leer, "batch_size", batch_size),
            "semilla": partial(leer, "semilla", semilla),
            "desde": partial(_exigir_rango, desde, hasta),
        }
    )
    datos, _ = leer_datos(modelo, x, y, None, None, None)
    construir(modelo, datos.x)
    _exigir_tasa_fija(modelo)
    tasas = np.geomspace(desde, hasta, argumentos["cuantas"])
    lotes = Lotes(
        datos.x,
        datos.y,
        batch_size=min(argumentos["batch_size"], len(datos.x)),
        semilla=argumentos["semilla"],
    )
    al_comenzar, perdidas = _probar(modelo, lotes, tasas, argumentos["epochs"])
    tabla = pd.DataFrame({"tasa": tasas, "pérdida": perdidas})
    tabla["diverge"] = ~(tabla["pérdida"] <= al_comenzar + _DIVERGE * abs(al_comenzar))
    buenas = tabla[~tabla["diverge"]]
    mejor = None if buenas.empty else float(buenas["tasa"][buenas["pérdida"].idxmin()])
    return BusquedaDeTasa(tabla, mejor, al_comenzar, argumentos["epochs"], _limite(modelo, datos.x))


def _exigir_rango(desde, hasta):
    if not (es_numero(desde) and es_numero(hasta) and 0 < desde < hasta):
        raise malo(
            "desde",
            f"desde={escribir(desde)} y hasta={escribir(hasta)}: se esperaban dos tasas mayores "
            "que 0, la primera menor.",
            "Escribe, por ejemplo, desde=1e-5, hasta=1.",
        )


def _exigir_tasa_fija(modelo):
    if not hasattr(modelo.optimizer.learning_rate, "assign"):
        raise malo(
            "learning_rate",
            "La tasa de este modelo cambia sola, con un plan, y aquí se prueban tasas fijas.",
            "Compila con un número: "
            "modelo.compile(keras.optimizers.Adam(learning_rate=0.001), modelo.loss).",
        )


def _probar(modelo, lotes, tasas, epochs):
    """La pérdida antes de entrenar y la que deja cada tasa; el modelo queda como estaba."""
    estado = [*modelo.variables, *modelo.optimizer.variables]
    antes = [variable.numpy() for variable in estado]

    def volver():
        for variable, valor in zip(estado, antes, strict=True):
            variable.assign(valor)

    def medir():
        opciones = {"batch_size": 1024, "verbose": 0, "return_dict": True}
        return float(modelo.evaluate(lotes.x, lotes.y, **opciones)["loss"])

    perdidas = []
    try:
        # Una sola vez: así las tasas comparten lo que se compiló para la primera.
        with errores_en_espanol(), acelerar(modelo):
            al_comenzar = medir()
            for tasa in tasas:
                volver()
                modelo.optimizer.learning_rate.assign(tasa)
                opciones = {"shuffle": False, "verbose": 0, "callbacks": [SeguirEpoca(lotes)]}
                modelo.fit(lotes, epochs=epochs, **opciones)
                perdidas.append(medir())
    finally:
        volver()
    return al_comenzar, [perdida if np.isfinite(perdida) else np.nan for perdida in perdidas]


def _limite(modelo, x):
    """La `tasa_maxima` de un modelo lineal con mse y SGD; de los demás no se conoce."""
    con_pesos = [capa for capa in modelo.layers if capa.weights]
    optimizador = modelo.optimizer
    lineal = len(con_pesos) == 1 and type(con_pesos[0]) is keras.layers.Dense
    if not lineal or type(optimizador) is not keras.optimizers.SGD or optimizador.momentum:
        return None
    (capa,) = con_pesos
    de_mse = keras.losses.get(modelo.loss)
    if getattr(de_mse, "name", getattr(de_mse, "__name__", "")) != "mean_squared_error":
        return None
    recta = capa.use_bias and capa.activation is keras.activations.linear
    return tasa_maxima(x.reshape(len(x), -1), capa.units) if recta else None
