"""`leer_tabla`: la tabla que el estudiante trae de casa, escrita como se escribe en español."""

import unicodedata
from collections import Counter
from pathlib import Path

import pandas as pd

from cursokeras._comun.avisos import avisar
from cursokeras.datos.filas import leer_filas
from cursokeras.datos.numeros import estudiar, leer_numeros
from cursokeras.datos.supuestos import de_las_columnas, dudas

_MAXIMAS_COLUMNAS = 50_000


def leer_tabla(
    ruta,
    *,
    separador=None,
    decimal=None,
    codificacion=None,
    hoja=0,
    verbose=1,
):
    """Lee un CSV o XLSX escrito en cualquier convención del español y dice lo que supuso.

    Averigua el separador (coma, punto y coma, tabulador o |), la codificación (UTF-8, UTF-16 o
    la de Windows) y, en cada columna, si el decimal es la coma o el punto y con qué se separan los
    miles; quita "$", "€" o "%" si toda la columna lo lleva (12 % queda 12). Las celdas vacías son
    datos faltantes, y "NA", "s/d" o "#N/D" también, pero solo entre números. Los códigos con ceros
    a la izquierda, los teléfonos con + y los números de más de 15 cifras quedan como texto. La
    primera fila son los nombres de las columnas. Las filas y columnas vacías se quitan, y los
    espacios al principio y al final de un texto también.

    Lo que supuso lo imprime en una línea y lo deja en `tabla.attrs["supuestos"]`. Si un número
    se puede leer de dos maneras ("1.234") y ninguna otra columna lo aclara, elige la más creíble
    ("12.500" junto a "999" son miles; si no hay indicios, con ";" el decimal es la coma y con los
    demás separadores, el punto) y avisa con un `UserWarning`.

    Argumentos:
        ruta: archivo .csv, .tsv, .txt o .xlsx.
        separador: el de las columnas, si ya se sabe.
        decimal: "," o ".", si ya se sabe; vale para todas las columnas.
        codificacion: como la llama Python, por ejemplo "mac-roman", si ya se sabe.
        hoja: nombre o posición de la hoja del XLSX.
        verbose: 0 para no imprimir nada; los avisos por ambigüedad se dan igual.

    Devuelve:
        DataFrame con columnas int64 (enteros), float64 (decimales, o enteros con faltantes) o
        texto. Del XLSX se conservan también fechas y valores lógicos.

    Lanza:
        FileNotFoundError: si no existe el archivo.
        ValueError: si no es una tabla que se pueda leer; el mensaje dice qué fila o qué celda.

    Ejemplo:
        >>> import pathlib, tempfile
        >>> carpeta = tempfile.TemporaryDirectory()
        >>> ruta = pathlib.Path(carpeta.name, "notas.csv")
        >>> _ = ruta.write_text("Estudio;Aprobó\\n13,4;1\\n5,5;0\\n", encoding="utf-8")
        >>> tabla = leer_tabla(ruta)
        notas.csv: 2 filas × 2 columnas; UTF-8; separador ';'; decimal ','
        >>> tabla["Estudio"].tolist()
        [13.4, 5.5]
        >>> carpeta.cleanup()
    """
    if decimal not in (None, ",", "."):
        raise ValueError(f"decimal es ',' o '.', y llegó {decimal!r}.")
    ruta = Path(ruta)
    filas = leer_filas(ruta, separador=separador, codificacion=codificacion, hoja=hoja)
    crudo = _con_encabezado(filas.celdas, ruta.name)
    estudios = {
        columna: estudiar((c for c in celdas if isinstance(c, str)), decimales=decimal or ",.")
        for columna, celdas in crudo.items()
    }
    decimales, ambiguas = _decidir(estudios, filas.separador)
    tabla = pd.DataFrame(
        {
            columna: _convertir(celdas, estudios[columna].lecturas.get(decimales[columna]))
            for columna, celdas in crudo.items()
        }
    )
    supuestos = filas.supuestos + de_las_columnas(tabla, estudios, decimales)
    if verbose:
        print(f"{ruta.name}: {_forma(tabla)}; {'; '.join(supuestos)}")
    avisos = dudas(estudios, decimales, ambiguas)
    for aviso in avisos:
        avisar(f"{ruta.name}: {aviso}")
    tabla.attrs["supuestos"] = supuestos + avisos
    return tabla


