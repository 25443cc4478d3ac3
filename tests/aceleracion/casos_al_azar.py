"""Casos al azar para comparar Keras con `acelerar`: modelos, datos, callbacks e interrupciones.

Un caso es un diccionario que sale entero de su semilla, de modo que una falla se repite con ella.
"""

import contextlib
import math

import numpy as np
import pandas as pd

from cursokeras._backend import keras, tf
from cursokeras._comun.lotes import Lotes, SeguirEpoca
from tests.aceleracion.test_promesa import ConDiccionario, Subclase

capas, opt, cb = keras.layers, keras.optimizers, keras.callbacks
COLUMNAS, CLASES = 5, 3

ACTIVACIONES = ["relu", "tanh", "sigmoid", "elu", "gelu", "selu", "softplus", None]


class Escalar(capas.Layer):
    """Una capa del usuario, con un número que sus callbacks cambian."""

    def __init__(self):
        super().__init__()
        self.factor = 0.5

    def call(self, x):
        return self.factor * x


EXTRAS = {
    "nada": lambda: [],
    "dropout": lambda: [capas.Dropout(0.3, seed=7)],
    "ruido": lambda: [capas.GaussianNoise(0.1, seed=7)],
    "normalización": lambda: [capas.BatchNormalization()],
    "normalización de capa": lambda: [capas.LayerNormalization()],
    "regularizada": lambda: [capas.Dense(3, kernel_regularizer="l2", activity_regularizer="l1")],
    "restringida": lambda: [capas.Dense(3, kernel_constraint="max_norm")],
    "propia": lambda: [Escalar()],
    "recurrente": lambda: [capas.Dense(6), capas.Reshape((6, 1)), capas.GRU(3)],
    "convolución": lambda: [
        capas.Dense(6),
        capas.Reshape((6, 1)),
        capas.Conv1D(2, 2),
        capas.Flatten(),
    ],
}
OPTIMIZADORES = {
    "sgd": lambda t: opt.SGD(t),
    "momento": lambda t: opt.SGD(t, momentum=0.9, nesterov=True),
    "recorte": lambda t: opt.SGD(t, clipnorm=0.5),
    "recorte global": lambda t: opt.RMSprop(t, global_clipnorm=0.5),
    "adam": lambda t: opt.Adam(t),
    "adamw": lambda t: opt.AdamW(t, weight_decay=0.01),
    "rmsprop": lambda t: opt.RMSprop(t),
    "adagrad": lambda t: opt.Adagrad(t),
    "nadam": lambda t: opt.Nadam(t),
    "promedio móvil": lambda t: opt.SGD(t, use_ema=True, ema_overwrite_frequency=4),
    "acumulado": lambda t: opt.Adam(t, gradient_accumulation_steps=2),
    "decreciente": lambda t: opt.SGD(opt.schedules.ExponentialDecay(t, 5, 0.8)),
}


def error_maximo(y, y_pred):
    """Una medida del usuario, que depende del lote entero."""
    return keras.ops.max(keras.ops.abs(keras.ops.cast(y, "float32") - y_pred))


# De cada cabeza: salidas, activación, pérdidas y métricas posibles.
CABEZAS = {
    "regresión": (1, None, ["mse", "mae", "huber", "log_cosh", error_maximo]),
    "binaria": (1, "sigmoid", ["binary_crossentropy", "mse"]),
    "logits": (1, None, [keras.losses.BinaryCrossentropy(from_logits=True)]),
    "clasificación": (CLASES, "softmax", ["sparse_categorical_crossentropy"]),
    "one-hot": (CLASES, "softmax", ["categorical_crossentropy", "kl_divergence"]),
}
METRICAS = {
    "regresión": ["mae", "mse", error_maximo, keras.metrics.R2Score, ConDiccionario],
    "binaria": ["accuracy", keras.metrics.AUC, keras.metrics.Precision, error_maximo],
    "logits": ["accuracy", "mae", ConDiccionario],
    "clasificación": ["accuracy", "sparse_top_k_categorical_accuracy"],
    "one-hot": ["accuracy", keras.metrics.F1Score, ConDiccionario],
}
FORMAS = ["arreglos", "pandas", "tensores", "float64", "lotes", "dataset"]
VALIDACIONES = [None, "datos", "con pesos", "split", "dataset"]
CLASES_DE_MODELO = ["secuencial"] * 4 + ["sin construir", "subclase", "construida", "dos salidas"]


