"""`guardar` y `cargar`: un modelo en un archivo `.keras`, entero o nada."""

import json
import math
import pathlib
import tempfile
import warnings

import numpy as np

from cursokeras._backend import keras
from cursokeras._comun.archivos import escribir_atomico, leer_ruta
from cursokeras._comun.avisos import avisar
from cursokeras._comun.finitos import exigir_pesos_finitos
from cursokeras.entradas import cabeza_de
from cursokeras.entradas.etiquetas import exigir_nombres
from cursokeras.guardado.archivo import (
    CONFIG,
    PESOS,
    SELLO,
    escribir_partes,
    leer_archivo,
    leer_partes,
)
from cursokeras.guardado.costos import gastar_estructura
from cursokeras.guardado.json_ajeno import leer_json
from cursokeras.guardado.limites import revisar_limites
from cursokeras.guardado.permitidos import nombres_por_permitir, revisar_permitidos
from cursokeras.guardado.pesos import contar_numeros
from cursokeras.guardado.presupuesto import Presupuesto
from cursokeras.guardado.recordado import exigir_del_modelo, poner_en, recordar_de
from cursokeras.guardado.sello import leer_sello, sellar
from cursokeras.guardado.tamanos import revisar_tamanos

# Lo que ocupan, por cada byte de las partes del archivo, todas las copias que se hacen de ellas.
_POR_BYTE_DE_LAS_PARTES = 6


def guardar(modelo, ruta, *, clases=None):
    """Guarda un modelo en un `.keras`, lo vuelve a leer para comprobarlo y solo entonces lo deja.

    Guarda también el optimizador, para seguir entrenando, los nombres de las columnas con que
    aprendió y las versiones de los paquetes. Keras lo abre también sin cursokeras. Si algo falla
    (disco lleno, Ctrl-C), el archivo anterior queda intacto.

    Argumentos:
        modelo: modelo de Keras construido.
        ruta: dónde guardarlo; debe terminar en `.keras`. Crea la carpeta si no existe.
        clases: nombres de las clases o etiquetas, en orden; desde ahora el modelo los recuerda.
            `None` guarda los que ya recordaba.

    Lanza:
        ValueError: si la ruta, las clases o el modelo no sirven; el mensaje dice qué escribir.

    Ejemplo:
        >>> import cursokeras as ck
        >>> modelo = ck.crear_clasificacion(4, 3)
        >>> ruta = pathlib.Path(tempfile.mkdtemp(), "flores.keras")
        >>> guardar(modelo, ruta, clases=["setosa", "versicolor", "virginica"])
        >>> cargar(ruta).clases_cursokeras
        ('setosa', 'versicolor', 'virginica')
    """
    _exigir_modelo_y_ruta(modelo, ruta)
    ruta = leer_ruta(ruta, "modelo.keras")
    if ruta.suffix != ".keras":
        raise ValueError(
            f"La ruta {str(ruta)!r} debe terminar en .keras. Escribe por ejemplo "
            f"{str(ruta.with_suffix('.keras'))!r}."
        )
    exigir_pesos_finitos(modelo)
    recordado = {**recordar_de(modelo), "clases": _nombres_de_clases(modelo, clases)}
    exigir_del_modelo(
        recordado, modelo, "Si cambiaste sus capas, escribe del modelo.clases_cursokeras."
    )
    _construir_optimizador(modelo)
    try:
        with escribir_atomico(ruta) as provisional:
            modelo.save(provisional)
            partes = leer_partes(provisional.read_bytes())
            partes[SELLO] = sellar(partes, recordado)
            escribir_partes(partes, provisional)
            por_permitir = nombres_por_permitir(json.loads(partes[CONFIG]))
            _comprobar(modelo, provisional, por_permitir)
    except OSError as error:
        raise ValueError(error.strerror) from error
    poner_en(modelo, {nombre: valor for nombre, valor in recordado.items() if valor is not None})
    if por_permitir:
        avisar(
            f"Para cargar este modelo escribe ck.cargar({str(ruta)!r}, permitir={por_permitir})."
        )


def cargar(ruta, *, permitir=()):
    """Carga un `.keras` sin ejecutar nada que venga en él.

    Antes de que Keras lo abra, revisa que el archivo esté entero, que sea el que se guardó, que
    no pida más memoria de la que trae y que solo nombre capas, pérdidas, métricas y optimizadores
    de una lista de permitidos. El modelo vuelve compilado, listo para seguir entrenando.

    Argumentos:
        ruta: archivo que termina en `.keras`.
        permitir: nombres que se aceptan además de la lista: los de tus clases registradas, como
            "curso>MiCapa", o los de Keras que falten, como "keras.layers.MultiHeadAttention".

    Devuelve:
        El modelo, con `columnas_cursokeras` y `clases_cursokeras` (tuplas de textos) si se
        guardaron.

    Lanza:
        ValueError: si el archivo no existe, está dañado o trae algo no permitido.

    Ejemplo:
        >>> import cursokeras as ck
        >>> ruta = pathlib.Path(tempfile.mkdtemp(), "precios.keras")
        >>> guardar(ck.crear_regresion(2, semilla=0), ruta)
        >>> ck.predecir(cargar(ruta), [[1, 2]]).shape
        (1, 1)
    """
    if isinstance(ruta, keras.Model):
        raise ValueError(
            "cargar recibe la ruta de un archivo y llegó un modelo. Escribe modelo = "
            "cargar('modelo.keras'); para guardarlo, guardar(modelo, 'modelo.keras')."
        )
    ruta = leer_ruta(ruta, "modelo.keras")
    permitir = _leer_permitir(permitir)
    try:
        modelo, sellado = _abrir(leer_archivo(ruta), permitir)
    except OSError as error:
        raise ValueError(
            f"No se pudo leer {str(ruta)!r}: {error.strerror or error}. Revisa que puedas abrirlo "
            f"y que haya espacio en {tempfile.gettempdir()!r}."
        ) from error
    if not sellado:
        avisar(
            f"{str(ruta)!r} no lo guardó ck.guardar: se cargó, pero no tiene sello con que "
            "comprobar que nadie cambió sus pesos."
        )
    return modelo


