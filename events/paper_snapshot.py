"""Freeze: a paper of an event as it stands now → one canonical object, the only thing its template sees.

Reads the database, never the clock: freezing twice without a change between gives the same bytes.
"""

from dataclasses import asdict, dataclass, field
from datetime import date as Date
from datetime import datetime

from documents.letterhead import letterhead_of, tidy
from regions.wording import date_in_words, long_date, long_date_no_day

from .models import Event, PaperDraft, PaperSettings, PaperWording
from .paper_kinds import EventPaper

SCHEMA = "netralitas-event-snapshot/1"


@dataclass(frozen=True)
class PrintSettings:
    """How the office prints, and what was typed for this paper. ``wording`` holds only blocks the office changed."""

    family: str = "sans"
    identity: str = "none"
    signers: str = "chair"
    foot_line: str = ""
    first_party: str = "right"
    number: str = ""
    date: Date | None = None
    details: dict = field(default_factory=dict)
    wording: dict = field(default_factory=dict)
    draft: bool = False  # a preview: numbers of people stay masked, long lists are cut


def settings_of(event: Event, paper: EventPaper, *, draft: bool = False) -> PrintSettings:
    chosen = PaperSettings.objects.filter(office=event.office).first() or PaperSettings(office=event.office)
    typed = PaperDraft.objects.filter(event=event, kind=paper.kind).select_related("number").first()
    words = PaperWording.objects.filter(office=event.office, kind=paper.kind)
    return PrintSettings(
        family=chosen.family,
        identity="masked" if draft and chosen.identity == "full" else chosen.identity,
        signers=chosen.signers,
        foot_line=chosen.foot_line,
        first_party=chosen.first_party,
        number=typed.number.text if typed and typed.number else "",
        date=typed.date if typed else None,
        details={item.name: item.initial for item in paper.details if item.initial}
        | (typed.details if typed else {}),
        wording=dict(words.values_list("block", "text")),
        draft=draft,
    )


def freeze_paper(event: Event, paper: EventPaper, part: str = "", *, draft: bool = False) -> dict:
    """The snapshot; ValueError when the kind's own content has no title."""
    settings = settings_of(event, paper, draft=draft)
    arguments = (event, settings, part) if paper.parts else (event, settings)
    content = tidy(paper.freeze(*arguments))
    as_of = max(
        filter(None, [event.created_at, _changed_at(event, paper), _moment(content.pop("as_of", ""))])
    )
    public = content.pop("public", {})
    frozen = {
        "schema": SCHEMA,
        "template": f"{paper.template}@{paper.version}",
        "layout": paper.layout,
        "as_of": as_of.replace(microsecond=0).isoformat(),
        "office": letterhead_of(event.office),
        "settings": tidy(
            {
                name: value
                for name, value in asdict(settings).items()
                if name in ("family", "foot_line", "identity")
            }
        ),
        "event": event_entry(event),
        "number": settings.number,
        "date": long_date_no_day(settings.date) if settings.date else "",
        "content": content,
    }
    return frozen | {"public": _public(event, frozen, public)}


def event_entry(event: Event) -> dict:
    """The event in the words that papers use for it; every part may be missing in a draft."""
    start = event.starts_at
    return tidy(
        {
            "code": event.code,
            "title": event.title,
            "long_date": long_date(start, event.time_zone) if start else "",
            "date": long_date_no_day(start, event.time_zone) if start else "",
            "date_in_words": date_in_words(start, event.time_zone) if start else "",
            "time_zone": event.time_zone,
            "venue": venue_of(event),
            "venue_address": event.venue_address,
            "region": event.region.full_name,
        }
    )


def venue_of(event: Event) -> str:
    return ", ".join(part for part in (event.venue_room, event.venue) if part)


def _changed_at(event: Event, paper: EventPaper) -> datetime | None:
    return (
        PaperDraft.objects.filter(event=event, kind=paper.kind).values_list("changed_at", flat=True).first()
    )


def _moment(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _public(event: Event, frozen: dict, more: dict) -> dict:
    """What anybody with the QR code may read: no names."""
    return (
        tidy(
            {
                "title": frozen["content"]["title"],
                "office": event.office.name,
                "number": frozen["number"],
                "event": event.title,
                "place": venue_of(event),
                "date": event.date.isoformat() if event.date else "",
                "time_zone": event.time_zone,
            }
        )
        | more
    )
