"""Identity numbers of people: check, explain, mask, print. Pure: no database, no request (DOMAIN §9.2).

A wrong shape is an error on the number only: the field may be left empty and the person is never blocked.
A NIP is no secret (a birth date and a few digits can be guessed): never a login and never a key on a public page.
"""

import re
from collections.abc import Callable, Container
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

NIP_LENGTH, NIK_LENGTH = 18, 16
SEX = {"1": "L", "2": "P"}
FIRST_CONTRACT_CODE = 21  # digits 13–14 of a NI PPPK; 01–12 are the month of a NIP
AGES_AT_START = range(15, 61)

NIP_SHAPE = "NIP/NI PPPK harus 18 angka."
NIP_BIRTH = "8 angka pertama bukan tanggal lahir yang sah (TTTTBBHH)."
NIP_SEX = "Angka ke-15 harus 1 (pria) atau 2 (wanita)."
NIP_SERIAL = "Nomor urut tidak boleh 000."
NIP_KIND = "Angka ke-13-14 tidak sah (01-12 untuk PNS, 21 ke atas untuk PPPK)."
NIP_AGE = "Jarak tahun lahir dan pengangkatan tidak wajar."
NIP_FUTURE = "Tahun pengangkatan di masa depan."
CUT_BY_EXCEL = "NIP dipotong oleh Excel (hanya 15 digit). Ubah kolom menjadi Teks atau gunakan templat."
NIK_SHAPE = "NIK harus 16 angka."
NIK_SERIAL = "Nomor urut tidak boleh 0000."
NIK_BIRTH = "Angka 7-12 bukan tanggal lahir yang sah."
NIK_DISTRICT = "kode kecamatan lama/tidak dikenal"
NRP_POLRI = "NRP Polri biasanya 8 angka, diawali tahun dan bulan lahir (TTBB)."
NRP_TNI = "NRP TNI biasanya 5 sampai 18 angka, boleh diikuti garis miring dan 1 sampai 3 huruf besar."
NRP_ANY = "NRP biasanya 8 angka (Polri) atau 5 sampai 18 angka (TNI)."
NO_NUMBER = "Nomor identitas belum diisi."
LOCAL_LENGTH = 60
TOO_LONG = f"Nomor paling panjang {LOCAL_LENGTH} karakter."

# Blanks (also no-break and zero-width), dots, hyphens and apostrophes that people and spreadsheets put between digits.
BETWEEN = re.compile(r"[\s\u200b-\u200f\u2060\ufeff\u00ad.'’‘`´ʼ\-\u2010-\u2015\u2212]+")
SCIENTIFIC = re.compile(r"\s*'?\d(?:[.,]\d+)?[eE]\+?\d+\s*")
WITH_CORPS = re.compile(r"([0-9]+)(/[A-Z]{1,3})?")
POLRI = re.compile(r"[0-9]{2}(?:0[1-9]|1[0-2])[0-9]{4}")
TNI = re.compile(r"[0-9]{5,18}(?:/[A-Z]{1,3})?")


@dataclass(frozen=True)
class IdentityResult:
    """What a typed number turned out to be.

    ``kind`` nip | ni_pppk | nrp | nik | local | "" · ``number`` normalised as stored · ``facts`` what the digits say:
    born (date), since (date, first of the month or year), sex L/P, serial (int), district (code).
    Errors concern the number only; warnings may be ticked away.
    """

    kind: str = ""
    number: str = ""
    errors: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def is_valid(self) -> bool:
        return not self.errors

    @property
    def masked(self) -> str:
        return mask(self.number)

    @property
    def printed(self) -> str:
        return print_number(self.number)


def squeezed(raw: str) -> str:
    """The characters that count: without blanks, dots, hyphens and apostrophes."""
    return BETWEEN.sub("", raw)


