"""What a stranger's file is worth: every check in its own words, no exception whatever the bytes."""

import io
import json
import os
import random
import subprocess
import sys
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pikepdf
import pytest
from cryptography.hazmat.primitives import serialization
from django.conf import settings as django_settings
from django.core.management import call_command
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields

from accounts.canonical import canonical_bytes, sha256_hex
from documents import certificates, pades, pdf, sealer, verification
from documents.verification import Check, Judgement, Status, Unreadable, verify_file

from . import sample

SCHEMA = "uji/1"
EVIDENCE = canonical_bytes({"schema": SCHEMA, "signatories": 2})


@pytest.fixture(scope="module")
def sealed() -> bytes:
    return sample.sealed()


@pytest.fixture(scope="module")
def roots():
    return [sample.seal_key().chain[-1]]


@pytest.fixture
def checker(monkeypatch):
    """Registers a checker for SCHEMA; gives the list of what it was called with."""
    calls = []

    def judge(evidence, paper):
        calls.append((evidence, paper))
        return Judgement(
            {"evidence": Check(Status.OK, "Bukti 2 penanda tangan cocok dengan halaman.")},
            {"signatures": 2, "kind": "declaration"},
        )

    monkeypatch.setattr(verification, "CHECKERS", {SCHEMA: judge})
    return calls


def statuses(report) -> dict[str, str]:
    return {name: str(check.status) for name, check in report.checks.items()}


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


def test_a_paper_whose_evidence_was_left_out_before_sealing_is_named(roots):
    html, inks = sample.memorandum()
    bare = pdf.render(html, inks=inks, attachment=None, meta=sample.meta()).pdf

    report = verify_file(pades.seal(bare, signer=sample.seal_key()), roots=roots)

    assert (report.valid, report.failed) == (False, ["evidence"])
    assert report.checks["evidence"].message == "Bukti tidak cocok: berkas bukti tidak ada lagi."


@pytest.mark.parametrize(
    "contents", [5, pikepdf.Name.X, pikepdf.Dictionary(A=1), pikepdf.Array([5])], ids=repr
)
def test_a_page_without_readable_contents_becomes_a_sentence(monkeypatch, contents):
    monkeypatch.setattr(
        verification,
        "CHECKERS",
        {
            SCHEMA: lambda evidence, paper: Judgement(
                {"evidence": Check(Status.OK, str(paper.page_contents()))}
            )
        },
    )
    with pikepdf.open(io.BytesIO(sample.rendered("memorandum", EVIDENCE).pdf)) as opened:
        opened.pages[0].obj.Contents = contents
        changed = io.BytesIO()
        opened.save(changed)

    report = verify_file(changed.getvalue(), roots=[])

    assert report.checks["evidence"].message == "Bukti tidak cocok: tidak terbaca (ValueError)."


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


# --- tampering --------------------------------------------------------------------------------------------------


def flipped(data: bytes, position: int) -> bytes:
    return data[:position] + bytes([data[position] ^ 0x10]) + data[position + 1 :]


REGIONS = {
    "page content": lambda data: data.index(b"stream\n", 20_000) + 60,
    "head": lambda data: 5,
    "object stream": lambda data: data.index(b"/ObjStm") + 200,
    "xmp": lambda data: data.index(b"textSha256>") + 20,
    "trailer": lambda data: data.index(b"startxref") + 12,
    "byte range": lambda data: data.index(b"/ByteRange") + 14,
    "name of the seal": lambda data: data.rindex(b"/Name") + 9,
    "end": lambda data: len(data) - 3,
}


@pytest.mark.parametrize("region", REGIONS)
def test_one_changed_byte_is_caught_and_named(sealed, roots, region):
    report = verify_file(flipped(sealed, REGIONS[region](sealed)), roots=roots)
    assert not report.valid
    assert "file_integrity" in report.failed
    assert report.checks["file_integrity"].message == "Isi berkas berubah setelah disegel."


@pytest.mark.parametrize("offset", [20, 400, 1200, 2000, 4000])
def test_one_changed_digit_of_the_signature_breaks_the_seal(sealed, roots, offset):
    position = sealed.rindex(b"/Contents <") + len(b"/Contents <") + offset
    digit = b"A" if sealed[position : position + 1] != b"A" else b"B"
    report = verify_file(sealed[:position] + digit + sealed[position + 1 :], roots=roots)
    assert not report.valid
    assert {"seal", "file_integrity"} & set(report.failed)
    assert "Segel tidak sah." in {check.message for check in report.checks.values()}