def armar(semilla):
    """Devuelve el caso de esa semilla."""
    azar = np.random.default_rng(semilla)

    def uno(opciones, veces=1):
        opciones = list(opciones)
        return opciones[azar.integers(len(opciones))]

    def pasa(probabilidad):
        return bool(azar.random() < probabilidad)

    cabeza = uno(CABEZAS)
    metricas = METRICAS[cabeza]
    return {
        "semilla": semilla,
        "modelo": uno(CLASES_DE_MODELO),
        "cabeza": cabeza,
        "ocultas": [
            (int(azar.integers(1, 12)), uno(ACTIVACIONES)) for _ in range(azar.integers(3))
        ],
        "extra": uno(EXTRAS),
        "perdida": int(azar.integers(len(CABEZAS[cabeza][2]))),
        "metricas": [i for i in range(len(metricas)) if pasa(0.4)],
        "pesadas": pasa(0.2),
        "optimizador": uno(OPTIMIZADORES),
        "tasa": float(10 ** azar.uniform(-4, -2)),
        "forma": uno(FORMAS),
        "n": int(azar.integers(2, 150)),
        "batch_size": int(2 ** azar.uniform(0, 6.5)),
        "epochs": int(azar.integers(1, 5)),
        "initial_epoch": 1 if pasa(0.1) else 0,
        "shuffle": pasa(0.4),
        "pesos": uno([None, None, "sample_weight", "class_weight"]),
        "validacion": uno(VALIDACIONES),
        "validation_freq": 2 if pasa(0.15) else 1,
        "callbacks": [nombre for nombre in CALLBACKS if pasa(0.1)],
        "interrupcion": uno([None] * 6 + ["error", "Ctrl-C"]),
        "despues": uno([None, None, "otro fit", "compilar", "evaluar", "congelar"]),
        "datos_malos": uno([None] * 20 + ["nan", "etiqueta"]),
        "con_xla": pasa(0.4),
        "tramos": pasa(0.2),
    }


def crear(caso):
    """Crea el modelo compilado del caso."""
    if caso["modelo"] == "dos salidas":
        modelo = _dos_salidas(caso)
    elif caso["modelo"] in ("subclase", "construida"):
        modelo = Subclase()
        modelo.salida = capas.Dense(*CABEZAS[caso["cabeza"]][:2])
        if caso["modelo"] == "construida":
            modelo.build((None, COLUMNAS))
    else:
        entrada = [] if caso["modelo"] == "sin construir" else [keras.Input((COLUMNAS,))]
        medio = [capas.Dense(*oculta) for oculta in caso["ocultas"]] + EXTRAS[caso["extra"]]()
        modelo = keras.Sequential([*entrada, *medio, capas.Dense(*CABEZAS[caso["cabeza"]][:2])])
    compilar(caso, modelo)
    return modelo


def _dos_salidas(caso):
    entrada = keras.Input((COLUMNAS,))
    medio = entrada
    for oculta in caso["ocultas"]:
        medio = capas.Dense(*oculta)(medio)
    salidas = [capas.Dense(*CABEZAS[caso["cabeza"]][:2], name=nombre)(medio) for nombre in "ab"]
    return keras.Model(entrada, salidas)


def compilar(caso, modelo, factor=1.0):
    """Compila el modelo con la pérdida, las métricas y el optimizador del caso."""

    def metricas():
        elegidas = [METRICAS[caso["cabeza"]][i] for i in caso["metricas"]]
        return [m(name=f"propia_{i}") if isinstance(m, type) else m for i, m in enumerate(elegidas)]

    perdida = CABEZAS[caso["cabeza"]][2][caso["perdida"]]
    dos = caso["modelo"] == "dos salidas"
    modelo.compile(
        OPTIMIZADORES[caso["optimizador"]](factor * caso["tasa"]),
        [perdida, perdida] if dos else perdida,
        metrics=[metricas(), ["mae"]] if dos else metricas(),
        weighted_metrics=["mae"] if caso["pesadas"] and not dos else None,
    )


