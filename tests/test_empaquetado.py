"""El paquete por fuera: qué nombres ofrece, qué carga al importarse, qué declara y qué contiene."""

import ast
import configparser
import inspect
import shutil
import subprocess
import sys
import traceback
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

import cursokeras

RAIZ = Path(__file__).resolve().parents[1]
PAQUETE = RAIZ / "cursokeras"
METADATOS = configparser.ConfigParser()
METADATOS.read(RAIZ / "setup.cfg", encoding="utf-8")
OPCIONES = METADATOS["options"]

NOMBRES_PUBLICOS = [
    "AvisoDeDatos",
    "BusquedaDeTasa",
    "Comparacion",
    "Comprobacion",
    "ErrorDeDatos",
    "Historia",
    "PALETA",
    "Revision",
    "a_keras",
    "acelerar",
    "buscar_tasa",
    "cargar",
    "comparar",
    "comprobar",
    "convertir_learning_rate",
    "convertir_perdida",
    "crear_binaria",
    "crear_clasificacion",
    "crear_multietiqueta",
    "crear_regresion",
    "datos",
    "descripcion_dispositivos",
    "desde_cero",
    "desde_keras",
    "diagnosticar",
    "elegir_estrategia",
    "entrenar",
    "evaluar",
    "graficar_activaciones",
    "graficar_confusion",
    "graficar_historia",
    "graficar_imagenes",
    "graficar_paisaje",
    "graficar_pesos",
    "graficar_predicciones",
    "graficar_red",
    "graficar_regiones",
    "graficar_residuos",
    "guardar",
    "optimo_lineal",
    "peores",
    "predecir",
    "revisar",
    "tabla_predicciones",
    "tablas_clase",
    "tasa_maxima",
]


def requisitos(texto):
    """Los requisitos de un texto con uno por línea, sin comentarios ni `-e .`."""
    lineas = (linea.partition("#")[0].strip() for linea in texto.splitlines())
    return [Requirement(linea) for linea in lineas if linea and not linea.startswith("-")]


class TestFachada:
    def test_estos_son_los_nombres_publicos(self):
        assert sorted(cursokeras.__all__) == NOMBRES_PUBLICOS

    @pytest.mark.parametrize("nombre", NOMBRES_PUBLICOS)
    def test_cada_nombre_existe_y_se_explica(self, nombre):
        ofrecido = getattr(cursokeras, nombre)
        assert ofrecido.__doc__
        if inspect.isfunction(ofrecido):  # Y con un ejemplo, que las pruebas ejecutan.
            assert ">>> " in ofrecido.__doc__

    @pytest.mark.parametrize(
        ("nombre", "sugerencia"),
        [
            ("entrena", "¿Es ck.entrenar?"),
            ("crear_regresor", "¿Es ck.crear_regresion"),
            ("lineal", "¿Es ck.datos.lineal?"),
            ("noexiste", "Escribe dir(ck)"),
        ],
    )
    def test_un_nombre_que_no_existe_sugiere_el_que_si(self, nombre, sugerencia):
        assert not hasattr(cursokeras, nombre)
        with pytest.raises(AttributeError, match=f"^cursokeras no tiene '{nombre}'") as informe:
            getattr(cursokeras, nombre)
        assert sugerencia in str(informe.value)
        (linea,) = traceback.format_exception_only(informe.value)
        assert "Did you mean" not in linea

    def test_importar_un_nombre_que_no_existe_es_un_importerror(self):
        with pytest.raises(ImportError, match="noexiste"):
            exec("from cursokeras import noexiste")

    def test_los_protocolos_de_otros_no_reciben_sugerencias(self):
        for nombre in ("_repr_html_", "__wrapped__"):
            with pytest.raises(AttributeError) as informe:
                getattr(cursokeras, nombre)
            assert "¿" not in str(informe.value)

    def test_dir_ofrece_los_nombres_publicos_para_completar(self):
        assert set(NOMBRES_PUBLICOS) <= set(dir(cursokeras))

    @pytest.mark.parametrize(
        ("codigo", "sin_cargar"),
        [
            ("import cursokeras", ["tensorflow", "keras", "numpy", "pandas", "matplotlib"]),
            ("import cursokeras as ck; ck.datos.autos()", ["tensorflow", "keras"]),
            ("from cursokeras import desde_cero", ["tensorflow", "keras"]),
            ("from cursokeras import tablas_clase", ["tensorflow", "keras"]),
            ("from cursokeras import entradas", ["cursokeras.datos"]),
            ("from cursokeras import graficar_historia", ["tensorflow", "keras"]),
        ],
        ids=[
            "la fachada",
            "los datos",
            "desde_cero",
            "tablas_clase",
            "las entradas",
            "los gráficos",
        ],
    )
    def test_no_carga_lo_que_no_usa(self, codigo, sin_cargar):
        codigo += f"\nimport sys; print(sorted(set({sin_cargar}) & set(sys.modules)))"
        salida = subprocess.run(
            [sys.executable, "-c", codigo], check=True, capture_output=True, text=True
        )
        assert salida.stdout == "[]\n"


