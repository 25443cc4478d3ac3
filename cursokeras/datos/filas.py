"""De un archivo CSV o XLSX a filas de celdas; qué son las celdas se decide en otra parte."""

import csv
import difflib
import io
import itertools
import re
import statistics
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

_DE_TEXTO = (".csv", ".tsv", ".txt")
_SEPARADORES = "\t;|,"  # la coma al final: también aparece dentro de los datos
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


def leer_filas(
    ruta: Path, *, separador: str | None, codificacion: str | None, hoja: str | int
) -> Filas:
    """Lee las filas de un .csv, .tsv, .txt o .xlsx; los argumentos son los de `leer_tabla`."""
    if ruta.is_dir():
        raise ValueError(f"'{ruta}' es una carpeta; escribe la ruta de un archivo .csv o .xlsx.")
    if not ruta.is_file():
        raise FileNotFoundError(f"No existe el archivo '{ruta}'.{_parecidos(ruta)}")
    extension = ruta.suffix.lower()
    if extension == ".xlsx":
        return _de_excel(ruta, hoja)
    if extension in _DE_TEXTO:
        return _de_texto(ruta, separador, codificacion)
    raise ValueError(
        f"leer_tabla lee archivos .csv, .tsv, .txt y .xlsx, y llegó '{ruta.name}'. "
        "Ábrelo con tu planilla de cálculo y guárdalo como .xlsx o CSV."
    )


def _parecidos(ruta: Path) -> str:
    if not ruta.parent.is_dir():
        return f" Tampoco existe la carpeta '{ruta.parent}'."
    vecinos = [vecino.name for vecino in ruta.parent.iterdir()]
    for parecido in difflib.get_close_matches(ruta.name, vecinos, n=1, cutoff=0.75):
        return f" ¿Será '{parecido}'?"
    return f" Se buscó en la carpeta '{ruta.parent.resolve()}'."


def _de_excel(ruta: Path, hoja: str | int) -> Filas:
    try:
        libro = pd.ExcelFile(ruta, engine="openpyxl")
    except Exception as error:  # openpyxl lanza de todo ante un archivo que no es suyo
        raise ValueError(
            f"'{ruta.name}' no es un libro de Excel que se pueda abrir (¿está dañado, con clave "
            f"o es de otro tipo?). Ábrelo y guárdalo de nuevo como .xlsx. Detalle: {error}"
        ) from error
    with libro:
        nombres = libro.sheet_names
        if hoja not in nombres and hoja not in range(len(nombres)):
            raise ValueError(f"No hay una hoja {hoja!r} en '{ruta.name}'. Sus hojas: {nombres}.")
        nombre = nombres[hoja] if isinstance(hoja, int) else hoja
        tabla = pd.read_excel(libro, sheet_name=nombre, header=None, dtype=object, na_filter=False)
    celdas = tabla.where(tabla.notna(), None).to_numpy().tolist()  # pandas da nan por un #N/D
    otras = f", la {nombres.index(nombre) + 1} de {len(nombres)}" if len(nombres) > 1 else ""
    return Filas(celdas, [f"hoja {nombre!r}{otras}"])


def _de_texto(ruta: Path, separador: str | None, codificacion: str | None) -> Filas:
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
    en_palabras = {"": "una sola columna", "\t": "separador tabulador"}
    if len(separador) > 1:
        raise ValueError(f"El separador es un solo carácter, como ';', y llegó {separador!r}.")
    supuestos = [nombre_codificacion, en_palabras.get(separador, f"separador '{separador}'")]
    return Filas(_partir(texto, separador, ruta.name), supuestos, separador)


def _decodificar(ruta: Path, codificacion: str | None) -> tuple[str, str]:
    crudo = ruta.read_bytes()
    for firma, que_es in _FIRMAS.items():
        if crudo[:200].lstrip().lower().startswith(firma):
            raise ValueError(f"'{ruta.name}' no es texto: es {que_es}.")
    if codificacion is not None:
        candidatas = {codificacion: codificacion}
    elif crudo.startswith((b"\xff\xfe", b"\xfe\xff")):
        candidatas = {"utf-16": "UTF-16"}
    else:
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


def _mejor_separador(texto: str) -> str:
    """El que parte más filas en un mismo número de pedazos; "" si ninguno convence."""
    aciertos = {s: _acierto(texto, s) for s in _SEPARADORES}
    mejor = max(aciertos, key=aciertos.get)  # si empatan, el primero de _SEPARADORES
    return mejor if aciertos[mejor] >= 0.5 else ""


def _acierto(texto: str, separador: str) -> float:
    lector = csv.reader(io.StringIO(texto, newline=""), delimiter=separador)
    filas = (fila for fila in lector if any(celda.strip() for celda in fila))
    try:
        largos = [len(fila) for fila in itertools.islice(filas, _FILAS_DE_MUESTRA)]
    except csv.Error:  # unas comillas sin cerrar se tragaron el archivo
        return 0.0
    # Una coma que no está en el encabezado es la decimal de una tabla de una sola columna.
    if not largos or (separador == "," and largos[0] == 1):
        return 0.0
    largo = statistics.mode(largos)
    return largos.count(largo) / len(largos) if largo > 1 else 0.0


def _partir(texto: str, separador: str, nombre: str) -> list[list[str]]:
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


def _de_este_ancho(fila: list[str], ancho: int, donde: str) -> list[str]:
    sobra = fila[ancho:]
    if len(fila) < ancho or any(celda.strip() for celda in sobra):
        raise ValueError(
            f"{donde}: tiene {len(fila)} valores y el encabezado {ancho}: {fila}. Si un valor "
            "contiene el separador (un texto, o la coma decimal), enciérralo entre comillas; si "
            "hay títulos o notas antes del encabezado o después de los datos, bórralos."
        )
    return fila[:ancho]
