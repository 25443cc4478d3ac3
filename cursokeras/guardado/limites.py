"""Límites que ningún modelo de un curso pasa: cuántas capas, qué enteros, qué formas y nombres."""

from cursokeras.guardado.permitidos import objetos

_MAXIMAS_CAPAS = 200
_MAXIMOS_OBJETOS = 5000
_MAXIMO_ENTERO = 10_000_000
_MAXIMO_NOMBRE = 500
_MAXIMOS_EJES = 16


def revisar_limites(config):
    """Lanza `ValueError` si el modelo pasa alguno de los límites.

    Argumentos:
        config: la configuración del modelo, ya revisada por `revisar_permitidos`.
    """
    todos = list(objetos(config))
    capas = [objeto for objeto in todos if objeto.get("module") == "keras.layers"]
    if len(capas) > _MAXIMAS_CAPAS or len(todos) > _MAXIMOS_OBJETOS:
        raise ValueError(
            f"El modelo declara {len(capas)} capas y {len(todos)} objetos; se aceptan hasta "
            f"{_MAXIMAS_CAPAS} capas y {_MAXIMOS_OBJETOS} objetos."
        )
    _revisar_valor(config)
    for objeto in todos:
        _revisar_enteros(objeto)
        _revisar_llamadas(objeto)


def _revisar_valor(valor, clave=""):
    """Que no haya textos ni formas sin fin: Keras los copia en cada capa."""
    if isinstance(valor, dict):
        for nombre, parte in valor.items():
            _revisar_texto(nombre)
            _revisar_valor(parte, nombre)
    elif isinstance(valor, list):
        de_ejes = clave.endswith(("shape", "dims")) and not any(map(_es_lista, valor))
        if de_ejes and len(valor) > _MAXIMOS_EJES:
            raise ValueError(
                f"La configuración trae en {clave!r} una forma de {len(valor)} ejes; se aceptan "
                f"hasta {_MAXIMOS_EJES}."
            )
        for parte in valor:
            _revisar_valor(parte, clave)
    elif isinstance(valor, str):
        _revisar_texto(valor)


def _es_lista(valor):
    return isinstance(valor, list)


def _revisar_texto(texto):
    if len(texto) > _MAXIMO_NOMBRE:
        raise ValueError(
            f"La configuración trae un texto de {len(texto)} letras, {texto[:20]!r}…; se aceptan "
            f"hasta {_MAXIMO_NOMBRE}."
        )


def _revisar_enteros(objeto):
    config = objeto.get("config")
    partes = [objeto.get("build_config")]
    if isinstance(config, dict):
        partes += [valor for clave, valor in config.items() if clave != "seed"]
    for numero in enteros(partes):
        if abs(numero) > _MAXIMO_ENTERO:
            raise ValueError(
                f"La configuración de {objeto['class_name']!r} trae el número {numero:.3g}; se "
                f"aceptan hasta {_MAXIMO_ENTERO:,}."
            )


def _revisar_llamadas(capa):
    """Que cada llamada a la capa sea con tensores por llenar: con números, Keras la calcularía."""
    llamadas = capa.get("inbound_nodes", [])
    if not isinstance(llamadas, list):
        raise ValueError(f"La capa {capa['class_name']!r} no dice bien a qué está conectada.")
    for llamada in llamadas:
        clases = {objeto["class_name"] for objeto in objetos(llamada)}
        if (
            not isinstance(llamada, dict)
            or "__keras_tensor__" not in clases
            or "__numpy__" in clases
        ):
            raise ValueError(
                f"La capa {capa['class_name']!r} no recibe la salida de otra: la configuración "
                "está alterada o es de un formato viejo."
            )


def enteros(valor):
    """Genera los enteros de un valor, sin entrar en los objetos que trae adentro."""
    if isinstance(valor, dict):
        # Los objetos de adentro se revisan por su cuenta, con sus propias semillas.
        valor = [] if "class_name" in valor else list(valor.values())
    if isinstance(valor, list):
        for parte in valor:
            yield from enteros(parte)
    elif isinstance(valor, int):
        yield valor
