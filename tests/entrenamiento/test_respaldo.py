"""El respaldo de `entrenar`: seguir después de un corte es como no haberse cortado."""

import errno
import functools
import os
import pathlib
from typing import NamedTuple

import numpy as np
import pytest

import cursokeras as ck
from cursokeras._backend import keras
from cursokeras._comun import archivos
from cursokeras.entrenamiento.respaldo.generaciones import Generaciones
from tests.entrenamiento.en_otro_proceso import crear, datos, estado


class Corte(Exception):
    """Un fallo cualquiera a mitad del entrenamiento."""


class Cortar(keras.callbacks.Callback):
    """Lanza un error al comenzar la época `epoca` (desde 0), o al terminar su primer lote."""

    def __init__(self, epoca, error=Corte, *, dentro=False):
        super().__init__()
        self.epoca, self.error, self.dentro = epoca, error, dentro
        self._ahora = None

    def on_epoch_begin(self, epoch, logs=None):
        self._ahora = epoch
        if epoch == self.epoca and not self.dentro:
            raise self.error

    def on_train_batch_end(self, batch, logs=None):
        if self._ahora == self.epoca and self.dentro:
            raise self.error


class Corrida(NamedTuple):
    """Lo que deja un entrenamiento: su historia y todos los números del modelo."""

    historia: ck.Historia
    estado: list


@functools.cache
def _molde():
    modelo = crear()
    modelo.optimizer.build(modelo.trainable_variables)
    return modelo, estado(modelo)


def nuevo():
    """Un solo modelo devuelto a su comienzo: Keras lo compila una vez, que es lo que tarda."""
    modelo, comienzo = _molde()
    variables = [*modelo.variables, *modelo.optimizer.variables]
    for variable, valor in zip(variables, comienzo, strict=True):
        variable.assign(valor)
    return modelo


def entrenar(modelo=None, **opciones):
    modelo = modelo or nuevo()
    opciones = {"epochs": 8, "batch_size": 16, "semilla": 4, "verbose": 0, **opciones}
    # Sin acelerar, como obliga el callback que corta dentro de una época: los mismos bits.
    opciones.setdefault("acelerar", False)
    x, y = opciones.pop("datos", None) or datos()
    return Corrida(ck.entrenar(modelo, x, y, **opciones), estado(modelo))


def cortado(carpeta, epoca=3, error=Corte, *, modelo=None, dentro=False, **opciones):
    """Un entrenamiento que se corta en esa época y deja su respaldo en la carpeta."""
    modelo = modelo or nuevo()
    cortar = Cortar(epoca, error, dentro=dentro)
    if error is KeyboardInterrupt:
        entrenar(modelo, respaldo=carpeta, callbacks=[cortar], **opciones)
        return modelo
    with pytest.raises(error):
        entrenar(modelo, respaldo=carpeta, callbacks=[cortar], **opciones)
    return modelo


