import pytest
from django.db import IntegrityError, connection, transaction

from accounts import audit
from accounts.models import AuditEntry
from accounts.refusals import Refusal
from documents.models import Document
from events import readiness, scheduling
from events.models import Event
from events.scheduling import (
    archive_event,
    cancel_event,
    close_event,
    reopen_event,
    schedule_event,
    start_event,
)
from tests.accounts.factories import organizer_of

from .factories import (
    AgendaItemFactory,
    AttendeeFactory,
    EventFactory,
    EventPersonFactory,
    EventSiteFactory,
    cerme_event,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def by(event):
    return organizer_of(event.office)


def paper(event):
    return Document.objects.create(
        kind="deklarasi",
        title="Deklarasi",
        office=event.office,
        event_code=event.code,
        input_sha256="0" * 64,
        snapshot="{}",
        state="rendering",
    )


def put(event, state):
    Event.objects.filter(pk=event.pk).update(state=state)
    event.refresh_from_db()
    return event


def verbs(event):
    entries = AuditEntry.objects.filter(stream_id=event.audit_stream).order_by("seq")
    return list(entries.values_list("verb", flat=True))


def test_an_event_lives_from_draft_to_archive(event, by):
    for deed in (schedule_event, start_event, close_event, archive_event):
        deed(event=event, by=by)
    event.refresh_from_db()
    assert event.state == "archived"
    assert verbs(event) == ["event.scheduled", "event.started", "event.closed", "event.archived"]
    times = [event.scheduled_at, event.started_at, event.closed_at, event.archived_at]
    assert times == sorted(times)
    assert audit.verify_stream(event.audit_stream).is_whole


@pytest.mark.parametrize(
    ("fields", "issue"),
    [
        ({"starts_at": None, "ends_at": None}, "Tanggal, jam, dan zona waktu belum diisi."),
        ({"venue": ""}, "Tempat atau tautan pertemuan belum diisi."),
        ({"mode": "remote"}, "Tempat atau tautan pertemuan belum diisi."),
        ({"elections": []}, "Pemilu atau Pemilihan belum dipilih."),
    ],
)
def test_what_is_missing_blocks_scheduling(by, fields, issue):
    event = cerme_event(**fields)
    with pytest.raises(Refusal) as refusal:
        schedule_event(event=event, by=by, accept_warnings=True)
    assert (refusal.value.message, refusal.value.issues) == ("Kegiatan belum siap dijadwalkan.", [issue])
    event.refresh_from_db()
    assert (event.state, verbs(event)) == ("draft", [])


def test_event_without_attendees_needs_an_open_invitation(by):
    event = EventFactory()
    with pytest.raises(Refusal) as refusal:
        schedule_event(event=event, by=by)
    assert refusal.value.issues == ["Belum ada peserta."]
    event.open_invitation = True
    event.save(update_fields=["open_invitation"])
    assert schedule_event(event=event, by=by).state == "scheduled"


def test_each_site_needs_a_place(event, by):
    EventSiteFactory(event=event, name="Benjeng", venue="")
    with pytest.raises(Refusal) as refusal:
        schedule_event(event=event, by=by)
    assert refusal.value.issues == ["Tempat atau tautan pertemuan lokasi Benjeng belum diisi."]


def test_hybrid_event_is_found_by_venue_or_link(by):
    assert schedule_event(event=cerme_event(mode="hybrid"), by=by).state == "scheduled"
    link = cerme_event(mode="hybrid", venue="", meeting_link="https://rapat.example/1")
    assert schedule_event(event=link, by=by).state == "scheduled"


def test_warnings_need_a_tick_and_are_remembered(event, by):
    AttendeeFactory(event=event, category="")
    AttendeeFactory(event=event, category="")
    with pytest.raises(Refusal) as refusal:
        schedule_event(event=event, by=by)
    assert refusal.value.issues == ["2 peserta belum memiliki unsur."]
    schedule_event(event=event, by=by, accept_warnings=True)
    entry = AuditEntry.objects.get(stream_id=event.audit_stream)
    assert entry.facts == {"accepted_warnings": ["2 peserta belum memiliki unsur."]}


def test_incomplete_letterhead_and_missing_officer_warn(event):
    event.office.letter_code = ""
    EventSiteFactory(event=event, name="Benjeng", officer_name="")
    assert [issue.text for issue in readiness.issues(event, "scheduled")] == [
        "Kop surat belum lengkap: kode surat."
    ]
    assert [issue.text for issue in readiness.issues(event, "running")] == [
        "Lokasi Benjeng belum memiliki petugas."
    ]


def test_what_blocks_stands_before_what_warns(event):
    AttendeeFactory(event=event, category="")
    event.elections.clear()
    assert [issue.weight for issue in readiness.issues(event, "scheduled")] == ["blocks", "warns"]


def test_readiness_knows_its_steps_only(event):
    with pytest.raises(ValueError, match="no such step"):
        readiness.register("cancelled", lambda event: [])
    with pytest.raises(KeyError):
        readiness.issues(event, "cancelled")


WRONG = {
    schedule_event: ("draft", "Hanya kegiatan berstatus Draf yang dapat dijadwalkan."),
    start_event: ("scheduled", "Hanya kegiatan berstatus Terjadwal yang dapat dimulai."),
    close_event: ("running", "Hanya kegiatan berstatus Berlangsung yang dapat ditutup."),
    archive_event: ("closed", "Hanya kegiatan berstatus Selesai yang dapat diarsipkan."),
    reopen_event: ("closed", "Hanya kegiatan berstatus Selesai yang dapat dibuka kembali."),
}


@pytest.mark.parametrize("state", Event.State.values)
@pytest.mark.parametrize("deed", WRONG)
def test_each_step_starts_from_its_own_state(event, by, deed, state):
    allowed, message = WRONG[deed]
    if state == allowed:
        return
    put(event, state)
    with pytest.raises(Refusal) as refusal:
        deed(event=event, by=by, reason="uji", accept_warnings=True)
    assert refusal.value.message == message
    assert (Event.objects.get(pk=event.pk).state, verbs(event)) == (state, [])


@pytest.mark.parametrize("state", ["draft", "scheduled"])
def test_cancelling_needs_a_reason_and_keeps_the_row(event, by, state):
    put(event, state)
    with pytest.raises(Refusal, match="Alasan wajib diisi"):
        cancel_event(event=event, by=by, reason="  \n ")
    cancel_event(event=event, by=by, reason="Banjir di pendopo")
    event.refresh_from_db()
    assert (event.state, event.state_reason) == ("cancelled", "Banjir di pendopo")
    assert event.state_note == "Dibatalkan. Banjir di pendopo"


@pytest.mark.parametrize("state", ["running", "closed", "archived", "cancelled"])
def test_what_has_begun_is_not_cancelled(event, by, state):
    put(event, state)
    with pytest.raises(Refusal, match="Hanya kegiatan berstatus Draf atau Terjadwal"):
        cancel_event(event=event, by=by, reason="Terlambat")


def test_reopening_needs_a_reason(event, by):
    put(event, "closed")
    with pytest.raises(Refusal, match="Alasan wajib diisi"):
        reopen_event(event=event, by=by, reason="")
    reopen_event(event=event, by=by, reason="Ada peserta yang tertinggal")
    assert (event.state, event.closed_at) == ("running", None)


@pytest.mark.parametrize(("state", "forbids"), [("rendering", True), ("void", False)])
def test_reopening_ends_where_a_paper_is_sealed(event, by, state, forbids):
    put(event, "closed")
    document = paper(event)
    if state == "void":
        Document.objects.filter(pk=document.pk).update(
            state="void", void_reason="Uji", voided_at=event.created_at
        )
    if forbids:
        with pytest.raises(Refusal, match="sudah memiliki dokumen tersegel"):
            reopen_event(event=event, by=by, reason="Uji")
    else:
        assert reopen_event(event=event, by=by, reason="Uji").state == "running"


def test_archiving_waits_for_unfinished_papers(event, by):
    put(event, "closed")
    paper(event)
    with pytest.raises(Refusal) as refusal:
        archive_event(event=event, by=by, accept_warnings=True)
    assert refusal.value.issues == ["1 dokumen masih dibuat atau menunggu segel."]


def test_rooms_above_are_told_inside_the_transaction(event, by):
    told = []
    scheduling.on_start.register(lambda event, by: told.append(event.state))
    start_event(event=put(event, "scheduled"), by=by)
    assert told == ["running"]

    def refuse(event, by):
        raise Refusal("Tablet belum siap.")

    scheduling.on_close.register(refuse)
    with pytest.raises(Refusal, match="Tablet belum siap"):
        close_event(event=event, by=by)
    assert Event.objects.get(pk=event.pk).state == "running"


def test_templates_are_never_scheduled(by):
    with pytest.raises(Refusal, match="templat"):
        schedule_event(event=cerme_event(is_template=True), by=by)


def test_no_audit_entry_no_deed(event, by, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError("disk full")

    monkeypatch.setattr(audit, "record", fail)
    with pytest.raises(RuntimeError):
        schedule_event(event=event, by=by)
    assert Event.objects.get(pk=event.pk).state == "draft"


ARCHIVED_ROWS = {
    "events_event": "id",
    "events_event_elections": "event_id",
    "events_eventsite": "event_id",
    "events_eventperson": "event_id",
    "events_agendaitem": "event_id",
    "events_attendee": "event_id",
}


@pytest.fixture
def archived(event):
    EventSiteFactory(event=event)
    EventPersonFactory(event=event)
    AgendaItemFactory(event=event)
    return put(event, "archived")


def refused(sql, *params):
    frozen = pytest.raises(IntegrityError, match="archived events cannot be changed")
    with frozen, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)


def raw(event):
    return event.pk.hex if connection.vendor == "sqlite" else str(event.pk)


@pytest.mark.parametrize(("table", "column"), ARCHIVED_ROWS.items())
def test_database_keeps_every_row_of_an_archived_event(archived, table, column):
    refused(f"UPDATE {table} SET {column} = {column} WHERE {column} = %s", raw(archived))
    refused(f"DELETE FROM {table} WHERE {column} = %s", raw(archived))


def test_database_takes_no_new_row_for_an_archived_event(archived):
    for make in (EventSiteFactory, EventPersonFactory, AgendaItemFactory, AttendeeFactory):
        with pytest.raises(IntegrityError), transaction.atomic():
            make(event=archived)
    with pytest.raises(IntegrityError), transaction.atomic():
        archived.elections.create(kind="pemilu", name="Pemilu 2029", voting_date="2029-02-14")


def test_no_row_moves_into_an_archived_event(archived):
    attendee = AttendeeFactory()
    attendee.event = archived
    with pytest.raises(IntegrityError), transaction.atomic():
        attendee.save(update_fields=["event"])


def test_only_numbers_and_contacts_may_be_erased_after_archiving(archived):
    attendee = archived.attendees.get()
    erasable = {"identity_number", "identity_index", "identity_opening", "phone", "email"}
    for field in attendee._meta.concrete_fields:
        if field.column not in erasable:
            refused(f"UPDATE events_attendee SET {field.column} = {field.column}")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE events_attendee SET phone = '', email = '', identity_number = ''")
        cursor.execute("UPDATE events_attendee SET identity_opening = NULL")
    for column in sorted(erasable):
        refused(f"UPDATE events_attendee SET {column} = 'baru'")


def test_rows_of_living_events_still_change(archived):
    other = AttendeeFactory()
    other.full_name = "Nama Baru"
    other.save()
    other.delete()
    assert archived.attendees.count() == 1
