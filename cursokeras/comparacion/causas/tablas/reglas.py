"""Los errores conocidos del backward, cada uno con la cuenta que hace.

La cuenta recibe el `Eslabon` de una capa y da los campos que cambian; ver `pasada`.
"""

from dataclasses import replace

import numpy as np

from cursokeras.comparacion.causas.causa import Error
from cursokeras.comparacion.causas.tablas.factores import FACTORES
from cursokeras.comparacion.causas.tablas.perdidas import REGRESIONES
from cursokeras.desde_cero import activations, losses, regularizers


def _curva(e):
    return e.activacion is not activations.linear


def _oculta_curva(e):
    return _curva(e) and not e.es_cabeza


def _curva_previa(e):
    return getattr(e.anterior, "activation", activations.linear) is not activations.linear


def _con_pesos(e):
    return e.kernel is not None


def _con_sesgo(e):
    return len(e.grads) == 2


def _cuadrada(e):
    return _con_pesos(e) and e.kernel.shape[0] == e.kernel.shape[1]


def _propaga(e):
    return _con_pesos(e) and e.anterior is not None


def _con_regularizador(e):
    return _con_pesos(e) and any(np.any(r) for r in e.regularizados())


def _con_l2(e):
    return _con_pesos(e) and isinstance(e.regularizadores()[0], regularizers.L2)


def _es(*nombres):
    return lambda e: e.activacion.name in nombres and _curva(e)


def _de_entropia(e):
    return e.es_cabeza and isinstance(e.perdida, losses.EntropiaCruzada)


def _de_clases(e):
    return _de_entropia(e) and not isinstance(e.perdida, losses.BinaryCrossentropy)


def _de_regresion(e):
    return e.es_cabeza and not isinstance(e.perdida, losses.EntropiaCruzada)


def _delta(clave, texto, cuenta, sirve=_curva):
    return Error(clave, texto, lambda e: {"delta": cuenta(e)}, sirve)


def _kernel(clave, texto, cuenta, sirve=_con_pesos):
    """La cuenta da xᵀ · δ con un error; el regularizador se suma bien."""

    def grads(e):
        kernel, regularizador = cuenta(e), e.regularizados()[0]
        if np.shape(kernel) == regularizador.shape:
            kernel = kernel + regularizador
        return {"grads": [kernel, *e.grads[1:]]}

    return Error(clave, texto, grads, sirve)


def _sesgo(clave, texto, cuenta):
    return Error(clave, texto, lambda e: {"grads": [e.grads[0], cuenta(e)]}, _con_sesgo)


def _los_dos(clave, texto, cuenta, sirve=_con_pesos):
    def grads(e):
        return {"grads": [g + r for g, r in zip(cuenta(e), e.regularizados(), strict=False)]}

    return Error(clave, texto, grads, sirve)


def _entrega(clave, texto, cuenta, sirve=_propaga):
    return Error(clave, texto, lambda e: {"grad_x": cuenta(e)}, sirve)


def _regulariza(clave, texto, cuenta, sirve=_con_regularizador):
    """Cambia lo que agregan los regularizadores: la cuenta da lo que se suma al gradiente."""

    def grads(e):
        agregan = zip(e.grads, e.regularizados(), cuenta(e), strict=True)
        return {"grads": [g - r + otro for g, r, otro in agregan]}

    return Error(clave, texto, grads, sirve)


def _otra_derivada(nombre):
    otra = activations.get(nombre)
    return _delta(
        "otra_derivada",
        f"usa la derivada de {nombre}, que no es la de su activación",
        lambda e: otra.backward(e.grad_a, e.z, e.a),
        lambda e: _curva(e) and e.activacion is not otra,
    )


def _formula(nombre, correcta, usada, cuenta):
    """Una derivada escrita desde la salida a = f(z), con la fórmula mal copiada."""
    return _delta(
        "formula_de_la_derivada",
        f"usa {usada} como derivada de {nombre}, y es {correcta}",
        lambda e: e.grad_a * cuenta(e.a),
        _es(nombre),
    )


