"""Lo que se anota de un lote, y el expediente: los pasos que hacen falta para explicar un error."""

from dataclasses import dataclass, field, replace

import numpy as np

from cursokeras.comparacion.diferencias import Cuentas, mayor

# Pasos siguientes que se guardan enteros: una causa tiene que explicarlos también.
_SIGUIENTES = 3


@dataclass(frozen=True)
class Paso:
    """Todo lo que pasó en un lote.

    Argumentos:
        epoca, lote: números desde 1; el lote se cuenta dentro de la época.
        numero: número de paso desde que empezó el entrenamiento, desde 1.
        x, y: las filas del lote.
        antes, despues: los pesos de la otra red alrededor de su paso.
        grads: los gradientes de la otra red, o los de Keras donde ella no los muestra bien.
        esperados: los pesos a los que lleva el optimizador de Keras con esos gradientes.
        estado: momentos y velocidades del optimizador de Keras antes de ese paso.
        keras, otra: las `Cuentas` de cada una desde `antes`.
        diferencias: las diferencias relativas entre esas cuentas.
        redondeos: por peso, lo que se puede perder de su movimiento al guardarlo.
        actualizacion: diferencia relativa entre lo que se movió cada peso y lo que debía.
        trayectoria: por peso, cuánto se han separado los dos entrenamientos hasta aquí.
        perdida_keras: la pérdida de Keras en su propio entrenamiento.
        error: la excepción que lanzó la otra red, o `None`.
    """

    epoca: int
    lote: int
    numero: int
    x: np.ndarray
    y: np.ndarray
    antes: list
    despues: list
    grads: list
    esperados: list
    estado: list
    keras: Cuentas
    otra: Cuentas
    diferencias: Cuentas
    redondeos: list
    actualizacion: list
    trayectoria: list
    perdida_keras: float
    error: Exception | None

    def formas_correctas(self):
        """Si los pesos de la otra red conservan sus formas después del paso."""
        return [w.shape for w in self.despues] == [w.shape for w in self.antes]

    def sin_diferencias(self):
        """El mismo paso sin nada que comparar, porque las dos redes dejaron de dar números."""
        nada = [np.nan] * len(self.antes)
        return replace(
            self,
            diferencias=self.diferencias.con([np.nan] * len(self.diferencias.todas())),
            actualizacion=nada,
            trayectoria=nada,
        )

    def calculo(self):
        """Devuelve la mayor diferencia relativa en activaciones, pérdida y gradientes."""
        return mayor(self.diferencias.todas())


@dataclass
class Expediente:
    """El primer paso sospechoso, el anterior y los que le siguen, guardados enteros."""

    anterior: Paso | None = None
    pasos: list = field(default_factory=list)

    @property
    def llena(self):
        """Si ya tiene todos los pasos que guarda."""
        return len(self.pasos) > _SIGUIENTES

    def anotar(self, paso, anterior, sospechoso):
        if self.pasos and not self.llena:
            self.pasos.append(paso)
        elif not self.pasos and sospechoso:
            self.anterior, self.pasos = anterior, [paso]
