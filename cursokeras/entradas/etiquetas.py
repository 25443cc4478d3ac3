"""Que los valores de y sean los que espera la cabeza: clases desde 0, one-hot, o 0 y 1."""

import numpy as np

from cursokeras._comun.hallazgos import error

# Una suma de probabilidades guardadas en float32 o escritas con tres cifras no da 1 exacto.
_TOLERANCIA = 1e-2


def exigir_etiquetas(y, cabeza, neuronas):
    """Lanza `ErrorDeDatos` si hay un valor de y para el que la pérdida no tiene sentido.

    Argumentos:
        y: arreglo sin valores faltantes, con la forma de la cabeza.
        cabeza: lo que dice `tipo_de_cabeza`; una regresión u otra pérdida toma cualquier número.
        neuronas: cuántos números da la última capa.
    """
    if cabeza == "clasificacion":
        _exigir_clases(y, neuronas)
    elif cabeza == "one_hot":
        _exigir_one_hot(y)
    elif cabeza == "binaria":
        _exigir_ceros_y_unos(y, neuronas)


def _exigir_clases(y, clases):
    _exigir_enteros(y)
    menor, mayor = int(y.min()), int(y.max())
    clases = clases or mayor + 1
    if menor >= 0 and mayor < clases:
        return
    if clases == 1:
        arreglo = "Con una sola neurona usa crear_binaria, o una cabeza con una por clase."
    elif menor > 0 and mayor - menor < clases:
        arreglo = f"Numéralas desde 0: y = y - {menor}."
    elif menor >= 0 and mayor < 2 * len(np.unique(y)):
        arreglo = f"Crea el modelo con clases={mayor + 1}, o revisa de dónde sale la {mayor}."
    else:  # Números negativos, o con huecos, como 10, 20 y 30.
        arreglo = "Numéralas desde 0: clases, y = np.unique(y, return_inverse=True)."
    raise _etiquetas_malas(
        f"y tiene clases de {menor} a {mayor}, y el modelo tiene {clases} (de 0 a {clases - 1}).",
        arreglo,
    )


def _exigir_enteros(y):
    con_decimales = y != np.round(y)
    if con_decimales.any():
        raise _etiquetas_malas(
            f"y tiene valores con decimales (como {y[con_decimales][0]:g}), y una clase es un "
            "número entero.",
            "Si y es una cantidad, usa crear_regresion.",
        )


def _exigir_one_hot(y):
    sumas = y.sum(axis=-1)
    malas = (abs(sumas - 1) > _TOLERANCIA) | (y < 0).any(axis=-1)
    if not malas.any():
        return
    fila = tuple(int(i) for i in np.argwhere(malas)[0])
    arreglo = "Cada fila lleva un solo 1, en la columna de su clase."
    if (y[fila] == 1).sum() > 1:
        arreglo = (
            "Si una fila puede ser de varias clases a la vez, usa sigmoid y binary_crossentropy."
        )
    raise _etiquetas_malas(
        f"La fila {fila[0]} de y es {_escribir(y[fila])}, y una fila one-hot suma 1 "
        f"({malas.sum()} de {malas.size} no).",
        arreglo,
    )


def _exigir_ceros_y_unos(y, neuronas):
    # Con varias neuronas, un valor intermedio es la intensidad de un píxel de un autocodificador.
    malas = (y < 0) | (y > 1) if neuronas != 1 else (y != 0) & (y != 1)
    if not malas.any():
        return
    valores = np.unique(y)
    arreglo = "Si y es una cantidad, usa crear_regresion."
    if len(valores) == 2:
        arreglo = f"Escribe y = (y == {valores[1]:g}).astype(int), donde {valores[1]:g} es el sí."
    elif neuronas == 1 and (y == np.round(y)).all():
        arreglo = f"Son {len(valores)} clases: usa crear_clasificacion."
    raise _etiquetas_malas(
        f"y tiene valores {_escribir(valores)}, y la pérdida binary_crossentropy espera 0 y 1.",
        arreglo,
    )


def _escribir(valores):
    a_la_vista = ", ".join(f"{valor:g}" for valor in valores[:6])
    return f"[{a_la_vista}{', ...' if len(valores) > 6 else ''}]"


def _etiquetas_malas(mensaje, arreglo):
    return error("etiquetas", "y", mensaje, arreglo)
