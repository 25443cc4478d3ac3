"""Que la configuración no pida más de lo que el archivo trae.

Un archivo de mil bytes puede declarar mil millones de neuronas, y Keras las reservaría antes de
notar que sus pesos no están. Cada capa debe pedir a lo sumo tantos números como hay guardados.
"""

import math

from cursokeras.guardado.permitidos import objetos

_MAXIMAS_CAPAS = 200
_MAXIMOS_OBJETOS = 5000
_MAXIMO_ENTERO = 10_000_000


def revisar_tamanos(config, numeros):
    """Lanza `ValueError` si el modelo declara más capas o pesos de los que puede tener.

    Argumentos:
        config: la configuración del modelo, ya revisada por `leer_config`.
        numeros: cuántos números guarda el archivo de pesos.
    """
    todos = list(objetos(config))
    capas = [objeto for objeto in todos if objeto.get("module") == "keras.layers"]
    if len(capas) > _MAXIMAS_CAPAS or len(todos) > _MAXIMOS_OBJETOS:
        raise ValueError(
            f"El modelo declara {len(capas)} capas y {len(todos)} objetos; se aceptan hasta "
            f"{_MAXIMAS_CAPAS} capas y {_MAXIMOS_OBJETOS} objetos."
        )
    for objeto in todos:
        _revisar_enteros(objeto)
    for capa in capas:
        pedidos = _pesos_que_pide(capa)
        if pedidos > numeros:
            raise ValueError(
                f"La capa {capa['class_name']!r} pide {pedidos} pesos y el archivo trae {numeros} "
                "números: la configuración está alterada."
            )


def _revisar_enteros(objeto):
    config = objeto.get("config")
    partes = [objeto.get("build_config")]
    if isinstance(config, dict):
        partes += [valor for clave, valor in config.items() if clave != "seed"]
    for numero in _enteros(partes):
        if abs(numero) > _MAXIMO_ENTERO:
            raise ValueError(
                f"La configuración de {objeto['class_name']!r} trae el número {numero:.3g}; se "
                f"aceptan hasta {_MAXIMO_ENTERO:,}."
            )


def _enteros(valor):
    if isinstance(valor, dict):
        # Los objetos de adentro se revisan por su cuenta, con sus propias semillas.
        valor = [] if "class_name" in valor else list(valor.values())
    if isinstance(valor, list):
        for parte in valor:
            yield from _enteros(parte)
    elif isinstance(valor, int):
        yield valor


def _pesos_que_pide(capa):
    """Cuántos pesos crea la capa, como mínimo, según lo que declara."""
    config = capa.get("config")
    if not isinstance(config, dict):
        raise ValueError(f"La capa {capa['class_name']!r} no trae su configuración.")
    if "output_dim" in config:
        return _numero(config, "input_dim") * _numero(config, "output_dim")
    unidades = _numero(config, "units") * _numero(config, "filters")
    if "units" in config or "filters" in config:
        nucleo = math.prod(_enteros([config.get("kernel_size")]))
        return unidades * max(
            _entradas(capa, [-1]) * nucleo // max(_numero(config, "groups"), 1),
            unidades if "recurrent_initializer" in config else 1,
        )
    if capa["class_name"].endswith("Normalization") and "axis" in config:
        return _entradas(capa, list(_enteros([config["axis"]])))
    return 0


def _numero(config, nombre):
    valor = config.get(nombre, 1)
    if not isinstance(valor, int):
        raise ValueError(f"La configuración trae {nombre}={valor!r} y debe ser un entero.")
    return valor


def _entradas(capa, ejes):
    """Producto de esos ejes de la forma con que la capa dice haberse construido."""
    forma = (capa.get("build_config") or {}).get("input_shape")
    try:
        return math.prod(forma[eje] for eje in ejes)
    except (TypeError, IndexError, KeyError):
        raise ValueError(
            f"La capa {capa['class_name']!r} no dice con qué forma se construyó: la configuración "
            "está alterada, o el modelo se guardó sin construir."
        ) from None
