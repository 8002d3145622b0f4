"""Photos of an event: kept clean, described, moved, removed; shown to staff of the event only."""

import hashlib
import io
import os
import re
import time
import zlib
from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.urls import reverse
from PIL import Image

from accounts.models import AuditEntry
from accounts.refusals import Refusal
from documents import leftovers, pdf, storage
from events import photos
from events.forms import photos as photo_forms
from events.issuing import issue_event_paper
from events.models import Event, EventPhoto
from events.photo_files import KEPT_SIDE, PRINTED_SIDE, clean_photo
from events.photos import change_photo, move_photo, remove_photo, restore_photo, sweep_photos
from events.scans import clean_pages
from tests.events.factories import EventFactory
from tests.events.photos import jpeg, photo_of, with_exif

pytestmark = pytest.mark.django_db


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def test_a_photo_keeps_its_pixels_and_loses_camera_and_place():
    upload = with_exif()
    assert b"Kamera Rahasia" in upload
    clean = clean_photo(upload)
    for kept in (clean.jpeg, clean.printed):
        assert b"Kamera" not in kept
        assert b"Exif" not in kept
        assert dict(opened(kept).getexif()) == {}
        assert opened(kept).mode == "RGB"
    assert clean.taken == datetime(2024, 10, 2, 10, 55, 31)  # the camera knows no zone


@pytest.mark.parametrize(
    "taken", ["", "2024:13:45 99:00:00", "0000:00:00 00:00:00", "1970:01:01 00:00:00", "kemarin"]
)
def test_a_camera_without_a_clock_gives_no_time(taken):
    assert clean_photo(with_exif(taken=taken)).taken is None


def test_a_photo_taken_upright_stands_upright():
    lying = opened(clean_photo(with_exif(orientation=1)).jpeg)
    upright = opened(clean_photo(with_exif(orientation=6)).jpeg)
    assert upright.size == (lying.height, lying.width)


def test_a_damaged_note_of_the_camera_costs_neither_photo_nor_scan():
    """The width is told as a byte: Pillow reads that, and fails when it writes the rest of the tags back."""
    upright = b"\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06\x00\x00"
    damaged = b"\x01\x00\x00\x01\x00\x00\x00\x01\x06\x00\x00\x00"
    output = io.BytesIO()
    note = b"Exif\0\0MM\0*\0\0\0\x08\0\x02" + upright + damaged + b"\0\0\0\0"
    Image.new("RGB", (40, 20), "red").save(output, "JPEG", exif=note)
    assert clean_photo(output.getvalue()).jpeg
    assert clean_pages(output.getvalue())


def test_large_photos_shrink_and_small_ones_stay():
    clean = clean_photo(jpeg(4000, 3000))
    assert (clean.width, clean.height) == (KEPT_SIDE, 1200)
    assert opened(clean.printed).size == (PRINTED_SIDE, 420)
    small = clean_photo(jpeg(300, 200))
    assert (small.width, small.height) == opened(small.printed).size == (300, 200)


@pytest.mark.parametrize(
    ("mode", "kind"),
    [
        ("CMYK", "JPEG"),
        ("L", "JPEG"),
        ("RGBA", "PNG"),
        ("P", "PNG"),
        ("LA", "PNG"),
        ("1", "PNG"),
        ("I;16", "PNG"),
    ],
)
def test_every_kind_of_colour_becomes_rgb(mode, kind):
    if mode == "I;16":
        out = io.BytesIO()
        Image.new("I;16", (60, 40), 32768).save(out, "PNG")
        upload = out.getvalue()
    else:
        upload = jpeg(60, 40, kind=kind, mode=mode)
    made = opened(clean_photo(upload).jpeg)
    assert (made.mode, made.size) == ("RGB", (60, 40))
    if mode == "I;16":
        assert abs(made.getpixel((5, 5))[0] - 128) < 4


def test_what_is_transparent_becomes_white():
    out = io.BytesIO()
    Image.new("RGBA", (60, 40), (0, 0, 0, 0)).save(out, "PNG")
    assert min(opened(clean_photo(out.getvalue()).jpeg).getpixel((5, 5))) > 250


def chunk(name: bytes, body: bytes) -> bytes:
    return len(body).to_bytes(4, "big") + name + body + zlib.crc32(name + body).to_bytes(4, "big")


