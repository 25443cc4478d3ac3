"""Qué aprende un modelo compilado: su cabeza, que es la última capa con su pérdida.

Lo que depende de la cabeza se le pregunta a ella, y nadie más compara su nombre: cómo se lee y se
revisa y, qué significan los números que da el modelo, con qué se mide y qué va en las tablas. Una
cabeza nueva es una clase en `CABEZAS` y un constructor en `cursokeras.modelos`.
"""

import math

import numpy as np

from cursokeras._comun.hallazgos import contar
from cursokeras.entradas import etiquetas, medidas
from cursokeras.entradas.arreglos import a_arreglo, nombres_de_columnas
from cursokeras.entradas.formas import con_forma_de_salida
from cursokeras.entradas.modelo import activacion_de_salida, forma_que_da, perdida_de

_FILAS_POR_BLOQUE = 8192


def cabeza_de(modelo):
    """Devuelve la `Cabeza` de un modelo compilado, según su pérdida.

    Argumentos:
        modelo: modelo de Keras compilado con la pérdida por nombre, función u objeto.

    Lanza:
        ErrorDeDatos: si el modelo no está construido o compilado, o tiene más de una salida.

    Ejemplo:
        >>> from cursokeras._backend import keras
        >>> modelo = keras.Sequential([keras.Input((8,)), keras.layers.Dense(3)])
        >>> modelo.compile(loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True))
        >>> cabeza = cabeza_de(modelo)
        >>> cabeza.nombre, cabeza.clases, cabeza.da_logits
        ('clasificacion', 3, True)
    """
    perdida, salida = perdida_de(modelo), forma_que_da(modelo)
    posibles = (c for c in CABEZAS if c.acepta(perdida) and c.admite(salida))
    return next(posibles, Cabeza)(modelo, perdida, salida)


def recibe_logits(perdida):
    """Si la pérdida aplica ella misma softmax o sigmoid (from_logits=True)."""
    return hasattr(perdida, "get_config") and bool(perdida.get_config().get("from_logits"))


def en_probabilidades(modelo, salidas):
    """Lo que da un modelo, compilado o no, con los logits vueltos probabilidades."""
    if getattr(modelo, "loss", None) is None or not recibe_logits(perdida_de(modelo)):
        return salidas
    return cabeza_de(modelo).en_probabilidades(salidas)


def nombres_de_perdida(perdida):
    """Los nombres que puede tener una pérdida: el suyo, o los de las clases de que desciende."""
    if isinstance(perdida, str):
        return [perdida]
    if hasattr(perdida, "__name__"):
        return [perdida.__name__]
    return [clase.__name__ for clase in type(perdida).__mro__]


