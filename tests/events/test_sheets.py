"""The paper bridge: numbered blank sheets, scans that come back, people noted as present."""

import hashlib
import io
import zlib
from datetime import UTC, datetime

import pikepdf
import pypdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from accounts.models import AuditEntry
from accounts.refusals import Refusal
from documents import pdf, storage
from events.models import AttendanceRecord, AttendanceScan, Attendee, Event
from events.scans import clean_pages
from events.sheets import ROWS, attach_scan, prepare_sheets, sheets_pdf
from tests.events.factories import AttendeeFactory
from tests.events.papers import text_of
from tests.events.test_letters import LONG_NAME, LONG_POST, keep, paper_size

pytestmark = pytest.mark.django_db
AT = datetime(2024, 10, 2, 1, 20, tzinfo=UTC)


def picture(kind="JPEG", size=(600, 800), **more) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "white").save(out, kind, **more)
    return out.getvalue()


def scanned_pdf(pages=1) -> bytes:
    out = io.BytesIO()
    first, *rest = [Image.new("RGB", (600, 800), "white") for _ in range(pages)]
    first.save(out, "PDF", save_all=True, append_images=rest)
    return out.getvalue()


@pytest.fixture
def scheduled(event):
    AttendeeFactory(event=event, full_name=LONG_NAME, position=LONG_POST)
    AttendeeFactory(event=event, full_name="Suharto", position="Kepala Desa Dungus")
    Event.objects.filter(pk=event.pk).update(state="running")
    event.refresh_from_db()
    return event


@pytest.fixture
def sheet(scheduled, organizer):
    return prepare_sheets(event=scheduled, by=organizer, empty=0)[0]


def test_sheets_are_full_and_numbered_through(scheduled, organizer):
    Attendee.objects.bulk_create(
        Attendee(event=scheduled, full_name=f"Peserta {n}", position="Kepala Desa") for n in range(30)
    )
    made = prepare_sheets(event=scheduled, by=organizer, empty=5)
    assert [len(sheet.rows) for sheet in made] == [ROWS, ROWS, ROWS]
    assert [(sheet.first_row, sheet.last_row) for sheet in made] == [(1, 16), (17, 32), (33, 48)]
    assert made[-1].rows[-5:] == [""] * 5
    assert made[1].code == f"{scheduled.code}-1-02"


def test_asking_again_prints_the_same_sheets_until_the_list_changes(scheduled, organizer):
    first = prepare_sheets(event=scheduled, by=organizer, empty=0)
    assert prepare_sheets(event=scheduled, by=organizer, empty=0) == first
    AttendeeFactory(event=scheduled)
    [newer] = prepare_sheets(event=scheduled, by=organizer, empty=0)
    assert newer.series == 2
    assert AuditEntry.objects.filter(verb="sheets.prepared").count() == 2


@pytest.mark.parametrize("size", ["A4", "F4"])
def test_a_sheet_is_one_page_with_names_boxes_and_its_code(scheduled, organizer, size):
    paper_size(scheduled, size)
    scheduled.title = (
        "Sosialisasi dan Deklarasi Netralitas Aparatur Sipil Negara, TNI, Polri, dan Kepala Desa se-Kecamatan"
    )
    scheduled.save()
    Attendee.objects.bulk_create(
        Attendee(event=scheduled, full_name=f"{LONG_NAME} {n}", position=LONG_POST) for n in range(20)
    )
    sheets = prepare_sheets(event=scheduled, by=organizer, empty=20)
    made = keep(f"daftar-kosong-{size}.pdf", sheets_pdf(scheduled, sheets))
    assert pdf.validate(made) == []
    pages = pypdf.PdfReader(io.BytesIO(made)).pages
    assert len(pages) == len(sheets)
    for page, sheet in zip(pages, sheets, strict=True):
        assert sheet.code in page.extract_text()
    text = text_of(made)
    assert "SEGEL ELEKTRONIK" not in text
    assert "Suharto" in text


