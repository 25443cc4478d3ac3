"""La recta del curso en seis pasos: la red recupera el w y el b con que se inventaron los datos."""

from pathlib import Path

import numpy as np

import cursokeras as ck

salida = Path("salida")
salida.mkdir(exist_ok=True)
print(ck.descripcion_dispositivos())

# 1. Cargar datos: y = x @ w + b + ruido, con un w y un b que aquí sí se conocen.
w, b, ruido = [2.0, -3.4], 4.2, 0.01
x, y = ck.datos.lineal(w, b, n=1000, ruido=ruido, semilla=0)

# 2 a 6. Lotes de 10 filas, parámetros al azar, modelo lineal, pérdida mse y optimizador SGD. Las
# notas usan la tasa 0.03 con la mitad del error cuadrático; Keras, con el error completo.
tasa = ck.convertir_learning_rate(0.03, desde="mitad", a="media")
modelo = ck.crear_regresion(2, optimizer="sgd", learning_rate=tasa, semilla=0)
historia = ck.entrenar(modelo, x, y, epochs=5, batch_size=10, semilla=0)

# Como los datos son inventados, se puede comparar con la verdad; con datos reales, nunca.
w_red, b_red = (parametro.ravel() for parametro in modelo.get_weights())
w_exacto, b_exacto, _ = ck.optimo_lineal(x, y)
print(f"\n{'':22}{'w1':>9}{'w2':>9}{'b':>9}")
print(f"{'verdadero':22}{w[0]:9.4f}{w[1]:9.4f}{b:9.4f}")
print(f"{'estimado por la red':22}{w_red[0]:9.4f}{w_red[1]:9.4f}{b_red[0]:9.4f}")
print(f"{'mínimos cuadrados':22}{w_exacto[0, 0]:9.4f}{w_exacto[1, 0]:9.4f}{b_exacto[0]:9.4f}")

error = np.abs([*(w_red - w), *(b_red - b)]).max()
print(f"\nEl mayor error de la red es {error:.0e}; en la clase, 7e-4.")
mse = ck.evaluar(modelo, x, y)["mse"]
print(f"El MSE es {mse:.2e}; solo el ruido ya da alrededor de {ruido}² = {ruido**2:.0e}.")

ax = ck.graficar_historia(historia)
ax.figure.savefig(salida / "regresion_lineal.png", dpi=150, bbox_inches="tight")
exactos = [*w_exacto.ravel(), *b_exacto]
ax = ck.graficar_pesos(
    [*w, b], {"la red": modelo, "mínimos cuadrados": exactos}, nombres=["w1", "w2", "b"]
)
ax.figure.savefig(salida / "regresion_lineal_pesos.png", dpi=150)
print("\nLa curva de entrenamiento está en salida/regresion_lineal.png")
print("y los pesos verdaderos y los estimados en salida/regresion_lineal_pesos.png")
