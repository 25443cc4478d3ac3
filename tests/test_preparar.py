"""preparar.py: qué hace con cada .venv que encuentra y qué dice cuando no puede seguir."""

import ast
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

GUION = Path(__file__).resolve().parents[1] / "preparar.py"
SALUDO = '"""Saluda.\n\nY nada más.\n"""\nimport sys\nprint("R² ≥ 0.9")\nsys.exit(3)\n'
ESPERA = '"""Espera."""\nimport time\ntry:\n    print("listo", flush=True)\n    time.sleep(60)\n'


def copiar_proyecto(carpeta):
    """Un proyecto mínimo, sin requisitos, con su copia de preparar.py."""
    (carpeta / "ejemplos").mkdir(parents=True)
    shutil.copy(GUION, carpeta)
    (carpeta / "requirements.txt").write_text("# nada\n", encoding="utf-8")
    guiones = {
        "precio_autos": SALUDO,
        "guarda": ESPERA + "except KeyboardInterrupt:\n    print('guardado')\n",
        "muere": ESPERA + "finally:\n    pass\n",
        "_interno": "",
    }
    for nombre, texto in guiones.items():
        (carpeta / "ejemplos" / f"{nombre}.py").write_text(texto, encoding="utf-8")
    return carpeta


@pytest.fixture
def p(tmp_path, monkeypatch):
    """El módulo preparar de un proyecto mínimo, con `python -m venv` y `pip` de mentira."""
    proyecto = copiar_proyecto(tmp_path / "mi proyecto ñ")
    especificacion = importlib.util.spec_from_file_location("preparar", proyecto / "preparar.py")
    modulo = importlib.util.module_from_spec(especificacion)
    especificacion.loader.exec_module(modulo)
    modulo.ordenes = []
    modulo.fallas = {}  # Por programa ("venv", "pip"): lo que devuelve o la excepción que lanza.

    def ejecutar(*orden, **opciones):
        programa = orden[2] if orden[1] == "-m" else "guion"
        modulo.ordenes.append((programa, [str(parte) for parte in orden[3:]]))
        if programa == "venv":
            modulo.PYTHON.parent.mkdir(parents=True)
            modulo.PYTHON.touch()
        if programa == "pip":
            assert not modulo.SELLO.exists()
        falla = modulo.fallas.pop(programa, 0)
        if isinstance(falla, BaseException):
            raise falla
        return falla

    monkeypatch.setattr(modulo, "ejecutar", ejecutar)
    monkeypatch.setattr(modulo, "VERSION", "3.12")
    monkeypatch.setattr(
        modulo, "version_de_venv", lambda: "3.12" if modulo.PYTHON.exists() else None
    )
    return modulo


def programas(p):
    """Los programas ejecutados desde la última vez que se preguntó."""
    nombres = [programa for programa, _ in p.ordenes]
    p.ordenes.clear()
    return nombres


def con_tensorflow(p, *nombres):
    paquetes = "Lib/site-packages" if os.name == "nt" else "lib/python3.12/site-packages"
    for nombre in nombres:
        (p.VENV / paquetes / f"{nombre}-2.21.0.dist-info").mkdir(parents=True)


def hacer_venv_ajena(p):
    p.PYTHON.parent.mkdir(parents=True)
    p.PYTHON.touch()


def test_un_python_antiguo_puede_leer_el_guion():
    ast.parse(GUION.read_text(encoding="utf-8"), feature_version=(3, 6))


