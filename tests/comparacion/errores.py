"""Redes con un error plantado cada una, como los que se cometen al escribirlas a mano.

Cada función recibe la gemela correcta de `desde_cero` y devuelve la red equivocada.
"""

import numpy as np

from cursokeras import desde_cero
from cursokeras.desde_cero import activations, layers, losses, optimizers

# ---- Activaciones ----


class _SigmoideDeLaClase(activations.Activacion):
    def forward(self, z):
        return 2 / (1 + np.exp(-z)) - 1

    def backward(self, grad, z, a):
        return grad * (1 - a * a) / 2


class _SoftmaxIngenua(activations.Activacion):
    def forward(self, z):
        with np.errstate(all="ignore"):
            e = np.exp(z)
            return e / e.sum(axis=1, keepdims=True)

    def backward(self, grad, z, a):
        return a * (grad - (grad * a).sum(axis=1, keepdims=True))


class _SoftmaxQueSuma(_SoftmaxIngenua):
    def forward(self, z):
        return super().forward(z + z.max(axis=1, keepdims=True))


class _SoftmaxPorColumnas(_SoftmaxIngenua):
    def forward(self, z):
        e = np.exp(z - z.max(axis=0))
        return e / e.sum(axis=0)


class _SoftmaxDeEnteros(_SoftmaxIngenua):
    """El bucle de la clase, que escribe en un arreglo hecho con una lista de enteros."""

    def forward(self, z):
        salida = np.zeros(z.shape, dtype=int)
        for i, fila in enumerate(z):
            for j, valor in enumerate(fila):
                salida[i, j] = np.exp(valor) / np.exp(fila).sum()
        return salida.astype(z.dtype)


class _ReluConPendiente(activations.Activacion):
    def forward(self, z):
        return np.maximum(z, 0.1 * z)

    def backward(self, grad, z, a):
        return np.where(z > 0, grad, 0.1 * grad)


class _Densa(layers.Dense):
    """Una Dense que otra subclase va a equivocar; toma los pesos de la que reemplaza."""

    @classmethod
    def en_lugar_de(cls, vieja):
        penalizacion = vieja.kernel_regularizer
        nueva = cls(vieja.units, vieja.activation, kernel_regularizer=penalizacion, name=vieja.name)
        nueva.build(vieja.input_shape)
        return nueva


class _SinSesgo(_Densa):
    def forward(self, x, training=False):
        self.x, self.z = x, x @ self.kernel
        self.a = self.activation.forward(self.z)
        return self.a


class _SesgoAlFinal(_Densa):
    def forward(self, x, training=False):
        self.x, self.z = x, x @ self.kernel
        self.a = self.activation.forward(self.z) + self.bias
        return self.a


class _KernelAlReves(_Densa):
    def forward(self, x, training=False):
        self.x, self.z = x, x @ self.kernel.T + self.bias
        self.a = self.activation.forward(self.z)
        return self.a


class _ApagaNeuronas(_Densa):
    """Un Dropout que se quedó encendido, sin agrandar lo que deja pasar."""

    def forward(self, x, training=False):
        self.a = super().forward(x) * (np.random.default_rng(0).random((len(x), self.units)) < 0.7)
        return self.a


class _AplanaPorColumnas(layers.Flatten):
    def forward(self, x, training=False):
        self.x = x
        self.a = np.stack([imagen.flatten("F") for imagen in x])
        return self.a


def cambiar_activacion(i, activacion):
    def plantar(red):
        red.layers[i].activation = activacion
        return red

    return plantar


def cambiar_capa(i, clase):
    def plantar(red):
        red.layers[i] = clase.en_lugar_de(red.layers[i])
        return red

    return plantar


def otra_activacion(i, nombre):
    return cambiar_activacion(i, activations.get(nombre))


tanh_de_la_clase = cambiar_activacion(0, _SigmoideDeLaClase())
softmax_ingenua = cambiar_activacion(-1, _SoftmaxIngenua())
softmax_que_suma = cambiar_activacion(-1, _SoftmaxQueSuma())
softmax_por_columnas = cambiar_activacion(-1, _SoftmaxPorColumnas())
softmax_de_enteros = cambiar_activacion(-1, _SoftmaxDeEnteros())
relu_con_pendiente = cambiar_activacion(1, _ReluConPendiente())
apaga_neuronas = cambiar_capa(1, _ApagaNeuronas)
sin_sesgo = cambiar_capa(1, _SinSesgo)
sesgo_al_final = cambiar_capa(0, _SesgoAlFinal)
kernel_al_reves = cambiar_capa(1, _KernelAlReves)


