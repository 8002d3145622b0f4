"""DEEDS: the report of an event goes to the supervising office and is received or comes back (DOMAIN.md §12)."""

from django.utils import timezone

from accounts import audit
from accounts.canonical import canonical_bytes, sha256_hex
from accounts.refusals import Refusal
from accounts.writing import writing
from documents.models import Document

from .locking import lock
from .models import Event, EventSubmission
from .people import tidy

State = EventSubmission.State
NOT_OVER = "Kegiatan belum ditutup. Tutup kegiatan, lalu kirim laporannya."
NO_PARENT = "Kantor pengawas di atas kantor ini belum dicatat. Hubungi administrator kantor."
NOTHING_SEALED = "Belum ada berkas yang tersegel. Terbitkan laporan kegiatan atau segel naskahnya dahulu."
STILL_MADE = "{} berkas masih dibuat atau menunggu segel. Tunggu sampai selesai, lalu kirim."
UNANSWERED = "Laporan ini sudah dikirim dan belum dijawab."
NOTHING_NEW = "Laporan ini sudah diterima dan tidak ada berkas baru sejak itu."
ANSWERED = "Laporan ini sudah dijawab."
NO_REASON = "Tulis apa yang harus diperbaiki, supaya pengirim tahu."


def papers_of(event: Event) -> list[dict]:
    """What would be sent now: every sealed paper in force, in the order of sealing."""
    sealed = Document.objects.filter(event_code=event.code, state=Document.State.SEALED).order_by(
        "sealed_at", "pk"
    )
    names = ("pk", "kind", "title", "number", "revision", "sha256")
    return [
        {
            "document": str(pk),
            "kind": kind,
            "title": title,
            "number": number,
            "revision": revision,
            "sha256": sha256,
        }
        for pk, kind, title, number, revision, sha256 in sealed.values_list(*names)
    ]


def new_since(submission: EventSubmission, papers: list[dict] | None = None) -> list[dict]:
    """What was sealed after the list was sent: papers of now that are not on it. A revision is a new paper."""
    papers = papers_of(submission.event) if papers is None else papers
    sent = {paper["document"] for paper in submission.papers}
    return [paper for paper in papers if paper["document"] not in sent]


def digest_of(papers: list[dict]) -> str:
    return sha256_hex(canonical_bytes(papers))


def obstacles(event: Event, papers: list[dict] | None = None) -> list[str]:
    """Why the report cannot go now, as sentences; empty when it can."""
    papers = papers_of(event) if papers is None else papers
    if event.state not in (Event.State.CLOSED, Event.State.ARCHIVED):
        return [NOT_OVER]
    found = [] if event.office.parent_id else [NO_PARENT]
    if unfinished := Document.objects.filter(
        event_code=event.code, state__in=Document.UNSEALED_STATES
    ).count():
        found.append(STILL_MADE.format(unfinished))
    if not papers and not unfinished:
        found.append(NOTHING_SEALED)
    latest = event.submissions.first()
    if latest and latest.is_sent:
        found.append(UNANSWERED)
    elif latest and not latest.is_returned and latest.digest == digest_of(papers):
        found.append(NOTHING_NEW)
    return found


def submit_event(*, event: Event, note: str = "", by) -> EventSubmission:
    """Send what is sealed to the office above; that office sees the papers in its archive anyway, now it is told.

    Effects in order: the list of papers with their hashes is frozen; one unanswered row per event; audit
    ``report.submitted``. Refused with ``obstacles``. A second time only after an answer.
    """
    with writing():
        lock(event)
        papers = papers_of(event)
        if found := obstacles(event, papers):
            raise Refusal(found[0], issues=found[1:])
        submission = EventSubmission.objects.create(
            event=event,
            to_office=event.office.parent,
            at=timezone.now(),
            by=audit.user_or_none(by),
            note=tidy(note)[:500],
            papers=papers,
            digest=digest_of(papers),
        )
        audit.record(by, "report.submitted", event, count=len(papers), office=str(event.office.parent))
    return submission


def accept_submission(*, submission: EventSubmission, by) -> EventSubmission:
    """The receiving office has it. Audit ``report.received``. Refused when it was answered already."""
    return _answer(submission, State.RECEIVED, "", "report.received", by)


def return_submission(*, submission: EventSubmission, reason: str, by) -> EventSubmission:
    """Something is missing: back to the sender with what. Audit ``report.returned`` with the reason."""
    reason = tidy(reason)[:500]
    if not reason:
        raise Refusal(NO_REASON)
    return _answer(submission, State.RETURNED, reason, "report.returned", by)


def _answer(submission: EventSubmission, state: str, reason: str, verb: str, by) -> EventSubmission:
    with writing():
        lock(submission.event)
        submission.refresh_from_db(fields=["state"])
        if not submission.is_sent:
            raise Refusal(ANSWERED)
        submission.state, submission.reason = state, reason
        submission.answered_at, submission.answered_by = timezone.now(), audit.user_or_none(by)
        submission.save(update_fields=["state", "reason", "answered_at", "answered_by"])
        facts = {"reason": reason} if reason else {}
        audit.record(by, verb, submission.event, **facts)
    return submission
