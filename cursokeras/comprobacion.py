"""`comprobar`: un ejercicio que responde si está bien o, si no, qué está mal y dónde.

El error de un estudiante nunca es una excepción: es la respuesta. Solo lanzan los errores de quien
escribe el ejercicio, y todo lo demás si se pide `estricto=True`. El mensaje dice hechos (la forma,
el signo, qué caso falla) y no da el resultado: las pistas son del cuaderno.
"""

import copy
import html
import numbers
import traceback
from dataclasses import dataclass
from pathlib import Path
from types import EllipsisType
from typing import NamedTuple

import numpy as np

from cursokeras import desde_cero
from cursokeras._comun.argumentos import escribir, malo
from cursokeras._comun.paleta import PALETA

RTOL = 1e-4
_AQUI, _FUERA = str(Path(__file__).parent), "site-packages"
_FILAS_DE_UNA_CAPA = 5
# Lo que una respuesta puede ser respecto de la esperada, en el orden en que se prueba.
_VECES = {
    -1: "tiene el signo cambiado",
    2: "es el doble de lo esperado",
    0.5: "es la mitad de lo esperado",
    100: "es 100 veces lo esperado",
    0.01: "es la centésima parte de lo esperado",
    10: "es 10 veces lo esperado",
    0.1: "es la décima parte de lo esperado",
}


@dataclass(frozen=True, repr=False)
class Comprobacion:
    """Lo que responde `comprobar`.

    Atributos:
        bien: si la respuesta es la esperada.
        mensaje: en español, qué está mal y dónde; o que está bien.

    Ejemplo:
        >>> Comprobacion(True, "Correcto.")
        ✔ Correcto.
    """

    bien: bool
    mensaje: str

    def __repr__(self):
        return f"{'✔' if self.bien else '✘'} {self.mensaje}"

    def _repr_html_(self):
        color = PALETA.verde if self.bien else PALETA.bermellon
        caja = f"border-left:4px solid {color};padding:.4em .8em;white-space:pre-wrap"
        return f'<div style="{caja}">{html.escape(repr(self))}</div>'


class _Falla(Exception):
    """Qué está mal en la respuesta; nunca sale de este módulo."""


class _Aviso(NamedTuple):
    """Un resultado equivocado que quien escribe el ejercicio ya conoce, y qué decir."""

    valor: object
    texto: str


def comprobar(
    respuesta,
    esperado=...,
    *,
    errores=None,
    con=None,
    x=None,
    y=None,
    modelo=None,
    estricto=False,
):
    """Comprueba la respuesta de un ejercicio y dice, en español, qué está mal y dónde.

    Argumentos:
        respuesta: lo que hizo el estudiante.

            - Un número, un arreglo, un texto, o una tupla, lista o diccionario de ellos: se
              compara con `esperado`. Los números, con diferencia relativa de 1e-4; los textos, sin
              mirar mayúsculas ni espacios de más.
            - Una función: se llama con cada caso de `con`.
            - Una capa de `desde_cero`: se construye para `x` y se verifican sus gradientes.
            - Una red, con `modelo`, `x` e `y`: se compara con Keras, como en `comparar`.
        esperado: el resultado; con una función, la lista de resultados o una función que los da.
        errores: diccionario de los resultados equivocados que ya se conocen a lo que hay que
            decir, como {3106.64: "es la convención suma"}, o lista de pares si son arreglos. Se
            miran antes que nada.
        con: lista de casos; cada uno, la tupla de argumentos, o el argumento si es uno solo.
        x, y: datos para una capa (solo x) o para una red.
        modelo: `keras.Sequential` compilado, el correcto.
        estricto: si una respuesta que no está bien lanza un error, para probar el ejercicio.

    Devuelve:
        `Comprobacion`, con `bien` y `mensaje`; en un cuaderno se ve como un recuadro.

    Lanza:
        ValueError: si el ejercicio está mal escrito o, con `estricto=True`, si la respuesta no
            está bien.

    Ejemplo:
        >>> comprobar(3106.64, 1553.32, errores={3106.64: "es la convención suma"})
        ✘ 3106.64: es la convención suma.
        >>> comprobar(lambda a, b: a - b, lambda a, b: a + b, con=[(2, 0), (2, 3)])
        ✘ Con (2, 3) da -1, y se esperaba otro número.
        >>> comprobar([1, 2, 3], np.array([1, 2, 3])).bien
        True
    """
    errores = _leer_errores(errores)
    revisar = _que_comprobar(respuesta, esperado, errores, con, x, y, modelo)
    try:
        _exigir_completa(respuesta)
        resultado = Comprobacion(True, revisar() or "Correcto.")
    except _Falla as falla:
        resultado = Comprobacion(False, str(falla))
    if estricto and not resultado.bien:
        raise ValueError(resultado.mensaje)
    return resultado


