"""Lo que ocupa rehacer un modelo además de sus variables: capas, llamadas, umbrales y arreglos.

Los precios se midieron en Keras 3.15 con modelos de cientos de capas, y se redondearon hacia
arriba; un archivo de buena fe trae, por cada una de estas cosas, bytes que la pagan varias veces.
"""

import sys

from cursokeras.guardado.limites import enteros
from cursokeras.guardado.permitidos import objetos
from cursokeras.guardado.tamanos import ejes_de, lados_de_entrada

_POR_OBJETO = 60 * 2**10
_POR_OBJETO_SIMPLE = 3 * 2**10
_SIMPLES = (None, "keras", "keras.initializers", "keras.regularizers", "keras.constraints")
_POR_LLAMADA = 5 * 2**10
_RECURRENTES = ("SimpleRNN", "LSTM", "GRU")
_POR_CASILLA_DE_METRICA = 200
# Si algo falla, el error de Keras en cada nivel repite el texto de los niveles de adentro.
_POR_TEXTO_REPETIDO = 1.5


def gastar_estructura(config, presupuesto):
    """Descuenta del presupuesto lo que ocupará la estructura de un modelo.

    Argumentos:
        config: la configuración del modelo, ya revisada por `revisar_permitidos`.
        presupuesto: el `Presupuesto` de donde se descuenta.

    Lanza:
        ValueError: si no alcanza.
    """
    niveles, texto = _niveles(config), sys.getsizeof(repr(config))
    presupuesto.gastar(_POR_TEXTO_REPETIDO * niveles**2 * texto, f"sus {niveles} niveles")
    for objeto in objetos(config):
        nombre = f"{objeto['class_name']!r}"
        simple = objeto.get("module") in _SIMPLES and not _capas(objeto)
        presupuesto.gastar(_POR_OBJETO_SIMPLE if simple else _POR_OBJETO, nombre)
        presupuesto.gastar(_POR_LLAMADA * _llamadas_al_crear(objeto), f"las capas de {nombre}")
        if objeto.get("module") == "keras.metrics":
            casillas = sum(map(abs, enteros(objeto.get("config"))))
            presupuesto.gastar(_POR_CASILLA_DE_METRICA * casillas, f"la métrica {nombre}")
        presupuesto.gastar_numeros(_numeros_sin_variable(objeto), f"la capa {nombre}")


def _niveles(valor):
    """Cuántos objetos hay, a lo sumo, uno dentro de otro."""
    if isinstance(valor, list):
        return max(map(_niveles, valor), default=0)
    if isinstance(valor, dict):
        return ("class_name" in valor) + max(map(_niveles, valor.values()), default=0)
    return 0


def _llamadas_al_crear(modelo):
    """Cuántas veces llama Keras a las capas de un modelo al rehacerlo.

    Una `Sequential` se arma de nuevo entera con cada capa que se le agrega.
    """
    capas = _capas(modelo)
    if modelo["class_name"] == "Sequential":
        return sum((len(capas) - i) * _llamadas(capa) for i, capa in enumerate(capas))
    return sum(map(_llamadas, capas))


def _llamadas(capa):
    """Cuántas llamadas hay en una pasada por la capa, con las de adentro si es un modelo."""
    veces = len(capa.get("inbound_nodes") or [()])
    una = 2 if capa.get("class_name") in _RECURRENTES else 1
    return veces * (una + sum(map(_llamadas, _capas(capa))))


def _capas(objeto):
    config = objeto.get("config")
    capas = config.get("layers") if isinstance(config, dict) else None
    capas = capas if isinstance(capas, list) else []
    return [capa for capa in capas if isinstance(capa, dict) and "class_name" in capa]


def _numeros_sin_variable(capa):
    """Los números que una capa calcula al construirse, y que no son una de sus variables."""
    config = capa.get("config")
    if capa.get("module") != "keras.layers" or not isinstance(config, dict):
        return 0
    if config.get("stateful"):  # Una fila de estado por cada fila del lote, en hasta dos estados.
        return 2 * abs(sum(enteros([config.get("units")])) * lados_de_entrada(capa, [0]))
    if capa["class_name"] == "Normalization" and config.get("mean") is not None:
        return 4 * abs(lados_de_entrada(capa, ejes_de(config)))
    return 0
