"""`leer_tabla`: lo que escribe una planilla en español se lee igual, y se dice lo que se supuso."""

import csv
import datetime
import io
import math
import tracemalloc
import warnings
import zipfile

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from cursokeras.datos import autos, estudiantes, leer_tabla


@pytest.fixture
def guardar(tmp_path):
    """Devuelve una función que escribe un archivo y da su ruta."""

    def escribir(contenido, nombre="tabla.csv", codificacion="utf-8"):
        ruta = tmp_path / nombre
        crudo = contenido if isinstance(contenido, bytes) else contenido.encode(codificacion)
        ruta.write_bytes(crudo)
        return ruta

    return escribir


@pytest.fixture
def leer(guardar):
    """Devuelve una función que escribe un texto y lo lee con `leer_tabla`, sin imprimir."""
    return lambda texto, **opciones: leer_tabla(guardar(texto), verbose=0, **opciones)


class TestLaTablaDelCurso:
    FILAS = (
        "Estudio;Edad;Promedio;Carrera\n2;24;4;LS\n5;22;3;LI\n7;25;4;LI\n9;20;7;IC\n"
        "10;19;4;LS\n11;20;3;IC\n13,4;21;5;LI\n14;20;3;LS\n"
    )

    @pytest.mark.parametrize("codificacion", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
    def test_con_coma_decimal(self, guardar, codificacion):
        tabla = leer_tabla(guardar(self.FILAS, codificacion=codificacion), verbose=0)
        x = tabla[["Estudio", "Edad", "Promedio"]].to_numpy("float32")
        assert np.array_equal(x, estudiantes().x)
        assert tabla["Carrera"].tolist() == ["LS", "LI", "LI", "IC", "LS", "IC", "LI", "LS"]

    def test_autos_se_lee_como_con_pandas(self, tmp_path):
        x, precio = autos()
        tabla = x.assign(Price=precio, Model=x["Model"].str.strip())
        tabla.to_csv(tmp_path / "autos.csv", sep=";", decimal=",", index=False)
        assert leer_tabla(tmp_path / "autos.csv", verbose=0).equals(tabla)


class TestDiceLoQueSupuso:
    def test_en_una_linea_y_en_attrs(self, guardar, capsys):
        ruta = guardar(
            "Año;Precio;Edad\n2001;$ 1.234,5;3\n2002;$ 2.000;NA\n", codificacion="cp1252"
        )
        tabla = leer_tabla(ruta)
        assert tabla["Precio"].tolist() == [1234.5, 2000]
        assert capsys.readouterr().out == (
            "tabla.csv: 2 filas × 3 columnas; cp1252 (Windows); separador ';'; decimal ','; "
            "miles separados ('$ 1.234,5' es 1234.5) en Precio; '$' quitado en Precio; "
            "'NA' es dato faltante en Edad; datos faltantes: 1\n"
        )
        assert "'NA' es dato faltante en Edad" in tabla.attrs["supuestos"]

    def test_verbose_0_no_imprime(self, leer, capsys):
        leer("a;b\n1;2\n")
        assert capsys.readouterr().out == ""

    def test_muchas_columnas_se_resumen(self, leer):
        nombres = [f"c{i}" for i in range(9)]
        tabla = leer(";".join(nombres) + "\n" + ";".join(["NA"] * 9) + "\n" + ";".join("1" * 9))
        assert "'NA' es dato faltante en c0, c1, c2, c3 y 5 más" in tabla.attrs["supuestos"]


class TestSeparador:
    @pytest.mark.parametrize(
        ("texto", "columnas"),
        [
            ("a,b\n1,2\n", ["a", "b"]),
            ("a;b\n1,5;2,5\n", ["a", "b"]),
            ("a\tb\n1,5\thola; mundo\n", ["a", "b"]),
            ("a|b\n1|2\n", ["a", "b"]),
            ("Nombre, Apellido;Edad\nPérez, Ana;20\n", ["Nombre, Apellido", "Edad"]),
            ("sep=;\r\na,x;b\r\n1,5;2\r\n", ["a,x", "b"]),
            ("SEP=,\na,b;c\n1,2;3\n", ["a", "b;c"]),
            ("precio\n1,5\n2,5\n", ["precio"]),
            ('nombre,nota\n"Pérez, Ana","5,5"\n', ["nombre", "nota"]),
            ("a;b;\n\n1;2;\n;;\n", ["a", "b"]),
            (",a\n0,1.5\n", ["columna_1", "a"]),
        ],
        ids=[
            "coma",
            "punto y coma con coma decimal",
            "tabulador",
            "barra",
            "comas dentro de los datos",
            "línea sep= de Excel",
            "línea SEP= en mayúsculas",
            "una sola columna con coma decimal",
            "comillas",
            "columna y filas vacías de más",
            "columna sin nombre",
        ],
    )
    def test_se_averigua(self, leer, texto, columnas):
        assert leer(texto).columns.tolist() == columnas

    def test_se_puede_decir(self, leer):
        assert leer("a:b\n1:2\n", separador=":")["b"].tolist() == [2]

    def test_dos_caracteres(self, leer):
        with pytest.raises(ValueError, match="un solo carácter"):
            leer("a;;b\n", separador=";;")

    @pytest.mark.parametrize("fin", ["\n", "\r\n", "\r"], ids=["Linux", "Windows", "Mac antiguo"])
    def test_fin_de_linea(self, leer, fin):
        assert leer(fin.join(["a;b", '1;"dos', 'líneas"', ""]))["a"].tolist() == [1]


class TestNumeros:
    @pytest.mark.parametrize(
        ("textos", "numeros"),
        [
            (["1,5", "2"], [1.5, 2]),
            (["1.5", "2"], [1.5, 2]),
            (["1.234,5", "2,25"], [1234.5, 2.25]),
            (["1,234.5", "2.25"], [1234.5, 2.25]),
            (["1.234.567", "5"], [1234567, 5]),
            (["1 234,5", "12\u00a0000", "3\u202f000"], [1234.5, 12000, 3000]),
            (["1'234.5", "2’000.25"], [1234.5, 2000.25]),
            (["-1,5", "−2,5", "+3,5"], [-1.5, -2.5, 3.5]),
            ([",5", "-,25"], [0.5, -0.25]),
            (["1,5E3", "2e-2"], [1500, 0.02]),
            (["0,123", "12,345"], [0.123, 12.345]),
            (["1234,567", "1,234"], [1234.567, 1.234]),
            (["$12.501", "-$ 1.001"], [12501, -1001]),
            (["5 €", "1.234,50 €"], [5, 1234.5]),
            (["12 %", "3,5%"], [12, 3.5]),
        ],
        ids=[
            "coma decimal",
            "punto decimal",
            "coma decimal y punto de miles",
            "punto decimal y coma de miles",
            "miles repetidos",
            "miles con espacios de varias clases",
            "miles con apóstrofo",
            "signos",
            "sin cero a la izquierda",
            "notación científica",
            "el cero delata el decimal",
            "cuatro cifras delatan el decimal",
            "el dinero no lleva tres decimales",
            "euros",
            "porcentaje en puntos",
        ],
    )
    @pytest.mark.filterwarnings("error")
    def test_sin_ambiguedad(self, leer, textos, numeros):
        tabla = leer("id\tx\n" + "".join(f"{i}\t{t}\n" for i, t in enumerate(textos)))
        assert tabla["x"].tolist() == numeros

    @pytest.mark.parametrize(
        ("textos", "motivo"),
        [
            (["007", "12"], "'007' lleva ceros a la izquierda: texto en x"),
            (["+56912345678", "5"], "'+56912345678' parece un teléfono: texto en x"),
            (["1234567890123456", "5"], "'1234567890123456' tiene más de 15 cifras: texto en x"),
            (["1", "2", "doce"], "'doce' no está escrito como los demás números: texto en x"),
            (["1,5", "2,5", "3.5"], "'3.5' no está escrito como los demás números: texto en x"),
            (["05,5", "2,5", "3,5"], "'05,5' no está escrito como los demás números: texto en x"),
            (
                ["1.234 567", "1,5", "2"],
                "'1.234 567' no está escrito como los demás números: texto en x",
            ),
            (["$5", "€6"], "no todos los números llevan el mismo símbolo: texto en x"),
            (["5", "6%"], "no todos los números llevan el mismo símbolo: texto en x"),
            (["1", "2", "1e999"], "'1e999' no está escrito como los demás números: texto en x"),
        ],
    )
    def test_lo_que_no_se_destruye(self, leer, textos, motivo):
        tabla = leer("id;x\n" + "".join(f"{i};{t}\n" for i, t in enumerate(textos)))
        assert tabla["x"].tolist() == textos
        assert motivo in tabla.attrs["supuestos"]

    @pytest.mark.parametrize(
        "textos",
        [
            ["rojo", "azul"],
            ["12/05/2024", "1/6/2024"],
            ["12.345.678-5", "7.654.321-K"],
            ["A1", "3"],
        ],
        ids=["palabras", "fechas", "RUT", "códigos"],
    )
    def test_el_texto_queda_callado(self, leer, textos):
        tabla = leer("id;x\n" + "".join(f"{i};{t}\n" for i, t in enumerate(textos)))
        assert tabla["x"].tolist() == textos
        assert tabla.attrs["supuestos"] == ["UTF-8", "separador ';'"]

    def test_cada_columna_con_su_decimal(self, leer):
        tabla = leer("a;b\n1,5;2.5\n")
        assert tabla.loc[0].tolist() == [1.5, 2.5]
        assert tabla.attrs["supuestos"][-2:] == ["decimal ',' en a", "decimal '.' en b"]

    def test_enteros_y_decimales(self, leer):
        tabla = leer("a;b;c\n1;1,0;1\n2;2,0;\n")
        assert tabla.dtypes.astype(str).tolist() == ["int64", "float64", "float64"]


class TestAmbiguos:
    @pytest.mark.parametrize(
        ("separador", "leido", "otro"),
        [(";", 12501, 12.501), (",", 12.501, 12501), ("\t", 12.501, 12501)],
        ids=["punto y coma", "coma", "tabulador"],
    )
    def test_decide_el_separador_y_avisa(self, leer, separador, leido, otro):
        texto = f"auto{separador}precio\nA{separador}12.501\nB{separador}8.991\n"
        with pytest.warns(UserWarning, match=f"'12.501' se leyó como {leido}. Si es {otro}"):
            tabla = leer(texto)
        assert tabla["precio"][0] == leido
        assert "se pueden leer de dos maneras" in tabla.attrs["supuestos"][-1]

    @pytest.mark.parametrize(
        ("textos", "leido"),
        [(["12.500", "999"], 12500), (["12.501", "999"], 12.501), (["12.500", "8.990"], 12.5)],
        ids=["miles", "sin cero al final", "sin enteros"],
    )
    def test_el_cero_final_junto_a_un_entero_parece_de_miles(self, leer, textos, leido):
        with pytest.warns(UserWarning, match="se pueden leer de dos maneras") as avisos:
            tabla = leer("a,b\n" + "".join(f"{i},{texto}\n" for i, texto in enumerate(textos)))
        assert tabla["b"][0] == leido
        assert len(avisos) == 1

    def test_columnas_ambiguas_leidas_de_distinta_manera(self, leer):
        with pytest.warns(UserWarning, match="se pueden leer de dos maneras") as avisos:
            tabla = leer("a,b\n1.501,12.500\n2.501,999\n")
        assert tabla.loc[0].tolist() == [1.501, 12500]
        assert sorted(str(aviso.message).split()[4] for aviso in avisos) == ["a", "b"]

    @pytest.mark.filterwarnings("error")
    @pytest.mark.parametrize(("decimal", "leido"), [(",", 12501), (".", 12.501)])
    def test_decimal_lo_aclara(self, leer, decimal, leido):
        assert leer("a;b\n1;12.501\n", decimal=decimal)["b"][0] == leido

    @pytest.mark.filterwarnings("error")
    @pytest.mark.parametrize(("nota", "leido"), [("5,5", 12501), ("5.5", 12.501)])
    def test_otra_columna_lo_aclara(self, leer, nota, leido):
        tabla = leer(f'precio,nota\n12.501,"{nota}"\n8.991,"6"\n')
        assert tabla["precio"][0] == leido

    def test_el_aviso_apunta_a_quien_llama(self, leer):
        with pytest.warns(UserWarning, match="decimal=") as avisos:
            leer("a;b\n1;12.501\n")
        assert avisos[0].filename == __file__

    def test_decimal_imposible(self, leer):
        with pytest.raises(ValueError, match=r"decimal es ',' o '\."):
            leer("a\n1\n", decimal=";")


class TestFaltantes:
    def test_entre_numeros_son_faltantes_y_se_dice(self, leer):
        textos = ["1", "NA", "s/d", "#N/D", "-", "", "nan", "None"]
        tabla = leer("id;x\n" + "".join(f"{i};{t}\n" for i, t in enumerate(textos)))
        assert tabla["x"].isna().tolist() == [False] + [True] * 7
        for texto in ("NA", "s/d", "#N/D", "-", "nan", "None"):
            assert f"'{texto}' es dato faltante en x" in tabla.attrs["supuestos"]

    def test_entre_palabras_son_texto_y_se_dice(self, leer):
        tabla = leer("id;país\n1;NA\n2;Chile\n3;\n4;None\n")
        assert tabla["país"].fillna("—").tolist() == ["NA", "Chile", "—", "None"]
        assert "'NA' es texto en país" in tabla.attrs["supuestos"]

    def test_lo_que_empieza_con_numeral_no_siempre_es_un_error(self, leer):
        tabla = leer("id;color\n1;#FF0000\n2;#00FF00\n")
        assert tabla["color"].tolist() == ["#FF0000", "#00FF00"]
        assert tabla.attrs["supuestos"] == ["UTF-8", "separador ';'"]

    @pytest.mark.parametrize("error", ["#N/D", "#¡DIV/0!", "#VALUE!", "#¿NOMBRE?", "#¡REF!"])
    def test_errores_de_planilla(self, leer, error):
        tabla = leer(f"id;x\n1;{error}\n2;5\n")
        assert tabla["x"].isna().tolist() == [True, False]

    def test_columna_sin_datos(self, leer):
        tabla = leer("a;b\n1;\n2;\n")
        assert tabla["b"].dtype == "float64"
        assert tabla["b"].isna().all()
        assert "sin ningún dato en b" in tabla.attrs["supuestos"]


class TestNombres:
    def test_espacios_y_acentos_descompuestos(self, leer):
        tabla = leer(" Aprobo\u0301 ;Año\n1;2\n")  # Como los guarda macOS
        assert tabla.columns.tolist() == ["Aprobó", "Año"]

    @pytest.mark.parametrize(
        ("texto", "mensaje"),
        [
            ("", "'tabla.csv' está vacío"),
            ("\n \n\n", "'tabla.csv' está vacío"),
            ("a;b\n", "solo tiene el encabezado"),
            ("1,5;2\n3;4\n", "debe tener los nombres de las columnas y trae números"),
            ("a;b;a\n1;2;3\n", r"repite nombres de columna: \['a'\]"),
            ("a;b\n1;2\n3;4;5\n", "línea 3: tiene 3 valores y el encabezado 2"),
            ("sep=;\na;b\n1;2;3\n", "línea 3: tiene 3 valores"),
            ("a;b;c\n1;2;3\n4;5\n", "línea 3: tiene 2 valores y el encabezado 3"),
            ("a,b\n1,5,2,5\n3,5,4,5\n", "línea 2: tiene 4 valores .* coma decimal"),
            ("Ventas 2024\n\na;b\n1;2\n", "línea 3: .* si hay títulos .* bórralos"),
            ('a;b\n"15" pulgadas;2\n', "línea 2: unas comillas no se cierran"),
            ('a;b\n"15;2\n3;4\n', "unas comillas no se cierran"),
            (b"PK\x03\x04...", "un libro de Excel: cámbiale la extensión"),
            ("\n<!DOCTYPE html>", "una página web"),
            (b"a\x00;\x00b\x00", "no parece un archivo de texto"),
        ],
        ids=[
            "vacío",
            "en blanco",
            "solo encabezado",
            "sin encabezado",
            "nombres repetidos",
            "fila larga",
            "fila larga después de la línea sep=",
            "fila corta",
            "coma decimal sin comillas",
            "título antes del encabezado",
            "comillas en medio",
            "comillas sin cerrar",
            "es un XLSX",
            "es una página web",
            "es binario",
        ],
    )
    def test_archivos_que_no_son_una_tabla(self, leer, texto, mensaje):
        with pytest.raises(ValueError, match=mensaje):
            leer(texto)

    @pytest.mark.parametrize(
        "celda", ["1" + ".234" * 1600, "$" + " " * 100_000 + "x%"], ids=["cifras", "espacios"]
    )
    def test_una_celda_enorme_es_un_texto(self, leer, celda):
        assert leer(f"a;b\n{celda};1\n").to_dict("records") == [{"a": celda, "b": 1}]

    def test_mas_columnas_que_las_que_se_leen(self, leer):
        with pytest.raises(ValueError, match="tiene 60000 columnas y se leen hasta 50000"):
            leer(";".join(f"c{i}" for i in range(60_000)) + "\n" + ";".join(["1"] * 60_000))

    def test_una_sola_fila_de_datos_se_lee(self, leer):
        assert leer("a;b\n1,5;2\n").to_dict("records") == [{"a": 1.5, "b": 2}]


class TestRutas:
    def test_no_existe(self, guardar):
        ruta = guardar("a\n1\n", "notas.csv")
        with pytest.raises(FileNotFoundError, match=r"¿Será 'notas.csv'\?"):
            leer_tabla(ruta.with_name("nota.csv"))
        with pytest.raises(FileNotFoundError, match="Se buscó en la carpeta"):
            leer_tabla(ruta.with_name("otra_cosa.csv"))
        with pytest.raises(FileNotFoundError, match="Tampoco existe la carpeta"):
            leer_tabla(ruta.parent / "nada" / "notas.csv")

    @pytest.mark.parametrize("nombre", ["datos.xls", "datos.ods", "datos.pdf", "datos"])
    def test_extension_que_no_se_lee(self, guardar, nombre):
        with pytest.raises(ValueError, match=r"\.csv, \.tsv, \.txt y \.xlsx"):
            leer_tabla(guardar("a\n1\n", nombre))

    def test_carpeta(self, tmp_path):
        with pytest.raises(ValueError, match="es una carpeta"):
            leer_tabla(tmp_path)

    def test_texto_y_mayusculas_en_la_ruta(self, guardar):
        assert len(leer_tabla(str(guardar("a\n1\n", "DATOS.CSV")), verbose=0)) == 1


class TestCodificacion:
    def test_la_que_se_dice(self, guardar):
        ruta = guardar("Año;b\n1;2\n", codificacion="mac-roman")
        assert leer_tabla(ruta, codificacion="mac-roman", verbose=0).columns[0] == "Año"

    def test_utf8_con_bom_dicha(self, guardar):
        ruta = guardar("Año;b\n1;2\n", codificacion="utf-8-sig")
        assert leer_tabla(ruta, codificacion="utf-8", verbose=0).columns[0] == "Año"

    @pytest.mark.parametrize(
        ("codificacion", "mensaje"),
        [("klingon", "no conoce la codificación 'klingon'"), ("utf-8", "no está escrito en utf-8")],
    )
    def test_la_equivocada(self, guardar, codificacion, mensaje):
        ruta = guardar("Año;b\n1;2\n", codificacion="cp1252")
        with pytest.raises(ValueError, match=mensaje):
            leer_tabla(ruta, codificacion=codificacion)


class TestExcel:
    @pytest.fixture
    def libro(self, tmp_path):
        tabla = pd.DataFrame(
            {
                "entero": [1, 2, None],
                "texto con números": ["1,5", "2", 3],
                "código": ["007", "8", 9],
                "fecha": [datetime.date(2024, 1, 31)] * 3,
                "lógico": [True, False, True],
                "país": ["Chile", "NA", None],
                "real": [0.1, 1e-7, -3.0],
            }
        )
        with pd.ExcelWriter(tmp_path / "libro.xlsx") as escritor:
            tabla.to_excel(escritor, sheet_name="Notas", index=False, startrow=2, startcol=1)
            tabla[["real"]].to_excel(escritor, sheet_name="Otra", index=False)
        return tmp_path / "libro.xlsx"

    def test_tipos(self, libro, capsys):
        tabla = leer_tabla(libro)
        assert tabla["entero"].tolist()[:2] == [1, 2]
        assert tabla["texto con números"].tolist() == [1.5, 2, 3]
        assert tabla["código"].tolist() == ["007", "8", "9"]
        assert tabla["fecha"].tolist() == [pd.Timestamp(2024, 1, 31)] * 3
        assert tabla["lógico"].tolist() == [True, False, True]
        assert tabla["país"].tolist()[:2] == ["Chile", "NA"]
        assert tabla["real"].tolist() == [0.1, 1e-7, -3.0]
        assert capsys.readouterr().out.startswith(
            "libro.xlsx: 3 filas × 7 columnas; hoja 'Notas', la 1 de 2; decimal ','; "
        )

    @pytest.mark.parametrize("hoja", [1, "Otra"])
    def test_otra_hoja(self, libro, hoja):
        assert leer_tabla(libro, hoja=hoja, verbose=0).columns.tolist() == ["real"]

    @pytest.mark.parametrize("hoja", [2, -1, "Nota"])
    def test_hoja_que_no_existe(self, libro, hoja):
        with pytest.raises(ValueError, match=r"Sus hojas: \['Notas', 'Otra'\]"):
            leer_tabla(libro, hoja=hoja)

    def test_no_es_un_libro(self, guardar):
        with pytest.raises(ValueError, match="no es un libro de Excel"):
            leer_tabla(guardar("a;b\n1;2\n", "falso.xlsx"))

    def test_errores_de_formula_son_faltantes(self, tmp_path):
        libro = openpyxl.Workbook()
        for fila in (["i", "a", "b"], [1, 2, "rojo"], [2, "#N/A", "#REF!"], [3, 2.5, "azul"]):
            libro.active.append(fila)
        libro.save(tmp_path / "errores.xlsx")
        tabla = leer_tabla(tmp_path / "errores.xlsx", verbose=0)
        assert tabla[["a", "b"]].isna().to_numpy().tolist() == [
            [False] * 2,
            [True] * 2,
            [False] * 2,
        ]
        assert tabla["a"].dtype == "float64"

    def test_hoja_vacia(self, tmp_path):
        pd.DataFrame().to_excel(tmp_path / "vacio.xlsx", index=False)
        with pytest.raises(ValueError, match="está vacío"):
            leer_tabla(tmp_path / "vacio.xlsx")


class TestHostilOMalEscrito:
    def libro(self, ruta, *filas):
        libro = openpyxl.Workbook()
        for fila in filas:
            libro.active.append(fila)
        libro.save(ruta)
        return ruta

    def test_dos_celdas_lejanas_no_toman_memoria(self, tmp_path):
        libro = openpyxl.Workbook()
        for celda, valor in (("A1", "a"), ("B1", "b"), ("A2", 1), ("B1048576", 2)):
            libro.active[celda] = valor
        libro.save(tmp_path / "lejos.xlsx")
        tracemalloc.start()
        tabla = leer_tabla(tmp_path / "lejos.xlsx", verbose=0)
        pico = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert tabla["a"].tolist()[0] == 1
        assert tabla["b"].tolist()[1] == 2
        assert pico < 20 * 2**20

    def test_muchas_filas_hasta_la_ultima_columna(self, tmp_path):
        filas = "".join(f'<row r="{i}"><c r="XFD{i}"><v>1</v></c></row>' for i in range(1, 3000))
        self.con_hoja(tmp_path / "ancho.xlsx", filas)
        with pytest.raises(ValueError, match=r"16384 columnas.*escrito lejos de la tabla"):
            leer_tabla(tmp_path / "ancho.xlsx")

    def test_una_bomba(self, tmp_path):
        self.con_hoja(tmp_path / "bomba.xlsx", " " * (200 * 2**20))
        with pytest.raises(ValueError, match="parece hecho para llenar la memoria"):
            leer_tabla(tmp_path / "bomba.xlsx")

    def con_hoja(self, ruta, filas):
        """Un libro cuya hoja tiene esas filas, escritas en XML."""
        normal = self.libro(ruta.with_suffix(".tmp.xlsx"), ["a"])
        with zipfile.ZipFile(normal) as uno, zipfile.ZipFile(ruta, "w", 8) as otro:
            for nombre in uno.namelist():
                contenido = uno.read(nombre).decode()
                if nombre.endswith("sheet1.xml"):
                    antes, _, resto = contenido.partition("<sheetData>")
                    _, _, despues = resto.partition("</sheetData>")
                    contenido = f"{antes}<sheetData>{filas}</sheetData>{despues}"
                otro.writestr(nombre, contenido)

    def test_formulas_sin_calcular(self, tmp_path):
        ruta = self.libro(tmp_path / "f.xlsx", ["a", "b"], [1, "=A2*2"], [2, "=A3*2"])
        with pytest.raises(ValueError, match=r"2 celdas con fórmulas \(como =A2\*2\).*guárdalo"):
            leer_tabla(ruta)

    def test_un_titulo_encima(self, tmp_path):
        filas = ["Notas del curso", None, None], ["a", "b", "c"], [1, 2, 3]
        ruta = self.libro(tmp_path / "t.xlsx", *filas)
        with pytest.raises(ValueError, match="'Notas del curso', y la tabla tiene 3 columnas"):
            leer_tabla(ruta)

    def test_bytes_danados_en_utf8(self, tmp_path):
        ruta = tmp_path / "d.csv"
        ruta.write_bytes("año;niña\n1;á\n".encode() + b"2;\xf1\xe1\n" + "3;é\n".encode())
        with pytest.raises(ValueError, match="UTF-8 con 2 bytes dañados, desde la línea 3"):
            leer_tabla(ruta)
        assert leer_tabla(ruta, codificacion="cp1252", verbose=0).shape == (3, 2)

    def test_columnas_separadas_por_espacios(self, tmp_path, capsys):
        ruta = tmp_path / "e.txt"
        ruta.write_text("x y  z\n1 2.5 3\n\n-4   5e1 6\n")
        tabla = leer_tabla(ruta)
        assert tabla.to_numpy().tolist() == [[1, 2.5, 3], [-4, 50, 6]]
        assert "columnas separadas por espacios" in capsys.readouterr().out

    @pytest.mark.parametrize("texto", ["frase\nbuenos días\nbuenas noches\n", "precio\n12 500\n"])
    def test_los_espacios_de_una_sola_columna_se_quedan(self, tmp_path, texto):
        ruta = tmp_path / "una.txt"
        ruta.write_text(texto, encoding="utf-8")
        assert leer_tabla(ruta, verbose=0).shape[1] == 1


# --- Ida y vuelta: toda tabla numérica, escrita en cualquier convención, se lee idéntica. ---

enteros = st.integers(-(10**15) + 1, 10**15 - 1)
reales = st.floats(-1e300, 1e300) | st.decimals(-9999, 9999, places=3, allow_nan=False).map(float)
nombres = st.text("abcdeñáéíóúÑ ", min_size=1, max_size=6).map(str.strip).filter(bool)


@st.composite
def tablas(draw):
    """Una tabla numérica con un índice sin faltantes, para que ninguna fila quede vacía."""
    filas = draw(st.integers(1, 6))
    tabla = {"fila": list(range(filas))}
    for nombre in draw(st.lists(nombres, max_size=4, unique=True)):
        valores = st.lists(draw(st.sampled_from([enteros, reales])), min_size=filas, max_size=filas)
        columna = draw(valores)
        if draw(st.booleans()):
            columna[draw(st.integers(0, filas - 1))] = None
        tabla[nombre] = columna
    assume("fila" not in list(tabla)[1:])
    return pd.DataFrame(tabla)


def escribir_numero(valor, decimal, miles):
    """El número con su decimal y sus miles, como lo muestra una planilla de cálculo."""
    if valor is None or (isinstance(valor, float) and math.isnan(valor)):
        return ""
    escrito = repr(valor)
    entero, punto, resto = escrito.partition(".")
    if "e" in entero:
        entero, exponente = entero.split("e")
        resto, punto = f"e{exponente}", ""
    signo, cifras = ("-", entero[1:]) if entero.startswith("-") else ("", entero)
    return signo + f"{int(cifras):,}".replace(",", miles) + punto.replace(".", decimal) + resto


@st.composite
def convenciones(draw):
    decimal = draw(st.sampled_from(",."))
    miles = draw(st.sampled_from(["", ".", ",", " ", "\u00a0", "'"]).filter(lambda m: m != decimal))
    return {
        "decimal": decimal,
        "miles": miles,
        "separador": draw(st.sampled_from(",;\t|")),
        "codificacion": draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"])),
        "fin": draw(st.sampled_from(["\n", "\r\n"])),
    }


def escribir_csv(tabla, ruta, *, decimal, miles, separador, codificacion, fin):
    texto = io.StringIO(newline="")
    escritor = csv.writer(texto, delimiter=separador, lineterminator=fin)
    escritor.writerow(tabla.columns)
    for fila in zip(*(tabla[c].tolist() for c in tabla), strict=True):
        escritor.writerow([escribir_numero(valor, decimal, miles) for valor in fila])
    ruta.write_bytes(texto.getvalue().encode(codificacion))


def iguales(leida, escrita):
    return list(leida) == list(escrita) and all(
        np.array_equal(leida[c].to_numpy("float64"), escrita[c].to_numpy("float64"), equal_nan=True)
        for c in escrita
    )


ida_y_vuelta = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@ida_y_vuelta
@given(tabla=tablas(), convencion=convenciones())
def test_ida_y_vuelta_diciendo_el_decimal(tmp_path, tabla, convencion):
    escribir_csv(tabla, tmp_path / "t.csv", **convencion)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        leida = leer_tabla(tmp_path / "t.csv", decimal=convencion["decimal"], verbose=0)
    assert iguales(leida, tabla)


@ida_y_vuelta
@given(tabla=tablas(), convencion=convenciones())
def test_ida_y_vuelta_adivinando(tmp_path, tabla, convencion):
    """Se lee idéntica, salvo que sea ambigua de verdad, y entonces avisa."""
    escribir_csv(tabla, tmp_path / "t.csv", **convencion)
    with warnings.catch_warnings(record=True) as avisos:
        warnings.simplefilter("always")
        leida = leer_tabla(tmp_path / "t.csv", verbose=0)
    assert avisos or iguales(leida, tabla)


@settings(ida_y_vuelta, max_examples=30)
@given(tabla=tablas())
def test_ida_y_vuelta_por_excel(tmp_path, tabla):
    tabla.to_excel(tmp_path / "t.xlsx", index=False)
    leida = leer_tabla(tmp_path / "t.xlsx", verbose=0)
    # El formato guarda 16 cifras: el último bit de un real se puede perder al escribirlo.
    leida, tabla = leida.astype("float64"), tabla.astype("float64")
    assert np.allclose(leida, tabla, rtol=1e-15, atol=0, equal_nan=True)


textos = st.text("abñÁ ,;|\t\"'%$.-\n", min_size=1).map(lambda t: f"x{t}y")


@ida_y_vuelta
@given(
    columnas=st.lists(st.tuples(textos, textos), min_size=1, max_size=8),
    separador=st.sampled_from(",;\t|"),
)
def test_ida_y_vuelta_de_textos(tmp_path, columnas, separador):
    tabla = pd.DataFrame(columnas, columns=["uno", "dos"])
    tabla.to_csv(tmp_path / "t.csv", sep=separador, index=False)
    leida = leer_tabla(tmp_path / "t.csv", verbose=0)
    assert leida.to_numpy().tolist() == tabla.to_numpy().tolist()
