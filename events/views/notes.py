"""Pages: the pads of the day. They work without JavaScript; with it they save as somebody types."""

from django.contrib import messages
from django.http import Http404, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.refusals import Refusal
from accounts.roles import Permission
from regions.wording import clock_with_zone

from ..access import get_event, get_of_event
from ..models import NoteRevision
from ..note_rows import NoteConflict, latest_of
from ..notes import restore_note, save_note

MOST_SHOWN = 100
ABOUT = {
    NoteRevision.Kind.MINUTES: "Sambutan, materi, dan jalannya kegiatan. Tercetak sebagai Pembahasan pada notula.",
    NoteRevision.Kind.PROBLEMS: "Apa yang menghambat dan bagaimana diatasi. Tercetak sebagai Kendala pada laporan kegiatan.",
}
OTHER_ACCOUNT = (
    "Halaman itu dibuka oleh akun lain, sehingga tulisannya tidak disimpan atas nama Anda. Pemiliknya dapat masuk "
    "lagi, lalu menekan tombol kembali pada peramban untuk menemukan tulisannya."
)


@never_cache
@require_GET
def notes(request, code):
    event = get_event(request, code, Permission.EVENT_RUN)
    return _page(request, event)


@never_cache
@require_http_methods(["GET", "POST"])
def note(request, code, kind):
    """GET the text that counts, with a fresh token; POST a text. JSON for the script, else the page.

    What a page of another account sends is refused before anything of the event is said (``signin`` for the script).
    """
    if _is_of_another_account(request):
        return _refuse_account(request, code)
    event = get_event(request, code, Permission.EVENT_RUN, even_archived=True)
    kind = _known(kind)
    if request.method == "GET":
        return JsonResponse(_state(event, latest_of(event, kind)) | {"csrf": get_token(request)})
    answer = _save_for_script if request.headers.get("Accept") == "application/json" else _save
    return answer(request, event, kind)


@never_cache
@require_GET
def note_history(request, code, kind):
    event = get_event(request, code, Permission.EVENT_RUN)
    kind = _known(kind)
    rows = list(NoteRevision.objects.of(event, kind).select_related("by")[:MOST_SHOWN])
    context = {"event": event, "kind": kind, "label": NoteRevision.Kind(kind).label, "rows": rows}
    return render(request, "events/note_history.html", context)


@require_POST
def note_restore(request, code, kind, pk):
    event = get_event(request, code, Permission.EVENT_RUN, even_archived=True)
    kind = _known(kind)
    row = get_of_event(NoteRevision.objects.of(event, kind), pk=pk)
    restore_note(event=event, kind=kind, revision=row, by=request.user)
    messages.success(request, "Teks itu dipulihkan. Teks yang lain tetap ada di riwayat.")
    return redirect("events:notes", event.code)


def _is_of_another_account(request) -> bool:
    """The page was opened by one account and another is signed in by now, as on a shared laptop."""
    account = request.headers.get("X-Akun") or request.POST.get("akun", "")
    return bool(account) and account != str(request.user.pk)


def _refuse_account(request, code):
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({"signin": True, "message": OTHER_ACCOUNT}, status=409)
    messages.error(request, OTHER_ACCOUNT)
    return redirect("events:notes", code)


def _save(request, event, kind):
    try:
        save_note(**_typed(request), event=event, kind=kind, by=request.user)
    except Refusal as refusal:
        return _page(request, event, kind=kind, refusal=refusal, status=409)
    messages.success(request, f"{NoteRevision.Kind(kind).label} disimpan.")
    return redirect("events:notes", event.code)


def _save_for_script(request, event, kind):
    try:
        row = save_note(**_typed(request), event=event, kind=kind, by=request.user)
    except NoteConflict as conflict:
        return JsonResponse(
            _state(event, conflict.latest) | {"conflict": True, "message": conflict.message}, status=409
        )
    except Refusal as refusal:
        return JsonResponse({"message": refusal.message}, status=409)
    return JsonResponse(_state(event, row))


def _typed(request) -> dict:
    base = request.POST.get("revision", "")
    return {
        "text": request.POST.get("text", ""),
        "base": int(base) if base.isdecimal() and len(base) < 10 else -1,  # -1 is nobody's number
        "writer": request.POST.get("writer", ""),
        "apart": request.POST.get("apart") == "1",
    }


def _state(event, row) -> dict:
    return {
        "text": row.text,
        "revision": row.number,
        "by": row.by.full_name if row.by else "",
        "saved": clock_with_zone(row.saved_at, event.time_zone) if row.saved_at else "",
    }


def _page(request, event, *, kind="", refusal=None, status=200):
    """After a refusal the pad keeps what was typed; what somebody else saved stands below it."""
    pads = []
    for each in NoteRevision.Kind:
        row = latest_of(event, each.value)
        refused = refusal if each.value == kind else None
        text = request.POST.get("text", "") if refused else row.text
        pads.append({"kind": each, "about": ABOUT[each], "row": row, "text": text, "refusal": refused})
    context = {"event": event, "section": "notes", "pads": pads}
    return render(request, "events/notes.html", context, status=status)


def _known(kind: str) -> str:
    if kind not in NoteRevision.Kind.values:
        raise Http404("Tidak ditemukan.")
    return kind
