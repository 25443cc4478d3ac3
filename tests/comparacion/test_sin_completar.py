"""Una red a medio escribir se responde con lo que falta y dónde, sin una excepción."""

import inspect

import pytest

import cursokeras as ck
from tests.comparacion.test_comparar import RedPropia, datos, regresion


class _SinCuerpo(RedPropia):
    def train_on_batch(self, x, y): ...


class _ConPuntos(RedPropia):
    def train_on_batch(self, x, y):
        delta = ...
        return x.T @ delta


class _AtributoConPuntos(RedPropia):
    def train_on_batch(self, x, y):
        self.delta = ...
        return (self.delta**2).mean()


class _NombreQueNoExiste(RedPropia):
    def train_on_batch(self, x, y):
        return perdida_que_falta  # noqa: F821


class _NoGuardaLosPesos(RedPropia):
    def set_weights(self, pesos): ...


class _ForwardVacio(RedPropia):
    def forward(self, x):
        pass


class _PasoVacio(RedPropia):
    def train_on_batch(self, x, y):
        return self.perdida(x).mean()

    def perdida(self, x):
        pass


class _SinEscribir(RedPropia):
    def train_on_batch(self, x, y):
        raise NotImplementedError


class _PesosVacios(RedPropia):
    def get_weights(self):
        return [self.w1, ..., self.w2, self.b2]


class _GradientesSinNombre(RedPropia):
    @property
    def grads(self):
        return gradientes_que_faltan  # noqa: F821


@pytest.mark.parametrize(
    ("red", "metodo", "dice"),
    [
        (_SinCuerpo, "train_on_batch", "devuelve None. Termina el método con return perdida"),
        (_ConPuntos, "train_on_batch", "delta vale todavía ..."),
        (_AtributoConPuntos, "train_on_batch", "self.delta vale todavía ..."),
        (_NombreQueNoExiste, "train_on_batch", "el nombre 'perdida_que_falta' no existe"),
        (_NoGuardaLosPesos, "get_weights", "self.w1 todavía no existe"),
        (_ForwardVacio, "forward", "return a"),
        (_PasoVacio, "train_on_batch", "algo vale None"),
        (_SinEscribir, "train_on_batch", "todavía no está escrito"),
        (_PesosVacios, "get_weights", "un elemento es todavía"),
        (_GradientesSinNombre, "grads", "el nombre 'gradientes_que_faltan' no existe"),
    ],
)
def test_lo_que_falta_se_dice_sin_una_excepcion(red, metodo, dice):
    resultado = ck.comparar(regresion(), *datos(), contra=red())
    assert resultado.causa == "sin_completar"
    assert not resultado.iguales
    assert resultado.explicacion.startswith(f"Aún sin completar: {metodo}")
    assert dice in resultado.explicacion
    assert resultado.tabla.empty
    assert "Sin completar" in resultado._repr_html_()


def test_la_linea_es_la_del_programa():
    lineas, inicio = inspect.getsourcelines(_NombreQueNoExiste)
    linea = inicio + next(i for i, texto in enumerate(lineas) if "return" in texto)
    resultado = ck.comparar(regresion(), *datos(), contra=_NombreQueNoExiste())
    assert f"línea {linea}" in resultado.explicacion
