"""Cuánto pesa cada fila al entrenar: el peso que se le dio, por el de su clase."""

from sklearn.utils.class_weight import compute_sample_weight

from cursokeras._comun.argumentos import es_numero, escribir, malo
from cursokeras._comun.hallazgos import ErrorDeDatos, enumerar

_EJEMPLO = "{0: 1.0, 1: 5.0}"


def leer_class_weight(pesos, cabeza, nombres=None):
    """Devuelve class_weight si sirve para esa `Cabeza`.

    Argumentos:
        pesos: diccionario clase → peso, "balanced", o `None`. Con las clases nombradas, valen
            también sus nombres.
        cabeza: la del modelo.
        nombres: los de las clases, en orden, o `None`.

    Lanza:
        ErrorDeDatos: si la cabeza no elige clases, falta o sobra alguna, o un peso no sirve.
    """
    if pesos is None:
        return None
    if cabeza.clases is None or not cabeza.de_numeros_sueltos:
        raise malo("class_weight", *cabeza.explicar_class_weight())
    if isinstance(pesos, str) and pesos == "balanced":
        return pesos
    if not isinstance(pesos, dict):
        raise malo(
            "class_weight",
            f"class_weight es de tipo {type(pesos).__name__} y debe ser un diccionario.",
            f"Escribe class_weight={_EJEMPLO}, o class_weight='balanced'.",
        )
    clases = list(nombres or range(cabeza.clases))
    numeros = {nombre: i for i, nombre in enumerate(nombres or ())}
    por_numero = {numeros.get(clase, clase): peso for clase, peso in pesos.items()}
    hallazgos = [h for error in _problemas(por_numero, clases) for h in error.hallazgos]
    if len(por_numero) < len(pesos):
        hallazgos += malo(
            "class_weight",
            f"class_weight={escribir(pesos)} nombra una clase dos veces.",
            "Escribe las clases por su nombre, o por su número.",
        ).hallazgos
    if hallazgos:
        raise ErrorDeDatos(*hallazgos)
    return por_numero


def _problemas(pesos, clases):
    malos = {c: p for c, p in pesos.items() if not (es_numero(p) and p >= 0)}
    if malos:
        yield malo(
            "class_weight",
            f"class_weight tiene pesos que no sirven: {escribir(malos)}.",
            "Un peso es un número desde 0.",
        )
    elif not any(pesos.values()):
        yield malo(
            "class_weight",
            f"class_weight={escribir(pesos)} no deja ninguna clase.",
            f"Escribe {_EJEMPLO}.",
        )
    sobran = [repr(c) for c in pesos if c not in range(len(clases))]
    faltan = [repr(clase) for i, clase in enumerate(clases) if i not in pesos]
    if sobran or faltan:
        partes = [f"nombra clases que no existen: {enumerar(sobran)}"] if sobran else []
        de = "de la clase" if len(faltan) == 1 else "de las clases"
        partes += [f"no dice el peso {de} {enumerar(faltan)}"] if faltan else []
        yield malo(
            "class_weight",
            f"class_weight {' y '.join(partes)}.",
            f"Las clases son {_nombrar(clases)}: escribe un peso para cada una.",
        )


def _nombrar(clases):
    if clases == list(range(len(clases))):
        return f"los enteros de 0 a {len(clases) - 1}"
    return enumerar(map(repr, clases))


def pesar(datos, class_weight, clases):
    """Multiplica el peso de cada fila por el de su clase, como hace Keras.

    Argumentos:
        datos: `Datos`.
        class_weight: lo que devuelve `leer_class_weight`.
        clases: la clase de cada fila, (n,).
    """
    if class_weight is None:
        return datos
    pesos = compute_sample_weight(class_weight, clases).astype("float32")
    return datos._replace(pesos=pesos if datos.pesos is None else pesos * datos.pesos)
