"""Cuándo se detiene un entrenamiento, y con qué pesos queda el modelo.

Guarda los pesos de la mejor época y pide parar cuando la validación deja de mejorar, cuando se
separa demasiado del entrenamiento o cuando la pérdida deja de ser un número.
"""

import numpy as np

from cursokeras._backend import keras
from cursokeras._comun.hallazgos import contar
from cursokeras._comun.lugar import como_se_interrumpe
from cursokeras.entrenamiento.historia import Historia


class Vigilante(keras.callbacks.Callback):
    """Callback de `entrenar`: vigila cada época y deja en `motivo` por qué pidió parar.

    Argumentos:
        lotes: los `Lotes` de entrenamiento.
        patience: épocas seguidas sin mejorar la validación que se toleran, o `None`.
        brecha: exceso relativo de la pérdida de validación sobre la de entrenamiento que se
            tolera durante `patience` épocas seguidas (una, si es `None`), o `None`.

    Lleva su `historia`, que `fit` debe recibir como callback antes que a él.
    """

    def __init__(self, lotes, *, patience, brecha):
        super().__init__()
        self.historia = Historia()
        self.lotes = lotes
        self.patience = patience
        self.brecha = brecha
        self.motivo = None
        self.divergio = False
        self._epocas_con_brecha = 0

    def empezar(self, modelo):
        """Recuerda los pesos y el optimizador de antes de entrenar."""
        self.set_model(modelo)
        self._pesos_iniciales = self._mejores_pesos = modelo.get_weights()
        self._optimizador_inicial = [v.numpy() for v in modelo.optimizer.variables]

    def on_train_begin(self, logs=None):
        if not self.historia.epoch:  # Un callback del usuario pudo haberlos cambiado al empezar.
            self.empezar(self.model)

    def on_epoch_end(self, epoch, logs=None):
        pesos = self.model.get_weights()
        if not _finitos(logs.get("loss"), logs.get("val_loss", 0.0), *pesos):
            self.divergio = True
            self._parar(
                f"la pérdida o los pesos dejaron de ser números finitos. {self._causa_probable()}"
            )
            return
        if self.historia.mejor_epoca == len(self.historia.epoch):
            self._mejores_pesos = pesos
        elif self._sin_mejorar():
            espera = contar(self.patience or 1, "época")
            self._parar(f"la pérdida de validación no mejoró en {espera}")
        if self.brecha is not None and "val_loss" in logs:
            self._vigilar_brecha(logs["val_loss"])

    def estado(self):
        """Devuelve (números, listas de pesos): lo que recuerda, para `restaurar`."""
        numeros = {
            "motivo": self.motivo,
            "divergio": self.divergio,
            "epocas_con_brecha": self._epocas_con_brecha,
        }
        pesos = {
            "mejores": self._mejores_pesos,
            "iniciales": self._pesos_iniciales,
            "optimizador_inicial": self._optimizador_inicial,
        }
        return numeros, pesos

    def restaurar(self, numeros, pesos):
        """Vuelve a recordar lo de ese `estado`."""
        self.motivo, self.divergio = numeros["motivo"], numeros["divergio"]
        self._epocas_con_brecha = numeros["epocas_con_brecha"]
        self._mejores_pesos, self._pesos_iniciales = pesos["mejores"], pesos["iniciales"]
        self._optimizador_inicial = pesos["optimizador_inicial"]

    def termino(self, epochs):
        """Dice si ya no quedaban épocas por hacer."""
        return self.motivo is not None or len(self.historia.epoch) >= epochs

    def terminar(self, epochs, interrumpido):
        """Deja en el modelo los pesos que corresponden y devuelve por qué terminó, en palabras.

        Argumentos:
            epochs: las épocas que se pidieron.
            interrumpido: si lo cortó el usuario antes de tiempo.
        """
        return f"{self._final(epochs, interrumpido)} {self._elegir_pesos(interrumpido)}"

    def _final(self, epochs, interrumpido):
        hechas = len(self.historia.epoch)
        if self.motivo is not None:
            return f"Se detuvo en la época {hechas}: {self.motivo}."
        if interrumpido:
            return f"Interrumpido con {como_se_interrumpe()} después de {contar(hechas, 'época')}."
        if hechas < epochs:
            return f"Un callback pidió parar en la época {hechas}."
        return f"Completó {contar(hechas, 'época')}."

    def _elegir_pesos(self, interrumpido):
        if self.divergio:
            return self._deshacer()
        elige = self.patience is not None or self.brecha is not None or interrumpido
        if not elige or self.historia.vigilada != "val_loss" or self.historia.mejor_epoca is None:
            return "Quedan los últimos pesos."
        self.model.set_weights(self._mejores_pesos)
        return self._descripcion_de_los_mejores()

    def _deshacer(self):
        """Vuelve a los mejores pesos, o a los iniciales si ninguna época los mejoró."""
        # El impulso acumulado por pasos enormes arruinaría el próximo entrenamiento.
        for variable, valor in zip(
            self.model.optimizer.variables, self._optimizador_inicial, strict=True
        ):
            variable.assign(valor)
        candidatos = [self._pesos_iniciales, self._mejores_pesos]
        perdidas = [self._medir(pesos) for pesos in candidatos]
        elegido = int(perdidas[1] < perdidas[0])
        self.model.set_weights(candidatos[elegido])
        return self._descripcion_de_los_mejores() if elegido else "Quedan los pesos iniciales."

    def _medir(self, pesos):
        self.model.set_weights(pesos)
        return self._perdida_de_entrenamiento()

    def _descripcion_de_los_mejores(self):
        validada = self.historia.vigilada == "val_loss"
        perdida = "pérdida de validación" if validada else "pérdida"
        return (
            f"Quedan los pesos de la mejor época, la {self.historia.mejor_epoca} "
            f"({perdida} {self.historia.mejor_perdida:.4g})."
        )

    def _sin_mejorar(self):
        if self.patience is None or "val_loss" not in self.historia.history:
            return False
        return len(self.historia.epoch) - self.historia.mejor_epoca >= self.patience

    def _perdida_de_entrenamiento(self):
        """La pérdida con los pesos de ahora; `loss` es el promedio mientras cambiaban."""
        return self.model.evaluate(
            self.lotes.x,
            self.lotes.y,
            sample_weight=self.lotes.sample_weight,
            batch_size=self.lotes.batch_size,
            verbose=0,
            return_dict=True,
        )["loss"]

    def _vigilar_brecha(self, validacion):
        entrenamiento = self._perdida_de_entrenamiento()
        supera = validacion > entrenamiento * (1 + self.brecha)
        self._epocas_con_brecha = self._epocas_con_brecha + 1 if supera else 0
        if self._epocas_con_brecha >= (self.patience or 1):
            self._parar(
                f"la pérdida de validación ({validacion:.4g}) superó a la de entrenamiento "
                f"({entrenamiento:.4g}) en más de {self.brecha * 100:g} % durante "
                f"{contar(self._epocas_con_brecha, 'época')}"
            )

    def _parar(self, motivo):
        self.motivo = self.motivo or motivo
        self.model.stop_training = True

    def _causa_probable(self):
        tasa = float(np.asarray(self.model.optimizer.learning_rate))
        x, y = np.abs(self.lotes.x).max(), np.abs(self.lotes.y).max()
        menor = f"usa una tasa de aprendizaje menor que {tasa:g}"
        if x > 10:
            return (
                f"Causa probable: x trae valores de hasta {x:g} sin escalar. Escribe "
                f"x = StandardScaler().fit_transform(x), o {menor}"
            )
        if y > 100 and self.model.loss == "mse":
            return (
                f"Causa probable: y trae valores de hasta {y:g} sin escalar. Divide y por una "
                f"constante como {y:.0g}, o {menor}"
            )
        return f"Causa probable: los pasos son demasiado grandes. Para arreglarlo, {menor}"


def _finitos(*valores):
    return all(np.isfinite(valor).all() for valor in valores)
