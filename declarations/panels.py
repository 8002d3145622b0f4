"""The panel "Naskah" on the page of an event."""

from events.panels import register

from .access import may_add


def papers_of_event(request, event) -> dict:
    papers = event.declarations.with_counts().select_related("text_version__pledge_text")
    return {"papers": list(papers), "may_add": may_add(request.user, event)}


def register_all() -> None:
    register("naskah", "declarations/_panel.html", papers_of_event)
