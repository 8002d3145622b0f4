"""What files bring that is too long, unclosed, in two rows or in the wrong column: every row is accounted for."""

import json

import pytest

from accounts.models import AuditEntry
from events.import_files import faulty_rows
from events.importing import apply_upload, choose_table, keep_upload, kept_errors, undo_import
from events.imports.headers import FIELDS, header_row, headers_of, mapping_of, second_row
from events.imports.reading import read
from events.imports.tables import Unusable
from events.imports.text_files import rows_of
from events.imports.values import LENGTHS
from events.models import Attendee, ImportUpload

from . import workbooks as w
from .factories import NIP_PNS, EventSiteFactory, purwodadi_event
from .test_import_corpus import checked, errors_of, said


def bring(event, data, by, name="undangan.xlsx"):
    return apply_upload(upload=keep_upload(event=event, data=data, name=name, by=by), by=by)


def filled(name: str, length: int) -> str:
    """An address or words of exactly this length."""
    if name == "email":
        host = ".".join(["b" * 60] * 3)
        return f"{'a' * (length - len(host) - 4)}@{host}.id"
    return ("Ab " * length)[: length - 1] + "c"


# -- longer than its column ------------------------------------------------------------------------------------------


def test_limits_of_the_import_are_those_of_the_columns():
    for name, limit in LENGTHS.items():
        assert Attendee._meta.get_field(name).max_length == limit, name
    elsewhere = {
        "category",
        "identity_number",
        "village",
        "district",
        "phone",
        "site",
    }  # known words or encrypted
    assert set(FIELDS) == set(LENGTHS) | elsewhere


@pytest.mark.django_db
@pytest.mark.parametrize("name", LENGTHS)
def test_longest_text_of_each_column_is_written_and_one_more_is_an_error_of_its_cell(event, organizer, name):
    header = FIELDS[name][0]
    head = [header] if name == "full_name" else ["Nama lengkap", header]
    long, too_long = filled(name, LENGTHS[name]), filled(name, LENGTHS[name] + 1)
    rows = [[long], [too_long]] if name == "full_name" else [["Ani", long], ["Siti", too_long]]
    data = w.xlsx([head, *rows])
    plan = checked(event, data)
    [(row, column, value, message)] = errors_of(plan)
    assert (row, column, value) == (3, header, too_long)
    assert message == f"Terlalu panjang: paling banyak {LENGTHS[name]} karakter."
    batch = bring(event, data, organizer)
    assert batch.counts["baru"] == 1
    assert event.attendees.filter(**{name: long}).exists()


@pytest.mark.django_db
def test_titles_before_a_name_that_fill_no_column_are_an_error_of_the_name(event, organizer):
    data = w.xlsx([["Nama", "Jabatan"], ["Drs. " * 13 + "Ahmad Fauzi", "Camat"], ["Siti", "Staf"]])
    [(row, column, _, message)] = errors_of(checked(event, data))
    assert (row, column) == (2, "Nama")
    assert message == "Gelar terlalu panjang. Tulis gelar yang dipakai dalam surat saja."
    assert bring(event, data, organizer).counts["baru"] == 1


@pytest.mark.django_db
def test_numbers_and_telephones_of_any_length_are_an_error_of_their_cell(event, organizer):
    data = w.xlsx([["Nama", "Nomor identitas", "No HP"], ["Ani", "X" * 300, "8" * 300], ["Siti", "A/12", ""]])
    plan = checked(event, data)
    assert [(row, column) for row, column, *_ in errors_of(plan)] == [(2, "Nomor identitas"), (2, "No HP")]
    assert bring(event, data, organizer).counts["baru"] == 1


