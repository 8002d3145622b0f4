"""The page "Tablet": the board of the day, and what is done to one tablet (KIOSK.md §12)."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.roles import Permission
from events.access import get_event, get_of_event, may_in_event
from events.pairing import NOT_PAIRABLE, PAIRABLE

from ..forms.tablets import CutOffForm, DrainForm
from ..kiosk import version
from ..tablet_board import board_of
from ..tablet_totals import totals_of


@never_cache
@require_GET
def tablets(request, code):
    event = get_event(request, code, Permission.EVENT_RUN)
    context = {
        **_board(request, event),
        "section": "tablets",
        "not_pairable": "" if event.state in PAIRABLE else NOT_PAIRABLE[event.state],
    }
    return render(request, "declarations/tablets/tablets.html", context)


@never_cache
@require_GET
def tablets_board(request, code):
    """The part of the page that renews itself every ten seconds."""
    event = get_event(request, code, Permission.EVENT_RUN)
    return render(request, "declarations/tablets/_board.html", _board(request, event))


@never_cache
@require_GET
def tablet(request, code, pk):
    event = get_event(request, code, Permission.EVENT_RUN)
    return _tablet_page(request, event, pk)


@require_POST
def tablet_drain(request, code, pk):
    """ "Cabut". Also for an archived event: a tablet found in a drawer must still come to its end."""
    event = get_event(request, code, Permission.EVENT_RUN, even_archived=True)
    device = get_of_event(event.devices, pk=pk)
    form = DrainForm(request.POST, device=device, by=request.user)
    if form.saved() is None:
        return _tablet_page(request, event, pk, drain=form)
    messages.success(request, f"{device.label} dicabut. Isinya masih dapat dikirim sampai habis.")
    return redirect("declarations:tablet", event.code, pk)


@require_POST
def tablet_cut_off(request, code, pk):
    event = get_event(request, code, Permission.EVENT_RUN, even_archived=True)
    device = get_of_event(event.devices, pk=pk)
    form = CutOffForm(request.POST, device=device, by=request.user)
    if form.saved() is None:
        return _tablet_page(request, event, pk, cut_off=form)
    messages.success(
        request, f"{device.label} diputuskan. Tablet tidak dapat mengambil atau mengirim apa pun lagi."
    )
    return redirect("declarations:tablet", event.code, pk)


def _board(request, event) -> dict:
    return {
        "event": event,
        "board": board_of(event, app=version()),
        "totals": totals_of(event),
        "may_review": may_in_event(request.user, Permission.SIGNATURE_REVIEW, event),
    }


def _tablet_page(request, event, pk, *, drain=None, cut_off=None):
    """One tablet with its deeds; 409 when a deed was refused."""
    found = next((each for each in board_of(event, app=version()).tablets if each.device.pk == pk), None)
    if found is None:
        raise Http404("Tidak ditemukan.")
    device = found.device
    context = {
        "event": event,
        "tablet": found,
        "drain": drain or DrainForm(device=device, by=request.user),
        "cut_off": cut_off or CutOffForm(device=device, by=request.user),
    }
    return render(
        request, "declarations/tablets/tablet.html", context, status=409 if drain or cut_off else 200
    )
