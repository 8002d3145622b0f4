"""Pages: the code with which the next tablet introduces itself, and the PIN of the officers (KIOSK.md §9, §12)."""

from django.conf import settings
from django.contrib import messages
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.refusals import Refusal
from accounts.roles import Permission
from documents.pdf import qr_svg
from events.access import get_event, get_of_event
from events.desks import desk_of, renew_pin
from events.models import Event
from events.pairing import NOT_PAIRABLE, PAIRABLE, NewCode

from ..forms.tablets import PairForm, free_label
from .asked import posted


@never_cache
@require_http_methods(["GET", "POST"])
def tablet_pair(request, code):
    """GET the form; POST makes a code and shows it, this once."""
    event = get_event(request, code, Permission.EVENT_RUN)
    if event.state not in PAIRABLE:
        raise Refusal(NOT_PAIRABLE[event.state])
    initial = {"label": free_label(_taken_labels(event))}
    form = PairForm(posted(request), event=event, by=request.user, initial=initial)
    made = form.saved() if request.method == "POST" else None
    if made is None:
        return render(request, "declarations/tablets/pair.html", {"event": event, "form": form})
    return render(request, "declarations/tablets/code.html", _shown(event, made))


@never_cache
@require_GET
def tablet_pair_state(request, code, pk):
    """Has the tablet introduced itself? A fragment that asks again until it has."""
    event = get_event(request, code, Permission.EVENT_RUN)
    row = get_of_event(event.pairing_codes.select_related("device__heartbeat"), pk=pk)
    return render(request, "declarations/tablets/_code_state.html", {"event": event, **_state(row)})


@never_cache
@require_http_methods(["GET", "POST"])
def tablet_pin(request, code):
    """GET hides the PIN; POST shows it."""
    event = get_event(request, code, Permission.EVENT_RUN)
    desk = desk_of(event=event, by=request.user) if request.method == "POST" else None
    return render(request, "declarations/tablets/pin.html", {"event": event, "desk": desk})


@never_cache
@require_POST
def tablet_pin_renew(request, code):
    event = get_event(request, code, Permission.EVENT_RUN)
    desk = renew_pin(event=event, by=request.user)
    messages.success(request, "PIN baru dibuat.")
    return render(request, "declarations/tablets/pin.html", {"event": event, "desk": desk})


def _taken_labels(event: Event) -> set[str]:
    """Names of tablets, and of codes that may still become one."""
    waiting = event.pairing_codes.filter(used_at=None, expires_at__gt=timezone.now())
    return {
        *event.devices.values_list("label", flat=True),
        *waiting.values_list("label", flat=True),
    }


def _shown(event: Event, made: NewCode) -> dict:
    address = f"{settings.PUBLIC_URL}{reverse('declarations:kiosk')}"
    earlier = event.devices.in_use().filter(label=made.row.label).exists()
    return {
        "event": event,
        "address": address,
        "groups": [made.code[start : start + 4] for start in range(0, len(made.code), 4)],
        # The picture is ours and holds nothing that somebody typed.
        "qr": mark_safe(qr_svg(f"{address}#v=1&c={made.code}", "Kode QR pemasangan tablet")),  # noqa: S308
        "replaces": earlier,
        "next": free_label(_taken_labels(event), made.row.label),
        **_state(made.row),
    }


def _state(row) -> dict:
    device = row.device
    return {
        "row": row,
        "device": device,
        "is_ready": bool(device and hasattr(device, "heartbeat") and device.heartbeat.ready),
        "is_over": row.used_at is None and row.expires_at <= timezone.now(),
    }
