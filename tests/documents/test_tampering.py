"""PDF.md §7.1, the rows about bytes, seal, timestamp and certificate: each change to a real B-LTA paper is caught by the
right check with the right words."""

import io
import re

import pikepdf
import pytest
from pyhanko.pdf_utils import embed, generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner

from accounts.canonical import canonical_bytes, sha256_hex
from documents import certificates, pades, pdf, register, sealer, verification
from documents.timestamps import Authority
from documents.verification import Check, Judgement, Status, Unreadable, verify_file

from . import sample

SCHEMA = "uji-rusak/1"
EVIDENCE = canonical_bytes({"schema": SCHEMA, "signatories": 2})
CHANGED = "Isi berkas berubah setelah disegel."
UPDATED = "Ada perubahan setelah segel yang tidak diizinkan."


@pytest.fixture(autouse=True)
def _evidence_is_judged(monkeypatch):
    sound = Judgement({"evidence": Check(Status.OK, "Bukti cocok.")})
    monkeypatch.setitem(verification.CHECKERS, SCHEMA, lambda evidence, paper: sound)


@pytest.fixture(scope="module")
def unsigned() -> bytes:
    return sample.rendered("memorandum", EVIDENCE).pdf


@pytest.fixture(scope="module")
def clock() -> Authority:
    return Authority(key=certificates.tsa_key())


@pytest.fixture(scope="module")
def paper(unsigned, clock) -> bytes:
    return pades.seal(unsigned, signer=sample.seal_key(), authority=clock)


def revision_ends(data: bytes) -> list[int]:
    return [match.end() for match in re.finditer(rb"startxref\n\d+\n%%EOF\n?", data)]


def test_the_paper_that_is_tampered_with_is_sound(paper):
    report = verify_file(paper)
    assert report.valid
    assert report.pades_level == "B-LTA"


# --- one bit in what is signed ----------------------------------------------------------------------------------


def stream_middle(data: bytes, choose) -> int:
    """Where the middle of a stream stands in the file."""
    with pikepdf.open(io.BytesIO(data)) as opened:
        number, _ = choose(opened).objgen
    start = re.search(rb"(?<![0-9])%d 0 obj\b.*?stream\r?\n" % number, data, re.S).end()
    return start + (data.index(b"endstream", start) - start) // 2


STREAMS = {
    "page content": lambda opened: opened.pages[0].obj.Contents,
    "font": lambda opened: next(
        item[key]
        for item in opened.objects
        if isinstance(item, pikepdf.Dictionary)
        for key in ("/FontFile", "/FontFile2", "/FontFile3")
        if key in item
    ),
    "evidence": lambda opened: opened.Root.AF[0].EF.F,
    "XMP": lambda opened: opened.Root.Metadata,
}


@pytest.mark.parametrize("part", STREAMS)
@pytest.mark.parametrize("bit", [0, 3, 7])
def test_one_bit_in_what_is_signed(paper, part, bit):
    at = stream_middle(paper, STREAMS[part])
    report = verify_file(paper[:at] + bytes([paper[at] ^ 1 << bit]) + paper[at + 1 :])
    assert "file_integrity" in report.failed
    assert report.checks["file_integrity"].message == CHANGED


def flip_digit(data: bytes, at: int) -> bytes:
    digit = b"0" if data[at : at + 1] != b"0" else b"1"
    return data[:at] + digit + data[at + 1 :]


def holes(data: bytes) -> list[int]:
    """Where the digits of seal and timestamp begin, in this order."""
    return [match.end() for match in re.finditer(rb"/Contents <(?=30)", data)]


@pytest.mark.parametrize("offset", [2, 60, 400, 1200, 3000, 5000, 8000])
def test_one_bit_in_the_contents_of_the_seal(paper, offset):
    report = verify_file(flip_digit(paper, holes(paper)[0] + offset))
    assert "seal" in report.failed
    assert report.checks["seal"].message == "Segel tidak sah."


