"""Redes correctas escritas como las escribe un estudiante, y operadores que las equivocan.

Cada red es un texto de Python; cada operador cambia una línea y dice, antes de correr nada, qué
nombres de causa serían los correctos y dónde tiene que verse el error.
"""

import itertools
from dataclasses import dataclass, field

import numpy as np

PLANTILLA = """
import numpy as np

def sigmoide(z):
    return 1 / (1 + np.exp(-z))

class Red:
    tasa = {tasa}
    t = 0

    def set_weights(self, pesos):
        self.W1, self.b1, self.W2, self.b2, self.W3, self.b3 = [w.copy() for w in pesos]
        self.m = [np.zeros(w.shape) for w in pesos]
        self.v = [np.zeros(w.shape) for w in pesos]

    def get_weights(self):
        return [self.W1, self.b1, self.W2, self.b2, self.W3, self.b3]

    def adelante(self, x):
        self.x = x
        self.z1 = self.x @ self.W1 + self.b1
        self.a1 = {f1}
        self.z2 = self.a1 @ self.W2 + self.b2
        self.a2 = {f2}
        self.z3 = self.a2 @ self.W3 + self.b3
        self.p = {cabeza}
        return self.p

    def perdida(self, y):
        n, d = self.p.shape
        datos = {perdida}
        return datos{penalizacion}

    def atras(self, y):
        n, d = self.p.shape
        d3 = {delta}
        gW3 = self.a2.T @ d3
        gb3 = d3.sum(axis=0)
        d2 = d3 @ self.W3.T * {df2}
        gW2 = self.a1.T @ d2
        gb2 = d2.sum(axis=0)
        d1 = d2 @ self.W2.T * {df1}
        gW1 = self.x.T @ d1{gpenal}
        gb1 = d1.sum(axis=0)
        return [gW1, gb1, gW2, gb2, gW3, gb3]

    def mover(self, gradientes):
        self.t += 1
        for k, (w, g) in enumerate(zip(self.get_weights(), gradientes)):
            {mover}

    def train_on_batch(self, x, y):
        {preparar}
        self.adelante(x)
        perdida = self.perdida(y)
        self.gradientes = self.atras(y)
        self.mover(self.gradientes)
        return perdida
"""
CON_FORWARD = """
    def forward(self, x):
        return self.adelante(x)
"""
ACTIVACIONES = {
    "tanh": ("np.tanh({z})", "(1 - {a} ** 2)"),
    "relu": ("np.maximum({z}, 0)", "({z} > 0)"),
    "sigmoid": ("sigmoide({z})", "({a} * (1 - {a}))"),
}
CABEZAS = {
    "mse": ("self.z3", "((self.p - y) ** 2).mean()", "2 * (self.p - y) / (n * d)"),
    "mae": ("self.z3", "np.abs(self.p - y).mean()", "np.sign(self.p - y) / (n * d)"),
    "binary_crossentropy": (
        "sigmoide(self.z3)",
        "-(y * np.log(self.p) + (1 - y) * np.log(1 - self.p)).mean()",
        "(self.p - y) / (n * d)",
    ),
    "categorical_crossentropy": (
        "np.exp(self.z3) / np.exp(self.z3).sum(axis=1, keepdims=True)",
        "-(y * np.log(self.p)).sum(axis=1).mean()",
        "(self.p - y) / n",
    ),
}
CABEZAS["sparse_categorical_crossentropy"] = CABEZAS["categorical_crossentropy"]
MOVER = {
    "sgd": "w -= self.tasa * g",
    "momento": """self.m[k] = 0.9 * self.m[k] - self.tasa * g
            w += self.m[k]""",
    "adam": """self.m[k] = 0.9 * self.m[k] + 0.1 * g
            self.v[k] = 0.999 * self.v[k] + 0.001 * g ** 2
            m, v = self.m[k] / (1 - 0.9 ** self.t), self.v[k] / (1 - 0.999 ** self.t)
            w -= self.tasa * m / (np.sqrt(v) + 1e-7)""",
    "rmsprop": """self.v[k] = 0.9 * self.v[k] + 0.1 * g ** 2
            w -= self.tasa * g / np.sqrt(self.v[k] + 1e-7)""",
}


@dataclass(frozen=True)
class Config:
    """Una red: activaciones, pérdida, optimizador, clase de red, tamaños, regularizador."""

    f1: str
    f2: str
    perdida: str
    optimizador: str
    clase: str  # "métodos", "forward" o "capas"
    d_out: int
    l2: float = 0.0
    tasa: float = 0.05
    ocultas: tuple = (4, 5)
    semilla: int = 0


@dataclass(frozen=True)
class Operador:
    """Una forma de equivocarse.

    Argumentos:
        nombre: qué hace, en pocas palabras.
        claves: los nombres de causa que serían correctos.
        cambios: parejas (texto viejo, texto nuevo); el viejo tiene que estar.
        donde: "activación", "pérdida", "gradiente" o "peso": dónde se ve si la red muestra todo.
        si: función de la configuración, por si solo vale en algunas.
    """

    nombre: str
    claves: tuple
    cambios: tuple
    donde: str
    si: object = field(default=lambda c: True)


