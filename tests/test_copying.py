"""What a copied event takes along: every field of an event and of whatever belongs to one is named here, once.

A new field, and a new model that points to an event or to something of one, fails here until it is decided.
"""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.apps import apps
from django.db.models import NOT_PROVIDED

from accounts import audit
from accounts.models import AuditEntry
from accounts.refusals import Refusal
from accounts.roles import Role
from declarations import planning
from declarations.models import Declaration, NameCorrection, Party, SheetSignature, Witness
from events.copying import PARTS, clone_event, save_as_template, set_template_roles
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
from events.readiness import issues
from events.sheets import prepare_sheets
from tests.accounts.factories import (
    bawaslu_gresik,
    member,
    organizer_of,
    panwaslu_benjeng,
    panwaslu_cerme,
    region,
)
from tests.declarations import day
from tests.declarations import factories as papers
from tests.declarations.tablets import Paired
from tests.events.factories import CERME_VILLAGES, NIP_PNS, cerme_event, villages_of_cerme

pytestmark = pytest.mark.django_db

ALL = ("info", "sites", "people", "agenda", "attendees", "texts")
OLD = datetime(2024, 10, 2, 1, 0, tzinfo=UTC)
NEW = datetime(2029, 2, 6, 2, 30, tzinfo=UTC)  # 09.30 WIB

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


# -- a whole event, in which no field is empty -------------------------------------------------------------------


def whole_event() -> Event:
    """An event of Cerme that was held: every field that is not copied holds what must not appear in a copy."""
    [village, *_] = villages_of_cerme()
    office = panwaslu_cerme()
    event = cerme_event(
        office=office,
        starts_at=OLD,
        ends_at=OLD + timedelta(hours=3),
        signing_opens_at=OLD - timedelta(days=1),
        signing_closes_at=OLD + timedelta(days=2),
        venue_address="Jalan Raya Cerme 1",
        venue_room="Aula",
        mode="hybrid",
        meeting_link="https://rapat.contoh.test/lama",
        open_invitation=True,
        notes="Bawa meterai",
        created_by=organizer_of(office),
    )
    event.operators.add(member(office, Role.OPERATOR))
    event.attendees.all().delete()
    Event.objects.filter(pk=event.pk).update(state="scheduled")
    site = EventSite.objects.create(
        event=event,
        order=2,
        name="Balai Dampaan",
        region=village,
        mode="hybrid",
        venue="Balai",
        meeting_link="https://rapat.contoh.test/balai",
        officer_name="Petugas",
    )
    person = EventPerson.objects.create(
        event=event,
        role="pembaca_ikrar",
        order=3,
        title_prefix="Drs.",
        full_name="Pembaca",
        title_suffix="M.Si.",
        position="Sekcam",
        agency="Kecamatan Cerme",
    )
    AgendaItem.objects.create(
        event=event,
        order=1,
        duration=40,
        title="Pembacaan",
        person=person,
        notes="berdiri",
        started_at=OLD,
        ended_at=OLD + timedelta(minutes=40),
    )
    signer = everything_of_an_attendee(event, site, village)
    everything_of_a_paper(event, signer)
    make_link(attendee=signer, by=audit.SYSTEM)
    Event.objects.filter(pk=event.pk).update(
        state="archived",
        state_reason="alasan",
        calendar_sequence=3,
        **dict.fromkeys(("scheduled_at", "started_at", "closed_at", "archived_at", "cancelled_at"), OLD),
    )
    event.refresh_from_db()
    return event


def everything_of_an_attendee(event, site, village) -> Attendee:
    return Attendee.objects.create(
        event=event,
        site=site,
        title_prefix="H.",
        full_name="Kepala Dampaan (contoh)",
        title_suffix="S.H.",
        category="kepala_desa",
        rank="Penata",
        position="Kepala Desa Dampaan",
        agency="Desa Dampaan",
        village=village,
        phone="+6281234567890",
        email="kades@contoh.test",
        precedence=17,
        presence="remote",
        source="region",
        is_example=True,
        post_key=f"kades:{village.pk}",
        identity_kind="nip",
        identity_number=NIP_PNS,
        identity_index="abc",
        identity_masked="1986************01",
        identity_opening="rahasia",
        on_behalf_of_name="Bupati",
        on_behalf_of_position="Bupati",
        letter_no="5/ST",
        invitation="coming",
        told_sequence=3,
        told_before=2,
        first_seen_at=OLD,
    )


