"""Una causa: qué hizo distinto la otra red, y cómo se reconoce que sus números salen de ahí."""

from typing import NamedTuple

import numpy as np

# Una causa explica los números si deja sin explicar menos de esta parte de la diferencia.
_SIN_EXPLICAR = 0.02


class Causa(NamedTuple):
    """Por qué se separan dos redes.

    Argumentos:
        clave: nombre corto y fijo, como "sin_derivada".
        texto: la explicación, para terminar la frase "Causa probable: ...".
    """

    clave: str
    texto: str


def explica(candidatos, obtenidos, correctos):
    """Dice si unos números equivocados salen de una cuenta que alguien propone.

    Argumentos:
        candidatos: lo que daría el error propuesto, una lista de arreglos.
        obtenidos: lo que dio la otra red.
        correctos: lo que da Keras.

    Devuelve:
        `True` si el candidato está mucho más cerca de lo obtenido que lo correcto.

    Ejemplo:
        >>> explica([[2.0, 4.0]], [[2.0, 4.00001]], [[1.0, 2.0]])
        True
        >>> explica([[1.0, 2.0]], [[2.0, 4.0]], [[1.0, 2.0]])
        False
    """
    ternas = list(zip(candidatos, obtenidos, correctos, strict=True))
    if any(np.shape(c) != np.shape(o) for c, o, _ in ternas):
        return False
    resto = [_distancias(*terna) for terna in ternas]
    sin_explicar, diferencia = np.sum(resto, axis=0)
    return bool(sin_explicar <= _SIN_EXPLICAR**2 * diferencia and diferencia > 0)


def _distancias(candidato, obtenido, correcto):
    """Distancia al cuadrado de lo obtenido al candidato y a lo correcto, en su propia escala."""
    candidato, obtenido, correcto = (
        np.asarray(v, "float64") for v in (candidato, obtenido, correcto)
    )
    if not (np.isfinite(candidato).all() and np.isfinite(obtenido).all()):
        return np.inf, 1.0
    escala = max(np.abs(v).max(initial=0) for v in (candidato, obtenido, correcto)) or 1.0
    if np.shape(correcto) != np.shape(obtenido):
        return np.sum(((obtenido - candidato) / escala) ** 2), obtenido.size
    lejos = np.sum(((obtenido - correcto) / escala) ** 2)
    return np.sum(((obtenido - candidato) / escala) ** 2), lejos
