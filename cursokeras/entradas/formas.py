"""Que las filas de x y de y tengan la forma de la entrada y de la salida del modelo."""

import numpy as np

from cursokeras._comun.hallazgos import contar, error


def con_forma_de_entrada(arreglo, forma):
    """Devuelve x con filas de esa forma; un último eje de tamaño 1 puede faltar o sobrar."""
    con_forma = _con_forma(arreglo, forma)
    if con_forma is None:
        raise error("forma_de_x", "x", *_x_no_cabe(arreglo, forma))
    return con_forma


def con_forma_de_salida(arreglo, cabeza):
    """Devuelve y con la forma que pide la `cabeza`; un último eje de tamaño 1 puede faltar."""
    con_forma = _con_forma(arreglo, cabeza.forma_de_y)
    if con_forma is None:
        raise error("forma_de_y", "y", *_y_no_cabe(arreglo, cabeza))
    return con_forma


def _con_forma(arreglo, forma):
    if arreglo.ndim == len(forma) and forma[-1] == 1:
        arreglo = arreglo[..., None]
    elif arreglo.ndim == len(forma) + 2 and arreglo.shape[-1] == 1:
        arreglo = arreglo[..., 0]
    return arreglo if _cabe(arreglo.shape[1:], forma) else None


def _cabe(forma, esperada):
    return len(forma) == len(esperada) and all(
        lado in (None, real) for real, lado in zip(forma, esperada, strict=True)
    )


def _x_no_cabe(arreglo, forma):
    """El mensaje y el arreglo para una x de otra forma."""
    if _con_forma(arreglo[None], forma) is not None:
        return f"x es una sola fila, de forma {arreglo.shape}.", "Escribe [x], entre corchetes."
    if arreglo.ndim <= 2 and len(forma) == 1:
        columnas = arreglo.shape[1] if arreglo.ndim == 2 else 1
        mensaje = f"x tiene {contar(columnas, 'columna')} y el modelo espera {forma[0]}."
        if len(arreglo) == forma[0] < columnas:
            return mensaje, "Si las columnas están como filas, escribe x = x.T."
        return (
            mensaje,
            f"Elige {contar(forma[0], 'columna')} de x, o crea el modelo con d_in={columnas}.",
        )
    mensaje = f"x tiene forma {_escribir(arreglo.shape[1:])} y el modelo espera {_escribir(forma)}."
    if None not in forma and np.prod(arreglo.shape[1:]) == np.prod(forma):
        return mensaje, f"Escribe x = x.reshape({_escribir(forma, '-1')})."
    return mensaje, f"Cambia x, o crea el modelo con d_in={arreglo.shape[1:]}."


def _y_no_cabe(arreglo, cabeza):
    """El mensaje y el arreglo para una y de otra forma."""
    if arreglo.ndim != 2 or len(cabeza.salida) != 1:
        mensaje = (
            f"y tiene forma {_escribir(arreglo.shape[1:])} y el modelo da "
            f"{_escribir(cabeza.salida)}."
        )
        return mensaje, "Da un objetivo por cada número que da el modelo."
    columnas = arreglo.shape[-1]
    if len(arreglo) == 1 < columnas and cabeza.forma_de_y == (1,):
        return f"y es una sola fila, con {columnas} columnas.", "Escribe y = np.ravel(y)."
    return cabeza.explicar_columnas(columnas)


def _escribir(forma, filas="n"):
    return f"({', '.join([filas, *map(str, forma)])})"
