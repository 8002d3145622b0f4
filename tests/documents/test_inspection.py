"""A stranger's file is looked into by another process with limits."""

import subprocess

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile

from documents import inspection, jobs, storage
from tests.documents.factories import issue

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings(r"ignore:unclosed file .*(sRGB2014\.icc|\.woff2):ResourceWarning"),
]


@pytest.fixture(autouse=True)
def _empty_cache(monkeypatch):
    monkeypatch.setattr(inspection, "SECONDS", 120)  # this machine may be busy with other tests
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def sealed():
    document = issue()
    jobs.run_pending()
    document.refresh_from_db()
    return storage.read(document.file)


def look(data, name="0" * 64):
    return {axis.label: axis for axis in inspection.look_into(SimpleUploadedFile("x.pdf", data), name)}


def test_each_check_of_the_file_is_one_line(sealed):
    lines = look(sealed)
    assert lines["Keutuhan berkas"].text == "Berkas utuh sejak disegel."
    assert [lines[label].tone for label in ("Keutuhan berkas", "Segel", "Sertifikat")] == ["done"] * 3
    assert lines["Bukti"].tone == "muted"


def test_changed_file_says_which_check_failed(sealed):
    changed = bytearray(sealed)
    changed[1000] ^= 1
    assert look(bytes(changed))["Keutuhan berkas"].tone == "danger"


@pytest.mark.parametrize("data", [b"", b"bukan PDF", b"%PDF-1.7\n" + b"\0" * 2000])
def test_file_that_is_no_pdf_gets_one_sentence(data):
    (line,) = look(data).values()
    assert (line.label, line.tone) == ("Isi berkas", "danger")
    assert line.text.endswith(".")


def test_result_is_kept_by_the_hash(sealed, monkeypatch):
    first = look(sealed, "a" * 64)
    monkeypatch.setattr(subprocess, "run", lambda *a, **k: pytest.fail("asked twice"))
    assert look(sealed, "a" * 64) == first


def test_endless_work_is_stopped(monkeypatch):
    def endless(*args, timeout, **kwargs):
        raise subprocess.TimeoutExpired("verify_document", timeout)

    monkeypatch.setattr(subprocess, "run", endless)
    assert look(b"%PDF-1.7")["Isi berkas"].text == inspection.TOO_MUCH


def test_file_that_eats_memory_is_stopped(sealed, monkeypatch):
    monkeypatch.setattr(inspection, "MEMORY", 60 * 1024 * 1024)
    assert look(sealed)["Isi berkas"].text == inspection.TOO_MUCH


def test_crowd_waits_and_nothing_is_remembered(sealed):
    with inspection._place() as first, inspection._place() as second, inspection._place() as third:
        assert (first, second, third) == (True, True, False)
        assert look(sealed)["Isi berkas"].text == inspection.BUSY
    assert look(sealed)["Segel"].tone == "done"


def test_copy_of_the_file_is_gone_afterwards(sealed, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    look(sealed)
    assert list(tmp_path.iterdir()) == []
