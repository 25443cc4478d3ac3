"""Las variantes de cada optimizador que se escriben por error, como reglas que mueven pesos.

Una regla es una función de (g, m, v, paso, k): el gradiente, el momento y la velocidad del peso
número k, y el paso. Devuelve el movimiento y los nuevos m y v. Se aplica desde el estado que tenía
Keras antes del primer paso distinto: hasta ahí las dos coincidían, y es también el de la otra.
"""

import numpy as np

from cursokeras.comparacion.causas.causa import Causa
from cursokeras.desde_cero import optimizers

_MOMENTOS = (0.5, 0.8, 0.9, 0.95, 0.99)
_EPSILONES = (1e-8, 1e-10, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1.0)


def variantes(optimizador):
    """Da las parejas (causa, regla) que pueden confundirse con este optimizador de la gemela."""
    propias = {
        optimizers.SGD: _de_sgd,
        optimizers.Adam: _de_adam,
        optimizers.RMSprop: _de_rmsprop,
    }[type(optimizador)]
    for clave, texto, regla in (*propias(optimizador), *_otros(optimizador)):
        yield Causa(clave, texto), regla


def simular(regla, pasos):
    """Devuelve lo que movería la regla cada peso, en cada paso: una lista de listas."""
    estado = [_o_ceros(lado, pasos[0].grads) for lado in pasos[0].estado]
    todos = []
    for paso in pasos:
        pesos = zip(paso.grads, *estado, strict=True)
        ternas = [regla(g.astype("float64"), m, v, paso, k) for k, (g, m, v) in enumerate(pesos)]
        movimientos, *estado = map(list, zip(*ternas, strict=True))
        todos.append(movimientos)
    return todos


def _o_ceros(arreglos, formas):
    return [np.asarray(a, "float64") for a in arreglos] or [np.zeros(g.shape) for g in formas]


def _sgd(lr, mu=0.0, *, nesterov=False, frenado=1.0, memoria=lambda m, paso: m):
    def regla(g, m, v, paso, k):
        m = mu * memoria(m, paso) - frenado * lr * g
        return (mu * m - lr * g if nesterov else m), m, v

    return regla


def _de_sgd(o):
    lr, mu = o.learning_rate, o.momentum
    if mu:
        yield from _momentos_mal_escritos(lr, mu, o.nesterov)
    for otro in _MOMENTOS:
        if otro != mu:
            cual = f"el de Keras es {mu:g}" if mu else "Keras no usa momento"
            texto = f"usa momento {otro:g}, y {cual}"
            yield "otro_momento", texto, _sgd(lr, otro, nesterov=o.nesterov)
            if not o.nesterov:
                yield (
                    "nesterov",
                    f"{texto} (en la forma de Nesterov)",
                    _sgd(lr, otro, nesterov=True),
                )


def _momentos_mal_escritos(lr, mu, nesterov):
    yield "sin_momento", f"no usa el momento {mu:g}: solo resta tasa × gradiente", _sgd(lr)
    texto = "no usa la forma de Nesterov" if nesterov else "usa la forma de Nesterov, y Keras no"
    yield "nesterov", texto, _sgd(lr, mu, nesterov=not nesterov)
    texto = (
        "escribe el momento como promedio, v = μ v + (1 − μ) g; en Keras es v = μ v − tasa · g, y "
        f"con μ = {mu:g} da pasos {1 / (1 - mu) if mu < 1 else np.inf:.4g} veces mayores"
    )
    promedio = _sgd(lr, mu, nesterov=nesterov, frenado=1 - mu)
    yield "forma_del_momento", texto, promedio
    texto = "cambia el signo de la velocidad anterior: la resta en lugar de sumarla"
    yield "signo_del_momento", texto, _sgd(lr, mu, memoria=lambda m, paso: -m)
    texto = "pone la velocidad en cero al empezar cada época"
    yield (
        "momento_reiniciado",
        texto,
        _sgd(lr, mu, nesterov=nesterov, memoria=lambda m, paso: m * (paso.lote != 1)),
    )


def _adam(
    o, forma="keras", *, b1=None, b2=None, eps=None, corrige=(True, True), t=None, medias=None
):
    """Adam con un cambio: las betas, ε, las correcciones, cómo se cuenta t o las dos medias.

    `forma` dice cómo se divide: "keras", "libro" (ε después de corregir v), "dentro" (ε dentro de
    la raíz) o "sin raíz".
    """
    b1, b2 = b1 or o.beta_1, b2 or o.beta_2
    eps = o.epsilon if eps is None else eps
    t, medias = t or (lambda paso, k: paso.numero), medias or _medias

    def regla(g, m, v, paso, k):
        m, v = medias(g, m, v, b1, b2)
        c1 = 1 - b1 ** t(paso, k) if corrige[0] else 1
        c2 = 1 - b2 ** t(paso, k) if corrige[1] else 1
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


def _de_adam(o):
    libro = "suma ε después de corregir v (forma del libro y de PyTorch); Keras lo suma antes"
    yield "epsilon", libro, _adam(o, "libro")
    yield "epsilon", "suma ε dentro de la raíz; Keras lo suma fuera", _adam(o, "dentro")
    yield "sin_raiz", "divide por v y no por √v", _adam(o, "sin raíz")
    # Quien escribe Adam a mano suele partir de la forma del libro.
    for forma in ("keras", "libro"):
        yield from _correcciones(o, forma)
        yield from _cuentas_de_t(o, forma)
        yield from _betas(o, forma)
        yield from _medias_mal_escritas(o, forma)
    for eps in _EPSILONES:
        texto = f"usa ε = {eps:g}{{}}, y el de Keras es {o.epsilon:g}"
        yield "epsilon", texto.format(""), _adam(o, eps=eps)
        yield "epsilon", texto.format(" después de corregir v"), _adam(o, "libro", eps=eps)
        yield "epsilon", texto.format(" dentro de la raíz"), _adam(o, "dentro", eps=eps)


