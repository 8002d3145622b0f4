"""Dokumentasi foto: the photos of an event with caption, time and hash; other papers print the same pages of photos."""

from documents.papers import Picture
from regions.wording import clock_with_zone, long_date_no_day

from . import paper_kinds
from .letter_parts import hours_of, missing_occasion, missing_signers, office_signers, signed_at
from .models import Event, EventPhoto
from .paper_snapshot import PrintSettings

KIND = "dokumentasi"
MOST_PRINTED = 60
TOO_MANY = f"Paling banyak {MOST_PRINTED} foto dapat dicetak. Hilangkan centang pada foto yang tidak perlu."


def printed_photos(event: Event):
    return event.photos.filter(is_printed=True)


def missing_captions(event: Event) -> list[str]:
    """What stands against printing the photos; [] also for an event without any."""
    photos = printed_photos(event)
    bare = photos.filter(caption="").count()
    issues = [f"{bare} foto belum diberi keterangan."] if bare else []
    return issues + ([TOO_MANY] if photos.count() > MOST_PRINTED else [])


def needs(event: Event) -> list[str]:
    issues = missing_occasion(event) + missing_signers(event) + missing_captions(event)
    if not printed_photos(event).exists():
        issues.append("Belum ada foto yang dipilih untuk dicetak.")
    return issues


def photo_rows(event: Event) -> list[dict]:
    """The photos as a paper freezes them: [{sha256, file, caption, time?, original}]."""
    return [_row(photo, event) for photo in printed_photos(event)[:MOST_PRINTED]]


def newest_photo(event: Event) -> str:
    """For ``as_of``."""
    moments = printed_photos(event).order_by("-changed_at").values_list("changed_at", flat=True)
    return moments[0].isoformat() if moments else ""


def pictures(content: dict) -> tuple[Picture, ...]:
    """What the printer reads: of two photos with the same bytes one is enough."""
    rows = {row["sha256"]: row for row in content.get("photos", [])}
    return tuple(Picture(row["file"], row["sha256"], caption_of(row)) for row in rows.values())


def sources(content: dict) -> list[dict]:
    """What the evidence says of each photo."""
    return [
        {"kind": "foto", "title": caption_of(row), "sha256": row["sha256"]}
        for row in content.get("photos", [])
    ]


def context(content: dict) -> dict:
    """``photo_pairs``: two photos per row, each with its number."""
    rows = [
        row | {"number": number, "caption": caption_of(row), "digest": row["sha256"][:16]}
        for number, row in enumerate(content.get("photos", []), 1)
    ]
    return {"photo_pairs": [rows[start : start + 2] for start in range(0, len(rows), 2)]}


def caption_of(row: dict) -> str:
    """A draft may have photos without caption."""
    return row.get("caption") or "Belum diberi keterangan"


def freeze(event: Event, settings: PrintSettings) -> dict:
    return {
        "title": f"Dokumentasi Foto {event.title}",
        "hours": hours_of(event),
        "photos": photo_rows(event),
        "signers": office_signers(event, settings),
        "signed_at": signed_at(event),
        "as_of": newest_photo(event),
    }


def _row(photo: EventPhoto, event: Event) -> dict:
    return {
        "sha256": photo.print_sha256,
        "file": photo.print_file,
        "caption": photo.caption,
        "time": _time(photo, event),
        "original": photo.sha256,
    }


def _time(photo: EventPhoto, event: Event) -> str:
    """The hour; with its date when it is not the day of the event."""
    if not photo.taken_at:
        return ""
    hour = f"pukul {clock_with_zone(photo.taken_at, event.time_zone)}"
    if photo.taken_at.astimezone(event.zone).date() == event.date:
        return hour
    return f"{long_date_no_day(photo.taken_at, event.time_zone)}, {hour}"


PAPER = paper_kinds.register(
    paper_kinds.EventPaper(
        kind=KIND,
        label="Dokumentasi foto",
        template="photos",
        about="Foto kegiatan dengan keterangan, jam, dan sidik digital; dua foto tiap baris.",
        needs=needs,
        freeze=freeze,
        context=context,
        sources=sources,
        pictures=pictures,
        classification="HM.04",
        order=80,
        links=(("Foto kegiatan", "events:photos"),),
    )
)
