"""DEEDS: decide what waits under *Perlu ditinjau* (KIOSK §8.2). Every decision has a reason; nothing is deleted."""

from uuid import UUID

from django.db.models import TextChoices
from django.utils import timezone

from accounts import audit
from accounts.refusals import Refusal
from accounts.writing import writing
from events.attendance import check_in
from events.models import Event
from events.people import tidy

from .evidence import Record, parse_record
from .locking import locked
from .models import Declaration, InboxItem, KioskItem, Signatory, Signature
from .signing import row_of
from .storing import OUTCOME_FIELDS, apply_record, arrival_method, set_pending, take_back_record

Status = Signature.Status
LONGEST_REASON = 300
# Nobody is present at an event that has not begun or never will; a decision at the desk does not start it.
BEGUN = (Event.State.RUNNING, Event.State.CLOSED, Event.State.ARCHIVED)
OTHER_TEXT = (
    "Orang ini menandatangani naskah yang lain bunyinya, sehingga tidak dapat dihitung pada dokumen ini. Batalkan"
    " catatan ini dan mintalah orangnya menandatangani naskah yang ditetapkan."
)


class Decision(TextChoices):
    ACCEPT = "accept", "Pakai catatan ini"
    KEEP_FIRST = "keep", "Pertahankan yang pertama"
    REVOKE = "revoke", "Batalkan catatan ini"


def resolve(
    *, signature: Signature, decision: str, reason: str, by, signatory: Signatory | None = None
) -> Signature:
    """Decide about one record.

    accept: it counts. A record that counted before for the same person is revoked with the same reason; the outcome of
    the signatory and, once the event has begun, the attendance follow; somebody who was not on the list is put on it.
    ``signatory`` says who an unknown person is; a known one cannot become somebody else, nor a record of another text
    one of this paper.
    keep: it stays beside the one that counts. revoke: it does not count; if it did, the person is *belum* again.
    Effects in order: standing of the record(s), outcome, attendance, audit entry. Refused without a reason and while
    sealing.
    """
    decision, reason = Decision(decision), _reason(reason)
    with writing():
        declaration = locked(signature.declaration)
        if declaration.state in (Declaration.State.SEALING, Declaration.State.VOID):
            raise Refusal("Naskah sedang disegel atau sudah dicabut. Keputusan tidak dapat diambil sekarang.")
        signature = Signature.objects.select_related("declaration", "signatory").get(pk=signature.pk)
        before = signature.status
        if decision == Decision.ACCEPT:
            _accept(signature, declaration, signatory, reason, by)
        elif decision == Decision.KEEP_FIRST:
            _keep_first(signature, reason, by)
        else:
            _revoke(signature, declaration, reason, by)
        audit.record(
            by,
            "signature.reviewed",
            signature,
            decision=decision.value,
            reason=reason,
            counts_for=str(signature.signatory_id) if decision == Decision.ACCEPT else None,
            changes={"status": [before, signature.status]},
        )
    return signature


def settle_item(*, item: InboxItem, reason: str, by) -> InboxItem:
    """Close the question about bytes that are no record. Effects: resolution with who and when, audit entry."""
    reason = _reason(reason)
    with writing():
        locked(item.declaration)
        item = InboxItem.objects.select_related("declaration").get(pk=item.pk)
        if item.resolved_at is not None:
            return item
        item.resolved_at, item.resolution = timezone.now(), reason
        item.resolved_by = audit.user_or_none(by)
        item.save(update_fields=["resolved_at", "resolved_by", "resolution"])
        audit.record(by, "inbox.settled", item, reason=reason, sha256=item.sealed_sha256)
    return item


def open_questions(declaration: Declaration) -> int:
    """How many decisions are still missing before the paper may be sealed without a reason.

    What tablets handed in and nobody could place may belong to any paper of the event, so it counts for each.
    """
    waiting = declaration.signatures.to_review().count()
    waiting += declaration.inbox_items.filter(resolved_at=None).count()
    return waiting + KioskItem.objects.open_questions(declaration.event_id).count()


