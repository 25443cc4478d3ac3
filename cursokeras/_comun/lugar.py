"""Dónde corre el programa: en un cuaderno de Jupyter, en una terminal o hacia otra salida."""

import sys


def en_cuaderno():
    """Dice si el programa corre en un cuaderno (Jupyter, Colab, VS Code)."""
    return "ipykernel" in sys.modules


def es_interactivo():
    """Dice si la salida puede reescribir una línea: una terminal o un cuaderno."""
    return sys.stdout.isatty() or en_cuaderno()


def como_se_interrumpe():
    """Lo que se pulsa aquí para interrumpir: ■ en un cuaderno y Ctrl-C en los demás lugares."""
    return "■" if en_cuaderno() else "Ctrl-C"
