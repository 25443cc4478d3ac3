"""Un conjunto de datos: lo que entra, lo que se quiere predecir y de dónde salió."""

import html
from dataclasses import dataclass

import numpy as np
import pandas as pd

_PRIMERAS = 5
Datos = np.ndarray | pd.DataFrame | pd.Series


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Conjunto:
    """Entradas y objetivos con sus nombres; se desempaca como `x, y = conjunto`.

    Los arreglos numéricos son float32, el tipo con que calcula Keras, y las etiquetas de clase,
    int64. Cada llamada entrega copias nuevas: cambiar una no cambia la siguiente.

    Atributos:
        x: entradas, una fila por ejemplo: arreglo (n, d), imágenes (n, alto, ancho) o DataFrame.
        y: objetivos, (n,) o (n, k).
        columnas: nombre de cada columna de `x`; vacío si son imágenes.
        objetivos: nombre de cada columna de `y`, con su unidad si la tiene.
        clases: nombre de cada clase, en el orden de las etiquetas 0, 1, …; vacío en regresión.
        descripcion: qué son los datos, en una frase.
        fuente: de dónde salieron y con qué licencia.
        x_prueba, y_prueba: filas apartadas para la prueba final, o `None` si no las trae.

    Ejemplo:
        >>> from cursokeras import datos
        >>> x, y = datos.xor()
        >>> y
        array([0, 1, 1, 0])
    """

    x: Datos
    y: Datos
    descripcion: str
    fuente: str
    columnas: tuple[str, ...] = ()
    objetivos: tuple[str, ...] = ()
    clases: tuple[str, ...] = ()
    x_prueba: Datos | None = None
    y_prueba: Datos | None = None

    def __iter__(self):
        return iter((self.x, self.y))

    def __repr__(self):
        lineas = [
            self.descripcion,
            f"  x: {_forma(self.x)}{_nombres(self.columnas)}",
            f"  y: {_forma(self.y)}{_nombres(self.objetivos)}",
        ]
        if self.x_prueba is not None:
            lineas.append(f"  x_prueba: {_forma(self.x_prueba)}, y_prueba: {_forma(self.y_prueba)}")
        if self.clases:
            lineas.append("  clases: " + ", ".join(f"{i} {c}" for i, c in enumerate(self.clases)))
        return "\n".join(lineas)

    def _repr_html_(self):
        """La descripción y las primeras filas; de unas imágenes, solo la descripción."""
        texto = f"<pre>{html.escape(repr(self))}</pre>"
        if np.ndim(self.x) != 2:
            return texto
        partes = [(self.x, self.columnas), (self.y, self.objetivos)]
        tablas = [_primeras(datos, nombres) for datos, nombres in partes]
        return texto + pd.concat(tablas, axis=1, keys=["x", "y"]).to_html()


def _primeras(datos, nombres):
    """Las primeras filas como tabla, con los nombres que se sepan."""
    if isinstance(datos, pd.DataFrame | pd.Series):
        return pd.DataFrame(datos[:_PRIMERAS])
    tabla = pd.DataFrame(datos[:_PRIMERAS])
    return tabla.set_axis(nombres, axis=1) if len(nombres) == tabla.shape[1] else tabla


def _forma(datos):
    return " × ".join(str(lado) for lado in datos.shape)


def _nombres(nombres):
    if len(nombres) > 8:
        nombres = (*nombres[:6], "…", nombres[-1])
    return f" ({', '.join(nombres)})" if nombres else ""