class Cabeza:
    """La cabeza de una pérdida cualquiera: y es lo que sea, y la mide el mismo Keras.

    Argumentos:
        modelo: el modelo compilado.
        perdida: la que tiene.
        salida: la forma de una fila de su salida, como (3,); `None` si no la declara.

    Atributos:
        tipo: el de los números de y que recibe Keras.
        nombre: cómo se llama en los mensajes.
        activacion: la que lleva su última capa, por nombre; `None` es ninguna.
        descripcion: qué aprende, para terminar una frase.
        loss, metrica: las que se proponen, por nombre.
        perdidas: nombres de las pérdidas que le corresponden, en minúsculas y sin guiones.
        metricas: nombres de las métricas de Keras que la miden, escritos como las pérdidas.
        neuronas: cuántos números da para cada fila, o `None`.
        aplicada: nombre de la activación con que termina el modelo; `None` si no se sabe.
        da_logits: si el modelo da los puntajes y no las probabilidades: la pérdida tiene
            from_logits=True y el modelo no aplica la activación.
        clases: entre cuántas clases elige; `None` si no elige una.
        etiquetas: cuántas preguntas de sí o no responde cada fila; `None` si no es eso.
        de_cantidades: si y son cantidades, que tienen escala.
        cuantos_nombres: cuántas clases o etiquetas se pueden nombrar; `None` si ninguna.
        nombres: los nombres que recuerda el modelo, una tupla de textos, o `None`.
        forma_de_y: la forma que debe tener una fila de y; `None` si es cualquiera.
    """

    nombre = "otra"
    descripcion = "esa pérdida"
    loss = metrica = None
    tipo = "float32"
    activacion = None
    perdidas = ()
    metricas = ()
    clases = etiquetas = None
    de_cantidades = False
    perdida_de_adivinar = None  # La entropía cruzada de dar a cada clase la misma probabilidad.

    def __init__(self, modelo, perdida, salida):
        self.modelo, self.perdida, self.salida = modelo, perdida, salida
        self.neuronas = salida[-1] if salida else None
        self.aplicada = activacion_de_salida(modelo)
        self.recibe_logits = recibe_logits(perdida)
        self.da_logits = self.recibe_logits and self.activacion not in (None, self.aplicada)
        nombres = getattr(modelo, "clases_cursokeras", None)
        # Con otra última capa, los nombres de antes ya no son los de sus clases.
        self.nombres = nombres if nombres and len(nombres) == self.cuantos_nombres else None

    @classmethod
    def acepta(cls, perdida):
        """Si es una pérdida de esta cabeza."""
        return any(n.replace("_", "").lower() in cls.perdidas for n in nombres_de_perdida(perdida))

    @classmethod
    def admite(cls, salida):
        """Si la cabeza puede dar filas de esa forma (`None` si no se sabe)."""
        return True

    @property
    def forma_de_y(self):
        return None

    @property
    def cuantos_nombres(self):
        return self.clases or self.etiquetas

    @property
    def de_numeros_sueltos(self):
        """Si una fila de la salida es una lista de números, no una imagen ni una secuencia."""
        return self.salida is None or len(self.salida) == 1

    def leer(self, y, nombres=None):
        """Convierte y en un arreglo con la forma de la cabeza, o explica por qué no se puede.

        Argumentos:
            y: objetivos, (n,) o (n, k), como los dio el usuario.
            nombres: los de las clases, en orden, si y puede traer textos.
        """
        # Un entero grande pierde cifras en float32, y una clase tiene que llegar exacta.
        precision = "float64" if self.tipo == "int32" else "float32"
        return self._con_forma(a_arreglo(y, "y", dtype=precision))

    def nombres_en(self, y):
        """Los nombres de las clases o etiquetas que y trae, en orden, o `None`."""

    def exigir_valores(self, y):
        """Lanza `ErrorDeDatos` si y, ya sin faltantes, tiene valores que la pérdida no entiende."""

    def _con_forma(self, arreglo):
        if not arreglo.size:
            return arreglo
        arreglo = arreglo[:, None] if arreglo.ndim == 1 else arreglo
        return arreglo if self.forma_de_y is None else con_forma_de_salida(arreglo, self)

    def explicar_columnas(self, columnas):
        """El mensaje y el arreglo para una y de esa cantidad de columnas, que no es la debida."""
        return (
            f"y tiene {contar(columnas, 'columna')} y el modelo da {self.neuronas} por fila.",
            f"Da {contar(self.neuronas, 'columna')}, o crea el modelo con d_out={columnas}.",
        )

    def clase_de_cada_fila(self, y):
        """La clase de cada fila de y, (n,) enteros; `None` si las filas no son de una clase."""

    def grupos(self, y):
        """Lo que debe repartirse parejo al separar filas: su clase, (n,); o sus etiquetas, (n, k).

        Devuelve `None` si las filas no tienen ni una ni otras.
        """
        return self.clase_de_cada_fila(y)

    def explicar_class_weight(self):
        """Por qué no hay pesos por clase en esta cabeza, y qué usar."""
        return (
            f"class_weight llegó a un modelo que no clasifica (su cabeza es '{self.nombre}').",
            "Quítalo, o usa sample_weight con un peso por fila.",
        )

    def en_probabilidades(self, salidas):
        """Lo que significan los números del modelo: los mismos, o sus probabilidades."""
        if not self.da_logits:
            return salidas
        from cursokeras._backend import keras  # Aquí ya está: leer cabezas no lo carga.

        return keras.activations.get(self.activacion)(salidas).numpy()

    def exigir_probabilidades(self, salidas):
        """Devuelve las probabilidades que da el modelo.

        Lanza:
            ErrorDeDatos: si no lo son, porque a la última capa le falta la activación.
        """
        probabilidades = self.en_probabilidades(salidas)
        etiquetas.exigir_probabilidades(probabilidades, self.activacion)
        return probabilidades

    def entropia_cruzada(self, x, y):
        """La entropía cruzada media de unas filas, en nats, como la calcula Keras.

        Sale de la red y no de sus probabilidades: en float32, la de una clase dada por segura ya
        perdió las cifras que cuentan, y Keras vuelve a los puntajes de que salió.
        """
        from cursokeras._backend import keras

        perdida = keras.losses.get(self.loss)
        bloques = [slice(i, i + _FILAS_POR_BLOQUE) for i in range(0, len(x), _FILAS_POR_BLOQUE)]
        salidas = (self.modelo(x[filas], training=False) for filas in bloques)
        perdidas = [
            perdida(y[filas], salida, from_logits=self.da_logits).numpy()
            for filas, salida in zip(bloques, salidas, strict=True)
        ]
        return float(np.concatenate(perdidas).mean(dtype="float64"))

    def medir(self, x, y, salidas, columnas):
        """Devuelve las `Medidas` de unas filas.

        Argumentos:
            x, y: las filas convertidas.
            salidas: lo que da el modelo con ellas, (n, k).
            columnas: cómo se llama cada columna de y.
        """
        return self.medir_con_keras(x, y)

    def medir_con_keras(self, x, y):
        """Devuelve como `Medidas` lo que Keras mide: la pérdida y las métricas del modelo."""
        from cursokeras._comun.traduccion import errores_en_espanol  # Carga Keras.

        with errores_en_espanol():
            return medidas.de_keras(self.modelo.evaluate(x, y, verbose=0, return_dict=True))

    def error_por_fila(self, y, salidas):
        """Cuánto se equivoca en cada fila, (n,): sirve para ordenarlas, no es una medida."""
        errores = np.square(np.subtract(salidas, y, dtype="float64"))
        varianza = np.var(y, axis=0, dtype="float64")  # Que cuenten igual las salidas grandes.
        return (errores / np.where(varianza > 0, varianza, 1)).mean(axis=1)

    def columnas_de_la_tabla(self, y, salidas, columnas, nombres):
        """Las columnas de la tabla real / predicho.

        Argumentos:
            y, salidas, columnas: como en `medir`.
            nombres: los de las clases o etiquetas, si se pidieron otros que los del modelo.
        """
        if y.shape != salidas.shape:
            raise ValueError(
                f"y tiene forma {y.shape} y el modelo da {salidas.shape}: con {self.descripcion} "
                "no se sabe qué número va con cuál. Compáralos con ck.predecir(modelo, x)."
            )
        return medidas.tabla_de_numeros(y, salidas, columnas)


