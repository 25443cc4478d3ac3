"""Errores plantados: `comparar` tiene que decir dónde está cada uno y cuál es."""

import numpy as np
import pytest

import cursokeras as ck
from cursokeras._backend import keras
from tests.comparacion import errores

N = 20  # Con lotes de 8 quedan dos completos y uno de 4.


def _modelo(capas, loss, optimizer, entrada=(3,)):
    modelo = keras.Sequential([keras.Input(entrada), *capas])
    modelo.compile(optimizer=optimizer, loss=loss)
    return modelo


def _ocultas(segunda=5, primera="tanh", **opciones):
    densas = keras.layers.Dense
    return [densas(4, primera, name="uno", **opciones), densas(segunda, "relu", name="dos")]


def _azar(semilla=0):
    return np.random.default_rng(semilla)


def _x(*forma):
    return _azar().normal(size=(N, *(forma or (3,)))).astype("float32")


def _sgd(**opciones):
    return keras.optimizers.SGD(0.05, **opciones)


def regresion(optimizer=None, salidas=3, segunda=5, **opciones):
    cabeza = keras.layers.Dense(salidas, name="cabeza")
    modelo = _modelo([*_ocultas(segunda, **opciones), cabeza], "mse", optimizer or _sgd())
    return modelo, _x(), 2 * _azar(1).normal(size=(N, salidas))


def clasificacion(escala=1.0):
    cabeza = keras.layers.Dense(3, "softmax", name="cabeza")
    modelo = _modelo([*_ocultas(), cabeza], "sparse_categorical_crossentropy", _sgd())
    modelo.layers[-1].kernel.assign(escala * modelo.layers[-1].kernel)
    return modelo, _x(), _azar(1).integers(0, 3, N)


def binaria():
    cabeza = keras.layers.Dense(1, "sigmoid", name="cabeza")
    modelo = _modelo([*_ocultas(), cabeza], "binary_crossentropy", _sgd())
    return modelo, _x(), _azar(1).integers(0, 2, N)


def imagenes():
    capas = [keras.layers.Flatten(name="plana"), keras.layers.Dense(2, name="cabeza")]
    return _modelo(capas, "mse", _sgd(), (3, 4)), _x(3, 4), _azar(1).normal(size=(N, 2))


def cuadrada():
    return regresion(segunda=4)


def regularizada():
    return regresion(kernel_regularizer="l2")


def con_sigmoide():
    return regresion(primera="sigmoid")


def una_salida():
    return regresion(salidas=1)


def con_momento():
    return regresion(_sgd(momentum=0.9))


def con_adam():
    return regresion(keras.optimizers.Adam(0.01))


def con_adam_y_gradientes_chicos():
    modelo, x, y = regresion(keras.optimizers.Adam(0.01))
    return modelo, x, 1e-3 * y


def con_rmsprop():
    return regresion(keras.optimizers.RMSprop(0.01))


def desbordada():
    return clasificacion(escala=500)


def muy_desbordada():
    return clasificacion(escala=250)


