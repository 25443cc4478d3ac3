"""Ctrl-C en cualquier línea: se devuelve la historia, con sus pesos, y el respaldo queda entero.

Cada caso repite el mismo entrenamiento y, justo antes de una línea elegida, envía SIGINT: llega
como cuando se pulsa Ctrl-C en ese momento. `INTERRUPCIONES=2000 pytest` de este archivo prueba
todas las líneas; sin eso, unas pocas de cada parte.
"""

import contextlib
import inspect
import os
import pathlib
import re
import signal
import sys
import threading
import types
from collections import Counter
from typing import NamedTuple

import numpy as np
import pytest

import cursokeras as ck
from cursokeras._backend import keras
from cursokeras.entrenamiento.historia import Historia
from cursokeras.entrenamiento.parada import Vigilante
from cursokeras.entrenamiento.respaldo.generaciones import Generaciones
from tests.entrenamiento.en_otro_proceso import Pesos, datos
from tests.entrenamiento.test_respaldo import Corte, nuevo

CUANTAS = int(os.environ.get("INTERRUPCIONES", "4"))
EPOCAS = 4
RAIZ = pathlib.Path(ck.__file__).parent
# Donde se anota la época, se elige con qué pesos se queda y se escribe el respaldo; y quien llama.
PARTES = {
    "entrenamiento": str(RAIZ / "entrenamiento"),
    "archivos": str(RAIZ / "_comun" / "archivos.py"),
    "atributos": str(RAIZ / "aceleracion" / "atributos.py"),
    "callbacks de Keras": str(pathlib.Path(keras.__file__).parent / "src" / "callbacks"),
    "fit de Keras": str(pathlib.Path(keras.__file__).parent / "src" / "backend" / "tensorflow"),
}


class Linea(NamedTuple):
    """La vez número `vez` que se está por ejecutar una línea."""

    archivo: str
    numero: int
    vez: int


@contextlib.contextmanager
def antes_de_cada_linea(hacer):
    """Llama a `hacer(linea)` antes de cada línea de esas partes."""
    veces, anterior = Counter(), sys.gettrace()

    def en_linea(marco, suceso, _):
        if suceso == "line":
            donde = (marco.f_code.co_filename, marco.f_lineno)
            veces[donde] += 1
            hacer(Linea(*donde, veces[donde]))
        return en_linea

    def en_llamada(marco, suceso, _):
        return en_linea if marco.f_code.co_filename.startswith(tuple(PARTES.values())) else None

    sys.settrace(en_llamada)
    try:
        yield
    finally:
        sys.settrace(anterior)


def pulsar_en(*lineas):
    def hacer(linea):
        if linea in lineas:
            signal.raise_signal(signal.SIGINT)

    return antes_de_cada_linea(hacer)


class CortarEnLaTercera(keras.callbacks.Callback):
    """Falla al comenzar la tercera época, y no escucha los lotes: así se puede acelerar."""

    def on_epoch_begin(self, epoch, logs=None):
        if epoch == 2:
            raise Corte


def entrenar(modelo=None, **opciones):
    opciones = {"epochs": EPOCAS, "batch_size": 16, "semilla": 4, "verbose": 0, **opciones}
    return ck.entrenar(modelo or nuevo(), *datos(), **opciones)


class Caso(NamedTuple):
    """Un entrenamiento que nunca se interrumpe, y las líneas por las que pasa."""

    acelerar: bool
    retomado: bool
    historia: ck.Historia
    pesos: list
    lineas: list

    def preparar(self, carpeta):
        """Un modelo y, si el caso sigue un respaldo, la carpeta con dos épocas hechas."""
        if self.retomado:
            with pytest.raises(Corte):
                entrenar(acelerar=self.acelerar, respaldo=carpeta, callbacks=[CortarEnLaTercera()])
        return nuevo()


@pytest.fixture(autouse=True)
def manejador_de_python():
    """El de siempre: un programa que corre en segundo plano nace sin atender Ctrl-C."""
    anterior = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, anterior)


