"""El perceptrón de una variable: según su antigüedad, ¿un auto usado cuesta más de 10 000 euros?"""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss

import cursokeras as ck

salida = Path("salida")
salida.mkdir(exist_ok=True)
print(ck.descripcion_dispositivos())

# La entropía cruzada binaria, primero a mano con los números de la clase.
y_mano, p_mano = np.array([1, 0]), np.array([0.9, 0.2])
a_mano = np.mean(-y_mano * np.log(p_mano) - (1 - y_mano) * np.log(1 - p_mano))
print(f"\nEntropía cruzada de [1, 0] con [0.9, 0.2]: {a_mano:.6f} (scikit-learn: 0.164252)")

tabla, precio = ck.datos.autos()
anos = tabla[["Age_08_04"]] / 12
media, desviacion = anos.mean().item(), anos.std().item()
x = (anos - media) / desviacion  # Las redes son sensibles a la escala
y = (precio > 10_000).astype(int)

# z = w0 + w1·x pasa por una sigmoide: un solo nodo de salida.
modelo = ck.crear_binaria(1, learning_rate=0.05, semilla=0)
ck.entrenar(modelo, x, y, epochs=200, batch_size=256, validation_split=0, semilla=0, verbose=0)
w1, w0 = (parametro.item() for parametro in modelo.get_weights())
referencia = LogisticRegression(C=1e9).fit(x, y)
perdida = ck.evaluar(modelo, x, y)["entropia_cruzada"]
print(f"\n{'':22}{'w0':>9}{'w1':>9}{'pérdida':>9}")
print(f"{'el perceptrón':22}{w0:9.3f}{w1:9.3f}{perdida:9.4f}")
print(
    f"{'scikit-learn':22}{referencia.intercept_[0]:9.3f}{referencia.coef_[0, 0]:9.3f}"
    f"{log_loss(y, referencia.predict_proba(x)):9.4f}"
)
frontera = media - desviacion * w0 / w1
print(f"\nLa probabilidad es 0.5 donde z = 0: a los {frontera:.1f} años.")
print(f"Acierta en el {ck.evaluar(modelo, x, y)['accuracy'] * 100:.0f} % de los autos.")

fig, ax = plt.subplots(layout="constrained")
curva = np.linspace(0, anos.max().item(), 200)
probabilidad = ck.predecir(modelo, ((curva - media) / desviacion)[:, None])
vaiven = np.random.default_rng(0).uniform(-0.03, 0.03, len(y))  # Para que no se tapen los puntos
puntos = {"s": 12, "alpha": 0.3, "linewidths": 0}
ax.scatter(anos, y + vaiven, color=ck.PALETA.azul, label="autos, un poco separados", **puntos)
ax.plot(curva, probabilidad, color=ck.PALETA.bermellon, linewidth=3, label="perceptrón")
ax.axvline(frontera, color="0.3", linestyle="--", label=f"frontera: {frontera:.1f} años")
ax.set_title("¿Cuesta más de 10 000 €?", fontsize="x-large")
ax.set_xlabel("Antigüedad [años]", fontsize="large")
ax.set_ylabel("Probabilidad (0: no, 1: sí)", fontsize="large")
ax.legend(loc="center left")
fig.savefig(salida / "perceptron.png", dpi=150)
print("\nLa curva está en salida/perceptron.png")
