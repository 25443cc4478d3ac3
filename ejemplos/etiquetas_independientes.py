"""Varias preguntas de sí o no sobre cada estudiante: predicciones independientes contra softmax."""

from pathlib import Path

import pandas as pd
from sklearn.preprocessing import StandardScaler

import cursokeras as ck

salida = Path("salida")
salida.mkdir(exist_ok=True)
print(ck.descripcion_dispositivos())

x, notas = ck.datos.estudiantes("notas")
x = StandardScaler().fit_transform(x)

# Una carrera excluye a las otras: las probabilidades de cada fila suman 1. Aprobar, tener un 6 en
# la primera nota y tenerlo en la segunda, no: cada pregunta tiene su neurona sigmoide.
carrera = ck.datos.estudiantes("carrera")
y = pd.DataFrame(
    {
        "aprobó": ck.datos.estudiantes("aprobo").y,
        "N1 desde 6": (notas[:, 0] >= 6).astype(int),
        "N2 desde 6": (notas[:, 1] >= 6).astype(int),
    }
)
print("\nLas etiquetas; una fila puede tener varias, o ninguna:")
print(y.to_string())

capas = {"ocultas": (8,), "activacion": "tanh", "learning_rate": 0.02, "semilla": 0}
opciones = {"epochs": 300, "validation_split": 0, "semilla": 0, "verbose": 0}
excluyentes = ck.crear_clasificacion(3, carrera.clases, **capas)
ck.entrenar(excluyentes, x, carrera.y, **opciones)
independientes = ck.crear_multietiqueta(3, list(y.columns), **capas)
ck.entrenar(independientes, x, y, **opciones)

suma = ck.predecir(excluyentes, x).sum(axis=1)
print(f"\nSoftmax: las probabilidades de cada fila suman de {suma.min():.3f} a {suma.max():.3f}")
suma = ck.predecir(independientes, x).sum(axis=1)
print(f"Independientes: suman de {suma.min():.2f} a {suma.max():.2f}")
print("\nLa tabla de predicciones independientes:")
tabla = ck.tabla_predicciones(independientes, x, y, ruta=salida / "etiquetas_independientes.xlsx")
print(tabla.filter(like="probabilidad").round(2).to_string())
print("Está entera en salida/etiquetas_independientes.xlsx")

medidas = ck.evaluar(independientes, x, y)
perdida, accuracy = independientes.evaluate(x, y, verbose=0)
print(f"\nEntropía cruzada {medidas['entropia_cruzada']:.4f} (la de Keras: {perdida:.4f})")
print(medidas.detalle.round(2).to_string())

ax = ck.graficar_confusion(y, ck.predecir(independientes, x), etiquetas=list(y.columns))
ax.figure.savefig(salida / "etiquetas_independientes.png", dpi=150)
print("\nLa confusión por etiqueta está en salida/etiquetas_independientes.png")
