"""Pages of a personal link (``/t/<token>/``): the token is the whole right, so it goes nowhere else.

No cookie stands behind these pages: whoever sends a form must know the address, so no second token is asked for
(browsers send ``Origin: null`` under ``no-referrer``, which the usual check would refuse).
"""

from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.refusals import Refusal
from documents import limits
from documents.downloads import hand_out
from events import answers, calendar_entry, rooms
from events.links import open_link
from events.models import Event, PersonalLink
from events.views.invitations import calendar_response

from .. import excerpts, intake, link_keys, own_data, remote, signing
from ..evidence import MAX_BYTES, Record, format_time, parse_record
from ..locking import at_hand
from ..models import Declaration, Signatory, Signature
from ..records import RecordError
from .sign_page import BUSY_FORM, TOO_LARGE, filled_again, is_taken, sign_context, stored, typed_fields

MISSED = ("tautan", 60, 60)  # unknown addresses, per caller
CODES = ("kode-ruang", 5, 600)  # wrong codes per link; 2·10⁸ codes stay out of reach
CODES_OF_ADDRESS = ("kode-ruang-alamat", 60, 600)  # a whole office may share one address
RECORDS = ("tautan-kirim", 60, 3600)  # per link
ANSWERS = ("tautan-jawab", 30, 3600)  # per link
UNREADABLE = link_keys.OneTimeKey(b"", b"")

GONE = "Tautan ini tidak berlaku. Minta tautan baru kepada panitia yang mengundang Anda."
NO_PAGE = "Halaman ini tidak ada. Kembali ke halaman awal tautan Anda."
BUSY = "Terlalu banyak permintaan dari alamat ini. Tunggu satu menit, lalu coba lagi."
ENOUGH = "Jawaban ini sudah terlalu sering diubah. Tunggu satu jam, atau hubungi panitia."
TOO_OFTEN = "Terlalu banyak kode yang keliru. Tunggu 10 menit, lalu coba lagi."
NOT_YOURS = "Kiriman ini bukan untuk Anda. Muat ulang halaman, lalu tandatangani sekali lagi."
CODE_FIRST = "Ketik kode ruang dahulu di halaman awal tautan Anda, lalu sentuh Selesai lagi."
SERVER_BUSY = "Server sedang sibuk. Tanda tangan masih ada di halaman ini; coba kirim lagi."


def personal(view):
    """Hand the view the link of the token; the same 404 for unknown, revoked and malformed ones."""

    @login_not_required
    @csrf_exempt
    @never_cache
    @wraps(view)
    def page(request, token, **kwargs):
        link = PersonalLink.objects.find(token)
        try:
            response = view(request, link, token, **kwargs) if link else _unknown(request)
        except Http404:
            response = _no_such_page(request, token)
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        return response

    return page


@personal
@require_GET
def home(request, link, token):
    return _home(request, link, token)


@personal
@require_POST
def open_(request, link, token):
    """The tap on "Buka"; link previews only GET."""
    open_link(link=link)
    if link.attendee.event.is_running and not link.attendee.is_withdrawn:
        for paper in link.attendee.event.declarations.open():
            signing.enroll_newcomers(declaration=at_hand(paper), by=link)
    return redirect("tautan:home", token)


@personal
@require_POST
def enter(request, link, token):
    """The room code; wrong ones are counted per link and per address."""
    who = f"link:{link.pk}"
    if limits.is_over(CODES, who) or limits.is_over(CODES_OF_ADDRESS):
        return _home(request, link, token, message=TOO_OFTEN, status=429)
    try:
        rooms.admit(link=link, code=request.POST.get("kode", "")[:40])
    except Refusal as refusal:
        if isinstance(refusal, rooms.WrongCode):  # who only came too early may try as often as they like
            limits.count(CODES, who)
            limits.count(CODES_OF_ADDRESS)
        return _home(request, link, token, message=refusal.message, status=400)
    return redirect("tautan:home", token)


