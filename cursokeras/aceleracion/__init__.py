"""La sala que hace que `fit` vaya a la velocidad de la máquina, con los números de Keras.

En redes de clase, casi todo el tiempo de `modelo.fit` se va en preparar cada lote desde Python;
la aritmética es una cincuentava parte. Aquí se recorren muchos lotes en una sola llamada
compilada, que repite el mismo `train_step` de Keras. Cada módulo tiene una idea:

- `contexto`: qué se cambia en el modelo y cómo vuelve todo a su lugar;
- `ajuste`: el `fit` de Keras conducido con una llamada por época;
- `costura`: las funciones que Keras llama en cada paso, y `ensayo`, que prueba que las llame;
- `vuelta`: una época entera, que se traza al llegar el primer lote;
- `recorridos`: los tramos de una época y el bucle de cada uno;
- `fuentes`: de dónde salen los lotes de cada época;
- `datos`: de lo que el usuario pasa a tensores en memoria;
- `bucle`: los pasos de Keras en un bucle, y `variables`, lo que leen y escriben;
- `programa`: el grafo de un bucle sin el modelo del que salió;
- `trazas`: los programas de un modelo, y `compartidas`, los de los modelos iguales;
- `descripcion`: qué hace que dos modelos sean iguales;
- `eleccion`: XLA o grafo, y cuántos lotes por llamada; `xla`, lo que XLA calla;
- `prediccion`: un lote con la traza de un modelo igual;
- `piezas_privadas`: lo privado de TensorFlow y de Keras, y cómo seguir si falta;
- `atributos`: poner y quitar atributos en un modelo;
- `recaida`: qué no se puede acelerar y por qué.
"""

from cursokeras.aceleracion.contexto import acelerar
from cursokeras.aceleracion.prediccion import predecir_lote

__all__ = ["acelerar", "predecir_lote"]
