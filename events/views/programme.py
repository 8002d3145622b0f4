"""Pages: sites, agenda and people of an event; each row has its own page to add, change and remove it."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_tables2 import RequestConfig

from accounts import undo
from accounts.refusals import Refusal
from accounts.roles import Permission

from ..access import get_event, get_of_event, may_edit, may_in_event
from ..forms.base import posted, saved
from ..forms.programme import AgendaItemForm, PersonForm, SiteForm
from ..locking import refuse_unless_editable
from ..programme import move_agenda_item, order_agenda, remove_agenda_item, remove_person, remove_site
from ..removed import restore
from ..tables import CrewTable, SiteTable
from ..timetable import slots


@require_GET
def sites(request, code):
    event = get_event(request, code, Permission.EVENT_VIEW, even_template=True)
    edit = may_edit(request.user, event)
    context = {
        "event": event,
        "section": "sites",
        "edit": edit,
        "table": sorted_sites(request, event, may_edit=edit.allowed),
        "may_export": may_take_along(request.user, event),
    }
    return render(request, "events/sites.html", context)


def sorted_sites(request, event, *, may_edit=False) -> SiteTable:
    """Every site in the order of the address, for the page and for its file."""
    table = SiteTable(event.sites.select_related("region"), may_edit=may_edit)
    RequestConfig(request, paginate=False).configure(table)
    return table


@require_http_methods(["GET", "POST"])
def site_add(request, code):
    event = plan_of(request, code)
    form = SiteForm(posted(request), event=event)
    return row_page(request, event, form, "sites", "Tambah lokasi")


@require_http_methods(["GET", "POST"])
def site_edit(request, code, pk):
    event = plan_of(request, code)
    form = SiteForm(posted(request), event=event, instance=get_of_event(event.sites, pk=pk))
    return row_page(request, event, form, "sites", "Ubah lokasi")


@require_POST
def site_remove(request, code, pk):
    event = plan_of(request, code)
    site = get_of_event(event.sites, pk=pk)
    picture = remove_site(site=site, by=request.user)
    return offer_undo(request, event, "sites", f"Lokasi {site.name} dihapus.", picture)


@require_GET
def agenda(request, code):
    event = get_event(request, code, Permission.EVENT_VIEW, even_template=True)
    return render(request, "events/agenda.html", agenda_of(request, event))


@require_http_methods(["GET", "POST"])
def agenda_add(request, code):
    event = plan_of(request, code)
    form = AgendaItemForm(posted(request), event=event)
    if request.htmx and request.method == "POST":
        added = saved(form, by=request.user)
        context = agenda_of(request, event, quick=None if added else form, goes_on=True)
        return render(request, "events/_agenda.html", context)
    return row_page(request, event, form, "agenda", "Tambah mata acara")


@require_POST
def reorder(request, code):
    """The whole order at once; the server's list with its new hours takes the place of the one that was dragged."""
    event = plan_of(request, code)
    problem = ""
    try:
        order_agenda(event=event, order=keys_in(request.POST.getlist("mata")), by=request.user)
    except Refusal as refusal:
        if not request.htmx:
            raise
        problem = refusal.message
    if request.htmx:
        return render(request, "events/_agenda.html", agenda_of(request, event, problem=problem))
    return redirect("events:agenda", event.code)


@require_http_methods(["GET", "POST"])
def agenda_edit(request, code, pk):
    event = plan_of(request, code)
    form = AgendaItemForm(posted(request), event=event, instance=get_of_event(event.agenda, pk=pk))
    return row_page(request, event, form, "agenda", "Ubah mata acara")


@require_POST
def agenda_up(request, code, pk):
    event = plan_of(request, code)
    move_agenda_item(item=get_of_event(event.agenda, pk=pk), by=request.user, up=True)
    return redirect("events:agenda", event.code)


@require_POST
def agenda_down(request, code, pk):
    event = plan_of(request, code)
    move_agenda_item(item=get_of_event(event.agenda, pk=pk), by=request.user, up=False)
    return redirect("events:agenda", event.code)


