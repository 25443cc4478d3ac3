"""Archivos hechos para dañar, o de otro tipo: ninguno se abre, cada uno se explica."""

import io
import json
import pickle
import stat
import struct
import warnings
import zipfile

import h5py
import numpy as np
import pytest

from cursokeras._backend import keras
from cursokeras.guardado import cargar

CAPA_DENSE = 2  # InputLayer, Dense, Dense


class Trampa:
    """Si alguien la abre con pickle, deja un rastro."""

    def __reduce__(self):
        return (exec, ("import builtins; builtins.trampa_abierta = True",))


def capa(config, numero=1):
    return config["config"]["layers"][numero]


def poner_capa(partes, **objeto):
    def cambiar(config):
        base = {"module": "keras.layers", "config": {}, "registered_name": None}
        config["config"]["layers"].insert(1, base | objeto)

    partes.config(cambiar)


def poner(partes, clave, valor, donde=capa):
    partes.config(lambda config: donde(config)["config"].__setitem__(clave, valor))


def compilar_con(partes, clave, valor):
    partes.config(lambda config: config["compile_config"].__setitem__(clave, valor))


def lambda_de_keras(partes):
    codigo = keras.saving.serialize_keras_object(lambda x: print("ejecutado"))
    poner_capa(partes, class_name="Lambda", config={"name": "l", "function": codigo})


def codigo_como_activacion(partes):
    poner(partes, "activation", keras.saving.serialize_keras_object(lambda x: x))


def objeto(clase, modulo=None, config=None, registrado=None):
    return {
        "class_name": clase,
        "module": modulo,
        "config": {} if config is None else config,
        "registered_name": registrado,
    }


CONFIGURACIONES = {
    "una capa Lambda": (lambda_de_keras, "Lambda"),
    "Lambda con su nombre interno": (
        lambda p: poner_capa(p, class_name="Lambda", module="keras.src.layers.core.lambda_layer"),
        "Lambda",
    ),
    "una lambda como activación": (codigo_como_activacion, "ejecutar código"),
    "un modelo de TensorFlow de otra carpeta": (
        lambda p: poner_capa(p, class_name="TFSMLayer", config={"filepath": "/tmp/otro"}),
        "TFSMLayer",
    ),
    "un módulo de torch": (
        lambda p: poner_capa(p, class_name="TorchModuleWrapper"),
        "TorchModuleWrapper",
    ),
    "una clase del sistema": (
        lambda p: poner_capa(p, class_name="Popen", module="subprocess", config={"args": "ls"}),
        "Popen",
    ),
    "una función del sistema": (
        lambda p: poner(p, "activation", objeto("function", "os", "system", "function")),
        "system",
    ),
    "una función de utilidades de Keras": (
        lambda p: poner(p, "activation", objeto("function", "keras.utils", "get_file", "get_file")),
        "get_file",
    ),
    "una clase de Keras que no es una capa": (
        lambda p: poner_capa(p, class_name="get_file", module="keras.utils"),
        "keras.utils.get_file",
    ),
    "una capa de Keras con el nombre registrado de otra": (
        lambda p: poner_capa(p, class_name="Dense", registered_name="malo>Dense"),
        "malo>Dense",
    ),
    "una clase propia que aquí no existe": (
        lambda p: poner_capa(p, class_name="Mia", module="mio", registered_name="mio>Mia"),
        "mio>Mia",
    ),
    "una clase sin nombre": (lambda p: poner_capa(p, class_name=["Dense"]), "sin nombre"),
    "un typespec": (
        lambda p: poner(p, "activation", objeto("__typespec__", config=["a"])),
        "__typespec__",
    ),
    "un tensor escondido": (
        lambda p: poner(p, "rate", objeto("__tensor__", config={"value": [1], "dtype": "int32"})),
        "__tensor__",
    ),
    "bytes escondidos": (
        lambda p: poner(p, "rate", objeto("__bytes__", config={"value": "cos"})),
        "__bytes__",
    ),
    "formato viejo, sin módulo": (
        lambda p: poner_capa(p, class_name="Dense", module=None),
        "Dense",
    ),
    "una capa fuera de la lista": (
        lambda p: poner_capa(p, class_name="MultiHeadAttention"),
        r"permitir=\['keras.layers.MultiHeadAttention'\]",
    ),
    "vocabulario de un archivo": (
        lambda p: poner_capa(p, class_name="StringLookup", config={"vocabulary": "/etc/passwd"}),
        "StringLookup",
    ),
    "una pérdida por su nombre": (lambda p: compilar_con(p, "loss", "mio>perdida"), "mio>perdida"),
    "una métrica que no es de Keras": (
        lambda p: compilar_con(p, "metrics", ["mae", objeto("M", "mio", registrado="mio>M")]),
        "mio>M",
    ),
    "una métrica que envuelve funciones": (
        lambda p: compilar_con(p, "metrics", [objeto("MeanMetricWrapper", "keras.metrics")]),
        "MeanMetricWrapper",
    ),
    "un optimizador que no es de Keras": (
        lambda p: compilar_con(p, "optimizer", objeto("O", "mio", registrado="mio>O")),
        "mio>O",
    ),
    "un regularizador por su nombre": (
        lambda p: poner(p, "kernel_regularizer", "mio>r"),
        "mio>r",
    ),
    "3000 capas": (
        lambda p: p.config(lambda c: c["config"]["layers"].extend([capa(c, CAPA_DENSE)] * 3000)),
        "3003 capas",
    ),
    "mil millones de neuronas": (lambda p: poner(p, "units", 10**9), "1e\\+09"),
    "un millón de neuronas sin sus pesos": (lambda p: poner(p, "units", 10**6), "4000000 pesos"),
    "neuronas con decimales": (lambda p: poner(p, "units", 1e9), "entero"),
    "una entrada enorme": (
        lambda p: p.config(
            lambda c: capa(c)["build_config"].__setitem__("input_shape", [None, 10**6])
        ),
        "pesos",
    ),
    "una capa que no dice su forma": (
        lambda p: p.config(lambda c: capa(c).pop("build_config")),
        "con qué forma",
    ),
    "una tabla de palabras enorme": (
        lambda p: poner_capa(
            p, class_name="Embedding", config={"input_dim": 10**6, "output_dim": 10**6}
        ),
        "Embedding",
    ),
    "menos capas que pesos": (
        lambda p: p.config(lambda c: c["config"]["layers"].pop()),
        "más pesos que el modelo",
    ),
    "otra forma que la de los pesos": (lambda p: poner(p, "units", 4), "no concuerdan"),
    "diez mil niveles": (
        lambda p: p.__setitem__("config.json", b'{"a":' * 100_000 + b"1" + b"}" * 100_000),
        "niveles",
    ),
    "configuración que no es JSON": (
        lambda p: p.__setitem__("config.json", b"\xff\xfe{"),
        "no es un JSON",
    ),
    "configuración que no es de un modelo": (
        lambda p: p.__setitem__("config.json", b"[1, 2]"),
        "no es la de un modelo",
    ),
    "una capa en lugar de un modelo": (
        lambda p: p.__setitem__(
            "config.json", json.dumps(objeto("Dense", "keras.layers")).encode()
        ),
        "no es la de un modelo",
    ),
    "un pickle entre las partes": (
        lambda p: p.__setitem__("pesos.pkl", pickle.dumps(Trampa())),
        "pesos.pkl",
    ),
    "una ruta que sale de la carpeta": (
        lambda p: p.__setitem__("../../fuera.txt", b"x"),
        "fuera.txt",
    ),
    "una ruta absoluta": (lambda p: p.__setitem__("/tmp/fuera.txt", b"x"), "fuera.txt"),
    "archivos adjuntos": (lambda p: p.__setitem__("assets/v.txt", b"x"), "assets"),
    "sin pesos": (lambda p: p.pop("model.weights.h5"), "le falta"),
    "pesos en otro formato": (
        lambda p: p.__setitem__("model.weights.npz", p.pop("model.weights.h5")),
        "model.weights.npz",
    ),
    "un pickle en lugar de los pesos": (
        lambda p: p.__setitem__("model.weights.h5", pickle.dumps(Trampa())),
        "pesos del archivo están dañados",
    ),
    "un sello que no es JSON": (lambda p: p.__setitem__("cursokeras.json", b"{"), "sello"),
    "un sello de otra cosa": (lambda p: p.__setitem__("cursokeras.json", b"[]"), "sello"),
}


