"""Las tablas de las diapositivas, calculadas fila por fila como se hacen en el pizarrón.

Sin argumentos, cada función reproduce la tabla del curso; con argumentos, hace la misma cuenta
con otros números. Donde una diapositiva tiene un error, la tabla da la cifra correcta y la columna
`nota` dice qué decía la diapositiva. Nada de aquí necesita Keras.
"""

import heapq
from collections import Counter

import numpy as np
import pandas as pd

from cursokeras import datos
from cursokeras.convenciones import convertir_perdida, tabla_de_numeros
from cursokeras.desde_cero import activations

__all__ = [
    "accuracy",
    "activaciones",
    "dulong",
    "entropia_binaria",
    "entropia_cruzada",
    "error_cuadratico",
    "juego_de_bolas",
    "softmax",
    "softmax_por_fila",
]

# C, H, O, gas, líquido, sólido del metano y del alcohol etílico.
_COMBUSTIBLES = ((0.75, 0.25, 0, 1, 0, 0), (0.52, 0.13, 0.35, 0, 1, 0))
# Los pesos con que la clase 4 hace sus cuentas, una columna por neurona; no son entrenados.
_W_NOTAS, _B_NOTAS = np.array([[1, 4], [2, 5], [3, 6]]), np.array([-46, -108])
_W_CARRERA, _B_CARRERA = np.array([[2.5, 2, 2], [1.5, 1.5, 1.6], [1, 2, 1.7]]), np.array([1, 2, 1])

_NOTAS_ENTROPIA = {
    3: "la diapositiva dice 1.20",
    5: "la diapositiva dice 1.35",
    6: "la diapositiva dice 0.39",
    7: "la diapositiva la titula con otra probabilidad: es −log(0.27)",
    "promedio": "la diapositiva dice 1.41, por los errores de las filas 3, 5 y 6",
}


def dulong(x=None):
    """Poder calorífico de los combustibles con la fórmula de Dulong, término por término.

    Argumentos:
        x: C, H y O (fracciones de masa), gas, líquido y sólido (0 o 1), (n, 6); `None` son el
            metano y el alcohol etílico de la clase.

    Devuelve:
        Tabla con el aporte de cada columna y su suma, "E", en MJ/kg.

    Ejemplo:
        >>> dulong()["E"].round(4).tolist()
        [49.875, 26.6866]
    """
    nombres = ("C", "H", "O", "gas", "líquido", "sólido")
    valores = _matriz(_COMBUSTIBLES if x is None else x, "x", len(nombres))
    aportes = {
        f"{peso:g}·{nombre}": columna * peso + 0.0  # Sin el cero, 0 · (−0.5) se ve como −0.0.
        for nombre, columna, peso in zip(nombres, valores.T, datos.W_DULONG, strict=True)
    }
    filas = x.index if isinstance(x, pd.DataFrame) else _filas(valores)
    tabla = pd.DataFrame(aportes | {"E": datos.dulong(valores)}, index=filas)
    if x is None:
        tabla.index = ["metano", "alcohol etílico"]
        tabla["medido"] = [50.01, 26.70]
        tabla["nota"] = ["", "el peso de O es −84.9/8; con el −1.6125 de la diapositiva da 29.84"]
    return tabla


