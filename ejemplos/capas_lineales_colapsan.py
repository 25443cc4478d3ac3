"""Tres capas lineales seguidas son una sola capa lineal; con una activación en medio, no."""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

import cursokeras as ck
from cursokeras import desde_cero as keras

salida = Path("salida")
salida.mkdir(exist_ok=True)

# Tres capas sin activación, (x W1 + b1) W2 + b2 ..., entrenadas con una curva.
x, y = ck.datos.polinomio(n=200, ruido=0.1)
keras.utils.set_random_seed(0)
red = keras.Sequential(
    [
        keras.Input(shape=(1,)),
        keras.layers.Dense(8),
        keras.layers.Dense(8),
        keras.layers.Dense(1),
    ]
)
red.compile(loss="mse", optimizer=keras.optimizers.Adam(learning_rate=0.02))
red.fit(x, y, epochs=100, verbose=0)

# Se multiplican y queda una sola capa: W = W1 W2 W3 y b = (b1 W2 + b2) W3 + b3.
w1, b1, w2, b2, w3, b3 = red.get_weights()
w = w1 @ w2 @ w3
b = (b1 @ w2 + b2) @ w3 + b3
diferencia = np.abs(red.predict(x) - (x @ w + b)).max()
print(f"Tres capas, {red.count_params()} parámetros: y = {w[0, 0]:.4f} x + {b[0]:.4f}")
print(f"La mayor diferencia entre las tres capas y esa recta es {diferencia:.0e}")

w_exacto, b_exacto, perdida = ck.optimo_lineal(x, y)
print(f"La mejor recta posible: y = {w_exacto[0, 0]:.4f} x + {b_exacto[0]:.4f}")
print(f"Pérdida de las tres capas: {red.evaluate(x, y, verbose=0):.4f}")
print(f"Pérdida de la mejor recta: {perdida:.4f}")

# Con tanh en las dos primeras ya no se pueden juntar, y la red aprende la curva.
keras.utils.set_random_seed(0)
curva = keras.Sequential(
    [
        keras.Input(shape=(1,)),
        keras.layers.Dense(8, activation="tanh"),
        keras.layers.Dense(8, activation="tanh"),
        keras.layers.Dense(1),
    ]
)
curva.compile(loss="mse", optimizer=keras.optimizers.Adam(learning_rate=0.02))
curva.fit(x, y, epochs=100, verbose=0)
print(f"Pérdida con tanh en las ocultas: {curva.evaluate(x, y, verbose=0):.4f}")

orden = x[:, 0].argsort()
fig, ax = plt.subplots(figsize=(8, 5), layout="constrained")
gruesa = {"linewidth": 3}
ax.plot(x, y, ".", color="0.6", label="datos")
lineal, con_tanh = red.predict(x[orden]), curva.predict(x[orden])
ax.plot(x[orden], lineal, color=ck.PALETA.bermellon, label="tres capas lineales", **gruesa)
ax.plot(x[orden], x[orden] @ w + b, "k--", label="la recta que queda al juntarlas")
ax.plot(x[orden], con_tanh, color=ck.PALETA.azul, label="las mismas con tanh", **gruesa)
ax.set_title("Sin activación, tres capas son una recta", fontsize="x-large")
ax.set_xlabel("x", fontsize="large")
ax.set_ylabel("y", fontsize="large")
ax.legend()
fig.savefig(salida / "capas_lineales_colapsan.png", dpi=150)
print("\nEl gráfico está en salida/capas_lineales_colapsan.png")