class TestLineaDeOrdenes:
    def test_lista_los_ejemplos_con_su_primera_linea(self, p, capsys):
        assert p.main(["ejemplos"]) == 0
        filas = [linea.split() for linea in capsys.readouterr().out.splitlines()]
        assert filas == [["guarda", "Espera."], ["muere", "Espera."], ["precio_autos", "Saluda."]]
        assert not p.VENV.exists()

    def test_las_descripciones_de_la_lista_se_alinean(self, p):
        largo = p.EJEMPLOS / "un_nombre_mas_largo_que_todos.py"
        largo.write_text('"""Saluda."""', encoding="utf-8")
        columnas = {linea.rindex(" ") for linea in p.lista_de_ejemplos().splitlines()}
        assert len(columnas) == 1

    @pytest.mark.parametrize("nombre", ["guarda", "guarda.py", "ejemplos/guarda.py"])
    def test_un_ejemplo_se_nombra_con_o_sin_carpeta_y_terminacion(self, p, nombre):
        assert p.buscar_ejemplo(nombre) == p.EJEMPLOS / "guarda.py"

    def test_el_ejemplo_principal_es_precio_autos(self, p):
        assert p.buscar_ejemplo() == p.EJEMPLOS / "precio_autos.py"

    @pytest.mark.parametrize("nombre", ["no_existe", "_interno", ""])
    def test_un_ejemplo_desconocido_muestra_la_lista_y_no_instala(self, p, nombre):
        with pytest.raises(p.Alto, match=r"No hay un ejemplo[^$]*precio_autos"):
            p.main(["ejemplo", nombre])
        assert not p.VENV.exists()

    @pytest.mark.parametrize(
        ("argumentos", "codigo"),
        [([], 0), (["--help"], 0), (["prueba"], 2), (["ejemplo", "a", "b"], 2)],
        ids=["nada", "ayuda", "orden desconocida", "sobra un nombre"],
    )
    def test_lo_que_no_se_entiende_muestra_la_ayuda(self, p, capsys, argumentos, codigo):
        assert p.main(argumentos) == codigo
        assert "python preparar.py pruebas" in capsys.readouterr().out

    def test_pruebas_pasa_lo_demas_a_pytest_y_devuelve_su_codigo(self, p):
        p.fallas["pytest"] = 5
        assert p.main(["pruebas", "-k", "uno"]) == 5
        assert p.ordenes[-1] == ("pytest", ["-n", "2", "-k", "uno"])
        assert p.ordenes[-2][1][-4:] == ["-r", "requirements.txt", "-e", ".[prueba]"]


