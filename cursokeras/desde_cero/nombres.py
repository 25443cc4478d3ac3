"""De un nombre como "relu" o "adam" al objeto que nombra, igual que en Keras."""

import difflib


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
    raise ValueError(
        f"No existe {que} {identificador!r}.{_parecido(identificador, tabla)} "
        f"Valores posibles: {', '.join(sorted(tabla, key=str.lower))}. {ayuda}".rstrip()
    )


def explicar_lo_que_falta(modulo):
    """Devuelve el `__getattr__` de `modulo`: explica qué tiene cuando se le pide otra cosa."""
    corto = modulo.__name__.rsplit(".", 1)[-1]

    def explicar(nombre):
        raise AttributeError(
            f"desde_cero.{corto} no tiene {nombre!r}.{_parecido(nombre, modulo.__all__)} "
            f"Tiene: {', '.join(modulo.__all__)}. Si tu programa lo necesita, usa import keras."
        )

    return explicar


def _parecido(identificador, tabla):
    minusculas = {nombre.lower(): nombre for nombre in tabla}
    cercanos = difflib.get_close_matches(str(identificador).lower(), minusculas, n=1)
    return f" ¿Quisiste escribir {minusculas[cercanos[0]]!r}?" if cercanos else ""