def escribir(config):
    """El programa correcto de una configuración."""
    f1, df1 = ACTIVACIONES[config.f1]
    f2, df2 = ACTIVACIONES[config.f2]
    cabeza, perdida, delta = CABEZAS[config.perdida]
    uno_por_clase = config.perdida.startswith("sparse")
    l2 = config.l2
    texto = PLANTILLA.format(
        tasa=config.tasa,
        f1=f1.format(z="self.z1"),
        f2=f2.format(z="self.z2"),
        df1=df1.format(z="self.z1", a="self.a1"),
        df2=df2.format(z="self.z2", a="self.a2"),
        cabeza=cabeza,
        perdida=perdida,
        delta=delta,
        penalizacion=f" + {l2} * (self.W1 ** 2).sum()" if l2 else "",
        gpenal=f" + 2 * {l2} * self.W1" if l2 else "",
        mover=MOVER[config.optimizador],
        preparar=f"y = np.eye({config.d_out})[y[:, 0]]" if uno_por_clase else "pass",
    )
    if config.clase == "forward":
        texto += CON_FORWARD
    return texto


def ejecutar(texto, config):
    """El objeto que describe un programa."""
    espacio = {}
    exec(compile(texto, "<red de estudiante>", "exec"), espacio)
    red = espacio["Red"]()
    if config.clase == "capas":
        _mostrar_capas(espacio["Red"], red)
    return red


def _mostrar_capas(clase, red):
    """Agrega `layers`, con el forward de cada capa, y `grads`, sin repetir ninguna cuenta."""

    class Capa:
        def __init__(self, i):
            self.i = i

        def forward(self, x):
            if self.i == 0:
                clase.x_de_la_red = x
            copia = clase.__new__(clase)
            vars(copia).update(vars(red))
            _desde(copia, self.i, x, clase.x_de_la_red)
            return (copia.a1, copia.a2, copia.p)[self.i]

    red.layers = [Capa(i) for i in range(3)]
    clase.grads = property(lambda s: s.gradientes)


def _desde(red, i, entrada, x):
    """Corre `adelante` desde la capa i: pone su entrada donde la anterior dejó su salida."""
    fijos = {} if i == 0 else {("a1", "a2")[i - 1]: entrada}

    class Fija(type(red)):
        def __setattr__(self, nombre, valor):
            object.__setattr__(self, nombre, fijos.get(nombre, valor))

    object.__setattr__(red, "__class__", Fija)
    red.adelante(x)


def datos(config, n=22):
    """x e y de una configuración."""
    azar = np.random.default_rng(config.semilla)
    x = azar.normal(size=(n, 3)).astype("float32")
    if config.perdida in ("mse", "mae"):
        return x, (2 * azar.normal(size=(n, config.d_out))).astype("float32")
    if config.perdida == "binary_crossentropy":
        return x, azar.integers(0, 2, (n, config.d_out)).astype("float32")
    clases = azar.integers(0, config.d_out, n)
    return x, clases if config.perdida.startswith("sparse") else np.eye(config.d_out)[clases]


def _es(*perdidas):
    return lambda c: c.perdida in perdidas


def _clases(c):
    return "categorical" in c.perdida


def _regresion(c):
    return c.perdida in ("mse", "mae")


def _entropia(c):
    return not _regresion(c)


def _con(optimizador):
    return lambda c: c.optimizador == optimizador


def _sin_escala(c):
    """Adam y RMSprop no notan un factor en el gradiente."""
    return c.optimizador in ("sgd", "momento")


def _cambio(viejo, nuevo):
    return ((viejo, nuevo),)


