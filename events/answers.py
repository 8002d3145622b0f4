"""DEEDS: what invited people were told and what they answered: sent, taken back, coming, represented, excused (EVENTS.md §4).

An answer may come by the own personal page or be written down by staff (telephone); it may change until the event runs.
A representative takes the place on the list and acts on behalf of who was invited; that person waits in
``Representation`` and comes back with another answer.
"""

import json
from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import Case, F, QuerySet, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts import audit
from accounts.refusals import Refusal
from accounts.writing import writing

from . import calendar_entry
from .locking import fresh, lock
from .models import Attendee, Event, Representation
from .people import name_problem
from .rows import UNREADABLE, check, fill, save_changes, state_of

Invitation = Attendee.Invitation
ANSWERS = (Invitation.COMING, Invitation.REPRESENTED, Invitation.EXCUSED)
UNANSWERED = (Invitation.NONE, Invitation.SENT, Invitation.OPENED)
# What belongs to a person and not to the seat; without titles, number and rank a representative starts empty.
PERSONAL = (
    "title_prefix",
    "full_name",
    "title_suffix",
    "rank",
    "position",
    "identity_kind",
    "identity_number",
    "identity_index",
    "identity_masked",
    "identity_opening",
    "on_behalf_of_name",
    "on_behalf_of_position",
    "letter_no",
)
LOGGED = ("full_name", "position", "on_behalf_of_name", "on_behalf_of_position", "letter_no", "invitation")

TOO_EARLY = "Kegiatan masih draf. Jawaban dicatat setelah kegiatan dijadwalkan."
TOO_LATE = "Kegiatan sudah dimulai, sehingga jawaban tidak dapat diubah lagi. Sampaikan kepada petugas di tempat kegiatan."
CANCELLED = "Kegiatan dibatalkan. Jawaban tidak diperlukan lagi."
WITHDRAWN = "Nama ini sudah dikeluarkan dari daftar peserta."
UNKNOWN = "Pilih salah satu jawaban: hadir, diwakili, atau berhalangan."
NAME_NEEDED = "Tuliskan nama yang mewakili."
MAY_TELL = (Event.State.SCHEDULED, Event.State.RUNNING, Event.State.CANCELLED)
NOBODY_TO_TELL = "Undangan hanya dapat ditandai pada kegiatan yang sudah dijadwalkan."


class StandIn(NamedTuple):
    """Who comes instead."""

    name: str
    position: str = ""
    letter_no: str = ""


def answer_invitation(*, attendee: Attendee, answer: str, by, stand_in: StandIn | None = None) -> Attendee:
    """Note the answer of one person; with *diwakili* the representative takes the place on the list.

    Effects in order: another representative or answer puts back who was invited; the representative is written down;
    state and what the person knows of the calendar entry; audit ``invitation.answered``. The same answer again changes
    nothing. Refused before the event is scheduled and from its start on.
    """
    if answer not in ANSWERS:
        raise Refusal(UNKNOWN)
    with writing():
        _open_for_answers(lock(attendee.event))
        fresh(attendee)
        if attendee.is_withdrawn:
            raise Refusal(WITHDRAWN)
        before = state_of(attendee, LOGGED)
        invited = _put_back(attendee)
        if answer == Invitation.REPRESENTED:
            _stand_in(attendee, stand_in or StandIn(""), invited)
        attendee.invitation = answer
        attendee.told_sequence, attendee.told_before = calendar_entry.sequence_of(attendee.event), None
        check(attendee)
        _save(attendee)
        facts = audit.diff(before, state_of(attendee, LOGGED))
        if facts:
            audit.record(by, "invitation.answered", attendee, **facts)
    return attendee


