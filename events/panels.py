"""Panels that rooms above show on the page of an event."""

from collections.abc import Callable
from typing import NamedTuple

from django.http import HttpRequest
from django.template.loader import render_to_string

from .models import Event

Context = Callable[[HttpRequest, Event], dict | None]


class Panel(NamedTuple):
    name: str
    template: str
    context: Context
    of_templates: bool = False


PANELS: list[Panel] = []


def register(name: str, template: str, context: Context, *, of_templates: bool = False) -> None:
    """Show ``template`` with what ``context(request, event)`` returns; None leaves the panel out. Once per name.

    A panel stands on the page of a template only ``of_templates``: nothing is held there, but something is planned.
    """
    if all(panel.name != name for panel in PANELS):
        PANELS.append(Panel(name, template, context, of_templates))


def rendered(request: HttpRequest, event: Event) -> list[tuple[str, str]]:
    """(name, safe HTML) of each panel that has something to show, in the order of registration."""
    shown = []
    for panel in PANELS:
        if event.is_template and not panel.of_templates:
            continue
        context = panel.context(request, event)
        if context is not None:
            html = render_to_string(panel.template, {"event": event, **context}, request)
            shown.append((panel.name, html))
    return shown
