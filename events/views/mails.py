"""Pages: mail of an event: what went out, what failed and why, what would be sent now."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_tables2 import RequestConfig

from accounts.roles import Permission

from .. import invitation_words, outbox
from ..access import get_event, get_of_event, may_in_event
from ..forms.lists import MailFilter
from ..models import Event, OutgoingMail, PersonalLink
from ..people import masked_email
from ..tables import MailTable

Kind = OutgoingMail.Kind
SLUGS = {
    "undangan": Kind.INVITATION,
    "perubahan": Kind.CHANGE,
    "pembatalan": Kind.CANCELLATION,
    "pengingat": Kind.REMINDER,
}
PER_PAGE = 50
EXAMPLE_LINK = "(tautan pribadi penerima)"


@never_cache
@require_GET
def mails(request, code):
    event = get_event(request, code, Permission.EVENT_PLAN)
    chosen, table = listed_mails(request, event, paginate={"per_page": PER_PAGE})
    context = {
        "event": event,
        "section": "invitations",
        "filter": {"form": chosen},
        "is_filtered": chosen.is_filtered,
        "table": table,
        "any": chosen.is_filtered or table.page.paginator.count,
        "may_export": may_in_event(request.user, Permission.ATTENDEE_EXPORT, event).allowed,
        "is_ready": outbox.is_ready(),
        "kinds": _kinds(event),
        "without": event.attendees.expected().filter(email="").count(),
    }
    return render(request, "events/mails.html", context)


def listed_mails(request, event: Event, paginate):
    """The filter and the sorted table of what went out, for the page and for its file; newest first."""
    chosen = MailFilter(request.GET)
    table = MailTable(chosen.filter(event.mails.select_related("attendee", "event")))
    RequestConfig(request, paginate=paginate).configure(table)
    return chosen, table


@never_cache
@require_http_methods(["GET", "POST"])
def mail_send(request, code, kind):
    """GET who would get it and what it says; POST has it sent."""
    event = get_event(request, code, Permission.EVENT_PLAN)
    if kind not in SLUGS:
        raise Http404("Tidak ditemukan.")
    chosen = SLUGS[kind]
    if request.method == "POST":
        count = outbox.queue_mails(event=event, kind=chosen, by=request.user)
        messages.success(request, f"{count} surel disiapkan dan segera dikirim.")
        return redirect("events:mails", event.code)
    people = list(outbox.recipients(event, chosen).select_related("site"))
    context = {
        "event": event,
        "section": "invitations",
        "label": chosen.label,
        "people": [(person, masked_email(person.email)) for person in people],
        "subject": invitation_words.subject_of(chosen, event),
        "text": invitation_words.text_of(chosen, people[0], event, _example(chosen)) if people else "",
        "renewed": _renewed(event, chosen, people),
        "is_ready": outbox.is_ready(),
        "not_ready": outbox.NOT_READY,
    }
    return render(request, "events/mail_send.html", context)


@require_POST
def mail_retry(request, code, pk):
    event = get_event(request, code, Permission.EVENT_PLAN)
    mail = get_of_event(event.mails.select_related("attendee"), pk=pk)
    outbox.retry_mail(mail=mail, by=request.user)
    messages.success(request, f"Surel kepada {mail.attendee.label} dikirim ulang.")
    return redirect("events:mails", event.code)


def _kinds(event: Event) -> list[tuple[str, str, int]]:
    """(slug, label, how many would get it now) of the kinds that fit the state of the event."""
    fitting = [(slug, kind) for slug, kind in SLUGS.items() if event.state in outbox.STATES[kind]]
    return [(slug, kind.label, outbox.recipients(event, kind).count()) for slug, kind in fitting]


def _example(kind: str) -> str:
    return EXAMPLE_LINK if kind == Kind.INVITATION else ""


def _renewed(event: Event, kind: str, people: list) -> int:
    """How many links the invitation replaces: their old addresses die."""
    if kind != Kind.INVITATION:
        return 0
    return PersonalLink.objects.usable().filter(attendee__in=people).count()
