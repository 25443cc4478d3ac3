"""Qué hace que dos modelos se tracen igual: una descripción sin nombres, semillas ni pesos.

Solo se describe lo que es del todo de Keras. Lo que escribió el usuario puede hacer cualquier
cosa al trazarse, así que un modelo con algo suyo no se comparte y se traza como siempre.
"""

import json

import numpy as np

from cursokeras._backend import keras, tf
from cursokeras.aceleracion import piezas_privadas
from cursokeras.aceleracion.variables import variables_de

# Claves que no cambian el grafo: de dónde salieron los pesos y cómo se guarda.
_SIN_EFECTO = {"build_config", "seed", "registered_name", "shared_object_id"}
# Atributos de cada ejemplar que tampoco lo cambian.
_PERSONALES = {"name", "path", "_initial_seed", "_init_seed", "_called"}
_CON_NOMBRES_DE_CAPAS = {"name", "keras_history", "input_layers", "output_layers"}
# Keras envuelve estos métodos en cada capa que se crea.
_ENVUELTOS = ("build", "quantize")
_PROPIOS_DEL_MODELO = (
    *(*_ENVUELTOS, "loss"),
    *("fit", "evaluate", "train_function", "test_function", "predict_function"),
    *("make_train_function", "make_test_function", "get_metrics_result", "reset_metrics"),
)


class _Ajeno(Exception):
    """Algo del modelo no es de Keras, o no se sabe describir."""


def describir(modelo):
    """Devuelve un texto igual para dos modelos compilados que se trazan igual, o `None`.

    Dice la arquitectura, la pérdida, las métricas, el optimizador sin su tasa, qué se entrena,
    los tipos y los dispositivos. No dice nombres, semillas, inicializadores ni pesos.
    """
    return _en_texto(lambda: [*_del_modelo(modelo), *_de_la_compilacion(modelo)])


def describir_red(modelo):
    """Como `describir`, pero solo de la red: para predecir no importa cómo se compiló."""
    return _en_texto(lambda: [*_del_modelo(modelo)])


def _en_texto(partes):
    try:
        return json.dumps(partes(), sort_keys=True)
    except Exception:  # Lo que no se puede describir no se comparte, sea cual sea la razón.
        return None


def _del_modelo(modelo):
    capas = piezas_privadas.capas_de(modelo)
    _exigir(capas is not None)
    for objeto in (modelo, *capas):
        _exigir_de_keras(objeto, salvo=_PROPIOS_DEL_MODELO if objeto is modelo else _ENVUELTOS)
    yield type(modelo).__name__
    yield _limpiar(modelo.get_config(), {})
    yield [[c.trainable, c.compute_dtype, c.variable_dtype, _atributos(c)] for c in capas]
    yield _nombres_de_entradas(capas)
    yield [_variable(v) for v in modelo.variables]
    configuracion = keras.config
    yield [configuracion.floatx(), configuracion.epsilon(), configuracion.image_data_format()]
    yield [configuracion.dtype_policy().name, tf.constant(0).device]


def _nombres_de_entradas(capas):
    """Los nombres de las entradas importan si los datos llegan en un diccionario."""
    nombres = [capa.name for capa in capas if isinstance(capa, keras.layers.InputLayer)]
    return nombres if len(nombres) > 1 else []


def _de_la_compilacion(modelo):
    optimizador = modelo.optimizer
    compilado = modelo.get_compile_config()
    yield {clave: _limpiar(valor) for clave, valor in compilado.items() if clave != "optimizer"}
    for perdida in keras.tree.flatten(modelo.loss):
        if not isinstance(perdida, str):
            _exigir_de_keras(perdida)
            yield _atributos(perdida)
    yield modelo.jit_compile
    yield [_metrica(metrica) for metrica in modelo.metrics]
    if optimizador is not None:
        yield from _del_optimizador(optimizador, modelo)
    yield [_variable(v) for v in variables_de(modelo)]


def _del_optimizador(optimizador, modelo):
    _exigir_de_keras(optimizador)
    _exigir(not piezas_privadas.elige_que_decae(optimizador))
    yield _sin_tasa(_limpiar(keras.saving.serialize_keras_object(optimizador), {}))
    yield _sin_tasa(_atributos(optimizador))
    interno = getattr(optimizador, "inner_optimizer", optimizador)
    pesos = piezas_privadas.pesos_del_optimizador(interno)
    _exigir(pesos is not None)
    posicion = {id(v): i for i, v in enumerate(modelo.variables)}
    yield [posicion[id(v)] for v in pesos]


