"""Escribir una tabla en un .csv o .xlsx que se abre bien y en el que nada se ejecuta.

Un texto que empieza con "=" es, para una planilla, una fórmula: una etiqueta de los datos podría
abrir un enlace o mandar las demás celdas a otra parte. En el .xlsx cada texto se escribe como
texto; en el .csv, que no distingue, se le antepone un apóstrofo, como aconseja OWASP.
"""

import datetime
import decimal
import math
import re

import numpy as np
import pandas as pd

from cursokeras._comun.archivos import escribir_atomico, leer_ruta

_MAXIMAS_FILAS, _MAXIMAS_COLUMNAS, _MAXIMO_TEXTO = 2**20 - 1, 2**14, 32_767
_CIFRAS_DE_EXCEL, _PRIMER_ANO = 15, 1900
_FILAS_QUE_SE_MIDEN = 500
_ANCHOS = (8, 50)
_SE_ESCRIBEN = (
    bool,
    int,
    float,
    decimal.Decimal,
    datetime.date,
    datetime.time,
    datetime.timedelta,
)
# Lo que el XML de un .xlsx no admite: controles, mitades de un par y los dos que no son letras.
_ILEGIBLES = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# Una fórmula al principio de la celda, o después de un signo en que otra planilla la partiría.
_FORMULA = re.compile(r"""(^|[;\t\r\n])(?=["\s]*[=+@\-\t\r＝＋－＠])""")
_NUMERO = re.compile(r"[+-]?[0-9][0-9.,]*%?")


def exigir_extension(ruta):
    """Devuelve la extensión de `ruta`; lanza `ValueError` si no es .csv ni .xlsx.

    Ejemplo:
        >>> exigir_extension("notas.pdf")
        Traceback (most recent call last):
        ...
        ValueError: La ruta 'notas.pdf' termina en '.pdf' y solo se escriben .csv y .xlsx. ...
    """
    ruta = leer_ruta(ruta, "salida/predicciones.xlsx")
    extension = ruta.suffix.lower()
    if extension not in _ESCRITURAS:
        raise ValueError(
            f"La ruta {str(ruta)!r} termina en {extension!r} y solo se escriben .csv y .xlsx. "
            "Escribe por ejemplo ruta='salida/predicciones.xlsx'."
        )
    return extension


def escribir_tabla(tabla, ruta):
    """Escribe una tabla en un .csv o .xlsx que se abre bien y en el que nada se ejecuta.

    El índice va primero, con su nombre o, si no tiene, "fila". Los textos que una planilla tomaría
    por fórmulas quedan como textos: en el .csv, con un apóstrofo delante. Los caracteres que no se
    pueden escribir (de control) quedan como "�". En el .xlsx los números conservan sus 16 cifras y
    muestran las que importan, las horas con zona quedan como la hora local, sin la zona, y los
    enteros de más de 15 cifras, los infinitos y las fechas anteriores a 1900, que Excel no sabe
    guardar, como textos.

    Argumentos:
        tabla: `DataFrame`.
        ruta: archivo que termina en `.csv` o `.xlsx`; el anterior solo se reemplaza cuando el nuevo
            está completo.

    Lanza:
        ValueError: si la ruta termina en otra cosa, o la tabla no cabe en una hoja.
        OSError: si no se puede escribir; el mensaje dice por qué.

    Ejemplo:
        >>> import pathlib, tempfile
        >>> ruta = pathlib.Path(tempfile.mkdtemp(), "notas.csv")
        >>> escribir_tabla(pd.DataFrame({"nota": [5.5], "nombre": ["=1+1"]}), ruta)
        >>> print(ruta.read_text(encoding="utf-8-sig"))
        fila,nota,nombre
        0,5.5,'=1+1
    """
    escribir = _ESCRITURAS[exigir_extension(ruta)]
    titulos, columnas = _con_indice(tabla)
    with escribir_atomico(ruta) as provisional:
        escribir(titulos, columnas, tabla.index.nlevels, provisional)


def _con_indice(tabla):
    """Devuelve los títulos, textos distintos, y las columnas, con las del índice delante."""
    indice = [tabla.index.get_level_values(i) for i in range(tabla.index.nlevels)]
    nombres = ["fila" if nombre is None else nombre for nombre in tabla.index.names]
    titulos = []
    for nombre in [*nombres, *tabla.columns]:
        titulo = _limpiar(" ".join(map(str, nombre)) if isinstance(nombre, tuple) else str(nombre))
        repetido = titulos.count(titulo)
        titulos.append(f"{titulo} {repetido + 1}" if repetido else titulo)
    return titulos, [*indice, *(tabla.iloc[:, i] for i in range(tabla.shape[1]))]


def _limpiar(texto):
    return _ILEGIBLES.sub("�", texto)


def _simple(valor):
    """El valor como algo que se puede escribir: texto, número, fecha o `None`."""
    if isinstance(valor, str):
        return _limpiar(valor)
    if pd.api.types.is_scalar(valor) and pd.isna(valor):
        return None
    if isinstance(valor, np.generic):
        # El float64 que se escribe igual que un float32, y no el que lo iguala con otras cifras.
        return float(str(valor)) if isinstance(valor, np.floating) else valor.item()
    return valor if isinstance(valor, _SE_ESCRIBEN) else _limpiar(str(valor))