def test_a_scan_is_kept_clean_and_notes_its_rows_on_paper(sheet, organizer):
    exif = Image.Exif()
    exif[0x010F] = "Kamera Rahasia"
    upload = picture(exif=exif)
    names = attach_scan(
        sheet=sheet, upload=upload, pages=clean_pages(upload), rows=[1, 2], occurred_at=AT, by=organizer
    )
    assert names == []
    scan = AttendanceScan.objects.get()
    stored = storage.read(scan.file)
    assert b"Kamera" in upload
    assert b"Kamera" not in stored
    assert scan.upload_sha256 == hashlib.sha256(upload).hexdigest()
    assert scan.sha256 == hashlib.sha256(stored).hexdigest()
    records = AttendanceRecord.objects.all()
    assert [(record.method, record.occurred_at) for record in records] == [("kertas", AT)] * 2
    assert Attendee.objects.exclude(first_seen_at=None).count() == 2


def test_the_same_scan_twice_counts_once_and_later_rows_are_added(sheet, organizer):
    upload = picture()
    for rows in ([1], [1], [1, 3]):
        attach_scan(
            sheet=sheet, upload=upload, pages=clean_pages(upload), rows=rows, occurred_at=AT, by=organizer
        )
    assert AttendanceRecord.objects.count() == 2
    assert AttendanceScan.objects.get().rows == [1, 3]


def test_an_empty_row_is_kept_and_named(sheet, organizer):
    upload = picture("PNG")
    unknown = attach_scan(
        sheet=sheet, upload=upload, pages=clean_pages(upload), rows=[1, 16], occurred_at=AT, by=organizer
    )
    assert unknown == [16]
    assert AttendanceScan.objects.get().rows == [1, 16]
    assert AttendanceRecord.objects.count() == 1


def test_rows_of_another_sheet_and_a_cancelled_event_are_refused(sheet, organizer):
    more = {"upload": b"x", "pages": [b"x"], "occurred_at": AT, "by": organizer}
    with pytest.raises(Refusal, match="Baris 17"):
        attach_scan(sheet=sheet, rows=[17], **more)
    Event.objects.filter(pk=sheet.event_id).update(state="cancelled")
    with pytest.raises(Refusal):
        attach_scan(sheet=sheet, rows=[1], **more)
    assert not AttendanceScan.objects.exists()


def test_a_scanned_pdf_gives_its_pictures_and_nothing_else(sheet):
    with pikepdf.open(io.BytesIO(scanned_pdf(2))) as made:
        made.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
        out = io.BytesIO()
        made.save(out)
    pages = clean_pages(out.getvalue())
    assert len(pages) == 2
    assert all(page.startswith(b"\xff\xd8") and b"alert" not in page for page in pages)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "bukan gambar"),
        (b"GIF89a" + b"\0" * 20, "bukan gambar"),
        (b"%PDF-1.7\nrusak", "bukan gambar"),
        (picture()[:400], "bukan gambar"),
        (b"x" * (10 * 1024 * 1024 + 1), "lebih besar dari 10 MB"),
        (scanned_pdf(6), "lebih dari 5 halaman"),
    ],
)
def test_what_is_no_scan_is_refused_in_words(data, says):
    with pytest.raises(ValueError, match=says):
        clean_pages(data)


def test_a_pdf_without_pictures_is_no_scan():
    out = io.BytesIO()
    with pikepdf.new() as made:
        made.add_blank_page()
        made.save(out)
    with pytest.raises(ValueError, match="tidak memuat gambar"):
        clean_pages(out.getvalue())


def send(client, sheet, rows, data=None, **more):
    url = reverse("events:sheet_scan", args=[sheet.event.code, sheet.pk])
    scan = SimpleUploadedFile("lembar.jpg", data if data is not None else picture())
    return client.post(url, {"scan": scan, "rows": rows, "hour": "08:20"} | more, follow=True)


def test_the_page_takes_a_scan_and_says_what_it_noted(staff, sheet):
    answer = send(staff, sheet, "1-2, 16").content.decode()
    assert "3 baris dicatat" in answer
    assert "Baris 16 tidak bernama" in answer
    assert "Pindaian" in answer
    assert AttendanceRecord.objects.filter(method="kertas").count() == 2


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ("satu", "bukan nomor baris"),
        ("17", "baris 1 sampai 16"),
        ("3-1", "baris 1 sampai 16"),
        ("1-", "bukan nomor"),
    ],
)
def test_wrong_rows_are_said_beside_the_field_and_kept(staff, sheet, rows, says):
    answer = send(staff, sheet, rows).content.decode()
    assert says in answer
    assert f'value="{rows}"' in answer
    assert not AttendanceScan.objects.exists()


