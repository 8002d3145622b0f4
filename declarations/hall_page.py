"""What the MC's screen shows: the rundown with planned and real times, the papers and their texts, slide by slide."""

import hashlib
import json

from django.utils import timezone

from events.models import Event
from events.timetable import slots

from .models import Declaration, TextVersion

State = Declaration.State
READERS = ("pembaca_ikrar", "ketua_pengawas", "pembuka_acara", "mc")  # who leads a reading, likeliest first


def page_of(event: Event) -> dict:
    """Everything the page needs to work without network; two queries for the rundown, two for the papers."""
    items = list(event.agenda.select_related("person"))
    papers = _papers(event)
    people = sorted(event.people.all(), key=lambda person: _likelihood(person.role))
    return {
        "slots": slots(event.starts_at, items),
        "papers": [
            {"paper": paper, "slides": slides_of(paper.text_version), **_reader(paper, people)}
            for paper in papers
        ],
        "people": people,
        "state": _state(event, items, papers),
    }


def state_of(event: Event) -> dict:
    """What changes during the day, as JSON: agenda times, readings, papers."""
    return _state(event, list(event.agenda.select_related("person")), _papers(event))


def slides_of(version: TextVersion) -> list[dict]:
    """The text in the pieces the reader sees one after the other: title, opening, each point, closing."""
    points = version.articles
    word = "Pasal" if version.kind == "mou" else "Butir"
    slides = [{"label": "Judul", "number": "", "heading": "", "text": version.title}]
    if version.opening:
        slides.append({"label": "Pembuka", "number": "", "heading": "", "text": version.opening})
    for number, (heading, text) in enumerate(points, 1):
        label = f"{word} {number} dari {len(points)}"
        slides.append({"label": label, "number": str(number), "heading": heading, "text": text})
    if version.closing:
        slides.append({"label": "Penutup", "number": "", "heading": "", "text": version.closing})
    return slides


def _papers(event: Event) -> list[Declaration]:
    return list(
        event.declarations.exclude(state=State.VOID).select_related("text_version__pledge_text").with_counts()
    )


def _likelihood(role: str) -> int:
    return READERS.index(role) if role in READERS else len(READERS)


def _reader(paper: Declaration, people: list) -> dict:
    """Who is proposed: who read it already, else the pembaca ikrar of the event."""
    if paper.read_at:
        return {"reader": paper.read_by_name, "reader_position": paper.read_by_position}
    named = next((person for person in people if person.role == "pembaca_ikrar"), None)
    if named is None:
        return {"reader": "", "reader_position": ""}
    return {"reader": named.printed_name, "reader_position": named.position}


def _state(event: Event, items: list, papers: list[Declaration]) -> dict:
    return {
        "as_of": _iso(timezone.now()),
        "event": event.state,
        "plan": _fingerprint(items, papers),
        "items": [
            {"id": item.pk, "started_at": _iso(item.started_at), "ended_at": _iso(item.ended_at)}
            for item in items
        ],
        "papers": [
            {
                "id": str(paper.pk),
                "state": paper.state,
                "signed": paper.signed_count,
                "expected": paper.expected_count,
                "read_at": _iso(paper.read_at),
                "read_by": paper.read_by_name,
                "read_position": paper.read_by_position,
                "followed": paper.read_followed_by_all,
            }
            for paper in papers
        ],
    }


def _fingerprint(items: list, papers: list[Declaration]) -> str:
    """Differs as soon as the page in the MC's hands no longer says what is planned."""
    plan = [
        [[item.pk, item.title, item.duration, str(item.person or ""), item.notes] for item in items],
        [[str(paper.pk), paper.text_version.sha256 or str(paper.text_version_id)] for paper in papers],
    ]
    return hashlib.sha256(json.dumps(plan).encode()).hexdigest()[:16]


def _iso(moment) -> str:
    return moment.isoformat().replace("+00:00", "Z") if moment else ""
