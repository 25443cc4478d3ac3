"""`comparar`: la misma red en Keras y en otro lado, con los mismos números, lote a lote."""

import pandas as pd

from cursokeras._backend import keras
from cursokeras._comun.argumentos import leer_todos
from cursokeras._comun.avisos import avisar
from cursokeras._comun.filas import filas_cruzadas
from cursokeras._comun.lotes import Lotes
from cursokeras.comparacion.causas import diagnosticar
from cursokeras.comparacion.causas.tablas.factores import Contexto
from cursokeras.comparacion.contraparte import Contraparte, SinCompletar
from cursokeras.comparacion.explicacion import explicar
from cursokeras.comparacion.hacia_numpy import gemela_sin_estado
from cursokeras.comparacion.recorrido import COLUMNAS, Recorrido
from cursokeras.comparacion.red_keras import RedKeras
from cursokeras.comparacion.red_torch import crear_en_torch
from cursokeras.comparacion.resultado import Comparacion
from cursokeras.desde_cero import losses
from cursokeras.entradas import (
    convertir_x,
    convertir_y,
    exigir_mismas_filas,
    nombres_de_clases,
)


def comparar(
    modelo, x, y=None, *, contra=None, epochs=3, batch_size=32, semilla=0, tolerancia=1e-4
):
    """Entrena un modelo de Keras y otra red a la vez, y dice si hacen las mismas cuentas.

    Las dos empiezan con los pesos del modelo y con el optimizador recién creado, y ven las mismas
    filas en el mismo orden. El modelo no cambia. Para que un error no se esconda detrás de otro,
    en cada lote las cuentas de la otra red se comparan con las que Keras haría desde los mismos
    pesos que ella tiene.

    Argumentos:
        modelo: `keras.Sequential` compilado, de los que tienen gemela (ver `desde_keras`) y sin
            Dropout, que apaga neuronas al azar.
        x, y: datos, como para `entrenar`.
        contra: con quién se compara.

            - `None`: su gemela en NumPy.
            - "torch": la misma red en PyTorch (hay que tenerlo instalado).
            - Una red tuya: un objeto con `get_weights()` y `set_weights(pesos)`, listas de
              arreglos en el orden de Keras (kernel y bias de cada capa), y `train_on_batch(x, y)`,
              que da un paso y devuelve la pérdida. Recibe x float32 e y (n, d_out) float32, o
              (n, 1) int32 si la pérdida es sparse_categorical_crossentropy. Si además tiene
              `grads`, los gradientes de ese paso en el orden de los pesos, y `layers`, con el
              `forward(x)` de cada capa (o un `forward(x)` de toda la red), se comparan también.
              Queda entrenada.
        epochs: cuántas veces se recorren los datos.
        batch_size: filas por lote; el último puede traer menos.
        semilla: entero que fija el orden de las filas.
        tolerancia: diferencia relativa que se acepta.

    Devuelve:
        `Comparacion`, con `iguales`, `explicacion`, `tabla` y `graficar()`.

    Lanza:
        ValueError: si el modelo no tiene gemela, los datos no son para él, o a la red le falta un
            método.
        ModuleNotFoundError: si se pide "torch" y no está instalado.

    Ejemplo:
        >>> import cursokeras as ck
        >>> x, y = ck.datos.estudiantes("aprobo")
        >>> modelo = ck.crear_binaria(3, ocultas=(4,), semilla=0)
        >>> print(comparar(modelo, x, y, batch_size=4).explicacion)
        Keras y NumPy coinciden en los 6 lotes: la mayor diferencia relativa es ...
    """
    epochs, batch_size, semilla, tolerancia = leer_todos(
        epochs=epochs, batch_size=batch_size, semilla=semilla, tolerancia=tolerancia
    )
    gemela = _gemela(modelo)
    x, y = _datos(modelo, x, y)
    nombre, red = _otra_red(contra, gemela)
    referencia = RedKeras(modelo)
    batch_size = min(batch_size, len(x))
    lotes = Lotes(x, y, batch_size=batch_size, semilla=semilla)
    try:
        contraparte = Contraparte(red, referencia.pesos_iniciales, len(gemela.layers))
        exacta = gemela_sin_estado(modelo, dtype="float64")
        recorrido = Recorrido(referencia, contraparte, exacta, lotes, tolerancia)
        recorrido.recorrer(epochs)
    except SinCompletar as error:
        return _sin_completar(error, nombre, tolerancia)
    por_clase = losses.CategoricalCrossentropy, losses.SparseCategoricalCrossentropy
    contexto = Contexto(
        filas=len(x),
        batch_size=batch_size,
        d_out=gemela.output_shape[-1],
        learning_rate=gemela.optimizer.learning_rate,
        por_clase=isinstance(gemela.loss, por_clase),
    )
    return _resultado(recorrido, contexto, nombre)


