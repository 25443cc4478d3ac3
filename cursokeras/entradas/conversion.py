"""De lo que el usuario tiene a los arreglos que Keras recibe, o una explicación en español.

Lo que sale de aquí siempre lo puede tomar el modelo: tiene la forma de su entrada o de su cabeza,
el tipo que espera su pérdida y ningún valor faltante. No juzga si los datos son buenos para
aprender; de eso se ocupa `cursokeras.revision`.
"""

import numpy as np

from cursokeras.arreglos import a_arreglo, nombrar_columna, nombres_de_columnas
from cursokeras.hallazgos import ErrorDeDatos, Hallazgo, error

_CABEZAS = {
    "sparsecategoricalcrossentropy": "clasificacion",
    "categoricalcrossentropy": "one_hot",
    "categoricalfocalcrossentropy": "one_hot",
    "binarycrossentropy": "binaria",
    "binaryfocalcrossentropy": "binaria",
    "bce": "binaria",
} | dict.fromkeys(
    "mse mae mape msle logcosh huber meansquarederror meanabsoluteerror poisson "
    "meanabsolutepercentageerror meansquaredlogarithmicerror".split(),
    "regresion",
)


def tipo_de_cabeza(modelo):
    """Dice qué aprende un modelo compilado, según su pérdida.

    Argumentos:
        modelo: modelo de Keras compilado con la pérdida por nombre, función u objeto.

    Devuelve:
        "regresion", "binaria", "clasificacion" (clases como números enteros), "one_hot" (clases
        en columnas de 0 y 1) u "otra" si la pérdida no es una de las conocidas.

    Lanza:
        ErrorDeDatos: si el modelo no está compilado o tiene más de una salida.
    """
    perdida = _perdida(modelo)
    if isinstance(perdida, str):
        nombres = [perdida]
    elif isinstance(perdida, type) or not hasattr(type(perdida), "call"):
        nombres = [getattr(perdida, "__name__", "")]
    else:
        nombres = [clase.__name__ for clase in type(perdida).__mro__]
    claves = [nombre.replace("_", "").lower() for nombre in nombres]
    return next((_CABEZAS[clave] for clave in claves if clave in _CABEZAS), "otra")


def convertir_x(modelo, x):
    """Convierte las entradas en el arreglo que recibe el modelo.

    Argumentos:
        modelo: modelo de Keras construido, de una sola entrada.
        x: arreglo, lista, tabla o tensor con una fila por ejemplo. Para una sola columna de
            entrada vale una lista de números; para imágenes, con o sin el eje del canal si es 1.

    Devuelve:
        Un arreglo float32 de forma (n, *modelo.input_shape[1:]), sin valores faltantes.

    Lanza:
        ErrorDeDatos: si x no es de números, le faltan valores, o no tiene las columnas (o el
            tamaño de imagen) que espera el modelo.

    Ejemplo:
        >>> from cursokeras._backend import keras
        >>> modelo = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
        >>> convertir_x(modelo, [1, 2, 3]).shape
        (3, 1)
    """
    forma = forma_de_entrada(modelo)
    arreglo = a_arreglo(x, "x")
    if forma is not None:
        con_forma = _con_forma(arreglo, forma)
        if con_forma is None:
            raise _x_no_cabe(arreglo, forma)
        arreglo = con_forma
    _exigir_finitos(arreglo, x, "x")
    return arreglo


def convertir_y(modelo, y):
    """Convierte los objetivos en el arreglo que espera la pérdida del modelo.

    Argumentos:
        modelo: modelo de Keras compilado, de una sola salida.
        y: arreglo, lista, tabla o tensor con una fila por ejemplo; (n,) y (n, 1) son lo mismo.

    Devuelve:
        Un arreglo (n, k): int32 (n, 1) con el número de la clase si la pérdida es
        `sparse_categorical_crossentropy`, y float32 en los demás casos.

    Lanza:
        ErrorDeDatos: si y no es de números, le faltan valores, o no tiene la forma de la cabeza.
    """
    cabeza = tipo_de_cabeza(modelo)
    salida = forma_de_salida(modelo)
    arreglo = a_arreglo(y, "y", dtype="float64" if cabeza == "clasificacion" else "float32")
    if arreglo.ndim == 1:
        arreglo = arreglo[:, None]
    if salida is not None and cabeza != "otra":
        forma = (*salida[:-1], 1) if cabeza == "clasificacion" else salida
        con_forma = _con_forma(arreglo, forma)
        if con_forma is None:
            raise _y_no_cabe(arreglo, cabeza, salida)
        arreglo = con_forma
    _exigir_finitos(arreglo, y, "y")
    return _a_enteros(arreglo) if cabeza == "clasificacion" else arreglo


