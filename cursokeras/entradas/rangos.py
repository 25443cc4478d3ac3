"""Hasta dónde llegaban los números con que aprendió un modelo, para decir cuándo le llegan otros.

Con filas sin escalar, o con y en otra unidad, Keras predice y mide igual, y da cualquier cosa. El
modelo recuerda el menor y el mayor valor de cada columna de sus filas de entrenamiento. Lo que se
sale se mide en anchos de ese rango, con una sola regla:

    Un valor está lejos si se sale por más de `LEJOS` anchos. Uno solo puede ser una rareza; si le
    pasa a más de la mitad de las filas (de cinco o más), basta con que sea por `LEJOS_JUNTAS`.
    De una columna que valía siempre lo mismo no se sabe qué es raro: solo cuenta lo segundo.

Así un auto con más kilómetros que todos, o un color del que no había ninguno, no son noticia; una
tabla sin estandarizar, o en otra unidad, sí. Con las tablas de `cursokeras.datos` y 200 maneras
de apartar filas, lo más lejos que queda una honesta es a 8.3 anchos (el hidrógeno).
"""

import numpy as np

from cursokeras.entradas.cabezas import cabeza_de

LEJOS = 10
LEJOS_JUNTAS = 2
# Con menos filas que estas, ni el rango de una columna ni lo que le pasa a la mitad dicen algo.
_FILAS = 5
# Una columna constante escalada puede tener restos de redondeo, que no son un ancho.
_REDONDEO = 1e-6
# Desde cuántas columnas sin nombre es más probable que cada una sea un píxel.
_COLUMNAS_DE_IMAGEN = 64
# NumPy recorre mucho más rápido filas de este ancho que filas de pocas columnas.
_ANCHO = 1024


def recordar_rangos(modelo, x, y):
    """Anota en el modelo hasta dónde llegan unas filas de entrenamiento, sin olvidar las de antes.

    Queda en `modelo.rangos_cursokeras`, un diccionario de listas de números finitos: `x_minimo` y
    `x_maximo`, con un número por columna (uno solo si x son imágenes), e `y_minimo` e `y_maximo`,
    vacías si y no son cantidades.

    Argumentos:
        modelo: modelo de Keras compilado.
        x, y: arreglos que salieron de `convertir_x` y `convertir_y`, sin las filas de validación.
    """
    rangos = medir_rangos(modelo, x, y)
    if rangos is not None:
        modelo.rangos_cursokeras = rangos


def medir_rangos(modelo, x, y, *, nombres=None):
    """Devuelve lo que el modelo recordaría con estas filas; `None` si todavía son muy pocas.

    Argumentos:
        modelo, x, y: como en `recordar_rangos`.
        nombres: los de las columnas de x; `None` son los que recuerda el modelo.
    """
    antes = getattr(modelo, "rangos_cursokeras", None)
    if len(x) < _FILAS:
        return antes
    nombres = nombres or getattr(modelo, "columnas_cursokeras", None)
    de_x = extremos(x, juntas=parece_imagen(x, nombres))
    de_y = extremos(y) if cabeza_de(modelo).de_cantidades else ([], [])
    nuevos = {"x_minimo": de_x[0], "x_maximo": de_x[1], "y_minimo": de_y[0], "y_maximo": de_y[1]}
    nuevos = {nombre: [float(v) for v in valores] for nombre, valores in nuevos.items()}
    return _ampliar(antes, nuevos) if antes else nuevos


def valores_lejos(datos, minimo, maximo):
    """Dice qué valores están lejos, según la regla de este módulo.

    Argumentos:
        datos: arreglo (n, d).
        minimo, maximo: arreglos (d,) con el rango conocido de cada columna.

    Devuelve:
        Arreglo de booleanos (n, d); `None` si no hay ninguno, que es lo más común y lo más rápido.

    Ejemplo:
        >>> valores_lejos(np.array([[3.0], [12.0]]), np.array([0.0]), np.array([1.0])).tolist()
        [[False], [True]]
    """
    menor, mayor = extremos(datos)
    if ((menor >= minimo) & (mayor <= maximo)).all():
        return None
    peor = _en_anchos(np.stack([menor, mayor]), minimo, maximo).max(axis=0)
    lejos = np.zeros(datos.shape, bool)
    for i in np.flatnonzero(peor > LEJOS_JUNTAS):
        anchos = _en_anchos(datos[:, i], minimo[i], maximo[i])
        juntas = anchos > LEJOS_JUNTAS
        if len(datos) >= _FILAS and juntas.mean() > 0.5:
            lejos[:, i] = juntas
        elif minimo[i] < maximo[i]:
            lejos[:, i] = anchos > LEJOS
    return lejos if lejos.any() else None


def parece_imagen(x, nombres):
    """Si x guarda píxeles, y no columnas que signifiquen algo por separado.

    Argumentos:
        x: arreglo (n, ...).
        nombres: los de sus columnas, o `None` si no tienen.
    """
    return x.ndim > 2 or (x.shape[1] >= _COLUMNAS_DE_IMAGEN and nombres is None)


def extremos(x, *, juntas=False):
    """Devuelve el menor y el mayor valor de cada columna, (d,) y (d,).

    Argumentos:
        x: arreglo (n, d), o de más ejes.
        juntas: si todas las columnas cuentan como una, como los píxeles; con más ejes, siempre.
    """
    if juntas or x.ndim != 2:
        return x.min().reshape(1), x.max().reshape(1)
    if len(x) == 1:
        return x[0], x[0]
    return _por_columna(np.min, x), _por_columna(np.max, x)


def _en_anchos(valores, minimo, maximo):
    """Cuántos anchos del rango se salen unos valores, en float64 para que nada se desborde."""
    minimo, maximo = np.float64(minimo), np.float64(maximo)
    tamano = np.maximum(np.maximum(abs(minimo), abs(maximo)), 1)
    ancho = np.maximum(maximo - minimo, _REDONDEO * tamano)
    return np.maximum(minimo - valores, valores - maximo) / ancho


def _por_columna(funcion, x):
    """El mínimo o el máximo de cada columna; con pocas columnas, en filas largas, que es rápido."""
    if x.flags.f_contiguous:
        return funcion(x, axis=0)
    n, d = x.shape
    juntas = max(_ANCHO // d, 1)
    bloque = x[: n // juntas * juntas].reshape(-1, juntas * d)
    resto = x[len(bloque) * juntas :]
    if len(bloque):
        resto = np.vstack([resto, funcion(bloque, axis=0).reshape(juntas, d)])
    return funcion(resto, axis=0)


def _ampliar(antes, nuevos):
    """Los rangos de dos grupos de filas; si uno solo cuenta por columnas, de todas juntas."""
    rangos = {}
    for nombre, valores in nuevos.items():
        elegir = min if nombre.endswith("minimo") else max
        partes = [parte for parte in (antes[nombre], valores) if parte]
        if len({len(parte) for parte in partes}) > 1:
            partes = [[elegir(parte)] for parte in partes]
        rangos[nombre] = [elegir(columna) for columna in zip(*partes, strict=True)]
    return rangos
