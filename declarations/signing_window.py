"""The planned hours of signing (DOMAIN §1.8): announced, not enforced. Staff open and close; what is signed after the
planned end while a paper is still open counts and is printed as *susulan* (``classification.is_after_window``)."""

from datetime import datetime

from events.models import Event
from regions.wording import clock_with_zone, long_date_no_day

from .models import Declaration

State = Declaration.State


def window_note(declaration: Declaration, now: datetime) -> str:
    """What the planned hours of signing mean now; they open and close nothing by themselves."""
    event = declaration.event
    opens, closes = event.signing_opens_at, event.signing_closes_at
    if declaration.state == State.DRAFT and opens and now < opens:
        return f"Penandatanganan dijadwalkan mulai {_moment(opens, event)}."
    if declaration.state == State.OPEN and closes and now > closes:
        return (
            f"Jadwal penandatanganan berakhir {_moment(closes, event)}. Tanda tangan sesudah itu tetap diterima dan"
            " dicetak dengan keterangan susulan."
        )
    return ""


def _moment(moment: datetime, event: Event) -> str:
    return f"{long_date_no_day(moment, event.time_zone)} pukul {clock_with_zone(moment, event.time_zone)}"