def error_cuadratico(y=None, prediccion=None):
    """Error cuadrático por fila y por salida, en las tres convenciones del curso.

    Argumentos:
        y: objetivos, (n,) o (n, d_out); `None` son las dos notas de los estudiantes.
        prediccion: predicciones, con la forma de y; `None` son las de la clase 4, con pesos
            (1, 2, 3) y (4, 5, 6), y sesgos −46 y −108.

    Devuelve:
        Tabla con una fila por ejemplo y, al final, "total" y "promedio". Keras informa el
        promedio de la columna "media".

    Ejemplo:
        >>> tabla = error_cuadratico([20, 3, 1], [10, 8, 6])
        >>> tabla["suma"].tolist()
        [100.0, 25.0, 25.0, 150.0, 50.0]
        >>> error_cuadratico().loc["promedio", ["suma", "media"]].round(2).tolist()
        [3106.64, 1553.32]
    """
    x_clase, y_clase = map(_como_se_ve, datos.estudiantes("notas"))
    y = _matriz(y_clase if y is None else y, "y")
    prediccion = x_clase @ _W_NOTAS + _B_NOTAS if prediccion is None else prediccion
    prediccion = _matriz(prediccion, "prediccion", y.shape[1], len(y))
    cuadrados = (prediccion - y) ** 2
    tabla = pd.DataFrame(
        np.hstack([y, prediccion, cuadrados]),
        columns=[forma.format(i) for forma in ("y{}", "ŷ{}", "(ŷ{0}−y{0})²") for i in _salidas(y)],
        index=_filas(y),
    )
    for convencion in ("suma", "mitad", "media"):
        suma = cuadrados.sum(axis=1)
        tabla[convencion] = convertir_perdida(suma, "suma", convencion, d_out=y.shape[1])
    errores = tabla.iloc[:, 2 * y.shape[1] :]
    return _con_filas(tabla, total=errores.sum(), promedio=errores.mean())


def softmax(puntajes=(4, 8, 3)):
    """De los puntajes de una fila a sus probabilidades: E = eᶻ, N = Σ E, P = E / N.

    P se calcula restando antes el puntaje mayor, que da lo mismo y no desborda; con puntajes
    como 1000 la columna E, la de las diapositivas, es infinita.

    Argumentos:
        puntajes: un puntaje por clase, (k,).

    Devuelve:
        Tabla con una fila por clase y la fila "N", la suma.

    Ejemplo:
        >>> softmax().round(3)
           puntaje         E      P  e^(z−máx)
        0      4.0    54.598  0.018      0.018
        1      8.0  2980.958  0.976      1.000
        2      3.0    20.086  0.007      0.007
        N      NaN  3055.642  1.000      1.025
    """
    z = _matriz([puntajes], "puntajes")[0]
    with np.errstate(over="ignore"):  # El desborde se muestra a propósito.
        columnas = {"puntaje": z, "E": np.exp(z), "P": activations.softmax(z)}
    tabla = pd.DataFrame(columnas | {"e^(z−máx)": np.exp(z - z.max())})
    return _con_filas(tabla, N=tabla.drop(columns="puntaje").sum())


def softmax_por_fila(puntajes=None):
    """Puntajes, E, N y P de varias filas.

    Argumentos:
        puntajes: (n, k); `None` son los de la carrera de los estudiantes, con los pesos de la
            clase 4.

    Devuelve:
        Tabla con una fila por ejemplo; las columnas llevan el nombre o el número de la clase.

    Ejemplo:
        >>> softmax_por_fila().loc[1, ["z LS", "z LI", "z IC"]].round(1).tolist()
        [46.0, 50.0, 50.2]
    """
    clases = datos.estudiantes("carrera").clases if puntajes is None else None
    z = _matriz(_puntajes_de_carrera() if puntajes is None else puntajes, "puntajes")
    clases = clases or range(z.shape[1])
    with np.errstate(over="ignore"):  # El desborde se muestra a propósito.
        e = np.exp(z)
    partes = {"z": z, "E": e, "N": e.sum(axis=1), "P": activations.softmax(z)}
    columnas = {"N": partes.pop("N")}
    for nombre, valores in partes.items():
        columnas |= {f"{nombre} {c}": v for c, v in zip(clases, valores.T, strict=True)}
    orden = [c for letra in "zENP" for c in columnas if c.startswith(letra)]
    return pd.DataFrame(columnas, index=_filas(z))[orden]