def mark_told(*, event: Event, attendees: Iterable[Attendee], by, channel: str) -> int:
    """They have just been told the invitation or its newest change; how many did not know it yet.

    Effects: *belum* becomes *terkirim*, everybody knows the newest entry; audit ``invitation.told`` for one,
    ``invitation.told_many`` for several. ``channel`` is a word for the log ("WhatsApp").
    """
    with writing():
        if lock(event).state not in MAY_TELL:
            raise Refusal(NOBODY_TO_TELL)
        wanted = [attendee.pk for attendee in attendees]
        people = list(event.attendees.expected().filter(pk__in=wanted))
        now = calendar_entry.sequence_of(event)
        new = [
            person for person in people if person.told_sequence != now or person.invitation == Invitation.NONE
        ]
        ids = [person.pk for person in new]
        tell(event.attendees.filter(pk__in=ids), now)
        if len(new) == 1:
            audit.record(by, "invitation.told", new[0], channel=channel)
        elif new:
            audit.record(by, "invitation.told_many", event, count=len(new), channel=channel, attendees=ids)
    return len(new)


def tell(people: QuerySet[Attendee], sequence: int) -> None:
    """They know the entry of this number; what they knew before is kept for taking the mark back."""
    known = Case(When(invitation=Invitation.NONE, then=None), default=Coalesce(F("told_sequence"), 0))
    people.exclude(told_sequence=sequence).update(told_before=known, told_sequence=sequence)
    people.filter(invitation=Invitation.NONE).update(invitation=Invitation.SENT)


def take_back_told(*, attendee: Attendee, by) -> Attendee:
    """It was not sent after all: what the person was told before counts again, *terkirim* of nobody told becomes *belum*.

    Who opened or answered knows the entry by that and stays as they are. Audit ``invitation.untold``.
    """
    with writing():
        if lock(attendee.event).state not in MAY_TELL:
            raise Refusal(NOBODY_TO_TELL)
        fresh(attendee)
        known = state_of(attendee, ("invitation", "told_sequence", "told_before"))
        if attendee.told_before is not None:
            attendee.told_sequence = attendee.told_before
        elif attendee.invitation == Invitation.SENT:
            attendee.invitation, attendee.told_sequence = Invitation.NONE, None
        attendee.told_before = None
        if save_changes(attendee, known):
            audit.record(by, "invitation.untold", attendee)
    return attendee


def may_answer(event: Event) -> bool:
    return event.state == Event.State.SCHEDULED


def invited_person(attendee: Attendee) -> str:
    """Who was invited, while a representative stands on the list; else the name on the list."""
    if attendee.is_representative:
        return attendee.on_behalf_of_name or attendee.on_behalf_of_position
    return attendee.label


def _open_for_answers(event: Event) -> None:
    if event.state == Event.State.DRAFT:
        raise Refusal(TOO_EARLY)
    if event.state == Event.State.CANCELLED:
        raise Refusal(CANCELLED)
    if not may_answer(event):
        raise Refusal(TOO_LATE)


def _put_back(attendee: Attendee) -> dict[str, str | None]:
    """Set the invited person's own fields again; returns what has to wait if another representative comes."""
    kept = Representation.objects.filter(attendee=attendee).first()
    if kept is None:
        return {name: getattr(attendee, name) for name in PERSONAL}
    invited = json.loads(kept.original)
    kept.delete()
    for name in PERSONAL:
        setattr(attendee, name, invited[name])
    return invited


def _stand_in(attendee: Attendee, stand_in: StandIn, invited: dict) -> None:
    """The seat of the invited person under another name: without their titles, rank and number."""
    for name in PERSONAL:
        setattr(attendee, name, None if name == "identity_opening" else "")
    words = {"full_name": stand_in.name, "position": stand_in.position, "letter_no": stand_in.letter_no}
    fill(attendee, words, tuple(words))
    if not attendee.full_name:
        raise Refusal(UNREADABLE, issues=[NAME_NEEDED])
    if problem := name_problem(attendee.full_name):
        raise Refusal(UNREADABLE, issues=[problem])
    was = Attendee(**{name: invited[name] for name in ("title_prefix", "full_name", "title_suffix")})
    name = was.printed_name if len(was.printed_name) <= 120 else was.full_name
    # Who already stood for somebody else hands that seat on.
    attendee.on_behalf_of_name = invited["on_behalf_of_name"] or name
    attendee.on_behalf_of_position = invited["on_behalf_of_position"] or invited["position"]
    Representation.objects.create(
        attendee=attendee, event=attendee.event, original=json.dumps(invited), named_at=timezone.now()
    )


def _save(attendee: Attendee) -> None:
    attendee.save(update_fields=[*PERSONAL, "invitation", "told_sequence", "told_before"])
