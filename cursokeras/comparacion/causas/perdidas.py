"""Por qué la pérdida no es la de Keras, si las predicciones sí lo son."""

import numpy as np

from cursokeras.comparacion.causas.causa import Causa
from cursokeras.comparacion.causas.factores import nombrar_factor
from cursokeras.desde_cero import activations, losses, optimizers

# Con un solo número por lote, una coincidencia a medias no prueba nada.
_EXACTO = 2e-5
# Las causas que no son un error sino otra convención, la de `convertir_learning_rate`.
_CONVENCIONES = ("suma_salidas", "mitad", "mitad_suma")


def causa_de_perdida(gemela, expediente, razones, contexto):
    """Busca la cuenta que da las pérdidas obtenidas, en todos los pasos del expediente.

    Argumentos:
        gemela: la red correcta, en float64.
        expediente: `Expediente` cuyo primer paso tiene otra pérdida.
        razones: lista de `Razon` de todos los lotes.
        contexto: `Contexto` con los tamaños.

    Devuelve:
        Una `Causa`, o `None` si no se reconoce.
    """
    paso = expediente.pasos[0]
    if not np.isfinite(paso.otra.perdida) and np.isfinite(paso.keras.perdida):
        return _causa_de_infinito(gemela.loss, paso)
    factor = nombrar_factor("la pérdida", [(r.n, r.perdida) for r in razones], contexto)
    if factor and factor.clave != "factor_constante":
        return _con_su_gradiente(factor, razones, contexto)
    return (
        _otra_cuenta(gemela, expediente)
        or _acumulada(expediente)
        or _causa_de_desorden(paso)
        or factor
    )


def _causa_de_infinito(perdida, paso):
    if not isinstance(perdida, losses.EntropiaCruzada):
        return None
    salida = paso.keras.salidas[-1]
    return Causa(
        "logaritmo_de_cero",
        f"la pérdida da {paso.otra.perdida}: alguna probabilidad llegó a 0 o a 1 (la menor es "
        f"{salida.min():.3g}) y el logaritmo no tiene valor ahí. Keras calcula la pérdida desde z, "
        "o recorta las probabilidades a [1e-7, 1 − 1e-7]",
    )


def _con_su_gradiente(causa, razones, contexto):
    """Agrega si el gradiente lleva el mismo factor, o si solo cambia el número que se informa."""
    distintas = (r for r in razones if np.abs(r.perdida - 1) > 1e-3)
    _, perdida, grads = next(distintas)
    consejo = ""
    if np.isclose(grads, 1, rtol=1e-3):
        consejo = ". El gradiente es correcto: solo cambia el número que se informa"
    elif np.isclose(grads, perdida, rtol=1e-3):
        consejo = ". El gradiente lleva el mismo factor"
        if causa.clave in _CONVENCIONES:
            tasa = contexto.learning_rate / perdida
            consejo += f": con SGD, la tasa {tasa:.4g} daría los pasos de Keras"
    return causa._replace(texto=causa.texto + consejo)


def _otra_cuenta(gemela, expediente):
    """La primera cuenta equivocada que da la pérdida obtenida en todos los pasos guardados."""
    anteriores = [expediente.anterior, *expediente.pasos]
    posibles = None
    for paso, anterior in zip(expediente.pasos, anteriores, strict=False):
        if paso.otra.perdida is None or not np.isfinite(paso.otra.perdida):
            break
        coinciden = [
            Causa(clave, f"la pérdida {texto}")
            for clave, texto, cuenta in _errores(gemela, paso, anterior)
            if _coincide(cuenta, paso)
        ]
        posibles = [c for c in coinciden if posibles is None or c in posibles]
    return posibles[0] if posibles else None


def _acumulada(expediente):
    """La suma o el promedio de las pérdidas desde el primer lote."""
    anterior, pasos = expediente.anterior, expediente.pasos
    if anterior is None or anterior.numero != 1:
        return None
    sumas = np.cumsum([paso.keras.perdida for paso in (anterior, *pasos)])[1:]
    cuantos = np.arange(2, len(pasos) + 2)
    obtenidas = [paso.otra.perdida for paso in pasos]
    for clave, texto, candidatas in (
        ("perdida_promediada", "es el promedio de los lotes de la época", sumas / cuantos),
        ("perdida_sumada", "se suma a la de los lotes anteriores", sumas),
    ):
        mismos = [paso.epoca == anterior.epoca for paso in pasos]
        if np.allclose(np.array(obtenidas)[mismos], candidatas[mismos], rtol=_EXACTO):
            return Causa(clave, f"la pérdida {texto}, y train_on_batch debe dar la de su lote")
    return None


