"""Que la validación mida lo que no se aprendió: filas que no estén también en el entrenamiento."""

import numpy as np
import pandas as pd

from cursokeras._comun.hallazgos import Hallazgo, contar

_FILAS = 10_000


def revisar_validacion(caso):
    """Da un aviso si hay filas de validación que también están en el entrenamiento."""
    if caso.validacion is None:
        return
    x_val = caso.validacion[0][:_FILAS]
    huellas, de_entrenamiento = _huellas(x_val), _huellas(caso.x)
    comunes = de_entrenamiento[pd.Index(de_entrenamiento).isin(huellas)]
    repetidas = int(np.isin(huellas, comunes).sum())
    if repetidas:
        yield Hallazgo(
            "aviso",
            "validacion_en_entrenamiento",
            "validation_data",
            f"{contar(repetidas, 'fila')} de validación, de {len(x_val)}, también están en el "
            "entrenamiento: la validación saldrá mejor de lo que es.",
            "Sepáralas antes con train_test_split, o deja que validation_split las aparte.",
        )


def _huellas(x):
    """Un entero por fila: filas iguales dan el mismo, y distintas, casi con certeza, otro."""
    filas = np.ascontiguousarray(x.reshape(len(x), -1) + np.float32(0))  # -0.0 pasa a 0.0.
    factores = np.random.default_rng(0).integers(1, 2**63, filas.shape[1], dtype="uint64") | 1
    return filas.view("uint32") @ factores
