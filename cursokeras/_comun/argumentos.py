"""Los argumentos de `entrenar` que no son datos: enteros, fracciones y pesos por clase."""

import numbers
from functools import partial

import numpy as np

from cursokeras._comun.hallazgos import ErrorDeDatos, Hallazgo, enumerar
from cursokeras.modelos.opciones import es_entero_desde


def revisar_argumentos(
    *,
    epochs=1,
    batch_size=32,
    validation_split=0.0,
    patience=None,
    brecha=None,
    acelerar=True,
    verbose=0,
    class_weight=None,
    cabeza=None,
    clases=None,
    hay_validacion=True,
):
    """Lanza un error que explica todos los argumentos de `entrenar` que no sirven.

    Argumentos:
        epochs, batch_size: enteros desde 1.
        validation_split: fracción desde 0 y menor que 1.
        patience: entero desde 0, o `None`.
        brecha: número mayor que 0, o `None`.
        acelerar: `True` o `False`.
        verbose: "auto", 0, 1 o 2.
        class_weight: diccionario clase → peso, "balanced", o `None`.
        cabeza: lo que dice `tipo_de_cabeza(modelo)`.
        clases: cuántas clases distingue el modelo; 2 si es binaria.
        hay_validacion: si se valida con algunas filas, que es lo que `brecha` compara.

    Lanza:
        ErrorDeDatos: con un hallazgo por argumento.

    Ejemplo:
        >>> revisar_argumentos(epochs=2.5)
        Traceback (most recent call last):
        cursokeras.ErrorDeDatos: epochs=2.5: se esperaba un entero desde 1.
        Escribe, por ejemplo, epochs=100.
    """
    valores = {
        "epochs": epochs,
        "batch_size": batch_size,
        "validation_split": validation_split,
        "patience": patience,
        "brecha": brecha,
        "acelerar": acelerar,
        "verbose": verbose,
    }
    hallazgos = [h for nombre, valor in valores.items() for h in _revisar(nombre, valor)]
    if brecha is not None and not hay_validacion:
        hallazgos.append(_brecha_sin_validacion(brecha))
    if class_weight is not None:
        hallazgos += _revisar_class_weight(class_weight, cabeza, clases)
    if hallazgos:
        raise ErrorDeDatos(*hallazgos)


def _es_numero(valor):
    es_real = isinstance(valor, numbers.Real) and not isinstance(valor, bool)
    return es_real and bool(np.isfinite(valor))


# De cada argumento: cuándo sirve, cómo se dice y un valor de ejemplo.
_REGLAS = {
    "epochs": (partial(es_entero_desde, 1), "un entero desde 1", 100),
    "batch_size": (partial(es_entero_desde, 1), "un entero desde 1", 32),
    "validation_split": (
        lambda v: _es_numero(v) and 0 <= v < 1,
        "una fracción desde 0 y menor que 1",
        0.2,
    ),
    "patience": (lambda v: v is None or es_entero_desde(0, v), "un entero desde 0, o None", 10),
    "brecha": (lambda v: v is None or (_es_numero(v) and v > 0), "un número mayor que 0", 0.5),
    "acelerar": (lambda v: isinstance(v, bool | np.bool_), "True o False", False),
    "verbose": (
        lambda v: isinstance(v, str | numbers.Integral) and v in ("auto", 0, 1, 2),
        "'auto', 0, 1 o 2",
        0,
    ),
}


def _revisar(nombre, valor):
    sirve, esperado, ejemplo = _REGLAS[nombre]
    if not sirve(valor):
        yield _hallazgo(
            nombre,
            f"{nombre}={valor!r}: se esperaba {esperado}.",
            f"Escribe, por ejemplo, {nombre}={ejemplo}.",
        )


def _brecha_sin_validacion(brecha):
    return _hallazgo(
        "brecha",
        f"brecha={brecha!r} compara la validación con el entrenamiento, y con validation_split=0 "
        "no hay validación.",
        "Quita brecha, o escribe validation_split=0.2.",
    )


def _balanceado(class_weight):
    return isinstance(class_weight, str) and class_weight == "balanced"


def _revisar_class_weight(pesos, cabeza, clases):
    """Da los errores de un class_weight que no es `None`."""
    if clases is None:
        yield _hallazgo(
            "class_weight",
            f"class_weight llegó a un modelo que no clasifica (su cabeza es '{cabeza}').",
            "Quítalo, o usa sample_weight con un peso por fila.",
        )
    elif _balanceado(pesos):
        return
    elif not isinstance(pesos, dict):
        yield _hallazgo(
            "class_weight",
            f"class_weight es de tipo {type(pesos).__name__} y debe ser un diccionario.",
            f"Escribe class_weight={_EJEMPLO}, o class_weight='balanced'.",
        )
    else:
        yield from _revisar_diccionario(pesos, range(clases))


def _revisar_diccionario(pesos, clases):
    malos = {c: p for c, p in pesos.items() if not (_es_numero(p) and p >= 0)}
    if malos:
        yield _hallazgo(
            "class_weight",
            f"class_weight tiene pesos que no sirven: {malos}.",
            "Un peso es un número desde 0.",
        )
    elif not any(pesos.values()):
        yield _hallazgo(
            "class_weight", f"class_weight={pesos} no deja ninguna clase.", f"Escribe {_EJEMPLO}."
        )
    sobran = [repr(c) for c in pesos if c not in clases]
    faltan = [str(c) for c in clases if c not in pesos]
    if sobran or faltan:
        partes = [f"nombra clases que no existen: {enumerar(sobran)}"] if sobran else []
        de = "de la clase" if len(faltan) == 1 else "de las clases"
        partes += [f"no dice el peso {de} {enumerar(faltan)}"] if faltan else []
        yield _hallazgo(
            "class_weight",
            f"class_weight {' y '.join(partes)}.",
            f"Las clases son los enteros de 0 a {len(clases) - 1}: escribe un peso para cada una.",
        )


_EJEMPLO = "{0: 1.0, 1: 5.0}"


def _hallazgo(nombre, mensaje, arreglo):
    return Hallazgo("error", "argumento", nombre, mensaje, arreglo)