@personal
@require_POST
def answer(request, link, token):
    """Coming, represented by somebody, or unable to come; may be changed until the event runs."""
    if limits.is_over(ANSWERS, f"link:{link.pk}"):
        return _home(request, link, token, message=ENOUGH, status=429)
    limits.count(ANSWERS, f"link:{link.pk}")
    typed = {name: request.POST.get(name, "")[:200] for name in ("nama", "jabatan", "surat")}
    try:
        answers.answer_invitation(
            attendee=link.attendee,
            answer=request.POST.get("jawaban", ""),
            by=link,
            stand_in=answers.StandIn(typed["nama"], typed["jabatan"], typed["surat"]),
        )
    except Refusal as refusal:
        message = " ".join([refusal.message, *refusal.issues])
        link.attendee.refresh_from_db()
        return _home(request, link, token, message=message, status=400, typed=typed)
    return redirect("tautan:home", token)


@personal
@require_http_methods(["GET", "POST"])
def sign(request, link, token, pk):
    """GET the text and the pad; POST the name of somebody who was expected by post only."""
    found, row = _paper(link, pk)
    if not _may_sign(link, found, row):
        return redirect("tautan:home", token)
    message = ""
    if request.method == "POST":
        try:
            signing.name_signatory(signatory=row, full_name=request.POST.get("full_name", ""), by=link)
            return redirect("tautan:sign", token, found.pk)
        except Refusal as refusal:
            message = " ".join([refusal.message, *refusal.issues])
    if not row.name:
        home_url = reverse("tautan:home", args=[token])
        context = {"row": row, "message": message, "back_url": home_url, "back_label": "Kembali"}
        return render(request, "declarations/signing/name.html", context)
    return render(request, "declarations/signing/sign.html", _sign_context(link, token, found, row))


@personal
@require_POST
def submit(request, link, token, pk):
    """One canonical record in, its receipt out. Only the person's own record is taken; then intake decides."""
    found, _ = _paper(link, pk)
    if limits.is_over(RECORDS, f"link:{link.pk}"):
        return JsonResponse({"status": "retry", "message": BUSY}, status=429)
    body = request.read(MAX_BYTES + 1)
    if len(body) > MAX_BYTES:
        return JsonResponse({"status": "refused", "message": TOO_LARGE}, status=413)
    key = _key(request)
    if _own(body, link, found, key) is None:
        return JsonResponse({"status": "refused", "message": NOT_YOURS}, status=422)
    if remote.needs_room_code(link):
        return JsonResponse({"status": "refused", "message": CODE_FIRST}, status=409)
    limits.count(RECORDS, f"link:{link.pk}")
    results = _stored(intake.take_in, [body], found, link, key=key)
    if results is None:
        return JsonResponse({"status": "retry", "message": SERVER_BUSY}, status=503)
    [result] = results
    if result.status == intake.QUARANTINED:
        return JsonResponse({"status": result.status, "message": result.message}, status=422)
    return JsonResponse(_receipt(token, result))


@personal
@require_POST
def typed(request, link, token, pk):
    """The way without JavaScript: the typed name, or the choice not to sign."""
    found, row = _paper(link, pk)
    if remote.needs_room_code(link):
        return redirect("tautan:home", token)
    if limits.is_over(RECORDS, f"link:{link.pk}"):
        return _form_again(request, link, token, found, row, BUSY, status=429)
    limits.count(RECORDS, f"link:{link.pk}")
    try:
        result = _stored(intake.take_in_form, typed_fields(found, row, request.POST), found, link)
    except (Refusal, RecordError) as problem:
        return _form_again(request, link, token, found, row, problem.message, status=400)
    if result is None:
        return _form_again(request, link, token, found, row, BUSY_FORM, status=503)
    if result.status == intake.QUARANTINED:
        return _form_again(request, link, token, found, row, result.message, status=400)
    return redirect("tautan:receipt", token, result.id)


@personal
@require_GET
def receipt(request, link, token, signature):
    return _receipt_page(request, link, token, signature)


