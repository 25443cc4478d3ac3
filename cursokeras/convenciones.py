"""Las tres formas en que un curso escribe la pérdida cuadrática, y lo que se calcula con ellas.

Con `d_out` salidas por fila y el promedio tomado sobre las filas, la misma predicción vale:

- "suma":  Σ (ŷ − y)²            (las tablas de varias salidas de la clase 4)
- "mitad": ½ Σ (ŷ − y)²          (los apuntes de regresión lineal)
- "media": Σ (ŷ − y)² / d_out    (`mse` de Keras y de PyTorch)

El mínimo es el mismo, pero el gradiente no: una tasa de aprendizaje solo se puede comparar con
otra después de convertirla.
"""

from typing import NamedTuple

import numpy as np

from cursokeras._comun.filas import exigir_mismas_filas, filas_cruzadas
from cursokeras._comun.hallazgos import avisar_hallazgos
from cursokeras.entradas.arreglos import a_arreglo


class OptimoLineal(NamedTuple):
    """El mejor modelo lineal posible para unos datos.

    Argumentos:
        w: pesos, (d_in, d_out).
        b: sesgos, (d_out,).
        perdida: su error en la convención "media", la de `mse` en Keras.
    """

    w: np.ndarray
    b: np.ndarray
    perdida: float


def convertir_perdida(valor, desde="suma", a="media", *, d_out=1):
    """Pasa una pérdida cuadrática (un número o un arreglo) de una convención a otra.

    Argumentos:
        valor: la pérdida, en la convención `desde`.
        desde, a: "suma", "mitad" o "media".
        d_out: número de salidas por fila.

    Devuelve:
        La pérdida en la convención `a`.

    Lanza:
        ValueError: si `valor` no es de números, la convención no existe o `d_out` no es un entero
            positivo.

    Ejemplo:
        >>> round(convertir_perdida(3106.64, desde="suma", a="media", d_out=2), 2)
        1553.32
    """
    return _numeros(valor, "valor") * _factor(a, d_out) / _factor(desde, d_out)


def convertir_learning_rate(learning_rate, desde="suma", a="media", *, d_out=1):
    """Da la tasa de aprendizaje que produce los mismos pasos con otra convención de la pérdida.

    El paso de SGD es tasa × gradiente: si la pérdida se divide por dos, la tasa se duplica. Con
    Adam o RMSprop no hace falta convertir, porque dividen por el tamaño del gradiente.

    Argumentos:
        learning_rate: la tasa que se usó con la pérdida `desde`.
        desde, a: "suma", "mitad" o "media".
        d_out: número de salidas por fila.

    Devuelve:
        La tasa que hay que usar con la pérdida `a`.

    Lanza:
        ValueError: si la tasa no es un número, la convención no existe o `d_out` no es un entero
            positivo.

    Ejemplo:
        >>> convertir_learning_rate(0.01, desde="suma", a="media", d_out=2)
        0.02
        >>> convertir_learning_rate(0.03, desde="mitad", a="media")
        0.015
    """
    tasa = _numeros(learning_rate, "learning_rate")
    return tasa * _factor(desde, d_out) / _factor(a, d_out)


def tasa_maxima(x, d_out=1, *, perdida="media"):
    """Calcula desde qué tasa de aprendizaje diverge el descenso de gradiente de un modelo lineal.

    Es 2/λ, con λ el mayor valor propio de la matriz de segundas derivadas (la hessiana) de la
    pérdida respecto de los pesos y el sesgo, con todas las filas en un lote. Depende de las
    entradas, no de los objetivos. Sin escalar las columnas suele ser diminuta.

    Argumentos:
        x: entradas, (n, d_in), o (n,) si hay una sola columna.
        d_out: número de salidas del modelo.
        perdida: convención de la pérdida, "media" (la de Keras), "mitad" o "suma".

    Devuelve:
        La tasa límite: por debajo converge y por encima diverge.

    Lanza:
        ValueError: si `x` no es una tabla de números finitos o la convención no existe.

    Ejemplo:
        La misma columna, escalada y sin escalar:

        >>> tasa_maxima([[-1.0], [1.0]])
        1.0
        >>> round(tasa_maxima([[100.0], [300.0]]), 7)
        2e-05
    """
    x = tabla_de_numeros(x, "x")
    matriz = np.column_stack([x, np.ones(len(x))])  # Los unos multiplican al sesgo.
    # La hessiana no mezcla salidas: es un bloque 2·XᵀX/n por salida, por el factor de la pérdida.
    hessiana = 2 * _factor(perdida, d_out) * matriz.T @ matriz / len(matriz)
    return float(2 / np.linalg.eigvalsh(hessiana)[-1])