def entropia_cruzada(y=None, probabilidades=None):
    """Entropía cruzada por fila: −ln de la probabilidad que se le dio a la clase verdadera.

    La columna "−ln P redondeada" repite la cuenta de la clase, con P a dos decimales.

    Argumentos:
        y: clase verdadera de cada fila, enteros desde 0, (n,); `None` es la carrera de los
            estudiantes.
        probabilidades: (n, k); `None` son las de `softmax_por_fila()`.

    Devuelve:
        Tabla con una fila por ejemplo y la fila "promedio", la pérdida.

    Ejemplo:
        >>> tabla = entropia_cruzada([0, 2], [[0.1, 0.3, 0.6], [0.3, 0.2, 0.5]])
        >>> tabla["−ln P"].round(4).tolist()
        [2.3026, 0.6931, 1.4979]
        >>> print(entropia_cruzada().loc[6, "−ln P"].round(2), entropia_cruzada().loc[6, "nota"])
        1.79 la diapositiva dice 0.39
    """
    del_curso = y is None and probabilidades is None
    y = datos.estudiantes("carrera").y if y is None else y
    p = activations.softmax(_puntajes_de_carrera()) if probabilidades is None else probabilidades
    p = _probabilidades(p, "probabilidades")
    _exigir_que_sumen_1(p)
    y = _clases(y, *p.shape)
    elegida = p[np.arange(len(y)), y]
    with np.errstate(divide="ignore"):  # −ln 0 es infinito, y así se muestra.
        perdidas = {"−ln P": -np.log(elegida), "−ln P redondeada": -np.log(elegida.round(2))}
    columnas = {f"P{i}": columna for i, columna in enumerate(p.T)}
    tabla = pd.DataFrame(columnas | {"clase": y, "P": elegida} | perdidas, index=_filas(p))
    tabla = _con_filas(tabla, promedio=tabla[list(perdidas)].mean())
    if del_curso:
        tabla["nota"] = [_NOTAS_ENTROPIA.get(fila, "") for fila in tabla.index]
    return tabla


def entropia_binaria(y=(1, 0), probabilidad=(0.9, 0.2)):
    """Entropía cruzada binaria por fila: −y·ln ŷ − (1−y)·ln(1−ŷ).

    Argumentos:
        y: 0 o 1 por fila, (n,).
        probabilidad: la que el modelo le da al 1, (n,).

    Devuelve:
        Tabla con una fila por ejemplo y la fila "promedio", la pérdida.

    Ejemplo:
        >>> print(entropia_binaria().loc["promedio", "pérdida"].round(6))
        0.164252
    """
    p = _probabilidades(probabilidad, "probabilidad", 1)[:, 0]
    y = _clases(y, len(p), 2)
    with np.errstate(divide="ignore"):  # −ln 0 es infinito, y así se muestra.
        perdida = -np.log(np.where(y == 1, p, 1 - p))
    tabla = pd.DataFrame({"y": y, "ŷ": p, "pérdida": perdida}, index=_filas(p))
    return _con_filas(tabla, promedio=tabla[["pérdida"]].mean())


def accuracy(y=None, prediccion=None):
    """Aciertos por fila, y su fracción (la accuracy de Keras).

    Argumentos:
        y: clase verdadera de cada fila, (n,); `None` es la carrera de los estudiantes.
        prediccion: clase predicha, (n,); `None` es la de mayor puntaje de `softmax_por_fila()`.

    Devuelve:
        Tabla con una fila por ejemplo y la fila "promedio".

    Ejemplo:
        >>> accuracy()["predicción"].tolist()[:-1]
        [2, 2, 2, 1, 0, 0, 0, 0]
        >>> print(accuracy().loc["promedio", "acierto"])
        0.25
    """
    del_curso = y is None and prediccion is None
    y = datos.estudiantes("carrera").y if y is None else y
    prediccion = _puntajes_de_carrera().argmax(axis=1) if prediccion is None else prediccion
    y = _enteros(y, "y")
    prediccion = _enteros(prediccion, "prediccion", len(y))
    columnas = {"clase": y, "predicción": prediccion, "acierto": (y == prediccion).astype(float)}
    tabla = pd.DataFrame(columnas, index=_filas(y))
    tabla = _con_filas(tabla, promedio=tabla[["acierto"]].mean())
    if del_curso:
        tabla["nota"] = ""
        tabla.loc[5, "nota"] = "empate exacto entre LS y LI: se toma la primera"
    return tabla