def parse_identity(
    kind: str | None, raw: str | int | float | None, today: date, *, districts: Container[str] | None = None
) -> IdentityResult:
    """Check a number as typed or as a spreadsheet cell held it.

    ``kind`` nip, ni_pppk (digits 13–14 decide between the two), nik, nrp_polri, nrp_tni, nrp, local; None or "" guesses
    by the length. ``districts`` are the known district codes ("35.15.14") for a NIK; None skips that hint.
    Nothing typed is an empty result, but an error when a kind was named. ValueError for an unknown kind.
    """
    if kind and kind not in PARSERS:
        raise ValueError(f"unknown kind of identity number: {kind}")
    if is_cut_by_spreadsheet(raw):
        return IdentityResult(kind=(kind or "nip").partition("_")[0], errors=(CUT_BY_EXCEL,))
    text = "" if raw is None else str(raw)
    number = squeezed(text)
    if not number:
        return _nothing(kind)
    kind = kind or _guess(number)
    if kind == "nik":
        return _nik(number, today, districts)
    if kind == "local":
        return _local(text)
    return PARSERS[kind](number, today)


def is_cut_by_spreadsheet(raw: Any) -> bool:
    """True for 1.96805121990031E+17 and for numeric cells of 16 and more digits: the last ones are already zeros."""
    if isinstance(raw, bool):
        return False
    if isinstance(raw, int | float):
        return abs(raw) >= 10**15
    return bool(raw) and SCIENTIFIC.fullmatch(str(raw)) is not None


def identity_kind_for(category: str, raw: str) -> str:
    """The kind to check a typed number as, from the category (unsur); by length where the category does not say."""
    if category in ("pns", "pppk", "asn"):
        return "nip"
    if category in ("polri", "tni"):
        return f"nrp_{category}"
    return "nip" if _is_digits(squeezed(raw), NIP_LENGTH) else "local"


def category_from_nip(number: str) -> str:
    """``pns`` or ``pppk`` by digits 13–14 of an 18-digit number, "" when it says neither."""
    digits = number if _is_digits(number, NIP_LENGTH) else squeezed(number)
    if not _is_digits(digits, NIP_LENGTH):
        return ""
    code = int(digits[12:14])
    if 1 <= code <= 12:
        return "pns"
    return "pppk" if code >= FIRST_CONTRACT_CODE else ""


def mask(number: str) -> str:
    """``1986************01``; with fewer than 12 digits the last two only, ``******34``; "/P" is not counted."""
    found = WITH_CORPS.fullmatch(number)
    body, corps = (found[1], found[2] or "") if found else (number, "")
    if len(body) <= 2:
        return "*" * len(body) + corps
    if found and len(body) in (NIP_LENGTH, NIK_LENGTH):
        return body[:4] + "*" * (len(body) - 6) + body[-2:] + corps
    # At most 16 stars: a free local number may be long, and how long it is, is nobody's business.
    return "*" * min(len(body) - 2, 16) + body[-2:] + corps


def print_number(number: str) -> str:
    """A NIP in its printed groups, ``19860926 201505 1 001``; any other number as it is stored."""
    if re.fullmatch(r"[0-9]{18}", number):
        return f"{number[:8]} {number[8:14]} {number[14]} {number[15:]}"
    return number


def labelled_number(kind: str, number: str) -> str:
    """The line below a signature: ``NIP. 19860926 201505 1 001``, ``NI PPPK. …``, ``NRP 85061234``."""
    if not number:
        return ""
    return {"nip": "NIP. ", "ni_pppk": "NI PPPK. ", "nrp": "NRP "}.get(kind, "") + print_number(number)


def _nothing(kind: str | None) -> IdentityResult:
    if not kind:
        return IdentityResult()
    problem = {"nip": NIP_SHAPE, "ni_pppk": NIP_SHAPE, "nik": NIK_SHAPE}.get(kind, NO_NUMBER)
    return IdentityResult(kind=kind.partition("_")[0] if kind.startswith("nrp") else kind, errors=(problem,))


def _guess(number: str) -> str:
    if re.fullmatch(r"[0-9]{18}", number):
        return "nip"
    if re.fullmatch(r"[0-9]{16}", number):
        return "nik"
    return "nrp" if re.fullmatch(r"[0-9]{5,12}(/[A-Za-z]{1,3})?", number) else "local"


