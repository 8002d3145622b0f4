"""Pages: plan a new event, change its plan, add an election, say who runs the day."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from ..access import planning_offices
from ..forms.base import posted, saved
from ..forms.planning import ElectionForm, EventForm, OperatorsForm
from ..models import Event
from ..plan_steps import todo_of
from .copying import templates_of
from .programme import plan_of

FEW = 3  # earlier events and templates offered above the empty form


@require_http_methods(["GET", "POST"])
def create(request):
    form = EventForm(posted(request), offices=planning_offices(request.user))
    if request.method == "POST" and (event := saved(form, by=request.user)):
        messages.success(request, "Kegiatan dibuat. Lanjutkan dengan mengisi peserta.")
        return redirect(event)
    return render(request, "events/create.html", {"form": form, **starts_of(request.user)})


@require_GET
def resume(request, code):
    """Go on with a draft where it still lacks something."""
    return redirect(todo_of(plan_of(request, code)))


@require_http_methods(["GET", "POST"])
def edit(request, code):
    event = plan_of(request, code)
    form = EventForm(posted(request), instance=event, offices=[event.office])
    if request.method == "POST" and saved(form, by=request.user):
        messages.success(request, "Kegiatan disimpan.")
        return redirect(event)
    return render(request, "events/edit.html", {"event": event, "form": form, "section": "edit"})


def starts_of(user) -> dict:
    """The shortest ways to a new event: the newest ones of the own offices, and templates."""
    own = Event.objects.plans().filter(office__in=planning_offices(user)).exclude(title="")
    return {
        "earlier": own.select_related("office").order_by("-created_at", "pk")[:FEW],
        "templates": templates_of(user)[:FEW],
    }


@require_http_methods(["GET", "POST"])
def election_add(request):
    planning_offices(request.user)
    form = ElectionForm(posted(request))
    if request.method == "POST" and (election := saved(form, by=request.user)):
        messages.success(request, f"{election} ditambahkan.")
        return redirect("events:create")
    return render(request, "events/election_add.html", {"form": form})


@require_http_methods(["GET", "POST"])
def operators(request, code):
    event = plan_of(request, code)
    form = OperatorsForm(posted(request), event=event)
    if request.method == "POST" and saved(form, by=request.user):
        messages.success(request, "Petugas hari-H disimpan.")
        return redirect("events:people", event.code)
    return render(request, "events/operators.html", {"event": event, "form": form, "section": "people"})