def rechaza(ruta, contenido, mensaje):
    ruta.write_bytes(contenido)
    antes = set(ruta.parent.iterdir())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with pytest.raises(ValueError, match=mensaje):
            cargar(ruta)
    assert set(ruta.parent.iterdir()) == antes


@pytest.mark.parametrize(
    ("cambiar", "mensaje"), CONFIGURACIONES.values(), ids=CONFIGURACIONES.keys()
)
def test_se_rechaza_antes_de_construir(cambiar, mensaje, partes, tmp_path, capsys):
    cambiar(partes)
    rechaza(tmp_path / "m.keras", partes.armar(), mensaje)
    assert "ejecutado" not in capsys.readouterr().out
    assert not hasattr(__builtins__, "trampa_abierta")


def con_h5(partes, cambiar):
    archivo = io.BytesIO(partes["model.weights.h5"])
    with h5py.File(archivo, "r+") as h5:
        cambiar(h5)
    partes["model.weights.h5"] = archivo.getvalue()


def reemplazar(h5, **opciones):
    grupo = h5["layers/dense/vars"]
    del grupo["0"]
    return grupo.create_dataset("0", **opciones)


def enlace_externo(h5):
    h5["layers/dense/vars/9"] = h5py.ExternalLink("/etc/hostname", "/")


def enlace_blando(h5):
    h5["layers/dense/vars/9"] = h5py.SoftLink("/layers")


def datos_externos(h5):
    reemplazar(h5, shape=(4, 5), dtype="f4", external=[("/etc/hostname", 0, 80)])


def datos_virtuales(h5):
    disposicion = h5py.VirtualLayout(shape=(4, 5), dtype="f4")
    disposicion[:] = h5py.VirtualSource("/etc/hostname", "x", shape=(4, 5))
    del h5["layers/dense/vars/0"]
    h5["layers/dense/vars"].create_virtual_dataset("0", disposicion)


