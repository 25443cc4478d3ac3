"""Qué tasa de aprendizaje usar: el límite exacto de un modelo lineal, y probar en los demás."""

from pathlib import Path

import matplotlib.pyplot as plt

import cursokeras as ck

salida = Path("salida")
salida.mkdir(exist_ok=True)
print(ck.descripcion_dispositivos())

# Una recta: el límite se calcula. Con todas las filas en cada lote es exacto.
x, y = ck.datos.lineal(n=500, ruido=0.1, semilla=0)
recta = ck.crear_regresion(2, optimizer="sgd", semilla=0)
opciones = {"batch_size": len(x), "epochs": 50, "cuantas": 13}
de_recta = ck.buscar_tasa(recta, x, y, desde=1e-3, hasta=10, **opciones)
print(f"\nLa tasa máxima de la recta es {de_recta.limite:.3f}. Las que se probaron:")
print(de_recta.tabla.to_string(index=False, float_format="{:.4g}".format))

# Una red con una capa oculta: no hay fórmula, y la mejor tasa depende del optimizador.
circulos = ck.datos.circulos(n=1000, semilla=0)
busquedas = {}
for nombre, optimizer in (("SGD", "sgd"), ("Adam", "adam")):
    red = ck.crear_binaria(2, ocultas=(16, 16), optimizer=optimizer, semilla=0)
    busquedas[nombre] = ck.buscar_tasa(red, circulos.x, circulos.y, desde=1e-4, hasta=10, epochs=10)
    print(f"\nCon {nombre}: {busquedas[nombre]}")

fig, ejes = plt.subplots(1, 3, figsize=(15, 5), layout="constrained")
paneles = {"la recta, con SGD": de_recta, **busquedas}
for ax, (nombre, busqueda) in zip(ejes, paneles.items(), strict=True):
    busqueda.graficar(ax)
    ax.set_title(f"{nombre}: {busqueda.epochs} épocas con cada tasa", fontsize="x-large")
fig.savefig(salida / "tasa_de_aprendizaje.png", dpi=150)
print("\nLas tres búsquedas están en salida/tasa_de_aprendizaje.png")