def _adelante():
    for i in (1, 2, 3):
        entra = ("self.x", "self.a1", "self.a2")[i - 1]
        z, capa = f"{entra} @ self.W{i} + self.b{i}", f"en la capa {i}"
        sin = z.replace(f" + self.b{i}", "")
        yield Operador(f"sin sesgo {capa}", ("sin_sesgo",), _cambio(z, sin), "activación")
        yield Operador(
            f"resta el sesgo {capa}",
            ("sesgo_restado",),
            _cambio(z, f"{sin} - self.b{i}"),
            "activación",
        )
        yield Operador(
            f"sesgo dos veces {capa}",
            ("sesgo_doble",),
            _cambio(z, f"{z} + self.b{i}"),
            "activación",
        )
        yield Operador(
            f"signo de z {capa}",
            ("z_con_signo_cambiado", "salida_con_signo_cambiado", "signo"),
            _cambio(f"self.z{i} = {z}", f"self.z{i} = -({z})"),
            "activación",
        )
        yield Operador(
            f"promedia en lugar de sumar {capa}",
            ("z_promediada",),
            _cambio(z, f"({sin}) / len(self.W{i}) + self.b{i}"),
            "activación",
        )
    yield Operador(
        "W2 transpuesta",
        ("kernel_transpuesto",),
        _cambio("self.a1 @ self.W2", "self.a1 @ self.W2.T"),
        "activación",
        lambda c: c.ocultas[0] == c.ocultas[1],
    )
    yield Operador(
        "la capa 2 recibe z1",
        ("z_sin_activar_antes", "sin_activacion"),
        _cambio("self.a1 @ self.W2", "self.z1 @ self.W2"),
        "activación",
    )
    for i in (1, 2):
        for nombre, (formula, _) in ACTIVACIONES.items():
            for otro, (distinta, _) in ACTIVACIONES.items():
                if otro != nombre:
                    yield Operador(
                        f"{otro} en lugar de {nombre} en la capa {i}",
                        ("otra_activacion",),
                        _cambio(
                            f"self.a{i} = {formula.format(z=f'self.z{i}')}",
                            f"self.a{i} = {distinta.format(z=f'self.z{i}')}",
                        ),
                        "activación",
                        lambda c, i=i, nombre=nombre: (c.f1, c.f2)[i - 1] == nombre,
                    )
            yield Operador(
                f"sin {nombre} en la capa {i}",
                ("sin_activacion", "z_sin_activar_antes"),
                _cambio(f"self.a{i} = {formula.format(z=f'self.z{i}')}", f"self.a{i} = self.z{i}"),
                "activación",
                lambda c, i=i, nombre=nombre: (c.f1, c.f2)[i - 1] == nombre,
            )
        yield Operador(
            f"relu con pendiente en la capa {i}",
            ("relu_con_pendiente",),
            _cambio(f"np.maximum(self.z{i}, 0)", f"np.maximum(self.z{i}, 0.1 * self.z{i})"),
            "activación",
        )
        yield Operador(
            f"relu al revés en la capa {i}",
            ("relu_al_reves",),
            _cambio(f"np.maximum(self.z{i}, 0)", f"np.minimum(self.z{i}, 0)"),
            "activación",
        )
        yield Operador(
            f"valor absoluto por relu en la capa {i}",
            ("relu_valor_absoluto",),
            _cambio(f"np.maximum(self.z{i}, 0)", f"np.abs(self.z{i})"),
            "activación",
        )
        yield Operador(
            f"sesgo después de la activación {i}",
            ("sesgo_despues",),
            (
                (f" + self.b{i}\n", "\n"),
                (
                    f"        self.z{i + 1} =",
                    f"        self.a{i} = self.a{i} + self.b{i}\n        self.z{i + 1} =",
                ),
            ),
            "activación",
        )
    yield Operador(
        "softmax por columnas",
        ("softmax_por_columnas",),
        _cambio(".sum(axis=1, keepdims=True)", ".sum(axis=0, keepdims=True)"),
        "activación",
        _clases,
    )
    yield Operador(
        "softmax de todo el lote",
        ("softmax_de_todo_el_lote",),
        _cambio("np.exp(self.z3).sum(axis=1, keepdims=True)", "np.exp(self.z3).sum()"),
        "activación",
        _clases,
    )
    yield Operador(
        "estandariza x dentro",
        ("entrada_estandarizada", "entrada_normalizada"),
        _cambio("self.x = x\n", "self.x = (x - x.mean(axis=0)) / x.std(axis=0)\n"),
        "activación",
    )
    yield Operador(
        "centra x dentro",
        ("entrada_centrada",),
        _cambio("self.x = x\n", "self.x = x - x.mean(axis=0)\n"),
        "activación",
    )
    yield Operador(
        "redondea la predicción",
        ("salida_redondeada",),
        _cambio(
            "        return self.p\n",
            "        self.p = np.round(self.p, 2)\n        return self.p\n",
        ),
        "activación",
        _es("mse", "mae"),
    )


