"""Los contendientes escritos a mano: el bucle en NumPy y el `scan` de JAX (regresión con relu)."""

import itertools

import numpy as np
from reloj import Reloj


def numpy(caso, datos):
    """El bucle que escribiría un estudiante con cuidado: solo regresión con relu."""
    x, y, x_val, y_val = datos
    azar = np.random.default_rng(0)
    reloj = Reloj()
    pesos = pesos_iniciales(caso, azar)
    actualizar = _adam(pesos, caso) if caso.optimizer == "adam" else _sgd(pesos, caso)
    for _ in range(caso.epochs):
        orden = azar.permutation(len(x))
        for inicio in range(0, len(x), caso.batch_size):
            filas = orden[inicio : inicio + caso.batch_size]
            actualizar(_gradientes(pesos, x[filas], y[filas]))
        perdida = np.mean((_salida(pesos, x_val) - y_val) ** 2) if caso.n_val else np.nan
        reloj.epoca()
    final = perdida if caso.n_val else np.mean((_salida(pesos, x) - y) ** 2)
    return reloj.marca(final)


def pesos_iniciales(caso, azar):
    tamanos = (caso.d_in, *caso.ocultas, caso.d_out)
    pesos = []
    for entran, salen in itertools.pairwise(tamanos):
        limite = np.sqrt(6 / (entran + salen))
        pesos.append(azar.uniform(-limite, limite, (entran, salen)).astype("float32"))
        pesos.append(np.zeros(salen, "float32"))
    return pesos


def _salida(pesos, x):
    for capa in range(0, len(pesos), 2):
        x = x @ pesos[capa] + pesos[capa + 1]
        if capa + 2 < len(pesos):
            np.maximum(x, 0, out=x)
    return x


def _gradientes(pesos, x, y):
    activas = [x]
    for capa in range(0, len(pesos), 2):
        z = activas[-1] @ pesos[capa] + pesos[capa + 1]
        activas.append(np.maximum(z, 0) if capa + 2 < len(pesos) else z)
    delta = (activas[-1] - y) * np.float32(2 / y.size)
    gradientes = [None] * len(pesos)
    for capa in range(len(pesos) - 2, -1, -2):
        entrada = activas[capa // 2]
        gradientes[capa], gradientes[capa + 1] = entrada.T @ delta, delta.sum(axis=0)
        if capa:
            delta = (delta @ pesos[capa].T) * (entrada > 0)
    return gradientes


def _sgd(pesos, caso):
    tasa = np.float32(caso.learning_rate)

    def actualizar(gradientes):
        for peso, gradiente in zip(pesos, gradientes, strict=True):
            peso -= tasa * gradiente

    return actualizar


def _adam(pesos, caso):
    m, v = [np.zeros_like(p) for p in pesos], [np.zeros_like(p) for p in pesos]
    paso = 0

    def actualizar(gradientes):
        nonlocal paso
        paso += 1
        tasa = np.float32(caso.learning_rate * np.sqrt(1 - 0.999**paso) / (1 - 0.9**paso))
        for i, gradiente in enumerate(gradientes):
            m[i] += (gradiente - m[i]) * np.float32(0.1)
            v[i] += (gradiente * gradiente - v[i]) * np.float32(0.001)
            pesos[i] -= tasa * m[i] / (np.sqrt(v[i]) + np.float32(1e-7))

    return actualizar


def jax_scan(caso, datos):
    """El límite práctico: una época entera en un `jax.lax.scan` escrito a mano."""
    import jax
    from jax import numpy as jnp

    x, y, x_val, y_val = (jnp.asarray(d) for d in datos)
    completos = len(x) // caso.batch_size
    reloj = Reloj()
    pesos = [jnp.asarray(p) for p in pesos_iniciales(caso, np.random.default_rng(0))]

    def perdida(pesos, x, y):
        for capa in range(0, len(pesos), 2):
            x = x @ pesos[capa] + pesos[capa + 1]
            x = jnp.maximum(x, 0) if capa + 2 < len(pesos) else x
        return jnp.mean((x - y) ** 2)

    def paso(estado, lote):
        pesos, m, v, t = estado
        gradientes = jax.grad(perdida)(pesos, *lote)
        t = t + 1
        if caso.optimizer == "sgd":
            pesos = [p - caso.learning_rate * g for p, g in zip(pesos, gradientes, strict=True)]
            return (pesos, m, v, t), None
        tasa = caso.learning_rate * jnp.sqrt(1 - 0.999**t) / (1 - 0.9**t)
        m = [a + (g - a) * 0.1 for a, g in zip(m, gradientes, strict=True)]
        v = [b + (g * g - b) * 0.001 for b, g in zip(v, gradientes, strict=True)]
        pesos = [p - tasa * a / (jnp.sqrt(b) + 1e-7) for p, a, b in zip(pesos, m, v, strict=True)]
        return (pesos, m, v, t), None

    @jax.jit
    def epoca(estado, orden):
        filas = orden[: completos * caso.batch_size].reshape(completos, caso.batch_size)
        return jax.lax.scan(paso, estado, (x[filas], y[filas]))[0]

    validar = jax.jit(perdida)
    ceros = [jnp.zeros_like(p) for p in pesos]
    estado, azar = (pesos, ceros, ceros, jnp.float32(0)), np.random.default_rng(0)
    for _ in range(caso.epochs):
        estado = epoca(estado, azar.permutation(len(x)))
        final = (
            float(validar(estado[0], x_val, y_val)) if caso.n_val else estado[3].block_until_ready()
        )
        reloj.epoca()
    return reloj.marca(final if caso.n_val else validar(estado[0], x, y))