def _gemela(modelo):
    gemela = gemela_sin_estado(modelo)
    if gemela.loss is None:
        raise ValueError(
            "El modelo no está compilado: no tiene pérdida ni optimizador que comparar. Escribe "
            "modelo.compile(optimizer='sgd', loss='mse') (o la pérdida que corresponda)."
        )
    if not gemela.weights:
        raise ValueError(
            "El modelo no tiene pesos que entrenar. Agrega una capa, como keras.layers.Dense(1)."
        )
    azarosas = [capa.name for capa in gemela.layers if getattr(capa, "rate", 0)]
    if azarosas:
        raise ValueError(
            f"El modelo tiene Dropout ({', '.join(azarosas)}), que apaga neuronas al azar: dos "
            "redes nunca apagarían las mismas. Compara el mismo modelo sin Dropout."
        )
    return gemela


def _datos(modelo, x, y):
    """Los datos como los espera el modelo, con la precisión de sus pesos."""
    avisar(*filas_cruzadas(x, y))
    x, y = convertir_x(modelo, x), convertir_y(modelo, y, nombres=nombres_de_clases(modelo, y))
    exigir_mismas_filas(x, y)
    precision = modelo.get_weights()[0].dtype
    return x.astype(precision), y if y.dtype.kind == "i" else y.astype(precision)


def _otra_red(contra, gemela):
    """El nombre y la red con que se compara."""
    if contra is None:
        return "NumPy", gemela
    if isinstance(contra, str):
        if contra != "torch":
            raise ValueError(
                f"contra={contra!r} no existe. Escribe contra='torch', una red tuya, o nada para "
                "comparar con NumPy."
            )
        return "PyTorch", crear_en_torch(gemela)
    if isinstance(contra, keras.Model):
        raise ValueError(
            "contra es un modelo de Keras, y Keras ya está del otro lado. Quita contra para "
            "comparar con NumPy, o da una red escrita por ti."
        )
    return "tu red", contra


def _sin_completar(error, nombre, tolerancia):
    """El resultado de una red a medio escribir: ningún lote, y qué falta."""
    return Comparacion(
        tabla=pd.DataFrame(columns=COLUMNAS, dtype="float64"),
        primer_paso_distinto=None,
        causa="sin_completar",
        explicacion=f"Aún sin completar: {error}",
        segundos={"Keras": 0.0, nombre: 0.0},
        tolerancia=tolerancia,
        nombre=nombre,
    )


def _resultado(recorrido, contexto, nombre):
    diagnostico = diagnosticar(recorrido, contexto)
    # Una pérdida que no se conoce es None, que en una columna de números se escribe nan.
    tabla = pd.DataFrame(recorrido.filas).astype({"pérdida_otra": "float64"})
    return Comparacion(
        tabla=tabla,
        primer_paso_distinto=diagnostico.lugar,
        causa=diagnostico.causa.clave if diagnostico.causa else "",
        explicacion=explicar(diagnostico, recorrido, tabla, nombre),
        segundos={"Keras": recorrido.segundos_keras, nombre: recorrido.contraparte.segundos},
        tolerancia=recorrido.tolerancia,
        nombre=nombre,
    )
