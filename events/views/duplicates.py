"""Pages: rows that may be one person twice, side by side: put together, or told apart for good."""

from collections.abc import Iterable
from uuid import UUID

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from accounts.roles import Permission

from ..access import get_event, get_of_event, may_edit
from ..answers import ANSWERS
from ..duplicates import Pair, pairs_of
from ..merging import MERGED, link_that_stays, merge_attendees
from ..models import Attendee, PersonalLink, Representation
from ..telling_apart import ask_again, standing_pairs, tell_apart
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
ANSWER = "Jawaban undangan"
# Which fields go over when the officer takes the value of the other row.
BEHIND = {
    "printed_name": ("title_prefix", "full_name", "title_suffix"),
    "get_category_display": ("category",),
    "identity_masked": ("identity_number",),
}
WHICH = ("pertama", "kedua")


@require_GET
def duplicates(request, code):
    event = get_event(request, code, Permission.EVENT_VIEW)
    rows = list(event.attendees.expected().in_order().select_related("village"))
    judged = standing_pairs(event, rows)
    found = pairs_of(rows, {frozenset((pair.first_id, pair.second_id)) for pair in judged})
    context = {
        "event": event,
        "section": "attendees",
        "edit": may_edit(request.user, event),
        "pairs": _beside(found[:SHOWN]),
        "more": max(len(found) - SHOWN, 0),
        "judged": judged,
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


@require_POST
def attendees_apart(request, code):
    """*Bukan orang yang sama*: ``pertama`` and ``kedua`` are two people and not offered again."""
    event = editable(request, code)
    first, second = (get_of_event(event.attendees, pk=_id(request, name)) for name in WHICH)
    tell_apart(first=first, second=second, by=request.user)
    messages.success(
        request, "Dicatat: dua orang yang berbeda. Dapat diurungkan pada bagian bawah halaman ini."
    )
    return redirect("events:duplicates", event.code)


@require_POST
def ask_pair_again(request, code, pk):
    event = editable(request, code)
    pair = get_of_event(event.apart_pairs.select_related("first", "second", "event"), pk=pk)
    ask_again(pair=pair, by=request.user)
    messages.success(request, "Diurungkan. Kedua baris dibandingkan lagi.")
    return redirect("events:duplicates", event.code)


def compared(pair: Pair) -> list[tuple[str, str, str, str]]:
    """(key, label, value of the first, of the second) of every field that one of them has."""
    found = []
    for key, label in LABELS.items():
        one, two = (_shown(row, key) for row in (pair.first, pair.second))
        if one or two:
            found.append((key, label, one, two))
    if all(
        row.invitation in ANSWERS for row in (pair.first, pair.second)
    ):  # else the further one counts anyway
        found.append(
            ("invitation", ANSWER, *(row.get_invitation_display() for row in (pair.first, pair.second)))
        )
    return found


def _beside(pairs: list[Pair]) -> list[dict]:
    """Each pair with its fields, and what hangs on each row: answer, who was invited, link, both ways of merging."""
    people = {row.pk for pair in pairs for row in (pair.first, pair.second)}
    links = {link.attendee_id: link for link in PersonalLink.objects.usable().filter(attendee__in=people)}
    invited = {one.attendee_id: _invited(one) for one in Representation.objects.filter(attendee__in=people)}
    return [
        {
            "pair": pair,
            "rows": compared(pair),
            "sides": [_side(row, links.get(row.pk), invited) for row in (pair.first, pair.second)],
            "merges": list(_merges(pair, links)),
        }
        for pair in pairs
    ]


def _side(row: Attendee, link: PersonalLink | None, invited: dict) -> dict:
    words = "Tidak ada" if link is None else "Ada, sudah dibuka" if link.opened_at else "Ada, belum dibuka"
    return {
        "row": row,
        "link": words,
        "invited": invited.get(row.pk, ""),
        "answer": row.get_invitation_display()
        if row.invitation != Attendee.Invitation.NONE
        else "Belum dikirim",
    }


def _merges(pair: Pair, links: dict) -> Iterable[dict]:
    """Both ways of putting them together; ``dies`` names the row whose personal link no longer works then."""
    rows = dict(zip(WHICH, (pair.first, pair.second), strict=True))
    for which, other in (WHICH, WHICH[::-1]):
        ours, theirs = (links.get(rows[name].pk) for name in (which, other))
        dies = (other if link_that_stays(ours, theirs) is ours else which) if ours and theirs else ""
        yield {"keep": rows[which], "drop": rows[other], "which": which, "other": other, "dies": dies}


def _invited(representation: Representation) -> str:
    words = representation.words
    was = Attendee(
        **{name: words.get(name, "") for name in ("title_prefix", "full_name", "title_suffix", "position")}
    )
    return was.label


def _shown(row, key: str) -> str:
    value = getattr(row, key)
    return str((value() if callable(value) else value) or "")


def _id(request, name: str) -> UUID:
    try:
        return UUID(request.POST.get(name, ""))
    except ValueError:
        raise Http404("Tidak ditemukan.") from None
