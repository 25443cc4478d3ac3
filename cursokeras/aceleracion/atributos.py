"""Poner por un rato atributos propios en un objeto ajeno, sin dejar rastro."""

import contextlib


@contextlib.contextmanager
def atributos(objeto, **nuevos):
    """Pone atributos propios en `objeto` y al salir deja exactamente los que tenía."""
    antes = {nombre: vars(objeto)[nombre] for nombre in nuevos if nombre in vars(objeto)}
    for nombre, valor in nuevos.items():
        setattr(objeto, nombre, valor)
    try:
        yield
    finally:
        for nombre in nuevos:
            if nombre in antes:
                setattr(objeto, nombre, antes[nombre])
            else:
                delattr(objeto, nombre)
