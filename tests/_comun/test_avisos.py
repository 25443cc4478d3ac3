"""Todos los avisos del paquete señalan la línea de quien lo llamó, pase por donde pase."""

import errno
import pathlib
import re
import warnings

import pytest

import cursokeras as ck
from cursokeras._backend import keras
from cursokeras.entrenamiento.respaldo.generaciones import Generaciones

AQUI = __file__
RAIZ = pathlib.Path(ck.__file__).parent
X, Y = ck.datos.lineal(n=40, semilla=0)


def entrenar(modelo=None, x=X, y=Y, **opciones):
    opciones = {"epochs": 2, "semilla": 0, "verbose": 0, **opciones}
    return ck.entrenar(modelo or ck.crear_regresion(2, semilla=0), x, y, **opciones)


def columna_constante(tmp_path, monkeypatch):
    entrenar(x=X * [1, 0])


def divergencia(tmp_path, monkeypatch):
    modelo = ck.crear_regresion(2, optimizer="sgd", learning_rate=1e6)
    ck.entrenar(modelo, X, Y, epochs=5, verbose=0)


def lotes_que_no_se_reparten(tmp_path, monkeypatch):
    monkeypatch.setattr("cursokeras.entrenamiento.datos.contar_replicas", lambda modelo: 2)
    entrenar(x=X[:39], y=Y[:39], batch_size=5)


def respaldo_danado(tmp_path, monkeypatch):
    (tmp_path / "entrenar-a.respaldo").write_text("otra cosa")
    entrenar(respaldo=tmp_path)


def respaldo_sin_espacio(tmp_path, monkeypatch):
    def lleno(*args):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Generaciones, "escribir", lleno)
    entrenar(respaldo=tmp_path)


def respaldo_que_no_se_borra(tmp_path, monkeypatch):
    def sin_permiso(*args, **kwargs):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(pathlib.Path, "unlink", sin_permiso)
    entrenar(respaldo=tmp_path)


def guardar_algo_propio(tmp_path, monkeypatch):
    modelo = keras.Sequential([keras.Input((2,)), keras.layers.PReLU(), keras.layers.Dense(1)])
    modelo.compile("sgd", "mse")
    ck.guardar(modelo, tmp_path / "m.keras")


def cargar_sin_sello(tmp_path, monkeypatch):
    ck.crear_regresion(2).save(tmp_path / "m.keras")
    ck.cargar(tmp_path / "m.keras")


def cargar_sin_optimizador(tmp_path, monkeypatch):
    modelo = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    modelo.compile("adam", "mse")
    modelo.save(tmp_path / "m.keras")
    ck.cargar(tmp_path / "m.keras")


def tabla_ambigua(tmp_path, monkeypatch):
    (tmp_path / "autos.csv").write_text("auto;precio\nA;12.501\nB;8.991\n")
    ck.datos.leer_tabla(tmp_path / "autos.csv")


def evaluar_una_fila(tmp_path, monkeypatch):
    ck.evaluar(ck.crear_regresion(2), X[:1], Y[:1])


def metricas_sin_gemelo(tmp_path, monkeypatch):
    ck.desde_keras(ck.crear_regresion(2, metrics=["r2_score"]))


def desde_un_callback_del_usuario(tmp_path, monkeypatch):
    class EvaluarUna(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            ck.evaluar(self.model, X[:1], Y[:1])  # La línea que se señala.

    entrenar(callbacks=[EvaluarUna()], epochs=1)


# Quién avisa, qué dice y en qué línea de aquí está la llamada.
CASOS = {
    columna_constante: ("mismo valor", "return ck.entrenar"),
    divergencia: ("dejaron de ser números", "ck.entrenar(modelo, X, Y, epochs=5"),
    lotes_que_no_se_reparten: ("Para repartir cada lote", "return ck.entrenar"),
    respaldo_danado: ("un respaldo que no sirve", "return ck.entrenar"),
    respaldo_sin_espacio: ("No se pudo escribir el respaldo", "return ck.entrenar"),
    respaldo_que_no_se_borra: ("no se pudo borrar su respaldo", "return ck.entrenar"),
    guardar_algo_propio: ("Para cargar este modelo", "ck.guardar("),
    cargar_sin_sello: ("no tiene sello", "ck.cargar("),
    cargar_sin_optimizador: ("estado del optimizador", "ck.cargar("),
    tabla_ambigua: ("de dos maneras", "ck.datos.leer_tabla("),
    evaluar_una_fila: ("R² compara", "ck.evaluar("),
    metricas_sin_gemelo: ("La red de NumPy mide", "ck.desde_keras("),
    desde_un_callback_del_usuario: ("R² compara", "# La línea que se señala."),
}


@pytest.mark.parametrize("provocar", CASOS, ids=lambda caso: caso.__name__)
def test_el_aviso_senala_la_linea_que_llamo_al_paquete(provocar, tmp_path, monkeypatch):
    texto, linea = CASOS[provocar]
    with warnings.catch_warnings(record=True) as avisos:
        warnings.simplefilter("always")
        provocar(tmp_path, monkeypatch)
    nuestros = [a for a in avisos if re.search(texto, str(a.message))]
    assert nuestros
    for aviso in nuestros:
        assert aviso.filename == AQUI
        escrita = pathlib.Path(AQUI).read_text().splitlines()[aviso.lineno - 1]
        assert linea in escrita


def test_solo_avisar_avisa():
    """`desde_cero` no depende de `_comun`, y `acelerar` no avisa."""
    aparte = {RAIZ / "_comun" / "avisos.py", *(RAIZ / "desde_cero").rglob("*.py")}
    for modulo in {*RAIZ.rglob("*.py")} - aparte:
        assert "warnings.warn(" not in modulo.read_text(), modulo
