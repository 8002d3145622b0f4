"""The texts of a pad as rows: which counts, and how one follows the other. The caller holds the event."""

from datetime import timedelta
from itertools import takewhile

from django.utils import timezone

from accounts.models import User
from accounts.refusals import Refusal
from regions.wording import clock_with_zone

from .models import Event, NoteRevision, PaperDraft

Kind = NoteRevision.Kind
# Where the text of a pad is printed: kind of the paper and its field.
PRINTED = {Kind.MINUTES: ("notula", "discussion"), Kind.PROBLEMS: ("laporan_kegiatan", "problems")}
TOGETHER = timedelta(minutes=5)  # what one page saves within this time is one text of the history
CONFLICT = (
    "{label} sudah diubah {who} pukul {clock}, setelah Anda membukanya. Tulisan Anda belum disimpan dan tidak "
    "hilang: bandingkan dengan teks yang tersimpan, lalu pilih yang dipakai."
)


class NoteConflict(Refusal):
    """Somebody saved meanwhile; ``latest`` is their text."""

    def __init__(self, latest: NoteRevision, event: Event):
        self.latest = latest
        super().__init__(
            CONFLICT.format(
                label=latest.get_kind_display(),
                who=latest.by.full_name if latest.by else "orang lain",
                clock=clock_with_zone(latest.saved_at, event.time_zone),
            )
        )


def kind_of(paper: str, field: str) -> str:
    """Whose text this field of a paper is; "" for every other field."""
    return next((kind.value for kind, place in PRINTED.items() if place == (paper, field)), "")


def latest_of(event: Event, kind: str) -> NoteRevision:
    """The text that counts; number 0 when nothing was saved here yet, with what the paper may say already."""
    found = NoteRevision.objects.of(event, kind).select_related("by").first()
    if found is not None:
        return found
    paper, field = PRINTED[Kind(kind)]
    typed = PaperDraft.objects.filter(event=event, kind=paper).values_list("details", flat=True).first()
    return NoteRevision(event=event, kind=kind, number=0, text=(typed or {}).get(field, ""))


def follow(
    latest: NoteRevision,
    text: str,
    *,
    base: int | None,
    by: User | None,
    writer: str = "",
    apart: bool = False,
) -> tuple[NoteRevision, bool]:
    """(the row that counts now, whether it begins a new text of the history).

    Effects: one row written, unless nothing changed. ``base`` is the number that the writer began from, None where it
    is not known; NoteConflict when somebody else has saved since. What the same open page adds within minutes goes into
    one row, except ``apart``; whatever takes something away begins a row of its own, so that it can be brought back.
    """
    if latest.text == text:
        return latest, False
    own = bool(writer) and latest.writer == writer and latest.by_id == (by.pk if by else None)
    if base is not None and base != latest.number and not own:
        raise NoteConflict(latest, latest.event)
    now = timezone.now()
    goes_on = own and not apart and now - latest.started_at < TOGETHER and _holds(text, latest.text)
    if goes_on:
        latest.text, latest.number, latest.saved_at = text, latest.number + 1, now
        latest.save(update_fields=["text", "number", "saved_at"])
        return latest, False
    row = NoteRevision(
        event=latest.event, kind=latest.kind, number=latest.number + 1, text=text, writer=writer
    )
    row.by, row.started_at, row.saved_at = by, now, now
    row.save(force_insert=True)
    return row, True


def _holds(text: str, earlier: str) -> bool:
    """Is the earlier text still there whole, with something more before, in or after it at one place?"""
    start = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(text, earlier, strict=False)))
    return len(text) >= len(earlier) and text.endswith(earlier[start:])
