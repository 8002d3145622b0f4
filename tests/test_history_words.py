"""No sentence of a log shows how the house stores things: every verb, every field, every kind of value (issue 5)."""

import re
from datetime import UTC, date, datetime, time
from decimal import Decimal
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import models

from accounts import audit, offices
from accounts.deed_groups import GROUPS, OTHER, group_of
from accounts.models import AuditEntry
from accounts.sentences import field_label, sentence_of
from declarations import planning, texts
from events import answers, attendees, paper_settings, photos, programme
from events import planning as events_planning

ROOMS = ("accounts", "documents", "events", "declarations")
STORED = re.compile(
    r"\d{4}-\d{2}-\d{2}|\d{2}:\d{2}|True|False|None|[\[\]{}]|\b[a-z]+_[a-z_]+\b|[0-9a-f]{8}-[0-9a-f]{4}-"
)
MOMENT, LATER = datetime(2024, 10, 2, 2, 14, tzinfo=UTC), datetime(2024, 10, 2, 17, 30, tzinfo=UTC)


def entry(verb="event.changed", model="events.event", **facts):
    return AuditEntry(
        seq=1,
        at=MOMENT,
        actor_kind="user",
        actor_id="1",
        actor_label="Budi",
        verb=verb,
        object_type=model,
        object_id="x",
        object_label="Sosialisasi",
        facts=audit.plain_facts(facts),
    )


def details(model, zone="Asia/Jakarta", **facts):
    return list(sentence_of(entry(model=model, **facts), zone).details)


def auditable_fields():
    """Every column of every room that a deed may write down with before and after."""
    for room in ROOMS:
        for model in apps.get_app_config(room).get_models():
            for field in model._meta.fields:
                if isinstance(pair_for(field), tuple) and not audit.SECRET_KEY.search(field.name):
                    yield pytest.param(
                        model._meta.label_lower, field, id=f"{model._meta.label_lower}.{field.name}"
                    )


def pair_for(field):
    """Two values as a deed would hand them to ``audit.record``; None for keys and bytes, which no deed writes down."""
    if field.primary_key or isinstance(field, models.BinaryField | models.FileField | models.JSONField):
        return None
    if field.choices:
        keys = [key for key, _ in field.flatchoices]
        return (keys[0], keys[-1])
    if isinstance(field, models.ForeignKey):
        return ("Budi Santoso", "")
    if isinstance(field, models.UUIDField):
        return (uuid4(), uuid4())
    if isinstance(field, models.DateTimeField):
        return (MOMENT, LATER)
    if isinstance(field, models.DateField):
        return (date(2024, 10, 2), date(2024, 11, 27))
    if isinstance(field, models.TimeField):
        return (time(9, 0), time(13, 30))
    if isinstance(field, models.BooleanField):
        return (True, False)
    if isinstance(field, models.DecimalField):
        return (Decimal("1.5"), Decimal(2))
    if isinstance(field, models.IntegerField):
        return (30, 45)
    return ("Balai Desa", "Pendopo")


@pytest.mark.parametrize(("model", "field"), list(auditable_fields()))
def test_a_change_of_every_field_is_read_in_words(model, field):
    before, after = pair_for(field)
    (line,) = details(model, changes={field.name: [before, after]})
    assert not STORED.search(line), line
    assert field.name not in line or "_" not in field.name


# model → the fields whose change its deeds write down
WRITTEN_DOWN = {
    "accounts.office": offices.LETTERHEAD,
    "events.event": (*events_planning.EVENT_FIELDS, "elections", "operators", "expected_roles"),
    "events.eventsite": programme.SITE_FIELDS,
    "events.eventperson": programme.PERSON_FIELDS,
    "events.agendaitem": programme.AGENDA_FIELDS,
    "events.attendee": (*attendees.ATTENDEE_FIELDS, *attendees.TYPED_FIELDS, *answers.LOGGED),
    "events.eventphoto": photos.PHOTO_FIELDS,
    "events.papersettings": paper_settings.FIELDS,
    "declarations.textversion": (*texts.CHANGEABLE, "legal_bases"),
    "declarations.declaration": (
        *planning.CHANGEABLE,
        *("state", "read_by_name", "read_by_position", "read_at", "read_followed_by_all"),
    ),
    "declarations.signatory": ("outcome", "name"),
    "declarations.signature": ("status",),
}


