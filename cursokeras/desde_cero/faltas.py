"""Lo que Keras tiene y `desde_cero` no: una línea que dice qué hay y qué escribir.

Cubre los nombres de un módulo, también en `from … import`; los módulos que no existen; los métodos
y atributos de una red, una capa o un optimizador; y los argumentos. Vive aquí, y se pone al
importar, para que los archivos que se leen traigan solo las cuentas.
"""

import dis
import functools
import inspect
import sys

from cursokeras.desde_cero.nombres import parecido

_CASA = "cursokeras.desde_cero"
# Lo que corre en cada lote se deja como está: nadie lo llama con argumentos de Keras.
_DE_CADA_LOTE = {
    *("forward", "backward", "backward_desde_z", "penalizacion", "restringir", "hojas"),
    *("entrenar_lote", "calcular_gradientes", "calcular_perdida", "se_derivan_juntas"),
    *("preparar_x", "por_fila", "gradiente_por_fila", "apply", "build", "paso", "avisar"),
}
# Los argumentos que cambiaron de nombre en Keras 3.
_AHORA_SE_LLAMA = {
    "lr": "learning_rate",
    "nb_epoch": "epochs",
    "init": "kernel_initializer",
    "output_dim": "units",
    "period": "save_freq",
    "alpha": "negative_slope",
    "p": "rate",
}
_SIGUE = "Si tu programa lo necesita, usa import keras."


def vigilar(modulos):
    """Pone las explicaciones en unos módulos de `desde_cero` y en sus clases y funciones."""
    clases = {}
    for modulo in modulos:
        modulo.__path__ = []  # Así `import módulo.algo` llega hasta BuscadorDeModulos
        modulo.__getattr__ = _al_faltar_en(modulo)
        for nombre, cosa in vars(modulo).items():
            if isinstance(cosa, type) and cosa.__module__ == modulo.__name__:
                clases[cosa] = None
            elif inspect.isfunction(cosa) and nombre in modulo.__all__:
                setattr(modulo, nombre, _con_explicacion(cosa))
    for clase in clases:
        _vigilar_clase(clase)


def ofrecer_tambien(modulo, otro):
    """Ofrece en un módulo lo que está en otro, que se lee después: como si fueran uno."""
    for nombre in otro.__all__:
        setattr(modulo, nombre, getattr(otro, nombre))
    modulo.__all__ = sorted({*modulo.__all__, *otro.__all__})


def vigilar_casa(casa):
    """Pone las explicaciones en `desde_cero` mismo: sus nombres y los módulos que no tiene."""
    casa.__getattr__ = _al_faltar_en(casa)
    sys.meta_path.append(BuscadorDeModulos)


def _vigilar_clase(clase):
    for nombre, cosa in list(vars(clase).items()):
        publica = nombre in ("__init__", "__call__") or not nombre.startswith(("_", "on_"))
        if inspect.isfunction(cosa) and publica and nombre not in _DE_CADA_LOTE:
            setattr(clase, nombre, _con_explicacion(cosa))
    if clase.__init__ is object.__init__:
        clase.__init__ = _con_explicacion(_sin_argumentos)
    if not hasattr(clase, "__getattr__"):
        clase.__getattr__ = _explicar_atributo


# ---- Los nombres de un módulo ----


def _al_faltar_en(modulo):
    corto = modulo.__name__.removeprefix(_CASA).lstrip(".")
    casa = f"desde_cero.{corto}" if corto else "desde_cero"

    def explicar(nombre):
        texto = (
            f"{casa} no tiene {nombre!r}.{_donde(modulo, nombre)} "
            f"Tiene: {', '.join(modulo.__all__)}. {_SIGUE}"
        )
        if nombre.startswith("__") or not _lo_pide_un_import(sys._getframe(1)):
            # Con `name` puesto, Python no agrega su propia sugerencia, en inglés.
            raise AttributeError(texto, name=nombre)
        raise ImportError(texto, name=modulo.__name__)

    return explicar


def _lo_pide_un_import(marco):
    """Si la instrucción que busca el nombre es la de `from … import`.

    Python calla el AttributeError de esa instrucción y lo cambia por su propio mensaje.
    """
    instruccion = marco.f_code.co_code[marco.f_lasti]
    return dis.opname[instruccion] == "IMPORT_FROM"


def _donde(modulo, nombre):
    """Otro módulo que sí lo tiene, o el nombre más parecido de este."""
    for ruta in [ruta for ruta in sys.modules if ruta.startswith(f"{_CASA}.")]:
        otro, corto = sys.modules[ruta], ruta.removeprefix(f"{_CASA}.")
        if otro is not modulo and nombre in vars(otro).get("__all__", ()):
            return f" Escribe keras.{corto}.{nombre} en su lugar."
    return parecido(nombre, modulo.__all__)


