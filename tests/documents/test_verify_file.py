"""What a stranger's file is worth: every check in its own words, also by the command without a database."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pikepdf
import pytest
from cryptography.hazmat.primitives import serialization
from django.conf import settings as django_settings
from django.core.management import call_command

from accounts.canonical import sha256_hex
from documents import pdf, verification
from documents.verification import Unreadable, verify_file

from . import sample
from .verified import flipped, statuses


@pytest.fixture(scope="module")
def sealed() -> bytes:
    return sample.sealed()


@pytest.fixture(scope="module")
def roots():
    return [sample.seal_key().chain[-1]]


SOUND = {
    "file_integrity": "ok",
    "seal": "ok",
    "certificate": "ok",
    "timestamp": "absent",
    "evidence": "absent",
    "device_signatures": "absent",
    "chain": "absent",
    "text": "absent",
}


def test_a_sealed_paper_without_evidence_is_valid(sealed, roots):
    report = verify_file(sealed, roots=roots)
    assert report.valid
    assert statuses(report) == SOUND
    assert report.document == {
        "kind": "declaration",
        "title": sample.TITLE,
        "event": "7KQ2-M9XD",
        "signatures": 2,
        "sha256": sha256_hex(sealed),
        "pades_level": "B-B",
    }
    assert (report.pades_level, report.certificate_fingerprint) == ("B-B", sample.seal_key().fingerprint)


def test_the_messages_name_seal_issuer_and_clock(sealed, roots):
    checks = verify_file(sealed, roots=roots).checks
    key = sample.seal_key()
    assert checks["file_integrity"].message == "Berkas utuh sejak disegel."
    assert checks["seal"].message == "Segel elektronik Panwaslu Kecamatan Cerme (segel lokal) sah."
    assert (
        checks["certificate"].message
        == f"Sertifikat {key.name}, penerbit {key.issuer}, berlaku saat disegel."
    )
    assert checks["timestamp"].message == "Tanpa stempel waktu; waktu menurut jam kantor."
    assert checks["evidence"].message == "Tidak ada berkas bukti."


def test_the_own_roots_are_trusted_by_default(sealed):
    assert verify_file(sealed).valid


def test_the_report_as_json_is_the_contract(sealed, roots):
    found = json.loads(json.dumps(verify_file(sealed, roots=roots).as_json()))
    assert found.keys() == {"valid", "checks", "document"}
    assert list(found["checks"]) == list(verification.CHECKS)
    assert all(check.keys() == {"status", "message", "facts"} for check in found["checks"].values())
    assert found["document"].keys() == {"kind", "title", "event", "signatures", "sha256", "pades_level"}


# --- garbage ----------------------------------------------------------------------------------------------------


def encrypted() -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(sample.rendered("integrity_pact").pdf)) as opened:
        opened.save(out, encryption=pikepdf.Encryption(owner="a", user="b"))
    return out.getvalue()


@pytest.mark.parametrize(
    "data",
    [b"", b"\0" * 5000, b"%PDF-1.7", b"%PDF-1.7\n%%EOF", b"<html></html>", b"PK\x03\x04" + b"x" * 900],
)
def test_what_is_no_pdf_is_unreadable(data, roots):
    with pytest.raises(Unreadable) as problem:
        verify_file(data, roots=roots)
    assert problem.value.message == "Berkas bukan PDF yang utuh."


def test_a_locked_pdf_says_so(roots):
    with pytest.raises(Unreadable) as problem:
        verify_file(encrypted(), roots=roots)
    assert problem.value.message == "Berkas terkunci dengan kata sandi."


def test_more_than_a_hundred_megabytes_are_not_read(monkeypatch):
    monkeypatch.setattr(verification, "MAX_BYTES", 1000)
    with pytest.raises(Unreadable) as problem:
        verify_file(b"x" * 1001, roots=[])
    assert problem.value.message == "Berkas lebih besar dari 100 MB."


# --- the command ------------------------------------------------------------------------------------------------


def verify(*arguments, data_dir: Path) -> subprocess.CompletedProcess:
    """``manage.py verify_document`` with an empty DATA_DIR and a database that is not there."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "netralitas.settings",
        "DATA_DIR": str(data_dir),
        "DATABASE_URL": "postgres://nobody:nothing@127.0.0.1:1/none",
    }
    return subprocess.run(
        [sys.executable, "manage.py", "verify_document", *map(str, arguments)],
        cwd=django_settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def files(sealed, roots, tmp_path) -> Path:
    (tmp_path / "utuh.pdf").write_bytes(sealed)
    (tmp_path / "ubah.pdf").write_bytes(flipped(sealed, 30_000))
    (tmp_path / "bukan.pdf").write_text("bukan PDF")
    (tmp_path / "akar.pem").write_bytes(roots[0].public_bytes(serialization.Encoding.PEM))
    return tmp_path


def test_command_says_valid_in_words(files):
    done = verify(files / "utuh.pdf", "--trust", files / "akar.pem", data_dir=files / "var")
    assert done.returncode == 0
    assert "Keutuhan berkas      sesuai     Berkas utuh sejak disegel." in done.stdout
    assert done.stdout.splitlines()[-1] == f"{sample.TITLE}: SAH"


def test_command_names_the_failed_check_as_json(files):
    done = verify(files / "ubah.pdf", "--trust", files / "akar.pem", "--json", data_dir=files / "var")
    found = json.loads(done.stdout)
    assert done.returncode == 1
    assert found["valid"] is False
    assert found["checks"]["file_integrity"] == {
        "status": "failed",
        "message": "Isi berkas berubah setelah disegel.",
        "facts": {"kind": "changed"},
    }


def test_command_without_the_root_does_not_trust(files):
    done = verify(files / "utuh.pdf", data_dir=files / "var")
    assert done.returncode == 1
    assert done.stdout.splitlines()[-1] == f"{sample.TITLE}: TIDAK SAH (Sertifikat)"


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["bukan.pdf"], "Berkas bukan PDF yang utuh."),
        (["tiada.pdf"], "Berkas {}/tiada.pdf tidak dapat dibuka."),
        (["utuh.pdf", "--trust", "bukan.pdf"], "{}/bukan.pdf tidak berisi sertifikat."),
    ],
)
def test_command_exits_2_with_one_line_for_unusable_input(files, arguments, line, capsys):
    named = [str(files / part) if part.endswith(".pdf") else part for part in arguments]
    with pytest.raises(SystemExit) as ended:
        call_command("verify_document", *named)
    assert ended.value.code == 2
    assert capsys.readouterr() == ("", line.format(files) + "\n")


def test_pdf_module_is_not_needed_to_check():
    """Checking must stay possible on a machine without our fonts: WeasyPrint is never imported."""
    code = "import django; django.setup(); from documents.verification import verify_file; import sys;"
    code += "print([name for name in sys.modules if name.startswith('weasyprint')])"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=django_settings.BASE_DIR, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
    assert pdf.EVIDENCE_NAME == "evidence.json"
