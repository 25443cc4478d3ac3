"""Lo que comparten todas las pruebas: sin ventanas y sin el ruido de TensorFlow."""

import importlib.util
import os

os.environ.setdefault("MPLBACKEND", "Agg")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

# PyTorch es opcional: sin él, este módulo no se puede importar para buscarle ejemplos.
collect_ignore = []
if importlib.util.find_spec("torch") is None:
    collect_ignore.append("cursokeras/comparacion/red_torch.py")