class TestEntorno:
    def test_instala_una_vez(self, p):
        p.preparar()
        assert programas(p) == ["venv", "pip"]
        p.preparar()
        assert programas(p) == []

    def test_las_pruebas_agregan_lo_suyo_y_el_ejemplo_no_lo_quita(self, p):
        p.preparar()
        p.preparar("prueba")
        assert programas(p) == ["venv", "pip", "pip"]
        p.preparar()
        p.preparar("prueba")
        assert programas(p) == []

    @pytest.mark.parametrize("archivo", ["requirements.txt", "setup.cfg", "pyproject.toml"])
    def test_si_cambian_los_requisitos_instala_en_la_misma(self, p, archivo):
        p.preparar()
        programas(p)
        (p.RAIZ / archivo).write_text("# otra cosa\n", encoding="utf-8")
        p.preparar()
        assert programas(p) == ["pip"]

    @pytest.mark.parametrize("programa", ["venv", "pip"])
    @pytest.mark.parametrize("falla", [KeyboardInterrupt(), 1], ids=["Ctrl-C", "error"])
    def test_lo_que_quedo_a_medias_se_rehace_desde_cero(self, p, programa, falla):
        p.fallas[programa] = falla
        with pytest.raises((KeyboardInterrupt, p.Alto)):
            p.preparar()
        resto = p.VENV / "lib" / "a medias"
        resto.mkdir(parents=True)
        programas(p)
        p.preparar()
        assert programas(p) == ["venv", "pip"]
        assert not resto.exists()

    def test_una_interrupcion_al_borrar_no_deja_la_carpeta_sin_dueno(self, p, monkeypatch):
        p.preparar()
        p.SELLO.unlink()

        def interrumpir(_):
            raise KeyboardInterrupt

        with monkeypatch.context() as m:
            m.setattr(p.shutil, "rmtree", interrumpir)
            with pytest.raises(KeyboardInterrupt):
                p.preparar()
        programas(p)
        p.preparar()
        assert programas(p) == ["venv", "pip"]

    def test_una_carpeta_movida_se_rehace(self, p, monkeypatch):
        p.preparar()
        programas(p)
        monkeypatch.setattr(p, "RAIZ", p.RAIZ / "otra")
        p.preparar()
        assert programas(p) == ["venv", "pip"]

    def test_sin_su_python_se_rehace(self, p):
        p.preparar()
        programas(p)
        p.PYTHON.unlink()
        p.preparar()
        assert programas(p) == ["venv", "pip"]

    def test_si_falla_un_cambio_de_requisitos_la_proxima_vez_empieza_de_cero(self, p):
        p.preparar()
        (p.RAIZ / "requirements.txt").write_text("# otra cosa\n", encoding="utf-8")
        p.fallas["pip"] = 1
        with pytest.raises(p.Alto):
            p.preparar()
        programas(p)
        p.preparar()
        assert programas(p) == ["venv", "pip"]

    def test_una_venv_del_usuario_que_sirve_se_usa(self, p):
        hacer_venv_ajena(p)
        p.preparar()
        p.preparar()
        assert programas(p) == ["pip"]

    def test_una_venv_del_usuario_nunca_se_borra(self, p):
        suyo = p.VENV / "suyo.txt"
        p.VENV.mkdir()
        suyo.touch()
        with pytest.raises(p.Alto, match="no hizo este programa"):
            p.preparar()
        hacer_venv_ajena(p)
        p.fallas["pip"] = 1
        with pytest.raises(p.Alto):
            p.preparar()
        p.preparar()
        assert programas(p) == ["pip", "pip"]
        assert suyo.exists()

    def test_un_enlace_roto_se_explica(self, p):
        try:
            p.VENV.symlink_to(p.RAIZ / "no existe")
        except OSError:
            pytest.skip("este sistema no deja crear enlaces")
        with pytest.raises(p.Alto, match="no hizo este programa"):
            p.preparar()

    def test_no_rehace_la_venv_desde_la_que_se_ejecuta(self, p, monkeypatch):
        p.preparar()
        p.SELLO.unlink()
        monkeypatch.setattr(sys, "prefix", str(p.VENV))
        with pytest.raises(p.Alto, match="deactivate"):
            p.preparar()
        assert p.PYTHON.exists()


