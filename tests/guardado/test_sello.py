"""El sello: se cubre a sí mismo, concuerda con el modelo y lleva lo que el modelo recuerda."""

import json
import os
import pathlib
import warnings

import keras
import numpy as np
import pytest

import cursokeras as ck
from cursokeras.guardado import cargar, guardar
from tests.guardado.conftest import Partes

DE_353AA37 = pathlib.Path(__file__).parent / "de_353aa37"
ESPERADO = json.loads((DE_353AA37 / "esperado.json").read_text(encoding="utf-8"))


def rearmar(contenido, ruta, cambiar, *, sin_huella=False):
    """Cambia el sello de un archivo a mano; sin su huella, como los de versiones anteriores."""
    partes = Partes(contenido)
    sello = json.loads(partes["cursokeras.json"])
    cambiar(sello)
    if sin_huella:
        sello.pop("huella", None)
    partes["cursokeras.json"] = json.dumps(sello).encode()
    ruta.write_bytes(partes.armar())
    return ruta


@pytest.mark.parametrize("nombre", ["regresion", "clasificacion", "one_hot", "binaria"])
def test_los_archivos_de_353aa37_se_abren_con_sus_columnas_y_clases(nombre):
    esperado = ESPERADO[nombre]
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        modelo = cargar(DE_353AA37 / f"{nombre}.keras")
    predicho = modelo.predict(np.array(ESPERADO["x"]), verbose=0)
    np.testing.assert_allclose(predicho, esperado["predicho"], atol=1e-5)
    for que in ("columnas", "clases"):
        textos = None if esperado[que] is None else tuple(esperado[que])
        assert getattr(modelo, f"{que}_cursokeras", None) == textos
    assert not hasattr(modelo, "rangos_cursokeras")


@pytest.mark.parametrize(
    ("clave", "valor"),
    [
        ("columnas", ["Edad", "Estudio", "Promedio", "Años"]),
        ("clases", ["LI", "LS", "IC"]),
        ("rangos", {"x": [0.0, 1.0]}),
        ("versiones", {"keras": "9"}),
        ("otra", 1),
    ],
)
def test_un_sello_cambiado_a_mano_no_pasa(clave, valor, sellado, tmp_path):
    ruta = rearmar(sellado, tmp_path / "m.keras", lambda sello: sello.__setitem__(clave, valor))
    with pytest.raises(ValueError, match=r"'cursokeras.json' cambió .* sha256"):
        cargar(ruta)


@pytest.mark.parametrize(
    ("clave", "valor", "mensaje"),
    [
        ("columnas", ["Edad", "Estudio"], "2 columnas y el modelo tiene 4 entradas"),
        ("clases", ["LS", "LI"], "2 clases y el modelo tiene 3 salidas"),
        ("columnas", "Edad", "trae 'columnas' y debe ser una lista de textos"),
        ("columnas", [["a"], ["b"], ["c"], ["d"]], "'columnas' y debe ser una lista de textos"),
        ("clases", {"LS": 1, "LI": 2, "IC": 3}, "'clases' y debe ser una lista de textos"),
        ("clases", [1, 2, 3], "'clases' y debe ser una lista de textos"),
        ("rangos", [1, 2], "'rangos' y debe ser un diccionario de listas de números finitos"),
        ("rangos", {"x": "ab"}, "'rangos' y debe ser"),
        ("rangos", {"x": [1, None]}, "'rangos' y debe ser"),
        ("rangos", {"x": ["1", "2"]}, "'rangos' y debe ser"),
        ("rangos", {"x": [float("nan")]}, "'rangos' y debe ser"),
        ("rangos", {"x": [float("inf")]}, "'rangos' y debe ser"),
        ("rangos", {"x": 5}, "'rangos' y debe ser"),
        ("rangos", {"x": [0] * 100_001}, "'rangos' y debe ser"),
        ("formato", 2, "versión más nueva"),
        ("sha256", [], "no se entiende"),
        ("sha256", {}, "cambió desde que se guardó"),
    ],
    ids=lambda valor: str(valor)[:30],
)
def test_un_sello_sin_su_huella_se_revisa_igual(clave, valor, mensaje, sellado, tmp_path):
    def cambiar(sello):
        sello[clave] = valor

    ruta = rearmar(sellado, tmp_path / "m.keras", cambiar, sin_huella=True)
    with pytest.raises(ValueError, match=mensaje):
        cargar(ruta)


