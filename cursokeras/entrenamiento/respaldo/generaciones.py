"""Dos archivos que se turnan: mientras se escribe uno, el otro guarda la época anterior."""

import hashlib
import io
import json
import pathlib
import zipfile

import numpy as np

from cursokeras._comun.archivos import escribir_atomico
from cursokeras._comun.avisos import avisar

_MARCA = b"cursokeras: respaldo de entrenar, formato 1\n"
_NOMBRES = ("entrenar-a.respaldo", "entrenar-b.respaldo")


class Generaciones:
    """Los respaldos de una carpeta: escribe por turnos, lee el más nuevo que esté sano.

    Cada archivo es una marca, el sha256 del resto y un `.npz` sin pickle: leerlo no ejecuta nada.

    Argumentos:
        carpeta: dónde están; se crea si no existe. Los demás archivos que tenga no se tocan.

    Lanza:
        ValueError: si no se puede usar esa carpeta.

    Ejemplo:
        >>> import tempfile
        >>> generaciones = Generaciones(tempfile.mkdtemp())
        >>> for epoca in (1, 2, 3):
        ...     generaciones.escribir(epoca, {"nota": "hola"}, {"pesos": [np.ones(epoca)]})
        >>> epoca, estado, arreglos = generaciones.leer()
        >>> epoca, estado, arreglos
        (3, {'nota': 'hola'}, {'pesos': [array([1., 1., 1.])]})
    """

    def __init__(self, carpeta):
        if not isinstance(carpeta, str | pathlib.Path) or not str(carpeta).strip():
            raise ValueError(
                f"respaldo={carpeta!r} y debe ser el nombre de una carpeta. Escribe por ejemplo "
                "respaldo='respaldo/'."
            )
        self.carpeta = pathlib.Path(carpeta)
        try:
            self.carpeta.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ValueError(
                f"No se puede usar la carpeta {str(carpeta)!r} para el respaldo: "
                f"{error.strerror}. Escribe el nombre de una carpeta nueva, o de una tuya."
            ) from error
        self.rutas = [self.carpeta / nombre for nombre in _NOMBRES]

    def escribir(self, epoca, estado, arreglos):
        """Guarda la época en el archivo que no tiene la anterior.

        Argumentos:
            epoca: cuántas épocas terminaron.
            estado: diccionario que se pueda escribir como JSON.
            arreglos: diccionario de nombre → lista de arreglos.

        Lanza:
            OSError: si el disco está lleno o falla; la época anterior queda intacta.
        """
        contenido = _empaquetar({"epoca": epoca, "estado": estado}, arreglos)
        with escribir_atomico(self.rutas[epoca % 2]) as provisional:
            provisional.write_bytes(contenido)

    def leer(self):
        """Devuelve (época, estado, arreglos) del respaldo sano más nuevo; `None` si no hay."""
        leidos, danados = [], []
        for ruta in filter(pathlib.Path.exists, self.rutas):
            try:
                leidos.append(_desempaquetar(ruta.read_bytes()))
            except (ValueError, OSError) as error:
                danados.append(f"{ruta} ({error})")
        elegido = max(leidos, key=lambda leido: leido[0], default=None)
        if danados:
            consuelo = (
                "Se empieza desde la primera época."
                if elegido is None
                else f"Se usa el otro, de la época {elegido[0]}."
            )
            avisar(f"Hay un respaldo que no sirve: {'; '.join(danados)}. {consuelo}")
        return elegido

    def borrar(self):
        """Borra los respaldos y, si no queda nada más, la carpeta."""
        restos = (r for nombre in _NOMBRES for r in self.carpeta.glob(f".*-{nombre}"))
        try:
            for ruta in (*self.rutas, *restos):
                ruta.unlink(missing_ok=True)
            if not any(self.carpeta.iterdir()):
                self.carpeta.rmdir()
        except OSError as error:
            avisar(
                f"El entrenamiento terminó, pero no se pudo borrar su respaldo ({error}). Borra la "
                f"carpeta {str(self.carpeta)!r} antes de usarla en otra llamada."
            )


def _empaquetar(estado, arreglos):
    texto = json.dumps(estado, default=_a_lista).encode()
    partes = {
        f"{nombre}/{i}": arreglo
        for nombre, lista in arreglos.items()
        for i, arreglo in enumerate(lista)
    }
    npz = io.BytesIO()
    np.savez(npz, estado=np.frombuffer(texto, "uint8"), **partes)
    datos = npz.getvalue()
    return _MARCA + hashlib.sha256(datos).digest() + datos


def _desempaquetar(contenido):
    if not contenido:
        raise ValueError("está vacío")
    if not contenido.startswith(_MARCA):
        raise ValueError("no es un respaldo de entrenar, o es de otra versión")
    sello, datos = contenido[len(_MARCA) :][:32], contenido[len(_MARCA) + 32 :]
    if hashlib.sha256(datos).digest() != sello:
        raise ValueError("está cortado o alterado")
    try:
        with np.load(io.BytesIO(datos), allow_pickle=False) as npz:
            leido = json.loads(npz["estado"].tobytes())
            return leido["epoca"], leido["estado"], _agrupar(npz)
    except (zipfile.BadZipFile, KeyError, ValueError) as error:
        raise ValueError("no tiene lo que debe tener un respaldo") from error


def _agrupar(npz):
    grupos = {}
    for clave in npz.files:
        nombre, _, numero = clave.rpartition("/")
        if numero.isdecimal():
            grupos.setdefault(nombre, []).append(npz[clave])
    return grupos


def _a_lista(valor):
    """Para JSON: las métricas que dan un arreglo, un tensor o un número de NumPy."""
    return np.asarray(valor).tolist()
