"""Los gráficos de la medición: cuántas veces más rápido, y cómo crece el tiempo."""

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
from matplotlib.ticker import FuncFormatter

# Colores de Okabe e Ito, que se distinguen también con daltonismo.
COLORES = {
    "cursokeras": "#0072B2",
    "keras": "#999999",
    "keras_spe": "#56B4E9",
    "desde_cero": "#E69F00",
    "numpy": "#F0E442",
    "sklearn": "#009E73",
    "torch_dataloader": "#D55E00",
    "torch_directo": "#CC79A7",
    "jax_scan": "#000000",
}
NOMBRES = {
    "cursokeras": "cursokeras",
    "keras": "Keras",
    "keras_spe": "Keras, steps_per_execution",
    "desde_cero": "desde_cero (NumPy legible)",
    "numpy": "bucle en NumPy",
    "sklearn": "scikit-learn",
    "torch_dataloader": "PyTorch con DataLoader",
    "torch_directo": "PyTorch sin DataLoader",
    "jax_scan": "JAX scan (límite práctico)",
}


def graficar_proporciones(filas, ruta):
    """Barras horizontales: cuántas veces más rápido que el `fit` de Keras, por caso."""
    filas = [f for f in filas if f.get("veces_keras_epoca")]
    casos = list(dict.fromkeys(f"{f['caso']}\n{f['optimizer']}" for f in filas))
    grupos = [[f for f in filas if f"{f['caso']}\n{f['optimizer']}" == c] for c in casos]
    alto = sum(len(g) for g in grupos) * 0.24 + len(grupos) * 0.25 + 1.2
    figura, ax = plt.subplots(figsize=(9, alto), layout="constrained")
    y, centros, usados = 0.0, [], {}
    for grupo in grupos:
        inicio = y
        for fila in grupo:
            nombre = fila["contendiente"]
            barra = ax.barh(
                y, fila["veces_keras"], 0.9, color=COLORES[nombre], edgecolor="#444", linewidth=0.4
            )
            usados.setdefault(nombre, barra)
            ax.text(
                fila["veces_keras"] * 1.04, y, f"{fila['veces_keras']:.3g}", va="center", fontsize=8
            )
            y += 1
        centros.append((inicio + y - 1) / 2)
        y += 1
    ax.set(
        xscale="log",
        yticks=centros,
        xlabel="veces más rápido que el fit de Keras, de principio a fin (escala logarítmica)",
    )
    ax.set_yticklabels(casos)
    ax.invert_yaxis()
    ax.axvline(1, color="#444", linewidth=1)
    ax.margins(x=0.12)
    ax.xaxis.set_major_formatter(FuncFormatter(lambda v, _: f"{v:g}"))
    ax.set_title("El mismo entrenamiento, cada uno a su manera")
    figura.legend(
        usados.values(),
        [NOMBRES[n] for n in usados],
        loc="outside lower center",
        ncols=3,
        fontsize=8,
    )
    figura.savefig(ruta, dpi=130)
    plt.close(figura)


def graficar_crecimiento(puntos, ruta):
    """Líneas: segundos de principio a fin según las filas recorridas."""
    figura, ax = plt.subplots(figsize=(8, 5), layout="constrained")
    for nombre, marcador in zip(NOMBRES, "o^sDvP*Xh", strict=True):
        propios = [p for p in puntos if p["contendiente"] == nombre]
        if propios:
            x, y = zip(*((p["filas_recorridas"], p["segundos"]) for p in propios), strict=True)
            ax.plot(x, y, marker=marcador, color=COLORES[nombre], label=NOMBRES[nombre])
    ax.set(
        xscale="log",
        yscale="log",
        xlabel="filas recorridas (filas × épocas)",
        ylabel="segundos, de principio a fin",
        title="Cómo crece el tiempo de entrenar la red de aula (lote de 32, SGD)",
    )
    ax.yaxis.set_major_formatter(FuncFormatter(lambda v, _: f"{v:g}"))
    ax.grid(alpha=0.3)
    ax.legend()
    figura.savefig(ruta, dpi=130)
    plt.close(figura)
