"""Lo que se encuentra al revisar unos datos, y cómo se le dice a quien los escribió.

Un hallazgo explica un solo problema: qué llegó y qué escribir. Los errores viajan juntos en un
`ErrorDeDatos`, que es un `ValueError`; los avisos se muestran como `AvisoDeDatos`.
"""

from dataclasses import dataclass

_A_LA_VISTA = 12


@dataclass(frozen=True)
class Hallazgo:
    """Un problema de los datos, con la línea que lo arregla.

    Argumentos:
        gravedad: "error" si impide usar los datos; "aviso" si conviene mirarlo antes de seguir;
            "nota" si solo es bueno saberlo.
        codigo: nombre corto y fijo del problema, por ejemplo "valores_faltantes".
        columna: la columna o el argumento donde está.
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
    """Los problemas que impiden usar unos datos con un modelo, explicados juntos.

    Argumentos:
        hallazgos: los `Hallazgo` que lo explican; quedan en `error.hallazgos`.
    """

    # El nombre con que se ve en un error, y con que lo encuentra otro proceso.
    __module__ = "cursokeras"

    def __init__(self, *hallazgos):
        self.hallazgos = hallazgos
        super().__init__(_juntar(hallazgos))

    def __reduce__(self):
        return type(self), self.hallazgos, self.__dict__

    def _repr_html_(self):
        from cursokeras._comun.cuaderno import caja_de_error  # Un cuadro está hecho de hallazgos.

        return caja_de_error(self)


def error(codigo, columna, mensaje, arreglo):
    """Devuelve un `ErrorDeDatos` con un solo hallazgo, listo para lanzarlo."""
    return ErrorDeDatos(Hallazgo("error", codigo, columna, mensaje, arreglo))


def contar(n, singular, plural=None):
    """Escribe una cantidad con su nombre: "1 fila", "3 filas"; el plural es con -s si no se da."""
    return f"{n} {singular if n == 1 else plural or singular + 's'}"


def enumerar(nombres):
    """Escribe una lista de nombres o números sin alargarse: "'a', 'b' y 3 más"."""
    nombres = nombres if hasattr(nombres, "__getitem__") else list(nombres)
    dichos = [str(nombre) for nombre in nombres[:_A_LA_VISTA]]
    if len(nombres) > _A_LA_VISTA:
        dichos.append(f"{len(nombres) - _A_LA_VISTA} más")
    return " y ".join([*filter(None, [", ".join(dichos[:-1])]), *dichos[-1:]])


def _juntar(hallazgos):
    if len(hallazgos) == 1:
        return str(hallazgos[0])
    lineas = [f"{i}. {hallazgo}" for i, hallazgo in enumerate(hallazgos[:_A_LA_VISTA], start=1)]
    if len(hallazgos) > _A_LA_VISTA:
        lineas.append(f"... y {len(hallazgos) - _A_LA_VISTA} más.")
    return "\n".join([f"Hay {len(hallazgos)} errores:", *lineas])