def _que_comprobar(respuesta, esperado, errores, con, x, y, modelo):
    """La función que comprueba la respuesta y dice cómo está; antes mira el ejercicio."""
    if modelo is not None:
        _exigir(x is not None and y is not None, "y", "Con modelo hacen falta x e y.")
        return lambda: _comprobar_red(respuesta, modelo, x, y)
    if con is not None:
        casos = _leer_casos(esperado, con)
        return lambda: _comprobar_funcion(respuesta, casos, errores)
    if x is not None:
        x = np.asarray(x)
        _exigir(x.ndim > 1 and x.dtype.kind in "biuf", "x", "x debe traer filas de números.")
        return lambda: _comprobar_capa(respuesta, x)
    _exigir(esperado is not ..., "esperado", "Falta el resultado esperado.")
    for error in errores:
        repetido = not _en_que_difieren(error.valor, esperado)
        _exigir(not repetido, "errores", f"{escribir(error.valor)} es también el esperado.")
    return lambda: _comparar(respuesta, esperado, errores)


def _exigir(bien, argumento, mensaje):
    if not bien:
        raise malo(argumento, mensaje, "Ejemplos: help(ck.comprobar).")


def _leer_errores(errores):
    if errores is None:
        return []
    pares = list(errores.items()) if isinstance(errores, dict) else errores
    buenos = isinstance(pares, list | tuple) and all(
        isinstance(par, list | tuple) and len(par) == 2 and isinstance(par[1], str) for par in pares
    )
    _exigir(
        buenos, "errores", "errores es un diccionario de cada resultado a lo que hay que decir."
    )
    return [_Aviso(*par) for par in pares]


def _leer_casos(esperado, con):
    """Los casos como pares (argumentos, resultado esperado)."""
    _exigir(isinstance(con, list | tuple) and len(con), "con", "con es una lista de casos.")
    casos = [caso if isinstance(caso, tuple) else (caso,) for caso in con]
    if callable(esperado):
        return [(caso, esperado(*copy.deepcopy(caso))) for caso in casos]
    bien = isinstance(esperado, list | tuple | np.ndarray) and len(esperado) == len(casos)
    _exigir(bien, "esperado", f"Con {len(casos)} casos se espera una lista de {len(casos)}.")
    return list(zip(casos, esperado, strict=True))


# ---- Un valor ----


def _comparar(respuesta, esperado, errores, donde=""):
    for error in errores:
        if not _en_que_difieren(respuesta, error.valor):
            texto = error.texto.rstrip(".")
            raise _Falla(f"{donde or f'{_decir(respuesta)}: '}{texto}.")
    if callable(respuesta) and not callable(esperado):
        nombre = getattr(respuesta, "__name__", "f")
        raise _Falla(f"{nombre} es una función, no su resultado: llámala, como {nombre}(x).")
    diferencia = _en_que_difieren(respuesta, esperado)
    if diferencia:
        raise _Falla(f"{donde}{diferencia}" if donde else diferencia[0].upper() + diferencia[1:])


