"""La pérdida como función de uno o dos pesos, y por dónde baja cada optimizador.

Las cuentas son las de `desde_cero`, que da los números de Keras y se puede evaluar miles de veces
por segundo.
"""

import copy

import numpy as np

from cursokeras._comun.argumentos import es_entero_desde, escribir
from cursokeras._comun.hallazgos import enumerar
from cursokeras.desde_cero import Sequential, optimizers

_MUY_LEJOS = 4  # Veces la pérdida del comienzo: más arriba ya se fue, y taparía el dibujo.


class Descenso:
    """Una red de `desde_cero` con todos sus pesos fijos, salvo uno o dos.

    Argumentos:
        modelo: red compilada, de Keras o de `desde_cero`; no cambia.
        x, y: las filas con que se mide la pérdida.
        pesos: los números de los que se mueven, en el orden de `get_weights`; `None` son todos.

    Atributos:
        inicio: cuánto valen al comenzar, (k,).
        nombres: cómo se llama cada uno.
    """

    def __init__(self, modelo, x, y, pesos):
        self._red = _gemela(modelo)
        self._propio = self._red.optimizer
        self._x, self._y = self._red.preparar(x, y, "graficar_paisaje")
        self._todos = np.concatenate([np.ravel(peso) for peso in self._red.get_weights()])
        nombres = _nombrar(self._red)
        self._cuales = _elegir(pesos, nombres)
        self.inicio = self._todos[self._cuales].astype(float)
        self.nombres = [nombres[i] for i in self._cuales]

    def perdida(self, *valores):
        """La pérdida con esos valores, un número o un arreglo por peso, todos de la misma forma."""
        puntos = np.stack([np.ravel(valor) for valor in valores], axis=1)
        return np.reshape([self._medir(punto) for punto in puntos], np.shape(valores[0]))

    def bajar(self, optimizador, batch_size, epochs):
        """Por dónde pasa el optimizador, (pasos + 1, k); se corta si se va lejos.

        Argumentos:
            optimizador: de Keras o de `desde_cero`, o su nombre; `None` es el del modelo.
            batch_size: filas por lote; `None` son todas.
            epochs: cuántas veces se recorren los datos.
        """
        n = len(self._x)
        lote = n if batch_size is None else min(batch_size, n)
        azar = np.random.default_rng(0)
        self._red.compile(self._traducir(optimizador), self._red.loss)
        # Medir un punto pone la red en él, con los demás pesos donde estaban al comenzar.
        camino, limite = [self.inicio], _MUY_LEJOS * abs(self._medir(self.inicio))
        for _ in range(epochs):
            orden = azar.permutation(n) if lote < n else np.arange(n)
            for i in range(0, n, lote):
                filas = orden[i : i + lote]
                self._red.train_on_batch(self._x[filas], self._y[filas])
                camino.append(self._donde())
                if not self._medir(camino[-1]) <= limite:
                    return np.array(camino)
        return np.array(camino)

    def _medir(self, punto):
        self._poner(punto)
        resultado = self._red.evaluate(self._x, self._y, batch_size=len(self._x), verbose=0)
        return float(np.ravel(resultado)[0])

    def _poner(self, punto):
        self._todos[self._cuales] = punto
        partes, desde = [], 0
        for peso in self._red.weights:
            partes.append(self._todos[desde : desde + peso.size].reshape(peso.shape))
            desde += peso.size
        self._red.set_weights(partes)

    def _donde(self):
        """Cuánto valen ahora los pesos que se miran."""
        todos = np.concatenate([np.ravel(peso) for peso in self._red.weights])
        return todos[self._cuales].astype(float)

    def _traducir(self, optimizador):
        if optimizador is None or isinstance(optimizador, str | optimizers.Optimizer):
            propio = self._propio if optimizador is None else optimizers.get(optimizador)
            return _sin_estrenar(propio)
        if not hasattr(optimizador, "get_config"):
            raise ValueError(
                f"{escribir(optimizador)} no es un optimizador. Escribe su nombre, como 'adam', o "
                "keras.optimizers.SGD(learning_rate=0.1)."
            )
        return _como_el_de_keras(optimizador)


def _gemela(modelo):
    """Una copia del modelo en NumPy."""
    if isinstance(modelo, Sequential):
        red = copy.deepcopy(modelo)
    else:
        from cursokeras.comparacion.hacia_numpy import gemela_sin_estado

        red = gemela_sin_estado(modelo)
    if red.loss is None or red.input_shape is None:
        raise ValueError(
            "Al modelo le falta compilarse o saber la forma de su entrada. Empieza con "
            "keras.Input((d_in,)) y escribe modelo.compile(optimizer='sgd', loss='mse')."
        )
    return red


def _sin_estrenar(optimizador):
    nuevo = copy.deepcopy(optimizador)
    nuevo.iterations, nuevo.momentos, nuevo.velocidades = 0, [], []
    return nuevo


def _como_el_de_keras(optimizador):
    """El mismo optimizador en `desde_cero`; `desde_keras` rechaza el que no tenga gemelo."""
    from cursokeras._backend import keras
    from cursokeras.comparacion.hacia_numpy import gemela_sin_estado

    sonda = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    sonda.compile(type(optimizador).from_config(optimizador.get_config()), "mse")
    return gemela_sin_estado(sonda).optimizer


def _nombrar(red):
    """Un nombre por peso, en el orden de `get_weights`: w1, w2, b, o con el de su capa."""
    con_pesos = [capa for capa in red.layers if capa.weights]
    sola = len(con_pesos) == 1
    nombres = []
    for capa in con_pesos:
        for peso in capa.weights:
            letra, columnas = ("w", peso.shape[-1]) if peso.ndim > 1 else ("b", 1)
            for i, indice in enumerate(np.ndindex(peso.shape)):
                numero = "" if peso.size == 1 and letra == "b" else i + 1
                if columnas > 1:
                    numero = "".join(str(j + 1) for j in indice)
                nombres.append(f"{letra}{numero}" if sola else f"{letra}{numero} de {capa.name}")
    return nombres


def _elegir(pesos, nombres):
    if pesos is None and len(nombres) in (1, 2):
        return list(range(len(nombres)))
    hay = f"El modelo tiene {len(nombres)} pesos: {enumerar(nombres)}."
    if pesos is None:
        raise ValueError(
            f"{hay} El paisaje se dibuja con uno o dos: escribe pesos=(0, 1) para mover los dos "
            "primeros y dejar fijos los demás."
        )
    elegidos = list(pesos) if isinstance(pesos, list | tuple) else [pesos]
    validos = all(es_entero_desde(0, i) and i < len(nombres) for i in elegidos)
    if not validos or len(elegidos) not in (1, 2) or len(set(elegidos)) < len(elegidos):
        raise ValueError(
            f"pesos={escribir(pesos)}: se esperaba el número de uno o dos pesos distintos, de 0 a "
            f"{len(nombres) - 1}. {hay}"
        )
    return elegidos
