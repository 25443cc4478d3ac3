"""Qué tan bien predice un modelo: sus predicciones, sus medidas y la tabla real / predicho."""

import warnings

import numpy as np
import pandas as pd
from sklearn import metrics

from cursokeras._comun.hallazgos import contar
from cursokeras._comun.hojas import escribir_tabla, exigir_extension
from cursokeras._comun.traduccion import errores_en_espanol
from cursokeras.dispositivos import contar_replicas
from cursokeras.entradas import convertir_x, convertir_y, exigir_mismas_filas, tipo_de_cabeza

_FILAS_POR_BLOQUE = 8192


def predecir(modelo, x):
    """Devuelve lo mismo que `modelo.predict(x)`, sin su costo fijo de unos 40 ms por llamada.

    Argumentos:
        modelo: modelo de Keras de una entrada y una salida.
        x: entradas, (n, d_in): arreglo, lista o tabla de pandas.

    Devuelve:
        Arreglo (n, d_out): los números predichos, o la probabilidad de cada clase.

    Lanza:
        ValueError: si `x` no sirve para este modelo; el mensaje dice qué escribir.

    Ejemplo:
        >>> import cursokeras as ck
        >>> ck.predecir(ck.crear_regresion(3), [[1, 2, 3], [4, 5, 6]]).shape
        (2, 1)
    """
    return _predecir(modelo, convertir_x(modelo, x))


def evaluar(modelo, x, y):
    """Mide un modelo con datos que no vio al entrenar.

    Argumentos:
        modelo: modelo de Keras compilado.
        x: entradas, (n, d_in).
        y: objetivos reales, como en `entrenar`.

    Devuelve:
        `Series` con las medidas. Regresión: `r2` (1 es perfecto, 0 es predecir el promedio),
        `mse`, `rmse` y `mae`, estas dos en las unidades de `y`; con varias salidas, el promedio
        y después cada una, como `r2 (0)`, o `r2 (N1)` si `y` es una tabla con esa columna.
        Clasificación: `accuracy` y `entropia_cruzada` (en nats), y en la binaria también
        `precision`, `recall` y `f1` de la clase 1.

    Lanza:
        ValueError: si los datos no sirven para este modelo; el mensaje dice qué escribir.

    Ejemplo:
        >>> import cursokeras as ck
        >>> x, y = ck.datos.lineal(semilla=0)
        >>> modelo = ck.crear_regresion(2)
        >>> modelo.set_weights([np.array([[2], [-3.4]]), np.array([4.2])])
        >>> float(ck.evaluar(modelo, x, y)["r2"].round(3))
        1.0
    """
    x, reales = _leer(modelo, x, y)
    predichos = _predecir(modelo, x)
    medir = _medir_clases if _clasifica(modelo) else _medir_numeros
    return pd.Series(medir(reales, predichos, _nombres(y, reales)), dtype=float)


def tabla_predicciones(modelo, x, y, ruta=None, *, clases=None):
    """Pone lado a lado lo real y lo predicho, fila por fila.

    Argumentos:
        modelo: modelo de Keras compilado.
        x: entradas, (n, d_in).
        y: objetivos reales, como en `entrenar`.
        ruta: archivo `.csv` o `.xlsx` donde escribir también la tabla; el anterior solo se
            reemplaza cuando el nuevo está completo.
        clases: nombres de las clases, en orden, para mostrarlos en lugar de sus números.

    Devuelve:
        `DataFrame` con el índice de `x` o de `y` si son de pandas. Regresión: `real`, `predicho`
        y `error` (predicho - real), una terna por salida. Clasificación: `real`, `predicho`,
        `probabilidad` (la de la clase predicha) y `acierto`.

    Lanza:
        ValueError: si los datos, las clases o la ruta no sirven; el mensaje dice qué escribir.

    Ejemplo:
        >>> import cursokeras as ck
        >>> modelo = ck.crear_regresion(1)
        >>> modelo.set_weights([np.array([[2.0]]), np.array([1.0])])
        >>> ck.tabla_predicciones(modelo, [[1], [2]], [3, 4])
           real  predicho  error
        0   3.0       3.0    0.0
        1   4.0       5.0    1.0
    """
    if ruta is not None:
        exigir_extension(ruta)
    de_pandas = (dato.index for dato in (x, y) if isinstance(dato, pd.DataFrame | pd.Series))
    arreglo, reales = _leer(modelo, x, y)
    predichos = _predecir(modelo, arreglo)
    if _clasifica(modelo):
        tabla = _tabla_de_clases(reales, predichos, _nombrar_clases(clases, predichos))
    else:
        tabla = _tabla_de_numeros(reales, predichos, _nombres(y, reales))
    tabla = pd.DataFrame(tabla, index=next(de_pandas, None))
    if ruta is not None:
        escribir_tabla(tabla, ruta)
    return tabla


