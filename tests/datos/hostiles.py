"""Tablas pequeñas hechas para llenar la memoria de quien las lee, cada una de otra manera.

Cada forma es (nombre del archivo, sus bytes).
"""

import io
import zipfile

MUCHOS = 12 * 2**20  # Los bytes de un XML que, de ceros o de etiquetas vacías, no ocupa nada.

_TIPOS = "application/vnd.openxmlformats-officedocument.spreadsheetml."
_RELACIONES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PAQUETE = "http://schemas.openxmlformats.org/package/2006/"
_HOJA = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def partes_de(hoja, **otras):
    """Las partes de un libro mínimo, con ese XML en su hoja."""
    partes = {
        "[Content_Types].xml": f'<Types xmlns="{_PAQUETE}content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TIPOS}sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TIPOS}worksheet+xml"/>'
        f'<Override PartName="/xl/sharedStrings.xml" ContentType="{_TIPOS}sharedStrings+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TIPOS}styles+xml"/></Types>',
        "_rels/.rels": relaciones("officeDocument", "xl/workbook.xml"),
        "xl/_rels/workbook.xml.rels": relaciones(
            "worksheet",
            "worksheets/sheet1.xml",
            "sharedStrings",
            "/xl/sharedStrings.xml",
            "styles",
            "styles.xml",
        ),
        "xl/workbook.xml": f'<workbook xmlns="{_HOJA}" xmlns:r="{_RELACIONES}"><sheets>'
        '<sheet name="Hoja1" sheetId="1" r:id="rId0"/></sheets></workbook>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{_HOJA}">{hoja}</worksheet>',
        "xl/sharedStrings.xml": f'<sst xmlns="{_HOJA}"/>',
        "xl/styles.xml": f'<styleSheet xmlns="{_HOJA}"/>',
    }
    return partes | {nombre.replace("__", "/") + ".xml": xml for nombre, xml in otras.items()}


def relaciones(*pares):
    tipos = "".join(
        f'<Relationship Id="rId{i}" Type="{_RELACIONES}/{tipo}" Target="{destino}"/>'
        for i, (tipo, destino) in enumerate(zip(pares[::2], pares[1::2], strict=True))
    )
    return f'<Relationships xmlns="{_PAQUETE}relationships">{tipos}</Relationships>'


def libro(hoja, compresion=zipfile.ZIP_DEFLATED, **otras):
    salida = io.BytesIO()
    with zipfile.ZipFile(salida, "w", compresion) as archivo:
        for nombre, xml in partes_de(hoja, **otras).items():
            archivo.writestr(nombre, xml)
    return "t.xlsx", salida.getvalue()


def datos(celdas):
    return f"<sheetData>{celdas}</sheetData>"


def repetir(texto):
    return texto * (MUCHOS // len(texto))


def texto_en(celda, texto):
    return f'<c r="{celda}" t="inlineStr"><is><t>{texto}</t></is></c>'


TABLA = datos(
    f'<row r="1">{texto_en("A1", "a")}{texto_en("B1", "b")}</row>'
    '<row r="2"><c r="A2"><v>1</v></c><c r="B2"><v>2.5</v></c></row>'
)
LEJOS = datos(
    f'<row r="1">{texto_en("A1", "a")}</row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
)
COLUMNAS = [
    f"{x}{y}{z}" for x in "ABCD" for y in "ABCDEFGHIJ" for z in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
]
DIAGONAL = datos(
    "".join(
        f'<row r="{i}"><c r="{columna}{i}"><v>1</v></c></row>'
        for i, columna in enumerate(COLUMNAS, 1)
    )
)
RISAS = "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10 if i else "ja" * 500}">' for i in range(8))

FORMAS = {
    "dos celdas muy lejos": libro(LEJOS),
    "una fila de número enorme": libro(datos(f'<row r="{10**15}"><c><v>1</v></c></row>')),
    "filas vacías": libro(datos(repetir("<row/>"))),
    "celdas vacías en una fila": libro(datos(f"<row>{repetir('<c/>')}</row>")),
    "celdas de un número": libro(datos(f"<row>{repetir('<c><v>1.5</v></c>')}</row>")),
    "filas de un número": libro(datos(repetir("<row><c><v>1.5</v></c></row>"))),
    "celdas en diagonal": libro(DIAGONAL),
    "fórmulas sin resultado": libro(datos(f"<row>{repetir('<c><f>A1</f></c>')}</row>")),
    "textos compartidos vacíos": libro(TABLA, xl__sharedStrings=f"<sst>{repetir('<si/>')}</sst>"),
    "un texto sin fin": libro(
        TABLA, xl__sharedStrings=f"<sst><si><t>{repetir('a')}</t></si></sst>"
    ),
    "estilos": libro(
        TABLA, xl__styles=f"<styleSheet><cellXfs>{repetir('<xf/>')}</cellXfs></styleSheet>"
    ),
    "formatos": libro(
        TABLA,
        xl__styles="<s>"
        + "".join(f'<numFmt numFmtId="{i}" formatCode="{"d" * 200}"/>' for i in range(50_000))
        + "</s>",
    ),
    "nombres definidos": libro(
        TABLA,
        xl__workbook=f'<workbook xmlns:r="{_RELACIONES}"><sheets><sheet name="H" r:id="rId0"/>'
        f"</sheets><n>{repetir('<definedName/>')}</n></workbook>",
    ),
    "hojas": libro(
        TABLA,
        xl__workbook=f'<workbook xmlns:r="{_RELACIONES}"><sheets>'
        + "".join(f'<sheet name="{i}" r:id="rId0"/>' for i in range(200_000))
        + "</sheets></workbook>",
    ),
    "celdas combinadas": libro(TABLA + repetir('<mergeCell ref="A5:B9"/>')),
    "vínculos": libro(TABLA + repetir('<hyperlink ref="A1"/>')),
    "etiquetas abiertas": libro(repetir("<a>")),
    "un atributo sin fin": libro(f'<a b="{repetir("c")}"/>'),
    "un comentario sin fin": libro(f"<!-- {repetir('c')} -->"),
    "entidades que se multiplican": libro(
        TABLA, xl__sharedStrings=f"<!DOCTYPE sst [{RISAS}]><sst><si><t>&a7;</t></si></sst>"
    ),
    "un XML de 300 MiB": libro(" " * 300 * 2**20 + TABLA),
    "bzip2": libro(TABLA, zipfile.ZIP_BZIP2),
    "una línea de comas": ("t.csv", b"a" + b"," * 4_000_000 + b"\n1\n"),
    "cien mil columnas": (
        "t.csv",
        b",".join(b"c%d" % i for i in range(100_000)) + b"\n" + b"1," * 99_999 + b"1\n",
    ),
    "un valor sin fin": ("t.csv", b'a,b\n"' + b"x" * 2_000_000),
    "una letra ancha": ("t.csv", "a;b\n1;😀\n".encode() + b"1;2\n" * 200_000),
}
