"""De un archivo CSV o XLSX a filas de celdas; qué son las celdas se decide en otra parte."""

import csv
import difflib
import io
import itertools
import re
import statistics
from dataclasses import dataclass

from cursokeras._comun.hallazgos import contar
from cursokeras.datos.libros import leer_hoja

_DE_TEXTO = (".csv", ".tsv", ".txt")
_SEPARADORES = "\t;|,"  # La coma al final: también aparece dentro de los datos
_FILAS_DE_MUESTRA = 200
_FIRMAS = {
    b"pk\x03\x04": "un libro de Excel: cámbiale la extensión a .xlsx",
    b"\xd0\xcf\x11\xe0": "un Excel antiguo: ábrelo y guárdalo como .xlsx",
    b"%pdf": "un PDF: consigue los datos en CSV o XLSX",
    b"<!doctype": "una página web: la descarga no trajo los datos",
    b"<html": "una página web: la descarga no trajo los datos",
}


@dataclass(frozen=True)
class Filas:
    """Las celdas de un archivo, sus filas todas del mismo largo.

    Atributos:
        celdas: una lista por fila, con la del encabezado primero; textos, o lo que traiga Excel.
        supuestos: en palabras, cómo se leyó el archivo.
        separador: el de las columnas; vacío si hay una sola columna o es de Excel.
    """

    celdas: list[list]
    supuestos: list[str]
    separador: str = ""


def leer_filas(ruta, *, separador, codificacion, hoja):
    """Lee las filas de un .csv, .tsv, .txt o .xlsx; los argumentos son los de `leer_tabla`."""
    if ruta.is_dir():
        raise ValueError(f"'{ruta}' es una carpeta; escribe la ruta de un archivo .csv o .xlsx.")
    if not ruta.is_file():
        raise FileNotFoundError(f"No existe el archivo '{ruta}'.{_parecidos(ruta)}")
    extension = ruta.suffix.lower()
    if extension == ".xlsx":
        celdas, que_hoja = leer_hoja(ruta, hoja)
        return Filas(celdas, [que_hoja])
    if extension in _DE_TEXTO:
        return _de_texto(ruta, separador, codificacion)
    raise ValueError(
        f"leer_tabla lee archivos .csv, .tsv, .txt y .xlsx, y llegó '{ruta.name}'. "
        "Ábrelo con tu planilla de cálculo y guárdalo como .xlsx o CSV."
    )


def _parecidos(ruta):
    if not ruta.parent.is_dir():
        return f" Tampoco existe la carpeta '{ruta.parent}'."
    vecinos = [vecino.name for vecino in ruta.parent.iterdir()]
    for parecido in difflib.get_close_matches(ruta.name, vecinos, n=1, cutoff=0.75):
        return f" ¿Será '{parecido}'?"
    return f" Se buscó en la carpeta '{ruta.parent.resolve()}'."


def _de_texto(ruta, separador, codificacion):
    texto, nombre_codificacion = _decodificar(ruta, codificacion)
    if "\0" in texto:
        raise ValueError(
            f"'{ruta.name}' no parece un archivo de texto. Si lo es, di en qué está escrito: "
            "codificacion='utf-16', por ejemplo."
        )
    primera, _, resto = texto.partition("\n")
    if re.fullmatch("sep=.", primera.rstrip("\r"), re.IGNORECASE):
        # Excel escribe esta línea para anunciar el separador; vacía, las demás no se corren.
        separador, texto = separador or primera[4], f"\n{resto}"
    separador = _mejor_separador(texto) if separador is None else separador
    por_espacios = _por_espacios(texto) if separador == "" else None
    if por_espacios is not None:
        return Filas(por_espacios, [nombre_codificacion, "columnas separadas por espacios"], " ")
    en_palabras = {"": "una sola columna", "\t": "separador tabulador"}
    if len(separador) > 1:
        raise ValueError(f"El separador es un solo carácter, como ';', y llegó {separador!r}.")
    supuestos = [nombre_codificacion, en_palabras.get(separador, f"separador '{separador}'")]
    return Filas(_partir(texto, separador, ruta.name), supuestos, separador)


