"""Lo poco de `keras.backend` que tiene sentido sin tensores."""

from cursokeras.desde_cero.utils import clear_session

__all__ = ["clear_session", "epsilon", "floatx"]


def epsilon():
    """Devuelve el número con que Keras evita dividir por cero o tomar el logaritmo de 0."""
    return 1e-7


def floatx():
    """Devuelve la precisión de los pesos si no se pide otra."""
    return "float32"
