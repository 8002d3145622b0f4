"""The whole of an event in one click: a cover that lists and carries every sealed paper, and a ZIP of the same."""

import csv
import hashlib
import io
import zipfile

import pikepdf
import pytest
from django.urls import reverse

from accounts.refusals import Refusal
from documents import jobs, storage
from documents.models import Document
from documents.verification import Status, verify_file
from events import dossier_paper
from events.dossier import order_cover
from events.models import AgendaItem, Event
from tests.documents.factories import issue, sealed_document
from tests.events.papers import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_room(monkeypatch):
    monkeypatch.setattr(dossier_paper, "UNFINISHED", [])


@pytest.fixture
def closed(event):
    AgendaItem.objects.create(event=event, title="Pembukaan", order=1, duration=30)
    Event.objects.filter(pk=event.pk).update(state=Event.State.CLOSED)
    event.refresh_from_db()
    return event


def paper_of(event, **changes) -> Document:
    values = {"office": event.office, "event_code": event.code, "title": "Daftar Hadir Cerme"}
    return sealed_document(**(values | changes))


def embedded(made: bytes) -> dict[str, bytes]:
    with pikepdf.open(io.BytesIO(made)) as pdf:
        return {name: pdf.attachments[name].get_file().read_bytes() for name in pdf.attachments}


def test_cover_lists_each_paper_with_its_hash_and_carries_it_unchanged(closed, organizer):
    papers = [paper_of(closed, number=f"{n}/PM.05", title=f"Naskah ke-{n}") for n in (1, 2)]
    made = checked_with_files(order_cover(event=closed, by=organizer))
    text = text_of(made).replace(" ", "")
    files = embedded(made)
    assert len(files) == 3
    for paper in papers:
        assert paper.sha256 in text
        assert paper.number in text
        (content,) = [files[name] for name in files if paper.pk.hex[:8] in name]
        assert content == storage.read(paper.file)


def checked_with_files(document) -> bytes:
    """As the worker prints it."""
    from documents import enclosures, pdf
    from documents.sealing import compose

    composed = compose(document)
    made = pdf.render(
        composed.html,
        inks={},
        attachment=composed.attachment,
        meta=composed.meta,
        enclosed=enclosures.read(composed.enclosures),
    ).pdf
    assert pdf.validate(made) == []
    with pikepdf.open(io.BytesIO(made)) as opened:
        kinds = sorted(str(spec.AFRelationship) for spec in opened.Root.AF)
        assert kinds == ["/Data", *["/Supplement"] * (len(kinds) - 1)]
    return made


def test_sealed_cover_is_valid_and_the_evidence_names_what_is_inside(closed, organizer):
    paper_of(closed)
    cover = order_cover(event=closed, by=organizer)
    jobs.run_pending()
    cover.refresh_from_db()
    report = verify_file(storage.read(cover.file))
    assert report.valid
    assert "1 berkas sumber" in report.checks["evidence"].message


@pytest.mark.parametrize("harm", ["other content", "another name", "one more", "gone"])
def test_cover_with_another_file_inside_is_refused_by_the_evidence(closed, organizer, harm):
    paper_of(closed)
    made = checked_with_files(order_cover(event=closed, by=organizer))
    with pikepdf.open(io.BytesIO(made)) as pdf:
        name = next(name for name in pdf.attachments if name != "evidence.json")
        spec = next(spec for spec in pdf.Root.AF if str(spec.UF) == name)
        if harm == "other content":
            spec.EF.F.write(b"%PDF-1.7 palsu")
        elif harm == "another name":
            spec.F = spec.UF = pikepdf.String("lain.pdf")
        elif harm == "one more":
            pdf.attachments["sisipan.pdf"] = b"%PDF-1.7"
        else:
            del pdf.attachments[name]
            pdf.Root.AF = pikepdf.Array([each for each in pdf.Root.AF if each.objgen != spec.objgen])
        out = io.BytesIO()
        pdf.save(out)
    check = verify_file(out.getvalue()).checks["evidence"]
    assert check.status == Status.FAILED
    assert "Bukti tidak cocok" in check.message


def test_cover_stays_when_nothing_came_and_is_revised_when_something_did(closed, organizer):
    paper_of(closed)
    first = order_cover(event=closed, by=organizer)
    jobs.run_pending()
    assert order_cover(event=closed, by=organizer) == first
    paper_of(closed, title="Laporan")
    second = order_cover(event=closed, by=organizer)
    jobs.run_pending()
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state, second.revision) == ("superseded", "sealed", 2)
    assert second.revision_reason == "Berkas kegiatan bertambah atau diperbarui."


def test_paper_that_was_stamped_since_is_carried_as_it_was(closed, organizer):
    paper = paper_of(closed)
    before = storage.read(paper.file)
    cover = order_cover(event=closed, by=organizer)
    storage.store(paper.file, before + b"stempel waktu")
    assert before in embedded(checked_with_files(cover)).values()


