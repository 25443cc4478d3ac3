"""El diagnóstico dicho en español, para leer en voz alta."""

import numpy as np

from cursokeras.comparacion.diferencias import DIFERENCIAS, mayor

# Qué revisar cuando ninguna cuenta conocida da los números de la otra red.
_DONDE_MIRAR = {
    "activación": "Con un lote de una fila, haz a mano f(x W + b) de esa capa y compárala con la "
    "suya.",
    "pérdida": "Mira la fórmula de la pérdida, y si "
    "train_on_batch cambia x o y, o mueve los pesos, antes de calcularla.",
    "gradiente": "Con un lote de una fila, escribe la regla de la cadena de esa capa, y compara "
    "cada factor con los de ck.desde_keras(modelo).",
    "peso": "Mira la regla con que se mueven los pesos, y si algo más los cambia.",
}


def explicar(diagnostico, recorrido, tabla, nombre):
    """Redacta la explicación de una comparación.

    Argumentos:
        diagnostico: `Diagnostico`.
        recorrido: `Recorrido` terminado.
        tabla: la de `Comparacion`.
        nombre: cómo se llama a la otra red.

    Devuelve:
        Un texto de una o varias líneas.
    """
    return "\n".join(
        [
            _veredicto(diagnostico, tabla, nombre, recorrido.tolerancia),
            *_causa(diagnostico),
            *_final(recorrido, nombre),
            *_sin_mostrar(tabla, nombre),
        ]
    )


def _veredicto(diagnostico, tabla, nombre, tolerancia):
    lugar = diagnostico.lugar
    if lugar is None and diagnostico.causa is not None and diagnostico.causa.leve:
        return f"Keras y {nombre} hacen las mismas cuentas en {_contar(tabla)}, salvo por ε."
    if lugar is None:
        maxima = mayor(tabla[list(DIFERENCIAS)].to_numpy().ravel())
        if np.isnan(maxima):
            return f"No hay ningún lote con números para comparar a Keras y {nombre}."
        return (
            f"Keras y {nombre} coinciden en {_contar(tabla)}: la mayor diferencia relativa es "
            f"{maxima:.1e} y la tolerancia {tolerancia:.0e}."
        )
    return (
        f"Keras y {nombre} se separan en la época {lugar.epoca}, lote {lugar.lote}: "
        f"{_que(lugar)}.{_lo_anterior(lugar, tabla)}"
    )


def _contar(tabla):
    return "el único lote" if len(tabla) == 1 else f"los {len(tabla)} lotes"


def _que(lugar):
    if lugar.que == "activación":
        cual = f"la capa {lugar.capa!r}" if lugar.capa else "la red"
        return f"la salida de {cual} es distinta"
    if lugar.que == "pérdida":
        return "la pérdida es distinta"
    if lugar.que == "gradiente":
        return f"el gradiente de {lugar.detalle} es distinto"
    if not lugar.detalle:
        return "los pesos se apartan más que la tolerancia"
    return f"los pesos{f' de {lugar.capa!r}' if lugar.capa else ''} no se mueven igual"


def _lo_anterior(lugar, tabla):
    """Qué coincide hasta ahí: dice dónde no hace falta buscar."""
    cuantas = ("activación", "pérdida", "gradiente", "peso").index(lugar.que)
    if cuantas == 0:
        return " Lo que entra en esa capa coincide." if lugar.capa else ""
    previas = {
        "activaciones": "las activaciones",
        "pérdida": "la pérdida",
        "gradientes": "los gradientes",
    }
    vistas = [previas[c] for c in list(previas)[:cuantas] if tabla[c].notna().any()]
    return f" Hasta ahí coinciden {_enumerar(vistas)}." if vistas else ""


def _enumerar(cosas):
    *primeras, ultima = cosas
    return f"{', '.join(primeras)} y {ultima}" if primeras else ultima


def _causa(diagnostico):
    lugar, causa = diagnostico
    if causa is not None and causa.leve:
        return [f"{causa.texto}."]
    if causa is None:
        return [f"No reconozco la causa. {_DONDE_MIRAR[lugar.que]}"] if lugar else []
    if lugar is None:
        return [
            f"Aun así, los pesos no se mueven exactamente igual: {causa.texto}. No alcanza a "
            "separar las redes más que la tolerancia."
        ]
    return [f"Causa probable: {causa.texto}."]


def _final(recorrido, nombre):
    """Por qué el recorrido terminó antes, si fue así."""
    ultimo = recorrido.ultimo
    donde = f"La comparación terminó en la época {ultimo.epoca}, lote {ultimo.lote}"
    if ultimo.error is not None:
        return [f"{donde}: {nombre} lanzó {type(ultimo.error).__name__}: {ultimo.error}"]
    for antes, despues in zip(ultimo.antes, ultimo.despues, strict=True):
        if despues.shape != antes.shape:
            formas = f"de forma {antes.shape} a {despues.shape}"
            return [f"{donde}: al actualizarlo, un peso pasó {formas}."]
    if recorrido.desbordadas == ["Keras", "otra"]:
        return [
            f"{donde}: las dos redes divergen y sus pesos dejaron de ser números. Escala las "
            "columnas de x o baja la tasa de aprendizaje."
        ]
    if recorrido.desbordadas:
        cual = "Keras" if recorrido.desbordadas == ["Keras"] else nombre
        return [f"{donde}: los números de {cual} pasaron a ser nan o infinitos."]
    return []


def _sin_mostrar(tabla, nombre):
    faltan = [c for c in ("activaciones", "gradientes") if tabla[c].isna().all()]
    if not faltan:
        return []
    como = {"activaciones": "layers o forward(x)", "gradientes": "grads"}
    atributos = " y ".join(como[c] for c in faltan)
    return [
        f"No se compararon sus {' ni sus '.join(faltan)}, que {nombre} no muestra: agrega "
        f"{atributos} para saber más."
    ]
