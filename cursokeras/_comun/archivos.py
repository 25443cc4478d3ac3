"""Escribir archivos sin perder nunca el anterior: primero a un lado, después en su lugar."""

import contextlib
import errno
import os
import pathlib
import signal
import stat
import tempfile
import threading

_CAUSAS = {
    errno.ENOSPC: "el disco está lleno",
    errno.EDQUOT: "se llenó tu cuota de disco",
    errno.EROFS: "el disco es de solo lectura",
    errno.EACCES: "no tienes permiso",
    errno.EISDIR: "es una carpeta",
    errno.ENOTDIR: "una parte de la ruta no es una carpeta",
    errno.ELOOP: "el enlace simbólico se lleva a sí mismo",
    errno.ENAMETOOLONG: "el nombre es demasiado largo",
}


@contextlib.contextmanager
def escribir_atomico(ruta):
    """Da una ruta provisional junto a `ruta` y, si todo sale bien, la pone en su lugar.

    Si la escritura falla (disco lleno, Ctrl-C, programa terminado), el archivo anterior queda
    intacto y el provisional se borra. Crea la carpeta si no existe. Si `ruta` es un enlace
    simbólico, el enlace queda y se reemplaza el archivo al que lleva.

    Argumentos:
        ruta: dónde debe quedar el archivo.

    Lanza:
        OSError: si no se puede escribir (disco lleno, sin permiso); el mensaje dice por qué.
        ValueError: si no se puede reemplazar el archivo: otro programa lo tiene abierto, o es un
            dispositivo.

    Ejemplo:
        >>> carpeta = tempfile.mkdtemp()
        >>> with escribir_atomico(pathlib.Path(carpeta, "notas.txt")) as provisional:
        ...     _ = provisional.write_text("hola")
        >>> pathlib.Path(carpeta, "notas.txt").read_text()
        'hola'
    """
    ruta = pathlib.Path(ruta)
    try:
        destino = _destino(ruta)
        with _sin_morir_a_medias():
            provisional = _crear_provisional(destino.parent, ruta.name)
            try:
                yield provisional
                with open(provisional, "rb+") as archivo:
                    os.fsync(archivo.fileno())
                _poner_en_su_lugar(provisional, destino)
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


def _destino(ruta):
    """El archivo que se va a reemplazar: aquel al que lleva `ruta`, si es un enlace simbólico."""
    destino = pathlib.Path(os.path.realpath(ruta)) if ruta.is_symlink() else ruta
    if destino.is_symlink():
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
    if destino.exists() and not destino.is_file() and not destino.is_dir():
        # Reemplazar /dev/null por un archivo estropearía el sistema.
        raise ValueError(
            f"{str(ruta)!r} no es un archivo: es una tubería o un dispositivo. Escribe otra ruta."
        )
    return destino


class _Terminado(BaseException):
    """El sistema pidió terminar el programa (SIGTERM)."""


@contextlib.contextmanager
def _sin_morir_a_medias():
    """Mientras dura, un SIGTERM deja borrar el provisional antes de terminar el programa."""
    en_principal = threading.current_thread() is threading.main_thread()
    if not en_principal or signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL:
        yield  # Python solo deja cambiarlo en el hilo principal, y un programa puede tener el suyo.
        return
    pedidos = []

    def terminar(numero, _):
        pedidos.append(numero)
        signal.signal(numero, signal.SIG_IGN)
        raise _Terminado

    signal.signal(signal.SIGTERM, terminar)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        if pedidos:
            os.kill(os.getpid(), signal.SIGTERM)


def _crear_provisional(carpeta, nombre):
    carpeta.mkdir(parents=True, exist_ok=True)
    # Conserva la extensión, porque pandas y matplotlib eligen el formato por ella.
    descriptor, provisional = tempfile.mkstemp(prefix=".", suffix=f"-{nombre}", dir=carpeta)
    os.close(descriptor)
    return pathlib.Path(provisional)


def _poner_en_su_lugar(provisional, ruta):
    provisional.chmod(_permisos(ruta))
    try:
        os.replace(provisional, ruta)
        _asegurar_carpeta(ruta.parent)
    except PermissionError as error:
        raise ValueError(
            f"No se puede reemplazar {str(ruta)!r}: otro programa (¿Excel?) lo tiene abierto, o no "
            "tienes permiso. Ciérralo y vuelve a intentarlo, o escribe otra ruta."
        ) from error


def _permisos(ruta):
    """Los que tenía el archivo o, si es nuevo, los de costumbre: mkstemp lo crea solo del dueño."""
    if ruta.is_file():
        return stat.S_IMODE(ruta.stat().st_mode)
    mascara = os.umask(0)
    os.umask(mascara)
    return 0o666 & ~mascara


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
