"""Los bucles de un modelo, trazados para él o para otro igual."""

import itertools

from cursokeras._backend import keras, tf
from cursokeras.aceleracion import xla
from cursokeras.aceleracion.bucle import lote_de_filas, lote_de_flujo, trazar_bucle
from cursokeras.aceleracion.compartidas import compartir
from cursokeras.aceleracion.descripcion import describir
from cursokeras.aceleracion.piezas_privadas import compilacion, vaciar_nucleos
from cursokeras.aceleracion.programa import Programa
from cursokeras.aceleracion.recaida import NoSePuedeAcelerar
from cursokeras.aceleracion.variables import crear_variables, variables_de

# Vaciar los núcleos le cuesta 0.1 s a otro modelo que siga entrenando: mejor pocas veces.
_MODELOS_ENTRE_LIMPIEZAS = 50
_modelos = itertools.count(1)


class Trazas:
    """Lo ya trazado de un modelo, para no volver a trazarlo en el próximo `fit`.

    Vive lo mismo que la compilación del modelo, como la función de entrenamiento que el propio
    Keras guarda. Lo que trazó un modelo igual se usa con las variables de este.
    """

    def __init__(self, modelo):
        self.modelo = modelo
        self._hechos, self._con_variables, self._descripcion = {}, set(), None
        if next(_modelos) % _MODELOS_ENTRE_LIMPIEZAS == 0:
            vaciar_nucleos()

    @classmethod
    def de(cls, modelo):
        """Devuelve las trazas de la compilación actual del modelo, y de ningún otro."""
        dueno = compilacion(modelo)
        if dueno is None:
            return cls(modelo)
        trazas = vars(dueno).get("_trazas")
        if not isinstance(trazas, cls) or trazas.modelo is not modelo:
            vars(dueno)["_trazas"] = trazas = cls(modelo)
        return trazas

    def preparar(self, paso, firma):
        """Crea las variables que faltan para un paso y mira cómo es el modelo en este momento."""
        if paso not in self._con_variables:
            crear_variables(self.modelo, paso, firma)
            self._con_variables.add(paso)
        self._descripcion = describir(self.modelo)

    @property
    def preparadas(self):
        """Si ya se creó todo lo que un paso necesita, también las métricas."""
        return bool(self._con_variables)

    def olvidar(self, paso):
        """Descarta lo trazado de un paso, porque se pidió rehacerlo."""
        self._hechos = {llave: hecho for llave, hecho in self._hechos.items() if llave[0] != paso}

    def de_filas(self, paso, tensores, *, completos, altura=None, menudo=False, vigilar=False):
        """Devuelve el bucle sobre filas en memoria.

        Argumentos:
            paso: "train_step" o "test_step".
            tensores: los `Tensores` con las filas.
            completos: si todos los lotes que recorre tienen las mismas filas.
            altura: filas del tramo, si se compila con XLA.
            menudo: si conviene un solo hilo.
            vigilar: si se detiene donde la pérdida deje de ser finita.
        """
        firma, con_xla = tensores.firma(altura), altura is not None
        opciones = {"completos": completos, "a_la_vista": tensores.lotes_completos}
        lote = lote_de_filas(firma, tensores.batch_size, **opciones)
        entrada = keras.tree.flatten(firma)

        def hacer():
            apurado = menudo or (con_xla and not self.modelo.jit_compile)
            pedido = {"vigilar": vigilar, "con_xla": con_xla, "reversible": apurado}
            concreta = trazar_bucle(self.modelo, paso, entrada, lote, **pedido)
            if not con_xla:
                return concreta, Programa(concreta, menudo=menudo)
            # Si el modelo pide XLA, Keras también lo usa, y calla lo mismo.
            mirar = not self.modelo.jit_compile and xla.revisar_operaciones(concreta)
            return concreta, xla.compilar(concreta, entrada, mira_etiquetas=mirar)

        forma = (repr(firma), tensores.batch_size, *opciones.values(), menudo, vigilar, con_xla)
        return self._obtener((paso, *forma), hacer)

    def de_flujo(self, paso, firma, *, vigilar=False):
        """Devuelve el bucle que pide cada lote a un iterador, con elementos como `firma`."""

        def hacer():
            entrada = tf.data.IteratorSpec(firma)
            concreta = trazar_bucle(self.modelo, paso, entrada, lote_de_flujo, vigilar=vigilar)
            return concreta, Programa(concreta)

        return self._obtener((paso, "flujo", repr(firma), vigilar), hacer)

    def reinicio(self):
        """Devuelve la función que pone las métricas en cero, todas de Keras."""
        modelo = self.modelo

        def hacer():
            def poner():
                type(modelo).reset_metrics(modelo)
                return []

            concreta = tf.function(poner, autograph=False).get_concrete_function()
            return concreta, Programa(concreta)

        return self._obtener(("reinicio",), hacer)

    def cuenta_de_pasos(self, paso, tensores):
        """Devuelve la llave con que se cuentan estos pasos entre todos los modelos iguales."""
        filas = tensores.n // tensores.batch_size * tensores.batch_size
        return self._descripcion, paso, repr(tensores.firma(filas)), tensores.batch_size

    def _obtener(self, llave, hacer):
        if llave not in self._hechos:
            completa = self._descripcion and (self._descripcion, *llave)
            try:
                hecho = compartir(completa, variables_de(self.modelo), hacer)
            except Exception as error:  # Si el error es del usuario, Keras lo dirá mejor.
                hecho = f"no se pudo compilar el bucle: {error}"
            self._hechos[llave] = hecho
        if isinstance(self._hechos[llave], str):
            raise NoSePuedeAcelerar(self._hechos[llave])
        return self._hechos[llave]