def _is_digits(text: str, length: int) -> bool:
    return len(text) == length and text.isascii() and text.isdigit()


def _nip(number: str, today: date) -> IdentityResult:
    if not _is_digits(number, NIP_LENGTH):
        return IdentityResult(kind="nip", number=number, errors=(NIP_SHAPE,))
    born = _day(number[:4], number[4:6], number[6:8])
    category = category_from_nip(number)
    errors: tuple[str, ...] = ()
    if born is None or not category or number[14] not in SEX or number[15:] == "000":
        errors = tuple(_broken(number, born, category))
    kind = "ni_pppk" if category == "pppk" else "nip"
    if errors or born is None:
        return IdentityResult(kind=kind, number=number, errors=errors)
    since = _day(number[8:12], number[12:14] if category == "pns" else "01", "01")
    facts = {"born": born, "since": since, "sex": SEX[number[14]], "serial": int(number[15:])}
    return IdentityResult(kind, number, warnings=tuple(_doubts(number, born, since, today)), facts=facts)


def _broken(number: str, born: date | None, category: str):
    if born is None:
        yield NIP_BIRTH
    if not category:
        yield NIP_KIND
    if number[14] not in SEX:
        yield NIP_SEX
    if number[15:] == "000":
        yield NIP_SERIAL


def _doubts(number: str, born: date, since: date | None, today: date):
    if int(number[8:12]) - born.year not in AGES_AT_START:
        yield NIP_AGE
    if since is not None and since > today + timedelta(days=366):
        yield NIP_FUTURE


def _nik(number: str, today: date, districts: Container[str] | None) -> IdentityResult:
    if not re.fullmatch(r"[0-9]{16}", number):
        return IdentityResult(kind="nik", number=number, errors=(NIK_SHAPE,))
    district = f"{number[:2]}.{number[2:4]}.{number[4:6]}"
    day, is_woman = int(number[6:8]), int(number[6:8]) > 40
    born = _day_of_short_year(day - 40 if is_woman else day, number[8:10], number[10:12], today)
    errors = []
    if born is None:
        errors.append(NIK_BIRTH)
    if number[12:] == "0000":
        errors.append(NIK_SERIAL)
    warnings = (NIK_DISTRICT,) if districts is not None and district not in districts else ()
    facts = {"born": born, "sex": "P" if is_woman else "L", "district": district}
    return IdentityResult("nik", number, tuple(errors), warnings, {} if errors else facts)


def _nrp(pattern: tuple[re.Pattern, ...], hint: str) -> Callable[[str, date], IdentityResult]:
    def parse(number: str, today: date) -> IdentityResult:
        number = number.upper()
        if len(number) > LOCAL_LENGTH:
            return IdentityResult("nrp", errors=(TOO_LONG,))
        fits = any(shape.fullmatch(number) for shape in pattern)
        return IdentityResult("nrp", number, warnings=() if fits else (hint,))

    return parse


def _local(text: str) -> IdentityResult:
    number = " ".join(text.split())
    if len(number) > LOCAL_LENGTH:
        return IdentityResult("local", "", errors=(TOO_LONG,))
    return IdentityResult("local", number)


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _day_of_short_year(day: int, month: str, year: str, today: date) -> date | None:
    """The latest day not after today that fits; NIKs give two digits of the year only."""
    days = [_day(f"{century}{year}", month, str(day)) for century in (20, 19)]
    return next((found for found in days if found and found <= today), None)


PARSERS: dict[str, Callable[..., IdentityResult]] = {
    "nip": _nip,
    "ni_pppk": _nip,
    "nik": _nik,
    "nrp_polri": _nrp((POLRI,), NRP_POLRI),
    "nrp_tni": _nrp((TNI,), NRP_TNI),
    "nrp": _nrp((POLRI, TNI), NRP_ANY),
    "local": _local,
}
