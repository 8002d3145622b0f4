"""Page *Perlu ditinjau* of a whole event: every record and every item that waits for a person (KIOSK §8.2)."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Max
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.roles import Permission
from events.access import get_event
from events.models import Device, Event

from .. import review, review_items
from ..classification import MESSAGES
from ..models import InboxItem, KioskItem, Signature
from ..review_list import (
    LINES,
    question_of_body,
    question_of_tablet,
    questions_about,
    questions_of_tablets,
    waiting_bodies,
    waiting_items,
    waiting_signatures,
)
from ..review_words import TOGETHER
from .asked import back_to, moment_or_none, uuid_or_none
from .review import as_download, tell_settled

PAGE = 30
DECIDED = 30
RIGHT = Permission.SIGNATURE_REVIEW


@require_GET
def event_review(request, code):
    event = get_event(request, code, RIGHT)
    page = Paginator(waiting_signatures(event), PAGE).get_page(request.GET.get("hal"))
    items, bodies = waiting_items(event), waiting_bodies(event)
    context = {
        "event": event,
        "page": page,
        "signatures": questions_about(event, page.object_list),
        "items": questions_of_tablets(event, items[:LINES]),
        "bodies": [question_of_body(body) for body in bodies[:LINES]],
        "waiting": page.paginator.count + items.count() + bodies.count(),
        "together": _together(event),
        **_decided(event),
    }
    return render(request, "declarations/event_review.html", context)


@require_POST
def event_review_together(request, code):
    """One reason for everything that a tablet or page is held for by the same code."""
    event = get_event(request, code, RIGHT, even_archived=True)
    paper = get_object_or_404(event.declarations, pk=uuid_or_none(request.POST.get("naskah")))
    why, decision = request.POST.get("sebab", ""), request.POST.get("keputusan", "")
    tablet, until = request.POST.get("tablet", ""), moment_or_none(request.POST.get("sampai"))
    if why not in TOGETHER or decision not in ("accept", "revoke") or until is None:
        raise Http404("Tidak ditemukan.")
    if tablet and uuid_or_none(tablet) is None:  # else everything of the page would be meant
        raise Http404("Tidak ditemukan.")
    count = review.resolve_together(
        declaration=paper,
        code=why,
        device=uuid_or_none(tablet),
        decision=decision,
        reason=request.POST.get("alasan", ""),
        until=until,
        by=request.user,
    )
    messages.success(request, f"{count} catatan diputuskan.")
    return redirect("declarations:event_review", event.code)


@require_http_methods(["GET", "POST"])
def event_review_item(request, code, number):
    """GET one item of a tablet; POST the decision about it."""
    event = get_event(request, code, RIGHT, even_archived=True)
    item = _item(event, number)
    if request.method == "GET":
        context = {"event": event, "question": question_of_tablet(item, event)}
        return render(request, "declarations/event_review_item.html", context)
    decision = request.POST.get("keputusan", "")
    if decision not in review_items.ItemDecision.values:
        raise Http404("Tidak ditemukan.")
    if decision == review_items.ItemDecision.AGAIN:
        _open_again(request, item)
    else:
        _decide(request, event, item, decision)
    return redirect(back_to(request, reverse("declarations:event_review", args=[event.code])))


@never_cache
@require_GET
def event_review_bytes(request, code, number):
    """The sealed bytes as they came; only the event key opens them."""
    item = _item(get_event(request, code, RIGHT), number)
    return as_download(bytes(item.sealed), f"kiriman-{item.device.label}-{item.seq}.bin")


def _item(event: Event, number: int) -> KioskItem:
    items = KioskItem.objects.filter(event=event).select_related("device", "operator")
    return get_object_or_404(items, pk=number)


def _open_again(request, item: KioskItem) -> None:
    item = review_items.open_again(item=item, by=request.user)
    if item.status == KioskItem.Status.QUARANTINED:
        messages.warning(request, f"Kiriman masih belum dapat dipakai. {MESSAGES.get(item.code, '')}")
    else:
        messages.success(request, "Kiriman berhasil dibuka dan disimpan.")


def _decide(request, event: Event, item: KioskItem, decision: str) -> None:
    posted = request.POST
    decided = review_items.decide_item(
        item=item,
        decision=decision,
        reason=posted.get("alasan", ""),
        person=event.attendees.filter(pk=uuid_or_none(posted.get("peserta"))).first(),
        declaration=event.declarations.filter(pk=uuid_or_none(posted.get("naskah"))).first(),
        by=request.user,
    )
    tell_settled(request, decided, "Keputusan tersimpan.")


def _together(event: Event) -> list[dict]:
    """Held for one code by one tablet or page, at least two: (paper, code, device) with the number."""
    held = Signature.objects.to_review().filter(
        declaration__event=event, status=Signature.Status.HELD, code__in=TOGETHER
    )
    groups = (
        held.order_by()
        .values("declaration", "code", "device")
        .annotate(count=Count("pk"), newest=Max("received_at"))
    )
    found = [group for group in groups if group["count"] > 1]
    if not found:
        return []
    papers = {paper.pk: paper for paper in event.declarations.select_related("text_version")}
    devices = Device.objects.filter(event=event).in_bulk()
    return [
        {
            **group,
            "key": f"{group['code']}-{group['device'] or 'web'}",
            "paper": papers[group["declaration"]],
            "tablet": devices.get(group["device"]),
            "why": MESSAGES[group["code"]],
        }
        for group in found
    ]


def _decided(event: Event) -> dict:
    """The last decisions, newest first."""
    signatures = Signature.objects.filter(declaration__event=event).exclude(decided_at=None)
    items = KioskItem.objects.filter(event=event).exclude(resolved_at=None).defer("sealed", "record")
    bodies = InboxItem.objects.filter(declaration__event=event).exclude(resolved_at=None).defer("body")
    return {
        "decided": signatures.select_related("signatory", "decided_by")
        .defer("record", "strokes")
        .order_by("-decided_at")[:DECIDED],
        "settled": [
            *items.select_related("device", "resolved_by").order_by("-resolved_at")[:DECIDED],
            *bodies.select_related("resolved_by").order_by("-resolved_at")[:DECIDED],
        ],
    }
