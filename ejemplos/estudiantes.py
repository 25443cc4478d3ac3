"""Las notas de 8 estudiantes: el programa de las diapositivas diverge, y escalar lo arregla."""

from pathlib import Path

import pandas as pd
from sklearn.preprocessing import StandardScaler

import cursokeras as ck

salida = Path("salida")
salida.mkdir(exist_ok=True)
print(ck.descripcion_dispositivos())

x, notas = ck.datos.estudiantes("notas")
y = pd.DataFrame(notas, columns=["N1", "N2"])

# El programa de las diapositivas, tal cual: SGD con tasa 0.01 y x sin escalar. Los avisos que
# aparecen son parte del ejemplo: cursokeras dice antes de empezar que va a divergir.
print(f"\nSin escalar, la tasa máxima es {ck.tasa_maxima(x, 2):.6f} y la del programa, 0.01:")
modelo = ck.crear_regresion(3, 2, optimizer="sgd", learning_rate=0.01, semilla=0)
historia = ck.entrenar(modelo, x, y, validation_split=0, semilla=0, verbose=0)
perdidas = historia.history["loss"]
print("Pérdida en las épocas 1, 5, 10 y la última:", *(f"{perdidas[i]:.3g}" for i in (0, 4, 9, -1)))

# La tasa máxima es un límite exacto. Con las 8 filas en cada lote, por debajo converge (despacio)
# y por encima diverge.
epocas = (1, 100, 1000)
print(f"\nPérdida en las épocas {epocas}, justo debajo y justo encima de la tasa máxima:")
for tasa in (0.0035, 0.0036):
    modelo = ck.crear_regresion(3, 2, optimizer="sgd", learning_rate=tasa, semilla=0)
    opciones = {"batch_size": 8, "validation_split": 0, "patience": None, "semilla": 0}
    perdidas = ck.entrenar(modelo, x, y, epochs=1000, verbose=0, **opciones).history["loss"]
    print(f"  Con {tasa}:", *(f"{perdidas[epoca - 1]:.2f}" for epoca in epocas))

# Con cada columna en media 0 y desviación 1, el mismo programa llega al óptimo.
x = StandardScaler().fit_transform(x)
print(f"\nEscalado, la tasa máxima es {ck.tasa_maxima(x, 2):.2f}. Con 0.3:")
modelo = ck.crear_regresion(3, 2, optimizer="sgd", learning_rate=0.3, semilla=0)
lineal = ck.entrenar(modelo, x, y, validation_split=0, semilla=0, verbose=0)
optimo = ck.optimo_lineal(x, y)
mse = ck.evaluar(modelo, x, y)["mse"]
print(f"  MSE de la red {mse:.4f}, de mínimos cuadrados {optimo.perdida:.4f}")
en_suma = ck.convertir_perdida(optimo.perdida, desde="media", a="suma", d_out=2)
print(f"  En la convención de las diapositivas (suma de las dos notas) es {en_suma:.4f}.")

# La red de la clase: 4 neuronas tanh, 5 relu, y la cabeza que pida la tarea.
capas = {"ocultas": (4, 5), "activacion": ("tanh", "relu"), "optimizer": "sgd", "semilla": 0}
red = ck.crear_regresion(3, 2, learning_rate=0.03, **capas)
curva = ck.entrenar(red, x, y, epochs=500, validation_split=0, semilla=0, verbose=0)
print("\nLa red de la clase, con las notas:")
print(ck.tabla_predicciones(red, x, y).round(2))

ck.graficar_red(red).figure.savefig(salida / "estudiantes_red.png", dpi=150)

carrera = ck.datos.estudiantes("carrera")
red = ck.crear_clasificacion(3, 3, learning_rate=0.1, **capas)
ck.entrenar(red, x, carrera.y, epochs=500, validation_split=0, semilla=0, verbose=0)
print("\nLa misma red con cabeza softmax, y las carreras:")
print(ck.tabla_predicciones(red, x, carrera.y, clases=carrera.clases).round(2))
print("Acertar en las filas con que entrenó no es aprender: 8 filas se pueden memorizar.")

ax = ck.graficar_historia({"modelo lineal": lineal, "4 tanh, 5 relu": curva})
ax.figure.savefig(salida / "estudiantes.png", dpi=150, bbox_inches="tight")
print("\nLas curvas de entrenamiento están en salida/estudiantes.png")
print("La red de la clase, dibujada, está en salida/estudiantes_red.png")
