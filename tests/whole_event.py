"""An event in which no field is empty, with everything that may belong to one; and its copies."""

from datetime import UTC, date, datetime, timedelta

from accounts import audit
from accounts.roles import Role
from declarations import planning
from declarations.models import Declaration
from events.copying import clone_event
from events.links import make_link
from events.models import (
    AgendaItem,
    Attendee,
    Event,
    EventPerson,
    EventSite,
)
from tests.accounts.factories import (
    member,
    organizer_of,
    panwaslu_cerme,
)
from tests.declarations import factories as papers
from tests.events.factories import NIP_PNS, cerme_event, villages_of_cerme

ALL = ("info", "sites", "people", "agenda", "attendees", "texts")
OLD = datetime(2024, 10, 2, 1, 0, tzinfo=UTC)
NEW = datetime(2029, 2, 6, 2, 30, tzinfo=UTC)  # 09.30 WIB


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


def cloned(event, parts=ALL, starts_at=NEW, **facts) -> Event:
    return clone_event(event=event, parts=parts, starts_at=starts_at, by=audit.SYSTEM, **facts).event
