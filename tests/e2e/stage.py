"""What stands behind a browser test: events, people, codes and counts in the database of the running server.

Called in a process of its own by ``House.stage("function", …)``; takes and gives plain JSON.
"""

import json
import os
import sys
import time
from datetime import timedelta

import django

if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "netralitas.settings"
    django.setup()

from django.utils import timezone

from accounts import audit
from accounts.canonical import b64u
from accounts.models import AuditEntry, Office, User
from declarations import planning, signing
from declarations.demo.build import scenarios
from declarations.models import Declaration, KioskItem, Signatory, Signature, TextVersion
from declarations.models.declarations import SigningMode
from declarations.sample_strokes import sample_signature
from events.attendees import add_attendees, withdraw_attendee
from events.models import AttendanceRecord, Attendee, Device, Election, Event
from events.scheduling import close_event, start_event

OFFICE, STAFF = "Panwaslu Kecamatan Cerme", "panwaslu.cerme@contoh.test"
FIRST = [
    "Ahmad",
    "Bambang",
    "Citra",
    "Dewi",
    "Eko",
    "Fajar",
    "Gunawan",
    "Hartono",
    "Indah",
    "Joko",
    "Kartini",
    "Lestari",
    "Mulyono",
    "Nurul",
    "Oktavia",
]
LAST = [
    "Prasetyo",
    "Qomariah",
    "Rahardjo",
    "Santoso",
    "Tjahjono",
    "Utami",
    "Wibowo",
    "Yulianto",
    "Zulkarnain",
    "Saputra",
    "Hidayat",
]


def by():
    return User.objects.get(email=STAFF)


def person(number: int) -> str:
    """Distinct names of three words, so that three letters of the middle one find few."""
    return f"{FIRST[number % len(FIRST)]} {LAST[number // len(FIRST) % len(LAST)]} K{number:04d}"


def make_event(people: int = 12, papers: int = 1, opened: bool = True, **fields) -> dict:
    """A running event of Panwaslu Cerme with people and papers everybody signs; ids as strings."""
    office = Office.objects.get(name__startswith=OFFICE)
    now = timezone.now()
    event = Event.objects.create(
        office=office,
        region=office.region,
        title=fields.pop("title", "Deklarasi Netralitas Uji Kios"),
        starts_at=now - timedelta(hours=1),
        ends_at=now + timedelta(hours=3),
        venue="Pendopo (contoh)",
        state=Event.State.RUNNING,
        started_at=now,
        **fields,
    )
    event.elections.set(Election.objects.all()[:1])
    rows = [
        {
            "full_name": person(n),
            "category": "pns",
            "position": f"Kepala Seksi {n}",
            "agency": "Kecamatan Cerme",
        }
        for n in range(people)
    ]
    made = add_attendees(event=event, rows=rows, by=by(), source=Attendee.Source.MANUAL)
    declarations = []
    for text in texts()[:papers]:
        paper = planning.add_declaration(
            event=event, text_version=text, signing_mode=SigningMode.COLLECTIVE, by=by()
        )
        if opened:
            signing.open_signing(declaration=paper, by=by())
        declarations.append(str(paper.pk))
    return {
        "event": str(event.pk),
        "code": event.code,
        "papers": declarations,
        "people": [{"id": str(row.pk), "name": row.full_name} for row in made],
    }


def add_namesakes(event: str, name: str = "Sutrisno Kembar") -> None:
    """Two people of one name; their numbers end in 017 and 025."""
    rows = [
        {
            "full_name": name,
            "identity_number": number,
            "category": "pns",
            "position": "Kepala Seksi",
            "agency": "Kecamatan Cerme",
        }
        for number in ("197001012000011017", "198002022005021025")
    ]
    add_attendees(event=Event.objects.get(pk=event), rows=rows, by=by(), source=Attendee.Source.MANUAL)


def add_post(event: str, position: str) -> None:
    """Somebody who is expected by post only; the name is written down on the day."""
    rows = [{"full_name": "", "category": "kepala_desa", "position": position, "agency": ""}]
    add_attendees(event=Event.objects.get(pk=event), rows=rows, by=by(), source=Attendee.Source.MANUAL)


def invitation(attendee: str) -> str:
    """Token of the personal link that the QR of the invitation carries."""
    from events.links import make_link

    return make_link(attendee=Attendee.objects.get(pk=attendee), by=by()).token


def texts():
    """Approved texts of collective papers."""
    found = TextVersion.objects.approved().filter(pledge_text__office=None)
    return found.filter(pledge_text__kind="declaration").order_by("pledge_text__key", "number")


