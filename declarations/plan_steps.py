"""The steps "Naskah" and "Tablet" in the bar above the pages of a draft."""

from django.db.models import Q
from django.urls import reverse

from events.models import Device, Event, PairingCode
from events.plan_steps import PlanStep, register, rows_of

from .models import Declaration


def papers_url(event: Event) -> str:
    """The list of papers on the event's page; without any, the form that adds the first."""
    if event.declarations.exists():
        return f"{event.get_absolute_url()}#naskah"
    return reverse("declarations:declaration_add", args=[event.code])


def tablets_url(event: Event) -> str:
    return reverse("declarations:tablets", args=[event.code])


def register_all() -> None:
    """Called once by the app."""
    tablets = rows_of(Device) | Q(rows_of(PairingCode))
    register(PlanStep("papers", "Naskah", 70, papers_url, rows_of(Declaration), ("papers_add",)))
    register(PlanStep("tablets", "Tablet", 80, tablets_url, tablets, ("tablets",), is_optional=True))