def _coincide(cuenta, paso):
    obtenida, correcta = paso.otra.perdida, paso.keras.perdida
    with np.errstate(all="ignore"):
        resto = abs(cuenta() - obtenida)
    # En un lote donde el error no se nota, la cuenta equivocada y la correcta dan lo mismo.
    se_nota = abs(correcta - obtenida) > _EXACTO * abs(obtenida)
    return resto <= _EXACTO * abs(obtenida) and (resto < abs(correcta - obtenida) or not se_nota)


def _errores(gemela, paso, anterior):
    """Los errores posibles con este lote: clave, texto y la pérdida que darían."""
    gemela.set_weights(paso.antes)
    p = gemela.forward(paso.x)
    perdida = gemela.loss
    y = perdida.preparar(paso.y, p.shape[-1], p.dtype)
    extra = sum(capa.penalizacion() for capa in gemela.layers)
    de_la_formula = _de_entropia if isinstance(perdida, losses.EntropiaCruzada) else _de_regresion
    for clave, texto, cuenta in (*_de_las_filas(perdida, y, p), *de_la_formula(perdida, y, p)):
        yield clave, texto, lambda cuenta=cuenta: cuenta() + extra
    if extra:
        yield "sin_penalizacion", "no suma los regularizadores", _por_fila(perdida, y, p).mean
    if paso.formas_correctas():
        texto = "es la de después de mover los pesos; Keras informa la de antes"
        yield "perdida_despues_del_paso", texto, lambda: _perdida_en(gemela, paso.despues, paso, y)
    if len(y) > 1 and type(gemela.optimizer) is optimizers.SGD and not gemela.optimizer.momentum:
        texto = (
            "promedia las filas mientras mueve los pesos con cada una: se da un solo paso por lote"
        )
        yield "mueve_en_cada_fila", texto, lambda: _perdida_fila_a_fila(gemela, paso, y)
    if anterior is not None and len(anterior.y) == len(y):
        previo = perdida.preparar(anterior.y, p.shape[-1], p.dtype)
        texto = "usa los objetivos del lote anterior"
        yield "objetivos_anteriores", texto, lambda: _por_fila(perdida, previo, p).mean() + extra


def _de_las_filas(perdida, y, p):
    filas = _por_fila(perdida, y, p)
    if len(filas) > 1:
        yield "sin_la_ultima_fila", "deja fuera la última fila", lambda: filas[:-1].mean()
        yield "sin_la_primera_fila", "deja fuera la primera fila", lambda: filas[1:].mean()
        yield "solo_la_ultima_fila", "es la de la última fila, no el promedio", lambda: filas[-1]
        yield "solo_la_primera_fila", "es la de la primera fila, no el promedio", lambda: filas[0]
    if p.shape[-1] == 1:
        texto = (
            "resta y de forma (n,) a predicciones (n, 1), y NumPy hace una tabla de (n, n): "
            "escribe y.reshape(-1, 1)"
        )
        todas = np.broadcast_arrays(y.T, p)
        yield "tabla_de_n_por_n", texto, lambda: _por_fila(perdida, *todas).mean()


def _de_regresion(perdida, y, p):
    error = p - y
    yield "otra_perdida", "es el error absoluto medio (mae)", lambda: np.abs(error).mean()
    yield "otra_perdida", "es el error cuadrático medio (mse)", lambda: (error**2).mean()
    texto = "es la raíz del error cuadrático medio (rmse)"
    yield "raiz_del_error", texto, lambda: np.sqrt((error**2).mean())
    texto = "promedia los errores sin elevarlos al cuadrado, y se cancelan"
    yield "error_sin_cuadrado", texto, error.mean
    texto = "usa los objetivos sin sus decimales: están guardados como enteros"
    yield "objetivos_truncados", texto, lambda: _por_fila(perdida, np.trunc(y), p).mean()
    lejos = np.abs(error)
    huber = np.where(lejos < 1, error**2 / 2, lejos - 1 / 2)
    yield "otra_perdida", "es la de Huber", huber.mean
    yield "error_sin_cuadrado", texto, lambda: -error.mean()


