"""DEEDS: letter numbers, gap-free per office and year, from the office's own template (DOMAIN §5)."""

import re
from datetime import date as Date

from django.db.models import Max

from accounts import audit
from accounts.refusals import Refusal
from accounts.writing import writing
from regions.wording import roman

from .models import LetterNumber, NumberCounter

DEFAULT_TEMPLATE = "{seq:03}{suffix}/{class}/{signer}{office}/{month:02}/{year}"
TOKEN = re.compile(r"\{([^{}]*)\}")
PADDED = re.compile(r"(seq|day|month):0(\d)")
PLAIN = frozenset({"seq", "suffix", "class", "signer", "office", "day", "month", "roman", "year"})


def check_template(template: str) -> str:
    """Return the template; ValueError names an unknown token. PURE."""
    for token in TOKEN.findall(template):
        if token not in PLAIN and not PADDED.fullmatch(token):
            raise ValueError(f"unknown token {{{token}}}")
    if "{" in TOKEN.sub("", template) or "}" in TOKEN.sub("", template):
        raise ValueError("loose brace in the template")
    if not re.search(r"\{seq(:0\d)?\}", template):
        raise ValueError("the template has no {seq}")
    return template


def render_number(
    template: str,
    *,
    sequence: int,
    date: Date,
    classification: str,
    office_code: str,
    suffix: int = 0,
    signed_by_chair: bool = True,
) -> str:
    """The number as it is printed. PURE.

    >>> render_number(DEFAULT_TEMPLATE, sequence=45, date=Date(2024, 10, 2),
    ...               classification="PM.00.02", office_code="JI-12.05")
    '045/PM.00.02/K.JI-12.05/10/2024'
    """
    check_template(template)
    tail = f".{suffix}" if suffix else ""
    if tail and "{suffix}" not in template:
        template = re.sub(r"(\{seq(:0\d)?\})", r"\1{suffix}", template, count=1)
    values = {
        "seq": sequence,
        "suffix": tail,
        "class": classification,
        "signer": "K." if signed_by_chair else "",
        "office": office_code,
        "day": date.day,
        "month": date.month,
        "roman": roman(date.month),
        "year": date.year,
    }

    def value(match: re.Match) -> str:
        name, _, width = match[1].partition(":")
        return str(values[name]).zfill(int(width or 0))

    return TOKEN.sub(value, template)


def reserve_number(
    *,
    office,
    date: Date,
    classification: str,
    by,
    subject: str = "",
    signed_by_chair: bool = True,
) -> LetterNumber:
    """Take the next number of the office's book for a draft.

    Effects in order: locks the counter of office and year; a date before the newest letter of the year takes the last
    number on or before that date with the next free suffix, any other date the next number; writes the line of the
    book (reserved) and the audit entry.
    """
    with writing():
        counter = _locked_counter(office, date.year)
        sequence, suffix = _place(office, date, counter)
        number = LetterNumber.objects.create(
            office=office,
            year=date.year,
            sequence=sequence,
            suffix=suffix,
            date=date,
            classification=classification,
            text=_text(office, date, classification, sequence, suffix, signed_by_chair),
            subject=subject,
            created_by=by if getattr(by, "pk", None) and hasattr(by, "email") else None,
        )
        audit.record(by, "number.reserved", number, number=number.text, date=date.isoformat())
    return number


def assign_number(*, number: LetterNumber, by, source: str = "", subject: str = "") -> LetterNumber:
    """Use a reserved number for a paper; from now on it is plain text and never computed again.

    Effects: state issued, ``source`` and ``subject`` noted, audit entry. A second call for the same paper changes
    nothing; a number that is void or belongs to another paper is refused.
    """
    with writing():
        number = LetterNumber.objects.select_for_update().get(pk=number.pk)
        if number.state == LetterNumber.State.ISSUED and number.source == source:
            return number
        if number.state == LetterNumber.State.ISSUED:
            raise Refusal(f"Nomor {number.text} sudah dipakai untuk surat lain. Pesan nomor baru.")
        if number.state == LetterNumber.State.VOID:
            raise Refusal(f"Nomor {number.text} sudah batal dan tidak dapat dipakai lagi. Pesan nomor baru.")
        number.state, number.source = LetterNumber.State.ISSUED, source
        number.subject = subject or number.subject
        number.save(update_fields=["state", "source", "subject"])
        audit.record(by, "number.issued", number, number=number.text, source=source)
    return number


def release_number(*, number: LetterNumber, reason: str, by) -> LetterNumber:
    """Give up a number: it stays in the book as void with its reason and is never used again.

    Effects: state void with reason, audit entry. A second call changes nothing.
    """
    if not reason.strip():
        raise Refusal("Tuliskan alasan mengapa nomor ini batal.")
    with writing():
        number = LetterNumber.objects.select_for_update().get(pk=number.pk)
        if number.state == LetterNumber.State.VOID:
            return number
        number.state, number.void_reason = LetterNumber.State.VOID, reason.strip()
        number.save(update_fields=["state", "void_reason"])
        audit.record(by, "number.voided", number, number=number.text, reason=number.void_reason)
    return number


def set_initial_number(*, office, year: int, last: int, by) -> NumberCounter:
    """Continue the paper book: ``last`` is the last number given out before the product was used.

    Effects: counter set, audit entry. Refused when the book of that year already reaches further.
    """
    with writing():
        counter = _locked_counter(office, year)
        if last < counter.last:
            raise Refusal(
                f"Buku nomor tahun {year} sudah sampai nomor {counter.last}. Nomor awal tidak boleh lebih kecil."
            )
        before, counter.last = counter.last, last
        counter.save(update_fields=["last"])
        audit.record(by, "number.initial_set", office, year=year, changes={"last": [before, last]})
    return counter


def next_sequence(office, year: int) -> int:
    """What the next letter of the year would get, for an example; nothing is reserved and another may be faster."""
    last = NumberCounter.objects.filter(office=office, year=year).values_list("last", flat=True).first()
    return (last or 0) + 1


def _locked_counter(office, year: int) -> NumberCounter:
    # The row is the lock on PostgreSQL; on SQLite writing() already lets only one in.
    NumberCounter.objects.get_or_create(office=office, year=year)
    return NumberCounter.objects.select_for_update().get(office=office, year=year)


def _place(office, date: Date, counter: NumberCounter) -> tuple[int, int]:
    """(sequence, suffix) for a letter of this date; a fresh sequence also moves the counter."""
    book = LetterNumber.objects.filter(office=office, year=date.year)
    newest = book.aggregate(day=Max("date"))["day"]
    if newest is None or date >= newest:
        counter.last += 1
        counter.save(update_fields=["last"])
        return counter.last, 0
    before = book.filter(date__lte=date).order_by("-sequence").first()
    base = (before or book.order_by("sequence").first()).sequence
    taken = book.filter(sequence=base).aggregate(suffix=Max("suffix"))["suffix"]
    return base, taken + 1


def _text(office, date: Date, classification: str, sequence: int, suffix: int, signed_by_chair: bool) -> str:
    if not office.letter_code:
        raise Refusal("Kode surat kantor belum diisi. Lengkapi data kantor sebelum mengambil nomor.")
    return render_number(
        office.number_template or DEFAULT_TEMPLATE,
        sequence=sequence,
        suffix=suffix,
        date=date,
        classification=classification,
        office_code=office.letter_code,
        signed_by_chair=signed_by_chair,
    )
