"""Los errores conocidos de la pérdida, si las predicciones son las de Keras.

La cuenta recibe la `Escena` y da el número que informaría quien se equivoca así.
"""

import numpy as np

from cursokeras.comparacion.causas.causa import Error
from cursokeras.comparacion.causas.escena import por_fila, probabilidades
from cursokeras.desde_cero import activations, losses, regularizers


def _entropia(s):
    return isinstance(s.perdida, losses.EntropiaCruzada)


def _binaria(s):
    return isinstance(s.perdida, losses.BinaryCrossentropy)


def _por_clases(s):
    return _entropia(s) and not _binaria(s)


def _regresion(s):
    return not _entropia(s)


def _varias(s):
    return _regresion(s) and s.p.shape[-1] > 1


def _con_extra(s):
    return bool(s.extra)


def _formula(clave, texto, cuenta, sirve=lambda s: True):
    """Una fórmula equivocada de los datos, a la que se suman los regularizadores correctos."""
    return Error(clave, texto, lambda s: cuenta(s) + s.extra, sirve)


def _de_p(clave, texto, cuenta, sirve=_entropia):
    """Una fórmula de y (one-hot o binaria) y de las probabilidades p."""
    return _formula(clave, texto, lambda s: cuenta(s.uno, probabilidades(s)), sirve)


def _del_error(clave, texto, cuenta, sirve=_regresion):
    return _formula(clave, texto, lambda s: cuenta(s.error), sirve)


def _penalizacion(clave, texto, cuenta, sirve=_con_extra):
    """La pérdida de los datos, y los regularizadores mal sumados."""
    return Error(clave, texto, lambda s: s.base + cuenta(s), sirve)


def _entropia_a_mano(s, p):
    """La entropía sin recortar p, ni suponer que sus filas suman 1."""
    if _binaria(s):
        return -(s.y * np.log(p) + (1 - s.y) * np.log(1 - p)).mean()
    return -(s.uno * np.log(p)).sum(axis=1).mean()


def _recorta(epsilon):
    return _formula(
        "recorte_de_probabilidades",
        f"recorta las probabilidades a {epsilon:g} antes del logaritmo; Keras calcula la entropía "
        "desde z, sin recortar",
        lambda s: _entropia_a_mano(s, np.clip(s.p, epsilon, 1 - epsilon)),
        lambda s: _entropia(s) and not s.perdida.from_logits,
    )


def _suma_al_logaritmo(epsilon):
    def cuenta(y, p):
        return -(y * np.log(p + epsilon)).sum(axis=1).mean()

    def binaria(y, p):
        return -(y * np.log(p + epsilon) + (1 - y) * np.log(1 - p + epsilon)).mean()

    texto = f"calcula ln(p + {epsilon:g}); Keras, ln p"
    yield _de_p("epsilon_en_el_logaritmo", texto, cuenta, _por_clases)
    yield _de_p("epsilon_en_el_logaritmo", texto, binaria, _binaria)


def _otra_de_regresion(clase):
    return _formula(
        "otra_perdida",
        f"es otra: {clase.__doc__.splitlines()[0].split(':')[0].rstrip('.').lower()}",
        lambda s: clase().por_fila(s.uno, s.p).mean(),
        lambda s: not isinstance(s.perdida, clase),
    )


def _otros_pesos(s, cuales):
    """Lo que sumaría el regularizador del kernel puesto en otros pesos de sus capas."""
    return sum(
        capa.kernel_regularizer(w)
        for capa in s.red.layers
        if getattr(capa, "kernel_regularizer", None) is not None
        for w in cuales(capa)
    )


def _con_otra_cuenta(s, cuenta):
    return sum(
        cuenta(getattr(r, "l2", getattr(r, "l1", 0.0)), capa.kernel)
        for capa in s.red.layers
        for r in [getattr(capa, "kernel_regularizer", None)]
        if r is not None
    )


def _tipo(clase):
    return lambda s: any(
        isinstance(getattr(capa, "kernel_regularizer", None), clase) for capa in s.red.layers
    )


def _en(s, pesos):
    """La pérdida con otros pesos."""
    actuales = [w.copy() for w in s.red.get_weights()]
    s.red.set_weights(pesos)
    perdida = s.red.calcular_perdida(s.y, s.red.forward(s.x))
    s.red.set_weights(actuales)
    s.red.forward(s.x)
    return perdida


def _tabla_de_n_por_n(s):
    y, p = np.broadcast_arrays(s.uno.T, s.p)
    if _entropia(s):
        p = probabilidades(s) + 0 * p
        return -(y * np.log(p) + (1 - y) * np.log(1 - p)).mean()
    pares = [por_fila(s.perdida, y[:, [j]], p[:, [j]]).mean() for j in range(s.n)]
    return np.mean(pares)


def _una(capa):
    return [capa.weights[1]] if len(capa.weights) == 2 else []


