"""Pages: the list of events and the event itself."""

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET
from django_tables2 import RequestConfig

from accounts.access import offices_where, require
from accounts.duties import holds
from accounts.log import LogFilterForm, by_day
from accounts.models import AuditEntry
from accounts.roles import Permission
from regions.models import Region

from .. import panels
from ..access import get_event, may_edit, may_in_event, visible_events
from ..filters import EventFilter
from ..models import Event
from ..models.attendees import CATEGORY_GROUPS
from ..steps import next_step, other_steps
from ..tables import EventTable
from ..timetable import slots

PER_PAGE = 25
LOG_PER_PAGE = 50
ATTENDEES = Count("attendees", filter=Q(attendees__withdrawn_at=None))


@require_GET
def events(request):
    visible = visible_events(request.user).plans()
    event_filter = EventFilter(request.GET, queryset=visible)
    table = EventTable(with_attendee_count(event_filter.qs))
    RequestConfig(request, paginate={"per_page": PER_PAGE}).configure(table)
    context = {
        "table": table,
        "filter": event_filter,
        "is_filtered": event_filter.is_filtered,
        "has_events": bool(table.page.paginator.count) or visible.exists(),
        "may_plan": offices_where(request.user, Permission.EVENT_PLAN).exists(),
        "may_receive": holds(request.user, Permission.REPORT_RECEIVE),
        "may_export": offices_where(request.user, Permission.RECAP_VIEW).exists(),
    }
    return render(request, "events/events.html", context)


def with_attendee_count(events):
    return events.select_related("office", "region").annotate(attendee_count=ATTENDEES)


@require_GET
def event(request, code):
    event = get_event(request, code, Permission.EVENT_VIEW, even_template=True)
    if event.is_template:
        return redirect(event)
    step = next_step(event)
    items = list(event.agenda.select_related("person"))
    context = {
        "event": event,
        "section": "event",
        "step": step,
        "step_answer": may_in_event(request.user, step.permission, event) if step else None,
        "issues": step.issues(event) if step else [],
        "other_steps": [
            (other, may_in_event(request.user, other.permission, event)) for other in other_steps(event)
        ],
        "edit": may_edit(request.user, event),
        "may_keep": may_in_event(request.user, Permission.EVENT_PLAN, event),
        "elections": list(event.elections.all()),
        "sites": list(event.sites.select_related("region")),
        "slots": slots(event.starts_at, items),
        "people": list(event.people.all()),
        "operators": list(event.operators.all()),
        "totals": totals(event),
        "panels": panels.rendered(request, event),
    }
    return render(request, "events/event.html", context)


@require_GET
def log(request, code):
    event = get_event(request, code, Permission.EVENT_VIEW, even_template=True)
    require(request.user, Permission.AUDIT_VIEW, event.office)
    form = LogFilterForm(request.GET, entries=AuditEntry.objects.of(event), zone=event.time_zone)
    page = paginated(request, form.found, LOG_PER_PAGE)
    days = by_day(page.object_list, event.time_zone)
    context = {"event": event, "section": "log", "form": form, "page": page, "days": days}
    return render(request, "events/log.html", context)


def paginated(request, rows, size):
    return Paginator(rows, size).get_page(request.GET.get("hal"))


def totals(event: Event) -> dict:
    """Rows of the summary: (label, count) per group that occurs, all together, and Kades against the desa there are."""
    expected = event.attendees.expected()
    nameless = Count("pk", filter=Q(full_name=""))
    found = list(expected.order_by().values("category").annotate(total=Count("pk"), nameless=nameless))
    counts = {row["category"]: row["total"] for row in found}
    rows = []
    for key, (label, categories) in CATEGORY_GROUPS.items():
        if count := sum(counts.get(category, 0) for category in categories):
            rows.append((key, label, count))
    return {
        "rows": rows,
        "all": sum(counts.values()),
        "nameless": sum(row["nameless"] for row in found),
        "villages": _village_coverage(event) if counts.get("kepala_desa") else None,
    }


def _village_coverage(event: Event) -> dict[str, int]:
    """ "23 dari 25 desa": villages with a head on the list against those in the region data."""
    desa = Region.objects.current().villages().under(event.region).exclude(kind=Region.Kind.KELURAHAN)
    heads = event.attendees.expected().filter(category="kepala_desa").exclude(village=None)
    return {"on_list": heads.values("village").distinct().count(), "expected": desa.count()}