def _exigir_modelo_y_ruta(modelo, ruta):
    if isinstance(ruta, keras.Model) and not isinstance(modelo, keras.Model):
        raise ValueError(
            "Los argumentos están al revés: primero va el modelo y después la ruta. Escribe "
            f"guardar(modelo, {modelo!r})."
        )
    if not isinstance(modelo, keras.Model) or not modelo.built:
        raise ValueError(
            f"El primer argumento es de tipo {type(modelo).__name__} y debe ser un modelo de Keras "
            "construido. El orden es guardar(modelo, ruta)."
        )


def _leer_permitir(permitir):
    nombres = [permitir] if isinstance(permitir, str) else permitir
    if not isinstance(nombres, list | tuple | set | frozenset) or not all(
        isinstance(nombre, str) for nombre in nombres
    ):
        raise ValueError(
            f"permitir={permitir!r} y debe ser una lista de nombres, como "
            "permitir=['curso>MiCapa']."
        )
    return nombres


def _abrir(contenido, permitir):
    """Devuelve (modelo, si tenía sello) del contenido de un archivo, después de revisarlo todo."""
    presupuesto = Presupuesto(len(contenido))
    partes = leer_partes(contenido)
    leidos = sum(map(len, partes.values()))
    presupuesto.gastar(_POR_BYTE_DE_LAS_PARTES * leidos, "leer sus partes")
    sello = leer_sello(partes, presupuesto)
    config = leer_json(partes[CONFIG], "La configuración del modelo", presupuesto)
    revisar_permitidos(config, permitir)
    revisar_limites(config)
    guardados = contar_numeros(partes[PESOS])
    revisar_tamanos(config, guardados)
    gastar_estructura(config, presupuesto)
    recordado, versiones = sello or ({}, {})
    modelo = _rehacer(partes, versiones, presupuesto)
    if guardados > sum(math.prod(variable.shape) for variable in _variables(modelo)):
        # Keras no dice nada cuando le quitan una capa a la configuración.
        raise ValueError("El archivo trae más pesos que el modelo: la configuración está alterada.")
    exigir_del_modelo(recordado, modelo, "Alguien alteró el sello del archivo: pide otra copia.")
    poner_en(modelo, recordado)
    return modelo, sello is not None


def _rehacer(partes, versiones, presupuesto):
    """Devuelve el modelo que Keras rehace con partes ya revisadas."""
    # Keras abre una copia hecha con lo revisado: el archivo no puede cambiar entre medio.
    with tempfile.TemporaryDirectory() as carpeta, warnings.catch_warnings(record=True) as avisos:
        copia = pathlib.Path(carpeta, "modelo.keras")
        escribir_partes({nombre: p for nombre, p in partes.items() if nombre != SELLO}, copia)
        try:
            with presupuesto.contando_variables():
                modelo = keras.saving.load_model(copia, safe_mode=True)
        except Exception as error:  # Keras falla de muchas maneras con un archivo que no concuerda.
            if presupuesto.exceso is not None:
                raise presupuesto.exceso from None
            hecho_con = ", ".join(f"{nombre} {version}" for nombre, version in versiones.items())
            raise ValueError(
                "Keras no pudo rehacer el modelo: la configuración y los pesos del archivo no "
                f"concuerdan, o son de otra versión.{hecho_con and f' Se guardó con {hecho_con}.'} "
                f"El detalle: {str(error).strip().splitlines()[0]}"
            ) from error
    if any("Skipping variable loading" in str(aviso.message) for aviso in avisos):
        avisar(
            "El archivo no trae el estado del optimizador: si sigues entrenando, empieza de nuevo."
        )
    return modelo


def _comprobar(modelo, ruta, permitir):
    """Lee lo recién escrito como lo haría `cargar` y exige los mismos pesos, bit a bit."""
    leido, _ = _abrir(ruta.read_bytes(), permitir)
    for uno, otro in zip(_variables(modelo), _variables(leido), strict=True):
        if not np.array_equal(uno.numpy(), otro.numpy(), equal_nan=True):
            raise ValueError(
                "Lo guardado no es igual al modelo, y se descartó. Prueba de nuevo; si se repite, "
                "alguna capa propia no guarda todos sus pesos."
            )


def _construir_optimizador(modelo):
    """Sin esto Keras guarda a medias un optimizador sin usar, y al cargarlo avisa que falta."""
    optimizador = getattr(modelo, "optimizer", None)
    if optimizador is not None and not optimizador.built:
        optimizador.build(modelo.trainable_variables)


def _variables(modelo):
    optimizador = getattr(modelo, "optimizer", None)
    return [*modelo.weights, *(optimizador.variables if optimizador else [])]


def _nombres_de_clases(modelo, clases):
    if clases is None:
        return getattr(modelo, "clases_cursokeras", None)
    return exigir_nombres(clases, cabeza_de(modelo).cuantos_nombres)
