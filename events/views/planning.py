"""Pages: plan a new event, change its plan, add an election, say who runs the day."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.roles import Permission

from ..access import get_event, planning_offices
from ..forms.base import posted, saved
from ..forms.planning import ElectionForm, EventForm, OperatorsForm
from ..locking import refuse_unless_editable


@require_http_methods(["GET", "POST"])
def create(request):
    form = EventForm(posted(request), offices=planning_offices(request.user))
    if request.method == "POST" and (event := saved(form, by=request.user)):
        messages.success(request, "Kegiatan dibuat. Lanjutkan dengan mengisi peserta.")
        return redirect(event)
    return render(request, "events/create.html", {"form": form})


@require_http_methods(["GET", "POST"])
def edit(request, code):
    event = get_event(request, code, Permission.EVENT_PLAN)
    refuse_unless_editable(event)
    form = EventForm(posted(request), instance=event, offices=[event.office])
    if request.method == "POST" and saved(form, by=request.user):
        messages.success(request, "Kegiatan disimpan.")
        return redirect(event)
    return render(request, "events/edit.html", {"event": event, "form": form, "section": "edit"})


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
    event = get_event(request, code, Permission.EVENT_PLAN)
    refuse_unless_editable(event)
    form = OperatorsForm(posted(request), event=event)
    if request.method == "POST" and saved(form, by=request.user):
        messages.success(request, "Petugas hari-H disimpan.")
        return redirect("events:people", event.code)
    return render(request, "events/operators.html", {"event": event, "form": form, "section": "people"})
