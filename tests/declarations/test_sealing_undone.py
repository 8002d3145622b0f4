"""A seal that does not come, and one that is revoked: what becomes of the declaration."""

import uuid

import pytest

from accounts.models import AuditEntry
from accounts.refusals import Refusal
from declarations import review, sealing, signing
from declarations.models.declarations import SigningMode
from declarations.models.texts import Kind
from documents import jobs
from documents.models import Document, RenderJob, SealJob
from tests.declarations import day, factories
from tests.declarations.seals import (
    BY,
    being_sealed,
    give_up,
    pact,
    pledge,
    read,
    seal_sheet,
    sealed,
    take_back,
    two_party,
    void,
)
from tests.documents.factories import sealed_document

pytestmark = pytest.mark.django_db


# -- a seal that does not come ------------------------------------------------------------------------------------


def test_sealing_is_taken_back_and_the_corrected_paper_sealed():
    paper = being_sealed()
    first = paper.document
    give_up(first)

    paper = take_back(paper)

    first.refresh_from_db()
    assert (paper.state, paper.document, first.state) == ("closed", None, "void")
    entry = AuditEntry.objects.get(verb="declaration.sealing_taken_back")
    assert entry.facts["reason"] == "Nama salah eja"
    assert AuditEntry.objects.get(verb="document.withdrawn").object_id == str(first.pk)
    wrong = paper.signatures.valid().get(signatory=day.rows(paper)[1])
    review.resolve(signature=wrong, decision="revoke", reason="Salah orang", by=BY)
    paper = sealed(paper)
    assert (paper.state, paper.document.revision) == ("sealed", 1)


def test_taking_back_needs_a_reason_and_a_paper_that_is_being_sealed():
    paper = being_sealed()
    with pytest.raises(Refusal, match="Tuliskan alasan"):
        take_back(paper, " ")
    take_back(paper)
    with pytest.raises(Refusal, match="tidak sedang disegel"):
        take_back(paper)
    assert AuditEntry.objects.filter(verb="declaration.sealing_taken_back").count() == 1


def test_seal_that_has_arrived_is_not_taken_back():
    paper = being_sealed()
    for model in (RenderJob, SealJob):  # what follows the seal still waits
        jobs.run(model.objects.claimable().get().pk)

    with pytest.raises(Refusal, match="sudah disegel"):
        take_back(paper)

    jobs.run_pending()
    paper.refresh_from_db()
    assert (paper.state, paper.document.state) == ("sealed", "sealed")


def test_revision_that_is_taken_back_leaves_the_paper_sealed():
    paper = sealed(day.closed_paper(2))
    first = paper.document
    wrong = paper.signatures.valid().get(signatory=day.rows(paper)[1])
    review.resolve(signature=wrong, decision="revoke", reason="Salah orang", by=BY)
    sealing.seal_declaration(declaration=paper, by=BY, reason="Salah orang")

    paper = take_back(paper)

    assert (paper.state, paper.document, paper.document.state) == ("sealed", first, "sealed")


def test_sheets_of_a_pact_that_are_sealed_stay_when_the_others_are_taken_back():
    paper = being_sealed(**pact())
    first, second = Document.objects.order_by("title")
    seal_sheet(second)
    give_up(first)

    paper = take_back(paper)

    states = dict(Document.objects.values_list("pk", "state"))
    assert (states[first.pk], states[second.pk]) == ("void", "sealed")
    assert (paper.state, paper.document) == ("closed", second)
    paper = sealed(paper)
    assert paper.state == "sealed"
    assert Document.objects.filter(state="sealed").count() == 2


def test_pact_is_sealed_when_the_sheet_that_failed_is_no_longer_wanted():
    paper = being_sealed(**pact())
    second = Document.objects.order_by("title").last()
    seal_sheet(second)
    paper = take_back(paper)
    row = day.rows(paper)[0]
    review.resolve(signature=row.signatures.get(), decision="revoke", reason="Salah orang", by=BY)

    document = sealing.seal_declaration(declaration=paper, by=BY)

    paper.refresh_from_db()
    assert (paper.state, paper.document, document) == ("sealed", second, second)


# -- revoked in the archive ---------------------------------------------------------------------------------------


def test_unsealed_paper_revoked_in_the_archive_lets_the_declaration_be_mended():
    paper = being_sealed()

    void(paper.document)

    paper.refresh_from_db()
    assert (paper.state, paper.document) == ("closed", None)
    assert sealed(paper).state == "sealed"


def test_sealed_paper_revoked_in_the_archive_makes_the_declaration_void():
    paper = sealed(day.closed_paper(2))

    void(paper.document)

    paper.refresh_from_db()
    assert (paper.state, paper.document.state) == ("void", "void")
    entry = AuditEntry.objects.get(verb="declaration.voided")
    assert entry.facts["reason"] == "Nomor keliru."
    with pytest.raises(Refusal, match="sudah dicabut"):
        sealing.seal_declaration(declaration=paper, by=BY, reason="Lagi")


def test_revoking_twice_is_noted_once():
    paper = sealed(day.closed_paper(1))
    void(paper.document)
    void(paper.document)
    assert AuditEntry.objects.filter(verb="declaration.voided").count() == 1


def test_pledge_and_two_party_paper_become_void_too():
    pledge_paper = read(
        factories.declaration(
            day.running_event(), signing_mode=SigningMode.READ_ALOUD, text_version=pledge(), by=BY
        )
    )
    signing.open_signing(declaration=pledge_paper, by=BY)
    event = day.running_event()
    agreement = signing.open_signing(declaration=two_party(event, factories.mou(event)), by=BY)
    day.everybody_signs(agreement)
    for paper in (pledge_paper, agreement):
        paper = sealed(signing.close_signing(declaration=paper, by=BY))
        void(paper.document)
        paper.refresh_from_db()
        assert paper.state == "void"


def test_pact_is_void_only_when_its_last_sheet_is_revoked():
    paper = sealed(day.closed_paper(**pact()))
    first = paper.document
    (second,) = Document.objects.exclude(pk=first.pk)

    void(first)
    paper.refresh_from_db()
    assert (paper.state, paper.document) == ("sealed", second)

    void(second)
    paper.refresh_from_db()
    assert paper.state == "void"


def test_paper_in_force_revoked_while_its_revision_is_made_leaves_the_revision_alone():
    paper = sealed(day.closed_paper(2))
    first = paper.document
    wrong = paper.signatures.valid().get(signatory=day.rows(paper)[1])
    review.resolve(signature=wrong, decision="revoke", reason="Salah orang", by=BY)
    sealing.seal_declaration(declaration=paper, by=BY, reason="Salah orang")

    void(first)

    paper.refresh_from_db()
    assert paper.state == "sealing"
    jobs.run_pending()
    paper.refresh_from_db()
    assert (paper.state, paper.document.revision, paper.document.state) == ("sealed", 2, "sealed")


def test_document_of_no_declaration_is_revoked_without_one():
    document = sealed_document(kind=Kind.DECLARATION, source=f"declaration:{uuid.uuid4()}")
    void(document)
    document.refresh_from_db()
    assert document.state == "void"
