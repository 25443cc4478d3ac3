"""Los colores de todos los gráficos: los distingue también quien confunde el rojo y el verde."""

from typing import NamedTuple


class Paleta(NamedTuple):
    """Los colores de Okabe e Ito, sin su amarillo, que no se ve sobre blanco.

    Se piden por su nombre o en orden: `ck.PALETA.azul` o `ck.PALETA[0]`. En los gráficos, además
    del color cambia siempre el trazo o la marca. https://jfly.uni-koeln.de/color/

    Ejemplo:
        >>> PALETA.azul, len(PALETA)
        ('#0072B2', 7)
    """

    azul: str = "#0072B2"
    bermellon: str = "#D55E00"
    verde: str = "#009E73"
    rosa: str = "#CC79A7"
    naranja: str = "#E69F00"
    celeste: str = "#56B4E9"
    negro: str = "#000000"

    def _repr_html_(self):
        muestras = (
            f'<span style="background:{color};color:#fff;padding:.4em .8em">{nombre}</span>'
            for nombre, color in self._asdict().items()
        )
        return f'<div style="line-height:2.2">{"".join(muestras)}</div>'


PALETA = Paleta()