def _de_la_perdida():
    cuadrado = "((self.p - y) ** 2).mean()"
    for nombre, claves, nuevo in (
        ("suma las salidas", ("suma_salidas",), "((self.p - y) ** 2).sum(axis=1).mean()"),
        ("convención ½", ("mitad",), "((self.p - y) ** 2).mean() / 2"),
        ("suma todo", ("suma_todo", "sin_promediar_filas"), "((self.p - y) ** 2).sum()"),
        ("½ suma", ("mitad_suma", "mitad"), "((self.p - y) ** 2).sum(axis=1).mean() / 2"),
        ("raíz", ("raiz_del_error",), "np.sqrt(((self.p - y) ** 2).mean())"),
        ("sin cuadrado", ("error_sin_cuadrado",), "(self.p - y).mean()"),
        ("valor absoluto", ("otra_perdida",), "np.abs(self.p - y).mean()"),
        ("promedio al cuadrado", ("cuadrado_del_promedio",), "(self.p - y).mean() ** 2"),
        ("(n, n)", ("tabla_de_n_por_n",), "((self.p - y[:, 0]) ** 2).mean()"),
        ("primera fila", ("solo_la_primera_fila",), "((self.p - y) ** 2)[0].mean()"),
        ("suma y", ("error_con_suma",), "((self.p + y) ** 2).mean()"),
    ):
        yield Operador(
            f"mse: {nombre}",
            claves,
            _cambio(cuadrado, nuevo),
            "pérdida",
            lambda c, n=nombre: c.perdida == "mse" and (n != "(n, n)" or c.d_out == 1),
        )
    yield Operador(
        "mae: cuadrado",
        ("otra_perdida",),
        _cambio("np.abs(self.p - y).mean()", cuadrado),
        "pérdida",
        _es("mae"),
    )
    yield Operador(
        "mae: suma las salidas",
        ("suma_salidas",),
        _cambio("np.abs(self.p - y).mean()", "np.abs(self.p - y).sum(axis=1).mean()"),
        "pérdida",
        _es("mae"),
    )
    binaria = CABEZAS["binary_crossentropy"][1]
    for nombre, claves, nuevo in (
        ("sin los negativos", ("solo_los_positivos",), "-(y * np.log(self.p)).mean()"),
        ("signo de los negativos", ("signo_de_los_negativos",), binaria.replace("+", "-")),
        ("log2", ("logaritmo_base_2",), binaria.replace("np.log", "np.log2")),
        ("suma filas", ("sin_promediar_filas", "suma_todo"), binaria.replace(".mean()", ".sum()")),
        ("sin signo", ("signo",), binaria[1:]),
        (
            "cambia p por 1 − p",
            ("clases_cambiadas",),
            "-(y * np.log(1 - self.p) + (1 - y) * np.log(self.p)).mean()",
        ),
        ("error cuadrático", ("otra_perdida",), cuadrado),
        (
            "ε de 1e-3 en el logaritmo",
            ("epsilon_en_el_logaritmo",),
            binaria.replace("np.log(self.p)", "np.log(self.p + 1e-3)").replace(
                "1 - self.p)", "1 - self.p + 1e-3)"
            ),
        ),
    ):
        yield Operador(
            f"binaria: {nombre}",
            claves,
            _cambio(binaria, nuevo),
            "pérdida",
            _es("binary_crossentropy"),
        )
    clases = CABEZAS["categorical_crossentropy"][1]
    for nombre, claves, nuevo in (
        ("suma filas", ("sin_promediar_filas",), clases.replace(".mean()", ".sum()")),
        ("promedia clases", ("promedia_salidas",), "-(y * np.log(self.p)).mean()"),
        ("log10", ("logaritmo_base_10",), clases.replace("np.log", "np.log10")),
        ("sin logaritmo", ("sin_logaritmo",), "-(y * self.p).sum(axis=1).mean()"),
        ("signo", ("signo",), clases[1:]),
        (
            "logaritmo del promedio",
            ("logaritmo_del_promedio",),
            "-np.log((y * self.p).sum(axis=1).mean())",
        ),
        ("error cuadrático", ("otra_perdida",), cuadrado),
        ("ε de 1e-2", ("epsilon_en_el_logaritmo",), clases.replace("self.p)", "self.p + 1e-2)", 1)),
        ("clase vecina", ("etiquetas_corridas",), clases.replace("y *", "np.roll(y, 1, axis=1) *")),
    ):
        yield Operador(f"clases: {nombre}", claves, _cambio(clases, nuevo), "pérdida", _clases)
    for nombre, claves, cambio in (
        ("sin penalización", ("sin_penalizacion",), ("return datos + ", "return datos + 0 * ")),
        (
            "mitad de la penalización",
            ("penalizacion_a_medias",),
            ("return datos + ", "return datos + 0.5 * "),
        ),
        (
            "penalización entre n",
            ("penalizacion_entre_filas",),
            ("return datos + ", "return datos + 1 / n * "),
        ),
        (
            "penaliza los sesgos",
            ("penaliza_el_sesgo",),
            ("(self.W1 ** 2).sum()", "((self.W1 ** 2).sum() + (self.b1 ** 2).sum())"),
        ),
        (
            "penaliza con |w|",
            ("otra_penalizacion",),
            ("(self.W1 ** 2).sum()", "np.abs(self.W1).sum()"),
        ),
    ):
        yield Operador(nombre, claves, (cambio,), "pérdida", lambda c: c.l2)
    yield Operador(
        "la pérdida después del paso",
        ("perdida_despues_del_paso",),
        _cambio(
            "        return perdida\n", "        self.adelante(x)\n        return self.perdida(y)\n"
        ),
        "pérdida",
    )
    yield Operador(
        "promedia las pérdidas de la época",
        ("perdida_promediada",),
        _cambio(
            "        return perdida\n",
            "        self.todas = [*getattr(self, 'todas', []), perdida]\n"
            "        return np.mean(self.todas)\n",
        ),
        "pérdida",
    )


