"""Lo que se ve en un cuaderno: avisos y errores en un cuadro, y la traza sin nuestros pasos.

Quien estudia busca qué hizo y qué escribir, no las treinta funciones que hay en medio. Fuera de
IPython nada de esto actúa: los avisos y los errores son los de Python, con el mismo texto.
"""

import dis
import html
import linecache
import re
import types
import warnings

from cursokeras._comun.hallazgos import Hallazgo
from cursokeras._comun.lugar import en_cuaderno, ipython

_POR_DENTRO = ("cursokeras", "keras", "tensorflow", "contextlib")
_DEL_CUADERNO = ("IPython", "ipykernel")
_RAISE = dis.opmap["RAISE_VARARGS"]
# Todos menos los de sintaxis, que IPython muestra a su manera.
_ERRORES = (
    *(ArithmeticError, AssertionError, AttributeError, ImportError, LookupError, MemoryError),
    *(NameError, OSError, RuntimeError, TypeError, ValueError),
)
# Un color de la paleta y un símbolo por gravedad: con fondo casi transparente y el color de letra
# del cuaderno, se lee igual con un tema claro que con uno oscuro.
_GRAVEDADES = {
    "error": ("✗ Error", "213,94,0"),
    "aviso": ("⚠ Aviso", "230,159,0"),
    "nota": ("ℹ Nota", "86,180,233"),
}


def instalar():
    """Hace que IPython muestre a nuestra manera los avisos y errores de este paquete."""
    interprete = ipython()
    if interprete is None:
        return
    if en_cuaderno() and not isinstance(warnings.showwarning, _MostrarAviso):
        warnings.showwarning = _MostrarAviso(warnings.showwarning)
    if not interprete.custom_exceptions:  # Si otro ya puso la suya, se queda.
        interprete.set_custom_exc(_ERRORES, _mostrar_error)


def publicar(paquete, *, identificador=None, reemplaza=False):
    """Muestra una salida en el cuaderno.

    Argumentos:
        paquete: diccionario de tipo → contenido, como `{"text/plain": "hola"}`.
        identificador: con cuál se la puede reemplazar después.
        reemplaza: si reemplaza a la que ya se mostró con ese identificador.
    """
    from IPython.display import display  # Ya está importado: se corre dentro de él.

    display(paquete, raw=True, display_id=identificador, update=reemplaza)


def caja(*hallazgos, titulo=None):
    """Devuelve el HTML de un cuadro con uno o varios hallazgos de la misma gravedad.

    Argumentos:
        hallazgos: `Hallazgo` con su gravedad, su mensaje y su arreglo.
        titulo: qué poner arriba; `None` pone la gravedad.

    Ejemplo:
        >>> texto = caja(Hallazgo("aviso", "c", "CC", "CC < 0.", "Escribe CC = abs(CC)."))
        >>> "⚠ Aviso" in texto, "CC &lt; 0." in texto
        (True, True)
    """
    rotulo, color = _GRAVEDADES[hallazgos[0].gravedad]
    cuerpo = "".join(map(_parrafos, hallazgos))
    return (
        f'<div style="border-left:.4em solid rgb({color});background:rgba({color},.13);'
        'padding:.5em .9em;margin:.3em 0;max-width:60em;line-height:1.45">'
        f'<div style="font-weight:bold">{html.escape(titulo or rotulo)}</div>{cuerpo}</div>'
    )


def _parrafos(hallazgo):
    mensaje, arreglo = html.escape(hallazgo.mensaje), html.escape(hallazgo.arreglo)
    que_escribir = f'<div style="margin-left:1.2em">→ {arreglo}</div>' if arreglo else ""
    return f'<div style="white-space:pre-wrap;margin-top:.3em">{mensaje}</div>{que_escribir}'


class _MostrarAviso:
    """Lo que ocupa el lugar de `warnings.showwarning`: un cuadro para los nuestros."""

    def __init__(self, anterior):
        self._anterior = anterior

    def __call__(self, message, category, filename, lineno, file=None, line=None):
        hallazgo = getattr(message, "hallazgo", None)
        if hallazgo is None or file is not None:
            self._anterior(message, category, filename, lineno, file, line)
            return
        titulo = f"⚠ Aviso · línea {lineno}"
        plano = f"Aviso (línea {lineno}): {message}"
        publicar({"text/plain": plano, "text/html": caja(hallazgo, titulo=titulo)})


