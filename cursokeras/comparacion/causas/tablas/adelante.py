"""Los errores conocidos del forward: qué hace una capa en lugar de f(x W + b)."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from cursokeras.comparacion.causas.causa import Error
from cursokeras.desde_cero import activations


@dataclass(frozen=True)
class Capa:
    """Una capa de la gemela después de pasar el lote.

    Argumentos:
        escena: la `Escena` del lote.
        i: su número.
        entrada: lo que entra, (n, d_in).
    """

    escena: Any
    i: int
    entrada: np.ndarray

    @property
    def capa(self):
        return self.escena.red.layers[self.i]

    @property
    def activacion(self):
        return getattr(self.capa, "activation", None)

    @property
    def nombre(self):
        return self.activacion.name

    @property
    def kernel(self):
        return getattr(self.capa, "kernel", None)

    @property
    def bias(self):
        return self.capa.weights[1] if len(self.capa.weights) == 2 else 0.0

    @property
    def suma(self):
        """x W, sin el sesgo."""
        return self.entrada if self.kernel is None else self.entrada @ self.kernel

    @property
    def z(self):
        return self.suma + self.bias

    @property
    def inicial(self):
        """El kernel con que empezó el entrenamiento."""
        k = sum(len(otra.weights) for otra in self.escena.red.layers[: self.i])
        return self.escena.iniciales[k]

    @property
    def anterior(self):
        """La capa de antes, o `None`."""
        return self.escena.red.layers[self.i - 1] if self.i else None

    @property
    def del_lote_anterior(self):
        """La misma capa como quedó en el lote anterior, o `None`."""
        return self.escena.previa and self.escena.previa.red.layers[self.i]

    def f(self, z):
        """La activación aplicada a otra z."""
        return self.activacion.forward(z)


def _densa(c):
    return c.kernel is not None


def _con_sesgo(c):
    return _densa(c) and len(c.capa.weights) == 2


def _cuadrada(c):
    return _densa(c) and c.kernel.shape[0] == c.kernel.shape[1]


def _curva(c):
    return c.activacion not in (None, activations.linear)


def _es(*nombres):
    return lambda c: c.activacion is not None and c.nombre in nombres


def _otra_activacion(nombre):
    def otra(c):
        return activations.get(nombre).forward(c.z)

    return Error(
        "otra_activacion",
        f"usa {nombre}, y la de Keras usa {{s.nombre}}",
        otra,
        lambda c: c.activacion is not None and c.nombre != nombre,
    )


def _otra_curva(nombre, f):
    """Una activación que la gemela puede no tener."""
    return Error(
        "otra_activacion",
        f"usa {nombre}, y la de Keras usa {{s.nombre}}",
        lambda c: f(c.z),
        lambda c: c.activacion is not None and c.nombre != nombre,
    )


def _leaky(pendiente):
    return Error(
        "relu_con_pendiente",
        f"deja pasar {pendiente:g} z donde z < 0 (leaky relu), y relu da 0",
        lambda c: np.where(c.z > 0, c.z, pendiente * c.z),
        _es("relu"),
    )


def _redondea(cifras):
    return Error(
        "salida_redondeada",
        f"redondea su salida a {cifras} decimales",
        lambda c: np.round(c.f(c.z), cifras),
        lambda c: c.activacion is not None,
    )


def _normalizar(v, eje):
    return (v - v.mean(axis=eje, keepdims=True)) / (v.std(axis=eje, keepdims=True) + 1e-12)


def _lisa(z):
    """softplus, ln(1 + e^z), sin desbordar."""
    return np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z)))


# fmt: off
ADELANTE = (
    Error("sin_sesgo", "no suma el sesgo", lambda c: c.f(c.suma), _con_sesgo),
    Error("sin_activacion", "no aplica la activación: entrega z, y Keras {s.nombre}(z)",
        lambda c: c.z, _curva),
    *(_otra_activacion(nombre) for nombre in ("relu", "tanh", "sigmoid", "softmax")),
    Error("sesgo_restado", "resta el sesgo en lugar de sumarlo", lambda c: c.f(c.suma - c.bias),
        _con_sesgo),
    Error("sesgo_doble", "suma el sesgo dos veces", lambda c: c.f(c.suma + 2 * c.bias), _con_sesgo),
    Error("sesgo_despues", "suma el sesgo después de la activación", lambda c: c.f(c.suma) + c.bias,
        lambda c: _con_sesgo(c) and _curva(c)),
    Error("sesgo_repetido_despues", "suma el sesgo en z y otra vez después de la activación",
        lambda c: c.f(c.z) + c.bias, lambda c: _con_sesgo(c) and _curva(c)),
    Error("sesgo_multiplicado", "multiplica por el sesgo en lugar de sumarlo",
        lambda c: c.f(c.suma * c.bias), _con_sesgo),
    Error("sesgo_promediado_adelante", "suma el promedio de los sesgos, y cada neurona tiene el "
        "suyo", lambda c: c.f(c.suma + np.mean(c.bias)), _con_sesgo),
    Error("kernel_transpuesto", "multiplica por la matriz de pesos transpuesta",
        lambda c: c.f(c.entrada @ c.kernel.T + c.bias), _cuadrada),
    Error("z_sin_activar_antes", "recibe la z de la capa anterior, y debe recibir su salida a = "
        "f(z)", lambda c: c.f(c.anterior.z @ c.kernel + c.bias),
        lambda c: _densa(c) and np.shape(getattr(c.anterior, "z", None)) == c.entrada.shape),
    Error("salta_una_capa", "recibe x, y debe recibir la salida de la capa anterior",
        lambda c: c.f(c.escena.x @ c.kernel + c.bias),
        lambda c: _densa(c) and c.i > 0 and c.escena.x.shape == c.entrada.shape),
    Error("pesos_iniciales_adelante", "usa el kernel inicial y no el actual: los pesos se mueven y "
        "el forward no se entera", lambda c: c.f(c.entrada @ c.inicial + c.bias), _densa),
    Error("salida_del_lote_anterior", "entrega la salida del lote anterior",
        lambda c: c.del_lote_anterior.a, lambda c: c.del_lote_anterior is not None),
    Error("entrada_del_lote_anterior", "usa la entrada del lote anterior",
        lambda c: c.f(c.del_lote_anterior.x @ c.kernel + c.bias),
        lambda c: _densa(c) and c.del_lote_anterior is not None),
    # Las fórmulas de las activaciones.
    Error("softmax_por_columnas", "aplica softmax por columnas: cada fila, no cada columna, debe "
        "sumar 1 (axis=1)", lambda c: activations.softmax(c.z.T).T, _es("softmax")),
    Error("softmax_de_todo_el_lote", "divide e^z por la suma de todo el lote y no por la de cada "
        "fila", lambda c: np.exp(c.z - c.z.max()) / np.exp(c.z - c.z.max()).sum(), _es("softmax")),
    Error("sin_normalizar", "da e^z y no lo divide por su suma", lambda c: np.exp(c.z),
        _es("softmax")),
    Error("sin_normalizar", "da e^(z − máx) y no lo divide por su suma",
        lambda c: np.exp(c.z - c.z.max(axis=1, keepdims=True)), _es("softmax")),
    Error("softmax_sin_exponencial", "divide z por su suma, sin la exponencial",
        lambda c: c.z / c.z.sum(axis=1, keepdims=True), _es("softmax")),
    Error("softmax_de_otra_base", "usa 2^z en lugar de e^z",
        lambda c: activations.softmax(c.z * np.log(2)), _es("softmax")),
    Error("logaritmo_de_la_softmax", "entrega el logaritmo de la activación",
        lambda c: np.log(c.f(c.z)), _es("softmax", "sigmoid")),
    Error("tanh_a_medias", "escribe tanh como 2σ(z) − 1, que es tanh(z/2): es 2σ(2z) − 1",
        lambda c: np.tanh(c.z / 2), _es("tanh")),
    Error("tanh_doble", "calcula tanh(2z)", lambda c: np.tanh(2 * c.z), _es("tanh")),
    Error("sigmoide_doble", "calcula σ(2z), como (1 + tanh z)/2",
        lambda c: activations.sigmoid(2 * c.z), _es("sigmoid")),
    Error("sigmoide_a_medias", "calcula σ(z/2)", lambda c: activations.sigmoid(c.z / 2),
        _es("sigmoid")),
    *map(_leaky, (0.01, 0.1, 0.2, 0.3, 0.05)),
    Error("relu_al_reves", "deja pasar lo negativo y apaga lo positivo: relu es máx(z, 0), no "
        "mín(z, 0)", lambda c: np.minimum(c.z, 0), _es("relu")),
    Error("relu_valor_absoluto", "da |z| y relu es máx(z, 0)", lambda c: np.abs(c.z), _es("relu")),
    Error("relu_escalon", "da 1 donde z > 0: es la derivada de relu; relu da z",
        lambda c: (c.z > 0).astype("float64"), _es("relu")),
    Error("relu_con_tope", "recorta relu a 1", lambda c: np.clip(c.z, 0, 1), _es("relu")),
    Error("relu_con_tope", "recorta relu a 6 (relu6)", lambda c: np.clip(c.z, 0, 6), _es("relu")),
    Error("relu_desde_uno", "da máx(z, 1) y relu es máx(z, 0)", lambda c: np.maximum(c.z, 1),
        _es("relu")),
    Error("derivada_por_salida", "entrega la derivada 1 − tanh²(z) y no tanh(z)",
        lambda c: 1 - np.tanh(c.z) ** 2, _es("tanh")),
    Error("derivada_por_salida", "entrega la derivada σ(z)(1 − σ(z)) y no σ(z)",
        lambda c: c.f(c.z) * (1 - c.f(c.z)), _es("sigmoid")),
    Error("z_con_signo_cambiado", "cambia el signo de z antes de la activación",
        lambda c: c.f(-c.z), lambda c: c.activacion is not None),
    Error("salida_con_signo_cambiado", "cambia el signo de su salida", lambda c: -c.f(c.z), _curva),
    Error("activacion_repetida", "aplica {s.nombre} dos veces", lambda c: c.f(c.f(c.z)), _curva),
    Error("activacion_antes_de_los_pesos", "aplica la activación a x W y después no a la suma con "
        "el sesgo, sino a la entrada", lambda c: c.f(c.entrada) @ c.kernel + c.bias,
        lambda c: _densa(c) and _curva(c)),
    Error("suma_la_entrada", "suma su entrada a su salida", lambda c: c.f(c.z) + c.entrada,
        lambda c: c.activacion is not None and c.z.shape == c.entrada.shape),
    Error("z_promediada", "promedia los productos x · w en lugar de sumarlos",
        lambda c: c.f(c.suma / c.kernel.shape[0] + c.bias), _densa),
    Error("z_normalizada", "estandariza z con la media y la desviación del lote",
        lambda c: c.f(_normalizar(c.z, 0)), lambda c: c.activacion is not None),
    Error("z_normalizada", "estandariza z con la media y la desviación de cada fila",
        lambda c: c.f(_normalizar(c.z, 1)), lambda c: c.activacion is not None and c.z.ndim == 2),
    Error("entrada_normalizada", "estandariza lo que recibe con la media y la desviación del lote",
        lambda c: c.f(_normalizar(c.entrada, 0) @ c.kernel + c.bias), _densa),
    Error("entrada_activada", "aplica la activación a lo que recibe",
        lambda c: c.f(c.f(c.entrada) @ c.kernel + c.bias), lambda c: _densa(c) and _curva(c)),
    _otra_curva("elu", lambda z: np.where(z > 0, z, np.expm1(np.minimum(z, 0)))),
    _otra_curva("softplus", _lisa),
    _otra_curva("swish (silu)", lambda z: z * activations.sigmoid(z)),
    _otra_curva("softsign", lambda z: z / (1 + np.abs(z))),
    _otra_curva("sigmoide dura", lambda z: np.clip(0.2 * z + 0.5, 0, 1)),
    _otra_curva("gelu",
        lambda z: z * (1 + np.tanh(np.sqrt(2 / np.pi) * (z + 0.044715 * z**3))) / 2),
    _otra_curva("un escalón", lambda z: (z > 0).astype("float64")),
    _otra_curva("el seno", np.sin),
    _otra_curva("arcotangente", np.arctan),
    Error("truncada_a_enteros", "guarda números reales en un arreglo de enteros y pierde los "
        "decimales", lambda c: np.trunc(c.f(c.z)), lambda c: c.activacion is not None),
    *map(_redondea, (3, 2, 1, 0)),
    Error("aplanado_por_columnas", "aplana cada fila por columnas; Keras lo hace por filas (orden "
        "C)", lambda c: np.stack([fila.ravel("F") for fila in c.entrada]),
        lambda c: c.activacion is None),
)
# fmt: on