def _otra_perdida(clase):
    def cuenta(e):
        otra = clase()
        grad = otra.gradiente_por_fila(e.uno, e.a) / e.n
        return e.derivar(grad, e.z, e.a)

    nombre = clase.__doc__.splitlines()[0].split(":")[0].rstrip(".").lower()
    return _delta(
        "derivada_de_otra_perdida",
        f"deriva otra pérdida: {nombre}",
        cuenta,
        lambda e: _de_regresion(e) and not isinstance(e.perdida, clase),
    )


def _solo_kernel(e, otro):
    """Lo que agrega al kernel otro regularizador, y nada al sesgo."""
    return [otro(e.kernel), *[0 * w for w in e.capa.weights[1:]]]


def _de_una_fila(i, cual):
    return _los_dos(
        "gradiente_de_una_fila",
        f"solo usa la {cual} fila del lote: falta acumular sobre las filas",
        lambda e: [np.outer(e.x[i], e.delta[i]), e.delta[i]],
    )


def _repetir(v, forma):
    """Un vector repetido hasta una forma, si NumPy lo acepta."""
    return np.broadcast_to(v, forma) if np.ndim(v) <= len(forma) else v


def _factor_de_la_perdida(factor):
    """Un factor en δ: con regularizadores no es un factor de todo el gradiente."""

    def escala(e):
        return replace(e.pasada.contexto, n=e.n)

    return Error(
        factor.clave,
        f"el gradiente de la pérdida {factor.texto}",
        lambda e: {"delta": factor.cuenta(escala(e)) * e.delta},
        lambda e: e.es_cabeza and factor.sirve(escala(e)),
    )


