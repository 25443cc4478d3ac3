"""Un error conocido, y cómo se reconoce que los números de otra red salen de él.

Todas las tablas de este cuarto tienen la misma fila, `Error`: un nombre, una frase y la cuenta que
hace quien se equivoca así. Lo que cambia de una tabla a otra es qué recibe la cuenta.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from cursokeras.comparacion.causas.orden import lugar_en_el_orden

# Lo más que puede quedar sin explicar, en partes de la diferencia y también de lo obtenido: cuando
# el paso es mucho menor que el debido, casi cualquier paso chico está cerca de él.
_SIN_EXPLICAR = 2e-3
# Redondeo de float32 en una cuenta corta, en partes del mayor número del arreglo.
_REDONDEO = 1e-5
# Un arreglo mucho menor que los demás de su lista solo trae redondeo.
_DESPRECIABLE = 1e-4
# Dos explicaciones que dejan casi lo mismo sin explicar dan los mismos números.
_EMPATE = 10
# Lo que se supone para deducir los gradientes de lo que se movieron los pesos.
SI_SU_TASA = "si su tasa es la de Keras, "


class Error(NamedTuple):
    """Una fila de una tabla de errores.

    Argumentos:
        clave: nombre corto y fijo; varias filas pueden compartirlo.
        texto: qué hizo, para seguir a un sujeto; `{s...}` se llena con la escena.
        cuenta: función de la escena de su tabla a los números que da el error.
        sirve: función que dice si el error es posible en una escena.
    """

    clave: str
    texto: str
    cuenta: Callable
    sirve: Callable = lambda escena: True

    def frase(self, escena):
        """El texto, con los números de la escena."""
        return self.texto.format(s=escena)


class Causa(NamedTuple):
    """Por qué se separan dos redes.

    Argumentos:
        clave: nombre corto y fijo, como "sin_derivada".
        texto: la explicación, para terminar la frase "Causa probable: ...".
        leve: si no es un error, sino otra costumbre o redondeo.
    """

    clave: str
    texto: str
    leve: bool = False


def resto(candidatos, obtenidos, correctos, ruidos=None):
    """Cuánto dejan sin explicar unos números propuestos; infinito si no explican.

    Argumentos:
        candidatos: lo que daría el error propuesto, una lista de arreglos.
        obtenidos: lo que dio la otra red.
        correctos: lo que da Keras.
        ruidos: por arreglo, la distancia que puede ser redondeo; `None` es cero.

    Ejemplo:
        >>> round(resto([[2.0, 4.0]], [[2.0, 4.00001]], [[1.0, 2.0]]), 7)
        2.5e-06
        >>> resto([[1.0, 2.0]], [[2.0, 4.0]], [[1.0, 2.0]])
        inf
    """
    ruidos = [0.0] * len(obtenidos) if ruidos is None else ruidos
    if any(np.shape(c) != np.shape(o) for c, o in zip(candidatos, obtenidos, strict=True)):
        return np.inf
    if not all(np.isfinite(v).all() for v in (*candidatos, *obtenidos)):
        return np.inf
    tamanos = [
        max(map(_mayor, terna)) for terna in zip(candidatos, obtenidos, correctos, strict=True)
    ]
    piso = _DESPRECIABLE * max(tamanos, default=0.0) or 1.0
    peor = visto = 0.0
    for c, o, k, ruido, tamano in zip(
        candidatos, obtenidos, correctos, ruidos, tamanos, strict=True
    ):
        escala = max(tamano, piso)
        diferencia = _distancia(o, k) if np.shape(o) == np.shape(k) else np.inf
        sobra = max(_distancia(o, c) - ruido, 0.0)
        if sobra > _SIN_EXPLICAR * min(diferencia, _mayor(o)) + _REDONDEO * escala:
            return np.inf
        peor, visto = max(peor, sobra / escala), max(visto, diferencia / escala)
    return peor if visto > 0 and peor <= 0.05 * visto else np.inf


def _mayor(arreglo):
    return float(np.abs(arreglo).max(initial=0.0))


def _distancia(a, b):
    return _mayor(np.asarray(a, "float64") - np.asarray(b, "float64"))


def resto_en_todos(ternas):
    """El mayor `resto` en varios lotes; los lotes donde el error no se nota también cuentan.

    Argumentos:
        ternas: por lote, los argumentos de `resto`; se miran de a uno, y se deja al primero que no.
    """
    peor, visto = 0.0, False
    for candidatos, obtenidos, correctos, *ruidos in ternas:
        sobra = resto(candidatos, obtenidos, correctos, *ruidos)
        if np.isinf(sobra) and not _no_se_nota(candidatos, obtenidos, correctos):
            return np.inf
        if np.isfinite(sobra):
            peor, visto = max(peor, sobra), True
    return peor if visto else np.inf


def _no_se_nota(candidatos, obtenidos, correctos):
    """Si en un lote lo propuesto, lo obtenido y lo correcto son el mismo número."""
    return all(
        np.shape(c) == np.shape(o) == np.shape(k)
        and max(_distancia(c, o), _distancia(o, k)) <= 1e-4 * max(_mayor(o), _mayor(k))
        for c, o, k in zip(candidatos, obtenidos, correctos, strict=True)
    )


def elegir(aceptadas):
    """La causa más frecuente de las que mejor explican; las demás que dan lo mismo, detrás.

    Argumentos:
        aceptadas: parejas (`Causa`, lo que deja sin explicar).

    Devuelve:
        Una `Causa`, o `None` si no hay ninguna.
    """
    aceptadas = [(causa, sobra) for causa, sobra in aceptadas if np.isfinite(sobra)]
    if not aceptadas:
        return None
    tope = _EMPATE * min(sobra for _, sobra in aceptadas) + 1e-6
    iguales = [causa for causa, sobra in aceptadas if sobra <= tope]
    primera, *otras = sorted(iguales, key=lambda causa: lugar_en_el_orden(causa.clave))
    otras = [causa for causa in otras if causa.clave != primera.clave]
    textos = {causa.clave: causa.texto.removeprefix(SI_SU_TASA) for causa in otras[::-1]}
    o_bien = "".join(
        f". También podría ser que {texto}" for texto in list(textos.values())[::-1][:2]
    )
    return primera._replace(texto=primera.texto + o_bien)