def _de_los_datos():
    entra = "        self.adelante(x)\n        perdida"
    for nombre, claves, linea, si in (
        ("media fila", ("mitad_del_lote",), "x, y = x[: len(x) // 2], y[: len(y) // 2]", None),
        ("sin la última", ("sin_la_ultima_fila",), "x, y = x[:-1], y[:-1]", None),
        (
            "x del lote anterior",
            ("entrada_del_lote_anterior",),
            "x, self.vieja = (getattr(self, 'vieja', x), x)\n"
            "        x = x[: len(y)] if len(x) >= len(y) else x",
            "igual",
        ),
        (
            "y al revés",
            ("objetivos_al_reves", "filas_de_x_al_reves", "objetivos_desordenados"),
            "y = y[::-1]",
            None,
        ),
        ("y en ±1", ("objetivos_en_mas_menos_uno",), "y = 2 * y - 1", _es("binary_crossentropy")),
        ("y entera", ("objetivos_truncados",), "y = y.astype(int)", _regresion),
        (
            "1 − y",
            ("objetivos_invertidos", "clases_cambiadas"),
            "y = 1 - y",
            _es("binary_crossentropy"),
        ),
        (
            "una columna de y al revés",
            ("columnas_de_y_al_reves",),
            "y = y[:, ::-1]",
            lambda c: c.d_out > 1 and _regresion(c),
        ),
    ):
        if si == "igual":
            continue
        yield Operador(
            f"datos: {nombre}",
            claves,
            _cambio(entra, f"        {linea}\n{entra}"),
            "pérdida",
            si or (lambda c: True),
        )


