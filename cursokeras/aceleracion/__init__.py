"""La sala que hace que `fit` vaya a la velocidad de la máquina, con los números de Keras.

En redes de clase, casi todo el tiempo de `modelo.fit` se va en preparar cada lote desde Python;
la aritmética es una cincuentava parte. Aquí se recorren muchos lotes en una sola llamada
compilada, que repite el mismo `train_step` de Keras. Cada módulo tiene una idea:

- `contexto`: qué se cambia en el modelo y cómo vuelve todo a su lugar;
- `fusion`: el `fit` de Keras conducido con una llamada por época;
- `fuentes`: de dónde salen los lotes de cada época;
- `datos`: de lo que el usuario pasa a tensores en memoria y el orden de cada época;
- `recorridos`: los tramos de una época y el bucle de cada uno;
- `bucle`: los pasos de Keras en un bucle compilado;
- `variables`: lo que conviene crear antes de trazarlo;
- `eleccion`: XLA o grafo, y cuántos lotes por llamada;
- `piezas_privadas`: lo privado de TensorFlow y de Keras, y cómo seguir si falta;
- `atributos`: poner y quitar atributos en un modelo;
- `recaida`: qué no se puede acelerar y por qué.
"""

from cursokeras.aceleracion.contexto import acelerar

__all__ = ["acelerar"]
