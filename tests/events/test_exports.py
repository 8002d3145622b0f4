"""Lists of an event as files: chosen columns, masked numbers, an entry in the log for each (EVENTS §7)."""

import csv
import io
from datetime import UTC, datetime

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from accounts.models import AuditEntry, ChosenColumns
from accounts.refusals import Refusal
from events.attendee_columns import spelled_phone
from events.attendees import add_attendee, withdraw_attendee
from events.exports import NO_REASON, export_attendees

from .factories import NIP_PNS, AttendeeFactory, EventFactory, purwodadi_event, villages_of_cerme

pytestmark = pytest.mark.django_db


@pytest.fixture
def url(event):
    return reverse("events:attendees_export", args=[event.code])


@pytest.fixture
def numbered(event, organizer):
    facts = {"category": "pns", "position": "Camat", "identity_number": NIP_PNS, "phone": "0812 3456 7890"}
    return add_attendee(event=event, by=organizer, full_name="Suparno", title_suffix="S.STP.", **facts)


def table(response):
    return CalamineWorkbook.from_filelike(io.BytesIO(response.content)).get_sheet_by_index(0).to_python()


def csv_rows(response):
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig")), delimiter=";"))


def ask(client, url, **data):
    return client.post(url, {"ending": "xlsx", "columns": ["full_name", "identity_number", "phone"], **data})


def test_numbers_go_out_masked(staff, url, numbered):
    response = ask(staff, url)
    assert response["Content-Type"].endswith("spreadsheetml.sheet")
    assert response["Cache-Control"] == "private, no-store"
    head, *rows = table(response)
    assert head == ["Nama lengkap", "NIP/NRP", "Nomor HP"]
    assert ["Suparno", "1986************01", "0812•••7890"] in rows
    assert NIP_PNS not in str(rows)


def test_numbers_in_full_need_a_reason(staff, url, numbered):
    response = ask(staff, url, in_full="on")
    assert NO_REASON in response.content.decode()
    assert not AuditEntry.objects.filter(verb="table.exported").exists()


def test_numbers_in_full_with_a_reason(staff, url, numbered, event):
    response = ask(staff, url, in_full="on", reason="Surat tugas Camat")
    assert ["Suparno", NIP_PNS, "081234567890"] in table(response)
    entry = AuditEntry.objects.get(verb="table.exported")
    assert entry.stream_id == event.audit_stream
    assert entry.facts["unmasked"] is True
    assert entry.facts["reason"] == "Surat tugas Camat"
    assert entry.facts["rows"] == event.attendees.count()
    assert entry.facts["columns"] == ["Nama lengkap", "NIP/NRP", "Nomor HP"]
    assert NIP_PNS not in str(entry.facts)


def test_csv_spells_numbers_so_that_no_spreadsheet_spoils_them(staff, url, numbered):
    [row] = [
        row
        for row in csv_rows(ask(staff, url, ending="csv", in_full="on", reason="Uji"))
        if row["Nama lengkap"] == "Suparno"
    ]
    assert row["NIP/NRP"] == "19860926 201505 1 001"
    assert row["Nomor HP"] == "0812 3456 7890"


@pytest.mark.parametrize(
    ("phone", "spelled"),
    [("081234567890", "0812 3456 7890"), ("+4915112345", "+4915112345"), ("", ""), ("0812345", "0812345")],
)
def test_telephones_in_groups(phone, spelled):
    assert spelled_phone(phone) == spelled


def test_name_like_a_formula_is_harmless(staff, url, event):
    AttendeeFactory(event=event, full_name='=HYPERLINK("x")', position="Staf")
    names = [row["Nama lengkap"] for row in csv_rows(ask(staff, url, ending="csv"))]
    assert '\'=HYPERLINK("x")' in names


def test_the_file_follows_filter_and_order_of_the_page(staff, url, event):
    for number, village in enumerate(villages_of_cerme()):
        AttendeeFactory(event=event, full_name=f"Kades {number}", village=village)
    rows = table(ask(staff, f"{url}?unsur=kepala_desa&sort=-full_name"))[1:]
    assert [row[0] for row in rows] == ["Kades 2", "Kades 1", "Kades 0"]


