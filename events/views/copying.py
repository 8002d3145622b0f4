"""Pages: start from an earlier event or a template, keep an event as a template, look after templates."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.roles import Permission

from .. import panels
from ..access import get_event, get_source, get_template, may_edit, planning_offices, require_seeing
from ..copying import retire_template
from ..forms.base import posted, saved
from ..forms.copying import RULES, CopyForm, KeepForm, RolesForm
from ..models import Event
from ..timetable import slots

PER_PAGE = 25


@require_GET
def sources(request):
    """Earlier events of the offices the user plans for; a title is found by ``q``."""
    offices = planning_offices(request.user)
    words = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    found = Event.objects.plans().filter(office__in=offices, title__icontains=words)
    rows = found.select_related("office", "region").order_by("-created_at", "pk")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("hal"))
    context = {"page": page, "words": words, "templates": templates_of(request.user)}
    return render(request, "events/sources.html", context)


@require_http_methods(["GET", "POST"])
def copy(request, code):
    source = get_source(request, code)
    form = CopyForm(posted(request), source=source, offices=planning_offices(request.user))
    if request.method == "POST" and (copied := saved(form, by=request.user)):
        messages.success(request, "Kegiatan baru dibuat sebagai draf.")
        for sentence in copied.left_out:
            messages.warning(request, sentence)
        return redirect(copied.event)
    return render(request, "events/copy.html", {"source": source, "form": form})


@require_http_methods(["GET", "POST"])
def keep_as_template(request, code):
    event = get_event(request, code, Permission.EVENT_PLAN, even_archived=True)
    form = KeepForm(posted(request), event=event)
    if request.method == "POST" and (copied := saved(form, by=request.user)):
        messages.success(request, "Templat disimpan. Kantor Anda dan kantor di bawahnya dapat memakainya.")
        return redirect(copied.event)
    return render(request, "events/keep_as_template.html", {"event": event, "form": form})


@require_GET
def templates(request):
    require_seeing(request.user)
    return render(request, "events/templates.html", {"templates": templates_of(request.user)})


@require_GET
def template(request, code):
    """What an event from this template begins with; its own office finds here the way to change it."""
    event = get_template(request, code)
    context = {
        "event": event,
        "section": "event",
        "edit": may_edit(request.user, event),
        "elections": list(event.elections.all()),
        "slots": slots(event.starts_at, event.agenda.select_related("person")),
        "people": list(event.people.all()),
        "sites": list(event.sites.all()),
        "roles": [RULES[role] for role in event.expected_roles or [] if role in RULES],
        "panels": panels.rendered(request, event),
    }
    return render(request, "events/template.html", context)


@require_http_methods(["GET", "POST"])
def template_roles(request, code):
    event = own_template(request, code)
    form = RolesForm(posted(request), template=event)
    if request.method == "POST" and saved(form, by=request.user):
        messages.success(request, "Peserta templat disimpan.")
        return redirect(event)
    return render(
        request, "events/template_roles.html", {"event": event, "form": form, "section": "attendees"}
    )


@require_POST
def template_retire(request, code):
    event = own_template(request, code)
    retire_template(template=event, by=request.user)
    messages.success(request, f"Templat “{event.title}” tidak ditawarkan lagi.")
    return redirect("events:templates")


def own_template(request, code):
    event = get_event(request, code, Permission.EVENT_PLAN, even_template=True)
    if not event.is_template:
        raise Http404("Tidak ditemukan.")
    return event


def templates_of(user):
    """Templates to start from: the nearest office first."""
    found = Event.objects.templates_for(user).select_related("office", "region")
    return found.order_by("-office__region", "title", "pk")