def aplanar_por_columnas(red):
    red.layers[0] = _AplanaPorColumnas(name=red.layers[0].name)
    red.layers[0].build(red.input_shape)
    return red


# ---- Pérdidas ----


class _CuadraticaPor(losses.MeanSquaredError):
    """El error cuadrático con otro divisor: pérdida y gradiente, como si fuera otra convención."""

    def __init__(self, factor):
        self.factor = factor

    def forward(self, y, y_pred, sample_weight=None):
        self.y, self.y_pred = y, y_pred
        return self.factor(*y.shape) * ((y_pred - y) ** 2).sum()

    def backward(self):
        return self.factor(*self.y.shape) * 2 * (self.y_pred - self.y)


class _SoloInforma(losses.MeanSquaredError):
    """Deriva bien, pero informa otro número."""

    def __init__(self, cuenta):
        self.cuenta = cuenta

    def forward(self, y, y_pred, sample_weight=None):
        super().forward(y, y_pred)
        return self.cuenta(y, y_pred)


class _TablaDeNPorN(losses.MeanSquaredError):
    def forward(self, y, y_pred, sample_weight=None):
        self.resta = y_pred - y.ravel()
        return np.mean(self.resta**2)

    def backward(self):
        return 2 * self.resta.mean(axis=1, keepdims=True) / len(self.resta)


class _SoloPositivos(losses.BinaryCrossentropy):
    def forward(self, y, y_pred, sample_weight=None, *, logits=False):
        self.y, self.z = y, y_pred
        return np.mean(-y * np.log(activations.sigmoid(y_pred)))

    def backward(self):
        return -self.y * (1 - activations.sigmoid(self.z)) / len(self.y)


class _EntropiaEnBits(losses.SparseCategoricalCrossentropy):
    def forward(self, y, y_pred, sample_weight=None, *, logits=False):
        return super().forward(y, y_pred, logits=logits) / np.log(2)

    def backward(self):
        return super().backward() / np.log(2)


class _ClasesDesdeUno(losses.SparseCategoricalCrossentropy):
    def forward(self, y, y_pred, sample_weight=None, *, logits=False):
        return super().forward(y - 1, y_pred, logits=logits)


class _Huber(losses.MeanSquaredError):
    def forward(self, y, y_pred, sample_weight=None):
        super().forward(y, y_pred)
        lejos = np.abs(y_pred - y)
        return np.mean(np.where(lejos > 1, lejos - 0.5, lejos**2 / 2))

    def backward(self):
        return np.clip(self.y_pred - self.y, -1, 1) / self.y.size


class _SinRecortar(losses.SparseCategoricalCrossentropy):
    def forward(self, y, y_pred, sample_weight=None, *, logits=False):
        super().forward(y, y_pred, logits=logits)
        with np.errstate(all="ignore"):
            return -np.log(activations.softmax(y_pred)[np.arange(len(y)), y.ravel()]).mean()


def cambiar_perdida(perdida):
    def plantar(red):
        red.loss = perdida
        return red

    return plantar


suma_las_salidas = cambiar_perdida(_CuadraticaPor(lambda n, d: 1 / n))
mitad_de_la_suma = cambiar_perdida(_CuadraticaPor(lambda n, d: 1 / (2 * n)))
suma_las_filas = cambiar_perdida(_CuadraticaPor(lambda n, d: 1 / d))
suma_todo = cambiar_perdida(_CuadraticaPor(lambda n, d: 1))
la_mitad = cambiar_perdida(_CuadraticaPor(lambda n, d: 1 / (2 * n * d)))
divide_por_el_lote_completo = cambiar_perdida(_CuadraticaPor(lambda n, d: 1 / (8 * d)))
signo_de_la_perdida = cambiar_perdida(_CuadraticaPor(lambda n, d: -1 / (n * d)))
informa_la_raiz = cambiar_perdida(_SoloInforma(lambda y, p: np.sqrt(np.mean((y - p) ** 2))))
informa_el_absoluto = cambiar_perdida(_SoloInforma(lambda y, p: np.abs(y - p).mean()))
informa_sin_la_ultima = cambiar_perdida(_SoloInforma(lambda y, p: np.mean((y - p)[:-1] ** 2)))
tabla_de_n_por_n = cambiar_perdida(_TablaDeNPorN())
solo_los_positivos = cambiar_perdida(_SoloPositivos())
entropia_en_bits = cambiar_perdida(_EntropiaEnBits())
clases_desde_uno = cambiar_perdida(_ClasesDesdeUno())
huber = cambiar_perdida(_Huber())
sin_recortar = cambiar_perdida(_SinRecortar())


