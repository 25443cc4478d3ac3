"""Lo que se ve mientras un modelo entrena: una línea que avanza, o una cada tantas épocas."""

import time

from cursokeras._backend import keras
from cursokeras._comun.linea import Linea
from cursokeras._comun.lugar import es_interactivo

_LINEAS = 20  # Las que deja, como mucho, en una salida que no puede reescribir una línea.


class Progreso(keras.callbacks.Callback):
    """Callback que muestra época, pérdidas, la mejor hasta ahora y el tiempo que falta.

    Argumentos:
        historia: la `Historia` del entrenamiento, que debe ir antes en la lista de callbacks.
        verbose: 1, una línea que avanza en su lugar (unas veinte si la salida no es una terminal
            ni un cuaderno); 2, una línea por época; "auto", como 1; 0, nada.

    Se usa con `with`, para que la línea se cierre aunque el entrenamiento falle a la mitad.
    """

    def __init__(self, historia, verbose):
        super().__init__()
        self.historia = historia
        self.verbose = verbose
        self.en_su_lugar = verbose and verbose != 2 and es_interactivo()
        self._linea = None
        self._pendiente = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self._linea is not None:
            self._linea.cerrar(self._al_terminar())
        elif self._pendiente is not None:
            print(self._pendiente)

    def on_train_begin(self, logs=None):
        self._hechas = len(self.historia.epoch)  # Las que ya trae un respaldo retomado.
        self._inicio = time.perf_counter()
        self._total, self._logs = self.params["epochs"], None
        if self._hechas and self.verbose:
            print(f"Sigue después de la época {self._hechas}, la última del respaldo.")
        if self.en_su_lugar:
            self._linea = Linea()
            self._linea.escribir(f"época {self._hechas}/{self._total} · empezando")

    def on_epoch_end(self, epoch, logs=None):
        self._logs = dict(logs)
        if self.en_su_lugar:
            antes = f"época {epoch + 1}/{self._total} · faltan {self._lo_que_falta(epoch + 1)}"
            self._linea.escribir(f"{antes} · {self._medidas('.3g')}")
        elif self.verbose:
            self._anotar(epoch + 1)

    def _anotar(self, epoca):
        """Escribe la línea de una época, o la deja por si es la última."""
        self._pendiente = f"época {epoca}/{self._total} · {self._medidas('.4g', con_epoca=True)}"
        if self.verbose == 2 or epoca == 1 or epoca % -(-self._total // _LINEAS) == 0:
            print(self._pendiente)
            self._pendiente = None

    def _al_terminar(self):
        epocas = f"época {len(self.historia.epoch)}/{self._total}"
        if self._logs is None:
            return epocas
        segundos = _duracion(time.perf_counter() - self._inicio)
        return f"{epocas} · {segundos} · {self._medidas('.3g')}"

    def _lo_que_falta(self, epoca):
        """El tiempo hasta la última época pedida; una parada temprana lo acorta."""
        por_epoca = (time.perf_counter() - self._inicio) / (epoca - self._hechas)
        return _duracion(por_epoca * (self._total - epoca))

    def _medidas(self, cifras, con_epoca=False):
        medidas = [f"pérdida {self._logs['loss']:{cifras}}"]
        if "val_loss" in self._logs:
            medidas.append(f"validación {self._logs['val_loss']:{cifras}}")
        if self.historia.mejor_epoca is not None:
            epoca = f" (época {self.historia.mejor_epoca})" if con_epoca else ""
            medidas.append(f"mejor {self.historia.mejor_perdida:{cifras}}{epoca}")
        return " · ".join(medidas)


def _duracion(segundos):
    """Un tiempo como 0:07 o 1:02:03."""
    minutos, segundos = divmod(round(segundos), 60)
    horas, minutos = divmod(minutos, 60)
    return f"{horas}:{minutos:02}:{segundos:02}" if horas else f"{minutos}:{segundos:02}"
