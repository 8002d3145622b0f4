"""DEEDS: decide what tablets handed in and no signature row stands for: records of a paper of another event, arrivals,
voids, and bytes nobody could read (KIOSK §8.2). Every decision has a reason; the item itself never changes or goes."""

from django.db.models import TextChoices
from django.utils import timezone

from accounts import audit
from accounts.canonical import b64u
from accounts.refusals import Refusal
from accounts.writing import writing
from events.attendance import check_in, take_back_arrivals
from events.attendees import readmit_attendee
from events.locking import lock
from events.models import AttendanceRecord, Attendee, Event

from .classification import HELD, SURE_CLOCK, Entry, Moment
from .evidence import Record, parse_record
from .kiosk_batch import FOUND_BY
from .kiosk_intake import take_in_items
from .kiosk_reading import best_estimate, estimates
from .locking import locked
from .models import Declaration, KioskItem, Signature
from .review import BEGUN, Decision, reason_of, resolve
from .storing import read_known, store
from .walk_ins import admit_stranger

Status = KioskItem.Status
OTHER_TEXT = (
    "Bunyi naskah ini tidak sama dengan yang ditandatangani. Pilih naskah lain, atau tandai selesai ditinjau."
)
NOT_BEGUN = "Kegiatan belum dimulai atau sudah dibatalkan, sehingga kehadiran tidak dapat dicatat."


class ItemDecision(TextChoices):
    ACCEPT = "accept", "Pakai"
    APART = "apart", "Catat sebagai orang lain"
    AGAIN = "again", "Coba buka lagi"
    SETTLE = "settle", "Tandai selesai ditinjau"


def decide_item(
    *,
    item: KioskItem,
    decision: str,
    reason: str,
    by,
    person: Attendee | None = None,
    declaration: Declaration | None = None,
) -> KioskItem:
    """Decide about one item that waits.

    accept: a signature is placed on ``declaration``, which must have the same text; an arrival counts; a void is carried
    out. ``person`` says who somebody unknown is. apart: that person becomes an attendee of their own. settle: nothing
    follows. Effects in order: what follows, resolution of the item with who and when, audit entry. Deciding twice
    changes nothing. Refused without a reason, and for what nobody could read except to settle it.
    """
    decision, reason = ItemDecision(decision), reason_of(reason)
    if decision == ItemDecision.AGAIN:
        raise ValueError("to open an item again is no decision about it")
    with writing():
        _hold(item.event, declaration)
        item = KioskItem.objects.select_related("device", "event").get(pk=item.pk)
        if item.resolved_at is not None:
            return item
        if decision != ItemDecision.SETTLE:
            _carry_out(item, decision, person, declaration, reason, by)
        item.resolved_at, item.resolution = timezone.now(), reason
        item.resolved_by = audit.user_or_none(by)
        item.save(update_fields=["resolved_at", "resolved_by", "resolution"])
        audit.record(
            by,
            "kiosk.item_decided",
            item.device,
            decision=decision.value,
            reason=reason,
            item=str(item.item_id),
            sha256=item.sealed_sha256,
        )
    return item


def open_again(*, item: KioskItem, by) -> KioskItem:
    """Try to read quarantined bytes once more, for instance after the event key was restored.

    Effects: those of handing in (``kiosk_intake``); what still cannot be read stays as it is.
    """
    sent = {"id": str(item.item_id), "seq": item.seq, "kid": item.kid, "c": b64u(bytes(item.sealed))}
    take_in_items([sent], device=item.device, via=item.via, by=by, sent_at_device=None)
    item.refresh_from_db()
    return item


def record_of_item(item: KioskItem) -> Record | None:
    """What the item says; None for a signature that has its own row, and for what nobody could read."""
    return parse_record(bytes(item.record), require_device=True) if item.record else None


# -- what follows ------------------------------------------------------------------------------------------------


def _hold(event: Event, declaration: Declaration | None) -> None:
    if declaration is not None:
        locked(declaration)
    else:
        lock(event)


