"""Una línea de texto que cambia en su lugar, en una terminal o en un cuaderno.

En un cuaderno es una salida de texto con identificador, que se reemplaza entera: al guardarlo y
volver a abrirlo queda lo último que dijo. No hace falta ninguna extensión.
"""

import shutil
import sys
import time
from uuid import uuid4

from cursokeras._comun.cuaderno import publicar
from cursokeras._comun.lugar import en_cuaderno

_PAUSA = 0.1  # Segundos entre dos cambios: más seguido no se alcanza a leer, y cuesta.


class Linea:
    """Una línea que se reescribe; de dos cambios muy seguidos, el segundo no se muestra."""

    def __init__(self):
        self._cuando = -_PAUSA
        self._largo = 0
        self._id = f"cursokeras-{uuid4().hex}" if en_cuaderno() else None
        self._publicada = False

    def escribir(self, texto):
        """Cambia la línea, si pasó un rato desde la última vez."""
        ahora = time.monotonic()
        if ahora - self._cuando >= _PAUSA:
            self._cuando = ahora
            self._mostrar(texto)

    def cerrar(self, texto):
        """Deja la línea como debe quedar."""
        self._mostrar(texto)
        if self._id is None:
            sys.stdout.write("\n")
            sys.stdout.flush()

    def _mostrar(self, texto):
        if self._id is not None:
            publicar({"text/plain": texto}, identificador=self._id, reemplaza=self._publicada)
            self._publicada = True
            return
        columnas = shutil.get_terminal_size().columns - 1  # En la última, Windows salta de línea.
        if len(texto) > columnas:
            texto = f"{texto[: columnas - 1]}…"
        sys.stdout.write("\r" + texto.ljust(self._largo))
        sys.stdout.flush()
        self._largo = len(texto)
