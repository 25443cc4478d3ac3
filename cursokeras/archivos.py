"""Escribir archivos sin perder nunca el anterior: primero a un lado, después en su lugar."""

import contextlib
import errno
import os
import pathlib
import tempfile


@contextlib.contextmanager
def escribir_atomico(ruta):
    """Da una ruta provisional junto a `ruta` y, si todo sale bien, la pone en su lugar.

    Si la escritura falla (disco lleno, Ctrl-C, programa terminado), el archivo anterior queda
    intacto. Crea la carpeta si no existe.

    Argumentos:
        ruta: dónde debe quedar el archivo.

    Lanza:
        ValueError: si no se puede reemplazar el archivo porque otro programa lo tiene abierto.

    Ejemplo:
        >>> carpeta = tempfile.mkdtemp()
        >>> with escribir_atomico(pathlib.Path(carpeta, "notas.txt")) as provisional:
        ...     _ = provisional.write_text("hola")
        >>> pathlib.Path(carpeta, "notas.txt").read_text()
        'hola'
    """
    ruta = pathlib.Path(ruta)
    ruta.parent.mkdir(parents=True, exist_ok=True)
    # Conserva la extensión, porque pandas y matplotlib eligen el formato por ella.
    descriptor, nombre = tempfile.mkstemp(prefix=".", suffix=f"-{ruta.name}", dir=ruta.parent)
    os.close(descriptor)
    provisional = pathlib.Path(nombre)
    try:
        yield provisional
        with open(provisional, "rb+") as archivo:
            os.fsync(archivo.fileno())
        _poner_en_su_lugar(provisional, ruta)
    finally:
        provisional.unlink(missing_ok=True)


def _poner_en_su_lugar(provisional, ruta):
    # mkstemp crea el archivo solo para su dueño; el definitivo sigue las costumbres del sistema.
    mascara = os.umask(0)
    os.umask(mascara)
    provisional.chmod(0o666 & ~mascara)
    try:
        os.replace(provisional, ruta)
        _asegurar_carpeta(ruta.parent)
    except PermissionError as error:
        raise ValueError(
            f"No se puede reemplazar {str(ruta)!r}: otro programa (¿Excel?) lo tiene abierto, o no "
            "tienes permiso. Ciérralo y vuelve a intentarlo, o escribe otra ruta."
        ) from error


def _asegurar_carpeta(carpeta):
    """Lleva al disco la entrada de la carpeta: si no, un apagón puede devolver el nombre viejo."""
    if os.name == "nt":
        return  # Windows no deja abrir carpetas, y su sistema de archivos ya lo asegura.
    descriptor = os.open(carpeta, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        # Algunas carpetas de red no lo permiten; el archivo ya está entero y en su lugar.
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):
            raise
    finally:
        os.close(descriptor)
