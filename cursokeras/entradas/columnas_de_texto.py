"""Una columna que no es de números: qué tiene, y la línea que la vuelve de números."""

import numbers
import re
from typing import NamedTuple

import numpy as np
import pandas as pd

from cursokeras._comun.hallazgos import Hallazgo

_LARGO = 40
# Con menos filas, que los textos sean distintos no dice nada; hasta las otras, casi todos deben.
_FILAS_PARA_DECIR, _MUCHAS_FILAS = 5, 20
_FECHA = re.compile(r"\d{1,4}[-/]\d{1,2}[-/]\d{1,4}")
# Cifras con los adornos que un archivo les pone: decimales, miles, moneda, otra columna.
_CIFRAS = re.compile(r"[\s$€%+\-]*\d[\d.,;|\t\s$€%+\-]*")


class Columna(NamedTuple):
    """Dónde están unos valores.

    Argumentos:
        datos: cómo llamar a los datos en los mensajes, por ejemplo "x".
        nombre: la columna, como `'edad'` o `0`; `None` si los datos son una sola.
        en_tabla: si los datos son una tabla o una `Series` de pandas.
    """

    datos: str
    nombre: str | None
    en_tabla: bool

    @property
    def sujeto(self):
        """Cómo llamarla en una frase."""
        return self.datos if self.nombre is None else f"La columna {self.nombre} de {self.datos}"

    @property
    def serie(self):
        """La expresión que la toma como una `Series` de pandas."""
        if self.nombre is None:
            return self.datos if self.en_tabla else f"pd.Series({self.datos})"
        return f"{self._tabla}[{self.nombre}]"

    def a_numeros(self, opciones=""):
        """La línea que pasa sus textos a números."""
        if self.nombre is not None and not self.en_tabla:
            return f"{self.datos} = {self._tabla}.apply(pd.to_numeric{opciones})"
        destino = self.datos if self.nombre is None else self.serie
        return f"{destino} = pd.to_numeric({destino}{opciones})"

    def a_clases(self):
        """La línea que numera sus categorías."""
        if self.nombre is None:
            return f"clases, {self.datos} = np.unique({self.datos}, return_inverse=True)"
        return f"{self.datos} = pd.get_dummies({self._tabla}, columns=[{self.nombre}])"

    def sin_ella(self):
        """Qué hacer con una columna que no tiene ningún dato."""
        if self.nombre is None:
            return "Revisa de dónde sale."
        return f"Quítala: {self.datos} = {self._tabla}.drop(columns=[{self.nombre}])."

    @property
    def _tabla(self):
        return self.datos if self.en_tabla else f"pd.DataFrame({self.datos})"


def explicar_columna(valores, columna):
    """Devuelve el `Hallazgo` de una columna que no es de números.

    Argumentos:
        valores: `Series` con lo que tiene.
        columna: `Columna` que dice dónde está.

    Ejemplo:
        >>> print(explicar_columna(pd.Series(["0,5", "1,2"]), Columna("x", "'nota'", True)))
        La columna 'nota' de x tiene textos (como '0,5'). Si son números, vuelve a leer el archivo
        con ck.datos.leer_tabla(ruta), que entiende la coma decimal y los miles.
    """
    presentes = valores.dropna()
    ajenos = presentes
    if presentes.dtype == "object":  # De una mezcla interesa lo que no es un número.
        ajenos = presentes[[not isinstance(valor, numbers.Real) for valor in presentes]]
    if len(ajenos):
        tipo = pd.api.types.infer_dtype(ajenos)
        que_tiene, arreglo = _describir(tipo, presentes, ajenos, columna)
        que_tiene += f" (como {_corto(ajenos.iloc[0])})"
    else:
        que_tiene, arreglo = "solo valores faltantes", columna.sin_ella()
    return Hallazgo(
        "error",
        "columna_no_numerica",
        columna.nombre or columna.datos,
        f"{columna.sujeto} tiene {que_tiene}.",
        arreglo,
    )


def _describir(tipo, presentes, ajenos, columna):
    """Cómo se llama lo que hay, según `pandas.api.types.infer_dtype`, y qué escribir."""
    serie = columna.serie
    if tipo in ("string", "bytes"):
        return "textos", _arreglar_textos(presentes, ajenos, columna)
    if tipo == "categorical":
        if _casi_unicos(presentes):
            return "categorías", _quitar_nombres(columna)
        return "categorías", f"Sepáralas: {columna.a_clases()}."
    if tipo == "complex":
        return "números complejos", "Si sobra la parte imaginaria, quédate con la real: .real."
    if tipo in ("datetime", "datetime64", "date"):
        return "fechas", f"Conviértelas en números: el año es pd.to_datetime({serie}).dt.year."
    if tipo == "period":
        return "períodos", f"Conviértelos en números: el año es {serie}.dt.year."
    if tipo in ("timedelta", "timedelta64"):
        return "duraciones", f"En segundos son pd.to_timedelta({serie}).dt.total_seconds()."
    return f"objetos de tipo {type(ajenos.iloc[0]).__name__}", "Conviértelos en números."


def _arreglar_textos(presentes, ajenos, columna):
    textos = ajenos.map(lambda t: t.decode("latin-1") if isinstance(t, bytes) else str(t))
    sin_leer = textos[pd.to_numeric(textos, errors="coerce").isna()]
    if not len(sin_leer):
        return f"Son números escritos como texto: {columna.a_numeros()}."
    if sin_leer.map(_FECHA.match).notna().all():
        return f"Son fechas: el año es pd.to_datetime({columna.serie}).dt.year."
    if sin_leer.map(_CIFRAS.fullmatch).notna().mean() > 0.5:
        return (
            "Si son números, vuelve a leer el archivo con ck.datos.leer_tabla(ruta), que entiende "
            "la coma decimal y los miles."
        )
    if len(sin_leer) < len(presentes) / 2:
        como_faltantes = columna.a_numeros(", errors='coerce'")
        return f"Casi todo son números; para dejar el resto como faltante: {como_faltantes}."
    if _casi_unicos(textos):
        return _quitar_nombres(columna)
    return f"Si son categorías, escribe {columna.a_clases()}."


def _casi_unicos(valores):
    """Si se repiten tan poco que son nombres o textos libres, y no categorías."""
    parte = 0.5 if len(valores) >= _MUCHAS_FILAS else 0.9
    return len(valores) >= _FILAS_PARA_DECIR and valores.nunique() > parte * len(valores)


def _quitar_nombres(columna):
    return f"Casi no se repiten, como un nombre, y de eso no se aprende. {columna.sin_ella()}"


def _corto(valor):
    valor = valor.item() if isinstance(valor, np.generic) else valor
    texto = " ".join(repr(valor).split())
    return texto if len(texto) <= _LARGO else f"{texto[: _LARGO - 1]}…"