# --- CSV ---


def _escribir_csv(titulos, columnas, _, ruta):
    tabla = pd.DataFrame({i: _sin_formulas(columna) for i, columna in enumerate(columnas)})
    tabla.columns = [_como_texto(titulo) for titulo in titulos]
    # Con la marca inicial de UTF-8, Excel muestra bien los acentos.
    tabla.to_csv(ruta, index=False, encoding="utf-8-sig")


def _sin_formulas(columna):
    columna = pd.Series(columna).reset_index(drop=True)
    if columna.dtype.kind in "biufM":
        return columna
    valores = [_simple(valor) for valor in columna]
    textos = [_como_texto(valor) if isinstance(valor, str) else valor for valor in valores]
    return pd.Series(textos, dtype=object)


def _como_texto(texto):
    """El texto, con un apóstrofo delante de lo que una planilla tomaría por una fórmula."""
    return texto if _NUMERO.fullmatch(texto) else _FORMULA.sub(r"\1'", texto)


# --- XLSX ---


def _escribir_xlsx(titulos, columnas, del_indice, ruta):
    import openpyxl  # Aquí, porque tarda en importarse y casi nadie escribe un .xlsx.

    _exigir_que_quepa(columnas)
    libro = openpyxl.Workbook()
    hoja = libro.active
    hoja.title = "tabla"
    for j, (titulo, columna) in enumerate(zip(titulos, columnas, strict=True), 1):
        _escribir_celda(hoja.cell(1, j), titulo, "General")
        hoja.cell(1, j).font = openpyxl.styles.Font(bold=True)
        # Recorrer una Series de float32 daría otros números: sus valores como float64.
        columna = columna.to_numpy() if columna.dtype.kind == "f" else columna
        valores = [_para_excel(valor) for valor in columna]
        formato = _formato(valores)
        for i, valor in enumerate(valores, 2):
            _escribir_celda(hoja.cell(i, j), valor, formato)
        letra = openpyxl.utils.get_column_letter(j)
        hoja.column_dimensions[letra].width = _ancho(titulo, valores, formato)
    hoja.freeze_panes = hoja.cell(2, del_indice + 1)
    libro.save(ruta)


def _exigir_que_quepa(columnas):
    filas = len(columnas[0])
    if filas > _MAXIMAS_FILAS or len(columnas) > _MAXIMAS_COLUMNAS:
        raise ValueError(
            f"La tabla tiene {filas} filas y {len(columnas)} columnas, y una hoja de Excel llega a "
            f"{_MAXIMAS_FILAS} y {_MAXIMAS_COLUMNAS}. Escríbela como .csv."
        )


def _para_excel(valor):
    """El valor como Excel lo puede guardar, o como texto si no puede."""
    valor = _simple(valor)
    if isinstance(valor, str):
        return valor[:_MAXIMO_TEXTO]
    if isinstance(valor, datetime.datetime | datetime.time) and valor.tzinfo is not None:
        valor = valor.replace(tzinfo=None)
    antigua = isinstance(valor, datetime.date) and valor.year < _PRIMER_ANO
    larga = isinstance(valor, int) and abs(valor) >= 10**_CIFRAS_DE_EXCEL
    infinito = isinstance(valor, float) and math.isinf(valor)
    return str(valor) if antigua or larga or infinito else valor


def _escribir_celda(celda, valor, formato):
    celda.value = valor
    if isinstance(valor, str):
        # Sin esto openpyxl escribe "=1+1" como una fórmula, y "#N/A" como un error.
        celda.data_type = "s"
        celda.quotePrefix = _como_texto(valor) != valor  # Para que siga siéndolo si se edita.
    elif isinstance(valor, float):
        celda.number_format = formato


def _formato(valores):
    """El formato de los números de una columna: las cifras que importan, sin cambiar el valor."""
    numeros = [abs(valor) for valor in valores if isinstance(valor, float)]
    mayor = max(numeros, default=0.0)
    if all(map(float.is_integer, numeros)) or not numeros:
        return "0" if mayor < 10**_CIFRAS_DE_EXCEL else "0.000E+00"
    potencia = math.floor(math.log10(mayor))
    if not -3 <= potencia < _CIFRAS_DE_EXCEL:
        return "0.000E+00"
    return "0." + "0" * min(4, max(1, 5 - potencia))


def _ancho(titulo, valores, formato):
    """El ancho en que caben el título y los valores, tal como se muestran."""
    textos = [_mostrar(valor, formato) for valor in valores[:_FILAS_QUE_SE_MIDEN]]
    minimo, maximo = _ANCHOS
    return min(maximo, max(minimo, 2 + max(map(len, [titulo, *textos]))))


def _mostrar(valor, formato):
    if not isinstance(valor, float):
        return str(valor)
    decimales = len(formato.partition(".")[2])
    return f"{valor:.3E}" if "E" in formato else f"{valor:.{decimales}f}"


_ESCRITURAS = {".csv": _escribir_csv, ".xlsx": _escribir_xlsx}
