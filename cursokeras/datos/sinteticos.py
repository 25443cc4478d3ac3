"""Datos inventados con una receta conocida: se sabe qué debería aprender la red.

Todos dependen de una `semilla`: la misma da siempre los mismos datos, y `semilla=None`, unos
distintos cada vez. Nunca tocan la semilla global de NumPy.
"""

import numpy as np

from cursokeras._comun.argumentos import leer_todos
from cursokeras.datos.conjunto import Conjunto

_FUENTE = "Generado por cursokeras.datos"
_MAXIMAS_ESPIRALES = 1000


def lineal(
    w=(2.0, -3.4),
    b=4.2,
    *,
    n=1000,
    ruido=0.01,
    semilla=0,
):
    """La recta del curso: `y = x @ w + b + ε`, con x ~ N(0, 1) y ε ~ N(0, ruido).

    Argumentos:
        w: pesos verdaderos, (d,); o (d, k) para una capa de k neuronas.
        b: sesgo verdadero, un número o (k,).
        n: número de filas.
        ruido: desviación estándar de ε. El menor MSE alcanzable es ruido²: 1e-4 por defecto.
        semilla: entero, o `None` para datos distintos en cada llamada.

    Devuelve:
        `Conjunto` con x (n, d) e y (n,) o (n, k), float32.

    Ejemplo:
        >>> x, y = lineal(n=5, ruido=0)
        >>> bool(np.allclose(y, x @ np.array([2, -3.4]) + 4.2))
        True
    """
    w, b = np.asarray(w, dtype="float64"), np.asarray(b, dtype="float64")
    if w.ndim not in (1, 2) or b.shape not in ((), w.shape[1:]):
        raise ValueError(
            f"lineal espera w (d,) con b un número, o w (d, k) con b (k,); llegaron formas "
            f"{w.shape} y {b.shape}. Ejemplo: lineal([2, -3.4], 4.2)."
        )
    azar = _azar(n, ruido, semilla)
    x = azar.normal(size=(n, len(w)))
    y = x @ w + b
    return Conjunto(
        x=x.astype("float32"),
        y=(y + azar.normal(scale=ruido, size=y.shape)).astype("float32"),
        columnas=_numeradas("x", len(w)),
        objetivos=("y",) if w.ndim == 1 else _numeradas("y", w.shape[1]),
        descripcion=f"Recta con w = {w.tolist()}, b = {b.tolist()} y ruido {ruido}",
        fuente=_FUENTE,
    )


def polinomio(
    coeficientes=(1.0, -2.0, 0.0, 1.0),
    *,
    n=100,
    ruido=0.3,
    semilla=0,
):
    """Una curva para ver el subajuste y el sobreajuste: `y = c₀ + c₁x + c₂x² + … + ε`.

    Argumentos:
        coeficientes: c₀, c₁, c₂, …, de menor a mayor potencia.
        n: número de filas; x es uniforme entre −2 y 2.
        ruido: desviación estándar de ε.
        semilla: entero, o `None` para datos distintos en cada llamada.

    Devuelve:
        `Conjunto` con x (n, 1) e y (n,), float32.

    Ejemplo:
        >>> x, y = polinomio([0, 0, 1], n=50, ruido=0)
        >>> bool(np.allclose(y, x[:, 0] ** 2))
        True
    """
    if len(coeficientes) == 0:
        raise ValueError("polinomio necesita al menos un coeficiente. Ejemplo: polinomio([1, -2]).")
    azar = _azar(n, ruido, semilla)
    x = azar.uniform(-2, 2, size=(n, 1)).astype("float32")
    y = np.polynomial.Polynomial(coeficientes)(x[:, 0].astype("float64"))
    return Conjunto(
        x=x,
        y=(y + azar.normal(scale=ruido, size=n)).astype("float32"),
        columnas=("x",),
        objetivos=("y",),
        descripcion=f"Polinomio de grado {len(coeficientes) - 1} con ruido {ruido}",
        fuente=_FUENTE,
    )


