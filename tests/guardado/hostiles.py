"""Archivos pequeños hechos para llenar la memoria de quien los carga, cada uno de otra manera.

Cada forma recibe las `Partes` de un modelo de buena fe y devuelve los bytes de un archivo.
"""

import bz2
import io
import json
import lzma
import struct
import zipfile
import zlib

import h5py
import numpy as np

COMPRIMIDO = zipfile.ZIP_DEFLATED
MUCHO = 64 * 2**20  # Los bytes de una parte que declara dos.
GIGANTE = 5_000_000  # Menos que el mayor entero que se acepta.


def objeto(clase, modulo="keras.layers", config=None, **resto):
    return {
        "module": modulo,
        "class_name": clase,
        "config": config or {},
        "registered_name": None,
        **resto,
    }


def capas(clase, cuantas, forma=None, **config):
    """Capas iguales, con nombres distintos, que dicen haberse construido con esa forma."""
    construida = {} if forma is None else {"build_config": {"input_shape": forma}}
    return [
        objeto(clase, config={"name": f"{clase.lower()}_{i}", **config}, **construida)
        for i in range(cuantas)
    ]


def metricas(clase, cuantas=1, **config):
    return [objeto(clase, "keras.metrics", {"name": f"m{i}", **config}) for i in range(cuantas)]


def con_capas(nuevas, donde=None):
    """Agrega capas al final del modelo, o las pone en ese lugar en vez de las que siguen."""

    def armar(partes):
        def cambiar(config):
            lista = config["config"]["layers"]
            lista[len(lista) if donde is None else donde :] = nuevas

        partes.config(cambiar)
        return partes.armar(COMPRIMIDO)

    return armar


def compilado(clave, valor):
    def armar(partes):
        partes.config(lambda config: config["compile_config"].__setitem__(clave, valor))
        return partes.armar(COMPRIMIDO)

    return armar


def en_la_capa(clave, valor):
    def armar(partes):
        partes.config(lambda c: c["config"]["layers"][1]["config"].__setitem__(clave, valor))
        return partes.armar(COMPRIMIDO)

    return armar


def con_config(config):
    def armar(partes):
        partes["config.json"] = json.dumps(config, ensure_ascii=False).encode()
        return partes.armar(COMPRIMIDO)

    return armar


def con_texto(parte, texto):
    def armar(partes):
        partes[parte] = texto.encode()
        return partes.armar(COMPRIMIDO)

    return armar


# --- El zip: una parte que declara dos bytes y trae muchos. ---


def comprimir_deflate(ceros):
    compresor = zlib.compressobj(9, zlib.DEFLATED, -15)
    return compresor.compress(ceros) + compresor.flush()


def comprimir_lzma(ceros):
    filtros = [{"id": lzma.FILTER_LZMA1, "preset": 1}]
    propiedades = lzma._encode_filter_properties(filtros[0])
    datos = lzma.compress(ceros, lzma.FORMAT_RAW, filters=filtros)
    return struct.pack("<BBH", 9, 4, len(propiedades)) + propiedades + datos


def que_declara_dos_bytes(metodo, comprimir):
    """Un zip escrito a mano: la parte declara dos bytes, con la suma de control de esos dos."""

    def armar(partes):
        datos, directorio = b"", b""
        for nombre, contenido in partes.items():
            miente = nombre == "metadata.json"
            suma = zlib.crc32(bytes(2) if miente else contenido)
            guardado = comprimir(bytes(MUCHO)) if miente else contenido
            tamanos = (suma, len(guardado), 2 if miente else len(contenido), len(nombre))
            comun = struct.pack("<HHHHIIIHH", 0, metodo if miente else 0, 0, 0, *tamanos, 0)
            lugar = struct.pack("<HHHII", 0, 0, 0, 0, len(datos))
            directorio += b"PK\x01\x02\x14\0\x14\0" + comun + lugar + nombre.encode()
            datos += b"PK\x03\x04\x14\0" + comun + nombre.encode() + guardado
        tamanos = (len(partes), len(partes), len(directorio), len(datos), 0)
        return datos + directorio + b"PK\x05\x06\0\0\0\0" + struct.pack("<HHIIH", *tamanos)

    return armar


# --- El HDF5. ---


def con_pesos(escribir):
    def armar(partes):
        archivo = io.BytesIO()
        with h5py.File(archivo, "w") as h5:
            escribir(h5)
        partes["model.weights.h5"] = archivo.getvalue()
        return partes.armar(COMPRIMIDO)

    return armar


