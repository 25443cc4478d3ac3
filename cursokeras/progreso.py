"""Lo que se ve mientras un modelo entrena: una línea que avanza, o una por época."""

import sys

from tqdm.auto import tqdm

from cursokeras._backend import keras

_FORMATO = "{desc} {n_fmt}/{total_fmt} |{bar:20}| {postfix} · faltan {remaining}"


class Progreso(keras.callbacks.Callback):
    """Callback que muestra época, pérdidas, la mejor hasta ahora y el tiempo que falta.

    Argumentos:
        historia: la `Historia` del entrenamiento, que debe ir antes en la lista de callbacks.
        verbose: 1, una línea que avanza en su lugar (una por época si la salida no es una
            terminal ni un cuaderno); 2, una línea por época; "auto", como 1.
    """

    def __init__(self, historia, verbose):
        super().__init__()
        self.historia = historia
        self.en_su_lugar = verbose != 2 and _interactiva()
        self._barra = None

    def on_train_begin(self, logs=None):
        if self.en_su_lugar:
            self._barra = tqdm(
                desc="época",
                total=self.params["epochs"],
                initial=len(self.historia.epoch),  # Un respaldo retomado ya trae épocas hechas.
                bar_format=_FORMATO,
                dynamic_ncols=True,
                file=sys.stdout,
            )

    def on_epoch_end(self, epoch, logs=None):
        if self.en_su_lugar:
            self._barra.set_postfix_str(self._medidas(logs), refresh=False)
            self._barra.update()
        else:
            print(f"época {epoch + 1}/{self.params['epochs']} · {self._medidas(logs)}")

    def cerrar(self):
        """Termina la línea, aunque el entrenamiento haya fallado a la mitad."""
        if self._barra is not None:
            self._barra.close()

    def _medidas(self, logs):
        medidas = [f"pérdida {logs['loss']:.4g}"]
        if "val_loss" in logs:
            medidas.append(f"validación {logs['val_loss']:.4g}")
        if self.historia.mejor_epoca is not None:
            mejor = f"mejor {self.historia.mejor_perdida:.4g} (época {self.historia.mejor_epoca})"
            medidas.append(mejor)
        return " · ".join(medidas)


def _interactiva():
    """Dice si la salida puede reescribir una línea: una terminal o un cuaderno de Jupyter."""
    return sys.stdout.isatty() or "ipykernel" in sys.modules