# A few bytes that claim 65,535 × 65,535 pixels.
HUGE = (
    b"\x89PNG\r\n\x1a\n"
    + chunk(b"IHDR", b"\0\0\xff\xff\0\0\xff\xff\x08\x02\0\0\0")
    + chunk(b"IDAT", zlib.compress(b"\0" * 100))
)
BAD = [
    (b"", "kosong"),
    (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "bukan foto"),
    (b"Ini hanya teks.", "bukan foto"),
    (b"GIF89a" + b"\0" * 30, "bukan foto"),
    (jpeg()[:900], "bukan foto"),
    (jpeg(kind="PNG")[:200], "bukan foto"),
    (jpeg(60, 40, kind="WEBP"), "bukan foto"),
    (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 30, "HEIC"),
    (b"x" * (15 * 1024 * 1024 + 1), "15 MB"),
    (HUGE, "megapiksel"),
    (jpeg(9000, 6000), "megapiksel"),
]


@pytest.mark.parametrize(("data", "says"), BAD, ids=range(len(BAD)))
def test_what_is_no_photo_is_refused_in_words(data, says):
    with pytest.raises(ValueError, match=says):
        clean_photo(data)


def test_a_cut_photo_is_refused_also_where_papers_are_printed():
    pdf.prepare_process()  # the printer tells Pillow to fill up what is missing
    with pytest.raises(ValueError, match="bukan foto"):
        clean_photo(jpeg()[:900])


def test_a_photo_is_stored_in_both_sizes_and_told_to_the_log(event, organizer):
    upload = with_exif()
    photo = photo_of(event, by=organizer, upload=upload)
    assert hashlib.sha256(storage.read(photo.file)).hexdigest() == photo.sha256
    assert hashlib.sha256(storage.read(photo.print_file)).hexdigest() == photo.print_sha256
    assert photo.upload_sha256 == hashlib.sha256(upload).hexdigest()
    assert photo.taken_at == datetime(2024, 10, 2, 3, 55, 31, tzinfo=UTC)  # 10.55 WIB
    assert AuditEntry.objects.get(verb="photo.added").actor_id == str(organizer.pk)


def test_the_same_file_is_kept_once_and_a_full_event_takes_no_more(event, monkeypatch):
    photo_of(event, upload=jpeg())
    assert photo_of(event, upload=jpeg()) is None
    monkeypatch.setattr(photos, "MOST_PHOTOS", 1)
    with pytest.raises(Refusal, match="sudah memiliki 1 foto"):
        photo_of(event, upload=jpeg(tone=9))
    assert EventPhoto.objects.count() == 1


def test_photos_change_places(event, organizer):
    first, second, third = (photo_of(event) for _ in range(3))
    move_photo(photo=third, by=organizer, up=True)
    move_photo(photo=first, by=organizer, up=True)
    assert list(event.photos.all()) == [first, third, second]
    assert AuditEntry.objects.filter(verb="photo.moved").count() == 1


def test_a_changed_caption_is_told_with_before_and_after_and_renews_the_moment(event, organizer):
    photo = photo_of(event)
    earlier = photo.changed_at
    change_photo(photo=photo, by=organizer, caption="Foto bersama")
    change_photo(photo=photo, by=organizer, caption="Foto bersama")
    entry = AuditEntry.objects.get(verb="photo.changed")
    assert "Foto bersama" in str(entry.facts)
    photo.refresh_from_db()
    assert photo.changed_at > earlier


def test_a_removed_photo_is_in_the_log_and_its_files_wait_a_day(event, organizer):
    photo = photo_of(event)
    names = (photo.file, photo.print_file)
    remove_photo(photo=photo, by=organizer)
    assert not EventPhoto.objects.exists()
    assert [storage.exists(name) for name in names] == [True, True]
    assert AuditEntry.objects.filter(verb="photo.removed").count() == 1


def test_a_photo_stays_while_a_paper_that_prints_it_waits_for_its_seal(event, organizer):
    photo = photo_of(event)
    issue_event_paper(event=event, kind="dokumentasi", by=organizer)
    with pytest.raises(Refusal, match="sedang dibuat dan disegel"):
        remove_photo(photo=photo, by=organizer)
    assert storage.exists(photo.file)


