"""Evidence of a letter: what it is, on what it rests; no people, and nothing of it is ignored when checked."""

from dataclasses import replace

import pytest

import declarations.evidence_check as evidence_check
from accounts.canonical import canonical_bytes, parse_canonical
from documents import pades, pdf, verification
from documents.letter_evidence import letter_evidence
from documents.papers import DocumentFacts, Replaced

from . import sample

DIGEST = "5" * 64
FACTS = DocumentFacts(
    id="018f0000-0000-7000-8000-000000000003",
    kind="declaration",
    kind_label="Undangan",
    title=sample.TITLE,
    number=sample.meta().document_number,
    classification="PM.05",
    office=sample.meta().office,
    event_code=sample.meta().event_code,
    revision=1,
    input_sha256="0" * 64,
    token="a" * 26,
    verify_url="https://netralitas.example/verifikasi/abcdefghijklmnopqrstuvwxyz/",
)
SOURCES = [{"kind": "photo", "title": "Foto 1", "sha256": DIGEST}]


def evidence(facts=FACTS, **changes) -> dict:
    values = {
        "event": {"code": facts.event_code, "title": "Sosialisasi", "venue_address": "Jalan Raya 1"},
        "sources": SOURCES,
        "renderer": {"template": "letter@1"},
        "as_of": "2024-10-02T04:12:09Z",
        "content_sha256": sample.meta().text_sha256,
    }
    return parse_canonical(letter_evidence(facts, **values | changes))


def report_on(found: dict):
    html, inks = sample.memorandum()
    meta = replace(sample.meta(), merkle_root="")
    rendered = pdf.render(html, inks=inks, attachment=canonical_bytes(found), meta=meta)
    data = pades.seal(rendered.pdf, signer=sample.seal_key())
    return verification.verify_file(data, roots=[sample.seal_key().chain[-1]])


@pytest.fixture(autouse=True)
def checker(monkeypatch):
    monkeypatch.setattr(verification, "CHECKERS", {"netralitas-evidence/1": evidence_check.judge})


def test_sealed_letter_with_its_evidence_is_valid_and_says_what_it_rests_on():
    report = report_on(evidence())
    assert report.valid, report.as_json()
    assert report.checks["evidence"].message == (
        "Bukti surat cocok dengan berkas. 1 berkas sumber tercantum dengan sidiknya."
    )
    assert report.checks["text"].message == "Surat tanpa naskah yang ditandatangani."
    assert str(report.checks["chain"].status) == "absent"


def test_letter_evidence_keeps_the_printer_and_empty_fields_out():
    found = evidence(replace(FACTS, number=""))
    assert found["event"] == {"code": FACTS.event_code, "title": "Sosialisasi"}
    assert "number" not in found["document"]


def test_letter_evidence_names_the_paper_it_replaces():
    found = evidence(replace(FACTS, replaces=Replaced("old", "1", DIGEST, 1, "Salah tanggal")))
    assert found["document"]["supersedes"] == {
        "document": "old",
        "sha256": DIGEST,
        "reason": "Salah tanggal",
    }


def test_source_without_its_hash_is_refused():
    with pytest.raises(ValueError, match="without its hash"):
        evidence(sources=[{"kind": "photo"}])


@pytest.mark.parametrize(
    ("part", "field", "value", "words"),
    [
        ("document", "number", "999", "nomor dokumen berbeda"),
        ("document", "title", "Lain", "judul berbeda"),
        ("document", "kind", "minutes", "jenis dokumen berbeda"),
        ("document", "revision", 2, "revisi berbeda"),
        ("event", "code", "LAIN", "kode kegiatan berbeda"),
        (None, "content_sha256", "0" * 64, "sidik isi berbeda"),
        (None, "signatories", [], "surat tidak memuat penanda tangan"),
        (None, "sources", [{"kind": "photo", "sha256": "x"}], "sidik berkas sumber tidak lengkap"),
    ],
)
def test_letter_whose_evidence_says_other_than_the_file_is_named(part, field, value, words):
    found = evidence()
    (found[part] if part else found)[field] = value
    report = report_on(found)
    assert not report.valid
    assert report.checks["evidence"].message == f"Bukti tidak cocok: {words}."


def test_unknown_part_of_a_letter_is_named():
    assert "masa_depan" in report_on(evidence() | {"masa_depan": 1}).checks["evidence"].message


def test_renderer_names_the_app_the_template_the_libraries_and_the_letters():
    found = pdf.renderer_entry("letter@1")
    assert set(found) == {"app", "template", "libraries", "fonts"}
    assert {"weasyprint", "pydyf", "pikepdf"} <= set(found["libraries"])
    assert all(len(letter["sha256"]) == 64 for letter in found["fonts"])
