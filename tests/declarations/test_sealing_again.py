"""Asked again, corrected, numbered: one paper for one state of things."""

import pytest

from accounts.models import AuditEntry
from accounts.refusals import Refusal
from declarations import planning, review, sealing, signing
from declarations.models.texts import Kind
from documents import jobs, numbering
from documents.models import Document, LetterNumber, RenderJob, SealJob
from tests.declarations import day, factories
from tests.declarations.seals import (
    BY,
    sealed,
    words_of,
)

pytestmark = pytest.mark.django_db


def test_second_click_gives_the_same_document():
    paper = day.closed_paper(1)
    first = sealing.seal_declaration(declaration=paper, by=BY)
    entries = AuditEntry.objects.count()

    second = sealing.seal_declaration(declaration=paper, by=BY)

    assert second == first
    assert (Document.objects.count(), AuditEntry.objects.count()) == (1, entries)


def test_seal_that_arrives_twice_changes_nothing():
    paper = sealed(day.closed_paper(1))
    entries = AuditEntry.objects.count()

    sealing.on_sealed(paper.document)

    assert AuditEntry.objects.count() == entries


def test_sealed_paper_is_not_sealed_again_without_a_change():
    paper = sealed(day.closed_paper(1))

    with pytest.raises(Refusal, match="Tuliskan alasan revisi"):
        sealing.seal_declaration(declaration=paper, by=BY)
    with pytest.raises(Refusal, match="Tidak ada yang berubah"):
        sealing.seal_declaration(declaration=paper, by=BY, reason="Sekali lagi")


def test_correction_after_the_seal_is_a_new_revision():
    paper = sealed(day.closed_paper(2))
    first = paper.document
    wrong = paper.signatures.valid().get(signatory=day.rows(paper)[1])
    review.resolve(signature=wrong, decision="revoke", reason="Salah orang", by=BY)

    paper = sealed(paper, reason="Tanda tangan salah orang dibatalkan")

    first.refresh_from_db()
    assert (paper.state, paper.document.revision, first.state) == ("sealed", 2, "superseded")
    assert paper.document.supersedes_id == first.pk
    words = words_of(paper.document)
    assert "Revisi 2: menggantikan dokumen bersidik digital" in words
    assert "Tanda tangan salah orang dibatalkan" in words


def test_taken_back_sheet_of_a_pact_is_void():
    event = day.running_event()
    text = factories.approved_text(kind=Kind.INTEGRITY_PACT, title="Pakta Integritas (contoh)")
    paper = sealed(day.closed_paper(2, event=event, text_version=text, signing_mode=""))
    row = day.rows(paper)[0]
    review.resolve(signature=row.signatures.get(), decision="revoke", reason="Salah orang", by=BY)

    sealing.seal_declaration(declaration=paper, by=BY, reason="Salah orang")

    paper.refresh_from_db()
    assert Document.objects.get(source=f"signatory:{row.pk}").state == "void"
    assert sorted(Document.objects.values_list("state", flat=True)) == ["sealed", "void"]
    assert paper.state == "sealed"


def test_pact_is_sealed_only_when_its_last_sheet_is():
    event = day.running_event()
    text = factories.approved_text(kind=Kind.INTEGRITY_PACT, title="Pakta Integritas (contoh)")
    paper = day.closed_paper(2, event=event, text_version=text, signing_mode="")
    sealing.seal_declaration(declaration=paper, by=BY)

    for model in (RenderJob, SealJob, SealJob):  # render, seal, and what follows the seal, of one sheet
        job = model.objects.claimable().filter(document=Document.objects.order_by("title").first()).get()
        jobs.run(job.pk)
    paper.refresh_from_db()
    assert paper.state == "sealing"

    jobs.run_pending()
    paper.refresh_from_db()
    assert paper.state == "sealed"


def test_reserved_number_of_the_book_is_used():
    event = day.running_event()
    day.people(event, 1)
    paper = planning.reserve_paper_number(declaration=factories.declaration(event), by=BY)
    paper = signing.open_signing(declaration=paper, by=BY)
    day.everybody_signs(paper)

    paper = sealed(signing.close_signing(declaration=paper, by=BY))

    number = LetterNumber.objects.get()
    assert (number.state, number.source) == ("issued", paper.source)
    assert f"Nomor: {number.text}" in words_of(paper.document)


@pytest.mark.parametrize(("state", "word"), [("issued", "sudah dipakai"), ("void", "sudah batal")])
def test_number_of_another_paper_or_a_void_one_is_not_printed(state, word):
    event = day.running_event()
    first = planning.reserve_paper_number(declaration=factories.declaration(event), by=BY)
    book = LetterNumber.objects.get()
    if state == "issued":
        numbering.assign_number(number=book, by=BY, source=first.source)
    else:
        numbering.release_number(number=book, reason="Keliru", by=BY)
    second = day.closed_paper(event=event, number=first.number)

    with pytest.raises(Refusal, match=word):
        sealing.seal_declaration(declaration=second, by=BY)

    second.refresh_from_db()
    assert (second.state, Document.objects.count()) == ("closed", 0)


def test_preview_is_a_draft_that_leaves_no_trace():
    paper = day.open_paper(2)
    entries = AuditEntry.objects.count()

    pdf = sealing.draft_pdf(paper)

    assert pdf.startswith(b"%PDF-1.7")
    assert (Document.objects.count(), AuditEntry.objects.count()) == (0, entries)
