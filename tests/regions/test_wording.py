from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from django.template import Context, Template
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from regions import SOURCE_NOTE, wording

IN_WORDS = {
    0: "Nol",
    1: "Satu",
    10: "Sepuluh",
    11: "Sebelas",
    12: "Dua Belas",
    19: "Sembilan Belas",
    20: "Dua Puluh",
    21: "Dua Puluh Satu",
    100: "Seratus",
    101: "Seratus Satu",
    110: "Seratus Sepuluh",
    111: "Seratus Sebelas",
    419: "Empat Ratus Sembilan Belas",
    1_000: "Seribu",
    1_100: "Seribu Seratus",
    1_507: "Seribu Lima Ratus Tujuh",
    2_024: "Dua Ribu Dua Puluh Empat",
    10_000: "Sepuluh Ribu",
    11_000: "Sebelas Ribu",
    21_000: "Dua Puluh Satu Ribu",
    100_000: "Seratus Ribu",
    101_000: "Seratus Satu Ribu",
    1_000_000: "Satu Juta",
    1_001_000: "Satu Juta Seribu",
    2_000_000_001: "Dua Miliar Satu",
    1_000_000_000_000: "Satu Triliun",
}
UNITS = {
    "Satu": 1,
    "Dua": 2,
    "Tiga": 3,
    "Empat": 4,
    "Lima": 5,
    "Enam": 6,
    "Tujuh": 7,
    "Delapan": 8,
    "Sembilan": 9,
}


def read_back(words: str) -> int:
    """Read Indonesian number words, independently of how they were made."""
    total = below_thousand = digit = 0
    for word in words.split():
        match word:
            case "Nol":
                pass
            case "Sepuluh" | "Sebelas":
                below_thousand += 10 + (word == "Sebelas")
            case "Seratus":
                below_thousand += 100
            case "Seribu":
                total += 1_000
            case "Belas":
                below_thousand, digit = below_thousand + 10 + digit, 0
            case "Puluh":
                below_thousand, digit = below_thousand + 10 * digit, 0
            case "Ratus":
                below_thousand, digit = below_thousand + 100 * digit, 0
            case "Ribu":
                total, below_thousand, digit = total + 1_000 * (below_thousand + digit), 0, 0
            case _:
                digit = UNITS[word]
    return total + below_thousand + digit


@pytest.mark.parametrize(("number", "words"), IN_WORDS.items())
def test_number_in_words(number, words):
    assert wording.in_words(number) == words


def test_numbers_to_1999_read_back_and_never_say_one_ten():
    wrong = ("Satu Puluh", "Satu Belas", "Satu Ratus", "Satu Ribu")
    for number in range(2000):
        words = wording.in_words(number)
        assert read_back(words) == number
        assert [pair for pair in wrong if pair in words] == []


@given(st.integers(0, 999_999))
def test_any_number_reads_back(number):
    assert read_back(wording.in_words(number)) == number


@pytest.mark.parametrize("number", [-1, 10**15])
def test_no_words_outside_the_range(number):
    with pytest.raises(ValueError, match="no words for"):
        wording.in_words(number)


@pytest.mark.parametrize("number", [1.5, "12", None, True])
def test_no_words_for_what_is_no_whole_number(number):
    with pytest.raises(TypeError):
        wording.in_words(number)


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2019, 2, 19), "Selasa, tanggal Sembilan Belas, bulan Februari, tahun Dua Ribu Sembilan Belas"),
        (date(2024, 6, 25), "Selasa, tanggal Dua Puluh Lima, bulan Juni, tahun Dua Ribu Dua Puluh Empat"),
        (date(2023, 12, 13), "Rabu, tanggal Tiga Belas, bulan Desember, tahun Dua Ribu Dua Puluh Tiga"),
    ],
)
def test_date_in_words(day, words):
    assert wording.date_in_words(day) == words


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (date(2024, 10, 2), "Rabu, 2 Oktober 2024"),
        (date(2024, 6, 25), "Selasa, 25 Juni 2024"),
        (date(2024, 9, 23), "Senin, 23 September 2024"),
        (date(2024, 10, 3), "Kamis, 3 Oktober 2024"),
        (date(2023, 12, 13), "Rabu, 13 Desember 2023"),
        (date(2024, 2, 9), "Jumat, 9 Februari 2024"),
    ],
)
def test_long_date_has_the_day(day, text):
    assert wording.long_date(day) == text
    assert wording.long_date_no_day(day) == text.partition(", ")[2]


def test_a_moment_falls_on_the_day_of_its_zone():
    late = datetime(2024, 10, 2, 23, 30, tzinfo=UTC)
    assert wording.long_date(late, "Asia/Jakarta") == "Kamis, 3 Oktober 2024"
    assert wording.long_date_no_day(late, ZoneInfo("Asia/Jayapura")) == "3 Oktober 2024"
    assert wording.long_date(datetime(2024, 10, 2, 23, 30)) == "Rabu, 2 Oktober 2024"


