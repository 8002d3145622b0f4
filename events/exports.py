"""DEEDS: lists of an event as files. Numbers and telephones in full only for a right and a reason (EVENTS §7)."""

from collections.abc import Sequence

from django.http import HttpResponse

from accounts.column_choice import remember_columns
from accounts.handing_out import hand_out_table
from accounts.refusals import Refusal
from accounts.spreadsheets import choose

from .attendee_columns import SENSITIVE, columns_of
from .models import Event
from .people import tidy

TABLE = "peserta"
NO_REASON = "Alasan mengunduh nomor lengkap wajib diisi."
NO_COLUMN = "Pilih paling sedikit satu kolom."


def export_attendees(
    *,
    event: Event,
    rows,
    keys: Sequence[str],
    ending: str,
    by,
    in_full: bool = False,
    reason: str = "",
    about: Sequence[tuple[str, str]] = (),
) -> HttpResponse:
    """The given attendees as XLSX or CSV with the chosen columns.

    Effects: remembers the columns for ``by``, then audit ``table.exported`` with rows, columns and, where numbers go
    out in full, the reason. Refusal without a column or, in full, without a reason.
    """
    reason = tidy(reason)[:300]
    columns = choose(columns_of(event.time_zone, in_full=in_full), keys)
    reveals = in_full and any(column.key in SENSITIVE for column in columns)
    if not columns:
        raise Refusal(NO_COLUMN)
    if reveals and not reason:
        raise Refusal(NO_REASON)
    remember_columns(user=by, table=TABLE, keys=[column.key for column in columns])
    facts = {"unmasked": True, "reason": reason} if reveals else {}
    return hand_out_table(
        title=f"Peserta {event.title}",
        columns=columns,
        rows=rows,
        ending=ending,
        by=by,
        target=event,
        about=[("Kegiatan", f"{event.title} ({event.code})"), *about],
        zone=event.time_zone,
        **facts,
    )