def _correcciones(o, forma):
    texto = "no corrige el sesgo inicial de {}: falta dividir por {}"
    m, v, las_dos = ("m", "1 − β1ᵗ"), ("v", "1 − β2ᵗ"), ("m ni el de v", "1 − β1ᵗ y por 1 − β2ᵗ")
    for corrige, partes in (
        ((False, False), las_dos),
        ((False, True), m),
        ((True, False), v),
    ):
        yield "sin_correccion_de_sesgo", texto.format(*partes), _adam(o, forma, corrige=corrige)


def _betas(o, forma):
    intercambiadas = (o.beta_2, o.beta_1)
    otras = ((0.9, 0.99), (0.5, 0.999), (0.95, 0.999), (0.99, 0.999), (0.9, 0.9))
    for b1, b2 in (intercambiadas, *otras):
        texto = f"usa β1 = {b1:g} y β2 = {b2:g}; en Keras son {o.beta_1:g} y {o.beta_2:g}"
        yield "betas", texto, _adam(o, forma, b1=b1, b2=b2)


def _medias_mal_escritas(o, forma):
    errores = (
        (
            "m no es un promedio: escribe β1 m + g y es β1 m + (1 − β1) g",
            lambda g, m, v, b1, b2: (b1 * m + g, b2 * v + (1 - b2) * g * g),
        ),
        (
            "v no es un promedio: escribe β2 v + g² y es β2 v + (1 − β2) g²",
            lambda g, m, v, b1, b2: (b1 * m + (1 - b1) * g, b2 * v + g * g),
        ),
        (
            "v promedia |g| y no g²",
            lambda g, m, v, b1, b2: (b1 * m + (1 - b1) * g, b2 * v + (1 - b2) * np.abs(g)),
        ),
    )
    for texto, medias in errores:
        yield "medias_de_adam", texto, _adam(o, forma, medias=medias)
    texto = "no usa m: divide por √v el gradiente, sin promediarlo con los anteriores"
    solo_v = _adam(
        o,
        forma,
        corrige=(False, True),
        medias=lambda g, m, v, b1, b2: (g, b2 * v + (1 - b2) * g * g),
    )
    yield "medias_de_adam", texto, solo_v


def _cuentas_de_t(o, forma):
    texto = "cuenta mal los pasos en la corrección de sesgo: {}"
    cuentas = (
        ("t no avanza y vale siempre 1", lambda paso, k: 1),
        ("t lleva un paso de más", lambda paso, k: paso.numero + 1),
        ("t cuenta épocas y no lotes", lambda paso, k: paso.epoca),
        (
            "t avanza una vez por cada arreglo de pesos, y es una por lote",
            lambda paso, k: (paso.numero - 1) * len(paso.grads) + k + 1,
        ),
    )
    for cuenta, t in cuentas:
        yield "cuenta_de_pasos", texto.format(cuenta), _adam(o, forma, t=t)


def _rmsprop(o, *, rho=None, eps=None, dentro=True, raiz=True, momento=None):
    rho = rho or o.rho
    eps = o.epsilon if eps is None else eps
    mu = o.momentum if momento is None else momento

    def regla(g, m, v, paso, k):
        v = rho * v + (1 - rho) * g * g
        raices = np.sqrt(v + eps) if dentro else np.sqrt(v) + eps
        m = mu * m + o.learning_rate * g / (raices if raiz else v + eps)
        return -m, m, v

    return regla


def _de_rmsprop(o):
    yield "epsilon", "suma ε fuera de la raíz; Keras lo suma dentro", _rmsprop(o, dentro=False)
    yield "sin_raiz", "divide por v y no por √v", _rmsprop(o, raiz=False)
    for rho in (0.99, 0.95, 0.5, 0.999, 1 - o.rho):
        texto = f"usa ρ = {rho:g}, y el de Keras es {o.rho:g}"
        yield "rho", texto, _rmsprop(o, rho=rho)
        yield "rho", f"{texto}; y suma ε fuera de la raíz", _rmsprop(o, rho=rho, dentro=False)
    for eps in _EPSILONES:
        texto = f"usa ε = {eps:g}{{}}, y el de Keras es {o.epsilon:g}"
        yield "epsilon", texto.format(""), _rmsprop(o, eps=eps)
        yield "epsilon", texto.format(" fuera de la raíz"), _rmsprop(o, eps=eps, dentro=False)
    for mu in (0.0, *_MOMENTOS):
        texto = f"usa momento {mu:g}, y el de Keras es {o.momentum:g}"
        yield "otro_momento", texto, _rmsprop(o, momento=mu)


def _otros(o):
    """Los demás optimizadores, con la misma tasa y las opciones por defecto."""
    lr, nombre = o.learning_rate, type(o).__name__
    otros = {
        "SGD": _sgd(lr),
        "Adam": _adam(optimizers.Adam(lr)),
        "RMSprop": _rmsprop(optimizers.RMSprop(lr)),
    }
    for otro, regla in otros.items():
        if otro != nombre:
            yield "otro_optimizador", f"usa {otro}, y el modelo de Keras usa {nombre}", regla
