"""Los errores conocidos del backward, cada uno en una línea: la clave, qué pasó y la cuenta."""

import numpy as np

from cursokeras.comparacion.pasada import Regla
from cursokeras.desde_cero import activations, losses


def _curva(e):
    return e.activacion is not activations.linear


def _con_pesos(e):
    return e.kernel is not None


def _con_sesgo(e):
    return len(e.grads) == 2


def _cuadrada(e):
    return _con_pesos(e) and e.kernel.shape[0] == e.kernel.shape[1]


def _con_regularizador(e):
    return _con_pesos(e) and any(np.any(r) for r in e.regularizados())


def _otra_derivada(nombre):
    otra = activations.get(nombre)
    texto = f"usa la derivada de {nombre}, que no es la de su activación"
    if nombre == "sigmoid":
        texto += " (con softmax, a (1 − a) es solo la diagonal del jacobiano)"
    return Regla(
        "otra_derivada",
        texto,
        delta=lambda e: otra.backward(e.grad_a, e.capa.z, e.capa.a),
        sirve=lambda e: _curva(e) and e.activacion is not otra,
    )


def _formula(nombre, correcta, usada, cuenta):
    """Una derivada escrita desde la salida a = f(z), con la fórmula mal copiada."""
    return Regla(
        "formula_de_la_derivada",
        f"usa {usada} como derivada de {nombre}, y es {correcta}",
        delta=lambda e: e.grad_a * cuenta(e.capa.a),
        sirve=lambda e: e.activacion is activations.get(nombre),
    )


def _de_una_fila(i, cual):
    return Regla(
        "gradiente_de_una_fila",
        f"solo usa la {cual} fila del lote: falta acumular sobre las filas",
        cambio=lambda e: {"grads": [np.outer(e.capa.x[i], e.delta[i]), e.delta[i]][: len(e.grads)]},
        sirve=_con_pesos,
    )