@pytest.mark.parametrize("tail", [b"% catatan\n", b"x"])
def test_appended_bytes_are_counted(sealed, roots, tail):
    report = verify_file(sealed + tail, roots=roots)
    assert report.failed == ["file_integrity"]
    assert report.checks["file_integrity"].message == f"Ada {len(tail)} bita tambahan di belakang segel."


def test_a_later_revision_is_named(sealed, roots):
    out = io.BytesIO(sealed)
    writer = IncrementalPdfFileWriter(out)
    fields.append_signature_field(writer, fields.SigFieldSpec("Lain", box=(10, 10, 50, 50)))
    changed = io.BytesIO()
    writer.write(changed)
    report = verify_file(changed.getvalue(), roots=roots)
    assert report.failed == ["file_integrity"]
    assert report.checks["file_integrity"].message == "Ada perubahan setelah segel yang tidak diizinkan."


def test_the_last_revision_cut_off_leaves_an_unsealed_paper(sealed, roots):
    report = verify_file(sample.rendered("memorandum").pdf, roots=roots)
    assert sealed.startswith(sample.rendered("memorandum").pdf)
    assert not report.valid
    assert set(statuses(report).values()) == {"absent"}
    assert report.checks["seal"].message == "Berkas ini tidak bersegel."
    assert report.document["signatures"] == 2


@pytest.mark.parametrize("kept", [0.2, 0.8])
def test_a_file_cut_off_inside_the_paper_is_no_whole_pdf(sealed, roots, kept):
    with pytest.raises(Unreadable, match="Berkas bukan PDF yang utuh"):
        verify_file(sealed[: int(len(sealed) * kept)], roots=roots)


@pytest.mark.parametrize("kept", [0.992, 0.999])
def test_a_file_cut_off_inside_the_seal_is_changed(sealed, roots, kept):
    report = verify_file(sealed[: int(len(sealed) * kept)], roots=roots)
    assert "file_integrity" in report.failed