def test_a_file_that_is_no_picture_is_refused_on_the_page(staff, sheet):
    assert "bukan gambar" in send(staff, sheet, "1", data=b"bukan gambar").content.decode()


def test_who_does_not_run_the_day_reads_and_does_not_attach(client, sheet, operator, stranger):
    client.force_login(operator)
    code = sheet.event.code
    assert client.get(reverse("events:sheets", args=[code])).status_code == 200
    assert client.post(reverse("events:sheets", args=[code]), {"empty": 3}).status_code == 403
    assert send(client, sheet, "1").status_code == 403
    client.force_login(stranger)
    assert client.get(reverse("events:sheets", args=[code])).status_code == 404


def test_the_scan_of_another_event_is_not_found(staff, sheet, organizer):
    upload = picture()
    attach_scan(sheet=sheet, upload=upload, pages=clean_pages(upload), rows=[1], occurred_at=AT, by=organizer)
    scan = AttendanceScan.objects.get()
    got = staff.get(reverse("events:scan_file", args=[sheet.event.code, scan.pk]))
    assert b"".join(got.streaming_content).startswith(b"\xff\xd8")
    from tests.events.factories import EventFactory

    other = EventFactory(office=sheet.event.office)
    assert staff.get(reverse("events:scan_file", args=[other.code, scan.pk])).status_code == 404


def test_sheets_are_printed_ten_at_a_time(staff, scheduled, organizer):
    Attendee.objects.bulk_create(
        Attendee(event=scheduled, full_name=f"Peserta {n}", position="Anggota") for n in range(ROWS * 10)
    )
    prepare_sheets(event=scheduled, by=organizer, empty=0)
    page = staff.get(reverse("events:sheets", args=[scheduled.code])).content.decode()
    assert "Unduh lembar 1–10" in page
    assert "Unduh lembar 11" in page
    last = staff.get(reverse("events:sheets_print", args=[scheduled.code, 11]))
    assert len(pypdf.PdfReader(io.BytesIO(last.content)).pages) == 1
    assert staff.get(reverse("events:sheets_print", args=[scheduled.code, 12])).status_code == 404


def test_a_cut_picture_is_no_scan_also_where_papers_are_printed():
    """WeasyPrint, once imported, would let Pillow fill the missing half with grey."""
    from documents import typesetter

    assert typesetter.HTML
    whole = picture(size=(1200, 1600))
    with pytest.raises(ValueError, match="utuh"):
        clean_pages(whole[: len(whole) // 2])


def pdf_scan(content: bytes, *filters: str, password: str = "") -> bytes:
    """A PDF whose one page shows a picture of ten by ten pixels."""
    file, output = pikepdf.new(), io.BytesIO()
    file.add_blank_page()
    picture = pikepdf.Stream(file, content, Width=10, Height=10, BitsPerComponent=8)
    picture.Type, picture.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
    picture.ColorSpace = pikepdf.Name.DeviceGray
    picture.Filter = pikepdf.Array([pikepdf.Name(name) for name in filters])
    file.pages[0].Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=picture))
    locks = pikepdf.Encryption(owner=password, user=password) if password else False
    file.save(output, encryption=locks)
    return output.getvalue()


def test_scan_as_pdf_is_taken_and_one_under_a_password_is_refused_in_words():
    packed = zlib.compress(bytes(100))
    assert len(clean_pages(pdf_scan(packed, "/FlateDecode"))) == 1
    with pytest.raises(ValueError, match="dikunci dengan kata sandi"):
        clean_pages(pdf_scan(packed, "/FlateDecode", password="rahasia"))


@pytest.mark.parametrize("times", [1, 2])
def test_pdf_that_swells_when_unpacked_is_refused_before_it_fills_the_memory(times):
    content = bytes(5_000_000)
    for _ in range(times):
        content = zlib.compress(content)
    with pytest.raises(ValueError, match="bukan gambar"):
        clean_pages(pdf_scan(content, *["/FlateDecode"] * times))