def _en_que_difieren(respuesta, esperado):
    """La frase que dice en qué difieren, o nada si son lo mismo."""
    if isinstance(esperado, str):
        return _en_que_difiere_un_texto(respuesta, esperado)
    if isinstance(esperado, dict):
        return _en_que_difiere_un_diccionario(respuesta, esperado)
    numeros = _a_numeros(esperado)
    if numeros is None:
        return _en_que_difiere_una_lista(_como_lista(respuesta), _como_lista(esperado))
    return _en_que_difieren_los_numeros(respuesta, numeros)


def _en_que_difiere_un_texto(respuesta, esperado):
    if not isinstance(respuesta, str):
        return f"es {_decir(respuesta)}, y se esperaba un texto."
    iguales = " ".join(respuesta.split()).casefold() == " ".join(esperado.split()).casefold()
    return "" if iguales else f"no es {respuesta!r}: se esperaba otro texto."


def _en_que_difiere_un_diccionario(respuesta, esperado):
    if not isinstance(respuesta, dict):
        return f"es {_decir(respuesta)}, y se esperaba un diccionario."
    if faltan := [repr(clave) for clave in esperado if clave not in respuesta]:
        return f"le falta {', '.join(faltan)} al diccionario."
    return _en_sus_partes({repr(k): (respuesta[k], esperado[k]) for k in esperado})


def _como_lista(valor):
    """Una tabla o un arreglo de textos, como lista; lo demás, como está."""
    return np.asarray(valor, dtype=object).tolist() if hasattr(valor, "__array__") else valor


def _en_que_difiere_una_lista(respuesta, esperado):
    if not isinstance(esperado, list | tuple):
        return "" if respuesta is esperado or respuesta == esperado else "no es lo esperado."
    if not isinstance(respuesta, list | tuple):
        return f"es {_decir(respuesta)}, y se esperaban {len(esperado)} resultados."
    if len(respuesta) != len(esperado):
        return f"son {len(respuesta)} resultados, y se esperaban {len(esperado)}."
    pares = zip(respuesta, esperado, strict=True)
    return _en_sus_partes({f"el {i}º resultado": par for i, par in enumerate(pares, start=1)})


def _en_sus_partes(partes):
    for nombre, par in partes.items():
        if diferencia := _en_que_difieren(*par):
            return f"en {nombre}, {diferencia}"
    return ""


def _a_numeros(valor):
    """El valor como arreglo de números, o `None` si no lo es."""
    try:
        arreglo = np.asarray(valor)
    except (TypeError, ValueError):
        return None
    if arreglo.dtype.kind not in "biuf":
        return None
    return arreglo if arreglo.dtype.kind == "f" else arreglo.astype("float64")


def _en_que_difieren_los_numeros(respuesta, esperado):
    obtenido = _a_numeros(respuesta)
    que = "un arreglo de números" if esperado.ndim else "un número"
    if obtenido is None:
        return f"es {_decir(respuesta)}, y se esperaba {que}."
    if obtenido.shape != esperado.shape:
        return _en_que_difieren_las_formas(obtenido, esperado)
    cerca = _cerca(obtenido, esperado)
    if cerca.all():
        return ""
    veces = [texto for v, texto in _VECES.items() if _cerca(obtenido, v * esperado).all()]
    if veces and np.any(esperado):
        return f"{_sujeto(obtenido)} {veces[0]}."
    if not esperado.ndim:
        return f"da {_decir(obtenido.item())}, y se esperaba otro número."
    donde = [int(i) for i in np.argwhere(~cerca)[0]]
    return (
        f"{(~cerca).sum()} de los {cerca.size} números no coinciden; el primero, en la posición "
        f"{donde}, es {_decir(obtenido[tuple(donde)])}."
    )


def _sujeto(obtenido):
    return f"el resultado, {_decir(obtenido.item())}," if not obtenido.ndim else "el arreglo"


def _cerca(obtenido, esperado):
    # Un cero calculado en float32 da 1e-7: se compara con el tamaño de los demás.
    escala = np.abs(esperado[np.isfinite(esperado)]).max(initial=0.0)
    return np.isclose(obtenido, esperado, rtol=RTOL, atol=1e-6 * (escala or 1), equal_nan=True)


