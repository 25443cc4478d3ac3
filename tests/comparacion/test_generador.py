"""Errores de estudiante escritos como programas: una muestra del generador de `benchmarks/`."""

import importlib
import re
import sys
from pathlib import Path

import pytest

import cursokeras as ck

CARPETA = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture(scope="module")
def errores():
    sys.path.insert(0, str(CARPETA))
    try:
        yield importlib.import_module("errores")
    finally:
        sys.path.remove(str(CARPETA))


@pytest.fixture(scope="module")
def redes(errores):
    return sys.modules["redes_de_estudiante"]


def test_una_muestra_de_mutantes_se_nombra(errores):
    cuenta, malos = errores.correr_mutantes(25, semilla=5)
    assert cuenta["nombrado"] >= 24, malos
    assert not cuenta["falso"], malos
    assert not cuenta["excepción"], malos


def test_una_muestra_de_redes_correctas_no_se_acusa(errores):
    assert errores.correr_correctas(8, semilla=5) == []


def test_los_operadores_cambian_el_programa_y_dicen_su_nombre(redes):
    assert len(redes.OPERADORES) > 150
    for operador in redes.OPERADORES:
        assert operador.claves
        assert all(viejo != nuevo for viejo, nuevo in operador.cambios)


# Lo que se cambia en el programa, qué se responde y qué tiene que decir.
PROGRAMAS = {
    "suma total y un sesgo olvidado": (
        (("/ (n * d)", "/ 1"), ("gb2 = d2.sum(axis=0)", "gb2 = 0 * self.b2")),
        ("sesgo_en_cero", "además", "suma todas las filas"),
    ),
    "sin sesgo y con la suma": (
        ((" + self.b2", ""), (".mean()", ".sum()")),
        ("sin_sesgo", "demás, la pérdida suma todas las filas"),
    ),
    "sin derivada en las dos capas": (
        ((" * (1 - self.a1 ** 2)", ""), (" * (1 - self.a2 ** 2)", "")),
        ("sin_derivada", "cada capa no multiplica"),
    ),
    "dos errores en dos capas": (
        ((" * (1 - self.a1 ** 2)", ""), ("gb3 = d3.sum(axis=0)", "gb3 = 0 * self.b3")),
        ("sesgo_en_cero", "además, en la capa 'uno' no multiplica por la derivada"),
    ),
    "reemplaza los pesos": (
        (("w -= self.tasa * g", "w[...] = -self.tasa * g"),),
        ("reemplaza_los_pesos", "es w − tasa · g"),
    ),
    "sesgos diez veces más rápidos": (
        (("self.tasa * g", "self.tasa * g * (1 + 9 * (w.ndim == 1))"),),
        ("tasa_de_una_parte", "bias de 'uno'", "10 veces lo debido"),
    ),
    "un peso olvidado y otra tasa": (
        (("self.tasa * g", "3 * self.tasa * g * (k != 5)"),),
        ("pesos_que_no_se_mueven", "bias de 'cabeza'", "los otros se mueven con la tasa 0.15"),
    ),
    "no mueve": (
        (("        self.mover(self.gradientes)\n", ""),),
        ("no_se_mueve", "no mueve ningún peso"),
    ),
    "la pérdida redondeada": (
        (("return perdida\n", "return round(float(perdida), 2)\n"),),
        ("perdida_redondeada", "a 2 decimales"),
    ),
    "la pérdida constante": (
        (("return perdida\n", "return 1.5\n"),),
        ("perdida_constante", "siempre 1.5"),
    ),
    "la pérdida sumada": (
        (("return perdida\n", "self.s = getattr(self, 's', 0) + perdida; return self.s\n"),),
        ("perdida_sumada", "se suma a la de los lotes anteriores"),
    ),
    "gradientes promediados": (
        (
            (
                "self.gradientes = self.atras(y)",
                "g = self.atras(y); v = getattr(self, 'viejos', g); self.viejos = g; "
                "self.gradientes = [(a + b) / 2 for a, b in zip(g, v)]",
            ),
        ),
        ("gradientes_promediados", "con los del lote anterior"),
    ),
    "salta los lotes pares": (
        (
            ("self.mover(self.gradientes)", "self.mover(self.gradientes) if self.toca() else 0"),
            (
                "    def mover(",
                "    def toca(self):\n        self.n = getattr(self, 'n', 0) + 1\n"
                "        return self.n % 2\n\n    def mover(",
            ),
        ),
        ("se_salta_lotes", "no mueve los pesos en este lote"),
    ),
    "un Dropout de una fila de más": (
        (("        return self.p\n", "        self.p = self.p[:-1]\n        return self.p\n"),),
        ("forma_de_la_salida", "la salida tiene forma"),
    ),
    "la raíz de un negativo": (
        (("        return self.p\n", "        self.p = np.sqrt(self.p)\n        return self.p\n"),),
        ("no_son_numeros", "la salida tiene nan o infinitos"),
    ),
    "la tasa baja en la segunda época": (
        (("self.tasa * g", "self.tasa * g * 0.5 ** ((self.t - 1) // 3)"),),
        ("tasa_que_cambia", "desde este lote es 0.025"),
    ),
    "dos pasos con cada lote": (
        (
            (
                "        return perdida\n",
                "        self.adelante(x); self.mover(self.atras(y))\n        return perdida\n",
            ),
        ),
        ("dos_pasos", "da dos pasos con cada lote"),
    ),
    "una penalización que Keras no tiene": (
        (("return datos", "return datos + 0.03 * sum((w**2).sum() for w in self.get_weights())"),),
        ("penalizacion_de_mas", "suma 0.03 veces w² de todos los pesos"),
    ),
    "un regularizador que Keras no tiene": (
        (
            (
                "return [gW1,",
                "gW1, gW2, gW3 = [g + 0.06 * w for g, w in zip([gW1, gW2, gW3], "
                "self.get_weights()[::2])]\n        return [gW1,",
            ),
        ),
        ("regularizador_de_mas", "los kernels suman 0.06 veces w"),
    ),
    "activaciones del lote anterior": (
        (
            (
                "gW2 = self.a1.T @ d2",
                "a, self.v1 = getattr(self, 'v1', self.a1), self.a1\n"
                "        gW2 = (a if len(a) == n else self.a1).T @ d2",
            ),
        ),
        ("entrada_del_lote_anterior", "la entrada que la capa tuvo en el lote anterior"),
    ),
    "tasa por las filas": (
        (("self.mover(self.gradientes)", "self.mover([g * len(x) for g in self.gradientes])"),),
        ("sin_promediar_filas", "lo que se mueven los pesos"),
    ),
    "la mitad del lote": (
        (
            (
                "        self.adelante(x)\n",
                "        x, y = x[: len(x) // 2], y[: len(y) // 2]\n        self.adelante(x)\n",
            ),
        ),
        ("mitad_del_lote", "primera mitad del lote"),
    ),
}


