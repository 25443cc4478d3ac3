"""Lo que `leer_tabla` supuso, en palabras cortas: cada cosa una vez, con las columnas que toca."""

from collections import defaultdict

from cursokeras.datos.numeros import primero_con_miles


def de_las_columnas(tabla, estudios, decimales):
    """Las frases sobre los valores de la tabla ya leída.

    Argumentos:
        tabla: lo que se leyó.
        estudios: el `Estudio` de cada columna.
        decimales: el decimal con que se leyó cada columna.
    """
    columnas = defaultdict(list)
    for columna, estudio in estudios.items():
        for frase in _frases(estudio, decimales[columna]):
            columnas[frase].append(columna)
    for columna in tabla.columns[tabla.isna().all()]:
        columnas["sin ningún dato"].append(columna)
    signos = [frase for frase in columnas if frase.startswith("decimal")]
    if len(signos) == 1:  # Si toda la tabla usa el mismo, sobra decir dónde
        columnas[signos[0]] = []
    faltan = int(tabla.isna().sum().sum())
    return [
        *(f"{frase} en {_lista(donde)}" if donde else frase for frase, donde in columnas.items()),
        *([f"datos faltantes: {faltan}"] if faltan else []),
    ]


def dudas(estudios, decimales, ambiguas):
    """Los avisos de que los números de unas columnas se pueden leer de dos maneras."""
    return [
        _duda(columnas, estudios[columnas[0]].lecturas, elegido, otro)
        for elegido, otro in (",.", ".,")
        if (columnas := [c for c in ambiguas if decimales[c] == elegido])
    ]


def _duda(columnas, lecturas, elegido, otro):
    leidos, otros = lecturas[elegido], lecturas[otro]
    ejemplo = next(texto for texto in leidos if leidos[texto] != otros[texto])
    return (
        f"los números de {_lista(columnas)} se pueden leer de dos maneras: '{ejemplo}' se leyó "
        f"como {leidos[ejemplo]}. Si es {otros[ejemplo]}, escribe decimal='{otro}'; si está bien, "
        f"decimal='{elegido}' quita este aviso."
    )


def _frases(estudio, decimal):
    leidos = estudio.lecturas.get(decimal, {})
    if any(decimal in texto for texto in leidos):
        yield f"decimal '{decimal}'"
    if con_miles := primero_con_miles(leidos, decimal):
        yield f"miles separados ('{con_miles}' es {leidos[con_miles]})"
    if estudio.simbolo:
        yield f"'{estudio.simbolo}' quitado"
    for texto in estudio.faltantes:
        yield f"'{texto}' es dato faltante" if leidos else f"'{texto}' es texto"
    if estudio.motivo:
        yield f"{estudio.motivo}: texto"


def _lista(columnas):
    vistas = ", ".join(columnas[:4])
    return f"{vistas} y {len(columnas) - 4} más" if len(columnas) > 4 else vistas