def _hacia_atras():
    for perdida in ("mse", "mae", "binary_crossentropy", "categorical_crossentropy"):
        delta = CABEZAS[perdida][2]
        igual = _clases if perdida.startswith("cat") else _es(perdida)

        def escala(c, igual=igual):
            return igual(c) and _sin_escala(c)

        divisor = delta.split(" / ")[-1]
        viejo = f"d3 = {delta}"
        yield Operador(
            f"{perdida}: sin dividir",
            ("sin_promediar_filas", "suma_todo", "tasa_de_aprendizaje"),
            _cambio(viejo, f"d3 = {delta.replace(f' / {divisor}', '')}"),
            "gradiente",
            escala,
        )
        yield Operador(
            f"{perdida}: y − p", ("signo",), _cambio(viejo, f"d3 = -({delta})"), "gradiente", igual
        )
        yield Operador(
            f"{perdida}: doble",
            ("doble", "tasa_de_aprendizaje"),
            _cambio(viejo, f"d3 = 2 * {delta}"),
            "gradiente",
            escala,
        )
        yield Operador(
            f"{perdida}: mitad",
            ("mitad", "tasa_de_aprendizaje"),
            _cambio(viejo, f"d3 = 0.5 * {delta}"),
            "gradiente",
            escala,
        )
        yield Operador(
            f"{perdida}: promedia el error",
            ("error_promediado",),
            _cambio(viejo, f"{viejo}\n        d3 = d3.mean(axis=0) + 0 * d3"),
            "gradiente",
            igual,
        )
    for nombre, claves, nuevo, si in (
        ("−y/p", ("softmax_sin_jacobiano",), "-y / self.p / n", _clases),
        (
            "(p − y) p (1 − p)",
            ("derivada_repetida",),
            "(self.p - y) * self.p * (1 - self.p) / n",
            _clases,
        ),
        ("p sin y", ("gradiente_sin_objetivos",), "self.p / n", _clases),
        ("solo la clase verdadera", ("solo_la_clase_verdadera",), "(self.p - y) * y / n", _clases),
        (
            "(p − y) p (1 − p)",
            ("derivada_repetida",),
            "(self.p - y) * self.p * (1 - self.p) / (n * d)",
            _es("binary_crossentropy"),
        ),
        (
            "sin sigmoide",
            ("sin_derivada",),
            "(self.p - y) / (self.p * (1 - self.p)) / (n * d)",
            _es("binary_crossentropy"),
        ),
        ("z − y", ("gradiente_de_los_logits",), "(self.z3 - y) / n", _clases),
        ("mae en mse", ("derivada_de_otra_perdida",), "np.sign(self.p - y) / (n * d)", _es("mse")),
        ("mse en mae", ("derivada_de_otra_perdida",), "2 * (self.p - y) / (n * d)", _es("mae")),
    ):
        for perdida, (_, _, delta) in CABEZAS.items():
            if delta == nuevo:
                continue
            yield Operador(
                f"delta: {nombre}",
                claves,
                _cambio(f"d3 = {delta}", f"d3 = {nuevo}"),
                "gradiente",
                lambda c, si=si, perdida=perdida: si(c) and c.perdida == perdida,
            )
    for i in (1, 2):
        for nombre, (_, derivada) in ACTIVACIONES.items():
            d = derivada.format(z=f"self.z{i}", a=f"self.a{i}")
            viejo, es = f" * {d}", lambda c, i=i, nombre=nombre: (c.f1, c.f2)[i - 1] == nombre
            yield Operador(
                f"sin derivada en {i}", ("sin_derivada",), _cambio(viejo, ""), "gradiente", es
            )
            yield Operador(
                f"derivada dos veces en {i}",
                ("derivada_repetida", "formula_de_la_derivada"),
                _cambio(viejo, viejo + viejo),
                "gradiente",
                lambda c, es=es, n=nombre: es(c) and n != "relu",
            )
            for otra, (_, distinta) in ACTIVACIONES.items():
                if otra != nombre:
                    otra_d = distinta.format(z=f"self.z{i}", a=f"self.a{i}")
                    yield Operador(
                        f"derivada de {otra} en {i}",
                        ("otra_derivada", "formula_de_la_derivada", "derivada_mal_evaluada"),
                        _cambio(viejo, f" * {otra_d}"),
                        "gradiente",
                        es,
                    )
        for viejo, nuevo in (
            (f"(1 - self.a{i} ** 2)", f"(1 - self.a{i})"),
            (f"(1 - self.a{i} ** 2)", f"(1 + self.a{i} ** 2)"),
            (f"(1 - self.a{i} ** 2)", f"(1 - self.z{i} ** 2)"),
            (f"(1 - self.a{i} ** 2)", f"(1 - np.tanh(self.a{i}) ** 2)"),
            (f"(self.a{i} * (1 - self.a{i}))", f"(self.a{i} * (1 + self.a{i}))"),
            (f"(self.a{i} * (1 - self.a{i}))", f"(1 - self.a{i})"),
            (f"(self.a{i} * (1 - self.a{i}))", f"(self.z{i} * (1 - self.z{i}))"),
            (f"(self.z{i} > 0)", f"(self.z{i} < 0)"),
            (f"(self.z{i} > 0)", f"np.sign(self.z{i})"),
        ):
            yield Operador(
                f"{nuevo} por {viejo}",
                (
                    "formula_de_la_derivada",
                    "derivada_mal_evaluada",
                    "derivada_al_reves",
                    "otra_derivada",
                ),
                _cambio(viejo, nuevo),
                "gradiente",
            )
    for i, entra in ((1, "self.x"), (2, "self.a1"), (3, "self.a2")):
        g, b = f"gW{i} = {entra}.T @ d{i}", f"gb{i} = d{i}.sum(axis=0)"
        for nombre, claves, viejo, nuevo in (
            (
                "olvida la entrada",
                ("entrada_olvidada",),
                g,
                f"gW{i} = d{i}.mean(axis=0) + 0 * self.W{i}",
            ),
            (
                "suma δ sin la entrada",
                ("entrada_olvidada",),
                g,
                f"gW{i} = d{i}.sum(axis=0) + 0 * self.W{i}",
            ),
            (
                "promedia el kernel",
                ("kernel_promediado", "tasa_de_una_parte", "promedia_dos_veces"),
                g,
                f"{g} / len({entra})",
            ),
            (
                "kernel en cero",
                ("kernel_en_cero", "pesos_que_no_se_mueven"),
                g,
                f"gW{i} = 0 * self.W{i}",
            ),
            ("signo del kernel", ("signo",), g, f"gW{i} = -{entra}.T @ d{i}"),
            (
                "sesgo promediado",
                ("sesgo_promediado", "promedia_dos_veces"),
                b,
                f"gb{i} = d{i}.mean(axis=0)",
            ),
            (
                "sesgo en cero",
                ("sesgo_en_cero", "pesos_que_no_se_mueven"),
                b,
                f"gb{i} = 0 * self.b{i}",
            ),
            ("sesgo de una fila", ("sesgo_de_una_fila",), b, f"gb{i} = d{i}[-1]"),
            (
                "sesgo sumado entero",
                ("sesgo_por_otro_eje",),
                b,
                f"gb{i} = d{i}.sum() + 0 * self.b{i}",
            ),
            ("signo del sesgo", ("signo",), b, f"gb{i} = -d{i}.sum(axis=0)"),
        ):
            if nuevo is not None:
                yield Operador(
                    f"{nombre} {i}",
                    claves,
                    _cambio(viejo, nuevo),
                    "gradiente",
                    lambda c, n=nombre: _sin_escala(c) or "promedia" not in n,
                )
    yield Operador(
        "usa x por a1",
        ("kernel_con_x",),
        _cambio("gW2 = self.a1.T", "gW2 = self.x.T"),
        "gradiente",
        lambda c: c.ocultas[0] == 3,
    )
    yield Operador(
        "usa z1 por a1",
        ("kernel_sin_activacion_previa",),
        _cambio("gW2 = self.a1.T", "gW2 = self.z1.T"),
        "gradiente",
    )
    yield Operador(
        "W2 sin transponer",
        ("propaga_sin_transponer",),
        _cambio("d2 @ self.W2.T", "d2 @ self.W2"),
        "gradiente",
        lambda c: c.ocultas[0] == c.ocultas[1],
    )
    yield Operador("propaga con signo", ("signo",), _cambio("d1 = d2 @", "d1 = -d2 @"), "gradiente")
    yield Operador(
        "no propaga",
        ("no_propaga", "pesos_que_no_se_mueven"),
        _cambio("d1 = d2 @", "d1 = 0 * d2 @"),
        "gradiente",
        lambda c: not c.l2,
    )
    yield Operador(
        "propaga sin derivada",
        ("propaga_sin_derivada", "sin_derivada"),
        _cambio("d1 = d2 @", "d1 = (d3 @ self.W3.T) @"),
        "gradiente",
    )
    for nombre, claves, nuevo in (
        ("sin regularizador", ("sin_regularizador",), ""),
        ("regularizador sin 2", ("regularizador_a_medias",), " + {} * self.W1"),
        ("regularizador restado", ("regularizador_restado",), " - 2 * {} * self.W1"),
        ("regularizador entre n", ("regularizador_entre_filas",), " + 2 * {} * self.W1 / n"),
    ):
        yield Operador(nombre, claves, (("{gpenal}", nuevo),), "gradiente", lambda c: c.l2)
    yield Operador(
        "L2 en el sesgo",
        ("regulariza_el_sesgo",),
        _cambio("gb1 = d1.sum(axis=0)", "gb1 = d1.sum(axis=0) + 2 * 0.02 * self.b1"),
        "gradiente",
        lambda c: c.l2,
    )
    for veces, clave in ((-1, "gradientes_del_lote_anterior"), (1, "gradientes_acumulados")):
        linea = "self.gradientes = self.atras(y)"
        nuevo = (
            "nuevos = self.atras(y)\n        viejos = getattr(self, 'gradientes', None)\n"
            "        self.gradientes = nuevos if viejos is None else "
            "[a + b for a, b in zip(nuevos, viejos)]"
        )
        if veces < 0:
            nuevo = (
                "actuales = self.atras(y)\n"
                "        self.gradientes = getattr(self, 'proximos', actuales)\n"
                "        self.proximos = actuales"
            )
        yield Operador(clave, (clave,), _cambio(linea, nuevo), "gradiente")


