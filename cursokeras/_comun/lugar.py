"""Dónde corre el programa: en un cuaderno de Jupyter, en una terminal o hacia otra salida."""

import sys


def ipython():
    """Devuelve el intérprete de IPython en que corre el programa, o `None` si no corre en uno."""
    buscar = getattr(sys.modules.get("IPython"), "get_ipython", None)
    return None if buscar is None else buscar()


def en_cuaderno():
    """Dice si el programa corre en un cuaderno (Jupyter, Colab, VS Code)."""
    return hasattr(ipython(), "kernel")


def es_interactivo():
    """Dice si la salida puede reescribir una línea: una terminal o un cuaderno."""
    return sys.stdout.isatty() or en_cuaderno()


def como_se_interrumpe():
    """Lo que se pulsa aquí para interrumpir: ■ en un cuaderno y Ctrl-C en los demás lugares."""
    return "■" if en_cuaderno() else "Ctrl-C"
