"""Por qué la pérdida no es la de Keras, si las predicciones que se ven sí lo son."""

from functools import partial

import numpy as np

from cursokeras.comparacion.causas.activaciones import (
    donde_esta,
    errores_de_capas,
    seguir,
    sin_mostrar,
)
from cursokeras.comparacion.causas.blanco import Blanco
from cursokeras.comparacion.causas.causa import Causa, elegir
from cursokeras.comparacion.causas.escena import ensayar, optimizador_en, por_fila
from cursokeras.comparacion.causas.gradientes import causa_de_gradiente
from cursokeras.comparacion.causas.tablas.datos import DATOS, lotes_de
from cursokeras.comparacion.causas.tablas.factores import factor_constante, factores_posibles
from cursokeras.comparacion.causas.tablas.perdidas import PERDIDAS
from cursokeras.desde_cero import losses

# Con un solo número por lote, una coincidencia a medias no prueba nada.
_EXACTO = 2e-5
_FACTOR = 1e-4
# Las causas que no son un error sino otra convención, la de `convertir_learning_rate`.
_CONVENCIONES = ("suma_salidas", "mitad", "mitad_suma")


def causa_de_perdida(escenas, razones, contexto, tolerancia):
    """Busca la cuenta que da las pérdidas obtenidas, en todos los lotes.

    Argumentos:
        escenas: las de los lotes, en orden.
        razones: lista de `Razon` de todo el recorrido.
        contexto: `Contexto` con los tamaños.
        tolerancia: diferencia relativa que se acepta.

    Devuelve:
        Una `Causa`, o `None` si no se reconoce.
    """
    paso = escenas[0].paso
    if not np.isfinite(paso.otra.perdida) and np.isfinite(paso.keras.perdida):
        return _causa_de_infinito(escenas[0].perdida, paso)
    escenas = _con_numeros(escenas)
    pares = [(r.n, r.perdida) for r in razones]
    factores = factores_posibles("la pérdida", pares, contexto, _FACTOR)
    factor = elegir(factores)
    if factor is not None:
        posibles = [*factores, *_posibles(escenas)]
        return _con_su_gradiente(elegir(posibles), escenas, razones, contexto, tolerancia)
    cuentas = list(_cuentas(escenas))
    return (
        elegir((causa, _sobra(escenas, cuenta)) for causa, cuenta in cuentas)
        or elegir(_acumuladas(escenas))
        or _factor_sin_regularizadores(escenas, contexto)
        or _con_un_factor(escenas, cuentas, contexto)
        or _penalizacion_de_mas(escenas)
        or _redondeada(escenas)
        or _constante(escenas)
        or _causa_de_desorden(paso)
        or factor_constante("la pérdida", pares, _FACTOR)
    )


def _con_numeros(escenas):
    malas = [not np.isfinite(s.paso.otra.perdida or 0.0) for s in escenas]
    return escenas[: malas.index(True)] if any(malas) else escenas


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


def _posibles(escenas):
    return [(causa, _sobra(escenas, cuenta)) for causa, cuenta in _cuentas(escenas)]


def _cuentas(escenas):
    """Cada error posible y la cuenta que da su pérdida en una escena."""
    escena = escenas[0]
    for error in PERDIDAS:
        if all(map(error.sirve, escenas)):
            yield Causa(error.clave, f"la pérdida {error.frase(escena)}"), error.cuenta
    for error in DATOS:
        if error.sirve(escena):
            for que in (np.mean, _ultima):
                texto = f"la red {error.frase(escena)}"
                yield Causa(error.clave, texto), lambda s, e=error, q=que: q(_de_datos(s, e))
    n = len(escena.red.layers)
    ocultas = [*sin_mostrar(escena, n)]
    for error, donde, lugar in errores_de_capas(escena, ocultas):
        texto = f"{lugar} {error.frase(donde_esta(escena, donde[0]))}"
        for desde in (_desde, _desde_a_mano):
            yield Causa(error.clave, texto), partial(_con_error, desde, error, donde)


def _de_datos(s, error):
    if error not in s.memoria:
        s.memoria[error] = ensayar(s, lotes_de(error, s), optimizador_en(s)).perdidas
    return s.memoria[error]


def _ultima(perdidas):
    return perdidas[-1]


def _con_error(desde, error, donde, s):
    return desde(s, seguir(s, error, donde)[-1])


def _desde(s, salida):
    """La pérdida de otra salida de la red."""
    return por_fila(s.perdida, s.y, salida).mean() + s.extra


def _desde_a_mano(s, salida):
    """Como quien escribe −Σ y ln p: no supone que las filas de p sumen 1, y Keras sí."""
    return -(s.uno * np.log(salida)).sum(axis=1).mean() + s.extra


def _evaluar(cuenta, s):
    with np.errstate(all="ignore"):
        try:
            return float(cuenta(s))
        except (ValueError, IndexError):  # Un error que con estas formas no se puede cometer.
            return np.nan


def _sobra(escenas, cuenta):
    """Lo más que se aparta una cuenta de las pérdidas obtenidas; infinito si no las explica."""
    peor, visto = 0.0, False
    for s in escenas:
        obtenida, correcta = s.paso.otra.perdida, s.paso.keras.perdida
        if obtenida is None:
            break
        lejos = abs(_evaluar(cuenta, s) - obtenida)
        se_nota = abs(correcta - obtenida) > _EXACTO * abs(obtenida)
        if not lejos <= _EXACTO * abs(obtenida) or (se_nota and lejos >= abs(correcta - obtenida)):
            return np.inf
        peor, visto = max(peor, lejos / max(abs(obtenida), 1e-30)), visto or se_nota
    return peor if visto else np.inf


