"""La línea que se reescribe en una terminal: sin saltos, sin restos y sin pasarse del ancho."""

import pytest

from cursokeras._comun import linea as modulo
from cursokeras._comun.linea import Linea


@pytest.fixture
def reloj(monkeypatch):
    """Un reloj que avanza a mano."""
    ahora = [0.0]
    monkeypatch.setattr(modulo.time, "monotonic", lambda: ahora[0])
    return ahora


def en_pantalla(texto):
    """Lo que queda escrito en una terminal después de cada retorno de carro."""
    pantalla = ""
    for parte in texto.split("\r"):
        pantalla = parte + pantalla[len(parte) :]
    return pantalla.rstrip(" ")


def test_cambia_en_su_lugar_y_termina_en_una_sola_linea(capsys, reloj):
    linea = Linea()
    for i in range(5):
        reloj[0] += 1
        linea.escribir(f"época {i}")
    linea.cerrar("fin")
    escrito = capsys.readouterr().out
    assert escrito.count("\n") == 1
    assert en_pantalla(escrito.removesuffix("\n")) == "fin"
    assert all(f"época {i}" in escrito for i in range(5))


def test_no_inunda_la_pantalla(capsys, reloj):
    linea = Linea()
    for i in range(1000):
        reloj[0] += 0.001
        linea.escribir(f"época {i}")
    linea.cerrar("época 1000")
    escrito = capsys.readouterr().out
    assert escrito.count("\r") <= 12
    assert en_pantalla(escrito.removesuffix("\n")) == "época 1000"


def test_cabe_en_la_terminal(capsys, reloj, monkeypatch):
    monkeypatch.setenv("COLUMNS", "20")
    Linea().cerrar("x" * 50)
    ultima = capsys.readouterr().out.split("\r")[-1].removesuffix("\n")
    assert ultima == "x" * 18 + "…"