class Regresion(Cabeza):
    """Números, uno o varios por fila."""

    nombre = "regresion"
    descripcion = "una regresión"
    loss, metrica = "mse", "mae"
    de_cantidades = True
    perdidas = (
        *("mse", "meansquarederror", "mae", "meanabsoluteerror", "huber", "logcosh", "poisson"),
        *("mape", "meanabsolutepercentageerror", "msle", "meansquaredlogarithmicerror"),
    )
    metricas = (
        *perdidas,
        *("rootmeansquarederror", "logcosherror", "r2score", "cosinesimilarity"),
        *("pearsoncorrelation", "concordancecorrelation"),
    )

    @property
    def forma_de_y(self):
        return self.salida

    def medir(self, x, y, salidas, columnas):
        return medidas.medir_numeros(y, salidas, columnas)


class _DeClases(Cabeza):
    """Lo común a las cabezas que eligen una clase para cada fila."""

    @property
    def perdida_de_adivinar(self):
        return math.log(self.clases) if self.clases else None

    def leer(self, y, nombres=None):
        numeros = etiquetas.numerar(y, nombres, self.clases)
        return super().leer(y) if numeros is None else self._con_forma(self._de_clases(numeros))

    def nombres_en(self, y):
        return etiquetas.nombres_de_los_textos(y, self.clases)

    def _de_clases(self, numeros):
        """y como la espera la pérdida, desde el número de la clase de cada fila."""
        return numeros

    def explicar_class_weight(self):
        problema = "no dice cuántas clases distingue"
        if not self.de_numeros_sueltos:
            problema = f"da {self.salida} por fila: cada una es de muchas clases a la vez"
        return (
            f"class_weight llegó a un modelo que {problema}.",
            "Quítalo, o usa sample_weight con un peso por fila.",
        )

    def medir(self, x, y, salidas, columnas):
        reales, probabilidades = self._reales_y_probabilidades(y, salidas)
        entropia = self.entropia_cruzada(x, y)
        return medidas.medir_clases(reales, probabilidades, self.nombres, entropia)

    def error_por_fila(self, y, salidas):
        reales, probabilidades = self._reales_y_probabilidades(y, salidas)
        return 1 - probabilidades[np.arange(len(reales)), reales]

    def columnas_de_la_tabla(self, y, salidas, columnas, nombres):
        reales, probabilidades = self._reales_y_probabilidades(y, salidas)
        numeros = range(probabilidades.shape[1])
        return medidas.tabla_de_clases(reales, probabilidades, nombres or self.nombres or numeros)

    def _reales_y_probabilidades(self, y, salidas):
        probabilidades = medidas.en_columnas(self.exigir_probabilidades(salidas))
        return self.clase_de_cada_fila(y), probabilidades


