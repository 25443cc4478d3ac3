"""En qué orden se dicen dos causas que dan los mismos números: la más frecuente, primero.

El orden va de lo que se escribe sin pensar a lo que hay que buscar: un número cambiado (la tasa, un
signo), una división que falta o sobra, algo olvidado (el sesgo, la derivada), una matriz al revés,
un eje, una fórmula mal copiada, y al final lo que exige escribir código de más. Las claves que no
están son raras, y van después, en el orden de su tabla.
"""

_FRECUENTES = (
    # Un número o un signo: se cambian al probar, y nada avisa.
    # El promedio μ v + (1 − μ) g es la forma de muchos cursos.
    "forma_del_momento",
    *("tasa_de_aprendizaje", "signo", "otro_momento", "sin_momento", "epsilon", "betas", "rho"),
    # Las divisiones: cada libro promedia distinto.
    *("sin_promediar_filas", "suma_salidas", "mitad", "mitad_suma", "suma_todo", "doble"),
    *("divide_por_batch_size", "promedia_dos_veces", "promedia_salidas", "tasa_incluida"),
    # Lo que se olvida.
    *("sin_sesgo", "sin_activacion", "sin_derivada", "sesgo_en_cero", "sin_penalizacion"),
    *("sin_regularizador", "gradientes_acumulados", "sin_correccion_de_sesgo", "no_propaga"),
    *("entrada_olvidada", "sesgo_sin_sumar", "softmax_sin_jacobiano"),
    # Una cosa en el lugar de otra.
    *("otra_activacion", "otra_derivada", "derivada_repetida", "derivada_mal_evaluada"),
    *("kernel_transpuesto", "propaga_sin_transponer", "otra_perdida", "derivada_de_otra_perdida"),
    *(
        "otro_optimizador",
        "error_con_suma",
        "pesos_movidos_antes_de_tiempo",
        "perdida_despues_del_paso",
    ),
    *("penalizacion_a_medias", "regularizador_a_medias", "regulariza_el_sesgo"),
    # Ejes, formas y filas.
    *("softmax_por_columnas", "sesgo_promediado", "sesgo_por_otro_eje", "tabla_de_n_por_n"),
    *("mitad_del_lote", "sin_la_ultima_fila", "gradiente_de_una_fila", "dos_pasos"),
    # Fórmulas mal copiadas.
    *("formula_de_la_derivada", "tanh_a_medias", "medias_de_adam", "cuenta_de_pasos"),
)


def lugar_en_el_orden(clave):
    """El puesto de una causa: menor es más frecuente."""
    return _FRECUENTES.index(clave) if clave in _FRECUENTES else len(_FRECUENTES)
