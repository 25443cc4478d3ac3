"""Qué tan bien predice un modelo: sus predicciones, sus medidas y la tabla real / predicho."""

import numpy as np
import pandas as pd

from cursokeras._comun.argumentos import leer
from cursokeras._comun.avisos import avisar
from cursokeras._comun.filas import filas_cruzadas
from cursokeras._comun.finitos import exigir_pesos_finitos, exigir_prediccion_finita
from cursokeras._comun.hojas import escribir_tabla, exigir_extension
from cursokeras._comun.traduccion import errores_en_espanol
from cursokeras.aceleracion import predecir_lote
from cursokeras.dispositivos import contar_replicas
from cursokeras.entradas import cabeza_de, convertir_x, convertir_y, exigir_mismas_filas
from cursokeras.entradas.cabezas import en_probabilidades
from cursokeras.entradas.etiquetas import exigir_nombres
from cursokeras.entradas.lejania import lejos_del_entrenamiento
from cursokeras.entradas.modelo import la_salida

_FILAS_POR_BLOQUE = 8192


def predecir(modelo, x):
    """Devuelve lo mismo que `modelo.predict(x)`, sin su costo fijo de unos 40 ms por llamada.

    Solo se aparta de `predict` si la pérdida tiene from_logits=True: entonces `predict` da los
    puntajes de las clases, y `predecir`, sus probabilidades (con softmax o sigmoid).

    Avisa si hay filas lejos de las que el modelo vio al entrenar: sin escalar, por ejemplo.

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
    arreglo = convertir_x(modelo, x)
    avisar(*lejos_del_entrenamiento(modelo, arreglo, tablas=(x, None)))
    return predecir_arreglo(modelo, arreglo)


def predecir_arreglo(modelo, x):
    """Como `predecir`, con una x que ya es el arreglo float32 que recibe el modelo."""
    return en_probabilidades(modelo, _predecir(modelo, x))


def evaluar(modelo, x, y=None):
    """Mide un modelo con datos que no vio al entrenar.

    Avisa si x e y, de pandas, traen las filas en distinto orden, y si hay filas lejos de las que
    el modelo vio al entrenar.

    Argumentos:
        modelo: modelo de Keras compilado.
        x: entradas, (n, d_in).
        y: objetivos reales, como en `entrenar`.

    Devuelve:
        `Medidas`, una `Series`; su atributo `detalle` es un `DataFrame` con una fila por clase,
        etiqueta o salida, o `None` si hay una sola.

        - Regresión: `r2` (1 es perfecto, 0 es predecir el promedio), `mse`, `rmse` y `mae`, estas
          dos en las unidades de `y`; con varias salidas, el promedio y después cada una, como
          `r2 (0)`, o `r2 (N1)` si `y` es una tabla con esa columna.
        - Clasificación: `accuracy` y `entropia_cruzada` (en nats), y en el detalle `precision`,
          `recall`, `f1` y `filas` de cada clase. La binaria los da de la clase 1, en la `Series`.
        - Varias etiquetas: `accuracy` (de todas las respuestas de sí o no) y `entropia_cruzada`,
          la pérdida de Keras; después, de cada etiqueta, como `f1 (fiebre)`.
        - Otra pérdida: la pérdida y las métricas con que se compiló el modelo.

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
    cabeza = cabeza_de(modelo)
    x, reales, salidas = _leer(modelo, x, y)
    if salidas.ndim != 2:  # Una imagen, una secuencia: no hay filas que contar.
        return cabeza.medir_con_keras(x, reales)
    return cabeza.medir(x, reales, salidas, _columnas(y, reales))


