"""Lo que comparten todas las pruebas: sin ventanas y sin el ruido de TensorFlow."""

import os

os.environ.setdefault("MPLBACKEND", "Agg")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
