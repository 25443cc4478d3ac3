"""Cada medición corre, imprime su tabla contra la barra, y devuelve filas para el CSV."""

import dataclasses
import statistics
import subprocess
import sys
import time

from casos import BARRAS_DE_IGUALES, CASOS
from contendientes import correr, falta

# Cuántas veces más rápido que estos debe ser cursokeras en el caso aula.
BARRAS_DE_RIVALES = {"torch_dataloader": 4, "sklearn": 1.7}


def caso(caso, vueltas):
    """Compara de principio a fin a Keras, cursokeras y los rivales del caso."""
    marcas = _por_turnos(("keras", "cursokeras", *caso.rivales), caso, vueltas)
    print(
        f"\n{caso.nombre} ({caso.optimizer}): {caso.n:,}×{caso.d_in} filas, "
        f"lote {caso.batch_size}, {caso.epochs} épocas"
    )
    titulos = ("segundos", "ms/época", "pérdida", "Keras/él", "por época", "él/nosotros")
    print(" " * 18 + "".join(f"{titulo:>12}" for titulo in titulos))
    filas = []
    for nombre, propias in marcas.items():
        medida = {
            "segundos": _mediana(m.segundos for m in propias),
            "ms_por_epoca": 1e3 * _mediana(m.por_epoca for m in propias),
            "perdida": _mediana(m.perdida for m in propias),
            "veces_keras": _cociente(marcas["keras"], propias, "segundos"),
            "veces_keras_epoca": _cociente(marcas["keras"], propias, "por_epoca"),
            "cursokeras_veces": _cociente(propias, marcas["cursokeras"], "segundos"),
        }
        numeros = "".join(f"{valor:12.4g}" for valor in medida.values())
        print(f"{nombre:18}{numeros}  {_juicio(caso, nombre, medida)}")
        quien = {"caso": caso.nombre, "optimizer": caso.optimizer, "contendiente": nombre}
        filas.append(quien | medida)
    return filas


def _juicio(caso, nombre, medida):
    """Qué barra cumple: contra Keras la nuestra; contra nosotros la de un rival."""
    if nombre == "cursokeras":
        juicio = _contra(medida["veces_keras"], caso.barra)
        if caso.barra_epoca:
            juicio += ", por época " + _contra(medida["veces_keras_epoca"], caso.barra_epoca)
        return juicio
    barra = BARRAS_DE_RIVALES.get(nombre)
    return _contra(medida["cursokeras_veces"], barra) if barra and caso.nombre == "aula" else ""


def iguales(caso, modelos=6):
    """Entrena varios modelos iguales seguidos, y a Keras y a NumPy entre uno y otro."""
    datos = caso.generar()
    primera = correr("cursokeras", caso, datos)
    for _ in range(3):  # Los que todavía pagan la compilación con XLA.
        correr("cursokeras_igual", caso, datos)
    marcas = {nombre: [] for nombre in ("keras", "cursokeras_igual", "numpy")}
    for _ in range(modelos):
        for nombre, propias in marcas.items():
            propias.append(correr(nombre, caso, datos))
    contra_keras = _cociente(marcas["keras"], marcas["cursokeras_igual"], "segundos")
    contra_numpy = _cociente(marcas["cursokeras_igual"], marcas["numpy"], "segundos")
    primero = _mediana(m.segundos for m in marcas["keras"]) / primera.segundos
    barra = BARRAS_DE_IGUALES.get((caso.nombre, caso.optimizer), 1)
    print(
        f"iguales, {caso.nombre} ({caso.optimizer}): el primero {primero:.1f} veces Keras, los "
        f"demás {contra_keras:.1f}  {_contra(contra_keras, barra)}; nosotros/NumPy "
        f"{contra_numpy:.2f}{f'  {_bajo(contra_numpy, 0.8)}' if caso.nombre == 'aula' else ''}"
    )
    quien = {"caso": f"iguales {caso.nombre}", "optimizer": caso.optimizer}
    return [
        quien | {"contendiente": "el primero", "veces_keras": primero},
        quien | {"contendiente": "los demás", "veces_keras": contra_keras},
    ]


def pliegues(caso, pliegues=5, semillas=5):
    """Cinco pliegues por cinco semillas de un caso, todo lo que tarda, contra Keras."""
    datos = caso.generar()
    total = pliegues * semillas
    nuestro = correr("cursokeras", caso, datos).segundos
    nuestro += sum(correr("cursokeras_igual", caso, datos).segundos for _ in range(total - 1))
    keras = _mediana(correr("keras", caso, datos).segundos for _ in range(3))
    veces = keras * total / nuestro
    print(
        f"{pliegues} pliegues × {semillas} semillas de {caso.nombre}: {veces:.1f} veces Keras  "
        f"{_contra(veces, 22)}"
    )
    quien = {"caso": "pliegues", "optimizer": caso.optimizer, "contendiente": "cursokeras"}
    return [quien | {"segundos": nuestro, "veces_keras": veces}]