class BuscadorDeModulos:
    """Explica `import cursokeras.desde_cero.algo` si no existe; va último en `sys.meta_path`."""

    @staticmethod
    def find_spec(nombre, ruta=None, destino=None):
        """Lanza ModuleNotFoundError si el módulo sería de `desde_cero`; si no, no responde."""
        if not nombre.startswith(f"{_CASA}."):
            return
        casa = sys.modules[_CASA]
        corto = nombre.removeprefix(f"{_CASA}.")
        raise ModuleNotFoundError(
            f"desde_cero no tiene el módulo {corto!r}.{parecido(corto, casa.__all__)} "
            f"Tiene: {', '.join(casa.__all__)}. {_SIGUE}",
            name=nombre,
        )


# ---- Los métodos y los argumentos ----


class _Falta(AttributeError):
    """Un atributo que no existe; su mensaje se escribe solo si alguien lo lee."""

    __module__, __qualname__ = "builtins", "AttributeError"

    def __init__(self, objeto, nombre):
        # Con `name` puesto, Python no agrega su propia sugerencia, en inglés.
        super().__init__(name=nombre)
        self.objeto = objeto

    def __str__(self):
        clase = type(self.objeto)
        atributos = {*dir(clase), *vars(self.objeto)}
        publicos = sorted(nombre for nombre in atributos if not nombre.startswith("_"))
        return (
            f"{clase.__name__} no tiene {self.name!r}.{parecido(self.name, publicos)} "
            f"Tiene: {', '.join(publicos)}. {_SIGUE}"
        )


_Falta.__name__ = "AttributeError"


def _explicar_atributo(objeto, nombre):
    raise _Falta(objeto, nombre)


def _con_explicacion(funcion):
    """La misma función, que explica en español una llamada con argumentos que no son los suyos."""

    @functools.wraps(funcion)
    def con_explicacion(*args, **kwargs):
        try:
            return funcion(*args, **kwargs)
        except TypeError as error:
            explicacion = _explicar_llamada(funcion, args, kwargs)
            if explicacion is None:
                raise
            raise ValueError(explicacion) from error

    return con_explicacion


def _sin_argumentos(self):
    """El `__init__` de las clases que no tienen uno."""


_sin_argumentos.__name__ = "__init__"


def _explicar_llamada(funcion, args, kwargs):
    """Qué argumento sobra o falta, o `None` si la llamada era buena y el error es otro."""
    firma = inspect.signature(funcion)
    try:
        firma.bind(*args, **kwargs)
    except TypeError:
        pass
    else:
        return None
    quien, aceptados = _quien(funcion, args), _aceptados(funcion, args)
    sobran = [nombre for nombre in kwargs if nombre not in aceptados]
    if sobran:
        nombres = ", ".join(map(repr, sobran))
        return (
            f"{quien} no tiene el argumento {nombres}.{_consejo(sobran[0], aceptados)} "
            f"Tiene: {', '.join(aceptados)}. {_SIGUE}"
        )
    faltan = [
        nombre
        for i, (nombre, p) in enumerate(firma.parameters.items())
        if p.default is p.empty and p.kind is p.POSITIONAL_OR_KEYWORD
        and i >= len(args) and nombre not in kwargs
    ]  # fmt: skip
    if faltan:
        return f"A {quien} le falta {', '.join(faltan)}. Recibe: {', '.join(aceptados)}."
    return f"{quien} recibió argumentos de más o repetidos. Recibe: {', '.join(aceptados)}."


def _consejo(nombre, aceptados):
    nuevo = _AHORA_SE_LLAMA.get(nombre)
    return f" En Keras 3 se llama {nuevo}." if nuevo in aceptados else parecido(nombre, aceptados)


def _quien(funcion, args):
    """Cómo lo llama el estudiante: la clase que creó, el método o la función."""
    if funcion.__name__ in ("__init__", "__call__") and args:
        return type(args[0]).__name__
    return funcion.__name__


def _aceptados(funcion, args):
    """Los argumentos que se pueden escribir, también los que una clase le pasa a su base."""
    funciones = [funcion]
    if funcion.__name__ == "__init__" and args:
        funciones = [inspect.unwrap(c.__init__) for c in type(args[0]).__mro__[:-1]]
    nombres = []
    for cada in funciones:
        parametros = inspect.signature(cada).parameters.values()
        nombres += [p.name for p in parametros if p.kind not in (p.VAR_KEYWORD, p.VAR_POSITIONAL)]
        if all(p.kind is not p.VAR_KEYWORD for p in parametros):
            break
    return [nombre for nombre in dict.fromkeys(nombres) if nombre != "self"]
