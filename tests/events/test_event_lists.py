"""Lists of one event on their pages and as files: the same filter and order, nothing that a spreadsheet computes."""

import csv
import io
import zipfile
from datetime import UTC, datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from documents.models import Document
from events.models import AgendaItem, Attendee, OutgoingMail
from tests.accounts.factories import bawaslu_gresik, member
from tests.documents.factories import sealed_document

from .factories import AttendeeFactory, EventPersonFactory, EventSiteFactory, villages_of_cerme

pytestmark = pytest.mark.django_db


def csv_rows(response) -> list[dict]:
    assert response.status_code == 200
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig")), delimiter=";"))


def url(name, event, *given):
    return reverse(f"events:{name}", args=[event.code, *given])


def sorted_like_the_file(client, event, page, export, query, column, *given):
    """The values of one column in the file, after a look that the page shows as many rows."""
    shown = client.get(f"{url(page, event, *given)}?{query}")
    assert shown.status_code == 200
    found = csv_rows(client.get(f"{url(export, event, *given, 'csv')}?{query}"))
    assert len(shown.context["table"].rows) == len(found)
    return [row[column] for row in found]


# -- susunan acara, petugas ----------------------------------------------------------------------------------------


@pytest.fixture
def crew(event):
    for role, name in (("notulis", "Citra"), ("narasumber", "=Abdul"), ("mc", "Budi")):
        EventPersonFactory(event=event, full_name=name, role=role, title_prefix="", title_suffix="")


@pytest.mark.parametrize(
    ("query", "names"),
    [("sort=name", ["'=Abdul", "Budi", "Citra"]), ("sort=-name", ["Citra", "Budi", "'=Abdul"])],
)
def test_petugas_are_sorted_and_taken_along_without_formulas(staff, event, crew, query, names):
    assert sorted_like_the_file(staff, event, "people", "crew_export", query, "Nama") == names


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("sort=name", ["'=Aula", "Balai"]),
        ("sort=-name", ["Balai", "'=Aula"]),
        ("sort=venue", ["Balai", "'=Aula"]),
    ],
)
def test_sites_are_sorted_and_taken_along_without_links_of_meetings(staff, event, query, names):
    EventSiteFactory(
        event=event, name="=Aula", venue="Zona B", meeting_link="https://rapat.contoh.test/rahasia"
    )
    EventSiteFactory(event=event, name="Balai", venue="Zona A")
    assert sorted_like_the_file(staff, event, "sites", "places_export", query, "Lokasi") == names
    assert "rahasia" not in staff.get(url("places_export", event, "csv")).content.decode()


def test_order_of_petugas_that_is_none_is_that_of_the_list(staff, event, crew):
    assert staff.get(url("people", event) + "?sort=entah").status_code == 200


def test_susunan_acara_as_a_file_has_the_hours_of_the_place(staff, event):
    event.starts_at = datetime(2024, 10, 2, 1, 0, tzinfo=UTC)
    event.save()
    event.agenda.all().delete()
    AgendaItem.objects.create(event=event, title="+Registrasi", order=1, duration=30)
    AgendaItem.objects.create(event=event, title="Ikrar", order=2, duration=15)
    found = csv_rows(staff.get(url("rundown_export", event, "csv")))
    assert [(row["Mulai"], row["Selesai"], row["Mata acara"]) for row in found] == [
        ("08.00 WIB", "08.30 WIB", "'+Registrasi"),
        ("08.30 WIB", "08.45 WIB", "Ikrar"),
    ]
    entry = AuditEntry.objects.get(verb="table.exported")
    assert (entry.facts["rows"], entry.stream_id) == (2, event.audit_stream)


def test_susunan_acara_without_a_start_has_no_hours(staff, event):
    event.starts_at = event.ends_at = None
    event.save()
    event.agenda.all().delete()
    AgendaItem.objects.create(event=event, title="Ikrar", order=1, duration=15)
    [row] = csv_rows(staff.get(url("rundown_export", event, "csv")))
    assert (row["Mulai"], row["Menit"]) == ("", "15")


@pytest.mark.parametrize("page", ["people", "agenda"])
def test_who_may_not_take_along_sees_no_way_to_it(client, event, crew, page):
    client.force_login(member(bawaslu_gresik(), "supervisor"))
    assert "/unduh/" not in client.get(url(page, event)).content.decode()


@pytest.mark.parametrize("name", ["rundown_export", "crew_export", "mails_export", "places_export"])
def test_unknown_kind_of_file_is_not_found(staff, event, name):
    assert staff.get(url(name, event, "pdf")).status_code == 404


