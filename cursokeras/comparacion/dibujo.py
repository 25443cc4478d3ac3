"""Una comparación a la vista: el gráfico y la lámina que se proyecta desde un cuaderno."""

import base64
import html
import io

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from cursokeras._comun.paleta import PALETA

_AZUL, _NARANJA, _VERDE, _VIOLETA, *_ = PALETA
_GRIS = "#555555"
_TRAZOS = {
    "activaciones": (_AZUL, "-"),
    "pérdida": (_NARANJA, "--"),
    "gradientes": (_VERDE, "-."),
    "pesos": (_VIOLETA, ":"),
}
# En escala logarítmica no cabe el infinito.
_TECHO = 10.0
_FILAS_DE_LA_LAMINA = 5


def dibujar(comparacion, ejes=None):
    """Dibuja las pérdidas y las diferencias de una comparación.

    Argumentos:
        comparacion: `Comparacion`.
        ejes: un par de Axes; `None` los crea en una figura nueva.

    Devuelve:
        El par de Axes.
    """
    if ejes is None:
        _, ejes = plt.subplots(2, 1, figsize=(8, 6.5), sharex=True, layout="constrained")
    arriba, abajo = ejes
    _dibujar_perdidas(arriba, comparacion)
    _dibujar_diferencias(abajo, comparacion)
    primero = fila_del_primer_paso(comparacion)
    if primero is not None:
        for eje in (arriba, abajo):
            eje.axvline(primero + 1, color=_GRIS, linestyle=":", label="se separan")
    for eje in (arriba, abajo):
        eje.legend(fontsize="small")
    return ejes


def a_html(comparacion):
    """Devuelve la comparación como HTML: veredicto, explicación, gráfico y parte de la tabla."""
    color, titulo = _veredicto(comparacion)
    parrafos = "".join(f"<p>{html.escape(p)}</p>" for p in comparacion.explicacion.splitlines())
    return (
        '<div style="max-width:60em;background:#fff;color:#111;padding:1em;line-height:1.5">'
        f'<div style="background:{color};color:#fff;font-size:1.6em;padding:.3em .6em">'
        f"{titulo}: Keras y {html.escape(comparacion.nombre)}</div>"
        f'<div style="font-size:1.2em">{parrafos}</div>'
        f'<img alt="Pérdidas y diferencias, lote a lote" style="max-width:100%" '
        f'src="data:image/png;base64,{_imagen(comparacion)}">'
        f"{_parte_de_la_tabla(comparacion)}</div>"
    )


def _veredicto(comparacion):
    if comparacion.causa == "sin_completar":
        return "#7a5200", "… Sin completar"
    if comparacion.iguales and comparacion.causa == "epsilon":
        return "#1b6e3c", "✓ Coinciden, salvo por ε"
    if comparacion.iguales:
        return "#1b6e3c", "✓ Coinciden"
    if comparacion.causa == "redondeo_acumulado":
        return "#7a5200", "≈ Se separan por redondeo"
    return "#a3210f", "✗ Se separan"


def fila_del_primer_paso(comparacion):
    """El número de fila de la tabla donde se separan las redes, o `None`."""
    lugar, tabla = comparacion.primer_paso_distinto, comparacion.tabla
    if lugar is None:
        return None
    return int(np.argmax((tabla["época"] == lugar.epoca) & (tabla["lote"] == lugar.lote)))


def _dibujar_perdidas(eje, comparacion):
    tabla = comparacion.tabla
    lotes = np.arange(1, len(tabla) + 1)
    estilo = {"marker": "o"} if len(tabla) == 1 else {}
    eje.plot(
        lotes, tabla["pérdida_keras"], color=_AZUL, linewidth=4, alpha=0.5, label="Keras", **estilo
    )
    eje.plot(
        lotes,
        tabla["pérdida_otra"],
        color=_NARANJA,
        linestyle="--",
        label=comparacion.nombre,
        **estilo,
    )
    perdidas = tabla[["pérdida_keras", "pérdida_otra"]].to_numpy()
    finitas = perdidas[np.isfinite(perdidas)]
    if finitas.size and finitas.min() > 0 and finitas.max() > 30 * finitas.min():
        eje.set_yscale("log")
    eje.set(ylabel="pérdida del lote")
    eje.set_title(f"Keras y {comparacion.nombre}, lote a lote", fontsize="x-large")
    eje.grid(alpha=0.3)


def _dibujar_diferencias(eje, comparacion):
    tabla = comparacion.tabla
    lotes = np.arange(1, len(tabla) + 1)
    piso = _piso(tabla)
    for columna, (color, trazo) in _TRAZOS.items():
        valores = tabla[columna].clip(piso, _TECHO)
        marca = "o" if valores.notna().sum() == 1 else None
        eje.plot(lotes, valores, trazo, color=color, linewidth=2, marker=marca, label=columna)
    eje.axhline(comparacion.tolerancia, color=_GRIS, linewidth=1, label="tolerancia")
    eje.set(yscale="log", ylim=(piso / 2, 2 * _TECHO))
    eje.set(xlabel="lote, desde el comienzo", ylabel="diferencia relativa (0 se dibuja abajo)")
    eje.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    eje.grid(alpha=0.3)


def _piso(tabla):
    """Dónde se dibuja el 0: un poco por debajo de la menor diferencia que no es 0."""
    diferencias = tabla[list(_TRAZOS)].to_numpy()
    return diferencias[diferencias > 0].min(initial=1e-7) / 2


def _imagen(comparacion):
    """El gráfico como PNG en base64, sin pasar por las figuras abiertas del cuaderno."""
    figura = Figure(figsize=(8, 6.5), layout="constrained")
    dibujar(comparacion, figura.subplots(2, 1, sharex=True))
    archivo = io.BytesIO()
    figura.savefig(archivo, format="png", dpi=110)
    return base64.b64encode(archivo.getvalue()).decode()


def _parte_de_la_tabla(comparacion):
    """Las filas alrededor de donde se separan las redes; si no se separan, las primeras."""
    tabla = comparacion.tabla
    centro = fila_del_primer_paso(comparacion) or 0
    inicio = max(0, min(centro - _FILAS_DE_LA_LAMINA // 2, len(tabla) - _FILAS_DE_LA_LAMINA))
    parte = tabla.iloc[inicio : inicio + _FILAS_DE_LA_LAMINA]
    return parte.to_html(index=False, float_format="{:.3g}".format, na_rep="—", border=0)
