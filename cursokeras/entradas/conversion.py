"""Las conversiones: de x, y y sample_weight a los arreglos que recibe el modelo."""

import numpy as np
import pandas as pd

from cursokeras._comun.hallazgos import ErrorDeDatos, Hallazgo, contar, error
from cursokeras.entradas.arreglos import a_arreglo, nombrar_columna
from cursokeras.entradas.cabezas import cabeza_de
from cursokeras.entradas.columnas import exigir_columnas
from cursokeras.entradas.formas import con_forma_de_entrada
from cursokeras.entradas.modelo import forma_de_entrada


def convertir_x(modelo, x):
    """Convierte las entradas en el arreglo que recibe el modelo.

    Argumentos:
        modelo: modelo de Keras construido, de una sola entrada.
        x: arreglo, lista, tabla o tensor con una fila por ejemplo. Si el modelo tiene una sola
            columna de entrada vale una lista de números; un último eje de tamaño 1, como el canal
            de una imagen en gris, puede faltar o sobrar.

    Devuelve:
        Un arreglo float32 de forma (n, *modelo.input_shape[1:]), sin valores faltantes.

    Lanza:
        ErrorDeDatos: si x no es de números, está vacío, le faltan valores, o no tiene las columnas
            (o el tamaño de imagen) con que trabaja el modelo.

    Ejemplo:
        >>> from cursokeras._backend import keras
        >>> modelo = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
        >>> convertir_x(modelo, [1, 2, 3]).shape
        (3, 1)
    """
    forma = forma_de_entrada(modelo)
    exigir_columnas(modelo, x)
    arreglo = a_arreglo(x, "x")
    _exigir_filas(arreglo, "x")
    if forma is not None:
        arreglo = con_forma_de_entrada(arreglo, forma)
    elif arreglo.ndim == 1:
        arreglo = arreglo[:, None]
    _exigir_finitos(arreglo, x, "x")
    return arreglo


def convertir_y(modelo, y, *, nombres=None):
    """Convierte los objetivos en el arreglo que espera la pérdida del modelo.

    Argumentos:
        modelo: modelo de Keras compilado, de una sola salida.
        y: arreglo, lista, tabla o tensor con una fila por ejemplo; (n,) y (n, 1) son lo mismo.
            Los textos valen si el modelo elige una clase y se saben sus nombres.
        nombres: los de las clases, en orden; `None` son los que recuerda el modelo.

    Devuelve:
        Un arreglo (n, k): int32 (n, 1) con el número de la clase si la pérdida es
        `sparse_categorical_crossentropy`, y float32 en los demás casos.

    Lanza:
        ErrorDeDatos: si y no se puede leer, está vacío, le faltan valores, o no son los que
            espera la cabeza del modelo.

    Ejemplo:
        >>> from cursokeras._backend import keras
        >>> modelo = keras.Sequential([keras.Input((8,)), keras.layers.Dense(3, "softmax")])
        >>> modelo.compile(loss="sparse_categorical_crossentropy")
        >>> convertir_y(modelo, [0.0, 2.0]).tolist()
        [[0], [2]]
    """
    cabeza = cabeza_de(modelo)
    arreglo = cabeza.leer(y, nombres or cabeza.nombres)
    _exigir_filas(arreglo, "y")
    _exigir_finitos(arreglo, y, "y")
    cabeza.exigir_valores(arreglo)
    return arreglo.astype(cabeza.tipo, copy=False)


def convertir_pesos(sample_weight, n):
    """Convierte los pesos de las filas en un arreglo float32 (n,); `None` se queda como `None`.

    Argumentos:
        sample_weight: un número desde 0 por fila, o `None`.
        n: número de filas.

    Lanza:
        ErrorDeDatos: si no hay n pesos, alguno es negativo o falta, o todos son 0.

    Ejemplo:
        >>> convertir_pesos([1, 2, 1], 3)
        array([1., 2., 1.], dtype=float32)
    """
    if sample_weight is None:
        return None
    if isinstance(sample_weight, dict | str):
        raise _pesos_malos(
            f"es de tipo {type(sample_weight).__name__} y lleva un número por fila",
            "Un peso por clase, o 'balanced', va en class_weight.",
        )
    pesos = a_arreglo(sample_weight, "sample_weight")
    if pesos.shape not in ((n,), (n, 1)):
        raise _pesos_malos(
            f"tiene forma {pesos.shape} y hay {contar(n, 'fila')}",
            "Da un peso por fila, en el mismo orden que x.",
        )
    _exigir_finitos(pesos, sample_weight, "sample_weight")
    if (pesos < 0).any():
        raise _pesos_malos(
            f"tiene pesos negativos (el menor es {pesos.min():g})",
            "Un peso va desde 0; para no contar una fila, ponle peso 0.",
        )
    if not pesos.any():
        raise _pesos_malos("es 0 en todas las filas", "Alguna fila debe pesar más que 0.")
    return pesos.reshape(n)


def _exigir_filas(arreglo, nombre):
    if not arreglo.size:
        raise error(
            "sin_datos",
            nombre,
            f"{nombre} está vacío: su forma es {arreglo.shape}.",
            "Revisa el filtro o el archivo de donde salen las filas.",
        )


def _exigir_finitos(arreglo, datos, nombre):
    if np.isfinite(arreglo).all():
        return
    completar = _COMPLETAR.get(type(datos) if nombre == "x" else nombre, _COMPLETAR["x"])
    if arreglo.ndim != 2 or np.ndim(datos) == 1:
        raise ErrorDeDatos(_no_finitos(arreglo, nombre, nombre, completar))
    malas = np.flatnonzero(~np.isfinite(arreglo).all(axis=0))
    raise ErrorDeDatos(
        *(_no_finitos(arreglo[:, i], nombre, nombrar_columna(datos, i), completar) for i in malas)
    )


_COMPLETAR = {
    pd.DataFrame: "Complétala con la mediana: x = x.fillna(x.median()).",
    "x": "Complétala: x = sklearn.impute.SimpleImputer().fit_transform(x).",
    "y": "Un objetivo no se inventa: quita esas filas de x e y.",
    "sample_weight": "Escribe un peso en cada fila.",
}


def _no_finitos(valores, nombre, columna, completar):
    """Cuenta lo que falta y lo que es infinito en unos valores, y dice qué escribir."""
    sujeto = nombre if columna == nombre else f"La columna {columna} de {nombre}"
    faltan, infinitos = int(np.isnan(valores).sum()), int(np.isinf(valores).sum())
    cuentas = [contar(faltan, "valor faltante", "valores faltantes") + " (nan)"] if faltan else []
    cuentas += [contar(infinitos, "valor infinito", "valores infinitos")] if infinitos else []
    if infinitos:  # Imputar no los cambia, y suelen venir de dividir por cero.
        completar = (
            "Quita esas filas, o revisa de dónde salen: una división por 0, un log(0), un número "
            "mayor que 3.4e38, el máximo de float32."
        )
    elif faltan == len(valores) > 1 and columna != nombre:
        completar = f"Quita la columna, que está vacía: x.drop(columns=[{columna}])."
    return Hallazgo(
        "error",
        "valores_no_finitos",
        columna,
        f"{sujeto} tiene {' y '.join(cuentas)} en {contar(len(valores), 'fila')}.",
        completar,
    )


def _pesos_malos(problema, arreglo):
    return error("pesos", "sample_weight", f"sample_weight {problema}.", arreglo)