def _carry_out(
    item: KioskItem, decision: str, person: Attendee | None, declaration: Declaration | None, reason: str, by
) -> None:
    record = record_of_item(item)
    if record is None or item.status == Status.QUARANTINED:
        raise Refusal("Kiriman ini belum dapat dibaca. Coba buka lagi, atau tandai selesai ditinjau.")
    if item.kind == "signature":
        _place(item, record, decision, person, declaration, reason, by)
    elif item.kind == "attendance":
        _let_arrive(item, record, decision, person, reason, by)
    elif item.kind == "void":
        _void(item, reason, by)
    else:
        raise Refusal("Kiriman ini tidak memerlukan keputusan selain ditandai selesai ditinjau.")


def _place(item, record: Record, decision, person, declaration: Declaration | None, reason: str, by) -> None:
    """The record becomes a signature of this paper and is decided at once; who has signed already is asked about."""
    if declaration is None or declaration.event_id != item.event_id:
        raise Refusal("Pilih naskah kegiatan ini yang dimaksud.")
    declaration = locked(declaration)
    if record.data["text_sha256"] != declaration.text_version.sha256:
        raise Refusal(OTHER_TEXT)
    signature = _stored(item, record, declaration)
    row = signature.signatory
    if row is not None and row.signatures.valid().exists():
        Signature.objects.filter(pk=signature.pk).update(
            status=Signature.Status.CONFLICT, code="second_outcome"
        )
        return
    resolve(signature=signature, decision=Decision(decision.value), reason=reason, by=by, person=person)


def _stored(item: KioskItem, record: Record, declaration: Declaration) -> Signature:
    origin = {
        "channel": Signature.Channel.KIOSK,
        "device": item.device_id,
        "device_seq": item.seq,
        "prev_hash": item.prev_hash,
        "device_signature": bytes(item.device_signature or b""),
    }
    entry = Entry(record, declaration, moment_of_item(item, record), origin, record.is_weak(), item.code)
    known = read_known(declaration.event, [declaration], [record.attendee])
    if store([entry], known, timezone.now()):
        raise Refusal("Nomor catatan ini sudah dipakai tanda tangan lain. Tandai selesai ditinjau.")
    if entry.verdict[0] != HELD:
        raise RuntimeError("a placed record must wait for its decision")
    return entry.signature


def moment_of_item(item: KioskItem, record: Record) -> Moment:
    """When it was made, as well as can be known afterwards."""
    best, earliest, sure = best_estimate(
        estimates(record, None), not_before=item.device.paired_at, not_after=item.received_at
    )
    return Moment(best, earliest, sure, item.received_at - best > SURE_CLOCK)


def _let_arrive(item: KioskItem, record: Record, decision, person: Attendee | None, reason: str, by) -> None:
    event = item.event
    if event.state not in BEGUN:
        raise Refusal(NOT_BEGUN)
    named = event.attendees.filter(pk=record.attendee).first()
    if decision == ItemDecision.APART:
        attendee = admit_stranger(record=record, event=event, by=by)
    else:
        attendee = named or person
    if attendee is None or attendee.event_id != event.pk:
        raise Refusal("Orang ini belum ada di daftar peserta. Pilih peserta yang dimaksud.")
    attendee.event = event
    readmit_attendee(attendee=attendee, by=by, reason=reason)
    walk_in = record.data["source"] == "walk_in"
    moment = moment_of_item(item, record)
    check_in(
        event=event,
        attendee=attendee,
        method=AttendanceRecord.Method.WALK_IN if walk_in else FOUND_BY[record.data["found_by"]],
        by=by,
        occurred_at=moment.signed_at,
        client_uuid=record.id,
        offline=moment.is_late,
    )


def _void(item: KioskItem, reason: str, by) -> None:
    """Take back what the void was meant for: a signature of the event, or an arrival."""
    target = Signature.objects.filter(pk=item.target, declaration__event=item.event_id).first()
    arrivals = AttendanceRecord.objects.filter(pk=item.target, event=item.event_id)
    if target is None and not arrivals.exists():
        raise Refusal("Catatan yang hendak dibatalkan belum ada di peladen. Kirim dahulu isi tabletnya.")
    if target is not None and target.status != Signature.Status.REVOKED:
        resolve(signature=target, decision=Decision.REVOKE, reason=reason, by=by)
    take_back_arrivals(event=item.event, numbers=[item.target], reason=reason)
    item.applied_at = timezone.now()
    item.save(update_fields=["applied_at"])
