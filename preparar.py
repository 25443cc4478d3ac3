"""Prepara cursokeras en este equipo y ejecuta un ejemplo o las pruebas.

    python preparar.py ejemplo           el ejemplo principal: el precio de autos usados
    python preparar.py ejemplo NOMBRE    otro ejemplo
    python preparar.py ejemplos          la lista de los ejemplos
    python preparar.py pruebas           todas las pruebas (lo que siga se pasa a pytest)

La primera vez crea aquí la carpeta .venv e instala en ella lo necesario (unos 2 GB, unos
minutos). Después solo reinstala si cambian los requisitos. Fuera de .venv no instala nada.
"""

# Solo usa la biblioteca estándar y la sintaxis de Python 3.6: así, también en un Python que no
# sirve, puede llegar a decir cuál hace falta.
import hashlib
import importlib.util
import os
import platform
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

RAIZ = Path(__file__).resolve().parent
EJEMPLOS = RAIZ / "ejemplos"
VENV = RAIZ / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
PROPIA = VENV / "hecha-por-preparar"  # Existe desde el principio: esta .venv la hizo este guion.
SELLO = VENV / "requisitos-instalados"  # Existe solo si la instalación terminó bien.
REGISTRO = VENV / "preparar.log"
REQUISITOS = ("requirements.txt", "setup.cfg", "pyproject.toml")
VERSIONES = ("3.11", "3.12", "3.13")
VERSION = "{}.{}".format(*sys.version_info)
SIN_VENV = f"A este Python le falta venv. En Debian o Ubuntu: sudo apt install python{VERSION}-venv"

# Lo que dejan escrito pip y venv cuando fallan, y qué hacer. Gana la primera fila que aparezca:
# sin conexión, pip dice además que no encuentra el paquete.
CAUSAS = {
    r"No space left|Errno 28|WinError 112": "El disco está lleno: libera unos 3 GB.",
    r"SSLError|CERTIFICATE_VERIFY_FAILED|ProxyError": "Un proxy o un antivirus no deja llegar a "
    "pypi.org: prueba con otra red o pregunta a quien administra esta.",
    r"NewConnection|NameResolution|ConnectTimeout|ReadTimeout|distribution found for setuptools": (
        "No hay conexión con pypi.org: revisa internet."
    ),
    r"No matching distribution found for tensorflow": "TensorFlow no se publica para este equipo "
    f"({sysconfig.get_platform()}): usa otro o Google Colab.",
    r"Long Path": "La ruta es muy larga para Windows: mueve la carpeta, por ejemplo a C:\\curso.",
    r"ensurepip is not available": SIN_VENV,
    r"WinError (5|32)\]|Permission ?[Dd]enied": "No se puede escribir en esta carpeta: cierra los "
    "programas que usan .venv (editor, cuadernos) y comprueba que la carpeta sea tuya.",
}


class Alto(Exception):
    """No se puede seguir: el texto dice por qué y qué hacer."""


def decir(texto):
    """Escribe en la consola; lo que su codificación no tenga sale como «?», sin error."""
    codificacion = sys.stdout.encoding or "ascii"
    print(texto.encode(codificacion, "replace").decode(codificacion), flush=True)


def leer(archivo):
    return archivo.read_bytes() if archivo.is_file() else b""


def ambiente():
    """Las variables para los programas que se ejecutan, sin las que mezclan otros Python."""
    variables = {k: v for k, v in os.environ.items() if k not in ("PYTHONHOME", "PYTHONPATH")}
    # En una consola de Windows (cp1252) un símbolo que no exista no debe terminar el programa.
    variables.setdefault("PYTHONIOENCODING", ":replace")
    return variables


def ejecutar(*orden, **opciones):
    """Ejecuta un programa en la raíz del proyecto y devuelve su código de salida."""
    orden = [str(parte) for parte in orden]
    proceso = subprocess.Popen(orden, cwd=str(RAIZ), env=ambiente(), **opciones)
    interrumpido = False
    while True:
        try:
            codigo = proceso.wait()
            break
        except KeyboardInterrupt:
            # Ctrl-C llega también al programa, que quizá guarde su trabajo: se espera a que acabe.
            interrumpido = True
    if interrumpido and codigo != 0:
        raise KeyboardInterrupt
    return codigo


