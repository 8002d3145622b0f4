from datetime import date

import pytest

from accounts.models import AuditEntry
from accounts.refusals import Refusal
from documents.models import LetterNumber, NumberCounter
from documents.numbering import (
    DEFAULT_TEMPLATE,
    assign_number,
    check_template,
    release_number,
    render_number,
    reserve_number,
    set_initial_number,
)
from tests.accounts.factories import organizer_of, panwaslu_benjeng, panwaslu_cerme

OCTOBER = date(2024, 10, 2)


@pytest.fixture
def office(db):
    return panwaslu_cerme()


@pytest.fixture
def clerk(office):
    return organizer_of(office)


def take(office, clerk, day=OCTOBER, **changes):
    return reserve_number(office=office, date=day, classification="PM.00.02", by=clerk, **changes)


@pytest.mark.parametrize(
    ("template", "changes", "expected"),
    [
        (DEFAULT_TEMPLATE, {}, "045/PM.00.02/K.JI-12.05/10/2024"),
        (DEFAULT_TEMPLATE, {"signed_by_chair": False}, "045/PM.00.02/JI-12.05/10/2024"),
        (
            DEFAULT_TEMPLATE,
            {"sequence": 1447, "suffix": 1, "office_code": "1"},
            "1447.1/PM.00.02/K.1/10/2024",
        ),
        ("{seq}/{class}/{signer}{office}/{roman}/{year}", {}, "45/PM.00.02/K.JI-12.05/X/2024"),
        (
            "{seq:03}/LHP/{class}/{office}/{day:02}/{month:02}/{year}",
            {},
            "045/LHP/PM.00.02/JI-12.05/02/10/2024",
        ),
        ("{seq:03}/{class}", {"suffix": 2}, "045.2/PM.00.02"),
        ("{seq}.{month}.{day}", {}, "45.10.2"),
    ],
)
def test_number_follows_the_template(template, changes, expected):
    values = {"sequence": 45, "date": OCTOBER, "classification": "PM.00.02", "office_code": "JI-12.05"}
    assert render_number(template, **(values | changes)) == expected


@pytest.mark.parametrize(
    "template",
    ["{seq}/{nomor}", "{seq:3}", "{seq.__class__}", "{seq!r}", "{seq}/{", "{seq}}", "tanpa nomor", "{}"],
)
def test_template_with_unknown_tokens_is_refused(template):
    with pytest.raises(ValueError, match=r"token|brace|seq"):
        check_template(template)


def test_numbers_of_an_office_follow_without_gap(office, clerk):
    texts = [take(office, clerk).text for _ in range(3)]
    assert texts == [f"00{n}/PM.00.02/K.JI-12.05/10/2024" for n in (1, 2, 3)]


def test_each_office_and_year_counts_by_itself(office, clerk):
    other = panwaslu_benjeng(letter_code="JI-12.04")
    assert take(office, clerk).sequence == 1
    assert take(other, organizer_of(other)).sequence == 1
    assert take(office, clerk, date(2025, 1, 3)).sequence == 1
    assert take(office, clerk).sequence == 2


def test_paper_book_is_continued_from_its_last_number(office, clerk):
    set_initial_number(office=office, year=2024, last=44, by=clerk)
    assert take(office, clerk).text == "045/PM.00.02/K.JI-12.05/10/2024"


def test_initial_number_cannot_go_back(office, clerk):
    take(office, clerk)
    with pytest.raises(Refusal, match="sudah sampai nomor 1"):
        set_initial_number(office=office, year=2024, last=0, by=clerk)
    assert NumberCounter.objects.get().last == 1


def test_back_dated_letter_takes_the_next_suffix(office, clerk):
    take(office, clerk, date(2024, 9, 1))
    take(office, clerk, date(2024, 9, 20))
    between = [take(office, clerk, date(2024, 9, 10)) for _ in range(2)]
    assert [(n.sequence, n.suffix) for n in between] == [(1, 1), (1, 2)]
    assert between[0].text == "001.1/PM.00.02/K.JI-12.05/09/2024"
    assert take(office, clerk).sequence == 3


def test_letter_before_the_first_takes_the_first_number_of_the_year(office, clerk):
    set_initial_number(office=office, year=2024, last=10, by=clerk)
    take(office, clerk, date(2024, 9, 20))
    early = take(office, clerk, date(2024, 1, 5))
    assert (early.sequence, early.suffix) == (11, 1)


def test_back_dated_letters_stand_behind_the_last_number_of_their_day(office, clerk):
    for day in (5, 20, 10, 12, 25, 10, 22):
        take(office, clerk, date(2024, 9, day))
    book = [(n.sequence, n.suffix, n.date.day) for n in LetterNumber.objects.in_book_order()]
    assert book == [(1, 0, 5), (1, 1, 10), (1, 2, 12), (1, 3, 10), (2, 0, 20), (2, 1, 22), (3, 0, 25)]


def test_reserved_number_is_assigned_once(office, clerk):
    number = take(office, clerk)
    issued = assign_number(number=number, by=clerk, source="declaration:1")
    assert (issued.state, issued.source) == ("issued", "declaration:1")
    assign_number(number=number, by=clerk, source="declaration:1")
    assert AuditEntry.objects.filter(verb="number.issued").count() == 1
    with pytest.raises(Refusal, match="sudah dipakai"):
        assign_number(number=number, by=clerk, source="declaration:2")


def test_void_number_stays_in_the_book_and_is_never_used_again(office, clerk):
    number = take(office, clerk)
    release_number(number=number, reason="Surat batal dikirim.", by=clerk)
    assert take(office, clerk).sequence == 2
    with pytest.raises(Refusal, match="sudah batal"):
        assign_number(number=number, by=clerk, source="x")
    number.refresh_from_db()
    assert (number.state, number.void_reason) == ("void", "Surat batal dikirim.")


def test_releasing_needs_a_reason(office, clerk):
    number = take(office, clerk)
    with pytest.raises(Refusal, match="alasan"):
        release_number(number=number, reason="  ", by=clerk)
    number.refresh_from_db()
    assert number.state == "reserved"


def test_office_without_letter_code_gets_no_number(office, clerk):
    office.letter_code = ""
    with pytest.raises(Refusal, match="Kode surat"):
        take(office, clerk)
    assert not LetterNumber.objects.exists()
    assert not NumberCounter.objects.filter(last__gt=0).exists()


def test_issued_number_is_not_computed_again(office, clerk):
    number = take(office, clerk)
    office.number_template = "{seq}/baru"
    office.save()
    number.refresh_from_db()
    assert number.text == "001/PM.00.02/K.JI-12.05/10/2024"