@pytest.mark.django_db
def test_names_of_sheets_and_files_of_any_length_fit_and_stay_apart(event, organizer):
    people = w.ods([["Nama", "Jabatan"], ["Ani", "Camat"]])
    rows = '<table:table-row><table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell></table:table-row>'
    tables = f'</table:table><table:table table:name="{"L" * 200}">'.join(
        rows.format(n) for n in ("Nama", "Nama")
    )
    data = w.ods_with(tables)
    name = "b" * 300 + ".ods"
    assert keep_upload(event=event, data=people, name=name, by=organizer).name == name[:120]
    upload = keep_upload(event=event, data=data, name=name, by=organizer)
    sheets = [sheet.name for sheet in read(data).sheets]
    assert len(set(sheets)) == 2
    long = next(name for name in sheets if name.startswith("LL"))
    choose_table(upload=upload, sheet=long, header=None, by=organizer)
    assert ImportUpload.objects.get(pk=upload.pk).sheet == long == "L" * 120


def test_two_sheets_whose_names_begin_alike_are_two():
    table = '<table:table-row><table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell></table:table-row>'
    more = "".join(
        f'</table:table><table:table table:name="{"L" * 150}{end}">{table.format(end)}'
        for end in ("satu", "dua")
    )
    book = read(w.ods_with(table.format("Nama") + more))
    one, two = (sheet for sheet in book.sheets if sheet.name.startswith("LL"))
    assert (book.sheet(one.name).rows, book.sheet(two.name).rows) == ([["satu"]], [["dua"]])
    assert max(len(sheet.name) for sheet in book.sheets) <= 120


# -- quotation marks ---------------------------------------------------------------------------------------------------

PASTED = {
    "never closed": (
        'Nama\tJabatan\n"Budi\tStaf\nAni\tCamat\n',
        [["Nama", "Jabatan"], ['"Budi', "Staf"], ["Ani", "Camat"]],
    ),
    "closed in another row": (
        'Nama\tJabatan\nBudi "Bento\tStaf\n"Ani\tCamat\nSiti\tKetua "Harian"\n',
        [["Nama", "Jabatan"], ['Budi "Bento', "Staf"], ['"Ani', "Camat"], ["Siti", 'Ketua "Harian"']],
    ),
    "closed at the end of another row's cell": (
        'Nama\tJabatan\n"Budi\tStaf\nAni\tCamat"\nSiti\tLurah\n',
        [["Nama", "Jabatan"], ['"Budi', "Staf"], ["Ani", 'Camat"'], ["Siti", "Lurah"]],
    ),
    "around one word": (
        'Nama\tJabatan\n"Budi" Santoso\tStaf\n',
        [["Nama", "Jabatan"], ['"Budi" Santoso', "Staf"]],
    ),
    "as Excel writes them": (
        'Nama\tJabatan\n"Ani\nLestari"\t"Ketua ""Harian"""\n"A\tB"\tStaf\n',
        [["Nama", "Jabatan"], ["Ani\nLestari", 'Ketua "Harian"'], ["A\tB", "Staf"]],
    ),
    "never closed, with semicolons": (
        'Nama;Jabatan\n"Budi;Staf\nAni;Camat\n',
        [["Nama", "Jabatan"], ['"Budi', "Staf"], ["Ani", "Camat"]],
    ),
    "never closed, one column": ('Nama\n"Budi\nAni\n', [["Nama"], ['"Budi'], ["Ani"]]),
}


@pytest.mark.parametrize("name", PASTED)
def test_no_quotation_mark_swallows_a_row(name):
    text, rows = PASTED[name]
    assert rows_of(text) == rows
    assert rows_of(text.replace("\n", "\r\n")) == [
        [cell.replace("\n", "\r\n") for cell in row] for row in rows
    ]


def test_cell_that_may_be_several_rows_is_refused_with_its_row():
    text = 'No;Nama;Jabatan\n1;Siti;Lurah\n2;"Budi;Staf\n3;Ani;Camat"\n4;Sri;Staf\n'
    with pytest.raises(Unusable, match=r"pada baris 3 tidak jelas penutupnya.*simpan sebagai \.xlsx"):
        read(text.encode())


def test_cell_of_several_lines_is_no_row():
    text = 'No;Nama;Instansi\n1;Siti;"Dinas A;\nBidang B"\n2;Ani;Camat\n'
    assert rows_of(text)[1] == ["1", "Siti", "Dinas A;\nBidang B"]


