"""El juego de las bolas: entropía, códigos de Huffman y entropía cruzada, en preguntas."""

from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd

import cursokeras as ck

salida = Path("salida")
salida.mkdir(exist_ok=True)

primer_juego = [1, 2, 3, 4]
segundo_juego = [1, 1, 1, 1, 2, 2, 3, 4]

print("Juego 1: cuatro bolas igual de probables. Hacen falta 2 preguntas.")
print(ck.tablas_clase.juego_de_bolas(primer_juego).to_string(na_rep=""))

print("\nJuego 2: la bola 1 sale la mitad de las veces, así que conviene preguntar antes por ella.")
propia = ck.tablas_clase.juego_de_bolas(segundo_juego)
print(propia.to_string(na_rep=""))

print("\nJuego 2 con las preguntas del juego 1: la entropía cruzada.")
ajena = ck.tablas_clase.juego_de_bolas(segundo_juego, estrategia=primer_juego)
print(ajena.to_string(na_rep=""))
entropia, cruzada, kl = ajena.loc["promedio", ["−log₂ p", "−log₂ q", "log₂ p/q"]]
print(f"\nEntropía {entropia} bits, entropía cruzada {cruzada} bits: sobran {kl} (divergencia KL).")

print("\nUna red hace lo mismo: su pérdida es la entropía cruzada con sus probabilidades.")
print(ck.tablas_clase.entropia_cruzada().round(4).to_string(na_rep=""))

preguntas = pd.DataFrame(
    {
        f"con las preguntas del juego 1: {cruzada} en promedio": ajena["preguntas"],
        f"con las suyas (Huffman): {entropia} en promedio": propia["preguntas"],
    }
).drop("promedio")
colores = [ck.PALETA.bermellon, ck.PALETA.azul]
ax = preguntas.plot.bar(color=colores, edgecolor="black", rot=0, figsize=(8, 5), ylim=(0, 4.4))
for barras, trama in zip(ax.containers, ("//", ""), strict=True):
    plt.setp(barras, hatch=trama)
    ax.bar_label(barras)
ax.set_yticks(range(5))  # No hay medias preguntas.
ax.set_title("Preguntas para adivinar cada bola del juego 2", fontsize="x-large")
ax.set_xlabel("Bola", fontsize="large")
ax.set_ylabel("Preguntas", fontsize="large")
ax.legend(loc="upper center")
ax.figure.savefig(salida / "entropia.png", dpi=150, bbox_inches="tight")
print("\nEl gráfico está en salida/entropia.png")
