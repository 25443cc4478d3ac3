"""Redes correctas: el lugar de ε es una convención, y ni el redondeo ni float16 son errores."""

import numpy as np
import pytest

import cursokeras as ck
from cursokeras._backend import keras
from tests.comparacion.test_comparar import RedQueMuestra, datos, regresion


class _Libro(RedQueMuestra):
    """Adam o RMSprop como en el libro y en PyTorch: ε se suma al final."""

    optimizador, epsilon, decae = "adam", 1e-7, 0.0

    def set_weights(self, pesos):
        super().set_weights(pesos)
        self.m, self.v, self.t = [0 * w for w in pesos], [0 * w for w in pesos], 0

    def train_on_batch(self, x, y):
        h = np.tanh(x @ self.w1 + self.b1)
        error = h @ self.w2 + self.b2 - y
        d2 = 2 * error / error.size
        d1 = d2 @ self.w2.T * (1 - h**2)
        self.ultimos = [x.T @ d1, d1.sum(axis=0), h.T @ d2, d2.sum(axis=0)]
        self.t += 1
        for k, (w, g) in enumerate(zip(self.get_weights(), self.ultimos, strict=True)):
            w -= self.tasa * (self._paso(k, g) + self.decae * w)
        return np.mean(error**2)

    def _paso(self, k, g):
        if self.optimizador == "rmsprop":
            self.v[k] = 0.9 * self.v[k] + 0.1 * g**2
            return g / (np.sqrt(self.v[k]) + self.epsilon)
        self.m[k] = 0.9 * self.m[k] + 0.1 * g
        self.v[k] = 0.999 * self.v[k] + 0.001 * g**2
        m, v = self.m[k] / (1 - 0.9**self.t), self.v[k] / (1 - 0.999**self.t)
        return m / (np.sqrt(v) + self.epsilon)


def libro(oculta=False, **cambios):
    """Una red como la del libro, con los cambios dados; si es oculta, sin gradientes."""
    atributos = cambios | ({"grads": None} if oculta else {})
    return type("DelLibro", (_Libro,), atributos)(tasa=0.01)


def problema(optimizador, cerca=1e-3):
    """Un modelo con objetivos cerca de sus predicciones: los gradientes son chicos y ε se nota."""
    clase = {"adam": keras.optimizers.Adam, "rmsprop": keras.optimizers.RMSprop}[optimizador]
    modelo, (x, y) = regresion(optimizer=clase(0.01)), datos()
    return modelo, x, modelo.predict(x, verbose=0) + cerca * y


@pytest.mark.parametrize("oculta", [False, True], ids=["con gradientes", "sin gradientes"])
@pytest.mark.parametrize("epsilon", [1e-7, 1e-8])
@pytest.mark.parametrize(
    ("optimizador", "donde"),
    [("adam", "después de corregir v"), ("rmsprop", "fuera de la raíz")],
)
def test_el_lugar_de_epsilon_es_una_convencion(optimizador, donde, epsilon, oculta):
    modelo, x, y = problema(optimizador)
    red = libro(oculta, optimizador=optimizador, epsilon=epsilon)
    resultado = ck.comparar(modelo, x, y, contra=red, batch_size=8)
    assert resultado.iguales, resultado.explicacion
    assert resultado.causa == "epsilon"
    for parte in ("salvo por ε", "No es un error, es una convención", donde, "cambia hasta un"):
        assert parte in resultado.explicacion
    assert "salvo por ε" in resultado._repr_html_()


@pytest.mark.parametrize("oculta", [False, True], ids=["con gradientes", "sin gradientes"])
def test_otro_error_no_se_esconde_detras_de_la_convencion(oculta):
    modelo, x, y = problema("adam", cerca=1.0)
    red = libro(oculta, decae=0.1)
    resultado = ck.comparar(modelo, x, y, contra=red, batch_size=8)
    assert not resultado.iguales
    assert resultado.causa == "encoge_los_pesos"
    assert "weight decay 0.1" in resultado.explicacion


class _AMedias(RedQueMuestra):
    """Guarda los pesos en float16."""

    def set_weights(self, pesos):
        super().set_weights([w.astype("float16") for w in pesos])

    def train_on_batch(self, x, y):
        perdida = super().train_on_batch(x, y)
        self.set_weights(self.get_weights())
        return perdida


def test_guardar_los_pesos_en_float16_no_es_un_error():
    resultado = ck.comparar(regresion(), *datos(), contra=_AMedias(), batch_size=8)
    assert resultado.iguales or resultado.causa == "redondeo_acumulado", resultado.explicacion


class _Adam10(_Libro):
    def _paso(self, k, g):
        return 10 * super()._paso(k, g)


def test_la_tasa_se_dice_antes_que_una_media_mal_escrita():
    modelo, x, y = problema("adam", cerca=1.0)
    resultado = ck.comparar(modelo, x, y, contra=_Adam10(tasa=0.01), batch_size=8)
    assert resultado.causa == "tasa_de_aprendizaje"
    tasa = resultado.explicacion.index("la tasa de aprendizaje es 0.1")
    assert resultado.explicacion.index("También podría ser que m no es un promedio") > tasa


class _PasoMinimo(_Libro):
    def _paso(self, k, g):
        return 0.05 * super()._paso(k, g)


def test_un_paso_mucho_menor_no_lo_explica_cualquier_regla():
    modelo, x, y = problema("adam", cerca=1.0)
    resultado = ck.comparar(modelo, x, y, contra=_PasoMinimo(tasa=0.01), batch_size=8)
    assert resultado.causa == "tasa_de_aprendizaje"
    assert "0.0005" in resultado.explicacion
    assert "ε" not in resultado.explicacion