def datos_de(caso):
    """Devuelve x (n, COLUMNAS), y según la cabeza, y un peso por fila."""
    azar = np.random.default_rng(caso["semilla"] + 1)
    x = azar.standard_normal((caso["n"], COLUMNAS)).astype("float32")
    numero = np.tanh(x @ azar.standard_normal((COLUMNAS, 1))).astype("float32")
    clase = np.digitize(numero[:, 0], [-0.4, 0.4])
    y = {
        "regresión": numero,
        "clasificación": clase,
        "one-hot": keras.utils.to_categorical(clase, CLASES).astype("float32"),
    }.get(caso["cabeza"], (numero > 0).astype("float32"))
    if caso["datos_malos"] == "nan":
        x[caso["n"] // 2, 0] = np.nan
    if caso["datos_malos"] == "etiqueta" and caso["cabeza"] == "clasificación":
        y[caso["n"] // 2] = CLASES + 2
    return x, y, np.linspace(0.1, 2, caso["n"]).astype("float32")


def argumentos(caso):
    """Devuelve los argumentos de `fit`, en la forma del caso, y sus callbacks."""
    x, y, pesos = datos_de(caso)
    opciones = {nombre: caso[nombre] for nombre in ("epochs", "initial_epoch", "validation_freq")}
    validacion, dos = caso["validacion"], caso["modelo"] == "dos salidas"
    corte = max(1, caso["n"] // 3)

    def juntar(y):
        return (y, 1 * y) if dos else y

    if validacion == "dataset":
        partes = tf.data.Dataset.from_tensor_slices((x[:corte], juntar(y[:corte])))
        opciones["validation_data"] = partes.batch(7)
    elif validacion in ("datos", "con pesos"):
        partes = x[:corte], juntar(y[:corte])
        opciones["validation_data"] = (*partes, pesos[:corte])[
            : 3 if validacion == "con pesos" else 2
        ]
    if caso["forma"] == "dataset":
        lotes = tf.data.Dataset.from_tensor_slices((x, juntar(y))).batch(caso["batch_size"])
        return {"x": lotes, **opciones}, []
    if caso["forma"] == "lotes" and not dos:
        lotes = Lotes(x, y, batch_size=caso["batch_size"], semilla=3)
        return {"x": lotes, "shuffle": False, **opciones}, [SeguirEpoca(lotes)]
    if validacion == "split":
        opciones["validation_split"] = 0.3
    if caso["pesos"] == "sample_weight":
        opciones["sample_weight"] = pesos
    elif caso["pesos"] == "class_weight" and not dos and caso["cabeza"] != "regresión":
        opciones["class_weight"] = {0: 0.5, 1: 2.0}
    convertir = {
        "pandas": lambda a: pd.DataFrame(a) if a.ndim == 2 else pd.Series(a),
        "tensores": tf.constant,
        "float64": lambda a: a.astype("float64") if a.dtype.kind == "f" else a,
    }.get(caso["forma"], lambda a: a)
    x, y = convertir(x), (convertir(y), convertir(1 * y)) if dos else convertir(y)
    comunes = {nombre: caso[nombre] for nombre in ("batch_size", "shuffle")}
    return {"x": x, "y": y, **comunes, **opciones}, []


def _al(momento, hacer, cuando=1):
    """Un callback que en la época `cuando` llama a `hacer(modelo)`."""

    class Hacer(cb.Callback):
        def al_momento(self, epoca, logs=None):
            if epoca == cuando:
                hacer(self.model)

    setattr(Hacer, momento, Hacer.al_momento)
    return Hacer()


def _congelar(modelo):
    modelo.layers[0].trainable = False
    modelo.make_train_function(force=True)


def _cambiar_atributos(modelo):
    for capa in modelo.layers:
        for nombre in ("rate", "factor", "stddev"):
            if hasattr(capa, nombre):
                setattr(capa, nombre, 0.2)


def _un_lote(caso, metodo):
    def hacer(modelo):
        x, y, _ = datos_de(caso)
        y = [y[:4], y[:4]] if caso["modelo"] == "dos salidas" else y[:4]
        getattr(modelo, metodo)(x[:4], y)

    return hacer


class PorLote(cb.Callback):
    """Un callback que actúa en cada lote, que obliga a Keras a hacer el fit."""

    def on_train_batch_end(self, batch, logs=None):
        self.ultimo = batch


CALLBACKS = {
    "EarlyStopping": lambda c: cb.EarlyStopping(
        monitor="loss", patience=0, min_delta=0.01, restore_best_weights=True
    ),
    "ReduceLROnPlateau": lambda c: (
        cb.ReduceLROnPlateau(monitor="loss", patience=0, min_delta=0.1)
        if c["optimizador"] != "decreciente"
        else cb.Callback()
    ),
    "TerminateOnNaN": lambda c: cb.TerminateOnNaN(),
    "por lote": lambda c: PorLote(),
    "cambia los pesos": lambda c: _al(
        "on_epoch_end", lambda m: m.set_weights([0.5 * p for p in m.get_weights()]), 0
    ),
    "congela y rehace": lambda c: _al("on_epoch_begin", _congelar),
    "cambia atributos al empezar": lambda c: _al("on_epoch_begin", _cambiar_atributos, 0),
    "cambia atributos después": lambda c: _al("on_epoch_begin", _cambiar_atributos, 1),
    "train_on_batch": lambda c: _al("on_epoch_begin", _un_lote(c, "train_on_batch")),
    "test_on_batch": lambda c: _al("on_epoch_end", _un_lote(c, "test_on_batch"), 0),
    "evalúa": lambda c: _al(
        "on_epoch_end", lambda m: m.evaluate(*_evaluables(c), batch_size=9, verbose=0), 0
    ),
    "frena": lambda c: _al("on_epoch_begin", lambda m: setattr(m, "stop_training", True), 2),
    "compila": lambda c: _al("on_epoch_end", lambda m: _compilar_y_rehacer(c, m), 0),
}


def _compilar_y_rehacer(caso, modelo):
    compilar(caso, modelo, factor=0.5)
    modelo.make_train_function()


def _evaluables(caso):
    x, y, _ = datos_de(caso)
    return x, [y, y] if caso["modelo"] == "dos salidas" else y


class Diario(cb.Callback):
    """Anota en orden qué se le avisó y con qué números."""

    def __init__(self, interrupcion):
        super().__init__()
        self.hojas, self._interrupcion = [], interrupcion

    def _anotar(self, momento, logs):
        numeros = {k: v for k, v in (logs or {}).items() if isinstance(v, float)}
        self.hojas.append((momento, numeros, self.model.built))

    def on_epoch_end(self, epoch, logs=None):
        self._anotar(f"termina la época {epoch}", logs)
        if epoch == 1 and self._interrupcion:
            raise KeyboardInterrupt if self._interrupcion == "Ctrl-C" else ZeroDivisionError


def _hoja(momento):
    return lambda self, *args, logs=None: self._anotar(f"{momento} {args[:-1]}", logs)


for _momento in (
    "on_train_begin",
    "on_train_end",
    "on_epoch_begin",
    "on_test_begin",
    "on_test_end",
):
    setattr(Diario, _momento, _hoja(_momento))


def correr(caso, contexto):
    """Entrena el modelo del caso dentro de `contexto(modelo)` y devuelve todo lo que pasó."""
    keras.utils.set_random_seed(caso["semilla"] % 2**31)
    modelo = crear(caso)
    tenia_pesos = bool(modelo.weights)
    diario, fallas, historias = Diario(caso["interrupcion"]), [], []

    def ajustar(callbacks):
        pedido, propios = argumentos(caso)
        historia = modelo.fit(callbacks=[*propios, *callbacks], verbose=0, **pedido)
        historias.append((historia.epoch, historia.history))

    with contexto(modelo):
        with _anotando(fallas):
            ajustar([*(CALLBACKS[nombre](caso) for nombre in caso["callbacks"]), diario])
        # Si falla al trazar, Keras 3.15 deja a medio crear los pesos que faltaban.
        a_medias = fallas and not tenia_pesos
        if not a_medias and not math.isnan(sum(float(np.sum(p)) for p in modelo.get_weights())):
            with _anotando(fallas):
                _seguir(caso, modelo, ajustar, historias)
    optimizador = [v.numpy() for v in modelo.optimizer.variables]
    return {
        "diario": diario.hojas,
        "fallas": fallas,
        "historias": historias,
        "pesos": [] if a_medias else modelo.get_weights(),
        "optimizador": optimizador,
    }


@contextlib.contextmanager
def _anotando(fallas):
    try:
        yield
    except (Exception, KeyboardInterrupt) as error:
        fallas.append(type(error).__name__)


def _seguir(caso, modelo, ajustar, historias):
    if caso["despues"] == "otro fit":
        ajustar([])
    elif caso["despues"] == "compilar":
        compilar(caso, modelo, factor=2.0)
        ajustar([])
    elif caso["despues"] == "congelar":
        modelo.layers[0].trainable = False
        compilar(caso, modelo)
        ajustar([])
    elif caso["despues"] == "evaluar" and caso["datos_malos"] is None:
        numeros = modelo.evaluate(*_evaluables(caso), batch_size=11, verbose=0, return_dict=True)
        historias.append(([], {nombre: [valor] for nombre, valor in numeros.items()}))
