"""Events, texts and papers for the tests of this room, made by the same deeds that people use."""

from datetime import UTC, date, datetime

from accounts import audit
from accounts.models import Office
from declarations import planning, texts
from declarations.models import Declaration, LegalBasis, TextVersion
from declarations.models.declarations import SigningMode
from declarations.models.texts import Kind
from events.models import Attendee, Election, Event
from tests.accounts.factories import panwaslu_cerme

POINTS = [
    "Menjaga dan menegakkan prinsip netralitas pegawai ASN.",
    "Menghindari konflik kepentingan, tidak melakukan intimidasi dan ancaman.",
    "Menggunakan media sosial secara bijak.",
    "Menolak politik uang dan segala jenis pemberian dalam bentuk apapun.",
]


def pemilihan(**fields) -> Election:
    wanted = {"kind": "pemilihan", "name": "Pemilihan Serentak Tahun 2024", "voting_date": date(2024, 11, 27)}
    return Election.objects.get_or_create(**{**wanted, **fields})[0]


def pemilu(**fields) -> Election:
    return pemilihan(
        **{"kind": "pemilu", "name": "Pemilu Tahun 2024", "voting_date": date(2024, 2, 14), **fields}
    )


def event(office: Office | None = None, *, elections=None, **fields) -> Event:
    """A draft event on 2 October 2024, 09.00 WIB, in the region of its office, for the Pemilihan of 2024."""
    office = office or panwaslu_cerme()
    fields = {
        "title": "Sosialisasi dan Deklarasi Netralitas",
        "region": office.region,
        "starts_at": datetime(2024, 10, 2, 2, 0, tzinfo=UTC),
        "venue": "Pendopo Kecamatan (contoh)",
        **fields,
    }
    state = fields.pop("state", Event.State.DRAFT)
    made = Event.objects.create(office=office, **fields)
    made.elections.set([pemilihan()] if elections is None else elections)
    if state != made.state:  # last of all: nothing of an archived event can be written any more
        made.state = state
        made.save(update_fields=["state"])
    return made


def attendee(event: Event, **fields) -> Attendee:
    return Attendee.objects.create(
        event=event, **{"full_name": "Peserta (contoh)", "category": "pns", "position": "Camat", **fields}
    )


def draft_text(office: Office | None, by=audit.SYSTEM, **fields) -> TextVersion:
    return texts.create_text(
        **{
            "office": office,
            "kind": Kind.DECLARATION,
            "title": "Deklarasi Netralitas (contoh)",
            "opening": "Dengan ini kami menyatakan:",
            "points": POINTS,
            "applies_to": ["pns", "pppk", "tni", "polri", "kepala_desa", "perangkat_desa"],
            "by": by,
            **fields,
        }
    )


def published_text(office: Office | None, by=audit.SYSTEM, **fields) -> TextVersion:
    return texts.publish_version(version=draft_text(office, by, **fields), by=by)


def approved_text(office: Office | None = None, by=audit.SYSTEM, **fields) -> TextVersion:
    return texts.approve_version(version=published_text(office, by, **fields), by=by, note="contoh")


def basis(key: str, **fields) -> LegalBasis:
    """A legal basis in force since 2014 for both kinds of election."""
    fields = {
        "short": key.upper(),
        "citation": f"Undang-Undang {key}",
        "applies_to": ["pns"],
        "election_kinds": ["pemilihan", "pemilu"],
        "valid_from": date(2014, 1, 15),
        "confirmed": True,
        **fields,
    }
    return LegalBasis.objects.get_or_create(key=key, defaults=fields)[0]


def declaration(event_: Event | None = None, by=audit.SYSTEM, *, text_version=None, **fields) -> Declaration:
    """A collective draft of an event, with an approved reference text unless another one is given."""
    event_ = event_ or event()
    fields = {"signing_mode": SigningMode.COLLECTIVE, **fields}
    text_version = text_version or approved_text()
    return planning.add_declaration(event=event_, text_version=text_version, by=by, **fields)


def mou(event_: Event | None = None, by=audit.SYSTEM, **fields) -> Declaration:
    text = approved_text(
        kind=Kind.MOU, title="Nota Kesepahaman (contoh)", points=["Maksud dan Tujuan\nMenjaga netralitas."]
    )
    return declaration(event_, by, text_version=text, signing_mode=SigningMode.TWO_PARTY, **fields)


def national_office(**fields) -> Office:
    fields = {"name": "Bawaslu Republik Indonesia", "kind": "bawaslu", "level": "national", **fields}
    return Office.objects.create(**fields)
