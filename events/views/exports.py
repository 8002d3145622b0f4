"""Downloads of lists: of the events, of what belongs to one event. They take the filter and order of the page along."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods
from django_tables2 import RequestConfig

from accounts.access import offices_where, require
from accounts.handing_out import chosen_in_words, hand_out_table, own_log
from accounts.log import LogFilterForm
from accounts.models import AuditEntry
from accounts.roles import Permission
from accounts.sentences import LOG_COLUMNS, sentence_of

from ..access import get_event, may_in_event, visible_events
from ..event_columns import AGENDA, CREW, EVENTS, INVITED, MAILS, SITES, parts_of
from ..filters import AttendeeFilter, EventFilter
from ..forms.base import posted, saved
from ..forms.exports import AttendeeExportForm
from ..invitation_list import FILTERS, ORDERS, invited
from ..models import Event
from ..paper_board import entry_of
from ..tables import AttendeeTable, EventTable
from ..timetable import slots
from .listing import with_attendee_count
from .mails import listed_mails
from .papers import known, listed_parts
from .programme import sorted_crew, sorted_sites

NO_LIST = "Peran Anda tidak mencakup hak mengunduh daftar kegiatan. Hubungi administrator kantor."


@require_GET
def events_export(request, ending):
    visible_events(request.user)  # says why, where no event may be seen
    if not may_export_events(request.user):
        raise PermissionDenied(NO_LIST)
    visible = Event.objects.visible_to(request.user, Permission.RECAP_VIEW).plans()
    chosen = EventFilter(request.GET, queryset=visible)
    rows = in_order_of(request, EventTable, with_attendee_count(chosen.qs))
    return hand_out_table(
        title="Kegiatan",
        columns=EVENTS,
        rows=rows,
        ending=ending,
        by=request.user,
        target=own_log(request.user),
        about=chosen_in_words(chosen.form),
    )


def may_export_events(user) -> bool:
    """Operators see the events they run and take no list along (EVENTS §7)."""
    return offices_where(user, Permission.RECAP_VIEW).exists()


@require_GET
def invited_export(request, code, ending):
    """Who is invited and what they answered; telephones masked. Filter and order of Undangan, or those of Peserta."""
    event = get_event(request, code, Permission.ATTENDEE_EXPORT)
    chosen = AttendeeFilter(request.GET, queryset=_answers(request, event))
    people = chosen.qs.select_related("village__parent")
    by_list = request.GET.get("urut", "") in ORDERS and "sort" not in request.GET
    return _of_event(
        request,
        event,
        ending,
        title="Daftar undangan",
        columns=INVITED,
        rows=list(people) if by_list else in_order_of(request, AttendeeTable, people, event=event),
        about=[("Undangan", _answer_words(request)), *chosen_in_words(chosen.form)],
    )


def _answers(request, event: Event):
    asked = request.GET.get("keadaan", ""), request.GET.get("urut", "")
    return invited(event, *asked) if any(asked) else event.attendees.in_order()


def _answer_words(request) -> str:
    return FILTERS.get(request.GET.get("keadaan", ""), FILTERS[""])


@require_GET
def rundown_export(request, code, ending):
    event = get_event(request, code, Permission.ATTENDEE_EXPORT)
    rows = slots(event.starts_at, event.agenda.select_related("person", "event"))
    return _of_event(request, event, ending, title="Susunan acara", columns=AGENDA, rows=rows)


@require_GET
def places_export(request, code, ending):
    event = get_event(request, code, Permission.ATTENDEE_EXPORT)
    rows = [row.record for row in sorted_sites(request, event).rows]
    return _of_event(request, event, ending, title="Lokasi", columns=SITES, rows=rows)


@require_GET
def crew_export(request, code, ending):
    event = get_event(request, code, Permission.ATTENDEE_EXPORT)
    rows = [row.record for row in sorted_crew(request, event).rows]
    return _of_event(request, event, ending, title="Petugas dan narasumber", columns=CREW, rows=rows)


@require_GET
def mails_export(request, code, ending):
    """What went out to whom and what became of it; without addresses."""
    event = get_event(request, code, Permission.ATTENDEE_EXPORT)
    chosen, table = listed_mails(request, event, paginate=False)
    return _of_event(
        request,
        event,
        ending,
        title="Surel keluar",
        columns=MAILS,
        rows=[row.record for row in table.rows],
        about=chosen_in_words(chosen),
    )


@require_GET
def parts_export(request, code, kind, ending):
    """Who has an own paper of this kind, with number and state."""
    event = get_event(request, code, Permission.ATTENDEE_EXPORT)
    paper = known(kind)
    if not paper.parts:
        raise Http404("Tidak ditemukan.")
    chosen, table = listed_parts(request, entry_of(event, paper), paginate=False)
    return _of_event(
        request,
        event,
        ending,
        title=f"{paper.label} per orang",
        columns=parts_of(event.time_zone),
        rows=[row.record for row in table.rows],
        about=chosen_in_words(chosen),
    )


def _of_event(request, event: Event, ending: str, *, title: str, columns, rows, about=()):
    return hand_out_table(
        title=f"{title} {event.title}",
        columns=columns,
        rows=rows,
        ending=ending,
        by=request.user,
        target=event,
        about=[("Kegiatan", f"{event.title} ({event.code})"), *about],
        zone=event.time_zone,
    )


@require_GET
def log_export(request, code, ending):
    event = get_event(request, code, Permission.EVENT_VIEW)
    require(request.user, Permission.AUDIT_VIEW, event.office)
    form = LogFilterForm(request.GET, entries=AuditEntry.objects.of(event), zone=event.time_zone)
    return hand_out_table(
        title=f"Riwayat {event.title}",
        columns=LOG_COLUMNS,
        rows=[sentence_of(entry, event.time_zone) for entry in form.found],
        ending=ending,
        by=request.user,
        target=event,
        about=[("Kegiatan", f"{event.title} ({event.code})"), *chosen_in_words(form)],
        zone=event.time_zone,
    )


@require_http_methods(["GET", "POST"])
def attendees_export(request, code):
    """GET asks for columns and kind of file, POST answers with the file; the filter stays in the address."""
    event = get_event(request, code, Permission.ATTENDEE_EXPORT, even_archived=True)
    chosen = AttendeeFilter(request.GET, queryset=event.attendees.in_order())
    unmask = may_in_event(request.user, Permission.IDENTITY_UNMASK, event)
    form = AttendeeExportForm(posted(request), event=event, by=request.user, may_unmask=unmask.allowed)
    if request.method == "POST":
        rows = in_order_of(
            request, AttendeeTable, chosen.qs.select_related("village__parent", "site"), event=event
        )
        made = saved(form, by=request.user, rows=rows, about=chosen_in_words(chosen.form))
        if made is not None:
            return made
    context = {
        "event": event,
        "section": "attendees",
        "form": form,
        "count": chosen.qs.count(),
        "filter_words": chosen_in_words(chosen.form),
    }
    return render(request, "events/attendees_export.html", context)


def in_order_of(request, table_class, rows, **options) -> list:
    """The rows in the order that the page shows, all of them."""
    table = table_class(rows, may_edit=False, **options) if options else table_class(rows)
    RequestConfig(request, paginate=False).configure(table)
    return [row.record for row in table.rows]