def _en_que_difieren_las_formas(obtenido, esperado):
    formas = f"tiene forma {obtenido.shape}, y se esperaba {esperado.shape or 'un número'}"
    if not obtenido.ndim:
        formas = f"es un número, y se esperaba un arreglo de forma {esperado.shape}"
    if obtenido.T.shape == esperado.shape and _cerca(obtenido.T, esperado).all():
        return f"{formas}: es la transpuesta."
    if obtenido.size == esperado.size and _cerca(obtenido.ravel(), esperado.ravel()).all():
        return f"{formas}: los números están bien."
    return f"{formas}."


def _decir(valor):
    """Cómo se nombra una respuesta en un mensaje."""
    if isinstance(valor, bool | np.bool_) or not isinstance(valor, numbers.Real):
        return escribir(valor)
    return str(int(valor)) if valor == np.round(valor) and abs(valor) < 1e15 else f"{valor:.6g}"


# ---- Lo que aún no está hecho, y lo que falla al correr ----


def _exigir_completa(respuesta):
    if respuesta is None or isinstance(respuesta, EllipsisType):
        falta = "..." if respuesta is not None else "None"
        raise _Falla(f"Aún sin completar: la respuesta es {falta}.")


def _llamar(funcion, *argumentos, donde):
    """Llama a lo que escribió el estudiante; lo que falle se dice, con su línea."""
    try:
        return funcion(*argumentos)
    except (Exception, SystemExit) as error:  # El código ajeno puede fallar de cualquier forma.
        raise _Falla(f"{donde}{_decir_falla(error)}") from error


def _decir_falla(error):
    linea = _linea_de(error)
    if isinstance(error, NameError) and not isinstance(error, UnboundLocalError):
        return f"aún sin completar: no existe el nombre {error.name!r}{linea}."
    if isinstance(error, NotImplementedError):
        detalle = f": {error}" if str(error) else ""
        return f"aún sin completar{detalle}{linea}".rstrip(".") + "."
    return f"falla con {type(error).__name__}: {error}{linea}".rstrip(".") + "."


def _linea_de(error):
    """Dónde falló: la última línea que escribió el estudiante."""
    marcos = traceback.extract_tb(error.__traceback__)
    propios = [m for m in marcos if not m.filename.startswith(_AQUI) and _FUERA not in m.filename]
    if not propios:
        return ""
    marco = propios[-1]
    return f", en la línea {marco.lineno} de {marco.name}" + (
        f": {marco.line}" if marco.line else ""
    )


# ---- Una función ----


def _comprobar_funcion(funcion, casos, errores):
    if not callable(funcion):
        raise _Falla(f"La respuesta es {_decir(funcion)}, y se esperaba una función, sin llamarla.")
    for argumentos, esperado in casos:
        donde = f"Con {', '.join(map(_decir, argumentos))} "
        if len(argumentos) > 1:
            donde = f"Con ({', '.join(map(_decir, argumentos))}) "
        resultado = _llamar(funcion, *copy.deepcopy(argumentos), donde=donde)
        if resultado is None or isinstance(resultado, EllipsisType):
            raise _Falla(
                f"Aún sin completar: {donde[0].lower()}{donde[1:]}devuelve {resultado}. Termina la "
                "función con return."
            )
        _comparar(resultado, esperado, errores, donde)
    return f"Correcto en los {len(casos)} casos." if len(casos) > 1 else "Correcto."


# ---- Una capa ----


def _comprobar_capa(capa, x):
    if isinstance(capa, type):
        raise _Falla(f"{capa.__name__} es la clase: falta crear la capa, como {capa.__name__}(4).")
    if not isinstance(capa, desde_cero.Layer):
        raise _Falla(f"Es {_decir(capa)}, y se esperaba una capa: una subclase de Layer.")
    red, y = _ejercicio_de(capa, x[:_FILAS_DE_UNA_CAPA].astype("float64"))
    nombre = type(capa).__name__
    try:
        desde_cero.verificar_gradientes(red, x[:_FILAS_DE_UNA_CAPA], y)
    except ValueError as error:
        raise _Falla(str(error)) from error
    except Exception as error:  # El código ajeno puede fallar de cualquier forma.
        raise _Falla(f"El backward de {nombre} {_decir_falla(error)}") from error
    return f"Correcto: los gradientes de {nombre} son los de las diferencias finitas."