class TestRequisitos:
    def test_instalar_el_paquete_no_toca_tensorflow(self):
        nombres = [requisito.name for requisito in requisitos(OPCIONES["install_requires"])]
        assert not [nombre for nombre in nombres if nombre.startswith("tensorflow")]

    @pytest.mark.parametrize(
        ("sistema", "maquina", "paquete"),
        [
            ("Linux", "x86_64", "tensorflow-cpu"),
            ("Linux", "aarch64", "tensorflow"),
            ("Windows", "AMD64", "tensorflow"),
            ("Darwin", "arm64", "tensorflow"),
        ],
    )
    def test_requirements_elige_un_solo_tensorflow(self, sistema, maquina, paquete):
        ambiente = {"platform_system": sistema, "platform_machine": maquina}
        texto = (RAIZ / "requirements.txt").read_text(encoding="utf-8")
        elegidos = [r.name for r in requisitos(texto) if r.marker.evaluate(ambiente)]
        assert elegidos == [paquete]

    def test_las_versiones_de_python_son_las_mismas_en_todas_partes(self):
        admite = SpecifierSet(OPCIONES["python_requires"])
        versiones = [f"3.{menor}" for menor in range(30) if admite.contains(f"3.{menor}.5")]
        clasificadores = METADATOS["metadata"]["classifiers"]
        assert versiones == ["3.11", "3.12", "3.13"]
        assert all(f"Python :: {version}\n" in clasificadores for version in versiones)
        assert f"VERSIONES = {tuple(versiones)}".replace("'", '"') in (
            RAIZ / "preparar.py"
        ).read_text(encoding="utf-8")

    def test_la_version_es_una_sola(self):
        assert METADATOS["metadata"]["version"] == cursokeras.__version__

    def test_todo_lo_que_se_importa_esta_declarado(self):
        extras = "\n".join(METADATOS["options.extras_require"].values())
        declarados = {r.name for r in requisitos(OPCIONES["install_requires"] + "\n" + extras)}
        declarados |= {"cursokeras", "tensorflow", *sys.stdlib_module_names}
        otro_nombre = {
            "IPython": "ipython",
            "lazy_loader": "lazy-loader",
            "sklearn": "scikit-learn",
        }
        importados = {otro_nombre.get(modulo, modulo) for _, modulo, _ in importaciones()}
        assert importados <= declarados

    def test_keras_y_tensorflow_entran_por_una_sola_puerta(self):
        con_keras = {
            archivo
            for archivo, modulo, al_cargar in importaciones()
            if al_cargar and modulo in ("keras", "tensorflow")
        }
        assert con_keras == {"_backend.py"}


def importaciones():
    """(archivo, paquete que importa, si lo hace al cargarse) de todo cursokeras."""
    for archivo in PAQUETE.rglob("*.py"):
        nombre = archivo.relative_to(PAQUETE).as_posix()
        for nodo in ast.walk(ast.parse(archivo.read_text(encoding="utf-8"))):
            if isinstance(nodo, ast.Import):
                modulos = [alias.name for alias in nodo.names]
            elif isinstance(nodo, ast.ImportFrom) and not nodo.level:
                modulos = [nodo.module]
            else:
                continue
            al_cargar = nodo.col_offset == 0 or nombre == "_backend.py"
            yield from ((nombre, modulo.partition(".")[0], al_cargar) for modulo in modulos)


def test_el_paquete_construido_contiene_todos_sus_archivos(tmp_path):
    copia, construido = tmp_path / "copia", tmp_path / "construido"
    shutil.copytree(PAQUETE, copia / "cursokeras", ignore=shutil.ignore_patterns("__pycache__"))
    for nombre in ("setup.cfg", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(RAIZ / nombre, copia)
    construir = "import setuptools; setuptools.setup()"
    subprocess.run(
        [sys.executable, "-c", construir, "-q", "build", "--build-lib", str(construido)],
        cwd=copia,
        check=True,
        capture_output=True,
    )

    def archivos(raiz):
        return {a.relative_to(raiz) for a in (raiz / "cursokeras").rglob("*") if a.is_file()}

    assert archivos(construido) == archivos(copia)