@personal
@require_POST
def make_excerpt(request, link, token, signature):
    """Order the own kutipan; the receipt says when it is sealed."""
    row = remote.row_of(_own_record(link, signature))
    if row is None:
        raise Http404("Tidak ditemukan.")
    try:
        excerpts.issue_excerpt(signatory=row, by=link, own=True)
    except Refusal as refusal:
        return _receipt_page(request, link, token, signature, message=refusal.message, status=400)
    return redirect("tautan:receipt", token, signature)


@personal
@require_GET
def excerpt_file(request, link, token, signature):
    """The sealed kutipan as a download; back to the receipt while there is none."""
    row = remote.row_of(_own_record(link, signature))
    document = row and excerpts.excerpt_for(row, own=True)
    response = document and hand_out(document, by=link)
    return response or redirect("tautan:receipt", token, signature)


def _own_record(link: PersonalLink, signature) -> Signature:
    record = remote.own_record(link, signature)
    if record is None:
        raise Http404("Tidak ditemukan.")
    return record


def _receipt_page(request, link, token, signature, *, message: str = "", status: int = 200) -> HttpResponse:
    record = _own_record(link, signature)
    papers, row = remote.own_papers(link), remote.row_of(record)
    context = {
        **_frame(link, token),
        "message": message,
        "record": record,
        "may_have_excerpt": bool(row) and excerpts.can_have_excerpt(row),
        "excerpt": row and excerpts.excerpt_for(row, own=True),
        "receipt": remote.receipt_of(record),
        "next": next((paper for paper in papers if _may_sign(link, paper.declaration, paper.row)), None),
    }
    return render(request, "declarations/links/receipt.html", context, status=status)


@personal
@require_GET
def calendar(request, link, token):
    """The event for the own calendar; the personal address is not in it, because calendars are shared and synced."""
    if not calendar_entry.has_entry(link.attendee.event) or link.attendee.is_withdrawn:
        raise Http404("Tidak ditemukan.")
    return calendar_response(link.attendee.event, link.attendee)


@personal
@require_GET
def data(request, link, token):
    context = {
        **_frame(link, token),
        "facts": own_data.facts_about(link),
        "times": own_data.times_about(link),
        "receipts": own_data.receipts_of(link),
    }
    return render(request, "declarations/links/data.html", context)


# -- the first page ----------------------------------------------------------------------------------------------


def _home(
    request,
    link: PersonalLink,
    token: str,
    *,
    message: str = "",
    status: int = 200,
    typed: dict | None = None,
) -> HttpResponse:
    stage = _stage(link)
    papers = [] if stage == "welcome" else remote.own_papers(link)
    main_paper = next((paper for paper in papers if paper.may_sign), None)
    all_done = bool(papers) and all(paper.is_done for paper in papers)
    context = {
        **_frame(link, token),
        "stage": stage,
        "papers": papers,
        "main_paper": main_paper,
        "waits": main_paper is None and not all_done,
        "message": message,
        "may_answer": stage == "papers" and answers.may_answer(link.attendee.event),
        "has_answered": link.attendee.invitation in answers.ANSWERS,
        "invited": answers.invited_person(link.attendee),
        "typed": typed or _stand_in_of(link.attendee),
    }
    return render(request, "declarations/links/home.html", context, status=status)


def _stand_in_of(person) -> dict[str, str]:
    """What the form of the answer shows: who was named before."""
    if person.invitation != person.Invitation.REPRESENTED:
        return {}
    return {"nama": person.full_name, "jabatan": person.position, "surat": person.letter_no}


def _stage(link: PersonalLink) -> str:
    """cancelled | withdrawn | welcome | room | papers: what stands in the middle of the page."""
    event = link.attendee.event
    if event.state == Event.State.CANCELLED:
        return "cancelled"
    if link.attendee.is_withdrawn:
        return "withdrawn"
    if link.opened_at is None and event.state in remote.LIVE:
        return "welcome"
    return "room" if event.is_running and remote.needs_room_code(link) else "papers"