exactitud = accuracy  # Su nombre en la versión 0.1.0.


def juego_de_bolas(bolas=(1, 1, 1, 1, 2, 2, 3, 4), *, estrategia=None):
    """Cuántas preguntas de sí o no hacen falta para adivinar una bola: entropía y Huffman.

    Argumentos:
        bolas: las bolas de la urna, repetidas tantas veces como haya.
        estrategia: la urna para la que se pensaron las preguntas; `None` es la misma.

    Devuelve:
        Tabla con una fila por bola distinta: p es su probabilidad y q la que supone la
        estrategia. En la fila "promedio", −log₂ p da la entropía, −log₂ q la entropía cruzada,
        log₂ p/q la divergencia KL y "preguntas" las que se hacen con el código de Huffman.

    Lanza:
        ValueError: si no hay bolas, o si a la estrategia le falta una de la urna.

    Ejemplo:
        >>> juego_de_bolas()["preguntas"].tolist()
        [1.0, 2.0, 3.0, 3.0, 1.75]
        >>> tabla = juego_de_bolas(estrategia=[1, 2, 3, 4])
        >>> tabla.loc["promedio", ["−log₂ p", "−log₂ q", "log₂ p/q"]].tolist()
        [1.75, 2.0, 0.25]
    """
    urna = _contar(bolas, "bolas")
    supuesta = urna if estrategia is None else _contar(estrategia, "estrategia")
    faltan = [bola for bola in urna if bola not in supuesta]
    if not urna or faltan:
        raise ValueError(
            f"La estrategia no sabe preguntar por {faltan}: agrégalas a estrategia."
            if faltan
            else "bolas está vacía. Escribe las bolas de la urna, como bolas=(1, 1, 2, 3)."
        )
    codigos = _huffman(supuesta)
    p = np.array(list(urna.values())) / urna.total()
    q = np.array([supuesta[bola] for bola in urna]) / supuesta.total()
    columnas = {"cantidad": urna.values(), "p": p, "q": q, "código": [codigos[b] for b in urna]}
    columnas |= {"−log₂ p": -np.log2(p), "−log₂ q": -np.log2(q), "log₂ p/q": np.log2(p / q)}
    tabla = pd.DataFrame(columnas, index=list(urna))
    tabla["preguntas"] = tabla["código"].str.len().astype(float)
    promedios = tabla.loc[:, "−log₂ p":].mul(p, axis=0).sum()
    return _con_filas(tabla, promedio=promedios)


def activaciones(z=(-2, -1, 0, 1, 2)):
    """Sigmoide, tanh y ReLU con sus derivadas, y la identidad tanh(z) = 2σ(2z) − 1.

    Las diapositivas escriben 2σ(z) − 1, que es tanh(z/2): la última columna muestra cuánto da.

    Argumentos:
        z: los puntos donde calcularlas, (n,).

    Devuelve:
        Tabla con una fila por punto.

    Ejemplo:
        >>> activaciones([1.0])[["tanh", "2σ(2z)−1", "2σ(z)−1"]].round(4).values.tolist()
        [[0.7616, 0.7616, 0.4621]]
    """
    z = _matriz(z, "z", 1)[:, 0]
    columnas = {"z": z}
    for nombre in ("sigmoid", "tanh", "relu"):
        f = activations.get(nombre)
        a = f.forward(z)
        columnas |= {nombre: a, f"{nombre}'": f.backward(np.ones_like(z), z, a)}
    sigmoide = activations.sigmoid
    columnas |= {"2σ(2z)−1": 2 * sigmoide(2 * z) - 1, "2σ(z)−1": 2 * sigmoide(z) - 1}
    return pd.DataFrame(columnas)


def _como_se_ve(valores):
    """Los decimales de la diapositiva: en float32 13.4 no es exacto."""
    return valores.astype("float64").round(1)


def _puntajes_de_carrera():
    x, _ = datos.estudiantes("carrera")
    return _como_se_ve(x) @ _W_CARRERA + _B_CARRERA