def limite(vueltas, aula):
    """Compara el paso en régimen, sin validar, con el scan de JAX y con NumPy."""
    trabajo = dataclasses.replace(aula, n_val=0, epochs=60)
    marcas = _por_turnos(("cursokeras", "jax_scan", "numpy"), trabajo, vueltas)
    print(f"\nlímite: microsegundos por paso en régimen (aula, {aula.optimizer}, sin validación)")
    filas = []
    for nombre, propias in marcas.items():
        epoca = _mediana(m.por_epoca for m in propias)
        veces = _cociente(marcas["cursokeras"], propias, "por_epoca")
        barra = {"jax_scan": 1.4, "numpy": 1.0}.get(nombre)
        juicio = f"nosotros/él {veces:.2f}  {_bajo(veces, barra)}" if barra else ""
        print(f"{nombre:18}{1e6 * epoca / trabajo.pasos:12.1f}  {juicio}")
        quien = {"caso": "límite", "optimizer": aula.optimizer, "contendiente": nombre}
        filas.append(quien | {"veces_cursokeras": veces, "ms_por_epoca": 1e3 * epoca})
    return filas


def una_fila(repeticiones=50):
    """Compara `predecir` de una fila con `model.predict`."""
    import cursokeras as ck

    modelo, fila = ck.crear_regresion(10), CASOS[0].generar()[0][:1]
    acciones = {
        "keras": lambda: modelo.predict(fila, verbose=0),
        "cursokeras": lambda: ck.predecir(modelo, fila),
    }
    tiempos = {nombre: [] for nombre in acciones}
    for _ in range(repeticiones):
        for nombre, accion in acciones.items():
            tiempos[nombre].append(_cronometrar(accion))
    segundos = {nombre: statistics.median(propios) for nombre, propios in tiempos.items()}
    veces = segundos["keras"] / segundos["cursokeras"]
    print(
        f"\nuna fila: predict {1e3 * segundos['keras']:.2f} ms, "
        f"predecir {1e3 * segundos['cursokeras']:.3f} ms: {veces:.0f} veces  {_contra(veces, 80)}"
    )
    return [{"caso": "una fila", "contendiente": n, "segundos": s} for n, s in segundos.items()]


def importacion(repeticiones=5):
    """Mide `import cursokeras` en procesos nuevos."""
    programa = (
        "import sys, time; t = time.perf_counter(); import cursokeras;"
        "print(time.perf_counter() - t, 'tensorflow' in sys.modules)"
    )
    proceso = [sys.executable, "-c", programa]
    medidas = [
        subprocess.run(proceso, capture_output=True, text=True, check=True).stdout.split()
        for _ in range(repeticiones)
    ]
    segundos = _mediana(float(segundos) for segundos, _ in medidas)
    carga = any(carga == "True" for _, carga in medidas)
    print(f"import cursokeras: {segundos:.3f} s  {_bajo(segundos, 0.3)}")
    print(f"TensorFlow al importar: {'✗ se carga' if carga else '✓ no se carga'}")
    return [{"caso": "import", "contendiente": "cursokeras", "segundos": segundos}]


def crecimiento(tope):
    """Mide cómo crece el tiempo de 10³ a 10⁷ filas recorridas; salta lo que pasaría de `tope`."""
    candidatos = ("keras", "cursokeras", "numpy", "torch_dataloader", "jax_scan")
    puntos = []
    print("\ncrecimiento: segundos de principio a fin (red de aula, lote 32, SGD, 10 épocas)")
    for nombre in (n for n in candidatos if not falta(n)):
        segundos = 0.0
        for filas in (100, 1000, 10_000, 100_000, 1_000_000):
            if segundos * 10 > tope and filas > 1000:
                print(f"{nombre:18}{10 * filas:>12,} filas: se salta, pasaría de {tope:g} s")
                break
            trabajo = dataclasses.replace(CASOS[0], n=filas, n_val=0, epochs=10)
            segundos = correr(nombre, trabajo, trabajo.generar()).segundos
            punto = {"filas_recorridas": 10 * filas, "segundos": segundos}
            puntos.append({"contendiente": nombre} | punto)
            print(f"{nombre:18}{10 * filas:>12,} filas {segundos:9.2f} s")
    return puntos


def _por_turnos(nombres, trabajo, vueltas):
    """Corre A B C, A B C...: el ruido de la máquina les toca a todos por igual."""
    datos = trabajo.generar()
    marcas = {nombre: [] for nombre in nombres if not falta(nombre)}
    for _ in range(vueltas):
        for nombre, propias in marcas.items():
            propias.append(correr(nombre, trabajo, datos))
    return marcas


def _cociente(numeradores, denominadores, campo):
    pares = zip(numeradores, denominadores, strict=True)
    return _mediana(getattr(a, campo) / getattr(b, campo) for a, b in pares)


def _mediana(valores):
    return statistics.median(list(valores))


def _cronometrar(accion):
    inicio = time.perf_counter()
    accion()
    return time.perf_counter() - inicio


def _contra(valor, barra):
    return f"{'✓' if valor >= barra else '✗'} barra ≥ {barra:g}"


def _bajo(valor, barra):
    return f"{'✓' if valor <= barra else '✗'} barra ≤ {barra:g}"
