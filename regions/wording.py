"""PURE: dates, hours, numbers and enumerations as Indonesian papers write them (DOMAIN §3.3, §10.4)."""

from collections.abc import Iterable
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from .zones import zone_label

DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
MONTHS = (
    *("Januari", "Februari", "Maret", "April", "Mei", "Juni"),
    *("Juli", "Agustus", "September", "Oktober", "November", "Desember"),
)
DIGITS = ("", "Satu", "Dua", "Tiga", "Empat", "Lima", "Enam", "Tujuh", "Delapan", "Sembilan")
GROUPS = (("Triliun", 10**12), ("Miliar", 10**9), ("Juta", 10**6), ("Ribu", 10**3))
WORDS_LIMIT = 10**15
ROMAN = (
    *((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L")),
    *((40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")),
)


def calendar_day(value: date, tz: str | ZoneInfo | None = None) -> date:
    """Return the day a date or moment falls on; a moment needs the zone whose calendar counts.

    An aware datetime without ``tz`` is a ValueError: 23.30 UTC is already tomorrow in all of Indonesia.
    """
    if not isinstance(value, datetime):
        return value
    if value.tzinfo is None:
        return value.date()
    if tz is None:
        raise ValueError("the day of an aware datetime needs a time zone")
    return value.astimezone(as_zone(tz)).date()


def as_zone(tz: str | ZoneInfo) -> ZoneInfo:
    return tz if isinstance(tz, ZoneInfo) else ZoneInfo(str(tz))


def day_name(value: date, tz: str | ZoneInfo | None = None) -> str:
    """ "Rabu" """
    return DAYS[calendar_day(value, tz).weekday()]


def long_date(value: date, tz: str | ZoneInfo | None = None) -> str:
    """ "Rabu, 2 Oktober 2024" """
    return f"{day_name(value, tz)}, {long_date_no_day(value, tz)}"


def long_date_no_day(value: date, tz: str | ZoneInfo | None = None) -> str:
    """ "2 Oktober 2024" """
    day = calendar_day(value, tz)
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def date_in_words(value: date, tz: str | ZoneInfo | None = None) -> str:
    """ "Selasa, tanggal Dua Puluh Lima, bulan Juni, tahun Dua Ribu Dua Puluh Empat" """
    day = calendar_day(value, tz)
    return (
        f"{DAYS[day.weekday()]}, tanggal {in_words(day.day)}, "
        f"bulan {MONTHS[day.month - 1]}, tahun {in_words(day.year)}"
    )


def date_in_figures(value: date, tz: str | ZoneInfo | None = None) -> str:
    """ "02-10-2024", as a berita acara adds it to the words."""
    day = calendar_day(value, tz)
    return f"{day.day:02}-{day.month:02}-{day.year}"


def clock(moment: datetime | time, tz: str | ZoneInfo) -> str:
    """ "09.00" (dot, not colon); a bare time is taken as already local, a naive datetime is a ValueError."""
    if isinstance(moment, datetime):
        if moment.tzinfo is None:
            raise ValueError("the hour of a naive datetime is not known")
        moment = moment.astimezone(as_zone(tz))
    return f"{moment.hour:02}.{moment.minute:02}"


def clock_with_zone(moment: datetime | time, tz: str | ZoneInfo) -> str:
    """ "09.00 WITA" """
    return f"{clock(moment, tz)} {zone_label(str(tz))}"


def clock_in_zones(moment: datetime, hub: str, others: list[str]) -> str:
    """ "09.00 WITA (08.00 WIB)": the hub's zone first, each other zone once."""
    rest = [clock_with_zone(moment, tz) for tz in dict.fromkeys(others) if tz != hub]
    return clock_with_zone(moment, hub) + (f" ({', '.join(rest)})" if rest else "")


def in_words(number: int) -> str:
    """Write a whole number below 10¹⁵ in words, title case: 1507 → "Seribu Lima Ratus Tujuh"; 0 is "Nol"."""
    if isinstance(number, bool) or not isinstance(number, int):
        raise TypeError(f"only whole numbers have words, not {number!r}")
    if not 0 <= number < WORDS_LIMIT:
        raise ValueError(f"no words for {number}")
    return " ".join(_words(number)) or "Nol"


def _words(number: int) -> list[str]:
    """The words of a number, none for zero; "se-" stands for one ten, hundred, thousand and one of the teens."""
    for name, size in GROUPS:
        if number >= size:
            count, rest = divmod(number, size)
            head = ["Seribu"] if (name, count) == ("Ribu", 1) else [*_words(count), name]
            return head + _words(rest)
    if number >= 100:
        count, rest = divmod(number, 100)
        return (["Seratus"] if count == 1 else [DIGITS[count], "Ratus"]) + _words(rest)
    if number >= 20:
        count, rest = divmod(number, 10)
        return [DIGITS[count], "Puluh", *_words(rest)]
    if number >= 12:
        return [DIGITS[number - 10], "Belas"]
    if number >= 10:
        return [("Sepuluh", "Sebelas")[number - 10]]
    return [DIGITS[number]] if number else []


def listed(names: Iterable[str]) -> str:
    """ "A", "A dan B", "A, B, dan C" """
    names = list(names)
    if len(names) < 3:
        return " dan ".join(names)
    return f"{', '.join(names[:-1])}, dan {names[-1]}"


def percent(part: int, whole: int) -> str:
    """ "92%", "33,3%"; never 100% for less than all, "–" of nothing."""
    if not whole:
        return "–"
    tenths = min(round(1000 * part / whole), 1000 if part >= whole else 999)
    return f"{tenths // 10}%" if tenths % 10 == 0 else f"{tenths // 10},{tenths % 10}%"


def number(value: int) -> str:
    """ "1.507": groups of three with a dot."""
    return f"{value:,d}".replace(",", ".")


def roman(value: int) -> str:
    """ "X" for 10, as the month in a letter number; ValueError outside 1–3999."""
    if not 1 <= value <= 3999:
        raise ValueError(f"no Roman numeral for {value}")
    text = ""
    for size, sign in ROMAN:
        count, value = divmod(value, size)
        text += sign * count
    return text
