"""Berita acara serah terima arsip: who hands which sealed papers of an event to whom, before which witnesses (DOMAIN §8).

An ad hoc office is dissolved, its archive is not (DOMAIN §1 fact 11).
"""

from . import paper_kinds
from .letter_parts import missing_signers, wording
from .models import Event
from .paper_kinds import Block, Detail
from .paper_snapshot import PrintSettings
from .report_parts import (
    dated_at,
    held_papers,
    in_charge,
    missing_end,
    newest_seal,
    paper_rows,
    still_sealing,
    typed,
    unfinished,
    with_digests,
)

KIND = "ba_serah_terima_arsip"
EMPTY = "Belum ada dokumen tersegel yang dapat diserahkan."
BLOCKS = (
    Block(
        "opening",
        "Pembuka",
        "Pada hari ini {terbilang_surat} ({angka_surat}), kami yang bertanda tangan di bawah ini:",
    ),
    Block(
        "agreement",
        "Pernyataan",
        "PIHAK KESATU menyerahkan kepada PIHAK KEDUA, dan PIHAK KEDUA menerima dari PIHAK KESATU, arsip kegiatan"
        " {judul_kegiatan} yang dilaksanakan pada hari {tanggal_panjang}, dengan daftar sebagai berikut.",
    ),
    Block(
        "closing",
        "Penutup",
        "Sejak Berita Acara ini ditandatangani, tanggung jawab penyimpanan dan pemeliharaan arsip tersebut beralih dari"
        " PIHAK KESATU kepada PIHAK KEDUA.\n\nDemikian Berita Acara ini dibuat dengan sebenarnya untuk dipergunakan"
        " sebagaimana mestinya.",
    ),
)
DETAILS = (
    Detail(
        "giver", "Nama PIHAK KESATU (yang menyerahkan)", max_length=150, help_text="Kosong: ketua kantor ini."
    ),
    Detail(
        "giver_post", "Jabatan PIHAK KESATU", max_length=150, help_text="Kosong: jabatan ketua kantor ini."
    ),
    Detail(
        "receiver",
        "Nama PIHAK KEDUA (yang menerima)",
        max_length=150,
        help_text="Kosong: ketua kantor pengawas di atasnya.",
    ),
    Detail("receiver_post", "Jabatan PIHAK KEDUA", max_length=150),
    Detail(
        "receiver_office",
        "Instansi PIHAK KEDUA",
        max_length=200,
        help_text="Kosong: kantor pengawas di atasnya.",
    ),
    Detail(
        "place", "Tempat serah terima", max_length=200, help_text="Contoh: Kantor Bawaslu Kabupaten Gresik."
    ),
    Detail("witness_1", "Saksi pertama", max_length=150),
    Detail("witness_1_post", "Jabatan saksi pertama", max_length=150),
    Detail("witness_2", "Saksi kedua", max_length=150),
    Detail("witness_2_post", "Jabatan saksi kedua", max_length=150),
)


def giver_of(event: Event, details: dict) -> dict:
    chair = in_charge(event)
    return {
        "name": details.get("giver") or chair["name"],
        "post": details.get("giver_post") or chair["post"],
        "institution": event.office.name,
    }


def receiver_of(event: Event, details: dict) -> dict:
    """Who was typed; each part that was not comes from the office above, unless somebody of elsewhere was named."""
    above = event.office.parent
    own = {
        "name": details.get("receiver", ""),
        "post": details.get("receiver_post", ""),
        "institution": details.get("receiver_office", ""),
    }
    if above is None:
        return own
    same_office = own["institution"] in ("", above.name)
    chair = above.chair_name if same_office and not own["name"] else ""
    return {
        "name": own["name"] or chair,
        "post": own["post"] or ((above.chair_position or "Ketua") if chair else ""),
        "institution": own["institution"] or above.name,
    }


def witnesses_of(details: dict) -> list[dict]:
    return [
        {"name": details[name], "post": details.get(f"{name}_post", "") or "Saksi"}
        for name in ("witness_1", "witness_2")
        if details.get(name)
    ]


def needs(event: Event) -> list[str]:
    details = typed(event, KIND)
    receiver = receiver_of(event, details)
    issues = missing_end(event) + ([] if details.get("giver") else missing_signers(event))
    labels = {"name": "Nama", "post": "Jabatan", "institution": "Instansi"}
    issues += [f"{labels[part]} PIHAK KEDUA belum diisi." for part in labels if not receiver[part]]
    issues += [] if witnesses_of(details) else ["Saksi belum diisi."]
    issues += unfinished(event) + still_sealing(event, KIND)
    return issues + ([] if held_papers(event, KIND).exists() else [EMPTY])


def freeze(event: Event, settings: PrintSettings) -> dict:
    details = settings.details
    giver, receiver = giver_of(event, details), receiver_of(event, details)
    held = held_papers(event, KIND)
    rows = paper_rows(event, held)
    return {
        "title": f"Berita Acara Serah Terima Arsip {event.title}",
        "wording": wording(event, settings, BLOCKS),
        "place": details.get("place", ""),
        "parties": [giver | {"role": "PIHAK KESATU"}, receiver | {"role": "PIHAK KEDUA"}],
        "archive": rows,
        "pages": sum(row.get("pages", 0) for row in rows),
        "witnesses": witnesses_of(details),
        "signers": _from_left_to_right(giver, receiver, settings),
        "signed_at": dated_at(event, settings),
        "as_of": newest_seal(held),
    }


def context(content: dict) -> dict:
    return {"archive": with_digests(content.get("archive", []))}


def sources(content: dict) -> list[dict]:
    """What the evidence says of each paper that changes hands."""
    return [
        {"kind": row["kind_key"], "title": row["title"], "sha256": row["sha256"]}
        for row in content.get("archive", [])
    ]


def _from_left_to_right(giver: dict, receiver: dict, settings: PrintSettings) -> list[dict]:
    signers = [_signer("PIHAK KESATU", giver), _signer("PIHAK KEDUA", receiver)]
    return signers if settings.first_party == "left" else signers[::-1]


def _signer(role: str, party: dict) -> dict:
    return {"role": role, "post": party["post"], "name": party["name"], "detail": party["institution"]}


PAPER = paper_kinds.register(
    paper_kinds.EventPaper(
        kind=KIND,
        label="Berita acara serah terima arsip",
        template="handover",
        about="Daftar dokumen tersegel dengan klasifikasi dan sidik digitalnya, diserahkan kepada kantor lain.",
        needs=needs,
        freeze=freeze,
        context=context,
        sources=sources,
        numbered=True,
        classification="KA.01.04",
        details=DETAILS,
        blocks=BLOCKS,
        layout="table",
        after_archive=True,
        order=90,
    )
)
