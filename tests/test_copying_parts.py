"""An event copied in parts, for another day, and for another office or region."""

from datetime import date

import pytest

from accounts import audit
from accounts.models import AuditEntry
from accounts.refusals import Refusal
from events.copying import PARTS, clone_event, save_as_template, set_template_roles
from events.models import (
    Attendee,
    Event,
    EventSite,
)
from events.readiness import issues
from tests.accounts.factories import (
    bawaslu_gresik,
    panwaslu_benjeng,
    region,
)
from tests.declarations import factories as papers
from tests.events.factories import CERME_VILLAGES, NIP_PNS, cerme_event, villages_of_cerme
from tests.whole_event import ALL, NEW, OLD, cloned, whole_event

pytestmark = pytest.mark.django_db


# -- named parts, and what must be decided anew -------------------------------------------------------------------


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
