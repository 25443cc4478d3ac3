"""`guardar` y `cargar`: un modelo en un archivo `.keras`, entero o nada."""

import json
import pathlib
import tempfile
import warnings

import numpy as np

from cursokeras._backend import keras
from cursokeras._comun.archivos import escribir_atomico
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
from cursokeras.guardado.permitidos import leer_config, nombres_por_permitir
from cursokeras.guardado.pesos import contar_numeros
from cursokeras.guardado.sello import leer_sello, sellar
from cursokeras.guardado.tamanos import revisar_tamanos


def guardar(modelo, ruta, *, clases=None):
    """Guarda un modelo en un `.keras`, lo vuelve a leer para comprobarlo y solo entonces lo deja.

    Guarda también el optimizador, para seguir entrenando, los nombres de las columnas con que
    aprendió y las versiones de los paquetes. Keras lo abre también sin cursokeras. Si algo falla
    (disco lleno, Ctrl-C), el archivo anterior queda intacto.

    Argumentos:
        modelo: modelo de Keras construido.
        ruta: dónde guardarlo; debe terminar en `.keras`. Crea la carpeta si no existe.
        clases: nombres de las clases, en orden. Con `None`, los que traía el modelo si se cargó
            con `cargar`.

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
    ruta = pathlib.Path(ruta)
    if ruta.suffix != ".keras":
        raise ValueError(
            f"La ruta {str(ruta)!r} debe terminar en .keras. Escribe por ejemplo "
            f"{str(ruta.with_suffix('.keras'))!r}."
        )
    if not isinstance(modelo, keras.Model) or not modelo.built:
        raise ValueError(
            f"El primer argumento es de tipo {type(modelo).__name__} y debe ser un modelo de Keras "
            "construido. El orden es guardar(modelo, ruta)."
        )
    exigir_pesos_finitos(modelo)
    clases = _nombres_de_clases(modelo, clases)
    columnas = getattr(modelo, "columnas_cursokeras", None)
    _construir_optimizador(modelo)
    try:
        with escribir_atomico(ruta) as provisional:
            modelo.save(provisional)
            partes = leer_partes(provisional.read_bytes())
            partes[SELLO] = sellar(partes, columnas=columnas and list(columnas), clases=clases)
            escribir_partes(partes, provisional)
            por_permitir = nombres_por_permitir(json.loads(partes[CONFIG]))
            _comprobar(modelo, provisional, por_permitir)
    except OSError as error:
        raise ValueError(error.strerror) from error
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
    """
    if isinstance(permitir, str):
        permitir = [permitir]
    try:
        modelo, sello = _abrir(leer_archivo(ruta), permitir)
    except OSError as error:
        raise ValueError(
            f"No se pudo leer {str(ruta)!r}: {error.strerror or error}. Revisa que puedas abrirlo "
            f"y que haya espacio en {tempfile.gettempdir()!r}."
        ) from error
    if sello is None:
        avisar(
            f"{str(ruta)!r} no lo guardó ck.guardar: se cargó, pero no tiene sello con que "
            "comprobar que nadie cambió sus pesos."
        )
        return modelo
    for nombre in ("columnas", "clases"):
        if sello[nombre] is not None:
            setattr(modelo, f"{nombre}_cursokeras", tuple(sello[nombre]))
    return modelo


def _abrir(contenido, permitir):
    """Devuelve (modelo, sello) del contenido de un archivo, después de todas las revisiones."""
    partes = leer_partes(contenido)
    sello = leer_sello(partes)
    config = leer_config(partes[CONFIG], permitir)
    guardados = contar_numeros(partes[PESOS])
    revisar_tamanos(config, guardados)
    # Keras abre una copia hecha con lo revisado: el archivo no puede cambiar entre medio.
    with tempfile.TemporaryDirectory() as carpeta, warnings.catch_warnings(record=True) as avisos:
        copia = pathlib.Path(carpeta, "modelo.keras")
        escribir_partes({nombre: p for nombre, p in partes.items() if nombre != SELLO}, copia)
        try:
            modelo = keras.saving.load_model(copia, safe_mode=True)
        except Exception as error:  # Keras falla de muchas maneras con un archivo que no concuerda.
            hecho_con = f" Se guardó con {_versiones(sello)}." if sello else ""
            raise ValueError(
                "Keras no pudo rehacer el modelo: la configuración y los pesos del archivo no "
                f"concuerdan, o son de otra versión.{hecho_con} El detalle: "
                f"{str(error).strip().splitlines()[0]}"
            ) from error
    if guardados > sum(valores.size for valores in _variables(modelo)):
        # Keras no dice nada cuando le quitan una capa a la configuración.
        raise ValueError("El archivo trae más pesos que el modelo: la configuración está alterada.")
    if any("Skipping variable loading" in str(aviso.message) for aviso in avisos):
        avisar(
            "El archivo no trae el estado del optimizador: si sigues entrenando, empieza de nuevo."
        )
    return modelo, sello


def _comprobar(modelo, ruta, permitir):
    """Lee lo recién escrito como lo haría `cargar` y exige los mismos pesos, bit a bit."""
    leido, _ = _abrir(ruta.read_bytes(), permitir)
    for uno, otro in zip(_variables(modelo), _variables(leido), strict=True):
        if not np.array_equal(uno, otro, equal_nan=True):
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
    variables = [*modelo.weights, *(optimizador.variables if optimizador else [])]
    return [variable.numpy() for variable in variables]


def _versiones(sello):
    return ", ".join(f"{nombre} {version}" for nombre, version in sello["versiones"].items())


def _nombres_de_clases(modelo, clases):
    if clases is None:
        return getattr(modelo, "clases_cursokeras", None)
    return list(exigir_nombres(clases, cabeza_de(modelo).cuantos_nombres))
