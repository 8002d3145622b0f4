"""The way of an organizer from a file to the list, page by page; and the command that does the same."""

import io
import json

import pytest
from django.core.management import call_command
from django.urls import reverse

from accounts import spreadsheets
from documents import jobs
from events.attendee_columns import columns_of
from events.forms.imports import samples_of
from events.importing import keep_upload
from events.imports.reading import read
from events.models import Category, ImportBatch, ImportUpload
from regions.models import Region
from tests.accounts.factories import bawaslu_gresik, member, region

from . import workbooks as w
from .factories import NIP_PNS, AttendeeFactory, EventFactory
from .test_importing import LIST

pytestmark = pytest.mark.django_db
CUT = "NIP dipotong oleh Excel (hanya 15 digit). Ubah kolom menjadi Teks atau gunakan templat."
FAULTY = [*LIST, ["Joko", "1.97E+17", "Staf", "Dinas", ""]]


def url(name, event, *given):
    return reverse(f"events:{name}", args=[event.code, *given])


def send(client, event, data: bytes, name="undangan.xlsx"):
    file = io.BytesIO(data)
    file.name = name
    return client.post(url("import", event), {"file": file, "pasted": ""}, follow=True)


def text_of(answer) -> str:
    return " ".join(answer.content.decode().split())


def test_a_file_that_needs_no_choosing_goes_straight_to_the_result(staff, event):
    page = send(staff, event, w.xlsx(LIST))
    upload = ImportUpload.objects.get()
    assert page.redirect_chain == [(url("import_check", event, upload.pk), 302)]
    assert "3 baru, 0 diperbarui, 0 sama, 0 duplikat, 0 galat." in text_of(page)
    assert "Impor 3 baris yang benar" in text_of(page)
    assert event.attendees.count() == 1
    done = staff.post(url("import_apply", event, upload.pk), follow=True)
    assert "Impor selesai: 3 baru, 0 diperbarui." in text_of(done)
    assert event.attendees.count() == 4
    undone = staff.post(url("import_undo", event, ImportBatch.objects.get().pk), follow=True)
    assert "Impor dibatalkan: 3 peserta dihapus, 0 dikembalikan." in text_of(undone)
    assert event.attendees.count() == 1


def test_cells_pasted_from_excel_are_a_file_as_well(staff, event):
    pasted = "Nama\tJabatan\r\nAni\tCamat\r\nSiti\tStaf"
    page = staff.post(url("import", event), {"pasted": pasted}, follow=True)
    assert "2 baru" in text_of(page)
    assert ImportUpload.objects.get().name == "Tempelan dari Excel"


def test_neither_file_nor_cells_says_what_to_do(staff, event):
    page = staff.post(url("import", event), {"pasted": "  "})
    assert "Pilih berkas, atau tempel selnya di bawah." in text_of(page)


def test_a_file_that_cannot_be_read_keeps_what_was_pasted(staff, event):
    file = io.BytesIO(b"\x89PNG\x00")
    file.name = "foto.xlsx"
    page = staff.post(url("import", event), {"file": file, "pasted": "Nama\tJabatan"})
    assert "Berkas tidak dapat dibaca. Simpan sebagai .xlsx atau .csv, lalu unggah lagi." in text_of(page)
    assert "Nama\tJabatan" in page.content.decode()
    assert not ImportUpload.objects.exists()


def test_errors_are_shown_with_row_letter_and_header_and_can_be_filtered(staff, event):
    page = send(staff, event, w.xlsx(FAULTY))
    assert "3 baru, 0 diperbarui, 0 sama, 0 duplikat, 1 galat." in text_of(page)
    only = staff.get(url("import_check", event, ImportUpload.objects.get().pk), {"hasil": "galat"})
    assert [line["number"] for line in only.context["lines"]] == [5]
    assert "Kolom B (NIP)" in text_of(only)
    assert CUT in text_of(only)
    assert "Ani Lestari" not in text_of(only)


def test_faulty_rows_come_back_as_a_file_that_can_be_imported_again(staff, event):
    send(staff, event, w.xlsx(FAULTY))
    answer = staff.get(url("import_errors", event, ImportUpload.objects.get().pk))
    assert 'filename="galat.xlsx"' in answer["Content-Disposition"]
    rows = read(answer.content).sheets[0].rows
    assert rows == [
        [*LIST[0], "Pesan kesalahan"],
        ["Joko", "1.97E+17", "Staf", "Dinas", "", f"NIP: {CUT}"],
    ]
    rows[1][1] = NIP_PNS
    again = send(staff, event, w.xlsx(rows), "galat.xlsx")
    assert "1 baru, 0 diperbarui, 0 sama, 0 duplikat, 0 galat." in text_of(again)