def tabla_predicciones(modelo, x, y=None, ruta=None, *, clases=None):
    """Pone lado a lado lo real y lo predicho, fila por fila; avisa de lo mismo que `evaluar`.

    Argumentos:
        modelo: modelo de Keras compilado.
        x: entradas, (n, d_in).
        y: objetivos reales, como en `entrenar`.
        ruta: archivo `.csv` o `.xlsx` donde escribir también la tabla; el anterior solo se
            reemplaza cuando el nuevo está completo.
        clases: nombres de las clases o etiquetas, en orden; `None` usa los que recuerda el
            modelo o, si no los sabe, los números.

    Devuelve:
        `DataFrame` con el índice de `x` o de `y` si son de pandas. Regresión: `real`, `predicho`
        y `error` (predicho - real), una terna por salida. Clasificación: `real`, `predicho`,
        `probabilidad` (la de la clase predicha) y `acierto`. Varias etiquetas: `real`, `predicho`
        y `probabilidad` de cada una, como `real (fiebre)`.

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
    cabeza = cabeza_de(modelo)
    nombres = None if clases is None else exigir_nombres(clases, cabeza.cuantos_nombres)
    _, reales, salidas = _leer(modelo, x, y)
    if salidas.ndim != 2:
        raise ValueError(
            f"El modelo da para cada fila un arreglo de forma {salidas.shape[1:]}, y la tabla "
            "lleva una fila por ejemplo. Compáralos con ck.predecir(modelo, x)."
        )
    tabla = cabeza.columnas_de_la_tabla(reales, salidas, _columnas(y, reales), nombres)
    tabla = pd.DataFrame(tabla, index=next(de_pandas, None))
    if ruta is not None:
        escribir_tabla(tabla, ruta)
    return tabla


def peores(modelo, x, y, n=10, *, clases=None):
    """Devuelve las filas que el modelo predijo peor, la peor primero.

    Mirarlas dice más que una medida: un dato mal escrito, una clase confusa, un caso que falta.

    Argumentos:
        modelo: modelo de Keras compilado.
        x: entradas, (n, d_in).
        y: objetivos reales, como en `entrenar`.
        n: cuántas filas, como máximo.
        clases: nombres de las clases o etiquetas, en orden; `None` usa los del modelo o números.

    Devuelve:
        `DataFrame` como el de `tabla_predicciones`, con las columnas de `x` a la derecha si es una
        tabla. El índice es el de `x` o de `y`, o el número de fila. Las peores son: en una
        regresión, las de mayor error (con varias salidas, en desviaciones de cada una); en una
        clasificación, aquellas cuya clase real recibió menos probabilidad; con varias etiquetas,
        las de respuestas más lejanas.

    Lanza:
        ValueError: si los datos no sirven para este modelo; el mensaje dice qué escribir.

    Ejemplo:
        >>> import cursokeras as ck
        >>> modelo = ck.crear_regresion(1)
        >>> modelo.set_weights([np.array([[2]]), np.array([1])])
        >>> ck.peores(modelo, [[1], [2], [3]], [3, 9, 6], n=2)
           real  predicho  error
        1   9.0       5.0   -4.0
        2   6.0       7.0    1.0
    """
    n = leer("n", n)
    tabla = tabla_predicciones(modelo, x, y, clases=clases)
    arreglo, reales = convertir_x(modelo, x), convertir_y(modelo, y)
    salidas = _predecir(modelo, arreglo)
    orden = np.argsort(-cabeza_de(modelo).error_por_fila(reales, salidas), kind="stable")[:n]
    tabla = tabla.iloc[orden]
    if not isinstance(x, pd.DataFrame):
        return tabla
    columnas = x.iloc[orden].rename(columns=lambda c: f"{c} (x)" if c in tabla.columns else c)
    return pd.concat([tabla, columnas.set_axis(tabla.index)], axis=1)


def _predecir(modelo, x):
    with errores_en_espanol():
        if contar_replicas(modelo) > 1:
            exigir_pesos_finitos(modelo)
            salidas = la_salida(modelo.predict(x, verbose=0))
        else:
            salidas = _por_bloques(modelo, x)
    exigir_prediccion_finita(salidas)
    return salidas


def _por_bloques(modelo, x):
    bloques = range(0, len(x), _FILAS_POR_BLOQUE)
    salidas = [la_salida(predecir_lote(modelo, x[i : i + _FILAS_POR_BLOQUE])) for i in bloques]
    return salidas[0] if len(salidas) == 1 else np.concatenate(salidas)


def _leer(modelo, x, y):
    """x e y convertidas, y lo que da el modelo con esa x."""
    tablas = x, y
    x, y = convertir_x(modelo, x), convertir_y(modelo, y)
    exigir_mismas_filas(x, y)
    avisar(*filas_cruzadas(*tablas), *lejos_del_entrenamiento(modelo, x, y, tablas=tablas))
    return x, y, _predecir(modelo, x)


def _columnas(y, reales):
    """El nombre de cada salida: el de su columna si `y` es una tabla, o su número."""
    if isinstance(y, pd.DataFrame) and y.columns.is_unique:
        return list(y.columns)
    return list(range(reales.shape[-1]))