class _Desordenada(desde_cero.Sequential):
    """Baraja y en cada lote y se olvida de x."""

    def train_on_batch(self, x, y):
        orden = np.random.default_rng(len(self.weights) + self.optimizer.iterations)
        return super().train_on_batch(x, y[orden.permutation(len(y))])


def convertir_en(clase):
    def plantar(red):
        red.__class__ = clase
        return red

    return plantar


objetivos_desordenados = convertir_en(_Desordenada)


class _PromediaLaEpoca(desde_cero.Sequential):
    """Informa lo que muestra la barra de Keras: el promedio de los lotes que lleva la época."""

    def train_on_batch(self, x, y):
        lote = self.optimizer.iterations % 3
        perdida = super().train_on_batch(x, y)
        self.total = perdida + (self.total if lote else 0)
        return self.total / (lote + 1)


class _ObjetivosEnteros(desde_cero.Sequential):
    def train_on_batch(self, x, y):
        return super().train_on_batch(x, y.astype("int64").astype(x.dtype))


class _FilaPorFila(desde_cero.Sequential):
    """Da un paso con cada fila, y no uno con todo el lote."""

    def train_on_batch(self, x, y):
        total = 0
        for fila, objetivo in zip(x, y, strict=True):
            total += super().train_on_batch(fila[None], objetivo[None])
        return total / len(x)


promedia_la_epoca = convertir_en(_PromediaLaEpoca)
objetivos_enteros = convertir_en(_ObjetivosEnteros)
fila_por_fila = convertir_en(_FilaPorFila)


class _SinPenalizacion(_Densa):
    def penalizacion(self):
        return 0.0


sin_penalizacion = cambiar_capa(0, _SinPenalizacion)

# ---- Gradientes ----


class _TanhSinDerivada(activations.Activacion):
    def forward(self, z):
        return np.tanh(z)

    def backward(self, grad, z, a):
        return grad


class _TanhDerivadaEnLaSalida(_TanhSinDerivada):
    def backward(self, grad, z, a):
        return grad * (1 - np.tanh(a) ** 2)


class _TanhDerivadaConZ(_TanhSinDerivada):
    def backward(self, grad, z, a):
        return grad * (1 - z**2)


class _ReluSinDerivada(activations.Activacion):
    def forward(self, z):
        return z * (z > 0)

    def backward(self, grad, z, a):
        return grad


class _ReluAlReves(_ReluSinDerivada):
    def backward(self, grad, z, a):
        return np.where(z > 0, 0, grad)


class _ReluConSigno(_ReluSinDerivada):
    def backward(self, grad, z, a):
        return grad * np.sign(z)


class _SigmoideConMas(activations.Activacion):
    def forward(self, z):
        return 1 / (1 + np.exp(-z))

    def backward(self, grad, z, a):
        return grad * a * (1 + a)


class _TanhSinCuadrado(_TanhSinDerivada):
    def backward(self, grad, z, a):
        return grad * (1 - a)


class _SoftmaxSinJacobiano(_SoftmaxIngenua):
    def backward(self, grad, z, a):
        return grad * a * (1 - a)


class _CuadraticaSinElDos(losses.MeanSquaredError):
    def backward(self):
        return (self.y_pred - self.y) / self.y.size


class _CuadraticaSinDividir(losses.MeanSquaredError):
    def backward(self):
        return 2 * (self.y_pred - self.y) / self.y.shape[1]


class _CuadraticaDeAbsoluta(losses.MeanSquaredError):
    def backward(self):
        return np.sign(self.y_pred - self.y) / self.y.size


class _EntropiaAlReves(losses.SparseCategoricalCrossentropy):
    def backward(self):
        return -super().backward()


class _SesgoSinSumar(_Densa):
    def backward(self, grad):
        delta = self.activation.backward(grad, self.z, self.a)
        self.grads = [self.x.T @ delta, delta]
        return delta @ self.kernel.T


class _SesgoPromedio(_Densa):
    def backward(self, grad):
        delta = self.activation.backward(grad, self.z, self.a)
        self.grads = [self.x.T @ delta, np.mean(delta, axis=0)]
        return delta @ self.kernel.T