def convertir_pesos(sample_weight, n):
    """Convierte los pesos de las filas en un arreglo float32 (n,); `None` se queda como `None`.

    Argumentos:
        sample_weight: un número no negativo por fila, o `None`.
        n: número de filas.

    Lanza:
        ErrorDeDatos: si no hay n pesos, o alguno es negativo o falta.
    """
    if sample_weight is None:
        return None
    pesos = a_arreglo(sample_weight, "sample_weight")
    if pesos.size != n or pesos.shape[0] != n:
        raise error(
            "pesos_de_otro_tamano",
            "sample_weight",
            f"sample_weight tiene forma {pesos.shape} y hay {n} filas.",
            "Da un peso por fila, en el mismo orden que x.",
        )
    pesos = pesos.reshape(n)
    _exigir_finitos(pesos, sample_weight, "sample_weight")
    if n and pesos.min() < 0:
        raise error(
            "pesos_negativos",
            "sample_weight",
            f"sample_weight tiene pesos negativos (el menor es {pesos.min():g}).",
            "Un peso es 0 o más; para ignorar una fila, ponle peso 0.",
        )
    return pesos


def forma_de_entrada(modelo):
    """Devuelve la forma de una fila de x, como (8,); `None` si el modelo no la declara."""
    return _una_forma(modelo, "input_shape", "entradas")


def forma_de_salida(modelo):
    """Devuelve la forma de una fila de la salida, como (1,); `None` si el modelo no la declara."""
    return _una_forma(modelo, "output_shape", "salidas")


def recordar_columnas(modelo, x):
    """Anota en el modelo los nombres de las columnas con que aprendió, si x es una tabla.

    Quedan en `modelo.columnas_cursokeras`, una tupla de textos, y desde entonces `convertir_x`
    rechaza las tablas que traen otras columnas o las traen en otro orden.
    """
    nombres = nombres_de_columnas(x)
    if nombres is not None:
        modelo.columnas_cursokeras = nombres


def _una_forma(modelo, atributo, nombre):
    _exigir_construido(modelo)
    forma = getattr(modelo, atributo, None)
    if isinstance(forma, dict):
        forma = list(forma.values())
    if isinstance(forma, list):
        if len(forma) > 1:
            raise _varias(nombre, len(forma))
        forma = forma[0]
    return None if forma is None else tuple(forma[1:])


def _perdida(modelo):
    _exigir_construido(modelo)
    perdida = getattr(modelo, "loss", None)
    if perdida is None:
        raise error(
            "modelo_sin_compilar",
            "modelo",
            "El modelo no está compilado: no tiene pérdida.",
            "Escribe modelo.compile(optimizer='adam', loss=...), o créalo con crear_regresion, "
            "crear_clasificacion o crear_binaria.",
        )
    if isinstance(perdida, dict):
        perdida = list(perdida.values())
    if isinstance(perdida, list | tuple):
        if len(perdida) > 1:
            raise _varias("salidas", len(perdida))
        perdida = perdida[0]
    return perdida


def _exigir_construido(modelo):
    if not hasattr(modelo, "predict_on_batch"):
        raise error(
            "no_es_un_modelo",
            "modelo",
            f"El primer argumento es de tipo {type(modelo).__name__} y debe ser un modelo de Keras.",
            "El orden es (modelo, x, y).",
        )
    if not modelo.built:
        raise error(
            "modelo_sin_construir",
            "modelo",
            "El modelo no sabe cuántas columnas recibe.",
            "Empieza las capas con keras.Input((d_in,)), donde d_in es el número de columnas de x.",
        )


def _varias(nombre, cuantas):
    return error(
        "modelo_de_varias_partes",
        "modelo",
        f"El modelo tiene {cuantas} {nombre}, y cursokeras entrena modelos de una x y una y.",
        "Para los demás está modelo.fit, con una lista o un diccionario de arreglos.",
    )


def _con_forma(arreglo, forma):
    """Devuelve el arreglo con filas de esa forma, o `None`; un último eje de 1 puede faltar."""
    if arreglo.ndim == len(forma) and forma[-1] == 1:
        arreglo = arreglo[..., None]
    elif arreglo.ndim == len(forma) + 2 and arreglo.shape[-1] == 1:
        arreglo = arreglo[..., 0]
    return arreglo if _cabe(arreglo.shape[1:], forma) else None


def _cabe(forma, esperada):
    return len(forma) == len(esperada) and all(
        e in (None, f) for f, e in zip(forma, esperada, strict=True)
    )