def paper_of(event: str) -> dict:
    """What a record says of the one paper of an event."""
    paper = Declaration.objects.select_related("text_version").get(event=event)
    return {"id": str(paper.pk), "text_sha256": paper.text_version.sha256}


def pairing_code(event: str, label: str = "Meja 1") -> str:
    from events.pairing import issue_code

    return issue_code(event=Event.objects.get(pk=event), label=label, by=by()).code


def open_demo_event(slug: str) -> dict:
    """Run the day of a demo event up to the moment when people sign; somebody who signs all that is open for them."""
    title = scenarios()[slug]["title"]
    event = Event.objects.filter(title=title, office__is_demo=True).order_by("created_at").first()
    staff = audit.SYSTEM
    if event.state == Event.State.SCHEDULED:
        start_event(event=event, by=staff, accept_warnings=True)
    for paper in event.declarations.order_by("order"):
        if paper.is_read_aloud and not paper.read_at:
            signing.record_reading(
                declaration=paper,
                led_by_name="Sekretaris Daerah (contoh)",
                led_by_position="Sekretaris Daerah",
                at=timezone.now(),
                followed_by_all=True,
                by=staff,
            )
        signing.open_signing(declaration=paper, by=staff)
    rows = Signatory.objects.filter(declaration__event=event).current().pending().exclude(name="")
    row = rows.filter(remote=False).order_by("order").first()
    papers = rows.filter(attendee=row.attendee_id, declaration__state="open").count()
    return {"event": str(event.pk), "name": row.name, "papers": papers}


def signatures(event: str) -> list[dict]:
    """A drawn signature for everybody on the first paper, as the screens hand it to the engine."""
    paper = Declaration.objects.filter(event=event).order_by("order").first()
    rows = paper.signatories.current().in_order()
    return [
        {
            "kind": "signature",
            "declaration": str(paper.pk),
            "text_sha256": paper.text_version.sha256,
            "attendee": str(row.attendee_id),
            "source": "roster",
            "signatory": {"name": row.name, "category": row.category, "position": row.position},
            "capacity": "self",
            "outcome": "signed",
            "agree": True,
            "method": "drawn",
            "strokes": b64u(sample_signature(number)),
            "capture": {"ms": 2400, "pointer": "touch", "box": [800, 320], "attempts": 1},
        }
        for number, row in enumerate(rows)
    ]


def state_of(event: str) -> dict:
    """Everything a test asks about what the server holds."""
    signatures = Signature.objects.filter(declaration__event=event)
    return {
        "event": Event.objects.get(pk=event).state,
        "papers": dict(Declaration.objects.filter(event=event).values_list("text_version__title", "state")),
        "signatures": [
            {
                "id": str(row.pk),
                "name": row.signatory.name if row.signatory else "",
                "outcome": row.outcome,
                "method": row.method,
                "status": row.status,
                "code": row.code,
                "flags": row.flags,
                "seq": row.device_seq,
            }
            for row in signatures.select_related("signatory").order_by("device", "device_seq")
        ],
        "signed": Signatory.objects.filter(declaration__event=event, outcome="signed").count(),
        "items": KioskItem.objects.filter(event=event).count(),
        "quarantined": KioskItem.objects.filter(event=event, status="quarantined").count(),
        "voids": KioskItem.objects.filter(event=event, kind="void").count(),
        "present": Attendee.objects.filter(event=event, first_seen_at__isnull=False).count(),
        "arrivals": AttendanceRecord.objects.filter(event=event).count(),
        "devices": [
            {
                "label": device.label,
                "state": device.state,
                "chain_seq": device.chain_seq,
                "broken": device.chain_broken_at,
                "next_seq": device.heartbeat.next_seq if hasattr(device, "heartbeat") else None,
                "pending": device.heartbeat.pending if hasattr(device, "heartbeat") else None,
                "lost": device.heartbeat.lost if hasattr(device, "heartbeat") else None,
            }
            for device in Device.objects.filter(event=event).select_related("heartbeat").in_order()
        ],
        "audit_whole": all(report.is_whole for report in audit.verify_all()),
    }


def withdraw(attendee: str) -> None:
    withdraw_attendee(attendee=Attendee.objects.get(pk=attendee), by=by())


def close(event: str, minutes_ago: int = 0) -> None:
    """Close the event; with ``minutes_ago`` as if it had been closed then."""
    found = Event.objects.get(pk=event)
    close_event(event=found, by=by(), accept_warnings=True)
    if minutes_ago:
        then = timezone.now() - timedelta(minutes=minutes_ago)
        Event.objects.filter(pk=event).update(closed_at=then)
        Declaration.objects.filter(event=event).update(closed_at=then)


