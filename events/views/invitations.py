"""Pages: invitations of an event: who was told, who answered, the calendar file."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import Answer
from accounts.roles import Permission

from .. import answers, calendar_entry, invitation_words
from ..access import get_event, get_of_event, may_in_event
from ..calendar_file import CONTENT_TYPE
from ..forms.base import posted, saved
from ..forms.invitations import AnswerForm
from ..invitation_list import FILTERS, NO_ANSWER, ORDERS, STALE, TONES, counts, invited, is_stale
from ..links import LINKABLE, NOT_LINKABLE, newest_link
from ..models import Attendee, Event, PaperDraft

PER_PAGE = 25
CHOOSE_FIRST = "Belum ada peserta yang dipilih. Centang peserta pada daftar, lalu ulangi."
BY_WHATSAPP, BY_HAND = "WhatsApp", "diserahkan"


@never_cache
@require_GET
def invitations(request, code):
    event = get_event(request, code, Permission.EVENT_VIEW)
    chosen = request.GET.get("keadaan", "")
    chosen = chosen if chosen in FILTERS else ""
    order = request.GET.get("urut", "")
    order = order if order in ORDERS else ""
    page = Paginator(invited(event, chosen, order), PER_PAGE).get_page(request.GET.get("hal"))
    counted, tell = counts(event), may_tell(request.user, event)
    may_link = tell.allowed and event.state in LINKABLE
    context = {
        "event": event,
        "section": "invitations",
        "page": page,
        "rows": [_row(event, person, tell.allowed) for person in page.object_list],
        "chosen": chosen,
        "chosen_label": FILTERS[chosen],
        "order": order,
        "orders": [(key, label) for key, (label, _) in ORDERS.items()],
        "may_export": may_in_event(request.user, Permission.ATTENDEE_EXPORT, event).allowed,
        "filters": [
            (key, label, counted[key])
            for key, label in FILTERS.items()
            if counted[key] or key in ("", chosen)
        ],
        "counts": counted,
        "no_answer": counted[NO_ANSWER],
        "stale": counted[STALE],
        "tell": tell,
        "may_link": may_link,
        "unlinked": may_link and invited(event).filter(has_link=False).exists(),
        "newest": newest_link(event),
        "may_answer": tell.allowed and answers.may_answer(event),
        "has_entry": calendar_entry.has_entry(event),
        "letter": PaperDraft.objects.filter(event=event, kind="undangan").select_related("number").first(),
    }
    return render(request, "events/invitations.html", context)


@require_POST
def invitation_told(request, code):
    """They were told just now: one person's button, or the ticked ones."""
    event = get_event(request, code, Permission.EVENT_PLAN)
    people = _chosen(request, event)
    channel = BY_WHATSAPP if request.POST.get("lewat") == "whatsapp" else BY_HAND
    count = answers.mark_told(event=event, attendees=people, by=request.user, channel=channel)
    if request.htmx and len(people) == 1:
        return _told_box(request, event, people[0], True)
    _say(request, f"{count} peserta ditandai terkirim." if count else "", people)
    return _back(request, event)


@require_POST
def invitation_untold(request, code, pk):
    """*Urungkan*: it was not sent after all."""
    event = get_event(request, code, Permission.EVENT_PLAN)
    person = get_of_event(event.attendees.expected(), pk=pk)
    answers.take_back_told(attendee=person, by=request.user)
    if request.htmx:
        return _told_box(request, event, person, False)
    messages.success(request, f"Tanda terkirim bagi {person.label} diurungkan.")
    return _back(request, event)


@require_http_methods(["GET", "POST"])
def invitation_answer(request, code, pk):
    """An answer by telephone, or a representative named in advance."""
    event = get_event(request, code, Permission.EVENT_PLAN)
    person = get_of_event(event.attendees.expected(), pk=pk)
    form = AnswerForm(posted(request), attendee=person)
    if request.method == "POST" and saved(form, by=request.user):
        messages.success(
            request, f"Jawaban {form.invited} dicatat: {person.get_invitation_display().lower()}."
        )
        return redirect("events:invitations", event.code)
    context = {
        "event": event,
        "section": "invitations",
        "form": form,
        "person": person,
        "too_late": not answers.may_answer(event),
    }
    return render(request, "events/invitation_answer.html", context)