# -- mail ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def letters(event):
    rows = (("Citra", "invitation", "failed"), ("Abdul", "invitation", "sent"), ("Budi", "reminder", "sent"))
    for name, kind, state in rows:
        OutgoingMail.objects.create(
            event=event,
            attendee=AttendeeFactory(event=event, full_name=name, email="a@contoh.test"),
            kind=kind,
            state=state,
            subject="Undangan",
            last_error="-Alamat ditolak." if state == "failed" else "",
            sent_at=datetime(2024, 9, 30, 3, 5, tzinfo=UTC) if state == "sent" else None,
            handed_at=datetime(2024, 9, 30, 3, 5, tzinfo=UTC) if state == "sent" else None,
        )


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("sort=attendee", ["Abdul", "Budi", "Citra"]),
        ("sort=-attendee", ["Citra", "Budi", "Abdul"]),
        ("keadaan=sent&sort=attendee", ["Abdul", "Budi"]),
        ("jenis=reminder", ["Budi"]),
        ("jenis=%00&keadaan=entah&sort=attendee", ["Abdul", "Budi", "Citra"]),
        ("keadaan=waiting", []),
    ],
)
def test_mail_is_filtered_and_sorted_and_taken_along(staff, event, letters, query, names):
    found = sorted_like_the_file(staff, event, "mails", "mails_export", query, "Penerima")
    assert [name.split(",")[0].split(" ")[0] for name in found] == names


def test_file_of_mail_holds_no_address_and_no_formula(staff, event, letters):
    response = staff.get(url("mails_export", event, "csv") + "?sort=attendee")
    rows = csv_rows(response)
    assert "contoh.test" not in response.content.decode()
    assert rows[2]["Kendala terakhir"] == "'-Alamat ditolak."
    assert rows[0]["Terkirim"] == "30/09/2024 10.05"


# -- papers per person ---------------------------------------------------------------------------------------------


@pytest.fixture
def certificates(event, organizer):
    for name in ("Citra", "=Abdul", "Budi"):
        AttendeeFactory(
            event=event, full_name=name, category="pns", position="Staf", first_seen_at=timezone.now()
        )
    people = {person.full_name: person for person in event.attendees.all()}
    sealed_document(
        office=event.office,
        event_code=event.code,
        kind="sertifikat",
        title="Sertifikat",
        source=f"event:{event.pk}:sertifikat:{people['Budi'].pk}",
    )
    return people


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("sort=label", ["'=Abdul", "Budi", "Citra"]),
        ("sort=-label", ["Citra", "Budi", "'=Abdul"]),
        ("keadaan=tersegel", ["Budi"]),
        ("keadaan=belum&sort=label", ["'=Abdul", "Citra"]),
        ("q=CIT", ["Citra"]),
        ("q=%00&keadaan=entah&sort=label", ["'=Abdul", "Budi", "Citra"]),
        ("keadaan=proses", []),
    ],
)
def test_papers_per_person_are_filtered_sorted_and_taken_along(staff, event, certificates, query, names):
    found = sorted_like_the_file(staff, event, "paper_parts", "parts_export", query, "Nama", "sertifikat")
    assert [name.split(" (")[0].split(",")[0] for name in found] == names


def test_workbook_of_papers_per_person_computes_nothing(staff, event, certificates):
    response = staff.get(url("parts_export", event, "sertifikat", "xlsx"))
    with zipfile.ZipFile(io.BytesIO(response.content)) as book:
        assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")


@pytest.mark.parametrize("kind", ["susunan_acara", "entah"])
def test_kind_with_one_paper_has_no_list_of_people(staff, event, kind):
    assert staff.get(url("parts_export", event, kind, "csv")).status_code == 404


def test_papers_of_one_event_lead_to_a_table_and_its_file(staff, event, organizer):
    sealed_document(office=event.office, event_code=event.code, title="=Laporan")
    sealed_document(office=event.office, event_code="LAINNYA", title="Milik lain")
    page = staff.get(url("papers", event)).content.decode()
    to_file = f"{reverse('documents:archive_export', args=['csv'])}?event={event.code}"
    assert to_file in page
    assert f"{reverse('documents:archive')}?event={event.code}" in page
    assert [row["Dokumen"] for row in csv_rows(staff.get(to_file))] == ["'=Laporan"]
    assert Document.objects.count() == 2


# -- invitations ---------------------------------------------------------------------------------------------------


@pytest.fixture
def invited(event):
    event.attendees.all().delete()
    first, second, _ = villages_of_cerme()
    for name, state, village in (
        ("Citra", "coming", first),
        ("=Abdul", "sent", second),
        ("Budi", "sent", None),
    ):
        AttendeeFactory(
            event=event, full_name=name, invitation=state, village=village, title_prefix="", title_suffix=""
        )


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("urut=nama", ["=Abdul", "Budi", "Citra"]),
        ("urut=desa", ["Citra", "=Abdul", "Budi"]),
        ("urut=jawaban", ["Citra", "=Abdul", "Budi"]),
        ("keadaan=belum-menjawab&urut=nama", ["=Abdul", "Budi"]),
        ("keadaan=hadir", ["Citra"]),
        ("keadaan=entah&urut=nama", ["=Abdul", "Budi", "Citra"]),
    ],
)
def test_invitations_keep_filter_and_order_in_page_and_file(staff, event, invited, query, names):
    page = staff.get(f"{url('invitations', event)}?{query}")
    assert [row["person"].full_name for row in page.context["rows"]] == names
    found = csv_rows(staff.get(f"{url('invited_export', event, 'csv')}?{query}"))
    assert [row["Nama"].removeprefix("'") for row in found] == names
    assert not [row for row in found if row["Nama"].startswith("=")]


def test_order_of_invitations_that_is_none_is_that_of_the_list(staff, event, invited):
    assert staff.get(url("invitations", event) + "?urut=%00").status_code == 200
    assert Attendee.objects.filter(event=event).count() == 3