def ejemplos():
    """Los guiones de ejemplos/ por nombre, con la primera línea de su descripción."""
    titulos = {}
    for guion in sorted(EJEMPLOS.glob("[!_]*.py")):
        _, _, descripcion = guion.read_text(encoding="utf-8").partition('"""')
        titulos[guion.stem] = descripcion.lstrip().partition("\n")[0].replace('"""', "")
    return titulos


def lista_de_ejemplos():
    titulos = ejemplos()
    ancho = max(map(len, titulos), default=0)
    return "\n".join(f"  {nombre:<{ancho}}  {titulos[nombre]}".rstrip() for nombre in titulos)


def buscar_ejemplo(nombre="precio_autos"):
    """La ruta del ejemplo `nombre`, escrito con o sin carpeta y con o sin .py."""
    nombre = Path(nombre).stem
    if nombre not in ejemplos():
        raise Alto(f"No hay un ejemplo «{nombre}». Los ejemplos son:\n{lista_de_ejemplos()}")
    return EJEMPLOS / f"{nombre}.py"


def version_de_venv():
    """La versión del Python de .venv, o None si no funciona, no sirve o no tiene pip."""
    codigo = "import sys, pip; print('%d.%d' % sys.version_info[:2])"
    try:
        orden = [str(PYTHON), "-c", codigo]
        salida = subprocess.check_output(orden, env=ambiente(), stderr=subprocess.DEVNULL)
    except (OSError, subprocess.CalledProcessError):
        return None
    version = salida.decode("ascii", "replace").strip()
    return version if version in VERSIONES else None


def origen(version):
    """Lo que vuelve inservible una .venv si cambia: su versión de Python y su carpeta."""
    return os.fsencode(f"Python {version} en {os.path.normcase(str(RAIZ))}")


def calcular_huella(version):
    """Otra si cambian los requisitos, la versión de Python o la carpeta."""
    partes = [origen(version)] + [leer(RAIZ / nombre) for nombre in REQUISITOS]
    return hashlib.sha256(b"\n".join(partes)).hexdigest()