class _SesgoQuieto(_Densa):
    def backward(self, grad):
        siguiente = super().backward(grad)
        self.grads[1][:] = 0
        return siguiente


class _KernelTranspuesto(_Densa):
    def backward(self, grad):
        delta = self.activation.backward(grad, self.z, self.a)
        self.grads = [delta.T @ self.x, delta.sum(axis=0)]
        return delta @ self.kernel.T


class _PropagaSinDerivada(_Densa):
    def backward(self, grad):
        super().backward(grad)
        return grad @ self.kernel.T


class _PropagaConSigno(_Densa):
    def backward(self, grad):
        return -super().backward(grad)


class _PesosViejos(_Densa):
    def forward(self, x, training=False):
        if not hasattr(self, "copia"):
            self.copia = self.kernel.copy()
        return super().forward(x)

    def backward(self, grad):
        delta = self.activation.backward(grad, self.z, self.a)
        super().backward(grad)
        return delta @ self.copia.T


class _UltimaFila(_Densa):
    """Recorre las filas con un bucle, y en cada vuelta escribe encima de la anterior."""

    def backward(self, grad):
        delta = self.activation.backward(grad, self.z, self.a)
        for fila, d in zip(self.x, delta, strict=True):
            self.grads = [np.outer(fila, d), d]
        return delta @ self.kernel.T


class _SinRegularizar(_Densa):
    def backward_desde_z(self, grad):
        siguiente = super().backward_desde_z(grad)
        self.grads[0] -= self.kernel_regularizer.backward(self.kernel)
        return siguiente


class _RestaElRegularizador(_Densa):
    def backward(self, grad):
        siguiente = super().backward(grad)
        self.grads[0] -= 2 * self.kernel_regularizer.backward(self.kernel)
        return siguiente


class _Acumula(desde_cero.Sequential):
    """Olvida el zero_grad: a los gradientes de cada lote les suma los anteriores."""

    def train_on_batch(self, x, y):
        viejos = [g.copy() for g in self.grads]
        _, perdida = self.calcular_gradientes(self.preparar_x(x), y)
        for g, viejo in zip(self.grads, viejos, strict=False):
            g += viejo
        self.optimizer.apply(self.grads, self.weights)
        return perdida


class _LoteAnterior(desde_cero.Sequential):
    """Solo calcula los gradientes en los lotes impares."""

    def train_on_batch(self, x, y):
        if self.optimizer.iterations % 2 == 0:
            _, perdida = self.calcular_gradientes(x, y)
        else:
            perdida = self.calcular_perdida(y, self.forward(x))
        self.optimizer.apply(self.grads, self.weights)
        return perdida


class _MueveEnseguida(desde_cero.Sequential):
    """Cada capa mueve sus pesos en cuanto tiene sus gradientes."""

    def train_on_batch(self, x, y):
        salida = self.forward(x)
        perdida = self.loss.forward(y, salida)
        grad = self.loss.backward()
        for capa in reversed(self.layers):
            delta = capa.activation.backward(grad, capa.z, capa.a)
            capa.grads = [capa.x.T @ delta, delta.sum(axis=0)]
            for w, g in zip(capa.weights, capa.grads, strict=True):
                w -= self.optimizer.learning_rate * g
            grad = delta @ capa.kernel.T
        return perdida


class _Recorta(desde_cero.Sequential):
    def train_on_batch(self, x, y):
        _, perdida = self.calcular_gradientes(x, y)
        for g in self.grads:
            np.clip(g, -0.05, 0.05, out=g)
        self.optimizer.apply(self.grads, self.weights)
        return perdida


class _RecortaLaNorma(desde_cero.Sequential):
    def train_on_batch(self, x, y):
        _, perdida = self.calcular_gradientes(x, y)
        norma = np.sqrt(sum((g**2).sum() for g in self.grads))
        for g in self.grads:
            g *= min(1, 0.5 / norma)
        self.optimizer.apply(self.grads, self.weights)
        return perdida


class _TasaEnElGradiente(desde_cero.Sequential):
    def train_on_batch(self, x, y):
        _, perdida = self.calcular_gradientes(x, y)
        for w, g in zip(self.weights, self.grads, strict=True):
            g *= self.optimizer.learning_rate
            w -= g
        return perdida


