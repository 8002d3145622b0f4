"""Dokumentasi foto: two photos per row with caption, time and hash, printed byte for byte, sealed and checked."""

import hashlib
import io
import json

import pikepdf
import pypdf
import pytest

from accounts.canonical import parse_canonical
from accounts.refusals import Refusal
from documents import jobs, pdf, storage, verification
from documents.pdf import PaperMeta, RenderFailed
from events import photo_paper
from events.issuing import issue_event_paper, preview_pdf
from events.models import EventPhoto
from events.photos import change_photo, move_photo, remove_photo
from tests.events.papers import checked, text_of
from tests.events.photos import jpeg, photo_of, with_exif
from tests.events.test_letters import full, keep, paper_size  # noqa: F401

pytestmark = pytest.mark.django_db
LONG_CAPTION = (
    "Penandatanganan deklarasi netralitas oleh Forum Koordinasi Pimpinan Kecamatan, Kepala Desa se-Kecamatan Cerme, "
    "dan perwakilan Asosiasi Kepala Desa, disaksikan Panwaslu Kecamatan dan Bawaslu Gresik"
)


def pictures_of(made: bytes) -> dict[str, pikepdf.Stream]:
    """Hash of the raw bytes of each JPEG in the file."""
    found = {}
    with pikepdf.open(io.BytesIO(made)) as opened:
        for page in opened.pages:
            for image in page.get_images().values():
                if image.get("/Filter") == "/DCTDecode":
                    found[hashlib.sha256(image.read_raw_bytes()).hexdigest()] = int(image.Width)
    return found


def sealed(document):
    jobs.run_pending()
    document.refresh_from_db()
    assert document.state == "sealed", list(document.renderjobs.values_list("last_error", flat=True))
    return document


@pytest.mark.parametrize("size", ["A4", "F4"])
@pytest.mark.parametrize("count", [1, 7, 40])
def test_photos_are_printed_byte_for_byte_with_caption_time_and_hash(full, organizer, size, count):  # noqa: F811
    paper_size(full, size)
    photo_of(full, upload=with_exif(), caption=LONG_CAPTION)
    for number in range(1, count):
        shape = (900, 1200) if number % 3 == 1 else (1200, 900)
        upload = jpeg(*shape, tone=number)
        photo_of(full, upload=upload, caption=f"Kepala Desa ke-{number} menandatangani")
    document = issue_event_paper(event=full, kind="dokumentasi", by=organizer)
    made = keep(f"foto-{size}-{count}.pdf", checked(document))
    text = text_of(made)
    assert LONG_CAPTION[:60] in text
    assert "(pukul 10.55 WIB)" in text
    assert f"Foto {count}." in text
    stored = {photo.print_sha256 for photo in full.photos.all()}
    assert set(pictures_of(made)) == stored
    assert all(photo.print_sha256[:16] in text for photo in full.photos.all())
    assert len(pypdf.PdfReader(io.BytesIO(made)).pages) <= 1 + count / 4


def test_no_photo_is_printed_finer_than_200_dots_per_inch(full, organizer):  # noqa: F811
    photo_of(full, upload=jpeg(4000, 3000))
    photo_of(full, upload=jpeg(3000, 4000))
    made = checked(issue_event_paper(event=full, kind="dokumentasi", by=organizer))
    sizes = []

    def visit(operator, operands, matrix, text_matrix):
        if operator == b"Do":
            sizes.append((abs(matrix[0]), abs(matrix[3])))

    for page in pypdf.PdfReader(io.BytesIO(made)).pages:
        page.extract_text(visitor_operand_before=visit)
    with pikepdf.open(io.BytesIO(made)) as opened:
        pixels = [
            (int(image.Width), int(image.Height))
            for page in opened.pages
            for image in page.get_images().values()
        ]
    shown = sorted(size for size in sizes if min(size) > 100)
    assert len(shown) == len(pixels) == 2
    for (wide, high), (across, down) in zip(shown, sorted(pixels), strict=True):
        assert across / (wide / 72) <= 200
        assert down / (high / 72) <= 200


def test_the_sealed_paper_is_valid_and_its_evidence_names_each_photo(full, organizer):  # noqa: F811
    photo_of(full)
    photo_of(full, caption="Foto bersama")
    data = storage.read(sealed(issue_event_paper(event=full, kind="dokumentasi", by=organizer)).file)
    assert pdf.validate(data) == []
    report = verification.verify_file(data)
    assert report.valid, report.as_json()
    with pikepdf.open(io.BytesIO(data)) as opened:
        evidence = json.loads(opened.attachments["evidence.json"].get_file().read_bytes())
    assert [source["sha256"] for source in evidence["sources"]] == [p.print_sha256 for p in full.photos.all()]
    assert [source["title"] for source in evidence["sources"]][1] == "Foto bersama"


