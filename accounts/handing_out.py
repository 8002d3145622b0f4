"""DEED: hand out a table as a file. Reading is logged where it takes data out of the house (EVENTS §7, §9)."""

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.text import slugify

from regions.wording import clock_with_zone, long_date

from . import audit
from .access import current_offices
from .spreadsheets import CONTENT_TYPES, Column, Sheet, content
from .writing import writing

DEFAULT_ZONE = "Asia/Jakarta"


def hand_out_table(
    *,
    title: str,
    columns: Sequence[Column],
    rows: Sequence[Any],
    ending: str,
    by,
    target,
    about: Sequence[tuple[str, str]] = (),
    zone: str = DEFAULT_ZONE,
    **facts,
) -> HttpResponse:
    """The rows as an XLSX or CSV download.

    Effects: audit ``table.exported`` in the log of ``target`` with the number of rows and the columns, before a byte
    leaves. ``about`` says what was filtered; who and when are added. 404 for an unknown ending.
    """
    if ending not in CONTENT_TYPES:
        raise Http404("Tidak ditemukan.")
    rows, now = list(rows), timezone.now()
    moment = f"{long_date(now, zone)}, pukul {clock_with_zone(now, zone)}"
    told = [("Daftar", title), *about, ("Jumlah baris", str(len(rows))), ("Diunduh oleh", str(by))]
    sheet = Sheet(title, columns, rows, [*told, ("Diunduh pada", moment)])
    made = content(sheet, ending)
    labels = [column.label for column in columns]
    with writing():
        audit.record(
            by, "table.exported", target, table=title, rows=len(rows), columns=labels, format=ending, **facts
        )
    return _download(made, ending, title)


def _download(made: bytes, ending: str, title: str) -> HttpResponse:
    response = HttpResponse(made, content_type=CONTENT_TYPES[ending])
    day = timezone.localdate()
    response["Content-Disposition"] = (
        f'attachment; filename="{slugify(title)[:80] or "daftar"}-{day:%Y%m%d}.{ending}"'
    )
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def own_log(user):
    """Whose log says that a list of several offices went out: the office the person works in, else the house."""
    return current_offices(user).first() or audit.SystemStream("Netralitas")


def chosen_in_words(form) -> list[tuple[str, str]]:
    """The filter of a list in words: (label, what was chosen) for every field that is filled, else "Semua"."""
    said = []
    form.is_valid()
    for name, field in form.fields.items():
        value = form.cleaned_data.get(name) if hasattr(form, "cleaned_data") else None
        if value not in (None, "", False) and value != []:
            choices = dict(getattr(field, "choices", ()) or ()) if isinstance(value, str) else {}
            words = "ya" if value is True else str(choices.get(value, value))
            said.append((f"Saringan: {field.label}", words))
    return said or [("Saringan", "Tanpa saringan")]
