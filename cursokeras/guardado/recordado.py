"""Lo que un modelo recuerda de cursokeras y viaja en su archivo, cada cosa con su revisión.

Son los atributos `columnas_cursokeras`, `clases_cursokeras`, … del modelo. Para que viaje uno más
basta una fila de `_VIAJAN`.
"""

import math
import numbers

_MAXIMOS_RANGOS = 100_000


def recordar_de(modelo):
    """Devuelve, para el sello, un diccionario de nombre → lo que el modelo recuerda, o `None`."""
    recordado = {}
    for nombre in _VIAJAN:
        valor = getattr(modelo, f"{nombre}_cursokeras", None)
        recordado[nombre] = None if valor is None else _leer(nombre, valor, "El modelo")
    return recordado


def leer_recordado(sello):
    """Devuelve lo recordado que trae un sello, revisado; lo que no trae no está.

    Lanza:
        ValueError: si algo no es de la forma debida.
    """
    # Los archivos de versiones anteriores traen solo columnas y clases.
    traidos = {nombre: sello.get(nombre) for nombre in _VIAJAN}
    return {
        nombre: _leer(nombre, valor, "El sello del archivo está dañado o alterado:")
        for nombre, valor in traidos.items()
        if valor is not None
    }


def exigir_del_modelo(recordado, modelo, si_no):
    """Lanza `ValueError` si lo recordado no puede ser de ese modelo.

    Argumentos:
        recordado: diccionario de nombre → lo que recuerda.
        modelo: modelo de Keras construido.
        si_no: qué decir entonces, después de lo que no concuerda.
    """
    entrada, salida = _lados(modelo, "input_shape"), _lados(modelo, "output_shape")
    columnas, clases = (len(recordado.get(nombre) or ()) for nombre in ("columnas", "clases"))
    if columnas and entrada is not None and columnas != math.prod(entrada):
        no_concuerda = f"{columnas} columnas y el modelo tiene {math.prod(entrada)} entradas"
    # Una sola salida de sí o no son dos clases.
    elif clases and salida and clases not in (salida[-1], max(salida[-1], 2)):
        no_concuerda = f"{clases} clases y el modelo tiene {salida[-1]} salidas"
    else:
        return
    raise ValueError(f"Lo que recuerda el modelo no es suyo: {no_concuerda}. {si_no}")


def poner_en(modelo, recordado):
    """Deja en el modelo cada cosa recordada, como el atributo que era."""
    for nombre, valor in recordado.items():
        setattr(modelo, f"{nombre}_cursokeras", valor)


def _leer(nombre, valor, de_donde):
    leer, debe = _VIAJAN[nombre]
    try:
        return leer(valor)
    except (TypeError, ValueError, AttributeError) as error:
        raise ValueError(f"{de_donde} trae {nombre!r} y debe ser {debe}.") from error


def _leer_textos(valor):
    if not isinstance(valor, list | tuple) or not all(isinstance(texto, str) for texto in valor):
        raise TypeError
    return tuple(valor)


def _leer_rangos(valor):
    rangos = {str(nombre): list(numeros) for nombre, numeros in valor.items()}
    todos = [numero for numeros in rangos.values() for numero in numeros]
    if len(todos) > _MAXIMOS_RANGOS or not all(map(_es_finito, todos)):
        raise ValueError
    return {nombre: [float(numero) for numero in numeros] for nombre, numeros in rangos.items()}


def _es_finito(numero):
    return isinstance(numero, numbers.Real) and math.isfinite(numero)


def _lados(modelo, cual):
    """Los lados de una fila de la entrada o la salida; `None` si hay varias, o un lado libre."""
    forma = getattr(modelo, cual, None)
    una = isinstance(forma, tuple) and None not in forma[1:]
    return forma[1:] if una else None


_VIAJAN = {
    "columnas": (_leer_textos, "una lista de textos"),
    "clases": (_leer_textos, "una lista de textos"),
    "rangos": (_leer_rangos, "un diccionario de listas de números finitos"),
}