def enlaces_duros(h5):
    h5["layers/dense/vars/0"] = np.ones((300, 300), "f4")
    for i in range(15_000):
        h5[f"{i}"] = h5["layers/dense/vars/0"]


def trozo_gigante(h5):
    """Una tabla del tamaño de lo que ocupa comprimido el trozo que la contiene."""
    comprimido = zlib.compress(bytes(MUCHO), 9)
    comprimido += bytes(-len(comprimido) % 4)
    tabla = h5.create_dataset(
        "layers/dense/vars/0",
        shape=(len(comprimido) // 4,),
        maxshape=(None,),
        dtype="f4",
        chunks=(MUCHO // 4,),
        compression="gzip",
    )
    tabla.id.write_direct_chunk((0,), comprimido)


def un_byte_por_peso(lado):
    """Pesos de un byte cada uno, que comprimidos no ocupan nada, para una capa de float64."""

    def armar(partes):
        def cambiar(config):
            entrada, densa = config["config"]["layers"][:2]
            entrada["config"]["batch_shape"] = [None, lado]
            densa["build_config"]["input_shape"] = [None, lado]
            inicial = objeto("Orthogonal", "keras.initializers")
            densa["config"] |= {"units": lado, "dtype": "float64", "kernel_initializer": inicial}
            config["config"] |= {"layers": [entrada, densa], "build_input_shape": [None, lado]}
            config.pop("compile_config")

        partes.config(cambiar)
        ceros = np.zeros((lado, lado), "i1")
        return con_pesos(lambda h5: h5.create_dataset("layers/dense/vars/0", data=ceros))(partes)

    return armar


# --- La configuración. ---


def tensor(capa):
    return {
        "class_name": "__keras_tensor__",
        "config": {"shape": [None, 4], "dtype": "float32", "keras_history": [capa, 0, 0]},
    }


def llamada_con_numeros(*args, **kwargs):
    """Un modelo que, al rehacerse, calcula `RepeatVector` sobre números y no sobre una entrada."""
    entrada = objeto("InputLayer", config={"batch_shape": [None, 4], "name": "e"}, name="e")
    repetir = objeto("RepeatVector", config={"n": GIGANTE, "name": "r"}, name="r")
    repetir["inbound_nodes"] = [{"args": args, "kwargs": kwargs}]
    salida = objeto("ReLU", config={"name": "s"}, name="s")
    salida["inbound_nodes"] = [{"args": [tensor("e")], "kwargs": {}}]
    config = {
        "name": "f",
        "trainable": True,
        "layers": [entrada | {"inbound_nodes": []}, repetir, salida],
        "input_layers": [["e", 0, 0]],
        "output_layers": [["s", 0, 0]],
    }
    return con_config(objeto("Functional", "keras", config))


def errores_anidados(niveles, letra):
    """Cada nivel falla con un error que repite el texto de los de adentro."""
    dentro = objeto("ReLU", config={"sobra": [letra * 100] * 500, "cara": "\U0001f600"})
    for i in range(niveles - 1):
        dentro = objeto("Sequential", "keras", {"name": f"s{i}", "layers": [dentro]})
    return con_config(dentro)


def secuencia_de(clase, cuantas, **config):
    """Una `Sequential` se rehace entera con cada capa: son muchas llamadas en pocos bytes."""
    entrada = objeto("InputLayer", config={"batch_shape": [None, 4, 2], "name": "e"})
    forma = [None, 4, 2]
    lista = [entrada, *capas("Masking", 1), *capas(clase, cuantas, forma, **config)]
    return con_config(objeto("Sequential", "keras", {"name": "s", "layers": lista}))


FORMAS = {
    "deflate que declara dos bytes": que_declara_dos_bytes(8, comprimir_deflate),
    "bzip2": que_declara_dos_bytes(12, bz2.compress),
    "lzma": que_declara_dos_bytes(14, comprimir_lzma),
    "deflate64": que_declara_dos_bytes(9, comprimir_deflate),
    "pesos de ceros": con_pesos(lambda h5: h5.create_dataset("x", data=np.zeros(MUCHO // 4))),
    "JSON de listas": con_texto("config.json", "[" + "[1]," * 1_000_000 + "1]"),
    "JSON de listas, más corto": con_texto("config.json", "[" + "[1]," * 60_000 + "1]"),
    "JSON de diccionarios": con_texto("config.json", "[" + '{"a":1},' * 30_000 + "1]"),
    "JSON de letras anchas": con_texto("config.json", '"' + "x" * 4_000_000 + '\U0001f600"'),
    "sello de listas": con_texto("cursokeras.json", "[" + "[1]," * 4_000_000 + "1]"),
    "entero de cien mil cifras": con_texto("config.json", '{"units": ' + "9" * 100_000 + "}"),
    "cien mil niveles": con_texto("config.json", '{"a":' * 100_000 + "1" + "}" * 100_000),
    "MeanIoU": compilado("metrics", metricas("MeanIoU", num_classes=25_000)),
    "cien MeanIoU medianas": compilado("metrics", metricas("MeanIoU", 100, num_classes=1500)),
    "MeanIoU que cabe": compilado("metrics", metricas("MeanIoU", num_classes=1150)),
    "MeanIoU donde no va": compilado("loss_weights", metricas("MeanIoU", num_classes=25_000)),
    "umbrales de AUC": compilado("metrics", metricas("AUC", 5, num_thresholds=GIGANTE)),
    "etiquetas de AUC": compilado(
        "metrics", metricas("AUC", multi_label=True, num_labels=10**6, num_thresholds=200)
    ),
    "RecallAtPrecision": compilado(
        "metrics", metricas("RecallAtPrecision", precision=0.5, num_thresholds=GIGANTE)
    ),
    "miles de métricas": compilado("metrics", metricas("AUC", 4000, num_thresholds=3)),
    "métricas que caben": compilado("metrics", metricas("AUC", 150)),
    "tasas de aprendizaje": compilado(
        "optimizer",
        objeto(
            "SGD",
            "keras.optimizers",
            {
                "learning_rate": objeto(
                    "PiecewiseConstantDecay",
                    "keras.optimizers.schedules",
                    {"boundaries": list(range(20_000)), "values": [0.1] * 20_001},
                )
            },
        ),
    ),
    "lora_rank": en_la_capa("lora_rank", GIGANTE),
    "lora_rank de Embedding": con_capas(
        [objeto("Embedding", config={"input_dim": 2, "output_dim": 3, "lora_rank": GIGANTE})], 1
    ),
    "pesos cuantizados": con_capas(
        capas("Dense", 20, [None, 3], units=10, dtype="int4_from_float32", lora_rank=GIGANTE)
    ),
    "BatchNormalization sin axis": con_capas(capas("BatchNormalization", 60, [None, GIGANTE])),
    "LayerNormalization sin axis": con_capas(capas("LayerNormalization", 60, [None, GIGANTE])),
    "Normalization de un número": con_capas(
        capas("Normalization", 60, [None, GIGANTE], mean=0.0, variance=1.0)
    ),
    "muchas capas que caben de a una": con_capas(capas("Dense", 150, [None, 11], units=11)),
    "RNN con estado de millones de filas": con_capas(
        capas("LSTM", 1, [GIGANTE, 4, 2], units=4, stateful=True)
    ),
    "Embedding": con_capas(
        [objeto("Embedding", config={"input_dim": GIGANTE, "output_dim": 2})], 1
    ),
    "textos constantes": en_la_capa(
        "kernel_initializer", objeto("Constant", "keras.initializers", {"value": [1.0] * 50_000})
    ),
    "nombre sin fin": en_la_capa("name", "n" * 200_000),
    "forma de cien mil ejes": con_capas(capas("ReLU", 150, [None, *[1] * 600])),
    "secuencia de ReLU": secuencia_de("ReLU", 199),
    "secuencia de ReLU que cabe": secuencia_de("ReLU", 80),
    "secuencia de LSTM": secuencia_de("LSTM", 190, units=2, return_sequences=True),
    "secuencia de LSTM que cabe": secuencia_de("LSTM", 50, units=2, return_sequences=True),
    "llamada con números": llamada_con_numeros(inputs=[[1.0, 2.0, 3.0]]),
    "llamada con un arreglo": llamada_con_numeros(
        {"class_name": "__numpy__", "config": {"value": [[1.0]], "dtype": "float32"}}
    ),
    "errores anidados": errores_anidados(14, "a"),
    "errores anidados que caben": errores_anidados(6, "a"),
    "errores anidados de letras que se escriben con diez": errores_anidados(6, "\U000e0001"),
    "enlaces duros": con_pesos(enlaces_duros),
    "trozo gigante": con_pesos(trozo_gigante),
    "un byte por peso": un_byte_por_peso(1000),
    "un byte por peso, muchos": un_byte_por_peso(3000),
}
