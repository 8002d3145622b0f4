"""``{% load events %}``: the way from one page of an event to the others."""

from django import template

from accounts.roles import Permission

from ..access import may_edit, may_in_event
from ..models import Event
from ..plan_steps import next_of, progress

register = template.Library()


@register.inclusion_tag("events/_sections.html", takes_context=True)
def event_sections(context, section: str = ""):
    """Tabs of the event in the context; the log is shown disabled, with the reason, to those who may not read it."""
    event = context["event"]
    user = context["request"].user
    log = may_in_event(user, Permission.AUDIT_VIEW, event)
    # Offices below read a template on one page; its parts belong to its own office.
    tabs = not event.is_template or may_in_event(user, Permission.EVENT_PLAN, event).allowed
    run = may_in_event(user, Permission.EVENT_RUN, event)
    return {"event": event, "section": section, "log": log, "run": run, "tabs": tabs}


@register.inclusion_tag("events/_plan_steps.html", takes_context=True)
def plan_steps(context, section: str = ""):
    """The bar above the pages of a draft, for those who plan it: what is done, what comes next."""
    event = context["event"]
    if (
        event.state != Event.State.DRAFT
        or event.is_template
        or not may_edit(context["request"].user, event).allowed
    ):
        return {}
    shown = progress(event)
    here = [each for each in shown if section in each.step.sections]
    return {"event": event, "section": section, "shown": shown, "here": here, "next": next_of(shown, section)}