def test_the_sheet_says_what_was_filtered_by_whom(staff, url, event, organizer):
    response = ask(staff, f"{url}?unsur=kepala_desa")
    book = CalamineWorkbook.from_filelike(io.BytesIO(response.content))
    told = {row[0]: row[1] for row in book.get_sheet_by_name("Keterangan").to_python()}
    assert told["Saringan: Unsur"] == "Kepala Desa"
    assert told["Diunduh oleh"] == str(organizer)
    assert event.code in told["Kegiatan"]


def test_withdrawn_people_stay_at_home(staff, url, event, organizer, numbered):
    withdraw_attendee(attendee=numbered, by=organizer)
    assert "Suparno" not in str(table(ask(staff, url)))


def test_columns_are_remembered_per_person(staff, url, organizer):
    ask(staff, url, columns=["full_name", "email"])
    assert ChosenColumns.objects.get(user=organizer).keys == ["full_name", "email"]
    form = staff.get(url).context["form"]
    assert form["columns"].initial == ["full_name", "email"]


def test_no_column_is_refused_in_words(staff, url):
    response = ask(staff, url, columns=[])
    assert "Pilih paling sedikit satu kolom." in response.content.decode()


def test_deed_refuses_what_the_form_would(event, organizer):
    with pytest.raises(Refusal, match="kolom"):
        export_attendees(event=event, rows=[], keys=["id"], ending="csv", by=organizer)
    with pytest.raises(Refusal, match="Alasan"):
        export_attendees(event=event, rows=[], keys=["phone"], ending="csv", by=organizer, in_full=True)


def test_masked_columns_need_no_reason_even_in_full(event, organizer):
    """``in_full`` reveals nothing when neither number nor telephone goes out."""
    response = export_attendees(
        event=event, rows=event.attendees.all(), keys=["full_name"], ending="csv", by=organizer, in_full=True
    )
    assert response.status_code == 200


@pytest.mark.parametrize("person", ["operator", "supervisor"])
def test_who_only_runs_or_supervises_takes_no_list_of_people(client, request, url, event, person):
    client.force_login(request.getfixturevalue(person))
    assert client.get(url).status_code == 403
    assert client.get(reverse("events:invited_export", args=[event.code, "csv"])).status_code == 403
    page = client.get(reverse("events:attendees", args=[event.code])).content.decode()
    assert url not in page


def test_archived_event_still_gives_its_list(staff, url, event):
    type(event).objects.filter(pk=event.pk).update(state="archived")
    assert ask(staff, url).status_code == 200


def test_invited_people_with_masked_telephones(staff, event, numbered):
    response = staff.get(reverse("events:invited_export", args=[event.code, "csv"]))
    [row] = [row for row in csv_rows(response) if row["Nama"] == "Suparno, S.STP."]
    assert (row["Nomor HP"], row["Undangan"]) == ("0812•••7890", "Belum")


def test_list_of_events(client, event, supervisor):
    EventFactory(title="Sosialisasi kedua", starts_at=datetime(2024, 10, 5, 2, tzinfo=UTC), ends_at=None)
    purwodadi_event()
    client.force_login(supervisor)
    rows = table(client.get(reverse("events:events_export", args=["xlsx"]) + "?sort=-starts_at"))
    assert [row[1] for row in rows[1:]] == ["Sosialisasi kedua", event.title]
    assert rows[2][2] == datetime(2024, 10, 2, 8, 0)  # WIB
    assert "Purwodadi" not in str(rows)


def test_operator_takes_no_list_of_events(client, operator):
    client.force_login(operator)
    assert client.get(reverse("events:events_export", args=["xlsx"])).status_code == 403
    assert "/unduh/" not in client.get(reverse("events:events")).content.decode()


def test_log_of_an_event(staff, event, numbered):
    rows = csv_rows(staff.get(reverse("events:log_export", args=[event.code, "csv"])))
    assert "menambahkan peserta" in rows[0]["Perbuatan"]
    assert NIP_PNS not in str(rows)


@pytest.mark.parametrize("ending", ["pdf", "xls"])
def test_unknown_kind_of_file_is_not_found(staff, event, ending):
    assert staff.get(reverse("events:log_export", args=[event.code, ending])).status_code == 404