def _decodificar(ruta, codificacion):
    crudo = ruta.read_bytes()
    for firma, que_es in _FIRMAS.items():
        if crudo[:200].lstrip().lower().startswith(firma):
            raise ValueError(f"'{ruta.name}' no es texto: es {que_es}.")
    if codificacion is not None:
        candidatas = {codificacion: codificacion}
    elif crudo.startswith((b"\xff\xfe", b"\xfe\xff")):
        candidatas = {"utf-16": "UTF-16"}
    else:
        _exigir_utf8_sano(crudo, ruta.name)
        candidatas = {"utf-8": "UTF-8", "cp1252": "cp1252 (Windows)", "latin-1": "Latin-1"}
    for nombre, en_palabras in candidatas.items():
        try:
            return crudo.decode(nombre).removeprefix("\ufeff"), en_palabras
        except UnicodeDecodeError:
            continue
        except LookupError as error:
            raise ValueError(
                f"Python no conoce la codificación {nombre!r}. Las usuales: 'utf-8', 'cp1252'."
            ) from error
    raise ValueError(f"'{ruta.name}' no está escrito en {' ni en '.join(candidatas.values())}.")


def _exigir_utf8_sano(crudo, nombre):
    """Lanza `ValueError` si el texto es UTF-8 con unos bytes dañados, y no de otra codificación.

    En UTF-8 cada letra con acento son dos bytes o más, que en otra codificación casi nunca se dan.
    """
    dudoso = crudo.decode("utf-8", "replace")
    malos = dudoso.count("\ufffd")
    buenos = sum(letra > "\x7f" for letra in dudoso) - malos
    if not 0 < malos < buenos:
        return
    linea = dudoso[: dudoso.index("\ufffd")].count("\n") + 1
    raise ValueError(
        f"'{nombre}' está en UTF-8 con {contar(malos, 'byte dañado', 'bytes dañados')}, desde la "
        f"línea {linea}. Corrígelos en un editor de texto, o di otra codificación, como "
        "codificacion='cp1252'."
    )


def _mejor_separador(texto):
    """El que parte más filas en un mismo número de pedazos; "" si ninguno convence."""
    aciertos = {s: _acierto(texto, s) for s in _SEPARADORES}
    mejor = max(aciertos, key=aciertos.get)  # Si empatan, el primero de _SEPARADORES
    return mejor if aciertos[mejor] >= 0.5 else ""


def _acierto(texto, separador):
    lector = csv.reader(io.StringIO(texto, newline=""), delimiter=separador)
    filas = (fila for fila in lector if any(celda.strip() for celda in fila))
    try:
        largos = [len(fila) for fila in itertools.islice(filas, _FILAS_DE_MUESTRA)]
    except csv.Error:  # Unas comillas sin cerrar se tragaron el archivo
        return 0.0
    # Una coma que no está en el encabezado es la decimal de una tabla de una sola columna.
    if not largos or (separador == "," and largos[0] == 1):
        return 0.0
    largo = statistics.mode(largos)
    return largos.count(largo) / len(largos) if largo > 1 else 0.0


def _por_espacios(texto):
    """Las filas de una tabla de números separada por espacios, o `None` si no lo es."""
    filas = [linea.split() for linea in texto.splitlines() if linea.strip()]
    largos = {len(fila) for fila in filas}
    if len(filas) < 2 or len(largos) > 1 or largos == {1}:
        return None
    es_numero = re.compile(r"[-+]?[\d.,]+(e[-+]?\d+)?", re.IGNORECASE).fullmatch
    return filas if all(es_numero(celda) for fila in filas[1:] for celda in fila) else None


def _partir(texto, separador, nombre):
    # Con una sola columna nada separa: el carácter 31 no aparece en una tabla.
    lector = csv.reader(io.StringIO(texto, newline=""), delimiter=separador or "\x1f", strict=True)
    filas = []
    try:
        for fila in lector:
            if any(celda.strip() for celda in fila):
                ancho = len(filas[0]) if filas else len(fila)
                filas.append(_de_este_ancho(fila, ancho, f"'{nombre}', línea {lector.line_num}"))
    except csv.Error as error:
        raise ValueError(
            f"'{nombre}', línea {lector.line_num}: unas comillas no se cierran donde deben. "
            'Un texto entre comillas lleva cada comilla suya repetida: "15"" de pantalla".'
        ) from error
    return filas


def _de_este_ancho(fila, ancho, donde):
    sobra = fila[ancho:]
    if len(fila) < ancho or any(celda.strip() for celda in sobra):
        raise ValueError(
            f"{donde}: tiene {len(fila)} valores y el encabezado {ancho}: {fila}. Si un valor "
            "contiene el separador (un texto, o la coma decimal), enciérralo entre comillas; si "
            "hay títulos o notas antes del encabezado o después de los datos, bórralos."
        )
    return fila[:ancho]
