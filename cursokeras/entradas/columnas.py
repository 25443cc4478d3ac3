"""Los nombres de columnas y clases con que aprendió un modelo, para no darle otras sin querer."""

from cursokeras._comun.hallazgos import enumerar, error
from cursokeras.entradas.arreglos import nombres_de_columnas
from cursokeras.entradas.cabezas import cabeza_de


def recordar_columnas(modelo, x):
    """Anota en el modelo los nombres de las columnas con que aprendió, si x es una tabla.

    Quedan en `modelo.columnas_cursokeras`, una tupla de textos; desde entonces `convertir_x`
    rechaza las tablas que traen otras columnas, o las mismas en otro orden.
    """
    nombres = nombres_de_columnas(x)
    if nombres is not None:
        modelo.columnas_cursokeras = nombres


def recordar_clases(modelo, y):
    """Anota en el modelo los nombres de las clases o etiquetas que y trae, si no sabía otros.

    Quedan en `modelo.clases_cursokeras`, una tupla de textos.
    """
    nombres = nombres_de_clases(modelo, y)
    if nombres is not None:
        modelo.clases_cursokeras = nombres


def nombres_de_clases(modelo, y):
    """Los nombres que recuerda el modelo; si no recuerda, los que trae y; `None` si tampoco.

    Un modelo que ya aprendió con números no toma los nombres de los textos de y: nadie dijo qué
    número era cada uno.
    """
    cabeza = cabeza_de(modelo)
    ya_aprendio = cabeza.clases and getattr(modelo.optimizer, "iterations", 0) > 0
    return cabeza.nombres or (None if ya_aprendio else cabeza.nombres_en(y))


def exigir_columnas(modelo, x):
    """Lanza `ErrorDeDatos` si la tabla no trae, en orden, las columnas que recuerda el modelo."""
    esperadas = getattr(modelo, "columnas_cursokeras", None)
    _comparar(esperadas, x, "las que aprendió el modelo", "x = x[list(modelo.columnas_cursokeras)]")


def exigir_columnas_de_validacion(x, y, x_val, y_val):
    """Lanza `ErrorDeDatos` si las tablas de entrenamiento y validación difieren en columnas.

    Las de y pueden llamarse de otro modo, pero no ser las mismas en otro orden.
    """
    _comparar(
        nombres_de_columnas(x), x_val, "las del entrenamiento", "x_val = x_val[list(x.columns)]"
    )
    de_y, de_y_val = nombres_de_columnas(y), nombres_de_columnas(y_val)
    if de_y and de_y_val and sorted(de_y) == sorted(de_y_val):
        _comparar(de_y, y_val, "las del entrenamiento", "y_val = y_val[list(y.columns)]", "y")


def _comparar(esperadas, datos, cuales, en_orden, argumento="x"):
    nombres = nombres_de_columnas(datos)
    if esperadas is None or nombres is None or nombres == tuple(esperadas):
        return
    faltan = [f"'{nombre}'" for nombre in esperadas if nombre not in nombres]
    sobran = [f"'{nombre}'" for nombre in nombres if nombre not in esperadas]
    diferencias = [f"faltan {enumerar(faltan)}"] if faltan else []
    diferencias += [f"sobran {enumerar(sobran)}"] if sobran else []
    raise error(
        "otras_columnas",
        argumento,
        f"Las columnas de {argumento} no son {cuales}: "
        f"{' y '.join(diferencias) or 'están en otro orden'}.",
        "Complétala, o crea otro modelo para esta tabla." if faltan else f"Escribe {en_orden}.",
    )
