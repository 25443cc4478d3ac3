"""De un libro de Excel a las celdas de una hoja, sin creerle los tamaños que declara.

Un libro es un zip con textos XML. Unos pocos bytes pueden descomprimirse en gigas, y dos celdas en
esquinas opuestas de la hoja declaran 17 mil millones. Aquí se lee de a poco y con límites.
"""

import io
import zipfile

import openpyxl
from openpyxl.cell.cell import ERROR_CODES

from cursokeras._comun.hallazgos import contar
from cursokeras._comun.zips import abrir_zip, exigir_parte, leer_tramos

# Lo que ocupan las partes de un libro ya descomprimidas, en bytes y en etiquetas y atributos. El
# XML se comprime mucho: el de una tabla de todos ceros ocupa 17 veces el archivo, y tiene 3.2
# etiquetas y atributos por cada byte suyo.
_BYTES, _BYTES_POR_BYTE = 16 * 2**20, 40
_MARCAS, _MARCAS_POR_BYTE = 300_000, 8
# Las celdas de la tabla, con las vacías, que en el archivo no ocupan nada.
_CELDAS, _CELDAS_POR_BYTE = 500_000, 6
_ULTIMA_FILA = 2**20  # La de Excel.


def leer_hoja(ruta, hoja):
    """Lee las celdas de una hoja.

    Argumentos:
        ruta: `Path` de un .xlsx.
        hoja: su nombre o su posición.

    Devuelve:
        Las celdas, una lista por fila y todas del mismo largo (`None` donde no hay nada), y en
        palabras, qué hoja es.

    Lanza:
        ValueError: si no es un libro sano, no tiene esa hoja, ocuparía demasiado, o sus fórmulas
            no tienen calculado el valor.
    """
    contenido = _sin_lo_que_sobra(ruta)
    libro = _abrir(contenido, ruta)
    nombres = [propia.title for propia in libro.worksheets]
    if hoja not in nombres and hoja not in range(len(nombres)):
        raise ValueError(f"No hay una hoja {hoja!r} en '{ruta.name}'. Sus hojas: {nombres}.")
    i = nombres.index(hoja) if hoja in nombres else hoja
    celdas = _leer_celdas(libro.worksheets[i], ruta)
    if any(None in fila for fila in celdas):
        sin_calcular = _abrir(contenido, ruta, formulas=True)
        formulas = _leer_celdas(sin_calcular.worksheets[i], ruta)
        _exigir_calculadas(celdas, formulas, ruta.name)
    otras = f", la {i + 1} de {len(nombres)}" if len(nombres) > 1 else ""
    return celdas, f"hoja {nombres[i]!r}{otras}"


def _abrir(contenido, ruta, *, formulas=False):
    try:
        return openpyxl.load_workbook(contenido, read_only=True, data_only=not formulas)
    except Exception as error:  # openpyxl lanza de todo ante un archivo que no es suyo.
        raise _no_es_un_libro(ruta, error) from error


def _sin_lo_que_sobra(ruta):
    """El mismo libro con solo sus partes de texto, ya descomprimidas y de tamaño conocido."""
    crudo, limpio = ruta.read_bytes(), io.BytesIO()
    try:
        with zipfile.ZipFile(limpio, "w") as copia:
            for nombre, texto in _textos(crudo):
                copia.writestr(nombre, texto)
    except ValueError as error:
        raise _no_es_un_libro(ruta, error) from error
    return limpio


def _textos(crudo):
    """Genera cada parte de texto y su nombre, mientras quepan en lo que justifica el archivo."""
    original = abrir_zip(crudo)
    bytes_quedan = _BYTES + _BYTES_POR_BYTE * len(crudo)
    marcas_quedan = _MARCAS + _MARCAS_POR_BYTE * len(crudo)
    for parte in original.infolist():
        if parte.filename.endswith((".xml", ".rels")):
            exigir_parte(parte, bytes_quedan)
            texto = b"".join(leer_tramos(original, parte))
            bytes_quedan -= len(texto)
            marcas_quedan -= texto.count(b"<") + texto.count(b"=")
            if marcas_quedan < 0:
                raise ValueError("trae más etiquetas de las que justifica su tamaño")
            yield parte.filename, texto


def _no_es_un_libro(ruta, error):
    return ValueError(
        f"'{ruta.name}' no es un libro de Excel que se pueda abrir (¿está dañado, con clave o es "
        f"de otro tipo?). Ábrelo y guárdalo de nuevo como .xlsx. Detalle: {error}"
    )


def _leer_celdas(hoja, ruta):
    """Las filas con algo, completadas con `None` hasta el mismo ancho."""
    maximo = _CELDAS + _CELDAS_POR_BYTE * ruta.stat().st_size
    hoja.reset_dimensions()  # Lo que la hoja dice que mide puede no ser cierto.
    filas, ancho = [], 0
    for numero, fila in enumerate(hoja.iter_rows(values_only=True), start=1):
        if numero > _ULTIMA_FILA:
            raise ValueError(f"'{ruta.name}': la hoja tiene más filas que las que admite Excel.")
        if any(celda is not None for celda in fila):
            ancho = max(ancho, len(fila))
            filas.append([None if celda in ERROR_CODES else celda for celda in fila])
            if len(filas) * ancho > maximo:
                raise ValueError(
                    f"'{ruta.name}': la hoja ocuparía {len(filas)} filas × {ancho} columnas, o "
                    f"más (hasta la fila {numero}), y de un archivo de este tamaño se leen hasta "
                    f"{maximo} celdas. Si tiene algo escrito lejos de la tabla, bórralo; si es así "
                    "de grande, guárdala como CSV."
                )
    return [fila + [None] * (ancho - len(fila)) for fila in filas]


def _exigir_calculadas(valores, formulas, archivo):
    """Sin ningún valor calculado, las fórmulas no son celdas vacías: el libro no se calculó."""
    escritas = [celda for fila in formulas for celda in fila if celda is not None]
    sin_valor = [c for c in escritas if isinstance(c, str) and c.startswith("=")]
    con_valor = sum(celda is not None for fila in valores for celda in fila)
    if sin_valor and con_valor == len(escritas) - len(sin_valor):
        raise ValueError(
            f"'{archivo}' tiene {contar(len(sin_valor), 'celda')} con fórmulas (como "
            f"{sin_valor[0]}) sin el valor calculado: las escribió un programa que no las calcula. "
            "Ábrelo con Excel o LibreOffice, guárdalo y vuelve a leerlo."
        )
