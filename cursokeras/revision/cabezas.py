"""Que la última capa y la pérdida se entiendan: Keras entrena igual, y aprende mal, si no."""

from cursokeras.entradas.cabezas import perdida
from cursokeras.hallazgos import Hallazgo

_ACTIVACION = {"clasificacion": "softmax", "one_hot": "softmax", "binaria": "sigmoid"}
# Dan números que no son probabilidades; de una activación propia no se sabe.
_SIN_PROBABILIDADES = ("linear", "relu", "tanh", "leaky_relu", "elu", "selu", "gelu", "silu")
_RANGOS = {
    "sigmoid": (0, 1),
    "softmax": (0, 1),
    "tanh": (-1, 1),
    "relu": (0, float("inf")),
    "softplus": (0, float("inf")),
}


def revisar_cabeza(caso):
    """Da los hallazgos sobre la activación de la última capa."""
    if caso.neuronas is None:  # Un modelo que no declara su salida no dice cuál es su cabeza.
        return
    activacion = getattr(getattr(caso.modelo.layers[-1], "activation", None), "__name__", None)
    if activacion == "softmax" and caso.neuronas == 1:
        yield _error(
            "softmax_de_una_neurona",
            "La última capa es softmax con una sola neurona, que siempre da 1.",
            "Usa activation='sigmoid' con 'binary_crossentropy', o una neurona por clase.",
        )
    elif caso.cabeza in _ACTIVACION:
        yield from _revisar_probabilidades(caso, activacion)
    elif caso.cabeza == "regresion" and activacion in _RANGOS:
        yield from _revisar_rango(caso, activacion)


def _revisar_probabilidades(caso, activacion):
    debida = _ACTIVACION[caso.cabeza]
    de_puntajes = _recibe_puntajes(perdida(caso.modelo))
    if not de_puntajes and activacion in _SIN_PROBABILIDADES:
        yield _error(
            "cabeza_sin_probabilidades",
            f"La última capa tiene activación '{activacion}', y la pérdida espera probabilidades.",
            f"Escribe activation='{debida}' en la última capa.",
        )
    elif de_puntajes and activacion == debida:
        yield Hallazgo(
            "aviso",
            "dos_veces_la_activacion",
            "modelo",
            f"La última capa aplica '{activacion}', y la pérdida, con from_logits=True, otra vez.",
            "Quita from_logits=True, o deja la última capa sin activación.",
        )


def _recibe_puntajes(perdida):
    """Si la pérdida aplica ella misma softmax o sigmoid (from_logits=True)."""
    return hasattr(perdida, "get_config") and bool(perdida.get_config().get("from_logits"))


def _revisar_rango(caso, activacion):
    desde, hasta = _RANGOS[activacion]
    menor, mayor = caso.y.min(), caso.y.max()
    if menor < desde or mayor > hasta:
        yield _error(
            "objetivo_fuera_de_la_cabeza",
            f"y va de {menor:g} a {mayor:g}, y la última capa, con activación '{activacion}', "
            f"solo da valores entre {desde:g} y {hasta:g}.",
            "Una regresión lleva la última capa sin activación: activation=None.",
        )


def _error(codigo, mensaje, arreglo):
    return Hallazgo("error", codigo, "modelo", mensaje, arreglo)