@pytest.mark.parametrize(
    ("model", "name"), [(model, name) for model, names in WRITTEN_DOWN.items() for name in names]
)
def test_a_field_that_deeds_write_down_has_an_indonesian_label(model, name):
    label = field_label(model, name)
    field = apps.get_model(model)._meta.get_field(name)
    assert "verbose_name" in field.deconstruct()[3], f"{model}.{name} has no label of its own"
    assert "_" not in label


@pytest.mark.parametrize("verb", sorted(audit.VERBS))
def test_every_deed_reads_as_a_sentence_and_stands_in_a_group(verb):
    text = sentence_of(entry(verb), "Asia/Jakarta").text
    assert text.startswith("Rabu, 2 Oktober 2024 pukul 09.14 WIB, Budi ")
    assert text.endswith(" Sosialisasi.")
    assert verb not in text
    assert not STORED.search(text)
    assert group_of(verb) in GROUPS
    assert group_of(verb) != OTHER


@pytest.mark.parametrize("label", [*audit.FACTS.values(), *audit.VERBS.values(), *GROUPS.values()])
def test_no_label_is_the_name_of_a_column(label):
    assert "_" not in label
    assert label == label.strip()


@pytest.mark.parametrize(
    ("zone", "before", "after"),
    [
        ("Asia/Jakarta", "Rabu, 2 Oktober 2024 pukul 09.14 WIB", "Kamis, 3 Oktober 2024 pukul 00.30 WIB"),
        ("Asia/Makassar", "Rabu, 2 Oktober 2024 pukul 10.14 WITA", "Kamis, 3 Oktober 2024 pukul 01.30 WITA"),
        ("Asia/Jayapura", "Rabu, 2 Oktober 2024 pukul 11.14 WIT", "Kamis, 3 Oktober 2024 pukul 02.30 WIT"),
    ],
)
def test_moments_are_those_of_the_place(zone, before, after):
    told = details("events.event", zone, changes={"starts_at": [MOMENT, LATER]})
    assert told == [f"mulai: dari “{before}” menjadi “{after}”"]


@pytest.mark.parametrize(
    ("name", "pair", "told"),
    [
        ("open_invitation", (False, True), "dari “tidak” menjadi “ya”"),
        ("mode", ("onsite", "hybrid"), "dari “Luring” menjadi “Hibrida”"),
        ("time_zone", ("Asia/Jakarta", "Asia/Makassar"), "dari “WIB” menjadi “WITA”"),
        ("venue", ("Pendopo", "Balai Desa"), "dari “Pendopo” menjadi “Balai Desa”"),
        ("venue", ("", "Balai Desa"), "dari “(kosong)” menjadi “Balai Desa”"),
        ("venue", ("2024-02-30T99:00:00Z", "x"), "dari “2024-02-30T99:00:00Z” menjadi “x”"),
        ("expected_roles", (["kades"], []), "dari “Kepala Desa tiap desa” menjadi “(kosong)”"),
        ("operators", (["Ani", "Budi"], ["Ani"]), "dari “Ani, Budi” menjadi “Ani”"),
    ],
)
def test_what_an_officer_changes_is_told_before_and_after(name, pair, told):
    (line,) = details("events.event", changes={name: list(pair)})
    assert line.endswith(told)


def test_keys_of_rows_are_never_shown():
    (line,) = details("declarations.declaration", changes={"text_version": [uuid4(), uuid4()]})
    assert line == "naskah: diubah"


def test_numbers_and_phones_are_only_said_to_have_changed():
    facts = audit.diff({"phone": "0811", "identity_number": "1"}, {"phone": "0822", "identity_number": "2"})
    (line,) = details("events.attendee", **facts)
    assert line == "diubah tanpa menampilkan isinya: nomor HP, nomor identitas"


def test_parties_are_named_with_who_signs_for_them():
    parties = [
        {
            "order": 1,
            "institution": "Panwaslu",
            "representative": "Budi",
            "position": "Ketua",
            "letter_number": "",
        },
        {
            "order": 2,
            "institution": "Pemerintah",
            "representative": "Ani",
            "position": "Camat",
            "letter_number": "7",
        },
    ]
    (line,) = details("declarations.declaration", parties=parties)
    assert line == "para pihak: Panwaslu, Budi, Ketua; Pemerintah, Ani, Camat, 7"


def test_typed_fields_of_papers_have_the_labels_of_the_page():
    (line,) = details("events.paperdraft", fields=["date", "classification", "undangan.opening"])
    assert "_" not in line
    assert "date" not in line
    assert "opening" not in line
