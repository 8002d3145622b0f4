"""Berita acara, laporan kegiatan and rekapitulasi of an event that is over: typed, issued, printed and read."""

import io
import os
from datetime import UTC, date, datetime
from pathlib import Path

import pikepdf

from accounts import audit
from declarations import activity_report, recap_paper, record_paper, sealing, signing
from declarations.models import Declaration
from documents import jobs
from documents.models import Document
from documents.printing import print_paper
from events.issuing import issue_event_paper, save_details
from events.models import Attendee, Event
from tests.accounts.factories import region
from tests.declarations import day, factories
from tests.events.papers import text_of

PAPERS = {paper.kind: paper for paper in (record_paper.PAPER, activity_report.PAPER, recap_paper.PAPER)}
TYPED = {
    "berita_acara": {
        "second_name": "Suwarno (contoh)",
        "second_post": "Camat Cerme",
        "acknowledged_name": "Rahayu (contoh)",
        "acknowledged_post": "Ketua Bawaslu Kabupaten Gresik",
        "notes": "Satu tablet diganti.",
    },
    "laporan_kegiatan": {
        "basis": "Dasar kegiatan:\n1. Undang-Undang Nomor 7 Tahun 2017;\n2. Surat Ketua Bawaslu.",
        "purpose": "Meningkatkan pemahaman mengenai netralitas.",
        "material": "Netralitas aparatur.",
        "problems": "Hujan deras pada awal kegiatan.",
        "advice": "Tidak ada.",
        "attachments": "Surat Tugas Nomor 031/KP.01\nMateri narasumber",
    },
    "rekap": {"problems": "Jaringan lambat."},
}
DATE = date(2024, 10, 3)


def event_that_is_over() -> Event:
    """Of four people three signed and one stayed away; the naskah is sealed, the event closed."""
    event = day.running_event(venue="Pendopo Kecamatan Cerme")
    day.people(event, 3)
    head = factories.attendee(
        event, full_name="Kades Dungus (contoh)", category="kepala_desa", position="Kades"
    )
    Attendee.objects.filter(pk=head.pk).update(village=region("35.25.11.2001"))
    paper = day.open_paper(0, event=event, number="001/PM.05/K.JI-12.05/10/2024", classification="PM.05")
    for seed, row in enumerate([row for row in day.rows(paper) if row.attendee_id != head.pk], 1):
        day.hand_in(paper, day.record(row, seed))
    Declaration.objects.filter(pk=paper.pk).update(
        read_at=datetime(2024, 10, 2, 3, 45, tzinfo=UTC),
        read_by_name="Rudiyanto (contoh)",
        read_by_position="Sekretaris Daerah",
        read_followed_by_all=True,
    )
    paper.refresh_from_db()
    signing.close_signing(declaration=paper, by=audit.SYSTEM)
    sealing.seal_declaration(declaration=paper, by=audit.SYSTEM)
    jobs.run_pending()
    office = event.office
    office.chair_name, office.secretariat_head_name = "Siti Maemunah (contoh)", "Hendra Wijaya (contoh)"
    office.letter_code = "JI-12.05"
    office.save()
    Event.objects.filter(pk=event.pk).update(state=Event.State.CLOSED)
    event.refresh_from_db()
    return event


def fill(event, kind, **changes):
    save_details(
        event=event,
        kind=kind,
        by=audit.SYSTEM,
        date=DATE if PAPERS[kind].numbered else None,
        classification=PAPERS[kind].classification if PAPERS[kind].numbered else "",
        details=TYPED[kind] | changes,
    )


def issue(event, kind, **more) -> Document:
    return issue_event_paper(event=event, kind=kind, by=audit.SYSTEM, **more)


def printed(document) -> bytes:
    """As the worker prints it; refused there unless it is PDF/A-3a and PDF/UA-1."""
    made = print_paper(document).pdf
    if folder := os.environ.get("PAPERS_SEEN"):
        Path(folder, f"{document.kind}-{document.office.paper_size}.pdf").write_bytes(made)
    return made


def made(event, kind, **changes) -> str:
    fill(event, kind, **changes)
    return text_of(printed(issue(event, kind)))


def sealed(document: Document) -> Document:
    jobs.run_pending()
    document.refresh_from_db()
    assert document.state == "sealed"
    return document


def photos_in(data: bytes) -> list[bytes]:
    with pikepdf.open(io.BytesIO(data)) as opened:
        images = [image for page in opened.pages for image in page.get_images().values()]
        return [bytes(image.read_raw_bytes()) for image in images]


def close_up(text: str) -> str:
    return text.replace(" ", "")
