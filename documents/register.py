"""What the public register says about a file or a QR code: headline and separate axes, never names (PDF.md §6)."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime

from regions.wording import clock_with_zone, long_date, long_date_no_day, number

from . import papers
from .models import Document, HashRegister

SHA256 = re.compile(r"[0-9a-f]{64}\Z")
HEADLINES = {
    "match": ("SESUAI", "done"),
    "known": ("TERDAFTAR", "done"),
    "mismatch": ("TIDAK COCOK", "danger"),
    "superseded": ("DIGANTIKAN", "waiting"),
    "void": ("DICABUT", "danger"),
    "unknown": ("TIDAK DIKENAL", "danger"),
}
SAME = "Berkas ini sama persis dengan dokumen yang disegel."
EARLIER = "Versi terdahulu dari berkas yang sama (sebelum stempel waktu diperbarui)."
DIFFERENT = "Sidik digital berbeda. Berkas ini bukan dokumen yang disegel, atau sudah diubah."
NOT_LISTED = (
    "Sidik digital ini tidak tercatat di sini. Berkas ini bukan dokumen yang disegel, atau sudah diubah."
)


@dataclass(frozen=True)
class Axis:
    """One line of the result: what was looked at, how it stands (tone), in words."""

    label: str
    tone: str
    text: str


@dataclass(frozen=True)
class Finding:
    """``document`` is the paper the register knows, if any; ``sha256`` the digest that was asked about."""

    verdict: str
    note: str
    document: Document | None = None
    sha256: str = ""
    axes: tuple[Axis, ...] = field(default_factory=tuple)

    @property
    def headline(self) -> str:
        return HEADLINES[self.verdict][0]

    @property
    def tone(self) -> str:
        return HEADLINES[self.verdict][1]


def is_sha256(text: str) -> bool:
    return bool(SHA256.match(text))


def paper_of_token(token: str) -> Document | None:
    """The published paper of a QR code; None for a wrong token and for a paper that was never sealed."""
    known = Document.objects.published().select_related("office").defer("snapshot", "posts")
    return known.filter(public_token=token).first()


def paper_of_hash(sha256: str) -> Document | None:
    known = HashRegister.objects.select_related("document__office")
    entry = known.defer("document__snapshot", "document__posts").filter(pk=sha256).first()
    return entry and entry.document


def look_at_paper(paper: Document) -> Finding:
    """Only the QR code was read; no file was compared."""
    verdict, note = _standing(paper)
    if verdict == "match":
        verdict, note = (
            "known",
            "Dokumen ini disegel dan berlaku. Cocokkan keterangan di bawah dengan dokumen Anda.",
        )
    return Finding(verdict, note, paper)


def look_at_hash(sha256: str, *, paper: Document | None = None) -> Finding:
    """A file is known by its digest; ``paper`` is the one whose QR code was scanned, if any."""
    found = paper_of_hash(sha256)
    if found is None:
        verdict, text = ("mismatch", DIFFERENT) if paper else ("unknown", NOT_LISTED)
        return Finding(verdict, text, paper, sha256, (Axis("Berkas", "danger", text),))
    file = Axis("Berkas", "done", SAME if sha256 == found.sha256 else EARLIER)
    if paper and paper.pk != found.pk:
        other = f"Dokumen asli, tetapi bukan milik kode QR ini: {public_title(found)}, nomor {found.number or '–'}."
        return Finding("mismatch", other, found, sha256, (file, Axis("Kode QR", "danger", other)))
    verdict, note = _standing(found)
    axes = (file, Axis("Kode QR", "done", "Cocok dengan kode QR ini.")) if paper else (file,)
    return Finding(verdict, note, found, sha256, axes)


def _standing(paper: Document) -> tuple[str, str]:
    if paper.state == Document.State.VOID:
        day = long_date_no_day(paper.voided_at, paper.office.time_zone)
        return "void", f"Dokumen ini dicabut pada {day}. Alasan: {paper.void_reason}"
    if paper.state == Document.State.SUPERSEDED:
        return "superseded", "Dokumen ini sah pada waktunya, tetapi sudah ada revisi yang lebih baru."
    return "match", "Berkas ini tercatat dan berlaku."


def successor_of(paper: Document) -> Document | None:
    return paper.successors.published().order_by("-revision").first()


def main_of(paper: Document) -> Document | None:
    """The paper that an addendum belongs to, as it stands in the register."""
    return paper.amends if paper.amends_id and paper.amends.was_sealed else None


def addenda_of(paper: Document):
    """Addenda in force to this paper or to one of its revisions, in their order."""
    if not paper.source:
        return paper.addenda.sealed().order_by("sealed_at")
    family = {"amends__kind": paper.kind, "amends__source": paper.source, "amends__office": paper.office_id}
    return Document.objects.sealed().filter(**family).order_by("sealed_at")


def public_title(paper: Document) -> str:
    """The title as the upper room published it; the archive's own may hold a name (a sheet of one person)."""
    return paper.public.get("title") or papers.label(paper.kind)


def public_facts(paper: Document) -> list[tuple[str, str]]:
    """(label, value) of what anybody may read, from the frozen ``public`` object and the seal."""
    public, zone = paper.public, paper.office.time_zone
    sealed = f"{long_date(paper.sealed_at, zone)}, pukul {clock_with_zone(paper.sealed_at, zone)}"
    facts = [
        ("Judul", public_title(paper)),
        ("Kantor", public.get("office") or paper.office.name),
        ("Nomor", public.get("number") or paper.number),
        ("Kegiatan", public.get("event", "")),
        ("Kode kegiatan", paper.event_code),
        ("Tempat", public.get("place", "")),
        ("Tanggal", day_in_words(str(public.get("date", "")), public.get("time_zone", ""))),
        ("Jumlah per unsur", totals_in_words(public.get("totals"))),
        ("Sidik bukti", public.get("merkle_root", "")),
        ("Revisi", str(paper.revision)),
        ("Disegel", sealed),
        ("Tingkat segel", paper.level_in_words),
        ("Format", f"{paper.pdf_profile} (diperiksa sebelum disegel)" if paper.pdf_profile else ""),
    ]
    return [(label, value) for label, value in facts if value]


def day_in_words(value: str, zone: str) -> str:
    """An ISO date or moment as it is said ("Rabu, 2 Oktober 2024, pukul 09.00 WIB"); other text as it is."""
    try:
        if len(value) == 10:
            return long_date(date.fromisoformat(value))
        moment = datetime.fromisoformat(value)
        return f"{long_date(moment, zone)}, pukul {clock_with_zone(moment, zone)}" if moment.tzinfo else value
    except (ValueError, KeyError):
        return value


def totals_in_words(totals) -> str:
    """``{unsur: n}`` or ``[{"label": …, "count": n}]`` as "ASN 8 · Kepala Desa 25"."""
    if isinstance(totals, dict):
        pairs = [(_unsur(key), count) for key, count in totals.items()]
    else:
        pairs = [
            (item.get("label", ""), item.get("count", 0)) for item in totals or [] if isinstance(item, dict)
        ]
    return " · ".join(f"{label} {number(count)}" for label, count in pairs if isinstance(count, int))


def _unsur(key: str) -> str:
    words = key.replace("_", " ")
    return words.upper() if key in ("asn", "tni", "pppk", "pns", "bpd", "opd") else words.title()