def _de_los_movimientos():
    sgd = "w -= self.tasa * g"
    for nombre, claves, nuevo in (
        ("suma", ("signo",), "w += self.tasa * g"),
        ("tasa ×10", ("tasa_de_aprendizaje",), "w -= 10 * self.tasa * g"),
        ("tasa /2", ("tasa_de_aprendizaje", "mitad"), "w -= self.tasa * g / 2"),
        ("tasa²", ("tasa_de_aprendizaje", "tasa_incluida"), "w -= self.tasa ** 2 * g"),
        ("reemplaza", ("reemplaza_los_pesos",), "w[...] = -self.tasa * g"),
        ("weight decay", ("encoge_los_pesos",), "w -= self.tasa * (g + 0.1 * w)"),
        ("signo de g", ("signo_del_gradiente",), "w -= self.tasa * np.sign(g)"),
        ("sesgos ×2", ("tasa_de_una_parte", "doble"), "w -= self.tasa * g * (1 + (w.ndim == 1))"),
        ("sesgos ×10", ("tasa_de_una_parte",), "w -= self.tasa * g * (1 + 9 * (w.ndim == 1))"),
        ("sesgos al revés", ("signo",), "w -= self.tasa * g * (1 - 2 * (w.ndim == 1))"),
        ("sin sesgos", ("pesos_que_no_se_mueven",), "w -= self.tasa * g * (w.ndim > 1)"),
        ("tasa que baja", ("tasa_que_cambia",), "w -= self.tasa / (1 + 0.1 * (self.t - 1)) * g"),
        (
            "momento",
            ("otro_momento",),
            "self.m[k] = 0.9 * self.m[k] - self.tasa * g\n            w += self.m[k]",
        ),
        ("divide por n", ("tasa_de_aprendizaje", "promedia_dos_veces"), "w -= self.tasa * g / 8"),
        ("recorta", ("gradientes_recortados",), "w -= self.tasa * np.clip(g, -0.05, 0.05)"),
    ):
        yield Operador(f"sgd: {nombre}", claves, _cambio(sgd, nuevo), "peso", _con("sgd"))
    for nombre, claves, viejo, nuevo in (
        ("sin memoria", ("sin_momento",), "0.9 * self.m[k]", "0 * self.m[k]"),
        ("μ = 0.5", ("otro_momento",), "0.9 * self.m[k]", "0.5 * self.m[k]"),
        (
            "promedio",
            ("forma_del_momento", "tasa_de_aprendizaje"),
            "- self.tasa * g",
            "- 0.1 * self.tasa * g",
        ),
        ("resta la velocidad", ("signo_del_momento",), "0.9 * self.m[k] -", "-0.9 * self.m[k] -"),
        ("suma", ("signo",), "w += self.m[k]", "w -= self.m[k]"),
        ("nesterov", ("nesterov",), "w += self.m[k]", "w += 0.9 * self.m[k] - self.tasa * g"),
    ):
        yield Operador(f"momento: {nombre}", claves, _cambio(viejo, nuevo), "peso", _con("momento"))
    for nombre, claves, viejo, nuevo in (
        (
            "sin corregir",
            ("sin_correccion_de_sesgo",),
            "m, v = self.m[k] / (1 - 0.9 ** self.t), self.v[k] / (1 - 0.999 ** self.t)",
            "m, v = self.m[k], self.v[k]",
        ),
        (
            "sin corregir v",
            ("sin_correccion_de_sesgo",),
            "self.v[k] / (1 - 0.999 ** self.t)",
            "self.v[k]",
        ),
        ("tasa ×10", ("tasa_de_aprendizaje",), "w -= self.tasa", "w -= 10 * self.tasa"),
        ("tasa /20", ("tasa_de_aprendizaje",), "w -= self.tasa", "w -= self.tasa / 20"),
        ("β1 m + g", ("medias_de_adam", "tasa_de_aprendizaje"), "+ 0.1 * g", "+ g"),
        ("sin raíz", ("sin_raiz",), "np.sqrt(v)", "v"),
        ("t fija", ("cuenta_de_pasos",), "self.t += 1", "self.t = 1"),
        (
            "β2 = 0.99",
            ("betas",),
            "0.999 * self.v[k] + 0.001 * g ** 2\n"
            "            m, v = self.m[k] / (1 - 0.9 ** self.t), self.v[k] / (1 - 0.999",
            "0.99 * self.v[k] + 0.01 * g ** 2\n"
            "            m, v = self.m[k] / (1 - 0.9 ** self.t), self.v[k] / (1 - 0.99",
        ),
        ("ε = 1e-3", ("epsilon",), "+ 1e-7", "+ 1e-3"),
        ("suma", ("signo",), "w -= self.tasa", "w += self.tasa"),
        (
            "AdamW",
            ("encoge_los_pesos",),
            "w -= self.tasa * m",
            "w -= self.tasa * 0.01 * w\n            w -= self.tasa * m",
        ),
        ("|g|", ("medias_de_adam",), "g ** 2", "np.abs(g)"),
    ):
        yield Operador(f"adam: {nombre}", claves, _cambio(viejo, nuevo), "peso", _con("adam"))
    for nombre, claves, viejo, nuevo in (
        ("acumula", ("acumula_los_cuadrados",), "0.9 * self.v[k] + 0.1 *", "self.v[k] +"),
        ("ρ = 0.99", ("rho",), "0.9 * self.v[k] + 0.1", "0.99 * self.v[k] + 0.01"),
        ("sin raíz", ("sin_raiz",), "np.sqrt(self.v[k] + 1e-7)", "(self.v[k] + 1e-7)"),
        ("tasa ×10", ("tasa_de_aprendizaje",), "w -= self.tasa", "w -= 10 * self.tasa"),
        ("no promedia", ("medias_de_rmsprop",), "+ 0.1 * g", "+ g"),
    ):
        yield Operador(f"rmsprop: {nombre}", claves, _cambio(viejo, nuevo), "peso", _con("rmsprop"))
    yield Operador(
        "dos pasos por lote",
        ("dos_pasos",),
        _cambio(
            "        return perdida\n",
            "        self.adelante(x)\n"
            "        self.gradientes = self.atras(y)\n"
            "        self.mover(self.gradientes)\n"
            "        return perdida\n",
        ),
        "gradiente",
    )
    yield Operador(
        "el mismo paso dos veces",
        ("tasa_de_aprendizaje",),
        _cambio(
            "        return perdida\n",
            "        self.mover(self.gradientes)\n        return perdida\n",
        ),
        "peso",
        _con("sgd"),
    )
    yield Operador(
        "no mueve", ("no_se_mueve",), _cambio("        self.mover(self.gradientes)\n", ""), "peso"
    )


