"""The way from an idea to a scheduled event, as the bar above the pages of a draft shows it.

Each step is a page that exists anyway; the draft itself is what was done so far, so it can be left and taken up again.
Rooms above add their own steps.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q
from django.urls import reverse

from .models import AgendaItem, Attendee, Event, EventPerson, EventSite


class PlanStep(NamedTuple):
    """``done`` is a condition over an event; ``sections`` are the pages on which the step is the current one."""

    name: str
    label: str
    place: int
    url: Callable[[Event], str]
    done: Any
    sections: tuple[str, ...] = ()
    is_optional: bool = False


class Shown(NamedTuple):
    """One step of one event."""

    step: PlanStep
    url: str
    is_done: bool


STEPS: list[PlanStep] = []


def register(step: PlanStep) -> None:
    """Once per name; ``place`` says where it stands."""
    if all(known.name != step.name for known in STEPS):
        STEPS.append(step)
        STEPS.sort(key=lambda known: known.place)


def rows_of(model, **lookup) -> Exists:
    """The condition that the event has such a row."""
    return Exists(model.objects.filter(event=OuterRef("pk"), **lookup))


def progress(event: Event) -> list[Shown]:
    """All steps with what is done, in one query."""
    conditions = {f"has_{step.name}": _condition(step.done) for step in STEPS}
    done = Event.objects.filter(pk=event.pk).order_by().annotate(**conditions).values(*conditions).get()
    return [Shown(step, step.url(event), bool(done[f"has_{step.name}"])) for step in STEPS]


def next_of(shown: list[Shown], section: str = "") -> Shown | None:
    """Where to go from the page of ``section``: the next thing that is missing, then those before it."""
    here = max((n for n, each in enumerate(shown) if section in each.step.sections), default=-1)
    missing = [each for each in (*shown[here + 1 :], *shown[: here + 1]) if not each.is_done]
    return next((each for each in missing if not each.step.is_optional), None)


def todo_of(event: Event) -> str:
    """Address of the first thing a draft lacks; the event itself when nothing is missing."""
    found = next_of(progress(event))
    return found.url if found else event.get_absolute_url()


def _condition(done):
    return ExpressionWrapper(done, BooleanField()) if isinstance(done, Q) else done


def _page(name: str, anchor: str = "") -> Callable[[Event], str]:
    return lambda event: reverse(f"events:{name}", args=[event.code]) + anchor


HAS_PLACE = ~Q(venue="") | ~Q(meeting_link="") | rows_of(EventSite)

for _step in (
    PlanStep(
        "what",
        "Kegiatan",
        10,
        _page("edit", "#kegiatan"),
        Exists(Event.elections.through.objects.filter(event=OuterRef("pk"))),
        ("edit",),
    ),
    PlanStep("when", "Waktu", 20, _page("edit", "#waktu"), Q(starts_at__isnull=False), ("edit",)),
    PlanStep("where", "Tempat", 30, _page("edit", "#tempat"), HAS_PLACE, ("edit", "sites")),
    PlanStep("agenda", "Susunan acara", 40, _page("agenda"), rows_of(AgendaItem), ("agenda",)),
    PlanStep("people", "Petugas", 50, _page("people"), rows_of(EventPerson), ("people",), is_optional=True),
    PlanStep(
        "attendees",
        "Peserta",
        60,
        _page("attendees"),
        rows_of(Attendee, withdrawn_at=None) | Q(open_invitation=True),
        ("attendees",),
    ),
):
    register(_step)