def test_un_entero_de_cien_mil_cifras_en_el_sello(sellado, tmp_path):
    partes = Partes(sellado)
    partes["cursokeras.json"] = b'{"formato": ' + b"1" * 100_000 + b"}"
    (tmp_path / "m.keras").write_bytes(partes.armar())
    with pytest.raises(ValueError, match=r"El sello 'cursokeras.json' .* entero de 100000 cifras"):
        cargar(tmp_path / "m.keras")


def test_una_sola_salida_de_si_o_no_son_dos_clases(tmp_path):
    modelo = ck.crear_binaria(2, semilla=0)
    guardar(modelo, tmp_path / "m.keras", clases=["no", "sí"])
    assert cargar(tmp_path / "m.keras").clases_cursokeras == ("no", "sí")


def test_los_rangos_viajan_con_el_modelo(tmp_path):
    modelo = ck.crear_regresion(2, semilla=0)
    modelo.rangos_cursokeras = {"x": (np.float32(0.5), 2), "Año": np.array([-1.0, 3.25])}
    guardar(modelo, tmp_path / "m.keras")
    leido = cargar(tmp_path / "m.keras")
    assert leido.rangos_cursokeras == {"x": [0.5, 2.0], "Año": [-1.0, 3.25]}
    guardar(leido, tmp_path / "otra.keras")
    assert cargar(tmp_path / "otra.keras").rangos_cursokeras == leido.rangos_cursokeras


def test_rangos_que_no_se_podrian_cargar_no_se_guardan(tmp_path):
    modelo = ck.crear_regresion(2, semilla=0)
    modelo.rangos_cursokeras = {"x": [0.0, np.nan]}
    with pytest.raises(ValueError, match="El modelo trae 'rangos' y debe ser un diccionario"):
        guardar(modelo, tmp_path / "m.keras")
    assert list(tmp_path.iterdir()) == []


def test_un_modelo_que_cambio_de_salidas_no_se_guarda_con_las_clases_de_antes(tmp_path):
    modelo = ck.crear_clasificacion(4, 3, semilla=0)
    modelo.clases_cursokeras = ("LS", "LI", "IC")
    modelo.pop()
    modelo.add(keras.layers.Dense(2, "softmax"))
    modelo.compile("adam", "sparse_categorical_crossentropy")
    with pytest.raises(
        ValueError, match=r"3 clases y el modelo tiene 2 .* del modelo\.clases_curso"
    ):
        guardar(modelo, tmp_path / "m.keras")


def test_nombres_raros_vuelven_iguales(tmp_path):
    modelo = ck.crear_regresion(3, semilla=0)
    modelo.columnas_cursokeras = ("Año", "\udcff", "😀 \x00")
    guardar(modelo, tmp_path / "m.keras")
    assert cargar(tmp_path / "m.keras").columnas_cursokeras == modelo.columnas_cursokeras


@pytest.mark.parametrize("permitir", [5, {"a": 1}, [5], b"a", None, ("a", None)], ids=repr)
def test_permitir_que_no_es_una_lista_de_nombres(permitir, sellado, tmp_path):
    (tmp_path / "m.keras").write_bytes(sellado)
    with pytest.raises(ValueError, match="debe ser una lista de nombres, como permitir="):
        cargar(tmp_path / "m.keras", permitir=permitir)


def test_los_argumentos_al_reves_se_dicen(modelo, tmp_path):
    with pytest.raises(ValueError, match=r"al revés: .* Escribe guardar\(modelo, 'm.keras'\)"):
        guardar("m.keras", modelo)
    with pytest.raises(ValueError, match=r"llegó un modelo. Escribe modelo = cargar\('modelo"):
        cargar(modelo)


@pytest.mark.parametrize("ruta", [5, None, "", " ", b"m.keras", ["m.keras"], "m\0.keras"], ids=repr)
def test_lo_que_no_es_una_ruta_se_dice(ruta, modelo):
    for llamar in (cargar, lambda ruta: guardar(modelo, ruta)):
        with pytest.raises(ValueError, match=r"La ruta debe ser un texto, como 'modelo\.keras'"):
            llamar(ruta)


@pytest.mark.skipif(os.name == "nt", reason="tuberías de Unix")
def test_de_una_tuberia_o_un_dispositivo_no_se_espera(modelo, tmp_path):
    os.mkfifo(tmp_path / "m.keras")
    (tmp_path / "ceros.keras").symlink_to("/dev/zero")
    for nombre in ("m.keras", "ceros.keras"):
        with pytest.raises(ValueError, match="no es un archivo: es una tubería o un dispositivo"):
            cargar(tmp_path / nombre)
        with pytest.raises(ValueError, match="no es un archivo: es una tubería o un dispositivo"):
            guardar(modelo, tmp_path / nombre)
