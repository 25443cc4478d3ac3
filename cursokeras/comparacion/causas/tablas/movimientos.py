"""Los errores conocidos al mover los pesos, como reglas que los mueven.

La cuenta recibe la `Escena` del primer paso distinto y da una regla, una función de (g, m, v, s,
k): el gradiente, el momento y la velocidad del peso número k, y la escena de cada paso. La regla
devuelve el movimiento y los nuevos m y v, y empieza con el estado que tenía Keras: hasta ahí las
dos redes coincidían, y es también el de la otra.
"""

import numpy as np

from cursokeras.comparacion.causas.causa import Error
from cursokeras.desde_cero import optimizers

_MOMENTOS = (0.9, 0.5, 0.8, 0.95, 0.99)


def simular(regla, escenas, listas):
    """Lo que movería la regla cada peso en cada paso: una lista de listas.

    Argumentos:
        escenas: las de los pasos, en orden.
        listas: los gradientes de cada paso.
    """
    previa = escenas[0].previa
    if previa is not None:
        # El error pudo estar antes sin notarse, como el momento en el primer paso.
        escenas, listas = [previa, *escenas], [previa.grads, *listas]
    estado = [_o_ceros(lado, listas[0]) for lado in escenas[0].paso.estado]
    todos = []
    for escena, grads in zip(escenas, listas, strict=True):
        pesos = enumerate(zip(grads, *estado, strict=True))
        ternas = [regla(np.asarray(g, "float64"), m, v, escena, k) for k, (g, m, v) in pesos]
        movimientos, *estado = map(list, zip(*ternas, strict=True))
        todos.append(movimientos)
    return todos if previa is None else todos[1:]


def _o_ceros(arreglos, formas):
    return [np.asarray(a, "float64") for a in arreglos] or [np.zeros(np.shape(g)) for g in formas]


def _es(clase, **con):
    """Si el optimizador es de esa clase y tiene (o no) esas opciones."""
    return lambda s: (
        type(s.o) is clase and all(bool(getattr(s.o, nombre)) is si for nombre, si in con.items())
    )


_sgd_solo = _es(optimizers.SGD, momentum=False)
_con_momento = _es(optimizers.SGD, momentum=True)
_es_adam = _es(optimizers.Adam)
_es_rmsprop = _es(optimizers.RMSprop)


def _sgd(lr, mu=0.0, *, nesterov=False, frenado=1.0, memoria=lambda m, s: m):
    def regla(g, m, v, s, k):
        m = mu * memoria(m, s) - frenado * lr * g
        return (mu * m - lr * g if nesterov else m), m, v

    return regla


def _adam(
    o, forma="keras", *, b1=None, b2=None, eps=None, corrige=(True, True), t=None, medias=None
):
    """Adam con un cambio: las betas, ε, las correcciones, cómo se cuenta t o las dos medias.

    `forma` dice cómo se divide: "keras", "libro" (ε después de corregir v), "dentro" (ε dentro de
    la raíz) o "sin raíz".
    """
    b1, b2 = b1 or o.beta_1, b2 or o.beta_2
    eps = o.epsilon if eps is None else eps
    t, medias = t or (lambda s, k: s.paso.numero), medias or _medias

    def regla(g, m, v, s, k):
        m, v = medias(g, m, v, b1, b2)
        c1 = 1 - b1 ** t(s, k) if corrige[0] else 1
        c2 = 1 - b2 ** t(s, k) if corrige[1] else 1
        return -o.learning_rate * (m / c1) / _DIVISORES[forma](v, c2, eps), m, v

    return regla


def _medias(g, m, v, b1, b2):
    return b1 * m + (1 - b1) * g, b2 * v + (1 - b2) * g * g


# De la velocidad v, su corrección c y ε, a lo que divide al momento.
_DIVISORES = {
    "keras": lambda v, c, eps: (np.sqrt(v) + eps) / np.sqrt(c),
    "libro": lambda v, c, eps: np.sqrt(v / c) + eps,
    "dentro": lambda v, c, eps: np.sqrt(v / c + eps),
    "sin raíz": lambda v, c, eps: v / c + eps,
}