def test_los_programas_no_heredan_otros_python_y_no_caen_por_un_simbolo(p, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", "/otro/python")
    monkeypatch.delenv("PYTHONIOENCODING", raising=False)
    assert "PYTHONPATH" not in p.ambiente()
    assert p.ambiente()["PYTHONIOENCODING"] == ":replace"


class TestTensorFlow:
    @pytest.mark.parametrize(
        ("sistema", "hay", "pedido"),
        [
            (("Linux", "x86_64"), "tensorflow", ["-e", "."]),
            (("Linux", "x86_64"), "tensorflow_cpu", ["-r", "requirements.txt"]),
            (("Windows", "AMD64"), "tensorflow", ["-r", "requirements.txt"]),
            (("Darwin", "arm64"), "tensorflow_text", ["-r", "requirements.txt"]),
        ],
        ids=["Linux con el de GPU", "Linux con el suyo", "Windows con el suyo", "Mac sin ninguno"],
    )
    def test_no_pone_un_segundo_tensorflow(self, p, monkeypatch, sistema, hay, pedido):
        monkeypatch.setattr(p.platform, "system", lambda: sistema[0])
        monkeypatch.setattr(p.platform, "machine", lambda: sistema[1])
        hacer_venv_ajena(p)
        con_tensorflow(p, hay)
        p.preparar()
        assert p.ordenes[0][1][-2:] == pedido

    def test_con_los_dos_a_la_vez_no_sigue(self, p):
        p.preparar()
        con_tensorflow(p, "tensorflow", "tensorflow_cpu")
        with pytest.raises(p.Alto, match="a la vez"):
            p.preparar()


class TestMotivos:
    @pytest.mark.parametrize("version", ["3.10", "3.14"])
    def test_otro_python(self, p, monkeypatch, version):
        monkeypatch.setattr(p, "VERSION", version)
        with pytest.raises(p.Alto, match=r"Instala Python 3\.12"):
            p.preparar()
        assert not p.VENV.exists()

    def test_python_de_32_bits(self, p, monkeypatch):
        monkeypatch.setattr(sys, "maxsize", 2**31 - 1)
        with pytest.raises(p.Alto, match="32 bits"):
            p.preparar()

    def test_debian_sin_python_venv(self, p, monkeypatch):
        buscar = importlib.util.find_spec
        monkeypatch.setattr(
            importlib.util, "find_spec", lambda n: None if n == "ensurepip" else buscar(n)
        )
        with pytest.raises(p.Alto, match=r"sudo apt install python3\.\d+-venv"):
            p.preparar()

    @pytest.mark.parametrize(
        ("registro", "consejo"),
        [
            ("OSError: [Errno 28] No space left on device", "disco está lleno"),
            ("[WinError 112] There is not enough space on the disk", "disco está lleno"),
            ("NewConnectionError(...)\nERROR: No matching distribution found for tensorflow",
             "No hay conexión"),
            ("ERROR: No matching distribution found for setuptools>=77", "No hay conexión"),
            ("ProxyError('Cannot connect to proxy.', NewConnectionError(...))", "proxy"),
            ("SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED]", "antivirus"),
            ("ERROR: No matching distribution found for tensorflow<2.22,>=2.20", "Colab"),
            ("HINT: ... does not have Windows Long Path support enabled", "ruta es muy larga"),
            ("created successfully because ensurepip is not available", "sudo apt install"),
            ("[WinError 5] Acceso denegado: 'C:\\\\x'", "cierra los programas"),
            ("[Errno 13] Permission denied: '/x'", "cierra los programas"),
            ("otra cosa", "preparar.log"),
        ],
        ids=["disco lleno", "disco lleno en Windows", "sin red", "sin red ni setuptools", "proxy",
             "certificado", "sin TensorFlow", "ruta larga", "sin ensurepip", "archivo en uso",
             "sin permiso", "desconocido"],
    )  # fmt: skip
    def test_explica_lo_que_dejo_escrito_pip(self, p, registro, consejo):
        assert consejo in p.explicar("instalar", registro)


@pytest.fixture(scope="module")
def proyecto(tmp_path_factory):
    """Un proyecto mínimo, en una ruta con espacios, para ejecutarlo de verdad y sin red."""
    return copiar_proyecto(tmp_path_factory.mktemp("de verdad") / "mi proyecto ñ")


def iniciar(proyecto, *argumentos):
    return subprocess.Popen(
        [sys.executable, "preparar.py", *argumentos],
        cwd=proyecto,
        env=os.environ | {"PIP_NO_INDEX": "1", "PYTHONIOENCODING": "cp1252:replace"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="cp1252",
        start_new_session=True,
    )


class TestDeVerdad:
    def test_crea_ejecuta_y_la_segunda_vez_no_instala(self, proyecto):
        primera = iniciar(proyecto, "ejemplo")
        salida = primera.communicate()[0]
        assert primera.returncode == 3, salida
        assert "Creo .venv" in salida
        assert "R² ? 0.9" in salida
        segunda = iniciar(proyecto, "ejemplo")
        assert segunda.communicate()[0].splitlines() == ["R² ? 0.9"]

    @pytest.mark.skipif(os.name == "nt", reason="envía las señales de Unix")
    @pytest.mark.parametrize(
        ("ejemplo", "codigo", "final"),
        [("guarda", 0, "guardado"), ("muere", 130, "repite la misma orden.")],
    )
    def test_con_ctrl_c_espera_a_que_el_ejemplo_guarde(self, proyecto, ejemplo, codigo, final):
        proceso = iniciar(proyecto, "ejemplo", ejemplo)
        try:
            assert any("listo" in linea for linea in proceso.stdout)
            os.killpg(proceso.pid, signal.SIGINT)
            salida = proceso.communicate(timeout=30)[0]
        finally:
            proceso.kill()
        assert proceso.returncode == codigo
        assert salida.rstrip().endswith(final)