def optimo_lineal(x, y):
    """Resuelve exactamente los mínimos cuadrados: lo mejor que puede lograr un modelo lineal.

    Sirve para decir a qué distancia del óptimo quedó un modelo entrenado. Si unas columnas se
    deducen de otras hay muchas soluciones iguales de buenas; devuelve la de pesos más pequeños.

    Argumentos:
        x: entradas, (n, d_in), o (n,) si hay una sola columna.
        y: objetivos, (n, d_out), o (n,) si hay una sola salida.

    Devuelve:
        Una tupla `OptimoLineal` con `w` (d_in, d_out), `b` (d_out,) y `perdida`, que se puede
        convertir con `convertir_perdida`.

    Lanza:
        ValueError: si `x` o `y` no son tablas de números finitos con el mismo número de filas.

    Ejemplo:
        >>> w, b, perdida = optimo_lineal([[0.0], [1.0], [2.0]], [1.0, 3.0, 5.0])
        >>> w.round(6), b.round(6), abs(perdida) < 1e-12
        (array([[2.]]), array([1.]), True)
    """
    avisar_hallazgos(*filas_cruzadas(x, y))
    x, y = tabla_de_numeros(x, "x"), tabla_de_numeros(y, "y")
    exigir_mismas_filas(x, y)
    media_x, media_y = x.mean(axis=0), y.mean(axis=0)
    w = np.linalg.lstsq(x - media_x, y - media_y)[0]
    b = media_y - media_x @ w
    return OptimoLineal(w, b, float(np.mean((x @ w + b - y) ** 2)))


def _numeros(valor, nombre):
    """El número, o la lista de números como arreglo."""
    arreglo = np.asarray(valor)
    if arreglo.dtype.kind not in "iuf":
        raise ValueError(
            f"{nombre} = {valor!r}: se esperaba un número o una lista de números. Escríbelos sin "
            f"comillas y con punto decimal, como {nombre}=0.01; los de una historia son "
            "historia.history['loss']."
        )
    return arreglo if arreglo.ndim else valor


def _factor(convencion, d_out):
    """Por cuánto se multiplica la suma de los cuadrados de una fila en cada convención."""
    if isinstance(d_out, bool) or not isinstance(d_out, int | np.integer) or d_out < 1:
        raise ValueError(
            f"d_out = {d_out!r}: se esperaba el número de salidas, un entero desde 1. "
            "Escribe, por ejemplo, d_out=y.shape[1]."
        )
    factores = {"suma": 1, "mitad": 1 / 2, "media": 1 / d_out}
    if convencion not in list(factores):
        raise ValueError(
            f"No existe la convención {convencion!r}: se esperaba 'suma', 'mitad' o 'media'. "
            "Keras y PyTorch usan 'media'."
        )
    return factores[convencion]


def tabla_de_numeros(datos, nombre):
    """Convierte los datos en un arreglo (n, columnas) de float64, sin valores faltantes.

    Argumentos:
        datos: arreglo, lista o tabla; (n,) es una sola columna.
        nombre: cómo llamarlos en los mensajes.

    Lanza:
        ValueError: si están vacíos, tienen otra forma o algún valor no es un número finito.
    """
    arreglo = a_arreglo(datos, nombre, dtype="float64")
    if arreglo.ndim == 1:
        arreglo = arreglo[:, None]
    if arreglo.size == 0:
        raise ValueError(
            f"{nombre} está vacío: su forma es {np.shape(datos)}. Revisa el filtro o el archivo de "
            "donde salen las filas."
        )
    if arreglo.ndim != 2:
        raise ValueError(
            f"{nombre} tiene forma {arreglo.shape}: se esperaba una tabla (filas, columnas). "
            f"Si son imágenes, escribe {nombre}.reshape(len({nombre}), -1)."
        )
    if not np.isfinite(arreglo).all():
        fila, columna = np.argwhere(~np.isfinite(arreglo))[0]
        raise ValueError(
            f"{nombre} tiene un valor que no es un número finito en la fila {fila}, columna "
            f"{columna}. Quita esas filas o complétalas antes de seguir."
        )
    return arreglo