def xor(*, n=4, ruido=0.0, semilla=0):
    """XOR: la clase es 1 cuando solo una de las dos entradas es 1. Ninguna recta lo separa.

    Sin capa oculta la pérdida se queda en ln 2 = 0.693147; con 8 unidades tanh la accuracy es 1.0.

    Argumentos:
        n: número de filas; las cuatro esquinas (0,0), (0,1), (1,0), (1,1) se repiten en orden.
        ruido: desviación estándar de lo que se aparta cada punto de su esquina.
        semilla: entero, o `None` para datos distintos en cada llamada.

    Devuelve:
        `Conjunto` con x (n, 2) float32 e y (n,) int64.

    Ejemplo:
        >>> xor().x.tolist()
        [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]
    """
    azar = _azar(n, ruido, semilla)
    esquina = np.arange(n) % 4
    bits = np.stack([esquina // 2, esquina % 2], axis=1)
    x = bits + azar.normal(scale=ruido, size=bits.shape)
    return _en_el_plano(
        x,
        bits[:, 0] ^ bits[:, 1],
        ("iguales", "distintas"),
        f"XOR de dos entradas con ruido {ruido}",
    )


def circulos(*, n=200, ruido=0.1, radio=0.5, semilla=0):
    """Dos círculos, uno dentro del otro: la clase 1 es el de adentro.

    Argumentos:
        n: número de filas, las mismas de cada clase (o una más).
        ruido: desviación estándar de lo que se aparta cada punto de su círculo.
        radio: radio del círculo de adentro; el de afuera tiene radio 1.
        semilla: entero, o `None` para datos distintos en cada llamada.

    Devuelve:
        `Conjunto` con x (n, 2) float32 e y (n,) int64.

    Ejemplo:
        >>> x, y = circulos(ruido=0)
        >>> round(float(np.linalg.norm(x[y == 1], axis=1).mean()), 3)
        0.5
    """
    azar = _azar(n, ruido, semilla, radio=radio)
    clase = azar.permutation(n) % 2
    angulo = azar.uniform(0, 2 * np.pi, size=n)
    x = _polares(np.where(clase == 1, radio, 1.0), angulo)
    x += azar.normal(scale=ruido, size=x.shape)
    return _en_el_plano(x, clase, ("afuera", "adentro"), f"Dos círculos con ruido {ruido}")


def espiral(
    *,
    n=300,
    clases=3,
    vueltas=1.0,
    ruido=0.03,
    semilla=0,
):
    """Espirales enroscadas, una por clase: un problema difícil que se puede dibujar.

    Argumentos:
        n: número de filas, las mismas de cada clase (o una más).
        clases: número de espirales, de 2 a 1000.
        vueltas: vueltas que da cada espiral desde el centro hasta el radio 1.
        ruido: desviación estándar de lo que se aparta cada punto de su espiral.
        semilla: entero, o `None` para datos distintos en cada llamada.

    Devuelve:
        `Conjunto` con x (n, 2) float32 e y (n,) int64.

    Ejemplo:
        >>> x, y = espiral(clases=2)
        >>> np.bincount(y)
        array([150, 150])
    """
    azar = _azar(n, ruido, semilla, clases=clases, vueltas=vueltas)
    if not 2 <= clases <= _MAXIMAS_ESPIRALES:
        raise ValueError(
            f"espiral dibuja de 2 a {_MAXIMAS_ESPIRALES} clases y llegó clases={clases}."
        )
    nombres = tuple(f"espiral {c}" for c in range(clases))
    clase = azar.permutation(n) % clases
    radio = np.sqrt(azar.uniform(0, 1, size=n))  # La raíz reparte los puntos por igual en el área
    x = _polares(radio, 2 * np.pi * (vueltas * radio + clase / clases))
    x += azar.normal(scale=ruido, size=x.shape)
    return _en_el_plano(x, clase, nombres, f"{clases} espirales con ruido {ruido}")


def _azar(n, ruido, semilla, **otros):
    """El generador de esos datos; los argumentos que no sirven se explican juntos."""
    leer_todos(n=n, ruido=ruido, semilla=semilla, **otros)
    return np.random.default_rng(semilla)


def _polares(radio, angulo):
    return np.stack([radio * np.cos(angulo), radio * np.sin(angulo)], axis=1)


def _numeradas(letra, cuantas):
    return tuple(f"{letra}{i + 1}" for i in range(cuantas))


def _en_el_plano(x, clase, clases, descripcion):
    return Conjunto(
        x=x.astype("float32"),
        y=clase.astype("int64"),
        columnas=("x1", "x2"),
        objetivos=("clase",),
        clases=clases,
        descripcion=descripcion,
        fuente=_FUENTE,
    )