def test_each_photo_has_an_alternative_text(full, organizer):  # noqa: F811
    photo_of(full, caption="Foto bersama di pendopo")
    made = checked(issue_event_paper(event=full, kind="dokumentasi", by=organizer))
    with pikepdf.open(io.BytesIO(made)) as opened:
        alts = [
            str(thing.Alt)
            for thing in opened.objects
            if isinstance(thing, pikepdf.Dictionary) and "/Alt" in thing
        ]
    assert "Foto 1: Foto bersama di pendopo" in alts


@pytest.mark.parametrize("harm", ["gone", "changed"])
def test_a_lost_or_changed_photo_stops_the_paper_and_is_named(full, organizer, harm):  # noqa: F811
    photo = photo_of(full, caption="Pembukaan")
    document = issue_event_paper(event=full, kind="dokumentasi", by=organizer)
    storage.remove(photo.print_file)
    if harm == "changed":
        storage.store(photo.print_file, jpeg(560, 420, tone=50))
    jobs.run_pending()
    job = document.renderjobs.get()
    assert job.is_failed
    assert job.last_error.startswith("Foto “Pembukaan” hilang atau berubah di peladen")
    with pytest.raises(Refusal, match="hilang atau berubah"):
        preview_pdf(full, "dokumentasi")


def test_a_paper_keeps_the_photos_it_was_sealed_with(full, organizer):  # noqa: F811
    keeper, goes = photo_of(full), photo_of(full, caption="Keluar")
    first = sealed(issue_event_paper(event=full, kind="dokumentasi", by=organizer))
    remove_photo(photo=goes, by=organizer)
    assert len(pictures_of(storage.read(first.file))) == 2
    second = sealed(issue_event_paper(event=full, kind="dokumentasi", by=organizer, reason="Foto dihapus"))
    assert list(pictures_of(storage.read(second.file))) == [keeper.print_sha256]
    assert second.revision == 2


def test_order_caption_and_choice_change_the_paper_and_nothing_else_does(full, organizer):  # noqa: F811
    first, second = photo_of(full), photo_of(full, caption="Kedua")
    document = sealed(issue_event_paper(event=full, kind="dokumentasi", by=organizer))
    frozen = parse_canonical(document.snapshot.encode())["content"]["photos"]
    assert [row["sha256"] for row in frozen] == [first.print_sha256, second.print_sha256]
    with pytest.raises(Refusal, match="Tidak ada yang berubah"):
        issue_event_paper(event=full, kind="dokumentasi", by=organizer, reason="Coba")
    move_photo(photo=second, by=organizer, up=True)
    change_photo(photo=first, by=organizer, is_printed=False)
    assert [row["caption"] for row in photo_paper.photo_rows(full)] == ["Kedua"]


def test_what_is_missing_is_said_in_words(full, organizer, monkeypatch):  # noqa: F811
    assert photo_paper.needs(full) == ["Belum ada foto yang dipilih untuk dicetak."]
    photo_of(full, caption="")
    assert photo_paper.needs(full) == ["1 foto belum diberi keterangan."]
    assert text_of(preview_pdf(full, "dokumentasi")).count("Belum diberi keterangan") == 1
    monkeypatch.setattr(photo_paper, "MOST_PRINTED", 0)
    assert photo_paper.TOO_MANY in photo_paper.needs(full)
    with pytest.raises(Refusal):
        issue_event_paper(event=full, kind="dokumentasi", by=organizer)


def test_a_preview_without_photos_is_a_page(full):  # noqa: F811
    assert not EventPhoto.objects.exists()
    assert "DOKUMENTASI FOTO" in text_of(preview_pdf(full, "dokumentasi"))


def test_a_caption_no_font_can_print_is_named(full, organizer):  # noqa: F811
    photo_of(full, caption="Semangat \U0001f44d")
    with pytest.raises(Refusal, match="tidak dapat dicetak"):
        issue_event_paper(event=full, kind="dokumentasi", by=organizer)


def test_two_photos_that_look_alike_are_both_printed(full, organizer):  # noqa: F811
    photo_of(full, upload=jpeg())
    photo_of(full, upload=jpeg() + b"\0", caption="Sekali lagi")
    made = checked(issue_event_paper(event=full, kind="dokumentasi", by=organizer))
    assert "Foto 2. Sekali lagi" in text_of(made)
    assert len(pictures_of(made)) == 1


@pytest.mark.parametrize("harm", ["not given", "not printed", "another"])
def test_the_printer_takes_only_the_photos_the_paper_names(full, organizer, harm):  # noqa: F811
    from documents.sealing import compose

    photo = photo_of(full)
    composed = compose(issue_event_paper(event=full, kind="dokumentasi", by=organizer))
    right = storage.read(photo.print_file)
    other = jpeg(tone=77)
    given = {
        "not given": {},
        "not printed": {photo.print_sha256: right, hashlib.sha256(other).hexdigest(): other},
        "another": {photo.print_sha256: other},
    }[harm]
    assert isinstance(composed.meta, PaperMeta)
    with pytest.raises(RenderFailed, match="Foto pada halaman"):
        pdf.render(composed.html, inks={}, attachment=composed.attachment, meta=composed.meta, pictures=given)
