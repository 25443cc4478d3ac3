"""El zip de un `.keras`: qué partes trae, si son las debidas y si están enteras."""

import contextlib
import io
import pathlib
import stat
import zipfile

CONFIG, METADATOS, PESOS, SELLO = (
    "config.json",
    "metadata.json",
    "model.weights.h5",
    "cursokeras.json",
)

_MIB = 2**20
_MAXIMOS = {CONFIG: 4 * _MIB, METADATOS: _MIB, SELLO: 16 * _MIB, PESOS: 1024 * _MIB}
# Los pesos son números casi al azar: apenas se comprimen. Más que esto es una bomba.
_MAXIMA_COMPRESION = 100
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
    tamano, maximo = ruta.stat().st_size, sum(_MAXIMOS.values())
    if tamano > maximo:
        raise ValueError(
            f"El archivo ocupa {tamano // _MIB} MiB y se aceptan hasta {maximo // _MIB} MiB: no "
            "parece un modelo de un curso."
        )
    return ruta.read_bytes()


def leer_partes(contenido):
    """Devuelve un diccionario de nombre → bytes con las partes de un `.keras`.

    Argumentos:
        contenido: los bytes del archivo.

    Lanza:
        ValueError: si no es un zip sano con solo las partes que trae un modelo.
    """
    _exigir_zip(contenido)
    with _si_esta_danado():
        archivo = zipfile.ZipFile(io.BytesIO(contenido))
    partes = archivo.infolist()
    _exigir_partes([parte.filename for parte in partes])
    for parte in partes:
        _exigir_parte_sana(parte)
    with _si_esta_danado():
        return {parte.filename: archivo.read(parte) for parte in partes}


def escribir_partes(partes, ruta):
    """Escribe en `ruta` un `.keras` con esas partes y nada más."""
    with zipfile.ZipFile(ruta, "w") as archivo:
        for nombre, contenido in partes.items():
            archivo.writestr(nombre, contenido)


@contextlib.contextmanager
def _si_esta_danado():
    try:
        yield
    except Exception as error:  # Un zip dañado hace fallar a zipfile de muchas maneras.
        raise ValueError(
            "El archivo está cortado o dañado: pide otra copia, o vuelve a guardar el modelo."
        ) from error


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
        if nombre not in _MAXIMOS:
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


def _exigir_parte_sana(parte):
    if stat.S_ISLNK(parte.external_attr >> 16):
        raise ValueError(f"{parte.filename!r} es un enlace a otro archivo, y no debe serlo.")
    if parte.flag_bits & 1:
        raise ValueError(f"{parte.filename!r} está cifrado, y Keras no guarda así.")
    maximo = _MAXIMOS[parte.filename]
    if parte.file_size > maximo:
        raise ValueError(
            f"{parte.filename!r} ocuparía {parte.file_size // _MIB} MiB y se aceptan hasta "
            f"{maximo // _MIB} MiB."
        )
    if parte.file_size > max(_MIB, _MAXIMA_COMPRESION * parte.compress_size):
        raise ValueError(
            f"{parte.filename!r} declara {parte.file_size // _MIB} MiB y en el archivo ocupa "
            f"{parte.compress_size} bytes: parece hecho para llenar la memoria."
        )
