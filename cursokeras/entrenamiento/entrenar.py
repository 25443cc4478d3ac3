"""`entrenar`: separa la validación, entrena con `model.fit` y dice por qué terminó."""

from functools import partial

from cursokeras._comun.argumentos import juntar, leer, malo
from cursokeras.dispositivos import rechazar_cluster
from cursokeras.entradas import (
    cabeza_de,
    nombres_de_clases,
    recordar_clases,
    recordar_columnas,
)
from cursokeras.entradas.rangos import recordar_rangos
from cursokeras.entrenamiento.construccion import construir
from cursokeras.entrenamiento.corrida import correr
from cursokeras.entrenamiento.datos import hacer_lotes, leer_datos, separar
from cursokeras.entrenamiento.interrupcion import Interrupcion
from cursokeras.entrenamiento.parada import Vigilante
from cursokeras.entrenamiento.pesos import leer_class_weight
from cursokeras.entrenamiento.respaldo import Respaldo


def entrenar(
    modelo,
    x,
    y=None,
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
        y: objetivos: (n,) o (n, 1) son lo mismo; (n, k) con varias salidas, one-hot o varias
            etiquetas. Las clases pueden ser textos: su orden es el que se dijo al crear el modelo
            o, si no se dijo, el alfabético, y desde entonces el modelo las recuerda.
        epochs: cuántas veces recorrer los datos, como máximo.
        batch_size: filas por lote, es decir, por paso del optimizador; más que las que hay son
            todas.
        validation_split: parte de las filas que se aparta para validar; nunca menos de una ni
            todas. 0 entrena sin validación.
        validation_data: `(x, y)` o `(x, y, sample_weight)` para validar con esas filas, en lugar
            de apartar.
        patience: épocas sin mejorar la pérdida de validación antes de parar; `None` no para, y
            deja los pesos de la última época.
        brecha: si es 0.5, para también cuando la pérdida de validación supera a la de
            entrenamiento en más de 50 % durante `patience` épocas seguidas (una, si `patience`
            es `None`). Las dos se miden con los pesos del final de la época.
        class_weight: diccionario clase (su número o su nombre) → peso, o "balanced" para
            compensar clases desiguales.
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
        verbose: 0 calla; 1 o "auto" muestran una línea que avanza, o unas veinte en total si la
            salida no es una terminal ni un cuaderno; 2 muestra una línea por época.

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
    # La receta es lo que cambia el resultado: un respaldo hecho con otra no sirve.
    receta = _leer_argumentos(
        modelo,
        y,
        epochs=epochs,
        acelerar=acelerar,
        verbose=verbose,
        hay_validacion=validation_data is not None or validation_split != 0,
        receta={
            "validation_split": validation_split,
            "class_weight": class_weight,
            "batch_size": batch_size,
            "patience": patience,
            "brecha": brecha,
            "semilla": semilla,
        },
    )
    leidos, validacion = leer_datos(modelo, x, y, sample_weight, validation_data, class_weight)
    datos, apartados = separar(modelo, leidos, validacion, validation_split, semilla)
    recordar_columnas(modelo, x)
    recordar_clases(modelo, y)
    lotes, apartados = hacer_lotes(
        modelo,
        datos,
        apartados,
        batch_size=batch_size,
        class_weight=receta["class_weight"],
        semilla=receta["semilla"],
    )
    construir(modelo, lotes.x)
    vigilante = Vigilante(lotes, patience=patience, brecha=brecha)
    if respaldo is not None:
        filas = {"x": leidos.x, "y": leidos.y, "sample_weight": leidos.pesos}
        receta = {**filas, "validation_data": validacion, **receta}
        respaldo = Respaldo(respaldo, modelo, vigilante, receta)
    # Lo que se agregue después de entrenar va aquí dentro: fuera, Ctrl-C perdería la historia.
    with Interrupcion() as interrupcion:
        historia = correr(
            modelo,
            vigilante,
            respaldo,
            interrupcion,
            epochs=epochs,
            validacion=apartados and tuple(apartados),
            callbacks=callbacks,
            acelerar=acelerar,
            verbose=verbose,
        )
        if not vigilante.divergio:  # De filas con que diverge no aprendió nada.
            recordar_rangos(modelo, lotes.x, lotes.y)
        return historia


def _leer_argumentos(modelo, y, *, hay_validacion, receta, **otros):
    """Devuelve la receta con cada argumento leído, o explica juntos todos los que no sirven."""
    lecturas = {n: partial(leer, n, v) for n, v in {**otros, **receta}.items()}
    cabeza, nombres = cabeza_de(modelo), nombres_de_clases(modelo, y)
    lecturas["class_weight"] = lambda: leer_class_weight(receta["class_weight"], cabeza, nombres)
    if not hay_validacion:
        lecturas["sin_validacion"] = lambda: _exigir_sin_brecha(receta["brecha"])
    leidos = juntar(**lecturas)
    return {nombre: leidos[nombre] for nombre in receta}


def _exigir_sin_brecha(brecha):
    if brecha is not None:
        raise malo(
            "brecha",
            f"brecha={brecha!r} compara la validación con el entrenamiento, y con "
            "validation_split=0 no hay validación.",
            "Quita brecha, o escribe validation_split=0.2.",
        )