def _rmsprop(o, *, rho=None, eps=None, dentro=True, raiz=True, momento=None, media=None):
    rho = rho or o.rho
    eps = o.epsilon if eps is None else eps
    mu = o.momentum if momento is None else momento
    media = media or (lambda v, g: rho * v + (1 - rho) * g * g)

    def regla(g, m, v, s, k):
        v = media(v, g)
        raices = np.sqrt(v + eps) if dentro else np.sqrt(v) + eps
        m = mu * m + o.learning_rate * g / (raices if raiz else v + eps)
        return -m, m, v

    return regla


def _de_adam(clave, texto, **cambio):
    """Dos filas: quien escribe Adam a mano parte de la forma de Keras o de la del libro."""
    for forma in ("keras", "libro"):
        yield Error(clave, texto, lambda s, f=forma: _adam(s.o, f, **_valor(cambio, s)), _es_adam)


def _valor(opciones, s):
    return {k: v(s.o) if k in ("b1", "b2") else v for k, v in opciones.items()}


def _de_rmsprop(clave, texto, cuenta):
    """Dos filas: con ε dentro de la raíz, como Keras, o fuera."""
    for dentro in (True, False):
        yield Error(
            clave, texto, lambda s, d=dentro: _rmsprop(s.o, dentro=d, **cuenta(s.o)), _es_rmsprop
        )


def _otro_momento(mu):
    return Error(
        "otro_momento",
        f"usa momento {mu:g}, y el de Keras es {{s.o.momentum:g}}",
        lambda s: _sgd(s.o.learning_rate, mu, nesterov=s.o.nesterov),
        lambda s: type(s.o) is optimizers.SGD and s.o.momentum != mu,
    )


def _otro_optimizador(clase):
    hacer = {
        optimizers.SGD: lambda s: _sgd(s.o.learning_rate),
        optimizers.Adam: lambda s: _adam(optimizers.Adam(s.o.learning_rate)),
        optimizers.RMSprop: lambda s: _rmsprop(optimizers.RMSprop(s.o.learning_rate)),
    }[clase]
    return Error(
        "otro_optimizador",
        f"usa {clase.__name__}, y el modelo de Keras no",
        hacer,
        lambda s: type(s.o) is not clase,
    )


def _convencion(texto, cuenta, sirve, valores):
    """La misma regla con ε en otro lugar, o con el ε de otra biblioteca: no es un error.

    Hasta 1e-6, ε solo evita dividir por cero.
    """
    for eps in valores:
        cual = "" if eps is None else f" y vale {eps:g}"
        yield Error("epsilon", texto + cual, lambda s, e=eps: cuenta(s.o, e), sirve)


def _otro_epsilon(eps):
    for clase, nombre, cuenta in (
        (optimizers.Adam, "Adam", lambda o: _adam(o, "libro", eps=eps)),
        (optimizers.Adam, "Adam", lambda o: _adam(o, eps=eps)),
        (optimizers.RMSprop, "RMSprop", lambda o: _rmsprop(o, eps=eps)),
        (optimizers.RMSprop, "RMSprop", lambda o: _rmsprop(o, eps=eps, dentro=False)),
    ):
        texto = f"usa ε = {eps:g} en {nombre}, y el de Keras es {{s.o.epsilon:g}}"
        yield Error("epsilon", texto, lambda s, c=cuenta: c(s.o), _es(clase))


def _betas(b1, b2):
    texto = f"usa β1 = {b1:g} y β2 = {b2:g}; en Keras son {{s.o.beta_1:g}} y {{s.o.beta_2:g}}"
    return _de_adam("betas", texto, b1=lambda o: b1, b2=lambda o: b2)


def _rho(rho):
    texto = f"usa ρ = {rho:g}, y el de Keras es {{s.o.rho:g}}"
    return _de_rmsprop("rho", texto, lambda o: {"rho": rho})


def _adagrad(eps, dentro=False):
    def cuenta(s):
        def regla(g, m, v, s, k):
            v = v + g * g
            raiz = np.sqrt(v + eps) if dentro else np.sqrt(v) + eps
            return -s.o.learning_rate * g / raiz, m, v

        return regla

    return cuenta


def _sin_estado(clave, texto, mover, sirve=lambda s: True):
    """Una regla de SGD sin memoria: la cuenta da el movimiento de (g, peso, tasa, s, k)."""

    def cuenta(s):
        def regla(g, m, v, s, k):
            w = np.asarray(s.paso.antes[k], "float64")
            return mover(g, w, s.o.learning_rate, s, k), m, v

        return regla

    return Error(clave, texto, cuenta, sirve)


