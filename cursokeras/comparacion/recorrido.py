"""El recorrido lote a lote: las dos redes ven las mismas filas y se anota todo lo que calculan.

En cada lote se pregunta a Keras dos cosas. Desde sus propios pesos, para seguir su entrenamiento;
y desde los pesos de la otra red, para comparar las cuentas de igual a igual: así un error no se
esconde detrás de otro, ni el redondeo acumulado parece un error.
"""

import time
from functools import partial
from itertools import product

import numpy as np

from cursokeras.comparacion.contraparte import falla
from cursokeras.comparacion.diferencias import (
    comparar_cuentas,
    diferencia_relativa,
    mayor,
    razones,
)
from cursokeras.comparacion.paso import Expediente, Paso
from cursokeras.comparacion.ruido import (
    cuentas_exactas,
    medir_ruido,
    movimientos_exactos,
    ruido_del_movimiento,
)

# Por debajo de esto, la diferencia entre dos pesos no cambia lo que la red calcula.
_PESO_MINIMO = 1e-3


COLUMNAS = (
    *("época", "lote", "filas", "pérdida_keras", "pérdida_otra"),
    *("activaciones", "pérdida", "gradientes", "actualización", "pesos"),
)


class Recorrido:
    """Entrena las dos redes a la vez y guarda lo que hace falta para explicar sus diferencias.

    Argumentos:
        referencia: `RedKeras`.
        contraparte: `Contraparte`, con los mismos pesos iniciales.
        gemela: la red correcta en NumPy, en float64; se usa para hacer cuentas.
        lotes: `Lotes` con los datos.
        tolerancia: diferencia relativa que se acepta.
    """

    def __init__(self, referencia, contraparte, gemela, lotes, tolerancia):
        self.referencia, self.contraparte, self.gemela = referencia, contraparte, gemela
        self.lotes, self.tolerancia = lotes, tolerancia
        self.segundos_keras = 0.0
        self.filas, self.razones = [], []
        self.calculo, self.actualizacion = Expediente(), Expediente()
        self.ultimo, self.desbordadas = None, []
        self._pesos = [w.copy() for w in referencia.pesos_iniciales]
        self._escalas = [np.abs(w).max(initial=_PESO_MINIMO) for w in self._pesos]
        self._precision = contraparte.precision(self._pesos[0].dtype)
        self._propio, self._seguidor = referencia.optimizador(), referencia.optimizador()

    def recorrer(self, epochs):
        """Da todos los pasos; se detiene antes si algo deja de ser un número.

        Si la otra red lanza una excepción se detiene también; si además nada era distinto hasta
        ahí, no hay qué explicar y se lanza un ValueError que la nombra.
        """
        self.referencia.compilar(*self.lotes[0])
        for epoca, i in product(range(epochs), range(len(self.lotes))):
            self.lotes.epoca = epoca
            # Lo que deja de ser un número no se avisa aquí: lo dice la explicación.
            with np.errstate(all="ignore"):
                paso = self._paso(epoca + 1, i + 1, *self.lotes[i])
            if paso.error and not paso.calculo() > self.tolerancia:
                raise falla(self.contraparte.red, "train_on_batch", paso.error) from paso.error
            self.desbordadas = self._sin_numeros(paso)
            if len(self.desbordadas) == 2:
                paso = paso.sin_diferencias()
            self._anotar(paso, self.ultimo)
            self.ultimo = paso
            if paso.error or self.desbordadas or not paso.formas_correctas():
                return

    def _paso(self, epoca, lote, x, y):
        perdida = self._paso_de_keras(x, y)
        antes = self.contraparte.pesos()
        otra = self.contraparte.paso(x, y)
        despues = self.contraparte.pesos()
        keras = self.referencia.calcular(antes, x, y)
        grads = _los_que_sirvan(otra.grads, keras.grads)
        esperados, estado = self._seguidor.aplicar(grads, antes)
        redondeos = [
            _redondeo(w, esperado, self._precision)
            for w, esperado in zip(antes, esperados, strict=True)
        ]
        actualizacion, redondeos = self._actualizacion(
            (antes, despues, esperados), redondeos, (x, y, otra, keras, estado)
        )
        return Paso(
            epoca=epoca,
            lote=lote,
            numero=len(self.filas) + 1,
            x=x,
            y=y,
            antes=antes,
            despues=despues,
            grads=grads,
            esperados=esperados,
            estado=estado,
            keras=keras,
            otra=otra,
            diferencias=self._diferencias(keras, otra, antes, x, y),
            redondeos=redondeos,
            actualizacion=actualizacion,
            trayectoria=self._separacion(despues),
            perdida_keras=perdida,
            error=self.contraparte.error,
        )

    def _diferencias(self, keras, otra, pesos, x, y):
        """Cuánto difieren las cuentas; si Keras redondea más que la otra, de las exactas."""
        ruido = self._ruido(pesos, x, y)
        diferencias = comparar_cuentas(keras, otra, ruido, self.tolerancia)
        if ruido is None or not mayor(diferencias.todas()) > self.tolerancia:
            return diferencias
        exactas = cuentas_exactas(self.gemela, pesos, x, y)
        de_las_exactas = comparar_cuentas(exactas, otra, None, self.tolerancia)
        return diferencias.con(list(map(min, diferencias.todas(), de_las_exactas.todas())))

    def _actualizacion(self, pesos, redondeos, lote):
        """Cuánto difieren los movimientos, y lo que de cada uno puede ser redondeo.

        Un gradiente que no se ve trae su ruido; el que se ve ya está en lo que Keras movió con él.
        """
        x, y, otra, keras, estado = lote
        diferencias = _comparar_movimientos(*pesos, self.tolerancia, redondeos)
        if not mayor(diferencias) > self.tolerancia or self.actualizacion.llena:
            return diferencias, redondeos
        optimizador, pasos = self.gemela.optimizer, len(self.filas)
        grads = _los_que_sirvan(otra.grads, keras.grads)
        if any(g is None for g in otra.grads):
            ruido = medir_ruido(self.gemela, pesos[0], x, y, self._precision)
            mas = ruido_del_movimiento(optimizador, estado, pasos, keras.grads, ruido.grads)
            redondeos = [uno + otro for uno, otro in zip(redondeos, mas, strict=True)]
            grads = cuentas_exactas(self.gemela, pesos[0], x, y).grads
        exactos = movimientos_exactos(optimizador, estado, pasos, grads)
        exactos = [w + movido for w, movido in zip(pesos[0], exactos, strict=True)]
        de_keras = _comparar_movimientos(*pesos, self.tolerancia, redondeos)
        propios = _comparar_movimientos(*pesos[:2], exactos, self.tolerancia, redondeos)
        return list(map(min, de_keras, propios)), redondeos

    def _ruido(self, pesos, x, y):
        """La función que mide el ruido, o `None` si ya se sabe que las redes son distintas."""
        if self.calculo.pasos:
            return None
        return partial(medir_ruido, self.gemela, pesos, x, y, self._precision)

    def _paso_de_keras(self, x, y):
        inicio = time.perf_counter()
        cuentas = self.referencia.calcular(self._pesos, x, y)
        self._pesos, _ = self._propio.aplicar(cuentas.grads, self._pesos)
        self.segundos_keras += time.perf_counter() - inicio
        return cuentas.perdida

    def _separacion(self, pesos):
        """Cuánto se alejaron los dos entrenamientos, peso por peso.

        Se divide por el mayor valor que tuvo el peso: uno que se apaga no parece separarse.
        """
        self._escalas = [
            max(escala, np.abs(w).max(initial=0.0))
            for escala, w in zip(self._escalas, self._pesos, strict=True)
        ]
        ternas = zip(self._pesos, pesos, self._escalas, strict=True)
        return [diferencia_relativa(propio, otro, escala) for propio, otro, escala in ternas]

    def _sin_numeros(self, paso):
        """Cuáles de las dos redes llegaron a nan o infinito."""
        redes = {
            "Keras": (paso.perdida_keras, self._pesos),
            "otra": (paso.otra.perdida, paso.despues),
        }
        return [nombre for nombre, numeros in redes.items() if not _son_numeros(*numeros)]

    def _anotar(self, paso, anterior):
        self.calculo.anotar(paso, anterior, paso.calculo() > self.tolerancia)
        self.actualizacion.anotar(paso, anterior, mayor(paso.actualizacion) > self.tolerancia)
        self.razones.append(razones(paso))
        diferencias = paso.diferencias
        fila = (
            *(paso.epoca, paso.lote, len(paso.x), paso.perdida_keras, paso.otra.perdida),
            *(mayor(diferencias.salidas), diferencias.perdida, mayor(diferencias.grads)),
            *(mayor(paso.actualizacion), mayor(paso.trayectoria)),
        )
        self.filas.append(dict(zip(COLUMNAS, fila, strict=True)))


