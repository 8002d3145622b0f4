"""Planned hours of signing: whoever signs later still counts and is printed as *susulan*; nobody is turned away."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts import audit
from declarations import signing
from declarations.models import Signature
from declarations.snapshot import freeze
from tests.accounts.factories import organizer_of
from tests.declarations import day
from tests.declarations.seals import sealed, words_of
from tests.declarations.tablets import Paired, verdicts

pytestmark = pytest.mark.django_db
NOW = timezone.now


def event_with_window(opens=-120, closes=-60):
    """Minutes from now."""
    return day.running_event(
        signing_opens_at=NOW() + timedelta(minutes=opens), signing_closes_at=NOW() + timedelta(minutes=closes)
    )


def flags(record) -> list[str]:
    return Signature.objects.get(pk=record.id).flags


def test_signature_after_the_planned_hours_counts_and_is_late():
    paper = day.open_paper(1, event=event_with_window())
    record = day.record(day.rows(paper)[0])

    [result] = day.hand_in(paper, record)

    assert (result.status, result.code, flags(record)) == ("stored", "", ["late"])


def test_signature_within_the_planned_hours_or_the_grace_is_not_late():
    for closes in (60, -10):
        paper = day.open_paper(1, event=event_with_window(closes=closes))
        record = day.record(day.rows(paper)[0])
        day.hand_in(paper, record)
        assert flags(record) == []


def test_tablet_that_sends_late_what_was_signed_in_time_is_not_late():
    paper = day.open_paper(1, event=event_with_window())
    tablet = Paired(paper.event, paired_at=NOW() - timedelta(hours=5))
    record = tablet.signs(day.rows(paper)[0], at=NOW() - timedelta(minutes=90))

    assert verdicts(tablet.hand_in(record))[0][0] == "stored"
    assert "late" not in flags(record)


def test_tablet_that_went_on_after_the_planned_hours_is_late():
    paper = day.open_paper(1, event=event_with_window())
    tablet = Paired(paper.event)
    record = tablet.signs(day.rows(paper)[0])
    tablet.hand_in(record)

    assert "late" in flags(record)


def test_late_signature_is_printed_as_susulan_in_the_main_document():
    paper = day.open_paper(2, event=event_with_window())
    day.everybody_signs(paper)
    paper = sealed(signing.close_signing(declaration=paper, by=audit.SYSTEM))

    words = words_of(paper.document)
    assert words.count("(susulan") == 2
    today = NOW().astimezone(paper.event.zone).date().isoformat()
    assert [person["late"] for person in freeze(paper)["signatories"]] == [today, today]


@pytest.mark.parametrize(
    ("opens", "closes", "state", "words"),
    [
        (-120, -60, "open", "dicetak dengan keterangan susulan"),
        (60, 120, "draft", "Penandatanganan dijadwalkan mulai"),
    ],
)
def test_page_says_what_the_planned_hours_mean_now(client, opens, closes, state, words):
    paper = day.open_paper(1, event=event_with_window(opens, closes))
    type(paper).objects.filter(pk=paper.pk).update(state=state)
    client.force_login(organizer_of(paper.event.office))

    assert words in client.get(paper.get_absolute_url()).content.decode()


def test_page_says_nothing_about_hours_that_do_not_matter_now(client):
    paper = day.open_paper(1, event=event_with_window(-60, 60))
    client.force_login(organizer_of(paper.event.office))

    html = client.get(paper.get_absolute_url()).content.decode()
    assert "Jadwal penandatanganan" not in html


def test_representative_who_signed_on_a_tablet_is_printed_with_the_letter():
    paper = day.open_paper(1)
    row, tablet = day.rows(paper)[0], Paired(paper.event)
    record = tablet.signs(
        row,
        capacity="on_behalf_of",
        signatory={"name": "Wakil (contoh)", "category": "pns", "position": "Sekretaris Kecamatan"},
        on_behalf_of={"name": row.name, "position": row.position, "letter_no": "094/12/2024"},
    )
    assert verdicts(tablet.hand_in(record)) == [("stored", "")]

    paper = sealed(signing.close_signing(declaration=paper, by=audit.SYSTEM))

    words = words_of(paper.document)
    assert "Wakil (contoh)" in words
    assert "mewakili Peserta A (contoh)" in words
    assert "surat tugas 094/12/2024" in words
