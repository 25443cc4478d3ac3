"""Los hallazgos y su error: cómo se leen juntos, y cómo viajan a otro proceso."""

import copy
import pickle
import traceback

import pytest

import cursokeras as ck
from cursokeras._comun.hallazgos import ErrorDeDatos, Hallazgo, contar, enumerar

UNO = Hallazgo("error", "textos", "edad", "La columna 'edad' tiene textos.", "Pásala a número.")
OTRO = Hallazgo("error", "vacía", "y", "y está vacío.", "Revisa el filtro.")
VIAJES = {
    **{f"pickle {p}": lambda e, p=p: pickle.loads(pickle.dumps(e, p)) for p in range(2, 6)},
    "copia": copy.copy,
    "copia profunda": copy.deepcopy,
}


@pytest.mark.parametrize("viajar", VIAJES.values(), ids=VIAJES)
@pytest.mark.parametrize("hallazgos", [(UNO,), (UNO, OTRO)], ids=["uno", "dos"])
def test_el_error_viaja_entero(viajar, hallazgos):
    original = ErrorDeDatos(*hallazgos)
    original.add_note("del alumno 7")
    copiado = viajar(original)
    assert type(copiado) is ck.ErrorDeDatos
    assert copiado.hallazgos == hallazgos
    assert str(copiado) == str(original)
    assert copiado.__notes__ == ["del alumno 7"]


def test_un_error_solo_se_lee_como_una_frase():
    assert str(ErrorDeDatos(UNO)) == "La columna 'edad' tiene textos. Pásala a número."


def test_varios_se_leen_numerados_y_con_el_nombre_publico():
    (*_, ultima) = traceback.format_exception_only(ErrorDeDatos(UNO, OTRO))
    assert ultima.splitlines() == [
        "cursokeras.ErrorDeDatos: Hay 2 errores:",
        "1. La columna 'edad' tiene textos. Pásala a número.",
        "2. y está vacío. Revisa el filtro.",
    ]


def test_muchos_no_llenan_la_pantalla():
    lineas = str(ErrorDeDatos(*[UNO] * 30)).splitlines()
    assert lineas[0] == "Hay 30 errores:"
    assert lineas[-1] == "... y 18 más."
    assert len(lineas) == 14


@pytest.mark.parametrize(
    ("nombres", "escrito"),
    [
        ([], ""),
        (["a"], "a"),
        (["a", "b"], "a y b"),
        (["a", "b", "c"], "a, b y c"),
        (["('a', 'u')", "('a', 'v')"], "('a', 'u') y ('a', 'v')"),
        (["('a', 'u')"], "('a', 'u')"),
        ("abcdefghijklmnop", "a, b, c, d, e, f, g, h, i, j, k, l y 4 más"),
    ],
    ids=["ninguno", "uno", "dos", "tres", "con comas", "uno con comas", "muchos"],
)
def test_enumerar(nombres, escrito):
    assert enumerar(nombres) == escrito


def test_contar():
    assert [contar(n, "fila") for n in (0, 1, 2)] == ["0 filas", "1 fila", "2 filas"]
    assert contar(2, "valor", "valores") == "2 valores"