def everything_of_a_paper(event, signer) -> None:
    mou = papers.mou(
        event,
        classification="PM.99",
        place="Gresik",
        date=date(2024, 10, 4),
        order=4,
        categories=["kepala_desa"],
        blocs=["kepala_desa"],
        identity_print="masked",
        subject="NETRALITAS",
        requires_reading=True,
    )
    sides = [
        {
            "institution": name,
            "representative_name": f"Ketua {name}",
            "position": "Ketua",
            "address": "Cerme",
            "number": f"7/{name}",
            "attendee": person,
        }
        for name, person in (("Panwaslu", None), ("AKD", signer))
    ]
    planning.set_parties(declaration=mou, parties=sides, by=audit.SYSTEM)
    planning.add_witness(
        declaration=mou,
        role="mengetahui",
        name="Camat",
        position="Camat",
        agency="Kecamatan",
        by=audit.SYSTEM,
    )
    Declaration.objects.filter(pk=mou.pk).update(
        state="closed",
        number="1/PM.04",
        read_by_name="Pembaca",
        read_by_position="Sekcam",
        read_followed_by_all=True,
        review_reason="alasan",
        **dict.fromkeys(("read_at", "read_noted_at", "opened_at", "closed_at"), OLD),
    )


def pairs(old: Event, new: Event) -> list[tuple]:
    """Each row of the old event with its copy."""
    found = [(old, new)]
    for name in ("sites", "people", "agenda", "attendees", "declarations"):
        found += zip(getattr(old, name).all(), getattr(new, name).all(), strict=True)
    for old_paper, new_paper in zip(old.declarations.all(), new.declarations.all(), strict=True):
        found += zip(old_paper.parties.all(), new_paper.parties.all(), strict=True)
        found += zip(old_paper.witnesses.all(), new_paper.witnesses.all(), strict=True)
    return found


def cloned(event, parts=ALL, starts_at=NEW, **facts) -> Event:
    return clone_event(event=event, parts=parts, starts_at=starts_at, by=audit.SYSTEM, **facts).event


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


@pytest.mark.parametrize(
    ("part", "relation"),
    [
        ("sites", "sites"),
        ("people", "people"),
        ("agenda", "agenda"),
        ("attendees", "attendees"),
        ("texts", "declarations"),
    ],
)
def test_only_the_named_parts_are_copied(part, relation):
    old = whole_event()
    relations = ("sites", "people", "agenda", "attendees", "declarations")
    new = cloned(old, parts=[part])
    assert [name for name in relations if getattr(new, name).exists()] == [relation]
    assert (new.venue, new.ends_at, new.elections.count()) == ("", None, 0)


def test_an_item_without_its_person_keeps_its_place():
    new = cloned(whole_event(), parts=["agenda"])
    assert [(item.title, item.person) for item in new.agenda.all()] == [("Pembacaan", None)]


def test_a_party_without_the_list_keeps_its_words():
    new = cloned(whole_event(), parts=["texts"])
    assert [(side.institution, side.attendee) for side in new.declarations.get().parties.all()] == [
        ("Panwaslu", None),
        ("AKD", None),
    ]


def test_who_was_taken_off_or_came_uninvited_is_not_asked_again():
    event = cerme_event()
    Attendee.objects.create(event=event, full_name="Tamu", source="walk_in")
    Attendee.objects.create(event=event, full_name="Dikeluarkan", withdrawn_at=OLD)
    assert [row.full_name for row in cloned(event).attendees.all()] == ["Camat Contoh (contoh)"]


def test_a_source_without_hours_gives_no_hours():
    event = cerme_event(starts_at=None, ends_at=None)
    new = cloned(event)
    assert (new.starts_at, new.ends_at) == (NEW, None)


def test_a_copy_may_wait_for_its_date():
    new = cloned(whole_event(), starts_at=None)
    assert (new.starts_at, new.ends_at, new.signing_opens_at) == (None, None, None)
    assert new.declarations.get().date is None


def test_the_log_of_the_copy_says_where_it_comes_from():
    old = whole_event()
    new = cloned(old)
    entries = AuditEntry.objects.filter(stream_id=new.audit_stream).order_by("seq")
    assert entries.first().verb == "event.created"
    assert (entries.last().verb, entries.last().facts) == (
        "event.copied",
        {"original": old.code, "parts": sorted(ALL)},
    )
    assert NIP_PNS not in str([entry.facts for entry in entries])


def test_an_unknown_part_is_a_mistake_of_the_program():
    with pytest.raises(ValueError, match="unknown parts"):
        cloned(cerme_event(), parts=["signatures"])


def test_a_foreign_region_is_refused_and_nothing_is_left():
    event = cerme_event()
    with pytest.raises(Refusal, match="di luar wilayah kerja"):
        cloned(event, region=region("73.72"))
    assert Event.objects.count() == 1