def _metrica(metrica):
    _exigir_de_keras(metrica)
    de_adentro = [_metrica(m) for m in getattr(metrica, "metrics", ())]
    return [type(metrica).__name__, metrica.name, _atributos(metrica), de_adentro]


def _variable(v):
    return [list(v.shape), v.dtype, v.trainable, v.value.device]


def _sin_tasa(dato):
    """Quita la tasa de aprendizaje si es un número, que vive en una variable del optimizador."""
    if not isinstance(dato, dict):
        return dato
    return {
        clave: _sin_tasa(valor)
        for clave, valor in dato.items()
        if clave != "learning_rate" or isinstance(valor, dict)
    }


def _limpiar(dato, nombres=None):
    """La configuración sin lo que no cambia el grafo.

    Argumentos:
        dato: lo que dio un `get_config` de Keras.
        nombres: diccionario en que cada nombre recibe un número, según su primera aparición; con
            `None` los nombres quedan, como los de las métricas, que salen en el historial.
    """
    if isinstance(dato, dict):
        if "class_name" in dato:
            _exigir((dato.get("module") or "keras").split(".")[0] == "keras")
            _exigir(dato["class_name"] not in ("function", "__lambda__", "Lambda"))
            if dato["class_name"].endswith("DTypePolicy"):
                return repr(dato)
        return {
            clave: _numerar(valor, nombres)
            if clave in _CON_NOMBRES_DE_CAPAS and nombres is not None
            else _limpiar(valor, nombres)
            for clave, valor in dato.items()
            if clave not in _SIN_EFECTO and not clave.endswith("_initializer")
        }
    if isinstance(dato, list | tuple):
        return [_limpiar(valor, nombres) for valor in dato]
    _exigir(dato is None or isinstance(dato, bool | int | float | str))
    return dato


def _numerar(dato, nombres):
    if isinstance(dato, dict):
        return {clave: _numerar(valor, nombres) for clave, valor in dato.items()}
    if isinstance(dato, list | tuple):
        return [_numerar(valor, nombres) for valor in dato]
    return nombres.setdefault(dato, len(nombres)) if isinstance(dato, str) else dato


def _atributos(objeto):
    """Los atributos de un objeto que son números, textos o colecciones de ellos.

    `get_config` no alcanza: el de `Huber`, por ejemplo, no dice `delta` (Keras 3.15.1).
    """
    return {
        nombre: repr(valor)
        for nombre, valor in vars(objeto).items()
        if nombre not in _SIN_EFECTO | _PERSONALES
        and (_es_simple(valor) if _dice_como_es(nombre) else isinstance(valor, bool | int | float))
    }


def _dice_como_es(nombre):
    """Los textos y colecciones de otros atributos privados son rutas y nombres de cada ejemplar."""
    return nombre.endswith("kwargs") or not nombre.startswith("_")


def _es_simple(valor):
    if isinstance(valor, dict):
        return all(isinstance(clave, str) and _es_simple(v) for clave, v in valor.items())
    if isinstance(valor, tuple | list):
        return all(_es_simple(v) for v in valor)
    return valor is None or isinstance(valor, bool | int | float | str)


def _exigir_de_keras(objeto, *, salvo=()):
    """Comprueba que la clase es de Keras, y que nadie le puso a este objeto algo propio."""
    clase = type(objeto)
    _exigir(piezas_privadas.es_de_keras(clase))
    for nombre, valor in vars(objeto).items():
        # Un arreglo queda escrito en el grafo, y no hay cómo describirlo en pocas palabras.
        _exigir(not isinstance(valor, np.ndarray | tf.Tensor) or isinstance(valor, keras.Variable))
        _exigir(not nombre.endswith("kwargs") or _es_simple(dict(valor)))
        if nombre in salvo or not callable(valor):
            continue
        ajeno = not (piezas_privadas.es_de_keras(valor) or piezas_privadas.es_de_keras(type(valor)))
        _exigir(not ajeno and not callable(getattr(clase, nombre, None)))


def _exigir(condicion):
    if not condicion:
        raise _Ajeno