tanh_sin_derivada = cambiar_activacion(0, _TanhSinDerivada())
tanh_derivada_en_la_salida = cambiar_activacion(0, _TanhDerivadaEnLaSalida())
tanh_derivada_con_z = cambiar_activacion(0, _TanhDerivadaConZ())
relu_sin_derivada = cambiar_activacion(1, _ReluSinDerivada())
relu_al_reves = cambiar_activacion(1, _ReluAlReves())
relu_con_signo = cambiar_activacion(1, _ReluConSigno())
sigmoide_con_mas = cambiar_activacion(0, _SigmoideConMas())
tanh_sin_cuadrado = cambiar_activacion(0, _TanhSinCuadrado())
softmax_sin_jacobiano = cambiar_activacion(-1, _SoftmaxSinJacobiano())
sin_el_dos = cambiar_perdida(_CuadraticaSinElDos())
sin_dividir = cambiar_perdida(_CuadraticaSinDividir())
deriva_la_absoluta = cambiar_perdida(_CuadraticaDeAbsoluta())
entropia_al_reves = cambiar_perdida(_EntropiaAlReves())
sesgo_sin_sumar = cambiar_capa(1, _SesgoSinSumar)
sesgo_promedio = cambiar_capa(0, _SesgoPromedio)
sesgo_en_cero = cambiar_capa(2, _SesgoQuieto)
kernel_transpuesto = cambiar_capa(0, _KernelTranspuesto)
kernel_cuadrado_transpuesto = cambiar_capa(1, _KernelTranspuesto)
propaga_sin_derivada = cambiar_capa(1, _PropagaSinDerivada)
propaga_con_signo = cambiar_capa(1, _PropagaConSigno)
pesos_viejos = cambiar_capa(2, _PesosViejos)
ultima_fila = cambiar_capa(2, _UltimaFila)
sin_regularizar = cambiar_capa(0, _SinRegularizar)
resta_el_regularizador = cambiar_capa(0, _RestaElRegularizador)
acumula = convertir_en(_Acumula)
lote_anterior = convertir_en(_LoteAnterior)
mueve_enseguida = convertir_en(_MueveEnseguida)
recorta = convertir_en(_Recorta)
recorta_la_norma = convertir_en(_RecortaLaNorma)
tasa_en_el_gradiente = convertir_en(_TasaEnElGradiente)

# ---- Actualizaciones ----


def cambiar_optimizador(clase, **opciones):
    def plantar(red):
        red.optimizer = clase(**({"learning_rate": red.optimizer.learning_rate} | opciones))
        return red

    return plantar


class _Sube(optimizers.SGD):
    def paso(self, grads, weights):
        for w, g in zip(weights, grads, strict=True):
            w += self.learning_rate * g


class _SoloKernels(optimizers.SGD):
    def paso(self, grads, weights):
        super().paso(grads[::2], weights[::2])


class _Encoge(optimizers.SGD):
    def paso(self, grads, weights):
        for w in weights:
            w *= 1 - 0.01
        super().paso(grads, weights)


class _TasaQueBaja(optimizers.SGD):
    def paso(self, grads, weights):
        self.learning_rate *= 0.9
        super().paso(grads, weights)


class _MomentoPromedio(optimizers.SGD):
    def paso(self, grads, weights):
        for w, g, v in zip(weights, grads, self.momentos, strict=True):
            v[...] = self.momentum * v + (1 - self.momentum) * g
            w -= self.learning_rate * v


class _MomentoPorEpoca(optimizers.SGD):
    def paso(self, grads, weights):
        if self.iterations % 3 == 1:
            self.momentos = [np.zeros_like(w) for w in weights]
        super().paso(grads, weights)


class _Adam(optimizers.Adam):
    """Adam escrito como en el libro; las subclases cambian una línea."""

    def paso(self, grads, weights):
        for k, (w, g) in enumerate(zip(weights, grads, strict=True)):
            m, v = self.momentos[k], self.velocidades[k]
            self.promediar(g, m, v)
            t = self.contar(k, len(weights))
            w -= self.learning_rate * self.direccion(m, v, t)

    def promediar(self, g, m, v):
        m[...] = self.beta_1 * m + (1 - self.beta_1) * g
        v[...] = self.beta_2 * v + (1 - self.beta_2) * g**2

    def contar(self, k, cuantos):
        return self.iterations

    def direccion(self, m, v, t):
        m, v = m / (1 - self.beta_1**t), v / (1 - self.beta_2**t)
        return m / (np.sqrt(v) + self.epsilon)


