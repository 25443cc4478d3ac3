"""El resultado de una revisión: los hallazgos, en orden de gravedad, y qué hacer con ellos."""

from collections.abc import Sequence

import pandas as pd

from cursokeras._comun.avisos import avisar
from cursokeras._comun.cuaderno import caja
from cursokeras._comun.hallazgos import ErrorDeDatos

_COLUMNAS = ["gravedad", "codigo", "columna", "mensaje", "arreglo"]


class Revision(Sequence):
    """Los hallazgos de `revisar`: una secuencia de `Hallazgo`, los errores primero.

    Está vacía (y vale `False` en un `if`) cuando no hay nada que decir. En un cuaderno se ve en
    cuadros, uno por gravedad.

    Atributos:
        errores, avisos, notas: los hallazgos de cada gravedad.
        x, y: los datos ya convertidos a lo que recibe Keras, o `None` si no se pudo.
        validation_data: `(x, y)` o `(x, y, pesos)` convertidos, o `None`.
    """

    def __init__(self, hallazgos, *, x=None, y=None, validation_data=None):
        orden = ("error", "aviso", "nota")
        unicos = dict.fromkeys(hallazgos)
        self._hallazgos = tuple(sorted(unicos, key=lambda h: orden.index(h.gravedad)))
        self.x, self.y, self.validation_data = x, y, validation_data

    def __len__(self):
        return len(self._hallazgos)

    def __getitem__(self, i):
        return self._hallazgos[i]

    @property
    def errores(self):
        """Lo que impide entrenar."""
        return self._de("error")

    @property
    def avisos(self):
        """Lo que conviene mirar antes de seguir."""
        return self._de("aviso")

    @property
    def notas(self):
        """Lo que es bueno saber."""
        return self._de("nota")

    def tabla(self):
        """Devuelve un `DataFrame` con un hallazgo por fila."""
        filas = [[getattr(h, columna) for columna in _COLUMNAS] for h in self]
        return pd.DataFrame(filas, columns=_COLUMNAS)

    def exigir(self, *, callar=()):
        """Lanza los errores juntos; si no hay, muestra cada aviso.

        Argumentos:
            callar: códigos de los avisos que no se muestran.

        Lanza:
            ErrorDeDatos: si hay errores.
        """
        if self.errores:
            raise ErrorDeDatos(*self.errores)
        avisar(*(aviso for aviso in self.avisos if aviso.codigo not in callar))

    def _de(self, gravedad):
        return tuple(h for h in self if h.gravedad == gravedad)

    def __repr__(self):
        lineas = [f"{h.gravedad}: {h}" for h in self]
        return "\n".join(lineas) or "Revision: nada que decir."

    def _repr_html_(self):
        grupos = [grupo for grupo in (self.errores, self.avisos, self.notas) if grupo]
        return "".join(caja(*grupo) for grupo in grupos) or f"<p>{self!r}</p>"
