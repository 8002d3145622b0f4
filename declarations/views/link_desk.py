"""Staff pages around personal links: who has one, making them (shown once), the room code and its big screen."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import Answer
from accounts.roles import Permission
from events import rooms
from events.access import get_event, may_in_event
from events.links import LINKABLE, NOT_LINKABLE, make_links, newest_link, renew_links, revoke_link
from events.models import Event, PersonalLink, SigningDesk

from .. import signing
from ..forms.links import LinkFilter, RoomCodeForm
from ..link_cards import cards, in_one_text
from ..link_list import LINK_STATES, TONES, link_state, people_with_links, totals
from ..locking import at_hand

PER_PAGE = 50
MOST_FOUND = 500  # what was looked for by name stands on one page: its address knows no name
GROUPS = {"daring": {"presence": "remote"}, "semua": {}}
CHOOSE_FIRST = "Belum ada peserta yang dipilih. Centang peserta pada daftar, lalu ulangi."
ALL_LINKED = "Peserta yang dipilih sudah memiliki tautan. Bila alamatnya hilang, perbarui tautannya."
RENEWED_ALREADY = "Tidak ada tautan yang diperbarui: peserta ini belum memiliki tautan, atau tautannya baru saja diperbarui."


@never_cache
@require_http_methods(["GET", "POST"])
def links(request, code):
    """GET the list by state; POST a name to look for."""
    event = get_event(request, code, Permission.EVENT_RUN)
    return _list(request, event)


@never_cache
@require_POST
def links_make(request, code):
    event = get_event(request, code, Permission.EVENT_PLAN)
    people = _chosen(request, event)
    if not people:
        messages.error(request, CHOOSE_FIRST)
        return redirect("declarations:links", event.code)
    made = make_links(event=event, attendees=people, by=request.user)
    if not made:
        messages.info(request, ALL_LINKED)
        return redirect("declarations:links", event.code)
    _enroll(event, request.user)
    return _handout(request, event, made, skipped=len(people) - len(made))


@never_cache
@require_POST
def links_renew(request, code):
    event = get_event(request, code, Permission.EVENT_PLAN)
    people = _chosen(request, event)
    if not people:
        messages.error(request, CHOOSE_FIRST)
        return redirect("declarations:links", event.code)
    posted = request.POST.get("versi", "")
    newest = int(posted) if posted.isascii() and posted.isdigit() and len(posted) < 18 else 0
    made = renew_links(event=event, attendees=people, newest=newest, by=request.user)
    if not made:
        messages.info(request, RENEWED_ALREADY)
        return redirect("declarations:links", event.code)
    return _handout(request, event, made, renewed=True, skipped=len(people) - len(made))


@never_cache
@require_POST
def links_revoke(request, code):
    event = get_event(request, code, Permission.EVENT_PLAN)
    people = _chosen(request, event)
    found = PersonalLink.objects.usable().filter(attendee__in=people).select_related("attendee__event")
    for link in found:
        revoke_link(link=link, by=request.user)
    if found:
        messages.success(request, f"{len(found)} tautan dicabut dan tidak dapat dibuka lagi.")
    else:
        messages.error(request, CHOOSE_FIRST if not people else "Peserta ini tidak memiliki tautan.")
    return redirect("declarations:links", event.code)


@never_cache
@require_GET
def room_code(request, code):
    """For the screen of the meeting: the code as large as it goes, and how long it works."""
    event = get_event(request, code, Permission.EVENT_RUN)
    desk = SigningDesk.objects.filter(event=event).first()
    context = {"event": event, "desk": desk, "totals": totals(event)}
    return render(request, "declarations/links/room.html", context)


@never_cache
@require_POST
def room_code_open(request, code):
    event = get_event(request, code, Permission.EVENT_RUN)
    form = RoomCodeForm(request.POST, event=event, by=request.user)
    if form.saved() is None:
        return _list(request, event, room_form=form, status=422)
    messages.success(request, "Kode ruang dibuka. Tampilkan pada layar rapat.")
    return redirect("declarations:links", event.code)


@never_cache
@require_POST
def room_code_revoke(request, code):
    event = get_event(request, code, Permission.EVENT_RUN)
    rooms.revoke_room_code(event=event, by=request.user)
    messages.success(
        request, "Kode ruang dicabut. Tautan tetap meminta kode; buka kode baru bila diperlukan."
    )
    return redirect("declarations:links", event.code)


@never_cache
@require_POST
def room_code_drop(request, code):
    event = get_event(request, code, Permission.EVENT_RUN)
    rooms.drop_room_code(event=event, by=request.user)
    messages.success(request, "Tautan tidak lagi meminta kode ruang.")
    return redirect("declarations:links", event.code)


def may_make(user, event: Event) -> Answer:
    """May they make links now? With the reason for a disabled button."""
    answer = may_in_event(user, Permission.EVENT_PLAN, event)
    if answer.allowed and event.state not in LINKABLE:
        return Answer(False, NOT_LINKABLE[event.state])
    return answer


# -- pieces ------------------------------------------------------------------------------------------------------


def _list(request, event: Event, *, room_form: RoomCodeForm | None = None, status: int = 200):
    values = request.GET.copy()
    if request.method == "POST":
        values["cari"] = request.POST.get("cari", "")
    form, counted = LinkFilter(values), totals(event)
    size = MOST_FOUND if request.method == "POST" else PER_PAGE
    page = Paginator(form.filter(people_with_links(event)), size).get_page(values.get("page"))
    values.pop("page", None)
    values.pop("cari", None)
    context = {
        "event": event,
        "section": "links",
        "page": page,
        "rows": [_row(person) for person in page.object_list],
        "filter": form,
        "query": values.urlencode(),
        "is_filtered": any(form.chosen.values()),
        "totals": counted,
        "make": may_make(request.user, event),
        "newest": newest_link(event),
        "desk": SigningDesk.objects.filter(event=event).first(),
        "room_form": room_form or RoomCodeForm(event=event, links=counted["links"]),
    }
    return render(request, "declarations/links/desk.html", context, status=status)


def _row(person) -> dict:
    state = link_state(person)
    return {
        "person": person,
        "state": state,
        "label": LINK_STATES[state],
        "tone": TONES[state],
        "has_link": person.link_pk is not None,
    }


def _chosen(request, event: Event) -> list:
    """Everybody, everybody from afar, one row's button, or the ticked rows; what is no id chooses nobody."""
    people = event.attendees.expected()
    if request.POST.get("siapa") in GROUPS:
        return list(people.filter(**GROUPS[request.POST["siapa"]]))
    posted = [request.POST["satu"]] if request.POST.get("satu") else request.POST.getlist("pilih")
    return list(people.filter(pk__in=[pk for pk in map(_uuid, posted) if pk]))


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _enroll(event: Event, by) -> None:
    """Whoever gets a link while a paper is open has to be on its list."""
    for paper in event.declarations.open():
        signing.enroll_newcomers(declaration=at_hand(paper), by=by)


def _handout(request, event: Event, made: list, *, renewed: bool = False, skipped: int = 0):
    """The only page that ever shows addresses; nothing of it is stored, so it cannot be shown again."""
    found = cards(made, event)
    context = {
        "event": event,
        "section": "links",
        "cards": found,
        "text": in_one_text(found),
        "renewed": renewed,
        "skipped": skipped,
    }
    return render(request, "declarations/links/handout.html", context)
