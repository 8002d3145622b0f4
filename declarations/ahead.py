"""Which papers are worth printing before they are ordered (PDF.md §2.4): long ones, when nobody has signed for a while.

Reads only. ``documents.ahead`` makes them, with low priority; the click on *Tutup* or *Segel* then only has to seal.
"""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial

from django.db.models import Count, Q
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.refusals import Refusal
from documents.ahead import Candidate
from events.models import Event

from .locking import at_hand
from .models import Declaration
from .models.declarations import TOGETHER
from .sealing import arguments_without_issues

QUIET = timedelta(seconds=20)
LEAST_ROWS = 50
STATES = (Declaration.State.OPEN, Declaration.State.CLOSED)


def candidates() -> Iterator[Candidate]:
    """Papers being signed, or closed and not sealed yet, of events in whose log nothing was written for a while."""
    rows = Count("signatories", filter=Q(signatories__replaced_by=None))
    papers = Declaration.objects.filter(state__in=STATES, signing_mode__in=TOGETHER, document=None)
    papers = papers.exclude(event__state=Event.State.ARCHIVED)  # which takes no first paper any more
    for declaration in (
        papers.annotate(rows=rows)
        .filter(rows__gte=LEAST_ROWS)
        .select_related("event__office", "text_version__pledge_text")
    ):
        newest = AuditEntry.objects.filter(stream=declaration.audit_stream).order_by("-seq").first()
        if newest and newest.at < timezone.now() - QUIET:
            yield Candidate(
                kind=declaration.kind,
                source=declaration.source,
                office=declaration.event.office,
                event_code=declaration.event.code,
                mark=newest.hash,
                arguments=partial(_arguments, declaration.pk),
            )


def _arguments(pk) -> dict | None:
    try:
        return arguments_without_issues(at_hand(Declaration(pk=pk)))
    except Refusal:
        return None