def exigir_igual(corrida, esperada):
    historia, otra = corrida.historia, esperada.historia
    assert historia.history == otra.history
    assert historia.epoch == otra.epoch
    assert historia.motivo == otra.motivo
    assert (historia.mejor_epoca, historia.mejor_perdida) == (otra.mejor_epoca, otra.mejor_perdida)
    for a, b in zip(corrida.estado, esperada.estado, strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.fixture
def carpeta(tmp_path):
    return tmp_path / "respaldo"


@pytest.fixture(scope="module")
def completo():
    """El entrenamiento que nunca se cortó."""
    return entrenar()


@pytest.mark.parametrize("dentro", [False, True], ids=["entre épocas", "dentro de una época"])
@pytest.mark.parametrize("epoca", [0, 3, 7], ids=["primera", "del medio", "última"])
def test_seguir_es_como_no_cortarse(epoca, dentro, carpeta, completo):
    cortado(carpeta, epoca, dentro=dentro)
    exigir_igual(entrenar(respaldo=carpeta), completo)
    assert not carpeta.exists()


@pytest.mark.parametrize("mismo_modelo", [True, False], ids=["mismo modelo", "modelo nuevo"])
@pytest.mark.parametrize("epoca", [0, 3, 7], ids=["primera", "del medio", "última"])
def test_ctrl_c_deja_el_respaldo_y_los_mejores_pesos(epoca, mismo_modelo, carpeta, completo):
    modelo = cortado(carpeta, epoca, KeyboardInterrupt, dentro=True)
    assert carpeta.exists() == (epoca > 0)
    modelo = modelo if mismo_modelo and epoca else nuevo()
    exigir_igual(entrenar(modelo, respaldo=carpeta), completo)


def test_despues_de_ctrl_c_el_motivo_dice_como_seguir(carpeta):
    cortar = Cortar(3, KeyboardInterrupt)
    historia = entrenar(respaldo=carpeta, callbacks=[cortar]).historia
    assert "Ctrl-C después de 3 épocas" in historia.motivo
    assert "seguir desde la época 4, repite la misma llamada" in historia.motivo


class CortarAcelerado(keras.callbacks.Callback):
    """Lanza un error al comenzar la época 3, y no escucha los lotes: así se puede acelerar."""

    def on_epoch_begin(self, epoch, logs=None):
        if epoch == 3:
            raise Corte


def test_acelerado_tambien(carpeta):
    opciones = {"acelerar": True, "epochs": 5}
    entera = entrenar(**opciones)
    with pytest.raises(Corte):
        entrenar(respaldo=carpeta, callbacks=[CortarAcelerado()], **opciones)
    exigir_igual(entrenar(respaldo=carpeta, **opciones), entera)


def test_sin_semilla_sigue_el_mismo_orden_de_lotes(carpeta, monkeypatch):
    monkeypatch.setattr("numpy.random.SeedSequence", lambda: type("S", (), {"entropy": 77}))
    entera = entrenar(semilla=None)
    cortado(carpeta, semilla=None)
    monkeypatch.undo()
    exigir_igual(entrenar(semilla=None, respaldo=carpeta), entera)


@pytest.mark.parametrize(
    "opciones",
    [
        {"patience": 2, "epochs": 60},
        {"patience": None, "brecha": 0.05, "epochs": 60},
        {"patience": 3, "brecha": 0.01, "epochs": 60},
        {"validation_split": 0},
        {"sample_weight": np.linspace(0, 2, 120)},
    ],
    ids=["paciencia", "brecha", "las dos", "sin validación", "pesos por fila"],
)
def test_recuerda_la_parada_temprana(opciones, carpeta):
    entera = entrenar(**opciones)
    cortado(carpeta, len(entera.historia.epoch) - 1, **opciones)
    exigir_igual(entrenar(respaldo=carpeta, **opciones), entera)


def test_morir_despues_de_la_ultima_epoca_no_entrena_de_mas(carpeta, monkeypatch, completo):
    monkeypatch.setattr(Generaciones, "borrar", lambda self: None)
    entrenar(respaldo=carpeta)
    monkeypatch.undo()
    exigir_igual(entrenar(respaldo=carpeta), completo)


def test_morir_despues_de_que_la_paciencia_paro_no_entrena_de_mas(carpeta, monkeypatch):
    opciones = {"patience": 2, "epochs": 60}
    monkeypatch.setattr(Generaciones, "borrar", lambda self: None)
    entera = entrenar(respaldo=carpeta, **opciones)
    assert len(entera.historia.epoch) < 60
    monkeypatch.undo()
    exigir_igual(entrenar(respaldo=carpeta, **opciones), entera)


def test_se_pueden_pedir_mas_epocas(carpeta):
    entera = entrenar(epochs=12)
    cortado(carpeta)
    exigir_igual(entrenar(epochs=12, respaldo=carpeta), entera)


def test_no_se_pueden_pedir_menos_de_las_hechas(carpeta):
    cortado(carpeta)
    with pytest.raises(ValueError, match=r"época 3 y epochs=2"):
        entrenar(epochs=2, respaldo=carpeta)


def test_al_terminar_otra_llamada_entrena_todas_sus_epocas(carpeta):
    modelo = nuevo()
    entrenar(modelo, respaldo=carpeta)
    segunda = entrenar(modelo, epochs=5, respaldo=carpeta).historia
    assert segunda.epoch == [0, 1, 2, 3, 4]
    assert len(entrenar(modelo, epochs=3).historia.epoch) == 3


def otra_red():
    modelo = crear()
    otro = keras.Sequential([keras.Input((4,)), keras.layers.Dense(24), *modelo.layers[1:]])
    otro.compile(keras.optimizers.Adam(0.01), "mse", metrics=["mae"])
    return otro


def otra_compilacion(optimizer, loss="mse", metrics=("mae",)):
    modelo = crear()
    modelo.compile(optimizer, loss, metrics=list(metrics))
    return modelo


X, Y = datos()
OTROS = {
    "otros datos de entrada": ({"datos": (X + 1, Y)}, r"x \(120×4 float32, huella .* ahora"),
    "menos filas": ({"datos": (X[1:], Y[1:])}, r"x \(120×4.*119×4"),
    "otros objetivos": ({"datos": (X, -Y)}, r"y \("),
    "otros lotes": ({"batch_size": 32}, r"batch_size \(16 en el respaldo, 32 ahora\)"),
    "otra paciencia": ({"patience": 3}, r"patience \(10 en el respaldo, 3 ahora\)"),
    "otra brecha": ({"brecha": 0.5}, r"brecha \(None en el respaldo, 0.5 ahora\)"),
    "otra semilla": ({"semilla": 5}, r"semilla \(4 en el respaldo, 5 ahora\)"),
    "sin semilla": ({"semilla": None}, r"semilla \(4 en el respaldo, None ahora\)"),
    "otra validación": ({"validation_split": 0.3}, r"validation_split \(0.2"),
    "validación aparte": ({"validation_data": (X[:9] + 1, Y[:9])}, "validation_data"),
    "pesos por fila": ({"sample_weight": np.ones(120)}, "sample_weight"),
    "otra red": ({"modelo": otra_red}, "capas del modelo.*activation.*relu.*linear"),
    "otro optimizador": ({"modelo": lambda: otra_compilacion("sgd")}, r"optimizer \(Adam"),
    "otra tasa": (
        {"modelo": lambda: otra_compilacion(keras.optimizers.Adam(0.02))},
        "learning_rate",
    ),
    "otra pérdida": (
        {"modelo": lambda: otra_compilacion(keras.optimizers.Adam(0.01), "mae")},
        r"loss \(mse en el respaldo, mae ahora\)",
    ),
    "otras métricas": (
        {"modelo": lambda: otra_compilacion(keras.optimizers.Adam(0.01), metrics=["mape"])},
        "metrics",
    ),
}


@pytest.fixture(scope="module")
def ya_cortado(tmp_path_factory):
    carpeta = tmp_path_factory.mktemp("respaldo")
    cortado(carpeta)
    return carpeta


@pytest.mark.parametrize(("opciones", "mensaje"), OTROS.values(), ids=OTROS.keys())
def test_el_respaldo_de_otro_entrenamiento_se_rechaza(opciones, mensaje, ya_cortado):
    antes = {ruta: ruta.read_bytes() for ruta in ya_cortado.iterdir()}
    modelo = opciones.get("modelo", nuevo)()
    opciones = {clave: valor for clave, valor in opciones.items() if clave != "modelo"}
    with pytest.raises(ValueError, match=f"otro entrenamiento.*{mensaje}"):
        entrenar(modelo, respaldo=ya_cortado, **opciones)
    assert {ruta: ruta.read_bytes() for ruta in ya_cortado.iterdir()} == antes


def test_dos_llamadas_seguidas_necesitan_dos_carpetas(carpeta):
    modelo = nuevo()
    entrenar(modelo, respaldo=carpeta)
    cortado(carpeta, modelo=modelo)
    with pytest.raises(ValueError, match=r"pasos ya dados.*una por cada llamada"):
        entrenar(respaldo=carpeta)


def danar(ruta, como):
    contenido = ruta.read_bytes()
    medio = len(contenido) // 2
    formas = {
        "cortado": contenido[:medio],
        "vacío": b"",
        "con un bit cambiado": contenido[:medio]
        + bytes([contenido[medio] ^ 1])
        + contenido[medio + 1 :],
        "de otro programa": b"PK\x03\x04 otra cosa",
        "sin cuerpo": contenido[:60],
    }
    ruta.write_bytes(formas[como])


DANOS = ["cortado", "vacío", "con un bit cambiado", "de otro programa", "sin cuerpo"]


@pytest.mark.parametrize("como", DANOS)
def test_si_el_ultimo_se_dano_se_usa_el_anterior(como, carpeta, completo):
    cortado(carpeta, 5)
    ultimo = max(carpeta.iterdir(), key=lambda ruta: ruta.stat().st_mtime_ns)
    danar(ultimo, como)
    with pytest.warns(UserWarning, match=r"no sirve.*Se usa el otro, de la época 4"):
        seguida = entrenar(respaldo=carpeta)
    exigir_igual(seguida, completo)


@pytest.mark.parametrize("como", DANOS[:2])
def test_si_se_danaron_los_dos_se_empieza_de_nuevo(como, carpeta, completo):
    cortado(carpeta, 5)
    for ruta in carpeta.iterdir():
        danar(ruta, como)
    with pytest.warns(UserWarning, match="Se empieza desde la primera época"):
        corrida = entrenar(respaldo=carpeta)
    exigir_igual(corrida, completo)


def test_lo_ajeno_no_se_toca(carpeta):
    carpeta.mkdir()
    (carpeta / "notas.txt").write_text("mías")
    (carpeta / ".oculto-entrenar").write_text("mío")
    (carpeta / "sub").mkdir()
    (carpeta / ".abc123-entrenar-a.respaldo").write_text("resto de una escritura cortada")
    entrenar(epochs=3, respaldo=carpeta)
    assert sorted(os.listdir(carpeta)) == [".oculto-entrenar", "notas.txt", "sub"]


FALLOS = {
    "abrir": (archivos.tempfile, "mkstemp"),
    "escribir": (pathlib.Path, "write_bytes"),
    "asegurar en el disco": (os, "fsync"),
    "poner en su lugar": (os, "replace"),
}


@pytest.mark.parametrize(("donde", "nombre"), FALLOS.values(), ids=FALLOS.keys())
def test_el_disco_lleno_avisa_una_vez_y_sigue(donde, nombre, carpeta, completo, monkeypatch):
    cortado(carpeta, 2)
    bueno = {ruta.name: ruta.read_bytes() for ruta in carpeta.iterdir()}

    def lleno(*args, **kwargs):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Generaciones, "borrar", lambda self: None)
    monkeypatch.setattr(donde, nombre, lleno)
    with pytest.warns(UserWarning, match=r"época 3 .*queda el de la época 2") as avisos:
        seguida = entrenar(respaldo=carpeta)
    exigir_igual(seguida, completo)
    assert len([a for a in avisos if a.category is UserWarning]) == 1
    assert {ruta.name: ruta.read_bytes() for ruta in carpeta.iterdir()} == bueno