def _los_que_sirvan(otros, propios):
    """Los gradientes de la otra red donde los muestra con la forma correcta."""
    return [
        np.asarray(otro, propio.dtype)
        if otro is not None and otro.shape == propio.shape
        else propio
        for otro, propio in zip(otros, propios, strict=True)
    ]


def _redondeo(peso, esperado, precision):
    """Lo que se puede perder de un movimiento al calcularlo y al guardarlo con esa precisión."""
    tamano = np.abs(peso).max(initial=0.0) + 2 * np.abs(esperado - peso).max(initial=0.0)
    return 4 * float(np.finfo(precision).eps) * float(tamano)


def _comparar_movimientos(antes, despues, esperados, tolerancia, redondeos):
    """Compara cuánto se movió cada peso; lo que se pierde al guardarlo no cuenta."""
    return [
        np.inf
        if despues.shape != antes.shape
        else diferencia_relativa(
            despues.astype("float64") - antes,
            esperado.astype("float64") - antes,
            escala=redondeo / tolerancia,
        )
        for antes, despues, esperado, redondeo in zip(
            antes, despues, esperados, redondeos, strict=True
        )
    ]


def _son_numeros(perdida, pesos):
    perdida = 0.0 if perdida is None else perdida
    return np.isfinite(perdida) and all(np.isfinite(w).all() for w in pesos)
