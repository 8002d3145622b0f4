"""Pages: the papers of an event: what is there, what is missing, issue, preview."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_tables2 import RequestConfig

from accounts.access import may
from accounts.roles import Permission

from .. import paper_kinds
from ..access import get_event, may_in_event
from ..dossier_paper import needs, not_issued, papers_of
from ..forms.base import posted, saved
from ..forms.lists import PartFilter
from ..forms.papers import DetailsForm
from ..issuing import issue_event_paper, issue_parts, preview_pdf, refuse_unless_issuable
from ..paper_board import entries, entry_of
from ..tables import PartTable

PARTS_PER_PAGE = 50


@require_GET
def papers(request, code):
    event = get_event(request, code, Permission.EVENT_VIEW)
    context = {
        "event": event,
        "section": "papers",
        "entries": entries(event),
        "plan": may_in_event(request.user, Permission.EVENT_PLAN, event),
        "may_read": may(request.user, Permission.DOCUMENT_VIEW, event.office),
        "dossier_issues": needs(event),
        "dossier_count": papers_of(event).with_file().count(),
        "not_issued": not_issued(event),
    }
    return render(request, "events/papers.html", context)


@require_http_methods(["GET", "POST"])
def details(request, code, kind):
    # What was typed into an event that was archived meanwhile is refused by the deed, and stays on the page.
    event = get_event(request, code, Permission.EVENT_PLAN, even_archived=True)
    paper = known(kind)
    if request.method == "GET":
        refuse_unless_issuable(event, paper)
    form = DetailsForm(posted(request), event=event, paper=paper)
    if saved(form, by=request.user):
        messages.success(request, "Isian disimpan.")
        return redirect("events:papers", event.code)
    context = {"event": event, "section": "papers", "form": form, "paper": paper}
    status = 409 if form.non_field_errors() else 200  # only a refusal stands above the fields
    return render(request, "events/paper_details.html", context, status=status)


@never_cache
@require_GET
def preview(request, code, kind):
    """The paper as it would look now, marked DRAF; made for this look only."""
    event = get_event(request, code, Permission.EVENT_VIEW)
    paper = known(kind)
    response = HttpResponse(preview_pdf(event, paper.kind), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="pratinjau-{paper.kind}.pdf"'
    return response


@require_POST
def issue(request, code, kind):
    event = get_event(request, code, Permission.EVENT_PLAN, even_archived=True)
    paper = known(kind)
    refuse_unless_issuable(event, paper)
    reason = request.POST.get("alasan", "")[:500]
    part = request.POST.get("orang", "")[:40]
    if paper.parts and not part:
        made, left = issue_parts(event=event, kind=paper.kind, by=request.user)
        more = f" Masih ada {left}; tekan tombolnya sekali lagi." if left else ""
        messages.success(request, f"{made} berkas sedang dibuat dan disegel.{more}")
    else:
        part = part if paper.parts else ""
        issue_event_paper(event=event, kind=paper.kind, by=request.user, reason=reason, part=part)
        messages.success(request, f"{paper.label} sedang dibuat dan disegel.")
    if part:
        return redirect("events:paper_parts", event.code, paper.kind)
    return redirect("events:papers", event.code)


@require_GET
def parts(request, code, kind):
    """A kind of which each person gets an own paper: who has it, and in which state."""
    event = get_event(request, code, Permission.EVENT_VIEW)
    paper = known(kind)
    if not paper.parts:
        raise Http404("Tidak ditemukan.")
    entry = entry_of(event, paper)
    chosen, table = listed_parts(request, entry, paginate={"per_page": PARTS_PER_PAGE})
    context = {
        "event": event,
        "section": "papers",
        "entry": entry,
        "filter": {"form": chosen},
        "is_filtered": chosen.is_filtered,
        "table": table,
        "may_export": may_in_event(request.user, Permission.ATTENDEE_EXPORT, event),
        "plan": may_in_event(request.user, Permission.EVENT_PLAN, event),
        "may_read": may(request.user, Permission.DOCUMENT_VIEW, event.office),
    }
    return render(request, "events/paper_parts.html", context)


def listed_parts(request, entry, paginate):
    """The filter and the sorted table of the papers per person, for the page and for its file."""
    chosen = PartFilter(request.GET)
    table = PartTable(chosen.filter(entry.lines))
    RequestConfig(request, paginate=paginate).configure(table)
    return chosen, table


def known(kind: str) -> paper_kinds.EventPaper:
    """The kind of an address, or 404."""
    paper = paper_kinds.get(kind)
    if paper is None:
        raise Http404("Tidak ditemukan.")
    return paper
