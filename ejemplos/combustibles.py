"""El calor de combustión: la red encuentra la fórmula de Dulong, y se ve dónde falla."""

from pathlib import Path

import numpy as np
import pandas as pd

import cursokeras as ck

salida = Path("salida")
salida.mkdir(exist_ok=True)
print(ck.descripcion_dispositivos())

print("\nEl metano y el alcohol etílico de la clase, en MJ/kg, según la fórmula:")
print(ck.datos.dulong([[0.75, 0.25, 0, 1, 0, 0], [0.52, 0.13, 0.35, 0, 1, 0]]).round(4))
print("La diapositiva da 50.01 y 26.70: la fórmula es una aproximación.")

# Los objetivos salen de la fórmula, así que una capa lineal tiene que encontrar sus pesos.
x, pci = ck.datos.combustibles()
formula = ck.datos.dulong(x)
modelo = ck.crear_regresion(6, learning_rate=1.0, semilla=0)
ck.entrenar(modelo, x, formula, epochs=500, batch_size=64, validation_split=0, semilla=0, verbose=0)
w, b = (parametro.ravel().astype(float) for parametro in modelo.get_weights())
# C + H + O = 1 y gas + líquido + sólido = 1, así que muchos pesos predicen lo mismo: lo que se
# suma a tres se puede restar al sesgo. Se escriben como en el curso: sin sesgo y con gas = 0.
w[:3] += w[3] + b
w[3:] -= w[3]
pesos = pd.DataFrame({"curso": ck.datos.W_DULONG, "red": w}, index=x.columns)
print("\nPesos de la fórmula de Dulong, los del curso y los que encontró la red:")
print(pesos.round(3))
print("El de O es -84.9/8 = -10.6125; una diapositiva dice -1.6125, por error.")

tabla = pd.DataFrame({"real": pci.astype(float), "fórmula": formula})
tabla["error"] = tabla["fórmula"] - tabla["real"]
print("\nDe 42 combustibles reales, en los que más se equivoca la fórmula (MJ/kg):")
print(tabla.sort_values("error", key=abs, ascending=False).head(5).round(2))
print(f"MSE de la fórmula: {np.mean(tabla['error'] ** 2):.2f}; sin el hidrógeno, ", end="")
print(f"{np.mean(tabla['error'].drop('hidrógeno') ** 2):.2f}.")
print(f"El mejor modelo lineal posible para los 42: {ck.optimo_lineal(x, pci).perdida:.2f}.")

ax = ck.graficar_predicciones(pci, formula)
ax.set_title("Poder calorífico inferior de 42 combustibles")
ax.set(xlabel="Real [MJ/kg]", ylabel="Fórmula de Dulong [MJ/kg]")
hidrogeno = tabla.loc["hidrógeno", ["real", "fórmula"]]
ax.annotate("hidrógeno", hidrogeno, xytext=(-8, -4), textcoords="offset points", ha="right")
ax.figure.savefig(salida / "combustibles.png", dpi=150, bbox_inches="tight")

ax = ck.graficar_residuos(pci, formula)
ax.set_title("Residuos de la fórmula de Dulong", fontsize="x-large")
ax.set(xlabel="Fórmula de Dulong [MJ/kg]", ylabel="Fórmula − real [MJ/kg]")
ax.figure.savefig(salida / "combustibles_residuos.png", dpi=150)
ax = ck.graficar_pesos(pesos["curso"], pesos["red"])
ax.figure.savefig(salida / "combustibles_pesos.png", dpi=150)
print("\nReal contra predicho, en salida/combustibles.png; los residuos, en")
print("salida/combustibles_residuos.png; y los pesos, en salida/combustibles_pesos.png")