OPERADORES = tuple(
    itertools.chain(
        _adelante(), _de_la_perdida(), _de_los_datos(), _hacia_atras(), _de_los_movimientos()
    )
)


def equivocar(texto, operador, config):
    """El programa con un error, o `None` si el operador no es para él."""
    if not operador.si(config):
        return None
    for viejo, nuevo in operador.cambios:
        if viejo == "{gpenal}":
            viejo, nuevo = f" + 2 * {config.l2} * self.W1", nuevo.format(config.l2)
        if viejo not in texto:
            return None
        texto = texto.replace(viejo, nuevo, 1)
    return texto


def configuracion(azar, **fijas):
    """Una configuración al azar."""
    perdida = azar.choice(list(CABEZAS))
    salidas = {"mse": (1, 3), "mae": (1, 2), "binary_crossentropy": (1, 3)}.get(perdida, (3, 4))
    opciones = dict(
        f1=str(azar.choice(list(ACTIVACIONES))),
        f2=str(azar.choice(list(ACTIVACIONES))),
        perdida=str(perdida),
        optimizador=str(azar.choice(list(MOVER))),
        clase=str(azar.choice(["métodos", "forward", "capas"])),
        d_out=int(azar.choice(salidas)),
        l2=0.02 if azar.random() < 0.4 else 0.0,
        tasa=float(azar.choice([0.05, 0.02, 0.1])),
        ocultas=((4, 5), (5, 5), (3, 4))[int(azar.integers(3))],
        semilla=int(azar.integers(1000)),
    )
    return Config(**(opciones | fijas))