def test_the_law_is_asked_again_on_the_new_day():
    papers.basis("uu-lama", valid_to=date(2025, 1, 1))
    text = papers.approved_text(legal_bases=[papers.basis("uu-lama")])
    event = cerme_event()
    papers.declaration(event, text_version=text)
    words = "Dasar hukum UU-LAMA tidak berlaku lagi"
    assert [issue for issue in issues(event, "scheduled") if words in issue.text] == []
    new = cloned(event)
    assert new.declarations.get().text_version == text
    assert len([issue for issue in issues(new, "scheduled") if words in issue.text]) == 1


# -- another office, another region ------------------------------------------------------------------------------


def gresik_template() -> Event:
    """A template of Bawaslu Gresik, made from an event of its own in Kecamatan Cerme."""
    villages_of_cerme()
    for code in ("35.25.10.2001", "35.25.10.2002"):
        region(code)
    source = cerme_event(office=bawaslu_gresik(), region=region("35.25.11"))
    for code in CERME_VILLAGES:
        Attendee.objects.create(
            event=source,
            position="Kepala Desa",
            category="kepala_desa",
            village_id=code,
            post_key=f"kades:{code}",
        )
    EventSite.objects.create(event=source, name="Balai Dampaan")
    papers.declaration(source)
    return save_as_template(
        event=source, parts=ALL, title="Deklarasi tingkat kecamatan", by=audit.SYSTEM
    ).event


def test_a_template_keeps_rules_instead_of_people():
    template = gresik_template()
    assert (template.is_template, template.state, template.expected_roles) == (True, "draft", ["kades"])
    assert template.attendees.count() == 0
    assert template.declarations.count() == 1


def test_another_kecamatan_gets_its_own_villages():
    template = gresik_template()
    office = panwaslu_benjeng()
    copied = clone_event(
        event=template, parts=ALL, starts_at=NEW, by=audit.SYSTEM, office=office, region=office.region
    )
    found = copied.event
    villages = found.attendees.order_by("village").values_list("village", flat=True)
    assert (found.is_template, found.office, list(villages)) == (
        False,
        office,
        ["35.25.10.2001", "35.25.10.2002"],
    )
    assert (found.venue, found.sites.count(), found.declarations.count()) == ("", 0, 1)
    assert copied.left_out == ["Lokasi tidak disalin, karena kegiatan ini untuk wilayah lain."]


def test_people_of_another_office_are_not_taken_over():
    """The names of Cerme stay with Cerme, even in the hands of somebody who may see them."""
    villages_of_cerme()
    event = cerme_event()
    gresik = bawaslu_gresik()
    copied = clone_event(
        event=event, parts=ALL, starts_at=NEW, by=audit.SYSTEM, office=gresik, region=event.region
    )
    assert copied.event.attendees.count() == 0
    assert copied.left_out == [
        "1 peserta yang diketik atau diimpor tidak disalin, karena kantor atau wilayahnya lain."
    ]


def test_a_text_of_another_office_stays_behind_with_a_sentence():
    source = cerme_event()
    papers.declaration(source, text_version=papers.published_text(source.office, title="Naskah Cerme"))
    office = panwaslu_benjeng()
    copied = clone_event(
        event=source, parts=["texts"], starts_at=NEW, by=audit.SYSTEM, office=office, region=office.region
    )
    assert copied.event.declarations.count() == 0
    assert copied.left_out == [
        "Naskah “Naskah Cerme” tidak disalin, karena kantor ini tidak dapat memakainya. Pilih naskah lain."
    ]


def test_rules_of_a_template_are_changed_with_an_entry():
    template = gresik_template()
    set_template_roles(template=template, roles=["kades", "camat_se"], by=audit.SYSTEM)
    assert template.expected_roles == ["camat", "kades"]
    entry = AuditEntry.objects.filter(stream_id=template.audit_stream).order_by("-seq").first()
    assert (entry.verb, entry.facts["changes"]) == (
        "event.changed",
        {"expected_roles": [["kades"], ["camat", "kades"]]},
    )


def test_an_event_has_no_rules():
    with pytest.raises(ValueError, match="template"):
        set_template_roles(template=cerme_event(), roles=["kades"], by=audit.SYSTEM)


def test_the_parts_stand_in_the_order_in_which_they_need_each_other():
    assert tuple(PARTS) == ALL


def test_witnesses_of_another_kecamatan_are_not_put_under_its_papers():
    old = whole_event()
    assert [paper.witnesses.count() for paper in old.declarations.all()] != []
    there = panwaslu_benjeng()
    made = clone_event(
        event=old, parts=ALL, starts_at=NEW, by=audit.SYSTEM, office=there, region=there.region
    )
    assert [paper.witnesses.count() for paper in made.event.declarations.all()] == [
        0
    ] * made.event.declarations.count()
    assert any("Saksi" in sentence for sentence in made.left_out)
