"""De un nombre como "relu" o "adam" al objeto que nombra, igual que en Keras."""

import difflib
import re
import sys


def buscador(modulo, clase, que, *, alias=None, ninguno=None, ayuda="", corto=None):
    """Devuelve la función `get` de un módulo: de un nombre, una clase o un objeto, al objeto.

    Argumentos:
        modulo: el nombre del módulo, `__name__`; se busca en lo que su `__all__` ofrece.
        clase: la clase base de lo que se busca.
        que: cómo llamar a la cosa en el mensaje de error, con su artículo.
        alias: otros nombres, como {"mse": "MeanSquaredError"}.
        ninguno: lo que nombra `None`; si es `None`, no nombra nada y es un error.
        ayuda: frase que se agrega al mensaje de error.
        corto: función de una clase a su nombre en minúsculas; `None` es `en_minusculas`.
    """

    def get(identificador):
        """Devuelve el objeto de un nombre; lanza ValueError, y sugiere, si no existe."""
        if identificador is None and ninguno is not None:
            return ninguno
        return resolver(identificador, tabla(modulo, clase, alias, corto), clase, que, ayuda=ayuda)

    get.__module__ = modulo
    return get


def tabla(modulo, clase, alias=None, corto=None):
    """Los nombres con que se encuentra cada cosa de `clase` en un módulo, y qué nombran."""
    modulo = sys.modules[modulo]
    cosas = {nombre: getattr(modulo, nombre) for nombre in modulo.__all__}
    clases = {n: c for n, c in cosas.items() if isinstance(c, type) and issubclass(c, clase)}
    del clases[clase.__name__]
    objetos = {nombre: cosa for nombre, cosa in cosas.items() if isinstance(cosa, clase)}
    cortos = {(corto or en_minusculas)(nombre): cosa for nombre, cosa in clases.items()}
    otros = {corto: getattr(modulo, nombre) for corto, nombre in (alias or {}).items()}
    return cortos | clases | objetos | otros


def resolver(identificador, tabla, clase, que, *, ayuda=""):
    """Devuelve el objeto de `clase` que corresponde a un nombre, una clase o un objeto.

    Argumentos:
        identificador: texto de `tabla`, subclase de `clase` u objeto de `clase`.
        tabla: diccionario de nombres a clases (o a objetos sin estado, como las activaciones).
        clase: la clase base que se espera.
        que: cómo llamar a la cosa en el mensaje de error, con su artículo.
        ayuda: frase que se agrega al mensaje de error.

    Lanza:
        ValueError: si el nombre no existe; sugiere el más parecido.
    """
    valor = tabla.get(identificador) if isinstance(identificador, str) else identificador
    if isinstance(valor, type) and issubclass(valor, clase):
        return valor()
    if isinstance(valor, clase):
        return valor
    if _es_de_keras(type(identificador)):
        raise ValueError(
            f"{que[0].upper()}{que[1:]} es {type(identificador).__name__} de Keras. Importa todo "
            "del mismo lugar: from cursokeras import desde_cero as keras."
        )
    if callable(identificador):
        corto = getattr(identificador, "__name__", "").removesuffix("_v2")  # Como tf.nn.relu
        if _es_de_keras(identificador) and corto in tabla:
            return resolver(corto, tabla, clase, que)
        ayuda = (
            f"Aquí nada se deriva solo: para usar algo propio escribe una subclase de "
            f"{clase.__name__} con su fórmula y su derivada. {ayuda}"
        )
        identificador = getattr(identificador, "__name__", type(identificador).__name__)
    raise ValueError(
        f"No existe {que} {identificador!r}.{parecido(identificador, tabla)} "
        f"Valores posibles: {', '.join(sorted(tabla, key=str.lower))}. {ayuda}".rstrip()
    )


def _es_de_keras(cosa):
    raiz = str(getattr(cosa, "__module__", "")).partition(".")[0]
    return raiz in ("keras", "tensorflow")


def en_minusculas(clase):
    """El nombre de una clase como lo escribe Keras en minúsculas: "MeanSquaredError".

    Ejemplo:
        >>> en_minusculas("MeanSquaredError"), en_minusculas("ReLU"), en_minusculas("SGD")
        ('mean_squared_error', 're_lu', 'sgd')
    """
    partido = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", clase)
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", partido).lower()


def parecido(identificador, tabla):
    """La sugerencia con el nombre de `tabla` más parecido, o nada."""
    minusculas = {nombre.lower(): nombre for nombre in tabla}
    cercanos = difflib.get_close_matches(str(identificador).lower(), minusculas, n=1)
    return f" ¿Quisiste escribir {minusculas[cercanos[0]]!r}?" if cercanos else ""


class ConNombre:
    """Un objeto que su módulo ofrece por su nombre: su copia es él mismo.

    Así una red copiada, o guardada con pickle, reconoce su softmax con `is`.
    """

    def __reduce__(self):
        modulo = sys.modules[type(self).__module__]
        propio = getattr(modulo, self.name or "", None) is self
        return self.name if propio else super().__reduce__()