@pytest.mark.parametrize("offset", [2, 60, 400, 1200, 3000, 5000])
def test_one_bit_in_the_contents_of_the_timestamp(paper, offset):
    report = verify_file(flip_digit(paper, holes(paper)[1] + offset))
    assert "timestamp" in report.failed
    assert report.checks["timestamp"].message == "Stempel waktu rusak."
    assert report.checks["seal"].status == Status.OK


# --- increments -------------------------------------------------------------------------------------------------


def increment(data: bytes, change) -> bytes:
    writer = IncrementalPdfFileWriter(io.BytesIO(data))
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def first_page(writer):
    return writer.root["/Pages"]["/Kids"][0]


def content(writer) -> None:
    stream = generic.StreamObject(stream_data=b"q 1 0 0 RG 50 50 200 200 re S Q")
    page = first_page(writer)
    page["/Contents"] = generic.ArrayObject([page.raw_get("/Contents"), writer.add_object(stream)])
    writer.update_container(page)


def annotation(writer) -> None:
    named = {"/Type": "/Annot", "/Subtype": "/Text"}
    note = {generic.NameObject(key): generic.NameObject(value) for key, value in named.items()}
    note[generic.NameObject("/Contents")] = generic.TextStringObject("Tidak sah")
    at = writer.root["/Pages"]["/Kids"].raw_get(0)
    writer.register_annotation(at, writer.add_object(generic.DictionaryObject(note)))


def another_page(writer) -> None:
    pages = writer.root["/Pages"]
    copy = generic.DictionaryObject(dict(first_page(writer)))
    pages["/Kids"].append(writer.add_object(copy))
    pages["/Count"] = generic.NumberObject(int(pages["/Count"]) + 1)
    writer.update_container(pages)


def form_value(writer) -> None:
    field = generic.DictionaryObject(
        {
            generic.NameObject("/FT"): generic.NameObject("/Tx"),
            generic.NameObject("/T"): generic.TextStringObject("Catatan"),
            generic.NameObject("/V"): generic.TextStringObject("Tidak sah"),
        }
    )
    form = writer.root["/AcroForm"]
    form["/Fields"].append(writer.add_object(field))
    writer.update_container(form["/Fields"])
    writer.update_container(form)


def other_xmp(writer) -> None:
    old = writer.root["/Metadata"]
    changed = generic.StreamObject({**old}, stream_data=old.data.replace(b"7KQ2-M9XD", b"7KQ2-XXXX"))
    writer.root["/Metadata"] = writer.add_object(changed)
    writer.update_root()


def other_attachment(writer) -> None:
    file = embed.EmbeddedFileObject.from_file_data(writer, data=b"{}", mime_type="application/json")
    embed.embed_file(writer, embed.FileSpec("lain.json", embedded_data=file))


@pytest.mark.parametrize(
    "change", [content, annotation, another_page, form_value, other_xmp, other_attachment]
)
def test_an_increment_that_changes_the_paper(paper, change):
    changed = increment(paper, change)
    assert changed.startswith(paper)
    report = verify_file(changed)
    assert "file_integrity" in report.failed
    assert report.checks["file_integrity"].message == UPDATED


@pytest.mark.parametrize("copied_trailer", [False, True])
def test_a_comment_behind_the_end(paper, copied_trailer):
    tail = b"% catatan\n" + (paper[paper.rindex(b"startxref") :] if copied_trailer else b"")
    report = verify_file(paper + tail)
    assert report.failed == ["file_integrity"]
    assert report.checks["file_integrity"].message == f"Ada {len(tail)} bita tambahan di belakang segel."


# --- cut off ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("revisions_lost", "level"), [(1, "B-LT"), (2, "B-T")])
def test_a_whole_last_revision_cut_off_leaves_a_lower_level(paper, revisions_lost, level):
    cut = paper[: revision_ends(paper)[-1 - revisions_lost]]
    report = verify_file(cut)
    assert (report.valid, report.pades_level) == (True, level)