def _predecir(modelo, x):
    with errores_en_espanol():
        if contar_replicas(modelo) > 1:
            return modelo.predict(x, verbose=0)
        bloques = range(0, len(x), _FILAS_POR_BLOQUE)
        salidas = [modelo.predict_on_batch(x[i : i + _FILAS_POR_BLOQUE]) for i in bloques]
    return salidas[0] if len(salidas) == 1 else np.concatenate(salidas)


def _leer(modelo, x, y):
    x, y = convertir_x(modelo, x), convertir_y(modelo, y)
    exigir_mismas_filas(x, y)
    return x, y


def _clasifica(modelo):
    return tipo_de_cabeza(modelo) in ("clasificacion", "one_hot", "binaria")


def _nombres(y, reales):
    """El nombre de cada salida: el de su columna si `y` es una tabla, o su número."""
    return list(y.columns) if isinstance(y, pd.DataFrame) else list(range(reales.shape[1]))


_MEDIDAS = {
    "r2": metrics.r2_score,
    "mse": metrics.mean_squared_error,
    "rmse": metrics.root_mean_squared_error,
    "mae": metrics.mean_absolute_error,
}


def _medir_numeros(reales, predichos, nombres):
    if len(reales) < 2:
        warnings.warn(
            "R² compara con el promedio de y, y con una sola fila no se puede: queda nan. "
            "Evalúa con dos filas o más.",
            stacklevel=3,
        )
    # En float64, para que el cuadrado de números grandes no pierda cifras.
    reales, predichos = reales.astype("float64"), predichos.astype("float64")
    por_salida = {
        nombre: [np.nan] * len(nombres)
        if nombre == "r2" and len(reales) < 2
        else medida(reales, predichos, multioutput="raw_values")
        for nombre, medida in _MEDIDAS.items()
    }
    medidas = {nombre: np.mean(valores) for nombre, valores in por_salida.items()}
    if len(nombres) > 1:
        for i, salida in enumerate(nombres):
            medidas |= {f"{medida} ({salida})": por_salida[medida][i] for medida in _MEDIDAS}
    return medidas


def _medir_clases(reales, predichos, _):
    clases, elegidas, probabilidades = _leer_clases(reales, predichos)
    numeros = range(probabilidades.shape[1])
    medidas = {
        "accuracy": metrics.accuracy_score(clases, elegidas),
        "entropia_cruzada": metrics.log_loss(clases, probabilidades, labels=list(numeros)),
    }
    if predichos.shape[1] == 1:
        for nombre, medida in (
            ("precision", metrics.precision_score),
            ("recall", metrics.recall_score),
            ("f1", metrics.f1_score),
        ):
            medidas[nombre] = medida(clases, elegidas, zero_division=0)
    return medidas


def _leer_clases(reales, predichos):
    """Devuelve la clase real, la elegida y la probabilidad de cada clase, (n, clases)."""
    if predichos.shape[1] == 1:
        predichos = np.hstack([1 - predichos, predichos])
    clases = reales.argmax(axis=1) if reales.shape[1] > 1 else reales[:, 0].astype(int)
    # En float64 y sumando 1 exacto, como lo pide scikit-learn.
    probabilidades = predichos.astype("float64")
    probabilidades /= probabilidades.sum(axis=1, keepdims=True)
    return clases, predichos.argmax(axis=1), probabilidades


def _tabla_de_numeros(reales, predichos, nombres):
    columnas = {}
    for i, salida in enumerate(nombres):
        sufijo = f" ({salida})" if len(nombres) > 1 else ""
        columnas[f"real{sufijo}"] = reales[:, i]
        columnas[f"predicho{sufijo}"] = predichos[:, i]
        columnas[f"error{sufijo}"] = predichos[:, i] - reales[:, i]
    return columnas


def _tabla_de_clases(reales, predichos, nombres):
    clases, elegidas, probabilidades = _leer_clases(reales, predichos)
    return {
        "real": nombres[clases],
        "predicho": nombres[elegidas],
        "probabilidad": probabilidades.max(axis=1),
        "acierto": clases == elegidas,
    }


def _nombrar_clases(clases, predichos):
    cuantas = max(predichos.shape[1], 2)
    nombres = np.arange(cuantas) if clases is None else np.asarray(clases)
    if nombres.shape != (cuantas,):
        raise ValueError(
            f"clases trae {contar(nombres.size, 'nombre')} y el modelo tiene {cuantas} "
            "clases. Escribe uno por clase, en orden: clases=['LS', 'LI', 'IC']."
        )
    return nombres