class _AdamSinCorregir(_Adam):
    def direccion(self, m, v, t):
        return m / (np.sqrt(v) + self.epsilon)


class _AdamSinCorregirV(_Adam):
    def direccion(self, m, v, t):
        return m / (1 - self.beta_1**t) / (np.sqrt(v) + self.epsilon)


class _AdamEpsilonDentro(_Adam):
    def direccion(self, m, v, t):
        m, v = m / (1 - self.beta_1**t), v / (1 - self.beta_2**t)
        return m / np.sqrt(v + self.epsilon)


class _AdamSinRaiz(_Adam):
    def direccion(self, m, v, t):
        m, v = m / (1 - self.beta_1**t), v / (1 - self.beta_2**t)
        return m / (v + self.epsilon)


class _AdamCuentaArreglos(_Adam):
    def contar(self, k, cuantos):
        return (self.iterations - 1) * cuantos + k + 1


class _AdamNoCuenta(_Adam):
    def contar(self, k, cuantos):
        return 1


class _AdamQueSuma(_Adam):
    def promediar(self, g, m, v):
        super().promediar(g, m, v)
        m += self.beta_1 * g


class _AdamSinCuadrado(_Adam):
    def promediar(self, g, m, v):
        super().promediar(g, m, v)
        v += (1 - self.beta_2) * (np.abs(g) - g**2)


class _AdamSinMomento(_Adam):
    def promediar(self, g, m, v):
        super().promediar(g, m, v)
        m[...] = g

    def direccion(self, m, v, t):
        return m / (np.sqrt(v / (1 - self.beta_2**t)) + self.epsilon)


class _RMSpropDeTorch(optimizers.RMSprop):
    def paso(self, grads, weights):
        for w, g, v in zip(weights, grads, self.velocidades, strict=True):
            v[...] = self.rho * v + (1 - self.rho) * g**2
            w -= self.learning_rate * g / (np.sqrt(v) + self.epsilon)


class _SoloLotesCompletos(desde_cero.Sequential):
    def train_on_batch(self, x, y):
        if len(x) < 8:
            return self.calcular_perdida(y, self.forward(x))
        return super().train_on_batch(x, y)


class _SoloLotesCompletosYCalla(desde_cero.Sequential):
    def train_on_batch(self, x, y):
        return super().train_on_batch(x, y) if len(x) == 8 else 0.0


doble_tasa = cambiar_optimizador(optimizers.SGD, learning_rate=0.1)
sube = cambiar_optimizador(_Sube)
solo_kernels = cambiar_optimizador(_SoloKernels)
encoge = cambiar_optimizador(_Encoge)
tasa_que_baja = cambiar_optimizador(_TasaQueBaja)
momento_de_mas = cambiar_optimizador(optimizers.SGD, momentum=0.9)
sin_momento = cambiar_optimizador(optimizers.SGD)
con_nesterov = cambiar_optimizador(optimizers.SGD, momentum=0.9, nesterov=True)
momento_promedio = cambiar_optimizador(_MomentoPromedio, momentum=0.9)
momento_por_epoca = cambiar_optimizador(_MomentoPorEpoca, momentum=0.9)
adam_sin_corregir = cambiar_optimizador(_AdamSinCorregir)
adam_sin_corregir_v = cambiar_optimizador(_AdamSinCorregirV)
adam_epsilon_grande = cambiar_optimizador(_Adam, epsilon=1e-3)
adam_epsilon_dentro = cambiar_optimizador(_AdamEpsilonDentro)
adam_sin_raiz = cambiar_optimizador(_AdamSinRaiz)
adam_cuenta_arreglos = cambiar_optimizador(_AdamCuentaArreglos)
adam_no_cuenta = cambiar_optimizador(_AdamNoCuenta)
adam_que_suma = cambiar_optimizador(_AdamQueSuma)
adam_sin_cuadrado = cambiar_optimizador(_AdamSinCuadrado)
adam_sin_momento = cambiar_optimizador(_AdamSinMomento)
adam_betas = cambiar_optimizador(_Adam, beta_2=0.99)
sgd_y_no_adam = cambiar_optimizador(optimizers.SGD)
rmsprop_de_torch = cambiar_optimizador(_RMSpropDeTorch, epsilon=1e-3)
solo_lotes_completos = convertir_en(_SoloLotesCompletos)
solo_lotes_completos_y_calla = convertir_en(_SoloLotesCompletosYCalla)
