"""An event day for benchmarks: people, open paper, paired tablets with full queues of sealed records."""

from datetime import date, timedelta

from django.utils import timezone

from accounts.canonical import b64u
from accounts.models import Membership, Office, User
from declarations import planning, signing
from declarations.demo.tablet import APP, Tablet
from declarations.evidence import first_link, format_time, uuid7
from declarations.kiosk_intake import take_in_items
from declarations.models import TextVersion
from declarations.models.declarations import SigningMode
from declarations.sample_strokes import sample_signature
from events import pairing
from events.attendees import add_attendees
from events.keys import event_key
from events.models import Attendee, Election, Event
from regions.models import Region

BOX = [800, 320]


class PairedTablet(Tablet):
    """A tablet with its token and its outbox, as ``sync`` carries it."""

    token: str
    queue: list[dict]

    def batch(self, items: list[dict]) -> dict:
        return {
            "proto": "netralitas-kiosk/1",
            "batch": uuid7(0, bytes(10)),
            "sent_at_device": format_time(timezone.now()),
            "app": APP,
            "pending": len(self.queue),
            "next_seq": self.seq,
            "items": items,
        }


class Day:
    """``tablets`` × ``each`` people, everyone's signature sealed and waiting on a tablet; or nobody has signed yet."""

    def __init__(self, title: str, *, tablets: int, each: int, signing: bool = True):
        self.signing = signing
        self.office, self.staff = _office()
        self.records = tablets * each
        self.event, self.paper = _running_event(title, self.office, self.records, self.staff)
        self.key = event_key(event=self.event, by=self.staff)
        people = list(self.paper.signatories.in_order())
        self.tablets = [
            self._tablet(f"Meja {number + 1}", people[number * each : (number + 1) * each])
            for number in range(tablets)
        ]

    def _tablet(self, label: str, people) -> PairedTablet:
        tablet = PairedTablet(self.event.pk)
        code = pairing.issue_code(event=self.event, label=label, by=self.staff).code
        made = pairing.pair_device(
            code=code,
            public_key=tablet.public,
            app=APP,
            chain_link_for=lambda device: first_link(
                str(self.event.pk), str(device.pk), b64u(tablet.public)
            ).hex(),
        )
        tablet.start(made.device.pk)
        tablet.token = made.token
        probe = tablet.item(tablet.probe(), self.key)
        take_in_items([probe], device=made.device, via="sync", by=made.device, sent_at_device=timezone.now())
        signers = people if self.signing else []
        tablet.queue = [
            tablet.item(self._signature(tablet, row, n), self.key) for n, row in enumerate(signers)
        ]
        return tablet

    def _signature(self, tablet: Tablet, row, number: int):
        return tablet.record(
            {
                "declaration": self.paper.pk,
                "text_sha256": self.paper.text_version.sha256,
                "attendee": row.attendee_id,
                "source": "roster",
                "signatory": {"name": row.name, "category": row.category, "position": row.position},
                "capacity": "self",
                "outcome": "signed",
                "agree": True,
                "method": "drawn",
                "strokes": sample_signature(number),
                "capture": {"ms": 2400, "pointer": "touch", "box": BOX, "attempts": 1},
            }
        )


def _office():
    region = Region.objects.get(pk="35.25.11")
    office, _ = Office.objects.get_or_create(
        name="Panwaslu Uji Kecamatan Cerme",
        defaults={"kind": "panwaslu", "level": "district", "region": region, "term_ends": date(2099, 12, 31)},
    )
    staff, _ = User.objects.get_or_create(email="uji@contoh.test", defaults={"full_name": "Petugas Uji"})
    Membership.objects.get_or_create(user=staff, office=office, role="organizer")
    return office, staff


def _running_event(title: str, office: Office, people: int, by):
    now = timezone.now()
    event = Event.objects.create(
        office=office,
        region=office.region,
        title=title,
        starts_at=now,
        ends_at=now + timedelta(hours=3),
        venue="Pendopo",
        state=Event.State.RUNNING,
    )
    event.elections.set(Election.objects.all()[:1])
    rows = [
        {"full_name": f"Peserta {n:05d}", "category": "pns", "position": f"Kepala Seksi {n}"}
        for n in range(people)
    ]
    add_attendees(event=event, rows=rows, by=by, source=Attendee.Source.MANUAL)
    text = TextVersion.objects.approved().filter(pledge_text__kind="declaration", pledge_text__office=None)
    paper = planning.add_declaration(
        event=event, text_version=text.first(), signing_mode=SigningMode.COLLECTIVE, by=by
    )
    signing.open_signing(declaration=paper, by=by)
    paper.refresh_from_db()
    return event, paper
