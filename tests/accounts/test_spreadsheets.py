"""Tables as files: what a spreadsheet would spoil stays as it is, and no cell becomes a formula."""

import io
import zipfile
from datetime import date, datetime

import pytest
from python_calamine import CalamineWorkbook

from accounts.spreadsheets import (
    FORMULA_STARTS,
    Column,
    Sheet,
    clean,
    comma_separated,
    content,
    harmless,
    with_leading_zero,
    xlsx,
)

NIP = "198609262015051001"


def sheet(*rows, spelled=None, title="Peserta"):
    columns = [
        Column("name", "Nama", lambda row: row[0]),
        Column("number", "NIP/NRP", lambda row: row[1], spelled),
        Column("count", "Jumlah", lambda row: row[2]),
    ]
    return Sheet(title, columns, rows, [("Kegiatan", "Contoh"), ("Saringan", "=1+1")])


def read(made: bytes, name=None):
    book = CalamineWorkbook.from_filelike(io.BytesIO(made))
    return book.get_sheet_by_name(name or book.sheet_names[0]).to_python()


def part(made: bytes, name: str) -> str:
    return zipfile.ZipFile(io.BytesIO(made)).read(name).decode()


def test_workbook_keeps_numbers_as_text_and_counts_as_numbers():
    head, row = read(xlsx(sheet(("Suparno, S.STP.", NIP, 3))))
    assert head == ["Nama", "NIP/NRP", "Jumlah"]
    assert row == ["Suparno, S.STP.", NIP, 3.0]


@pytest.mark.parametrize("start", FORMULA_STARTS)
def test_workbook_has_no_formula_and_no_link(start):
    made = xlsx(sheet((f'{start}HYPERLINK("https://contoh.id")', "https://contoh.id", 1)))
    inside = part(made, "xl/worksheets/sheet1.xml")
    assert "<f>" not in inside
    assert "<hyperlink" not in inside
    assert read(made)[1][1] == "https://contoh.id"


def test_workbook_is_frozen_below_its_header_and_text_columns_are_text():
    made = xlsx(sheet(("A", NIP, 1)))
    assert 'state="frozen"' in part(made, "xl/worksheets/sheet1.xml")
    assert 'numFmtId="49"' in part(made, "xl/styles.xml")  # "@"


def test_workbook_explains_itself_on_a_second_sheet():
    assert read(xlsx(sheet()), "Keterangan") == [["Kegiatan", "Contoh"], ["Saringan", "=1+1"]]


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Peserta [a]:b/c\\d*e?", "Peserta a b c d e"),
        ("x" * 60, "x" * 31),
        ("???", "Daftar"),
        ("Keterangan", "Daftar"),
    ],
)
def test_workbook_has_a_name_of_its_sheet_that_excel_accepts(title, name):
    assert CalamineWorkbook.from_filelike(io.BytesIO(xlsx(sheet(title=title)))).sheet_names[0] == name


def test_days_and_hours_are_real_days_and_hours():
    columns = [Column("a", "Hari", lambda row: row[0]), Column("b", "Pukul", lambda row: row[1])]
    rows = [(date(2024, 10, 2), datetime(2024, 10, 2, 9, 5))]
    assert read(xlsx(Sheet("x", columns, rows)))[1] == [date(2024, 10, 2), datetime(2024, 10, 2, 9, 5)]
    assert comma_separated(Sheet("x", columns, rows)).decode("utf-8-sig").splitlines()[1] == (
        "02/10/2024;02/10/2024 09.05"
    )


def test_csv_has_bom_semicolons_and_crlf():
    made = comma_separated(sheet(("Ani; Budi", NIP, 1), (None, "", 0)))
    assert made.startswith(b"\xef\xbb\xbfNama;NIP/NRP;Jumlah\r\n")
    assert made.endswith(f'"Ani; Budi";{NIP};1\r\n;;0\r\n'.encode())


@pytest.mark.parametrize("start", FORMULA_STARTS)
def test_csv_cell_is_no_formula(start):
    cell = harmless(f"{start}cmd|' /C calc'!A0")
    assert not cell.startswith(FORMULA_STARTS)
    assert cell[0] == "'"


def test_csv_spells_what_the_column_says():
    made = comma_separated(sheet(("A", NIP, 1), spelled=lambda row: "19860926 201505 1 001"))
    assert "A;19860926 201505 1 001;1" in made.decode("utf-8-sig")


@pytest.mark.parametrize(
    ("number", "spelled"), [("01234567", "'01234567"), ("85061234", "85061234"), ("0 12", "0 12")]
)
def test_a_leading_zero_survives(number, spelled):
    assert with_leading_zero(number) == spelled


def test_control_characters_and_endless_text_stay_out():
    assert clean("a\x00b\x1bc\ud800\ufffe") == "abc"
    assert len(clean("x" * 40_000)) == 32_767
    assert read(xlsx(sheet(("a\x00\x0bb", "x", 1))))[1][0] == "ab"


def test_an_unknown_ending_is_a_mistake():
    with pytest.raises(ValueError, match="pdf"):
        content(sheet(), "pdf")


def test_two_empty_lists_are_two_whole_files():
    assert read(content(sheet(), "xlsx")) == [["Nama", "NIP/NRP", "Jumlah"]]
    assert content(sheet(), "csv").endswith(b"Jumlah\r\n")
