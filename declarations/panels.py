"""The panels "Naskah", "Peserta daring", "Tablet", "Layar di ruangan" and the pictures on the page of an event."""

from accounts.roles import Permission
from events.access import may_in_event
from events.models import Event
from events.panels import register

from .access import may_add
from .event_charts import charts_of
from .kiosk import version
from .link_list import totals
from .review import open_questions_of
from .tablet_board import board_of

WITH_TABLETS = (Event.State.SCHEDULED, Event.State.RUNNING, Event.State.CLOSED)


def papers_of_event(request, event) -> dict:
    papers = event.declarations.with_counts().select_related("text_version__pledge_text")
    seeing = may_in_event(request.user, Permission.EVENT_VIEW, event)
    return {"papers": list(papers), "may_add": may_add(request.user, event), "may_open": seeing.allowed}


def review_of_event(request, event) -> dict | None:
    """What waits for a decision, for those who may decide."""
    if not may_in_event(request.user, Permission.SIGNATURE_REVIEW, event).allowed:
        return None
    waiting = open_questions_of(event)
    return {"waiting": waiting} if waiting else None


def links_of_event(request, event) -> dict | None:
    """Where somebody takes part from afar, or links exist already; only for who runs the event."""
    if not may_in_event(request.user, Permission.EVENT_RUN, event).allowed:
        return None
    counted = totals(event)
    if event.mode == "onsite" and not counted["remote"] and not counted["links"]:
        return None
    return {"totals": counted, "is_open": event.state in Event.OPEN_STATES}


def tablets_of_event(request, event) -> dict | None:
    """For those who run the day, from the day it has a date until nothing is left to hand in."""
    if not may_in_event(request.user, Permission.EVENT_RUN, event).allowed:
        return None
    board = board_of(event, app=version())
    if event.state not in WITH_TABLETS and not board.tablets:
        return None
    reviews = may_in_event(request.user, Permission.SIGNATURE_REVIEW, event).allowed
    return {"board": board, "questions": 0 if reviews else open_questions_of(event)}


def screens_of_event(request, event) -> dict | None:
    """The MC's screen and the projector; a template and a cancelled event have no hall."""
    if event.is_template or event.state == Event.State.CANCELLED:
        return None
    return {"may_run": may_in_event(request.user, Permission.EVENT_RUN, event)}


def charts_of_event(request, event) -> dict | None:
    """Pictures of the signatures, once there is one."""
    return charts_of(event)


def register_all() -> None:
    register("naskah", "declarations/_panel.html", papers_of_event, of_templates=True)
    register("tinjau", "declarations/review/_panel.html", review_of_event)
    register("tautan", "declarations/links/_panel.html", links_of_event)
    register("tablet", "declarations/tablets/_panel.html", tablets_of_event)
    register("layar", "declarations/hall/_panel.html", screens_of_event)
    register("gambar", "declarations/charts/_panel.html", charts_of_event)