def _config(redes, nombre):
    clase = "métodos" if "mitad" in nombre or "dos pasos" in nombre else "capas"
    return redes.Config("tanh", "tanh", "mse", "sgd", clase, 3)


DIVIDEN_POR_CERO = {
    "t empieza en 0": (
        "self.t += 1",
        "self.t = getattr(self, 'pasos', 0); self.pasos = self.t + 1",
        ("cuenta_de_pasos", "empieza con t = 0"),
    ),
    "sin ε": ("(np.sqrt(v) + 1e-7)", "np.sqrt(v)", ("epsilon", "no suma ε")),
}


@pytest.mark.parametrize("nombre", DIVIDEN_POR_CERO)
def test_adam_que_divide_por_cero(errores, redes, nombre):
    viejo, nuevo, (causa, dice) = DIVIDEN_POR_CERO[nombre]
    # Con relu y lotes de 8 hay una neurona apagada, y su gradiente es 0.
    config = redes.Config("relu", "relu", "mse", "adam", "capas", 1, semilla=3, ocultas=(9, 9))
    resultado = errores.comparar(config, redes.escribir(config).replace(viejo, nuevo))
    assert resultado.causa == causa, resultado.explicacion
    assert dice in resultado.explicacion


@pytest.mark.parametrize("nombre", PROGRAMAS)
def test_un_programa_equivocado_se_explica(errores, redes, nombre):
    cambios, (causa, *dice) = PROGRAMAS[nombre]
    config = _config(redes, nombre)
    texto = redes.escribir(config)
    for viejo, nuevo in cambios:
        assert viejo in texto, viejo
        texto = texto.replace(viejo, nuevo)
    resultado = errores.comparar(config, texto, epochs=2)
    assert resultado.causa == causa, resultado.explicacion
    for parte in dice:
        assert parte in resultado.explicacion


def test_lo_que_no_es_un_error_conocido_solo_dice_donde_mirar(errores, redes):
    config = redes.Config("tanh", "tanh", "mse", "sgd", "capas", 3)
    texto = redes.escribir(config).replace("gW2 = self.a1.T @ d2", "gW2 = np.cos(self.a1.T @ d2)")
    resultado = errores.comparar(config, texto)
    assert resultado.causa == ""
    assert "kernel de 'dos'" in resultado.explicacion
    assert "No reconozco la causa" in resultado.explicacion
    assert "Causa probable" not in resultado.explicacion


def test_ninguna_causa_sin_una_prueba_que_la_nombre():
    fuente = Path(ck.comparacion.__file__).parent / "causas"
    propias = "".join(p.read_text("utf-8") for p in fuente.glob("*.py"))
    pruebas = "".join(p.read_text("utf-8") for p in Path(__file__).parent.glob("*.py"))
    claves = set(re.findall(r'Causa\(\s*"([a-z_]+)"', propias))
    sin_prueba = [c for c in claves if f'"{c}"' not in pruebas]
    assert len(claves) > 10
    assert not sin_prueba
