"""Una capa escrita a mano con un error a propósito, y lo que responde `comparar`."""

from pathlib import Path

import numpy as np

import cursokeras as ck
from cursokeras.desde_cero import layers

salida = Path("salida")
salida.mkdir(exist_ok=True)


class MiCapa(layers.Dense):
    """a = tanh(x W + b), con su derivada escrita a mano."""

    def forward(self, x, training=False):
        self.x = x
        self.a = np.tanh(x @ self.kernel + self.bias)
        return self.a

    def backward(self, grad):
        delta = grad  # Falta multiplicar por la derivada de tanh, 1 − a².
        self.grads = [self.x.T @ delta, delta.sum(axis=0)]
        return delta @ self.kernel.T


class MiCapaCorregida(MiCapa):
    """La misma, con la derivada en su lugar."""

    def backward(self, grad):
        return super().backward(grad * (1 - self.a**2))


x, y = ck.datos.estudiantes("notas")
x = (x - x.mean(axis=0)) / x.std(axis=0)
modelo = ck.crear_regresion(3, 2, ocultas=(4,), activacion="tanh", optimizer="sgd", semilla=0)


def comparar_con(capa):
    """Pone la capa en el lugar de la primera de Keras y compara las dos redes."""
    red = ck.desde_keras(modelo)
    capa.build((None, 3))
    red.layers[0] = capa
    return ck.comparar(modelo, x, y, contra=red, epochs=20, batch_size=4)


comparacion = comparar_con(MiCapa(4))
print("MiCapa:", comparacion.explicacion)
print(comparacion.tabla.head(3).to_string(index=False))
comparacion.graficar()[0].figure.savefig(salida / "mi_propia_capa.png", dpi=150)

print("\nMiCapaCorregida:", comparar_con(MiCapaCorregida(4)).explicacion)
print("\nEl gráfico de la primera está en salida/mi_propia_capa.png")
