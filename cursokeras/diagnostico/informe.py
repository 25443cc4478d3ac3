"""`diagnosticar`: la primera lectura que explica las curvas, y las neuronas que no responden."""

from cursokeras._comun.hallazgos import error
from cursokeras.diagnostico.curvas import leer_curvas
from cursokeras.diagnostico.lecturas import LECTURAS
from cursokeras.entradas import convertir_x

_FILAS = 2000


def diagnosticar(historia, *, modelo=None, x=None):
    """Dice en una o dos frases qué muestran las curvas de un entrenamiento y qué probar.

    Reconoce, en este orden: una pérdida que diverge, oscila o no baja; el sobreajuste y desde qué
    época; una validación más fácil que el entrenamiento; una pérdida que sigue bajando; y un
    entrenamiento que fue bien.

    Argumentos:
        historia: lo que devuelve `entrenar` o `modelo.fit`, su diccionario `history`, o una tabla
            con las columnas `loss` y, si hubo validación, `val_loss`.
        modelo: el modelo entrenado; `None` usa el que recuerda la historia.
        x: entradas, (n, d_in), para contar las neuronas ReLU muertas y ver si el modelo distingue
            las filas; `None` no lo mira.

    Devuelve:
        Un texto.

    Lanza:
        ErrorDeDatos: si la historia no trae `loss`, no tiene ninguna época o sus medidas no son
            un número por época; o si se da x y no hay modelo.

    Ejemplo:
        >>> print(diagnosticar({"loss": [9, 4, 2, 1, 0.5], "val_loss": [9, 5, 4, 5, 7]}))
        Sobreajuste desde la época 3: la validación sube de 4 a 7 mientras el entrenamiento baja
        hasta 0.5. Prueba con menos neuronas, con Dropout o con más filas, y para a tiempo con
        patience.
    """
    curvas = leer_curvas(historia)
    modelo = getattr(historia, "model", None) if modelo is None else modelo
    _exigir_modelo(modelo, x)
    frases = [next(filter(None, (leer(curvas, modelo) for leer in LECTURAS)))]
    if x is not None and modelo is not None:
        # Leer unas curvas guardadas no debe cargar TensorFlow; contar neuronas lo necesita.
        from cursokeras.diagnostico.neuronas import revisar_neuronas

        frases += revisar_neuronas(modelo, convertir_x(modelo, x)[:_FILAS])
    return " ".join(frases)


def _exigir_modelo(modelo, x):
    if modelo is None and x is not None:
        raise error(
            "sin_modelo",
            "modelo",
            "Para mirar x hace falta el modelo, y esta historia no lo recuerda.",
            "Escribe diagnosticar(historia, modelo=modelo, x=x).",
        )
    if modelo is not None and (isinstance(modelo, type) or not hasattr(modelo, "layers")):
        llegado = modelo.__name__ if isinstance(modelo, type) else type(modelo).__name__
        raise error(
            "modelo",
            "modelo",
            f"modelo es {llegado} y debe ser el modelo ya entrenado.",
            "Escribe diagnosticar(historia, modelo=modelo).",
        )