def _frame(link: PersonalLink, token: str) -> dict:
    """What every page of a link shows: whose it is and for which event; never a number."""
    person, event = link.attendee, link.attendee.event
    return {
        "link": link,
        "person": person,
        "event": event,
        "token": token,
        "place": calendar_entry.place_of(event, person),
    }


def _unknown(request) -> HttpResponse:
    """Only misses are counted: who holds a link is never shut out by a neighbour behind the same address."""
    over = limits.is_over(MISSED)
    if not over:
        limits.count(MISSED)
    message, status = (BUSY, 429) if over else (GONE, 404)
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"status": "refused", "message": message}, status=status)
    return render(request, "declarations/links/unknown.html", {"message": message}, status=status)


def _no_such_page(request, token: str) -> HttpResponse:
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"status": "refused", "message": NO_PAGE}, status=404)
    context = {"message": NO_PAGE, "back_url": reverse("tautan:home", args=[token])}
    return render(request, "declarations/links/unknown.html", context, status=404)


# -- signing -----------------------------------------------------------------------------------------------------


def _paper(link: PersonalLink, pk) -> tuple[Declaration, Signatory]:
    """A paper of the event and the person's own row on it; else 404."""
    rows = Signatory.objects.current().select_related("declaration", "attendee")
    row = rows.filter(
        declaration=pk, declaration__event=link.attendee.event_id, attendee=link.attendee_id
    ).first()
    if row is None:
        raise Http404("Tidak ditemukan.")
    row.declaration = at_hand(row.declaration)
    return row.declaration, row


def _may_sign(link: PersonalLink, found: Declaration, row: Signatory) -> bool:
    if link.attendee.is_withdrawn or link.opened_at is None or is_taken(row):
        return False
    return found.is_open and not remote.needs_room_code(link)


def _key(request) -> link_keys.OneTimeKey | None:
    """Of the record in the body; what cannot be read fits no record."""
    try:
        return link_keys.key_in(request.headers)
    except ValueError:
        return UNREADABLE


def _own(body: bytes, link: PersonalLink, found: Declaration, key) -> Record | None:
    """The record if it is one of this person on this paper; a link signs for nobody else.

    With a key the record must be signed by it and be the only one of its chain.
    """
    try:
        record = parse_record(body, require_device=key is not None)
    except RecordError:
        return None
    if key and not link_keys.fits(record, key, link_keys.device_of(found.event_id, link.pk)):
        return None
    own = record.kind == "signature" and record.attendee == link.attendee_id
    allowed = record.method in ("", "drawn", "typed")
    return record if own and allowed and record.declaration == found.pk else None


def _stored(take_in, handed, found: Declaration, link: PersonalLink, **more):
    return stored(take_in, handed, found, via=Signature.Channel.LINK, by=link, **more)


def _receipt(token: str, result: intake.Result) -> dict:
    return {
        "status": result.status,
        "message": result.message,
        "next": reverse("tautan:receipt", args=[token, result.id]),
        "receipt": {"record_sha256": result.record_sha256},
    }


def _sign_context(link: PersonalLink, token: str, found: Declaration, row: Signatory) -> dict:
    home_url = reverse("tautan:home", args=[token])
    context = sign_context(
        found,
        row,
        submit_url=reverse("tautan:submit", args=[token, found.pk]),
        form_url=reverse("tautan:typed", args=[token, found.pk]),
        done_url=home_url,
        back_url=home_url,
        allow=remote.WAYS,
    )
    papers = [paper.declaration.pk for paper in remote.own_papers(link)]
    if len(papers) > 1:
        context["step"] = f"Dokumen {papers.index(found.pk) + 1} dari {len(papers)}"
    context["page_data"] |= {
        "own_device": True,  # nobody else comes after: no reset, other words
        "device": str(link_keys.device_of(found.event_id, link.pk)),
        "server_time": format_time(timezone.now()),
    }
    return context | {"back_label": "Kembali", "idle_seconds": "0"}


def _form_again(request, link, token, found, row, message: str, status: int) -> HttpResponse:
    context = filled_again(_sign_context(link, token, found, row), request.POST, message)
    return render(request, "declarations/signing/sign.html", context, status=status)
