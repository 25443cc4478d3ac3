"""Los errores que Keras da de verdad salen en español, con el original encadenado."""

import numpy as np
import pytest

from cursokeras._backend import keras, tf
from cursokeras._comun.traduccion import errores_en_espanol

X, Y = np.ones((8, 3), "float32"), np.ones((8, 1), "float32")
_capas = keras.layers


def _entrenar(*capas, y=Y, callbacks=None, **compilacion):
    modelo = keras.Sequential([keras.Input((3,)), *capas])
    modelo.compile(**{"loss": "mse", **compilacion})
    modelo.fit(X, y, verbose=0, callbacks=callbacks)


def _optimizador_de_otro():
    optimizer = keras.optimizers.Adam()
    for _ in range(2):
        _entrenar(_capas.Dense(1), optimizer=optimizer)


def _sin_memoria():
    raise tf.errors.ResourceExhaustedError(None, None, "OOM when allocating tensor with shape[9,9]")


def perdida_de_otra_forma(y, prediccion):
    return tf.reduce_mean(y - tf.ones((5, 1)) * prediccion)


ERRORES = {
    "pérdida mal escrita": (lambda: _entrenar(_capas.Dense(1), loss="msee"), "pérdida 'msee'"),
    "métrica mal escrita": (lambda: _entrenar(_capas.Dense(1), metrics=["r3"]), "métrica 'r3'"),
    "métrica sin lista": (lambda: _entrenar(_capas.Dense(1), metrics="mae"), "metrics=['mae']"),
    "optimizador de otro modelo": (_optimizador_de_otro, "ya se usó con otro modelo"),
    "callback sin paréntesis": (
        lambda: _entrenar(_capas.Dense(1), callbacks=[keras.callbacks.EarlyStopping]),
        "con sus paréntesis",
    ),
    "callback que es un texto": (
        lambda: _entrenar(_capas.Dense(1), callbacks=["parar"]),
        "no es un callback",
    ),
    "índice de Embedding": (
        lambda: _entrenar(_capas.Embedding(1, 2), _capas.Flatten(), _capas.Dense(1)),
        "recibió el índice 1",
    ),
    "clase que no existe": (
        lambda: _entrenar(_capas.Dense(3), y=Y * 7, loss="sparse_categorical_crossentropy"),
        "y tiene la clase 7 y el modelo distingue 3",
    ),
    "capa con otros ejes": (lambda: _entrenar(_capas.Conv2D(2, 3)), "expected min_ndim=4"),
    "pérdida propia": (
        lambda: _entrenar(_capas.Dense(1), loss=perdida_de_otra_forma),
        "formas distintas ([",
    ),
    "y de otra forma": (lambda: _entrenar(_capas.Dense(3), y=np.ones((8, 2))), "(2 and 3)"),
    "métrica binaria con tres clases": (
        lambda: _entrenar(
            _capas.Dense(3, "softmax"),
            loss="sparse_categorical_crossentropy",
            metrics=[keras.metrics.Precision()],
        ),
        "Precision y Recall",
    ),
    "sin memoria": (_sin_memoria, "batch_size menor"),
}


@pytest.mark.parametrize("caso", ERRORES)
def test_error_traducido(caso):
    provocar, texto = ERRORES[caso]
    with pytest.raises(ValueError, match=r"\. \w") as informe, errores_en_espanol():
        provocar()
    assert texto in str(informe.value)
    assert informe.value.__cause__ is not None


def test_un_error_desconocido_pasa_sin_tocar():
    original = RuntimeError("otra cosa")
    with pytest.raises(RuntimeError) as informe, errores_en_espanol():
        raise original
    assert informe.value is original


def test_ctrl_c_pasa_sin_tocar():
    with pytest.raises(KeyboardInterrupt), errores_en_espanol():
        raise KeyboardInterrupt("OOM when allocating")
