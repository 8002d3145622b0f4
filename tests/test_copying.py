"""What a copied event takes along: every field of an event and of whatever belongs to one is named here, once.

A new field, and a new model that points to an event or to something of one, fails here until it is decided.
"""

from datetime import date, datetime
from uuid import uuid4

import pytest
from django.apps import apps
from django.db.models import NOT_PROVIDED

from accounts import audit
from accounts.models import AuditEntry
from declarations.models import Declaration, NameCorrection, Party, SheetSignature, Witness
from events.desks import desk_of
from events.links import make_link
from events.models import (
    AgendaItem,
    ApartPair,
    AttendanceRecord,
    AttendanceScan,
    Attendee,
    DeviceHeartbeat,
    Event,
    EventPerson,
    EventPhoto,
    EventSite,
    EventSubmission,
    OutgoingMail,
    PaperDraft,
    Representation,
    RundownTap,
)
from events.models.imports import ImportBatch, ImportUpload
from events.notes import save_note
from events.pairing import issue_code
from events.sheets import prepare_sheets
from tests.accounts.factories import (
    organizer_of,
)
from tests.declarations import day
from tests.declarations.tablets import Paired
from tests.whole_event import NEW, OLD, cloned, whole_event

pytestmark = pytest.mark.django_db


COPIED = {
    Event: {
        *("office", "title", "elections", "region", "starts_at", "ends_at", "time_zone", "venue"),
        *("venue_address", "venue_room", "mode", "open_invitation", "signing_opens_at", "signing_closes_at"),
        *("notes", "operators", "expected_roles"),
    },
    EventSite: {"order", "name", "region", "mode", "venue", "officer_name"},
    EventPerson: {"role", "order", "title_prefix", "full_name", "title_suffix", "position", "agency"},
    AgendaItem: {"order", "duration", "title", "person", "notes"},
    Attendee: {
        *("site", "title_prefix", "full_name", "title_suffix", "category", "rank", "position", "agency"),
        *("village", "phone", "email", "precedence", "presence", "source", "is_example", "post_key"),
    },
    Declaration: {
        *("text_version", "kind", "signing_mode", "order", "classification", "place", "date", "categories"),
        *("blocs", "identity_print", "subject", "requires_reading"),
    },
    Party: {"order", "institution", "representative_name", "position", "address", "attendee"},
    Witness: {"role", "order", "name", "position", "agency"},
}
NOT_COPIED = {
    Event: {
        *("id", "code", "meeting_link", "state", "state_reason", "is_template", "created_by", "created_at"),
        *("scheduled_at", "started_at", "closed_at", "archived_at", "cancelled_at", "calendar_sequence"),
    },
    EventSite: {"id", "event", "meeting_link"},
    EventPerson: {"id", "event"},
    AgendaItem: {"id", "event", "started_at", "ended_at"},
    Attendee: {
        *("id", "event", "identity_kind", "identity_number", "identity_index", "identity_masked"),
        *("identity_opening", "on_behalf_of_name", "on_behalf_of_position", "letter_no", "invitation"),
        *("first_seen_at", "withdrawn_at", "created_at", "told_sequence", "told_before", "merged_into"),
    },
    Declaration: {
        *("id", "event", "state", "number", "read_by_name", "read_by_position", "read_at", "read_noted_at"),
        *("read_followed_by_all", "opened_at", "closed_at", "review_reason", "document", "created_at"),
    },
    Party: {"id", "declaration", "number"},
    Witness: {"id", "declaration"},
}
# Nothing of these: they tell what happened, or open a door.
NEVER = {
    "declarations.InboxItem",
    "declarations.KioskItem",
    "declarations.NameCorrection",
    "declarations.SheetSignature",
    "declarations.Signatory",
    "declarations.Signature",
    "events.ApartPair",
    "events.AttendanceRecord",
    "events.AttendanceScan",
    "events.AttendanceSheet",
    "events.Device",
    "events.DeviceHeartbeat",
    "events.EventKey",
    "events.NoteRevision",
    "events.EventPhoto",
    "events.EventSubmission",
    "events.OutgoingMail",
    "events.ImportBatch",
    "events.ImportUpload",
    "events.PairingCode",
    "events.PaperDraft",
    "events.PersonalLink",
    "events.Representation",
    "events.RundownTap",
    "events.SigningDesk",
}
# Made anew by the database or by the deed, so a default says nothing about them.
NEW_BY_ITSELF = {"id", "code", "event", "declaration", "created_by", "created_at"}


def belonging_to_an_event() -> set:
    """Every model that points to an event, or to something that does; the tables behind many-to-many fields are fields."""
    found, models = {Event}, [model for model in apps.get_models() if not model._meta.auto_created]
    while True:
        more = {
            model
            for model in models
            for field in model._meta.concrete_fields
            if field.is_relation and field.related_model in found
        }
        if more <= found:
            return found
        found |= more


def fields_of(model) -> set[str]:
    return {field.name for field in (*model._meta.concrete_fields, *model._meta.many_to_many)}


def test_every_model_of_an_event_is_copied_or_never():
    labels = {model._meta.label for model in belonging_to_an_event()}
    assert labels == {model._meta.label for model in COPIED} | NEVER