def _ejercicio_de(capa, x):
    """Una red con solo esa capa, y unos objetivos con la forma de su salida."""
    nombre = type(capa).__name__
    red = desde_cero.Sequential([desde_cero.Input(x.shape[1:])], dtype="float64")
    _llamar(red.add, _copia(capa), donde=f"El build de {nombre} ")
    salida = _llamar(red.forward, x, donde=f"El forward de {nombre} ")
    numeros = _a_numeros(salida)
    if salida is None or numeros is None:
        raise _Falla(f"Aún sin completar: forward de {nombre} devuelve {_decir(salida)}.")
    filas = len(numeros) if numeros.ndim else "un número y no"
    if filas != len(x):
        raise _Falla(f"forward de {nombre} da {filas} filas, y llegaron {len(x)}.")
    if numeros.ndim != 2:
        red.add(desde_cero.layers.Flatten())
    red.compile(loss="mse")
    return red, np.random.default_rng(0).normal(size=(len(x), numeros[0].size))


def _copia(capa):
    """Una capa que todavía no se usó en otra red, para que comprobarla no la cambie."""
    copia = copy.deepcopy(capa)
    copia.built = False
    return copia


# ---- Una red ----


def _comprobar_red(red, modelo, x, y):
    from cursokeras.comparacion import comparar

    opciones = {"batch_size": elegir_lote(len(x), _tamanos(modelo))}
    try:
        resultado = comparar(modelo, x, y, contra=_aparte(red), **opciones)
    except Exception as error:  # El código ajeno puede fallar de cualquier forma.
        comparar(modelo, x, y, **opciones)  # Si también falla, el ejercicio está mal escrito.
        causa = error.__cause__
        if isinstance(causa, NameError | NotImplementedError):
            raise _Falla(f"Tu red está {_decir_falla(causa)}") from error
        raise _Falla(str(error)) from error
    if not resultado.iguales:
        raise _Falla(resultado.explicacion)
    return resultado.explicacion


def _aparte(red):
    """Una copia, para que comprobar no entrene la red: la segunda vez tendría otro estado."""
    try:
        return copy.deepcopy(red)
    except Exception:  # Un objeto ajeno puede no dejarse copiar, y así y todo servir.
        return red


def _tamanos(modelo):
    """Los números con que no conviene que coincida la cantidad de filas de un lote."""
    if not getattr(modelo, "built", False):
        return set()
    formas = [modelo.input_shape, *(capa.output.shape for capa in modelo.layers)]
    return {lado for forma in formas for lado in forma[1:]}


def elegir_lote(filas, tamanos):
    """Las filas por lote con que dos causas distintas no dan los mismos números.

    Dividir por las filas del lote y dividir por las salidas se confunden si son iguales. Se elige
    un lote cuyas filas, las del último (que trae menos) y la cantidad de lotes sean distintas
    entre sí, de los tamaños de las capas y de 1, 2 y 10.

    Argumentos:
        filas: cuántas hay en total.
        tamanos: los números que hay que evitar.

    Ejemplo:
        >>> elegir_lote(100, {3, 4, 5})
        13
    """
    evitar = {1, 2, 10, *tamanos}

    def confusiones(lote):
        numeros = [lote, filas % lote or lote, -(-filas // lote)]
        repetidos = len(numeros) - len(set(numeros))
        return repetidos + sum(numero in evitar for numero in numeros)

    ideal = max(8, filas // 20)
    candidatos = range(min(filas, max(3, ideal // 2)), min(filas, 4 * ideal) + 1)
    return min(candidatos, key=lambda lote: (confusiones(lote), abs(lote - ideal)))
