"""La escritura atómica: o queda el archivo nuevo completo, o el anterior intacto."""

import ast
import errno
import os
import pathlib
import re
import shutil
import signal
import stat
import subprocess
import sys
import threading

import numpy as np
import pytest
from matplotlib.figure import Figure

import cursokeras as ck
from cursokeras._comun.archivos import escribir_atomico


def test_escribe_y_crea_la_carpeta(tmp_path):
    ruta = tmp_path / "nueva" / "notas.txt"
    with escribir_atomico(ruta) as provisional:
        assert provisional.suffix == ".txt"
        provisional.write_text("uno")
    assert ruta.read_text() == "uno"
    assert list(ruta.parent.iterdir()) == [ruta]


@pytest.mark.parametrize("fallo", [OSError, KeyboardInterrupt, ValueError])
def test_un_fallo_deja_el_anterior(tmp_path, fallo):
    ruta = tmp_path / "notas.txt"
    ruta.write_text("bueno")

    def escribir_a_medias():
        with escribir_atomico(ruta) as provisional:
            provisional.write_text("a med")
            raise fallo

    with pytest.raises(fallo):
        escribir_a_medias()
    assert ruta.read_text() == "bueno"
    assert list(tmp_path.iterdir()) == [ruta]


def test_un_archivo_abierto_por_otro_programa_se_explica(tmp_path, monkeypatch):
    def ocupado(*_):
        raise PermissionError

    monkeypatch.setattr(os, "replace", ocupado)
    with (
        pytest.raises(ValueError, match="Excel"),
        escribir_atomico(tmp_path / "a.xlsx") as provisional,
    ):
        provisional.write_text("x")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="permisos de Unix")
def test_los_permisos_son_los_de_siempre(tmp_path):
    (tmp_path / "normal").write_text("x")
    with escribir_atomico(tmp_path / "atomico") as provisional:
        provisional.write_text("x")
    permisos = [
        stat.S_IMODE((tmp_path / nombre).stat().st_mode) for nombre in ("normal", "atomico")
    ]
    assert permisos[0] == permisos[1]


@pytest.mark.skipif(os.name == "nt", reason="Windows no deja abrir carpetas")
def test_tambien_asegura_la_entrada_de_la_carpeta(tmp_path, monkeypatch):
    asegurados, fsync = [], os.fsync

    def anotar(descriptor):
        asegurados.append("carpeta" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "archivo")
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", anotar)
    with escribir_atomico(tmp_path / "a.txt") as provisional:
        provisional.write_text("x")
    assert asegurados == ["archivo", "carpeta"]


@pytest.mark.skipif(os.name == "nt", reason="Windows no deja abrir carpetas")
def test_una_carpeta_de_red_que_no_se_asegura_no_es_un_error(tmp_path, monkeypatch):
    fsync = os.fsync

    def solo_archivos(descriptor):
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "no se puede")
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", solo_archivos)
    with escribir_atomico(tmp_path / "a.txt") as provisional:
        provisional.write_text("x")
    assert (tmp_path / "a.txt").read_text() == "x"


def test_el_mensaje_dice_por_que_y_que_hacer(tmp_path):
    with (
        pytest.raises(
            OSError, match=r"el disco está lleno \(No space left.*quedó intacto"
        ) as informe,
        escribir_atomico(tmp_path / "notas.txt"),
    ):
        raise OSError(errno.ENOSPC, "No space left on device")
    assert informe.value.errno == errno.ENOSPC
    (tmp_path / "carpeta").mkdir()
    with (
        pytest.raises(OSError, match=r"'.*carpeta': es una carpeta"),
        escribir_atomico(tmp_path / "carpeta"),
    ):
        pass


enlaces = pytest.mark.skipif(os.name == "nt", reason="Windows pide permiso para crear enlaces")


@enlaces
@pytest.mark.parametrize("relativo", [True, False])
def test_un_enlace_queda_y_se_reemplaza_el_archivo_al_que_lleva(tmp_path, relativo):
    (tmp_path / "lejos").mkdir()
    destino = tmp_path / "lejos" / "datos.bin"
    destino.write_text("anterior")
    enlace = tmp_path / "notas.txt"
    enlace.symlink_to("lejos/datos.bin" if relativo else destino)
    with escribir_atomico(enlace) as provisional:
        # En el mismo disco que el destino, y con la extensión que escribió el usuario.
        assert (provisional.parent, provisional.suffix) == (destino.parent, ".txt")
        provisional.write_text("nuevo")
    assert enlace.is_symlink()
    assert destino.read_text() == "nuevo"
    assert list(destino.parent.iterdir()) == [destino]
    with pytest.raises(RuntimeError), escribir_atomico(enlace):
        raise RuntimeError
    assert destino.read_text() == "nuevo"