def record_of(signature: Signature) -> Record:
    """The record as it was received, parsed again."""
    raw = bytes(signature.record)
    return parse_record(raw, require_device=signature.device is not None)


# -- decisions ---------------------------------------------------------------------------------------------------


def _accept(
    signature: Signature, declaration: Declaration, signatory: Signatory | None, reason: str, by
) -> None:
    if signature.status == Status.VALID:
        raise Refusal("Tanda tangan ini sudah berlaku.")
    if signature.text_sha256 != declaration.text_version.sha256:
        raise Refusal(OTHER_TEXT)
    record = record_of(signature)
    row = _row_of_signer(signature, record, declaration, signatory)
    first = row.signatures.valid().first()
    if first:
        _stand(first, Status.REVOKED, reason, by)
        take_back_record(row, record_of(first), declaration)
        audit.record(by, "signature.replaced", first, reason=reason, by_signature=str(signature.pk))
    signature.signatory = row
    _stand(signature, Status.VALID, reason, by)
    apply_record(row, record, signature.signed_at)
    row.save(update_fields=OUTCOME_FIELDS)
    if declaration.event.state in BEGUN:
        _note_arrival(row, signature, declaration, by)


def _note_arrival(row: Signatory, signature: Signature, declaration: Declaration, by) -> None:
    """As intake does for what counts at once; the same signature accepted again is the same arrival."""
    check_in(
        event=declaration.event,
        attendee=row.attendee,
        method=arrival_method(signature),
        by=by,
        occurred_at=signature.signed_at,
        client_uuid=signature.pk,
        offline="offline" in signature.flags,
    )


def _keep_first(signature: Signature, reason: str, by) -> None:
    if signature.status != Status.CONFLICT:
        raise Refusal("Keputusan ini hanya untuk tanda tangan ganda.")
    _stand(signature, Status.CONFLICT, reason, by)


def _revoke(signature: Signature, declaration: Declaration, reason: str, by) -> None:
    if signature.status == Status.REVOKED:
        raise Refusal("Tanda tangan ini sudah dibatalkan.")
    counted = signature.status == Status.VALID
    _stand(signature, Status.REVOKED, reason, by)
    if counted:
        set_pending(signature.signatory, record_of(signature), declaration)


def _stand(signature: Signature, status: str, reason: str, by) -> None:
    signature.status, signature.status_reason = status, reason
    signature.decided_at, signature.decided_by = timezone.now(), audit.user_or_none(by)
    signature.save(update_fields=["status", "status_reason", "decided_at", "decided_by", "signatory"])


def _row_of_signer(
    signature: Signature, record: Record, declaration: Declaration, chosen: Signatory | None
) -> Signatory:
    """Whose signature it is: the person the record names; ``chosen`` only when nobody of the event is named."""
    row = signature.signatory or _row_for(record.attendee, declaration)
    picked = chosen and declaration.signatories.current().filter(pk=chosen.pk).first()
    if row is None and picked is None:
        raise Refusal("Orang ini belum ada di daftar peserta. Pilih nama penanda tangan yang dimaksud.")
    if row and picked and row != picked:
        raise Refusal(f"Catatan ini milik {row} dan tidak dapat dihitung untuk orang lain.")
    return row or picked


def _row_for(attendee: UUID, declaration: Declaration) -> Signatory | None:
    """The person's row; somebody of the event who was not on the list gets one now."""
    row = declaration.signatories.current().filter(attendee=attendee).first()
    person = declaration.event.attendees.filter(pk=attendee).select_related("village__parent").first()
    if row is None and person is not None:
        row = row_of(declaration, person)
        row.save(force_insert=True)
    return row


def _reason(reason: str) -> str:
    reason = tidy(reason)[:LONGEST_REASON]
    if not reason:
        raise Refusal("Tuliskan alasan keputusan ini.")
    return reason
