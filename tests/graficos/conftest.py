"""Cada prueba cierra las figuras que abrió, y ninguna puede cambiar el estilo global."""

import matplotlib as mpl
import matplotlib.pyplot as plt
import pytest


@pytest.fixture(autouse=True)
def sin_rastro(monkeypatch):
    monkeypatch.setattr(plt, "show", lambda: pytest.fail("un gráfico llamó a plt.show()"))
    antes = dict(mpl.rcParams)
    yield
    assert dict(mpl.rcParams) == antes
    plt.close("all")
