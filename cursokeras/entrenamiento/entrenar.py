"""`entrenar`: separa la validación, entrena con `model.fit` y dice por qué terminó."""

from typing import NamedTuple

import numpy as np
from sklearn.utils.class_weight import compute_sample_weight

from cursokeras._comun.avisos import avisar
from cursokeras._comun.lotes import Lotes
from cursokeras.dispositivos import contar_replicas, rechazar_cluster
from cursokeras.entradas import (
    convertir_pesos,
    convertir_x,
    convertir_y,
    recordar_columnas,
    tipo_de_cabeza,
)
from cursokeras.entrenamiento.construccion import construir
from cursokeras.entrenamiento.corrida import correr
from cursokeras.entrenamiento.interrupcion import Interrupcion
from cursokeras.entrenamiento.parada import Vigilante
from cursokeras.entrenamiento.particion import separar_validacion
from cursokeras.entrenamiento.respaldo import Respaldo
from cursokeras.modelos.opciones import entero
from cursokeras.revision import revisar, revisar_argumentos


def entrenar(
    modelo,
    x,
    y,
    *,
    epochs=100,
    batch_size=32,
    validation_split=0.2,
    validation_data=None,
    patience=10,
    brecha=None,
    class_weight=None,
    sample_weight=None,
    callbacks=(),
    semilla=None,
    respaldo=None,
    acelerar=True,
    verbose="auto",
):
    """Entrena un modelo compilado, para a tiempo y lo deja con los mejores pesos.

    Aparta filas de validación al azar (con todas las clases en su proporción), baraja el resto
    en cada época y entrena con `modelo.fit`. Llamarla otra vez sigue desde donde quedaron los
    pesos. Ctrl-C (■ en un cuaderno) termina el entrenamiento, pero no lo pierde: devuelve la
    historia igual. Una segunda vez, sale sin más.

    Argumentos:
        modelo: modelo de Keras compilado, de una entrada y una salida.
        x: entradas, (n, d_in): arreglo, lista o tabla de pandas.
        y: objetivos: (n,) o (n, 1) son lo mismo; (n, k) con varias salidas u one-hot.
        epochs: cuántas veces recorrer los datos, como máximo.
        batch_size: filas por lote, es decir, por paso del optimizador.
        validation_split: parte de las filas que se aparta para validar; nunca menos de una ni
            todas. 0 entrena sin validación.
        validation_data: `(x, y)` o `(x, y, sample_weight)` para validar con esas filas, en lugar
            de apartar.
        patience: épocas sin mejorar la pérdida de validación antes de parar; `None` no para, y
            deja los pesos de la última época.
        brecha: si es 0.5, para también cuando la pérdida de validación supera a la de
            entrenamiento en más de 50 % durante `patience` épocas seguidas (una, si `patience`
            es `None`). Las dos se miden con los pesos del final de la época.
        class_weight: diccionario clase → peso, o "balanced" para compensar clases desiguales.
        sample_weight: (n,) con el peso de cada fila.
        callbacks: lista de callbacks de Keras, o uno solo.
        semilla: entero que fija las filas de validación y el orden de los lotes. Con `None` el
            orden es al azar, pero las filas de validación son siempre las mismas: así, seguir
            entrenando no valida con filas ya aprendidas.
        respaldo: carpeta donde guardar el entrenamiento al final de cada época. Si se corta (por
            Ctrl-C, un apagón o el programa cerrado), repetir la misma llamada sigue desde la
            última época terminada y llega a lo mismo; puede pedir más `epochs`. Al completarse,
            el respaldo se borra. Usa una carpeta por llamada; tus `callbacks` empiezan de nuevo.
        acelerar: `False` entrena con el `fit` de Keras tal cual: mismos números, más despacio.
        verbose: 0 calla; 1 muestra una línea que avanza; 2 una línea por época; "auto" es 1 en
            una terminal o un cuaderno y 2 en otra salida.

    Devuelve:
        `Historia`: la `History` de Keras con `mejor_epoca`, `motivo`, `segundos` y `tabla()`.

    Lanza:
        ValueError: si los datos o los argumentos no sirven; el mensaje dice qué escribir.

    Ejemplo:
        >>> import cursokeras as ck
        >>> x, y = ck.datos.lineal(semilla=0)
        >>> modelo = ck.crear_regresion(2, optimizer="sgd", learning_rate=0.03, semilla=0)
        >>> historia = ck.entrenar(modelo, x, y, epochs=5, batch_size=10, semilla=0, verbose=0)
        >>> historia.motivo
        'Completó 5 épocas. Quedan los pesos de la mejor época...'
        >>> modelo.get_weights()[0].round(1).ravel().tolist()
        [2.0, -3.4...]
    """
    rechazar_cluster()
    cabeza = tipo_de_cabeza(modelo)
    revisar_argumentos(
        epochs=epochs,
        batch_size=batch_size,
        validation_split=validation_split,
        patience=patience,
        brecha=brecha,
        acelerar=acelerar,
        verbose=verbose,
        class_weight=class_weight,
        cabeza=cabeza,
        clases=_cuantas_clases(modelo, cabeza),
        hay_validacion=validation_data is not None or validation_split != 0,
    )
    if semilla is not None:
        semilla = entero("semilla", semilla, minimo=0)
    datos, validacion = _leer(modelo, x, y, sample_weight, validation_data, class_weight)
    # Lo que cambia el resultado: un respaldo hecho con otros datos o argumentos no sirve.
    argumentos = {
        "x": datos.x,
        "y": datos.y,
        "sample_weight": datos.pesos,
        "validation_data": validacion,
        "validation_split": validation_split,
        "class_weight": class_weight,
        "batch_size": batch_size,
        "patience": patience,
        "brecha": brecha,
        "semilla": semilla,
    }
    lotes, validacion = _preparar(
        modelo, datos, validacion, validation_split, class_weight, batch_size, semilla
    )
    construir(modelo, lotes.x)
    recordar_columnas(modelo, x)
    vigilante = Vigilante(lotes, patience=patience, brecha=brecha)
    if respaldo is not None:
        respaldo = Respaldo(respaldo, modelo, vigilante, argumentos)
    # Lo que se agregue después de entrenar va aquí dentro: fuera, Ctrl-C perdería la historia.
    with Interrupcion() as interrupcion:
        return correr(
            modelo,
            vigilante,
            respaldo,
            interrupcion,
            epochs=epochs,
            validacion=validacion and tuple(validacion),
            callbacks=callbacks,
            acelerar=acelerar,
            verbose=verbose,
        )