def seal(event: str) -> dict:
    """The event's one paper, made and sealed by the worker of the server, as soon as it is there."""
    from declarations.sealing import seal_declaration

    document = seal_declaration(declaration=Declaration.objects.get(event=event), by=by())
    until = time.monotonic() + 180
    while not document.is_sealed and time.monotonic() < until:
        time.sleep(0.2)
        document.refresh_from_db()
    return {"sha256": document.sha256, "verify_path": document.verify_path}


def change_device(event: str, deed: str, label: str = "Meja 1") -> None:
    from events import devices

    device = Device.objects.get(event=event, label=label)
    {"drain": devices.drain_device, "cut_off": devices.cut_off_device}[deed](
        device=device, by=by(), reason="Uji"
    )


def staff_pin(event: str) -> str:
    from events.desks import desk_of

    return desk_of(event=Event.objects.get(pk=event), by=by()).staff_pin


def hall_of(code: str) -> dict:
    """What the MC's screen has brought about at this event."""
    event = Event.objects.get(code=code)
    return {
        "event": event.state,
        "items": [
            {"title": item.title, "started_at": _iso(item.started_at), "ended_at": _iso(item.ended_at)}
            for item in event.agenda.all()
        ],
        "papers": [
            {
                "id": str(paper.pk),
                "state": paper.state,
                "read_at": _iso(paper.read_at),
                "read_by": paper.read_by_name,
                "followed": paper.read_followed_by_all,
            }
            for paper in event.declarations.all()
        ],
        "taps": event.taps.count(),
        "audit_whole": audit.verify_stream(event.audit_stream).is_whole,
    }


def _iso(moment) -> str:
    return moment.isoformat() if moment else ""


def sign_some(paper: str, count: int, last: bool = False) -> list[str]:
    """The next people of the list sign (with ``last`` those at its end); their names."""
    from tests.declarations import day

    declaration = Declaration.objects.get(pk=paper)
    waiting = [row for row in day.rows(declaration) if row.outcome == Signatory.Outcome.PENDING]
    chosen = waiting[-count:] if last else waiting[:count]
    day.hand_in(declaration, *[day.record(row, seed) for seed, row in enumerate(chosen, 1)], by=by())
    return [row.name for row in chosen]


def doubts(event: str) -> dict:
    """Something of each kind for *Perlu ditinjau*: the first has refused and then signed, the second was taken off the
    list before signing, and one page sent what is no record. Their names."""
    from tests.declarations import day

    paper = Declaration.objects.get(event=event)
    first, second = day.rows(paper)[:2]
    day.hand_in(paper, day.refusal(first), day.record(first, 1), by=by())
    withdraw(str(second.attendee_id))
    day.hand_in(paper, day.record(second, 2), b"bukan catatan", by=by())
    return {"double": first.name, "removed": second.name}


def decisions_of(event: str) -> dict:
    """What staff have decided, as the log and the records say, oldest first."""
    found = Event.objects.get(pk=event)
    entries = AuditEntry.objects.filter(stream=found.audit_stream).order_by("seq")
    decided = entries.filter(verb__in=["signature.reviewed", "inbox.settled"])
    outcomes = Signatory.objects.filter(declaration__event=event).current().exclude(outcome="pending")
    return {
        "log": [[entry.verb, entry.facts.get("decision", ""), entry.facts["reason"]] for entry in decided],
        "by": sorted(set(decided.values_list("actor_label", flat=True))),
        "outcomes": dict(outcomes.values_list("name", "outcome")),
        "audit_whole": audit.verify_stream(found.audit_stream).is_whole,
    }


def access_world() -> dict:
    """The world of tests/test_access.py, with the address of every page that the matrix opens to each of three people.

    What the organizer may open is theirs; the others get what is left for them.
    """
    from django.urls import reverse

    from tests.access_matrix import OK, ROWS
    from tests.accounts.factories import PASSWORD
    from tests.test_access import arguments, everybody, everything

    people = everybody()
    things = everything(people)
    pages: dict = {"organizer": [], "supervisor": [], "administrator": []}
    for name, row in ROWS.items():
        who = next((person for person in pages if row.get and row.get[person] == OK), None)
        if who:
            pages[who].append([name, reverse(name, args=arguments(name, things))])
    logins = {person: people[person].email for person in pages}
    return {"pages": pages, "logins": logins, "password": PASSWORD}


if __name__ == "__main__":
    _, function, arguments = sys.argv
    json.dump(globals()[function](**json.loads(arguments)), sys.stdout)