REGRESIONES = [
    clase
    for clase in vars(losses).values()
    if isinstance(clase, type)
    and clase.__module__ == losses.__name__  # Las que se enseñan primero.
    and issubclass(clase, losses.Loss)
    and clase.name
    and not issubclass(clase, losses.EntropiaCruzada)
]

# fmt: off
PERDIDAS = (
    _penalizacion("sin_penalizacion", "no suma los regularizadores", lambda s: 0),
    _penalizacion("penalizacion_a_medias", "suma la mitad de los regularizadores (½ λ w²), y Keras "
        "λ w²", lambda s: s.extra / 2),
    _penalizacion("penalizacion_doble", "suma los regularizadores dos veces",
        lambda s: 2 * s.extra),
    _penalizacion("penalizacion_entre_filas", "divide los regularizadores por las filas del lote",
        lambda s: s.extra / s.n),
    _penalizacion("penalizacion_entre_filas", "divide los regularizadores por dos veces las filas "
        "del lote (λ/2n)", lambda s: s.extra / (2 * s.n)),
    _penalizacion("penalizacion_por_filas", "suma los regularizadores una vez por cada fila",
        lambda s: s.extra * s.n),
    _penalizacion("penaliza_el_sesgo", "regulariza también los sesgos",
        lambda s: s.extra + _otros_pesos(s, _una)),
    _penalizacion("penaliza_el_sesgo", "regulariza los sesgos y no los kernels",
        lambda s: _otros_pesos(s, _una)),
    _penalizacion("penalizacion_restada", "resta los regularizadores en lugar de sumarlos",
        lambda s: -s.extra),
    _penalizacion("otra_penalizacion", "regulariza con |w|, y Keras con w² (l2)",
        lambda s: _con_otra_cuenta(s, lambda r, w: r * np.abs(w).sum()), _tipo(regularizers.L2)),
    _penalizacion("otra_penalizacion", "regulariza con la norma √Σw², y Keras con Σw² (l2)",
        lambda s: _con_otra_cuenta(s, lambda r, w: r * np.sqrt((w**2).sum())),
        _tipo(regularizers.L2)),
    _penalizacion("otra_penalizacion", "promedia los w² en lugar de sumarlos",
        lambda s: _con_otra_cuenta(s, lambda r, w: r * (w**2).mean()), _tipo(regularizers.L2)),
    _penalizacion("otra_penalizacion", "regulariza con w², y Keras con |w| (l1)",
        lambda s: _con_otra_cuenta(s, lambda r, w: r * (w**2).sum()), _tipo(regularizers.L1)),
    _penalizacion("otra_penalizacion", "regulariza con Σw, y Keras con Σ|w| (l1)",
        lambda s: _con_otra_cuenta(s, lambda r, w: r * w.sum()), _tipo(regularizers.L1)),
    Error("perdida_despues_del_paso", "es la de después de mover los pesos; Keras informa la de "
        "antes", lambda s: _en(s, s.paso.despues), lambda s: s.paso.formas_correctas()),
    Error("perdida_del_lote_anterior", "es la del lote anterior",
        lambda s: s.previa.paso.keras.perdida, lambda s: s.previa is not None),
    Error("perdida_con_los_pesos_iniciales", "es la que darían los pesos iniciales",
        lambda s: _en(s, s.iniciales)),
    _formula("tabla_de_n_por_n", "resta y de forma (n,) a predicciones (n, 1), y NumPy hace una "
        "tabla de (n, n): escribe y.reshape(-1, 1)", _tabla_de_n_por_n,
        lambda s: s.p.shape[-1] == 1 and s.n > 1),
    _formula("la_mayor_fila", "es la mayor de las filas, no el promedio", lambda s: s.filas.max()),
    _formula("la_fila_mediana", "es la mediana de las filas", lambda s: np.median(s.filas)),
    # De regresión.
    _del_error("raiz_del_error", "es la raíz del error cuadrático medio (rmse)",
        lambda e: np.sqrt((e**2).mean())),
    *map(_otra_de_regresion, REGRESIONES),
    _del_error("error_sin_cuadrado", "promedia ŷ − y sin elevar al cuadrado, y los errores se "
        "cancelan", np.mean),
    _del_error("error_sin_cuadrado", "promedia y − ŷ sin elevar al cuadrado, y los errores se "
        "cancelan", lambda e: -e.mean()),
    _del_error("cuadrado_del_promedio", "eleva al cuadrado el promedio de los errores, y es el "
        "promedio de los cuadrados", lambda e: e.mean() ** 2),
    _del_error("cuadrado_del_promedio", "eleva al cuadrado el promedio de los errores de cada "
        "salida", lambda e: (e.mean(axis=0) ** 2).mean(), _varias),
    _del_error("error_al_cubo", "eleva los errores al cubo o más",
        lambda e: (np.abs(e) ** 3).mean()),
    _del_error("error_al_cubo", "eleva los errores a la cuarta", lambda e: (e**4).mean()),
    _del_error("norma_del_error", "es la norma del error, √Σe²", lambda e: np.sqrt((e**2).sum())),
    _del_error("norma_del_error", "promedia la norma √Σe² de cada fila",
        lambda e: np.sqrt((e**2).sum(axis=1)).mean()),
    _del_error("log_cosh", "es el logaritmo del coseno hiperbólico",
        lambda e: np.log(np.cosh(e)).mean()),
    _formula("error_con_suma", "suma y a la predicción en lugar de restarla: (ŷ + y)²",
        lambda s: ((s.p + s.y) ** 2).mean(), _regresion),
    _formula("error_relativo", "divide el error por y, como un porcentaje",
        lambda s: np.abs(s.error / s.y).mean() * 100, _regresion),
    # De entropía.
    _de_p("solo_los_positivos", "solo cuenta −y ln p: falta el término −(1 − y) ln(1 − p)",
        lambda y, p: -(y * np.log(p)).mean(), _binaria),
    _de_p("solo_los_negativos", "solo cuenta −(1 − y) ln(1 − p): falta el término −y ln p",
        lambda y, p: -((1 - y) * np.log(1 - p)).mean(), _binaria),
    _de_p("signo_de_los_negativos", "cambia el signo de (1 − y) ln(1 − p)", lambda y,
        p: (-y * np.log(p) + (1 - y) * np.log(1 - p)).mean(), _binaria),
    _de_p("signo_de_los_negativos", "cambia el signo de y ln p", lambda y,
        p: (y * np.log(p) - (1 - y) * np.log(1 - p)).mean(), _binaria),
    _de_p("clases_cambiadas", "cambia p por 1 − p: es −y ln p − (1 − y) ln(1 − p)", lambda y,
        p: -(y * np.log(1 - p) + (1 - y) * np.log(p)).mean(), _binaria),
    _formula("sigmoide_repetida", "aplica sigmoide otra vez a unas probabilidades que ya la tenían",
        lambda s: s.perdida.por_fila_desde_z(s.y, s.p).mean(),
        lambda s: _binaria(s) and not s.perdida.from_logits),
    _de_p("sin_logaritmo", "promedia −p y no −ln p: falta el logaritmo", lambda y,
        p: -(y * p).sum(axis=1).mean()),
    _de_p("sin_logaritmo", "promedia 1 − p y no −ln p: falta el logaritmo", lambda y,
        p: 1 - (y * p).sum(axis=1).mean()),
    _de_p("logaritmo_del_promedio", "toma el logaritmo del promedio de las filas, y es el promedio "
        "de los logaritmos", lambda y, p: -np.log((y * p).sum(axis=1).mean()), _por_clases),
    _de_p("otra_perdida", "es el error cuadrático de cada fila, sumado",
        lambda y, p: ((p - y) ** 2).sum(axis=1).mean(), _por_clases),
    _de_p("otra_perdida", "es la entropía cruzada binaria de cada clase, promediada", lambda y,
        p: losses.BinaryCrossentropy().por_fila_desde_p(y, p).mean(), _por_clases),
    _de_p("otra_perdida", "es la entropía cruzada binaria de cada clase, sumada", lambda y,
        p: losses.BinaryCrossentropy().por_fila_desde_p(y, p).mean() * p.shape[1], _por_clases),
    _de_p("entropia_de_p", "es la entropía −Σ p ln p de las predicciones: no usa los objetivos",
        lambda y, p: -(p * np.log(p)).sum(axis=1).mean()),
    _de_p("objetivos_en_el_logaritmo", "cambia y por p: calcula −p ln y, con y recortada a 1e-7",
        lambda y, p: -(p * np.log(np.clip(y, 1e-7, 1 - 1e-7))).sum(axis=1).mean(), _por_clases),
    _de_p("error_de_la_clasificacion", "es la parte de filas mal clasificadas, no la entropía",
        lambda y, p: (p.argmax(axis=1) != y.argmax(axis=1)).mean(), _por_clases),
    _de_p("error_de_la_clasificacion", "es la accuracy, no la entropía", lambda y,
        p: (p.argmax(axis=1) == y.argmax(axis=1)).mean(), _por_clases),
    _formula("softmax_repetida", "aplica softmax otra vez a unas probabilidades que ya lo tenían",
        lambda s: por_fila(s.perdida, s.y, activations.softmax(s.p)).mean(),
        lambda s: _por_clases(s) and not s.perdida.from_logits),
    *map(_recorta, (1e-7, 1e-8, 1e-10, 1e-12, 1e-15, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2)),
    *(fila for epsilon in (1e-8, 1e-10, 1e-9, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2,
        0.1) for fila in _suma_al_logaritmo(epsilon)),
)
# fmt: on