def _redondear(cifras):
    return _sin_estado(
        "pesos_redondeados",
        f"redondea los pesos a {cifras} decimales después de moverlos",
        lambda g, w, lr, s, k: np.round(w - lr * g, cifras) - w,
        _sgd_solo,
    )


def _acotar(tope):
    return _sin_estado(
        "pesos_acotados",
        f"recorta los pesos entre −{tope:g} y {tope:g} después de moverlos",
        lambda g, w, lr, s, k: np.clip(w - lr * g, -tope, tope) - w,
        _sgd_solo,
    )


# fmt: off
EPSILONES = (
    *_convencion("suma ε después de corregir v (forma del libro y de PyTorch); Keras lo suma antes",
        lambda o, eps: _adam(o, "libro", eps=eps), _es_adam, (None, 1e-8, 1e-6, 1e-10)),
    *_convencion("suma ε antes de corregir v, como Keras,",
        lambda o, eps: _adam(o, eps=eps), _es_adam, (1e-8, 1e-6, 1e-10)),
    *_convencion("suma ε fuera de la raíz (forma de PyTorch); Keras lo suma dentro",
        lambda o, eps: _rmsprop(o, eps=eps, dentro=False), _es_rmsprop, (None, 1e-8, 1e-6, 1e-10)),
    *_convencion("suma ε dentro de la raíz, como Keras,",
        lambda o, eps: _rmsprop(o, eps=eps), _es_rmsprop, (1e-8, 1e-6, 1e-10)),
)
# fmt: on