def _forma(tabla):
    filas, columnas = tabla.shape
    return f"{filas} fila{'s' * (filas > 1)} × {columnas} columna{'s' * (columnas > 1)}"


def _con_encabezado(celdas, archivo):
    """Las columnas por su nombre, sin las filas ni las columnas vacías."""
    filas = [
        [(celda.strip() or None) if isinstance(celda, str) else celda for celda in fila]
        for fila in celdas
    ]
    filas = [fila for fila in filas if any(celda is not None for celda in fila)]
    if len(filas) < 2:
        que = "solo tiene el encabezado" if filas else "está vacío"
        raise ValueError(f"'{archivo}' {que}: no hay filas de datos que leer.")
    if len(filas[0]) > _MAXIMAS_COLUMNAS:
        raise ValueError(
            f"'{archivo}' tiene {len(filas[0])} columnas y se leen hasta {_MAXIMAS_COLUMNAS}. "
            "¿Están las filas como columnas, o es otro el separador? Dilo con separador=';'."
        )
    _exigir_sin_titulo(filas, archivo)
    columnas = [c for c in zip(*filas, strict=True) if any(celda is not None for celda in c)]
    nombres = [f"columna_{i}" if c[0] is None else _texto(c[0]) for i, c in enumerate(columnas, 1)]
    repetidos = sorted(nombre for nombre, veces in Counter(nombres).items() if veces > 1)
    if repetidos:
        raise ValueError(f"'{archivo}' repite nombres de columna: {repetidos}. Cámbialos.")
    if any(leer_numeros(nombres, decimal) for decimal in ",."):
        raise ValueError(
            f"La primera fila de '{archivo}' debe tener los nombres de las columnas y trae "
            f"números: {nombres}. Agrégale una fila con los nombres."
        )
    return {nombre: c[1:] for nombre, c in zip(nombres, columnas, strict=True)}


def _exigir_sin_titulo(filas, archivo):
    """Lanza `ValueError` si la primera fila es un solo texto sobre una tabla de varias columnas."""
    titulo = [celda for celda in filas[0] if celda is not None]
    ancho = max(sum(celda is not None for celda in fila) for fila in filas[1:])
    if len(titulo) == 1 and ancho > 2:
        raise ValueError(
            f"La primera fila de '{archivo}' trae un solo texto, {str(titulo[0])!r}, y la tabla "
            f"tiene {ancho} columnas: parece un título. Bórralo: la primera fila debe tener los "
            "nombres de las columnas."
        )


def _decidir(estudios, separador):
    """El decimal de cada columna, y las columnas ambiguas que ninguna otra aclara."""
    vistos = {estudio.decimal_probado for estudio in estudios.values()} - {""}
    ambiguas = [columna for columna, estudio in estudios.items() if estudio.ambiguo]
    if len(vistos) == 1:
        (unico,) = vistos
        return dict.fromkeys(estudios, unico), []
    usual = "," if separador == ";" else "."
    decimales = {c: e.decimal_probado or e.creible or usual for c, e in estudios.items()}
    return decimales, ambiguas


def _convertir(celdas, leidos):
    if not any(isinstance(celda, str) for celda in celdas):
        return pd.Series(celdas, dtype="float64" if set(celdas) == {None} else None)
    if leidos is None:
        return pd.Series([None if celda is None else _texto(celda) for celda in celdas])
    return pd.Series([leidos.get(celda) if isinstance(celda, str) else celda for celda in celdas])


def _texto(celda):
    # "Aprobó" se puede guardar de dos maneras que se ven iguales; NFC es la que da el teclado.
    return unicodedata.normalize("NFC", str(celda))
