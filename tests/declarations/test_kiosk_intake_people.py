"""Walk-ins, arrivals at the desk, and papers that a tablet opened before anybody else did (KIOSK §8.2, EVENTS §5)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts import audit
from accounts.models import AuditEntry
from declarations import signing
from declarations.models import Declaration, KioskItem, Signatory, Signature
from declarations.models.declarations import SigningMode
from events.attendees import withdraw_attendee
from events.models import AttendanceRecord, Attendee, Event
from tests.declarations import day, factories, tablets
from tests.declarations.tablets import Paired, statuses, verdicts

pytestmark = pytest.mark.django_db

GUEST = "Tamu Baru (contoh)"


@pytest.fixture
def paper():
    return day.open_paper(2)


# -- walk-ins ----------------------------------------------------------------------------------------------------


def test_walk_in_becomes_attendee_and_signatory(paper, tablet):
    record = tablet.walk_in(paper, GUEST)

    [result] = tablet.hand_in(record)

    person = Attendee.objects.get(pk=record.attendee)
    row = Signatory.objects.get(attendee=person)
    assert (result.status, result.codes) == ("stored", ["walk_in"])
    assert (person.full_name, person.source, person.category) == (GUEST, "walk_in", "pns")
    assert (person.position, person.agency) == ("Staf", "Dinas Tamu (contoh)")
    assert person.first_seen_at is not None
    assert (row.declaration, row.name, row.outcome) == (paper, GUEST, "signed")
    assert AuditEntry.objects.get(verb="attendee.added_many").facts == {"count": 1, "origin": "walk_in"}


def test_walk_in_of_an_unknown_category_is_others(paper, tablet):
    person = {"name": GUEST, "category": "Tokoh masyarakat"}
    record = tablet.walk_in(paper, GUEST, signatory=person)

    assert statuses(tablet.hand_in(record)) == ["stored"]
    assert Attendee.objects.get(pk=record.attendee).category == "lainnya"


def test_two_records_of_one_walk_in_share_the_person(paper, tablet):
    second = day.open_paper(0, event=paper.event)
    first = tablet.walk_in(paper, GUEST)
    again = tablet.walk_in(second, GUEST, attendee=str(first.attendee))

    assert statuses(tablet.hand_in(first)) == ["stored"]
    assert statuses(tablet.hand_in(again)) == ["stored"]
    assert Attendee.objects.filter(source="walk_in").count() == 1
    assert Signatory.objects.filter(attendee=first.attendee).count() == 2


def test_two_records_of_one_walk_in_share_the_person_in_one_batch(paper, tablet):
    second = day.open_paper(0, event=paper.event)
    first = tablet.walk_in(paper, GUEST)
    again = tablet.walk_in(second, GUEST, attendee=str(first.attendee))

    assert statuses(tablet.hand_in(again, first)) == ["stored", "stored"]
    assert Attendee.objects.filter(source="walk_in").count() == 1


@pytest.mark.parametrize("name", ["Peserta A (contoh)", "PESERTA  a  (Contoh)"])
def test_walk_in_matches_roster(paper, tablet, name):
    person = {"name": name, "category": "pns", "agency": "kecamatan cerme"}
    record = tablet.walk_in(paper, name, signatory=person)

    assert verdicts(tablet.hand_in(record)) == [("held", "walk_in_matches_roster")]
    assert (Attendee.objects.filter(source="walk_in").count(), Signature.objects.get().signatory) == (0, None)


def test_walk_in_of_the_same_name_from_another_agency_is_somebody_else(paper, tablet):
    record = tablet.walk_in(paper, "Peserta A (contoh)")

    assert statuses(tablet.hand_in(record)) == ["stored"]


def test_walk_in_with_the_name_of_somebody_withdrawn_is_for_staff_to_decide(paper, tablet):
    row = day.rows(paper)[0]
    withdraw_attendee(attendee=row.attendee, by=audit.SYSTEM)
    person = {"name": row.name, "category": "pns", "agency": row.agency}

    assert verdicts(tablet.hand_in(tablet.walk_in(paper, row.name, signatory=person))) == [
        ("held", "walk_in_matches_roster")
    ]


def test_same_walk_in_at_two_tablets_is_for_staff_to_decide(paper, tablet):
    other = Paired(paper.event, "Meja 2")
    tablet.hand_in(tablet.walk_in(paper, GUEST))

    assert verdicts(other.hand_in(other.walk_in(paper, GUEST))) == [("held", "walk_in_matches_roster")]


def test_two_walk_ins_of_one_name_in_one_batch_are_for_staff_to_decide(paper, tablet):
    records = tablet.walk_in(paper, GUEST), tablet.walk_in(paper, GUEST)

    assert verdicts(tablet.hand_in(*records)) == [("stored", "walk_in"), ("held", "walk_in_matches_roster")]


def test_walk_in_whose_record_is_held_becomes_nobody(paper, tablet):
    record = tablet.walk_in(paper, GUEST, text_sha256="0" * 64)

    assert verdicts(tablet.hand_in(record)) == [("held", "text_mismatch")]
    assert not Attendee.objects.filter(pk=record.attendee).exists()


def test_walk_in_on_a_paper_of_two_parties_is_held():
    event = day.running_event()
    paper = factories.mou(event)
    tablet = Paired(event)

    assert verdicts(tablet.hand_in(tablet.walk_in(paper, GUEST))) == [("held", "not_assigned")]


def test_walk_in_under_the_number_of_a_person_of_another_event_is_held(paper, tablet):
    stranger = factories.attendee(factories.event(), id=tablets.new_person())
    record = tablet.walk_in(paper, GUEST, attendee=str(stranger.pk))

    assert verdicts(tablet.hand_in(record)) == [("held", "unknown_attendee")]


def test_walk_in_signed_before_the_event_ended_still_becomes_a_person(paper, tablet):
    record = tablet.walk_in(paper, GUEST)
    signing.close_signing(declaration=paper, by=audit.SYSTEM)
    Event.objects.filter(pk=paper.event_id).update(state="closed", closed_at=timezone.now())

    results = tablet.hand_in(record, now=timezone.now() + timedelta(hours=4))

    assert (statuses(results), Attendee.objects.get(pk=record.attendee).full_name) == (["stored"], GUEST)


# -- arrivals ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("found_by", "method"), [("qr", "qr"), ("search", "cari"), ("typed", "tanpa_undangan")]
)
def test_arrival_is_noted_once(paper, tablet, found_by, method):
    row = day.rows(paper)[0]
    record = tablet.arrives(row.attendee, found_by=found_by)
    [item] = tablet.sealed(record)

    assert statuses(tablet.hand_in(item)) == ["stored"]
    assert statuses(tablet.hand_in(item)) == ["duplicate"]

    arrival = AttendanceRecord.objects.get()
    assert (arrival.pk, arrival.method, arrival.attendee_id) == (record.id, method, row.attendee_id)
    assert Attendee.objects.get(pk=row.attendee_id).first_seen_at == record.signed_at_device
    assert bytes(KioskItem.objects.get(item_id=record.id).record) == record.raw


def test_first_arrival_starts_the_event():
    event = factories.event(state=Event.State.SCHEDULED)
    attendee = factories.attendee(event)
    tablet = Paired(event)

    assert statuses(tablet.hand_in(tablet.arrives(attendee))) == ["stored"]

    event.refresh_from_db()
    entry = AuditEntry.objects.get(verb="event.started")
    assert (event.state, entry.actor_kind) == ("running", "device")


def test_arrival_of_a_walk_in_and_the_signature_share_the_person(paper, tablet):
    number = tablets.new_person()
    guest = {"name": GUEST, "category": "pns", "position": "Staf", "agency": "Dinas Tamu (contoh)"}
    arrival = tablet.record(
        {
            "kind": "attendance",
            "attendee": number,
            "source": "walk_in",
            "signatory": guest,
            "found_by": "typed",
        }
    )
    signature = tablet.walk_in(paper, GUEST, attendee=number)

    assert verdicts(tablet.hand_in(arrival)) == [("stored", "walk_in")]
    assert verdicts(tablet.hand_in(signature)) == [("stored", "walk_in")]
    assert Attendee.objects.filter(source="walk_in").count() == 1
    assert {record.method for record in AttendanceRecord.objects.all()} == {"tanpa_undangan", "tanda_tangan"}


def test_arrival_of_somebody_unknown_is_held_and_asked_about(paper, tablet):
    stranger = factories.attendee(factories.event(), full_name="Orang Lain (contoh)")
    record = tablet.arrives(stranger)

    assert verdicts(tablet.hand_in(record)) == [("held", "unknown_attendee")]
    assert AttendanceRecord.objects.count() == 0
    assert [item.item_id for item in KioskItem.objects.open_questions(paper.event)] == [record.id]


def test_arrival_of_somebody_removed_meanwhile_is_held(paper, tablet):
    row = day.rows(paper)[0]
    withdraw_attendee(attendee=row.attendee, by=audit.SYSTEM)

    assert verdicts(tablet.hand_in(tablet.arrives(row.attendee))) == [("held", "attendee_removed")]


def test_late_arrival_record_is_stored_never_refused(paper, tablet):
    row = day.rows(paper)[0]
    record = tablet.arrives(row.attendee)
    Event.objects.filter(pk=paper.event_id).update(state="closed", closed_at=timezone.now())

    results = tablet.hand_in(record, now=timezone.now() + timedelta(days=2))

    assert (verdicts(results), AttendanceRecord.objects.get().offline) == ([("stored", "offline")], True)


# -- opened at the tablet ----------------------------------------------------------------------------------------


def draft_paper(state=Event.State.SCHEDULED, **fields) -> Declaration:
    event = factories.event(state=state)
    day.people(event, 2)
    paper = factories.declaration(event, **fields)
    signing.enroll_signatories(declaration=paper, by=audit.SYSTEM)
    return paper


def just_now():
    return timezone.now() - timedelta(seconds=1)


@pytest.mark.parametrize("state", [Event.State.SCHEDULED, Event.State.RUNNING])
def test_paper_opened_by_pin_is_opened_by_its_first_record(state):
    paper = draft_paper(state)
    tablet = Paired(paper.event)

    results = tablet.hand_in(tablet.signs(day.rows(paper)[0], at=just_now()))

    paper.refresh_from_db()
    paper.event.refresh_from_db()
    opened = AuditEntry.objects.get(verb="declaration.opened")
    assert verdicts(results) == [("stored", "before_open")]
    assert (paper.state, paper.event.state, opened.actor_kind) == ("open", "running", "device")
    assert day.rows(paper)[0].outcome == "signed"


def test_paper_opened_by_pin_lists_who_was_added_late():
    paper = draft_paper()
    late = factories.attendee(paper.event, full_name="Datang Belakangan (contoh)")
    row = Signatory(declaration=paper, attendee=late, name=late.full_name, category="pns")
    tablet = Paired(paper.event)

    assert verdicts(tablet.hand_in(tablet.signs(row, at=just_now()))) == [("stored", "before_open")]


def test_paper_opened_by_pin_is_not_asked_whether_it_was_read():
    paper = draft_paper(requires_reading=True)
    tablet = Paired(paper.event)

    assert statuses(tablet.hand_in(tablet.signs(day.rows(paper)[0]))) == ["stored"]


def test_record_signed_before_the_officer_opened_is_remarked(paper, tablet):
    Declaration.objects.filter(pk=paper.pk).update(opened_at=timezone.now())
    record = tablet.signs(day.rows(paper)[0], at=timezone.now() - timedelta(minutes=1))

    assert verdicts(tablet.hand_in(record)) == [("stored", "before_open")]


def test_paper_whose_text_nobody_approved_is_not_opened():
    event = factories.event(state=Event.State.RUNNING)
    day.people(event, 1)
    paper = factories.declaration(event)
    waits = factories.published_text(event.office)
    Declaration.objects.filter(pk=paper.pk).update(text_version=waits)
    signing.enroll_signatories(declaration=paper, by=audit.SYSTEM)
    tablet = Paired(event)

    assert verdicts(tablet.hand_in(tablet.signs(day.rows(paper)[0]))) == [("held", "before_open")]
    paper.refresh_from_db()
    assert paper.state == "draft"


def test_paper_without_its_parties_is_not_opened():
    event = factories.event(state=Event.State.RUNNING)
    person = factories.attendee(event)
    paper = factories.mou(event)
    Signatory.objects.create(declaration=paper, attendee=person, name=person.full_name)
    tablet = Paired(event)

    assert verdicts(tablet.hand_in(tablet.signs(day.rows(paper)[0]))) == [("held", "before_open")]


def test_record_with_another_text_opens_nothing():
    paper = draft_paper()
    tablet = Paired(paper.event)

    assert verdicts(tablet.hand_in(tablet.signs(day.rows(paper)[0], text_sha256="0" * 64))) == [
        ("held", "text_mismatch")
    ]
    paper.refresh_from_db()
    assert paper.state == "draft"


@pytest.mark.parametrize(
    ("minutes", "verdict", "state"),
    [(-30, ("stored", "offline"), "closed"), (16, ("held", "before_open"), "draft")],
)
def test_event_that_ended_before_the_paper_was_opened_counts_within_the_grace(minutes, verdict, state):
    paper = draft_paper(Event.State.RUNNING)
    closed = timezone.now() + timedelta(hours=1)
    Event.objects.filter(pk=paper.event_id).update(state="closed", closed_at=closed)
    tablet = Paired(paper.event)
    record = tablet.signs(day.rows(paper)[0], at=closed + timedelta(minutes=minutes))

    [result] = tablet.hand_in(record, now=closed + timedelta(hours=1))

    paper.refresh_from_db()
    assert ((result.status, result.codes[0]), paper.state) == (verdict, state)
    assert result.status == "held" or "before_open" in result.codes


def test_walk_in_may_be_the_first_on_a_paper_opened_by_pin():
    event = factories.event(state=Event.State.RUNNING)
    paper = factories.declaration(event, signing_mode=SigningMode.COLLECTIVE)
    tablet = Paired(event)

    [result] = tablet.hand_in(tablet.walk_in(paper, GUEST, at=just_now()))

    assert (result.status, result.codes) == ("stored", ["walk_in", "before_open"])
