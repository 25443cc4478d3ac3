"""Los gráficos del curso: se dibujan en los ejes que se les da (o en unos nuevos) y los devuelven.

Ninguno muestra ventanas ni cambia el estilo global de Matplotlib: para guardar uno escribe
`ejes.figure.savefig("pérdida.png")`.
"""

from cursokeras.graficos.confusion import graficar_confusion
from cursokeras.graficos.historia import graficar_historia
from cursokeras.graficos.predicciones import graficar_predicciones
from cursokeras.graficos.regiones import graficar_regiones

__all__ = [
    "graficar_confusion",
    "graficar_historia",
    "graficar_predicciones",
    "graficar_regiones",
]
