"""DEEDS: decide what waits under *Perlu ditinjau* (KIOSK §8.2). Every decision has a reason; nothing is deleted."""

from datetime import datetime
from uuid import UUID, uuid4

from django.db.models import TextChoices
from django.utils import timezone

from accounts import audit
from accounts.refusals import Refusal
from accounts.writing import writing
from documents.letterhead import printable
from events.attendance import check_in, standing_number
from events.attendees import readmit_attendee
from events.models import Attendee, Event
from events.people import tidy

from .evidence import Record, read_stored
from .evidence_check import NAMED
from .locking import locked
from .models import Declaration, InboxItem, KioskItem, NameCorrection, Signatory, Signature
from .models.declarations import SigningMode
from .review_words import TOGETHER
from .signing import row_of
from .storing import OUTCOME_FIELDS, apply_record, arrival_method, set_pending, take_back_record
from .walk_ins import admit_stranger

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
    APART = "apart", "Catat sebagai orang lain"
    KEEP_FIRST = "keep", "Pertahankan yang pertama"
    REVOKE = "revoke", "Batalkan catatan ini"


def resolve(
    *,
    signature: Signature,
    decision: str,
    reason: str,
    by,
    signatory: Signatory | None = None,
    person: Attendee | None = None,
    seen: str = "",
) -> Signature:
    """Decide about one record.

    accept: it counts. A record that counted before for the same person is revoked with the same reason; the outcome of
    the signatory and, once the event has begun, the attendance follow; somebody who was not on the list is put on it,
    who was withdrawn is back. ``signatory`` or ``person`` says who an unknown person is; a known one cannot become
    somebody else, nor a record of another text one of this paper. On a paper that is sealed the person gets a newer
    row, so that what is sealed stays true and the signature goes to an addendum.
    apart: the same for an unknown person, who becomes an attendee of their own.
    keep: it stays beside the one that counts. revoke: it does not count; if it did, the person stands as before it.
    ``seen`` is the ``standing`` that the officer had in front of them: who decides on a page that is out of date is told
    what the colleague has decided instead of undoing it unawares.
    Effects in order: attendee, standing of the record(s), outcome, a note where the list names the person otherwise by
    now, attendance, audit entry. Refused without a reason and while sealing.
    """
    decision, reason = Decision(decision), reason_of(reason)
    with writing():
        declaration = locked(signature.declaration)
        if declaration.state in (Declaration.State.SEALING, Declaration.State.VOID):
            raise Refusal("Naskah sedang disegel atau sudah dicabut. Keputusan tidak dapat diambil sekarang.")
        known = Signature.objects.select_related("declaration", "signatory", "decided_by")
        signature = known.get(pk=signature.pk)
        if seen and seen != signature.standing:
            raise Refusal(_decided_meanwhile(signature))
        before = signature.status
        if decision in (Decision.ACCEPT, Decision.APART):
            row = _row_for_decision(signature, declaration, decision, signatory, person, by)
            _accept(signature, declaration, row, reason, by)
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
            counts_for=str(signature.signatory_id) if signature.status == Status.VALID else None,
            changes={"status": [before, signature.status]},
        )
    return signature


def resolve_together(
    *,
    declaration: Declaration,
    code: str,
    device: UUID | None,
    decision: str,
    reason: str,
    by,
    until: datetime | None = None,
) -> int:
    """The same decision (accept or revoke) about everything that one tablet or page is held for by one code (TOGETHER).

    ``until``: what was received later was not on the page yet and goes on waiting. Effects: those of ``resolve`` for
    each, in one transaction; returns how many. Left out, because somebody has to look
    at both: people of whom another record counts already, or whom nobody knows.
    """
    decision = Decision(decision)
    if code not in TOGETHER or decision not in (Decision.ACCEPT, Decision.REVOKE):
        raise ValueError(f"not decided together: {code} {decision}")
    with writing():
        declaration = locked(declaration)
        held = declaration.signatures.to_review().filter(status=Status.HELD, code=code, device=device)
        held = held.filter(received_at__lte=until) if until else held
        count = 0
        for signature in held.select_related("signatory").order_by("signed_at", "pk"):
            row = signature.signatory
            clear = row is not None and not row.signatures.valid().exists()
            if clear or decision == Decision.REVOKE:
                resolve(signature=signature, decision=decision, reason=reason, by=by)
                count += 1
    return count