# Problema, error plantado, qué es distinto primero, en qué capa, causa
ERRORES = {
    # Activaciones.
    "relu que no se aplica": (
        regresion,
        errores.otra_activacion(1, "linear"),
        ("activación", "dos", "sin_activacion"),
    ),
    "sigmoide en lugar de tanh": (
        regresion,
        errores.otra_activacion(0, "sigmoid"),
        ("activación", "uno", "otra_activacion"),
    ),
    "tanh escrita como 2σ(z) − 1": (
        regresion,
        errores.tanh_de_la_clase,
        ("activación", "uno", "tanh_a_medias"),
    ),
    "relu que deja pasar un poco": (
        regresion,
        errores.relu_con_pendiente,
        ("activación", "dos", "relu_con_pendiente"),
    ),
    "neuronas apagadas al azar": (
        regresion,
        errores.apaga_neuronas,
        ("activación", "dos", "apaga_neuronas"),
    ),
    "sin sumar el sesgo": (regresion, errores.sin_sesgo, ("activación", "dos", "sin_sesgo")),
    "sesgo después de la activación": (
        regresion,
        errores.sesgo_al_final,
        ("activación", "uno", "sesgo_despues"),
    ),
    "matriz de pesos transpuesta": (
        cuadrada,
        errores.kernel_al_reves,
        ("activación", "dos", "kernel_transpuesto"),
    ),
    "softmax que desborda": (
        desbordada,
        errores.softmax_ingenua,
        ("activación", "cabeza", "exponencial_desborda"),
    ),
    "softmax que suma el máximo": (
        muy_desbordada,
        errores.softmax_que_suma,
        ("activación", "cabeza", "suma_el_maximo"),
    ),
    "softmax por columnas": (
        clasificacion,
        errores.softmax_por_columnas,
        ("activación", "cabeza", "softmax_por_columnas"),
    ),
    "softmax en un arreglo de enteros": (
        clasificacion,
        errores.softmax_de_enteros,
        ("activación", "cabeza", "truncada_a_enteros"),
    ),
    "aplanar por columnas": (
        imagenes,
        errores.aplanar_por_columnas,
        ("activación", "plana", "aplanado_por_columnas"),
    ),
    # Pérdidas.
    "suma de las salidas": (regresion, errores.suma_las_salidas, ("pérdida", "", "suma_salidas")),
    "mitad de la suma": (regresion, errores.mitad_de_la_suma, ("pérdida", "", "mitad_suma")),
    "suma de las filas": (
        regresion,
        errores.suma_las_filas,
        ("pérdida", "", "sin_promediar_filas"),
    ),
    "suma de todo": (regresion, errores.suma_todo, ("pérdida", "", "suma_todo")),
    "la convención ½": (una_salida, errores.la_mitad, ("pérdida", "", "mitad")),
    "dividir por el tamaño del lote completo": (
        regresion,
        errores.divide_por_el_lote_completo,
        ("pérdida", "", "divide_por_batch_size"),
    ),
    "signo de la pérdida": (regresion, errores.signo_de_la_perdida, ("pérdida", "", "signo")),
    "informar la raíz": (regresion, errores.informa_la_raiz, ("pérdida", "", "raiz_del_error")),
    "informar el error absoluto": (
        regresion,
        errores.informa_el_absoluto,
        ("pérdida", "", "otra_perdida"),
    ),
    "informar sin la última fila": (
        regresion,
        errores.informa_sin_la_ultima,
        ("pérdida", "", "sin_la_ultima_fila"),
    ),
    "informar el promedio de la época": (
        regresion,
        errores.promedia_la_epoca,
        ("pérdida", "", "perdida_promediada"),
    ),
    "objetivos guardados como enteros": (
        regresion,
        errores.objetivos_enteros,
        ("pérdida", "", "objetivos_truncados"),
    ),
    "un paso con cada fila": (
        regresion,
        errores.fila_por_fila,
        ("pérdida", "", "mueve_en_cada_fila"),
    ),
    "la pérdida de Huber": (regresion, errores.huber, ("pérdida", "", "otra_perdida")),
    "tabla de n por n": (
        una_salida,
        errores.tabla_de_n_por_n,
        ("pérdida", "", "tabla_de_n_por_n"),
    ),
    "entropía sin los negativos": (
        binaria,
        errores.solo_los_positivos,
        ("pérdida", "", "solo_los_positivos"),
    ),
    "entropía en bits": (
        clasificacion,
        errores.entropia_en_bits,
        ("pérdida", "", "logaritmo_base_2"),
    ),
    "clases contadas desde 1": (
        clasificacion,
        errores.clases_desde_uno,
        ("pérdida", "", "etiquetas_corridas"),
    ),
    "logaritmo de cero": (desbordada, errores.sin_recortar, ("pérdida", "", "logaritmo_de_cero")),
    "objetivos desordenados": (
        regresion,
        errores.objetivos_desordenados,
        ("pérdida", "", "objetivos_desordenados"),
    ),
    "objetivos desordenados al clasificar": (
        clasificacion,
        errores.objetivos_desordenados,
        ("pérdida", "", "objetivos_desordenados"),
    ),
    "pérdida sin penalización": (
        regularizada,
        errores.sin_penalizacion,
        ("pérdida", "", "sin_penalizacion"),
    ),
    # Gradientes.
    "tanh sin derivada": (
        regresion,
        errores.tanh_sin_derivada,
        ("gradiente", "uno", "sin_derivada"),
    ),
    "derivada de tanh evaluada en la salida": (
        regresion,
        errores.tanh_derivada_en_la_salida,
        ("gradiente", "uno", "derivada_mal_evaluada"),
    ),
    "derivada de tanh como 1 − z²": (
        regresion,
        errores.tanh_derivada_con_z,
        ("gradiente", "uno", "derivada_mal_evaluada"),
    ),
    "relu sin derivada": (
        regresion,
        errores.relu_sin_derivada,
        ("gradiente", "dos", "sin_derivada"),
    ),
    "derivada de relu al revés": (
        regresion,
        errores.relu_al_reves,
        ("gradiente", "dos", "derivada_al_reves"),
    ),
    "derivada de relu como el signo": (
        regresion,
        errores.relu_con_signo,
        ("gradiente", "dos", "formula_de_la_derivada"),
    ),
    "derivada de la sigmoide como a (1 + a)": (
        con_sigmoide,
        errores.sigmoide_con_mas,
        ("gradiente", "uno", "formula_de_la_derivada"),
    ),
    "derivada de tanh como 1 − a": (
        regresion,
        errores.tanh_sin_cuadrado,
        ("gradiente", "uno", "formula_de_la_derivada"),
    ),
    "softmax sin su jacobiano": (
        clasificacion,
        errores.softmax_sin_jacobiano,
        ("gradiente", "cabeza", "otra_derivada"),
    ),
    "gradiente sin el 2": (regresion, errores.sin_el_dos, ("gradiente", "cabeza", "mitad")),
    "gradiente sin dividir por las filas": (
        regresion,
        errores.sin_dividir,
        ("gradiente", "cabeza", "sin_promediar_filas"),
    ),
    "gradiente del error absoluto": (
        regresion,
        errores.deriva_la_absoluta,
        ("gradiente", "cabeza", "derivada_de_otra_perdida"),
    ),
    "y − p en lugar de p − y": (
        clasificacion,
        errores.entropia_al_reves,
        ("gradiente", "cabeza", "signo"),
    ),
    "sesgo sin sumar las filas": (
        regresion,
        errores.sesgo_sin_sumar,
        ("gradiente", "dos", "sesgo_sin_sumar"),
    ),
    "sesgo promediado": (
        regresion,
        errores.sesgo_promedio,
        ("gradiente", "uno", "sesgo_promediado"),
    ),
    "sesgo con gradiente cero": (
        regresion,
        errores.sesgo_en_cero,
        ("gradiente", "cabeza", "sesgo_en_cero"),
    ),
    "gradiente transpuesto": (
        regresion,
        errores.kernel_transpuesto,
        ("gradiente", "uno", "kernel_transpuesto"),
    ),
    "gradiente transpuesto de una matriz cuadrada": (
        cuadrada,
        errores.kernel_cuadrado_transpuesto,
        ("gradiente", "dos", "kernel_transpuesto"),
    ),
    "propagar sin la derivada": (
        regresion,
        errores.propaga_sin_derivada,
        ("gradiente", "uno", "propaga_sin_derivada"),
    ),
    "propagar con el signo al revés": (
        regresion,
        errores.propaga_con_signo,
        ("gradiente", "uno", "signo"),
    ),
    "propagar con los pesos iniciales": (
        regresion,
        errores.pesos_viejos,
        ("gradiente", "dos", "pesos_iniciales"),
    ),
    "gradiente de la última fila": (
        regresion,
        errores.ultima_fila,
        ("gradiente", "cabeza", "gradiente_de_una_fila"),
    ),
    "gradiente sin el regularizador": (
        regularizada,
        errores.sin_regularizar,
        ("gradiente", "uno", "sin_regularizador"),
    ),
    "regularizador restado": (
        regularizada,
        errores.resta_el_regularizador,
        ("gradiente", "uno", "regularizador_restado"),
    ),
    "gradientes sin poner en cero": (
        regresion,
        errores.acumula,
        ("gradiente", "cabeza", "gradientes_acumulados"),
    ),
    "gradientes del lote anterior": (
        regresion,
        errores.lote_anterior,
        ("gradiente", "cabeza", "gradientes_del_lote_anterior"),
    ),
    "mover los pesos antes de tiempo": (
        regresion,
        errores.mueve_enseguida,
        ("gradiente", "dos", "pesos_movidos_antes_de_tiempo"),
    ),
    "gradientes recortados": (
        regresion,
        errores.recorta,
        ("gradiente", "cabeza", "gradientes_recortados"),
    ),
    "gradientes de norma recortada": (
        regresion,
        errores.recorta_la_norma,
        ("gradiente", "cabeza", "norma_recortada"),
    ),
    "gradiente con la tasa incluida": (
        regresion,
        errores.tasa_en_el_gradiente,
        ("gradiente", "cabeza", "tasa_incluida"),
    ),
    # Actualizaciones.
    "tasa de aprendizaje doble": (
        regresion,
        errores.doble_tasa,
        ("peso", "", "tasa_de_aprendizaje"),
    ),
    "tasa de aprendizaje que baja": (
        regresion,
        errores.tasa_que_baja,
        ("peso", "", "tasa_que_cambia"),
    ),
    "sumar el gradiente": (regresion, errores.sube, ("peso", "", "signo")),
    "sesgos que no se mueven": (
        regresion,
        errores.solo_kernels,
        ("peso", "", "pesos_que_no_se_mueven"),
    ),
    "pesos que se encogen": (regresion, errores.encoge, ("peso", "", "encoge_los_pesos")),
    "momento de más": (regresion, errores.momento_de_mas, ("peso", "", "otro_momento")),
    "sin momento": (con_momento, errores.sin_momento, ("peso", "", "sin_momento")),
    "momento de Nesterov": (con_momento, errores.con_nesterov, ("peso", "", "nesterov")),
    "momento como promedio": (
        con_momento,
        errores.momento_promedio,
        ("peso", "", "forma_del_momento"),
    ),
    "momento que empieza de nuevo en cada época": (
        con_momento,
        errores.momento_por_epoca,
        ("peso", "", "momento_reiniciado"),
    ),
    "Adam sin corregir": (
        con_adam,
        errores.adam_sin_corregir,
        ("peso", "", "sin_correccion_de_sesgo"),
    ),
    "Adam sin corregir v": (
        con_adam,
        errores.adam_sin_corregir_v,
        ("peso", "", "sin_correccion_de_sesgo"),
    ),
    "Adam con ε = 1e-3": (con_adam, errores.adam_epsilon_grande, ("peso", "", "epsilon")),
    "Adam con ε dentro de la raíz": (
        con_adam_y_gradientes_chicos,
        errores.adam_epsilon_dentro,
        ("peso", "", "epsilon"),
    ),
    "Adam sin raíz": (con_adam, errores.adam_sin_raiz, ("peso", "", "sin_raiz")),
    "Adam que cuenta arreglos": (
        con_adam,
        errores.adam_cuenta_arreglos,
        ("peso", "", "cuenta_de_pasos"),
    ),
    "Adam que no cuenta": (con_adam, errores.adam_no_cuenta, ("peso", "", "cuenta_de_pasos")),
    "Adam que suma los gradientes": (
        con_adam,
        errores.adam_que_suma,
        # Con β1 = 0.9 da los mismos números que una tasa diez veces mayor, que es más común.
        ("peso", "", "tasa_de_aprendizaje"),
    ),
    "Adam sin elevar al cuadrado": (
        con_adam,
        errores.adam_sin_cuadrado,
        ("peso", "", "medias_de_adam"),
    ),
    "Adam sin momento": (con_adam, errores.adam_sin_momento, ("peso", "", "medias_de_adam")),
    "Adam con otra beta": (con_adam, errores.adam_betas, ("peso", "", "betas")),
    "SGD en lugar de Adam": (con_adam, errores.sgd_y_no_adam, ("peso", "", "otro_optimizador")),
    "RMSprop de PyTorch": (con_rmsprop, errores.rmsprop_de_torch, ("peso", "", "epsilon")),
    "último lote descartado": (
        regresion,
        errores.solo_lotes_completos,
        ("peso", "", "descarta_el_ultimo_lote"),
    ),
    "último lote descartado sin informar su pérdida": (
        regresion,
        errores.solo_lotes_completos_y_calla,
        ("pérdida", "", "descarta_el_ultimo_lote"),
    ),
}


@pytest.mark.parametrize("nombre", ERRORES)
def test_comparar_encuentra_el_error_y_dice_cual_es(nombre):
    problema, plantar, esperado = ERRORES[nombre]
    keras.utils.set_random_seed(1)
    modelo, x, y = problema()
    resultado = ck.comparar(modelo, x, y, contra=plantar(ck.desde_keras(modelo)), batch_size=8)
    lugar = resultado.primer_paso_distinto
    assert lugar is not None, resultado.explicacion
    assert (lugar.que, lugar.capa, resultado.causa) == esperado, resultado.explicacion
