"""Que el modelo y su optimizador tengan todas sus variables, y las mismas, antes de entrenar.

Keras las crea al trazar el primer paso. Aquí hacen falta antes, porque antes se guardan los pesos
iniciales y el estado del optimizador.
"""

from cursokeras._comun.hallazgos import error
from cursokeras._comun.traduccion import errores_en_espanol


def construir(modelo, x):
    """Crea los pesos y las variables del optimizador que falten.

    Argumentos:
        modelo: modelo de Keras compilado.
        x: (n, ...) al menos una fila, como las recibe el modelo.

    Lanza:
        ValueError: si el modelo no tiene optimizador, o si el suyo se preparó para otros pesos,
            porque es el de otro modelo o porque las capas cambiaron después de compilar.
    """
    optimizador = modelo.optimizer
    if optimizador is None:
        raise error(
            "sin_optimizador",
            "modelo",
            "El modelo se compiló con optimizer=None, y sin optimizador no hay quien lo entrene.",
            "Escribe modelo.compile(optimizer='adam', loss=modelo.loss).",
        )
    with errores_en_espanol(), modelo.distribute_strategy.scope():
        if not optimizador.built:
            # Una subclase con build((None, 3)) se da por construida y todavía no tiene pesos.
            modelo(x[:1])
            optimizador.build(modelo.trainable_variables)
        # Con un paso ya trazado, Keras no lo diría: seguiría entrenando las capas de antes.
        if revisar := getattr(optimizador, "_check_variables_are_known", None):
            revisar(modelo.trainable_variables)
