"""What signing asks of people now: to decide what tablets sent, to seal, to approve a text, to wake a tablet."""

from collections.abc import Iterator

from django.db.models import Count, F, Q
from django.urls import reverse

from accounts.duties import Duty, holds
from accounts.roles import Permission
from events.models import Device, Event

from .models import Declaration, InboxItem, KioskItem, Signature, TextVersion

MOST = 100  # lines of one kind


def records_wait_for_review(user) -> Iterator[Duty]:
    """One line per event with something under *Perlu ditinjau*, in one query."""
    if not holds(user, Permission.SIGNATURE_REVIEW):
        return
    events = Event.objects.visible_to(user, Permission.SIGNATURE_REVIEW).exclude(state=Event.State.ARCHIVED)
    waiting: dict[tuple[str, str], int] = {}
    for code, title, count in _undecided(events.order_by().values("pk")):
        waiting[code, title] = waiting.get((code, title), 0) + count
    for (code, title), count in list(waiting.items())[:MOST]:
        url = reverse("declarations:event_review", args=[code])
        yield Duty(f"{count} data perlu ditinjau", url, "danger", None, title)


def _undecided(events):
    """(code, title, count) of each event and each place where something may wait."""
    signatures = Signature.objects.to_review().filter(declaration__event__in=events)
    bodies = InboxItem.objects.filter(resolved_at=None, declaration__event__in=events)
    items = KioskItem.objects.undecided().filter(event__in=events)
    parts = [
        _counted(rows, path)
        for rows, path in (
            (signatures, "declaration__event"),
            (bodies, "declaration__event"),
            (items, "event"),
        )
    ]
    return parts[0].union(*parts[1:], all=True)


def _counted(rows, path: str):
    return rows.order_by().values_list(f"{path}__code", f"{path}__title").annotate(waiting=Count("pk"))


def papers_wait_for_seal(user) -> Iterator[Duty]:
    if not holds(user, Permission.DECLARATION_SEAL):
        return
    papers = (
        Declaration.objects.visible_to(user, Permission.DECLARATION_SEAL)
        .filter(state=Declaration.State.CLOSED)
        .exclude(event__state=Event.State.ARCHIVED)
        .select_related("event", "text_version")
        .order_by("closed_at")[:MOST]
    )
    for paper in papers:
        text = f"Segel {paper.title}"
        yield Duty(text, paper.get_absolute_url(), "waiting", paper.closed_at, paper.event.title)


def texts_wait_for_approval(user) -> Iterator[Duty]:
    """For supervisors: texts that offices of their region have published."""
    if not holds(user, Permission.TEXT_APPROVE):
        return
    versions = (
        TextVersion.objects.visible_to(user, Permission.TEXT_APPROVE)
        .filter(state=TextVersion.State.PUBLISHED)
        .exclude(pledge_text__office=None)
        .select_related("pledge_text__office")
        .order_by("published_at")[:MOST]
    )
    for version in versions:
        text = f"Setujui naskah {version.title}"
        url = reverse("declarations:version_approve", args=[version.pk])
        yield Duty(text, url, "waiting", version.published_at, version.office.name)


def tablets_hold_records(user) -> Iterator[Duty]:
    """Tablets of events that are over and still hold what people signed; one line per event, one query."""
    if not holds(user, Permission.EVENT_RUN):
        return
    beyond = Q(items__seq__gte=F("chain_seq"), items__seq__lt=F("heartbeat__next_seq"))
    devices = (
        Device.objects.visible_to(user, Permission.EVENT_RUN)
        .in_use()
        .filter(retired_at=None, heartbeat__pending__gt=0, event__state=Event.State.CLOSED)
        .annotate(here=Count("items__seq", filter=beyond, distinct=True))
        .select_related("event", "heartbeat")
        .order_by("event__closed_at")[:MOST]
    )
    waiting: dict[Event, int] = {}
    for device in devices:
        missing = device.heartbeat.next_seq - device.chain_seq - device.here
        waiting[device.event] = waiting.get(device.event, 0) + max(0, min(device.heartbeat.pending, missing))
    for event, count in waiting.items():
        if count:
            text = f"{count} catatan masih di tablet: nyalakan tabletnya dan hubungkan ke jaringan"
            url = reverse("declarations:tablets", args=[event.code])
            yield Duty(text, url, "danger", event.closed_at, event.title)


SOURCES = (records_wait_for_review, papers_wait_for_seal, texts_wait_for_approval, tablets_hold_records)
