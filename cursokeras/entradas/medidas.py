"""Con qué se mide cada cabeza, y qué columnas lleva su tabla real / predicho.

Las cuentas son de scikit-learn, salvo la entropía cruzada, que es la del mismo Keras.
"""

import numpy as np
import pandas as pd
from sklearn import metrics

from cursokeras._comun.avisos import avisar

_DE_NUMEROS = {
    "r2": metrics.r2_score,
    "mse": metrics.mean_squared_error,
    "rmse": metrics.root_mean_squared_error,
    "mae": metrics.mean_absolute_error,
}


class Medidas(pd.Series):
    """Las medidas de un modelo: una `Series`, y una tabla con cada clase, etiqueta o salida.

    Atributos:
        detalle: `DataFrame` con una fila por clase, etiqueta o salida, o `None` si hay una sola.

    Ejemplo:
        >>> probabilidades = np.array([[1, 0], [0, 1], [1, 0.0]])
        >>> print(medir_clases(np.array([0, 1, 1]), probabilidades, ["a", "b"], 0.7))
        accuracy            0.666667
        entropia_cruzada    0.700000
        <BLANKLINE>
           precision  recall     f1  filas
        a        0.5     1.0  0.667      1
        b        1.0     0.5  0.667      2
    """

    _metadata = ("detalle", "_totales")
    detalle = None

    def __init__(self, totales, *args, detalle=None, partes=(), **opciones):
        super().__init__({**totales, **dict(partes)}, *args, **{"dtype": float, **opciones})
        self.detalle, self._totales = detalle, len(totales)

    @property
    def _constructor(self):
        return pd.Series  # Una parte de las medidas, o una cuenta con ellas, ya no lleva detalle.

    def _por_escrito(self):
        """Lo que no está en el detalle, y el detalle con pocas cifras."""
        totales = pd.Series(self.iloc[: self._totales])
        return totales, None if self.detalle is None else self.detalle.round(3)

    def __repr__(self):
        totales, detalle = self._por_escrito()
        texto = totales.to_string()
        return texto if detalle is None else f"{texto}\n\n{detalle.to_string()}"

    __str__ = __repr__

    def _repr_html_(self):
        totales, detalle = self._por_escrito()
        html = totales.to_frame("medida").to_html()
        return html if detalle is None else html + detalle.to_html()


def medir_numeros(reales, predichos, columnas):
    """R², MSE, RMSE y MAE: el promedio de las salidas y, si son varias, cada una."""
    if len(reales) < 2:
        avisar(
            "R² compara con el promedio de y, y con una sola fila no se puede: queda nan. "
            "Evalúa con dos filas o más."
        )
    # En float64, para que el cuadrado de números grandes no pierda cifras.
    reales, predichos = reales.astype("float64"), predichos.astype("float64")
    por_salida = pd.DataFrame(
        {
            nombre: [np.nan] * len(columnas)
            if nombre == "r2" and len(reales) < 2
            else medida(reales, predichos, multioutput="raw_values")
            for nombre, medida in _DE_NUMEROS.items()
        },
        index=columnas,
    )
    return _con_detalle(por_salida.mean().to_dict(), por_salida)


def medir_clases(reales, probabilidades, nombres, entropia):
    """Accuracy y entropía cruzada, con precisión, recall y F1 de cada clase.

    Argumentos:
        reales: la clase de cada fila, (n,) enteros.
        probabilidades: (n, clases).
        nombres: los de las clases, o `None`.
        entropia: la entropía cruzada, en nats.
    """
    numeros = list(range(probabilidades.shape[1]))
    elegidas = probabilidades.argmax(axis=1)
    precision, recall, f1, filas = metrics.precision_recall_fscore_support(
        reales, elegidas, labels=numeros, zero_division=0
    )
    return Medidas(
        {
            "accuracy": metrics.accuracy_score(reales, elegidas),
            "entropia_cruzada": entropia,
        },
        detalle=pd.DataFrame(
            {"precision": precision, "recall": recall, "f1": f1, "filas": filas.astype(int)},
            index=pd.Index(numeros if nombres is None else nombres),
        ),
    )


