"""*Perlu ditinjau* of a whole event: what no signature came of, from papers elsewhere to bytes nobody can read."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.refusals import Refusal
from declarations import review, review_words, signing
from declarations.classification import MESSAGES
from declarations.models import KioskItem, Signature
from declarations.review_list import questions_of_tablets, waiting_items
from documents import storage, verification
from documents.sealing import snapshot_of
from events.attendees import withdraw_attendee
from events.keys import event_key
from events.models import AttendanceRecord, Attendee, Device, Event, EventKey
from tests.accounts.factories import organizer_of
from tests.declarations import day, factories, tablets
from tests.declarations.doubtful import (
    BY,
    REASON,
    close_long_ago,
    decide,
    item_of,
    of_another_paper,
    page,
    resolve,
    stored,
    unknown_attendee,
    unreadable,
    walk_in_matches_roster,
)
from tests.declarations.seals import sealed
from tests.declarations.tablets import Paired, verdicts

pytestmark = pytest.mark.django_db


# -- records of a paper of another event --------------------------------------------------------------------------


def test_record_of_another_paper_is_placed_on_the_one_with_the_same_text(paper, tablet):
    record = of_another_paper(tablet, paper)
    assert verdicts(tablet.hand_in(record)) == [("held", "unknown_declaration")]
    [question] = questions_of_tablets(paper.event, waiting_items(paper.event))
    assert (question.papers, question.title) == ([paper], "Peserta A (contoh)")

    decide(item_of(record), declaration=paper)

    signature = stored(record)
    assert (signature.status, signature.declaration, signature.channel) == ("valid", paper, "kiosk")
    assert (bytes(signature.record), signature.device) == (record.raw, tablet.device)
    assert day.rows(paper)[0].outcome == "signed"
    assert item_of(record).resolution == REASON
    assert review.open_questions_of(paper.event) == 0


def test_record_of_another_paper_is_not_placed_under_another_text(paper, tablet):
    record = of_another_paper(tablet, paper, text_sha256="0" * 64)
    tablet.hand_in(record)
    [question] = questions_of_tablets(paper.event, waiting_items(paper.event))
    assert [choice.value for choice in question.choices] == ["settle"]

    with pytest.raises(Refusal, match="tidak sama"):
        decide(item_of(record), declaration=paper)
    decide(item_of(record), "settle")

    assert not Signature.objects.filter(pk=record.id).exists()
    assert review.open_questions_of(paper.event) == 0


@pytest.mark.parametrize("foreign", [True, False])
def test_record_is_placed_on_a_paper_of_this_event_only(paper, tablet, foreign):
    record = of_another_paper(tablet, paper)
    tablet.hand_in(record)
    wrong = day.open_paper(1, text_version=paper.text_version) if foreign else None

    with pytest.raises(Refusal, match="Pilih naskah"):
        decide(item_of(record), declaration=wrong)


@pytest.mark.parametrize("case", [unknown_attendee, walk_in_matches_roster, "unknown_declaration"])
def test_record_that_staff_have_placed_or_named_is_sealed_with_its_decision(paper, tablet, case):
    row = day.rows(paper)[1]
    if case == "unknown_declaration":
        record = of_another_paper(tablet, paper, attendee=tablets.new_person())
        tablet.hand_in(record)
        decide(item_of(record), declaration=paper, person=row.attendee)
    else:
        record = case(paper, tablet)
        tablet.hand_in(record)
        resolve(stored(record), person=row.attendee)

    document = sealed(signing.close_signing(declaration=paper, by=BY)).document

    assert (document.state, verification.verify_file(storage.read(document.file)).valid) == ("sealed", True)
    person = next(p for p in snapshot_of(document)["signatories"] if p["outcome"] == "signed")
    assert (person["name"], person["decision"]["reason"]) == (row.name, REASON)


def test_placed_record_of_somebody_who_signed_already_waits_as_a_double(paper, tablet):
    row = day.rows(paper)[0]
    tablet.hand_in(tablet.signs(row))
    record = of_another_paper(tablet, paper, row)
    tablet.hand_in(record)

    decide(item_of(record), declaration=paper)

    assert (stored(record).status, stored(record).code) == ("conflict", "second_outcome")
    assert review.open_questions_of(paper.event) == 1


def test_placed_record_of_an_unknown_person_needs_a_choice(paper, tablet):
    record = of_another_paper(tablet, paper, attendee=tablets.new_person())
    tablet.hand_in(record)

    with pytest.raises(Refusal, match="Pilih nama"):
        decide(item_of(record), declaration=paper)
    assert item_of(record).resolved_at is None
    assert not Signature.objects.filter(pk=record.id).exists()
    decide(item_of(record), declaration=paper, person=day.rows(paper)[1].attendee)

    assert day.rows(paper)[1].outcome == "signed"


# -- arrivals ----------------------------------------------------------------------------------------------------


def test_arrival_of_a_removed_person_counts_after_all(paper, tablet):
    person = factories.attendee(paper.event, full_name="Keluar (contoh)")
    withdraw_attendee(attendee=person, by=BY)
    record = tablet.arrives(person)
    assert verdicts(tablet.hand_in(record)) == [("held", "attendee_removed")]

    decide(item_of(record))

    person.refresh_from_db()
    assert (person.is_withdrawn, person.is_present) == (False, True)
    arrival = AttendanceRecord.objects.get(pk=record.id)
    assert (arrival.method, arrival.attendee) == ("qr", person)


def test_arrival_of_an_unknown_person_is_told_who_it_is(paper, tablet):
    person = day.rows(paper)[0].attendee
    record = tablet.arrives(person, attendee=tablets.new_person(), found_by="search")
    assert verdicts(tablet.hand_in(record)) == [("held", "unknown_attendee")]

    with pytest.raises(Refusal, match="Pilih peserta"):
        decide(item_of(record))
    decide(item_of(record), person=person)

    person.refresh_from_db()
    assert person.is_present


def test_arrival_of_a_namesake_without_invitation_is_kept_apart(paper, tablet):
    person = day.rows(paper)[0].attendee
    who = {"name": person.full_name, "category": "pns", "agency": person.agency}
    record = tablet.arrives(
        person, attendee=tablets.new_person(), source="walk_in", signatory=who, found_by="typed"
    )
    assert verdicts(tablet.hand_in(record)) == [("held", "walk_in_matches_roster")]

    decide(item_of(record), "apart")

    other = Attendee.objects.get(pk=record.attendee)
    person.refresh_from_db()
    assert (other.is_present, person.is_present) == (True, False)


def test_arrival_at_an_event_that_never_was_is_only_settled(paper, tablet):
    Event.objects.filter(pk=paper.event_id).update(state="cancelled")
    record = tablet.arrives(day.rows(paper)[0].attendee)
    assert verdicts(tablet.hand_in(record)) == [("held", "event_cancelled")]

    with pytest.raises(Refusal, match="dibatalkan"):
        decide(item_of(record))
    decide(item_of(record), "settle")

    assert AttendanceRecord.objects.count() == 0


# -- voids -------------------------------------------------------------------------------------------------------


def late_void(paper, tablet):
    record = tablet.signs(day.rows(paper)[0])
    tablet.hand_in(record)
    close_long_ago(paper)
    void = tablet.void(record)
    assert verdicts(tablet.hand_in(void)) == [("held", "void_too_late")]
    return record, void


def test_late_void_is_carried_out_by_staff(paper, tablet):
    record, void = late_void(paper, tablet)
    [question] = questions_of_tablets(paper.event, waiting_items(paper.event))
    assert (question.title, question.now.record.raw) == ("Peserta A (contoh)", record.raw)

    decide(item_of(void))

    row = day.rows(paper)[0]
    assert (stored(record).status, row.outcome) == ("revoked", "pending")
    assert item_of(void).applied_at is not None
    assert Attendee.objects.get(pk=row.attendee_id).first_seen_at is None


def test_late_void_is_passed_over_by_staff(paper, tablet):
    record, void = late_void(paper, tablet)

    decide(item_of(void), "settle")

    assert (stored(record).status, item_of(void).applied_at) == ("valid", None)
    assert review.open_questions_of(paper.event) == 0


def test_void_of_something_that_never_came_cannot_be_carried_out(paper, tablet):
    missing = tablet.signs(day.rows(paper)[0])
    Device.objects.update(state="draining", draining_at=timezone.now() - timedelta(minutes=30))
    void = tablet.void(missing)
    assert verdicts(tablet.hand_in(void)) == [("held", "after_revocation")]

    with pytest.raises(Refusal, match="belum ada di peladen"):
        decide(item_of(void))


# -- quarantine --------------------------------------------------------------------------------------------------


def bad_signature(tablet):
    true, tablet.private = tablet.private, Paired(tablet.row.event, "Lain", probed=False).private
    [item] = tablet.sealed(tablet.probe())
    tablet.private = true
    return item


def invalid(tablet):
    record = tablet.probe()
    [item] = tablet.sealed(record)
    return {**item, "seq": item["seq"] + 7}


@pytest.mark.parametrize(
    ("spoil", "code"),
    [(unreadable, "unreadable"), (bad_signature, "bad_device_signature"), (invalid, "invalid_record")],
)
def test_quarantined_item_is_explained_downloaded_and_settled(client, paper, tablet, spoil, code):
    assert verdicts(tablet.hand_in(spoil(tablet))) == [("quarantined", code)]
    item = KioskItem.objects.get(status="quarantined")
    client.force_login(organizer_of(paper.event.office))

    html = client.get(page(paper)).content.decode()
    assert MESSAGES[code] in html
    assert review_words.QUARANTINE[code] in html
    download = client.get(reverse("declarations:event_review_bytes", args=[paper.event.code, item.pk]))
    assert download.content == bytes(item.sealed)
    assert "attachment" in download["Content-Disposition"]
    url = reverse("declarations:event_review_item", args=[paper.event.code, item.pk])
    assert client.post(url, {"keputusan": "settle", "alasan": " "}).status_code == 409
    assert client.post(url, {"keputusan": "accept", "alasan": REASON}).status_code == 409
    client.post(url, {"keputusan": "settle", "alasan": REASON})

    item.refresh_from_db()
    assert (item.resolution, item.status) == (REASON, "quarantined")
    assert review.open_questions_of(paper.event) == 0


def test_number_used_for_other_bytes_is_settled(paper, tablet):
    record = tablet.probe()
    [first], [again] = tablet.sealed(record), tablet.sealed(record)
    assert verdicts(tablet.hand_in(first, again)) == [("stored", ""), ("quarantined", "id_reuse")]

    decide(KioskItem.objects.get(status="quarantined"), "settle")

    assert review.open_questions_of(paper.event) == 0


def test_item_is_opened_again_once_the_key_is_back(client, paper, tablet):
    row, right = day.rows(paper)[0], tablet.key.private
    item = tablet.item(tablet.signs(row), tablet.key)
    other = event_key(event=factories.event(), by=BY).private
    EventKey.objects.filter(pk=tablet.key.pk).update(private=other)
    assert verdicts(tablet.hand_in(item)) == [("quarantined", "unreadable")]
    waiting = KioskItem.objects.get(status="quarantined")
    client.force_login(organizer_of(paper.event.office))
    url = reverse("declarations:event_review_item", args=[paper.event.code, waiting.pk])

    html = client.post(url, {"keputusan": "again"}, follow=True).content.decode()
    assert "masih belum dapat dipakai" in html
    EventKey.objects.filter(pk=tablet.key.pk).update(private=right)
    client.post(url, {"keputusan": "again"})

    row.refresh_from_db()
    waiting.refresh_from_db()
    assert (waiting.status, row.outcome) == ("stored", "signed")


def test_decided_item_offers_no_second_decision(client, paper, tablet):
    tablet.hand_in(unreadable(tablet))
    item = KioskItem.objects.get(status="quarantined")
    decide(item, "settle")
    client.force_login(organizer_of(paper.event.office))

    url = reverse("declarations:event_review_item", args=[paper.event.code, item.pk])
    html = client.get(url).content.decode()
    assert "sudah selesai ditinjau: " + REASON in html
    assert 'name="keputusan"' not in html