def test_a_seal_of_another_authority_names_its_fingerprint(roots, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    forger = certificates.ensure_office_seal(1, sample.OFFICE)
    forged = pades.seal(sample.rendered("memorandum").pdf, signer=forger)
    report = verify_file(forged, roots=roots)
    assert report.failed == ["certificate"]
    start = certificates.fingerprint(forger.chain[-1])[:4]
    assert report.checks["certificate"].message.startswith(
        f"Akar sertifikat tidak dikenal di komputer ini (sidik {start} "
    )
    assert report.checks["certificate"].message.endswith("Cocokkan dengan pengumuman kantor.")


def test_a_certificate_that_had_ended_when_sealing(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    old = certificates.ensure_office_seal(1, sample.OFFICE, now=datetime(2020, 1, 1, tzinfo=UTC))
    data = sealer.sign(sample.rendered("memorandum").pdf, old, reason="x", location="", name="x")
    report = verify_file(data)
    assert report.failed == ["certificate"]
    assert report.checks["certificate"].message == "Sertifikat kedaluwarsa atau belum berlaku saat disegel."


# --- evidence ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def evidenced() -> bytes:
    return sample.sealed(EVIDENCE)


def test_evidence_is_handed_to_the_checker_of_its_schema(evidenced, roots, checker):
    report = verify_file(evidenced, roots=roots)
    assert report.valid
    assert report.checks["evidence"].message == "Bukti 2 penanda tangan cocok dengan halaman."
    ((evidence, paper),) = checker
    assert evidence == {"schema": SCHEMA, "signatories": 2}
    assert paper.xmp["textSha256"] == sample.TEXT_SHA


def test_a_checker_sees_ink_and_figures_of_the_page(evidenced, roots, monkeypatch):
    _, inks = sample.memorandum()
    seen = {}

    def judge(evidence, paper):
        contents = b"".join(paper.page_contents())
        seen["ink"] = [contents.count(ink.operators) for ink in inks.values()]
        seen["labels"] = sorted(paper.signature_labels())
        return Judgement({})

    monkeypatch.setattr(verification, "CHECKERS", {SCHEMA: judge})
    verify_file(evidenced, roots=roots)
    assert seen == {
        "ink": [1, 1],
        "labels": ["Tanda tangan M. Nizar (contoh)", "Tanda tangan Sugiarto (contoh)"],
    }


def test_evidence_that_nobody_can_judge_is_a_failure(evidenced, roots, monkeypatch):
    monkeypatch.setattr(verification, "CHECKERS", {})
    report = verify_file(evidenced, roots=roots)
    assert report.failed == ["evidence"]
    assert report.checks["evidence"].message == "Bukti tidak cocok: skema uji/1 tidak dikenal oleh versi ini."


@pytest.mark.parametrize("problem", [ValueError("x"), KeyError("x"), TypeError("x"), RecursionError("x")])
def test_a_checker_that_stumbles_is_a_failure_not_a_crash(evidenced, roots, monkeypatch, problem):
    def judge(evidence, paper):
        raise problem

    monkeypatch.setattr(verification, "CHECKERS", {SCHEMA: judge})
    report = verify_file(evidenced, roots=roots)
    assert report.failed == ["evidence"]
    assert (
        report.checks["evidence"].message == f"Bukti tidak cocok: tidak terbaca ({type(problem).__name__})."
    )


def resealed(change) -> bytes:
    """The paper with evidence, changed by an insider and sealed again by us."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(sample.rendered("memorandum", EVIDENCE).pdf)) as opened:
        change(opened)
        opened.save(out, fix_metadata_version=False)
    return pades.seal(out.getvalue(), signer=sample.seal_key())


def _write(content: bytes):
    return lambda opened: opened.Root.AF[0].EF.F.write(content)


def _two_attachments(opened) -> None:
    opened.attachments["lain.json"] = b"{}"


def _renamed(opened) -> None:
    opened.Root.AF[0].UF = pikepdf.String("lain.json")


def _missing_file(opened) -> None:
    del opened.Root.AF[0].EF


def _other_coding(opened) -> None:
    opened.Root.AF[0].EF.F.write(b"414243>", filter=pikepdf.Name.ASCIIHexDecode)


BOMB = b"[" * 100_000


@pytest.mark.parametrize(
    "change",
    [
        _write(b'{"schema": "uji/1"}'),
        _write(b'{"schema":"uji/1","schema":"uji/1"}'),
        _write(b'{"n":1.5,"schema":"uji/1"}'),
        _write(b'{"n":' + b"9" * 5000 + b',"schema":"uji/1"}'),
        _write(b"[]"),
        _write(b""),
        _write(b"\xff\xfe"),
        _write(BOMB),
        _two_attachments,
        _renamed,
        _missing_file,
        _other_coding,
    ],
)
def test_evidence_changed_and_sealed_again_is_a_mismatch(change, roots, checker):
    report = verify_file(resealed(change), roots=roots)
    assert report.failed == ["evidence"]
    assert report.checks["evidence"].message.startswith("Bukti tidak cocok: ")
    assert checker == []


def test_evidence_larger_than_any_paper_is_a_mismatch(roots, monkeypatch, checker):
    monkeypatch.setattr("documents.opened.MAX_EVIDENCE", 20)
    report = verify_file(sample.sealed(EVIDENCE), roots=roots)
    assert report.failed == ["evidence"]


def test_a_schema_has_one_checker():
    def first(evidence, paper):
        return Judgement({})

    verification.register_checker("uji-ganda/1", first)
    verification.register_checker("uji-ganda/1", first)
    with pytest.raises(ValueError, match="registered twice"):
        verification.register_checker("uji-ganda/1", lambda evidence, paper: Judgement({}))
    del verification.CHECKERS["uji-ganda/1"]


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


def mutation(data: bytes, dice: random.Random) -> bytes:
    changed = bytearray(data)
    place, other = dice.randrange(len(data)), dice.randrange(len(data))
    match dice.randrange(6):
        case 0:
            changed[place] ^= 1 << dice.randrange(8)
        case 1:
            del changed[place:]
        case 2:
            changed[place:place] = dice.randbytes(dice.randrange(1, 40))
        case 3:
            del changed[place : place + dice.randrange(1, 300)]
        case 4:
            changed[place : place + 40] = changed[other : other + 40]
        case 5:
            changed += changed[place:]
    return bytes(changed)


@pytest.mark.parametrize("seed", range(4))
def test_mutations_are_never_valid_and_never_crash(seed, roots):
    original = pades.seal(sealer.blank_paper(), signer=sample.seal_key())
    dice = random.Random(seed)
    for _ in range(60):
        changed = mutation(original, dice)
        if changed == original:
            continue
        with suppress(Unreadable):
            assert not verify_file(changed, roots=roots).valid


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