def con_la_clase_uno(medidas):
    """Las medidas de una binaria: las de su clase 1, sin la tabla por clase."""
    del_uno = medidas.detalle.iloc[1].drop("filas")
    return Medidas({**medidas, **del_uno})


def medir_etiquetas(reales, probabilidades, nombres, entropia):
    """Accuracy y entropía cruzada, y accuracy, precisión, recall y F1 de cada etiqueta.

    `accuracy` es la parte de todas las respuestas de sí o no que acierta.
    """
    if not es_de_etiquetas(reales):
        avisar(
            "y tiene valores entre 0 y 1, que no son etiquetas de sí o no: se mide solo la "
            "pérdida. Para accuracy, precision, recall y f1 escribe y con ceros y unos."
        )
        return Medidas({"entropia_cruzada": entropia})
    elegidas = probabilidades > 0.5
    precision, recall, f1, positivas = metrics.precision_recall_fscore_support(
        reales, elegidas, average=None, zero_division=0
    )
    por_etiqueta = pd.DataFrame(
        {
            "accuracy": (elegidas == reales).mean(axis=0),
            "precision": precision,
            "recall": recall,
            "f1": f1,
        },
        index=nombres,
    )
    totales = {"accuracy": float((elegidas == reales).mean()), "entropia_cruzada": entropia}
    medidas = _con_detalle(totales, por_etiqueta)
    medidas.detalle["positivas"] = positivas
    return medidas


def de_keras(medidas):
    """Como `Medidas`, lo que devuelve `evaluate`; una métrica de varios números da uno por cada."""
    numeros = {}
    for nombre, valor in medidas.items():
        partes = np.ravel(valor)
        nombres = [nombre] if len(partes) == 1 else [f"{nombre} ({i})" for i in range(len(partes))]
        numeros |= zip(nombres, partes, strict=True)
    return Medidas(numeros)


def es_de_etiquetas(y):
    """Si todos los valores de y son 0 o 1."""
    return bool(((y == 0) | (y == 1)).all())


def _con_detalle(totales, partes):
    """Las medidas en una fila, seguidas por las de cada parte si hay más de una."""
    if len(partes) == 1:
        return Medidas(totales)
    de_las_partes = {
        f"{medida} ({parte})": valor
        for parte, valores in partes.iterrows()
        for medida, valor in valores.items()
    }
    return Medidas(totales, detalle=partes, partes=de_las_partes)


def tabla_de_numeros(reales, predichos, columnas):
    """`real`, `predicho` y `error` (predicho - real), una terna por salida."""
    tabla = {}
    for i, salida in enumerate(columnas):
        sufijo = f" ({salida})" if len(columnas) > 1 else ""
        tabla[f"real{sufijo}"] = reales[:, i]
        tabla[f"predicho{sufijo}"] = predichos[:, i]
        tabla[f"error{sufijo}"] = predichos[:, i] - reales[:, i]
    return tabla


def tabla_de_clases(reales, probabilidades, nombres):
    """`real`, `predicho`, `probabilidad` (la de la clase predicha) y `acierto`."""
    nombres = np.array(nombres, dtype=None if isinstance(nombres, range) else object)
    elegidas = probabilidades.argmax(axis=1)
    return {
        "real": nombres[reales],
        "predicho": nombres[elegidas],
        "probabilidad": probabilidades.max(axis=1),
        "acierto": reales == elegidas,
    }


def tabla_de_etiquetas(reales, probabilidades, nombres):
    """`real`, `predicho` (0 o 1) y `probabilidad`, una terna por etiqueta."""
    tabla = {}
    for i, etiqueta in enumerate(nombres):
        tabla[f"real ({etiqueta})"] = reales[:, i].astype(int)
        tabla[f"predicho ({etiqueta})"] = (probabilidades[:, i] > 0.5).astype(int)
        tabla[f"probabilidad ({etiqueta})"] = probabilidades[:, i]
    return tabla


def en_columnas(probabilidades):
    """Las probabilidades de todas las clases, (n, clases), aunque el modelo dé solo la de la 1."""
    if probabilidades.shape[1] > 1:
        return probabilidades
    return np.hstack([1 - probabilidades, probabilidades])