class _Datos(NamedTuple):
    """Filas con su objetivo y, si los hay, sus pesos."""

    x: np.ndarray
    y: np.ndarray
    pesos: np.ndarray | None = None

    def tomar(self, filas):
        return _Datos(*(None if parte is None else parte[filas] for parte in self))


def _leer(modelo, x, y, sample_weight, validation_data, class_weight):
    """Revisa los datos y devuelve los de entrenamiento y, si los dieron, los de validación."""
    if y is None:  # `revisar` también mira solo x; aquí falla el dato que no sirve.
        convertir_x(modelo, x)
        convertir_y(modelo, y)
    revision = revisar(modelo, x, y, validation_data=validation_data)
    # Quien pasa class_weight ya sabe que sus clases son desiguales.
    revision.exigir(callar=() if class_weight is None else ("clases_desiguales",))
    datos = _Datos(revision.x, revision.y, convertir_pesos(sample_weight, len(revision.x)))
    return datos, None if revision.validation_data is None else _Datos(*revision.validation_data)


def _preparar(modelo, datos, validacion, validation_split, class_weight, batch_size, semilla):
    """Devuelve los lotes con que se entrena y las filas con que se valida, o `None`."""
    if validacion is None and validation_split:
        datos, validacion = _separar(modelo, datos, validation_split, semilla)
    if class_weight is not None:
        datos = _pesar(modelo, datos, class_weight)
    replicas = contar_replicas(modelo)
    if replicas > 1:
        datos, validacion, batch_size = _repartir(replicas, datos, validacion, batch_size)
    lotes = Lotes(
        datos.x, datos.y, batch_size=batch_size, sample_weight=datos.pesos, semilla=semilla
    )
    return lotes, validacion


def _cuantas_clases(modelo, cabeza):
    if cabeza == "binaria":
        return 2
    return modelo.output_shape[-1] if cabeza in ("clasificacion", "one_hot") else None


def _separar(modelo, datos, fraccion, semilla):
    entrenamiento, validacion = separar_validacion(
        len(datos.x),
        fraccion,
        clases=_clases(modelo, datos.y),
        multiplo=contar_replicas(modelo),
        semilla=semilla,
    )
    return datos.tomar(entrenamiento), datos.tomar(validacion)


def _clases(modelo, y):
    """La clase de cada fila, o `None` si el modelo no clasifica."""
    cabeza = tipo_de_cabeza(modelo)
    if cabeza == "one_hot":
        return y.argmax(axis=1)
    return y[:, 0].astype(int) if cabeza in ("clasificacion", "binaria") else None


def _pesar(modelo, datos, class_weight):
    """Multiplica el peso de cada fila por el de su clase, como hace Keras."""
    pesos = compute_sample_weight(class_weight, _clases(modelo, datos.y)).astype("float32")
    return datos._replace(pesos=pesos if datos.pesos is None else pesos * datos.pesos)


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
