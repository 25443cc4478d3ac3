"""La misma red en PyTorch, con el bucle de la clase: zero_grad, forward, loss, backward, step.

Muestra los mismos métodos que una red de `desde_cero`, para que `comparar` la trate igual. PyTorch
es opcional, y se importa cuando se usa.
"""

from cursokeras.desde_cero import losses, optimizers


def crear_en_torch(red):
    """Crea la gemela en PyTorch de una red de `desde_cero` compilada.

    Argumentos:
        red: `desde_cero.Sequential` compilada, con Dense, Flatten y Activation.

    Lanza:
        ModuleNotFoundError: si PyTorch no está instalado.
        ValueError: si la pérdida y la cabeza no se corresponden, como una entropía cruzada sin
            softmax ni sigmoide.
    """
    try:
        return RedTorch(red)
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            "Falta instalar PyTorch. Escribe: pip install torch (en este mismo entorno).",
            name="torch",
        ) from error


class RedTorch:
    """Una red de PyTorch con los pesos como en Keras, (entradas, salidas).

    Argumentos:
        red: la red de `desde_cero` que se copia.
    """

    def __init__(self, red):
        self.layers = [_Capa(capa) for capa in red.layers]
        self._perdida = _traducir_perdida(red.loss, self.layers[-1].activacion)
        self._pesos = [w for capa in self.layers for w in capa.pesos]
        self._optimizador = _traducir_optimizador(red.optimizer, self._pesos)

    def get_weights(self):
        """Devuelve copias de los pesos, en el orden de Keras."""
        return [w.detach().numpy().copy() for w in self._pesos]

    def set_weights(self, pesos):
        """Copia los pesos dados."""
        import torch

        with torch.no_grad():
            for propio, nuevo in zip(self._pesos, pesos, strict=True):
                propio.copy_(torch.from_numpy(nuevo))

    @property
    def grads(self):
        """Los gradientes del último paso, en el orden de los pesos."""
        return [w.grad.numpy() for w in self._pesos]

    def train_on_batch(self, x, y):
        """Da un paso con un lote y devuelve su pérdida."""
        import torch

        x, y = torch.from_numpy(x), torch.from_numpy(y)
        self._optimizador.zero_grad()
        for capa in self.layers:
            z, x = capa.calcular(x)
        perdida = self._perdida(z, y) + sum(capa.penalizacion() for capa in self.layers)
        perdida.backward()
        self._optimizador.step()
        return perdida.item()


class _Capa:
    """Una capa: sus pesos, el nombre de su activación y sus regularizadores."""

    def __init__(self, capa):
        import torch

        self.pesos = [torch.tensor(w, requires_grad=True) for w in capa.weights]
        # Flatten no tiene activación.
        self.activacion = capa.activation.name if hasattr(capa, "activation") else None
        self._regularizadores = [
            getattr(capa, nombre, None) for nombre in ("kernel_regularizer", "bias_regularizer")
        ]

    def forward(self, x):
        """Devuelve la salida de la capa, como arreglo de NumPy."""
        import torch

        with torch.no_grad():
            return self.calcular(torch.from_numpy(x))[1].numpy()

    def calcular(self, x):
        """Devuelve z, lo que entra en la activación, y la salida."""
        if self.activacion is None:
            x = x.flatten(start_dim=1)
            return x, x
        if self.pesos:
            x = x @ self.pesos[0]
        if len(self.pesos) == 2:
            x = x + self.pesos[1]
        return x, _activar(self.activacion, x)

    def penalizacion(self):
        """Lo que los regularizadores suman a la pérdida."""
        pares = zip(self._regularizadores, self.pesos, strict=False)
        return sum(_penalizar(r, w) for r, w in pares if r is not None)


def _activar(nombre, z):
    import torch
    from torch.nn import functional

    if nombre == "linear":
        return z
    if nombre == "softmax":
        return z.softmax(dim=-1)
    if nombre == "leaky_relu":
        return functional.leaky_relu(z, 0.2)
    return getattr(torch if hasattr(torch, nombre) else functional, nombre)(z)


def _penalizar(regularizador, w):
    l1, l2 = (getattr(regularizador, nombre, 0.0) for nombre in ("l1", "l2"))
    return l1 * w.abs().sum() + l2 * w.square().sum()


def _traducir_perdida(perdida, activacion):
    """Devuelve la pérdida como función de z, lo que entra en la última activación."""
    from torch.nn import functional

    if isinstance(perdida, losses.MeanSquaredError):
        return lambda z, y: functional.mse_loss(_activar(activacion, z), y)
    if isinstance(perdida, losses.MeanAbsoluteError):
        return lambda z, y: functional.l1_loss(_activar(activacion, z), y)
    if not isinstance(perdida, losses.EntropiaCruzada):
        raise ValueError(
            f"La red de PyTorch no tiene la pérdida {perdida.name}. Compila el modelo con mse, mae "
            "o una entropía cruzada, o compáralo con NumPy: ck.comparar(modelo, x, y)."
        )
    esperada = "linear" if perdida.from_logits else perdida.activacion.name
    if activacion != esperada:
        raise ValueError(
            f"PyTorch calcula {perdida.name} desde z, y para eso la última activación tiene que "
            f"ser {esperada}; es {activacion}."
        )
    if isinstance(perdida, losses.BinaryCrossentropy):
        return functional.binary_cross_entropy_with_logits
    if isinstance(perdida, losses.SparseCategoricalCrossentropy):
        return lambda z, y: functional.cross_entropy(z, y[:, 0].long())
    return functional.cross_entropy


def _traducir_optimizador(o, pesos):
    import torch

    if isinstance(o, optimizers.SGD):
        return torch.optim.SGD(pesos, o.learning_rate, momentum=o.momentum, nesterov=o.nesterov)
    if isinstance(o, optimizers.Adam):
        betas = (o.beta_1, o.beta_2)
        return torch.optim.Adam(pesos, o.learning_rate, betas=betas, eps=o.epsilon)
    # PyTorch suma ε en otro lugar que Keras: `comparar` lo reconoce y dice cuánto cambia.
    return torch.optim.RMSprop(
        pesos, o.learning_rate, alpha=o.rho, eps=o.epsilon, momentum=o.momentum
    )
