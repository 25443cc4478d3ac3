"""Que el modelo se entienda con su pérdida y con los datos: última capa, rangos y tamaño.

Keras entrena igual cuando no se entienden, y aprende mal sin decirlo.
"""

from cursokeras._comun.hallazgos import Hallazgo, contar

# Escalar y a [0, 1] puede dejar un 1.0000001.
_REDONDEO = 1e-3
_LOTE = 32  # El batch_size de Keras si no se dice otro.
# Dan números que no son probabilidades; de una activación propia no se sabe.
_SIN_PROBABILIDADES = ("linear", "relu", "tanh", "leaky_relu", "elu", "selu", "gelu", "silu")
_RANGOS = {
    "sigmoid": (0, 1),
    "softmax": (0, 1),
    "tanh": (-1, 1),
    "relu": (0, float("inf")),
    "softplus": (0, float("inf")),
}


def revisar_pesos(caso):
    """Da un aviso si entrenar no cambiaría nada."""
    if caso.modelo.weights and not caso.modelo.trainable_weights:
        yield Hallazgo(
            "aviso",
            "modelo_congelado",
            "modelo",
            "Todas las capas del modelo están congeladas: entrenar no cambiará ningún peso.",
            "Escribe modelo.trainable = True y vuelve a compilar.",
        )


def revisar_cabeza(caso):
    """Da los hallazgos sobre la activación de la última capa, si el modelo la declara."""
    activacion = caso.cabeza.aplicada
    if activacion == "softmax" and caso.cabeza.neuronas == 1:
        yield _error(
            "softmax_de_una_neurona",
            "La última capa es softmax con una sola neurona, que siempre da 1.",
            "Usa activation='sigmoid' con 'binary_crossentropy', o una neurona por clase.",
        )
    elif caso.cabeza.activacion is not None:
        yield from _revisar_probabilidades(caso, activacion)
    elif caso.cabeza.de_cantidades and activacion in _RANGOS:
        yield from _revisar_rango(caso, activacion)


def revisar_accuracy(caso):
    """Da un aviso si la "accuracy" que se pidió a Keras no es la de esta cabeza."""
    pedidas = (caso.modelo.get_compile_config() or {}).get("metrics") or []
    if not {"accuracy", "acc"} & {m for m in pedidas if isinstance(m, str)}:
        return
    if caso.cabeza.etiquetas:
        que = "compara solo la etiqueta más probable de cada fila"
        arreglo = "metrics=['binary_accuracy']"
    elif caso.cabeza.da_logits and caso.cabeza.neuronas == 1:
        que = "corta los logits en 0.5, y la probabilidad 0.5 es el logit 0"
        arreglo = "metrics=[keras.metrics.BinaryAccuracy(threshold=0.0)]"
    else:
        return
    yield Hallazgo(
        "aviso",
        "accuracy_de_otra_cabeza",
        "modelo",
        f"La 'accuracy' que Keras muestra al entrenar este modelo {que}.",
        f"Escribe en compile {arreglo}; ck.evaluar mide bien de todos modos.",
    )


def revisar_tamano(caso):
    """Da notas si hay pocas filas para un lote, o para los parámetros del modelo."""
    filas, parametros = len(caso.x), caso.modelo.count_params()
    if filas < _LOTE:
        yield Hallazgo(
            "nota",
            "menos_filas_que_un_lote",
            "x",
            f"Hay {contar(filas, 'fila')}: con batch_size={_LOTE} cada época es un solo paso.",
            "Escribe un batch_size menor, o más epochs.",
        )
    if filas < parametros:
        yield Hallazgo(
            "nota",
            "mas_parametros_que_filas",
            "modelo",
            f"El modelo tiene {parametros} parámetros y hay {contar(filas, 'fila')}.",
            "Puede memorizarlas: mira la pérdida de validación, o usa menos neuronas.",
        )


def _revisar_probabilidades(caso, activacion):
    debida, de_puntajes = caso.cabeza.activacion, caso.cabeza.recibe_logits
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


def _revisar_rango(caso, activacion):
    desde, hasta = _RANGOS[activacion]
    menor, mayor = caso.y.min(), caso.y.max()
    if menor < desde - _REDONDEO or mayor > hasta + _REDONDEO:
        yield Hallazgo(
            "aviso",
            "objetivo_fuera_de_la_cabeza",
            "modelo",
            f"y va de {menor:g} a {mayor:g}, y la última capa, con activación '{activacion}', "
            f"solo da valores entre {desde:g} y {hasta:g}.",
            "Una regresión lleva la última capa sin activación: activation=None.",
        )


def _error(codigo, mensaje, arreglo):
    return Hallazgo("error", codigo, "modelo", mensaje, arreglo)
