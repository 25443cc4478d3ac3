"""Cada ejemplo se ejecuta entero, como lo haría un estudiante, en una carpeta vacía."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

EJEMPLOS = sorted(Path(__file__).parent.parent.joinpath("ejemplos").glob("*.py"))

# Por ejemplo: dónde está una cifra en lo que imprime, cuánto debe valer y con qué tolerancia.
CIFRAS = {
    "activaciones": [
        (r"sigmoid +\S+ +\S+ +\S+ +\S+ +(\S+)", 0.88080, 0),
        (r"diez veces o menos: (\S+)\.\n", 9.5e-7, 0),
        (r"2σ\(2z\) − 1 la mayor diferencia es (\S+);", 0, 1e-15),
        (r"con 2σ\(z\) − 1 sería (\S+)\.\n", 0.22, 0.02),
    ],
    "capas_lineales_colapsan": [
        (r"entre las tres capas y esa recta es (\S+)\n", 0, 1e-5),
        (r"mejor recta posible: y = (\S+) x", 0.5767, 0),
        (r"Pérdida de la mejor recta: (\S+)\n", 1.5513, 0),
        (r"Pérdida de las tres capas: (\S+)\n", 1.5513, 0.02),
        (r"Pérdida con tanh en las ocultas: (\S+)\n", 0.1**2, 0.01),
    ],
    "clasificacion_moda": [
        (r"Regresión softmax: accuracy (\S+)", 0.80, 0.06),
        (r"Con 128 ocultas: accuracy (\S+)", 0.82, 0.06),
    ],
    "combustibles": [
        (r"\[(\S+) +26\.6866\]", 49.875, 0),
        (r"C +38\.200 +(\S+)", 38.2, 0.005),
        (r"H +84\.900 +(\S+)", 84.9, 0.005),
        (r"O +-10\.612 +(\S+)", -10.6125, 0.005),
        (r"líquido +-0\.500 +(\S+)", -0.5, 0.005),
        (r"sólido +-0\.620 +(\S+)", -0.62, 0.005),
    ],
    "desde_cero_vs_keras": [
        (r"Regresión: .* coinciden en los (\d+) lotes", 100, 0),
        (r"Regresión: .* diferencia relativa es (\S+) y", 0, 1e-4),
        (r"Clasificación: .* coinciden en los (\d+) lotes", 100, 0),
        (r"Clasificación: .* diferencia relativa es (\S+) y", 0, 1e-4),
    ],
    "entropia": [
        (r"Entropía (\S+) bits", 1.75, 0),
        (r"entropía cruzada (\S+) bits", 2, 0),
        (r"sobran (\S+) \(divergencia KL", 0.25, 0),
        (r"promedio +(\S+) +1\.5141 +la diapositiva dice 1\.41", 1.5379, 0),
    ],
    "estudiantes": [
        (r"tasa máxima es (\S+) y", 0.003595, 0),
        (r"y la última: .* (\S+)\n", float("inf"), 0),
        (r"Con 0\.0035: .* (\S+)\n", 3.0927, 0.5),
        (r"Con 0\.0036: .* (\S+)\n", 1.05e4, 1e3),
        (r"MSE de la red (\S+),", 3.0927, 1e-4),
        (r"de mínimos cuadrados (\S+)\n", 3.0927, 0),
        (r"suma de las dos notas\) es (\S+)\.\n", 6.1855, 0),
    ],
    "etiquetas_independientes": [
        (r"de cada fila suman de (\S+) a 1\.000\n", 1, 0),
        (r"Entropía cruzada (\S+) \(", 0, 0.05),
        (r"Entropía cruzada \S+ \(la de Keras: (\S+)\)", 0, 0.05),
        (r"aprobó +(\S+) +\S+ +\S+ +\S+ +3\n", 1, 0),
    ],
    "mi_propia_capa": [
        (r"lote (\d+): el gradiente .*\n.*no multiplica por la derivada", 1, 0),
        (r"MiCapaCorregida: .* coinciden en los (\d+) lotes", 40, 0),
    ],
    "paisaje": [
        (r"mínimo está en w1 = (\S+),", 2, 1e-2),
        (r"lote completo .* J = (\S+)\n", 1.3054, 1e-3),
        (r"con impulso .* J = (\S+)\n", 0.3475, 1e-3),
        (r"lotes de 10 .* J = (\S+)\n", 0, 1e-2),
    ],
    "perceptron": [
        (r"con \[0\.9, 0\.2\]: (\S+)", 0.164252, 0),
        (r"el perceptrón .* (\S+)\n", 0.2937, 1e-3),
        (r"scikit-learn +-\S+ +-\S+ +(\S+)\n", 0.2937, 1e-4),
    ],
    "precio_autos": [(r"Red neuronal +(\S+)", 0.90, 0.02)],
    "regresion_lineal": [
        (r"mayor error de la red es (\S+);", 0, 2e-3),
        (r"El MSE es (\S+);", 1e-4, 2e-5),
    ],
    "tasa_de_aprendizaje": [
        (r"tasa máxima de la recta es (\S+)\. Las", 0.94, 0.05),
        (r"Con SGD: .* la pérdida bajó de \S+ a (\S+)\.\n", 0, 0.3),
        (r"Con Adam: .* la pérdida bajó de \S+ a (\S+)\.\n", 0, 0.05),
    ],
    "xor": [
        (r"Sin capa oculta: pérdida (\S+),", 0.693147, 2e-6),
        (r"tanh: pérdida \S+, accuracy (\S+)", 1, 0),
    ],
}


def ejecutar(ejemplo, carpeta):
    """Lo que imprime el ejemplo; falla con todo lo que dijo si no termina bien."""
    ambiente = {**os.environ, "MPLBACKEND": "Agg", "PYTHONUTF8": "1"}
    proceso = subprocess.run(
        [sys.executable, ejemplo], cwd=carpeta, env=ambiente, capture_output=True, encoding="utf-8"
    )
    assert proceso.returncode == 0, proceso.stdout + proceso.stderr
    return proceso.stdout


@pytest.mark.parametrize("ejemplo", EJEMPLOS, ids=lambda ruta: ruta.stem)
class TestEjemplo:
    def test_dice_en_una_linea_de_que_trata(self, ejemplo):
        titulo = ast.get_docstring(ast.parse(ejemplo.read_text(encoding="utf-8"))).splitlines()[0]
        assert 20 < len(titulo) < 100
        assert titulo[-1] in ".?"

    def test_termina_y_deja_lo_que_promete(self, ejemplo, tmp_path):
        impreso = ejecutar(ejemplo, tmp_path)
        dejados = {a.name: a.stat().st_size for a in tmp_path.joinpath("salida").iterdir()}
        prometidos = set(re.findall(r"[\w-]+\.(?:png|xlsx|csv|keras|joblib)\b", impreso))
        assert any(nombre.endswith(".png") for nombre in prometidos)
        assert prometidos == set(dejados)
        assert all(dejados.values()), dejados
        for patron, esperada, tolerancia in CIFRAS.get(ejemplo.stem, ()):
            cifra = re.search(patron, impreso)
            assert cifra, f"falta {patron!r} en:\n{impreso}"
            assert float(cifra[1]) == pytest.approx(esperada, abs=tolerancia, rel=0), patron