def test_photos_of_an_archived_event_stand_still_in_the_database_too(event, organizer):
    photo = photo_of(event)
    Event.objects.filter(pk=event.pk).update(state="archived")
    for deed in (
        lambda: photo_of(event, upload=jpeg(tone=7)),
        lambda: change_photo(photo=photo, by=organizer, caption="Lain"),
        lambda: move_photo(photo=photo, by=organizer, up=True),
        lambda: remove_photo(photo=photo, by=organizer),
    ):
        with pytest.raises(Refusal, match="diarsipkan"):
            deed()
    for write in (
        lambda: EventPhoto.objects.filter(pk=photo.pk).update(caption="Lain"),
        lambda: EventPhoto.objects.filter(pk=photo.pk).delete(),
        lambda: EventPhoto.objects.create(event=event, order=2, width=1, height=1, upload_sha256="1"),
    ):
        with pytest.raises(DatabaseError, match="archived"), transaction.atomic():
            write()


def test_photos_may_follow_after_the_event_is_closed(event):
    Event.objects.filter(pk=event.pk).update(state="closed")
    assert photo_of(event)


# -- pages ---------------------------------------------------------------------------------------------------------


def send(client, event, *files, **more):
    sent = [SimpleUploadedFile(name, data) for name, data in files]
    return client.post(
        reverse("events:photos", args=[event.code]), {"photos": sent, "caption": ""} | more, follow=True
    )


def test_several_photos_go_in_at_once_and_a_bad_one_never_loses_the_others(staff, event):
    answer = send(
        staff,
        event,
        ("satu.jpg", jpeg()),
        ("catatan.jpg", b"Ini hanya teks."),
        ("dua.png", jpeg(tone=3, kind="PNG")),
        ("kosong.jpg", b""),
        ("satu-lagi.jpg", jpeg()),
        caption="Registrasi peserta",
    )
    page = answer.content.decode()
    assert "2 foto disimpan." in page
    assert "1 foto sudah ada" in page
    assert "“catatan.jpg” bukan foto" in page
    assert "“kosong.jpg” berkas ini kosong" in page
    assert [photo.caption for photo in event.photos.all()] == ["Registrasi peserta"] * 2


@pytest.mark.parametrize(("data", "says"), [bad for bad in BAD if bad[0]], ids=range(len(BAD) - 1))
def test_a_bad_upload_is_a_sentence_and_no_photo(staff, event, data, says):
    page = send(staff, event, ("foto.jpg", data), caption="Pembukaan").content.decode()
    assert "Tidak disimpan" in page
    assert says in page
    assert not EventPhoto.objects.exists()


def test_nothing_chosen_too_many_and_too_much_are_said_beside_the_field(staff, event, monkeypatch):
    page = send(staff, event, caption="Pembukaan").content.decode()
    assert "Pilih satu foto atau lebih." in page
    assert 'value="Pembukaan"' in page
    many = [(f"{n}.jpg", b"x") for n in range(21)]
    assert "Paling banyak 20 foto" in send(staff, event, *many).content.decode()
    monkeypatch.setattr(photo_forms, "LARGEST_BATCH", 10)
    assert "100 MB" in send(staff, event, ("besar.jpg", jpeg())).content.decode()


def test_the_name_of_a_file_is_shown_as_text(staff, event):
    page = send(staff, event, ("<b>jahat.jpg", b"bukan foto")).content.decode()
    assert "&lt;b&gt;jahat" in page
    assert "<b>jahat" not in page


def test_caption_and_time_are_edited_in_the_zone_of_the_event(staff, event):
    photo = photo_of(event, upload=with_exif())
    url = reverse("events:photo_edit", args=[event.code, photo.pk])
    assert 'value="2024-10-02T10:55"' in staff.get(url).content.decode()
    staff.post(url, {"caption": " Foto  bersama ", "taken_at": "2024-10-02T11:15"})
    photo.refresh_from_db()
    assert (photo.caption, photo.is_printed) == ("Foto bersama", False)
    assert photo.taken_at == datetime(2024, 10, 2, 4, 15, tzinfo=UTC)
    wrong = staff.post(url, {"caption": "x" * 201, "taken_at": "besok"}).content.decode()
    assert "x" * 201 in wrong


def test_staff_see_the_photo_and_no_cache_keeps_it(staff, event):
    photo = photo_of(event)
    for name, file in (("photo_file", photo.file), ("photo_small", photo.print_file)):
        answer = staff.get(reverse(f"events:{name}", args=[event.code, photo.pk]))
        assert b"".join(answer.streaming_content) == storage.read(file)
        assert (answer["Content-Type"], answer["Cache-Control"]) == ("image/jpeg", "private, no-store")
        assert answer["X-Content-Type-Options"] == "nosniff"


