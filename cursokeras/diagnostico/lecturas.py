"""Lo que pueden mostrar unas curvas: cada lectura da una frase, o `None` si no es su caso.

Los umbrales salieron de mirar unos noventa entrenamientos, con los datos del curso y los de
scikit-learn, cada uno con un defecto puesto a propósito.
"""

import numpy as np

from cursokeras.entradas import cabeza_de

_SUBE_MUCHO = 0.1
_OSCILA, _SE_INVIERTE, _EPOCAS_PARA_OSCILAR = 0.08, 0.3, 10
_NO_BAJA = 0.02
_APENAS_SUBE = 0.05
_BRECHA = 5
_MAS_FACIL = 0.25
_SIGUE = 0.005
_COMO_AL_AZAR, _EMPEZO_MAL = 0.97, 1.5
_CON_AZAR = ("Dropout", "GaussianNoise", "GaussianDropout", "AlphaDropout", "SpatialDropout")


def diverge(curvas, modelo):
    """La pérdida termina sin ser un número, o más alta de lo que empezó."""
    perdida = curvas.entrenamiento
    termina = perdida[-1] if np.isfinite(curvas.vigilada[-1]) else np.nan
    if np.isfinite(termina) and termina <= perdida[0] + _SUBE_MUCHO * abs(perdida[0]):
        return None
    return (
        f"Diverge: la pérdida empezó en {perdida[0]:.3g} y terminó en {termina:.3g}. Prueba con "
        "una tasa de aprendizaje 10 veces menor, y escala x (y también y, en una regresión)."
    )


def muy_corta(curvas, modelo):
    """No hay épocas para ver una tendencia."""
    if len(curvas) < 3:
        return "Con menos de 3 épocas no se ve una tendencia: entrena más, por ejemplo epochs=20."
    return None


def oscila(curvas, modelo):
    """La pérdida vigilada sube y baja en lugar de estabilizarse."""
    cambio, inversiones = curvas.vaiven()
    if len(curvas) < _EPOCAS_PARA_OSCILAR or cambio < _OSCILA or inversiones < _SE_INVIERTE:
        return None
    # Memorizar también agita una pérdida que ya es casi 0, y eso no es culpa de la tasa.
    if curvas.vigilada[-1] < 0.01 * curvas.vigilada[0]:
        return None
    return (
        f"Oscila: de una época a otra la pérdida cambia un {100 * cambio:.0f} %, arriba y abajo. "
        "Prueba con una tasa de aprendizaje de 3 a 10 veces menor, o un batch_size mayor."
    )


def no_aprende(curvas, modelo):
    """La pérdida casi no baja, o se queda en la de adivinar."""
    perdida = curvas.entrenamiento
    adivinar = _perdida_de_adivinar(modelo)
    if adivinar is not None and perdida[-1] < adivinar / 2:
        return None
    baja = 1 - perdida.min() / perdida[0] if perdida[0] > 0 else 1.0
    if baja > _NO_BAJA:
        return None if adivinar is None else _como_al_azar(perdida, adivinar)
    return (
        f"Casi no aprende: en {len(curvas)} épocas la pérdida bajó un {100 * baja:.2g} %. Si el "
        "modelo no venía entrenado, la tasa de aprendizaje es muy pequeña (prueba con una 10 veces "
        "mayor) o hay neuronas ReLU muertas (para contarlas, da x a diagnosticar)."
    )


def _como_al_azar(perdida, adivinar):
    """Compara la pérdida con la de dar la misma probabilidad a todas las clases."""
    if perdida[0] > _EMPEZO_MAL * adivinar:
        return (
            f"Aprende poco: la pérdida empezó en {perdida[0]:.3g}, peor que adivinar "
            f"({adivinar:.3g}), y terminó en {perdida[-1]:.3g}. Prueba con una tasa de aprendizaje "
            "10 veces menor, y escala x."
        )
    if perdida.min() > _COMO_AL_AZAR * adivinar:
        return (
            f"No aprende: la pérdida terminó en {perdida[-1]:.3g}, y adivinar da {adivinar:.3g}. "
            "Mira si x dice algo de y, o prueba con más épocas o con una capa oculta."
        )
    return None