def tabla_sin_datos(h5):
    reemplazar(h5, shape=(10**6, 10**6), dtype="f4", chunks=(1000, 1000))


def comprimidos(h5):
    reemplazar(h5, data=np.zeros((4000, 500), "f4"), compression="gzip")


def textos(h5):
    reemplazar(h5, data=np.array(["a", "b"], dtype=object), dtype=h5py.string_dtype())


def ciclo(h5):
    h5["layers/otra"] = h5["/"]


@pytest.mark.parametrize(
    ("cambiar", "mensaje"),
    [
        (enlace_externo, "otro lugar"),
        (enlace_blando, "otro lugar"),
        (datos_externos, "otro archivo"),
        (datos_virtuales, "otro archivo"),
        (tabla_sin_datos, "no los traen"),
        (comprimidos, "no los traen"),
        (textos, "no son números"),
        (ciclo, "demasiadas partes"),
    ],
    ids=lambda valor: getattr(valor, "__name__", None),
)
def test_los_pesos_son_solo_numeros(cambiar, mensaje, partes, tmp_path):
    con_h5(partes, cambiar)
    rechaza(tmp_path / "m.keras", partes.armar(), mensaje)


def repetido(partes):
    salida = io.BytesIO(partes.armar())
    with warnings.catch_warnings(), zipfile.ZipFile(salida, "a") as archivo:
        warnings.simplefilter("ignore")
        archivo.writestr("config.json", b"{}")
    return salida.getvalue()


def enlace(partes):
    pesos = partes.pop("model.weights.h5")
    salida = io.BytesIO(partes.armar())
    with zipfile.ZipFile(salida, "a") as archivo:
        parte = zipfile.ZipInfo("model.weights.h5")
        parte.external_attr = (stat.S_IFLNK | 0o777) << 16
        archivo.writestr(parte, pesos[:20])
    return salida.getvalue()


def bomba(partes):
    partes["model.weights.h5"] = bytes(200 * 2**20)
    return partes.armar(zipfile.ZIP_DEFLATED)


def declara_de_mas(partes):
    """Un encabezado que declara 3 GiB de pesos."""
    contenido = bytearray(partes.armar())
    i = contenido.rindex(b"PK\x01\x02")
    contenido[i + 24 : i + 28] = struct.pack("<I", 3 * 2**30)
    return bytes(contenido)


def cifrado(partes):
    contenido = bytearray(partes.armar())
    contenido[contenido.rindex(b"PK\x01\x02") + 8] |= 1
    return bytes(contenido)


@pytest.mark.parametrize(
    ("armar", "mensaje"),
    [
        (repetido, "dos veces"),
        (enlace, "enlace"),
        (bomba, "llenar la memoria"),
        (declara_de_mas, "ocuparía"),
        (cifrado, "cifrado"),
        (lambda partes: b"#!/bin/sh\n" + partes.armar(), "de otro tipo"),
        (lambda partes: partes.armar()[:-30], "cortado o dañado"),
        (lambda partes: partes["model.weights.h5"], "un .h5 con otro nombre"),
        (lambda partes: pickle.dumps(Trampa()), "pickle"),
        (lambda partes: b"", "vacío"),
        (lambda partes: b"PK\x05\x06" + bytes(18), "de otro tipo"),
    ],
    ids=[
        "una parte repetida",
        "un enlace simbólico",
        "una bomba de ceros",
        "tamaños falsos",
        "cifrado",
        "un programa delante del zip",
        "cortado",
        "un h5 con otro nombre",
        "un pickle con otro nombre",
        "vacío",
        "un zip sin nada",
    ],
)
def test_el_zip_se_revisa_primero(armar, mensaje, partes, tmp_path):
    rechaza(tmp_path / "m.keras", armar(partes), mensaje)


@pytest.mark.parametrize("parte", ["config.json", "metadata.json", "model.weights.h5"])
def test_un_cambio_a_mano_rompe_el_sello(parte, partes, sellado, tmp_path):
    alteradas = type(partes)(sellado)
    alteradas[parte] = alteradas[parte].replace(b"a", b"b", 1)
    rechaza(tmp_path / "m.keras", alteradas.armar(), "sha256")


@pytest.mark.parametrize("nombre", ["m.h5", "m.pkl", "m.joblib", "m", "m.keras.zip"])
def test_otras_extensiones_no_se_abren(nombre, tmp_path):
    ruta = tmp_path / nombre
    ruta.write_bytes(pickle.dumps(Trampa()))
    with pytest.raises(ValueError, match=r"no termina en \.keras"):
        cargar(ruta)


def test_un_archivo_que_no_existe_se_explica(tmp_path):
    with pytest.raises(ValueError, match="No existe"):
        cargar(tmp_path / "nada.keras")


def test_una_carpeta_se_explica(tmp_path):
    (tmp_path / "m.keras").mkdir()
    with pytest.raises(ValueError, match="es una carpeta"):
        cargar(tmp_path / "m.keras")