def _contar(bolas, nombre):
    try:
        return Counter(bolas)
    except TypeError:
        raise ValueError(
            f"{nombre} = {bolas!r}: se esperaba una lista con el número o el nombre de cada bola. "
            f"Escribe, por ejemplo, {nombre}=(1, 1, 2, 3)."
        ) from None


def _huffman(cantidades):
    """Devuelve el código de cada bola: junta una y otra vez los dos grupos menos frecuentes."""
    # El segundo elemento desempata, para que el montón no compare listas de bolas.
    monton = [(n, i, [bola]) for i, (bola, n) in enumerate(cantidades.items())]
    heapq.heapify(monton)
    codigos = dict.fromkeys(cantidades, "")
    while len(monton) > 1:
        (n0, _, menos), (n1, orden, mas) = heapq.heappop(monton), heapq.heappop(monton)
        codigos |= {bola: "0" + codigos[bola] for bola in menos}
        codigos |= {bola: "1" + codigos[bola] for bola in mas}
        heapq.heappush(monton, (n0 + n1, orden, menos + mas))
    return codigos


def _matriz(valores, nombre, columnas=None, filas=None):
    """Devuelve los valores como (n, columnas) de float64, o explica por qué no se puede."""
    matriz = tabla_de_numeros(valores, nombre)
    esperada = (filas or "n", columnas or "k")
    if columnas not in (None, matriz.shape[1]) or filas not in (None, len(matriz)):
        raise ValueError(
            f"{nombre} tiene forma {matriz.shape} y se esperaba ({esperada[0]}, {esperada[1]}). "
            f"Revisa que {nombre} traiga una fila por ejemplo, y las mismas que lo demás."
        )
    return matriz


def _probabilidades(valores, nombre, columnas=None):
    p = _matriz(valores, nombre, columnas)
    fuera = p[(p < 0) | (p > 1)]
    if fuera.size:
        raise ValueError(
            f"{nombre} trae {fuera[0]:g} y una probabilidad va de 0 a 1. Si son puntajes, "
            "pásalos antes por softmax o por la sigmoide."
        )
    return p


def _exigir_que_sumen_1(p):
    """Hasta lo que se pierde al redondear cada probabilidad a dos decimales."""
    malas = np.abs(p.sum(axis=1) - 1) > 0.01 * p.shape[1]
    if malas.any():
        fila = int(np.argmax(malas))
        raise ValueError(
            f"La fila {fila} de probabilidades suma {p[fila].sum():g} y debe sumar 1. Pasa los "
            "puntajes por softmax, o divide cada fila por su suma."
        )


def _enteros(valores, nombre, filas=None):
    valores = _matriz(valores, nombre, 1, filas)[:, 0]
    if (valores != valores.round()).any():
        raise ValueError(
            f"{nombre} debe traer el número de la clase, un entero. Si son probabilidades, "
            f"escribe {nombre}.argmax(axis=1)."
        )
    return valores.astype(int)


def _clases(y, filas, clases):
    y = _enteros(y, "y", filas)
    malas = y[(y < 0) | (y >= clases)]
    if malas.size:
        raise ValueError(f"y trae la clase {malas[0]} y se esperaban enteros de 0 a {clases - 1}.")
    return y


def _filas(valores):
    """Las filas se numeran desde 1, como en las diapositivas."""
    return pd.RangeIndex(1, len(valores) + 1)


def _salidas(y):
    return range(1, y.shape[1] + 1)


def _con_filas(tabla, **resumenes):
    """Agrega al final una fila por resumen; las columnas que no resume quedan vacías."""
    finales = pd.DataFrame(resumenes).T.reindex(columns=tabla.columns)
    # Como objetos, los enteros admiten el vacío sin pasar a verse como 0.0 y 1.0.
    enteras = dict.fromkeys(tabla.select_dtypes("integer"), object)
    return pd.concat([tabla.astype(enteras), finales.astype(enteras).infer_objects()])