def test_a_lost_file_and_the_photo_of_another_event_are_not_found(staff, event):
    photo = photo_of(event)
    other = EventFactory(office=event.office)
    for page in ("photo_file", "photo_small", "photo_edit"):
        assert staff.get(reverse(f"events:{page}", args=[other.code, photo.pk])).status_code == 404
    assert staff.post(reverse("events:photo_remove", args=[other.code, photo.pk])).status_code == 404
    storage.remove(photo.file)
    assert staff.get(reverse("events:photo_file", args=[event.code, photo.pk])).status_code == 404


def test_other_offices_and_who_is_signed_out_see_no_photo(client, event, neighbour, stranger, viewer):
    photo = photo_of(event)
    url = reverse("events:photo_file", args=[event.code, photo.pk])
    assert client.get(url).status_code == 302
    for user, status in ((neighbour, 404), (stranger, 404), (viewer, 403)):
        client.force_login(user)
        assert client.get(url).status_code == status
        assert client.get(reverse("events:photos", args=[event.code])).status_code == status


def test_an_operator_adds_photos_of_an_event_they_are_assigned_to(client, event, operator):
    client.force_login(operator)
    assert client.get(reverse("events:photos", args=[event.code])).status_code == 200
    assert send(client, event, ("a.jpg", jpeg())).status_code == 403
    assert not EventPhoto.objects.exists()
    event.operators.add(operator)
    assert "1 foto disimpan" in send(client, event, ("a.jpg", jpeg())).content.decode()


def test_the_page_of_an_archived_event_shows_and_changes_nothing(staff, event):
    photo = photo_of(event)
    Event.objects.filter(pk=event.pk).update(state="archived")
    page = staff.get(reverse("events:photos", args=[event.code])).content.decode()
    assert "sudah diarsipkan" in page
    assert "Hapus" not in page
    answer = staff.post(reverse("events:photo_remove", args=[event.code, photo.pk]))
    assert answer.status_code == 409
    assert EventPhoto.objects.exists()


def test_each_photo_of_a_row_gets_an_answer_of_its_own(staff, event):
    url = reverse("events:photos_send", args=[event.code])

    def sent(name, data, **more):
        answer = staff.post(url, {"photos": SimpleUploadedFile(name, data), "caption": "Registrasi"} | more)
        assert answer.status_code == 200
        return answer.json()

    assert sent("satu.jpg", jpeg()) == {"state": "kept", "text": ""}
    assert sent("satu.jpg", jpeg()) == {"state": "known", "text": ""}
    refused = sent("<b>.jpg", b"bukan foto")
    assert refused["state"] == "refused"
    assert "bukan foto JPEG" in refused["text"]
    assert sent("dua.jpg", jpeg(tone=2), caption="x" * 201)["state"] == "refused"
    assert staff.post(url, {"caption": "Registrasi"}).json() == {
        "state": "refused",
        "text": "Pilih satu foto atau lebih.",
    }
    assert [photo.caption for photo in event.photos.all()] == ["Registrasi"]


def test_a_full_event_refuses_one_more_of_a_row(staff, event, monkeypatch):
    photo_of(event)
    monkeypatch.setattr(photos, "MOST_PHOTOS", 1)
    url = reverse("events:photos_send", args=[event.code])
    answer = staff.post(url, {"photos": SimpleUploadedFile("dua.jpg", jpeg(tone=2)), "caption": ""}).json()
    assert answer["state"] == "refused"
    assert "sudah memiliki 1 foto" in answer["text"]


def test_the_camera_of_the_phone_fills_the_same_field(staff, event):
    page = staff.get(reverse("events:photos", args=[event.code])).content.decode()
    assert re.search(r'<input [^>]*type="file" name="photos"[^>]* capture="environment"', page)
    camera = SimpleUploadedFile("kamera.jpg", jpeg())
    chosen = SimpleUploadedFile("galeri.jpg", jpeg(tone=2))
    answer = staff.post(
        reverse("events:photos", args=[event.code]), {"photos": [chosen, camera], "caption": ""}, follow=True
    )
    assert "2 foto disimpan." in answer.content.decode()


# -- undo ----------------------------------------------------------------------------------------------------------


