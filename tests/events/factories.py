"""Events, elections and attendees for the tests of every room."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import factory

from events.models import AgendaItem, Attendee, Election, Event, EventPerson, EventSite
from tests.accounts.factories import panwaslu_cerme, panwaslu_purwodadi, region

WIB = ZoneInfo("Asia/Jakarta")
NIP_PNS = "198609262015051001"
NIP_PPPK = "199312282025212001"
CERME_VILLAGES = {
    "35.25.11.2001": "Dampaan",
    "35.25.11.2002": "Dungus",
    "35.25.11.2003": "Iker-iker Geger",
}


class ElectionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Election
        django_get_or_create = ("kind", "name", "voting_date")

    kind = Election.Kind.PEMILIHAN
    name = "Pemilihan Serentak Tahun 2024"
    voting_date = date(2024, 11, 27)


class EventFactory(factory.django.DjangoModelFactory):
    """A draft of Panwaslu Kecamatan Cerme that could be scheduled as soon as it has attendees."""

    class Meta:
        model = Event
        skip_postgeneration_save = True

    office = factory.LazyFunction(panwaslu_cerme)
    region = factory.SelfAttribute("office.region")
    title = factory.Sequence(lambda n: f"Sosialisasi dan Deklarasi Netralitas {n}")
    starts_at = datetime(2024, 10, 2, 1, 0, tzinfo=UTC)
    ends_at = datetime(2024, 10, 2, 5, 0, tzinfo=UTC)
    time_zone = factory.SelfAttribute("region.time_zone")
    venue = "Pendopo Kecamatan Cerme"

    @factory.post_generation
    def elections(self, create, extracted, **kwargs):
        """``elections=[]`` leaves the event without one."""
        if create:
            self.elections.set([ElectionFactory()] if extracted is None else extracted)


class EventSiteFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = EventSite

    event = factory.SubFactory(EventFactory)
    name = factory.Sequence(lambda n: f"Lokasi {n}")
    venue = "Balai Desa"
    officer_name = "Petugas Contoh"


class EventPersonFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = EventPerson

    event = factory.SubFactory(EventFactory)
    role = EventPerson.Role.SPEAKER
    full_name = factory.Sequence(lambda n: f"Narasumber Contoh {n}")


class AgendaItemFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = AgendaItem

    event = factory.SubFactory(EventFactory)
    order = factory.Sequence(lambda n: n + 1)
    title = factory.Sequence(lambda n: f"Mata acara {n}")
    duration = 15


class AttendeeFactory(factory.django.DjangoModelFactory):
    """A Kepala Desa of Cerme without a number."""

    class Meta:
        model = Attendee

    event = factory.SubFactory(EventFactory)
    full_name = factory.Sequence(lambda n: f"Peserta {n} (contoh)")
    category = "kepala_desa"
    position = "Kepala Desa"
    agency = "Desa Contoh"
    precedence = 3000


def villages_of_cerme(names=CERME_VILLAGES):
    """Three desa of Kecamatan Cerme under their real names."""
    made = []
    for code, name in names.items():
        village = region(code)
        if village.name != name:
            village.name = name
            village.save()
        made.append(village)
    return made


def cerme_event(**fields) -> Event:
    """The event of Kecamatan Cerme, Rabu, 2 Oktober 2024, as a complete draft with one attendee."""
    event = EventFactory(
        office=fields.pop("office", None) or panwaslu_cerme(),
        **{"title": "Sosialisasi dan Deklarasi Netralitas pada Pemilihan Serentak 2024", **fields},
    )
    AttendeeFactory(event=event, full_name="Camat Contoh (contoh)", category="asn", position="Camat")
    return event


def purwodadi_event(**fields) -> Event:
    """The event of Kecamatan Purwodadi, Selasa, 25 Juni 2024: foreign to everybody of Cerme."""
    starts = datetime(2024, 6, 25, 9, 0, tzinfo=WIB)
    event = EventFactory(
        **{
            "office": panwaslu_purwodadi(),
            "title": "Penandatanganan Nota Kesepahaman",
            "starts_at": starts,
            "ends_at": None,
            "venue": "Aula Kantor Kecamatan Purwodadi",
            **fields,
        }
    )
    AttendeeFactory(event=event, full_name="Pengawas Contoh", category="pengawas_pemilu", position="PKD")
    return event
