"""Berita acara of an event: what was done, who came, what was signed by how many, who read it, before whom (DOMAIN §8)."""

from documents.text_blocks import blocks
from events import paper_kinds
from events.letter_parts import missing_occasion, missing_signers, wording
from events.models import Event, EventPerson
from events.paper_kinds import Block, Detail
from events.paper_snapshot import PrintSettings
from events.people_rows import totals
from events.report_parts import (
    dated_at,
    in_charge,
    missing_end,
    person_in_role,
    typed,
    unfinished,
    with_digests,
)

from . import report_facts

KIND = "berita_acara"
NO_SECOND = (
    "Penanda tangan kedua belum diisi. Tulis pada isian surat, tambahkan petugas dengan peran Ketua panitia, atau isi"
    " nama kepala sekretariat pada data kantor."
)
BLOCKS = (
    Block(
        "opening",
        "Pembuka",
        "Pada hari ini {terbilang_tanggal} ({tanggal_angka}), bertempat di {tempat}, {wilayah}, telah dilaksanakan"
        " kegiatan {judul_kegiatan} yang diselenggarakan oleh {nama_kantor}, dengan hasil sebagai berikut.",
    ),
    Block(
        "closing",
        "Penutup",
        "Demikian Berita Acara ini dibuat dengan sebenarnya untuk dipergunakan sebagaimana mestinya.",
    ),
)
DETAILS = (
    Detail(
        "second_name",
        "Nama penanda tangan kedua",
        max_length=150,
        help_text="Kosong: ketua panitia, lalu kepala sekretariat.",
    ),
    Detail("second_post", "Jabatan penanda tangan kedua", max_length=150),
    Detail("acknowledged_name", "Mengetahui: nama", max_length=150, help_text="Boleh kosong. Contoh: Camat."),
    Detail("acknowledged_post", "Mengetahui: jabatan", max_length=150),
    Detail("notes", "Catatan kejadian", rows=4, max_length=2000, help_text="Boleh kosong."),
)


def second_signer(event: Event, details: dict) -> dict:
    """{name?, post}: who signs beside the chair."""
    if details.get("second_name"):
        return {
            "name": details["second_name"],
            "post": details.get("second_post", "") or "Penanda tangan kedua",
        }
    if committee := person_in_role(event, EventPerson.Role.COMMITTEE_CHAIR):
        return {"name": committee["name"], "post": "Ketua Panitia"}
    office = event.office
    return {
        "name": office.secretariat_head_name,
        "post": office.secretariat_head_position or "Kepala Sekretariat",
    }


def needs(event: Event) -> list[str]:
    issues = missing_occasion(event) + missing_signers(event) + missing_end(event)
    issues += [] if second_signer(event, typed(event, KIND))["name"] else [NO_SECOND]
    return issues + report_facts.missing_naskah(event) + unfinished(event)


def freeze(event: Event, settings: PrintSettings) -> dict:
    details = settings.details
    return {
        "title": f"Berita Acara {event.title}",
        "wording": wording(event, settings, BLOCKS),
        "totals": totals(event),
        "papers": [report_facts.paper_facts(paper) for paper in report_facts.papers_of(event)],
        **report_facts.witnesses_of(event),
        "notes": details.get("notes", ""),
        "signers": [second_signer(event, details), in_charge(event)],
        "known_by": {
            "name": details.get("acknowledged_name", ""),
            "post": details.get("acknowledged_post", ""),
        },
        "signed_at": dated_at(event, settings),
        "as_of": report_facts.newest_of(event),
    }


def context(content: dict) -> dict:
    return {"naskah": with_files(content), "notes": blocks(content.get("notes", ""))}


def with_files(content: dict) -> list[dict]:
    return [paper | {"files": with_digests(paper.get("files", []))} for paper in content.get("papers", [])]


def sources(content: dict) -> list[dict]:
    """What the evidence says of the sealed naskah this paper tells of."""
    return [
        {"kind": file["kind"], "title": file["title"], "sha256": file["sha256"]}
        for paper in content.get("papers", [])
        for file in paper.get("files", [])
    ]


PAPER = paper_kinds.EventPaper(
    kind=KIND,
    label="Berita acara",
    template="record",
    about="Pelaksanaan, peserta per unsur, naskah yang ditandatangani, pembacaan, dan saksi; dua penanda tangan.",
    needs=needs,
    freeze=freeze,
    context=context,
    sources=sources,
    numbered=True,
    classification="PM.05",
    details=DETAILS,
    blocks=BLOCKS,
    order=62,
)
