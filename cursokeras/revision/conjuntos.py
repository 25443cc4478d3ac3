"""Un `tf.data.Dataset` declara la forma de sus elementos: aquí se compara con la del modelo."""

from cursokeras._comun.hallazgos import Hallazgo
from cursokeras.entradas import cabeza_de, forma_de_entrada


def es_conjunto(datos):
    """Dice si los datos son un `tf.data.Dataset`."""
    return hasattr(datos, "element_spec")


def revisar_conjunto(modelo, conjunto):
    """Da los errores de un `tf.data.Dataset` que se quiere dar a `modelo.fit`."""
    elemento = conjunto.element_spec
    if not isinstance(elemento, tuple) or len(elemento) not in (2, 3):
        yield _error(
            "Cada elemento del Dataset debe ser un par (x, y).",
            "Escribe tf.data.Dataset.from_tensor_slices((x, y)).batch(32).",
        )
        return
    esperadas = {"x": forma_de_entrada(modelo), "y": cabeza_de(modelo).forma_de_y}
    for parte, (nombre, forma) in zip(elemento[:2], esperadas.items(), strict=True):
        yield from _revisar_parte(nombre, parte, forma)


def _revisar_parte(nombre, parte, forma):
    if not hasattr(parte, "shape") or not hasattr(parte, "dtype"):
        yield _error(
            f"La parte {nombre} del Dataset es de tipo {type(parte).__name__}.",
            "Debe ser un solo tensor: aquí se entrena con una x y una y.",
        )
    elif parte.dtype.name == "string":
        yield _error(f"La parte {nombre} del Dataset tiene textos.", "Conviértelos en números.")
    elif forma is not None and parte.shape.rank is not None:
        yield from _revisar_forma(nombre, tuple(parte.shape), forma)


def _revisar_forma(nombre, llego, forma):
    # Un último eje de tamaño 1 puede faltar: Keras lo añade.
    formas = [forma, forma[:-1]] if forma[-1] == 1 else [forma]
    if any(_compatible(llego, (None, *f)) for f in formas):
        return
    # Un primer eje sin tamaño fijo es el de las filas de un lote.
    if None not in llego[:1] and any(_compatible(llego, f) for f in formas):
        yield _error(
            f"El Dataset no está en lotes: su {nombre} tiene forma {llego}, la de una sola fila.",
            "Escribe dataset = dataset.batch(32).",
        )
    else:
        yield _error(
            f"La parte {nombre} del Dataset tiene forma {llego} y el modelo espera "
            f"{(None, *forma)}.",
            "El primer eje son las filas del lote, que puede ser None.",
        )


def _compatible(forma, esperada):
    return len(forma) == len(esperada) and all(
        a is None or b is None or a == b for a, b in zip(forma, esperada, strict=True)
    )


def _error(mensaje, arreglo):
    return Hallazgo("error", "conjunto", "x", mensaje, arreglo)
