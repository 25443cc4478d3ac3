"""Lo que se encuentra al revisar unos datos, y cómo se le dice a quien los escribió.

Un hallazgo explica un solo problema: qué llegó y qué escribir. Los que impiden entrenar viajan
juntos en un `ErrorDeDatos`, que es un `ValueError`; los demás se muestran como `AvisoDeDatos`.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Hallazgo:
    """Un problema de los datos, con la línea que lo arregla.

    Argumentos:
        gravedad: "error" si impide entrenar, "aviso" si conviene mirarlo.
        codigo: nombre corto y fijo del problema, por ejemplo "valores_faltantes".
        columna: la columna o el argumento donde está, o "" si es de todos los datos.
        mensaje: qué llegó y qué se esperaba.
        arreglo: qué escribir en su lugar.
    """

    gravedad: str
    codigo: str
    columna: str
    mensaje: str
    arreglo: str

    def __str__(self):
        return f"{self.mensaje} {self.arreglo}"


class AvisoDeDatos(UserWarning):
    """Algo en los datos que no impide entrenar, pero que conviene mirar."""


class ErrorDeDatos(ValueError):
    """Uno o varios problemas que impiden usar los datos con el modelo.

    Argumentos:
        hallazgos: los `Hallazgo` que lo explican; también quedan en `error.hallazgos`.
    """

    def __init__(self, *hallazgos):
        self.hallazgos = hallazgos
        super().__init__(_juntar(hallazgos))


def error(codigo, columna, mensaje, arreglo):
    """Devuelve un `ErrorDeDatos` con un solo hallazgo, listo para lanzarlo."""
    return ErrorDeDatos(Hallazgo("error", codigo, columna, mensaje, arreglo))


def _juntar(hallazgos):
    if len(hallazgos) == 1:
        return str(hallazgos[0])
    numerados = (f"{i}. {hallazgo}" for i, hallazgo in enumerate(hallazgos, start=1))
    return "\n".join([f"Hay {len(hallazgos)} errores en los datos:", *numerados])