# fmt: off
REGLAS = (
    *map(_factor_de_la_perdida, FACTORES),
    # Derivar la pérdida.
    *map(_otra_perdida, REGRESIONES),
    _delta("error_sin_derivar", "entrega el signo del error, sin su tamaño",
        lambda e: np.sign(e.delta), lambda e: e.es_cabeza),
    _delta("error_al_cuadrado", "entrega el error al cuadrado, y la derivada de e² es 2 e",
        lambda e: (e.a - e.uno) ** 2 / e.uno.size, _de_regresion),
    _delta("error_en_valor_absoluto", "entrega |ŷ − y| y pierde su signo",
        lambda e: np.abs(e.delta), lambda e: e.es_cabeza),
    _delta("error_con_suma", "suma y a la predicción en lugar de restarla: es ŷ − y",
        lambda e: e.delta * 0 + 2 * (e.a + e.uno) / e.uno.size, _de_regresion),
    _delta("error_promediado", "promedia el error del lote antes de propagarlo: cada fila lleva el "
        "suyo", lambda e: np.broadcast_to(e.delta.mean(axis=0), e.delta.shape),
        lambda e: e.es_cabeza and e.n > 1),
    _delta("error_de_n_por_n", "resta y de forma (n,) a predicciones (n, 1), y NumPy hace una "
        "tabla de (n, n): escribe y.reshape(-1, 1) antes de derivar",
        lambda e: e.derivar(2 * (e.a - e.uno.mean()) / e.n, e.z, e.a),
        lambda e: _de_regresion(e) and e.a.shape[-1] == 1 and e.n > 1),
    _delta("softmax_sin_jacobiano", "entrega −y/p, la derivada de la entropía, sin la de softmax: "
        "juntas dan p − y", lambda e: -e.uno / e.a / e.n, _de_clases),
    _delta("derivada_repetida", "multiplica p − y por p (1 − p): p − y ya lleva la derivada de la "
        "activación", lambda e: e.delta * e.a * (1 - e.a), _de_entropia),
    _delta("solo_la_clase_verdadera", "multiplica −y/p por p (1 − p), la diagonal del jacobiano de "
        "softmax: solo cambia la columna de la clase verdadera, y p − y las cambia todas",
        lambda e: (e.a - e.uno) * e.uno / e.n, _de_clases),
    _delta("otra_derivada", "deriva softmax con a (1 − a), que es solo la diagonal de su jacobiano",
        lambda e: e.grad_a * e.a * (1 - e.a), lambda e: _es("softmax")(e) and not _de_clases(e)),
    _delta("derivada_de_otra_perdida", "deriva el error cuadrático: la entropía con softmax o "
        "sigmoide da p − y", lambda e: e.derivar(2 * (e.a - e.uno) / e.a.size, e.z, e.a),
        _de_entropia),
    _delta("derivada_de_otra_perdida", "deriva ½ Σ (p − y)²: la entropía con softmax o sigmoide da "
        "p − y", lambda e: e.derivar((e.a - e.uno) / e.n, e.z, e.a), _de_entropia),
    _delta("gradiente_sin_objetivos", "entrega p y olvida restar los objetivos: con softmax o "
        "sigmoide el gradiente es p − y", lambda e: e.a / e.n, _de_entropia),
    _delta("gradiente_de_los_logits", "resta los objetivos de z y no de p: con softmax o sigmoide "
        "el gradiente es p − y", lambda e: (e.z - e.uno) / e.n, _de_entropia),
    _delta("gradiente_con_etiquetas_enteras", "resta la etiqueta de cada columna, sin pasarla a "
        "one-hot: el gradiente es p − one-hot(y)",
        lambda e: (e.a - e.uno.argmax(axis=1)[:, None]) / e.n, _de_clases),
    _delta("sin_derivada", "entrega −y/p + (1 − y)/(1 − p), sin multiplicar por la derivada de la "
        "sigmoide", lambda e: (e.a - e.uno) / (e.a * (1 - e.a)) / e.uno.size,
        lambda e: _de_entropia(e) and not _de_clases(e)),
    _delta("solo_los_positivos", "deriva solo −y ln p: falta el término de 1 − y",
        lambda e: -e.uno * (1 - e.a) / e.uno.size, lambda e: _de_entropia(e) and not _de_clases(e)),
    # La derivada de la activación.
    _delta("sin_derivada", "no multiplica por la derivada de la activación", lambda e: e.grad_a),
    _delta("derivada_mal_evaluada", "evalúa la derivada en la salida a = f(z), y va en z",
        lambda e: e.derivar(e.grad_a, e.a, e.activacion.forward(e.a))),
    _delta("derivada_mal_evaluada", "pone z en la fórmula de la derivada que espera la salida a = "
        "f(z), como 1 − a²", lambda e: e.derivar(e.grad_a, e.z, e.z)),
    _delta("derivada_repetida", "multiplica dos veces por la derivada de la activación",
        lambda e: e.derivar(e.delta, e.z, e.a)),
    *(_otra_derivada(nombre) for nombre in ("relu", "tanh", "sigmoid")),
    _delta("derivada_al_reves", "deja pasar el gradiente donde z ≤ 0 y lo apaga donde z > 0: es al "
        "revés", lambda e: e.grad_a * (e.z <= 0), _es("relu")),
    _delta("derivada_de_otra_capa", "usa la derivada de la activación de la capa anterior",
        lambda e: e.grad_a * e.anterior.activation.backward(1.0, e.previa, e.x),
        lambda e: _oculta_curva(e) and np.shape(e.previa) == e.grad_a.shape and _curva_previa(e)),
    _formula("tanh", "1 − a²", "1 − a", lambda a: 1 - a),
    _formula("tanh", "1 − a²", "1 + a²", lambda a: 1 + a**2),
    _formula("tanh", "1 − a²", "(1 − a)²", lambda a: (1 - a) ** 2),
    _formula("tanh", "1 − a²", "a²", lambda a: a**2),
    _formula("tanh", "1 − a²", "a² − 1", lambda a: a**2 - 1),
    _formula("tanh", "1 − a²", "a", lambda a: a),
    _formula("tanh", "1 − a²", "1 − 2a", lambda a: 1 - 2 * a),
    _formula("tanh", "1 − a²", "½ (1 − a²)", lambda a: (1 - a**2) / 2),
    _formula("tanh", "1 − a²", "√(1 − a²)", lambda a: np.sqrt(1 - a**2)),
    _formula("tanh", "1 − a²", "(1 − a²)²", lambda a: (1 - a**2) ** 2),
    _formula("tanh", "1 − a²", "2 (1 − a²)", lambda a: 2 * (1 - a**2)),
    _formula("sigmoid", "a (1 − a)", "1 − a", lambda a: 1 - a),
    _formula("sigmoid", "a (1 − a)", "a", lambda a: a),
    _formula("sigmoid", "a (1 − a)", "a (1 + a)", lambda a: a * (1 + a)),
    _formula("sigmoid", "a (1 − a)", "a (a − 1)", lambda a: a * (a - 1)),
    _formula("sigmoid", "a (1 − a)", "1 − a²", lambda a: 1 - a**2),
    _formula("sigmoid", "a (1 − a)", "a²", lambda a: a**2),
    _formula("sigmoid", "a (1 − a)", "a² (1 − a)", lambda a: a**2 * (1 - a)),
    _formula("sigmoid", "a (1 − a)", "a (1 − a)²", lambda a: a * (1 - a) ** 2),
    _formula("sigmoid", "a (1 − a)", "(1 − a)²", lambda a: (1 - a) ** 2),
    _formula("relu", "1 o 0", "a", lambda a: a),
    _formula("relu", "1 o 0", "1 − a", lambda a: 1 - a),
    _formula("relu", "1 o 0", "a²", lambda a: a**2),
    _delta("formula_de_la_derivada", "usa el signo de z como derivada de relu, y donde z < 0 es 0, "
        "no −1", lambda e: e.grad_a * np.sign(e.z), _es("relu")),
    *(_delta("derivada_con_pendiente",
        f"deja pasar {pendiente:g} del gradiente donde relu está apagada", lambda e,
        pendiente=pendiente: e.grad_a * np.where(e.z > 0, 1, pendiente),
        _es("relu")) for pendiente in (0.01, 0.1, 0.2, 0.3)),
    _delta("derivada_mal_encendida", "apaga relu donde el gradiente es negativo, y se apaga donde "
        "z ≤ 0", lambda e: e.grad_a * (e.grad_a > 0), _es("relu")),
    _delta("derivada_mal_encendida", "apaga relu donde la entrada x es negativa, y se apaga donde "
        "z ≤ 0", lambda e: e.grad_a * (e.x > 0),
        lambda e: _es("relu")(e) and e.x.shape == e.grad_a.shape),
    _delta("derivada_mal_encendida", "enciende relu donde z > 1, y se enciende donde z > 0",
        lambda e: e.grad_a * (e.z > 1), _es("relu")),
    # Los gradientes de los pesos.
    _kernel("entrada_olvidada", "el gradiente del kernel olvida la entrada: es xᵀ · δ, no el "
        "promedio de δ", lambda e: _repetir(e.delta.mean(axis=0), e.kernel.shape)),
    _kernel("entrada_olvidada", "el gradiente del kernel olvida la entrada: es xᵀ · δ, no la suma "
        "de δ", lambda e: _repetir(e.delta.sum(axis=0), e.kernel.shape)),
    _kernel("entrada_promediada", "el gradiente del kernel promedia la entrada antes de "
        "multiplicarla: es xᵀ · δ", lambda e: np.outer(e.x.mean(axis=0), e.delta.sum(axis=0))),
    _kernel("entrada_promediada", "el gradiente del kernel multiplica la suma de x por la suma de "
        "δ: es xᵀ · δ", lambda e: np.outer(e.x.sum(axis=0), e.delta.sum(axis=0))),
    _kernel("kernel_transpuesto", "el gradiente del kernel está transpuesto: es xᵀ · δ, no δᵀ · x",
        lambda e: e.delta.T @ e.x),
    _kernel("kernel_con_la_salida", "el gradiente del kernel usa la salida de la capa, y va con su "
        "entrada: xᵀ · δ", lambda e: e.a.T @ e.delta),
    _kernel("kernel_con_la_salida", "el gradiente del kernel usa la z de la capa, y va con su "
        "entrada: xᵀ · δ", lambda e: e.z.T @ e.delta, _con_pesos),
    _kernel("kernel_sin_activacion_previa", "el gradiente del kernel usa la z de la capa anterior, "
        "y va con su salida a = f(z)", lambda e: e.previa.T @ e.delta,
        lambda e: _con_pesos(e) and np.shape(e.previa) == e.x.shape),
    _kernel("kernel_con_x", "el gradiente del kernel usa la entrada de la red, y va con la de la "
        "capa: aᵀ · δ", lambda e: e.pasada.gemela.layers[0].x.T @ e.delta,
        lambda e: _con_pesos(e) and e.anterior is not None),
    _kernel("entrada_del_lote_anterior",
        "el gradiente del kernel usa la entrada que la capa tuvo en el lote anterior",
        lambda e: e.pasada.anterior.layers[e.i].x.T @ e.delta,
        lambda e: _con_pesos(e) and e.pasada.anterior is not None
        and e.pasada.anterior.layers[e.i].x.shape == e.x.shape),
    _kernel("kernel_sin_delta", "el gradiente del kernel usa dL/da, antes de multiplicar por la "
        "derivada", lambda e: e.x.T @ e.grad_a, lambda e: _con_pesos(e) and _curva(e)),
    Error("kernel_en_cero", "el gradiente del kernel queda en cero, también el de su regularizador",
        lambda e: {"grads": [0 * e.grads[0], *e.grads[1:]]}, _con_regularizador),
    _kernel("kernel_en_cero", "el gradiente del kernel queda en cero", lambda e: 0 * e.kernel),
    _kernel("kernel_promediado", "el gradiente del kernel se divide por las filas, y δ ya estaba "
        "dividido por ellas", lambda e: e.x.T @ e.delta / e.n),
    _kernel("kernel_entre_entradas", "el gradiente del kernel se divide por las entradas de la "
        "capa", lambda e: e.x.T @ e.delta / e.kernel.shape[0]),
    _los_dos("gradiente_entre_neuronas", "divide los gradientes por las neuronas de la capa: el "
        "promedio es sobre las filas",
        lambda e: [g / e.kernel.shape[1] for g in e.sin_regularizar()],
        lambda e: _con_pesos(e) and e.kernel.shape[1] > 1),
    _delta("delta_entre_neuronas", "divide δ por las neuronas de la capa: el promedio es sobre las "
        "filas", lambda e: e.delta / e.kernel.shape[1],
        lambda e: _con_pesos(e) and e.kernel.shape[1] > 1),
    _delta("delta_entre_filas", "divide δ por las filas del lote, y la pérdida ya las había "
        "promediado", lambda e: e.delta / e.n, lambda e: _con_pesos(e) and e.n > 1),
    _sesgo("sesgo_sin_sumar", "el gradiente del sesgo no suma las filas: falta .sum(axis=0)",
        lambda e: e.delta),
    _sesgo("sesgo_promediado", "el gradiente del sesgo promedia las filas, y δ ya estaba dividido "
        "por ellas: es una suma", lambda e: e.delta.mean(axis=0)),
    _sesgo("signo", "el gradiente del sesgo tiene el signo al revés", lambda e: -e.grads[1]),
    _kernel("signo", "el gradiente del kernel tiene el signo al revés", lambda e: -e.x.T @ e.delta),
    _sesgo("sesgo_con_keepdims", "el gradiente del sesgo tiene forma (1, k) y el sesgo (k,): quita "
        "keepdims=True", lambda e: e.delta.sum(axis=0, keepdims=True)),
    _sesgo("sesgo_por_otro_eje", "el gradiente del sesgo suma por el otro eje: es .sum(axis=0), un "
        "número por neurona", lambda e: e.delta.sum(axis=1)),
    _sesgo("sesgo_por_otro_eje", "el gradiente del sesgo suma también las neuronas: es "
        ".sum(axis=0), uno por neurona",
        lambda e: e.delta.sum() + 0 * e.grads[1] if e.delta.shape[1] > 1 else np.nan),
    _sesgo("sesgo_por_otro_eje", "el gradiente del sesgo es un solo número, la suma de δ: falta "
        "axis=0", lambda e: e.delta.sum()),
    _sesgo("sesgo_por_otro_eje", "el gradiente del sesgo es un solo número, el promedio de δ: es "
        ".sum(axis=0)",
        lambda e: e.delta.mean() + 0 * e.grads[1] if e.delta.shape[1] > 1 else np.nan),
    _sesgo("sesgo_de_una_fila", "el gradiente del sesgo usa solo la última fila: falta "
        ".sum(axis=0)", lambda e: e.delta[-1]),
    _sesgo("sesgo_de_una_fila", "el gradiente del sesgo usa solo la primera fila: falta "
        ".sum(axis=0)", lambda e: e.delta[0]),
    _sesgo("sesgo_sin_delta", "el gradiente del sesgo suma dL/da, antes de multiplicar por la "
        "derivada", lambda e: e.grad_a.sum(axis=0)),
    _sesgo("sesgo_por_el_sesgo", "el gradiente del sesgo se multiplica por el sesgo",
        lambda e: e.grads[1] * e.bias),
    _sesgo("sesgo_en_cero", "el gradiente del sesgo queda en cero", lambda e: 0 * e.grads[1]),
    _de_una_fila(-1, "última"),
    _de_una_fila(0, "primera"),
    _los_dos("gradiente_por_el_peso", "multiplica cada gradiente por su peso",
        lambda e: [g * w for g, w in zip(e.sin_regularizar(), e.capa.weights, strict=True)]),
    _los_dos("signo_del_gradiente", "usa solo el signo de cada gradiente",
        lambda e: [np.sign(g) for g in e.sin_regularizar()]),
    _los_dos("gradiente_normalizado", "divide el gradiente de cada peso por su norma",
        lambda e: [g / (np.linalg.norm(g) + 1e-30) for g in e.sin_regularizar()]),
    # Los regularizadores.
    _regulariza("sin_regularizador", "falta el gradiente del regularizador, que la pérdida sí "
        "cuenta", lambda e: [0, 0][: len(e.grads)]),
    _regulariza("regularizador_a_medias", "el gradiente de l2 · w² es 2 · l2 · w: falta el 2",
        lambda e: [r / 2 for r in e.regularizados()]),
    _regulariza("regularizador_doble", "suma dos veces el gradiente del regularizador",
        lambda e: [2 * r for r in e.regularizados()]),
    _regulariza("regularizador_restado", "resta el gradiente del regularizador en lugar de sumarlo",
        lambda e: [-r for r in e.regularizados()]),
    _regulariza("regularizador_entre_filas", "divide el gradiente del regularizador por las filas "
        "del lote: no depende de ellas", lambda e: [r / e.n for r in e.regularizados()]),
    _regulariza("regularizador_entre_filas", "escribe el gradiente del regularizador como λ w / n: "
        "es 2 λ w", lambda e: [r / (2 * e.n) for r in e.regularizados()]),
    _regulariza("regularizador_por_filas", "suma el gradiente del regularizador una vez por fila: "
        "no depende de ellas", lambda e: [r * e.n for r in e.regularizados()]),
    _regulariza("regulariza_el_sesgo", "agrega al sesgo el gradiente del regularizador, que es "
        "solo del kernel", lambda e: [e.regularizadores()[0].backward(w) for w in e.capa.weights],
        lambda e: _con_sesgo(e) and e.regularizadores()[0] and not e.regularizadores()[1]),
    _regulariza("otro_regularizador", "deriva |w| (l1), y el regularizador es w² (l2)",
        lambda e: _solo_kernel(e, lambda w: e.regularizadores()[0].l2 * np.sign(w)), _con_l2),
    _regulariza("otro_regularizador", "suma l2 · w², la penalización, y no su gradiente 2 · l2 · w",
        lambda e: _solo_kernel(e, lambda w: e.regularizadores()[0].l2 * w**2), _con_l2),
    _regulariza("otro_regularizador", "suma 2 w sin multiplicarlo por l2",
        lambda e: _solo_kernel(e, lambda w: 2 * w), _con_l2),
    _regulariza("otro_regularizador", "deriva w² (l2), y el regularizador es |w| (l1)",
        lambda e: _solo_kernel(e, lambda w: 2 * e.regularizadores()[0].l1 * w),
        lambda e: _con_pesos(e) and isinstance(e.regularizadores()[0], regularizers.L1)),
    # Lo que se entrega a la capa anterior.
    _entrega("pesos_movidos_antes_de_tiempo", "mueve sus pesos antes de entregar el gradiente a la "
        "capa anterior, que sale de los pesos nuevos: calcula primero todos los gradientes y "
        "después mueve los pesos", lambda e: e.delta @ e.despues.T,
        lambda e: _propaga(e) and e.despues.shape == e.kernel.shape),
    _entrega("pesos_iniciales", "entrega a la capa anterior un gradiente calculado con los pesos "
        "iniciales, no con los actuales", lambda e: e.delta @ e.inicial.T),
    _entrega("propaga_sin_transponer", "entrega δ · W a la capa anterior, y es δ · Wᵀ",
        lambda e: e.delta @ e.kernel, lambda e: _propaga(e) and _cuadrada(e)),
    _entrega("propaga_sin_derivada", "entrega a la capa anterior el gradiente sin multiplicarlo "
        "por la derivada de su activación", lambda e: e.grad_a @ e.kernel.T,
        lambda e: _propaga(e) and _curva(e)),
    _entrega("propaga_sin_pesos", "entrega δ a la capa anterior sin multiplicarlo por los pesos: "
        "es δ · Wᵀ", lambda e: _repetir(e.delta, e.x.shape),
        lambda e: _propaga(e) and (_cuadrada(e) or e.kernel.shape[1] == 1)),
    _entrega("propaga_sin_pesos", "entrega a la capa anterior la suma de δ, sin multiplicarla por "
        "los pesos: es δ · Wᵀ",
        lambda e: np.repeat(e.delta.sum(axis=1, keepdims=True), e.kernel.shape[0], axis=1),
        lambda e: _propaga(e) and e.kernel.shape[1] > 1),
    _entrega("propaga_el_gradiente_del_kernel", "entrega a la capa anterior δ por el gradiente del "
        "kernel, y va por el kernel: δ · Wᵀ", lambda e: e.delta @ e.grads[0].T),
    _entrega("propaga_con_valor_absoluto", "entrega δ · |W|ᵀ a la capa anterior",
        lambda e: e.delta @ np.abs(e.kernel).T),
    _entrega("propaga_promediado", "promedia el gradiente de las filas antes de entregarlo a la "
        "capa anterior", lambda e: np.broadcast_to(e.grad_x.mean(axis=0), e.grad_x.shape),
        lambda e: _propaga(e) and e.n > 1),
    _entrega("no_propaga", "no entrega ningún gradiente a la capa anterior",
        lambda e: 0 * e.grad_x),
    _entrega("signo", "entrega −δ · Wᵀ a la capa anterior: le cambia el signo",
        lambda e: -e.grad_x),
    _entrega("propaga_por_filas", "multiplica por las filas del lote lo que entrega a la capa "
        "anterior", lambda e: e.n * e.grad_x, lambda e: _propaga(e) and e.n > 1),
    _entrega("propaga_dividido", "divide otra vez por las filas del lote lo que entrega a la capa "
        "anterior", lambda e: e.grad_x / e.n, lambda e: _propaga(e) and e.n > 1),
)
# fmt: on