def test_an_unknown_header_row_is_chosen_by_hand(staff, event):
    page = send(staff, event, w.xlsx([["Peserta", "Kerja"], ["Ani", "Camat"]]))
    upload = ImportUpload.objects.get()
    assert "Baris judul kolom tidak ditemukan. Pilih barisnya." in text_of(page)
    staff.post(url("import_table", event, upload.pk), {"header": "1"})
    bad = staff.post(url("import_columns", event, upload.pk), {"kolom_1": "position"})
    assert "Kolom nama belum dipilih." in text_of(bad)
    done = staff.post(
        url("import_columns", event, upload.pk), {"kolom_0": "full_name", "kolom_1": "position"}, follow=True
    )
    assert "1 baru" in text_of(done)


def test_several_sheets_are_offered_hidden_ones_last(staff, event):
    data = w.xlsx(LIST, sheets={"Undangan": LIST, "Lain": LIST[:2]}, hidden=["Sheet1"])
    page = send(staff, event, data)
    upload = ImportUpload.objects.get()
    assert [label for _, label in page.context["table_form"].fields["sheet"].choices] == [
        "Undangan", "Lain", "Sheet1 (tersembunyi)",
    ]  # fmt: skip
    staff.post(url("import_table", event, upload.pk), {"sheet": "Lain", "header": "1"})
    upload.refresh_from_db()
    assert (upload.sheet, upload.header_row) == ("Lain", 1)


def test_titles_above_the_header_encoding_and_nik_are_told(staff, event):
    rows = [["DAFTAR UNDANGAN"], ["Nama", "NIK", "Jabatan"], ["Zoë", "3515144508680002", "Camat"]]
    page = text_of(send(staff, event, w.text(rows, encoding="cp1252"), "a.csv"))
    assert "Baris 1: DAFTAR UNDANGAN" in page
    assert "Berkas dibaca sebagai Windows-1252. Periksa huruf khusus pada pratinjau." in page
    assert "Kolom NIK tidak diimpor karena tidak diperlukan." in page


def test_the_template_comes_back_without_its_example(staff, event):
    data = staff.get(url("import_template", event)).content
    rows = [list(row) for row in read(data).sheets[0].rows]
    assert rows[1][4] == NIP_PNS
    assert "0 baru, 0 diperbarui, 0 sama, 0 duplikat, 0 galat." in text_of(send(staff, event, data))
    rows.append(["Siti", "", "", Category.VILLAGE_HEAD.label, *[""] * (len(rows[0]) - 4)])
    assert "1 baru" in text_of(send(staff, event, w.xlsx(rows)))


def test_every_unsur_of_the_template_is_understood(staff, event):
    rows = [["Nama", "Unsur"], *[[f"Orang {chr(65 + n)}", label] for n, label in enumerate(Category.labels)]]
    assert f"{len(Category.labels)} baru" in text_of(send(staff, event, w.xlsx(rows)))


def test_our_own_export_comes_back_as_the_same_people(staff, event, organizer):
    send(staff, event, w.xlsx(LIST))
    staff.post(url("import_apply", event, ImportUpload.objects.get().pk))
    people = list(event.attendees.in_order().select_related("village__parent", "site"))
    for ending in ("xlsx", "csv"):
        for in_full in (True, False):
            columns = columns_of(event.time_zone, in_full=in_full)
            data = spreadsheets.content(
                spreadsheets.Sheet("Peserta", columns, people, [("Kegiatan", "Uji")]), ending
            )
            assert "0 baru, 0 diperbarui, 4 sama, 0 duplikat, 0 galat." in text_of(send(staff, event, data))


def test_villages_of_one_name_come_back_to_their_own_kecamatan(client):
    """Round trip through the page of an event of a kabupaten, where the name alone says too little."""
    event = EventFactory(office=bawaslu_gresik(), region=region("35.25"), title="Se-Gresik (contoh)")
    for code in ("35.25.10.2001", "35.25.11.2001"):
        village = region(code)
        Region.objects.filter(pk=village.pk).update(name="Sukorejo", folded="sukorejo")
        village.refresh_from_db()
        AttendeeFactory(
            event=event,
            village=village,
            category="kepala_desa",
            position="Kepala Desa Sukorejo",
            full_name=f"Sutrisno {code[7]}",
        )
    client.force_login(member(event.office, "organizer"))
    for ending in ("xlsx", "csv"):
        asked = {"ending": ending, "columns": ["full_name", "category", "position", "village", "district"]}
        exported = client.post(url("attendees_export", event), asked).content
        page = send(client, event, exported, f"a.{ending}")
        assert "0 baru, 0 diperbarui, 2 sama, 0 duplikat, 0 galat." in text_of(page)
    without = client.post(
        url("attendees_export", event),
        {"ending": "csv", "columns": ["full_name", "category", "position", "village"]},
    ).content
    assert "2 galat." in text_of(send(client, event, without, "a.csv"))