def _con_un_factor(escenas, cuentas, contexto):
    """Dos errores a la vez: una cuenta de las tablas y un factor."""
    escenas = [s for s in escenas if s.paso.otra.perdida is not None]
    if len(escenas) < 2:
        return None
    posibles = []
    for causa, cuenta in cuentas:
        pares = []
        for s in escenas:
            pares.append((s.n, s.paso.otra.perdida / (_evaluar(cuenta, s) or np.nan)))
            if not _puede_ser(pares):
                break
        else:
            for factor, sobra in factores_posibles("la pérdida", pares, contexto, _EXACTO * 5):
                texto = f"{causa.texto}; además, {factor.texto}"
                posibles.append((causa._replace(texto=texto), sobra))
    return elegir(posibles)


def _puede_ser(pares):
    return np.isfinite(pares[-1][1]) and pares[-1][1] != 0


def _factor_sin_regularizadores(escenas, contexto):
    """Un factor solo en la pérdida de los datos, con los regularizadores bien sumados."""
    if not all(s.extra for s in escenas) or any(s.paso.otra.perdida is None for s in escenas):
        return None
    pares = [(s.n, (s.paso.otra.perdida - s.extra) / s.base) for s in escenas]
    return elegir(factores_posibles("la pérdida de los datos", pares, contexto, 10 * _EXACTO))


def _acumuladas(escenas):
    """La suma o el promedio de las pérdidas desde el primer lote."""
    anterior = escenas[0].previa
    if anterior is None or anterior.paso.numero != 1:
        return
    mismas = [s for s in escenas if s.paso.epoca == anterior.paso.epoca]
    if not mismas:
        return
    sumas = np.cumsum([s.paso.keras.perdida for s in (anterior, *mismas)])[1:]
    obtenidas = [s.paso.otra.perdida for s in mismas]
    for clave, texto, candidatas in (
        (
            "perdida_promediada",
            "es el promedio de los lotes de la época",
            sumas / np.arange(2, len(mismas) + 2),
        ),
        ("perdida_sumada", "se suma a la de los lotes anteriores", sumas),
    ):
        if np.allclose(obtenidas, candidatas, rtol=_EXACTO):
            texto = f"la pérdida {texto}, y train_on_batch debe dar la de su lote"
            yield Causa(clave, texto), 0.0


def _penalizacion_de_mas(escenas):
    """Un regularizador que el modelo no tiene, con el λ que sale de los números."""
    escenas = [s for s in escenas if s.paso.otra.perdida is not None]
    sobran = [s.paso.otra.perdida - s.red.calcular_perdida(s.y, s.p) for s in escenas]
    for norma, elevar in (("w²", np.square), ("|w|", np.abs)):
        for cuales, de_que in (
            (slice(0, None, 2), "los kernels"),
            (slice(None), "todos los pesos"),
        ):
            sumas = [sum(elevar(w).sum() for w in s.paso.antes[cuales]) for s in escenas]
            lambdas = np.array(sobran) / sumas
            if len(lambdas) > 1 and np.ptp(lambdas) <= 1e-3 * abs(lambdas[0]):
                texto = f"la pérdida suma {lambdas[0]:.3g} veces {norma} de {de_que}, y Keras no"
                return Causa("penalizacion_de_mas", texto)
    return None


def _redondeada(escenas):
    for cifras in (4, 3, 2, 1, 0):
        if all(
            s.paso.otra.perdida is not None
            and abs(round(s.paso.keras.perdida, cifras) - s.paso.otra.perdida) < 1e-9
            for s in escenas
        ):
            return Causa("perdida_redondeada", f"la pérdida se redondea a {cifras} decimales")
    return None


def _constante(escenas):
    perdidas = {s.paso.otra.perdida for s in escenas}
    if len(perdidas) > 1 or len(escenas) < 2:
        return None
    return Causa("perdida_constante", f"la pérdida vale siempre {perdidas.pop():g}: no se calcula")


def _con_su_gradiente(causa, escenas, razones, contexto, tolerancia):
    """Agrega si el gradiente lleva el mismo factor, o si solo cambia el número que se informa."""
    distintas = (r for r in razones if np.abs(r.perdida - 1) > 1e-3)
    _, perdida, grads = next(distintas, (0, np.nan, np.nan))
    consejo = ""
    if np.isclose(grads, 1, rtol=1e-3):
        consejo = ". El gradiente es correcto: solo cambia el número que se informa"
    elif np.isclose(grads, perdida, rtol=1e-3):
        consejo = ". El gradiente lleva el mismo factor"
        if causa.clave in _CONVENCIONES:
            tasa = contexto.learning_rate / perdida
            consejo += f": con SGD, la tasa {tasa:.4g} daría los pasos de Keras"
    elif all(g is not None for g in escenas[0].paso.otra.grads):
        otra = causa_de_gradiente(Blanco(escenas, muestra=True), contexto, tolerancia)
        consejo = f". Además, {otra.texto}" if otra else ""
    return causa._replace(texto=causa.texto + consejo)


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