# Las que miden probabilidades, sea de una clase o de varias.
_DE_PROBABILIDADES = (
    *("auc", "precision", "recall", "f1score", "fbetascore", "truepositives", "truenegatives"),
    *("falsepositives", "falsenegatives", "precisionatrecall", "recallatprecision"),
    *("sensitivityatspecificity", "specificityatsensitivity", "mse", "meansquarederror"),
    *("mae", "meanabsoluteerror", "rootmeansquarederror"),
)


class SoftmaxConEnteros(_DeClases):
    """Una clase de varias; y es su número, desde 0."""

    nombre = "clasificacion"
    descripcion = "una clasificación con las clases numeradas"
    loss, metrica = "sparse_categorical_crossentropy", "accuracy"
    tipo = "int32"
    activacion = "softmax"
    perdidas = ("sparsecategoricalcrossentropy",)
    metricas = (
        *("sparsecategoricalaccuracy", "sparsetopkcategoricalaccuracy", "meaniou", "iou"),
        *perdidas,
    )

    @property
    def clases(self):
        return self.neuronas

    @property
    def forma_de_y(self):
        return self.salida and (*self.salida[:-1], 1)

    def exigir_valores(self, y):
        etiquetas.exigir_clases(y, self.neuronas)

    def explicar_columnas(self, columnas):
        return (
            f"y tiene {columnas} columnas, y la pérdida sparse_categorical_crossentropy espera "
            f"una sola con el número de la clase (de 0 a {self.neuronas - 1}).",
            "Si y es one-hot, escribe y = np.argmax(y, axis=1).",
        )

    def clase_de_cada_fila(self, y):
        return y[:, 0].astype(int) if y.ndim == 2 else None


class SoftmaxConOneHot(_DeClases):
    """Una clase de varias; y tiene una columna por clase, con un 1 en la suya."""

    nombre = "one_hot"
    descripcion = "una clasificación con y one-hot"
    loss, metrica = "categorical_crossentropy", "accuracy"
    activacion = "softmax"
    perdidas = ("categoricalcrossentropy", "categoricalfocalcrossentropy")
    metricas = (
        *("categoricalaccuracy", "topkcategoricalaccuracy", "categoricalhinge", "kldivergence"),
        *("onehotiou", "onehotmeaniou", "cosinesimilarity"),
        *perdidas,
        *_DE_PROBABILIDADES,
    )

    @property
    def clases(self):
        return self.neuronas

    @property
    def forma_de_y(self):
        return self.salida

    def leer(self, y, nombres=None):
        etiquetas.exigir_orden(nombres, nombres_de_columnas(y))
        return super().leer(y, nombres)

    def nombres_en(self, y):
        return super().nombres_en(y) or etiquetas.nombres_de_sus_columnas(y, self.neuronas)

    def _de_clases(self, numeros):
        return np.eye(self.neuronas)[numeros]

    def exigir_valores(self, y):
        etiquetas.exigir_one_hot(y)

    def explicar_columnas(self, columnas):
        if columnas == 1:
            return (
                "y tiene una columna con el número de la clase, y la pérdida "
                f"categorical_crossentropy espera {self.neuronas} columnas one-hot.",
                f"Escribe y = np.eye({self.neuronas})[y], o crea el modelo con one_hot=False.",
            )
        mensaje, _ = super().explicar_columnas(columnas)
        return mensaje, f"Crea el modelo con clases={columnas}."

    def clase_de_cada_fila(self, y):
        return y.argmax(axis=1) if y.ndim == 2 else None


