"""De lo que dio el usuario a los lotes con que se entrena y las filas con que se valida.

Aquí se elige la forma de los datos: hoy, arreglos en memoria.
"""

from typing import NamedTuple

import numpy as np

from cursokeras._comun.avisos import avisar
from cursokeras._comun.filas import filas_cruzadas
from cursokeras._comun.lotes import Lotes
from cursokeras.dispositivos import contar_replicas
from cursokeras.entradas import cabeza_de, convertir_pesos, convertir_x, convertir_y
from cursokeras.entrenamiento.particion import separar_validacion
from cursokeras.entrenamiento.pesos import pesar
from cursokeras.revision import revisar


class Datos(NamedTuple):
    """Filas con su objetivo y, si los hay, sus pesos."""

    x: np.ndarray
    y: np.ndarray
    pesos: np.ndarray | None = None

    def tomar(self, filas):
        """Devuelve otros `Datos` con esas filas."""
        return Datos(*(None if parte is None else parte[filas] for parte in self))


def leer_datos(modelo, x, y, sample_weight, validation_data, class_weight):
    """Revisa los datos y devuelve los `Datos` de entrenamiento y los de validación, o `None`.

    Lanza:
        ErrorDeDatos: si algo impide entrenar con ellos.
    """
    if y is None:  # `revisar` también mira solo x; aquí falla el dato que no sirve.
        convertir_x(modelo, x)
        convertir_y(modelo, y)
    revision = revisar(modelo, x, y, validation_data=validation_data)
    # Quien pasa class_weight ya sabe que sus clases son desiguales.
    revision.exigir(callar=() if class_weight is None else ("clases_desiguales",))
    avisar(*filas_cruzadas(x, sample_weight, ("x", "sample_weight")))
    datos = Datos(revision.x, revision.y, convertir_pesos(sample_weight, len(revision.x)))
    return datos, None if revision.validation_data is None else Datos(*revision.validation_data)


def separar(modelo, datos, validacion, validation_split, semilla):
    """Devuelve los datos con que se entrena y con que se valida, o `None` si no se valida."""
    if validacion is not None or not validation_split:
        return datos, validacion
    entrenamiento, apartadas = separar_validacion(
        len(datos.x),
        validation_split,
        clases=cabeza_de(modelo).grupos(datos.y),
        multiplo=contar_replicas(modelo),
        semilla=semilla,
    )
    return datos.tomar(entrenamiento), datos.tomar(apartadas)


def hacer_lotes(modelo, datos, validacion, *, batch_size, class_weight, semilla):
    """Devuelve los `Lotes` de entrenamiento, ya pesados y repartidos, y la validación."""
    datos = pesar(datos, class_weight, cabeza_de(modelo).clase_de_cada_fila(datos.y))
    batch_size = min(batch_size, len(datos.x))
    replicas = contar_replicas(modelo)
    if replicas > 1:
        datos, validacion, batch_size = _repartir(replicas, datos, validacion, batch_size)
    lotes = Lotes(
        datos.x, datos.y, batch_size=batch_size, sample_weight=datos.pesos, semilla=semilla
    )
    return lotes, validacion


def _repartir(replicas, datos, validacion, batch_size):
    """Deja filas y lotes que se repartan en partes iguales entre los dispositivos.

    Keras falla, o entrena distinto que con un dispositivo, cuando un lote no se puede repartir.
    """
    lote = max(batch_size // replicas, 1) * replicas
    partes = [datos] if validacion is None else [datos, validacion]
    recortadas = [parte.tomar(slice(len(parte.x) // replicas * replicas)) for parte in partes]
    antes, ahora = ([len(parte.x) for parte in lista] for lista in (partes, recortadas))
    if 0 in ahora:
        raise ValueError(
            f"Hay {min(antes)} filas para repartir entre {replicas} dispositivos: hacen falta al "
            "menos tantas como dispositivos."
        )
    if (antes, batch_size) != (ahora, lote):
        avisar(
            f"Para repartir cada lote entre {replicas} dispositivos se usan {ahora} filas de "
            f"{antes} y batch_size={lote}."
        )
    return recortadas[0], None if validacion is None else recortadas[1], lote