def settle_item(*, item: InboxItem, reason: str, by) -> InboxItem:
    """Close the question about bytes that are no record. Effects: resolution with who and when, audit entry."""
    reason = reason_of(reason)
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


def open_questions_of(event: Event) -> int:
    """The same for the whole event; what may belong to several papers counts once."""
    waiting = Signature.objects.to_review().filter(declaration__event=event).count()
    waiting += InboxItem.objects.filter(declaration__event=event, resolved_at=None).count()
    return waiting + KioskItem.objects.open_questions(event).count()


def record_of(signature: Signature) -> Record:
    """The record as it was received, parsed again."""
    return read_stored(bytes(signature.record))


# -- decisions ---------------------------------------------------------------------------------------------------


def _accept(signature: Signature, declaration: Declaration, row: Signatory, reason: str, by) -> None:
    record = record_of(signature)
    readmit_attendee(attendee=row.attendee, by=by, reason=reason)
    first = None if row._state.adding else row.signatures.valid().first()
    if row._state.adding:
        row.save(force_insert=True)
    elif _comes_after_the_seal(declaration, record, row, first):
        row, first = _newer_row(row, first, declaration), None
    if first:
        _stand(first, Status.REVOKED, reason, by)
        take_back_record(row, record_of(first), declaration)
        audit.record(by, "signature.replaced", first, reason=reason, by_signature=str(signature.pk))
    signature.signatory = row
    _stand(signature, Status.VALID, reason, by)
    apply_record(row, record, signature.signed_at)
    row.save(update_fields=OUTCOME_FIELDS)
    _note_other_name(row, signature, record, reason, by)
    if declaration.event.state in BEGUN:
        _note_arrival(row, signature, declaration, by)


def _note_other_name(row: Signatory, signature: Signature, record: Record, reason: str, by) -> None:
    """The name on the list was put right while the record waited: the paper says so, as for one put right afterwards."""
    recorded, since = record.data["signatory"]["name"], row.corrections.filter(at__gte=signature.received_at)
    is_explained = "name_differs" in signature.flags or signature.code in NAMED or since.exists()
    if is_explained or printable(recorded) == printable(row.name):
        return
    NameCorrection.objects.create(
        signatory=row, before=recorded, after=row.name, reason=reason, by=audit.user_or_none(by)
    )


def _comes_after_the_seal(
    declaration: Declaration, record: Record, row: Signatory, first: Signature | None
) -> bool:
    """A signature of somebody whose row of the sealed paper shows none; a sheet of one person is a paper by itself."""
    one_by_one = declaration.signing_mode == SigningMode.INDIVIDUAL
    has_signed = first.outcome == "signed" if first else row.sheet_signatures.standing().exists()
    return declaration.is_sealed and not one_by_one and record.outcome == "signed" and not has_signed


def _newer_row(row: Signatory, first: Signature | None, declaration: Declaration) -> Signatory:
    """The person's row from now on; the one on the sealed paper stays as it is, with its refusal if there was one."""
    newer = Signatory.objects.select_related("attendee", "party").get(pk=row.pk)
    newer.pk, newer._state.adding, newer.revision = uuid4(), True, row.revision + 1
    if first:
        take_back_record(newer, record_of(first), declaration)
    newer.save(force_insert=True)
    Signatory.objects.filter(pk=row.pk).update(replaced_by=newer)
    row.signatures.to_review().update(signatory=newer)
    return newer


def _note_arrival(row: Signatory, signature: Signature, declaration: Declaration, by) -> None:
    """As intake does for what counts at once; the same signature accepted again is the same arrival, unless its tablet
    had taken it back."""
    check_in(
        event=declaration.event,
        attendee=row.attendee,
        method=arrival_method(signature),
        by=by,
        occurred_at=signature.signed_at,
        client_uuid=standing_number(signature.pk),
        offline="offline" in signature.flags,
    )


