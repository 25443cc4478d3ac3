"""El zip de un `.keras`: qué partes trae, si son las debidas y si están enteras."""

import pathlib
import stat
import zipfile

from cursokeras._comun.zips import abrir_zip, exigir_parte, leer_tramos

CONFIG, METADATOS, PESOS, SELLO = (
    "config.json",
    "metadata.json",
    "model.weights.h5",
    "cursokeras.json",
)

_MIB = 2**20
# De cada parte: los bytes que puede ocupar descomprimida, los que puede ocupar en un archivo
# pequeño y cuántas veces puede ocupar el archivo. Los pesos son números casi al azar, que apenas se
# comprimen; un texto, ya leído, ocupa muchas veces sus bytes, y por eso no crece.
_LIMITES = {
    CONFIG: (4 * _MIB, _MIB // 4, 1),
    METADATOS: (_MIB, _MIB // 4, 1),
    SELLO: (16 * _MIB, _MIB // 4, 1),
    PESOS: (1024 * _MIB, _MIB, 8),
}
_MAXIMO = sum(maximo for maximo, *_ in _LIMITES.values())
_ZIP, _HDF5, _PICKLE = b"PK\x03\x04", b"\x89HDF", b"\x80"


def leer_archivo(ruta):
    """Devuelve el contenido de un archivo `.keras`, o explica por qué no se puede leer."""
    ruta = pathlib.Path(ruta)
    if ruta.suffix != ".keras":
        raise ValueError(
            f"{str(ruta)!r} no termina en .keras. Los .h5, .pkl y .joblib pueden ejecutar código "
            "al abrirse: si el modelo lo hiciste tú, ábrelo como siempre y guárdalo con "
            "ck.guardar(modelo, 'modelo.keras'); si es de otra persona, pídele el .keras."
        )
    if ruta.is_dir():
        raise ValueError(f"{str(ruta)!r} es una carpeta y debe ser un archivo .keras.")
    if not ruta.exists():
        raise ValueError(
            f"No existe el archivo {str(ruta)!r}. Se busca desde la carpeta "
            f"{str(pathlib.Path.cwd())!r}; revisa el nombre o escribe la ruta completa."
        )
    if not ruta.is_file():
        # De una tubería o de un dispositivo se esperaría para siempre.
        raise ValueError(f"{str(ruta)!r} no es un archivo: es una tubería o un dispositivo.")
    with open(ruta, "rb") as archivo:
        contenido = archivo.read(min(ruta.stat().st_size, _MAXIMO) + 1)
    if len(contenido) > _MAXIMO:
        raise ValueError(
            f"El archivo ocupa más de {_MAXIMO // _MIB} MiB: no parece un modelo de un curso."
        )
    return contenido


def leer_partes(contenido):
    """Devuelve un diccionario de nombre → bytes con las partes de un `.keras`.

    Argumentos:
        contenido: los bytes del archivo.

    Lanza:
        ValueError: si no es un zip sano con solo las partes que trae un modelo.
    """
    _exigir_zip(contenido)
    archivo = abrir_zip(contenido)
    partes = archivo.infolist()
    _exigir_partes([parte.filename for parte in partes])
    for parte in partes:
        if stat.S_ISLNK(parte.external_attr >> 16):
            raise ValueError(f"{parte.filename!r} es un enlace a otro archivo, y no debe serlo.")
        exigir_parte(parte, _maximo(parte.filename, len(contenido)))
    return {parte.filename: b"".join(leer_tramos(archivo, parte)) for parte in partes}


def escribir_partes(partes, ruta):
    """Escribe en `ruta` un `.keras` con esas partes y nada más."""
    with zipfile.ZipFile(ruta, "w") as archivo:
        for nombre, contenido in partes.items():
            archivo.writestr(nombre, contenido)


def _maximo(nombre, tamano):
    """Cuántos bytes puede ocupar una parte de un archivo de ese tamaño."""
    maximo, si_es_pequeno, veces = _LIMITES[nombre]
    return min(maximo, max(si_es_pequeno, veces * tamano))


def _exigir_zip(contenido):
    if contenido.startswith(_ZIP):
        return
    if not contenido:
        que = "está vacío"
    elif contenido.startswith(_HDF5):
        que = "es un .h5 con otro nombre"
    elif contenido.startswith(_PICKLE):
        que = "es un pickle con otro nombre, y abrirlo podría ejecutar código"
    else:
        que = "está cortado, dañado o es de otro tipo"
    raise ValueError(f"No es un modelo de Keras: el archivo {que}. Pide otra copia en .keras.")


def _exigir_partes(nombres):
    for nombre in nombres:
        if nombre not in _LIMITES:
            raise ValueError(
                f"El archivo trae {nombre!r}, que no es parte de un modelo: puede ser un intento "
                "de escribir fuera de su carpeta o un modelo con vocabulario, que aquí no se "
                "carga. Ábrelo solo si sabes de dónde viene."
            )
        if nombres.count(nombre) > 1:
            raise ValueError(f"El archivo trae dos veces {nombre!r}: está dañado o manipulado.")
    faltan = [nombre for nombre in (CONFIG, METADATOS, PESOS) if nombre not in nombres]
    if faltan:
        raise ValueError(f"Al archivo le falta {faltan[0]!r}: está incompleto o no es de Keras.")
