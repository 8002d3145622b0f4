"""The short report for WhatsApp and a draft for the press: numbers, places and naskah, never a person's name or number."""

from events.models import Event
from events.people_rows import totals
from regions.wording import clock_with_zone, long_date, number

from . import report_facts
from .snapshot import numbers_of


def whatsapp_of(event: Event) -> str:
    """Plain text with WhatsApp's bold (*); a line per fact that is known. It stands in a link, so nothing typed freely."""
    lines = [
        f"*{event.title.replace('*', '')}*",  # a star inside would end the bold type
        event.office.name,
        "",
        *_occasion(event),
        "",
        "*Kehadiran*",
        *_presence(event),
    ]
    for paper in report_facts.papers_of(event):
        lines += ["", *_paper(paper)]
    return "\n".join(lines)


def press_of(event: Event) -> str:
    """A few sentences in the tone of an office, only of what happened; to be completed by hand."""
    present = totals(event)["present"]
    place = f" di {event.venue}" if event.venue else ""
    day = f"{long_date(event.date)}" if event.date else "…"
    texts = [
        f"{event.office.name} menyelenggarakan {event.title} pada {day}{place}.",
        f"Kegiatan dihadiri {number(present)} peserta.",
    ]
    papers = list(report_facts.papers_of(event))
    for facts in map(report_facts.paper_facts, papers):
        if signed := facts.get("signed"):
            texts.append(f"Sebanyak {number(signed)} orang menandatangani {facts['title']}.")
    if any(paper.document and paper.document.is_sealed for paper in papers):
        texts.append("Keaslian naskah yang disegel dapat diperiksa pada halaman verifikasi.")
    return " ".join(texts)


def _occasion(event: Event) -> list[str]:
    day = long_date(event.date) if event.date else ""
    begins, ends = event.started_at or event.starts_at, event.closed_at or event.ends_at
    hours = " s.d. ".join(clock_with_zone(moment, event.time_zone) for moment in (begins, ends) if moment)
    rows = (("Hari, tanggal", day), ("Waktu", hours), ("Tempat", event.venue))
    return [f"{label}: {value}" for label, value in rows if value]


def _presence(event: Event) -> list[str]:
    found = totals(event)
    lines = [f"Diundang: {number(found['invited'])}", f"Hadir: {number(found['present'])}"]
    return lines + [f"- {row['label']}: {number(row['present'])}" for row in found["rows"] if row["present"]]


def _paper(paper) -> list[str]:
    facts = report_facts.paper_facts(paper)
    numbers = " dan ".join(numbers_of(paper))
    lines = [f"*{facts['title']}*", *([f"Nomor: {numbers}"] if numbers else [])]
    lines.append(f"Menandatangani: {number(facts.get('signed', 0))} dari {number(facts.get('listed', 0))}")
    return lines + [
        f"- {group['label']}: {number(group['signed'])} dari {number(group['listed'])}"
        for group in facts.get("groups", [])
    ]