@require_POST
def agenda_remove(request, code, pk):
    event = plan_of(request, code)
    item = get_of_event(event.agenda, pk=pk)
    picture = remove_agenda_item(item=item, by=request.user)
    return offer_undo(request, event, "agenda", f"{item.title} dihapus dari susunan acara.", picture)


@require_GET
def people(request, code):
    event = get_event(request, code, Permission.EVENT_VIEW, even_template=True)
    edit = may_edit(request.user, event)
    context = {
        "event": event,
        "section": "people",
        "edit": edit,
        "table": sorted_crew(request, event, may_edit=edit.allowed),
        "may_export": may_take_along(request.user, event),
        "operators": event.operators.all(),
    }
    return render(request, "events/people.html", context)


def sorted_crew(request, event, *, may_edit=False) -> CrewTable:
    """Everybody with a role, in the order of the address, for the page and for its file."""
    table = CrewTable(event.people.all(), may_edit=may_edit)
    RequestConfig(request, paginate=False).configure(table)
    return table


def may_take_along(user, event) -> bool:
    """A plan that others start from is never held: it hands out no lists."""
    return not event.is_template and may_in_event(user, Permission.ATTENDEE_EXPORT, event).allowed


@require_http_methods(["GET", "POST"])
def person_add(request, code):
    event = plan_of(request, code)
    form = PersonForm(posted(request), event=event)
    return row_page(request, event, form, "people", "Tambah petugas atau narasumber")


@require_http_methods(["GET", "POST"])
def person_edit(request, code, pk):
    event = plan_of(request, code)
    form = PersonForm(posted(request), event=event, instance=get_of_event(event.people, pk=pk))
    return row_page(request, event, form, "people", "Ubah petugas atau narasumber")


@require_POST
def person_remove(request, code, pk):
    event = plan_of(request, code)
    person = get_of_event(event.people, pk=pk)
    picture = remove_person(person=person, by=request.user)
    return offer_undo(request, event, "people", f"{person.printed_name} dihapus.", picture)


@require_POST
def undo_removal(request, code):
    """Put back what this session removed last."""
    event = plan_of(request, code)
    facts = undo.take(request)
    row = restore(event=event, picture=facts["picture"], by=request.user)
    messages.success(request, f"{getattr(row, 'printed_name', row)} dikembalikan.")
    return redirect(f"events:{facts['section']}", event.code)


def editable(request, code, *, even_template=False):
    """The event, if the user may plan it and it may still be changed."""
    event = get_event(request, code, Permission.EVENT_PLAN, even_template=even_template)
    refuse_unless_editable(event)
    return event


def plan_of(request, code):
    """The same for what a template has, too: places, agenda, people."""
    return editable(request, code, even_template=True)


def agenda_of(request, event, *, quick=None, goes_on=False, problem="") -> dict:
    """The list with its hours and the row below it; ``goes_on`` puts the cursor there for the next item."""
    items = list(event.agenda.select_related("person"))
    return {
        "event": event,
        "section": "agenda",
        "edit": may_edit(request.user, event),
        "slots": slots(event.starts_at, items),
        "minutes": sum(item.duration for item in items),
        "quick": quick or AgendaItemForm(event=event),
        "goes_on": goes_on,
        "problem": problem,
        "may_export": may_take_along(request.user, event),
    }


def keys_in(values) -> list[int]:
    """Keys of rows as a page sends them; what is none becomes 0, which no row has."""
    return [int(value) if value.isascii() and value.isdigit() and len(value) < 19 else 0 for value in values]


def row_page(request, event, form, section, title):
    """A form for one row; saved, it leads back to the list of the section."""
    if request.method == "POST" and saved(form, by=request.user):
        messages.success(request, "Perubahan disimpan.")
        return redirect(f"events:{section}", event.code)
    context = {"event": event, "form": form, "section": section, "title": title}
    return render(request, "events/row.html", context)


def offer_undo(request, event, section, text, picture):
    """Back to the list, with a button that puts the row back."""
    url = reverse("events:undo_removal", args=[event.code])
    undo.offer(request, text, url=url, facts={"picture": picture, "section": section})
    return redirect(f"events:{section}", event.code)
