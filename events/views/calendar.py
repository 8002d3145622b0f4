"""Page: the events of one month, with the filters of the list."""

from collections import defaultdict
from datetime import UTC, datetime, time, timedelta

from django.contrib import messages
from django.db.models import Q
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.access import offices_where
from accounts.roles import Permission
from regions.wording import DAYS

from ..access import visible_events
from ..filters import EventFilter
from ..month import Month, month_of, parse_month

MOST = 1_000  # events of one month
SHOWN = 4  # events in the cell of one day; the rest is a link to the list of that day
NO_MONTH = "Bulan pada alamat tidak dikenal; yang ditampilkan adalah bulan ini."


@require_GET
def calendar(request):
    visible = visible_events(request.user).plans()
    event_filter = EventFilter(request.GET, queryset=visible)
    month = asked_month(request)
    events = in_month(event_filter.qs.select_related("office"), month)
    context = {
        "filter": event_filter,
        "is_filtered": event_filter.is_filtered,
        "month": month,
        "this_month": month_of(timezone.localdate()),
        "day_names": DAYS,
        "weeks": weeks_of(month, events),
        "count": len(events),
        "neighbours": [] if events else neighbours(event_filter.qs, month),
        "may_plan": offices_where(request.user, Permission.EVENT_PLAN).exists(),
    }
    return render(request, "events/calendar.html", context)


def asked_month(request) -> Month:
    """The month of the address bar, else this one."""
    asked = request.GET.get("bulan", "")
    month = parse_month(asked)
    if asked and month is None:
        messages.warning(request, NO_MONTH)
    return month or month_of(timezone.localdate())


def in_month(events, month: Month) -> list:
    """Events that stand on a day of the month, each by the clock of its own place.

    The database is asked for what may touch the month in some zone of the country (UTC+7 to UTC+9).
    """
    opens = datetime.combine(month.first, time.min, UTC) - timedelta(days=1)
    closes = datetime.combine(month.last, time.max, UTC)
    touching = Q(ends_at__gte=opens) | Q(ends_at=None, starts_at__gte=opens)
    found = events.filter(touching, starts_at__lte=closes).order_by("starts_at", "pk")
    return [event for event in found[:MOST] if _stands_in(event, month)]


def _stands_in(event, month: Month) -> bool:
    return event.date <= month.last and (event.last_date or event.date) >= month.first


def weeks_of(month: Month, events) -> list[list[dict]]:
    """Rows of the table: {day, is_inside, is_today, events, more} from Monday to Sunday."""
    by_day = defaultdict(list)
    for event in events:
        day = event.date
        while day <= (event.last_date or event.date):
            by_day[day].append(event)
            day += timedelta(days=1)
    today = timezone.localdate()
    return [[_cell(day, month, today, by_day[day]) for day in week] for week in month.weeks]


def _cell(day, month: Month, today, events) -> dict:
    inside = day in month
    return {
        "day": day,
        "is_inside": inside,
        "is_today": day == today,
        "events": events[:SHOWN] if inside else [],
        "more": max(0, len(events) - SHOWN) if inside else 0,
    }


def neighbours(events, month: Month) -> list[Month]:
    """The nearest months before and after that have events, for a month that has none."""
    opens = datetime.combine(month.first, time.min, UTC)
    dated = events.exclude(starts_at=None)
    before = dated.filter(starts_at__lt=opens).order_by("-starts_at").first()
    after = dated.filter(starts_at__gte=opens).order_by("starts_at").first()
    return [month_of(event.date) for event in (before, after) if event]
