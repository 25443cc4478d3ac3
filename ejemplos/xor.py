"""XOR: sin capa oculta la pérdida se queda en ln 2; con 8 neuronas tanh se resuelve."""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

import cursokeras as ck

salida = Path("salida")
salida.mkdir(exist_ok=True)
print(ck.descripcion_dispositivos())

x, y = ck.datos.xor()
print("\nx1 x2 clase")
for (x1, x2), clase in zip(x, y, strict=True):
    print(f"{x1:2.0f} {x2:2.0f} {clase:4}")

# Solo hay cuatro filas: todas sirven para entrenar, ninguna para validar.
recta = ck.crear_binaria(2, learning_rate=0.1, semilla=0)
ck.entrenar(recta, x, y, epochs=150, validation_split=0, semilla=0, verbose=0)
red = ck.crear_binaria(2, ocultas=(8,), activacion="tanh", learning_rate=0.1, semilla=0)
ck.entrenar(red, x, y, epochs=150, validation_split=0, semilla=0, verbose=0)

print(f"\nln 2 = {np.log(2):.6f}: la pérdida de quien responde 0.5 a todo.")
fig, ejes = plt.subplots(1, 2, figsize=(12, 4.5), layout="constrained")
modelos = {"Sin capa oculta": recta, "Con 8 neuronas tanh": red}
for ax, (nombre, modelo) in zip(ejes, modelos.items(), strict=True):
    medidas = ck.evaluar(modelo, x, y)
    perdida, aciertos = medidas["entropia_cruzada"], medidas["accuracy"]
    print(f"{nombre}: pérdida {perdida:.6f}, accuracy {aciertos:.2f}")
    ck.graficar_regiones(modelo, x, y, ax=ax)
    ax.set_title(f"{nombre}: pérdida {perdida:.3f}", fontsize="x-large")
fig.savefig(salida / "xor.png", dpi=150)
print("\nLas regiones de decisión están en salida/xor.png")