@pytest.mark.parametrize("model", COPIED, ids=lambda model: model.__name__)
def test_every_field_is_copied_or_not(model):
    assert COPIED[model] & NOT_COPIED[model] == set()
    assert COPIED[model] | NOT_COPIED[model] == fields_of(model)


def pairs(old: Event, new: Event) -> list[tuple]:
    """Each row of the old event with its copy."""
    found = [(old, new)]
    for name in ("sites", "people", "agenda", "attendees", "declarations"):
        found += zip(getattr(old, name).all(), getattr(new, name).all(), strict=True)
    for old_paper, new_paper in zip(old.declarations.all(), new.declarations.all(), strict=True):
        found += zip(old_paper.parties.all(), new_paper.parties.all(), strict=True)
        found += zip(old_paper.witnesses.all(), new_paper.witnesses.all(), strict=True)
    return found


def as_plain(value):
    """A related row of the event by its words, since its copy is another row; a moment by its distance to the start."""
    if value.__class__.__name__ == "ManyRelatedManager":
        return set(value.all())
    return str(value) if hasattr(value, "_meta") and type(value) in COPIED else value


def test_a_copy_has_what_is_copied_and_nothing_else():
    old = whole_event()
    new = cloned(old)
    delta = NEW - OLD
    days = new.date - old.date
    seen = set()
    for source, copy in pairs(old, new):
        model = type(source)
        seen.add(model)
        for name in COPIED[model]:
            wanted, found = as_plain(getattr(source, name)), as_plain(getattr(copy, name))
            if isinstance(wanted, datetime):
                wanted += delta
            elif isinstance(wanted, date):
                wanted += days
            assert found == wanted, (model.__name__, name)
        for name in NOT_COPIED[model] - NEW_BY_ITSELF:
            field = model._meta.get_field(name)
            empty = field.get_default() if field.default is not NOT_PROVIDED or not field.null else None
            if (model, name) not in {
                (Attendee, "withdrawn_at"),
                (Attendee, "merged_into"),
                (Declaration, "document"),
                (Event, "is_template"),
            }:
                assert getattr(source, name) != empty, ("the source should hold one", model.__name__, name)
            assert getattr(copy, name) == empty, (model.__name__, name)
    assert seen == set(COPIED)


def counts() -> dict[str, int]:
    return {label: apps.get_model(label).objects.count() for label in sorted(NEVER)}


def test_nothing_of_what_happened_is_copied():
    event = day.running_event()
    paper = day.open_paper(2, event=event)
    signed, waiting = day.rows(paper)
    day.hand_in(paper, day.record(signed), b"bukan catatan")
    tablet = Paired(event, probed=True)
    tablet.hand_in({"id": str(uuid4()), "seq": 5, "kid": tablet.key.kid, "c": "AAAA"})
    make_link(attendee=waiting.attendee, by=audit.SYSTEM)
    issue_code(event=event, label="Meja 2", by=organizer_of(event.office))
    desk_of(event=event, by=audit.SYSTEM)
    [sheet, *_] = prepare_sheets(event=event, by=audit.SYSTEM, empty=0)
    scan = AttendanceScan.objects.create(sheet=sheet, file="pindai.jpg", sha256="0", upload_sha256="0")
    SheetSignature.objects.create(signatory=waiting, scan=scan, row=1, signed_at=OLD, reason="Listrik padam.")
    NameCorrection.objects.create(signatory=signed, before="Semula", after="Menjadi", reason="Salah ketik.")
    EventPhoto.objects.create(event=event, order=1, width=4, height=3)
    PaperDraft.objects.create(event=event, kind="undangan")
    ImportUpload.objects.create(event=event, name="peserta.xlsx", sha256="0")
    ImportBatch.objects.create(event=event, name="peserta.xlsx", sha256="0")
    save_note(event=event, kind="notula", text="Jalannya kegiatan.", base=0, by=audit.SYSTEM)
    EventSubmission.objects.create(event=event, to_office=event.office, at=OLD, digest="0" * 64)
    item = AgendaItem.objects.create(event=event, title="Pembukaan")
    RundownTap.objects.create(id=uuid4(), event=event, item=item, kind="start", at=OLD)
    AttendanceRecord.objects.create(event=event, attendee=waiting.attendee, method="cari", occurred_at=OLD)
    DeviceHeartbeat.objects.create(device=tablet.row, at=OLD)
    OutgoingMail.objects.create(event=event, attendee=waiting.attendee, kind="invitation")
    Representation.objects.create(event=event, attendee=waiting.attendee, original="{}")
    first, second = sorted((signed.attendee, waiting.attendee), key=lambda row: row.pk)
    ApartPair.objects.create(event=event, first=first, second=second, fingerprint="0")
    before = counts()
    assert [label for label, count in before.items() if not count] == []
    new = cloned(event)
    assert counts() == before
    assert new.attendees.count() == 2


def test_the_source_had_a_link_that_could_have_been_copied():
    whole = whole_event()
    assert whole.attendees.get().links.count() == 1
    assert cloned(whole).attendees.get().links.count() == 0


def test_the_source_stays_as_it_was():
    old = whole_event()
    entries = AuditEntry.objects.filter(stream_id=old.audit_stream).count()
    before = Event.objects.filter(pk=old.pk).values().get()
    cloned(old)
    assert Event.objects.filter(pk=old.pk).values().get() == before
    assert AuditEntry.objects.filter(stream_id=old.audit_stream).count() == entries
