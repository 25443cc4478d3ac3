"""Mide la velocidad de `fit` con cursokeras, contra Keras y contra otros, lado a lado.

    python benchmarks/velocidad.py            # todo: unos 15 minutos en dos núcleos
    python benchmarks/velocidad.py --rapido   # lo esencial, en unos dos minutos

Todos los contendientes corren en el mismo proceso y por turnos (A B A B); la tabla da medianas,
y cada proporción es la mediana de las proporciones vuelta por vuelta, que depende menos de lo
ocupada que esté la máquina. Los tiempos son de principio a fin: crear, trazar, compilar y
entrenar. Los rivales que no están instalados se saltan y se nombran.
"""

import argparse
import csv
from pathlib import Path

import mediciones
from casos import BARRAS_DE_IGUALES, CASOS, Caso
from contendientes import CONTENDIENTES, correr, falta
from grafico import graficar_crecimiento, graficar_proporciones

RAPIDOS = {("aula", "sgd"), ("pizarrón", "sgd"), ("tabla", "adam")}


def principal():
    """Lee las opciones, mide, imprime y guarda."""
    opciones = _leer_opciones()
    for nombre in CONTENDIENTES:
        if falta(nombre):
            print(f"Se salta {nombre}: falta el paquete {falta(nombre)}.")
    _calentar()
    filas = []
    for caso in _elegir(opciones):
        filas += mediciones.caso(caso, opciones.vueltas)
    for caso in _elegir(opciones):
        if (caso.nombre, caso.optimizer) in BARRAS_DE_IGUALES:
            filas += mediciones.iguales(caso)
    if not opciones.casos:
        filas += mediciones.pliegues(next(caso for caso in CASOS if caso.nombre == "tabla"))
        for aula in CASOS[:2]:
            filas += mediciones.limite(5, aula)
        filas += mediciones.una_fila()
        filas += mediciones.importacion()
    opciones.salida.mkdir(parents=True, exist_ok=True)
    _guardar_csv(opciones.salida / "velocidad.csv", filas)
    graficar_proporciones(filas, opciones.salida / "velocidad.png")
    if not (opciones.rapido or opciones.casos):
        puntos = mediciones.crecimiento(opciones.tope)
        _guardar_csv(opciones.salida / "crecimiento.csv", puntos)
        graficar_crecimiento(puntos, opciones.salida / "crecimiento.png")
    print(f"\nTablas y gráficos en {opciones.salida}")


def _leer_opciones():
    lector = argparse.ArgumentParser(description="Mide la velocidad de fit, lado a lado.")
    lector.add_argument("--rapido", action="store_true", help="lo esencial, en dos minutos")
    lector.add_argument("--casos", nargs="*", help="solo los casos con estos nombres")
    lector.add_argument("--vueltas", type=int, help="turnos de cada uno (3; 1 con --rapido)")
    lector.add_argument("--tope", type=float, default=60, help="segundos por punto de crecimiento")
    lector.add_argument("--salida", type=Path, default=Path("resultados-velocidad"))
    opciones = lector.parse_args()
    opciones.vueltas = opciones.vueltas or (1 if opciones.rapido else 3)
    return opciones


def _elegir(opciones):
    casos = [c for c in CASOS if not opciones.casos or c.nombre in opciones.casos]
    return [c for c in casos if not opciones.rapido or (c.nombre, c.optimizer) in RAPIDOS]


def _calentar():
    """Carga las bibliotecas antes de medir: importar no es entrenar."""
    caso = Caso("calentar", 64, 64, 4, (4,), 1, 32, 1)
    datos = caso.generar()
    for nombre in CONTENDIENTES:
        if not falta(nombre):
            correr(nombre, caso, datos)


def _guardar_csv(ruta, filas):
    columnas = list(dict.fromkeys(columna for fila in filas for columna in fila))
    with ruta.open("w", newline="", encoding="utf-8") as archivo:
        escritor = csv.DictWriter(archivo, columnas)
        escritor.writeheader()
        escritor.writerows(filas)


if __name__ == "__main__":
    principal()
