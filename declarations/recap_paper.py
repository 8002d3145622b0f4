"""Rekapitulasi of an event for the office above: invited, present, signatures per unsur, villages, archive (DOMAIN §8)."""

from documents.text_blocks import blocks
from events import paper_kinds
from events.letter_parts import hours_of, missing_occasion, missing_signers, office_signers, signed_at
from events.models import Event
from events.paper_snapshot import PrintSettings
from events.people_rows import totals
from events.report_parts import chapter, held_papers, missing_end, typed, unfinished

from . import activity_report, report_facts
from .record_paper import sources, with_files

KIND = "rekap"
CLASSIFICATION = "PM.01.02"
NO_PROBLEMS = "Kendala belum diisi. Tulis “Tidak ada” bila memang tidak ada."


def problems_of(event: Event, details: dict) -> str:
    """What was typed here, else what the report of the event says."""
    return details.get("problems", "") or typed(event, activity_report.KIND).get("problems", "")


def needs(event: Event) -> list[str]:
    issues = missing_occasion(event) + missing_signers(event) + missing_end(event)
    issues += [] if problems_of(event, typed(event, KIND)) else [NO_PROBLEMS]
    return issues + report_facts.missing_naskah(event) + unfinished(event)


def freeze(event: Event, settings: PrintSettings) -> dict:
    above = event.office.parent
    return {
        "title": f"Rekapitulasi {event.title}",
        "classification": CLASSIFICATION,
        "hours": hours_of(event),
        "organizer": event.office.name,
        "to": above.name if above else "",
        "totals": totals(event),
        "papers": [report_facts.paper_facts(paper) for paper in report_facts.papers_of(event)],
        "coverage": report_facts.coverage_of(event),
        "archived": held_papers(event, KIND).sealed().count(),
        "problems": problems_of(event, settings.details),
        "signers": office_signers(event, settings),
        "signed_at": signed_at(event),
        "as_of": report_facts.newest_of(event),
    }


def context(content: dict) -> dict:
    return {"naskah": with_files(content), "problems": blocks(content.get("problems", ""))}


PAPER = paper_kinds.EventPaper(
    kind=KIND,
    label="Rekapitulasi kegiatan",
    template="recap",
    about="Jumlah diundang, hadir, dan tanda tangan per unsur serta cakupan desa/kelurahan, untuk kantor di atasnya.",
    needs=needs,
    freeze=freeze,
    context=context,
    sources=sources,
    classification=CLASSIFICATION,
    details=(chapter("problems", "Kendala", "Kosong: kendala pada laporan kegiatan."),),
    order=75,
)
