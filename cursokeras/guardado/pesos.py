"""El HDF5 con los pesos: solo tablas de números guardadas ahí mismo.

HDF5 sabe enlazar otros archivos del disco, generar datos virtuales, declarar tablas enormes que no
ocupan nada, comprimirlas y nombrar mil veces la misma. Keras no usa nada de eso, así que aquí no se
acepta.
"""

import io

import h5py

_MAXIMOS_OBJETOS = 20_000
_MAXIMA_PROFUNDIDAD = 30


def contar_numeros(contenido):
    """Revisa un `model.weights.h5` y devuelve cuántos números guarda en total.

    Lanza:
        ValueError: si tiene algo más que números, o está dañado.
    """
    try:
        with h5py.File(io.BytesIO(contenido), "r") as archivo:
            return sum(tabla.size for tabla in _tablas(archivo))
    except _Sospechoso as error:
        raise ValueError(f"Los pesos del archivo {error}, y Keras no los guarda así.") from error
    except Exception as error:  # Un HDF5 dañado hace fallar a h5py de muchas maneras.
        raise ValueError("Los pesos del archivo están dañados: pide otra copia.") from error


class _Sospechoso(Exception):
    """Algo que un modelo guardado por Keras no tiene."""


def _tablas(raiz):
    """Genera las tablas de todos los grupos, revisadas."""
    vistos, pendientes = {_lugar(raiz)}, [(raiz, 0)]
    while pendientes:
        grupo, nivel = pendientes.pop()
        for nombre in grupo:
            if len(vistos) > _MAXIMOS_OBJETOS or nivel > _MAXIMA_PROFUNDIDAD:
                raise _Sospechoso("tienen demasiadas partes")
            if not isinstance(grupo.get(nombre, getlink=True), h5py.HardLink):
                raise _Sospechoso(f"enlazan {nombre!r} con otro lugar")
            objeto = grupo[nombre]
            if _lugar(objeto) in vistos:
                raise _Sospechoso(f"tienen demasiadas partes: {nombre!r} es otra con dos nombres")
            vistos.add(_lugar(objeto))
            if isinstance(objeto, h5py.Group):
                pendientes.append((objeto, nivel + 1))
            else:
                _revisar_tabla(nombre, objeto)
                yield objeto


def _lugar(objeto):
    """Dónde está un objeto en el archivo: dos nombres del mismo lugar son el mismo objeto."""
    return h5py.h5o.get_info(objeto.id).addr


def _revisar_tabla(nombre, tabla):
    if not isinstance(tabla, h5py.Dataset) or tabla.dtype.kind not in "fiub":
        raise _Sospechoso(f"tienen en {nombre!r} algo que no son números")
    if tabla.is_virtual or tabla.external:
        raise _Sospechoso(f"toman {nombre!r} de otro archivo")
    if tabla.id.get_storage_size() != tabla.nbytes:
        raise _Sospechoso(f"declaran en {nombre!r} {tabla.size} números y no los traen")
    if tabla.chunks is not None or tabla.id.get_create_plist().get_nfilters():
        # Un trozo puede ocupar, descomprimido, mucho más que la tabla que lo usa.
        raise _Sospechoso(f"guardan {nombre!r} en trozos o comprimido")
