"""Las tablas pequeñas que la clase resuelve a mano: los estudiantes y los pacientes."""

import numpy as np

from cursokeras.datos.conjunto import Conjunto

_CARRERAS = ("LS", "LI", "IC")
_FUENTE = "Tabla de las diapositivas del curso, hecha para calcular a mano; no son personas reales."

# Estudio, Edad, Promedio, N1, N2, Aprobó, Carrera (LS=0, LI=1, IC=2)
_ESTUDIANTES = (
    (2, 24, 4, 7, 7.2, 0, 0),
    (5, 22, 3, 4.5, 5.2, 1, 1),
    (7, 25, 4, 6.3, 6, 0, 1),
    (9, 20, 7, 5.4, 4.4, 1, 2),
    (10, 19, 4, 8.2, 9.5, 0, 0),
    (11, 20, 3, 7.2, 8.1, 0, 2),
    (13.4, 21, 5, 5.5, 10, 1, 1),
    (14, 20, 3, 3, 4.3, 0, 0),
)

# Por tarea: columnas de la tabla que son el objetivo, sus nombres y las clases.
_TAREAS = {
    "notas": ([3, 4], ("N1", "N2"), ()),
    "nota": (3, ("N1",), ()),
    "aprobo": (5, ("Aprobó",), ("no", "sí")),
    "carrera": (6, ("Carrera",), _CARRERAS),
}


def estudiantes(tarea="notas", *, one_hot=False):
    """Los 8 estudiantes de la clase: horas de estudio, edad y promedio.

    Argumentos:
        tarea: qué predecir. "notas": N1 y N2, y (8, 2) float32; "nota": solo N1, y (8,) float32;
            "aprobo": 0 o 1, y (8,) int64; "carrera": 0, 1 o 2 (LS, LI, IC), y (8,) int64.
        one_hot: si es `True`, las etiquetas de "aprobo" o "carrera" son filas de ceros con un
            uno, (8, clases) float32, para `categorical_crossentropy`.

    Devuelve:
        `Conjunto` con x (8, 3) float32 sin escalar. Ojo: con estas x, SGD con tasa de aprendizaje
        0.01 diverge; hay que escalarlas antes.

    Lanza:
        ValueError: si la tarea no existe, o si se pide `one_hot` para notas.

    Ejemplo:
        >>> estudiantes("carrera").y
        array([0, 1, 1, 2, 0, 2, 1, 0])
    """
    if tarea not in _TAREAS:
        opciones = ", ".join(repr(t) for t in _TAREAS)
        raise ValueError(f"La tarea {tarea!r} no existe. Escribe una de estas: {opciones}.")
    indices, objetivos, clases = _TAREAS[tarea]
    if one_hot and not clases:
        raise ValueError(
            f"one_hot=True es para clases y la tarea {tarea!r} predice números. "
            "Quita one_hot, o usa tarea='carrera' o tarea='aprobo'."
        )
    tabla = np.array(_ESTUDIANTES)
    y = tabla[:, indices].astype("int64" if clases else "float32")
    return Conjunto(
        x=tabla[:, :3].astype("float32"),
        y=np.eye(len(clases), dtype="float32")[y] if one_hot else y,
        columnas=("Estudio [h]", "Edad [años]", "Promedio"),
        objetivos=clases if one_hot else objetivos,
        clases=clases,
        descripcion="Ocho estudiantes de la clase: estudio, edad y promedio",
        fuente=_FUENTE,
    )


def pacientes():
    """Los 2 pacientes con que la clase presenta la clasificación binaria.

    Son dos filas para seguir la cuenta a mano, no una muestra con la que aprender.

    Devuelve:
        `Conjunto` con x (2, 5) float32 e y (2,) int64: 1 si está enfermo.

    Ejemplo:
        >>> x, y = pacientes()
        >>> x[0], int(y[0])
        (array([36.7 ,  0.88,  0.  ,  1.  ,  1.  ], dtype=float32), 1)
    """
    return Conjunto(
        x=np.array([[36.7, 0.88, 0, 1, 1], [38.0, 0.98, 1, 0, 0]], dtype="float32"),
        y=np.array([1, 0], dtype="int64"),
        columnas=(
            "Temperatura [°C]",
            "Oxigenación",
            "Decaimiento",
            "Dolores",
            "Bultos en los pulmones",
        ),
        objetivos=("Enfermo",),
        clases=("sano", "enfermo"),
        descripcion="Dos pacientes de la clase: cinco síntomas y si está enfermo",
        fuente=_FUENTE,
    )
