"""DEEDS: personal links: made for chosen people, shown once, renewed, revoked, opened by a tap (EVENTS.md §4)."""

from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import Max
from django.utils import timezone

from accounts import audit
from accounts.refusals import Refusal
from accounts.writing import writing

from .locking import lock
from .models import Attendee, Event, PersonalLink
from .models.links import digest_of

LINKABLE = (Event.State.SCHEDULED, Event.State.RUNNING)
NOT_LINKABLE = {
    Event.State.DRAFT: "Kegiatan masih draf. Jadwalkan kegiatan sebelum membuat tautan pribadi.",
    Event.State.CLOSED: "Kegiatan sudah selesai. Buka kembali kegiatan untuk membuat tautan pribadi.",
    Event.State.ARCHIVED: "Kegiatan sudah diarsipkan. Tautan pribadi tidak dapat dibuat lagi.",
    Event.State.CANCELLED: "Kegiatan sudah dibatalkan. Tautan pribadi tidak dapat dibuat.",
}
WITHDRAWN = "Peserta ini sudah dikeluarkan dari daftar. Pulihkan dahulu untuk membuat tautannya."


class NewLink(NamedTuple):
    link: PersonalLink
    token: str  # goes into the address; kept nowhere


class PreparedLink(NamedTuple):
    """A new link that does not count yet."""

    link: PersonalLink
    token: str
    replaces: int  # key of the usable one that dies when this one counts


def make_link(*, attendee: Attendee, by) -> NewLink:
    """The first link of one person; Refusal when a usable one exists (renew it) or the person was withdrawn."""
    if attendee.is_withdrawn:
        raise Refusal(WITHDRAWN)
    made = make_links(event=attendee.event, attendees=[attendee], by=by)
    if not made:
        raise Refusal("Peserta ini sudah memiliki tautan. Perbarui tautannya bila alamatnya hilang.")
    return made[0]


def make_links(*, event: Event, attendees: Iterable[Attendee], by) -> list[NewLink]:
    """Links for those of the event who have none; who has one or was withdrawn is left out, so that twice is harmless.

    Effects: one insert; audit ``link.made`` for one, ``link.made_many`` with the people for several. Refused unless
    the event is scheduled or running.
    """
    with writing():
        _lock_linkable(event)
        wanted = [attendee.pk for attendee in attendees]
        linked = PersonalLink.objects.usable().filter(attendee__event=event).values("attendee")
        people = list(event.attendees.expected().filter(pk__in=wanted).exclude(pk__in=linked).in_order())
        made = _insert(people, by)
        _note(made, event, "link.made", by)
    return made


def renew_links(*, event: Event, attendees: Iterable[Attendee], newest: int, by) -> list[NewLink]:
    """A new address for each of them; the old one dies at once.

    Only links with an id up to ``newest`` (the newest one when the page was opened) are renewed: a page that is sent
    twice does not kill what it has just handed out. Audit ``link.renewed`` or ``link.renewed_many``.
    """
    with writing():
        _lock_linkable(event)
        wanted = [attendee.pk for attendee in attendees]
        old = PersonalLink.objects.usable().filter(
            attendee__event=event, attendee__in=wanted, attendee__withdrawn_at=None, pk__lte=newest
        )
        ids = list(old.values_list("attendee", flat=True))
        old.update(revoked_at=timezone.now())
        made = _insert(list(event.attendees.filter(pk__in=ids).in_order()), by)
        _note(made, event, "link.renewed", by)
    return made


def prepare_link(*, attendee: Attendee, by) -> PreparedLink | None:
    """A second address for who has one, written into a letter that nobody has taken yet: it leads nowhere so far.

    None for who has no link. ``put_into_use`` makes it count, ``forget_prepared`` removes it.
    """
    with writing():
        _lock_linkable(attendee.event)
        old = PersonalLink.objects.usable().filter(attendee=attendee, attendee__withdrawn_at=None).first()
        if old is None:
            return None
        token = PersonalLink.new_token()
        link = PersonalLink.objects.create(
            attendee=attendee,
            digest=digest_of(token),
            created_by=audit.user_or_none(by),
            revoked_at=timezone.now(),
        )
    return PreparedLink(link, token, old.pk)


