"""De los números como se escriben en español a los de Python: una columna de textos cada vez.

"1.234,5" y "1,234.5" son el mismo número en dos convenciones: la de la coma decimal y la del punto
decimal. Una columna entera suele delatar la suya ("5,5" solo puede ser coma decimal); "1.234" a
solas no, y aquí se dice que no.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

_FALTANTES = {"na", "n/a", "nan", "null", "none", "nd", "n/d", "s/d", "-", "--", "?"}
_CON_SIMBOLO = re.compile(r"([+-]?)(?:([$€])\s*(.+)|(.+?)\s*([$€%]))", re.DOTALL)
_CODIGOS = {
    "[+-]?0[0-9]+": "lleva ceros a la izquierda",
    r"\+[0-9]{7,}": "parece un teléfono",
    "[+-]?[0-9]{16,}": "tiene más de 15 cifras",  # no cabe exacto en un float64
}
# Además del otro signo, separan los miles el espacio (también el que no parte la línea) y el
# apóstrofo.
_MILES = {",": "[. \u00a0\u202f'’]", ".": "[, \u00a0\u202f'’]"}
# Los textos de una columna se examinan juntos, con esta marca entre ellos: una expresión regular
# que recorre la columna es muchas veces más rápida que una llamada por celda.
_MARCA = "\0"


def _patron_ajeno(decimal: str) -> re.Pattern[str]:
    """Encuentra, en los textos ya juntos, los que no son números escritos con ese decimal."""
    coma, miles = re.escape(decimal), _MILES[decimal]
    codigo = "|".join(patron + _MARCA for patron in _CODIGOS)
    numero = (
        rf"[+-]?(?:[1-9][0-9]{{0,2}}({miles})[0-9]{{3}}(?:\1[0-9]{{3}})*|0|[1-9][0-9]*|(?={coma}))"
        rf"(?:{coma}[0-9]+)?(?:[eE][+-]?[0-9]+)?"
    )
    return re.compile(f"{_MARCA}(?!(?!{codigo}){numero}{_MARCA})[^{_MARCA}]+")


_AJENO = {decimal: _patron_ajeno(decimal) for decimal in ",."}


@dataclass(frozen=True)
class Estudio:
    """Lo que los textos de una columna dejan concluir.

    Atributos:
        lecturas: por cada decimal posible ("," o "."), el número que es cada texto; vacío si la
            columna no es de números.
        simbolo: "$", "€" o "%" si todos los números lo llevan.
        faltantes: textos como "NA" o "#N/D" que ocupan el lugar de un dato.
        motivo: por qué quedó como texto una columna que parecía de números; vacío si no lo parecía.
    """

    lecturas: dict[str, dict[str, int | float]] = field(default_factory=dict)
    simbolo: str = ""
    faltantes: tuple[str, ...] = ()
    motivo: str = ""

    @property
    def ambiguo(self) -> bool:
        """Dice si los textos son números distintos según el decimal."""
        return len(self.lecturas) == 2 and self.lecturas[","] != self.lecturas["."]

    @property
    def decimal_probado(self) -> str:
        """El único decimal con que se pueden leer, o "" si valen los dos o ninguno."""
        return next(iter(self.lecturas)) if len(self.lecturas) == 1 else ""


def estudiar(textos: Iterable[str], *, decimales: str = ",.") -> Estudio:
    """Averigua si los textos de una columna son números y con qué decimal están escritos.

    Argumentos:
        textos: los valores de la columna, sin espacios alrededor y sin los vacíos.
        decimales: los signos decimales que se admiten.

    Devuelve:
        Un `Estudio`.

    Ejemplo:
        >>> estudiar(["1.234", "5,5"]).lecturas
        {',': {'1.234': 1234.0, '5,5': 5.5}}
        >>> estudiar(["1.234"]).lecturas
        {',': {'1.234': 1234}, '.': {'1.234': 1.234}}
        >>> estudiar(["007", "12"]).motivo
        "'007' lleva ceros a la izquierda"
    """
    distintos = dict.fromkeys(textos)
    faltantes = tuple(t for t in distintos if t.casefold() in _FALTANTES or t[0] == "#")
    for texto in faltantes:
        del distintos[texto]
    simbolos, nucleos = _sin_simbolos(distintos)
    lecturas = {}
    for decimal in decimales:
        if leidos := leer_numeros(nucleos.values(), decimal):
            lecturas[decimal] = dict(zip(nucleos, leidos, strict=True))
    if not lecturas or len(simbolos) > 1:
        return Estudio(faltantes=faltantes, motivo=_motivo(nucleos, decimales, simbolos))
    (simbolo,) = simbolos
    if len(lecturas) == 2 and _son_miles(nucleos.values(), simbolo):
        lecturas = {d: leidos for d, leidos in lecturas.items() if _enteros(leidos)} or lecturas
    return Estudio(lecturas=lecturas, simbolo=simbolo, faltantes=faltantes)


def leer_numeros(textos: Collection[str], decimal: str) -> list[int] | list[float]:
    """Los textos como números escritos con ese decimal; vacío si alguno no lo es.

    Ejemplo:
        >>> leer_numeros(["1.234", "-3"], ","), leer_numeros(["1.234,5", "2"], ",")
        ([1234, -3], [1234.5, 2.0])
        >>> leer_numeros(["12 de mayo"], ",")
        []
    """
    juntos = _MARCA.join(["", *textos, ""]).replace("−", "-")
    if _AJENO[decimal].search(juntos):
        return []
    limpios = re.sub(_MILES[decimal], "", juntos).replace(decimal, ".").split(_MARCA)[1:-1]
    if not re.search(f"[{decimal}eE]", juntos):
        return [int(texto) for texto in limpios]
    leidos = [float(texto) for texto in limpios]
    return [] if float("inf") in map(abs, leidos) else leidos


def primero_con_miles(textos: Iterable[str], decimal: str) -> str:
    """El primero de unos números, ya leídos con ese decimal, que separa los miles; "" si ninguno.

    Ejemplo:
        >>> primero_con_miles(["5", "$ 1.234"], ","), primero_con_miles(["1.234"], ".")
        ('$ 1.234', '')
    """
    encontrado = re.search(f"^.*[0-9]{_MILES[decimal]}[0-9].*$", "\n".join(textos), re.MULTILINE)
    return encontrado.group() if encontrado else ""


def _sin_simbolos(textos: Iterable[str]) -> tuple[set[str], dict[str, str]]:
    """Separa "$", "€" y "%" de cada texto: los símbolos vistos, y cada texto sin el suyo."""
    simbolos, nucleos = set(), {}
    for texto in textos:
        partes = _CON_SIMBOLO.fullmatch(texto) if texto[0] in "+-$€" or texto[-1] in "$€%" else None
        if partes is None:
            simbolos.add("")
            nucleos[texto] = texto
        else:
            signo, antes, tras_simbolo, ante_simbolo, despues = partes.groups("")
            simbolos.add(antes + despues)
            nucleos[texto] = signo + tras_simbolo + ante_simbolo
    return simbolos, nucleos


def _son_miles(nucleos: Collection[str], simbolo: str) -> bool:
    """Dice si "1.500" solo es creíble como 1500 junto a los demás valores de su columna."""
    dudosos = [t for t in nucleos if re.fullmatch("[+-]?[1-9][0-9]{0,2}[.,][0-9]{3}", t)]
    # Nadie escribe dinero con tres decimales, y ningún programa escribe 1.500 con su cero final
    # y, en la misma columna, 999 sin decimales.
    con_y_sin = len(dudosos) < len(nucleos) and any(t.endswith("0") for t in dudosos)
    return bool(dudosos) and (simbolo in ("$", "€") or con_y_sin)


def _enteros(leidos: dict[str, int | float]) -> bool:
    return all(isinstance(valor, int) for valor in leidos.values())


def _motivo(nucleos: dict[str, str], decimales: str, simbolos: set[str]) -> str:
    """Por qué no se convirtió una columna de códigos, o de casi todos números."""
    for texto in nucleos:
        for patron, motivo in _CODIGOS.items():
            if re.fullmatch(patron, texto):
                return f"{texto!r} {motivo}"
    ajenos = min(
        ([t for t in nucleos if not leer_numeros([nucleos[t]], decimal)] for decimal in decimales),
        key=len,
    )
    if len(nucleos) <= 2 * len(ajenos):
        return ""
    if not ajenos:
        return "no todos los números llevan el mismo símbolo"
    return f"{ajenos[0]!r} no está escrito como los demás números"
