"""Lo que XLA calla, mirado antes de usarlo.

Fuera de XLA, una etiqueta sin clase o un índice sin fila es un error; XLA sigue con un nan o con
otra fila. Por eso solo se compilan grafos con operaciones que dan lo mismo, y con datos que no
llegan a esos casos; lo demás va en un grafo.
"""

from cursokeras._backend import keras, tf
from cursokeras.aceleracion.programa import Programa
from cursokeras.aceleracion.recaida import exigir

_ENTROPIA_CON_ENTEROS = "SparseSoftmaxCrossEntropyWithLogits"

# Las de redes densas, con los optimizadores, pérdidas y métricas de Keras. Las que sortean no
# están: XLA genera otros números al azar que el grafo.
_NOMBRES = (
    "Abs AddN AddV2 All Any ArgMax AssignAddVariableOp AssignSubVariableOp AssignVariableOp "
    "BiasAdd BiasAddGrad Bitcast BitwiseAnd BroadcastGradientArgs BroadcastTo Cast Ceil "
    "ConcatV2 Const Cos DivNoNan DynamicStitch Elu EluGrad Equal Erfc Exp ExpandDims Fill "
    "FloorDiv FloorMod Greater GreaterEqual Identity IdentityN If IsFinite IsInf LeakyRelu "
    "LeakyReluGrad Less LessEqual Log Log1p LogSoftmax LogicalAnd LogicalNot LogicalOr MatMul "
    "Max Maximum Mean Min Minimum Mul Neg NoOp NotEqual Pack Placeholder "
    "PlaceholderWithDefault Pow Prod Range ReadVariableOp RealDiv Reciprocal Relu Relu6 "
    "Relu6Grad ReluGrad Reshape ReverseV2 Rsqrt RsqrtGrad Select SelectV2 Selu SeluGrad Shape "
    "Sigmoid SigmoidGrad Sign Slice Softmax SoftmaxCrossEntropyWithLogits Softplus "
    "SoftplusGrad Softsign SoftsignGrad SparseSoftmaxCrossEntropyWithLogits Sqrt SqrtGrad "
    "Square SquaredDifference Squeeze StatelessIf StatelessWhile StopGradient StridedSlice "
    "StridedSliceGrad Sub Sum Tanh TanhGrad Tile Transpose Unpack While ZerosLike "
)
_IGUALES_EN_XLA = frozenset(_NOMBRES.split())


def revisar_operaciones(concreta):
    """Comprueba que XLA da lo mismo con todas las operaciones del grafo.

    Devuelve:
        Si el grafo elige con las etiquetas, que entonces hay que mirar antes de correrlo.
    """
    grafo = concreta.graph.as_graph_def()
    en_funciones = (nodo for funcion in grafo.library.function for nodo in funcion.node_def)
    nodos = [*grafo.node, *en_funciones]
    # Elegir posiciones de una forma no tiene riesgo; elegir filas de una tabla de pesos, sí.
    usadas = {
        nodo.op
        for nodo in nodos
        if not (nodo.op == "GatherV2" and nodo.attr["Tparams"].type == tf.int32.as_datatype_enum)
    }
    otras = sorted(usadas - _IGUALES_EN_XLA)
    exigir(not otras, f"XLA podría dar otros números con {', '.join(otras)}")
    return _ENTROPIA_CON_ENTEROS in usadas


def compilar(concreta, entrada, **opciones):
    """Compila el programa con XLA, sin correr ningún paso, para saber si XLA puede."""
    programa = Programa(concreta, xla=True, **opciones)
    ceros = [tf.zeros(hoja.shape, hoja.dtype) for hoja in entrada]
    programa([*ceros, tf.constant(0), tf.constant(0)], concreta.captured_inputs)
    return programa


def revisar_etiquetas(modelo, tensores):
    """Comprueba que cada etiqueta es una de las clases de la única salida del modelo."""
    datos = keras.tree.pack_sequence_as(tensores.estructura, tensores.hojas)
    x, y, _ = keras.utils.unpack_x_y_sample_weight(datos)
    salida = modelo.compute_output_spec(keras.tree.map_structure(_simbolo, x))
    una = not keras.tree.is_nested(y) and not keras.tree.is_nested(salida)
    exigir(una and y is not None, "XLA no revisa las etiquetas de varias salidas")
    desde, hasta = float(tf.reduce_min(y)), float(tf.reduce_max(y))
    exigir(desde >= 0 and hasta < salida.shape[-1], "XLA no revisa las etiquetas")


def _simbolo(hoja):
    return keras.KerasTensor((None, *hoja.shape[1:]), hoja.dtype.name)