def _mostrar_error(interprete, tipo, error, traza, tb_offset=None):
    """El manejador de errores de IPython: los que escribimos para quien estudia, en un cuadro."""
    if not _es_para_quien_estudia(traza):
        visible = traza if _de_quien(_ultimo(traza)) in _POR_DENTRO else _sin_lo_de_dentro(traza)
        interprete.showtraceback(
            (tipo, error, visible), tb_offset=tb_offset, running_compiled_code=True
        )
        return
    lineas = _pasos_del_usuario(traza, interprete)
    if en_cuaderno():
        plano = f"{tipo.__name__}: {error}"
        publicar({"text/plain": plano, "text/html": caja_de_error(error)})
        lineas.append(f"{tipo.__name__} (%tb muestra también los pasos dentro de cursokeras)")
    else:
        lineas.append(f"{tipo.__name__}: {error}")
    error._render_traceback_ = lambda: lineas
    try:
        interprete.showtraceback((tipo, error, traza))
    finally:
        del error._render_traceback_  # Con %tb se ve la traza entera.


def caja_de_error(error):
    """Devuelve el HTML de un error: sus hallazgos o, si no los tiene, su texto."""
    suyos = getattr(error, "hallazgos", None) or [Hallazgo("error", "", "", str(error), "")]
    titulo = f"✗ {type(error).__name__}"
    return caja(*suyos, titulo=titulo if len(suyos) == 1 else f"{titulo}: {len(suyos)} problemas")


def _es_para_quien_estudia(traza):
    """Si el error lo lanzó un `raise` de este paquete: un fallo nuestro se muestra entero."""
    traza = _ultimo(traza)
    if _de_quien(traza) != "cursokeras":
        return False
    return traza.tb_frame.f_code.co_code[traza.tb_lasti] == _RAISE


def _ultimo(traza):
    """El paso donde ocurrió el error."""
    while traza.tb_next is not None:
        traza = traza.tb_next
    return traza


def _de_quien(traza):
    """El paquete al que pertenece un paso de la traza."""
    return traza.tb_frame.f_globals.get("__name__", "").partition(".")[0]


def _sin_lo_de_dentro(traza):
    """La traza de un error del usuario sin los pasos de en medio, los nuestros y los de Keras."""
    if traza is None:
        return None
    resto = _sin_lo_de_dentro(traza.tb_next)
    if _de_quien(traza) in _POR_DENTRO:
        return resto
    return types.TracebackType(resto, traza.tb_frame, traza.tb_lasti, traza.tb_lineno)


def _pasos_del_usuario(traza, interprete):
    """Las líneas del usuario por las que pasó el error, de fuera hacia dentro."""
    lineas = []
    while traza is not None:
        paso, traza = traza, traza.tb_next
        if _de_quien(paso) in (*_POR_DENTRO, *_DEL_CUADERNO):
            continue
        marco, numero = paso.tb_frame, paso.tb_lineno
        archivo, funcion = marco.f_code.co_filename, marco.f_code.co_name
        en = "" if funcion.startswith("<") else f", en {funcion}"
        lineas.append(f"{_nombrar(archivo, interprete)}, línea {numero}{en}")
        for i in range(max(1, numero - 1), numero + 2):
            codigo = linecache.getline(archivo, i).rstrip()
            if codigo or i == numero:
                lineas.append(f"{'---->' if i == numero else '     '} {i:3} {codigo}")
    return lineas


def _nombrar(archivo, interprete):
    """El archivo, o la celda del cuaderno con su número."""
    nombrar = getattr(interprete.compile, "format_code_name", lambda _: None)
    if nombrar(archivo) is not None:
        return f"Celda {nombrar(archivo)[1]}"
    # IPython 7, el de Colab, escribe el número en el nombre del archivo.
    numero = re.search(r"ipython-input-(\d+)-", archivo)
    return f"Celda In[{numero[1]}]" if numero else archivo