def revisar_python():
    """Lanza `Alto` si con el Python que ejecuta este guion no se puede crear .venv."""
    if VERSION not in VERSIONES:
        raise Alto(
            f"Este Python es el {platform.python_version()} y hace falta el 3.11, 3.12 o 3.13.\n"
            "Instala Python 3.12 (https://www.python.org/downloads/) y escribe:\n"
            "  en Windows:        py -3.12 preparar.py ejemplo\n"
            "  en macOS o Linux:  python3.12 preparar.py ejemplo"
        )
    if sys.maxsize < 2**32:
        raise Alto("Este Python es de 32 bits y TensorFlow necesita el de 64: instala ese.")
    if not (importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")):
        raise Alto(SIN_VENV)
    if VENV.exists() and VENV.samefile(sys.prefix):
        raise Alto("Hay que rehacer .venv y la estás usando: escribe «deactivate» y repite.")


def crear_venv():
    """Crea .venv con el Python que ejecuta este guion, o la rehace si quedó algo de ella."""
    revisar_python()
    VENV.mkdir(exist_ok=True)
    # La marca es lo primero que se escribe y lo único que no se borra: si esto se interrumpe,
    # la próxima vez se sabrá que la carpeta es nuestra y que no está completa.
    PROPIA.write_bytes(origen(VERSION))
    for resto in VENV.iterdir():
        if resto.is_dir() and not resto.is_symlink():
            shutil.rmtree(str(resto))
        elif resto != PROPIA:
            resto.unlink()
    decir(f"Creo .venv con Python {platform.python_version()} ...")
    with REGISTRO.open("wb") as salida:
        codigo = ejecutar(sys.executable, "-m", "venv", VENV, stdout=salida, stderr=salida)
    if codigo != 0:
        raise Alto(explicar("crear .venv", leer(REGISTRO).decode("utf-8", "replace")))


def explicar(paso, texto):
    """Por qué falló un paso, según lo que dejó escrito."""
    if shutil.disk_usage(str(RAIZ)).free < 10**6:
        texto = "No space left"  # Con el disco lleno tampoco se pudo escribir el registro.
    for senal, consejo in CAUSAS.items():
        if re.search(senal, texto):
            return f"No se pudo {paso}. {consejo}\nDespués repite la misma orden."
    return f"No se pudo {paso}. El detalle está en {REGISTRO}"


def tensorflows():
    """Qué hay en .venv: tensorflow, tensorflow_cpu, los dos o ninguno."""
    paquetes = "Lib/site-packages" if os.name == "nt" else "lib/python*/site-packages"
    nombres = {p.name.partition("-")[0] for p in VENV.glob(f"{paquetes}/tensorflow*.dist-info")}
    return nombres & {"tensorflow", "tensorflow_cpu"}


def instalar(extra):
    """Instala los requisitos en .venv; si ya tiene otro TensorFlow (el de GPU), lo respeta."""
    linux_pc = (platform.system(), platform.machine()) == ("Linux", "x86_64")
    otro = tensorflows() - {"tensorflow_cpu" if linux_pc else "tensorflow"}
    pedido = ["-e", "."] if otro else ["-r", "requirements.txt"]
    pedido += ["-e", f".[{extra}]"] if extra else []
    decir(f"Instalo en .venv: pip install {' '.join(pedido)} ...")
    REGISTRO.write_bytes(b"")
    opciones = ["--no-user", "--disable-pip-version-check", "--log", REGISTRO]
    if ejecutar(PYTHON, "-m", "pip", "install", *opciones, *pedido) != 0:
        raise Alto(explicar("instalar", leer(REGISTRO).decode("utf-8", "replace")))


def preparar(extra=""):
    """Deja .venv lista, con el `extra` si se pide, y devuelve la ruta de su Python."""
    version = version_de_venv()
    if PROPIA.is_file():
        if not (version and SELLO.is_file() and leer(PROPIA) == origen(version)):
            decir("La carpeta .venv está incompleta, se movió o cambió su Python: la rehago.")
            version = None
    elif os.path.lexists(str(VENV)) and version is None:
        raise Alto(
            "Ya hay una .venv que no hizo este programa y que no sirve: no tiene pip o su Python\n"
            "no es 3.11, 3.12 o 3.13. Cámbiale el nombre o bórrala y repite la misma orden."
        )
    if version is None:
        crear_venv()
        version = VERSION
    huella = calcular_huella(version)
    if not {huella, extra or huella}.issubset(leer(SELLO).decode().split()):
        completar(huella, extra)
    if len(tensorflows()) > 1:
        raise Alto(
            "En .venv están tensorflow y tensorflow-cpu a la vez y se pisan los archivos. Borra\n"
            "la carpeta .venv y repite la misma orden. Para usar una GPU, crea antes una .venv e\n"
            "instala en ella requirements-gpu.txt: este programa la respeta."
        )
    return PYTHON


def completar(huella, extra):
    """Instala y, solo si todo salió bien, lo anota de una sola vez."""
    if SELLO.is_file():
        SELLO.unlink()
    instalar(extra)
    borrador = SELLO.with_suffix(".nuevo")
    borrador.write_bytes(f"{huella} {extra}".encode())
    os.replace(str(borrador), str(SELLO))


def main(argumentos):
    """Cumple la orden escrita en la consola y devuelve el código de salida."""
    orden, resto = (argumentos or ["ayuda"])[0], argumentos[1:]
    if orden == "ejemplos" and not resto:
        decir(lista_de_ejemplos())
        return 0
    if orden == "ejemplo" and len(resto) < 2:
        guion = buscar_ejemplo(*resto)
        return ejecutar(preparar(), guion)
    if orden == "pruebas":
        # En dos procesos tardan casi la mitad; con «-n 0», en uno solo.
        return ejecutar(preparar("prueba"), "-m", "pytest", "-n", "2", *resto)
    decir(__doc__)
    return 0 if orden in ("ayuda", "-h", "--help") else 2


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Alto as motivo:
        decir(f"\n{motivo}")
        sys.exit(1)
    except OSError as error:
        decir("\n" + explicar("preparar la carpeta", str(error)) + f"\n({error})")
        sys.exit(1)
    except KeyboardInterrupt:
        decir("\nInterrumpido. Para seguir, repite la misma orden.")
        sys.exit(130)