def _keep_first(signature: Signature, reason: str, by) -> None:
    if signature.status != Status.CONFLICT:
        raise Refusal("Keputusan ini hanya untuk tanda tangan ganda.")
    if signature.decided_at is not None:
        raise Refusal("Catatan pertama sudah dipertahankan.")
    _stand(signature, Status.CONFLICT, reason, by)


def _revoke(signature: Signature, declaration: Declaration, reason: str, by) -> None:
    if signature.status == Status.REVOKED:
        raise Refusal("Tanda tangan ini sudah dibatalkan.")
    counted = signature.status == Status.VALID
    _stand(signature, Status.REVOKED, reason, by)
    if counted:
        set_pending(signature.signatory, record_of(signature), declaration)
        _stand_as_before(signature.signatory)


def _stand_as_before(row: Signatory) -> None:
    """Whoever had a row before the seal is again what that row says: absent, excused, refused."""
    earlier = Signatory.objects.filter(replaced_by=row).first()
    if earlier is not None:
        row.outcome, row.outcome_at = earlier.outcome, earlier.outcome_at
        row.save(update_fields=["outcome", "outcome_at"])
        earlier.signatures.valid().update(signatory=row)


def _stand(signature: Signature, status: str, reason: str, by) -> None:
    signature.status, signature.status_reason = status, reason
    signature.decided_at, signature.decided_by = timezone.now(), audit.user_or_none(by)
    signature.save(update_fields=["status", "status_reason", "decided_at", "decided_by", "signatory"])


def _row_for_decision(
    signature: Signature,
    declaration: Declaration,
    decision: str,
    signatory: Signatory | None,
    person: Attendee | None,
    by,
) -> Signatory:
    if signature.status == Status.VALID:
        raise Refusal("Tanda tangan ini sudah berlaku.")
    if signature.text_sha256 != declaration.text_version.sha256:
        raise Refusal(OTHER_TEXT)
    record = record_of(signature)
    named = _current(signature.signatory) or _row_for(record.attendee, declaration)
    if decision == Decision.APART:
        if named is not None:
            raise Refusal(f"Catatan ini milik {named}, yang sudah ada di daftar peserta.")
        return row_of(declaration, admit_stranger(record=record, event=declaration.event, by=by))
    return _row_of_signer(named, declaration, signatory, person)


def _row_of_signer(
    named: Signatory | None, declaration: Declaration, signatory: Signatory | None, person: Attendee | None
) -> Signatory:
    """Whose signature it is: the person the record names; the chosen one only when nobody of the event is named."""
    picked = signatory and declaration.signatories.current().filter(pk=signatory.pk).first()
    if person is not None:
        picked = _row_for(person.pk, declaration)
    if named is None and picked is None:
        raise Refusal("Orang ini belum ada di daftar peserta. Pilih nama penanda tangan yang dimaksud.")
    if named and picked and named.attendee_id != picked.attendee_id:
        raise Refusal(f"Catatan ini milik {named} dan tidak dapat dihitung untuk orang lain.")
    return named or picked


def _current(row: Signatory | None) -> Signatory | None:
    """The newest row of the same person on the same paper."""
    if row is None or row.replaced_by_id is None:
        return row
    newest = Signatory.objects.current().select_related("attendee")
    return newest.get(declaration=row.declaration_id, attendee=row.attendee_id)


def _row_for(attendee: UUID, declaration: Declaration) -> Signatory | None:
    """The person's row; for somebody of the event who was not on the list a new one, not saved yet."""
    row = declaration.signatories.current().filter(attendee=attendee).first()
    person = declaration.event.attendees.filter(pk=attendee).select_related("village__parent").first()
    return row_of(declaration, person) if row is None and person is not None else row


def _decided_meanwhile(signature: Signature) -> str:
    by = f" oleh {signature.decided_by}" if signature.decided_by else ""
    why = f": {signature.status_reason.rstrip('.')}" if signature.status_reason else ""
    standing = signature.get_status_display().lower()
    return f"Catatan ini baru saja diputuskan{by} ({standing}){why}. Keputusan Anda tidak disimpan; muat ulang halaman."


def reason_of(reason: str) -> str:
    """Tidied; Refusal without one."""
    reason = tidy(reason)[:LONGEST_REASON]
    if not reason:
        raise Refusal("Tuliskan alasan keputusan ini.")
    return reason