@pytest.mark.django_db
def test_a_stage_that_was_never_published_is_not_known(paper):
    cut = paper[: revision_ends(paper)[-2]]
    assert register.look_at_hash(sha256_hex(cut)).headline == "TIDAK DIKENAL"


@pytest.mark.parametrize("revision", [-1, -2, -3])
@pytest.mark.parametrize("part", [0.2, 0.5, 0.98])
def test_a_file_cut_inside_a_revision(paper, revision, part):
    ends = revision_ends(paper)
    start, end = ends[revision - 1], ends[revision]
    try:
        report = verify_file(paper[: start + int((end - start) * part)])
    except Unreadable:
        return
    assert "file_integrity" in report.failed


# --- other seals ------------------------------------------------------------------------------------------------


def second_signature(data: bytes) -> bytes:
    signer = PdfSigner(PdfSignatureMetadata("Lain"), signer=sealer._LoadedSigner(sample.seal_key()))
    out = io.BytesIO()
    signer.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(data)), output=out)
    return out.getvalue()


def test_a_second_ordinary_signature_is_refused_when_made(paper):
    with pytest.raises(SigningError, match="forbids all changes"):
        second_signature(paper)


def test_a_second_ordinary_signature_that_was_forced(paper, monkeypatch):
    monkeypatch.setattr(PdfSigner, "_enforce_certification_constraints", lambda self, reader: None)
    report = verify_file(second_signature(paper))
    assert "file_integrity" in report.failed
    assert report.checks["file_integrity"].message == UPDATED


def test_the_seal_removed_and_the_paper_sealed_again_with_another_root(unsigned, settings, tmp_path):
    ours = certificates.trusted_roots()
    settings.DATA_DIR = tmp_path
    forger = certificates.ensure_office_seal("contoh", sample.OFFICE)
    forged = pades.seal(unsigned, signer=forger, authority=Authority(key=certificates.tsa_key()))
    report = verify_file(forged, roots=ours)
    assert "certificate" in report.failed
    assert report.checks["certificate"].message.startswith("Akar sertifikat tidak dikenal")
    assert report.checks["file_integrity"].status == Status.OK


@pytest.mark.django_db
def test_sealed_again_by_another_known_office_it_is_that_office_s_and_not_in_the_register(unsigned, clock):
    other = certificates.ensure_office_seal("lain", "Panwaslu Kecamatan Lain")
    again = pades.seal(unsigned, signer=other, authority=clock)
    report = verify_file(again)
    assert report.valid
    assert report.checks["seal"].message == "Segel elektronik Panwaslu Kecamatan Lain (segel lokal) sah."
    assert register.look_at_hash(sha256_hex(again)).headline == "TIDAK DIKENAL"


# --- every level ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def stages(paper, unsigned, clock) -> dict[str, bytes]:
    ends = revision_ends(paper)
    plain = pades.seal(unsigned, signer=sample.seal_key())
    return {
        "B-B": plain,
        "B-T": paper[: ends[-3]],
        "B-LT": paper[: ends[-2]],
        "B-LTA": paper,
        "upgraded": pades.upgrade(plain, authority=clock),
        "renewed": pades.upgrade(paper, authority=clock),
    }


@pytest.mark.parametrize("stage", ["B-B", "B-T", "B-LT", "B-LTA", "upgraded", "renewed"])
def test_each_level_is_clean_for_the_validator_and_found_by_the_checker(stages, unsigned, stage):
    data = stages[stage]
    assert data.startswith(unsigned)
    assert pdf.validate(data) == []
    report = verify_file(data)
    assert report.valid
    assert report.pades_level == {"upgraded": "B-LTA", "renewed": "B-LTA"}.get(stage, stage)


def test_a_signature_that_does_not_reach_the_end_fails_the_validator(paper):
    """Proves that the exception for older signatures excuses nothing else."""
    tail = b"% catatan\n" + paper[paper.rindex(b"startxref") :]
    assert any(failure.rule.endswith("BYTERANGE-001") for failure in pdf.validate(paper + tail))
