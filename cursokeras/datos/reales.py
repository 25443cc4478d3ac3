"""Tablas reales que viajan con el paquete: autos usados y combustibles."""

from importlib.resources import files

import numpy as np
import pandas as pd

from cursokeras.datos.conjunto import Conjunto

_ESTADOS = ("gas", "líquido", "sólido")

W_DULONG = (38.2, 84.9, -84.9 / 8, 0.0, -0.5, -0.62)
"""Pesos de la fórmula de Dulong del curso para C, H, O, gas, líquido y sólido, en MJ/kg."""


def autos():
    """1436 Toyota Corolla usados, tal como estaban anotados en los concesionarios holandeses.

    La tabla llega cruda a propósito: con columnas de texto (`Model`, `Fuel_Type`, `Color`), con el
    número de fila (`Id`), que no es una característica del auto, y con un error de tipeo real
    (`CC` = 16000 cm³ en vez de 1600), que arruina un modelo lineal hasta que se corrige.
    Está ordenada a trozos por antigüedad: separa la prueba al azar, no por las últimas filas.

    Columnas principales: `Age_08_04` (meses en agosto de 2004), `Mfg_Month` y `Mfg_Year` (de
    fabricación), `KM`, `HP`, `CC` (cm³), `Weight` (kg), `Quarterly_Tax` (impuesto trimestral, €),
    `Doors`, `Cylinders`, `Gears`, `Guarantee_Period` (meses). Las demás son 0 o 1: lo que trae.

    Devuelve:
        `Conjunto` con x DataFrame (1436, 38) e y Series (1436,), el precio en euros.

    Ejemplo:
        >>> x, precio = autos()
        >>> int(precio.max()), int(x["CC"].max())
        (32500, 16000)
    """
    tabla = _leer("autos_toyota.csv")
    precio = tabla.pop("Price").copy()  # Suelto de la tabla: se puede cambiar sin avisos
    return Conjunto(
        x=tabla,
        y=precio,
        columnas=tuple(tabla.columns),
        objetivos=("Precio [€]",),
        descripcion="1436 autos usados Toyota Corolla a la venta en los Países Bajos en 2004",
        fuente="Paquete dmba 0.2.4 de PyPI, licencia MIT (FUENTES.md)",
    )


def combustibles():
    """42 combustibles: de qué están hechos y cuánto calor da quemar un kilogramo.

    Las columnas van en el orden del curso: fracciones de masa de C, H y O, y el estado (gas,
    líquido, sólido) como ceros y un uno. El objetivo es el poder calorífico *inferior*, el que
    aproxima la fórmula del curso (`dulong`); las filas llevan el nombre del combustible.

    Devuelve:
        `Conjunto` con x DataFrame (42, 6) float32 e y Series (42,) float32, en MJ/kg.

    Ejemplo:
        >>> x, pci = combustibles()
        >>> print(f"{pci['metano']:.2f}")
        50.03
    """
    tabla = _leer("combustibles.csv").set_index("nombre")
    x = tabla[["c", "h", "o"]].set_axis(["C", "H", "O"], axis=1)
    for estado in _ESTADOS:
        x[estado] = tabla["estado"] == estado
    return Conjunto(
        x=x.astype("float32"),
        y=tabla["pci_mj_kg"].astype("float32"),
        columnas=tuple(x.columns),
        objetivos=("Poder calorífico inferior [MJ/kg]",),
        descripcion="42 combustibles: fracciones de C, H y O, estado y poder calorífico",
        fuente=(
            "Calculado con las entalpías de formación del paquete chemicals 1.5.2 de PyPI, "
            "licencia MIT (FUENTES.md)"
        ),
    )


def dulong(x):
    """Poder calorífico según la fórmula de Dulong del curso, en MJ/kg (lo mismo que kJ/g).

    `E = 38.2·C + 84.9·(H − O/8) − 0.5·líquido − 0.62·sólido`, que es la capa lineal `x @ W_DULONG`
    sin sesgo. El peso de O es −84.9/8 = −10.6125 (una diapositiva dice −1.6125).

    Argumentos:
        x: C, H, O (fracciones de masa), gas, líquido, sólido (0 o 1); (6,) o (n, 6).

    Devuelve:
        Un número, o un arreglo (n,) float64.

    Lanza:
        ValueError: si `x` no tiene seis columnas.

    Ejemplo:
        >>> dulong([[0.75, 0.25, 0, 1, 0, 0], [0.52, 0.13, 0.35, 0, 1, 0]]).round(4)
        array([49.875 , 26.6866])
    """
    x = np.asarray(x, dtype="float64")
    if x.shape[-1:] != (len(W_DULONG),):
        raise ValueError(
            f"dulong espera 6 columnas (C, H, O, gas, líquido, sólido) y llegó la forma {x.shape}. "
            "Ejemplo: dulong([0.75, 0.25, 0, 1, 0, 0])."
        )
    return x @ np.array(W_DULONG)


def _leer(nombre):
    with files("cursokeras.datos").joinpath(nombre).open("rb") as archivo:
        return pd.read_csv(archivo)
