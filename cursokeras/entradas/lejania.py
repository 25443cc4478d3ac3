"""El aviso de que unas filas están lejos de lo que el modelo vio al entrenar.

Qué es estar lejos lo dice la regla de `cursokeras.entradas.rangos`; aquí se nombran la columna, el
valor y el rango, y qué escribir. Un solo aviso por llamada junta todas las columnas.
"""

import numpy as np

from cursokeras._comun.hallazgos import Hallazgo, contar, enumerar
from cursokeras.entradas.arreglos import nombres_de_columnas
from cursokeras.entradas.rangos import valores_lejos

_COLUMNAS_A_LA_VISTA = 3
_MAYORIA = 0.5


def lejos_del_entrenamiento(modelo, x, y=None, *, tablas=(None, None), rangos=None):
    """Dice si hay filas lejos de lo que el modelo vio al entrenar.

    Argumentos:
        modelo: modelo de Keras.
        x, y: arreglos que salieron de `convertir_x` y `convertir_y`; y puede faltar.
        tablas: la x y la y del usuario, que pueden traer nombres de columnas.
        rangos: con qué se compara; `None` es lo que recuerda el modelo.

    Devuelve:
        Una lista con un solo `Hallazgo`, de gravedad "aviso"; vacía si no hay nada que decir.
    """
    rangos = rangos or getattr(modelo, "rangos_cursokeras", None)
    if not rangos:
        return []
    dichos = list(_revisar("x", x, tablas[0], rangos, modelo))
    if y is not None:
        dichos += _revisar("y", y, tablas[1], rangos, modelo)
    if not dichos:
        return []
    mensaje, arreglo = (" ".join(textos) for textos in zip(*dichos, strict=True))
    return [Hallazgo("aviso", "lejos_del_entrenamiento", "x", mensaje, arreglo)]


def _revisar(nombre, datos, tabla, rangos, modelo):
    """Da el mensaje y el arreglo si en x, o en y, hay algo lejos."""
    minimo, maximo = (np.array(rangos[f"{nombre}_{c}"], "float32") for c in ("minimo", "maximo"))
    if len(minimo) not in (1, datos.shape[-1]):  # No se recuerda ninguna, o son de otros datos.
        return
    datos = _en_columnas(datos, minimo, maximo)
    lejos = valores_lejos(datos, minimo, maximo)
    if lejos is None:
        return
    nombres = nombres_de_columnas(tabla)
    if nombre == "x" and nombres is None:
        nombres = getattr(modelo, "columnas_cursokeras", None)
    frases = [
        f"{_llamar(nombre, i, len(minimo), nombres)} {_frase(datos[:, i], minimo[i], maximo[i])}"
        for i in np.flatnonzero(lejos.any(axis=0))
    ]
    filas = lejos.any(axis=1)
    yield _mensaje(frases, filas), _ARREGLOS[nombre, bool(filas.mean() > _MAYORIA)]


_ARREGLOS = {
    ("x", True): "Prepara estas filas como las del entrenamiento: x = escalador.transform(x), con "
    "el mismo escalador, o la misma división.",
    ("x", False): "Mira esas filas: si son un error, corrígelas; si no, el modelo no aprendió de "
    "nada parecido.",
    ("y", True): "Da y en la unidad con que entrenaste el modelo.",
    ("y", False): "Mira esas filas de y: si son un error, corrígelas.",
}


def _en_columnas(datos, minimo, maximo):
    """Los datos, (n, d); si sus columnas cuentan juntas, el valor que más se sale de cada fila."""
    if datos.ndim == 2 and datos.shape[1] == len(minimo):
        return datos
    filas = datos.reshape(len(datos), -1)
    menor, mayor = filas.min(axis=1), filas.max(axis=1)
    return np.where(mayor - maximo[0] > minimo[0] - menor, mayor, menor)[:, None]


def _llamar(nombre, i, columnas, nombres):
    if nombres is not None and len(nombres) == columnas:
        return f"la columna '{nombres[i]}' de {nombre}"
    return nombre if columnas == 1 else f"la columna {i} de {nombre}"


def _frase(valores, minimo, maximo):
    """Hasta dónde llegan los valores de una columna, y hasta dónde llegaban."""
    menor, mayor = valores.min(), valores.max()
    llega = f"llega a {mayor:g}" if mayor - maximo > minimo - menor else f"baja a {menor:g}"
    antes = f"iba de {minimo:g} a {maximo:g}" if minimo < maximo else f"valía siempre {minimo:g}"
    return f"{llega} y en el entrenamiento {antes}"


def _mensaje(frases, filas):
    mensaje = "; ".join(frases[:_COLUMNAS_A_LA_VISTA]).replace("la columna", "La columna", 1)
    if len(frases) > _COLUMNAS_A_LA_VISTA:
        mensaje += f"; y así {contar(len(frases) - _COLUMNAS_A_LA_VISTA, 'columna')} más"
    if len(filas) > 1:
        cuales = enumerar(np.flatnonzero(filas))
        mensaje += f" (en {filas.sum()} de {len(filas)} filas: {cuales})"
    return f"{mensaje}."
