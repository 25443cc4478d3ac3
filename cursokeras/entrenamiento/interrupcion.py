"""Ctrl-C (■ en un cuaderno) mientras se entrena: corta la época, y nada de lo que la rodea.

Python lanza `KeyboardInterrupt` entre dos instrucciones cualesquiera: también a la mitad de anotar
una época, con su pérdida ya en la historia y sus pesos sin guardar, o cuando ya terminó y solo
falta devolver la historia. Aquí espera a que se pueda cortar sin dejar nada a medias.
"""

import signal
import threading

from cursokeras._backend import keras


class Interrupcion(keras.callbacks.Callback):
    """Callback y contexto: dentro de él, la primera interrupción solo corta épocas.

    Fuera de una época se recuerda, y corta al comenzar la siguiente. La segunda ya no espera. En
    la lista de callbacks va después de los del usuario y antes de los que anotan la época.

    Atributos:
        veces: cuántas veces se interrumpió.
    """

    def __init__(self):
        super().__init__()
        self.veces = 0
        self._en_una_epoca = False
        self._anterior = None

    def __enter__(self):
        # Un hilo aparte no recibe señales, y quien puso otro manejador sabrá qué hace.
        principal = threading.current_thread() is threading.main_thread()
        if principal and signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            self._anterior = signal.signal(signal.SIGINT, self._al_pulsar)
        return self

    def __exit__(self, *_):
        if self._anterior is not None:
            signal.signal(signal.SIGINT, self._anterior)

    def on_epoch_begin(self, epoch, logs=None):
        self._en_una_epoca = True
        if self.veces:
            raise KeyboardInterrupt

    def on_epoch_end(self, epoch, logs=None):
        self._en_una_epoca = False

    def _al_pulsar(self, numero, marco):
        self.veces += 1
        if self._en_una_epoca or self.veces > 1:
            raise KeyboardInterrupt
