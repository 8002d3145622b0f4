"""May this request have this event? Asked by every page and by the rooms above (EVENTS §8)."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from accounts.access import Answer, get_visible, may, offices_where, require
from accounts.refusals import Refusal
from accounts.roles import Permission, Role, roles_with
from accounts.scope import active_memberships, covers

from .locking import NOT_EDITABLE, TEMPLATE
from .models import Event

READING = {"GET", "HEAD", "OPTIONS"}
NOT_ASSIGNED = "Anda belum ditugaskan sebagai operator kegiatan ini. Hubungi penyelenggara."
NO_EVENTS = "Peran Anda tidak mencakup hak melihat kegiatan. Hubungi administrator kantor."
NO_PLANNING = "Peran Anda tidak mencakup hak merencanakan kegiatan. Hubungi administrator kantor."


def get_event(
    request: HttpRequest,
    code: str,
    permission: Permission,
    *,
    even_archived: bool = False,
    even_template: bool = False,
) -> Event:
    """The event with office and region.

    404 for an unknown code and for one of a foreign region alike; PermissionDenied with the reason where the right is
    missing; Refusal for every method that writes to an archived event. ``even_archived`` is for the few deeds that
    change nothing of it: what a tablet still holds is taken in at any time. ``even_template`` is for the pages that plan:
    everything else is refused for a template, which is never held.
    """
    event = get_visible(_in_full(Event.objects.all()), request.user, code=code)
    answer = may_in_event(request.user, permission, event)
    if not answer.allowed:
        raise PermissionDenied(answer.reason)
    if event.is_archived and not even_archived and request.method not in READING:
        raise Refusal(NOT_EDITABLE[Event.State.ARCHIVED])
    if event.is_template and not even_template:
        raise Refusal(TEMPLATE)
    return event


def get_template(request: HttpRequest, code: str) -> Event:
    """A template of an office the user's memberships reach, or of one above: to read and to start from. Otherwise 404."""
    found = _in_full(Event.objects.templates_for(request.user)).filter(code=code).first()
    if found is None:
        raise Http404("Tidak ditemukan.")
    require_seeing(request.user)
    return found


def get_source(request: HttpRequest, code: str) -> Event:
    """What a new event may start from: a template as above, or an event the user may see.

    404 as everywhere; PermissionDenied for who may plan nowhere.
    """
    source = _in_full(Event.objects.templates_for(request.user)).filter(code=code).first()
    if source is None:
        source = get_visible(_in_full(Event.objects.plans()), request.user, code=code)
        require(request.user, Permission.EVENT_VIEW, source.office)
    planning_offices(request.user)
    return source


def get_of_event(queryset, **lookup):
    """A row of the event (``event.attendees``, pk=…) or 404."""
    found = queryset.filter(**lookup).first()
    if found is None:
        raise Http404("Tidak ditemukan.")
    return found


def may_in_event(user, permission: Permission, event: Event) -> Answer:
    """The role says what; an operator also needs to be assigned for running this event."""
    answer = may(user, permission, event.office)
    if not answer.allowed or permission != Permission.EVENT_RUN or not _is_operator_only(user, event):
        return answer
    if event.operators.filter(pk=user.pk).exists():
        return answer
    return Answer(False, NOT_ASSIGNED)


def may_edit(user, event: Event) -> Answer:
    """May they change the plan, and may it still be changed? For buttons shown disabled with the reason."""
    answer = may_in_event(user, Permission.EVENT_PLAN, event)
    if answer.allowed and not event.is_editable:
        return Answer(False, NOT_EDITABLE[event.state])
    return answer


def visible_events(user):
    """Events for a list; PermissionDenied when no role of the user may see any."""
    require_seeing(user)
    return Event.objects.visible_to(user, Permission.EVENT_VIEW)


def require_seeing(user) -> None:
    """PermissionDenied when no role of the user may see events anywhere."""
    if not offices_where(user, Permission.EVENT_VIEW).exists():
        raise PermissionDenied(NO_EVENTS)


def planning_offices(user):
    """Offices for which the user may plan; PermissionDenied when there is none."""
    offices = offices_where(user, Permission.EVENT_PLAN).select_related("region")
    if not offices.exists():
        raise PermissionDenied(NO_PLANNING)
    return offices


def _in_full(events):
    return events.select_related("office__region", "region__parent__parent__parent")


def _is_operator_only(user, event: Event) -> bool:
    if user.is_superuser:
        return False
    running = roles_with(Permission.EVENT_RUN)
    roles = {m.role for m in active_memberships(user) if m.role in running and covers(m, event.office)}
    return roles == {Role.OPERATOR}