# fmt: off
MOVIMIENTOS = (
    # SGD.
    *map(_otro_momento, _MOMENTOS),
    Error("sin_momento", "no usa el momento {s.o.momentum:g}: solo resta tasa × gradiente",
        lambda s: _sgd(s.o.learning_rate), _con_momento),
    Error("nesterov", "cambia la forma de Nesterov: el modelo de Keras tiene "
        "nesterov={s.o.nesterov}",
        lambda s: _sgd(s.o.learning_rate, s.o.momentum, nesterov=not s.o.nesterov), _con_momento),
    Error("nesterov", "usa momento 0.9 en la forma de Nesterov, y Keras no usa momento",
        lambda s: _sgd(s.o.learning_rate, 0.9, nesterov=True), _sgd_solo),
    Error("forma_del_momento", "escribe el momento como promedio, v = μ v + (1 − μ) g; en Keras es "
        "v = μ v − tasa · g",
        lambda s: _sgd(s.o.learning_rate, s.o.momentum, nesterov=s.o.nesterov,
        frenado=1 - s.o.momentum), _con_momento),
    Error("forma_del_momento", "promedia los gradientes, v = 0.9 v + 0.1 g, y Keras no usa momento",
        lambda s: _sgd(s.o.learning_rate, 0.9, frenado=0.1), _sgd_solo),
    Error("signo_del_momento", "cambia el signo de la velocidad anterior: la resta en lugar de "
        "sumarla",
        lambda s: _sgd(s.o.learning_rate, s.o.momentum, nesterov=s.o.nesterov, memoria=lambda m,
        s: -m), _con_momento),
    Error("momento_reiniciado", "pone la velocidad en cero al empezar cada época",
        lambda s: _sgd(s.o.learning_rate, s.o.momentum, nesterov=s.o.nesterov, memoria=lambda m,
        s: m * (s.paso.lote != 1)), _con_momento),
    Error("momento_atrasado", "mueve los pesos con la velocidad anterior, antes de sumarle el "
        "gradiente", lambda s: lambda g, m, v, s,
        k: (m, s.o.momentum * m - s.o.learning_rate * g, v), _con_momento),
    # Lo que se hace con un gradiente correcto.
    _sin_estado("reemplaza_los_pesos", "reemplaza cada peso por −tasa · g: es w − tasa · g",
        lambda g, w, lr, s, k: -lr * g - w),
    _sin_estado("reemplaza_los_pesos", "calcula tasa · g − w: es w − tasa · g", lambda g, w, lr, s,
        k: lr * g - 2 * w),
    _sin_estado("gradiente_por_el_peso", "mueve cada peso en proporción a él: resta tasa · g · w",
        lambda g, w, lr, s, k: -lr * g * w),
    _sin_estado("signo_del_gradiente", "mueve los pesos con el signo del gradiente, sin su tamaño",
        lambda g, w, lr, s, k: -lr * np.sign(g), _sgd_solo),
    _sin_estado("gradiente_al_cuadrado", "resta tasa · g²: pierde el signo del gradiente", lambda g,
        w, lr, s, k: -lr * g * g, _sgd_solo),
    _sin_estado("gradiente_normalizado", "divide el gradiente de cada peso por su norma", lambda g,
        w, lr, s, k: -lr * g / (np.linalg.norm(g) + 1e-30), _sgd_solo),
    _sin_estado("gradiente_en_valor_absoluto", "resta |g|: pierde el signo del gradiente", lambda g,
        w, lr, s, k: -lr * np.abs(g), _sgd_solo),
    _sin_estado("gradiente_promediado", "mueve todos los números de un peso igual, con el promedio "
        "de su gradiente", lambda g, w, lr, s, k: np.full(g.shape, -lr * g.mean()), _sgd_solo),
    _sin_estado("gradiente_transpuesto", "resta el gradiente del kernel transpuesto", lambda g, w,
        lr, s, k: -lr * (g.T if g.T.shape == g.shape else g), _sgd_solo),
    _sin_estado("desde_los_pesos_iniciales", "da el paso desde los pesos iniciales, no desde los "
        "actuales", lambda g, w, lr, s, k: s.iniciales[k] - lr * g - w, _sgd_solo),
    *map(_redondear, (4, 3, 2, 1)),
    *map(_acotar, (1.0, 0.5, 0.1, 2.0)),
    # Adam.
    *_de_adam("sin_correccion_de_sesgo", "no corrige el sesgo inicial de m ni el de v: falta "
        "dividir por 1 − β1ᵗ y por 1 − β2ᵗ", corrige=(False, False)),
    *_de_adam("sin_correccion_de_sesgo", "no corrige el sesgo inicial de v: falta dividir por 1 − "
        "β2ᵗ", corrige=(True, False)),
    *_de_adam("sin_correccion_de_sesgo", "no corrige el sesgo inicial de m: falta dividir por 1 − "
        "β1ᵗ", corrige=(False, True)),
    *_de_adam("betas", "usa β1 donde va β2 y β2 donde va β1", b1=lambda o: o.beta_2,
        b2=lambda o: o.beta_1),
    *(fila for b in ((0.9, 0.99), (0.5, 0.999), (0.95, 0.999), (0.99, 0.999), (0.8, 0.999), (0.9,
        0.9), (0.9, 0.9999), (0.9, 0.95)) for fila in _betas(*b)),
    *_de_adam("cuenta_de_pasos", "no avanza t en la corrección de sesgo: vale siempre 1",
        t=lambda s, k: 1),
    *_de_adam("cuenta_de_pasos", "lleva t un paso adelantado en la corrección de sesgo", t=lambda s,
        k: s.paso.numero + 1),
    *_de_adam("cuenta_de_pasos", "cuenta épocas y no lotes en la t de la corrección de sesgo",
        t=lambda s, k: s.paso.epoca),
    *_de_adam("cuenta_de_pasos", "avanza t una vez por cada arreglo de pesos, y es una por lote",
        t=lambda s, k: (s.paso.numero - 1) * len(s.paso.grads) + k + 1),
    Error("sin_raiz", "divide por v y no por √v", lambda s: _adam(s.o, "sin raíz"), _es_adam),
    Error("epsilon", "suma ε dentro de la raíz; Keras lo suma fuera",
        lambda s: _adam(s.o, "dentro"), _es_adam),
    *_de_adam("medias_de_adam", "m no es un promedio: escribe β1 m + g y es β1 m + (1 − β1) g",
        medias=lambda g, m, v, b1, b2: (b1 * m + g, b2 * v + (1 - b2) * g * g)),
    *_de_adam("medias_de_adam", "v no es un promedio: escribe β2 v + g² y es β2 v + (1 − β2) g²",
        medias=lambda g, m, v, b1, b2: (b1 * m + (1 - b1) * g, b2 * v + g * g)),
    *_de_adam("medias_de_adam", "v promedia |g| y no g²", medias=lambda g, m, v, b1,
        b2: (b1 * m + (1 - b1) * g, b2 * v + (1 - b2) * np.abs(g))),
    *_de_adam("medias_de_adam", "v usa β1 y va con β2", medias=lambda g, m, v, b1,
        b2: (b1 * m + (1 - b1) * g, b1 * v + (1 - b1) * g * g)),
    *_de_adam("medias_de_adam", "no acumula m ni v: valen (1 − β1) g y (1 − β2) g² en cada lote",
        medias=lambda g, m, v, b1, b2: ((1 - b1) * g, (1 - b2) * g * g)),
    *_de_adam("medias_de_adam", "cambia los pesos de las medias: escribe (1 − β1) m + β1 g",
        medias=lambda g, m, v, b1, b2: ((1 - b1) * m + b1 * g, (1 - b2) * v + b2 * g * g)),
    *_de_adam("medias_de_adam", "no usa m: divide por √v el gradiente, sin promediarlo con los "
        "anteriores", corrige=(False, True), medias=lambda g, m, v, b1,
        b2: (g, b2 * v + (1 - b2) * g * g)),
    *_de_adam("medias_de_adam", "no promedia m, que vale g, y lo divide por 1 − β1ᵗ",
        medias=lambda g, m, v, b1, b2: (g, b2 * v + (1 - b2) * g * g)),
    *_de_adam("medias_de_adam", "eleva al cuadrado m y no g para promediar v", medias=lambda g, m,
        v, b1, b2: (b1 * m + (1 - b1) * g, b2 * v + (1 - b2) * (b1 * m + (1 - b1) * g) ** 2)),
    Error("sin_velocidad", "mueve los pesos con m y no lo divide por √v", lambda s: lambda g, m, v,
        s, k: _solo_m(s, g, m, v), _es_adam),
    # RMSprop.
    *_de_rmsprop("acumula_los_cuadrados", "suma los cuadrados de los gradientes (Adagrad), y "
        "RMSprop los promedia", lambda o: {"media": lambda v, g: v + g * g}),
    *_de_rmsprop("medias_de_rmsprop", "v no es un promedio: escribe ρ v + g² y es ρ v + (1 − ρ) g²",
        lambda o: {"media": lambda v, g: o.rho * v + g * g}),
    *_de_rmsprop("medias_de_rmsprop", "cambia los pesos del promedio: escribe (1 − ρ) v + ρ g²",
        lambda o: {"media": lambda v, g: (1 - o.rho) * v + o.rho * g * g}),
    *_de_rmsprop("medias_de_rmsprop", "promedia |g| y no g²",
        lambda o: {"media": lambda v, g: o.rho * v + (1 - o.rho) * np.abs(g)}),
    *_de_rmsprop("medias_de_rmsprop", "no acumula v: vale (1 − ρ) g² en cada lote",
        lambda o: {"media": lambda v, g: (1 - o.rho) * g * g}),
    *_de_rmsprop("sin_raiz", "divide por el promedio de g² y no por su raíz",
        lambda o: {"raiz": False}),
    *(fila for rho in (0.99, 0.95, 0.5, 0.999, 0.8) for fila in _rho(rho)),
    *(Error("otro_momento", f"usa momento {mu:g} en RMSprop, y el de Keras es {{s.o.momentum:g}}",
        lambda s, mu=mu: _rmsprop(s.o, momento=mu), lambda s,
        mu=mu: _es_rmsprop(s) and s.o.momentum != mu) for mu in (0.0, 0.9, 0.5)),
    *(fila for eps in (1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1.0) for fila in _otro_epsilon(eps)),
    # Los demás optimizadores, con la misma tasa.
    *map(_otro_optimizador, (optimizers.SGD, optimizers.Adam, optimizers.RMSprop)),
    Error("otro_optimizador", "usa Adagrad, y el modelo de Keras no", _adagrad(1e-7),
        lambda s: type(s.o).__name__ != "Adagrad" and not _es_rmsprop(s)),
)
# fmt: on


def _solo_m(s, g, m, v):
    m = s.o.beta_1 * m + (1 - s.o.beta_1) * g
    return -s.o.learning_rate * m / (1 - s.o.beta_1**s.paso.numero), m, v
