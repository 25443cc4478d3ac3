"""De los números como se escriben en español a los de Python: una columna de textos cada vez.

"1.234,5" y "1,234.5" son el mismo número en dos convenciones: la de la coma decimal y la del punto
decimal. Una columna entera suele delatar la suya ("5,5" solo puede ser coma decimal); "1.234" a
solas no, y aquí se dice que no.
"""

import re
import reprlib
from dataclasses import dataclass, field

_FALTANTE = re.compile(
    r"n/?[ad]|nan|null|none|s/d|--?|\?"
    r"|#[¡¿]?(?:n/[ad]|div/0|valor|value|ref|num|nombre|name|nulo|null)[!?]?",  # Los de Excel
    re.IGNORECASE,
)
_CON_SIMBOLO = re.compile(r"([+-]?)(?:([$€])\s*(.+)|(.+?)\s*([$€%]))", re.DOTALL)
_CODIGOS = {
    "[+-]?0[0-9]+": "lleva ceros a la izquierda",
    r"\+[0-9]{7,}": "parece un teléfono",
    # No caben exactos en un float64.
    "[+-]?[0-9]{16,}": "tiene más de 15 cifras",
    "[+-]?[0-9]{1,3}(?:[., \u00a0\u202f'’][0-9]{3}){5,}": "tiene más de 15 cifras",
}
# Además del otro signo, separan los miles el espacio (también el que no parte la línea) y el
# apóstrofo.
_MILES = {",": "[. \u00a0\u202f'’]", ".": "[, \u00a0\u202f'’]"}
# Los textos de una columna se examinan juntos, con esta marca entre ellos: una expresión regular
# que recorre la columna es muchas veces más rápida que una llamada por celda.
_MARCA = "\0"
_MAXIMO_NUMERO = 60  # Letras: buscarle un símbolo a un texto largo puede tardar sin fin.


def _patron_ajeno(decimal):
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
        creible: si se pueden leer con los dos decimales, el más creíble; "" si no hay indicios.
        simbolo: "$", "€" o "%" si todos los números lo llevan.
        faltantes: textos como "NA" o "#N/D" que ocupan el lugar de un dato.
        motivo: por qué quedó como texto una columna que parecía de números; vacío si no lo parecía.
    """

    lecturas: dict[str, dict[str, int | float]] = field(default_factory=dict)
    creible: str = ""
    simbolo: str = ""
    faltantes: tuple[str, ...] = ()
    motivo: str = ""

    @property
    def ambiguo(self):
        """Dice si los textos son números distintos según el decimal."""
        return len(self.lecturas) == 2 and self.lecturas[","] != self.lecturas["."]

    @property
    def decimal_probado(self):
        """El único decimal con que se pueden leer, o "" si valen los dos o ninguno."""
        return next(iter(self.lecturas)) if len(self.lecturas) == 1 else ""


def estudiar(textos, *, decimales=",."):
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
    faltantes = tuple(t for t in distintos if _FALTANTE.fullmatch(t))
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
    de_miles = _decimal_de_miles(lecturas)
    if de_miles and simbolo in ("$", "€"):  # El dinero no se escribe con tres decimales
        lecturas = {de_miles: lecturas[de_miles]}
    creible = de_miles if _parecen_miles(nucleos.values()) else ""
    return Estudio(lecturas=lecturas, creible=creible, simbolo=simbolo, faltantes=faltantes)


def leer_numeros(textos, decimal):
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


def primero_con_miles(textos, decimal):
    """El primero de unos números, ya leídos con ese decimal, que separa los miles; "" si ninguno.

    Ejemplo:
        >>> primero_con_miles(["5", "$ 1.234"], ","), primero_con_miles(["1.234"], ".")
        ('$ 1.234', '')
    """
    encontrado = re.search(f"^.*[0-9]{_MILES[decimal]}[0-9].*$", "\n".join(textos), re.MULTILINE)
    return encontrado.group() if encontrado else ""


def _sin_simbolos(textos):
    """Separa "$", "€" y "%" de cada texto: los símbolos vistos, y cada texto sin el suyo."""
    simbolos, nucleos = set(), {}
    for texto in textos:
        puede = len(texto) <= _MAXIMO_NUMERO and (texto[0] in "+-$€" or texto[-1] in "$€%")
        partes = _CON_SIMBOLO.fullmatch(texto) if puede else None
        if partes is None:
            simbolos.add("")
            nucleos[texto] = texto
        else:
            signo, antes, tras_simbolo, ante_simbolo, despues = partes.groups("")
            simbolos.add(antes + despues)
            nucleos[texto] = signo + tras_simbolo + ante_simbolo
    return simbolos, nucleos


def _decimal_de_miles(lecturas):
    """El decimal con que los signos de una columna ambigua separan miles; "" si no lo es."""
    enteras = [d for d, leidos in lecturas.items() if isinstance(next(iter(leidos.values())), int)]
    return enteras[0] if len(lecturas) == 2 and len(enteras) == 1 else ""


def _parecen_miles(textos):
    # Si 12.500 fuera un decimal, sus ceros finales no vendrían junto a un 999 sin decimales.
    con_signo = [texto for texto in textos if "." in texto or "," in texto]
    return len(con_signo) < len(textos) and any(texto.endswith("0") for texto in con_signo)


def _motivo(nucleos, decimales, simbolos):
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
    return f"{reprlib.repr(ajenos[0])} no está escrito como los demás números"
