"""Las activaciones del curso y sus derivadas: dónde deja de aprender una neurona."""

from pathlib import Path

import numpy as np

import cursokeras as ck
from cursokeras.desde_cero import activations

salida = Path("salida")
salida.mkdir(exist_ok=True)

# El gradiente de una capa se multiplica por f'(z): donde es casi 0, la neurona casi no se mueve.
z = np.array([-10.0, -2.0, -0.5, 0.5, 2.0, 10.0])
print(f"{'z':>10}", *(f"{valor:9g}" for valor in z))
for nombre in ("sigmoid", "tanh", "relu"):
    funcion = activations.get(nombre)
    a = funcion.forward(z)
    derivada = funcion.backward(np.ones_like(z), z, a)
    print(f"{nombre:>10}", *(f"{valor:9.5f}" for valor in a))
    print(f"{'derivada':>10}", *(f"{valor:9.5f}" for valor in derivada))

print("\nLa derivada de la sigmoide nunca pasa de 0.25: en diez capas seguidas, el gradiente de la")
print(f"primera queda multiplicado por 0.25 diez veces o menos: {0.25**10:.1e}.")

# La tanh es una sigmoide estirada: tanh(z) = 2σ(2z) − 1. Una diapositiva olvida el 2 de dentro.
diferencia = np.abs(np.tanh(z) - (2 * activations.sigmoid(2 * z) - 1)).max()
print(f"Entre tanh(z) y 2σ(2z) − 1 la mayor diferencia es {diferencia:.0e};", end=" ")
print(f"con 2σ(z) − 1 sería {np.abs(np.tanh(z) - (2 * activations.sigmoid(z) - 1)).max():.2f}.")

arriba, _ = ck.graficar_activaciones(["sigmoid", "tanh", "relu"])
arriba.figure.savefig(salida / "activaciones.png", dpi=150)
print("\nLas curvas y sus derivadas están en salida/activaciones.png")