def _x_no_cabe(arreglo, forma):
    llego = "(" + ", ".join(["n", *map(str, arreglo.shape[1:])]) + ")"
    esperada = "(" + ", ".join(["n", *map(str, forma)]) + ")"
    if _cabe(arreglo.shape, forma):
        que = "es un solo ejemplo", "Para usar una sola fila escribe [x]: np.array([x])."
    elif arreglo.ndim > 2 and len(forma) == 1 and np.prod(arreglo.shape[1:]) == forma[0]:
        que = (
            f"tiene forma {llego} y el modelo espera {esperada}",
            "Aplana cada ejemplo en una fila: x.reshape(len(x), -1).",
        )
    elif len(forma) == 1 and arreglo.ndim <= 2:
        columnas = arreglo.shape[1] if arreglo.ndim == 2 else 1
        que = (
            f"tiene {_contar(columnas, 'columna')} y el modelo espera {forma[0]}",
            f"Da {forma[0]} columnas, o crea el modelo con d_in={columnas}.",
        )
    else:
        que = (
            f"tiene forma {llego} y el modelo espera {esperada}",
            "Cambia el tamaño de x, o el de keras.Input en el modelo.",
        )
    return error("forma_de_x", "x", f"x {que[0]}.", que[1])


def _y_no_cabe(arreglo, cabeza, salida):
    columnas = " × ".join(map(str, arreglo.shape[1:]))
    clases = salida[-1]
    if cabeza == "clasificacion" and arreglo.ndim == 2:
        return error(
            "one_hot_con_cabeza_de_enteros",
            "y",
            f"y tiene {columnas} columnas, y la pérdida sparse_categorical_crossentropy espera una "
            f"sola con el número de la clase (0 a {clases - 1}).",
            "Si y es one-hot, escribe y = np.argmax(y, axis=1).",
        )
    if cabeza == "one_hot" and arreglo.shape[1:] == (1,):
        return error(
            "enteros_con_cabeza_one_hot",
            "y",
            f"y tiene el número de la clase, y la pérdida categorical_crossentropy espera {clases} "
            "columnas one-hot.",
            f"Escribe y = np.eye({clases})[y], o compila el modelo con "
            "sparse_categorical_crossentropy.",
        )
    return error(
        "forma_de_y",
        "y",
        f"y tiene {columnas} columnas y la salida del modelo tiene {' × '.join(map(str, salida))}.",
        "La última capa debe tener una neurona por columna de y.",
    )


def _contar(n, nombre):
    return f"{n} {nombre}" if n == 1 else f"{n} {nombre}s"


def _exigir_finitos(arreglo, datos, nombre):
    if not np.isfinite(arreglo).all():
        raise ErrorDeDatos(*_no_finitos(arreglo, datos, nombre))


def _no_finitos(arreglo, datos, nombre):
    """Un hallazgo por columna con valores faltantes o infinitos, con sus cuentas."""
    malos = ~np.isfinite(arreglo.reshape(len(arreglo), -1)) if arreglo.ndim > 1 else None
    if arreglo.ndim != 2:
        yield _no_finito("", nombre, np.isnan(arreglo).sum(), np.isinf(arreglo).sum())
        return
    for i in np.flatnonzero(malos.any(axis=0)):
        columna = nombrar_columna(datos, i)
        faltan, infinitos = np.isnan(arreglo[:, i]).sum(), np.isinf(arreglo[:, i]).sum()
        yield _no_finito(f"La columna {columna} de ", nombre, faltan, infinitos, columna)


def _no_finito(prefijo, nombre, faltan, infinitos, columna=""):
    cuentas = [f"{faltan} valores faltantes (nan)"] if faltan else []
    cuentas += [f"{infinitos} infinitos o mayores que 3.4e38"] if infinitos else []
    return Hallazgo(
        "error",
        "valores_no_finitos",
        columna or nombre,
        f"{prefijo}{nombre} tiene {' y '.join(cuentas)}.",
        "Quita esas filas con tabla.dropna(), o complétalas con "
        "sklearn.impute.SimpleImputer().fit_transform(x).",
    )


def _a_enteros(arreglo):
    enteros = arreglo.astype("int32")
    if (enteros != arreglo).any():
        malo = arreglo[enteros != arreglo][0]
        raise error(
            "etiquetas_con_decimales",
            "y",
            f"y tiene etiquetas con decimales (como {malo:g}), y las clases son números enteros.",
            "Si y es una cantidad, usa crear_regresion; si no, numera las clases desde 0.",
        )
    return enteros
