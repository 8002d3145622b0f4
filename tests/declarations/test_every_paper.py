"""Acceptance of the papers: every kind and all five demo events, before and after the seal, judged by whoever else can
judge them: the independent validator, poppler, qpdf, and pyHanko with its own rules (PDF.md §3.5, §7.3).

The registries are walked, so that a new kind is judged too, or fails here until it can be made.
"""

import io
import re
import subprocess

import pytest
from asn1crypto import x509
from django.utils import timezone
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature, validate_pdf_timestamp
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from accounts import audit
from declarations import excerpts, papers
from declarations.demo.build import build, scenarios
from declarations.demo.complete import complete
from declarations.models.texts import Kind
from declarations.sealing import ADDENDUM
from documents import certificates, jobs, pades, pdf, storage
from documents import papers as registry
from documents.models import Document
from documents.timestamps import Authority
from documents.verification import verify_file
from events import paper_kinds
from events.issuing import issue_event_paper, open_issues, save_details
from events.models import Event
from tests.declarations import day
from tests.declarations import snapshots as made
from tests.declarations.seals import sealed
from tests.declarations.test_addenda import sealed_by_some, signs_late
from tests.declarations.test_demo import (  # noqa: F401
    bojonegoro,
    cerme,
    kota_pasuruan,
    parepare,
    purwodadi,
    reference_data,
)
from tests.declarations.test_papers import ALL
from tests.documents import sample
from tests.events.photos import photo_of

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings(r"ignore:unclosed file .*(sRGB2014\.icc|\.woff2):ResourceWarning"),
]
REGIONS = {
    "cerme": "cerme",
    "purwodadi": "purwodadi",
    "kota-pasuruan": "kota_pasuruan",
    "parepare": "parepare",
    "bojonegoro": "bojonegoro",
}
TEST_KINDS = {"surat_uji", "uji_lanjut", "uji_dibunuh"}


def judged(data: bytes, unsigned_size: int, folder) -> None:
    """Nobody finds fault with the paper, neither as it was before the seal nor with it, nor with its last byte."""
    for name, part in (("sebelum", data[:unsigned_size]), ("sesudah", data)):
        assert pdf.validate(part) == [], name
        path = folder / f"{name}.pdf"
        path.write_bytes(part)
        subprocess.run(["qpdf", "--check", path], capture_output=True, check=True)
    said = subprocess.run(["pdfsig", path], capture_output=True, text=True, check=True).stdout
    assert said.count("Signature is Valid.") >= 1
    assert "Signature is Invalid" not in said
    fonts = subprocess.run(["pdffonts", path], capture_output=True, text=True, check=True).stdout
    assert all(row.split()[-5:-2] == ["yes", "yes", "yes"] for row in fonts.splitlines()[2:])
    by_the_rules_of_pyhanko(data)
    report = verify_file(data)
    assert report.valid, report.as_json()
    assert report.pades_level == "B-LTA"


def by_the_rules_of_pyhanko(data: bytes) -> None:
    reader = PdfFileReader(io.BytesIO(data))
    roots = [
        x509.Certificate.load(root.public_bytes(certificates.serialization.Encoding.DER))
        for root in certificates.trusted_roots()
    ]
    [seal] = reader.embedded_regular_signatures
    status = validate_pdf_signature(seal, ValidationContext(trust_roots=roots))
    assert (status.intact, status.valid, status.trusted, status.docmdp_ok) == (True, True, True, True)
    newest = reader.embedded_signatures[-1]
    status = validate_pdf_timestamp(newest, ValidationContext(trust_roots=roots))
    assert (status.intact, status.valid, status.trusted) == (True, True, True)
    assert newest.evaluate_signature_coverage() == SignatureCoverageLevel.ENTIRE_FILE
    ends = [int(a) + int(b) for a, b in re.findall(rb"/ByteRange ?\[ ?0 +\d+ +(\d+) +(\d+)", data)]
    assert max(ends) == len(data)


def all_sealed_and_judged(folder) -> list[str]:
    """The kinds of the papers; every one there is must be sealed."""
    kinds = []
    for document in Document.objects.exclude(state="void").order_by("created_at"):
        assert document.state == "sealed", [job.last_error for job in document.renderjobs.all()]
        judged(storage.read(document.file), document.unsigned_size, folder)
        kinds.append(document.kind)
    return kinds


