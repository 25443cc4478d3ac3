"""El callback que respalda cada época de `entrenar` y la retoma en la llamada siguiente."""

import time

from cursokeras._backend import keras
from cursokeras._comun.archivos import causa
from cursokeras._comun.avisos import avisar
from cursokeras.entrenamiento.respaldo.generaciones import Generaciones
from cursokeras.entrenamiento.respaldo.huella import diferencias, huella_de_datos, huella_del_modelo

_CUANTAS_DIFERENCIAS = 3


class Respaldo(keras.callbacks.Callback):
    """Guarda al final de cada época lo que hace falta para seguir como si nada.

    Guarda los pesos, el optimizador, el azar de las capas como `Dropout`, el orden de los lotes,
    la historia y lo que recuerda el `Vigilante`. Va después de ellos en la lista de callbacks,
    y no guarda nada de los callbacks del usuario.

    Argumentos:
        carpeta: dónde escribir; se crea si no existe.
        modelo: el modelo compilado que se entrena.
        vigilante: el `Vigilante` del entrenamiento, con su `Historia` y sus `Lotes`.
        argumentos: diccionario con los datos y los argumentos que cambian el resultado; un
            respaldo hecho con otros no se usa.

    Lanza:
        ValueError: si la carpeta no se puede usar, o tiene el respaldo de otro entrenamiento.
    """

    def __init__(self, carpeta, modelo, vigilante, argumentos):
        super().__init__()
        self.set_model(modelo)
        self._generaciones = Generaciones(carpeta)
        self._vigilante = vigilante
        self._pasos_al_empezar = _pasos(modelo)
        self._huella = {**huella_de_datos(argumentos), **huella_del_modelo(modelo)}
        self._escribio = True
        self._previo = self._generaciones.leer()
        self.epoca = 0
        if self._previo is not None:
            self.epoca, estado, _ = self._previo
            self._exigir_que_sea_este(estado)
            self._pasos_al_empezar = estado["pasos_al_empezar"]

    def retomar(self, epochs):
        """Pone el modelo y la historia donde quedaron; devuelve las épocas que faltan.

        Devuelve:
            (desde, hasta), como las piden `initial_epoch` y `epochs` de `fit`.

        Lanza:
            ValueError: si el respaldo ya pasó de `epochs`.
        """
        self._inicio = time.perf_counter()
        if self._previo is None:
            return 0, epochs
        if self.epoca > epochs:
            raise ValueError(
                f"El respaldo de {str(self._generaciones.carpeta)!r} va por la época {self.epoca} "
                f"y epochs={epochs}. Escribe epochs={self.epoca} o más, u otra carpeta para "
                "empezar de nuevo."
            )
        self._restaurar(*self._previo[1:])
        return self.epoca, self.epoca if self._previo[1]["terminado"] else epochs

    def on_train_begin(self, logs=None):
        if self._previo is not None:  # Un callback del usuario pudo haber cambiado algo al empezar.
            self._restaurar(*self._previo[1:])
        self._previo = None

    def on_epoch_end(self, epoch, logs=None):
        numeros, arreglos = self._vigilante.estado()
        historia = self._vigilante.historia
        segundos = historia.segundos + time.perf_counter() - self._inicio
        estado = {
            "huella": self._huella,
            "pasos_al_empezar": self._pasos_al_empezar,
            "pasos": _pasos(self.model),
            "semilla": self._vigilante.lotes.semilla,
            "historia": {**historia.estado(), "segundos": segundos},
            "vigilante": numeros,
            "terminado": bool(self.model.stop_training),
        }
        arreglos["modelo"] = _valores(self.model.variables)
        arreglos["optimizador"] = _valores(self.model.optimizer.variables)
        self._escribir(epoch + 1, estado, arreglos)

    def cerrar(self, interrumpido):
        """Borra el respaldo si el entrenamiento terminó; si no, devuelve cómo seguirlo."""
        if interrumpido and self.epoca:
            return f" Para seguir desde la época {self.epoca + 1}, repite la misma llamada."
        self._generaciones.borrar()
        return ""

    def _escribir(self, epoca, estado, arreglos):
        try:
            self._generaciones.escribir(epoca, estado, arreglos)
        except (OSError, ValueError) as error:
            if self._escribio:
                motivo = causa(error) if isinstance(error, OSError) else error
                queda = f"queda el de la época {self.epoca}" if self.epoca else "no hay ninguno"
                avisar(
                    f"No se pudo escribir el respaldo de la época {epoca} ({motivo}); {queda}. El "
                    "entrenamiento sigue, y lo intentará de nuevo en cada época."
                )
            self._escribio = False
        else:
            self.epoca, self._escribio = epoca, True

    def _restaurar(self, estado, arreglos):
        _poner(self.model.variables, arreglos.get("modelo", []))
        _poner(self.model.optimizer.variables, arreglos["optimizador"])
        self._vigilante.lotes.semilla = estado["semilla"]
        self._vigilante.historia.restaurar(estado["historia"])
        self._vigilante.restaurar(estado["vigilante"], arreglos)

    def _exigir_que_sea_este(self, estado):
        antes, ahora = dict(estado["huella"]), dict(self._huella)
        pasos, inicio = self._pasos_al_empezar, estado["pasos_al_empezar"]
        if pasos >= estado["pasos"] > inicio:
            # El mismo modelo, después de Ctrl-C: un callback pudo haber cambiado su tasa.
            antes, ahora = _sin_tasa(antes), _sin_tasa(ahora)
        else:
            antes["pasos ya dados por el optimizer"] = inicio
            ahora["pasos ya dados por el optimizer"] = pasos
        distintas = diferencias(antes, ahora)
        if distintas:
            vistas = "; ".join(distintas[:_CUANTAS_DIFERENCIAS])
            mas = len(distintas) - _CUANTAS_DIFERENCIAS
            raise ValueError(
                f"La carpeta {str(self._generaciones.carpeta)!r} tiene el respaldo de otro "
                f"entrenamiento. Cambia: {vistas}{f'; y {mas} más' if mas > 0 else ''}. Escribe "
                "otra carpeta en respaldo (una por cada llamada a entrenar), repite la llamada "
                "original para terminarla, o borra esa carpeta si ya no la necesitas."
            )


def _pasos(modelo):
    return int(modelo.optimizer.iterations.numpy())


def _valores(variables):
    return [variable.numpy() for variable in variables]


def _poner(variables, valores):
    for variable, valor in zip(variables, valores, strict=True):
        variable.assign(valor)


def _sin_tasa(huella):
    opciones = dict(huella["opciones del optimizer"], learning_rate=None)
    return {**huella, "opciones del optimizer": opciones}
