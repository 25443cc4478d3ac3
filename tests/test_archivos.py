"""La escritura atómica: o queda el archivo nuevo completo, o el anterior intacto."""

import errno
import os
import stat

import pytest

from cursokeras.archivos import escribir_atomico


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
