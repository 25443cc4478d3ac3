"""Qué está mal, o qué conviene mirar, en unos datos para un modelo, antes de que Keras los vea."""

from cursokeras.revision.datos import revisar
from cursokeras.revision.resultado import Revision

__all__ = ["Revision", "revisar"]
