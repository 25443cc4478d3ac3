"""Lo que responde `comparar`: la tabla lote a lote, dónde se separan las redes, y por qué."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from cursokeras.comparacion import dibujo
from cursokeras.comparacion.causas import PrimerPaso
from cursokeras.comparacion.diferencias import DIFERENCIAS, mayor


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Comparacion:
    """El resultado de comparar un modelo de Keras con otra red, lote a lote.

    Atributos:
        tabla: una fila por lote. "pérdida_keras" y "pérdida_otra" son las de cada entrenamiento.
            "activaciones", "pérdida" y "gradientes" son la mayor diferencia relativa entre lo que
            calcula la otra red y lo que calcula Keras desde los mismos pesos; "actualización",
            entre lo que se movieron los pesos y lo que los movería Keras con esos gradientes;
            "pesos", cuánto se han separado los dos entrenamientos. nan es lo que la otra red no
            muestra.
        primer_paso_distinto: dónde se separan (época, lote, capa, qué y detalle), o `None`.
        causa: nombre corto y fijo de la causa probable, como "sin_derivada"; "" si no hay o si no
            se reconoce. "sin_completar" es una red a medio escribir, y la tabla queda vacía.
        explicacion: en español, dónde se separan y por qué.
        segundos: lo que tardó cada red en dar sus pasos, por nombre. Keras calcula aquí también
            lo que se compara, así que no mide la velocidad de `fit`.
        tolerancia: diferencia relativa que se aceptó.
        nombre: cómo se llama a la otra red: "NumPy", "PyTorch" o "tu red".

    Ejemplo:
        >>> import cursokeras as ck
        >>> x, y = ck.datos.lineal(n=100)
        >>> modelo = ck.crear_regresion(2, optimizer="sgd", learning_rate=0.03, semilla=0)
        >>> resultado = ck.comparar(modelo, x, y, epochs=1, batch_size=10)
        >>> resultado.iguales, len(resultado.tabla)
        (True, 10)
    """

    tabla: pd.DataFrame
    primer_paso_distinto: PrimerPaso | None
    causa: str
    explicacion: str
    segundos: dict
    tolerancia: float
    nombre: str

    @property
    def iguales(self):
        """`True` si las dos redes hacen las mismas cuentas en todos los lotes.

        El lugar de ε en Adam y RMSprop es una convención: si es lo único distinto, son iguales.
        """
        return self.primer_paso_distinto is None and not np.isnan(self.diferencia_maxima)

    @property
    def diferencia_maxima(self):
        """La mayor diferencia relativa en activaciones, pérdida, gradientes o pesos."""
        return mayor(self.tabla[list(DIFERENCIAS)].to_numpy().ravel())

    def graficar(self, ejes=None):
        """Dibuja las dos pérdidas y, debajo, las diferencias en escala logarítmica.

        Argumentos:
            ejes: un par de Axes de matplotlib; `None` los crea.

        Devuelve:
            El par de Axes.
        """
        return dibujo.dibujar(self, ejes)

    def _repr_html_(self):
        return dibujo.a_html(self)

    def __repr__(self):
        return self.explicacion
