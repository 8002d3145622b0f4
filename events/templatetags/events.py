"""``{% load events %}``: the way from one page of an event to the others."""

from django import template

from accounts.roles import Permission

from ..access import may_in_event

register = template.Library()


@register.inclusion_tag("events/_sections.html", takes_context=True)
def event_sections(context, section: str = ""):
    """Tabs of the event in the context; the log is shown disabled, with the reason, to those who may not read it."""
    event = context["event"]
    user = context["request"].user
    return {"event": event, "section": section, "log": may_in_event(user, Permission.AUDIT_VIEW, event)}