def test_el_disco_que_se_vacia_vuelve_a_respaldar(carpeta, monkeypatch, completo):
    escribir = pathlib.Path.write_bytes
    fallos = iter([True, False, True, True, False, False, False, False])

    def a_veces(*args):
        if next(fallos):
            raise OSError(errno.ENOSPC, "No space left on device")
        return escribir(*args)

    monkeypatch.setattr(pathlib.Path, "write_bytes", a_veces)
    with pytest.warns(UserWarning, match="No se pudo escribir") as avisos:
        cortado(carpeta, 6)
    assert len(avisos) == 2
    monkeypatch.undo()
    exigir_igual(entrenar(respaldo=carpeta), completo)


@pytest.mark.parametrize(
    ("valor", "mensaje"),
    [(True, "nombre de una carpeta"), ("", "nombre de una carpeta"), (3, "nombre de una carpeta")],
    ids=["True", "vacío", "un número"],
)
def test_respaldo_debe_ser_una_carpeta(valor, mensaje):
    with pytest.raises(ValueError, match=mensaje):
        entrenar(respaldo=valor)


def test_un_archivo_no_es_una_carpeta(tmp_path):
    (tmp_path / "notas.txt").write_text("x")
    with pytest.raises(ValueError, match="No se puede usar la carpeta"):
        entrenar(respaldo=tmp_path / "notas.txt")


def test_los_nombres_que_keras_numera_no_cuentan(carpeta, completo):
    cortado(carpeta)
    modelo = crear()
    assert modelo.layers[0].name != nuevo().layers[0].name
    exigir_igual(entrenar(modelo, respaldo=carpeta), completo)


def test_verbose_dice_que_sigue(carpeta, capsys):
    cortado(carpeta)
    entrenar(respaldo=carpeta, verbose=2)
    lineas = capsys.readouterr().out.splitlines()
    assert lineas[0] == "Sigue después de la época 3, la última del respaldo."
    assert lineas[1].startswith("época 4/8")


def test_divergir_despues_de_seguir_vuelve_al_comienzo(carpeta):
    class Envenenar(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            if epoch == 5:
                self.model.set_weights([w * np.nan for w in self.model.get_weights()])

    with pytest.warns(UserWarning, match="dejaron de ser números"):
        entera = entrenar(callbacks=[Envenenar()])
    cortado(carpeta)
    with pytest.warns(UserWarning, match="dejaron de ser números"):
        seguida = entrenar(callbacks=[Envenenar()], respaldo=carpeta)
    exigir_igual(seguida, entera)
    assert not carpeta.exists()
