"""One page of the people of a paper, as the pages of this room show it."""

from django.db.models import Count, Q
from django_tables2 import RequestConfig

from accounts.access import may
from accounts.roles import Permission

from ..forms import SignatoryFilter
from ..models import Declaration, Signatory
from ..tables import SignatoryTable

PAGE = 50
MARKS = [
    (Signatory.Outcome.PENDING, "Belum"),
    (Signatory.Outcome.ABSENT, "Tidak hadir"),
    (Signatory.Outcome.EXCUSED, "Berhalangan"),
]


def signatory_list(request, found: Declaration, *, may_run: bool) -> dict:
    """Filter, table and totals; a name that is looked for came by POST."""
    rows = found.signatories.current()
    totals = rows.aggregate(expected=Count("pk"), signed=Count("pk", filter=Q(outcome="signed")))
    form = SignatoryFilter(request.POST if request.method == "POST" else request.GET)
    table = SignatoryTable(form.filter(rows).in_order(), may_mark=may_run and not found.is_sealed)
    RequestConfig(request, paginate={"per_page": PAGE}).configure(table)
    export = may(request.user, Permission.ATTENDEE_EXPORT, found.event.office)
    return {"filter": form, "table": table, "marks": MARKS, "may_export": export.allowed, **totals}


def in_chosen_order(request, table) -> list:
    """All rows in the order that the page shows."""
    RequestConfig(request, paginate=False).configure(table)
    return [row.record for row in table.rows]
