"""Las imágenes con su clase real y la predicha; primero, las que el modelo predijo peor."""

import numpy as np

from cursokeras._comun.argumentos import leer
from cursokeras._comun.filas import exigir_mismas_filas
from cursokeras._comun.paleta import PALETA
from cursokeras.graficos.etiquetas import exigir_probabilidades, leer_clases
from cursokeras.graficos.lienzo import ejes, exigir_pareja, porcentaje

_PASO = 1.12  # De una imagen a la siguiente, en anchos de imagen.
_ALTO = 1.42  # Igual, hacia abajo: deja lugar para dos líneas de texto.


def graficar_imagenes(x, y, y_pred=None, ax=None, *, cuantas=15, clases=None):
    """Dibuja imágenes con su clase real y, si se da, la predicha, las peores primero.

    La peor es la fila cuya clase real recibió menos probabilidad. Un ✗ y el color marcan las que
    el modelo erró.

    Argumentos:
        x: las imágenes: (n, alto, ancho), (n, alto, ancho, 1 o 3), o en fila (n, píxeles) si son
            cuadradas y en gris.
        y: las clases reales, (n,) con enteros o textos, o one-hot (n, k).
        y_pred: lo que devuelve `predict`, o las clases predichas; `None` dibuja las primeras
            imágenes, solo con su clase real.
        ax: ejes de Matplotlib donde dibujar; por defecto, unos nuevos.
        cuantas: cuántas imágenes como máximo.
        clases: los nombres de las clases, en orden.

    Devuelve:
        Los ejes (`matplotlib.axes.Axes`), con una imagen por fila elegida.

    Lanza:
        ValueError: si `x` no son imágenes, o `y` o las predicciones no son clases de esas filas.

    Ejemplo:
        >>> x = np.zeros((3, 8, 8))
        >>> ejes = graficar_imagenes(x, [0, 1, 1], [[0.9], [0.8], [0.6]], clases=["no", "sí"])
        >>> ejes.get_title()
        'Las 3 imágenes, la peor primero: accuracy 66.7 %'
        >>> [texto.get_text() for texto in ejes.texts]
        ['real: no\\n✗ sí, 90 %', 'real: sí\\n✓ sí, 60 %', 'real: sí\\n✓ sí, 80 %']
    """
    imagenes, cuantas = _leer_imagenes(x), leer("cuantas", cuantas)
    if y_pred is None:
        reales, _, nombres = leer_clases(y, y, clases)
        exigir_mismas_filas(imagenes, reales)
        orden, titulo = np.arange(len(imagenes)), _titulo(len(imagenes), cuantas)
        textos, colores = nombres[reales], [PALETA.negro] * len(imagenes)
    else:
        exigir_pareja(y, y_pred)
        exigir_mismas_filas(imagenes, y)
        reales, predichas, nombres = leer_clases(y, y_pred, clases)
        seguras, de_la_real = _probabilidades(y_pred, reales, predichas, nombres)
        orden = np.argsort(de_la_real, kind="stable")
        aciertos = reales == predichas
        titulo = _titulo(len(imagenes), cuantas, f": accuracy {porcentaje(aciertos.mean())}")
        textos = _textos(nombres[reales], nombres[predichas], aciertos, seguras)
        colores = np.where(aciertos, PALETA.azul, PALETA.bermellon)
    return _dibujar(ax, imagenes, orden[:cuantas], textos, colores, titulo)


def _leer_imagenes(x):
    """Las imágenes como (n, alto, ancho) o (n, alto, ancho, 3), con números de 0 a 1."""
    try:
        imagenes = np.asarray(x, dtype="float32")
    except (TypeError, ValueError):
        imagenes = np.empty(0)
    if imagenes.ndim == 4 and imagenes.shape[-1] == 1:
        imagenes = imagenes[..., 0]
    if imagenes.ndim == 2 and np.sqrt(imagenes.shape[1]) % 1 == 0:
        lado = int(np.sqrt(imagenes.shape[1]))
        imagenes = imagenes.reshape(-1, lado, lado)
    en_color = imagenes.ndim == 4 and imagenes.shape[-1] == 3
    if not (imagenes.ndim == 3 or en_color) or not imagenes.size:
        raise ValueError(
            f"x tiene la forma {np.shape(x)} y se esperaban imágenes: (n, alto, ancho), con un 3 "
            "al final si son en color. Si están en fila, escribe x.reshape(-1, alto, ancho)."
        )
    if not np.isfinite(imagenes).all():
        raise ValueError("x tiene píxeles nan o infinitos. Quita o corrige esas imágenes.")
    menor, mayor = imagenes.min(), imagenes.max()
    return (imagenes - menor) / (mayor - menor or 1)


def _probabilidades(y_pred, reales, predichas, nombres):
    """La de la clase predicha, o `None` si no hay, y la de la real, que dice cuál es peor."""
    salidas = np.asarray(y_pred)
    filas = np.arange(len(salidas))
    if salidas.ndim == 2 and salidas.shape[1] > 1:
        if reales.max() >= salidas.shape[1]:
            raise ValueError(
                f"y trae la clase {nombres[reales.max()]} y las predicciones distinguen "
                f"{salidas.shape[1]}, de 0 en adelante. Numera las clases desde 0."
            )
        exigir_probabilidades(salidas)
        return salidas[filas, predichas], salidas[filas, reales]
    if salidas.dtype.kind == "f" and (salidas % 1 != 0).any():
        del_uno = salidas.ravel()
        ambas = np.column_stack([1 - del_uno, del_uno])
        return ambas[filas, predichas], ambas[filas, reales]
    return None, (reales == predichas).astype(float)


def _textos(reales, predichas, aciertos, seguras):
    """Dos líneas por imagen: la clase real y lo que dijo el modelo."""
    signos = np.where(aciertos, "✓", "✗")
    seguras = [""] * len(reales) if seguras is None else [f", {100 * p:.0f} %" for p in seguras]
    filas = zip(reales, signos, predichas, seguras, strict=True)
    return [f"real: {real}\n{signo} {predicha}{parte}" for real, signo, predicha, parte in filas]


def _titulo(hay, cuantas, final=""):
    if hay <= cuantas:
        return f"Las {hay} imágenes{', la peor primero' if final else ''}{final}"
    return f"Las {cuantas} {'peores' if final else 'primeras'} de {hay} imágenes{final}"


def _dibujar(ax, imagenes, elegidas, textos, colores, titulo):
    columnas = min(len(elegidas), 5)
    filas = -(-len(elegidas) // columnas)
    alto, ancho = imagenes.shape[1:3]
    proporcion = alto / ancho
    ax = ejes(ax, figsize=(2 * columnas, 2 * filas * (proporcion + 0.25) + 0.6))
    paso = proporcion + _ALTO - 1
    for lugar, i in enumerate(elegidas):
        x, y = lugar % columnas * _PASO, -(lugar // columnas) * paso
        ax.imshow(imagenes[i], extent=(x, x + 1, y - proporcion, y), cmap="gray", vmin=0, vmax=1)
        ax.text(
            x + 0.5,
            y - proporcion - 0.03,
            textos[i],
            color=colores[i],
            ha="center",
            va="top",
            fontsize="large",
        )
    ax.set(xlim=(-0.06, columnas * _PASO - 0.06), ylim=(0.06 - filas * paso, 0.06), aspect="equal")
    ax.set_axis_off()
    ax.set_title(titulo, fontsize="x-large")
    return ax