def sobreajusta(curvas, modelo):
    """La validación sube, o se queda lejos, mientras el entrenamiento sigue bajando."""
    if curvas.validacion is None:
        return None
    entrenamiento, validacion, k = curvas.entrenamiento, curvas.validacion, curvas.mejor
    menor, final = validacion[k], curvas.final(validacion)
    sube = final > menor + _APENAS_SUBE * abs(menor) and entrenamiento[-1] < 0.9 * entrenamiento[k]
    lejos = final > _BRECHA * abs(curvas.final(entrenamiento))
    if not sube and not (lejos and curvas.baja_al_final(validacion) < _SIGUE):
        return None
    que_pasa = f"sube de {menor:.3g} a {final:.3g}" if sube else f"se queda en {final:.3g}"
    return (
        f"Sobreajuste desde la época {k + 1}: la validación {que_pasa} mientras el entrenamiento "
        f"baja hasta {curvas.final(entrenamiento):.3g}. Prueba con menos neuronas, con Dropout o "
        "con más filas, y para a tiempo con patience."
    )


def validacion_facil(curvas, modelo):
    """La validación sale bastante mejor que el entrenamiento."""
    if curvas.validacion is None:
        return None
    validacion, entrenamiento = map(curvas.final, (curvas.validacion, curvas.entrenamiento))
    if entrenamiento - validacion <= _MAS_FACIL * abs(entrenamiento):
        return None
    frase = (
        f"La validación ({validacion:.3g}) sale mejor que el entrenamiento ({entrenamiento:.3g})."
    )
    if modelo is not None and _tiene_azar(modelo):
        return f"{frase} Con Dropout es normal: solo actúa al entrenar."
    return (
        f"{frase} Mira si hay filas repetidas en las dos partes, o si las de validación son pocas "
        "o más fáciles; con Dropout es normal."
    )


def sigue_bajando(curvas, modelo):
    """La pérdida todavía baja al terminar."""
    partes = [p for p in (curvas.entrenamiento, curvas.validacion) if p is not None]
    al_final = curvas.mejor >= len(curvas) - max(curvas.decima, 2)
    if not al_final or min(curvas.baja_al_final(parte) for parte in partes) < _SIGUE:
        return None
    return (
        f"Sigue bajando: la pérdida va en {curvas.final(curvas.vigilada):.3g} y todavía mejora. "
        f"Entrena más, por ejemplo epochs={2 * len(curvas)}, o prueba una tasa mayor."
    )


def va_bien(curvas, modelo):
    """Las curvas bajaron y se estabilizaron."""
    perdida = curvas.entrenamiento
    frase = (
        f"Bien: la pérdida bajó de {perdida[0]:.3g} a {curvas.final(perdida):.3g} y se estabilizó"
    )
    if curvas.validacion is None:
        return f"{frase}. Sin validación no se sabe si memorizó: usa validation_split=0.2."
    return (
        f"{frase}, con la validación en {curvas.final(curvas.validacion):.3g} (la menor, "
        f"{curvas.validacion.min():.3g}). Cuánto aprendió lo dice evaluar: R² o accuracy."
    )


def _perdida_de_adivinar(modelo):
    """La entropía cruzada de dar a cada clase la misma probabilidad; `None` si no clasifica."""
    if modelo is None or not getattr(modelo, "loss", None):
        return None
    return cabeza_de(modelo).perdida_de_adivinar


def _tiene_azar(modelo):
    return any(type(capa).__name__.startswith(_CON_AZAR) for capa in modelo.layers)


LECTURAS = (
    diverge,
    muy_corta,
    oscila,
    no_aprende,
    sobreajusta,
    validacion_facil,
    sigue_bajando,
    va_bien,
)
