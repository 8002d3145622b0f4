"""DEEDS: the room code of an online meeting: six characters on its screen that admit a personal link (EVENTS.md §5)."""

import hmac
import secrets
from datetime import datetime, timedelta

from django.utils import timezone

from accounts import audit
from accounts.refusals import Refusal
from accounts.writing import writing

from .attendance import check_in
from .desks import desk_of
from .locking import lock
from .models import AttendanceRecord, Event, PersonalLink, SigningDesk

# Nothing that is misread on a screen: no B/8, I/L/1, O/0, S/5, Z/2. 2·10⁸ codes.
ALPHABET = "ACDEFGHJKMNPQRTUVWXY34679"
LENGTH = 6
MOST_MINUTES = 12 * 60
MOST_USES = 5_000

NOT_RUNNING = "Kegiatan tidak sedang berlangsung. Mulai kegiatan lebih dahulu, lalu buka kode ruang."
NOT_BEGUN = "Kegiatan belum dimulai. Tunggu sampai petugas memulai kegiatan, lalu ketik kode ruang lagi."
OVER = "Kegiatan sudah selesai. Kode ruang tidak diperlukan lagi."
CLOSED = "Kode ruang belum dibuka. Tunggu sampai petugas menampilkannya pada layar rapat."
WRONG = "Kode tidak cocok. Periksa kode pada layar rapat, lalu ketik sekali lagi."
EXPIRED = "Waktu kode ini sudah habis. Minta petugas rapat menampilkan kode baru."
FULL = "Kode ini sudah dipakai sebanyak batasnya. Minta petugas rapat menampilkan kode baru."
WITHDRAWN = "Nama Anda tidak lagi tercantum dalam daftar peserta. Hubungi panitia."
REVOKED = "Tautan ini tidak berlaku lagi. Minta tautan baru kepada panitia."


class WrongCode(Refusal):
    """Somebody guessed: the only refusal that callers count."""

    def __init__(self):
        super().__init__(WRONG)


def open_room_code(*, event: Event, minutes: int, limit: int, by) -> SigningDesk:
    """A fresh code for the next ``minutes`` and at most ``limit`` links; an earlier code dies, counting begins anew.

    From now on links ask for a code. Audit ``room.opened`` without the code. Refused unless the event is running and
    both numbers make sense.
    """
    if not 1 <= minutes <= MOST_MINUTES:
        raise Refusal("Kode ruang berlaku 1 sampai 720 menit.")
    if not 1 <= limit <= MOST_USES:
        raise Refusal("Kode ruang dapat dipakai oleh 1 sampai 5.000 tautan.")
    with writing():
        lock(event)
        if not event.is_running:
            raise Refusal(NOT_RUNNING)
        desk, now = desk_of(event=event, by=by), timezone.now()
        desk.room_code = _another(desk.room_code)
        desk.room_code_from, desk.room_code_until = now, now + timedelta(minutes=minutes)
        desk.room_code_limit, desk.room_code_uses = limit, 0
        _save(desk)
        audit.record(by, "room.opened", event, minutes=minutes, limit=limit)
    return desk


def revoke_room_code(*, event: Event, by) -> SigningDesk:
    """Nobody comes in by this code any more; links go on asking for one. Audit ``room.revoked``, once."""
    with writing():
        lock(event)
        desk = desk_of(event=event, by=by)
        if desk.room_code:
            desk.room_code = ""
            _save(desk)
            audit.record(by, "room.revoked", event)
    return desk


def drop_room_code(*, event: Event, by) -> SigningDesk:
    """Links ask for no code any more. Audit ``room.dropped``, once."""
    with writing():
        lock(event)
        desk = desk_of(event=event, by=by)
        if desk.asks_room_code:
            desk.room_code, desk.room_code_limit, desk.room_code_uses = "", 0, 0
            _save(desk)
            audit.record(by, "room.dropped", event)
    return desk


def admit(*, link: PersonalLink, code: str, now: datetime | None = None) -> PersonalLink:
    """The code of the meeting was typed on this link.

    Effects: one use more, ``admitted_at``, attendance *kode ruang*, audit ``link.admitted``. Who is admitted already
    stays so and uses nothing. Refusal says what is wrong with the code; how often somebody may try is asked before.
    """
    now = now or timezone.now()
    with writing():
        event = lock(link.attendee.event)
        link.refresh_from_db(fields=["revoked_at", "admitted_at"])
        if link.admitted_at and not link.revoked_at:
            return link
        desk = SigningDesk.objects.filter(event=event).first() or SigningDesk(event=event)
        if problem := _why_outside(link, event, desk, code, now):
            raise WrongCode() if problem == WRONG else Refusal(problem)
        desk.room_code_uses += 1
        desk.save(update_fields=["room_code_uses"])
        link.admitted_at = now
        link.save(update_fields=["admitted_at"])
        method = AttendanceRecord.Method.ROOM_CODE
        check_in(event=event, attendee=link.attendee, method=method, by=link, occurred_at=now)
        audit.record(link, "link.admitted", link.attendee)
    return link


def asks_room_code(event: Event) -> bool:
    """Must a link name the code of the meeting before signing?"""
    return SigningDesk.objects.filter(event=event, room_code_limit__gt=0).exists()


def in_letters(typed: str) -> str:
    """What was meant by "acd-ef 7"."""
    return "".join(character for character in typed.upper() if character.isalnum())


def _why_outside(link: PersonalLink, event: Event, desk: SigningDesk, code: str, now: datetime) -> str:
    """The first thing that is wrong; time and uses are told only to those who know the code."""
    link.attendee.refresh_from_db(fields=["withdrawn_at"])
    if link.revoked_at:
        return REVOKED
    if link.attendee.is_withdrawn:
        return WITHDRAWN
    if not event.is_running:
        return NOT_BEGUN if event.state in (Event.State.DRAFT, Event.State.SCHEDULED) else OVER
    if not desk.room_code:
        return CLOSED
    if not hmac.compare_digest(in_letters(code).encode(), desk.room_code.encode()):
        return WRONG
    if not desk.room_code_from <= now < desk.room_code_until:
        return EXPIRED
    return FULL if desk.room_code_uses >= desk.room_code_limit else ""


def _another(before: str) -> str:
    code = before
    while code == before:
        code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return code


def _save(desk: SigningDesk) -> None:
    desk.save(
        update_fields=[
            "room_code",
            "room_code_from",
            "room_code_until",
            "room_code_limit",
            "room_code_uses",
        ]
    )