def held(slug: str, request) -> Event:
    """A demo event with its people, signed, closed, its papers ordered."""
    region = slug.rsplit("-", 1)[0]
    request.getfixturevalue(REGIONS[region])
    spec = scenarios()[slug]
    event, by = build(spec)
    complete(event, spec, by=by)
    event.refresh_from_db()
    return event


@pytest.mark.parametrize("slug", scenarios())
def test_papers_of_each_demo_event(slug, request, tmp_path):
    event = held(slug, request)
    jobs.run_pending()
    kinds = all_sealed_and_judged(tmp_path)
    assert len(kinds) >= event.declarations.count() > 0


def test_every_kind_of_event_paper(request, tmp_path):
    """On the event of Cerme, whatever a kind needs typed in; some need others to be sealed first."""
    event = held(next(slug for slug in scenarios() if slug.startswith("cerme")), request)
    photo_of(event)
    waiting = paper_kinds.in_order()
    for kind in waiting:
        type_in(event, kind)
    for _ in range(len(waiting)):
        jobs.run_pending()
        ready = [kind for kind in waiting if not open_issues(event, kind)]
        if not ready:
            break
        part = ready[0].parts(event)[0].key if ready[0].parts else ""
        issue_event_paper(event=event, kind=ready[0].kind, by=audit.SYSTEM, part=part)
        waiting.remove(ready[0])
    jobs.run_pending()
    assert {kind.kind: open_issues(event, kind) for kind in waiting} == {}
    declared = {declaration.kind for declaration in event.declarations.all()}
    assert set(all_sealed_and_judged(tmp_path)) == set(paper_kinds.KINDS) | declared


def type_in(event: Event, kind: paper_kinds.EventPaper) -> None:
    details = {item.name: item.initial or f"{item.label} (contoh)" for item in kind.details}
    save_details(
        event=event,
        kind=kind.kind,
        by=audit.SYSTEM,
        date=timezone.localdate(),
        classification=kind.classification,
        details=details,
    )


@pytest.mark.parametrize("size", ["A4", "F4"])
@pytest.mark.parametrize("name", ALL)
def test_every_kind_of_declaration(name, size, tmp_path):
    """Of invented snapshots, without their evidence: that is judged on the papers of the events."""
    frozen = ALL[name]()
    frozen["office"]["paper_size"] = size
    paper = papers.compose(frozen, document=made.facts(frozen))
    rendered = pdf.render(
        paper.html, inks=dict(paper.inks), attachment=None, meta=paper.meta.__class__(**bare(paper.meta))
    )
    clock = Authority(key=certificates.tsa_key())
    data = pades.seal(rendered.pdf, signer=sample.seal_key(), authority=clock)
    judged(data, len(rendered.pdf), tmp_path)


def bare(meta) -> dict:
    """A paper that names no Merkle root has no evidence to be missed."""
    return {**vars(meta), "merkle_root": ""}


def test_kutipan_and_addendum(tmp_path):
    paper = sealed_by_some(2)
    row, _, late = day.rows(paper)
    excerpts.issue_excerpt(signatory=row, by=audit.SYSTEM)
    signs_late(paper, late)
    paper = sealed(paper)
    assert set(all_sealed_and_judged(tmp_path)) == {paper.kind, "kutipan", ADDENDUM}


def test_no_kind_is_forgotten():
    """What is registered for printing is a kind of event paper, of declaration, or one of the two beside them."""
    declared = {ALL[name]()["declaration"]["kind"] for name in ALL}
    assert declared == set(Kind.values)
    assert set(registry.KINDS) - TEST_KINDS == set(paper_kinds.KINDS) | declared | {"kutipan", ADDENDUM}


@pytest.mark.parametrize("count", [1, 50, 500])
@pytest.mark.parametrize("size", ["A4", "F4"])
def test_every_length_of_the_list(count, size):
    """Before the seal; 500 rows have their pages, fonts and words as one row has."""
    frozen = made.collective(count)
    frozen["office"]["paper_size"] = size
    paper = papers.compose(frozen, document=made.facts(frozen))
    rendered = pdf.render(paper.html, inks=dict(paper.inks), attachment=paper.attachment, meta=paper.meta)
    assert pdf.validate(rendered.pdf) == []
    words = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=rendered.pdf, capture_output=True, check=True
    ).stdout.decode()
    assert f"dari {rendered.pages}" in words
    assert rendered.pages >= count // 25
