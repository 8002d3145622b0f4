"""Pages: rows that may be one person twice, side by side, and putting them together."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from accounts.roles import Permission

from ..access import get_event, get_of_event, may_edit
from ..duplicates import Pair, pairs_of
from ..merging import MERGED, merge_attendees
from .programme import editable

SHOWN = 50
LABELS = {
    "printed_name": "Nama",
    "get_category_display": "Unsur",
    "rank": "Pangkat/golongan",
    "position": "Jabatan",
    "agency": "Instansi",
    "village": "Desa/kelurahan",
    "identity_masked": "Nomor identitas",
    "email": "Surel",
    "letter_no": "Nomor surat tugas",
}
# Which fields go over when the officer takes the value of the other row.
BEHIND = {
    "printed_name": ("title_prefix", "full_name", "title_suffix"),
    "get_category_display": ("category",),
    "identity_masked": ("identity_number",),
}


@require_GET
def duplicates(request, code):
    event = get_event(request, code, Permission.EVENT_VIEW)
    rows = event.attendees.expected().in_order().select_related("village")
    found = pairs_of(rows)
    context = {
        "event": event,
        "section": "attendees",
        "edit": may_edit(request.user, event),
        "pairs": [(pair, compared(pair)) for pair in found[:SHOWN]],
        "more": max(len(found) - SHOWN, 0),
    }
    return render(request, "events/duplicates.html", context)


@require_POST
def attendees_merge(request, code):
    """``simpan`` stays, ``lepas`` is withdrawn; ``ambil`` names what is taken from the row that goes."""
    event = editable(request, code)
    keep, drop = (get_of_event(event.attendees, pk=_id(request, name)) for name in ("simpan", "lepas"))
    chosen = {name for key in request.POST.getlist("ambil") for name in BEHIND.get(key, (key,))}
    merge_attendees(keep=keep, drop=drop, by=request.user, taken=chosen & set(MERGED))
    messages.success(
        request, f"{keep.label} kini satu baris. Baris yang lain dikeluarkan dan dapat dipulihkan."
    )
    return redirect("events:duplicates", event.code)


def compared(pair: Pair) -> list[tuple[str, str, str, str]]:
    """(key, label, value of the first, of the second) of every field that one of them has."""
    found = []
    for key, label in LABELS.items():
        one, two = (_shown(row, key) for row in (pair.first, pair.second))
        if one or two:
            found.append((key, label, one, two))
    return found


def _shown(row, key: str) -> str:
    value = getattr(row, key)
    return str((value() if callable(value) else value) or "")


def _id(request, name: str) -> UUID:
    try:
        return UUID(request.POST.get(name, ""))
    except ValueError:
        raise Http404("Tidak ditemukan.") from None