REGLAS = (
    # La derivada de la activación.
    Regla(
        "sin_derivada",
        "no multiplica por la derivada de la activación",
        delta=lambda e: e.grad_a,
        sirve=_curva,
    ),
    Regla(
        "derivada_mal_evaluada",
        "evalúa la derivada en la salida a = f(z), y va en z",
        delta=lambda e: e.derivar(e.grad_a, e.capa.a, e.activacion.forward(e.capa.a)),
        sirve=_curva,
    ),
    Regla(
        "derivada_mal_evaluada",
        "pone z en la fórmula de la derivada que espera la salida a = f(z), como 1 − a²",
        delta=lambda e: e.derivar(e.grad_a, e.capa.z, e.capa.z),
        sirve=_curva,
    ),
    Regla(
        "derivada_repetida",
        "multiplica dos veces por la derivada de la activación",
        delta=lambda e: e.derivar(e.delta, e.capa.z, e.capa.a),
        sirve=_curva,
    ),
    Regla(
        "derivada_al_reves",
        "deja pasar el gradiente donde z ≤ 0 y lo apaga donde z > 0: es al revés",
        delta=lambda e: e.grad_a * (e.capa.z <= 0),
        sirve=lambda e: e.activacion is activations.relu,
    ),
    *(_otra_derivada(nombre) for nombre in ("relu", "tanh", "sigmoid")),
    _formula("tanh", "1 − a²", "1 − a", lambda a: 1 - a),
    _formula("tanh", "1 − a²", "1 + a²", lambda a: 1 + a**2),
    _formula("tanh", "1 − a²", "(1 − a)²", lambda a: (1 - a) ** 2),
    _formula("sigmoid", "a (1 − a)", "1 − a", lambda a: 1 - a),
    _formula("sigmoid", "a (1 − a)", "a", lambda a: a),
    _formula("sigmoid", "a (1 − a)", "a (1 + a)", lambda a: a * (1 + a)),
    _formula("relu", "1 o 0", "a", lambda a: a),
    Regla(
        "formula_de_la_derivada",
        "usa el signo de z como derivada de relu, y donde z < 0 es 0, no −1",
        delta=lambda e: e.grad_a * np.sign(e.capa.z),
        sirve=lambda e: e.activacion is activations.relu,
    ),
    # Los gradientes de los pesos.
    Regla(
        "kernel_transpuesto",
        "el gradiente del kernel está transpuesto: es xᵀ · δ, no δᵀ · x",
        cambio=lambda e: {"grads": [e.grads[0].T, *e.grads[1:]]},
        sirve=_con_pesos,
    ),
    Regla(
        "kernel_con_la_salida",
        "el gradiente del kernel usa la salida de la capa, y va con su entrada: xᵀ · δ",
        cambio=lambda e: {"grads": [e.capa.a.T @ e.delta, *e.grads[1:]]},
        sirve=_con_pesos,
    ),
    Regla(
        "kernel_sin_activacion_previa",
        "el gradiente del kernel usa la z de la capa anterior, y va con su salida a = f(z)",
        cambio=lambda e: {"grads": [e.previa.T @ e.delta, *e.grads[1:]]},
        sirve=lambda e: _con_pesos(e) and np.shape(e.previa) == e.capa.x.shape,
    ),
    Regla(
        "kernel_en_cero",
        "el gradiente del kernel queda en cero",
        cambio=lambda e: {"grads": [0 * e.grads[0], *e.grads[1:]]},
        sirve=_con_pesos,
    ),
    Regla(
        "sesgo_sin_sumar",
        "el gradiente del sesgo no suma las filas: falta .sum(axis=0)",
        cambio=lambda e: {"grads": [e.grads[0], e.delta]},
        sirve=_con_sesgo,
    ),
    Regla(
        "sesgo_por_otro_eje",
        "el gradiente del sesgo suma por el otro eje: es .sum(axis=0), un número por neurona",
        cambio=lambda e: {"grads": [e.grads[0], e.delta.sum(axis=1)]},
        sirve=_con_sesgo,
    ),
    Regla(
        "sesgo_por_otro_eje",
        "el gradiente del sesgo suma también las neuronas: es .sum(axis=0), uno por neurona",
        cambio=lambda e: {"grads": [e.grads[0], e.delta.sum()]},
        sirve=_con_sesgo,
    ),
    Regla(
        "sesgo_promediado",
        "el gradiente del sesgo promedia las filas, y δ ya estaba dividido por ellas: es una suma",
        cambio=lambda e: {"grads": [e.grads[0], e.delta.mean(axis=0)]},
        sirve=_con_sesgo,
    ),
    Regla(
        "sesgo_de_una_fila",
        "el gradiente del sesgo usa una sola fila: falta .sum(axis=0)",
        cambio=lambda e: {"grads": [e.grads[0], e.delta[-1]]},
        sirve=_con_sesgo,
    ),
    Regla(
        "sesgo_de_una_fila",
        "el gradiente del sesgo usa una sola fila: falta .sum(axis=0)",
        cambio=lambda e: {"grads": [e.grads[0], e.delta[0]]},
        sirve=_con_sesgo,
    ),
    Regla(
        "sesgo_en_cero",
        "el gradiente del sesgo queda en cero",
        cambio=lambda e: {"grads": [e.grads[0], 0 * e.grads[1]]},
        sirve=_con_sesgo,
    ),
    _de_una_fila(-1, "última"),
    _de_una_fila(0, "primera"),
    Regla(
        "sin_regularizador",
        "falta el gradiente del regularizador, que la pérdida sí cuenta",
        cambio=lambda e: {
            "grads": [g - r for g, r in zip(e.grads, e.regularizados(), strict=True)]
        },
        sirve=_con_regularizador,
    ),
    Regla(
        "regularizador_a_medias",
        "el gradiente de l2 · w² es 2 · l2 · w: falta el 2",
        cambio=lambda e: {
            "grads": [g - r / 2 for g, r in zip(e.grads, e.regularizados(), strict=True)]
        },
        sirve=_con_regularizador,
    ),
    Regla(
        "regularizador_restado",
        "resta el gradiente del regularizador en lugar de sumarlo",
        cambio=lambda e: {
            "grads": [g - 2 * r for g, r in zip(e.grads, e.regularizados(), strict=True)]
        },
        sirve=_con_regularizador,
    ),
    # Lo que se entrega a la capa anterior.
    Regla(
        "pesos_movidos_antes_de_tiempo",
        "mueve sus pesos antes de entregar el gradiente a la capa anterior, que sale de los "
        "pesos nuevos: calcula primero todos los gradientes y después mueve los pesos",
        cambio=lambda e: {"grad_x": e.delta @ e.despues.T},
        sirve=lambda e: _con_pesos(e) and e.despues.shape == e.kernel.shape,
    ),
    Regla(
        "pesos_iniciales",
        "entrega a la capa anterior un gradiente calculado con los pesos iniciales, no con los "
        "actuales",
        cambio=lambda e: {"grad_x": e.delta @ e.inicial.T},
        sirve=_con_pesos,
    ),
    Regla(
        "propaga_sin_transponer",
        "entrega δ · W a la capa anterior, y es δ · Wᵀ",
        cambio=lambda e: {"grad_x": e.delta @ e.kernel},
        sirve=_cuadrada,
    ),
    Regla(
        "propaga_sin_derivada",
        "entrega a la capa anterior el gradiente sin multiplicarlo por la derivada de su "
        "activación",
        cambio=lambda e: {"grad_x": e.grad_a @ e.kernel.T},
        sirve=lambda e: _con_pesos(e) and _curva(e),
    ),
    Regla(
        "no_propaga",
        "no entrega ningún gradiente a la capa anterior",
        cambio=lambda e: {"grad_x": 0 * e.grad_x},
    ),
)


def reglas_de_la_cabeza(perdida, y):
    """Los errores de derivar la pérdida, que solo valen en la última capa.

    Argumentos:
        perdida: la pérdida de la gemela.
        y: los objetivos del lote, preparados.
    """
    if isinstance(perdida, losses.EntropiaCruzada):
        return _de_entropia(y)
    return _de_regresion(perdida, y)


def _de_regresion(perdida, y):
    otra, nombre = losses.MeanAbsoluteError(), "error absoluto (mae)"
    if isinstance(perdida, losses.MeanAbsoluteError):
        otra, nombre = losses.MeanSquaredError(), "error cuadrático (mse)"

    def delta(e):
        grad = otra.gradiente_por_fila(y, e.capa.a) / len(y)
        return e.derivar(grad, e.capa.z, e.capa.a)

    return [Regla("derivada_de_otra_perdida", f"deriva el {nombre}, que es otra pérdida", delta)]


def _de_entropia(y):
    def uno(e):
        return np.eye(e.capa.a.shape[-1])[y] if y.ndim == 1 else y

    return [
        Regla(
            "derivada_de_otra_perdida",
            "deriva el error cuadrático: la entropía con softmax o sigmoide da p − y",
            lambda e: e.derivar(2 * (e.capa.a - uno(e)) / e.capa.a.size, e.capa.z, e.capa.a),
        ),
        Regla(
            "gradiente_sin_objetivos",
            "entrega p y olvida restar los objetivos: con softmax o sigmoide el gradiente es p − y",
            lambda e: e.capa.a / len(y),
        ),
        Regla(
            "solo_la_clase_verdadera",
            "solo cambia la columna de la clase verdadera: el gradiente p − y las cambia todas",
            lambda e: (e.capa.a - uno(e)) * uno(e) / len(y),
        ),
    ]
