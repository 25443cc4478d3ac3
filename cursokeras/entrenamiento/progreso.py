"""Lo que se ve mientras un modelo entrena: una línea que avanza, o una por época."""

import sys
import warnings

from tqdm import TqdmWarning

from cursokeras._backend import keras
from cursokeras._comun.lugar import es_interactivo

with warnings.catch_warnings():
    # En un cuaderno sin ipywidgets avisa, en inglés, que la barra será de texto: no hace falta.
    warnings.simplefilter("ignore", TqdmWarning)
    from tqdm.auto import tqdm

# La barra va al final y ocupa lo que sobra: en una terminal de 80 columnas cabe todo lo demás.
_FORMATO = "época {n_fmt}/{total_fmt} · faltan {remaining} · {desc} |{bar}|"


class Progreso(keras.callbacks.Callback):
    """Callback que muestra época, pérdidas, la mejor hasta ahora y el tiempo que falta.

    Argumentos:
        historia: la `Historia` del entrenamiento, que debe ir antes en la lista de callbacks.
        verbose: 1, una línea que avanza en su lugar (una por época si la salida no es una
            terminal ni un cuaderno); 2, una línea por época; "auto", como 1; 0, nada.

    Se usa con `with`, para que la línea se cierre aunque el entrenamiento falle a la mitad.
    """

    def __init__(self, historia, verbose):
        super().__init__()
        self.historia = historia
        self.verbose = verbose
        self.en_su_lugar = verbose and verbose != 2 and es_interactivo()
        self._barra = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self._barra is not None:
            self._barra.close()

    def on_train_begin(self, logs=None):
        hechas = len(self.historia.epoch)  # Las que ya trae un respaldo retomado.
        if hechas and self.verbose:
            print(f"Sigue después de la época {hechas}, la última del respaldo.")
        if self.en_su_lugar:
            self._barra = tqdm(
                desc="empezando",
                total=self.params["epochs"],
                initial=hechas,
                bar_format=_FORMATO,
                dynamic_ncols=True,
                file=sys.stdout,
            )

    def on_epoch_end(self, epoch, logs=None):
        if self.en_su_lugar:
            self._barra.set_description_str(self._medidas(logs), refresh=False)
            self._barra.update()
        elif self.verbose:
            print(f"época {epoch + 1}/{self.params['epochs']} · {self._medidas(logs)}")

    def _medidas(self, logs):
        cifras = ".3g" if self.en_su_lugar else ".4g"
        medidas = [f"pérdida {logs['loss']:{cifras}}"]
        if "val_loss" in logs:
            medidas.append(f"validación {logs['val_loss']:{cifras}}")
        if self.historia.mejor_epoca is not None:
            mejor = f"mejor {self.historia.mejor_perdida:{cifras}}"
            epoca = "" if self.en_su_lugar else f" (época {self.historia.mejor_epoca})"
            medidas.append(mejor + epoca)
        return " · ".join(medidas)
