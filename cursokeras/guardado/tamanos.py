"""Que ninguna capa pida más pesos de los que el archivo trae, y que diga con qué forma.

Un archivo de mil bytes puede declarar mil millones de neuronas. `presupuesto` no las deja crear;
aquí se ve antes, con el nombre de la capa que las pide.
"""

import math

from cursokeras.guardado.limites import enteros
from cursokeras.guardado.permitidos import objetos

_CON_EJES = ("BatchNormalization", "LayerNormalization", "Normalization")


def revisar_tamanos(config, numeros):
    """Lanza `ValueError` si alguna capa pide más pesos de los que hay.

    Argumentos:
        config: la configuración del modelo, ya revisada por `revisar_permitidos`.
        numeros: cuántos números guarda el archivo de pesos.
    """
    for capa in objetos(config):
        pedidos = _pesos_que_pide(capa) if capa.get("module") == "keras.layers" else 0
        if pedidos > numeros:
            raise ValueError(
                f"La capa {capa['class_name']!r} pide {pedidos} pesos y el archivo trae {numeros} "
                "números: la configuración está alterada."
            )


def _pesos_que_pide(capa):
    """Cuántos pesos crea la capa, como mínimo, según lo que declara."""
    config = capa.get("config")
    if not isinstance(config, dict):
        raise ValueError(f"La capa {capa['class_name']!r} no trae su configuración.")
    if "output_dim" in config:
        return _numero(config, "input_dim") * _numero(config, "output_dim")
    unidades = _numero(config, "units") * _numero(config, "filters")
    if "units" in config or "filters" in config:
        nucleo = math.prod(enteros([config.get("kernel_size")]))
        return unidades * max(
            lados_de_entrada(capa, [-1]) * nucleo // max(_numero(config, "groups"), 1),
            unidades if "recurrent_initializer" in config else 1,
        )
    if capa["class_name"] in _CON_EJES:
        pesos = lados_de_entrada(capa, ejes_de(config))
        return 0 if config.get("mean") is not None else pesos
    return 0


def ejes_de(config):
    """Los ejes de una capa de normalización; el último, si no los dice."""
    return list(enteros([config.get("axis", -1)]))


def _numero(config, nombre):
    valor = config.get(nombre, 1)
    if not isinstance(valor, int):
        raise ValueError(f"La configuración trae {nombre}={valor!r} y debe ser un entero.")
    return valor


def lados_de_entrada(capa, ejes):
    """Producto de esos ejes de la forma con que la capa dice haberse construido."""
    try:
        forma = capa["build_config"]["input_shape"]
        return math.prod(forma[eje] for eje in ejes)
    except (TypeError, IndexError, KeyError):
        raise ValueError(
            f"La capa {capa['class_name']!r} no dice con qué forma se construyó: la configuración "
            "está alterada, o el modelo se guardó sin construir."
        ) from None
