"""La huella de un entrenamiento: lo que debe coincidir para que un respaldo sea suyo."""

import hashlib
import json

import numpy as np


def huella_del_modelo(modelo):
    """Describe un modelo compilado sin sus pesos: capas, pérdida, métricas y optimizador.

    Los nombres que Keras numera (`dense_3`) no cuentan, porque cambian al repetir una celda.
    """
    compilado = modelo.get_compile_config()
    capas = [{"clase": type(capa).__name__, **_config(capa)} for capa in modelo.layers]
    huella = {
        "capas del modelo": _sin_nombres(capas),
        "pesos del modelo": [list(variable.shape) for variable in modelo.variables],
        "optimizer": type(modelo.optimizer).__name__,
        "opciones del optimizer": _sin_nombres(modelo.optimizer.get_config()),
        **{parte: compilado.get(parte) for parte in ("loss", "metrics", "weighted_metrics")},
    }
    # Ida y vuelta por JSON: así se compara igual con la huella leída de un archivo.
    return json.loads(json.dumps(huella, default=lambda objeto: type(objeto).__name__))


def huella_de_datos(valor):
    """Resume los arreglos en forma y huella digital; deja igual los números y los textos.

    Ejemplo:
        >>> huella_de_datos(np.zeros((2, 3), "float32"))
        '2×3 float32, huella 9d908ecfb6b2'
        >>> huella_de_datos({0: 1.0, 1: 5.0})
        {'0': 1.0, '1': 5.0}
    """
    if isinstance(valor, np.ndarray):
        resumen = hashlib.sha256(np.ascontiguousarray(valor)).hexdigest()
        forma = "×".join(map(str, valor.shape))
        return f"{forma} {valor.dtype}, huella {resumen[:12]}"
    if isinstance(valor, dict):
        return {str(clave): huella_de_datos(parte) for clave, parte in valor.items()}
    if isinstance(valor, list | tuple):
        return [huella_de_datos(parte) for parte in valor]
    return valor.item() if isinstance(valor, np.generic) else valor


def diferencias(antes, ahora, nombre=""):
    """Devuelve, en palabras, en qué difieren dos huellas; lista vacía si son iguales.

    Ejemplo:
        >>> diferencias({"batch_size": 32, "brecha": None}, {"batch_size": 64, "brecha": None})
        ['batch_size (32 en el respaldo, 64 ahora)']
    """
    if isinstance(antes, dict) and isinstance(ahora, dict):
        claves = [*antes, *(clave for clave in ahora if clave not in antes)]
        pares = [(clave, antes.get(clave), ahora.get(clave)) for clave in claves]
    elif isinstance(antes, list) and isinstance(ahora, list) and len(antes) == len(ahora):
        pares = [(i, *par) for i, par in enumerate(zip(antes, ahora, strict=True), start=1)]
    else:
        distintos = antes != ahora
        return [f"{nombre} ({_corto(antes)} en el respaldo, {_corto(ahora)} ahora)"] * distintos
    partes = (diferencias(a, b, f"{nombre}, {clave}" if nombre else clave) for clave, a, b in pares)
    return [diferencia for parte in partes for diferencia in parte]


def _config(capa):
    try:
        return capa.get_config()
    except NotImplementedError:  # Una capa propia que no sabe describirse.
        return {}


def _sin_nombres(valor):
    if isinstance(valor, dict):
        return {clave: _sin_nombres(v) for clave, v in valor.items() if clave != "name"}
    if isinstance(valor, list | tuple):
        return [_sin_nombres(parte) for parte in valor]
    return valor


def _corto(valor):
    texto = f"{len(valor)} partes" if isinstance(valor, list | dict) else str(valor)
    return texto if len(texto) <= 60 else f"{texto[:57]}…"
