"""La casa: una sola mano en todo el código, y una calle donde cada puerta tiene su nombre."""

import ast
import importlib
import re
from pathlib import Path

import pytest

import cursokeras as ck

PAQUETE = Path(ck.__file__).parent
MODULOS = sorted(PAQUETE.rglob("*.py"))
ARBOLES = {str(m.relative_to(PAQUETE)): ast.parse(m.read_text(encoding="utf-8")) for m in MODULOS}
CABEZAS = ("regresion", "clasificacion", "one_hot", "binaria", "multietiqueta", "otra")


def nodos(tipo):
    """Cada nodo de ese tipo, con el lugar donde está."""
    for nombre, arbol in ARBOLES.items():
        for nodo in ast.walk(arbol):
            if isinstance(nodo, tipo):
                yield f"{nombre}:{getattr(nodo, 'lineno', 1)}", nodo


def test_todo_modulo_dice_para_que_es():
    assert [nombre for nombre, arbol in ARBOLES.items() if not ast.get_docstring(arbol)] == []


def test_los_tipos_se_dicen_en_las_docstrings():
    """Las anotaciones quedan para los campos de las clases de datos."""
    anotadas = [
        donde
        for donde, funcion in nodos(ast.FunctionDef)
        if funcion.returns or any(a.annotation for a in _argumentos(funcion.args))
    ]
    assert anotadas == []


def _argumentos(args):
    sueltos = [a for a in (args.vararg, args.kwarg) if a is not None]
    return [*args.posonlyargs, *args.args, *args.kwonlyargs, *sueltos]


def test_isinstance_se_escribe_con_barras():
    con_tupla = [
        donde
        for donde, llamada in nodos(ast.Call)
        if isinstance(llamada.func, ast.Name)
        and llamada.func.id in ("isinstance", "issubclass")
        and isinstance(llamada.args[1], ast.Tuple)
    ]
    assert con_tupla == []


def test_nadie_compara_el_nombre_de_una_cabeza():
    comparan = [
        donde
        for donde, comparacion in nodos(ast.Compare)
        if "cabeza" in ast.unparse(comparacion)
        and any(f"'{nombre}'" in ast.unparse(comparacion) for nombre in CABEZAS)
    ]
    assert comparan == []


def test_ninguna_habitacion_se_llama_como_una_funcion_publica():
    """Con la fachada perezosa, `ck.nombre` sería el módulo."""
    calle = {ruta.stem for ruta in PAQUETE.iterdir()}
    modulos = {"datos", "desde_cero", "tablas_clase"}  # Estas sí se ofrecen como módulos.
    assert (calle & set(ck.__all__)) - modulos == set()


@pytest.mark.parametrize(
    ("modulo", "nombre"),
    [
        ("aceleracion", "acelerar"),
        ("comparacion", "comparar"),
        ("convenciones", "tasa_maxima"),
        ("diagnostico", "diagnosticar"),
        ("dispositivos", "elegir_estrategia"),
        ("entrenamiento", "entrenar"),
        ("evaluacion", "evaluar"),
        ("graficos", "graficar_historia"),
        ("guardado", "cargar"),
        ("hallazgos", "AvisoDeDatos"),
        ("hallazgos", "ErrorDeDatos"),
        ("historia", "Historia"),
        ("modelos", "crear_binaria"),
        ("revision", "revisar"),
    ],
)
def test_lo_publico_sigue_donde_estaba_en_la_0_1(modulo, nombre):
    assert getattr(importlib.import_module(f"cursokeras.{modulo}"), nombre) is getattr(ck, nombre)


def test_los_colores_salen_de_una_sola_paleta():
    """Fuera de ella solo hay grises, y el fondo de los títulos de una comparación."""
    aparte = {"_comun/paleta.py", "comparacion/dibujo.py"}
    ejemplos = sorted(PAQUETE.parent.joinpath("ejemplos").glob("*.py"))
    textos = {ruta: ruta.read_text(encoding="utf-8") for ruta in (*MODULOS, *ejemplos)}
    de_color = [
        (ruta.name, color)
        for ruta, texto in textos.items()
        if not any(ruta.as_posix().endswith(una) for una in aparte)
        for color in re.findall(r"#[0-9A-Fa-f]{6}|[\"']C\d[\"']", texto)
        if len({color[i : i + 2] for i in (1, 3, 5)}) > 1
    ]
    assert de_color == []


def test_medir_no_importa_nada_de_explicar():
    """En `comparacion`, lo que mide no sabe de causas."""
    de_medir = ("recorrido", "ruido", "paso", "pasada", "diferencias", "contraparte", "red_keras")
    for nombre in de_medir:
        texto = (PAQUETE / "comparacion" / f"{nombre}.py").read_text(encoding="utf-8")
        assert not re.search(r"comparacion\.causas", texto), nombre
