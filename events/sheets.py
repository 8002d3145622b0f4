"""DEEDS: the paper bridge of the attendance list: print numbered sheets, take scans back, note who signed (EVENTS §5)."""

import uuid
from collections.abc import Callable, Sequence
from datetime import datetime
from hashlib import sha256

from accounts import audit
from accounts.refusals import Refusal
from accounts.writing import writing
from documents import pdf, storage

from .attendance import Arrival, check_in_many
from .event_papers import compose_plain
from .issuing import refuse_unless_issuable, unprintable
from .locking import lock
from .models import AttendanceRecord, AttendanceScan, AttendanceSheet, Attendee, Event
from .sheet_paper import freeze_sheets

ROWS = 16  # of 12 mm on an A4 page, with room for a long title
MOST_EMPTY = 200
SHEETS_AT_ONCE = 10  # in one file, printed while somebody waits

# Rooms above: ``f(event) -> [{"title", "sha256"}]``, texts for which a signature on the sheet stands as well.
TEXTS: list[Callable[[Event], list[dict]]] = []


def prepare_sheets(*, event: Event, by, empty: int) -> list[AttendanceSheet]:
    """Freeze who stands in which row, with ``empty`` rows behind them; the sheets of the newest series.

    Effects: a new series when list, texts or number of rows are others than last time, with one audit entry. Refused for more
    than MOST_EMPTY empty rows, and without any row.
    """
    if not 0 <= empty <= MOST_EMPTY:
        raise Refusal(f"Jumlah baris kosong 0 sampai {MOST_EMPTY}.")
    with writing():
        refuse_unless_issuable(lock(event))
        people = [str(pk) for pk in event.attendees.expected().in_order().values_list("pk", flat=True)]
        rows = people + [""] * _filled_up(len(people), empty)
        if not rows:
            raise Refusal("Belum ada peserta. Tambahkan peserta, atau minta baris kosong.")
        newest, texts = list(newest_series(event)), [text for source in TEXTS for text in source(event)]
        if newest and newest[0].texts == texts and rows == [row for sheet in newest for row in sheet.rows]:
            return newest
        series = newest[0].series + 1 if newest else 1
        made = [
            AttendanceSheet(
                event=event,
                series=series,
                number=number,
                first_row=start + 1,
                rows=rows[start : start + ROWS],
                texts=texts,
                made_by=audit.user_or_none(by),
            )
            for number, start in enumerate(range(0, len(rows), ROWS), 1)
        ]
        AttendanceSheet.objects.bulk_create(made)
        audit.record(by, "sheets.prepared", event, count=len(made), series=series)
    return made


def newest_series(event: Event):
    """The sheets that were printed last, in order."""
    latest = event.sheets.order_by("-series").values_list("series", flat=True).first()
    return event.sheets.filter(series=latest).select_related("event").order_by("number")


def sheets_pdf(event: Event, sheets: Sequence[AttendanceSheet]) -> bytes:
    """The blank list to print; not sealed. Refusal when something on it cannot be printed."""
    snapshot = freeze_sheets(event, sheets)
    problems = unprintable(snapshot)
    if problems:
        raise Refusal("Daftar hadir belum dapat dicetak.", issues=problems)
    composed = compose_plain(snapshot, "daftar_hadir_kosong")
    try:
        return pdf.render(composed.html, inks={}, attachment=None, meta=composed.meta).pdf
    except pdf.RenderFailed as problem:
        raise Refusal(problem.message) from problem


def attach_scan(
    *,
    sheet: AttendanceSheet,
    upload: bytes,
    pages: Sequence[bytes],
    rows: Sequence[int],
    occurred_at: datetime,
    by,
) -> list[int]:
    """Keep a scan with its sheet and note the people of the chosen rows as present; returns rows that name nobody.

    ``pages`` are clean JPEGs of ``upload`` (``scans.clean_pages``). Effects in order: files stored; scan rows; arrivals
    through ``check_in_many`` with method *kertas*, once per row and sheet however often it is sent; audit entry.
    Refused for rows that are not on this sheet and while the event is not scheduled.
    """
    event = sheet.event
    wrong = [row for row in rows if not sheet.first_row <= row <= sheet.last_row]
    if wrong:
        raise Refusal(f"Baris {wrong[0]} tidak ada pada lembar ini ({sheet.first_row}–{sheet.last_row}).")
    with writing():
        refuse_unless_issuable(lock(event))
        chosen = sorted(set(rows))
        _keep(sheet, upload, pages, chosen, by)
        people = Attendee.objects.in_bulk([row for row in sheet.rows if row])
        found = {row: people.get(_person_of(sheet, row)) for row in chosen}
        arrivals = [
            Arrival(person, occurred_at, number_of(sheet, row)) for row, person in found.items() if person
        ]
        known = set(
            AttendanceRecord.objects.filter(pk__in=[arrival.client_uuid for arrival in arrivals]).values_list(
                "pk", flat=True
            )
        )
        fresh = [arrival for arrival in arrivals if arrival.client_uuid not in known]
        check_in_many(event=event, arrivals=fresh, method=AttendanceRecord.Method.PAPER, by=by)
        audit.record(by, "sheets.scan_attached", sheet, sheet=sheet.code, rows=chosen, pages=len(pages))
    return [row for row, person in found.items() if person is None]


def number_of(sheet: AttendanceSheet, row: int) -> uuid.UUID:
    """Under which number the arrival of this row is kept: the same however often the scan is sent."""
    return uuid.uuid5(sheet.pk, str(row))


def _keep(sheet: AttendanceSheet, upload: bytes, pages: Sequence[bytes], rows: list[int], by) -> None:
    """Files first, then rows; the same file again only adds the rows that are new."""
    digest = sha256(upload).hexdigest()
    for page, picture in enumerate(pages, 1):
        known = sheet.scans.filter(upload_sha256=digest, page=page).first()
        if known:
            known.rows = sorted({*known.rows, *rows})
            known.save(update_fields=["rows"])
            continue
        scan = AttendanceScan(sheet=sheet, page=page, upload_sha256=digest, rows=rows)
        scan.sha256, scan.uploaded_by = sha256(picture).hexdigest(), audit.user_or_none(by)
        scan.file = f"daftar-hadir/{sheet.event_id}/{scan.pk}.jpg"
        storage.store(scan.file, picture)
        scan.save(force_insert=True)


def _person_of(sheet: AttendanceSheet, row: int) -> uuid.UUID | None:
    key = sheet.rows[row - sheet.first_row]
    return uuid.UUID(key) if key else None


def _filled_up(people: int, empty: int) -> int:
    """Empty rows up to the end of the last sheet: a sheet is never printed half."""
    return empty + -(people + empty) % ROWS
