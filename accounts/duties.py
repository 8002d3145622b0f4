"""*Yang perlu Anda kerjakan*: what waits for a person now. Nothing of it is stored; rooms register what they know.

A source is asked whenever somebody opens the home page or their count is renewed, so it costs one or two queries, none
at all for who lacks the right, and the same number for one row and for a thousand.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils import timezone

from regions.wording import long_date_no_day

from .models import Membership, Office
from .models.offices import ENDS_SOON
from .roles import Permission, roles_with
from .scope import active_memberships

TONES = ("danger", "waiting", "active", "muted")  # what burns stands first
LABELS = {
    "danger": "Segera",
    "waiting": "Perlu dikerjakan",
    "active": "Berlangsung",
    "muted": "Dapat dilanjutkan",
}
TERM_WARNING = timedelta(days=ENDS_SOON)


class Duty(NamedTuple):
    """One line: what to do (``text``), where (``url``), for what (``about``: an event, an office) and how urgent.

    ``since`` orders lines of one tone, the oldest first; a date, a moment or nothing. No personal data of attendees.
    """

    text: str
    url: str
    tone: str = "waiting"
    since: date | datetime | None = None
    about: str = ""

    @property
    def label(self) -> str:
        return LABELS[self.tone]


Source = Callable[[Any], Iterable[Duty]]
SOURCES: list[Source] = []


def register(source: Source) -> Source:
    """Ask ``source(user)`` too; rooms above register in AppConfig.ready(), once."""
    if source not in SOURCES:
        SOURCES.append(source)
    return source


def duties_of(user) -> list[Duty]:
    """Everything that waits for the user, what burns first, then the oldest."""
    found = [duty for source in SOURCES for duty in source(user)]
    return sorted(found, key=lambda duty: (TONES.index(duty.tone), _day(duty.since)))


def holds(user, permission: Permission) -> bool:
    """Does some role of the user carry the right somewhere? Asks the database nothing new."""
    if user.is_superuser:
        return True
    roles = roles_with(permission)
    return any(membership.role in roles for membership in active_memberships(user))


def _day(since: date | datetime | None) -> date:
    if since is None:
        return date.max
    return timezone.localtime(since).date() if isinstance(since, datetime) else since


def own_term_ends(user) -> Iterator[Duty]:
    """The user's own role ends within a month; no query."""
    today = timezone.localdate()
    for membership in active_memberships(user):
        last = membership.last_day
        if last and last - today <= TERM_WARNING:
            role = membership.get_role_display()
            text = f"Penugasan Anda sebagai {role} berakhir {long_date_no_day(last)}"
            url = reverse("accounts:office_detail", args=[membership.office_id])
            yield Duty(text, url, "waiting", last, membership.office.name)


def terms_end(user) -> Iterator[Duty]:
    """For who manages accounts: people whose role ends within a month, one line per office."""
    if not holds(user, Permission.USER_MANAGE):
        return
    today = timezone.localdate()
    ending = (
        Membership.objects.visible_to(user, Permission.USER_MANAGE)
        .active(today)
        .ending_by(today + TERM_WARNING)
        .exclude(user=user)
        .select_related("office")
        .order_by("office_id")[:500]
    )
    by_office: dict[Office, list[date]] = {}
    for membership in ending:
        by_office.setdefault(membership.office, []).append(membership.last_day)
    for office, days in by_office.items():
        text = f"{len(days)} penugasan berakhir dalam 30 hari, paling dekat {long_date_no_day(min(days))}"
        url = reverse("accounts:office_detail", args=[office.pk]) + "#staf"
        yield Duty(text, url, "waiting", min(days), office.name)


for _source in (own_term_ends, terms_end):
    register(_source)