def elegir(vistas, cuantas):
    """Las líneas que más dicen: repartidas por igual, la última vez que se pasa por cada una."""
    ultimas = sorted({(archivo, numero): vez for archivo, numero, vez in vistas}.items())
    lineas = [Linea(*donde, vez) for donde, vez in ultimas]
    elegidas = []
    for parte in PARTES.values():
        suyas = [linea for linea in lineas if linea.archivo.startswith(parte)]
        paso = max(len(suyas) // cuantas, 1)
        elegidas += suyas[::paso]
    return [*elegidas, *vistas[-8:]]  # Al final, un KeyboardInterrupt perdería la historia.


@pytest.fixture(
    scope="module",
    params=[(True, False), (True, True), (False, False)],
    ids=["acelerado", "acelerado y retomado", "sin acelerar"],
)
def caso(request, tmp_path_factory):
    acelerar, retomado = request.param
    pesos = Pesos()
    historia = entrenar(acelerar=acelerar, callbacks=[pesos])
    caso = Caso(acelerar, retomado, historia, pesos.por_epoca, [])
    carpeta = tmp_path_factory.mktemp("molde")
    modelo = caso.preparar(carpeta)
    with antes_de_cada_linea(caso.lineas.append):
        entrenar(modelo, acelerar=acelerar, respaldo=carpeta)
    return caso


def exigir_lo_mismo(obtenidos, esperados):
    for a, b in zip(obtenidos, esperados, strict=True):
        np.testing.assert_array_equal(a, b)


def exigir_historia(caso, historia, modelo):
    """La historia llega hasta alguna época, y el modelo tiene los pesos de la mejor de esas."""
    hechas = len(historia.epoch)
    assert historia.epoch == list(range(hechas))
    assert hechas >= 2 * caso.retomado
    for nombre, valores in caso.historia.history.items():
        assert historia.history.get(nombre, []) == valores[:hechas]
    final = "Completó" if hechas == EPOCAS else "Interrumpido con Ctrl-C después de"
    assert historia.motivo.startswith(f"{final} {hechas} época")
    if hechas:
        mejor = int(np.argmin(caso.historia.history["val_loss"][:hechas]))
        assert historia.mejor_epoca == mejor + 1
        assert f"la mejor época, la {mejor + 1} (" in historia.motivo
        exigir_lo_mismo(modelo.get_weights(), caso.pesos[mejor])


def exigir_que_siga(caso, historia, carpeta):
    """El respaldo dice por dónde va, y repetir la llamada llega a lo de siempre."""
    dice = re.search(r"seguir desde la época (\d+)", historia.motivo)
    assert bool(dice) == carpeta.exists()
    modelo = nuevo()
    entera = entrenar(modelo, acelerar=caso.acelerar, respaldo=carpeta)
    assert entera.history == caso.historia.history
    exigir_lo_mismo(modelo.get_weights(), caso.pesos[caso.historia.mejor_epoca - 1])
    assert not carpeta.exists()


def test_en_cualquier_linea_se_devuelve_la_historia_y_sus_pesos(caso, tmp_path):
    lineas = elegir(caso.lineas, CUANTAS)
    interrumpidas = antes_de_empezar = 0
    for i, linea in enumerate(lineas):
        carpeta = tmp_path / str(i)
        modelo = caso.preparar(carpeta)
        comienzo = modelo.get_weights()
        historia = None
        try:
            with pulsar_en(linea):
                historia = entrenar(modelo, acelerar=caso.acelerar, respaldo=carpeta)
        except KeyboardInterrupt:
            # Solo antes de empezar: mientras `entrenar` lee los datos y el respaldo.
            exigir_lo_mismo(modelo.get_weights(), comienzo)
            antes_de_empezar += 1
        else:
            exigir_historia(caso, historia, modelo)
            interrumpidas += len(historia.epoch) < EPOCAS
            if i % 3 == 0:
                exigir_que_siga(caso, historia, carpeta)
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler, linea
        assert not {"fit", "evaluate", "get_metrics_result"} & set(vars(modelo)), linea
    assert interrumpidas > len(lineas) / 10
    assert antes_de_empezar < len(lineas) / 2


class Interrumpir(keras.callbacks.Callback):
    """Lanza KeyboardInterrupt al comenzar el entrenamiento, sin esperar a ninguna época."""

    def on_train_begin(self, logs=None):
        raise KeyboardInterrupt


def numero_de_linea(funcion, texto):
    lineas, primera = inspect.getsourcelines(funcion)
    (i,) = [i for i, linea in enumerate(lineas) if texto in linea]
    return inspect.getsourcefile(funcion), primera + i


def pulsar_al(*lugares):
    """Pulsa Ctrl-C la primera vez que se va a ejecutar cada una de esas líneas."""
    return pulsar_en(*(Linea(*numero_de_linea(*lugar), 1) for lugar in lugares))


def test_antes_de_la_primera_epoca_nueva_se_devuelve_lo_que_traia_el_respaldo(tmp_path):
    carpeta = tmp_path / "respaldo"
    with pytest.raises(Corte):
        entrenar(respaldo=carpeta, callbacks=[CortarEnLaTercera()])
    for opciones, contexto in (
        ({}, pulsar_al((Vigilante.empezar, "self.set_model(modelo)"))),
        ({"callbacks": [Interrumpir()]}, contextlib.nullcontext()),
    ):
        modelo = nuevo()
        with contexto:
            historia = entrenar(modelo, respaldo=carpeta, **opciones)
        assert historia.epoch == [0, 1]
        assert [len(valores) for valores in historia.history.values()] == [2, 2, 2, 2]
        assert historia.motivo == (
            "Interrumpido con Ctrl-C después de 2 épocas. Quedan los pesos de la mejor época, la "
            f"{historia.mejor_epoca} (pérdida de validación {historia.mejor_perdida:.4g}). Para "
            "seguir desde la época 3, repite la misma llamada."
        )
        assert carpeta.exists()
        assert modelo.optimizer.iterations.numpy() == 12  # Dos épocas de seis lotes.
    assert entrenar(respaldo=carpeta).epoch == [0, 1, 2, 3]


FIN = (Vigilante._elegir_pesos, "self.model.set_weights")


def test_la_segunda_vez_sale():
    durante = (Historia.on_epoch_end, "super()")
    with pytest.raises(KeyboardInterrupt), pulsar_al(durante, FIN):
        entrenar(patience=1)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_interrumpir_cuando_ya_termino_no_cambia_nada(tmp_path):
    with pulsar_al(FIN):
        historia = entrenar(respaldo=tmp_path / "respaldo")
    assert historia.motivo.startswith("Completó 4 épocas.")
    assert not (tmp_path / "respaldo").exists()


def test_interrumpir_mientras_se_escribe_el_respaldo_lo_deja_escrito(tmp_path):
    carpeta = tmp_path / "respaldo"
    with pulsar_al((Generaciones.escribir, "provisional.write_bytes")):
        historia = entrenar(respaldo=carpeta)
    assert historia.epoch == [0]
    assert Generaciones(carpeta).leer()[0] == 1
    assert len(list(carpeta.iterdir())) == 1


def test_una_interrupcion_que_python_se_trago_corta_al_comenzar_la_epoca():
    """En un `__del__`, Python solo informa del KeyboardInterrupt y sigue."""

    class Tragar(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            if epoch == 1:
                with contextlib.suppress(KeyboardInterrupt):
                    signal.raise_signal(signal.SIGINT)

    historia = entrenar(callbacks=[Tragar()])
    assert historia.motivo.startswith("Interrumpido con Ctrl-C después de 1 época")


def test_el_manejador_de_otro_no_se_toca():
    recibidas = []
    signal.signal(signal.SIGINT, lambda numero, marco: recibidas.append(numero))
    with pulsar_al((Historia.on_epoch_end, "super()")):
        assert entrenar().epoch == [0, 1, 2, 3]
    assert recibidas == [signal.SIGINT]


def test_en_otro_hilo_tambien_se_entrena():
    historias = []
    hilo = threading.Thread(target=lambda: historias.append(entrenar(epochs=1)))
    hilo.start()
    hilo.join()
    assert historias[0].epoch == [0]


def test_en_un_cuaderno_se_dice_lo_que_ahi_se_pulsa(monkeypatch):
    nucleo = types.SimpleNamespace(kernel=object())
    ipython = types.SimpleNamespace(get_ipython=lambda: nucleo)
    monkeypatch.setitem(sys.modules, "IPython", ipython)
    historia = entrenar(callbacks=[CortarConCtrlC()])
    assert historia.motivo.startswith("Interrumpido con ■ después de 2 épocas.")


class CortarConCtrlC(keras.callbacks.Callback):
    """Pulsa Ctrl-C al comenzar la tercera época."""

    def on_epoch_begin(self, epoch, logs=None):
        if epoch == 2:
            signal.raise_signal(signal.SIGINT)