def test_lost_file_stops_the_cover_and_is_named(closed, organizer):
    paper = paper_of(closed)
    cover = order_cover(event=closed, by=organizer)
    storage.remove(paper.file)
    jobs.run_pending()
    job = cover.renderjobs.get()
    assert job.is_failed
    assert job.last_error.startswith("Berkas “Daftar Hadir Cerme” hilang atau berubah")


def test_what_is_missing_is_said_in_words(event, organizer, monkeypatch):
    monkeypatch.setattr(dossier_paper, "UNFINISHED", [lambda event: ["Ikrar belum disegel (dibuka)."]])
    for number in range(10):
        issue(office=event.office, event_code=event.code, source=str(number), title=f"Surat {number}")
    with pytest.raises(Refusal) as refused:
        order_cover(event=event, by=organizer)
    said = refused.value.issues
    assert said[:2] == [dossier_paper.OPEN, "Ikrar belum disegel (dibuka)."]
    assert "Surat 0 masih dibuat dan disegel." in said
    assert "2 berkas lain masih dibuat dan disegel." in said
    assert dossier_paper.EMPTY in said


def test_too_much_for_one_file_is_refused_and_sent_to_the_zip(closed, organizer, monkeypatch):
    paper_of(closed)
    monkeypatch.setattr(dossier_paper, "MAX_SIZE", 3)
    with pytest.raises(Refusal, match="Unduh berkas lengkap sebagai ZIP"):
        order_cover(event=closed, by=organizer)


def rows_of(answer) -> tuple[zipfile.ZipFile, list[dict]]:
    bundle = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    text = bundle.read("manifest.csv").decode("utf-8-sig")
    return bundle, list(csv.DictReader(io.StringIO(text), delimiter=";"))


def test_one_click_orders_the_cover_waits_for_its_seal_and_gives_the_zip(staff, closed):
    paper = paper_of(closed)
    sealed_document(office=closed.office, event_code="LAINLAIN")
    page = staff.get(reverse("events:papers", args=[closed.code])).content.decode()
    assert "Unduh berkas lengkap" in page

    waiting = staff.post(reverse("events:dossier", args=[closed.code]), follow=True)
    assert waiting["Refresh"] == "2"
    assert "sedang disusun dan disegel" in waiting.content.decode()
    jobs.run_pending()
    progress = reverse("events:dossier_progress", args=[closed.code])
    ready = staff.get(progress)
    there = reverse("events:dossier_zip", args=[closed.code])
    assert ready["Refresh"] == f"0; url={there}"
    bundle, rows = rows_of(staff.get(there))
    assert {row["sha256"] for row in rows} == {paper.sha256, Document.objects.get(kind="dossier").sha256}
    for row in rows:
        assert hashlib.sha256(bundle.read(row["path"])).hexdigest() == row["sha256"]

    again = staff.post(
        reverse("events:dossier", args=[closed.code])
    )  # nothing new: no second cover, no waiting
    assert len(rows_of(again)[1]) == 2
    assert Document.objects.filter(kind="dossier").count() == 1


def test_waiting_page_offers_what_is_sealed_and_says_what_holds_the_cover_up(staff, closed):
    paper = paper_of(closed)
    staff.post(reverse("events:dossier", args=[closed.code]))
    cover = Document.objects.get(kind="dossier")
    cover.renderjobs.update(last_error="Penyimpanan penuh.")
    waiting = staff.get(reverse("events:dossier_progress", args=[closed.code]))
    assert "Penyimpanan penuh. Akan dicoba lagi secara otomatis." in waiting.content.decode()
    assert waiting["Refresh"] == "15"
    assert [
        row["sha256"] for row in rows_of(staff.get(reverse("events:dossier_zip", args=[closed.code])))[1]
    ] == [paper.sha256]


def test_waiting_page_without_an_order_leads_back_to_the_papers(staff, closed):
    answer = staff.get(reverse("events:dossier_progress", args=[closed.code]))
    assert "Refresh" not in answer
    assert "Sampul belum dipesan." in answer.content.decode()


def test_operator_and_other_office_get_nothing(client, closed, operator, stranger):
    paper_of(closed)
    for user, status in ((operator, 403), (stranger, 404)):
        client.force_login(user)
        assert client.post(reverse("events:dossier", args=[closed.code])).status_code == status
    assert not Document.objects.filter(kind="dossier").exists()


def test_page_of_an_open_event_says_what_is_missing(staff, event):
    page = staff.get(reverse("events:papers", args=[event.code])).content.decode()
    assert dossier_paper.OPEN in page
    assert "disabled>Unduh berkas lengkap" in page
