"""El paisaje de la pérdida: por dónde baja cada optimizador, y qué pasa si la tasa es grande."""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

import cursokeras as ck
from cursokeras import desde_cero as keras

salida = Path("salida")
salida.mkdir(exist_ok=True)


def recta(inicio):
    """Una neurona lineal sin sesgo, con esos pesos: J depende solo de ellos."""
    red = keras.Sequential([keras.Input((len(inicio),)), keras.layers.Dense(1, use_bias=False)])
    red.compile(loss="mse", optimizer="sgd")
    red.set_weights([np.reshape(inicio, (-1, 1))])
    return red


# Un solo peso, y = 2 x: J(w) es una parábola. La tasa máxima dice desde dónde diverge.
x, y = ck.datos.lineal([2.0], 0.0, n=100, semilla=0)
maxima = 1 / np.mean(x**2)  # Sin sesgo; con él, ck.tasa_maxima(x).
print(f"Con un peso, la tasa máxima es 1 / media(x²) = {maxima:.4f}")
tasas = {f"{parte:g} veces la máxima": parte * maxima for parte in (0.1, 0.9, 1.1)}
optimizadores = {nombre: keras.optimizers.SGD(tasa) for nombre, tasa in tasas.items()}
fig, ax = plt.subplots(figsize=(8, 5), layout="constrained")
ck.graficar_paisaje(recta([-2]), x, y, ax, optimizadores=optimizadores, epochs=10)
fig.savefig(salida / "paisaje_curva.png", dpi=150)

# Dos pesos, con una columna tres veces mayor que la otra: el valle es alargado.
x, y = ck.datos.lineal([2.0, -1.0], 0.0, n=100, semilla=0)
x = x * [1, 3]
caminos = {
    "lote completo": (keras.optimizers.SGD(0.05), None),
    "lotes de 10": (keras.optimizers.SGD(0.02), 10),
    "de a una fila": (keras.optimizers.SGD(0.005), 1),
    "con impulso": (keras.optimizers.SGD(0.02, momentum=0.7), None),
}
exacto = ck.optimo_lineal(x, y).w.ravel()
print(f"\nEl mínimo está en w1 = {exacto[0]:.3f}, w2 = {exacto[1]:.3f}. Después de 15 épocas:")
for nombre, (optimizador, lote) in caminos.items():
    red = recta([-3, 2])
    red.compile(loss="mse", optimizer=optimizador)
    red.fit(x, y, epochs=15, batch_size=lote or len(x), shuffle=False, verbose=0)
    w1, w2 = red.get_weights()[0].ravel()
    print(f"  {nombre:14} w1 = {w1:6.3f}, w2 = {w2:6.3f}, J = {red.evaluate(x, y, verbose=0):.5f}")

opciones = {"optimizadores": caminos, "epochs": 15}
ck.graficar_paisaje(recta([-3, 2]), x, y, **opciones).figure.savefig(
    salida / "paisaje_mapa.png", dpi=150
)
fig, ax = plt.subplots(figsize=(9, 8), subplot_kw={"projection": "3d"}, layout="constrained")
ck.graficar_paisaje(recta([-3, 2]), x, y, ax, **opciones)
fig.savefig(salida / "paisaje_superficie.png", dpi=150)
print("\nLa parábola está en salida/paisaje_curva.png, los caminos en salida/paisaje_mapa.png")
print("y los mismos en tres dimensiones en salida/paisaje_superficie.png")
