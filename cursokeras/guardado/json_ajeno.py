"""Leer un JSON ajeno: cuánto ocupará se sabe antes de leerlo, y nada en él es infinito."""

import json

# Lo que ocupa, ya leído, cada byte de un texto y cada valor entre dos comas, en el peor caso.
_POR_BYTE = 30
_POR_VALOR = 100
_MAXIMAS_CIFRAS = 18
_MAXIMOS_NIVELES = 60


def leer_json(contenido, nombre, presupuesto):
    """Devuelve el valor de un JSON.

    Argumentos:
        contenido: sus bytes.
        nombre: cómo llamarlo en los mensajes, como "La configuración del modelo".
        presupuesto: el `Presupuesto` de donde se descuenta.

    Lanza:
        ValueError: si no es un JSON sano, o es demasiado grande o demasiado hondo.
    """
    valores = sum(contenido.count(signo) for signo in (b",", b"[", b"{"))
    presupuesto.gastar(_POR_BYTE * len(contenido) + _POR_VALOR * valores, nombre.lower())
    hondo = f"{nombre} tiene demasiados niveles: el archivo está alterado."
    try:
        valor = json.loads(contenido, parse_int=_leer_entero)
    except RecursionError as error:
        raise ValueError(hondo) from error
    except ValueError as error:  # También es uno lo que no se puede decodificar.
        detalle = f" {error}" if isinstance(error, _NumeroLargo) else ""
        raise ValueError(
            f"{nombre} no es un JSON sano: el archivo está dañado o alterado.{detalle} Pide otra "
            "copia."
        ) from error
    if _niveles(valor) > _MAXIMOS_NIVELES:
        raise ValueError(hondo)
    return valor


class _NumeroLargo(ValueError):
    """Un entero que nadie escribió de buena fe."""


def _leer_entero(texto):
    if len(texto) > _MAXIMAS_CIFRAS:
        raise _NumeroLargo(f"Trae un entero de {len(texto)} cifras.")
    return int(texto)


def _niveles(valor):
    cuantos, nivel = 0, [valor]
    while nivel:
        cuantos += 1
        nivel = [parte for contenedor in nivel for parte in _partes(contenedor)]
    return cuantos


def _partes(valor):
    if isinstance(valor, dict):
        return valor.values()
    return valor if isinstance(valor, list) else ()