@pytest.mark.django_db
def test_two_lines_in_a_cell_of_a_name_are_pointed_out(event):
    plan = checked(event, b'Nama\tJabatan\n"Ani\nBudi"\tStaf\nSiti\tCamat\n')
    assert [row.values["full_name"] for row in plan.rows] == ["Ani Budi", "Siti"]
    assert plan.rows[0].notes == ["Nama memuat pergantian baris; periksa apakah isinya satu orang."]
    assert plan.rows[1].notes == []


@pytest.mark.parametrize("text", ['"', '""', '"""', '"a', 'a"b"c', '"a""'])
def test_odd_marks_alone_are_text(text):
    assert "".join(rows_of(f"Nama\n{text}\nAni\n")[1]) == (text if text != '""' else "")
    assert rows_of(f"Nama\n{text}\nAni\n")[2] == ["Ani"]


# -- what is kept of faulty rows ---------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_numbers_in_wrong_columns_are_kept_masked_and_handed_back_whole(event, organizer):
    wrong = ["Ani 198609262015051001", "12", "1986 0926 2015 0510 01", "Staf"]
    data = w.xlsx([["Nama", "NIP", "Unsur", "Jabatan"], wrong])
    [row] = read(faulty_rows(checked(event, data))).sheets[0].rows[1:]
    assert row[:4] == wrong
    batch = bring(
        event, w.xlsx([["Nama", "NIP", "Unsur", "Jabatan"], wrong, ["Siti", "", "", "Lurah"]]), organizer
    )
    kept = kept_errors(batch)
    assert {error["column"] for error in kept} == {"Nama", "NIP", "Unsur"}
    assert all(error["message"] for error in kept)
    digits = json.dumps(kept).replace(" ", "")
    assert "198609262015051001" not in digits
    assert "19860926" not in digits


@pytest.mark.django_db
def test_log_of_an_import_holds_nothing_of_a_person(event, organizer):
    rows = [
        ["Nama", "NIP", "No HP", "Surel"],
        ["Anggraini", NIP_PNS, "081234567890", "anggraini@contoh.test"],
    ]
    batch = bring(event, w.xlsx([*rows, ["Wulandari", "12", "99", "wulandari"]]), organizer)
    undo_import(batch=batch, by=organizer)
    told = [
        (entry.object_label, entry.facts)
        for entry in AuditEntry.objects.filter(verb__startswith="attendee.import")
    ]
    assert len(told) == 2
    for secret in ("nggraini", "ulandari", NIP_PNS, "81234567890", "contoh.test"):
        assert secret not in json.dumps(told)


# -- titles in two rows ----------------------------------------------------------------------------------------------

TWO_ROWS = {
    "merged over two columns": [
        ["No", "Nama", "Gelar", "", "Identitas", "", "Kontak", ""],
        ["", "", "Depan", "Belakang", "NIP", "Pangkat", "No HP", "Surel"],
    ],
    "known words in the lower row only": [
        ["", "", "Gelar", "", "Identitas", "", "Kontak", ""],
        ["No", "Nama", "Depan", "Belakang", "NIP", "Pangkat", "No HP", "Surel"],
    ],
}
PERSON = ["1", "Ahmad Fauzi", "Drs.", "M.Si.", NIP_PNS, "Penata", "081234567890", "a@contoh.test"]
SAYS = {
    "title_prefix": "Drs.", "full_name": "Ahmad Fauzi", "title_suffix": "M.Si.", "number": NIP_PNS, "category": "pns",
    "rank": "Penata", "phone": "+6281234567890", "email": "a@contoh.test",
}  # fmt: skip
MERGES = ["A1:A2", "B1:B2", "C1:D1", "E1:F1", "G1:H1"]


