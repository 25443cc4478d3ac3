"""El README: sus enlaces existen, sus programas corren y lo que muestra es lo que imprimen."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import cursokeras as ck
from cursokeras._backend import keras

RAIZ = Path(__file__).resolve().parents[1]
TEXTO = (RAIZ / "README.md").read_text(encoding="utf-8")
BLOQUES = re.findall(r"^```(\w*)\n(.*?)^```", TEXTO, re.DOTALL | re.MULTILINE)
((_, PROGRAMA),) = [bloque for bloque in BLOQUES if bloque[0] == "python"]
MEDIDAS, ERROR, RESPUESTA = [texto for lengua, texto in BLOQUES if not lengua][-3:]


def seccion(titulo):
    return re.search(rf"## {titulo}\n(.*?)(?=\n## |\Z)", TEXTO, re.DOTALL)[1]


def test_los_enlaces_llevan_a_algo():
    rutas = {ruta for ruta in re.findall(r"\]\(([^)]+)\)", TEXTO) if not ruta.startswith("http")}
    assert len(rutas) > 20
    assert [ruta for ruta in rutas if not (RAIZ / ruta).exists()] == []


def test_la_galeria_son_seis_graficos_con_el_ejemplo_que_los_hace():
    pares = re.findall(r"\(docs/galeria/(\w+)\.png\)\]\(ejemplos/(\w+)\.py\)", TEXTO)
    assert len(pares) == 6
    for grafico, ejemplo in pares:
        programa = (RAIZ / "ejemplos" / f"{ejemplo}.py").read_text(encoding="utf-8")
        assert f"{grafico}.png" in programa


def test_estan_todas_las_funciones_y_todos_los_ejemplos():
    ofrecidas = set(ck.__all__) - {"AvisoDeDatos", "ErrorDeDatos"}
    clases = {nombre for nombre in ofrecidas if nombre[0].isupper() and not nombre.isupper()}
    funciones = seccion("Las funciones")
    assert [nombre for nombre in ofrecidas - clases if f"`{nombre}`" not in funciones] == []
    assert [e.stem for e in RAIZ.glob("ejemplos/*.py") if f"[`{e.stem}`]" not in TEXTO] == []


def test_ayuda_empieza_por_lo_que_necesita_quien_estudia():
    primeras = ck.__doc__.splitlines()[:12]
    assert any("ck.entrenar(" in linea for linea in primeras)
    sueltos = set(re.findall(r"\w+", ck.__doc__))
    clases = {nombre for nombre in ck.__all__ if nombre[0].isupper() and not nombre.isupper()}
    assert set(ck.__all__) - clases - sueltos == {"descripcion_dispositivos"}


def test_es_corto():
    """La velocidad, que se mide aparte, cuenta como tres líneas."""
    lineas = len(TEXTO.splitlines()) - len(seccion("Cuánto más rápido").splitlines()) + 3
    assert lineas <= 150


@pytest.fixture(scope="module")
def impreso(tmp_path_factory):
    """Lo que dicen el programa de diez líneas y el error que se muestra después."""
    carpeta = tmp_path_factory.mktemp("diez")
    programa = f"{PROGRAMA}\ntry: {error_pedido()}\nexcept ValueError as e: print(e)\n"
    proceso = subprocess.run(
        [sys.executable, "-c", programa],
        cwd=carpeta,
        env={**os.environ, "MPLBACKEND": "Agg", "PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
    )
    assert proceso.returncode == 0, proceso.stderr
    for nombre in ("red.png", "historia.png", "regiones.png", "circulos.keras"):
        assert (carpeta / nombre).stat().st_size
    return proceso.stdout


def error_pedido():
    return re.search(r"Un error, con `([^`]+)`", TEXTO)[1]


def test_el_programa_de_diez_lineas_son_diez_e_imprime_lo_que_se_muestra(impreso):
    assert len([linea for linea in PROGRAMA.splitlines() if linea]) == 10
    visto = dict(re.findall(r"^(\w+) +([\d.]+)$", MEDIDAS, re.MULTILINE))
    dicho = dict(re.findall(r"^(\w+) +([\d.]+)$", impreso, re.MULTILINE))
    assert list(visto) == list(dicho)
    for medida, valor in visto.items():
        assert float(dicho[medida]) == pytest.approx(float(valor), abs=0.02), medida


def test_el_error_se_ve_asi(impreso):
    mostrado = " ".join(ERROR.split()).removeprefix("ErrorDeDatos: ")
    assert mostrado in " ".join(impreso.split())


def test_la_respuesta_de_comparar_se_ve_asi():
    keras.utils.clear_session()  # Las capas se llaman como en un programa recién empezado.
    programa = (RAIZ / "ejemplos" / "mi_propia_capa.py").read_text(encoding="utf-8")
    ambito = {}
    exec(programa.partition("comparacion = ")[0], ambito)
    respuesta = ambito["comparar_con"](ambito["MiCapa"](4)).explicacion
    assert RESPUESTA.split() == respuesta.split()
