"""Leer un zip ajeno sin creerle sus tamaños.

Un zip dice cuánto ocupará cada parte, y nada obliga a que sea verdad: dos bytes declarados pueden
ser dos gigas. Aquí se acepta lo guardado tal cual y lo comprimido con deflate, que se leen de a
poco, y se deja de leer cuando una parte completa lo que declaró.
"""

import contextlib
import io
import zipfile

_METODOS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_TRAMO = 2**16


def abrir_zip(contenido):
    """Abre los bytes de un zip; si no se pueden abrir, lanza `ValueError`."""
    with si_esta_danado():
        return zipfile.ZipFile(io.BytesIO(contenido))


def exigir_parte(parte, maximo):
    """Lanza `ValueError` si una parte está cifrada, comprimida de otro modo o es muy grande.

    Argumentos:
        parte: su `zipfile.ZipInfo`.
        maximo: cuántos bytes puede ocupar ya descomprimida.
    """
    if parte.flag_bits & 1:
        raise ValueError(f"{parte.filename!r} está cifrado, y no se puede leer.")
    if parte.compress_type not in _METODOS:
        raise ValueError(
            f"{parte.filename!r} está comprimido de un modo que no es el usual (deflate): parece "
            "hecho para llenar la memoria. Comprímelo de nuevo como zip."
        )
    if parte.file_size > maximo:
        raise ValueError(
            f"{parte.filename!r} ocuparía {_escribir(parte.file_size)}, en el archivo ocupa "
            f"{_escribir(parte.compress_size)} y se aceptan hasta {_escribir(maximo)}: parece "
            "hecho para llenar la memoria."
        )


def leer_tramos(archivo, parte):
    """Genera los bytes de una parte, de a poco y a lo sumo los que declaró.

    Argumentos:
        archivo: el `zipfile.ZipFile`.
        parte: su `zipfile.ZipInfo`, ya revisada por `exigir_parte`.
    """
    with si_esta_danado(), archivo.open(parte) as flujo:
        while tramo := flujo.read(_TRAMO):
            yield tramo


@contextlib.contextmanager
def si_esta_danado():
    """Convierte en un `ValueError` en español lo que lanza zipfile ante un zip dañado."""
    try:
        yield
    except Exception as error:  # Un zip dañado hace fallar a zipfile de muchas maneras.
        raise ValueError(
            "El archivo está cortado o dañado: pide otra copia, o vuelve a guardarlo."
        ) from error


def _escribir(numero):
    return f"{numero / 2**20:.1f} MiB" if numero >= 2**20 else f"{numero} bytes"