@pytest.mark.django_db
@pytest.mark.parametrize("name", TWO_ROWS)
@pytest.mark.parametrize("numbered", [False, True], ids=["plain", "numbered"])
def test_titles_in_two_rows_say_what_both_say(event, name, numbered):
    numbers = [[str(n) for n in range(1, 9)]] if numbered else []
    [row] = checked(event, w.text([["DAFTAR UNDANGAN"], *TWO_ROWS[name], *numbers, PERSON])).rows
    assert said(row) == SAYS
    assert row.number == 4 + len(numbers)


@pytest.mark.django_db
def test_titles_merged_over_two_rows_and_two_columns_in_excel(event):
    [row] = checked(event, w.xlsx([*TWO_ROWS["merged over two columns"], PERSON], merges=MERGES)).rows
    assert (row.number, said(row)) == (3, SAYS)


def test_row_of_a_person_is_no_second_row_of_titles():
    for row in (["Siti", "Staf"], ["Nama", "Camat"], ["Lurah", "PNS"], ["", ""]):
        rows = [["Nama", "Jabatan"], row]
        assert second_row(rows, header_row(rows)) == 0


def test_title_of_the_whole_list_is_no_part_of_the_titles_of_columns():
    rows = [["DAFTAR HADIR", "", ""], ["Nama", "Jabatan", "Catatan"], ["Ani", "Camat", ""]]
    headers = headers_of(rows, header_row(rows))
    assert headers == ["Nama", "Jabatan", "Catatan"]
    assert mapping_of(headers) == {0: "full_name", 1: "position"}


# -- sites -----------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_people_come_to_their_site_and_a_name_nobody_knows_is_said(event, organizer):
    hall, school = (
        EventSiteFactory(event=event, name="Balai Desa Dampaan"),
        EventSiteFactory(event=event, name="SDN 1"),
    )
    rows = [
        ["Nama", "Jabatan", "Lokasi"],
        ["Ani", "Camat", "balai desa  DAMPAAN"],
        ["Siti", "Staf", "Pendopo"],
        ["Sri", "Staf", ""],
    ]
    plan = checked(event, w.xlsx(rows))
    assert [row.status for row in plan.rows] == ["baru"] * 3
    assert plan.rows[1].notes == ['Kegiatan ini tidak memiliki lokasi bernama "Pendopo"; lokasi tidak diisi.']
    bring(event, w.xlsx(rows), organizer)
    found = dict(
        event.attendees.filter(full_name__in=["Ani", "Siti", "Sri"]).values_list("full_name", "site__name")
    )
    assert found == {"Ani": "Balai Desa Dampaan", "Siti": None, "Sri": None}
    moved = bring(event, w.xlsx([rows[0], ["Ani", "Camat", "SDN 1"]]), organizer)
    assert event.attendees.get(full_name="Ani").site == school
    assert bring(event, w.xlsx([rows[0], ["Ani", "Camat", ""]]), organizer) is None
    undo_import(batch=moved, by=organizer)
    assert event.attendees.get(full_name="Ani").site == hall


@pytest.mark.django_db
def test_site_that_is_gone_is_not_put_back(event, organizer):
    hall = EventSiteFactory(event=event, name="Balai")
    EventSiteFactory(event=event, name="SDN 1")
    bring(event, w.xlsx([["Nama", "Pangkat", "Lokasi"], ["Ani", "Penata", "Balai"]]), organizer)
    moved = bring(event, w.xlsx([["Nama", "Pangkat", "Lokasi"], ["Ani", "Pembina", "SDN 1"]]), organizer)
    hall.delete()
    undo_import(batch=moved, by=organizer)
    ani = event.attendees.get(full_name="Ani")
    assert (ani.rank, ani.site.name) == ("Penata", "SDN 1")


@pytest.mark.django_db
def test_site_of_another_event_is_not_known(event, organizer):
    EventSiteFactory(event=purwodadi_event(), name="Balai")
    [row] = checked(event, w.xlsx([["Nama", "Jabatan", "Lokasi"], ["Ani", "Camat", "Balai"]])).rows
    assert "site_id" not in row.values