@enlaces
def test_un_enlace_a_un_archivo_que_aun_no_existe_lo_crea(tmp_path):
    (tmp_path / "enlace").symlink_to("nueva/datos")
    with escribir_atomico(tmp_path / "enlace") as provisional:
        provisional.write_text("x")
    assert (tmp_path / "nueva" / "datos").read_text() == "x"
    assert (tmp_path / "enlace").is_symlink()


@enlaces
def test_un_enlace_que_da_vueltas_o_lleva_a_un_dispositivo_no_se_toca(tmp_path):
    (tmp_path / "vueltas").symlink_to("vueltas")
    with (
        pytest.raises(OSError, match="se lleva a sí mismo"),
        escribir_atomico(tmp_path / "vueltas"),
    ):
        pass
    (tmp_path / "nada").symlink_to("/dev/null")
    with (
        pytest.raises(ValueError, match="es una tubería o un dispositivo"),
        escribir_atomico(tmp_path / "nada"),
    ):
        pass
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)
    assert {ruta.name for ruta in tmp_path.iterdir()} == {"vueltas", "nada"}


@enlaces
@pytest.mark.parametrize("nombre", ["predicciones.csv", "predicciones.xlsx", "modelo.keras"])
def test_quienes_escriben_siguen_los_enlaces(nombre, tmp_path):
    (tmp_path / "lejos").mkdir()
    (tmp_path / nombre).symlink_to(tmp_path / "lejos" / "destino")
    ESCRITURAS[nombre](tmp_path / nombre, 2)
    assert (tmp_path / nombre).is_symlink()
    assert (tmp_path / "lejos" / "destino").stat().st_size > 20
    assert len(list((tmp_path / "lejos").iterdir())) == 1


@pytest.mark.skipif(os.name == "nt", reason="permisos de Unix")
def test_un_archivo_privado_sigue_siendolo(tmp_path):
    ruta = tmp_path / "notas.txt"
    ruta.write_text("x")
    ruta.chmod(0o600)
    with escribir_atomico(ruta) as provisional:
        provisional.write_text("y")
    assert stat.S_IMODE(ruta.stat().st_mode) == 0o600


@pytest.mark.skipif(os.name == "nt", reason="señales de Unix")
def test_un_sigterm_a_media_escritura_termina_sin_dejar_restos(tmp_path):
    ruta = tmp_path / "notas.txt"
    ruta.write_text("bueno")
    programa = (
        "import os, signal, sys\n"
        "from cursokeras._comun.archivos import escribir_atomico\n"
        "with escribir_atomico(sys.argv[1]) as provisional:\n"
        "    provisional.write_text('a med')\n"
        "    os.kill(os.getpid(), signal.SIGTERM)\n"
        "    print('no se debe llegar aquí')\n"
    )
    raiz = pathlib.Path(__file__).parents[2]
    proceso = subprocess.run(
        [sys.executable, "-c", programa, ruta], cwd=raiz, capture_output=True, check=False
    )
    assert (proceso.returncode, proceso.stdout, proceso.stderr) == (-signal.SIGTERM, b"", b"")
    assert ruta.read_text() == "bueno"
    assert list(tmp_path.iterdir()) == [ruta]


@pytest.mark.skipif(os.name == "nt", reason="señales de Unix")
def test_un_programa_que_atiende_sigterm_lo_sigue_atendiendo(tmp_path):
    for antes in (signal.SIG_DFL, signal.SIG_IGN, lambda *_: None):
        original = signal.signal(signal.SIGTERM, antes)
        try:
            with escribir_atomico(tmp_path / "a.txt") as provisional:
                provisional.write_text("x")
                propio = signal.getsignal(signal.SIGTERM) is antes
            assert propio == (antes is not signal.SIG_DFL)
            assert signal.getsignal(signal.SIGTERM) is antes
        finally:
            signal.signal(signal.SIGTERM, original)


def test_desde_otro_hilo_tambien_se_escribe(tmp_path):
    def escribir():
        with escribir_atomico(tmp_path / "a.txt") as provisional:
            provisional.write_text("x")

    hilo = threading.Thread(target=escribir)
    hilo.start()
    hilo.join()
    assert (tmp_path / "a.txt").read_text() == "x"


TOPE = 4096


