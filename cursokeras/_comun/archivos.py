"""Escribir archivos sin perder nunca el anterior: primero a un lado, después en su lugar."""

import contextlib
import errno
import os
import pathlib
import tempfile

_CAUSAS = {
    errno.ENOSPC: "el disco está lleno",
    errno.EDQUOT: "se llenó tu cuota de disco",
    errno.EROFS: "el disco es de solo lectura",
    errno.EACCES: "no tienes permiso",
    errno.EISDIR: "es una carpeta",
    errno.ENOTDIR: "una parte de la ruta no es una carpeta",
}


@contextlib.contextmanager
def escribir_atomico(ruta):
    """Da una ruta provisional junto a `ruta` y, si todo sale bien, la pone en su lugar.

    Si la escritura falla (disco lleno, Ctrl-C, programa terminado), el archivo anterior queda
    intacto. Crea la carpeta si no existe.

    Argumentos:
        ruta: dónde debe quedar el archivo.

    Lanza:
        OSError: si no se puede escribir (disco lleno, sin permiso); el mensaje dice por qué.
        ValueError: si no se puede reemplazar el archivo porque otro programa lo tiene abierto.

    Ejemplo:
        >>> carpeta = tempfile.mkdtemp()
        >>> with escribir_atomico(pathlib.Path(carpeta, "notas.txt")) as provisional:
        ...     _ = provisional.write_text("hola")
        >>> pathlib.Path(carpeta, "notas.txt").read_text()
        'hola'
    """
    ruta = pathlib.Path(ruta)
    try:
        provisional = _crear_provisional(ruta)
        try:
            yield provisional
            with open(provisional, "rb+") as archivo:
                os.fsync(archivo.fileno())
            _poner_en_su_lugar(provisional, ruta)
        finally:
            provisional.unlink(missing_ok=True)
    except OSError as error:
        raise OSError(
            error.errno,
            f"No se pudo escribir {str(ruta)!r}: {causa(error)}. Si había un archivo anterior, "
            "quedó intacto. Haz espacio o escribe otra ruta.",
        ) from error


def leer_ruta(ruta, ejemplo):
    """Devuelve `ruta` como `Path`; lanza `ValueError` si no es un texto, o está vacío.

    Argumentos:
        ruta: lo que dio el usuario.
        ejemplo: una ruta que serviría, para el mensaje.

    Ejemplo:
        >>> leer_ruta(3, "modelo.keras")
        Traceback (most recent call last):
        ...
        ValueError: La ruta debe ser un texto, como 'modelo.keras', y llegó 3.
    """
    es_ruta = isinstance(ruta, str | os.PathLike) and isinstance(os.fspath(ruta), str)
    if not es_ruta or not str(ruta).strip() or "\0" in str(ruta):
        llego = repr(ruta) if isinstance(ruta, str | bytes | int | float) else type(ruta).__name__
        raise ValueError(f"La ruta debe ser un texto, como {ejemplo!r}, y llegó {llego}.")
    return pathlib.Path(ruta)


def causa(error):
    """Dice en español por qué falló una escritura: "el disco está lleno".

    Ejemplo:
        >>> causa(OSError(errno.ENOSPC, "No space left on device"))
        'el disco está lleno (No space left on device)'
    """
    original = error.__cause__ if isinstance(error.__cause__, OSError) else error
    detalle = original.strerror or str(original)
    return f"{_CAUSAS[error.errno]} ({detalle})" if error.errno in _CAUSAS else detalle


def _crear_provisional(ruta):
    ruta.parent.mkdir(parents=True, exist_ok=True)
    # Conserva la extensión, porque pandas y matplotlib eligen el formato por ella.
    descriptor, nombre = tempfile.mkstemp(prefix=".", suffix=f"-{ruta.name}", dir=ruta.parent)
    os.close(descriptor)
    return pathlib.Path(nombre)


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