def put_into_use(new: PreparedLink, *, by) -> bool:
    """The letter is on its way: the prepared address counts from now on and the old one dies.

    Audit ``link.renewed``. False, and nothing changes, when the old one was renewed or revoked meanwhile.
    """
    with writing():
        lock(new.link.attendee.event)
        replaced = PersonalLink.objects.usable().filter(pk=new.replaces)
        if not replaced.update(revoked_at=timezone.now()):
            return False
        PersonalLink.objects.filter(pk=new.link.pk).update(revoked_at=None)
        audit.record(by, "link.renewed", new.link.attendee)
    return True


def forget_prepared(new: PreparedLink) -> None:
    """The letter did not go out: its address is gone, the old one was never touched."""
    PersonalLink.objects.filter(pk=new.link.pk).exclude(revoked_at=None).delete()


def revoke_link(*, link: PersonalLink, by) -> PersonalLink:
    """The address leads nowhere any more; a second time changes nothing. Audit ``link.revoked``."""
    with writing():
        lock(link.attendee.event)
        link.refresh_from_db(fields=["revoked_at"])
        if link.revoked_at is None:
            link.revoked_at = timezone.now()
            link.save(update_fields=["revoked_at"])
            audit.record(by, "link.revoked", link.attendee)
    return link


def open_link(*, link: PersonalLink) -> PersonalLink:
    """The person tapped "Buka". Effects at the first tap: ``opened_at``, invitation *dibuka*, audit ``link.opened``.

    A revoked link and one of an archived event stay as they are.
    """
    with writing():
        event = lock(link.attendee.event)
        link.refresh_from_db(fields=["opened_at", "revoked_at"])
        if link.opened_at or link.revoked_at or event.is_archived:
            return link
        link.opened_at = timezone.now()
        link.save(update_fields=["opened_at"])
        unanswered = (Attendee.Invitation.NONE, Attendee.Invitation.SENT)
        Attendee.objects.filter(pk=link.attendee_id, invitation__in=unanswered).update(
            invitation=Attendee.Invitation.OPENED
        )
        if event.state in LINKABLE:  # the page shows time and place as they are now
            Attendee.objects.filter(pk=link.attendee_id).update(
                told_sequence=event.calendar_sequence, told_before=None
            )
        audit.record(link, "link.opened", link.attendee)
    return link


def newest_link(event: Event) -> int:
    """Id of the newest link when a page is made: renewing from that page stops there."""
    return PersonalLink.objects.filter(attendee__event=event).aggregate(newest=Max("pk"))["newest"] or 0


def _lock_linkable(event: Event) -> None:
    lock(event)
    if event.state not in LINKABLE:
        raise Refusal(NOT_LINKABLE[event.state])


def _insert(people: list[Attendee], by) -> list[NewLink]:
    tokens = [PersonalLink.new_token() for _ in people]
    rows = [
        PersonalLink(attendee=attendee, digest=digest_of(token), created_by=audit.user_or_none(by))
        for attendee, token in zip(people, tokens, strict=True)
    ]
    PersonalLink.objects.bulk_create(rows, batch_size=500)
    return [NewLink(row, token) for row, token in zip(rows, tokens, strict=True)]


def _note(made: list[NewLink], event: Event, verb: str, by) -> None:
    """One line of the log, however many there are; never an address."""
    if len(made) == 1:
        audit.record(by, verb, made[0].link.attendee)
    elif made:
        people = [new.link.attendee_id for new in made]
        audit.record(by, f"{verb}_many", event, count=len(made), attendees=people)
