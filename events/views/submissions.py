"""The report goes up: what is sent, what came in, and the answer to it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_tables2 import RequestConfig

from accounts.access import get_visible, may, offices_where, require
from accounts.handing_out import chosen_in_words, hand_out_table, own_log
from accounts.refusals import Refusal
from accounts.roles import Permission

from ..access import get_event, may_in_event
from ..event_columns import SUBMISSIONS
from ..filters import SubmissionFilter
from ..forms.submissions import ReturnForm, SubmitForm
from ..models import Event, EventSubmission
from ..submitting import accept_submission, new_since, obstacles, papers_of
from ..tables import SubmissionTable

PER_PAGE = 25
NO_REPORTS = "Peran Anda tidak mencakup hak menerima laporan. Hubungi administrator kantor."


@require_http_methods(["GET", "POST"])
def submit(request, code):
    event = get_event(request, code, Permission.EVENT_CLOSE, even_archived=True)
    form = SubmitForm(request.POST or None)
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            submission = form.save(event=event, by=request.user)
            messages.success(request, f"Laporan dikirim ke {submission.to_office.name}.")
            return redirect(event)
        except Refusal as problem:
            refusal = problem
    papers = papers_of(event)
    history = list(event.submissions.select_related("to_office", "by", "answered_by"))
    context = {
        "event": event,
        "form": form,
        "papers": papers,
        "obstacles": obstacles(event, papers),
        "history": history,
        "new": new_since(history[0], papers) if history else [],
        "has_report": any(paper["kind"] == "laporan_kegiatan" for paper in papers),
    }
    return render(request, "events/submit.html", context, status=409 if refusal else 200)


@require_GET
def submissions(request):
    """Reports that came in; filters and order in the address (``?status=sent``: those without an answer)."""
    chosen, table = _listed(request, paginate={"per_page": PER_PAGE})
    context = {
        "filter": chosen,
        "is_filtered": chosen.is_filtered,
        "table": table,
        "any": chosen.is_filtered or table.page.paginator.count,
    }
    return render(request, "events/submissions.html", context)


@require_GET
def submissions_export(request, ending):
    chosen, table = _listed(request, paginate=False)
    return hand_out_table(
        title="Laporan masuk",
        columns=SUBMISSIONS,
        rows=[row.record for row in table.rows],
        ending=ending,
        by=request.user,
        target=own_log(request.user),
        about=chosen_in_words(chosen.form),
    )


def _listed(request, paginate):
    """The filter and the table of what the own offices received; 403 for who receives nothing anywhere."""
    if not offices_where(request.user, Permission.REPORT_RECEIVE).exists():
        raise PermissionDenied(NO_REPORTS)
    found = EventSubmission.objects.visible_to(request.user, Permission.REPORT_RECEIVE)
    chosen = SubmissionFilter(request.GET, queryset=found)
    table = SubmissionTable(chosen.qs.select_related("event__office", "to_office", "event__region"))
    RequestConfig(request, paginate=paginate).configure(table)
    return chosen, table


@require_GET
def submission(request, pk):
    found = _received(request, pk, may_only_see=True)
    return _submission_page(request, found)


@require_POST
def submission_accept(request, pk):
    found = _received(request, pk)
    try:
        accept_submission(submission=found, by=request.user)
        messages.success(request, "Laporan diterima.")
    except Refusal as refusal:
        messages.error(request, refusal.message)
    return redirect(found)


@require_POST
def submission_return(request, pk):
    found = _received(request, pk)
    form = ReturnForm(request.POST)
    if not form.is_valid():
        return _submission_page(request, found, form)
    try:
        form.save(submission=found, by=request.user)
        messages.success(request, f"Laporan dikembalikan ke {found.event.office.name}.")
    except Refusal as refusal:
        messages.error(request, refusal.message)
    return redirect(found)


def panel(request, event) -> dict | None:
    """On the page of an event that is over, for everybody who sees the event."""
    if event.state not in (Event.State.CLOSED, Event.State.ARCHIVED):
        return None
    latest = event.submissions.select_related("to_office").first()
    return {
        "latest": latest,
        "new": new_since(latest, papers_of(event)) if latest else [],
        "may_send": may_in_event(request.user, Permission.EVENT_CLOSE, event),
    }


def _received(request, pk, *, may_only_see=False) -> EventSubmission:
    """404 outside the own offices, 403 without the right to receive. The sender's office is not asked about here."""
    rows = EventSubmission.objects.select_related("event__office", "to_office", "by", "answered_by")
    found = get_visible(rows, request.user, pk=pk)
    require(
        request.user, Permission.EVENT_VIEW if may_only_see else Permission.REPORT_RECEIVE, found.to_office
    )
    return found


def _submission_page(request, found, form=None):
    context = {
        "submission": found,
        "new": new_since(found) if found == found.event.submissions.first() else [],
        "form": form or ReturnForm(),
        "may_answer": may(request.user, Permission.REPORT_RECEIVE, found.to_office),
        "may_open_event": may_in_event(request.user, Permission.EVENT_VIEW, found.event),
    }
    return render(request, "events/submission.html", context, status=400 if form else 200)
