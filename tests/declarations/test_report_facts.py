"""What reports say of a naskah: late signatures, sheets per person, two parties, what was withdrawn."""

import pytest

from accounts import audit
from declarations import report_facts, sealing, signing
from declarations.models import Party
from declarations.models.declarations import SigningMode
from declarations.models.texts import Kind
from documents import jobs
from tests.declarations import day, factories
from tests.declarations.seals import sealed
from tests.declarations.test_addenda import sealed_by_some, signs_late

pytestmark = pytest.mark.django_db


def test_late_signatures_are_counted_and_their_addendum_is_named():
    paper = sealed_by_some(signers=1, listed=3)
    before = report_facts.paper_facts(paper)
    assert (before["signed"], before["absent"], before.get("late", 0)) == (1, 2, 0)
    signs_late(paper, day.rows(paper)[1])
    after = report_facts.paper_facts(sealed(paper))
    assert (after["signed"], after["absent"], after["late"]) == (2, 1, 1)
    assert [file["label"] for file in after["files"]] == ["Naskah", "Addendum"]
    assert report_facts.newest_of(paper.event)


def test_who_declined_is_counted_apart_from_who_was_not_there():
    paper = day.open_paper(3)
    first, second, _ = day.rows(paper)
    day.hand_in(paper, day.record(first), day.refusal(second))
    facts = report_facts.paper_facts(signing.close_signing(declaration=paper, by=audit.SYSTEM))
    assert (facts["listed"], facts["signed"], facts["refused"], facts["absent"]) == (3, 1, 1, 1)
    assert "files" not in facts


def test_sheets_of_a_pact_are_counted_and_not_listed():
    text = factories.approved_text(kind=Kind.INTEGRITY_PACT, title="Pakta Integritas (contoh)")
    paper = day.open_paper(2, text_version=text, signing_mode=SigningMode.INDIVIDUAL)
    day.everybody_signs(paper)
    sealing.seal_declaration(
        declaration=signing.close_signing(declaration=paper, by=audit.SYSTEM), by=audit.SYSTEM
    )
    jobs.run_pending()
    facts = report_facts.paper_facts(paper)
    assert (facts["sheets"], facts["signed"]) == (2, 2)
    assert "files" not in facts


def test_paper_of_two_parties_names_both_and_both_numbers():
    paper = factories.mou(day.running_event())
    for order, (name, number) in enumerate((("Panwaslu Cerme", "1/PM.04"), ("Kecamatan Cerme", "9/X")), 1):
        Party.objects.update_or_create(
            declaration=paper, order=order, defaults={"institution": name, "number": number}
        )
    facts = report_facts.paper_facts(paper)
    assert facts["between"] == "Panwaslu Cerme dengan Kecamatan Cerme"
    assert facts["number"] == "1/PM.04 dan 9/X"


@pytest.mark.parametrize("state", ["draft", "void"])
def test_naskah_that_is_a_draft_or_withdrawn_is_not_told_of(state):
    paper = day.open_paper(1)
    type(paper).objects.filter(pk=paper.pk).update(state=state)
    assert list(report_facts.papers_of(paper.event)) == []
    assert report_facts.missing_naskah(paper.event) == [report_facts.NO_NASKAH]
