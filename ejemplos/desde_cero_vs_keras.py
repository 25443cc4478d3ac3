"""La regresión y la clasificación del curso, en Keras y en NumPy a la vez, lote a lote."""

from pathlib import Path

import cursokeras as ck

salida = Path("salida")
salida.mkdir(exist_ok=True)


def escalar(x):
    """Lleva cada columna a media 0 y desviación 1: sin esto, la tasa 0.01 ya diverge."""
    return (x - x.mean(axis=0)) / x.std(axis=0)


# Las redes de la clase 4: Dense(4, tanh), Dense(5, relu) y una cabeza, con SGD.
capas = {"ocultas": (4, 5), "activacion": ("tanh", "relu"), "optimizer": "sgd", "semilla": 0}

x, y = ck.datos.estudiantes("notas")
regresion = ck.crear_regresion(3, 2, **capas)
comparacion = ck.comparar(regresion, escalar(x), y, epochs=50, batch_size=4)
print("Regresión:", comparacion.explicacion)
print(comparacion.tabla.tail(3).to_string(index=False))
comparacion.graficar()[0].figure.savefig(salida / "desde_cero_regresion.png", dpi=150)

x, y = ck.datos.estudiantes("carrera")
clasificacion = ck.crear_clasificacion(3, 3, **capas)
comparacion = ck.comparar(clasificacion, escalar(x), y, epochs=50, batch_size=4)
print("\nClasificación:", comparacion.explicacion)
comparacion.graficar()[0].figure.savefig(salida / "desde_cero_clasificacion.png", dpi=150)

# La gemela se puede abrir: sus pesos, sus gradientes y su código están a la vista.
red = ck.desde_keras(clasificacion)
red.train_on_batch(escalar(x), y)
print("\nGradiente del sesgo de la cabeza, en NumPy:", red.layers[-1].grads[1])
print("\nLos gráficos están en salida/desde_cero_regresion.png y desde_cero_clasificacion.png")