def test_a_page_of_many_rows_asks_as_often_as_one_of_few(
    staff, event, organizer, django_assert_max_num_queries
):
    rows = [
        ["Nama", "Jabatan"],
        *[[f"Orang {chr(97 + n % 26)}{chr(97 + n // 26)}", "Staf"] for n in range(300)],
    ]
    upload = keep_upload(event=event, data=w.text(rows), name="a.csv", by=organizer)
    with django_assert_max_num_queries(12):
        page = staff.get(url("import_check", event, upload.pk))
    assert len(page.context["lines"]) == 100


def test_a_file_put_aside_is_gone(staff, event):
    send(staff, event, w.xlsx(LIST))
    upload = ImportUpload.objects.get()
    staff.post(url("import_discard", event, upload.pk))
    assert staff.get(url("import_check", event, upload.pk)).status_code == 404


def test_the_file_of_another_event_is_not_found(client, event, organizer, neighbour):
    upload = keep_upload(event=event, data=w.xlsx(LIST), name="a.xlsx", by=organizer)
    client.force_login(neighbour)
    assert client.get(url("import_check", event, upload.pk)).status_code == 404


def test_an_operator_may_not_import(client, event, operator):
    client.force_login(operator)
    assert client.get(url("import", event)).status_code == 403


def test_sweeping_forgets_old_files(event, organizer):
    from datetime import timedelta

    from django.utils import timezone

    upload = keep_upload(event=event, data=w.xlsx(LIST), name="a.xlsx", by=organizer)
    ImportUpload.objects.filter(pk=upload.pk).update(uploaded_at=timezone.now() - timedelta(hours=25))
    jobs.sweep()
    assert not ImportUpload.objects.exists()


# -- the command -------------------------------------------------------------------------------------------------------


def run(*given) -> tuple[int, dict, str]:
    out, err = io.StringIO(), io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("import_attendees", *map(str, given), "--json", stdout=out, stderr=err)
    return ended.value.code, json.loads(out.getvalue() or "{}"), err.getvalue()


def test_the_command_imports_and_reports(event, tmp_path):
    file = tmp_path / "a.xlsx"
    file.write_bytes(w.xlsx(LIST))
    assert run(event.code, file) == (0, {"rows": 3, "imported": 3, "updated": 0, "errors": []}, "")
    assert event.attendees.count() == 4
    assert run(event.code, file)[1]["imported"] == 0


def test_the_command_names_each_error_by_row_and_header(event, tmp_path):
    file = tmp_path / "a.xlsx"
    file.write_bytes(
        w.raw_xlsx(w.inline_rows([["Nama", "NIP/NRP"], ["Ani", b"1.96805121990031E+17"], ["Siti", ""]]))
    )
    code, report, _ = run(event.code, file, "--dry-run")
    assert code == 1
    error = {"row": 2, "column": "NIP/NRP", "value": "1.96805121990031E+17", "message": CUT}
    assert report == {"rows": 2, "imported": 1, "updated": 0, "errors": [error]}
    assert event.attendees.count() == 1


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"\x00\x01", "Berkas tidak dapat dibaca. Simpan sebagai .xlsx atau .csv, lalu unggah lagi."),
        (b"Kota;Kode\nCerme;61171", "Baris judul kolom tidak ditemukan. Pilih barisnya."),
        (b"Jabatan;Instansi\nCamat;Kecamatan", "Kolom nama belum dipilih."),
    ],
)
def test_a_file_the_command_cannot_use_ends_with_one_line(event, tmp_path, data, message):
    file = tmp_path / "a.csv"
    file.write_bytes(data)
    assert run(event.code, file) == (2, {}, f"{message}\n")


def test_an_event_nobody_knows_and_a_file_that_is_not_there(event, tmp_path):
    assert run("tidak-ada", __file__)[0] == 2
    code, _, said = run(event.code, tmp_path / "tidak-ada.csv")
    assert code == 2
    assert "tidak dapat dibuka" in said


def test_page_of_columns_shows_only_how_a_number_begins():
    rows = [
        ["Nama", "NIK", "NIP", "HP"],
        ["Ani", "3525111234567890", "19860926 201505 1 001", "081234567890"],
    ]
    samples = samples_of(rows, header=1, headers=rows[0])
    assert samples == {0: "Ani", 1: "3525••••••••••••", 2: "1986•••••••••••••••••", 3: "0812••••••••"}


def test_short_numbers_and_words_are_shown_as_they_are():
    rows = [["No.", "Jabatan"], ["1", "Kepala Desa Jono RT 04/RW 02"]]
    assert samples_of(rows, header=1, headers=rows[0]) == {0: "1", 1: "Kepala Desa Jono RT 04/RW 02"}