@pytest.fixture(params=["archivos de hasta 4 KiB", "disco de 64 KiB"])
def disco_lleno(request, tmp_path):
    """Una carpeta y un bloque en que el sistema, de verdad, no deja escribir más."""
    if request.param.startswith("archivos"):
        resource = pytest.importorskip("resource", reason="los límites son de Unix")
        antes = resource.getrlimit(resource.RLIMIT_FSIZE)

        def llenar():
            resource.setrlimit(resource.RLIMIT_FSIZE, (TOPE, antes[1]))

        yield tmp_path, llenar
        resource.setrlimit(resource.RLIMIT_FSIZE, antes)
        return
    montar = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(tmp_path)]
    if shutil.which("mount") is None or subprocess.run(montar, capture_output=True).returncode:
        pytest.skip("montar un disco pide ser administrador de un Linux")
    yield tmp_path, lambda: _rellenar(tmp_path)
    subprocess.run(["umount", str(tmp_path)], check=True)


def _rellenar(carpeta):
    """Ocupa todo el disco menos un bloque de 4 KiB."""
    libre = shutil.disk_usage(carpeta).free
    (carpeta / "relleno").write_bytes(bytes(libre - TOPE))


def _grafico(ruta, n):
    ejes = Figure().subplots()
    ejes.plot(np.random.default_rng(0).normal(size=n))
    with escribir_atomico(ruta) as provisional:
        ejes.figure.savefig(provisional)


def _tabla(ruta, n):
    modelo = ck.crear_regresion(2, semilla=0)
    ck.tabla_predicciones(modelo, *ck.datos.lineal(n=n), ruta)


ESCRITURAS = {
    "predicciones.csv": _tabla,
    "predicciones.xlsx": _tabla,
    "gráfico.png": _grafico,
    "modelo.keras": lambda ruta, n: ck.guardar(ck.crear_regresion(n, semilla=0), ruta),
}


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("nombre", ESCRITURAS)
def test_un_disco_lleno_de_verdad_deja_el_anterior(nombre, disco_lleno):
    carpeta, llenar = disco_lleno
    ruta, escribir = carpeta / nombre, ESCRITURAS[nombre]
    escribir(ruta, 2)
    bueno = ruta.read_bytes()
    llenar()
    archivos = set(carpeta.iterdir())
    with pytest.raises((OSError, ValueError), match=r"No se pudo escribir.*quedó intacto"):
        escribir(ruta, 2000)
    assert ruta.read_bytes() == bueno
    assert set(carpeta.iterdir()) == archivos


def test_con_el_disco_lleno_de_verdad_se_entrena_igual(disco_lleno):
    carpeta, llenar = disco_lleno
    llenar()
    x, y = ck.datos.lineal(n=60)
    opciones = {"epochs": 3, "semilla": 0, "verbose": 0, "acelerar": False}
    historias = [ck.entrenar(ck.crear_regresion(2, ocultas=(200,), semilla=0), x, y, **opciones)]
    modelo = ck.crear_regresion(2, ocultas=(200,), semilla=0)
    with pytest.warns(UserWarning, match="época 1 .*no hay ninguno"):
        historias.append(ck.entrenar(modelo, x, y, respaldo=carpeta / "respaldo", **opciones))
    assert historias[0].history == historias[1].history
    assert not (carpeta / "respaldo").exists()


def test_el_paquete_no_escribe_por_otro_camino():
    """Nadie más abre archivos para escribir; `escribir_partes` solo lo hace en provisionales."""
    escrituras = re.compile(
        r"\.(write_text|write_bytes|to_csv|to_excel|savefig|savez?|save_weights|dump)\("
        r"|open\([^)]*[\"'][wax]b?\+?[\"']|ZipFile\([^)]*[\"']w[\"']"
    )
    paquete = pathlib.Path(ck.__file__).parent
    por_archivo = {
        str(ruta.relative_to(paquete)): len(escrituras.findall(_sin_docstrings(ruta)))
        for ruta in paquete.rglob("*.py")
    }
    assert {ruta: n for ruta, n in por_archivo.items() if n} == {
        "_comun/hojas.py": 2,  # Dentro de `escribir_atomico`.
        "comparacion/dibujo.py": 1,  # A la memoria, para la página del cuaderno.
        "datos/libros.py": 1,  # A la memoria.
        "desde_cero/archivo.py": 2,  # Dentro de `escribir_atomico`.
        "desde_cero/callbacks.py": 2,  # `CSVLogger`, que agrega una línea por época, como Keras.
        "desde_cero/funcional.py": 1,  # `save_model` es `model.save`, que está en archivo.py.
        "guardado/archivo.py": 1,  # `escribir_partes`.
        "guardado/modelo.py": 1,  # Dentro de `escribir_atomico`.
        # A la memoria, y dentro de `escribir_atomico`.
        "entrenamiento/respaldo/generaciones.py": 2,
    }


def _sin_docstrings(ruta):
    arbol = ast.parse(ruta.read_text(encoding="utf-8"))
    for nodo in ast.walk(arbol):
        if isinstance(nodo, ast.Expr) and isinstance(nodo.value, ast.Constant):
            nodo.value.value = ""
    return ast.unparse(arbol)
