"""Los gráficos del curso: se dibujan en los ejes que se les da (o en unos nuevos) y los devuelven.

Ninguno muestra ventanas ni cambia el estilo global de Matplotlib: para guardar uno escribe
`ejes.figure.savefig("pérdida.png")`.
"""

from cursokeras.graficos.activaciones import graficar_activaciones
from cursokeras.graficos.confusion import graficar_confusion
from cursokeras.graficos.historia import graficar_historia
from cursokeras.graficos.imagenes import graficar_imagenes
from cursokeras.graficos.paisaje import graficar_paisaje
from cursokeras.graficos.pesos import graficar_pesos
from cursokeras.graficos.predicciones import graficar_predicciones
from cursokeras.graficos.red import graficar_red
from cursokeras.graficos.regiones import graficar_regiones
from cursokeras.graficos.residuos import graficar_residuos

__all__ = [
    "graficar_activaciones",
    "graficar_confusion",
    "graficar_historia",
    "graficar_imagenes",
    "graficar_paisaje",
    "graficar_pesos",
    "graficar_predicciones",
    "graficar_red",
    "graficar_regiones",
    "graficar_residuos",
]