@never_cache
@require_GET
def calendar_download(request, code):
    """The calendar file for staff; 404 while the event is a draft."""
    event = get_event(request, code, Permission.EVENT_VIEW)
    if not calendar_entry.has_entry(event):
        raise Http404("Tidak ditemukan.")
    return calendar_response(event)


def calendar_response(event, person=None) -> HttpResponse:
    response = HttpResponse(
        calendar_entry.file_to_download(event, person),
        content_type=f"{CONTENT_TYPE}; charset=utf-8; method=PUBLISH",
    )
    response["Content-Disposition"] = f'attachment; filename="{calendar_entry.file_name(event)}"'
    return response


def may_tell(user, event: Event) -> Answer:
    """May they invite, remind and note answers now? With the reason for a disabled button."""
    answer = may_in_event(user, Permission.EVENT_PLAN, event)
    if answer.allowed and event.state not in answers.MAY_TELL:
        return Answer(False, NOT_LINKABLE[event.state])
    return answer


def panel(request, event: Event) -> dict | None:
    """What the page of the event says about invitations; nothing while it is a draft."""
    if event.state not in answers.MAY_TELL:
        return None
    counted = counts(event)
    return {"counts": counted, "no_answer": counted[NO_ANSWER], "stale": counted[STALE]}


# -- pieces ------------------------------------------------------------------------------------------------------


def _row(event: Event, person: Attendee, may_write: bool) -> dict:
    """``whatsapp`` is the text that fits now: the change or cancellation, else the reminder; it holds no token."""
    stale = is_stale(event, person)
    waits = person.invitation in answers.UNANSWERED and person.invitation != Attendee.Invitation.NONE
    return {
        "person": person,
        "tone": TONES[Attendee.Invitation(person.invitation)],
        "label": FILTERS["belum"]
        if person.invitation == Attendee.Invitation.NONE
        else person.get_invitation_display(),
        "stale": stale,
        "send": _kind(event, stale, waits),
        "whatsapp": _whatsapp(event, person, stale, waits) if may_write else "",
        "can_take_back": person.invitation == Attendee.Invitation.SENT,
    }


def _kind(event: Event, stale: bool, waits: bool) -> str:
    if stale:
        return "Kirim pembatalan" if event.state == Event.State.CANCELLED else "Kirim perubahan"
    return "Ingatkan" if waits and answers.may_answer(event) else ""


def _whatsapp(event: Event, person: Attendee, stale: bool, waits: bool) -> str:
    if not _kind(event, stale, waits):
        return ""
    if stale and event.state == Event.State.CANCELLED:
        text = invitation_words.cancellation_text(person, event)
    elif stale:
        text = invitation_words.change_text(person, event)
    else:
        text = invitation_words.reminder_text(person, event)
    return invitation_words.whatsapp_url(person, text)


def _chosen(request, event: Event) -> list[Attendee]:
    """One row's button, or the ticked rows; what is no id chooses nobody."""
    ticked = [request.POST["satu"]] if request.POST.get("satu") else request.POST.getlist("pilih")
    ids = [pk for pk in map(_uuid, ticked) if pk]
    return list(event.attendees.expected().filter(pk__in=ids).in_order())


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _told_box(request, event: Event, person: Attendee, told: bool) -> HttpResponse:
    context = {"event": event, "person": person, "told": told}
    return render(request, "events/_told.html", context)


def _say(request, done: str, people: list) -> None:
    if done:
        messages.success(request, done)
    elif people:
        messages.info(request, "Peserta yang dipilih sudah menerima kabar terbaru.")
    else:
        messages.error(request, CHOOSE_FIRST)


def _back(request, event: Event) -> HttpResponse:
    """To the list as it was filtered."""
    response = redirect("events:invitations", event.code)
    chosen = request.POST.get("keadaan", "")
    if chosen in FILTERS and chosen:
        response["Location"] += f"?keadaan={chosen}"
    return response