def _de_entropia(perdida, y, p):
    for epsilon in (1e-7, 1e-8, 1e-10, 1e-12, 1e-15):
        texto = (
            f"recorta las probabilidades a {epsilon:g} antes del logaritmo; Keras calcula la "
            "entropía desde z, sin recortar"
        )
        recortada = np.clip(p, epsilon, 1 - epsilon)
        yield "recorte_de_probabilidades", texto, _por_fila(perdida, y, recortada).mean
    uno = np.eye(p.shape[-1])[y] if y.ndim == 1 else y
    binaria = isinstance(perdida, losses.BinaryCrossentropy)
    yield from (_de_dos_clases(y, p) if binaria else _de_muchas_clases(perdida, y, uno, p))
    texto = "promedia −p y no −ln p: falta el logaritmo"
    yield "sin_logaritmo", texto, lambda: -(uno * p).sum(axis=1).mean()
    texto = "es el error cuadrático medio (mse)"
    yield "otra_perdida", texto, lambda: ((p - uno) ** 2).mean()


def _de_dos_clases(y, p):
    texto = "solo cuenta −y ln p: falta el término −(1 − y) ln(1 − p)"
    yield "solo_los_positivos", texto, lambda: -(y * np.log(p)).mean()
    texto = "solo cuenta −(1 − y) ln(1 − p): falta el término −y ln p"
    yield "solo_los_negativos", texto, lambda: -((1 - y) * np.log(1 - p)).mean()


def _de_muchas_clases(perdida, y, uno, p):
    texto = "aplica softmax otra vez a unas probabilidades que ya lo tenían"
    yield "softmax_repetida", texto, lambda: _por_fila(perdida, y, activations.softmax(p)).mean()
    texto = "toma la clase vecina: las etiquetas van de 0 a k − 1, no de 1 a k"
    for paso in (1, -1):
        corrida = np.roll(uno, paso, axis=1)
        yield "etiquetas_corridas", texto, lambda c=corrida: -(c * np.log(p)).sum(axis=1).mean()
    texto = "es la entropía cruzada binaria de cada clase, promediada"
    binaria = losses.BinaryCrossentropy().por_fila_desde_p
    yield "otra_perdida", texto, lambda: binaria(uno, p).mean()


def _perdida_en(gemela, pesos, paso, y):
    gemela.set_weights(pesos)
    return gemela.calcular_perdida(y, gemela.forward(paso.x))


def _perdida_fila_a_fila(gemela, paso, y):
    gemela.set_weights(paso.antes)
    perdidas = []
    for i in range(len(y)):
        _, perdida = gemela.calcular_gradientes(paso.x[i : i + 1], y[i : i + 1])
        perdidas.append(perdida)
        for w, g in zip(gemela.weights, gemela.grads, strict=True):
            w -= gemela.optimizer.learning_rate * g
    return np.mean(perdidas)


def _por_fila(perdida, y, p):
    """La pérdida de cada fila desde las predicciones que muestra la red."""
    if not isinstance(perdida, losses.EntropiaCruzada):
        return perdida.por_fila(y, p)
    return (perdida.por_fila_desde_z if perdida.from_logits else perdida.por_fila_desde_p)(y, p)


def _causa_de_desorden(paso):
    """Reconoce objetivos que no son los de su fila.

    El gradiente del sesgo de la cabeza es la suma de los errores de las filas, que no cambia si
    los objetivos se desordenan; el del kernel multiplica cada error por su fila, y sí cambia.
    """
    grads = paso.diferencias.grads
    if len(grads) < 2 or paso.antes[-1].ndim != 1:
        return None
    if grads[-1] <= 1e-3 < grads[-2]:
        return Causa(
            "objetivos_desordenados",
            "los objetivos no son los de su fila: el gradiente del sesgo, que solo los suma, "
            "coincide, y el del kernel no. Desordena x e y con la misma permutación",
        )
    return None
