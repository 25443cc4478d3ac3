"""Guardar y leer una red de `desde_cero`: números y JSON en un archivo, nunca código.

Un objeto se guarda como su clase y los argumentos con que se crea, que quedan en atributos del
mismo nombre. El archivo no es el de Keras, aunque se llame igual: solo lo lee `desde_cero`.
"""

import importlib
import inspect
import json
import zipfile

import numpy as np

from cursokeras._comun.archivos import escribir_atomico, leer_ruta

_CASA = "cursokeras.desde_cero."
_CON_PIEZAS = (
    *("activations", "constraints", "initializers", "layers", "losses", "metrics", "optimizers"),
    *("regularizers", "schedules"),
    *("mas_activaciones", "mas_capas", "mas_optimizadores", "mas_perdidas"),
)
# Los argumentos que una clase le pasa a su base con **kwargs.
_DE_LA_BASE = {
    "layers": ("name", "trainable"),
    "mas_capas": ("name", "trainable"),
    "mas_optimizadores": ("weight_decay", "clipnorm", "clipvalue", "global_clipnorm", "name"),
    "optimizers": ("weight_decay", "clipnorm", "clipvalue", "global_clipnorm", "name"),
}


def ruta_de(ruta, *, solo_pesos):
    """Devuelve la ruta, si termina como exige Keras; si no, lanza ValueError."""
    finales = (".weights.h5",) if solo_pesos else (".keras", ".h5")
    ruta = leer_ruta(ruta, f"modelo{finales[0]}")
    if not ruta.name.endswith(finales):
        que = "los pesos" if solo_pesos else "la red"
        raise ValueError(
            f"Un archivo con {que} termina en {finales[0]!r}, como en Keras, y llegó "
            f"{str(ruta)!r}. Escribe 'modelo{finales[0]}'."
        )
    return ruta


def guardar_pesos(red, ruta, reemplazar=True):
    """Guarda los pesos de una red, en el orden de `get_weights`."""
    _escribir(ruta_de(ruta, solo_pesos=True), red.get_weights(), {}, reemplazar)


def leer_pesos(ruta):
    """Devuelve la lista de pesos que guardó `guardar_pesos`."""
    return _leer(ruta_de(ruta, solo_pesos=True))[0]


def guardar(red, ruta, reemplazar=True):
    """Guarda una red: sus capas, sus pesos y, si está compilada, con qué se entrena.

    Lanza:
        ValueError: si tiene una pieza que no es de `desde_cero`.
    """
    ruta = ruta_de(ruta, solo_pesos=False)
    if red.input_shape is None:
        raise ValueError("La red aún no tiene pesos que guardar: empieza con keras.Input(...).")
    texto = _capas_a_json(red)
    arreglos = red.get_weights()
    if red.loss is not None:
        o = red.optimizer
        medidas = [m if isinstance(m, str) else _a_json(m) for m in red.metricas_pedidas]
        texto |= {"optimizador": _a_json(o), "perdida": _a_json(red.loss), "metricas": medidas}
        texto["pasos"] = [o.iterations, len(o.momentos), float(getattr(o, "producto", 1))]
        arreglos += [*o.momentos, *o.velocidades]
    _escribir(ruta, arreglos, texto, reemplazar)


def copiar(red, crear):
    """Devuelve una red con las mismas capas y otros pesos; `crear`, como en `leer`."""
    texto = json.loads(json.dumps(_capas_a_json(red)))
    return _armar(texto, crear)


def _capas_a_json(red):
    if any(hasattr(capa, "layers") for capa in red.layers):
        raise ValueError(
            "Esta red tiene otra red entre sus capas, y así no se puede guardar ni copiar: haz una "
            "con las mismas capas, una por una."
        )
    capas = [_a_json(capa) for capa in red.layers if type(capa).__name__ != "InputLayer"]
    entrada = list(red.input_shape[1:])
    clase = type(red).__name__
    return {
        "clase": clase,
        "nombre": red.name,
        "dtype": red.dtype,
        "capas": capas,
        "entrada": entrada,
    }


def _armar(texto, crear):
    capas = [_de_json(capa) for capa in texto["capas"]]
    return crear(texto["clase"], tuple(texto["entrada"]), capas, texto["nombre"], texto["dtype"])