def removed(staff, event, photo):
    """Press *Hapus*; (address, token) of the button beside the message."""
    page = staff.post(
        reverse("events:photo_remove", args=[event.code, photo.pk]), follow=True
    ).content.decode()
    found = re.search(
        r'class="undo" method="post" action="([^"]+)".*?name="token" value="([^"]+)"', page, re.S
    )
    return found.groups()


def columns(photo):
    return {field.attname: getattr(photo, field.attname) for field in photo._meta.concrete_fields}


def test_a_removed_photo_comes_back_by_one_button_as_it_was(staff, event):
    rows = [photo_of(event, upload=with_exif(orientation=turn)) for turn in (1, 6, 3)]
    before = columns(EventPhoto.objects.get(pk=rows[1].pk))
    address, token = removed(staff, event, rows[1])
    assert list(event.photos.all()) == [rows[0], rows[2]]
    page = staff.post(address, {"token": token}, follow=True).content.decode()
    assert "dikembalikan." in page
    assert list(event.photos.all()) == rows
    after = columns(EventPhoto.objects.get(pk=rows[1].pk))
    assert after.pop("changed_at") > before.pop("changed_at")
    assert after == before
    small = staff.get(reverse("events:photo_small", args=[event.code, rows[1].pk]))
    assert b"".join(small.streaming_content) == storage.read(rows[1].print_file)
    verbs = AuditEntry.objects.filter(stream_id=event.audit_stream).values_list("verb", flat=True)
    assert list(verbs)[-2:] == ["photo.removed", "photo.restored"]


def test_a_photo_comes_back_once_and_not_beside_its_own_copy(staff, event, organizer):
    upload = jpeg(tone=4)
    photo = photo_of(event, upload=upload)
    address, token = removed(staff, event, photo)
    assert staff.post(address, {"token": "lain"}).status_code == 409
    photo_of(event, upload=upload)
    page = staff.post(address, {"token": token})
    assert page.status_code == 409
    assert photos.IS_BACK in page.content.decode()
    assert event.photos.count() == 1


def test_no_photo_comes_back_into_an_archived_or_full_event(event, organizer, monkeypatch):
    photo = photo_of(event)
    picture = remove_photo(photo=photo, by=organizer)
    photo_of(event, upload=jpeg(tone=9))
    monkeypatch.setattr(photos, "MOST_PHOTOS", 1)
    with pytest.raises(Refusal, match="sudah memiliki 1 foto"):
        restore_photo(event=event, picture=picture, by=organizer)
    Event.objects.filter(pk=event.pk).update(state="archived")
    with pytest.raises(Refusal, match="diarsipkan"):
        restore_photo(event=event, picture=picture, by=organizer)


def test_after_a_day_the_files_of_a_removed_photo_are_gone(
    event, organizer, django_capture_on_commit_callbacks
):
    kept, gone = photo_of(event), photo_of(event)
    names = (gone.file, gone.print_file)
    for name in (kept.file, kept.print_file, *names):
        age(name, storage.DAY + 60)
    with django_capture_on_commit_callbacks(execute=True):
        picture = remove_photo(photo=gone, by=organizer)
    assert sweep_photos() == 0  # the day begins with the removal
    for name in names:
        age(name, storage.DAY + 60)
    assert sweep_photos() == 2
    assert storage.exists(kept.file)
    assert storage.exists(kept.print_file)
    assert [storage.exists(name) for name in names] == [False, False]
    with pytest.raises(Refusal, match="Unggah lagi"):
        restore_photo(event=event, picture=picture, by=organizer)
    assert event.photos.get() == kept


def age(name, seconds):
    past = time.time() - seconds
    os.utime(storage.path_of(name), (past, past))


def test_the_sweep_of_the_worker_knows_the_photos():
    assert sweep_photos in leftovers.SWEEPERS


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_asks_the_same_for_one_photo_and_for_three(staff, event, count, django_assert_num_queries):
    for _ in range(count):
        photo_of(event)
    url = reverse("events:photos", args=[event.code])
    staff.get(url)
    with django_assert_num_queries(8):
        staff.get(url)


def test_a_time_of_another_day_is_kept_as_the_camera_wrote_it(event):
    photo = photo_of(event, upload=with_exif(taken="2024:10:03 07:00:00"))
    assert photo.taken_at.astimezone(event.zone).hour == 7
    assert photo.taken_at - datetime(2024, 10, 3, tzinfo=UTC) == timedelta(0)