def test_a_moment_without_zone_has_no_day():
    with pytest.raises(ValueError, match="needs a time zone"):
        wording.long_date(datetime(2024, 10, 2, 23, 30, tzinfo=UTC))


def test_clock_has_a_dot_and_the_zone():
    moment = datetime(2024, 10, 3, 1, 5, tzinfo=UTC)
    assert wording.clock(moment, "Asia/Makassar") == "09.05"
    assert wording.clock_with_zone(moment, "Asia/Makassar") == "09.05 WITA"
    assert wording.clock_with_zone(moment, ZoneInfo("Asia/Jakarta")) == "08.05 WIB"
    assert wording.clock_with_zone(time(7, 0), "Asia/Jayapura") == "07.00 WIT"


def test_clock_in_zones_puts_the_hub_first():
    moment = datetime(2024, 10, 3, 1, 0, tzinfo=UTC)
    zones = ["Asia/Jakarta", "Asia/Makassar", "Asia/Jakarta"]
    assert wording.clock_in_zones(moment, "Asia/Makassar", zones) == "09.00 WITA (08.00 WIB)"
    assert wording.clock_in_zones(moment, "Asia/Makassar", []) == "09.00 WITA"


def test_clock_refuses_what_it_cannot_know():
    with pytest.raises(ValueError, match="naive"):
        wording.clock(datetime(2024, 10, 3, 1, 0), "Asia/Jakarta")
    with pytest.raises(ValueError, match="not an Indonesian time zone"):
        wording.clock_with_zone(time(7, 0), "Europe/Berlin")


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (999, "999"), (1000, "1.000"), (1507, "1.507"), (83762, "83.762"), (-1507, "-1.507")],
)
def test_number_has_dots(value, text):
    assert wording.number(value) == text


@pytest.mark.parametrize(
    ("value", "text"), [(1, "I"), (4, "IV"), (6, "VI"), (9, "IX"), (10, "X"), (12, "XII"), (2024, "MMXXIV")]
)
def test_roman(value, text):
    assert wording.roman(value) == text


@pytest.mark.parametrize("value", [0, -1, 4000])
def test_no_roman_numeral(value):
    with pytest.raises(ValueError, match="no Roman numeral"):
        wording.roman(value)


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("{{ day|long_date }}", "Rabu, 2 Oktober 2024"),
        ("{{ day|long_date_no_day }}", "2 Oktober 2024"),
        ("{{ day|date_in_words }}", "Rabu, tanggal Dua, bulan Oktober, tahun Dua Ribu Dua Puluh Empat"),
        ("{{ moment|long_date:zone }}", "Kamis, 3 Oktober 2024"),
        ("{{ moment|clock:zone }}", "06.30"),
        ("{{ moment|clock_with_zone:zone }}", "06.30 WIB"),
        ("{{ count|in_words }} ({{ count|number }})", "Seribu Lima Ratus Tujuh (1.507)"),
        ("{{ zero|in_words }} {{ zero|number }}", "Nol 0"),
        ("{{ month|roman }}", "X"),
        ("{{ zone|zone_label }}", "WIB"),
        (
            "[{{ none|long_date }}{{ none|clock:zone }}{{ none|in_words }}{{ none|number }}{{ missing|number }}]",
            "[]",
        ),
        ("{% region_source_note %}", SOURCE_NOTE),
    ],
)
def test_template_filters(template, text):
    context = Context(
        {
            "day": date(2024, 10, 2),
            "moment": datetime(2024, 10, 2, 23, 30, tzinfo=UTC),
            "zone": "Asia/Jakarta",
            "count": 1507,
            "zero": 0,
            "month": 10,
            "none": None,
        }
    )
    assert Template("{% load indonesian %}" + template).render(context) == text


def test_filter_takes_the_zone_of_the_office():
    moment = datetime(2024, 10, 2, 15, 30, tzinfo=UTC)
    template = Template("{% load indonesian %}{{ moment|long_date }}")
    with timezone.override("Asia/Jakarta"):
        assert template.render(Context({"moment": moment})) == "Rabu, 2 Oktober 2024"
    with timezone.override("Asia/Jayapura"):
        assert template.render(Context({"moment": moment})) == "Kamis, 3 Oktober 2024"


def test_source_note_names_source_and_licence():
    for words in ("idn-area-data", "ODbL", "300.2.2-2430 Tahun 2025"):
        assert words in SOURCE_NOTE


def test_date_in_figures_as_a_berita_acara_adds_it():
    assert wording.date_in_figures(date(2024, 10, 2)) == "02-10-2024"
    assert wording.date_in_figures(datetime(2024, 10, 1, 23, 30, tzinfo=UTC), "Asia/Jakarta") == "02-10-2024"


@pytest.mark.parametrize(
    ("part", "whole", "words"),
    [(0, 0, "–"), (0, 25, "0%"), (23, 25, "92%"), (1, 3, "33,3%"), (25, 25, "100%"), (9999, 10000, "99,9%")],
)
def test_percent_is_never_hundred_for_less_than_all(part, whole, words):
    assert wording.percent(part, whole) == words