class Binaria(_DeClases):
    """Sí o no: una neurona, la probabilidad de la clase 1."""

    nombre = "binaria"
    descripcion = "una clasificación de sí o no"
    loss, metrica = "binary_crossentropy", "accuracy"
    activacion = "sigmoid"
    perdidas = ("binarycrossentropy", "bce", "binaryfocalcrossentropy")
    metricas = ("binaryaccuracy", "binaryiou", *perdidas, *_DE_PROBABILIDADES)
    clases = 2

    @classmethod
    def admite(cls, salida):
        return salida in ((1,), None)

    @property
    def forma_de_y(self):
        return self.salida

    def exigir_valores(self, y):
        # De una subclase que no dice qué da no se sabe si son etiquetas o intensidades.
        etiquetas.exigir_ceros_y_unos(y, con_intermedios=self.salida is None)

    def explicar_columnas(self, columnas):
        mensaje, _ = super().explicar_columnas(columnas)
        if columnas == 2:
            return mensaje, "Si y es one-hot, escribe y = np.argmax(y, axis=1)."
        return mensaje, f"Da una columna, o usa crear_multietiqueta(d_in, {columnas})."

    def clase_de_cada_fila(self, y):
        return y[:, 0].astype(int) if y.ndim == 2 else None

    def medir(self, x, y, salidas, columnas):
        return medidas.con_la_clase_uno(super().medir(x, y, salidas, columnas))


class Multietiqueta(Cabeza):
    """Varias preguntas de sí o no por fila, cada una con su neurona sigmoide.

    Con y entre 0 y 1 (las intensidades de un autocodificador) no hay etiquetas que contar: entrena
    igual, y se mide con la pérdida de Keras.
    """

    nombre = "multietiqueta"
    descripcion = "varias etiquetas por fila"
    loss, metrica = "binary_crossentropy", "accuracy"
    activacion = "sigmoid"
    perdidas = Binaria.perdidas
    metricas = Binaria.metricas
    perdida_de_adivinar = math.log(2)

    @property
    def etiquetas(self):
        return self.neuronas if self.de_numeros_sueltos else None

    @property
    def forma_de_y(self):
        return self.salida

    def leer(self, y, nombres=None):
        etiquetas.exigir_orden(nombres, nombres_de_columnas(y))
        return super().leer(y)

    def nombres_en(self, y):
        return etiquetas.nombres_de_sus_columnas(y, self.etiquetas)

    def exigir_valores(self, y):
        etiquetas.exigir_ceros_y_unos(y, con_intermedios=True)

    def explicar_columnas(self, columnas):
        mensaje, _ = super().explicar_columnas(columnas)
        if columnas > 1:
            return (
                mensaje,
                f"Da {self.neuronas} columnas, o crea el modelo con {columnas} etiquetas.",
            )
        return mensaje, (
            f"Da {self.neuronas} columnas de ceros y unos. Si y es el número de la clase, usa "
            f"crear_clasificacion(d_in, {self.neuronas})."
        )

    def grupos(self, y):
        return y.astype(bool) if y.ndim == 2 and medidas.es_de_etiquetas(y) else None

    def explicar_class_weight(self):
        return (
            "class_weight llegó a un modelo de varias etiquetas: una fila puede ser de varias "
            "clases a la vez, o de ninguna.",
            "Quítalo, o usa sample_weight con un peso por fila.",
        )

    def medir(self, x, y, salidas, columnas):
        probabilidades, entropia = self.exigir_probabilidades(salidas), self.entropia_cruzada(x, y)
        return medidas.medir_etiquetas(y, probabilidades, self.nombres or columnas, entropia)

    def error_por_fila(self, y, salidas):
        return np.abs(y - self.exigir_probabilidades(salidas)).mean(axis=1)

    def columnas_de_la_tabla(self, y, salidas, columnas, nombres):
        probabilidades = self.exigir_probabilidades(salidas)
        if not medidas.es_de_etiquetas(y):
            return medidas.tabla_de_numeros(y, probabilidades, columnas)
        nombres = nombres or self.nombres or columnas
        return medidas.tabla_de_etiquetas(y, probabilidades, nombres)


CABEZAS = (Regresion, SoftmaxConEnteros, SoftmaxConOneHot, Binaria, Multietiqueta)
