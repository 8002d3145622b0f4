"""How the day stands per *unsur*: invited, present, signed, refused, to be looked at (KIOSK.md §12). A fixed number of queries."""

from dataclasses import dataclass

from django.db.models import Count, Q

from events.models import Attendee, Event
from events.models.attendees import CATEGORY_GROUPS, GROUP_OF

from .models import InboxItem, KioskItem, Signatory, Signature

UNKNOWN = "tidak_dikenal"


@dataclass
class Line:
    label: str
    invited: int = 0
    present: int = 0
    signed: int = 0
    refused: int = 0
    review: int = 0

    @property
    def is_empty(self) -> bool:
        return not (self.invited or self.present or self.signed or self.refused or self.review)

    @property
    def share(self) -> int:
        """Percent of those invited or present who have signed, for the bar."""
        whole = max(self.invited, self.present, self.signed)
        return round(100 * self.signed / whole) if whole else 0


@dataclass
class Totals:
    lines: list[Line]
    sum: Line


def totals_of(event: Event) -> Totals:
    """Only groups that occur, in the order of the lists; people are counted once, however many papers they sign."""
    lines = {key: Line(label) for key, (label, _) in CATEGORY_GROUPS.items()}
    lines[UNKNOWN] = Line("Belum dikenali")
    _count_people(event, lines)
    _count_outcomes(event, lines)
    _count_questions(event, lines)
    shown = [line for line in lines.values() if not line.is_empty]
    names = ("invited", "present", "signed", "refused", "review")
    return Totals(
        shown, Line("Jumlah", **{name: sum(getattr(line, name) for line in shown) for name in names})
    )


def _count_people(event: Event, lines: dict[str, Line]) -> None:
    rows = event.attendees.expected().order_by().values("category")
    invited = ~Q(source=Attendee.Source.WALK_IN)
    for row in rows.annotate(
        invited=Count("pk", filter=invited), present=Count("pk", filter=Q(first_seen_at__isnull=False))
    ):
        line = lines[GROUP_OF.get(row["category"], "lainnya")]
        line.invited += row["invited"]
        line.present += row["present"]


def _count_outcomes(event: Event, lines: dict[str, Line]) -> None:
    Outcome = Signatory.Outcome
    rows = Signatory.objects.current().filter(declaration__event=event).order_by().values("category")
    for row in rows.annotate(
        signed=Count("attendee", distinct=True, filter=Q(outcome=Outcome.SIGNED)),
        refused=Count("attendee", distinct=True, filter=Q(outcome=Outcome.REFUSED)),
    ):
        line = lines[GROUP_OF.get(row["category"], "lainnya")]
        line.signed += row["signed"]
        line.refused += row["refused"]


def _count_questions(event: Event, lines: dict[str, Line]) -> None:
    """What waits under *Perlu ditinjau*: by the person where one is known."""
    waiting = Signature.objects.to_review().filter(declaration__event=event).order_by()
    for row in waiting.values("signatory", "signatory__category"):
        known = row["signatory"] is not None
        lines[GROUP_OF.get(row["signatory__category"], "lainnya") if known else UNKNOWN].review += 1
    unread = KioskItem.objects.open_questions(event.pk)
    bodies = InboxItem.objects.filter(declaration__event=event, resolved_at=None)
    lines[UNKNOWN].review += unread.count() + bodies.count()