def leer(ruta, crear):
    """Devuelve la red que guardó `guardar`.

    Argumentos:
        ruta: el archivo.
        crear: función de (clase, entrada, capas, nombre, dtype) que arma la red.
    """
    ruta = ruta_de(ruta, solo_pesos=False)
    arreglos, texto = _leer(ruta)
    if "capas" not in texto:
        raise ValueError(f"{str(ruta)!r} trae solo pesos. Léelos con red.load_weights(ruta).")
    red = _armar(texto, crear)
    cuantos = len(red.get_weights())
    red.set_weights(arreglos[:cuantos])
    if "perdida" in texto:
        metricas = [m if isinstance(m, str) else _de_json(m) for m in texto["metricas"]]
        red.compile(_de_json(texto["optimizador"]), _de_json(texto["perdida"]), metrics=metricas)
        _devolver_estado(red.optimizer, texto["pasos"], arreglos[cuantos:])
    return red


def _devolver_estado(optimizador, pasos, arreglos):
    optimizador.iterations, momentos, producto = pasos
    if hasattr(optimizador, "producto"):
        optimizador.producto = producto
    optimizador.momentos, optimizador.velocidades = arreglos[:momentos], arreglos[momentos:]


def _a_json(objeto):
    """Un objeto como su módulo, su clase y sus argumentos; lo demás, como está."""
    if objeto is None or isinstance(objeto, bool | str):
        return objeto
    if isinstance(objeto, int | float | np.number):
        return float(objeto) if isinstance(objeto, float | np.floating) else int(objeto)
    if isinstance(objeto, np.ndarray):
        return objeto.tolist()
    if isinstance(objeto, list | tuple):
        return [_a_json(valor) for valor in objeto]
    clase = type(objeto)
    if not clase.__module__.startswith(_CASA):
        raise ValueError(
            f"{clase.__name__} es una clase tuya, y un archivo guarda números, no programas. "
            "Guarda los pesos con save_weights y crea la red con tu programa."
        )
    modulo = clase.__module__.removeprefix(_CASA)
    propios = [n for n in inspect.signature(clase).parameters if hasattr(objeto, n)]
    argumentos = {*propios, *_DE_LA_BASE.get(modulo, ())} - {"input_shape"}
    valores = {nombre: getattr(objeto, nombre) for nombre in sorted(argumentos)}
    if "learning_rate" in valores:
        valores["learning_rate"] = objeto.plan
    opciones = {nombre: _a_json(valor) for nombre, valor in valores.items()}
    return {"de": modulo, "clase": clase.__name__, "opciones": opciones}


def _de_json(valor):
    if isinstance(valor, list):
        return [_de_json(cada) for cada in valor]
    if not isinstance(valor, dict):
        return valor
    if valor["de"] not in _CON_PIEZAS:
        raise ValueError(f"El archivo pide una pieza de {valor['de']!r}, y solo hay capas.")
    modulo = importlib.import_module(_CASA + valor["de"])
    clase = vars(modulo).get(valor["clase"])
    if not isinstance(clase, type) or clase.__module__ != modulo.__name__:
        raise ValueError(f"El archivo pide {valor['clase']!r}, que desde_cero no tiene.")
    if valor["de"] in ("activations", "mas_activaciones"):
        return _activacion(modulo, clase, valor["opciones"])
    opciones = {nombre: _de_json(opcion) for nombre, opcion in valor["opciones"].items()}
    return clase(**opciones)


def _activacion(modulo, clase, opciones):
    """La de siempre si es una de ellas, que se reconocen con `is`; si no, una con sus opciones."""
    de_siempre = (getattr(modulo, nombre) for nombre in modulo.__all__)
    for activacion in de_siempre:
        if type(activacion) is clase and _a_json(activacion)["opciones"] == opciones:
            return activacion
    return clase(**opciones)


def _escribir(ruta, arreglos, texto, reemplazar):
    if ruta.exists() and not reemplazar:
        raise ValueError(f"{str(ruta)!r} ya existe. Escribe otra ruta, o deja overwrite=True.")
    datos = {f"arreglo_{i}": arreglo for i, arreglo in enumerate(arreglos)}
    with escribir_atomico(ruta) as provisional, open(provisional, "wb") as abierto:
        np.savez(abierto, texto=np.array(json.dumps(texto)), **datos)


def _leer(ruta):
    if not ruta.is_file():
        raise ValueError(f"No existe el archivo {str(ruta)!r}. Guárdalo antes, o revisa la ruta.")
    try:
        with np.load(ruta, allow_pickle=False) as datos:
            texto = json.loads(str(datos["texto"]))
            return [datos[f"arreglo_{i}"] for i in range(len(datos.files) - 1)], texto
    except (ValueError, KeyError, OSError, zipfile.BadZipFile) as error:
        raise ValueError(
            f"{str(ruta)!r} no es un archivo guardado por desde_cero. Si lo guardó Keras, usa "
            "import keras para leerlo."
        ) from error
